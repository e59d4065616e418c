//! What an attacker inside a worker would try.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, IoSliceMut};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sys::uio::RemoteIoVec;
use nix::unistd::Pid;

/// Attempts that need more than an ordinary host gives even outside.
pub(crate) const MAY_FAIL_OUTSIDE: [&str; 5] = [
    "attach to the parent (ptrace)",
    "read the parent's memory by file",
    "read the parent's memory by call",
    "set up an io_uring",
    "become root again",
];

/// What the parent tells its worker, as an attacker may know it.
#[derive(Debug)]
pub(crate) struct Told {
    /// A file like the installation's key.
    key: PathBuf,
    /// Some memory of the parent's.
    address: usize,
}

impl Told {
    /// Lays the key out.
    pub(crate) fn plant(folder: &Path) -> Self {
        let key = folder.join("installation.key");
        fs::write(&key, "the key above all keys").expect("a file");
        Self {
            key,
            address: std::ptr::from_ref(&MAY_FAIL_OUTSIDE).addr(),
        }
    }

    pub(crate) fn written(&self) -> String {
        format!("{} {}\n", self.address, self.key.display())
    }

    pub(crate) fn read(line: &str) -> Self {
        let (address, key) = line.trim_end().split_once(' ').expect("two words");
        Self {
            key: key.into(),
            address: address.parse().expect("a number"),
        }
    }
}

fn outcome<T>(tried: io::Result<T>) -> String {
    match tried {
        Ok(_) => "done".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// Tries all of it; "done" is what must not be.
pub(crate) fn try_everything(told: &Told) -> BTreeMap<String, String> {
    let parent = nix::unistd::getppid();
    let mut found = BTreeMap::new();
    let mut note = |attempt: &str, outcome: String| {
        found.insert(attempt.to_owned(), outcome);
    };
    note("read the installation's key", outcome(fs::read(&told.key)));
    note(
        "write beside it",
        outcome(fs::write(told.key.with_extension("new"), "x")),
    );
    note(
        "remove it",
        outcome(fs::rename(&told.key, told.key.with_extension("gone"))),
    );
    drop(fs::rename(told.key.with_extension("gone"), &told.key));
    note("list a folder", outcome(fs::read_dir("/")));
    note(
        "read a file that all may read",
        outcome(fs::read("/proc/self/status")),
    );
    note("look at a file's size", outcome(fs::metadata("/")));
    note(
        "resolve a program's path",
        outcome(fs::read_link("/proc/self/exe")),
    );
    note("connect (inet)", outcome(connect()));
    note("send (inet, datagram)", outcome(UdpSocket::bind("127.0.0.1:0")));
    note("listen (inet)", outcome(TcpListener::bind("127.0.0.1:0")));
    note("open a pair of sockets (unix)", outcome(UnixStream::pair()));
    note("open a pipe", outcome(io::pipe()));
    note("set up an io_uring", outcome(io_uring::IoUring::new(8)));
    note("start a process", outcome(start()));
    note("become another program", outcome(become_another()));
    note("attach to the parent (ptrace)", outcome(attach(parent)));
    note(
        "read the parent's memory by file",
        outcome(fs::File::open(format!("/proc/{parent}/mem"))),
    );
    note(
        "read the parent's memory by call",
        outcome(read_memory(parent, told.address)),
    );
    note("ask whether the parent lives (signal)", outcome(signal(parent)));
    note("make memory executable", outcome(executable()));
    note(
        "raise its own limits",
        outcome(rlimit::Resource::NOFILE.set(64, 64)),
    );
    note(
        "become root again",
        outcome(nix::unistd::setuid(nix::unistd::Uid::from_raw(0)).map_err(io::Error::from)),
    );
    note("read the environment's secrets", environment());
    // What decoding needs must go on working, or the rest shows nothing.
    let thread = std::thread::Builder::new().spawn(|| vec![7_u8; 64 << 20].len());
    let works = thread.is_ok_and(|thread| thread.join().is_ok_and(|length| length == 64 << 20));
    assert!(works, "a thread with memory of its own");
    found
}

/// Needs somebody who listens, which inside there cannot be; the refusal then comes before.
fn connect() -> io::Result<()> {
    let there =
        TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr().map(|at| (listener, at)));
    match there {
        Ok((_listener, address)) => TcpStream::connect(address).map(drop),
        Err(_) => TcpStream::connect("127.0.0.1:9").map(drop),
    }
}

/// `fork` or `clone`, and `exec` in what happens to it.
fn start() -> io::Result<()> {
    let own = std::env::args_os().next().ok_or(io::ErrorKind::NotFound)?;
    Command::new(own).arg("started").status().map(drop)
}

/// A program that is not there: the kernel says so only to those whom it lets ask.
fn become_another() -> io::Result<()> {
    match nix::unistd::execv(c"/nowhere/at/all", &[c"all"]) {
        Ok(_) | Err(nix::errno::Errno::ENOENT) => Ok(()),
        Err(other) => Err(other.into()),
    }
}

fn attach(parent: Pid) -> io::Result<()> {
    nix::sys::ptrace::seize(parent, nix::sys::ptrace::Options::empty())?;
    Ok(())
}

fn read_memory(parent: Pid, address: usize) -> io::Result<()> {
    let mut here = [0; 8];
    let there = [RemoteIoVec {
        base: address,
        len: 8,
    }];
    nix::sys::uio::process_vm_readv(parent, &mut [IoSliceMut::new(&mut here)], &there)?;
    Ok(())
}

/// Signal 0: is there anybody, and may one? Any other needs the same permission.
fn signal(parent: Pid) -> io::Result<()> {
    nix::sys::signal::kill(parent, None)?;
    Ok(())
}

fn executable() -> io::Result<()> {
    memmap2::MmapMut::map_anon(4096)?.make_exec().map(drop)
}

fn environment() -> String {
    let names: Vec<String> = std::env::vars().map(|(name, _)| name).collect();
    if names.iter().all(|name| name == "MALLOC_ARENA_MAX") {
        "nothing there".to_owned()
    } else {
        "done".to_owned()
    }
}
