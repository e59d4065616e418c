//! What the server does by itself: sweeps every hour, checkpoints every day, and the notices about them (I4, U4).

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, SystemTime};

use cutis_tests::TestServer;
use cutis_tests::database::{blob_files, trail_text};
use cutis_tests::images::made;
use serde_json::Value;

const HOUR: i64 = 3600;

fn swept(server: &TestServer) -> usize {
    trail_text(&server.data.database())
        .lines()
        .filter(|line| line.contains("store.swept"))
        .count()
}

/// The notices that stand. Signed in again, because hours have passed.
async fn notices(server: &TestServer) -> BTreeMap<String, Value> {
    let anna = server.sign_in("anna").await;
    let listed = anna.get("/api/v1/practice/notices").await.expect(200);
    let all = listed["notices"].as_array().expect("a list").clone();
    all.into_iter()
        .map(|notice| (notice["code"].as_str().expect("a code").to_owned(), notice))
        .collect()
}

/// The file system's clock is not the test's: files are made as old as can be.
fn age(path: &Path) {
    let file = std::fs::File::options().write(true).open(path).expect("opens");
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1000))
        .expect("set");
}

/// I4: a blob that no row names goes to quarantine, is read from there if a row names it again, and comes back by
/// itself; every sweep is an event; they come once an hour by the server's clock.
#[tokio::test(flavor = "multi_thread")]
async fn i4_a_mistaken_quarantine_loses_nothing() {
    let (mut server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let image = anna.store(&patient, made(1)).await;
    let before = swept(&server);
    server.keep_house().await;
    server.keep_house().await;
    assert_eq!(swept(&server), before + 1, "once an hour");
    server.clock.advance(HOUR);

    let orphan = "ab".repeat(32);
    let place = server.data.blobs().join("ab").join(&orphan);
    std::fs::write(&place, "sealed").expect("written");
    age(&place);
    server.keep_house().await;
    assert_eq!(swept(&server), before + 2);
    assert!(!place.exists());
    let quarantined = server.data.quarantined_blobs().join("ab").join(&orphan);
    assert_eq!(
        std::fs::read(&quarantined).expect("moved, not deleted"),
        b"sealed"
    );
    assert!(notices(&server).await.contains_key("quarantine"));

    // A mistake: both files of an image, and its patient's key, lie in quarantine.
    let names = blob_files(&server.data.blobs());
    assert_eq!(names.len(), 2);
    for name in &names {
        let folder = server.data.quarantined_blobs().join(&name[..2]);
        std::fs::create_dir_all(&folder).expect("made");
        std::fs::rename(server.data.blobs().join(&name[..2]).join(name), folder.join(name)).expect("moved");
    }
    let key = format!("{}/{patient}.key", &patient[patient.len() - 2..]);
    let aside = server.data.quarantined_keys().join(&key);
    std::fs::create_dir_all(aside.parent().expect("a folder")).expect("made");
    std::fs::rename(server.data.keys().join("patients").join(&key), &aside).expect("moved");
    let anna = server.sign_in("anna").await;
    let read = anna
        .get(format!(
            "/api/v1/patients/{patient}/images/{image}/original?purpose=clinical_record"
        ))
        .await;
    assert_eq!(
        (read.status, read.body.as_ref()),
        (200, made(1).as_slice()),
        "read where it lies"
    );
    server.clock.advance(HOUR);
    server.keep_house().await;
    assert_eq!(blob_files(&server.data.blobs()), names, "and back by itself");
    assert!(server.data.keys().join("patients").join(&key).exists() && !aside.exists());
    assert!(quarantined.exists(), "what nobody names stays");
    server.finish().await;
}

/// U4: a checkpoint a day, said when it cannot be written; a patient's missing key is said too.
#[tokio::test(flavor = "multi_thread")]
async fn u4_checkpoints_are_written_daily_and_losses_are_shown() {
    let (mut server, _) = TestServer::set_up().await;
    let count =
        |server: &TestServer| std::fs::read_dir(server.data.checkpoints()).map_or(0, |folder| folder.count());
    server.keep_house().await;
    assert_eq!(count(&server), 1);
    server.clock.advance(23 * HOUR);
    server.keep_house().await;
    assert_eq!(count(&server), 1);
    server.clock.advance(HOUR);
    server.keep_house().await;
    assert_eq!(count(&server), 2, "the day is over");
    assert!(!notices(&server).await.contains_key("checkpoint"));

    let anna = server.sign_in("anna").await;
    let patient = anna.create_patient("p-1").await;
    anna.store(&patient, made(1)).await;
    let key = format!("patients/{}/{patient}.key", &patient[patient.len() - 2..]);
    let (place, aside) = (
        server.data.keys().join(&key),
        server.data.path().join("aside.key"),
    );
    std::fs::rename(&place, &aside).expect("moved");
    let folder = server.data.checkpoints();
    std::fs::rename(&folder, server.data.path().join("kept")).expect("moved");
    std::fs::write(&folder, "in the way").expect("written");
    server.clock.advance(24 * HOUR);
    server.keep_house().await;
    let shown = notices(&server).await;
    assert!(
        shown["key_missing"]["message"]
            .as_str()
            .is_some_and(|message| message.contains(&patient)),
        "{shown:?}"
    );
    assert!(shown.contains_key("checkpoint"), "{shown:?}");
    std::fs::rename(&aside, &place).expect("put back");
    // Issue 6, point 12: no comparison is due yet, but the cause is seen to be gone.
    server.keep_house().await;
    let shown = notices(&server).await;
    assert!(!shown.contains_key("key_missing"), "{shown:?}");
    std::fs::remove_file(&folder).expect("removed");
    server.clock.advance(24 * HOUR);
    server.keep_house().await;
    let shown = notices(&server).await;
    assert!(
        !shown.contains_key("key_missing") && !shown.contains_key("checkpoint"),
        "{shown:?}"
    );
    server.finish().await;
}
