//! What a decode worker gives up before it sees a byte of an image (C31, ADR 17).
//!
//! In order: inherited descriptors, memory and time, the account it runs as, files and network
//! (Landlock), visibility to others, and finally every system call that decoding does not need (seccomp). None of this
//! can be undone.

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod calls;
#[cfg(target_os = "linux")]
mod linux;
pub mod notice;

use std::fs::File;
use std::io;

/// Address space of a worker, in bytes: a 200-megapixel image and its copies, and no more.
const MEMORY: u64 = 2 << 30;
/// Processor time of a worker, in seconds: the parent waits twenty, and a JPEG is decoded by three threads.
const CPU_SECONDS: u64 = 60;

/// How far the kernel could confine it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// System calls are limited to an allow-list (seccomp).
    pub calls: bool,
    /// No path, no port, no other process can be reached (Landlock).
    pub paths: Paths,
    /// It runs as an account of its own, not as the server's.
    pub account: bool,
}

/// What Landlock restricts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paths {
    /// Files, network and signals.
    All,
    /// What an older kernel supports of these; at least files.
    Some,
    /// Nothing: the kernel has no Landlock.
    None,
}

/// Bytes of a worker's greeting.
pub const GREETING_BYTES: usize = 7;
const MAGIC: [u8; 4] = *b"CMG1";

impl Reached {
    /// What a worker says first.
    pub fn to_greeting(self) -> [u8; GREETING_BYTES] {
        let [m0, m1, m2, m3] = MAGIC;
        let paths = match self.paths {
            Paths::None => 0,
            Paths::Some => 1,
            Paths::All => 2,
        };
        [m0, m1, m2, m3, self.calls.into(), paths, self.account.into()]
    }

    /// Reads a greeting; `None` for anything else.
    pub fn from_greeting(bytes: &[u8; GREETING_BYTES]) -> Option<Self> {
        let [m0, m1, m2, m3, calls, paths, account] = *bytes;
        let paths = match paths {
            0 => Paths::None,
            1 => Paths::Some,
            2 => Paths::All,
            _ => return None,
        };
        ([m0, m1, m2, m3] == MAGIC && calls <= 1 && account <= 1).then_some(Self {
            calls: calls == 1,
            paths,
            account: account == 1,
        })
    }

    /// What is missing, in words for an administrator; empty if everything works.
    pub fn lacks(self) -> Vec<&'static str> {
        let mut lacks = Vec::new();
        if !self.calls {
            lacks.push("system calls are not restricted (this needs Linux on x86-64 or AArch64)");
        }
        match self.paths {
            Paths::All => {}
            Paths::Some => lacks.push(
                "on this kernel, Landlock restricts files but not network or signals (Linux 6.12 does)",
            ),
            Paths::None => {
                lacks.push("the kernel has no Landlock (Linux 5.13 and later, with `landlock` among `lsm=`)");
            }
        }
        lacks
    }
}

/// Confines this process permanently, and gives the only way out that is left: answers are written there. To be called
/// first, while it has only one thread.
///
/// Standard output leads nowhere from then on: decoders written in C print what they think of an image, and the parent
/// would take it for an answer.
///
/// # Errors
/// When a part fails that every supported host has; the worker must then not run. What an older kernel lacks is not an
/// error: see [`Reached`].
pub fn enter() -> io::Result<(Reached, File)> {
    #[cfg(target_os = "linux")]
    linux::close_inherited();
    let answers = take_output()?;
    limit(rlimit::Resource::AS, MEMORY)?;
    limit(rlimit::Resource::CPU, CPU_SECONDS)?;
    limit(rlimit::Resource::CORE, 0)?;
    limit(rlimit::Resource::FSIZE, 0)?;
    #[cfg(target_os = "linux")]
    let reached = linux::enter()?;
    #[cfg(not(target_os = "linux"))]
    let reached = Reached {
        calls: false,
        paths: Paths::None,
        account: false,
    };
    Ok((reached, answers))
}

/// Standard output under a number that nothing else knows; what had its number leads where standard error does.
fn take_output() -> io::Result<File> {
    let answers = rustix::io::dup(rustix::stdio::stdout())?;
    rustix::stdio::dup2_stdout(rustix::stdio::stderr())?;
    Ok(File::from(answers))
}

fn limit(resource: rlimit::Resource, value: u64) -> io::Result<()> {
    resource.set(value, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greetings_are_read_as_written() {
        for paths in [Paths::All, Paths::Some, Paths::None] {
            for (calls, account) in [(true, true), (true, false), (false, true), (false, false)] {
                let reached = Reached {
                    calls,
                    paths,
                    account,
                };
                assert_eq!(Reached::from_greeting(&reached.to_greeting()), Some(reached));
            }
        }
        assert_eq!(Reached::from_greeting(b"CMW1\x01\x02\x01"), None);
        assert_eq!(Reached::from_greeting(b"CMG1\x01\x03\x01"), None);
    }
}
