//! A9; issue 6, 24: what is typed on the host's terminal.

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

use cutis_tests::TestServer;
use cutis_tests::server::{PASSWORD, built_program};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// A password that is typed is never shown, is asked for twice, and works.
#[tokio::test(flavor = "multi_thread")]
async fn no_password_is_echoed() {
    let (server, _anna) = TestServer::set_up().await;
    let folder = server.stop().await;
    for (again, done) in [("Another-2026-y", false), (PASSWORD, true)] {
        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo-terminal");
        grantpt(&terminal).expect("a pseudo-terminal");
        unlockpt(&terminal).expect("a pseudo-terminal");
        let name = ptsname(&terminal, Vec::new()).expect("a name");
        let end = || {
            let opened = rustix::fs::open(name.as_c_str(), OFlags::RDWR | OFlags::NOCTTY, Mode::empty());
            Stdio::from(opened.expect("its other end"))
        };
        let mut child = Command::new(built_program())
            .args(["user", "reset-password", "anna", "--data"])
            .arg(folder.path())
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .spawn()
            .expect("the program starts");
        let mut screen = std::fs::File::from(terminal);
        let mut shown = String::new();
        for (question, typed) in [("Password: ", PASSWORD), ("Repeat password: ", again)] {
            wait_for(&mut screen, &mut shown, question);
            screen.write_all(format!("{typed}\n").as_bytes()).expect("typed");
        }
        // A terminal whose other end was closed gives an error.
        let mut bytes = Vec::new();
        screen.read_to_end(&mut bytes).unwrap_or_default();
        shown.push_str(&String::from_utf8_lossy(&bytes));
        let success = child.wait().expect("it ends").success();
        assert_eq!(success, done, "{shown}");
        assert!(
            shown.contains("A password needs: at least 12 characters; an upper-case letter;"),
            "{shown}"
        );
        assert_eq!(
            shown.contains("The password of anna was changed"),
            done,
            "{shown}"
        );
        for typed in [PASSWORD, again] {
            assert!(!shown.contains(typed), "{shown}");
        }
    }
}

/// A7, A9, C17: what `cutis user` changes beside the running server holds at once there, for a session that was used a
/// moment before too.
#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_reset_at_the_host_ends_sessions_at_once() {
    let (server, anna) = TestServer::set_up().await;
    let mut child = Command::new(built_program())
        .args(["user", "reset-password", "anna", "--data"])
        .arg(server.data.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut typed = child.stdin.take().expect("piped");
    typed
        .write_all(format!("{PASSWORD}\n").as_bytes())
        .expect("typed");
    drop(typed);
    // Used to the very end, so that the server has read the session less than a second before.
    let ended = loop {
        let ended = child.try_wait().expect("it runs");
        let status = anna.get("/api/v1/session").await.status;
        if let Some(ended) = ended {
            assert_eq!(status, 401, "the first request after the command");
            break ended;
        }
    };
    assert!(ended.success());
    server.finish().await;
}

fn wait_for(screen: &mut std::fs::File, shown: &mut String, question: &str) {
    let mut bytes = [0; 256];
    while !shown.ends_with(question) {
        let count = screen.read(&mut bytes).unwrap_or_default();
        assert!(count > 0, "the program ended: {shown}");
        shown.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
}
