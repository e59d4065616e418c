//! What people say about images, and the order that they give them (I3, I5).

use cutis_audit::{Action, Audited, Event};
use cutis_domain::page::Limit;
use cutis_storage::port::Placed;

use crate::builders::{clinician, image_change, image_id, patient_id};
use crate::lab::{Fault, Lab, add_image, add_patient, expect_intact, look};

group! {
    ($) storage_images: images;
    images_are_changed_and_placed,
    images_by_place_page_stably,
}

/// I3: a change of an image is kept whole, only from the version that it names, and moves the patient's last change.
pub async fn images_are_changed_and_placed(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    for number in [1, 2] {
        add_image(&store, 1, 1, number, at).await.expect("image");
    }
    let later = at.plus_seconds(60);
    let change = image_change(1, later);
    let (first, again, moved, absent) = store
        .clinic(&clinician(1))
        .write::<_, Fault, _>(move |unit| {
            let mut inside = unit.inside(patient_id(1))?;
            let first = inside.change_image(&change)?;
            let again = inside.change_image(&change)?;
            let moved = inside.place_image(image_id(1), Some(-5), later)?;
            let absent = inside.place_image(image_id(9), None, later)?;
            Ok(Audited::new(
                (first, again, moved, absent),
                Event::new(Action::ImageChanged),
            ))
        })
        .await
        .expect("changed");
    assert_eq!((first, again, moved, absent), (true, false, true, false));
    let change = image_change(1, later);
    let made = change.renditions.expect("renditions");
    let stored = look(&store, 1, |view| {
        view.belongings(patient_id(1)).image(image_id(1))
    })
    .await;
    let stored = stored.expect("there");
    let image = &stored.image;
    assert_eq!(
        image
            .details
            .caption
            .as_ref()
            .map(cutis_domain::Sensitive::reveal),
        change
            .details
            .caption
            .as_ref()
            .map(cutis_domain::Sensitive::reveal)
    );
    assert_eq!(
        (
            image.details.place,
            image.details.view,
            image.details.modality,
            image.details.rating
        ),
        (
            change.details.place,
            change.details.view,
            change.details.modality,
            change.details.rating
        )
    );
    assert_eq!(
        (image.captured_at, image.corrected, image.camera_at()),
        (Some(later), change.corrected, None)
    );
    assert_eq!((image.turns, image.edition), (made.turns, made.edition));
    assert_eq!((image.width, image.height), (made.width, made.height));
    assert_eq!(
        (stored.thumbnail_bytes, stored.screen_bytes, stored.medium_bytes),
        (made.thumbnail_bytes, made.screen_bytes, made.medium_bytes)
    );
    assert_eq!((image.version, image.position, image.place()), (2, Some(-5), -5));
    assert_eq!(image.field_versions, change.field_versions);
    assert!(
        store
            .look_up(move |view| view.blob_name_known(&made.derived_name))
            .await
            .expect("readable")
    );
    let patient = look(&store, 1, |view| view.patient(patient_id(1), later))
        .await
        .expect("there");
    assert_eq!(patient.last_modified, later);
    expect_intact(lab, &store).await;
}

/// I3: the manual order runs downward by place, then by id; years are counted by time.
pub async fn images_by_place_page_stably(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    for number in 1..=5 {
        add_image(&store, 1, 1, number, at.plus_seconds(number.into()))
            .await
            .expect("image");
    }
    store
        .clinic(&clinician(1))
        .write::<_, Fault, _>(move |unit| {
            let mut inside = unit.inside(patient_id(1))?;
            // The same place as the second's.
            inside.place_image(image_id(5), Some(at.plus_seconds(2).as_micros()), at)?;
            inside.place_image(image_id(1), Some(i64::MAX), at)?;
            Ok(Audited::new((), Event::new(Action::ImagesArranged)))
        })
        .await
        .expect("placed");
    let two = Limit::parse(2).expect("a limit");
    let (whole, pages, before, counts, newest) = look(&store, 1, |view| {
        let inside = view.belongings(patient_id(1));
        let whole = inside.places_after(None, Limit::default())?;
        let (mut pages, mut after) = (Vec::new(), None);
        loop {
            let page = inside.images_by_place(after, two)?;
            let more = page.len() > 2;
            pages.extend(page.iter().take(2).map(|stored| stored.image.id));
            after = page.get(1).map(|stored| Placed {
                place: stored.image.place(),
                id: stored.image.id,
            });
            if !more {
                break;
            }
        }
        let before = match whole.get(2) {
            Some(third) => inside.places_before(*third, two)?,
            None => Vec::new(),
        };
        let counts = [
            inside.image_count(at, at.plus_seconds(3))?,
            inside.image_count(at.plus_seconds(3), at.plus_seconds(9))?,
        ];
        Ok((
            whole,
            pages,
            before,
            counts,
            inside.newest_image_before(at.plus_seconds(5))?,
        ))
    })
    .await;
    let order = [1, 4, 3, 5, 2].map(image_id);
    assert_eq!(whole.iter().map(|placed| placed.id).collect::<Vec<_>>(), order);
    assert_eq!(pages, order);
    assert_eq!(
        before.iter().map(|placed| placed.id).collect::<Vec<_>>(),
        [4, 1].map(image_id)
    );
    assert_eq!((counts, newest), ([2, 3], Some(at.plus_seconds(4))));
    expect_intact(lab, &store).await;
}
