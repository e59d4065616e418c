//! The trail: it goes on after a restart, keeps to the level, and is told to those concerned.

use cutis_audit::{Action, Audited, Event, Target};
use cutis_domain::page::Limit;
use cutis_domain::settings::Key;
use cutis_domain::{Caller, Secret};
use cutis_storage::port::ActivityKind;

use crate::builders::{account_id, caller, clinician, new_patient, patient_id};
use crate::lab::{Fault, Lab, add_image, add_patient, expect_intact, look, look_at_trail, set, trail_size};

group! {
    ($) storage_trail: trail;
    it_survives_reopening,
    essential_leaves_out_but_attests,
    activity_is_told,
    it_is_verified_in_pieces,
}

/// U4: sequence and tree go on where they stood.
pub async fn it_survives_reopening(lab: &Lab) {
    let at = lab.now();
    let mut expected = 0;
    drop(lab.practice().await);
    for number in 0..5 {
        let store = lab.store();
        let size = trail_size(&store).await;
        assert!(number == 0 || size == expected, "nothing is lost between");
        add_patient(&store, 1, number, &format!("p-{number}"), at).await;
        expected = size + 1;
        assert_eq!(lab.witness.newest().map(|head| head.size), Some(expected));
        let report = expect_intact(lab, &store).await;
        assert_eq!(report.events, expected);
    }
}

/// U1: at `essential` an edit leaves no event of its own, yet its rows stay attested; the change of
/// level itself is always recorded and affects later events only.
pub async fn essential_leaves_out_but_attests(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    let before = trail_size(&store).await;
    set(&store, Key::AuditLevel, "essential").await;
    assert_eq!(trail_size(&store).await, before + 1);
    add_patient(&store, 1, 1, "anna-1", at).await;
    assert_eq!(trail_size(&store).await, before + 2, "one attestation");
    assert!(
        look(&store, 1, |view| view.patient(patient_id(1), at))
            .await
            .is_some()
    );
    assert_eq!(
        trail_size(&store).await,
        before + 2,
        "a view is not kept at this level"
    );
    let told = look_at_trail(&store, 1, |view| {
        view.belongings(patient_id(1))
            .patient_activity(ActivityKind::All, None, Limit::default())
    })
    .await;
    assert!(told.is_empty(), "the attestation says nothing about whom");
    expect_intact(lab, &store).await;
    set(&store, Key::AuditLevel, "comprehensive").await;
    let before = trail_size(&store).await;
    look(&store, 1, |view| view.patient(patient_id(1), at))
        .await
        .expect("there");
    assert_eq!(trail_size(&store).await, before + 1, "kept again");
    expect_intact(lab, &store).await;
}

/// U5: a patient's events to its owner, an account's security events to the account; newest first.
pub async fn activity_is_told(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    add_patient(&store, 1, 2, "ben-2", at).await;
    for number in 0..5 {
        add_image(&store, 1, 1, number, at).await.expect("image");
    }
    let limit = Limit::parse(4).expect("a limit");
    let page = async |kind, before| {
        let items = look_at_trail(&store, 1, |view| {
            view.belongings(patient_id(1))
                .patient_activity(kind, before, limit)
        })
        .await;
        items
            .iter()
            .map(|item| (item.sequence, item.record.action.clone()))
            .collect::<Vec<_>>()
    };
    let first = page(ActivityKind::All, None).await;
    assert_eq!(
        first.len(),
        5,
        "one more than asked, which says that there are more"
    );
    assert!(first.is_sorted_by(|one, next| one.0 > next.0), "newest first");
    assert!(
        first
            .iter()
            .all(|(_, action)| action == Action::ImageStored.code())
    );
    let cut = first.get(3).expect("the page's last").0;
    let second = page(ActivityKind::All, Some(cut)).await;
    let actions: Vec<&str> = second.iter().map(|(_, action)| action.as_str()).collect();
    assert_eq!(
        actions,
        [Action::ImageStored.code(), Action::PatientCreated.code()]
    );

    store
        .practice(&Caller::operator())
        .write::<_, Fault, _>(move |unit| {
            unit.set_password(account_id(1), &Secret::new("new".to_owned()))?;
            let target = Target::Account(account_id(1));
            Ok(Audited::new(
                (),
                Event::new(Action::PasswordResetByOperator).target(target),
            ))
        })
        .await
        .expect("reset");
    store
        .record(&caller(1), vec![Event::new(Action::SessionStarted)])
        .await
        .expect("recorded");
    store
        .record(&caller(2), vec![Event::new(Action::SessionStarted)])
        .await
        .expect("recorded");
    let own = store
        .look_up(|view| -> Result<_, Fault> {
            Ok(view.account_activity(account_id(1), ActivityKind::All, None, Limit::default())?)
        })
        .await
        .expect("readable");
    let actions: Vec<&str> = own.iter().map(|item| item.record.action.as_str()).collect();
    assert_eq!(
        actions,
        [
            Action::SessionStarted.code(),
            Action::PasswordResetByOperator.code()
        ],
        "what it did and what was done to it; nothing clinical, nothing of others"
    );
    expect_intact(lab, &store).await;
}

/// U3: a unit's rows are attested by its last event, all of them, also those a trigger changed.
pub async fn it_is_verified_in_pieces(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    let rows = expect_intact(lab, &store).await.rows;
    store
        .clinic(&clinician(1))
        .write::<_, Fault, _>(move |unit| {
            unit.insert_patient(&new_patient(1, "anna-1", at))?;
            unit.insert_patient(&new_patient(2, "ben-2", at))?;
            let event = Event::new(Action::PatientCreated);
            Ok(Audited::new((), event.clone().patient(patient_id(1))).and(event.patient(patient_id(2))))
        })
        .await
        .expect("two patients");
    let report = expect_intact(lab, &store).await;
    assert!(report.rows >= rows + 2, "two patients and whatever counts them");
    // The heads kept along the way are all on the way.
    assert!(lab.witness.heads().len() >= 2);
}
