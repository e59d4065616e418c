//! The system calls that decoding needs, and no others.
//!
//! What is not here fails with EPERM instead of ending the process: a C library or kernel newer than
//! this list then gets a worker that fails in words, and a hostile image gains nothing by trying again.

use std::collections::BTreeMap;
use std::io;

use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen as Len, SeccompCmpOp as Op, SeccompCondition,
    SeccompFilter, SeccompRule, TargetArch,
};

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Calls that are harmless with any arguments: memory, waiting, the process's own threads, and exiting.
const PLAIN: [i64; 18] = [
    libc::SYS_brk,
    libc::SYS_clock_gettime,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_getrandom,
    libc::SYS_gettid,
    libc::SYS_madvise,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_restart_syscall,
    libc::SYS_rseq,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_set_robust_list,
    libc::SYS_sigaltstack,
];

/// `PROT_EXEC`: no memory becomes code.
const EXECUTABLE: u64 = 4;
/// `MAP_ANONYMOUS`: no file becomes memory.
const ANONYMOUS: u64 = 0x20;
/// What creates a thread of this process, exactly: `CLONE_VM`, `_FS`, `_FILES`,
/// `_SIGHAND`, `_THREAD`, `_SYSVSEM`, `_SETTLS`, `_PARENT_SETTID` and `_CHILD_CLEARTID`.
const THREAD: u64 = 0x3D_0F00;
/// `CLONE_DETACHED`, which means nothing and which one C library sets.
const MEANINGLESS: u64 = 0x40_0000;
/// `PR_SET_NAME`: a thread's own name.
const SET_NAME: u64 = 15;

/// Gives up every other call, for this process and all its threads.
pub(super) fn leave_all_but_decoding() -> io::Result<()> {
    let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(io::Error::other)?;
    // `clone3` hides its flags behind a pointer. Whoever is told that there is none takes `clone`.
    let no_clone3 = Rules::from([(libc::SYS_clone3, Vec::new())]);
    let absent = u32::try_from(libc::ENOSYS).map_err(io::Error::other)?;
    let denied = u32::try_from(libc::EPERM).map_err(io::Error::other)?;
    // Of two filters the sterner answer holds, so the list below may let `clone3` pass.
    install(
        no_clone3,
        SeccompAction::Allow,
        SeccompAction::Errno(absent),
        arch,
    )?;
    let allowed = allowed().map_err(io::Error::other)?;
    install(allowed, SeccompAction::Errno(denied), SeccompAction::Allow, arch)
}

fn install(rules: Rules, others: SeccompAction, these: SeccompAction, arch: TargetArch) -> io::Result<()> {
    let filter = SeccompFilter::new(rules, others, these, arch).map_err(io::Error::other)?;
    let program: BpfProgram = filter.try_into().map_err(io::Error::other)?;
    seccompiler::apply_filter(&program).map_err(io::Error::other)
}

fn allowed() -> Result<Rules, BackendError> {
    let mut rules: Rules = PLAIN.into_iter().map(|call| (call, Vec::new())).collect();
    rules.insert(libc::SYS_clone3, Vec::new());
    let descriptor = |number| when(0, Op::Eq, number);
    rules.insert(libc::SYS_read, vec![all([descriptor(0)?])?]);
    // Standard output and error lead nowhere; what libraries print and a panic says goes there. Behind them come the answers.
    let answers = || {
        (1..=3)
            .map(|number| all([descriptor(number)?]))
            .collect::<Result<Vec<_>, _>>()
    };
    rules.insert(libc::SYS_write, answers()?);
    rules.insert(libc::SYS_writev, answers()?);
    let not_code = || when(2, Op::MaskedEq(EXECUTABLE), 0);
    let no_file = when(3, Op::MaskedEq(ANONYMOUS), ANONYMOUS)?;
    rules.insert(libc::SYS_mmap, vec![all([not_code()?, no_file])?]);
    rules.insert(libc::SYS_mprotect, vec![all([not_code()?])?]);
    let thread = when(0, Op::MaskedEq(!MEANINGLESS), THREAD)?;
    rules.insert(libc::SYS_clone, vec![all([thread])?]);
    rules.insert(libc::SYS_prctl, vec![all([when(0, Op::Eq, SET_NAME)?])?]);
    Ok(rules)
}

fn when(argument: u8, comparison: Op, value: u64) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(argument, Len::Qword, comparison, value)
}

fn all<const N: usize>(conditions: [SeccompCondition; N]) -> Result<SeccompRule, BackendError> {
    SeccompRule::new(conditions.into())
}
