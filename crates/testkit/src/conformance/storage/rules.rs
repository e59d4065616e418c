//! What is computed is right, an edit needs the version it was made from, what must be unique is.

use cutis_domain::page::Limit;
use cutis_storage::port::{ImageDraft, NewAccount, NewImage};

use super::lists::newest;
use super::ports::{change, is_conflict, write};
use crate::builders::{
    account, account_id, addendum, consent, entry, entry_id, image_draft, image_id, new_patient,
    patient_change, patient_id,
};
use crate::lab::{Lab, add_consent, add_entry, add_image, add_patient, expect_intact, look};

group! {
    ($) storage_rules: rules;
    what_is_computed_is_right,
    versions_guard_edits,
    duplicates_conflict,
    remarks_stay_in_their_order,
}

/// P3: counts, appointments and last change are always right, and views do not count.
pub async fn what_is_computed_is_right(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    add_patient(&store, 1, 2, "ben-2", at).await;
    let read = async |now| {
        look(&store, 1, |view| view.patient(patient_id(1), now))
            .await
            .expect("there")
    };
    let fresh = read(at).await;
    assert_eq!(
        (fresh.image_count, fresh.entry_count, fresh.last_modified),
        (0, 0, at)
    );
    assert_eq!((fresh.last_appointment, fresh.next_appointment), (None, None));
    let hour = |hours: i64| at.plus_seconds(hours * 3600);
    for (number, hours) in [(1, -48), (2, -1), (3, 0), (4, 1), (5, 72)] {
        add_entry(
            &store,
            1,
            entry(number, patient_id(1), hour(hours), hour(0).plus_seconds(1)),
        )
        .await
        .expect("entry");
    }
    let visited = read(at).await;
    assert_eq!(
        (visited.entry_count, visited.last_modified),
        (5, at.plus_seconds(1))
    );
    // The last is not after now, the next is after it; a moment decides.
    assert_eq!(
        (visited.last_appointment, visited.next_appointment),
        (Some(hour(0)), Some(hour(1)))
    );
    let earlier = read(hour(0).plus_seconds(-1)).await;
    assert_eq!(
        (earlier.last_appointment, earlier.next_appointment),
        (Some(hour(-1)), Some(hour(0)))
    );
    assert_eq!(read(hour(100)).await.next_appointment, None);
    add_image(&store, 1, 1, 1, hour(2)).await.expect("image");
    add_consent(&store, 1, consent(1, patient_id(1), hour(3)))
        .await
        .expect("consent");
    let seen = read(at).await;
    assert_eq!(
        (seen.image_count, seen.last_modified, seen.version),
        (1, hour(3), 1)
    );
    // A clock set back does not move it back, and a view does not move it at all.
    add_image(&store, 1, 1, 2, hour(-5)).await.expect("image");
    let again = read(at).await;
    assert_eq!((again.image_count, again.last_modified), (2, hour(3)));
    let other = look(&store, 1, |view| view.patient(patient_id(2), at))
        .await
        .expect("there");
    assert_eq!(
        (other.image_count, other.entry_count, other.last_modified),
        (0, 0, at)
    );
    assert_eq!(look(&store, 1, |view| view.patient_count()).await, 2);
    expect_intact(lab, &store).await;
}

/// P6: an edit counts only against the version it was made from.
pub async fn versions_guard_edits(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    let edit = async |unique: &'static str, expected: u64| {
        write(&store, move |unit| {
            let change = patient_change(new_patient(1, unique, at), expected, at);
            Ok(unit.update_patient(&change)?)
        })
        .await
        .expect("no error")
    };
    assert!(edit("anna-2", 1).await);
    assert!(!edit("anna-3", 1).await, "made from an old version");
    assert!(edit("anna-4", 2).await);
    let anna = look(&store, 1, |view| view.patient(patient_id(1), at))
        .await
        .expect("there");
    assert_eq!((anna.unique_id.as_str(), anna.version), ("anna-4", 3));
}

/// A1, P1, I2: a second one is refused and changes nothing.
pub async fn duplicates_conflict(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    add_patient(&store, 1, 2, "ben-2", at).await;
    add_image(&store, 1, 1, 1, at).await.expect("image");
    let same_name = write(&store, move |unit| {
        Ok(unit.insert_patient(&new_patient(3, "anna-1", at))?)
    })
    .await;
    assert!(is_conflict(&same_name));
    let renamed = write(&store, move |unit| {
        let change = patient_change(new_patient(2, "anna-1", at), 1, at);
        Ok(unit.update_patient(&change)?)
    });
    assert!(is_conflict(&renamed.await));
    let same_bytes = write(&store, move |unit| {
        let mut inside = unit.inside(patient_id(1))?;
        let proof = inside.admit(at)?;
        let draft = ImageDraft {
            id: image_id(9),
            ..image_draft(1, at)
        };
        Ok(inside.insert_image(&NewImage::new(draft, proof))?)
    });
    assert!(is_conflict(&same_bytes.await));
    let same_account = change(&store, move |unit| {
        Ok(unit.insert_account(&NewAccount {
            id: account_id(9),
            ..account(1, at)
        })?)
    });
    assert!(is_conflict(&same_account.await));
    // The same bytes of another patient are no duplicate.
    let of_another = write(&store, move |unit| {
        let mut inside = unit.inside(patient_id(2))?;
        let proof = inside.admit(at)?;
        let draft = ImageDraft {
            id: image_id(9),
            ..image_draft(1, at)
        };
        Ok(inside.insert_image(&NewImage::new(draft, proof))?)
    });
    of_another.await.expect("another patient's");
    assert_eq!(
        look(&store, 1, |view| view.patients(&newest(
            None,
            Limit::default(),
            at
        )))
        .await
        .len(),
        2
    );
    assert_eq!(
        look(&store, 1, |view| view.patient(patient_id(1), at))
            .await
            .map(|anna| anna.image_count),
        Some(1)
    );
    expect_intact(lab, &store).await;
}

/// E5: remarks are told in the order they were made, whatever their ids and the clock say.
pub async fn remarks_stay_in_their_order(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    add_entry(&store, 1, entry(1, patient_id(1), at, at))
        .await
        .expect("a visit");
    let made = [(9, at), (8, at), (10, at.plus_seconds(-60))];
    write(&store, move |unit| {
        let mut inside = unit.change_belongings(patient_id(1));
        for (number, when) in made {
            inside.insert_addendum(entry_id(1), &addendum(number, when))?;
        }
        Ok(())
    })
    .await
    .expect("remarks");
    let told = look(&store, 1, |view| {
        view.inside(patient_id(1)).expect("there").addenda(entry_id(1))
    })
    .await;
    let order: Vec<_> = told.iter().map(|it| it.addendum.id).collect();
    assert_eq!(
        order,
        made.map(|(number, when)| addendum(number, when).addendum.id)
    );
}
