//! Output of the command line. Nothing here panics: a result that cannot be written makes the command fail; other
//! messages are lost.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::OnceLock;

use serde_json::json;

/// Why the result could not be written: the first failure. Nothing is written after that.
static FAILED: OnceLock<io::Error> = OnceLock::new();

/// Prints a line of the result on standard output.
pub(super) fn say(line: &str) {
    if FAILED.get().is_some() {
        return;
    }
    let mut output = io::stdout().lock();
    if let Err(error) = writeln!(output, "{line}").and_then(|()| output.flush()) {
        if error.kind() != io::ErrorKind::BrokenPipe {
            say_aside(&format!(
                "cutis: the answer could not be written to standard output: {error}"
            ));
        }
        FAILED.get_or_init(|| error);
    }
}

/// The exit code of a command that succeeded; a different one if its result could not be written. A closed pipe ends
/// quietly, because whoever closed it knows; other failures were reported when they happened.
pub(super) fn checked(code: ExitCode) -> ExitCode {
    FAILED.get().map_or(code, |_| ExitCode::FAILURE)
}

/// Prints what is not part of the result, such as progress, on standard error.
pub(super) fn say_aside(line: &str) {
    // There is no third place to complain.
    drop(writeln!(io::stderr().lock(), "{line}"));
}

/// Asks a person at the terminal, on standard error, without ending the line.
pub(super) fn ask(question: &str) {
    let mut output = io::stderr().lock();
    drop(write!(output, "{question}").and_then(|()| output.flush()));
}

/// Prints why a command failed, with its causes, in a sentence on standard error; for programs also as one JSON object
/// on standard output.
pub fn say_error(error: &anyhow::Error, json: bool) {
    if json {
        say(&json!({ "error": format!("{error:#}") }).to_string());
    }
    say_aside(&format!("cutis: {error:#}"));
}

/// The exit code for wrong arguments (`EX_USAGE`); 2 is a result of `audit verify`.
const USAGE: u8 = 64;

/// Prints help or the version, or what is wrong with the arguments.
pub fn say_usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // Help or the version, which is the answer.
        say(error.to_string().trim_end());
        return checked(ExitCode::SUCCESS);
    }
    if std::env::args_os().any(|argument| argument == "--json") {
        let said = error.to_string();
        let said = said.trim().trim_start_matches("error: ");
        say(&json!({ "error": said }).to_string());
    }
    drop(error.print());
    ExitCode::from(USAGE)
}
