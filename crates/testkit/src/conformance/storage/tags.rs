//! Tags: what is stored comes back, what is effective and counted equals a recount (T1–T3).

use std::collections::{BTreeMap, BTreeSet};

use cutis_domain::page::Limit;
use cutis_domain::tag::{Colour, EffectiveTag, TagName, TagUses, Tagged};
use cutis_domain::{ImageId, TagId, Timestamp};
use cutis_storage::{OpenTagged, Store, View};

use super::ports::{is_conflict, write};
use crate::builders::{
    comparison, comparison_id, entry, entry_id, image_id, patient_id, tag, tag_category, tag_category_id,
    tag_id,
};
use crate::lab::{Lab, add_entry, add_image, add_patient, add_tags, expect_intact, look};

group! {
    ($) storage_tags: tags;
    tags_round_trip,
    names_conflict_whatever_the_case,
    comparisons_round_trip,
    what_is_used_stays,
    tag_changes_move_the_last_change,
    any_sequence_equals_a_recount,
}

/// T1, T3: categories in their order, tags by name, and every change of them.
pub async fn tags_round_trip(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    assert!(!look(&store, 1, |view| view.tags_begun()).await);
    add_tags(&store, 1, 1, &[2, 1], at).await.expect("tags");
    add_tags(&store, 1, 2, &[3], at).await.expect("tags");
    assert!(look(&store, 1, |view| view.tags_begun()).await);
    let again = write(&store, move |unit| Ok(unit.begin_tags(at)?)).await;
    assert!(is_conflict(&again), "it begins once");
    let names = async || {
        let tags = look(&store, 1, |view| view.tags()).await;
        tags.into_iter().map(|(tag, _)| tag.id).collect::<Vec<_>>()
    };
    assert_eq!(names().await, [1, 2, 3].map(tag_id));
    let done = write(&store, move |unit| {
        let mut first = tag_category(1);
        // As in the time before a name of several lines was refused.
        first.name = TagName::stored("Zu\tletzt").expect("a name");
        first.colour = Colour::Pink;
        let mut third = tag(3, 1);
        third.name = TagName::parse("a").expect("a name");
        third.archived_at = Some(at);
        Ok([
            unit.update_tag_category(&first, 5)?,
            unit.update_tag(&third)?,
            unit.remove_tag_category(tag_category_id(2))?,
            unit.remove_tag_category(tag_category_id(2))?,
            unit.remove_tag(tag_id(2))?,
            unit.remove_tag(tag_id(2))?,
        ])
    });
    assert_eq!(done.await.expect("done"), [true, true, true, false, true, false]);
    assert_eq!(names().await, [3, 1].map(tag_id));
    let categories = look(&store, 1, |view| view.tag_categories()).await;
    assert_eq!(categories.len(), 1);
    let first = categories.first().expect("one");
    assert_eq!((first.name.as_str(), first.colour), ("Zu\tletzt", Colour::Pink));
    let (third, uses) = look(&store, 1, |view| view.tag(tag_id(3))).await.expect("there");
    assert_eq!(
        (third.category, third.archived_at),
        (tag_category_id(1), Some(at))
    );
    assert_eq!(uses, TagUses::default());
    expect_intact(lab, &store).await;
}

/// T1: a name is there once in the account, or in its category, whatever the case.
pub async fn names_conflict_whatever_the_case(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_tags(&store, 1, 1, &[1], at).await.expect("tags");
    add_tags(&store, 1, 2, &[], at).await.expect("a category");
    let named = |number: u32, category: u32, name: &'static str| {
        write(&store, move |unit| {
            let mut named = tag(number, category);
            named.name = TagName::parse(name).expect("a name");
            Ok(unit.insert_tag(&named, at)?)
        })
    };
    named(2, 1, "Straße").await.expect("free");
    assert!(is_conflict(&named(3, 1, "STRASSE").await));
    assert!(is_conflict(&named(3, 1, " tag  1").await));
    named(3, 2, "Strasse").await.expect("free in another category");
    let moved = write(&store, move |unit| {
        let mut moved = tag(3, 1);
        moved.name = TagName::parse("strasse").expect("a name");
        Ok(unit.update_tag(&moved)?)
    });
    assert!(is_conflict(&moved.await));
    let category = write(&store, move |unit| {
        let mut other = tag_category(3);
        other.name = TagName::parse("CATEGORY 1").expect("a name");
        Ok(unit.insert_tag_category(&other, 0, at)?)
    });
    assert!(is_conflict(&category.await));
    // Names that only look alike are kept as they were accepted, and each can be changed.
    named(5, 1, "Cat").await.expect("free");
    named(6, 1, "ＣＡＴ").await.expect("free here");
    let archived = write(&store, move |unit| {
        let mut wide = tag(6, 1);
        wide.name = TagName::parse("ＣＡＴ").expect("a name");
        wide.archived_at = Some(at);
        Ok(unit.update_tag(&wide)?)
    });
    assert!(archived.await.expect("changed"));
    // Another owner has names of their own.
    add_tags(&store, 2, 4, &[9], at).await.expect("tags");
}

/// E4, C1: a workspace in the order of the pool; comparisons in theirs, each with its images in theirs.
pub async fn comparisons_round_trip(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    add_entry(&store, 1, entry(1, patient_id(1), at, at))
        .await
        .expect("entry");
    for number in 1..=3 {
        add_image(&store, 1, 1, number, at.plus_seconds(i64::from(number)))
            .await
            .expect("image");
    }
    let done = write(&store, move |unit| {
        let mut inside = unit.inside(patient_id(1))?;
        let open = inside.open_entry(entry_id(1))?;
        let added = [
            inside.add_to_workspace(&open, image_id(1), at)?,
            inside.add_to_workspace(&open, image_id(3), at)?,
            inside.add_to_workspace(&open, image_id(1), at)?,
        ];
        inside.insert_comparison(&open, &comparison(1, 1, &[1, 2]), 1, at)?;
        inside.insert_comparison(&open, &comparison(2, 1, &[3, 1]), 0, at)?;
        Ok(added)
    });
    assert_eq!(done.await.expect("done"), [true, true, false]);
    let workspace = async || {
        look(&store, 1, |view| {
            view.belongings(patient_id(1)).workspace(entry_id(1))
        })
        .await
    };
    let pool = look(&store, 1, |view| {
        view.belongings(patient_id(1)).images(None, Limit::default())
    });
    let mut pool: Vec<ImageId> = pool.await.into_iter().map(|stored| stored.image.id).collect();
    pool.retain(|id| *id != image_id(2));
    assert_eq!(workspace().await, pool);
    let groups = async || {
        let groups = look(&store, 1, |view| {
            view.belongings(patient_id(1)).comparisons(entry_id(1))
        })
        .await;
        groups
            .into_iter()
            .map(|it| (it.id, it.image_ids()))
            .collect::<Vec<_>>()
    };
    let of = |number: u32, images: &[u32]| {
        let images: Vec<ImageId> = images.iter().copied().map(image_id).collect();
        (comparison_id(number), images)
    };
    assert_eq!(groups().await, [of(2, &[3, 1]), of(1, &[1, 2])]);
    let done = write(&store, move |unit| {
        let mut inside = unit.inside(patient_id(1))?;
        let open = inside.open_entry(entry_id(1))?;
        Ok([
            inside.update_comparison(&open, &comparison(1, 1, &[2, 3, 1]), Some(0), at)?,
            inside.remove_comparison(&open, comparison_id(2), at)?,
            inside.remove_comparison(&open, comparison_id(2), at)?,
            inside.remove_from_workspace(&open, image_id(1), at)?,
            inside.remove_from_workspace(&open, image_id(1), at)?,
        ])
    });
    assert_eq!(done.await.expect("done"), [true, true, false, true, false]);
    assert_eq!(groups().await, [of(1, &[2, 3, 1])]);
    assert_eq!(workspace().await, [image_id(3)]);
    expect_intact(lab, &store).await;
}

/// T3: what is used is not removed by itself: the uses go first.
pub async fn what_is_used_stays(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_tags(&store, 1, 1, &[1], at).await.expect("tags");
    add_patient(&store, 1, 1, "anna-1", at).await;
    let given = write(&store, move |unit| {
        let mut inside = unit.inside(patient_id(1))?;
        Ok(inside.give_tag(&OpenTagged::Patient, tag_id(1), at)?)
    });
    assert!(given.await.expect("given"));
    let category = write(&store, |unit| Ok(unit.remove_tag_category(tag_category_id(1))?)).await;
    assert!(is_conflict(&category));
    let tag = write(&store, |unit| Ok(unit.remove_tag(tag_id(1))?)).await;
    assert!(is_conflict(&tag));
    let both = write(&store, move |unit| {
        let links = unit.inside(patient_id(1))?.drop_tag(tag_id(1), at)?;
        Ok((links, unit.remove_tag(tag_id(1))?))
    });
    assert_eq!(both.await.expect("done"), (1, true));
    assert!(look(&store, 1, |view| view.tags()).await.is_empty());
    expect_intact(lab, &store).await;
}

/// P3: every change of a patient's tags, workspaces and comparisons changes the patient, and time never goes back.
pub async fn tag_changes_move_the_last_change(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_tags(&store, 1, 1, &[1, 2], at).await.expect("tags");
    add_patient(&store, 1, 1, "anna-1", at).await;
    add_entry(&store, 1, entry(1, patient_id(1), at, at))
        .await
        .expect("entry");
    for number in 1..=2 {
        add_image(&store, 1, 1, number, at).await.expect("image");
    }
    let patient = patient_id(1);
    let mut now = at;
    macro_rules! moves {
        ($moves:literal, $it:expr, |$inside:ident, $open:ident, $at:ident| $change:expr) => {{
            let $at = now.plus_seconds(60);
            let expected = if $moves { $at } else { now };
            write(&store, move |unit| {
                let mut $inside = unit.inside(patient)?;
                let $open = $inside.open_tagged($it)?;
                $change;
                Ok(())
            })
            .await
            .expect("changed");
            let found = look(&store, 1, |view| view.patient(patient, at))
                .await
                .expect("there");
            assert_eq!(found.last_modified, expected, "{}", stringify!($change));
            now = expected;
        }};
    }
    for it in [
        Tagged::Patient,
        Tagged::Entry(entry_id(1)),
        Tagged::Image(image_id(1)),
    ] {
        moves!(true, it, |inside, it, at| inside.give_tag(&it, tag_id(1), at)?);
        moves!(false, it, |inside, it, at| inside.give_tag(&it, tag_id(1), at)?);
        moves!(true, it, |inside, it, at| inside.take_tag(&it, tag_id(1), at)?);
        moves!(false, it, |inside, it, at| inside.take_tag(&it, tag_id(1), at)?);
        moves!(true, it, |inside, it, at| inside.give_tag(&it, tag_id(1), at)?);
    }
    let all = Tagged::Patient;
    moves!(true, all, |inside, _it, at| inside.replace_tag(
        tag_id(1),
        tag_id(2),
        at
    )?);
    moves!(false, all, |inside, _it, at| inside.replace_tag(
        tag_id(1),
        tag_id(2),
        at
    )?);
    moves!(true, all, |inside, _it, at| inside.drop_tag(tag_id(2), at)?);
    moves!(false, all, |inside, _it, at| inside.drop_tag(tag_id(2), at)?);
    macro_rules! of_entry {
        ($($moves:literal $method:ident($($argument:expr),*);)+) => {$(
            moves!($moves, all, |inside, _it, at| {
                let open = inside.open_entry(entry_id(1))?;
                inside.$method(&open, $($argument,)* at)?
            });
        )+};
    }
    of_entry! {
        true add_to_workspace(image_id(1));
        false add_to_workspace(image_id(1));
        true remove_from_workspace(image_id(1));
        true insert_comparison(&comparison(1, 1, &[1, 2]), 0);
        true update_comparison(&comparison(1, 1, &[2, 1]), Some(0));
        true remove_comparison(comparison_id(1));
    }
    let early = at.plus_seconds(-600);
    moves!(false, all, |inside, it, _at| inside.give_tag(
        &it,
        tag_id(1),
        early
    )?);
    moves!(false, all, |inside, it, _at| inside.take_tag(
        &it,
        tag_id(1),
        early
    )?);
    assert!(now > at);
    expect_intact(lab, &store).await;
}

/// What is known without a database: which links there are. Everything else is counted from them.
#[derive(Default)]
struct Model {
    given: BTreeSet<(u32, Tagged, TagId)>,
    workspaces: BTreeSet<(u32, u32)>,
    comparisons: BTreeMap<u32, (u32, Vec<u32>)>,
}

const PATIENTS: u32 = 3;
const TAGS: u32 = 4;

/// Each patient has two entries and three images, whose numbers begin with the patient's.
const fn of(patient: u32, number: u32) -> u32 {
    patient * 10 + number
}

impl Model {
    fn has(&self, patient: u32, it: Tagged, tag: TagId) -> bool {
        self.given.contains(&(patient, it, tag))
    }

    fn effective(&self, patient: u32, it: Tagged) -> Vec<(TagId, bool, u64, u64)> {
        let count = |number: usize| u64::try_from(number).expect("few");
        let all = (1..=TAGS).map(tag_id).map(|tag| {
            let own = self.has(patient, it, tag);
            let (entries, images) = match it {
                Tagged::Image(_) => (0, 0),
                Tagged::Patient => {
                    let of = |entries: bool| {
                        let links = self.given.iter().filter(|(whose, what, which)| {
                            (*whose, *which) == (patient, tag)
                                && match what {
                                    Tagged::Patient => false,
                                    Tagged::Entry(_) => entries,
                                    Tagged::Image(_) => !entries,
                                }
                        });
                        count(links.count())
                    };
                    (of(true), of(false))
                }
                Tagged::Entry(id) => {
                    let mut images: BTreeSet<u32> = BTreeSet::new();
                    images.extend(
                        self.workspaces
                            .iter()
                            .filter(|(entry, _)| entry_id(*entry) == id)
                            .map(|(_, image)| *image),
                    );
                    for (entry, compared) in self.comparisons.values() {
                        if entry_id(*entry) == id {
                            images.extend(compared);
                        }
                    }
                    images.retain(|image| self.has(patient, Tagged::Image(image_id(*image)), tag));
                    (0, count(images.len()))
                }
            };
            (tag, own, entries, images)
        });
        all.filter(|(_, own, entries, images)| *own || entries + images > 0)
            .collect()
    }

    fn uses(&self, tag: TagId) -> TagUses {
        let mut uses = TagUses::default();
        let mut patients = BTreeSet::new();
        for (patient, it, _) in self.given.iter().filter(|(_, _, which)| *which == tag) {
            patients.insert(patient);
            match it {
                Tagged::Patient => uses.own += 1,
                Tagged::Entry(_) => uses.entries += 1,
                Tagged::Image(_) => uses.images += 1,
            }
        }
        uses.patients = u64::try_from(patients.len()).expect("few");
        uses
    }
}

/// Numbers without a pattern, the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(below)).expect("below a u32")
    }
}

/// T2: after any sequence of giving, taking, merging, removing, and changes of workspaces and comparisons, the
/// effective tags and the counts are those of a recount.
pub async fn any_sequence_equals_a_recount(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_tags(&store, 1, 1, &[1, 2, 3, 4], at).await.expect("tags");
    add_tags(&store, 2, 2, &[9], at).await.expect("tags");
    for patient in 1..=PATIENTS {
        add_patient(&store, 1, patient, &format!("p-{patient}"), at).await;
        for number in 1..=2 {
            add_entry(&store, 1, entry(of(patient, number), patient_id(patient), at, at))
                .await
                .expect("entry");
        }
        for number in 1..=3 {
            add_image(&store, 1, patient, of(patient, number), at)
                .await
                .expect("image");
        }
    }
    let mut model = Model::default();
    for seed in [7, 1_000_003, 77_777_777] {
        let mut dice = Dice(seed);
        for step in 0..100 {
            operate(&store, &mut model, &mut dice, at).await;
            if step % 8 == 7 {
                compare(&store, &model).await;
            }
        }
    }
    let other = look(&store, 2, |view| view.tag(tag_id(9))).await.expect("there");
    assert_eq!(other.1, TagUses::default(), "another owner's count");
    expect_intact(lab, &store).await;
}

/// One change, in the database and in the model; what each says was changed agrees.
async fn operate(store: &Store, model: &mut Model, dice: &mut Dice, at: Timestamp) {
    let patient = 1 + dice.roll(PATIENTS);
    let visit = of(patient, 1 + dice.roll(2));
    let image = of(patient, 1 + dice.roll(3));
    let tag = tag_id(1 + dice.roll(TAGS));
    let it = match dice.roll(6) {
        0 => Tagged::Patient,
        1 | 2 => Tagged::Entry(entry_id(visit)),
        _ => Tagged::Image(image_id(image)),
    };
    let whose = patient_id(patient);
    match dice.roll(20) {
        0..=8 => {
            let new = write(store, move |unit| {
                let mut inside = unit.inside(whose)?;
                let it = inside.open_tagged(it)?;
                Ok(inside.give_tag(&it, tag, at)?)
            })
            .await;
            assert_eq!(new.expect("given"), model.given.insert((patient, it, tag)));
        }
        9..=12 => {
            let had = write(store, move |unit| {
                let mut inside = unit.inside(whose)?;
                let it = inside.open_tagged(it)?;
                Ok(inside.take_tag(&it, tag, at)?)
            })
            .await;
            assert_eq!(had.expect("taken"), model.given.remove(&(patient, it, tag)));
        }
        13 => {
            let into = tag_id(1 + dice.roll(TAGS));
            if into != tag {
                merge(store, model, tag, Some(into), at).await;
            }
        }
        14 => merge(store, model, tag, None, at).await,
        15 | 16 => {
            let new = write(store, move |unit| {
                let mut inside = unit.inside(whose)?;
                let open = inside.open_entry(entry_id(visit))?;
                Ok(inside.add_to_workspace(&open, image_id(image), at)?)
            });
            assert_eq!(new.await.expect("added"), model.workspaces.insert((visit, image)));
        }
        17 => {
            let was = write(store, move |unit| {
                let mut inside = unit.inside(whose)?;
                let open = inside.open_entry(entry_id(visit))?;
                Ok(inside.remove_from_workspace(&open, image_id(image), at)?)
            });
            assert_eq!(
                was.await.expect("removed"),
                model.workspaces.remove(&(visit, image))
            );
        }
        18 => {
            let images = vec![of(patient, 1), of(patient, 2 + dice.roll(2))];
            let group = comparison(visit, visit, &images);
            let new = !model.comparisons.contains_key(&visit);
            let done = write(store, move |unit| {
                let mut inside = unit.inside(whose)?;
                let open = inside.open_entry(entry_id(visit))?;
                if new {
                    inside.insert_comparison(&open, &group, 0, at)?;
                    Ok(true)
                } else {
                    Ok(inside.update_comparison(&open, &group, Some(0), at)?)
                }
            });
            assert!(done.await.expect("done"));
            model.comparisons.insert(visit, (visit, images));
        }
        _ => {
            let was = write(store, move |unit| {
                let mut inside = unit.inside(whose)?;
                let open = inside.open_entry(entry_id(visit))?;
                Ok(inside.remove_comparison(&open, comparison_id(visit), at)?)
            });
            assert_eq!(
                was.await.expect("removed"),
                model.comparisons.remove(&visit).is_some()
            );
        }
    }
}

/// Gives all uses of a tag to another, or takes them away, patient by patient as the tag's uses name them.
async fn merge(store: &Store, model: &mut Model, from: TagId, into: Option<TagId>, at: Timestamp) {
    let links = write(store, move |unit| {
        let mut links = 0;
        for used in unit.tag_patients(from, Limit::default())? {
            let mut inside = unit.inside(used.patient)?;
            let moved = match into {
                Some(into) => inside.replace_tag(from, into, at)?,
                None => inside.drop_tag(from, at)?,
            };
            assert_eq!(moved, used.links);
            links += moved;
        }
        Ok(links)
    });
    let theirs: Vec<_> = model
        .given
        .iter()
        .filter(|(_, _, tag)| *tag == from)
        .copied()
        .collect();
    assert_eq!(
        links.await.expect("moved"),
        u64::try_from(theirs.len()).expect("few")
    );
    for (patient, it, tag) in theirs {
        model.given.remove(&(patient, it, tag));
        model.given.extend(into.map(|into| (patient, it, into)));
    }
}

async fn compare(store: &Store, model: &Model) {
    look(store, 1, |view| {
        for number in 1..=TAGS {
            let found = view.tag(tag_id(number))?.expect("there").1;
            assert_eq!(found, model.uses(tag_id(number)), "tag {number}");
        }
        for patient in 1..=PATIENTS {
            compare_patient(view, model, patient)?;
        }
        Ok(())
    })
    .await;
}

fn compare_patient(view: &View<'_>, model: &Model, patient: u32) -> Result<(), cutis_storage::StorageError> {
    let inside = view.belongings(patient_id(patient));
    let entries = (1..=2).map(|number| Tagged::Entry(entry_id(of(patient, number))));
    let images = (1..=3).map(|number| Tagged::Image(image_id(of(patient, number))));
    for it in entries.chain(images).chain([Tagged::Patient]) {
        let found: Vec<_> = inside
            .effective_tags(it)?
            .into_iter()
            .map(
                |EffectiveTag {
                     tag,
                     own,
                     entries,
                     images,
                 }| (tag.id, own, entries, images),
            )
            .collect();
        let expected = model.effective(patient, it);
        assert_eq!(found, expected, "{it:?} of patient {patient}");
        let own = expected.iter().filter(|(_, own, ..)| *own).count();
        assert_eq!(inside.direct_tags(it)?, u64::try_from(own).expect("few"));
        assert!(inside.has_tagged(it)?);
        if let Tagged::Entry(id) = it {
            let mut of_all = inside.effective_tags_of_entries()?;
            of_all.retain(|(entry, _)| *entry == id);
            let of_all: Vec<_> = of_all.into_iter().map(|(_, tag)| tag).collect();
            assert_eq!(
                of_all,
                inside.effective_tags(it)?,
                "as asked for all entries at once"
            );
        }
    }
    Ok(())
}
