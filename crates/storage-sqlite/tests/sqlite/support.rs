//! A lab over a database in a folder of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cutis_audit::{Action, Audited, Event, Witness};
use cutis_domain::custom_field::{CustomField, FieldKind, FieldValue};
use cutis_domain::entry::Signed;
use cutis_domain::settings::Key;
use cutis_domain::tag::Tagged;
use cutis_domain::{Caller, Sensitive, Timestamp, UploadKey};
use cutis_storage::port::{Receipt, ThrottleRow};
use cutis_storage::{Backend, Store, Touch, TrailVerdict};
use cutis_storage_sqlite::{Options, Sqlite};
use cutis_testkit::builders::{
    account, clinician, comparison, consent, custom_field_id, digest, entry, entry_id, image_id, new_patient,
    patient_change, patient_id, session, session_id, spoken_consent, tag_id, text, username,
};
use cutis_testkit::lab::{
    add_consent, add_entry, add_image, add_patient, add_tags, look, set, write_on_entry,
};
use cutis_testkit::{Fault, Lab};
use tempfile::TempDir;

/// A fresh database; the folder goes when what comes with the lab is dropped. It is in memory where
/// the system has such a place: these tests look at files, never at whether a disk kept them.
pub(crate) fn lab() -> (Lab, TempDir) {
    let folder = TempDir::new_in("/dev/shm")
        .or_else(|_| TempDir::new())
        .expect("a folder");
    over(folder)
}

/// The same on the disk, for measuring.
pub(crate) fn lab_on_disk() -> (Lab, TempDir) {
    over(TempDir::new().expect("a folder"))
}

fn over(folder: TempDir) -> (Lab, TempDir) {
    let path = path(&folder);
    (Lab::new(move || open(&path)), folder)
}

/// Where the lab's database is.
pub(crate) fn path(folder: &TempDir) -> PathBuf {
    folder.path().join("cutis.db")
}

fn open(path: &Path) -> Arc<dyn Backend> {
    Arc::new(Sqlite::open(path, &Lab::key(), Options::default()).expect("it opens"))
}

/// What verification says of the database, with the heads kept outside or without.
pub(crate) async fn verdict(lab: &Lab, store: &Store, outside: bool) -> Result<(), String> {
    let heads = if outside { lab.witness.heads() } else { Vec::new() };
    let heads = heads
        .iter()
        .map(|head| Witness::head(head, "the head file"))
        .collect();
    match store.verify_trail(heads).await.expect("a verdict, not an error") {
        TrailVerdict::Intact(_) => Ok(()),
        TrailVerdict::Broken(fault) => Err(fault),
    }
}

/// A practice in which every table has at least two rows, but those that cannot.
pub(crate) async fn furnish(lab: &Lab) -> Store {
    let (store, at) = (lab.practice().await, lab.now());
    store
        .practice(&Caller::system())
        .write::<_, Fault, _>(move |unit| {
            unit.insert_account(&account(3, at))?;
            let row = ThrottleRow {
                failures: 3,
                last_failure_at: at,
                locked_until: Some(at),
            };
            for key in ["account:1", "address:7"] {
                unit.set_throttle(key, Some(row))?;
            }
            for (number, position) in [(1, 0), (2, 1)] {
                let kind = FieldKind::parse("choice", Some(["Left", "Right"]));
                let field = CustomField {
                    id: custom_field_id(number),
                    label: text(&format!("Field {number}")),
                    kind: kind.expect("a kind"),
                    retired: false,
                };
                unit.insert_custom_field(&field, position)?;
            }
            for number in 1..=3 {
                unit.insert_session(&session(number, 1, at))?;
            }
            Ok(Audited::new((), Event::new(Action::SessionStarted)))
        })
        .await
        .expect("accounts");
    for number in 1..=2 {
        store
            .touch(Touch::SessionSeen {
                session: session_id(number),
                at,
            })
            .await
            .expect("touched");
    }
    set(&store, Key::PracticeName, "Praxis").await;
    set(&store, Key::ConsentLevel, "advisory").await;
    // One of each pair is given to nothing.
    for (owner, tags) in [(1, &[1, 2]), (2, &[3, 4])] {
        add_tags(&store, owner, owner, tags, at).await.expect("tags");
    }
    for (number, owner) in [(1, 1), (2, 1), (3, 2)] {
        add_patient(&store, owner, number, &format!("p-{number}"), at).await;
        add_consent(&store, owner, consent(number, patient_id(number), at))
            .await
            .expect("consent");
        let spoken = spoken_consent(number + 10, patient_id(number), at);
        add_consent(&store, owner, spoken).await.expect("consent");
        fill_custom_fields(&store, owner, number, at).await;
        add_image(&store, owner, number, number, at).await.expect("image");
        // One is written on, below.
        for visit in [number, number + 20] {
            add_entry(&store, owner, entry(visit, patient_id(number), at, at))
                .await
                .expect("entry");
        }
        store
            .clinic(&clinician(owner))
            .write::<_, Fault, _>(move |unit| {
                let receipt = Receipt {
                    image: image_id(number),
                    sha256: digest(number),
                };
                let mut inside = unit.inside(patient_id(number))?;
                inside.insert_receipt(UploadKey::from_bytes([1; 16]), 0, receipt, at)?;
                write_on_entry(&mut inside, number, at)?;
                Ok(Audited::new((), Event::new(Action::ImageStored)))
            })
            .await
            .expect("receipt");
        add_image(&store, owner, number, number + 20, at)
            .await
            .expect("image");
        give_tags(&store, owner, number, at).await;
    }
    look(&store, 1, |view| view.patient(patient_id(1), at))
        .await
        .expect("there");
    store
}

/// Gives the owner's first tag to a patient, their visit and their image, and the visit a workspace and a comparison;
/// one of the visits is signed then.
async fn give_tags(store: &Store, owner: u32, number: u32, at: Timestamp) {
    store
        .clinic(&clinician(owner))
        .write::<_, Fault, _>(move |unit| {
            let mut inside = unit.inside(patient_id(number))?;
            let (visit, image) = (entry_id(number), image_id(number));
            for it in [Tagged::Patient, Tagged::Entry(visit), Tagged::Image(image)] {
                let it = inside.open_tagged(it)?;
                inside.give_tag(&it, tag_id(owner * 2 - 1), at)?;
            }
            let open = inside.open_entry(visit)?;
            inside.add_to_workspace(&open, image, at)?;
            inside.insert_comparison(&open, &comparison(number, number, &[number, number + 20]), 0, at)?;
            if number == 3 {
                let by = username(1);
                inside.sign_entry(open, &Signed { by, at })?;
            }
            Ok(Audited::new((), Event::new(Action::TagsAssigned)))
        })
        .await
        .expect("given");
}

/// Puts a value into one of the practice's custom fields of a patient.
async fn fill_custom_fields(store: &Store, owner: u32, number: u32, at: Timestamp) {
    store
        .clinic(&clinician(owner))
        .write::<_, Fault, _>(move |unit| {
            let mut change = patient_change(new_patient(number, &format!("p-{number}"), at), 1, at);
            let mut profile = change.profile.into_inner();
            let value = FieldValue::stored("choice", "Left").expect("a value");
            profile.custom_fields.insert(custom_field_id(1), value);
            change.profile = Sensitive::new(profile);
            assert!(unit.update_patient(&change)?, "there");
            Ok(Audited::new((), Event::new(Action::PatientChanged)))
        })
        .await
        .expect("filled");
}
