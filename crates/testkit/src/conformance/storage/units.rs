//! One unit of work: all of it or nothing, and what a refusal leaves (G3, G5, G7).

use cutis_audit::{Action, Audited, Event};
use cutis_consent::record::{Reason, Revocation};
use cutis_domain::page::Limit;
use cutis_domain::settings::Key;
use cutis_storage::ErrorKind;

use super::lists::newest;
use crate::builders::{clinician, consent, consent_id, entry, new_patient, patient_id, recorder};
use crate::lab::{Fault, Lab, add_consent, add_image, add_patient, expect_intact, look, set, trail_size};

group! {
    ($) storage_units: units;
    a_refusal_leaves_one_event,
    a_conflict_leaves_nothing,
    required_consent_is_required,
    a_view_is_recorded_before_it_is_let_out,
    a_consent_is_revoked_once,
}

/// G7: a refusal undoes everything and leaves exactly its own event.
pub async fn a_refusal_leaves_one_event(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    let before = trail_size(&store).await;
    let refused = store
        .clinic(&clinician(1))
        .write::<(), Fault, _>(move |unit| {
            unit.insert_patient(&new_patient(2, "ben-2", at))?;
            unit.inside(patient_id(1))?
                .insert_entry(&entry(1, patient_id(1), at, at.plus_seconds(9)))?;
            Err(Fault::OnPurpose)
        })
        .await;
    assert!(matches!(refused, Err(Fault::OnPurpose)));
    assert_eq!(trail_size(&store).await, before + 1);
    let anna = look(&store, 1, |view| view.patient(patient_id(1), at))
        .await
        .expect("there");
    assert_eq!((anna.entry_count, anna.last_modified), (0, at));
    assert_eq!(look(&store, 1, |view| view.patient_count()).await, 1);
    expect_intact(lab, &store).await;
}

/// G5: when the database refuses the third step the first two are gone too, and so are their events.
pub async fn a_conflict_leaves_nothing(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    let before = trail_size(&store).await;
    let failed = store
        .clinic(&clinician(1))
        .write::<_, Fault, _>(move |unit| {
            unit.insert_patient(&new_patient(1, "anna-1", at))?;
            unit.insert_patient(&new_patient(2, "ben-2", at))?;
            unit.insert_patient(&new_patient(3, "anna-1", at))?;
            Ok(Audited::new((), Event::new(Action::PatientCreated)))
        })
        .await;
    assert!(matches!(failed, Err(Fault::Storage(error)) if error.kind() == ErrorKind::Conflict));
    assert_eq!(trail_size(&store).await, before);
    assert!(
        look(&store, 1, |view| view.patients(&newest(
            None,
            Limit::default(),
            at
        )))
        .await
        .is_empty()
    );
    expect_intact(lab, &store).await;
}

/// N2, N4: under `required` an image enters with a live consent of that patient and without one not.
pub async fn required_consent_is_required(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    add_patient(&store, 1, 2, "ben-2", at).await;
    add_image(&store, 1, 1, 1, at)
        .await
        .expect("the level asks for none");
    set(&store, Key::ConsentLevel, "required").await;
    let before = trail_size(&store).await;
    assert!(matches!(
        add_image(&store, 1, 1, 2, at).await,
        Err(Fault::Consent)
    ));
    assert_eq!(trail_size(&store).await, before + 1, "the refusal is recorded");
    add_consent(&store, 1, consent(1, patient_id(1), at))
        .await
        .expect("recorded");
    add_image(&store, 1, 1, 2, at).await.expect("consent covers it");
    assert!(
        matches!(add_image(&store, 1, 2, 3, at).await, Err(Fault::Consent)),
        "another patient's does not"
    );
    revoke(&store, at).await.expect("revoked");
    assert!(
        matches!(add_image(&store, 1, 1, 4, at).await, Err(Fault::Consent)),
        "nor does a revoked one"
    );
    let anna = look(&store, 1, |view| view.patient(patient_id(1), at))
        .await
        .expect("there");
    assert_eq!(anna.image_count, 2, "what was stored stays");
    expect_intact(lab, &store).await;
}

async fn revoke(store: &cutis_storage::Store, at: cutis_domain::Timestamp) -> Result<bool, Fault> {
    store
        .clinic(&clinician(1))
        .write(move |unit| {
            let reason = Reason::parse("Changed her mind.").expect("a reason");
            let revocation = Revocation {
                at,
                by: recorder(1),
                reason,
            };
            let revoked = unit
                .inside(patient_id(1))?
                .revoke_consent(consent_id(1), &revocation)?;
            Ok(Audited::new(revoked, Event::new(Action::ConsentRevoked)))
        })
        .await
}

/// U3: what was read is let out only once the event of reading it is in the trail.
pub async fn a_view_is_recorded_before_it_is_let_out(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    let before = trail_size(&store).await;
    look(&store, 1, |view| view.patient(patient_id(1), at))
        .await
        .expect("there");
    assert_eq!(trail_size(&store).await, before + 1);
    let head = lab.witness.newest().expect("noted");
    assert_eq!(head.size, before + 1);
}

/// N4: revoking says whether it did, and a second time it does not.
pub async fn a_consent_is_revoked_once(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    add_consent(&store, 1, consent(1, patient_id(1), at))
        .await
        .expect("recorded");
    let later = at.plus_seconds(30);
    assert!(revoke(&store, later).await.expect("revoked"));
    assert!(!revoke(&store, later.plus_seconds(1)).await.expect("no error"));
    let record = look(&store, 1, |view| {
        view.belongings(patient_id(1)).consent(consent_id(1))
    })
    .await
    .expect("there");
    assert_eq!(record.revocation.map(|revocation| revocation.at), Some(later));
    let anna = look(&store, 1, |view| view.patient(patient_id(1), at))
        .await
        .expect("there");
    assert_eq!(anna.last_modified, later, "P3: revoking is a change");
    expect_intact(lab, &store).await;
}
