//! A signed entry is frozen with all that belongs to it (E5).

use std::sync::{Arc, Mutex, PoisonError};

use cutis_domain::Timestamp;
use cutis_domain::comparison::Comparison;
use cutis_domain::entry::Signed;
use cutis_domain::tag::Tagged;
use cutis_storage::Store;

use super::ports::{is_conflict, write};
use crate::builders::{comparison, comparison_id, entry, entry_id, image_id, patient_id, tag_id, username};
use crate::lab::{Fault, Lab, add_entry, add_image, add_patient, add_tags, expect_intact, look};

group! {
    ($) storage_signing: signing;
    e5_a_signed_entry_is_not_opened,
    e5_a_witness_is_of_one_entry_only,
    e5_signing_and_changing_at_once_end_in_an_order,
}

/// Two visits of a patient with two photos and a tag.
async fn furnished(lab: &Lab) -> (Store, Timestamp) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    for number in 1..=2 {
        add_entry(&store, 1, entry(number, patient_id(1), at, at))
            .await
            .expect("entry");
        add_image(&store, 1, 1, number, at).await.expect("image");
    }
    add_tags(&store, 1, 1, &[1], at).await.expect("tags");
    (store, at)
}

async fn sign(store: &Store, number: u32, at: Timestamp) -> Result<bool, Fault> {
    write(store, move |unit| {
        let mut inside = unit.inside(patient_id(1))?;
        let open = inside.open_entry(entry_id(number))?;
        let by = username(1);
        Ok(inside.sign_entry(open, &Signed { by, at })?)
    })
    .await
}

/// E5: of a signed entry there is no witness, and without one nothing of it can be changed; it is signed once.
pub async fn e5_a_signed_entry_is_not_opened(lab: &Lab) {
    let (store, at) = furnished(lab).await;
    assert!(sign(&store, 1, at).await.expect("signed"));
    let refused = |result: Result<bool, Fault>| matches!(result, Err(Fault::Signed));
    assert!(refused(sign(&store, 1, at).await));
    let tagged = write(&store, move |unit| {
        let mut inside = unit.inside(patient_id(1))?;
        let it = inside.open_tagged(Tagged::Entry(entry_id(1)))?;
        Ok(inside.give_tag(&it, tag_id(1), at)?)
    });
    assert!(refused(tagged.await));
    // The other one is open, and so are the photo and the patient.
    let given = write(&store, move |unit| {
        let mut inside = unit.inside(patient_id(1))?;
        for it in [
            Tagged::Entry(entry_id(2)),
            Tagged::Image(image_id(1)),
            Tagged::Patient,
        ] {
            let it = inside.open_tagged(it)?;
            assert!(inside.give_tag(&it, tag_id(1), at)?);
        }
        let open = inside.open_entry(entry_id(2))?;
        Ok(inside.add_to_workspace(&open, image_id(1), at)?)
    });
    assert!(given.await.expect("given"));
    // Two witnesses of one unit: signing with the one leaves nothing to sign for the other.
    let twice = write(&store, move |unit| {
        let mut inside = unit.inside(patient_id(1))?;
        let two = [inside.open_entry(entry_id(2))?, inside.open_entry(entry_id(2))?];
        let mut signed = Vec::new();
        for open in two {
            let by = username(1);
            signed.push(inside.sign_entry(open, &Signed { by, at })?);
        }
        Ok(signed)
    });
    assert_eq!(twice.await.expect("signed"), [true, false]);
    expect_intact(lab, &store).await;
}

/// E5: with the witness of one entry nothing of another is changed.
pub async fn e5_a_witness_is_of_one_entry_only(lab: &Lab) {
    let (store, at) = furnished(lab).await;
    write(&store, move |unit| {
        let mut inside = unit.inside(patient_id(1))?;
        let open = inside.open_entry(entry_id(1))?;
        Ok(inside.insert_comparison(&open, &comparison(1, 1, &[1, 2]), 0, at)?)
    })
    .await
    .expect("compared");
    assert!(sign(&store, 1, at).await.expect("signed"));
    let changed = write(&store, move |unit| {
        let mut inside = unit.inside(patient_id(1))?;
        let other = inside.open_entry(entry_id(2))?;
        Ok([
            inside.update_comparison(&other, &comparison(1, 1, &[2, 1]), Some(0), at)?,
            inside.remove_comparison(&other, comparison_id(1), at)?,
        ])
    });
    assert_eq!(changed.await.expect("nothing to change"), [false, false]);
    let inserted = write(&store, move |unit| {
        let mut inside = unit.inside(patient_id(1))?;
        let other = inside.open_entry(entry_id(2))?;
        Ok(inside.insert_comparison(&other, &comparison(2, 1, &[1, 2]), 1, at)?)
    });
    assert!(is_conflict(&inserted.await));
    let groups = look(&store, 1, |view| {
        view.belongings(patient_id(1)).comparisons(entry_id(1))
    });
    let groups: Vec<_> = groups.await.iter().map(Comparison::image_ids).collect();
    assert_eq!(groups, [[image_id(1), image_id(2)]]);
    expect_intact(lab, &store).await;
}

/// E5: of a signature and changes that are asked for at once, what comes behind the signature is refused, and nothing else.
pub async fn e5_signing_and_changing_at_once_end_in_an_order(lab: &Lab) {
    const CHANGES: u32 = 24;
    let (store, at) = furnished(lab).await;
    // In the order of the units, which follow one another.
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut running = tokio::task::JoinSet::new();
    for number in 0..=CHANGES {
        let (store, order) = (store.clone(), Arc::clone(&order));
        running.spawn(async move {
            let asked = write(&store, move |unit| {
                let mut inside = unit.inside(patient_id(1))?;
                let open = inside.open_entry(entry_id(1))?;
                let signs = number == CHANGES / 2;
                if signs {
                    let by = username(1);
                    assert!(inside.sign_entry(open, &Signed { by, at })?);
                } else if number.is_multiple_of(2) {
                    inside.add_to_workspace(&open, image_id(1), at)?;
                } else {
                    inside.remove_from_workspace(&open, image_id(1), at)?;
                }
                order.lock().unwrap_or_else(PoisonError::into_inner).push(signs);
                Ok(())
            });
            let ended = asked.await;
            assert!(matches!(ended, Ok(()) | Err(Fault::Signed)), "{ended:?}");
            usize::from(ended.is_ok())
        });
    }
    let mut done = 0;
    while let Some(ended) = running.join_next().await {
        done += ended.expect("no writer fails");
    }
    let order = order.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert_eq!(order.len(), done, "whoever was refused changed nothing");
    assert_eq!(
        order.iter().position(|signs| *signs),
        Some(done - 1),
        "signing is the last of all"
    );
    expect_intact(lab, &store).await;
}
