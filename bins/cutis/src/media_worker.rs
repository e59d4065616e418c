//! The worker side of decoding: a process that can only read an image, compute and answer (C31).

use std::io::{BufReader, BufWriter, Write as _};
use std::process::ExitCode;

use crate::confinement;

/// Confines itself, says how far that went, and serves decode jobs over what its parent gave it as standard input and output
/// until they end.
pub fn run() -> ExitCode {
    let Ok((reached, answers)) = confinement::enter() else {
        return ExitCode::FAILURE;
    };
    let mut output = BufWriter::new(answers);
    let greeted = output
        .write_all(&reached.to_greeting())
        .and_then(|()| output.flush());
    if greeted.is_err() {
        return ExitCode::FAILURE;
    }
    match cutis_media::worker::serve(BufReader::new(std::io::stdin()), output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
