//! Lists: their order, their pages, and what a search finds (P4).

use cutis_audit::{Action, Audited, Event};
use cutis_domain::page::{Limit, Page};
use cutis_domain::patient::PatientProfile;
use cutis_domain::{Sensitive, Timestamp};
use cutis_storage::Store;
use cutis_storage::port::{
    EntryPosition, ImageCursor, ListedPatient, NewPatient, Order, PatientFilter, PatientPosition,
    PatientSort, PatientsAsked, TagFilter,
};

use crate::builders::{clinician, consent, entry, image_draft, new_patient, patient_id, text};
use crate::lab::{Fault, Lab, add_consent, add_entry, add_patient, look};

group! {
    ($) storage_lists: lists;
    patients_page_stably,
    images_page_stably,
    search_finds_what_people_type,
    entries_and_consents_order,
}

async fn add(store: &Store, patients: Vec<NewPatient>) {
    store
        .clinic(&clinician(1))
        .write::<_, Fault, _>(move |unit| {
            patients
                .iter()
                .try_for_each(|patient| unit.insert_patient(patient))?;
            Ok(Audited::new((), Event::new(Action::PatientCreated)))
        })
        .await
        .expect("patients");
}

/// P4: pages of every size give every patient once, in the same order, ties included; and what
/// changes meanwhile neither repeats nor hides the others.
pub async fn patients_page_stably(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    // Only five different times among 53 patients, so that most share theirs.
    let when = |number: u32| at.plus_seconds(i64::from(number * 7 % 5));
    add(
        &store,
        (0..53)
            .map(|n| new_patient(n, &format!("p-{n}"), when(n)))
            .collect(),
    )
    .await;
    let mut expected: Vec<_> = (0..53).map(|n| (when(n), patient_id(n))).collect();
    expected.sort_unstable();
    expected.reverse();
    for size in [1, 2, 7, 52, 53, 54, 100] {
        assert_eq!(walk(&store, size, at).await, expected, "pages of {size}");
    }
    // The third page's last patient changes while somebody pages: it moves to the front, unseen again.
    let limit = Limit::parse(10).expect("a limit");
    let first = look(&store, 1, |view| view.patients(&newest(None, limit, at))).await;
    let first = Page::from_one_more(first, limit, cursor);
    let moved = expected.get(29).expect("there").1;
    add_entry(&store, 1, entry(1, moved, at, at.plus_seconds(60)))
        .await
        .expect("entry");
    let mut rest = Vec::new();
    let mut after = first.next;
    while let Some(from) = after {
        let page = Page::from_one_more(
            look(&store, 1, |view| {
                view.patients(&newest(Some(from.clone()), limit, at))
            })
            .await,
            limit,
            cursor,
        );
        rest.extend(page.items.iter().map(|listed| listed.patient.id));
        after = page.next;
    }
    let others: Vec<_> = expected
        .iter()
        .skip(10)
        .map(|(_, id)| *id)
        .filter(|id| *id != moved)
        .collect();
    assert_eq!(rest, others);
}

fn cursor(listed: &ListedPatient) -> PatientPosition {
    listed.position.clone()
}

/// What `PatientsAsked` borrows when nobody is left out.
const EVERYBODY: &PatientFilter = &PatientFilter {
    last_appointment: None,
    last_modified: None,
    created: None,
    image: None,
    entries: None,
    images: None,
    born: None,
    sex: None,
    fitzpatrick: None,
    consent: None,
    tags: TagFilter {
        all_of: Vec::new(),
        any_of: Vec::new(),
        none_of: Vec::new(),
    },
};

/// All patients, the last changed first.
pub(crate) fn newest(after: Option<PatientPosition>, limit: Limit, now: Timestamp) -> PatientsAsked<'static> {
    PatientsAsked {
        sort: PatientSort::LastModified,
        order: Order::Descending,
        filter: EVERYBODY,
        after,
        limit,
        now,
    }
}

async fn walk(store: &Store, size: i64, now: Timestamp) -> Vec<(Timestamp, cutis_domain::PatientId)> {
    let limit = Limit::parse(size).expect("a limit");
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let items = look(store, 1, |view| view.patients(&newest(after.clone(), limit, now))).await;
        assert!(
            items.len() <= limit.get() + 1,
            "never more than one beyond the page"
        );
        let page = Page::from_one_more(items, limit, cursor);
        seen.extend(
            page.items
                .iter()
                .map(|listed| (listed.patient.last_modified, listed.patient.id)),
        );
        match page.next {
            Some(next) => after = Some(next),
            None => return seen,
        }
    }
}

/// I3: so do a pool's, newest capture first, the upload's time standing in where none is known.
pub async fn images_page_stably(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    let taken = move |number: u32| {
        (!number.is_multiple_of(3)).then(|| at.plus_seconds(-i64::from(number * 11 % 4) * 86_400))
    };
    store
        .clinic(&clinician(1))
        .write::<_, Fault, _>(move |unit| {
            for number in 0..41 {
                let mut inside = unit.inside(patient_id(1))?;
                let proof = inside.admit(at)?;
                let mut draft = image_draft(number, at);
                draft.captured_at = taken(number);
                inside.insert_image(&cutis_storage::port::NewImage::new(draft, proof))?;
            }
            Ok(Audited::new((), Event::new(Action::ImageStored)))
        })
        .await
        .expect("images");
    let mut expected: Vec<_> = (0..41)
        .map(|n| (taken(n).unwrap_or(at), crate::builders::image_id(n)))
        .collect();
    expected.sort_unstable();
    expected.reverse();
    for size in [1, 3, 40, 41, 100] {
        let limit = Limit::parse(size).expect("a limit");
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let items = look(&store, 1, |view| {
                view.belongings(patient_id(1)).images(after, limit)
            })
            .await;
            let page = Page::from_one_more(items, limit, |stored| ImageCursor {
                shown_at: stored.image.shown_at(),
                id: stored.image.id,
            });
            seen.extend(
                page.items
                    .iter()
                    .map(|stored| (stored.image.shown_at(), stored.image.id)),
            );
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, expected, "pages of {size}");
    }
    let cover = look(&store, 1, |view| view.belongings(patient_id(1)).cover_image()).await;
    assert_eq!(cover, expected.first().map(|(_, id)| *id));
}

/// P4: unique id, names and MRN; case and accents do not matter; the exact id comes first.
pub async fn search_finds_what_people_type(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    let person = |number: u32, unique: &str, first: &str, last: &str, mrn: Option<&str>| NewPatient {
        profile: Sensitive::new(PatientProfile {
            first_name: Some(text(first)),
            last_name: Some(text(last)),
            mrn: mrn.map(text),
            note: Some(text("penicillin")),
            ..PatientProfile::default()
        }),
        ..new_patient(number, unique, at.plus_seconds(i64::from(number)))
    };
    add(
        &store,
        vec![
            person(1, "an", "Zoë", "Müller", None),
            person(2, "anna-2", "Anna", "Łuczak", Some("MRN 77")),
            person(3, "x-3", "Joanna", "O'Brien", None),
            person(4, "x-4", "100%", "Under_score", None),
        ],
    )
    .await;
    let found = async |needle: &str| -> Vec<u32> {
        let found = look(&store, 1, |view| view.find_patients(needle, EVERYBODY, at)).await;
        assert!(!found.more, "{needle:?}");
        let number = |id| {
            (1..5)
                .find(|number| patient_id(*number) == id)
                .expect("one of the four")
        };
        found.patients.iter().map(|found| number(found.id)).collect()
    };
    assert_eq!(found("muller").await, [1]);
    assert_eq!(found("MÜLL").await, [1]);
    assert_eq!(found("zoe mul").await, [1]);
    assert_eq!(found("müller zoë").await, [1]);
    assert_eq!(found("luczak").await, [2]);
    assert_eq!(found("mrn 77").await, [2]);
    assert_eq!(found("o'brien").await, [3]);
    // The exact unique id before all, then those that begin with it, then the rest.
    assert_eq!(found("ann").await, [2, 3]);
    assert_eq!(found("an").await, [1, 2, 3]);
    // Nothing is a pattern, and notes are not searched.
    assert_eq!(found("%").await, [4]);
    assert_eq!(found("_").await, [4]);
    assert_eq!(found("penicillin").await, Vec::<u32>::new());
    assert_eq!(found("' OR 2=2 --").await, Vec::<u32>::new());
}

/// E1, N4: entries by appointment, consents by recording, newest first, ties by id, and bounded.
pub async fn entries_and_consents_order(lab: &Lab) {
    let (store, at) = (lab.practice().await, lab.now());
    add_patient(&store, 1, 1, "anna-1", at).await;
    for (number, hours) in [(1, 5), (2, -3), (3, 5), (4, 0)] {
        add_entry(
            &store,
            1,
            entry(number, patient_id(1), at.plus_seconds(hours * 3600), at),
        )
        .await
        .expect("entry");
        add_consent(&store, 1, consent(number, patient_id(1), at.plus_seconds(hours)))
            .await
            .expect("consent");
    }
    let entries = look(&store, 1, |view| {
        view.belongings(patient_id(1)).entries(None, Limit::default())
    })
    .await;
    let expected = [3, 1, 4, 2].map(crate::builders::entry_id);
    assert_eq!(entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), expected);
    let consents = look(&store, 1, |view| {
        view.belongings(patient_id(1)).consents(Limit::default())
    })
    .await;
    let expected = [3, 1, 4, 2].map(crate::builders::consent_id);
    assert_eq!(
        consents.iter().map(|consent| consent.id).collect::<Vec<_>>(),
        expected
    );
    let two = Limit::parse(2).expect("a limit");
    assert_eq!(
        look(&store, 1, |view| view
            .belongings(patient_id(1))
            .entries(None, two))
        .await
        .len(),
        3,
        "one more than asked for, which says that there is more"
    );
    let mut paged = Vec::new();
    let mut after = None;
    loop {
        let mut page = look(&store, 1, |view| {
            view.belongings(patient_id(1))
                .entries(after, Limit::parse(1).expect("a limit"))
        })
        .await;
        page.truncate(1);
        let Some(last) = page.pop() else { break };
        after = Some(EntryPosition {
            appointment_at: last.appointment_at,
            id: last.id,
        });
        paged.push(last.id);
    }
    assert_eq!(paged, [3, 1, 4, 2].map(crate::builders::entry_id));
    assert_eq!(
        look(&store, 1, |view| view.belongings(patient_id(1)).consents(two))
            .await
            .len(),
        2
    );
    assert_eq!(
        look(&store, 1, |view| view.belongings(patient_id(1)).grants())
            .await
            .len(),
        4
    );
}
