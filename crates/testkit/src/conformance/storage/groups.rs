//! Several units in one commit.

use cutis_audit::{Action, Audited, Event};

use crate::builders::{caller, clinician, new_patient, patient_id, scope, unique_id};
use crate::lab::{Fault, Lab, add_patient, expect_intact, look, trail_size};

group! {
    ($) storage_groups: groups;
    concurrent_writers_all_commit,
    a_panic_hurts_no_neighbour,
    what_was_not_committed_is_gone,
}

/// U3: many at once all commit, each with its event, and nothing is mixed up.
pub async fn concurrent_writers_all_commit(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    let before = trail_size(&store).await;
    let mut running = tokio::task::JoinSet::new();
    for number in 0..200 {
        let store = store.clone();
        running.spawn(async move {
            add_patient(&store, 1 + number % 2, number, &format!("p-{number}"), at).await;
        });
    }
    while let Some(done) = running.join_next().await {
        done.expect("no writer fails");
    }
    assert_eq!(trail_size(&store).await, before + 200);
    assert_eq!(look(&store, 1, |view| view.patient_count()).await, 100);
    assert_eq!(look(&store, 2, |view| view.patient_count()).await, 100);
    expect_intact(lab, &store).await;
}

/// G5: a unit that panics is undone alone; those beside it commit, and its caller gets the panic.
pub async fn a_panic_hurts_no_neighbour(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    let before = trail_size(&store).await;
    let mut neighbours = tokio::task::JoinSet::new();
    for number in 0..40 {
        let store = store.clone();
        neighbours.spawn(async move {
            if number % 4 == 0 {
                let patient = new_patient(number, &format!("p-{number}"), at);
                let fallen = tokio::task::JoinSet::from_iter([async move {
                    store
                        .clinic(&clinician(1))
                        .write::<(), Fault, _>(move |unit| {
                            unit.insert_patient(&patient)?;
                            fall()
                        })
                        .await
                }]);
                let fallen = { fallen }.join_next().await.expect("one task");
                assert!(
                    fallen.is_err_and(|error| error.is_panic()),
                    "the caller gets the panic"
                );
            } else {
                add_patient(&store, 1, number, &format!("p-{number}"), at).await;
            }
        });
    }
    while let Some(done) = neighbours.join_next().await {
        done.expect("no neighbour fails");
    }
    assert_eq!(look(&store, 1, |view| view.patient_count()).await, 30);
    assert_eq!(trail_size(&store).await, before + 31);
    expect_intact(lab, &store).await;
}

#[expect(clippy::panic, reason = "the test is about a panic")]
fn fall() -> Result<Audited<()>, Fault> {
    panic!("on purpose: this unit panics")
}

/// I4, U3: what had not been committed when the process ended is wholly absent after it.
pub async fn what_was_not_committed_is_gone(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "kept", at).await;
    let size = trail_size(&store).await;
    drop(store);
    {
        // The process dies between a unit and its commit.
        let backend = lab.backend();
        let mut writer = backend.open_writer().expect("a writer");
        writer.begin().expect("a transaction");
        writer.mark().expect("a mark");
        let lost = new_patient(2, "lost", at);
        writer
            .transaction()
            .owned(&scope(1))
            .insert_patient(&lost)
            .expect("inserted");
        assert!(!writer.touched().expect("touched").is_empty());
        writer.keep().expect("kept");
    }
    let store = lab.store();
    assert_eq!(trail_size(&store).await, size);
    let backend = lab.backend();
    let mut found = None;
    backend
        .read(&mut |snapshot| {
            let owned = snapshot.owned(&scope(1));
            let lost = owned.patient_by_unique_id(&unique_id("lost")).expect("readable");
            found = Some((owned.patient_count().expect("readable"), lost));
        })
        .expect("a snapshot");
    assert_eq!(found, Some((1, None)));
    expect_intact(lab, &store).await;
    let event = Event::new(Action::ServerStarted);
    store
        .record(&caller(1), vec![event])
        .await
        .expect("the store goes on");
    assert!(
        look(&store, 1, |view| view.patient(patient_id(1), at))
            .await
            .is_some()
    );
}
