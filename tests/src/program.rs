//! The built program as a process of its own, to be killed and started again.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;

use cutis::host::SystemClock;
use serde_json::Value;

use crate::client::Place;
use crate::server::built_program;

/// `cutis serve`, running.
#[derive(Debug)]
pub struct Program {
    child: Child,
    /// The line that it announced itself with.
    pub ready: Value,
    place: Place,
}

impl Program {
    /// Starts it over a folder; what it logs is added to the file `log`.
    pub fn serve(data: &Path, log: &Path) -> Self {
        Self::serve_with(data, log, &[])
    }

    /// The same with more arguments.
    pub fn serve_with(data: &Path, log: &Path, more: &[&str]) -> Self {
        Self::serve_in(data, log, more, &[])
    }

    /// The same in an environment with these variables.
    pub fn serve_in(data: &Path, log: &Path, more: &[&str], variables: &[(&str, String)]) -> Self {
        Self::serve_through(&[], data, log, more, variables)
    }

    /// The same, started by another program, which is given these arguments and then the program with its own.
    pub fn serve_through(
        starter: &[&str],
        data: &Path,
        log: &Path,
        more: &[&str],
        variables: &[(&str, String)],
    ) -> Self {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(log)
            .expect("a log file");
        let program = built_program();
        let mut command = match starter {
            [] => Command::new(program),
            [first, rest @ ..] => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
        };
        let mut child = command
            .args([
                "--json",
                "--log",
                "debug",
                "serve",
                "--port",
                "0",
                "--http-port",
                "0",
                "--bind",
                "127.0.0.1",
            ])
            .env("CUTIS_RESERVE_MIB", "4")
            .arg("--data")
            .arg(data)
            .args(more)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let output = child.stdout.take().expect("piped");
        BufReader::new(output)
            .read_line(&mut line)
            .expect("the program announces itself");
        let ready: Value = serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("the program did not announce itself ({error}): {line:?}"));
        let url = ready["url"].as_str().expect("a url");
        let port = url
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok())
            .expect("a port");
        let place = Place::new(port, &data.join("tls/authority.pem"), Arc::new(SystemClock));
        Self { child, ready, place }
    }

    /// Where it listens.
    pub fn place(&self) -> Place {
        self.place.clone()
    }

    /// Memory in mebibytes, without that of its workers, where the system tells: `VmRSS` is what it holds now, `VmHWM` the most
    /// that it ever held.
    pub fn memory(&self, what: &str) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(what))?;
        let kib: f64 = line
            .trim_start_matches(':')
            .trim()
            .trim_end_matches(" kB")
            .parse()
            .ok()?;
        Some(kib / 1024.0)
    }

    /// SIGKILL, and wait until it is gone.
    pub fn kill(mut self) {
        self.end();
    }

    /// Waits until it ends by itself; its exit code.
    pub fn ended(mut self) -> Option<i32> {
        self.child.wait().expect("the program ends").code()
    }

    /// Asks it to end in order, as a service manager does, and waits until it is gone.
    pub fn stop(self) {
        self.stop_code();
    }

    /// The same; its exit code.
    pub fn stop_code(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status();
        assert!(asked.expect("kill runs").success(), "the program can be asked");
        self.child.wait().expect("the program ends").code()
    }

    fn end(&mut self) {
        self.child.kill().expect("the program can be killed");
        self.child.wait().expect("the program ends");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.end();
        }
    }
}

/// Runs a command of the program to its end.
pub fn run(arguments: &[&str], data: &Path) -> Output {
    let mut command = Command::new(built_program());
    command
        .arg("--json")
        .args(arguments)
        .arg("--data")
        .arg(data)
        .stdin(Stdio::null());
    command.output().expect("the program runs")
}

/// `cutis audit verify`: what it says, and its exit code.
pub fn audit_verify(data: &Path) -> (Value, Option<i32>, String) {
    let output = run(&["audit", "verify"], data);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    (
        serde_json::from_str(said.trim()).unwrap_or(Value::Null),
        output.status.code(),
        complaint,
    )
}

/// Copies a folder whole.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("readable") {
        let path: PathBuf = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("copied");
        }
    }
}
