//! A10: absent and not yours are the same answer, on every port; and below, the keys say so too.

use cutis_audit::{Action, Audited, Event};
use cutis_domain::entry::{Field, Layout, Signed};
use cutis_domain::page::Limit;
use cutis_domain::{Caller, ImageId, PatientId, Timestamp, UploadKey};
use cutis_storage::port::{
    ActivityKind, FieldValue, KeptEdit, NewImage, NewValue, PatientFilter, Placed, Receipt, SomeImages,
};
use cutis_storage::{ErrorKind, InsideWrite, OpenEntry, OpenTagged, StorageError};

use super::lists::newest;
use super::ports::is_conflict;
use crate::builders::{
    account_id, addendum, client_id, clinician, comparison, comparison_id, consent, consent_id, digest,
    entry, entry_id, image_change, image_draft, image_id, new_patient, patient_change, patient_id, recorder,
    revision, session, session_id, tag, tag_category, tag_category_id, tag_id, unique_id, username,
};
use crate::lab::{
    Fault, Lab, add_consent, add_entry, add_image, add_patient, add_tags, expect_intact, look, look_at_trail,
    set, write_on_entry,
};
use cutis_domain::settings::Key;
use cutis_domain::tag::Tagged;
use cutis_storage::Store;

group! {
    ($) storage_isolation: isolation;
    anothers_patient_is_absent,
    anothers_belongings_are_absent,
    nobody_gets_inside_anothers_patient,
    nothing_points_at_anothers_patient,
    anothers_patient_cannot_be_changed,
    anothers_entry_is_not_opened,
    anothers_tags_are_absent,
    anothers_tags_cannot_be_changed_or_given,
    sessions_belong_to_accounts,
}

const KEY: UploadKey = UploadKey::from_bytes([9; 16]);
/// Below every image of a pool.
const LOWEST: Placed = Placed {
    place: i64::MIN,
    id: ImageId::from_bytes([0; 16]),
};

/// Everything of the furnished patient that has tags.
const TAGGED: [fn() -> Tagged; 3] = [
    || Tagged::Patient,
    || Tagged::Entry(entry_id(1)),
    || Tagged::Image(image_id(1)),
];

/// A patient of clinician 1 with one of everything.
async fn furnished(lab: &Lab) -> (Store, Timestamp) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    add_consent(&store, 1, consent(1, patient_id(1), at))
        .await
        .expect("consent");
    add_image(&store, 1, 1, 1, at).await.expect("image");
    add_entry(&store, 1, entry(1, patient_id(1), at, at))
        .await
        .expect("entry");
    store
        .clinic(&clinician(1))
        .write::<_, Fault, _>(move |unit| {
            let receipt = Receipt {
                image: image_id(1),
                sha256: digest(1),
            };
            unit.change_belongings(patient_id(1))
                .insert_receipt(KEY, 0, receipt, at)?;
            Ok(Audited::new((), Event::new(Action::ImageStored)))
        })
        .await
        .expect("receipt");
    add_image(&store, 1, 1, 2, at).await.expect("image");
    add_tags(&store, 1, 1, &[1, 2], at).await.expect("tags");
    store
        .clinic(&clinician(1))
        .write::<_, Fault, _>(move |unit| {
            let mut inside = unit.inside(patient_id(1))?;
            for it in TAGGED {
                let it = inside.open_tagged(it())?;
                assert!(inside.give_tag(&it, tag_id(1), at)?, "new");
            }
            let open = inside.open_entry(entry_id(1))?;
            assert!(inside.add_to_workspace(&open, image_id(1), at)?, "new");
            inside.insert_comparison(&open, &comparison(1, 1, &[1, 2]), 0, at)?;
            write_on_entry(&mut inside, 1, at)?;
            Ok(Audited::new((), Event::new(Action::TagsAssigned)))
        })
        .await
        .expect("tags are given");
    (store, at)
}

/// A10: the patient is there for its owner and for nobody else, by any way of asking.
pub async fn anothers_patient_is_absent(lab: &Lab) {
    let (store, at) = furnished(lab).await;
    for (who, there) in [(1, true), (2, false)] {
        assert_eq!(
            look(&store, who, |view| view.patient(patient_id(1), at))
                .await
                .is_some(),
            there
        );
        assert_eq!(
            look(&store, who, |view| view.patients(&newest(
                None,
                Limit::default(),
                at
            )))
            .await
            .len(),
            usize::from(there)
        );
        for needle in ["anna-1", "nna", "a"] {
            let everybody = PatientFilter::default();
            let found = look(&store, who, |view| view.find_patients(needle, &everybody, at)).await;
            assert_eq!(found.patients.len(), usize::from(there), "{needle:?}");
        }
        let ids = [patient_id(1)];
        let seen = look(&store, who, |view| {
            let everybody = PatientFilter {
                images: Some(1..=9),
                ..PatientFilter::default()
            };
            Ok([
                view.headings_of(&ids, at)?.len(),
                view.covers(&ids)?.len(),
                view.grants_of(&ids)?.len(),
                usize::try_from(view.count_patients(&everybody, at)?).unwrap_or(usize::MAX),
            ])
        });
        assert_eq!(seen.await, [usize::from(there); 4]);
        assert_eq!(
            look(&store, who, |view| view.patient_count()).await,
            u64::from(there)
        );
        let by_unique_id = store
            .clinic(&clinician(who))
            .write::<_, Fault, _>(move |unit| {
                let found = unit.patient_by_unique_id(&unique_id("anna-1"))?;
                let patient = unit.patient(patient_id(1), at)?;
                assert_eq!(found.is_some(), patient.is_some());
                Ok(Audited::new(found, Event::new(Action::PatientsSearched)))
            })
            .await
            .expect("readable");
        assert_eq!(by_unique_id.is_some(), there);
    }
    // The same unique id is free for another owner (P1: unique within the account).
    add_patient(&store, 2, 2, "anna-1", at).await;
    expect_intact(lab, &store).await;
}

/// A10: so are its entries, consents, signature, images, receipts and activity.
pub async fn anothers_belongings_are_absent(lab: &Lab) {
    let (store, _) = furnished(lab).await;
    let patient = patient_id(1);
    for (who, there) in [(1, true), (2, false)] {
        let answers = look_at_trail(&store, who, |view| {
            let inside = view.belongings(patient);
            let end = Timestamp::from_micros(i64::MAX);
            Ok([
                !inside.entries(None, Limit::default())?.is_empty(),
                inside.entry(entry_id(1))?.is_some(),
                inside.notes(entry_id(1))?.is_some(),
                !inside.revisions_to(entry_id(1), Field::Notes, 1)?.is_empty(),
                !inside
                    .revisions(entry_id(1), Field::Title, None, Limit::default())?
                    .is_empty(),
                inside
                    .last_edit(entry_id(1), Field::Title, client_id(1))?
                    .is_some(),
                !inside.addenda(entry_id(1))?.is_empty(),
                inside.entry_layout(entry_id(1))?.is_some(),
                inside.workspace_begin(entry_id(1), 5)? != SomeImages::default(),
                inside.comparison_count(entry_id(1))? > 0,
                inside.images_without_entry(Timestamp::EPOCH, end, 5)? != SomeImages::default(),
                !inside.consents(Limit::default())?.is_empty(),
                inside.consent(consent_id(1))?.is_some(),
                inside.signature(consent_id(1))?.is_some(),
                !inside.grants()?.is_empty(),
                inside.image(image_id(1))?.is_some(),
                inside.image_by_digest(&digest(1))?.is_some(),
                !inside.images(None, Limit::default())?.is_empty(),
                !inside.images_by_place(None, Limit::default())?.is_empty(),
                !inside.places_after(None, Limit::default())?.is_empty(),
                !inside.places_before(LOWEST, Limit::default())?.is_empty(),
                inside.image_count(Timestamp::EPOCH, end)? > 0,
                inside.newest_image_before(end)?.is_some(),
                inside.cover_image()?.is_some(),
                inside.receipt(KEY, 0)?.is_some(),
                !inside
                    .patient_activity(ActivityKind::All, None, Limit::default())?
                    .is_empty(),
                TAGGED
                    .iter()
                    .all(|it| inside.has_tagged(it()).is_ok_and(|found| found == there) && there),
                TAGGED
                    .iter()
                    .any(|it| inside.effective_tags(it()).is_ok_and(|tags| !tags.is_empty())),
                TAGGED
                    .iter()
                    .any(|it| inside.direct_tags(it()).is_ok_and(|tags| tags > 0)),
                !inside.effective_tags_of_entries()?.is_empty(),
                !inside.workspace(entry_id(1))?.is_empty(),
                !inside.comparisons(entry_id(1))?.is_empty(),
                inside.comparison(comparison_id(1))?.is_some(),
            ])
        })
        .await;
        assert_eq!(answers, [there; 33], "clinician {who}");
    }
    // A child is only found through its own parent.
    let at = lab.now();
    add_patient(&store, 1, 3, "ben-3", at).await;
    let other = patient_id(3);
    let strays = look(&store, 1, |view| {
        let inside = view.belongings(other);
        Ok([
            inside.entry(entry_id(1))?.is_some(),
            inside.notes(entry_id(1))?.is_some(),
            !inside.revisions_to(entry_id(1), Field::Notes, 1)?.is_empty(),
            !inside.addenda(entry_id(1))?.is_empty(),
            inside.image(image_id(1))?.is_some(),
            inside.consent(consent_id(1))?.is_some(),
            inside.signature(consent_id(1))?.is_some(),
            inside.receipt(KEY, 0)?.is_some(),
            inside.has_tagged(Tagged::Entry(entry_id(1)))?,
            inside.has_tagged(Tagged::Image(image_id(1)))?,
            !inside.effective_tags(Tagged::Entry(entry_id(1)))?.is_empty(),
            !inside.effective_tags(Tagged::Image(image_id(1)))?.is_empty(),
            inside.direct_tags(Tagged::Image(image_id(1)))? > 0,
            !inside.workspace(entry_id(1))?.is_empty(),
            !inside.comparisons(entry_id(1))?.is_empty(),
            inside.comparison(comparison_id(1))?.is_some(),
        ])
    })
    .await;
    assert_eq!(strays, [false; 16]);
}

/// A10, G1: nobody gets inside another owner's patient, to read or to change.
pub async fn nobody_gets_inside_anothers_patient(lab: &Lab) {
    let (store, at) = furnished(lab).await;
    for (who, there) in [(1, true), (2, false)] {
        let read = look(&store, who, |view| Ok(view.inside(patient_id(1)).is_ok())).await;
        assert_eq!(read, there, "clinician {who}");
    }
    let absent = |result: Result<(), Fault>, what: &str| {
        assert!(matches!(result, Err(Fault::Absent)), "{what}");
    };
    absent(
        add_entry(&store, 2, entry(2, patient_id(1), at, at)).await,
        "entry",
    );
    absent(
        add_consent(&store, 2, consent(2, patient_id(1), at)).await,
        "consent",
    );
    absent(add_image(&store, 2, 1, 2, at).await, "image");
    expect_intact(lab, &store).await;
}

/// A10, G1: and the database itself refuses a row that points at another owner's patient, or that says of
/// itself that it is another patient's.
pub async fn nothing_points_at_anothers_patient(lab: &Lab) {
    let (store, at) = furnished(lab).await;
    add_patient(&store, 1, 3, "ben-3", at).await;
    let conflict = |result: Result<(), Fault>, what: &str| {
        assert!(
            matches!(result, Err(Fault::Storage(error)) if error.kind() == ErrorKind::Conflict),
            "{what}"
        );
    };
    let visit = add_unasked(&store, 2, patient_id(1), move |unit| {
        unit.insert_entry(&entry(2, patient_id(1), at, at))
    });
    conflict(visit.await, "entry");
    for who in [1, 2] {
        let patient = if who == 1 { patient_id(3) } else { patient_id(1) };
        let remarked = add_unasked(&store, who, patient, move |unit| {
            unit.insert_addendum(entry_id(1), &addendum(9, at))
        });
        conflict(remarked.await, "an addendum");
        let laid_out = add_unasked(&store, who, patient, |unit| {
            unit.set_entry_layout(entry_id(1), &Layout::default())
        });
        conflict(laid_out.await, "a layout");
    }
    conflict(
        on_another_patients(&store, move |unit, open| {
            let new = NewValue {
                value: FieldValue::Title(None),
                revision: revision(2, at),
            };
            assert!(!unit.set_value(&open, &new)?, "there is no such entry for them");
            unit.insert_revision(&open, Field::Title, &revision(3, at))?;
            let signed = Signed { by: username(2), at };
            assert!(!unit.sign_entry(open, &signed)?, "nor to be signed");
            Ok(())
        })
        .await,
        "a revision",
    );
    let kept = KeptEdit {
        seq: 9,
        body: [0; 32],
        version: 1,
        at,
    };
    let edited = on_another_patients(&store, move |unit, open| {
        unit.keep_edit(&open, Field::Title, client_id(9), &kept)
    });
    conflict(edited.await, "an edit");
    let agreed = add_unasked(&store, 2, patient_id(1), move |unit| {
        unit.insert_consent(&consent(2, patient_id(1), at))
    });
    conflict(agreed.await, "consent");
    let receipt = Receipt {
        image: image_id(1),
        sha256: digest(1),
    };
    let noted = add_unasked(&store, 2, patient_id(1), move |unit| {
        unit.insert_receipt(KEY, 1, receipt, at)
    });
    conflict(noted.await, "receipt");
    // Anna's things do not go to Ben, although both are this owner's.
    let visit = add_unasked(&store, 1, patient_id(3), move |unit| {
        unit.insert_entry(&entry(2, patient_id(1), at, at))
    });
    conflict(visit.await, "another patient's entry");
    let agreed = add_unasked(&store, 1, patient_id(3), move |unit| {
        unit.insert_consent(&consent(2, patient_id(1), at))
    });
    conflict(agreed.await, "another patient's consent");
    let stored = store
        .clinic(&clinician(1))
        .write::<_, Fault, _>(move |unit| {
            let proof = unit.inside(patient_id(1))?.admit(at)?;
            let image = NewImage::new(image_draft(7, at), proof);
            unit.inside(patient_id(3))?.insert_image(&image)?;
            Ok(Audited::new((), Event::new(Action::ImageStored)))
        })
        .await;
    conflict(stored, "an image on another patient's consent");
    expect_intact(lab, &store).await;
}

/// Adds something without asking whether the patient is there, as no use case can.
async fn add_unasked(
    store: &Store,
    who: u32,
    patient: PatientId,
    add: impl FnOnce(&mut dyn InsideWrite<'_>) -> Result<(), StorageError> + Send + 'static,
) -> Result<(), Fault> {
    store
        .clinic(&clinician(who))
        .write(move |unit| {
            add(&mut *unit.change_belongings(patient))?;
            Ok(Audited::new((), Event::new(Action::EntryCreated)))
        })
        .await
}

/// Uses the witness of an entry of one patient among what belongs to another patient of the same owner.
async fn on_another_patients(
    store: &Store,
    change: impl for<'tx> FnOnce(&mut dyn InsideWrite<'tx>, OpenEntry<'tx>) -> Result<(), StorageError>
    + Send
    + 'static,
) -> Result<(), Fault> {
    store
        .clinic(&clinician(1))
        .write(move |unit| {
            let open = unit.inside(patient_id(1))?.open_entry(entry_id(1))?;
            change(&mut *unit.change_belongings(patient_id(3)), open)?;
            Ok(Audited::new((), Event::new(Action::EntryChanged)))
        })
        .await
}

/// A10, E5: an entry that is another patient's or another owner's is not opened for a change.
pub async fn anothers_entry_is_not_opened(lab: &Lab) {
    let (store, at) = furnished(lab).await;
    add_patient(&store, 1, 3, "ben-3", at).await;
    add_patient(&store, 2, 2, "ben-2", at).await;
    for (who, patient) in [(1, 3), (2, 2), (2, 1)] {
        let asked = store
            .clinic(&clinician(who))
            .write::<_, Fault, _>(move |unit| {
                let open = unit.inside(patient_id(patient))?.open_entry(entry_id(1))?;
                Ok(Audited::new(open.id(), Event::new(Action::EntryChanged)))
            })
            .await;
        assert!(matches!(asked, Err(Fault::Absent)), "{who}, {patient}");
    }
    expect_intact(lab, &store).await;
}

/// A10: nor can it be changed or its consent revoked: there is nothing to change.
pub async fn anothers_patient_cannot_be_changed(lab: &Lab) {
    let (store, at) = furnished(lab).await;
    let done = store
        .clinic(&clinician(2))
        .write::<_, Fault, _>(move |unit| {
            let change = patient_change(new_patient(1, "taken-over", at), 1, at);
            let changed = unit.update_patient(&change)?;
            let revocation = cutis_consent::record::Revocation {
                at,
                by: recorder(2),
                reason: cutis_consent::record::Reason::parse("Because.").expect("a reason"),
            };
            let revoked = unit
                .change_belongings(patient_id(1))
                .revoke_consent(consent_id(1), &revocation)?;
            let mut belongings = unit.change_belongings(patient_id(1));
            let described = belongings.change_image(&image_change(1, at))?;
            let moved = belongings.place_image(image_id(1), Some(7), at)?;
            drop(belongings);
            Ok(Audited::new(
                [changed, revoked, described, moved],
                Event::new(Action::PatientChanged),
            ))
        })
        .await
        .expect("no error: there is nothing to change");
    assert_eq!(done, [false; 4]);
    let anna = look(&store, 1, |view| view.patient(patient_id(1), at))
        .await
        .expect("still there");
    assert_eq!((anna.unique_id.as_str(), anna.version), ("anna-1", 1));
}

/// A10, T1: another's catalogue is empty, and a tag, an entry or an image of it is nowhere.
pub async fn anothers_tags_are_absent(lab: &Lab) {
    let (store, _) = furnished(lab).await;
    for (who, there) in [(1, true), (2, false)] {
        let answers = look(&store, who, |view| {
            Ok([
                view.tags_begun()?,
                !view.tag_categories()?.is_empty(),
                !view.tags()?.is_empty(),
                view.tag(tag_id(1))?.is_some(),
                !view.tag_patients(tag_id(1), Limit::default())?.is_empty(),
                view.patient_of_entry(entry_id(1))?.is_some(),
                view.patient_of_image(image_id(1))?.is_some(),
            ])
        })
        .await;
        assert_eq!(answers, [there; 7], "clinician {who}");
    }
}

/// A10, T3: nobody changes another's tags, and a tag is given to its owner's things only.
pub async fn anothers_tags_cannot_be_changed_or_given(lab: &Lab) {
    let (store, at) = furnished(lab).await;
    add_patient(&store, 2, 2, "ben-2", at).await;
    add_entry(&store, 2, entry(2, patient_id(2), at, at))
        .await
        .expect("entry");
    add_tags(&store, 2, 2, &[3], at).await.expect("tags");
    let done = store
        .clinic(&clinician(2))
        .write::<_, Fault, _>(move |unit| {
            let done = [
                unit.update_tag_category(&tag_category(1), 3)?,
                unit.remove_tag_category(tag_category_id(1))?,
                unit.update_tag(&tag(1, 1))?,
                unit.remove_tag(tag_id(2))?,
            ];
            let own = unit.inside(patient_id(2))?.open_entry(entry_id(2))?;
            let mut theirs = unit.change_belongings(patient_id(1));
            let taken = [
                theirs.take_tag(&OpenTagged::Patient, tag_id(1), at)?,
                theirs.replace_tag(tag_id(1), tag_id(3), at)? > 0,
                theirs.drop_tag(tag_id(1), at)? > 0,
                theirs.remove_from_workspace(&own, image_id(1), at)?,
                theirs.update_comparison(&own, &comparison(1, 1, &[2, 1]), Some(0), at)?,
                theirs.remove_comparison(&own, comparison_id(1), at)?,
            ];
            Ok(Audited::new((done, taken), Event::new(Action::TagChanged)))
        })
        .await
        .expect("no error: there is nothing to change");
    assert_eq!(done, ([false; 4], [false; 6]));
    // Foreign keys refuse what no question above would let through.
    for (who, patient, given) in [(2, 2, tag_id(1)), (2, 1, tag_id(3)), (1, 1, tag_id(3))] {
        let stored = add_unasked(&store, who, patient_id(patient), move |inside| {
            inside.give_tag(&OpenTagged::Patient, given, at).map(drop)
        });
        assert!(is_conflict(&stored.await), "{who}, {patient}, {given}");
    }
    for compares in [false, true] {
        let shown = store
            .clinic(&clinician(2))
            .write::<_, Fault, _>(move |unit| {
                let mut inside = unit.inside(patient_id(2))?;
                let open = inside.open_entry(entry_id(2))?;
                if compares {
                    inside.insert_comparison(&open, &comparison(2, 2, &[1, 2]), 0, at)?;
                } else {
                    inside.add_to_workspace(&open, image_id(1), at)?;
                }
                Ok(Audited::new((), Event::new(Action::WorkspaceChanged)))
            })
            .await;
        assert!(is_conflict(&shown), "compares: {compares}");
    }
    let category = store
        .clinic(&clinician(2))
        .write::<_, Fault, _>(move |unit| {
            unit.insert_tag(&tag(9, 1), at)?;
            Ok(Audited::new((), Event::new(Action::TagCreated)))
        })
        .await;
    assert!(is_conflict(&category));
    expect_intact(lab, &store).await;
}

/// A7: a session is listed for and ended by its own account only.
pub async fn sessions_belong_to_accounts(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    set(&store, Key::PracticeName, "Praxis").await;
    let ended = store
        .practice(&Caller::system())
        .write::<_, Fault, _>(move |unit| {
            unit.insert_session(&session(1, 1, at))?;
            unit.insert_session(&session(2, 2, at))?;
            let wrong = unit.end_session(account_id(2), session_id(1), at)?;
            Ok(Audited::new(wrong, Event::new(Action::SessionStarted)))
        })
        .await
        .expect("sessions");
    assert!(!ended, "a session ends by its own account only");
    let live = store
        .look_up(|view| -> Result<_, Fault> { Ok(view.live_sessions(account_id(1), at)?) })
        .await
        .expect("readable");
    assert_eq!(
        live.iter().map(|session| session.id).collect::<Vec<_>>(),
        [session_id(1)]
    );
}
