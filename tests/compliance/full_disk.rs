//! Issue 6, 5: a full disk stops changes and images, never looking, signing in or signing out (A7, U3).

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::Ordering;

use cutis_tests::actors::id_of;
use cutis_tests::client::{Call, Client, File as Upload, fresh_key, upload_call};
use cutis_tests::database::{count, read_only};
use cutis_tests::images::made;
use cutis_tests::program::{Program, audit_verify};
use cutis_tests::server::{PASSWORD, RESERVE};
use cutis_tests::{SignedIn, TestServer};
use serde_json::json;

/// What the program's own judgement does, on a disk that only says that it is full.
#[tokio::test(flavor = "multi_thread")]
async fn u3_a7_changes_stop_before_the_reserve_is_touched() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-full").await;
    let image = anna.store(&patient, made(1)).await;
    server.settle().await;
    let before = server.content();
    server.free.store(RESERVE - 1, Ordering::SeqCst);
    for call in [
        Call::new("POST", "/api/v1/patients").json(&json!({ "uniqueId": "p-none" })),
        Call::new("PATCH", format!("/api/v1/patients/{patient}")).json(&json!({ "version": 1, "note": "x" })),
        Call::new("PATCH", "/api/v1/settings").json(&json!({ "values": { "practice.name": "Other" } })),
        upload_call(&patient, &fresh_key(), &[Upload::new("a.jpg", made(2))]),
    ] {
        anna.send(call).await.problem(507, "storage_full");
    }
    assert_eq!(server.content(), before, "nothing was changed");
    let events = server.events();
    anna.patient(&patient).await;
    anna.get(format!("/api/v1/patients/{patient}/images/{image}/full"))
        .await;
    let other = server.sign_in("anna").await;
    other.delete("/api/v1/session").await.expect(204);
    assert_eq!(server.events(), events + 4, "each with its event");
    let notices = anna.get("/api/v1/practice/notices").await.expect(200);
    assert_eq!(notices["notices"][0]["code"], "disk_full", "{notices}");
    server.free.store(u64::MAX, Ordering::SeqCst);
    server.settle().await;
    let notices = anna.get("/api/v1/practice/notices").await.expect(200);
    assert!(!notices.to_string().contains("disk_"), "{notices}");
    anna.create_patient("p-again").await;
    server.finish().await;
}

/// O3, issue 8: `/api/v1/ready` says that the disk is filling while everything works, then that it is full, and so do the
/// notices, each in step.
#[tokio::test(flavor = "multi_thread")]
async fn o3_ready_says_how_the_disk_stands() {
    let (server, anna) = TestServer::set_up().await;
    let anyone = server.anonymous();
    let notices = async || {
        let notices = anna.get("/api/v1/practice/notices").await.expect(200);
        let codes = notices["notices"].as_array().expect("notices").clone();
        codes
            .into_iter()
            .map(|notice| notice["code"].clone())
            .collect::<Vec<_>>()
    };
    let ready = anyone.get("/api/v1/ready").await.expect(200);
    assert_eq!(ready["disk"]["state"], "enough");
    server.free.store(RESERVE * 9, Ordering::SeqCst);
    let ready = anyone.get("/api/v1/ready").await.expect(200);
    assert_eq!(
        ready["disk"],
        json!({ "state": "filling", "freeBytes": RESERVE * 9, "totalBytes": null })
    );
    assert_eq!(notices().await, ["disk_low"]);
    anna.create_patient("p-still").await;

    server.free.store(RESERVE - 1, Ordering::SeqCst);
    let full = anyone.get("/api/v1/ready").await;
    let problem = full.problem(503, "disk_full");
    assert_eq!(problem["disk"]["state"], "full");
    assert!(
        problem["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("Make room"))
    );
    assert_eq!(notices().await, ["disk_full"]);

    server.free.store(u64::MAX, Ordering::SeqCst);
    let ready = anyone.get("/api/v1/ready").await.expect(200);
    assert_eq!(ready["disk"]["state"], "enough");
    assert!(notices().await.is_empty());
    server.finish().await;
}

/// A file system of its own, which is unmounted whatever happens.
struct Small(PathBuf);

impl Small {
    /// `None` where this needs rights that the test does not have.
    fn mount(at: &Path, mebibytes: u32) -> Option<Self> {
        std::fs::create_dir_all(at).expect("a folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={mebibytes}m"), "cutis-test"]);
        let mounted = mount.arg(at).output().is_ok_and(|done| done.status.success());
        mounted.then(|| Self(at.to_path_buf()))
    }

    /// Takes whatever is left, as any other program could.
    fn fill(&self) {
        let mut filler = File::options()
            .create(true)
            .append(true)
            .open(self.0.join("filler"))
            .expect("a file");
        for size in [1 << 20, 1 << 16, 4096] {
            while filler.write_all(&vec![7; size]).is_ok() {}
        }
    }

    fn empty(&self) {
        std::fs::remove_file(self.0.join("filler")).expect("removed");
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("--lazy").arg(&self.0).status());
    }
}

async fn sign_in(program: &Program) -> SignedIn {
    let client = Client::new(program.place());
    let body = json!({ "username": "anna", "password": PASSWORD });
    let me = client.post("/api/v1/session", &body).await.expect(201);
    SignedIn::new(client, me)
}

/// The reserve in mebibytes, and how many views it has to last for here; `docs/adr/0016` has the figures
/// for a clinic's day.
const RESERVE_MIB: u64 = 32;
const VIEWS: u64 = 1_500;

/// The built program on a file system that is really full.
#[tokio::test(flavor = "multi_thread")]
async fn u3_a7_the_program_goes_on_and_starts_on_a_full_disk() {
    let folder = tempfile::TempDir::with_prefix("cutis-full-").expect("a folder");
    let Some(disk) = Small::mount(&folder.path().join("disk"), 96) else {
        eprintln!(
            "NOT RUN: a disk that is really full needs the right to mount one (root). The same rules were \
             tried on a disk that says that it is full."
        );
        return;
    };
    let (data, log) = (disk.0.join("data"), folder.path().join("log"));
    let reserve = || data.join("reserve").metadata().map_or(0, |about| about.len());
    let variables = [("CUTIS_RESERVE_MIB", RESERVE_MIB.to_string())];
    let program = Program::serve_in(&data, &log, &[], &variables);
    let client = Client::new(program.place());
    let request = json!({
        "code": program.ready["setupCode"], "username": "anna", "password": PASSWORD, "firstName": "Anna",
        "lastName": "Weber", "practiceName": "Lakeside", "consentLevel": "disabled", "timeZone": "UTC",
    });
    let me = client.post("/api/v1/setup", &request).await.expect(201);
    let anna = SignedIn::new(client, me);
    let patient = anna.create_patient("p-full").await;
    anna.store(&patient, made(1)).await;
    for _ in 0..1_000 {
        if reserve() == RESERVE_MIB << 20 {
            break;
        }
        anna.patient(&patient).await;
    }
    assert_eq!(
        reserve(),
        RESERVE_MIB << 20,
        "the reserve is kept from the start on"
    );

    disk.fill();
    anna.post("/api/v1/patients", &json!({ "uniqueId": "p-none" }))
        .await
        .problem(507, "storage_full");
    let database = data.join("cutis.db");
    let size = || database.metadata().expect("there").len();
    let (before, events) = (size(), count(&read_only(&database), "trail_entry"));
    for _ in 0..VIEWS {
        anna.patient(&patient).await;
    }
    let grown = size().saturating_sub(before);
    let written = count(&read_only(&database), "trail_entry") - events;
    eprintln!(
        "{written} events on a full disk: the database grew by {grown} bytes, {} MiB of the reserve are left",
        reserve() >> 20
    );
    let other = sign_in(&program).await;
    other.delete("/api/v1/session").await.expect(204);
    let notices = anna.get("/api/v1/practice/notices").await.expect(200);
    assert!(notices.to_string().contains("disk_full"), "{notices}");

    // A crash, and a start on the full disk.
    program.kill();
    disk.fill();
    assert!(reserve() > 0, "the reserve is not used up");
    let program = Program::serve_in(&data, &log, &[], &variables);
    let anna = sign_in(&program).await;
    anna.patient(&patient).await;
    anna.post("/api/v1/patients", &json!({ "uniqueId": "p-none" }))
        .await
        .problem(507, "storage_full");

    // Another program takes what is given free until nothing is left.
    let leaving = sign_in(&program).await;
    for _ in 0..20_000 {
        disk.fill();
        let looked = anna.get(format!("/api/v1/patients/{patient}")).await;
        if looked.status != 200 {
            looked.problem(507, "storage_full");
            break;
        }
    }
    assert_eq!(reserve(), 0);
    let cookie = leaving.cookie();
    leaving.delete("/api/v1/session").await.expect(204);
    let thief = Client::new(program.place());
    thief.set_cookie(cookie);
    thief.get("/api/v1/session").await.problem(401, "unauthenticated");
    Client::new(program.place())
        .post(
            "/api/v1/session",
            &json!({ "username": "anna", "password": PASSWORD }),
        )
        .await
        .problem(507, "storage_full");

    disk.empty();
    anna.patient(&patient).await;
    let made = anna
        .post("/api/v1/patients", &json!({ "uniqueId": "p-room" }))
        .await;
    id_of(&made.expect(201));
    thief.get("/api/v1/session").await.problem(401, "unauthenticated");
    program.stop();
    let ended = read_only(&database);
    let open: i64 = ended
        .query_row("SELECT count(*) FROM session WHERE ended_at IS NULL", [], |row| {
            row.get(0)
        })
        .expect("counted");
    assert!(open <= 2, "the end of the session was stored: {open} are open");
    let (verdict, code, complaint) = audit_verify(&data);
    assert_eq!(code, Some(0), "{verdict} {complaint}");
}
