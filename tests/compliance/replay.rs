//! A word that was typed for one loss is good for that one: the note of a recovery that was interrupted holds for the
//! database and the evidence that the person was told of, once, and for a week (issue 6, points 1 and 3). U4.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cutis::data::DataDir;
use cutis::host::{OsEntropy, SystemClock};
use cutis::opening::State;
use cutis::recover::bound::Bound;
use cutis::recover::{begin, loss::loss};
use cutis::wire::open_vault;
use cutis_domain::{Clock as _, Entropy};
use cutis_tests::TestServer;
use cutis_tests::images::made;
use cutis_tests::program::{audit_verify, run};
use serde_json::Value;
use tempfile::TempDir;

use crate::checkpoints::{files_in, put_back, use_for_a_while};
use crate::start::{answer, copy, refused, remove_database};

async fn practice() -> TempDir {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    anna.store(&patient, made(1)).await;
    server.stop().await
}

/// What a person types and what is noted of it, without what follows: a recovery that was cut short at once. Says what
/// the note is.
fn begun(data: &Path, seconds_ago: i64) -> Vec<u8> {
    let data = DataDir::existing(data).expect("a practice");
    let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
    let vault = open_vault(&data, State::Used, &entropy).expect("keys");
    let lost = loss(&data, Some(&vault), None).expect("looked").expect("a loss");
    let bound = Bound::of(&data, &vault, None).expect("looked");
    let at = SystemClock.now().plus_seconds(-seconds_ago);
    begin(&data, &lost, &bound, &vault, at).expect("noted");
    std::fs::read(data.pending_recovery()).expect("the note")
}

/// Runs the command without a sentence: it must ask, and leave no note behind.
fn asks(data: &Path) -> Value {
    let output = run(&["recover"], data);
    let said = answer(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said["sentence"].is_string(), "{said}");
    assert!(!data.join("recovery.pending").exists(), "{said}");
    said
}

fn record(data: &Path) -> PathBuf {
    let names = files_in(&data.join("quarantine"));
    let found: Vec<&String> = names
        .iter()
        .filter(|name| name.starts_with("recovery-"))
        .collect();
    assert_eq!(found.len(), 1, "{names:?}");
    data.join("quarantine").join(found[0])
}

/// A note of an earlier recovery, kept and put back beside the same older database: nothing is overridden again, the
/// record of the earlier one stays, and the newest database comes back as if nothing had been.
#[tokio::test(flavor = "multi_thread")]
async fn u4_a_note_is_spent_with_its_recovery() {
    let kept = practice().await;
    let older = copy(&kept);
    let data = kept.path();
    use_for_a_while(data, &[]).await;
    put_back(older.path(), data);
    let note = begun(data, 0);
    assert_eq!(
        answer(&run(&["recover"], data))["recovered"],
        true,
        "it goes on by itself"
    );
    let written = std::fs::read(record(data)).expect("a record");
    use_for_a_while(data, &[]).await;
    let newest = copy(&kept);

    put_back(older.path(), data);
    refused(data);
    std::fs::write(data.join("recovery.pending"), &note).expect("planted");
    let said = asks(data);
    assert!(
        said["found"]
            .as_str()
            .is_some_and(|it| it.contains("was cancelled")),
        "{said}"
    );
    refused(data);
    // Also when every other trace of what came since is gone.
    for name in files_in(&data.join("checkpoints")) {
        std::fs::remove_file(data.join("checkpoints").join(name)).expect("removed");
    }
    std::fs::write(data.join("recovery.pending"), &note).expect("planted");
    asks(data);
    refused(data);
    assert_eq!(
        std::fs::read(record(data)).expect("there"),
        written,
        "evidence stays"
    );

    put_back(newest.path(), data);
    use_for_a_while(newest.path(), &[]).await;
    std::fs::write(newest.path().join("recovery.pending"), &note).expect("planted");
    assert_eq!(
        answer(&run(&["recover"], newest.path()))["recovered"],
        true,
        "it was, long ago"
    );
    let (said, code, complaint) = audit_verify(newest.path());
    assert_eq!(code, Some(0), "{said} {complaint}");
    assert_eq!(said["recoveries"].as_array().map(Vec::len), Some(1), "{said}");
}

/// A recovery that was interrupted, and another database put in place before it went on: the person is asked about that
/// one. The same when more evidence lies there, and when the note is old.
#[tokio::test(flavor = "multi_thread")]
async fn u4_a_word_holds_for_what_it_was_given_for() {
    let kept = practice().await;
    let oldest = copy(&kept);
    use_for_a_while(kept.path(), &[]).await;
    let older = copy(&kept);
    use_for_a_while(kept.path(), &[]).await;

    let scratch = copy(&kept);
    put_back(older.path(), scratch.path());
    begun(scratch.path(), 0);
    put_back(oldest.path(), scratch.path());
    let said = asks(scratch.path());
    assert!(
        said["found"]
            .as_str()
            .is_some_and(|it| it.contains("another database")),
        "{said}"
    );
    refused(scratch.path());

    let scratch = copy(&older);
    put_back(oldest.path(), scratch.path());
    begun(scratch.path(), 0);
    for name in files_in(&kept.path().join("checkpoints")) {
        std::fs::copy(
            kept.path().join("checkpoints").join(&name),
            scratch.path().join("checkpoints").join(&name),
        )
        .expect("copied");
    }
    let said = asks(scratch.path());
    assert!(
        said["found"]
            .as_str()
            .is_some_and(|it| it.contains("other checkpoints")),
        "{said}"
    );

    // Old, or of the future: it is asked again. And whatever a note says, the record is of now.
    for seconds_ago in [8 * 24 * 3600, -3600] {
        let scratch = copy(&older);
        put_back(oldest.path(), scratch.path());
        begun(scratch.path(), seconds_ago);
        let said = asks(scratch.path());
        assert!(
            said["found"].as_str().is_some_and(|it| it.contains("seven days")),
            "{said}"
        );
    }
    let scratch = copy(&older);
    put_back(oldest.path(), scratch.path());
    begun(scratch.path(), 6 * 24 * 3600);
    assert_eq!(answer(&run(&["recover"], scratch.path()))["recovered"], true);
    let text = std::fs::read_to_string(record(scratch.path())).expect("a record");
    let said: Value = serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
    let today = SystemClock.now().to_string();
    assert_eq!(
        said["at"].as_str().and_then(|at| at.get(..10)),
        today.get(..10),
        "{said}"
    );
}

/// A practice that was started over after a typed sentence is not started over once more by the note about it.
#[tokio::test(flavor = "multi_thread")]
async fn u4_a_practice_is_begun_anew_once() {
    let kept = practice().await;
    let data = kept.path();
    remove_database(data);
    let note = begun(data, 0);
    assert_eq!(answer(&run(&["recover"], data))["recovered"], true);
    use_for_a_while_anew(data);
    remove_database(data);
    std::fs::write(data.join("recovery.pending"), &note).expect("planted");
    asks(data);
    refused(data);
    assert!(!data.join("cutis.db").exists(), "nothing was begun");
}

fn use_for_a_while_anew(data: &Path) {
    cutis_tests::program::Program::serve(data, &data.with_extension("log")).stop();
}
