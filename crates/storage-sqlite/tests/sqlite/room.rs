//! How much room the trail takes (issue 9): a fixed mix of what a practice does, in pages of the database.

use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_domain::{Caller, ImageId, PatientId, RequestId};
use cutis_storage::Store;
use cutis_testkit::Fault;
use cutis_testkit::builders::{caller, clinician, new_patient, patient_change, patient_id, text};
use cutis_testkit::lab::{add_patient, expect_intact};
use rusqlite::Connection;

use crate::support::lab_on_disk;

/// Ids in which nothing repeats, as those of a practice.
struct Ids(u64);

impl Ids {
    fn next(&mut self) -> [u8; 16] {
        [0; 16].map(|_: u8| {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            self.0.to_be_bytes()[0]
        })
    }

    /// A browser's request, each with an id of its own.
    fn request(&mut self) -> Caller {
        let agent = "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 \
                     Mobile/15E148 Safari/604.1";
        Caller {
            agent: Some(text(agent)),
            address: Some("192.168.178.41".parse().expect("an address")),
            request: Some(RequestId::from_bytes(self.next())),
            ..caller(1)
        }
    }

    fn patients(&mut self, count: i64) -> Vec<String> {
        (0..count)
            .map(|_| PatientId::from_bytes(self.next()).to_string())
            .collect()
    }
}

/// Issue 9: at most half a KiB an event over 40 lists of 50, 200 patients, 600 images, 60 edits and 40 searches, indexes and all,
/// and every fact is had back: the trail verifies.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_takes_half_a_kibibyte_on_average() {
    let (lab, folder) = lab_on_disk();
    let store = lab.practice().await;
    for number in 10..20 {
        add_patient(&store, 1, number, &format!("room-{number}"), lab.now()).await;
    }
    let file = folder.path().join("cutis.db");
    let (before, events) = (pages(&file), cutis_testkit::lab::trail_size(&store).await);
    let mut ids = Ids(9);
    for round in 0..20_u32 {
        for action in [
            Action::PatientsListed,
            Action::PatientsListed,
            Action::PatientsSearched,
            Action::PatientsSearched,
        ] {
            let found = if action == Action::PatientsListed { 50 } else { 12 };
            let event = Event::new(action)
                .detail(Detail::number("count", found))
                .detail(Detail::ids("patients", ids.patients(found)));
            record(&store, &ids.request(), event).await;
        }
        for _ in 0..10 {
            let patient = PatientId::from_bytes(ids.next());
            let event = Event::new(Action::PatientViewed)
                .target(Target::Patient(patient))
                .patient(patient)
                .detail(Detail::ids("images", ids.patients(1)));
            record(&store, &ids.request(), event).await;
            for _ in 0..3 {
                let event = Event::new(Action::ImageViewed)
                    .target(Target::Image(ImageId::from_bytes(ids.next())))
                    .patient(patient)
                    .detail(Detail::code("rendition", "screen"));
                record(&store, &ids.request(), event).await;
            }
        }
        for edit in 0..3_u64 {
            let number = 10 + round % 10;
            let version = 1 + u64::from(round / 10) * 3 + edit;
            let change = patient_change(
                new_patient(number, &format!("room-{number}"), lab.now()),
                version,
                lab.now(),
            );
            store
                .clinic(&clinician(1))
                .write::<_, Fault, _>(move |unit| {
                    assert!(unit.update_patient(&change)?, "version {version}");
                    let event = Event::new(Action::PatientChanged)
                        .target(Target::Patient(patient_id(number)))
                        .patient(patient_id(number));
                    Ok(Audited::new((), event))
                })
                .await
                .expect("changed");
        }
    }
    let events = cutis_testkit::lab::trail_size(&store).await - events;
    let bytes = pages(&file) - before;
    assert_eq!(events, 940);
    let each = bytes / i64::try_from(events).expect("few");
    assert!(each <= 512, "{each} bytes an event");
    expect_intact(&lab, &store).await;
}

async fn record(store: &Store, by: &Caller, event: Event) {
    store.record(by, vec![event]).await.expect("recorded");
}

/// Bytes of all pages of the database.
#[expect(clippy::disallowed_methods, reason = "looks at the file from outside")]
fn pages(file: &std::path::Path) -> i64 {
    let database = Connection::open(file).expect("the database opens");
    let number = |pragma: &str| {
        let value: i64 = database
            .pragma_query_value(None, pragma, |row| row.get(0))
            .expect("a number");
        value
    };
    number("page_count") * number("page_size")
}
