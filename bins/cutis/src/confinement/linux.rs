//! The parts for Linux.

use std::io;

use landlock::{ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _, RulesetStatus, Scope};
use nix::errno::Errno;
use nix::unistd::{Gid, Uid};

use super::{Paths, Reached, limit};

/// Nobody's account, by the kernel's own convention (the overflow id): it owns nothing.
const NOBODY: u32 = 65_534;
/// Standard input, output and error.
const STANDARD: u64 = 3;
/// How many descriptors are tried where `/proc` is not there to list them.
const MOST_DESCRIPTORS: i32 = 65_536;

/// Closes what a careless parent left open. Everything of ours has already been closed by `exec`.
pub(super) fn close_inherited() {
    let listed: Option<Vec<i32>> = std::fs::read_dir("/proc/self/fd").ok().map(|entries| {
        entries
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .collect()
    });
    let open = listed.unwrap_or_else(|| (0..MOST_DESCRIPTORS).collect());
    for descriptor in open.into_iter().filter(|descriptor| *descriptor > 2) {
        // One that is closed already, such as the listing's own, is as it should be.
        if let Err(Errno::EBADF) | Ok(()) = nix::unistd::close(descriptor) {}
    }
}

pub(super) fn enter() -> io::Result<Reached> {
    let account = leave_root();
    nix::sys::prctl::set_no_new_privs()?;
    let paths = leave_paths();
    // Others of the same account cannot attach to it or read its memory, and it leaves no core.
    nix::sys::prctl::set_dumpable(false)?;
    limit(rlimit::Resource::NOFILE, STANDARD)?;
    let calls = leave_calls()?;
    Ok(Reached {
        calls,
        paths,
        account,
    })
}

/// Becomes the account nobody if this is root; otherwise the account cannot be changed and stays that of the server.
fn leave_root() -> bool {
    if !Uid::effective().is_root() {
        return false;
    }
    let (user, group) = (Uid::from_raw(NOBODY), Gid::from_raw(NOBODY));
    nix::unistd::setgroups(&[]).is_ok()
        && nix::unistd::setresgid(group, group, group).is_ok()
        && nix::unistd::setresuid(user, user, user).is_ok()
}

/// No file, no port, no abstract socket, no signal to anybody outside.
fn leave_paths() -> Paths {
    let all = ABI::V6;
    let restricted = Ruleset::default()
        .handle_access(AccessFs::from_all(all))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(all)))
        .and_then(|rules| rules.scope(Scope::from_all(all)))
        .and_then(Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self);
    match restricted.map(|status| status.ruleset) {
        Ok(RulesetStatus::FullyEnforced) => Paths::All,
        Ok(RulesetStatus::PartiallyEnforced) => Paths::Some,
        Ok(RulesetStatus::NotEnforced) | Err(_) => Paths::None,
    }
}

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
fn leave_calls() -> io::Result<bool> {
    super::calls::leave_all_but_decoding().map(|()| true)
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn leave_calls() -> io::Result<bool> {
    Ok(false)
}
