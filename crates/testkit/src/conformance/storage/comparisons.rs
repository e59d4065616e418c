//! What is marked on the images of a comparison comes back as it was stored (C1, C3).

use std::collections::BTreeMap;

use cutis_domain::comparison::marks::{
    Annotation, Colour, Crop, LineWidth, MarkId, Place, Rotation, Ruler, Scale, Shape, View,
};
use cutis_domain::comparison::number::Fixed;
use cutis_domain::comparison::{Comparison, GroupField, Layout, Marks, PartField};
use cutis_domain::image::Turns;
use cutis_domain::{FieldVersions, Line, Sensitive, Text};

use super::ports::write;
use crate::builders::{comparison, comparison_id, entry, entry_id, image_id, patient_id};
use crate::lab::{Lab, add_entry, add_image, add_patient, expect_intact, look};

group! {
    ($) storage_comparisons: comparisons;
    marks_round_trip,
}

fn fixed<const MIN: i64, const MAX: i64, const PER_ONE: i64>(units: i64) -> Fixed<MIN, MAX, PER_ONE> {
    Fixed::of_units(units).expect("within bounds")
}

fn place(x: i64, y: i64) -> Place {
    Place {
        x: fixed(x),
        y: fixed(y),
    }
}

fn drawing(id: &str, shape: Shape) -> Annotation {
    Annotation {
        id: MarkId::parse(id).expect("an id"),
        colour: Colour::Yellow,
        width: LineWidth::parse(8).expect("a width"),
        shape,
    }
}

/// Marks of every kind, at the ends of their bounds.
fn marks() -> Marks {
    let (from, to) = (place(0, 1), place(1_000_000_000, 999_999_999));
    let text = Line::parse("Rim \"raised\"").expect("a line");
    Marks {
        view: View {
            crop: Crop::new(place(1, 2), fixed(10_000_000), fixed(999_999_998)).ok(),
            rotation: Rotation::parse(-179.999_999).expect("an angle"),
            scale: Scale::parse(40.0).expect("a scale"),
            right: fixed(-10_000_000_000),
            down: fixed(10_000_000_000),
        },
        landmarks: Sensitive::new(vec![from, to, place(5, 6), place(7, 8)]),
        ruler: Sensitive::new(Ruler::new(from, to, fixed(100)).ok()),
        annotations: Sensitive::new(vec![
            drawing("a", Shape::Arrow { from, to }),
            drawing(
                "c",
                Shape::Circle {
                    centre: to,
                    radius: fixed(1),
                },
            ),
            drawing("t", Shape::Text { at: from, text }),
            drawing("f", Shape::freehand(vec![from, to, from]).expect("a line")),
            drawing("m", Shape::Measure { from, to }),
        ]),
    }
}

/// C1, C3: a group and what is marked on its images, before and after changes; marks go with their image.
pub async fn marks_round_trip(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    add_entry(&store, 1, entry(1, patient_id(1), at, at))
        .await
        .expect("entry");
    for number in 1..=3 {
        add_image(&store, 1, 1, number, at).await.expect("image");
    }
    let read = async || {
        let group = look(&store, 1, |view| {
            view.belongings(patient_id(1)).comparison(comparison_id(1))
        });
        group.await.expect("a group")
    };
    let put = async |group: Comparison, is_new: bool| {
        let done = write(&store, move |unit| {
            let mut inside = unit.inside(patient_id(1))?;
            let open = inside.open_entry(entry_id(1))?;
            if is_new {
                inside.insert_comparison(&open, &group, 3, at)?;
                return Ok(true);
            }
            Ok(inside.update_comparison(&open, &group, None, at)?)
        });
        assert!(done.await.expect("done"));
    };
    put(comparison(1, 1, &[1, 2]), true).await;
    let fresh = read().await;
    assert_eq!(
        (fresh.version, fresh.layout, fresh.note.is_none()),
        (1, Layout::Auto, true)
    );
    assert!(fresh.images.iter().all(|image| image.marks == Marks::default()));
    let mut group = fresh;
    group.note = Some(Sensitive::new(Text::parse("one\ntwo").expect("a note")));
    group.layout = Layout::Four;
    group.version = 7;
    group.versions.changed([GroupField::Note, GroupField::Layout], 7);
    let second = group.images.get_mut(1).expect("two images");
    second.label = Some(Sensitive::new(Line::parse("Week 6").expect("a label")));
    second.marks = marks();
    second.turns = Turns::parse(3).expect("turns");
    second.versions = FieldVersions::stored(2, BTreeMap::from([(PartField::Ruler, 5)]));
    put(group.clone(), false).await;
    let first = |group: &Comparison| group.images.first().map(|image| image.marks.clone());
    let same = |found: &Comparison, expected: &Comparison| {
        assert_eq!(
            (&found.note, found.layout, found.mode),
            (&expected.note, expected.layout, expected.mode)
        );
        assert_eq!(
            (found.version, &found.versions),
            (expected.version, &expected.versions)
        );
        assert_eq!(found.image_ids(), expected.image_ids());
        for (found, expected) in found.images.iter().zip(&expected.images) {
            assert_eq!((&found.label, &found.marks), (&expected.label, &expected.marks));
            assert_eq!(
                (found.turns, &found.versions),
                (expected.turns, &expected.versions)
            );
        }
    };
    same(&read().await, &group);
    let compared = |numbers: &[u32]| {
        let images = numbers.iter().copied().map(image_id).collect();
        cutis_domain::comparison::Compared::parse(images).expect("images")
    };
    group.arrange(&compared(&[2, 3, 1]), 8);
    put(group.clone(), false).await;
    same(&read().await, &group);
    assert_eq!(first(&read().await), Some(marks()));
    group.arrange(&compared(&[3, 1]), 9);
    put(group.clone(), false).await;
    group.arrange(&compared(&[2, 3, 1]), 10);
    put(group.clone(), false).await;
    same(&read().await, &group);
    assert_eq!(first(&read().await), Some(Marks::default()));
    let place = look(&store, 1, |view| {
        view.belongings(patient_id(1)).comparisons(entry_id(1))
    });
    assert_eq!(place.await.len(), 1);
    expect_intact(lab, &store).await;
}
