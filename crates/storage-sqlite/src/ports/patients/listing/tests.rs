//! Lists and counts of so many patients that frequent tags and many images are read otherwise than few are, against a
//! plain reckoning over the same rows.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use cutis_audit::TrailKey;
use cutis_domain::TagId;
use cutis_domain::page::Limit;
use cutis_domain::patient::SexAtBirth;
use cutis_storage::port::TagFilter;
use cutis_testkit::builders::{account_id, scope, tag_id};
use rusqlite::Connection;

use super::super::counting::count;
use super::*;
use crate::guard::Guard;
use crate::history;
use crate::ports::{Held, Ports, Watch};
use crate::readers::Newness;

const PATIENTS: i64 = 6_500;
const NOW: i64 = 1_700_000_000_000_000;
const DAY: i64 = 86_400_000_000;

/// Of a hundred patients, so many show each tag. Of the fourth and the fifth nobody has both.
const TAGS: [i64; 6] = [45, 40, 3, 40, 40, 0];

/// What is known of a patient without any list.
struct Known {
    id: PatientId,
    female: bool,
    keys: [SortKey; 4],
    tags: HashSet<TagId>,
    images: Vec<i64>,
    entry_count: u64,
    image_count: u64,
}

fn number(tag: usize) -> TagId {
    tag_id(u32::try_from(tag).expect("fits") + 1)
}

/// A number that looks like chance.
fn mixed(number: i64, salt: i64, bound: i64) -> i64 {
    let mixed = (number * 2_654_435_761 + salt * 40_503).rem_euclid(1 << 32);
    (mixed >> 7) * 97 % 10_007 % bound
}

fn filled() -> (Ports, Vec<Known>) {
    let connection = Connection::open_in_memory().expect("memory");
    history::build(&connection, history::known().len()).expect("migrated");
    connection
        .execute_batch("PRAGMA foreign_keys = OFF; BEGIN")
        .expect("begun");
    let mut all = Vec::new();
    for row in 1..=PATIENTS {
        // Every eighth is somebody else's, with the same tags' numbers and images of the same days.
        let own = row % 8 != 0;
        let owner = account_id(if own { 1 } else { 2 });
        let id: [u8; 16] = (u128::try_from(mixed(row, 1, 9_973)).expect("fits") << 64
            | u128::try_from(row).expect("fits"))
        .to_be_bytes();
        let modified = NOW - mixed(row, 2, 5_000) * 1_000_000;
        let female = row % 3 == 0;
        let sex = if female { "female" } else { "male" };
        let unique_id = format!("p-{:05}", mixed(row, 3, 9_999) * 10_000 + row);
        connection
            .execute(
                "INSERT INTO patient (id, owner_id, unique_id, sex_at_birth, phones, search, created_at, last_modified) \
                 VALUES (?1, ?2, ?3, ?4, '[]', '', ?5, ?5)",
                params![id, owner.as_bytes(), unique_id, sex, modified],
            )
            .expect("a patient");
        let name = format!("N{:04}", mixed(row, 4, 900));
        connection
            .execute(
                "UPDATE patient_line SET name_key = ?2 WHERE row = ?1",
                params![row, name],
            )
            .expect("named");
        let mut appointment = -1;
        if row % 2 == 0 {
            appointment = NOW - mixed(row, 5, 900) * DAY;
            connection
                .execute(
                    "INSERT INTO entry (id, owner_id, patient_id, appointment_at, notes, author, created_at) \
                     VALUES (?1, ?2, ?1, ?3, '', 'clinician-1', 0)",
                    params![id, owner.as_bytes(), appointment],
                )
                .expect("an entry");
        }
        let mut tags = HashSet::new();
        for (place, often) in TAGS.iter().enumerate() {
            let chance = if place == 4 {
                99 - mixed(row, 13, 100)
            } else {
                mixed(row, 10 + i64::try_from(place).expect("fits"), 100)
            };
            if chance < *often {
                tags.insert(number(place));
                connection
                    .execute(
                        "INSERT INTO patient_tag (owner_id, patient_id, tag_id, linked_at) VALUES (?1, ?2, ?3, 0)",
                        params![owner.as_bytes(), id, number(place).as_bytes()],
                    )
                    .expect("a tag");
            }
        }
        let images = add_images(&connection, row, owner.as_bytes(), id);
        let (entry_count, image_count) = (mixed(row, 30, 6), mixed(row, 31, 40));
        connection
            .execute(
                "UPDATE patient SET entry_count = ?2, image_count = ?3 WHERE row = ?1",
                params![row, entry_count, image_count],
            )
            .expect("numbers");
        if own {
            all.push(Known {
                id: PatientId::from_bytes(id),
                female,
                keys: [
                    SortKey::Number(modified),
                    SortKey::Number(appointment),
                    SortKey::Text(unique_id),
                    SortKey::Text(name),
                ],
                tags,
                images,
                entry_count: u64::try_from(entry_count).expect("fits"),
                image_count: u64::try_from(image_count).expect("fits"),
            });
        }
    }
    connection
        .execute_batch(
            "INSERT INTO tag_tally (owner_id, tag_id, patients, own, entries, images) \
             SELECT owner_id, tag_id, count(*), count(*), 0, 0 FROM patient_tag_use GROUP BY owner_id, tag_id; COMMIT",
        )
        .expect("filled");
    let watch = Watch {
        guard: Arc::new(Guard::new(TrailKey::from_bytes([0; 32]))),
        touched: None,
        newness: Newness::Newest,
    };
    (Ports(Held::Own(connection), watch), all)
}

/// Up to three images of a patient, of days by chance.
fn add_images(connection: &Connection, row: i64, owner: &[u8; 16], id: [u8; 16]) -> Vec<i64> {
    let mut images = Vec::new();
    for image in 0..mixed(row, 20, 4) {
        let at = NOW - mixed(row * 4 + image, 21, 1_000) * DAY;
        images.push(at);
        let own =
            (u128::try_from(row).expect("fits") << 8 | u128::try_from(image).expect("fits")).to_be_bytes();
        connection
            .execute(
                "INSERT INTO image (id, owner_id, patient_id, file_name, format, width, height, bytes, sha256, \
                 uploaded_at, uploaded_by, thumbnail_bytes, screen_bytes, original_name, derived_name, basis, basis_level) \
                 VALUES (?1, ?2, ?3, 'a', 'jpeg', 1, 1, 1, ?4, 0, 'clinician-1', 1, 1, ?4, ?4, 'level', 'disabled')",
                params![own, owner, id, [own, own].concat()],
            )
            .expect("an image");
        connection
            .execute(
                "UPDATE image SET captured_at = ?2 WHERE id = ?1",
                params![own, at],
            )
            .expect("captured");
    }
    images
}

fn passes(filter: &PatientFilter, known: &Known) -> bool {
    let tags = &filter.tags;
    tags.all_of.iter().all(|tag| known.tags.contains(tag))
        && (tags.any_of.is_empty() || tags.any_of.iter().any(|tag| known.tags.contains(tag)))
        && !tags.none_of.iter().any(|tag| known.tags.contains(tag))
        && (filter.sex.is_none() || known.female)
        && filter
            .entries
            .as_ref()
            .is_none_or(|range| range.contains(&known.entry_count))
        && filter
            .images
            .as_ref()
            .is_none_or(|range| range.contains(&known.image_count))
        && filter.image.as_ref().is_none_or(|range| {
            known
                .images
                .iter()
                .any(|at| range.contains(&Timestamp::from_micros(*at)))
        })
}

/// The first pages of a list.
fn listed(owned: &Owned<'_>, filter: &PatientFilter, sort: PatientSort, order: Order) -> Vec<PatientId> {
    let limit = Limit::parse(100).expect("a limit");
    let mut asked = PatientsAsked {
        sort,
        order,
        filter,
        after: None,
        limit,
        now: Timestamp::from_micros(NOW),
    };
    let mut all = Vec::new();
    loop {
        let mut page = lines(owned, &asked).expect("read");
        let more = page.len() > 100;
        page.truncate(100);
        asked.after = page.last().map(|line| line.position.clone());
        all.extend(page.iter().map(|line| line.position.id));
        if !more || all.len() > 250 {
            return all;
        }
    }
}

fn compare(owned: &Owned<'_>, all: &[Known], filter: &PatientFilter) {
    let mut expected: Vec<&Known> = all.iter().filter(|known| passes(filter, known)).collect();
    let total = count(owned, filter, Timestamp::from_micros(NOW)).expect("counted");
    assert_eq!(usize::try_from(total), Ok(expected.len()), "{filter:?}");
    let sorts = [
        PatientSort::LastModified,
        PatientSort::LastAppointment,
        PatientSort::UniqueId,
        PatientSort::Name,
    ];
    for (place, sort) in sorts.into_iter().enumerate() {
        // One order up and the next down, and the other way around for the next filter.
        let up = (place + usize::try_from(total).expect("fits")) % 2 == 0;
        let order = if up { Order::Ascending } else { Order::Descending };
        let position = |known: &Known| PatientPosition {
            key: known.keys[place].clone(),
            id: known.id,
        };
        expected.sort_by(|left, right| compared(&position(left), &position(right), order));
        let found = listed(owned, filter, sort, order);
        let wanted: Vec<PatientId> = expected.iter().map(|known| known.id).take(found.len()).collect();
        assert!(
            found.len() >= expected.len().min(250),
            "{sort:?} {order:?} {filter:?}"
        );
        assert_eq!(found, wanted, "{sort:?} {order:?} {filter:?}");
    }
}

/// P4: whichever way tags and days of images are read, the list and the count are what a recount gives.
#[test]
fn frequent_tags_and_many_images_are_what_a_recount_gives() {
    let (ports, all) = filled();
    let owned = Owned::of(&ports, &scope(1));
    let (mut seen, all_of) = (
        HashMap::new(),
        [&[][..], &[0], &[0, 1], &[3, 4], &[0, 2], &[0, 1, 3], &[5, 0]],
    );
    let none_of = [&[][..], &[2], &[1, 3]];
    for all_of in all_of {
        for any_of in [&[][..], &[2, 5], &[1, 2, 3]] {
            for none_of in none_of {
                let tags = |places: &[usize]| places.iter().map(|place| number(*place)).collect::<Vec<_>>();
                let filter = PatientFilter {
                    tags: TagFilter {
                        all_of: tags(all_of),
                        any_of: tags(any_of),
                        none_of: tags(none_of),
                    },
                    sex: (all_of.len() == 2 && none_of.len() == 1).then(|| vec![SexAtBirth::Female]),
                    ..PatientFilter::default()
                };
                compare(&owned, &all, &filter);
                *seen.entry(way(&owned, &filter)).or_insert(0) += 1;
            }
        }
    }
    for (from, days) in [
        (1, 0),
        (3, 1),
        (40, 20),
        (250, 60),
        (400, 300),
        (999, 1_000),
        (2_000, 900),
    ] {
        for (sex, tag) in [(false, None), (true, None), (false, Some(0)), (true, Some(2))] {
            let at = NOW - from * DAY;
            let filter = PatientFilter {
                image: Some(Timestamp::from_micros(at)..=Timestamp::from_micros(at + days * DAY)),
                sex: sex.then(|| vec![SexAtBirth::Female]),
                tags: TagFilter {
                    all_of: tag.map(number).into_iter().collect(),
                    ..TagFilter::default()
                },
                ..PatientFilter::default()
            };
            compare(&owned, &all, &filter);
            *seen.entry(way(&owned, &filter)).or_insert(0) += 1;
        }
    }
    for (entries, images) in [
        (None, Some(38..=90)),
        (None, Some(19..=20)),
        (None, Some(20..=20)),
        (None, Some(0..=0)),
        (Some(1..=2), None),
        (Some(5..=9), Some(20..=23)),
        (Some(9..=9), None),
    ] {
        let filter = PatientFilter {
            entries,
            images,
            ..PatientFilter::default()
        };
        compare(&owned, &all, &filter);
        *seen.entry(way(&owned, &filter)).or_insert(0) += 1;
    }
    for wanted in ["Nobody", "Everybody", "Tags", "These", "Among", "Within"] {
        assert!(seen.get(wanted).is_some_and(|times| *times > 1), "{seen:?}");
    }
}

fn way(owned: &Owned<'_>, filter: &PatientFilter) -> &'static str {
    let now = Timestamp::from_micros(NOW);
    match Through::of(owned, filter, Some(PatientSort::Name), 101, now).expect("chosen") {
        Through::Nobody => "Nobody",
        Through::Everybody => "Everybody",
        Through::Tags(_) => "Tags",
        Through::Within(_) => "Within",
        Through::These(_) => "These",
        Through::Among(_) => "Among",
    }
}
