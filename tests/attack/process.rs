//! The built program under attack: started, looked at, stopped, killed.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cutis::host::SystemClock;
use cutis_tests::client::Place;
use cutis_tests::server::built_program;
use serde_json::Value;

/// How long the program may take to announce itself, or to end.
const DEADLINE: Duration = Duration::from_mins(1);

/// The program that is attacked: the built one, or another whose path is in `CUTIS_ATTACK_BIN`.
pub fn program() -> PathBuf {
    std::env::var_os("CUTIS_ATTACK_BIN").map_or_else(built_program, PathBuf::from)
}

/// `cutis serve`, running.
#[derive(Debug)]
pub struct Serving {
    child: Child,
    /// The line that it announced itself with.
    pub ready: Value,
    /// The encrypted port.
    pub place: Place,
    /// The plain port.
    pub plain_port: u16,
    log: PathBuf,
    /// Whether another program was put in front of it.
    wrapped: bool,
}

/// A start that was refused.
#[derive(Debug)]
pub struct Refused {
    /// What it said.
    pub said: String,
}

/// How to start it.
#[derive(Debug, Default, Clone)]
pub struct How {
    /// A command in front, such as `strace`.
    pub wrap: Vec<String>,
    /// Further arguments of `serve`.
    pub arguments: Vec<String>,
    /// The log's level; `info` when empty.
    pub level: &'static str,
}

/// Starts it over a folder. What it logs goes to the file `attack.log` beside that folder.
///
/// # Errors
/// When it ends instead of announcing itself.
pub fn serve(data: &Path) -> Result<Serving, Refused> {
    serve_as(data, &How::default())
}

/// The same in some other way.
///
/// # Errors
/// When it ends instead of announcing itself.
pub fn serve_as(data: &Path, how: &How) -> Result<Serving, Refused> {
    let log = data.with_extension("log");
    let begin = std::fs::metadata(&log).map_or(0, |meta| meta.len());
    let writer = std::fs::File::options()
        .create(true)
        .append(true)
        .open(&log)
        .expect("a log file");
    let level = if how.level.is_empty() { "info" } else { how.level };
    let mut words: Vec<String> = how.wrap.clone();
    words.push(program().to_string_lossy().into_owned());
    for word in [
        "--json",
        "--log",
        level,
        "serve",
        "--port",
        "0",
        "--http-port",
        "0",
        "--bind",
        "127.0.0.1",
    ] {
        words.push(word.to_owned());
    }
    words.extend(how.arguments.iter().cloned());
    let (first, rest) = words.split_first().expect("a program");
    let mut child = Command::new(first)
        .args(rest)
        .arg("--data")
        .arg(data)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(writer)
        .spawn()
        .expect("the program starts");
    let output = child.stdout.take().expect("piped");
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let mut output = BufReader::new(output);
        let _read = output.read_line(&mut line).is_ok();
        let _heard = sender.send(line).is_ok();
        // Whatever else it says is read, so that it never waits for us.
        let _rest = output.read_to_end(&mut Vec::new()).is_ok();
    });
    let line = receiver.recv_timeout(DEADLINE).unwrap_or_default();
    let ready: Value = serde_json::from_str(&line).unwrap_or(Value::Null);
    let Some(port) = port_of(&ready["url"]) else {
        let _ended = wait(&mut child);
        let said = std::fs::read(&log).unwrap_or_default();
        let begin = usize::try_from(begin).unwrap_or(0).min(said.len());
        return Err(Refused {
            said: format!("{line}{}", String::from_utf8_lossy(&said[begin..])),
        });
    };
    let place = Place::new(port, &data.join("tls/authority.pem"), Arc::new(SystemClock));
    let plain_port = port_of(&ready["httpUrl"]).expect("a plain port");
    Ok(Serving {
        child,
        ready,
        place,
        plain_port,
        log,
        wrapped: how.wrap.first().is_some_and(|first| first == "strace"),
    })
}

fn port_of(url: &Value) -> Option<u16> {
    url.as_str()?.rsplit(':').next()?.parse().ok()
}

/// Waits for the end; kills what does not come to one.
fn wait(child: &mut Child) -> Option<i32> {
    let begin = Instant::now();
    while begin.elapsed() < DEADLINE {
        if let Ok(Some(status)) = child.try_wait() {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let _killed = child.kill().is_ok();
    let _gone = child.wait().is_ok();
    None
}

impl Serving {
    /// Its process; the wrapped one's, if something was put in front of it.
    pub fn id(&self) -> u32 {
        let id = self.child.id();
        if !self.wrapped {
            return id;
        }
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        let first = children.split_whitespace().next();
        first.and_then(|first| first.parse().ok()).unwrap_or(id)
    }

    /// Whether it still runs.
    pub fn alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// SIGKILL, and wait until it is gone.
    pub fn kill(mut self) {
        self.end();
    }

    /// SIGTERM, and what it ended with; `None` when it had to be killed.
    pub fn stop(mut self) -> Option<i32> {
        let told = Command::new("kill")
            .arg("-TERM")
            .arg(self.id().to_string())
            .status();
        assert!(told.is_ok_and(|status| status.success()), "SIGTERM can be sent");
        wait(&mut self.child)
    }

    /// Resident memory of the server itself, without its workers, in MiB.
    pub fn resident_mib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        kib.unwrap_or(0) / 1024
    }

    /// Processor time it has used, its workers' not counted until they end, in milliseconds.
    pub fn processor_millis(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id())).unwrap_or_default();
        let after = stat.rsplit(')').next().unwrap_or_default();
        let fields: Vec<&str> = after.split_whitespace().collect();
        let ticks = |at: usize| {
            fields
                .get(at)
                .and_then(|text| text.parse::<u64>().ok())
                .unwrap_or(0)
        };
        // User and system time, in hundredths of a second.
        (ticks(11) + ticks(12)) * 10
    }

    /// What it logged so far.
    pub fn logged(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    fn end(&mut self) {
        if self.wrapped {
            let id = self.id().to_string();
            let _killed = Command::new("kill").args(["-KILL", &id]).status().is_ok();
        }
        let _killed = self.child.kill().is_ok();
        let _gone = self.child.wait().is_ok();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if self.alive() {
            self.end();
        }
    }
}

/// Runs another command of the program to its end, with this on its standard input.
pub fn command(arguments: &[&str], data: &Path, input: &str) -> Output {
    use std::io::Write as _;
    let mut child = Command::new(program())
        .arg("--json")
        .args(arguments)
        .arg("--data")
        .arg(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut stdin = child.stdin.take().expect("piped");
    let _written = stdin.write_all(input.as_bytes()).is_ok();
    drop(stdin);
    child.wait_with_output().expect("the program ends")
}

/// What `cutis audit verify` found.
#[derive(Debug)]
pub enum Verdict {
    /// Nothing.
    Intact,
    /// The place it names, or the message with which it refused to look.
    Broken(String),
    /// An end that says nothing, with what it was.
    #[expect(dead_code, reason = "read where a verdict is printed")]
    Unclear(String),
}

impl Verdict {
    /// Whether something was found and named.
    pub fn found(&self) -> bool {
        matches!(self, Self::Broken(_))
    }
}

/// `cutis audit verify`, with further arguments.
pub fn verify(data: &Path, further: &[&str]) -> Verdict {
    let mut arguments = vec!["audit", "verify"];
    arguments.extend_from_slice(further);
    let output = command(&arguments, data, "");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    let verdict: Value = serde_json::from_str(said.trim()).unwrap_or(Value::Null);
    match (verdict["verdict"].as_str(), output.status.code()) {
        (Some("intact"), Some(0)) => Verdict::Intact,
        (Some(_), Some(2)) if verdict.to_string().len() > 30 => Verdict::Broken(verdict.to_string()),
        // A database that cannot even be opened is refused with a message: found as well.
        (None, Some(1)) if !complaint.trim().is_empty() => Verdict::Broken(complaint),
        (_, code) => Verdict::Unclear(format!("{code:?} {said} {complaint}")),
    }
}
