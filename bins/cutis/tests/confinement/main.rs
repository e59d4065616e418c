//! Issue 6, point 14 (C31): whoever takes over a decode worker can do nothing with it.
//!
//! This program is its own worker: started by the same command as the real one it confines itself by
//! the same function, and then does what an attacker inside would try. Every attempt must fail inside,
//! and, to show that it is an attempt at all, succeed outside.

#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    expect(
        clippy::disallowed_methods,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::print_stdout,
        reason = "a program of its own, whose main function is the test"
    )
)]

#[cfg(target_os = "linux")]
mod probe;

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("skipped: confinement needs Linux");
}

#[cfg(target_os = "linux")]
fn main() {
    use std::collections::BTreeMap;
    use std::io::Write as _;

    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        // The way in of a real worker (`cutis::media_worker`), and then the attacker.
        Some("media-worker") => {
            let (reached, mut output) = cutis::confinement::enter().expect("the worker confines itself");
            // What a library prints is not taken for an answer: the parent reads a greeting next.
            println!("CMG1 noise of a decoder");
            output
                .write_all(&reached.to_greeting())
                .expect("the way out is left");
            let mut told = String::new();
            std::io::stdin()
                .read_line(&mut told)
                .expect("the parent tells what to try");
            let found = probe::try_everything(&probe::Told::read(&told));
            let answer = serde_json::json!({
                "calls": reached.calls, "paths": format!("{:?}", reached.paths),
                "account": reached.account, "found": found,
            });
            output
                .write_all(answer.to_string().as_bytes())
                .expect("the way out is left");
        }
        // The same attempts without confinement, in a process of its own as they end in a mess.
        Some("unconfined") => {
            let mut told = String::new();
            std::io::stdin()
                .read_line(&mut told)
                .expect("the parent tells what to try");
            let found: BTreeMap<_, _> = probe::try_everything(&probe::Told::read(&told));
            println!("{}", serde_json::json!({ "found": found }));
        }
        // A process that an attempt of `exec` starts.
        Some("started") => {}
        _ => supervise(),
    }
}

/// Starts a process, tells it what to try, and reads what happened to it. `greeting` bytes come first, and
/// then `meanwhile` looks at the process from outside.
#[cfg(target_os = "linux")]
async fn ask(
    mut command: tokio::process::Command,
    told: &probe::Told,
    greeting: usize,
    meanwhile: impl FnOnce(u32),
) -> serde_json::Value {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let mut child = command.spawn().expect("the worker starts");
    let (mut input, mut output) = child.stdin.take().zip(child.stdout.take()).expect("piped");
    let mut greeted = vec![0; greeting];
    output
        .read_exact(&mut greeted)
        .await
        .expect("it says that it is ready");
    meanwhile(child.id().expect("it runs"));
    input
        .write_all(told.written().as_bytes())
        .await
        .expect("it listens");
    drop(input);
    let mut answer = String::new();
    output.read_to_string(&mut answer).await.expect("it answers");
    serde_json::from_str(&answer).unwrap_or_else(|error| panic!("no answer ({error}): {answer:?}"))
}

/// The test itself.
#[cfg(target_os = "linux")]
fn supervise() {
    use std::process::Stdio;

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let program = std::env::current_exe().expect("a test has a path");
    let folder = tempfile::tempdir().expect("a folder");
    let told = probe::Told::plant(folder.path());
    // As a careless parent would: open in every process that is started from here on.
    let careless = nix::fcntl::FcntlArg::F_DUPFD(100);
    nix::fcntl::fcntl(std::io::stderr(), careless).expect("a descriptor");

    let mut outside = tokio::process::Command::new(&program);
    outside
        .arg("unconfined")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let outside = runtime.block_on(ask(outside, &told, 0, |_| ()));
    let inside = cutis::darkroom::command(&program);
    let mut faults = Vec::new();
    let inside = runtime.block_on(ask(
        inside,
        &told,
        cutis::confinement::GREETING_BYTES,
        |process| {
            let descriptors = std::fs::read_dir(format!("/proc/{process}/fd"));
            // Only root may look; to others the process is closed, as it should be.
            let open = descriptors.map_or(4, Iterator::count);
            if open != 4 {
                faults.push(format!("{open} descriptors are open"));
            }
        },
    ));

    let tried = inside["found"].as_object().expect("attempts");
    for (attempt, outcome) in tried {
        let open = &outside["found"][attempt];
        println!("{attempt:36} inside: {outcome}, outside: {open}");
        if outcome == "done" {
            faults.push(format!("{attempt} succeeded inside"));
        }
        if open != "done" && !probe::MAY_FAIL_OUTSIDE.contains(&attempt.as_str()) {
            faults.push(format!(
                "{attempt} failed outside too ({open}), so it shows nothing"
            ));
        }
    }
    if inside["calls"] != true {
        faults.push("system calls are not limited".to_owned());
    }
    if nix::unistd::Uid::effective().is_root() && inside["account"] != true {
        faults.push("root did not become nobody".to_owned());
    }
    println!("Landlock: {}", inside["paths"]);
    assert!(faults.is_empty(), "{faults:#?}");
    println!("{} attempts, all failed inside", tried.len());
}
