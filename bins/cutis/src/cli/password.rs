//! Passwords read on the host: typed without being shown, or read from a pipe as one line.

use std::io::{BufRead as _, IsTerminal as _, Read as _};

use anyhow::{Context as _, bail};
use cutis_domain::Secret;

use super::output::{ask, say_aside};

/// More bytes than any password may have.
const LONGEST: u64 = 4096;

/// Reads a new password. At a terminal the rules are said, and it is asked for twice, because nobody sees what they type.
///
/// # Errors
/// When it cannot be read, or the two differ.
pub(super) fn read(rules: &str) -> anyhow::Result<Secret<String>> {
    if !std::io::stdin().is_terminal() {
        return line();
    }
    say_aside(&format!("A password needs: {rules}."));
    say_aside("Type it twice and press Enter each time. Nothing is shown while you type.");
    let _hidden = hidden::begin().context("the terminal cannot be set to hide what is typed")?;
    ask("Password: ");
    let password = line()?;
    ask("Repeat password: ");
    let again = line()?;
    if password.expose() != again.expose() {
        bail!("the passwords do not match; nothing was changed");
    }
    Ok(password)
}

fn line() -> anyhow::Result<Secret<String>> {
    let mut line = String::new();
    let read = std::io::stdin()
        .lock()
        .take(LONGEST)
        .read_line(&mut line)
        .context("the password cannot be read")?;
    if read == 0 {
        bail!(
            "no password was received on standard input. Run the command at a terminal, which asks for it, or pipe it in \
             as one line: printf '%s\\n' \"$PASSWORD\" | cutis user …"
        );
    }
    let length = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(length);
    Ok(Secret::new(line))
}

#[cfg(unix)]
mod hidden {
    use rustix::stdio::stdin;
    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    /// While this exists, the terminal shows nothing that is typed except the end of the line.
    pub(super) struct Hidden(Termios);

    pub(super) fn begin() -> rustix::io::Result<Hidden> {
        let before = tcgetattr(stdin())?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        quiet.local_modes.insert(LocalModes::ECHONL);
        // What was typed before the question was shown, and is no answer to it.
        tcsetattr(stdin(), OptionalActions::Flush, &quiet)?;
        Ok(Hidden(before))
    }

    impl Drop for Hidden {
        fn drop(&mut self) {
            if let Err(error) = tcsetattr(stdin(), OptionalActions::Now, &self.0) {
                tracing::warn!(%error, "the terminal still hides what is typed; run `stty echo` to restore it");
            }
        }
    }
}

#[cfg(not(unix))]
mod hidden {
    pub(super) fn begin() -> anyhow::Result<()> {
        anyhow::bail!("pipe the password in; this system's terminal cannot hide it")
    }
}
