//! The process ends at once, or is not alone.

use std::collections::BTreeSet;

use cutis_domain::Caller;
use cutis_testkit::builders::patient_id;
use cutis_testkit::lab::{add_patient, expect_intact, look, trail_size};

use crate::support::{furnish, lab, path, verdict};

/// I4, U3: whatever was acknowledged before a kill is there after it, and the trail is whole. The
/// files are copied while the program runs, which is what a kill leaves.
#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    let (lab, folder) = lab();
    let store = furnish(&lab).await;
    for number in 100..130 {
        add_patient(&store, 1, number, &format!("k-{number}"), lab.now()).await;
        if number % 7 != 0 {
            continue;
        }
        let (after, other) = crate::support::lab();
        for name in ["cutis.db", "cutis.db-wal"] {
            std::fs::copy(folder.path().join(name), other.path().join(name)).expect("copied");
        }
        let survivor = after.store();
        for there in 100..=number {
            assert!(
                look(&survivor, 1, |view| view.patient(patient_id(there), lab.now()))
                    .await
                    .is_some()
            );
        }
        assert_eq!(
            verdict(&lab, &survivor, true).await,
            Ok(()),
            "no head kept outside is ahead of the trail"
        );
    }
}

/// A torn end of the log is as if those commits had never been: an earlier state, and a whole one.
#[tokio::test]
async fn a_torn_log_leaves_an_earlier_whole_state() {
    let (lab, folder) = lab();
    let store = furnish(&lab).await;
    for number in 100..110 {
        add_patient(&store, 1, number, &format!("k-{number}"), lab.now()).await;
    }
    let log = std::fs::read(folder.path().join("cutis.db-wal")).expect("the log");
    let mut sizes = BTreeSet::new();
    for cut in (log.len() / 2..log.len()).step_by(log.len() / 20) {
        let (after, other) = crate::support::lab();
        std::fs::copy(path(&folder), path(&other)).expect("copied");
        #[expect(clippy::disallowed_methods, reason = "what is torn need not be durable")]
        std::fs::write(other.path().join("cutis.db-wal"), &log[..cut]).expect("torn");
        let survivor = after.store();
        sizes.insert(trail_size(&survivor).await);
        assert_eq!(verdict(&lab, &survivor, false).await, Ok(()), "cut at {cut}");
    }
    assert!(sizes.len() > 2, "the cuts fell into different commits: {sizes:?}");
}

/// O1: the command line may write beside the server; the trail stays one trail.
#[tokio::test]
async fn two_programs_write_one_trail() {
    let (lab, _folder) = lab();
    let (server, command) = (lab.practice().await, lab.store());
    let before = trail_size(&server).await;
    let mut running = tokio::task::JoinSet::new();
    for number in 0..60 {
        let store = if number % 2 == 0 {
            server.clone()
        } else {
            command.clone()
        };
        let at = lab.now();
        running.spawn(async move { add_patient(&store, 1, number, &format!("p-{number}"), at).await });
    }
    while let Some(done) = running.join_next().await {
        done.expect("neither fails");
    }
    assert_eq!(trail_size(&server).await, before + 60);
    expect_intact(&lab, &command).await;
    let event = cutis_audit::Event::new(cutis_audit::Action::ServerStopped);
    command
        .record(&Caller::operator(), vec![event])
        .await
        .expect("recorded");
    expect_intact(&lab, &server).await;
}
