//! The worker side of decoding: a process that may use little memory and time, and no network (C31).

use std::io::{BufReader, BufWriter};
use std::process::ExitCode;

/// Address space of a worker, in bytes: a 200-megapixel picture and its copies, and no more.
const MEMORY: u64 = 2 << 30;
/// Processor time of a worker over its life, in seconds; the parent replaces one that used it up.
const CPU_SECONDS: u64 = 120;

/// Serves decode jobs over standard input and output until they end.
pub fn run() -> ExitCode {
    if confine().is_err() {
        return ExitCode::FAILURE;
    }
    let (input, output) = (
        BufReader::new(std::io::stdin()),
        BufWriter::new(std::io::stdout()),
    );
    match cutis_media::worker::serve(input, output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn confine() -> std::io::Result<()> {
    limit(rlimit::Resource::AS, MEMORY)?;
    limit(rlimit::Resource::CPU, CPU_SECONDS)?;
    limit(rlimit::Resource::CORE, 0)?;
    limit(rlimit::Resource::FSIZE, 0)?;
    no_network()
}

fn limit(resource: rlimit::Resource, value: u64) -> std::io::Result<()> {
    resource.set(value, value)
}

/// Refuses every call that could open a socket or start a program.
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
fn no_network() -> std::io::Result<()> {
    use std::io::Error;

    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};

    // socket, socketpair, connect, bind, execve, execveat, ptrace; numbers of the kernel's own tables.
    #[cfg(target_arch = "x86_64")]
    const CALLS: [i64; 7] = [41, 53, 42, 49, 59, 322, 101];
    #[cfg(target_arch = "aarch64")]
    const CALLS: [i64; 7] = [198, 199, 203, 200, 221, 281, 117];

    let rules = CALLS.into_iter().map(|call| (call, Vec::new())).collect();
    let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(Error::other)?;
    // EPERM: the decoder goes on and fails, rather than dying without a word.
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, SeccompAction::Errno(1), arch)
        .map_err(Error::other)?;
    let program: BpfProgram = filter.try_into().map_err(Error::other)?;
    seccompiler::apply_filter(&program).map_err(Error::other)
}

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
fn no_network() -> std::io::Result<()> {
    Ok(())
}
