//! A database of an older version goes on as it was: its rows stay attested (U4).
//!
//! `fixtures/v9.db` was written by the program of version 9 (commit 34319a3): the practice of
//! `support::furnish`, under the lab's key. Its events are of version 1.

use std::path::Path;
use std::sync::Arc;

use cutis_storage::{ErrorKind, StorageError};
use cutis_storage_sqlite::{Options, Sqlite};
use cutis_testkit::Lab;
use cutis_testkit::builders::{caller, patient_id, session, session_id};
use cutis_testkit::lab::{add_image, expect_intact, look};
use tempfile::TempDir;

use crate::support::{lab, path, verdict};
use crate::tampering::hand::Hand;

/// A folder with a copy of the older database, and a lab over it.
fn older() -> (Lab, TempDir) {
    let (lab, folder) = lab();
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/v9.db");
    std::fs::copy(fixture, path(&folder)).expect("copied");
    (lab, folder)
}

#[tokio::test]
async fn rows_from_before_an_upgrade_stay_attested() {
    let (lab, folder) = older();
    let at = lab.now();
    // Opening it upgrades it.
    let store = lab.store();
    let report = expect_intact(&lab, &store).await;
    assert_eq!((report.events, report.rows), (27, 35));
    let anna = look(&store, 1, |view| view.patient(patient_id(1), at))
        .await
        .expect("there");
    assert_eq!(anna.profile.reveal().custom_fields.len(), 1);
    // What decides is believed: sessions, accounts, settings and consents got their codes.
    let token = session(1, 1, at).token;
    let opened = store
        .look_up(move |view| {
            let session = view.session_by_token(&token)?.expect("there");
            Ok::<_, StorageError>(view.account(session.account)?.is_some())
        })
        .await;
    assert!(opened.expect("genuine"));
    add_image(&store, 1, 1, 50, at)
        .await
        .expect("on a consent of before");
    store
        .practice(&caller(1))
        .write::<_, cutis_testkit::Fault, _>(move |unit| {
            assert!(unit.end_session(caller_account(), session_id(1), at)?);
            let event = cutis_audit::Event::new(cutis_audit::Action::SessionEnded);
            Ok(cutis_audit::Audited::new((), event))
        })
        .await
        .expect("ended");
    expect_intact(&lab, &store).await;
    assert_eq!(lab.told(), []);
    // What the upgrade brought is attested from the first value on.
    Hand::on(&path(&folder))
        .run("UPDATE patient SET field_versions = '{}'")
        .expect("changed");
    let said = verdict(&lab, &store, false).await.expect_err("found");
    assert!(said.contains("patient"), "{said}");
}

fn caller_account() -> cutis_domain::AccountId {
    session(1, 1, cutis_domain::Timestamp::EPOCH).account
}

/// Issue 6, 2: an upgrade gives rows their codes, and no row gets one that somebody changed before.
#[test]
fn an_upgrade_makes_nothing_ours_that_is_not() {
    for (deed, named) in [
        (
            "UPDATE account SET administrator = 1 - administrator WHERE row = 2",
            "table account",
        ),
        (
            "UPDATE session SET expires_at = expires_at + 1 WHERE row = 1",
            "table session",
        ),
        (
            "INSERT INTO session SELECT 99, randomblob(16), account_id, randomblob(32), created_at, \
             expires_at, seen_at, address, agent, ended_at FROM session WHERE row = 1",
            "table session",
        ),
        (
            "UPDATE setting SET value = 'disabled' WHERE key = 'consent.level'",
            "table setting",
        ),
        ("DELETE FROM setting", "table setting"),
        ("UPDATE entry SET notes = 'other' WHERE row = 1", "table entry"),
        (
            "DROP TRIGGER trail_entry_is_not_removed; DELETE FROM trail_entry WHERE seq = 27",
            "trigger",
        ),
        (
            "CREATE TRIGGER more AFTER INSERT ON session BEGIN SELECT 1; END",
            "more",
        ),
        ("PRAGMA user_version = 7", "user_version"),
        ("UPDATE trail_tail SET size = size + 1", "head"),
    ] {
        let (lab, folder) = older();
        let hand = Hand::on(&path(&folder));
        hand.run(deed).expect(deed);
        let opened = Sqlite::open(path(&folder), &Lab::key(), Options::default());
        let error = opened.map(Arc::new).expect_err(deed);
        assert_eq!(error.kind(), ErrorKind::Tampered, "{deed}: {error}");
        let said = error.to_string();
        assert!(
            said.contains(named) && said.contains("not upgraded"),
            "{deed}: {said}"
        );
        assert_eq!(
            hand.count("refinery_schema_history"),
            9,
            "{deed}: nothing was done to it"
        );
        drop(lab);
    }
}
