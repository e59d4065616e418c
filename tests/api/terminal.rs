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

fn wait_for(screen: &mut std::fs::File, shown: &mut String, question: &str) {
    let mut bytes = [0; 256];
    while !shown.ends_with(question) {
        let count = screen.read(&mut bytes).unwrap_or_default();
        assert!(count > 0, "the program ended: {shown}");
        shown.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
}
