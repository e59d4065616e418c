//! What is stored comes back as it was.

use std::fmt::Debug;

use cutis_audit::{Action, Audited, Event};
use cutis_consent::record::{Expiry, Reason, Revocation};
use cutis_domain::account::{AccountState, EmailAddress};
use cutis_domain::custom_field::FieldValue;
use cutis_domain::patient::{
    BirthDate, Country, Field, Fitzpatrick, Guardian, HealthCardNumber, LanguageTag, PatientProfile,
    SexAtBirth,
};
use cutis_domain::settings::{Key, Setting};
use cutis_domain::time::{Day, Zone};
use cutis_domain::{Caller, Secret, Sensitive, Text, UploadKey};
use cutis_storage::port::{NewConsent, NewPatient, Receipt, ThrottleRow};
use cutis_storage::{ErrorKind, Store, SystemUnit, SystemView, Touch, Unit};

use crate::builders::{
    account, account_id, clinician, consent, custom_field_id, digest, image_draft, image_id, new_patient,
    patient_change, patient_id, session, session_id, spoken_consent, text, username,
};
use crate::lab::{Fault, Lab, add_consent, add_image, add_patient, expect_intact, look, set};

group! {
    ($) storage_ports: ports;
    accounts_round_trip,
    throttles_round_trip,
    sessions_round_trip,
    sessions_are_handed_over,
    settings_round_trip,
    patients_round_trip,
    consents_round_trip,
    images_round_trip,
    receipts_round_trip,
}

pub(super) async fn change<T: Send + 'static>(
    store: &Store,
    work: impl for<'tx> FnOnce(&mut SystemUnit<'tx>) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let done = |unit: &mut SystemUnit<'_>| Ok(Audited::new(work(unit)?, Event::new(Action::AccountCreated)));
    store.practice(&Caller::system()).write(done).await
}

pub(super) async fn write<T: Send + 'static>(
    store: &Store,
    work: impl for<'tx> FnOnce(&mut Unit<'tx>) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let done = |unit: &mut Unit<'_>| Ok(Audited::new(work(unit)?, Event::new(Action::PatientChanged)));
    store.clinic(&clinician(1)).write(done).await
}

async fn ask<T: Send>(
    store: &Store,
    work: impl for<'tx> FnOnce(&SystemView<'tx>) -> Result<T, cutis_storage::StorageError> + Send,
) -> T {
    store.look_up(work).await.expect("it can be read")
}

pub(super) fn is_conflict<T: Debug>(result: &Result<T, Fault>) -> bool {
    matches!(result, Err(Fault::Storage(error)) if error.kind() == ErrorKind::Conflict)
}

/// A1, A2: accounts by username, address and id; how many; names once taken stay taken.
pub async fn accounts_round_trip(lab: &Lab) {
    let empty = lab.store();
    assert_eq!(ask(&empty, |view| view.account_count()).await, 0);
    drop(empty);
    let store = lab.practice().await;
    assert_eq!(ask(&store, |view| view.account_count()).await, 2);
    for login in ["clinician-1", " CLINICIAN-1 ", "Clinician-1@Practice.example"] {
        let found = ask(&store, |view| view.credentials(login)).await.expect(login);
        let expected = account(1, lab.now());
        assert_eq!(found.account.id, expected.id);
        assert_eq!(found.account.profile, expected.profile);
        assert_eq!(found.account.roles, expected.roles);
        assert_eq!(found.account.state, AccountState::Active);
        assert_eq!(found.account.created_at, lab.now());
        assert_eq!(found.password.expose(), "$stored$form");
    }
    for login in [
        "clinician-3",
        "nobody@practice.example",
        "",
        "@",
        "clinician-1' --",
    ] {
        assert!(
            ask(&store, |view| view.credentials(login)).await.is_none(),
            "{login}"
        );
    }
    assert!(ask(&store, |view| view.account(account_id(2))).await.is_some());
    assert!(ask(&store, |view| view.account(account_id(3))).await.is_none());
    assert!(ask(&store, |view| view.username_taken(&username(1))).await);
    assert!(!ask(&store, |view| view.username_taken(&username(9))).await);
    change(&store, |unit| {
        Ok(unit.set_password(account_id(1), &Secret::new("other".to_owned()))?)
    })
    .await
    .expect("set");
    let found = ask(&store, |view| view.credentials("clinician-1"))
        .await
        .expect("there");
    assert_eq!(found.password.expose(), "other");
    expect_intact(lab, &store).await;
}

/// A8: counted failures are kept, replaced and forgotten.
pub async fn throttles_round_trip(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    let once = ThrottleRow {
        failures: 1,
        last_failure_at: at,
        locked_until: None,
    };
    let many = ThrottleRow {
        failures: 10,
        last_failure_at: at,
        locked_until: Some(at.plus_seconds(900)),
    };
    for row in [Some(once), Some(many), None, Some(once)] {
        change(&store, move |unit| Ok(unit.set_throttle("account:1", row)?))
            .await
            .expect("set");
        assert_eq!(ask(&store, |view| view.throttle("account:1")).await, row);
    }
    assert_eq!(ask(&store, |view| view.throttle("account:2")).await, None);
    expect_intact(lab, &store).await;
}

/// A7: found by digest, listed while live, last use noted without an event, ended once.
pub async fn sessions_round_trip(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    change(&store, move |unit| {
        for number in 1..=3 {
            unit.insert_session(&session(number, 1, at.plus_seconds(i64::from(number))))?;
        }
        Ok(())
    })
    .await
    .expect("sessions");
    let before = ask(&store, |view| view.trail_size()).await;
    let used = at.plus_seconds(100);
    for seen in [used.plus_seconds(-50), used] {
        store
            .touch(Touch::SessionSeen {
                session: session_id(1),
                at: seen,
            })
            .await
            .expect("touched");
    }
    store
        .touch(Touch::SessionSeen {
            session: session_id(77),
            at: used,
        })
        .await
        .expect("nothing to touch");
    assert_eq!(
        ask(&store, |view| view.trail_size()).await,
        before,
        "a last use leaves no event"
    );
    let found = ask(&store, |view| view.session_by_token(&digest(1)))
        .await
        .expect("there");
    let expected = session(1, 1, at.plus_seconds(1));
    assert_eq!(
        (found.id, found.account, found.token),
        (expected.id, expected.account, expected.token)
    );
    assert_eq!(
        (found.created_at, found.expires_at),
        (expected.created_at, expected.expires_at)
    );
    assert_eq!((found.last_seen_at, found.ended_at), (used, None));
    assert_eq!((found.address, found.agent), (expected.address, expected.agent));
    assert!(
        ask(&store, |view| view.session_by_token(&digest(9)))
            .await
            .is_none()
    );
    let live = async |now| -> Vec<_> {
        ask(&store, |view| view.live_sessions(account_id(1), now))
            .await
            .iter()
            .map(|session| session.id)
            .collect()
    };
    assert_eq!(live(at).await, [3, 2, 1].map(session_id));
    assert_eq!(
        live(at.plus_seconds(12 * 3600 + 1)).await,
        [3, 2].map(session_id),
        "an expired one is not live"
    );
    let ended = change(&store, move |unit| {
        Ok([
            unit.end_session(account_id(1), session_id(2), at)?,
            unit.end_session(account_id(1), session_id(2), at)?,
        ])
    });
    assert_eq!(ended.await.expect("ended"), [true, false]);
    assert_eq!(live(at).await, [3, 1].map(session_id));
    let mut all = change(&store, move |unit| Ok(unit.end_all_sessions(account_id(1), at)?))
        .await
        .expect("ended");
    all.sort_unstable();
    assert_eq!(all, [1, 3].map(session_id));
    assert!(live(at).await.is_empty());
    let found = ask(&store, |view| view.session_by_token(&digest(1)))
        .await
        .expect("still known");
    assert_eq!(found.ended_at, Some(at));
    expect_intact(lab, &store).await;
}

/// N6: handed over for the consent of a patient, and taken back; one that is over is handed to nobody.
pub async fn sessions_are_handed_over(lab: &Lab) {
    let store = lab.practice().await;
    let at = lab.now();
    change(&store, move |unit| Ok(unit.insert_session(&session(1, 1, at))?))
        .await
        .expect("a session");
    for patient in [Some(patient_id(7)), Some(patient_id(8)), None] {
        let handed = change(&store, move |unit| {
            Ok([
                unit.set_handed_to(account_id(1), session_id(1), patient)?,
                unit.set_handed_to(account_id(2), session_id(1), Some(patient_id(9)))?,
                unit.set_handed_to(account_id(1), session_id(77), patient)?,
            ])
        });
        assert_eq!(handed.await.expect("handed over"), [true, false, false]);
        let found = ask(&store, |view| view.session_by_token(&digest(1))).await;
        assert_eq!(found.expect("there").handed_to, patient);
    }
    change(&store, move |unit| {
        Ok(unit.end_session(account_id(1), session_id(1), at)?)
    })
    .await
    .expect("ended");
    let late = change(&store, move |unit| {
        Ok(unit.set_handed_to(account_id(1), session_id(1), Some(patient_id(7)))?)
    });
    assert!(
        !late.await.expect("asked"),
        "one that is over is handed to nobody"
    );
    expect_intact(lab, &store).await;
}

/// O2: the default until somebody chooses, then what was chosen.
pub async fn settings_round_trip(lab: &Lab) {
    let store = lab.practice().await;
    for key in Key::ALL {
        assert_eq!(
            ask(&store, |view| view.setting(*key)).await,
            Setting::default_of(*key)
        );
    }
    for value in ["Praxis Łódź", "Other"] {
        set(&store, Key::PracticeName, value).await;
        assert_eq!(
            ask(&store, |view| view.setting(Key::PracticeName)).await.value(),
            value
        );
    }
    assert_eq!(
        ask(&store, |view| view.setting(Key::AuditLevel)).await,
        Setting::default_of(Key::AuditLevel)
    );
    expect_intact(lab, &store).await;
}

fn everything() -> PatientProfile {
    PatientProfile {
        first_name: Some(text("Anna")),
        middle_name: Some(text("Mária")),
        last_name: Some(text("Weber-Łuczak")),
        preferred_name: Some(text("Anni")),
        birth_date: Some(BirthDate::stored(Day::parse("1984-02-29").expect("a day"))),
        sex_at_birth: Some(SexAtBirth::Intersex),
        gender: Some(text("woman")),
        pronouns: Some(text("she/her")),
        mrn: Some(text("MRN-7")),
        health_card_number: HealthCardNumber::parse("1234567890").ok(),
        email: EmailAddress::parse("anna@example.org").ok(),
        phones: vec![text("+1 555 0100"), text("\"x\" [1]")],
        address: Some(text("1 Road\nTown")),
        country: Country::parse("CA").ok(),
        preferred_language: LanguageTag::parse("fr-CA").ok(),
        fitzpatrick: Some(Fitzpatrick::IV),
        referring_clinician: Some(text("Dr. A")),
        primary_clinician: Some(text("Dr. B")),
        allergies: Some(text("latex")),
        note: Some(text("'; DROP TABLE patient; --")),
        guardian: Some(Guardian {
            name: text("Eva"),
            relation: Some(text("mother")),
            phone: None,
            may_consent: true,
        }),
        custom_fields: [
            (1, "text", "two\nlines \"quoted\""),
            (2, "number", "-7.25"),
            (3, "date", "2026-02-28"),
            (4, "yes_no", "no"),
            (5, "choice", "Left"),
        ]
        .map(|(id, kind, value)| {
            let value = FieldValue::stored(kind, value).expect("a value");
            (custom_field_id(id), value)
        })
        .into(),
    }
}

/// As in the time before lines had a rule of their own.
fn from_before() -> PatientProfile {
    const OLD: &str = "Anna\t\u{200B}Weber";
    PatientProfile {
        first_name: Text::stored(OLD).ok(),
        middle_name: Text::stored(OLD).ok(),
        last_name: Text::stored(OLD).ok(),
        preferred_name: Text::stored(OLD).ok(),
        gender: Text::stored(OLD).ok(),
        pronouns: Text::stored(OLD).ok(),
        mrn: Text::stored(OLD).ok(),
        health_card_number: HealthCardNumber::stored(OLD).ok(),
        phones: vec![Text::stored(OLD).expect("a phone")],
        referring_clinician: Text::stored(OLD).ok(),
        primary_clinician: Text::stored(OLD).ok(),
        guardian: Some(Guardian {
            name: Text::stored(OLD).expect("a name"),
            relation: Text::stored(OLD).ok(),
            phone: Text::stored(OLD).ok(),
            may_consent: false,
        }),
        custom_fields: [(
            custom_field_id(5),
            FieldValue::stored("choice", OLD).expect("a value"),
        )]
        .into(),
        ..PatientProfile::default()
    }
}

/// P2: every field comes back, filled or empty, after adding and after changing.
pub async fn patients_round_trip(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    let full = NewPatient {
        profile: Sensitive::new(everything()),
        ..new_patient(1, "full", at)
    };
    write(&store, move |unit| Ok(unit.insert_patient(&full)?))
        .await
        .expect("added");
    add_patient(&store, 1, 2, "bare", at).await;
    let old = NewPatient {
        profile: Sensitive::new(from_before()),
        ..new_patient(3, "old", at)
    };
    write(&store, move |unit| Ok(unit.insert_patient(&old)?))
        .await
        .expect("added");
    let read = async |number| {
        look(&store, 1, |view| view.patient(patient_id(number), at))
            .await
            .expect("there")
    };
    let (full, bare, old) = (read(1).await, read(2).await, read(3).await);
    assert_eq!(
        *old.profile.reveal(),
        from_before(),
        "what was accepted earlier is read"
    );
    assert_eq!(*full.profile.reveal(), everything());
    assert_eq!(*bare.profile.reveal(), PatientProfile::default());
    assert_eq!(
        (full.unique_id.as_str(), full.created_at, full.version),
        ("full", at, 1)
    );
    let later = at.plus_seconds(5);
    let changed = write(&store, move |unit| {
        let emptied = patient_change(new_patient(1, "emptied", at), 1, later);
        let mut filled = patient_change(new_patient(2, "bare", at), 1, later);
        filled.profile = Sensitive::new(everything());
        filled.field_versions.changed([Field::Note], 2);
        Ok((unit.update_patient(&emptied)?, unit.update_patient(&filled)?))
    });
    assert_eq!(changed.await.expect("changed"), (true, true));
    let (emptied, filled) = (read(1).await, read(2).await);
    assert_eq!(*emptied.profile.reveal(), PatientProfile::default());
    assert_eq!(*filled.profile.reveal(), everything());
    // P6: the edit that last changed each field is kept; what is not named was last changed by the first.
    let moved = |field| filled.field_versions.moved_since(field, 1);
    assert_eq!((moved(Field::Note), moved(Field::Email)), (true, false));
    assert_eq!(
        (
            emptied.unique_id.as_str(),
            emptied.created_at,
            emptied.last_modified
        ),
        ("emptied", at, later)
    );
    expect_intact(lab, &store).await;
}

/// N3: a record comes back to the letter, signed or spoken, expiring and revoked.
pub async fn consents_round_trip(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    let mut digital = consent(1, patient_id(1), at);
    let day = Day::parse("2030-01-01").expect("a day");
    digital.record.expiry =
        Some(Expiry::on(day, &Zone::parse("America/Toronto").expect("a zone")).expect("in range"));
    let mut spoken = spoken_consent(2, patient_id(1), at);
    spoken.record.revocation = Some(Revocation {
        at: at.plus_seconds(60),
        by: crate::builders::recorder(2),
        reason: Reason::parse("Changed her mind.").expect("a reason"),
    });
    for kept in [&digital, &spoken] {
        add_consent(&store, 1, kept.clone()).await.expect("stored");
        let id = kept.record.id;
        let (record, signature) = look(&store, 1, |view| {
            Ok((
                view.belongings(patient_id(1)).consent(id)?,
                view.belongings(patient_id(1)).signature(id)?,
            ))
        })
        .await;
        assert_eq!(record.as_ref(), Some(&kept.record));
        assert_eq!(signature, kept.signature);
    }
    let grants = look(&store, 1, |view| view.belongings(patient_id(1)).grants()).await;
    assert_eq!(grants, [spoken.record.grant(), digital.record.grant()]);
    // N3: the facts of a signature without the signature would prove nothing.
    let unsigned = NewConsent {
        signature: None,
        ..consent(3, patient_id(1), at)
    };
    assert!(is_conflict(&add_consent(&store, 1, unsigned).await));
    expect_intact(lab, &store).await;
}

/// I3: what is known of an image comes back.
pub async fn images_round_trip(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    add_image(&store, 1, 1, 5, at).await.expect("stored");
    let draft = image_draft(5, at);
    for stored in [
        look(&store, 1, |view| {
            view.belongings(patient_id(1)).image(image_id(5))
        })
        .await
        .expect("there"),
        look(&store, 1, |view| {
            view.belongings(patient_id(1)).image_by_digest(&digest(5))
        })
        .await
        .expect("there"),
    ] {
        let image = stored.image;
        assert_eq!(
            (image.id, image.patient, image.sha256),
            (draft.id, patient_id(1), draft.sha256)
        );
        assert_eq!(
            (image.file_name, image.format),
            (draft.file_name.clone(), draft.format)
        );
        assert_eq!(
            (image.width, image.height, image.bytes),
            (draft.width, draft.height, draft.bytes)
        );
        assert_eq!((image.captured_at, image.uploaded_at), (draft.captured_at, at));
        assert_eq!(
            (image.uploaded_by, image.device),
            (draft.uploaded_by.clone(), draft.device.clone())
        );
        assert_eq!((image.incomplete, image.pages), (draft.incomplete, draft.pages));
        assert_eq!(
            (stored.thumbnail_bytes, stored.screen_bytes, stored.medium_bytes),
            (draft.thumbnail_bytes, draft.screen_bytes, draft.medium_bytes)
        );
    }
    assert!(
        look(&store, 1, |view| view
            .belongings(patient_id(1))
            .image(image_id(6)))
        .await
        .is_none()
    );
    for (name, known) in [
        (draft.original_name, true),
        (draft.derived_name, true),
        ([7; 32], false),
    ] {
        assert_eq!(ask(&store, move |view| view.blob_name_known(&name)).await, known);
        let owner = ask(&store, move |view| view.blob_owner(&name)).await;
        assert_eq!(owner, known.then(|| patient_id(1)));
    }
    expect_intact(lab, &store).await;
}

/// I4: what happened to a file of an upload is answered alike on a retry.
pub async fn receipts_round_trip(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    add_image(&store, 1, 1, 1, at).await.expect("stored");
    let (key, other) = (UploadKey::from_bytes([1; 16]), UploadKey::from_bytes([2; 16]));
    let receipt = Receipt {
        image: image_id(1),
        sha256: digest(1),
    };
    let note = move |unit: &mut Unit<'_>| {
        Ok(unit
            .change_belongings(patient_id(1))
            .insert_receipt(key, u16::MAX, receipt, at)?)
    };
    write(&store, note).await.expect("noted");
    assert!(is_conflict(&write(&store, note).await), "noted once");
    let read = async |key, index| {
        look(&store, 1, |view| {
            view.belongings(patient_id(1)).receipt(key, index)
        })
        .await
    };
    assert_eq!(read(key, u16::MAX).await, Some(receipt));
    assert_eq!(read(key, 0).await, None);
    assert_eq!(read(other, u16::MAX).await, None);
    expect_intact(lab, &store).await;
}
