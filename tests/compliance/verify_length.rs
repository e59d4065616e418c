//! U4, issue 8: `cutis audit verify` of a trail of any length takes the same memory, and says how far it is.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use cutis_audit::{Action, Event, Target};
use cutis_domain::{Caller, PatientId};
use cutis_tests::TestServer;
use cutis_tests::server::built_program;
use serde_json::Value;

/// A practice whose trail has about so many events.
async fn practice(events: usize) -> tempfile::TempDir {
    let (server, _anna) = TestServer::set_up().await;
    let viewed = |number: usize| {
        let patient = PatientId::from_bytes(u128::try_from(number % 97).expect("small").to_be_bytes());
        Event::new(Action::PatientViewed)
            .target(Target::Patient(patient))
            .patient(patient)
    };
    let store = &server.serving().opened.store;
    for first in (0..events).step_by(500) {
        let together = (first..first + 500).map(viewed).collect();
        store.record(&Caller::system(), together).await.expect("recorded");
    }
    server.stop().await
}

/// What `audit verify --json` says, on standard output and on standard error, and the most memory it held, in KiB.
fn verified(data: &Path) -> (Value, String, u64) {
    let mut child = Command::new(built_program())
        .args(["--json", "audit", "verify", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    let ended = loop {
        let held = std::fs::read_to_string(&status).unwrap_or_default();
        let held = held.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let held = held.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        most = most.max(held.unwrap_or(0));
        if let Some(ended) = child.try_wait().expect("its state is known") {
            break ended;
        }
        // Often enough: it only grows.
        std::thread::sleep(Duration::from_millis(5));
    };
    let (mut said, mut told) = (String::new(), String::new());
    child
        .stdout
        .take()
        .expect("piped")
        .read_to_string(&mut said)
        .expect("text");
    child
        .stderr
        .take()
        .expect("piped")
        .read_to_string(&mut told)
        .expect("text");
    assert!(ended.success(), "{said} {told}");
    (serde_json::from_str(&said).expect("one object"), told, most)
}

#[tokio::test(flavor = "multi_thread")]
async fn u4_a_long_trail_takes_no_more_memory_than_a_short_one() {
    // Both longer than the part of the file that is kept in memory while it is read.
    let (short, long) = (practice(30_000).await, practice(60_000).await);
    let (said, _, least) = verified(short.path());
    assert_eq!(said["verdict"], "intact", "{said}");
    let (said, told, most) = verified(long.path());
    assert_eq!(said["verdict"], "intact", "{said}");
    assert!(
        said["events"].as_u64().is_some_and(|events| events >= 60_000),
        "{said}"
    );
    assert!(least > 0, "the memory of a process is not known here");
    assert!(
        most < least + 6 * 1024,
        "{least} KiB for 30,000 events, {most} KiB for 60,000"
    );
    let told: Vec<Value> = told
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let parts: Vec<&Value> = told.iter().map(|line| &line["of"]).collect();
    assert!(
        parts.starts_with(&[&Value::from("structure"), &Value::from("events")]),
        "{told:?}"
    );
    let counted = told.iter().find(|line| line["of"] == "events").expect("counted");
    assert!(counted["all"].as_u64() >= counted["done"].as_u64(), "{counted}");
}
