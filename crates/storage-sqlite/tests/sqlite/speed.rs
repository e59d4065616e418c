//! What it costs, printed and never asserted: `cargo test --release -- --ignored --nocapture speed`.

use std::time::Duration;

use cutis_audit::{Action, Audited, Event};
use cutis_domain::Sensitive;
use cutis_domain::page::Limit;
use cutis_domain::patient::PatientProfile;
use cutis_storage::port::{
    NewPatient, Order, PatientFilter, PatientPosition, PatientSort, PatientsAsked, SortKey,
};
use cutis_testkit::Fault;
use cutis_testkit::builders::{clinician, new_patient, patient_id, text};
use cutis_testkit::lab::{add_patient, look};

use crate::support::lab_on_disk;

/// Ten thousand patients of one owner; each figure is the mean of many runs, view event included.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement, not a check"]
#[expect(clippy::print_stderr, reason = "a measurement is there to be read")]
async fn ten_thousand_patients() {
    let (lab, _folder) = lab_on_disk();
    let (store, at) = (lab.practice().await, lab.now());
    for hundred in 0..100_u32 {
        let patients: Vec<NewPatient> = (0..100)
            .map(|number| {
                let number = hundred * 100 + number;
                let profile = PatientProfile {
                    first_name: Some(text(&format!("First{}", number % 977))),
                    last_name: Some(text(&format!("Last{}", number % 1009))),
                    ..PatientProfile::default()
                };
                let at = at.plus_seconds(i64::from(number));
                NewPatient {
                    profile: Sensitive::new(profile),
                    ..new_patient(number, &format!("p-{number}"), at)
                }
            })
            .collect();
        store
            .clinic(&clinician(1))
            .write::<_, Fault, _>(move |unit| {
                patients
                    .iter()
                    .try_for_each(|patient| unit.insert_patient(patient))?;
                Ok(Audited::new((), Event::new(Action::PatientCreated)))
            })
            .await
            .expect("patients");
    }
    let say = |what: &str, runs: u32, took: Duration| {
        eprintln!("{what}: {:.3} ms", took.as_secs_f64() * 1000.0 / f64::from(runs));
    };
    let took = timed(async || {
        for number in 0..500 {
            look(&store, 1, |view| view.patient(patient_id(number * 17), at))
                .await
                .expect("there");
        }
    });
    say("one patient, with the event of the view", 500, took.await);
    for (what, deep) in [("first page of 50", false), ("page of 50 in the middle", true)] {
        let after = deep.then(|| PatientPosition {
            key: SortKey::Number(at.plus_seconds(5000).as_micros()),
            id: patient_id(5000),
        });
        let filter = PatientFilter::default();
        let limit = Limit::default();
        let took = timed(async || {
            for _ in 0..200 {
                assert_eq!(
                    look(&store, 1, |view| {
                        view.patients(&PatientsAsked {
                            sort: PatientSort::LastModified,
                            order: Order::Descending,
                            filter: &filter,
                            after: after.clone(),
                            limit,
                            now: at,
                        })
                    })
                    .await
                    .len(),
                    51
                );
            }
        });
        say(what, 200, took.await);
    }
    for needle in ["first97 last1", "p-77", "nothing like it"] {
        let took = timed(async || {
            for _ in 0..100 {
                look(&store, 1, |view| {
                    view.find_patients(needle, &PatientFilter::default(), at)
                })
                .await;
            }
        });
        say(&format!("search for {needle:?}"), 100, took.await);
    }
    let took = timed(async || {
        for number in 20_000..20_300 {
            add_patient(&store, 1, number, &format!("n-{number}"), at).await;
        }
    });
    say("a durable patient, one after the other", 300, took.await);
    let took = timed(async || {
        let mut running = tokio::task::JoinSet::new();
        for number in 30_000..34_000 {
            let store = store.clone();
            running.spawn(async move { add_patient(&store, 1, number, &format!("m-{number}"), at).await });
        }
        while let Some(done) = running.join_next().await {
            done.expect("no writer fails");
        }
    });
    say("a durable patient, many at once", 4000, took.await);
    let took = timed(async || drop(store.verify_trail(Vec::new()).await.expect("a verdict")));
    say("verifying everything", 1, took.await);
}

async fn timed(work: impl AsyncFnOnce()) -> Duration {
    #[expect(clippy::disallowed_methods, reason = "a measurement reads the real clock")]
    let start = std::time::Instant::now();
    work().await;
    start.elapsed()
}
