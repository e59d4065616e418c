//! Lists and searches against a plain reckoning over the same data (P3, P4), by chance: any history of two owners.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeSet;

use cutis_audit::{Action, Audited, Event};
use cutis_consent::Status;
use cutis_consent::record::{Reason, Revocation};
use cutis_domain::page::{Limit, Page};
use cutis_domain::patient::{BirthDate, Fitzpatrick, Patient, PatientProfile, SexAtBirth, UniqueId};
use cutis_domain::tag::Tagged;
use cutis_domain::time::Day;
use cutis_domain::{PatientId, Sensitive, TagId, Timestamp};
use cutis_search::{Attempt, Date, Fields, Needle, Rank, Searched, name_key};
use cutis_storage::port::{
    FoundPatients, NewPatient, Order, PatientFilter, PatientSort, PatientsAsked, TagFilter,
};
use cutis_storage::{OpenTagged, Store};
use cutis_testkit::builders::{
    clinician, consent, consent_id, entry, entry_id, image_id, new_patient, patient_change, patient_id,
    recorder, tag_id, text,
};
use cutis_testkit::lab::{Fault, add_consent, add_entry, add_image, add_tags, expect_intact, look};

use crate::support::{lab, path};
use crate::tampering::hand::Hand;

/// Numbers by chance, the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }

    fn number(&mut self, bound: u32) -> u32 {
        u32::try_from(self.below(u64::from(bound))).expect("fits")
    }

    fn one_of<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.place(of.len())].clone()
    }

    fn place(&mut self, places: usize) -> usize {
        let bound = u64::try_from(places).expect("fits");
        usize::try_from(self.below(bound)).expect("fits")
    }

    fn heads(&mut self) -> bool {
        self.below(2) == 0
    }
}

const NAMES: &[&str] = &[
    "Anna",
    "Anne-Marie",
    "O'Brien",
    "Müller",
    "Mueller",
    "Weiß",
    "Łuczak",
    "van der Berg",
    "王",
    "明子",
    "髙橋",
    "김민수",
    "Åse",
    "Sørensen",
    "Ann",
    "Joanna",
    "100%",
    "محمد",
    "Bauer",
    "Nguyễn",
];

fn profile(chance: &mut Chance) -> PatientProfile {
    let mut name = |often: u64| (chance.below(4) < often).then(|| text(chance.one_of(NAMES)));
    let (first_name, middle_name, last_name, preferred_name) = (name(3), name(1), name(3), name(1));
    let born = format!(
        "19{:02}-0{}-1{}",
        20 + chance.below(79),
        1 + chance.below(9),
        chance.below(10)
    );
    PatientProfile {
        first_name,
        middle_name,
        last_name,
        preferred_name,
        mrn: chance
            .heads()
            .then(|| text(&format!("MRN-{}", chance.below(300)))),
        birth_date: chance
            .heads()
            .then(|| BirthDate::stored(Day::parse(&born).expect("a day"))),
        sex_at_birth: chance.heads().then(|| chance.one_of(SexAtBirth::ALL)),
        fitzpatrick: chance.heads().then(|| chance.one_of(Fitzpatrick::ALL)),
        ..PatientProfile::default()
    }
}

/// What is known of a patient without any list.
struct Known {
    patient: Patient,
    status: Status,
    images: Vec<Timestamp>,
    tags: Vec<TagId>,
}

async fn known(store: &Store, who: u32, patients: &BTreeSet<u32>, now: Timestamp) -> Vec<Known> {
    look(store, who, |view| {
        let mut all = Vec::new();
        for number in patients {
            let Some(patient) = view.patient(patient_id(*number), now)? else {
                continue;
            };
            let inside = view.belongings(patient.id);
            let images = inside.images(None, Limit::parse(100).expect("a limit"))?;
            let entries = inside.entries(None, Limit::parse(100).expect("a limit"))?;
            assert_eq!(u64::try_from(images.len()), Ok(patient.image_count));
            assert_eq!(u64::try_from(entries.len()), Ok(patient.entry_count));
            let past = entries
                .iter()
                .map(|entry| entry.appointment_at)
                .filter(|at| *at <= now);
            assert_eq!(patient.last_appointment, past.max());
            let coming = entries
                .iter()
                .map(|entry| entry.appointment_at)
                .filter(|at| *at > now);
            assert_eq!(patient.next_appointment, coming.min());
            all.push(Known {
                tags: inside
                    .effective_tags(Tagged::Patient)?
                    .iter()
                    .map(|it| it.tag.id)
                    .collect(),
                status: Status::of(&inside.grants()?, now),
                images: images
                    .iter()
                    .map(|it| it.image.captured_at.unwrap_or(it.image.uploaded_at))
                    .collect(),
                patient,
            });
        }
        Ok(all)
    })
    .await
}

fn passes(filter: &PatientFilter, known: &Known) -> bool {
    let (patient, profile) = (&known.patient, known.patient.profile.reveal());
    let within = |range: &Option<std::ops::RangeInclusive<Timestamp>>, at: Option<Timestamp>| {
        range
            .as_ref()
            .is_none_or(|range| at.is_some_and(|at| range.contains(&at)))
    };
    within(&filter.last_appointment, patient.last_appointment)
        && within(&filter.last_modified, Some(patient.last_modified))
        && within(&filter.created, Some(patient.created_at))
        && filter
            .image
            .as_ref()
            .is_none_or(|range| known.images.iter().any(|at| range.contains(at)))
        && filter
            .entries
            .as_ref()
            .is_none_or(|range| range.contains(&patient.entry_count))
        && filter
            .images
            .as_ref()
            .is_none_or(|range| range.contains(&patient.image_count))
        && filter
            .born
            .as_ref()
            .is_none_or(|range| profile.birth_date.is_some_and(|born| range.contains(&born.day())))
        && filter
            .sex
            .as_ref()
            .is_none_or(|any| profile.sex_at_birth.is_some_and(|sex| any.contains(&sex)))
        && filter
            .fitzpatrick
            .as_ref()
            .is_none_or(|any| profile.fitzpatrick.is_some_and(|kind| any.contains(&kind)))
        && filter
            .consent
            .as_ref()
            .is_none_or(|any| any.contains(&known.status))
        && filter.tags.all_of.iter().all(|tag| known.tags.contains(tag))
        && (filter.tags.any_of.is_empty() || filter.tags.any_of.iter().any(|tag| known.tags.contains(tag)))
        && !filter.tags.none_of.iter().any(|tag| known.tags.contains(tag))
}

fn some_filter(chance: &mut Chance, now: Timestamp) -> PatientFilter {
    let mut times = |rarely: u64| {
        (chance.below(rarely) == 0).then(|| {
            let from = now.plus_seconds(-i64::from(chance.number(4_000)));
            from..=from.plus_seconds(i64::from(chance.number(4_000)))
        })
    };
    let (last_appointment, last_modified, created, image) = (times(4), times(6), times(6), times(6));
    PatientFilter {
        last_appointment,
        last_modified,
        created,
        image,
        entries: (chance.below(4) == 0).then(|| chance.below(3)..=2 + chance.below(3)),
        images: (chance.below(4) == 0).then(|| chance.below(2)..=1 + chance.below(3)),
        born: (chance.below(5) == 0)
            .then(|| Day::parse("1940-01-01").expect("a day")..=Day::parse("1980-05-15").expect("a day")),
        sex: (chance.below(5) == 0).then(|| vec![chance.one_of(SexAtBirth::ALL), SexAtBirth::Female]),
        fitzpatrick: (chance.below(6) == 0).then(|| vec![Fitzpatrick::I, chance.one_of(Fitzpatrick::ALL)]),
        consent: (chance.below(4) == 0).then(|| vec![chance.one_of(Status::ALL), chance.one_of(Status::ALL)]),
        tags: if chance.below(3) == 0 {
            some_tags(chance)
        } else {
            TagFilter::default()
        },
    }
}

/// The tag 9 is nobody's, and of the others each owner has two.
fn some_tags(chance: &mut Chance) -> TagFilter {
    let mut some = |rarely: u64| -> Vec<TagId> {
        let count = if chance.below(rarely) == 0 {
            1 + chance.below(2)
        } else {
            0
        };
        (0..count)
            .map(|_| tag_id(chance.one_of(&[1, 2, 3, 4, 1, 2, 3, 4, 9])))
            .collect()
    };
    let (all_of, any_of, none_of) = (some(3), some(3), some(3));
    TagFilter {
        all_of,
        any_of,
        none_of,
    }
}

fn in_order(left: &Patient, right: &Patient, sort: PatientSort, order: Order) -> Ordering {
    let turn = |ordering: Ordering| match order {
        Order::Ascending => ordering,
        Order::Descending => ordering.reverse(),
    };
    let name = |patient: &Patient| with_fields(patient, name_key);
    match sort {
        PatientSort::LastModified => {
            turn((left.last_modified, left.id).cmp(&(right.last_modified, right.id)))
        }
        PatientSort::UniqueId => turn(left.unique_id.cmp(&right.unique_id)),
        PatientSort::LastAppointment => left
            .last_appointment
            .is_none()
            .cmp(&right.last_appointment.is_none())
            .then_with(|| turn((left.last_appointment, left.id).cmp(&(right.last_appointment, right.id)))),
        PatientSort::Name => {
            let nameless = |patient: &Patient| {
                let profile = patient.profile.reveal();
                [&profile.first_name, &profile.middle_name, &profile.last_name]
                    .iter()
                    .all(|name| name.is_none())
            };
            nameless(left)
                .cmp(&nameless(right))
                .then_with(|| turn((name(left), left.id).cmp(&(name(right), right.id))))
        }
    }
}

fn with_fields<T>(patient: &Patient, work: impl Fn(&Fields<'_>) -> T) -> T {
    let profile = patient.profile.reveal();
    let names = [
        &profile.first_name,
        &profile.middle_name,
        &profile.last_name,
        &profile.preferred_name,
    ]
    .map(|name| name.as_ref().map_or("", |name| name.as_str()));
    let [first_name, middle_name, last_name, preferred_name] = names;
    let born = profile.birth_date.map(|born| born.day().to_string());
    work(&Fields {
        unique_id: patient.unique_id.as_str(),
        first_name,
        middle_name,
        last_name,
        preferred_name,
        mrn: profile.mrn.as_ref().map_or("", |mrn| mrn.as_str()),
        born: born.as_deref().and_then(Date::parse),
    })
}

/// Fold and contain, over everybody: no index.
fn reckoned(typed: &str, among: &[&Known], now: Timestamp) -> Vec<PatientId> {
    let exact = UniqueId::parse(typed).ok();
    let rank = |known: &Known, attempt: Option<&Attempt>| {
        if exact.as_ref() == Some(&known.patient.unique_id) {
            return Some(0);
        }
        let fits = attempt?.rank(&with_fields(&known.patient, Searched::of))?;
        Some(match fits {
            Rank::IdPrefix => 1,
            Rank::Words => 2,
            Rank::Prefixes => 3,
            Rank::Rest => 4,
        })
    };
    let today = now.to_string();
    let needle = Needle::parse(typed, today.get(..10).and_then(Date::parse).expect("a day"));
    let mut found = Vec::new();
    for attempt in needle.attempts().iter().map(Some).chain([None]) {
        let ranked = among.iter().filter_map(|known| {
            let place = Reverse((known.patient.last_modified, known.patient.id));
            rank(known, attempt).map(|rank| (rank, place))
        });
        found = ranked.collect();
        if !found.is_empty() {
            break;
        }
    }
    found.sort_unstable();
    found.into_iter().map(|(_, Reverse((_, id)))| id).collect()
}

/// A whole day in one of the longer and shorter forms, and the day. Whoever is born in these tests is born in the twentieth
/// century, so a year of two digits means one year.
fn whole_day(chance: &mut Chance) -> (String, String) {
    const MONTHS: [&str; 9] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep"];
    let (day, place, year) = (10 + chance.below(10), chance.place(9), 20 + chance.below(79));
    let (month, name, age) = (place + 1, MONTHS[place], chance.below(131));
    let typed = match chance.below(8) {
        0 => format!("{day}.{month}.{year}"),
        1 => format!("{day}. {month}. 19{year}"),
        2 => format!("Wed {day} {name} 19{year}"),
        3 => format!("{day} {name} 19{year} ({age})"),
        4 => format!("{name} {day}, {year}"),
        5 => format!("{month}/{day}/{year}"),
        6 => format!("{day} {month} 19{year}"),
        _ => format!("Wed, {day}. {month}. {year} ({age})"),
    };
    (typed, format!("19{year}-{month:02}-{day}"))
}

/// Whether a whole day finds somebody, reckoned plainly and without the search's own rules: each chunk is the day of birth,
/// its year, or in the text, together or apart.
fn is_found_plainly(typed: &str, day: &str, known: &Known) -> bool {
    let profile = known.patient.profile.reveal();
    let born = profile.birth_date.map(|born| born.day().to_string());
    let born = born.as_deref().unwrap_or_default();
    let of = |text: Option<&str>| text.unwrap_or_default().to_lowercase().replace('-', "");
    let text = [
        of(Some(known.patient.unique_id.as_str())),
        of(profile.mrn.as_ref().map(cutis_domain::Text::as_str)),
        of(profile.first_name.as_ref().map(cutis_domain::Text::as_str)),
        of(profile.middle_name.as_ref().map(cutis_domain::Text::as_str)),
        of(profile.last_name.as_ref().map(cutis_domain::Text::as_str)),
        of(profile.preferred_name.as_ref().map(cutis_domain::Text::as_str)),
    ]
    .join("\n");
    let mut chunks = typed.split([' ', ',']).filter(|chunk| !chunk.is_empty());
    chunks.all(|chunk| {
        let parts: Vec<String> = chunk
            .split(|c: char| !c.is_alphanumeric())
            .filter(|part| !part.is_empty())
            .map(str::to_lowercase)
            .collect();
        let is_year = matches!(&parts[..], [one] if one.len() == 4 && born.starts_with(one.as_str()));
        born == day
            || is_year
            || text.contains(&parts.concat())
            || parts.iter().all(|part| text.contains(part.as_str()))
    })
}

/// P4: whole days find whom a plain reckoning finds, beside those who have the words.
async fn compare_whole_day(
    store: &Store,
    who: u32,
    chance: &mut Chance,
    among: &[&Known],
    filter: &PatientFilter,
    now: Timestamp,
) {
    let (mut typed, mut day) = whole_day(chance);
    // Mostly one on which somebody was born: by chance it hardly ever is.
    for _ in 0..200 {
        let is_birthday = |known: &&Known| {
            let born = known.patient.profile.reveal().birth_date;
            born.is_some_and(|born| born.day().to_string() == day)
        };
        if among.iter().any(is_birthday) {
            break;
        }
        (typed, day) = whole_day(chance);
    }
    let found = look(store, who, |view| view.find_patients(&typed, filter, now)).await;
    let mut found: Vec<PatientId> = found.patients.iter().map(|found| found.id).collect();
    let expected = among.iter().filter(|known| is_found_plainly(&typed, &day, known));
    let mut expected: Vec<PatientId> = expected.map(|known| known.patient.id).collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected, "{typed:?} {filter:?}");
}

fn needle(chance: &mut Chance) -> String {
    let part = |chance: &mut Chance| {
        let name: Vec<char> = chance.one_of(NAMES).chars().collect();
        let from = chance.place(name.len());
        let length = 1 + usize::try_from(chance.below(6)).expect("fits");
        name[from..].iter().take(length).collect::<String>()
    };
    match chance.below(10) {
        0 => format!("p-{}", chance.below(80)),
        9 => whole_day(chance).0,
        8 => format!(
            "{} {} 19{}",
            10 + chance.below(10),
            chance.one_of(&[
                "January", "février", "Mrz", "Apr", "Mai", "June", "juil.", "aug", "Sept."
            ]),
            20 + chance.below(79)
        ),
        1 => chance
            .one_of(&["1", "p", "a", "%", "-", "mrn", "zz", "\u{301}", "p-1 anna"])
            .to_owned(),
        2 => format!("19{}", 20 + chance.below(79)),
        3 => format!(
            "1{}.{}.19{}",
            chance.below(10),
            1 + chance.below(9),
            20 + chance.below(79)
        ),
        4 => chance.one_of(NAMES).to_uppercase(),
        5 => format!("{} {}", part(chance), part(chance)),
        _ => part(chance),
    }
}

/// One thing happens to one of the patients of an owner.
async fn happen(
    store: &Store,
    chance: &mut Chance,
    who: u32,
    patients: &mut BTreeSet<u32>,
    step: u32,
    now: Timestamp,
) {
    let kind = chance.below(if patients.is_empty() { 1 } else { 14 });
    let number = patients.iter().nth(chance.place(patients.len().max(1)));
    let (Some(number), 2..) = (number.copied(), kind) else {
        let number = who * 10_000 + step;
        let new = NewPatient {
            profile: Sensitive::new(profile(chance)),
            ..new_patient(number, &format!("p-{step}"), now)
        };
        write(store, who, move |unit| Ok(unit.insert_patient(&new)?)).await;
        patients.insert(number);
        return;
    };
    let patient = patient_id(number);
    let at = now.plus_seconds(i64::from(chance.number(4_000)) - 2_500);
    let own = who * 1_000_000 + step;
    match kind {
        2 | 3 => add_entry(store, who, entry(own, patient, at, now))
            .await
            .expect("an entry"),
        4 => drop(add_image(store, who, number, own, now).await),
        5 => {
            let mut new = consent(own, patient, now);
            if chance.heads() {
                new.record.expiry = Some(cutis_consent::record::Expiry::stored(
                    Day::parse("2026-01-01").expect("a day"),
                    at,
                ));
            }
            add_consent(store, who, new).await.expect("a consent");
        }
        6 => {
            let revoked = consent_id(who * 1_000_000 + chance.number(step + 1));
            let revocation = Revocation {
                at: now,
                by: recorder(who),
                reason: Reason::parse("asked for").expect("valid"),
            };
            write(store, who, move |unit| {
                unit.inside(patient)?.revoke_consent(revoked, &revocation)?;
                Ok(())
            })
            .await;
        }
        10..13 => tags_change(store, chance, who, patient, step, now).await,
        7 | 8 => {
            let tag = tag_id(who * 2 - chance.number(2));
            let given = chance.below(3) > 0;
            write(store, who, move |unit| {
                let mut inside = unit.inside(patient)?;
                if given {
                    inside.give_tag(&OpenTagged::Patient, tag, now)?;
                } else {
                    inside.take_tag(&OpenTagged::Patient, tag, now)?;
                }
                Ok(())
            })
            .await;
        }
        _ => {
            let new = NewPatient {
                profile: Sensitive::new(profile(chance)),
                ..new_patient(number, &format!("p-{}", number % 10_000), now)
            };
            write(store, who, move |unit| {
                let before = unit.patient(patient, now)?.ok_or(Fault::Absent)?;
                assert!(unit.update_patient(&patient_change(new, before.version, now))?);
                Ok(())
            })
            .await;
        }
    }
}

/// One of the patient's entries or images gets a tag or loses it; or what a merge or a deletion of a tag does to a patient;
/// or a tag is archived or brought back, which changes no use of it and nobody who is found by it.
async fn tags_change(
    store: &Store,
    chance: &mut Chance,
    who: u32,
    patient: PatientId,
    step: u32,
    now: Timestamp,
) {
    if chance.below(6) == 0 {
        let archived = tag_id(who * 2 - chance.number(2));
        write(store, who, move |unit| {
            let (mut tag, uses) = unit.tag(archived)?.ok_or(Fault::Absent)?;
            tag.archived_at = if tag.archived_at.is_none() {
                Some(now)
            } else {
                None
            };
            assert!(unit.update_tag(&tag)?);
            assert_eq!(unit.tag(archived)?, Some((tag, uses)));
            Ok(())
        })
        .await;
        return;
    }
    if chance.below(3) == 0 {
        let (from, into) = (tag_id(who * 2 - 1), tag_id(who * 2));
        let merged = chance.heads();
        write(store, who, move |unit| {
            let mut inside = unit.inside(patient)?;
            if merged {
                inside.replace_tag(from, into, now)?;
            } else {
                inside.drop_tag(into, now)?;
            }
            Ok(())
        })
        .await;
        return;
    }
    let (tag, given) = (tag_id(who * 2 - chance.number(2)), chance.below(3) > 0);
    let from = chance.number(step + 1);
    write(store, who, move |unit| {
        let mut inside = unit.inside(patient)?;
        for other in (from..step).chain(0..from) {
            let number = who * 1_000_000 + other;
            for it in [Tagged::Entry(entry_id(number)), Tagged::Image(image_id(number))] {
                if inside.has_tagged(it)? {
                    let it = inside.open_tagged(it)?;
                    if given {
                        inside.give_tag(&it, tag, now)?;
                    } else {
                        inside.take_tag(&it, tag, now)?;
                    }
                    return Ok(());
                }
            }
        }
        Ok(())
    })
    .await;
}

async fn write(
    store: &Store,
    who: u32,
    work: impl FnOnce(&mut cutis_storage::Unit<'_>) -> Result<(), Fault> + Send + 'static,
) {
    store
        .clinic(&clinician(who))
        .write::<_, Fault, _>(move |unit| {
            work(unit)?;
            Ok(Audited::new((), Event::new(Action::PatientChanged)))
        })
        .await
        .expect("written");
}

/// P3, P4, A10: after any history, every list in every order is what a recount gives, page by page, and every search
/// finds what fold and contain find; of two owners, neither sees the other's.
#[tokio::test]
async fn lists_and_searches_are_what_a_recount_gives() {
    for history in 0..6_u64 {
        let mut chance = Chance(0x9e37_79b9_7f4a_7c15 ^ (history + 1));
        let (lab, folder) = lab();
        let mut store = lab.practice().await;
        add_tags(&store, 1, 1, &[1, 2], lab.now()).await.expect("tags");
        add_tags(&store, 2, 2, &[3, 4], lab.now()).await.expect("tags");
        let mut owners = [BTreeSet::new(), BTreeSet::new()];
        let mut now = lab.now();
        for step in 0..110 {
            // The present goes on, by a little or a lot; and clocks are set back.
            let seconds = if chance.below(20) == 0 {
                -900
            } else {
                i64::from(chance.number(120))
            };
            now = now.plus_seconds(seconds);
            lab.clock.set(now);
            let who = 1 + chance.number(2);
            let patients = &mut owners[usize::from(who != 1)];
            happen(&store, &mut chance, who, patients, step, now).await;
            if chance.below(40) == 0 {
                drop(store);
                if chance.heads() {
                    // Somebody empties the index, or part of what is due: at the next start that is noticed.
                    let hand = Hand::on(&path(&folder));
                    hand.run("INSERT INTO patient_find (patient_find) VALUES ('delete-all')")
                        .expect("emptied");
                }
                store = lab.store();
            }
        }
        for (who, patients) in [1, 2].into_iter().zip(&owners) {
            // Beside the latest present also another, which somebody's clock may have.
            for now in [now, now.plus_seconds(-700), now.plus_seconds(900)] {
                let known = known(&store, who, patients, now).await;
                assert_eq!(known.len(), patients.len());
                for _ in 0..10 {
                    let filter = if chance.below(4) == 0 {
                        PatientFilter::default()
                    } else {
                        some_filter(&mut chance, now)
                    };
                    compare_list(&store, who, &mut chance, &known, &filter, now).await;
                    for _ in 0..4 {
                        let typed = needle(&mut chance);
                        let found = look(&store, who, |view| view.find_patients(&typed, &filter, now)).await;
                        let among: Vec<&Known> =
                            known.iter().filter(|known| passes(&filter, known)).collect();
                        let expected = reckoned(&typed, &among, now);
                        let found_ids: Vec<PatientId> = found.patients.iter().map(|found| found.id).collect();
                        assert_eq!((found_ids, found.more), (expected, false), "{typed:?} {filter:?}");
                        compare_whole_day(&store, who, &mut chance, &among, &filter, now).await;
                    }
                }
            }
        }
        expect_intact(&lab, &store).await;
    }
}

async fn compare_list(
    store: &Store,
    who: u32,
    chance: &mut Chance,
    known: &[Known],
    filter: &PatientFilter,
    now: Timestamp,
) {
    let sort = chance.one_of(&[
        PatientSort::LastModified,
        PatientSort::LastAppointment,
        PatientSort::UniqueId,
        PatientSort::Name,
    ]);
    let order = chance.one_of(&[Order::Ascending, Order::Descending]);
    let limit = Limit::parse(1 + i64::from(chance.number(30))).expect("a limit");
    let mut expected: Vec<&Known> = known.iter().filter(|known| passes(filter, known)).collect();
    expected.sort_by(|left, right| in_order(&left.patient, &right.patient, sort, order));
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let asked = PatientsAsked {
            sort,
            order,
            filter,
            after: after.clone(),
            limit,
            now,
        };
        let items = look(store, who, |view| view.patients(&asked)).await;
        let page = Page::from_one_more(items, limit, |last| last.position.clone());
        for listed in page.items {
            let patient = listed.patient;
            seen.push((
                patient.id,
                patient.last_appointment,
                patient.next_appointment,
                patient.image_count,
            ));
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let expected: Vec<_> = expected
        .iter()
        .map(|known| {
            let patient = &known.patient;
            (
                patient.id,
                patient.last_appointment,
                patient.next_appointment,
                patient.image_count,
            )
        })
        .collect();
    assert_eq!(seen, expected, "{sort:?} {order:?} {limit:?} {filter:?}");
    let total = look(store, who, |view| view.count_patients(filter, now)).await;
    assert_eq!(Ok(total), u64::try_from(expected.len()), "{filter:?}");
}

/// P4: of more than two hundred, two hundred are shown, the best of them first, and it is said that there are more.
#[tokio::test]
async fn more_than_two_hundred() {
    let (lab, _folder) = lab();
    let (store, at) = (lab.practice().await, lab.now());
    let patients: Vec<NewPatient> = (0..450)
        .map(|number| {
            let first = match number {
                0 => "Nna",
                1 => "Nnamdi",
                _ => "Hanna",
            };
            NewPatient {
                profile: Sensitive::new(PatientProfile {
                    first_name: Some(text(first)),
                    ..PatientProfile::default()
                }),
                ..new_patient(number, &format!("p-{number}"), at.plus_seconds(i64::from(number)))
            }
        })
        .collect();
    write(&store, 1, move |unit| {
        patients
            .iter()
            .try_for_each(|patient| unit.insert_patient(patient))?;
        Ok(())
    })
    .await;
    let everybody = PatientFilter::default();
    let found = look(&store, 1, |view| view.find_patients("nna", &everybody, at)).await;
    assert_eq!((found.patients.len(), found.more), (FoundPatients::MOST, true));
    assert_eq!(found.patients[0].id, patient_id(0));
    assert_eq!(found.patients[1].id, patient_id(1));
    let found = look(&store, 1, |view| view.find_patients("p-44", &everybody, at)).await;
    assert_eq!((found.patients.len(), found.more), (11, false));
    assert_eq!(found.patients[0].id, patient_id(44));
    let few = PatientFilter {
        entries: Some(1..=5),
        ..PatientFilter::default()
    };
    add_entry(&store, 1, entry(1, patient_id(7), at, at))
        .await
        .expect("an entry");
    let found = look(&store, 1, |view| view.find_patients("nna", &few, at)).await;
    assert_eq!((found.patients.len(), found.more), (1, false));
}

/// P4: of many patients, a search finds what fold and contain find; where those are more than two hundred, two hundred of
/// them, each at the rank that it has, and it says that there are more. Two owners share no result.
#[tokio::test]
async fn many_are_found_as_a_recount_finds_them() {
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    let (lab, _folder) = lab();
    let (store, at) = (lab.practice().await, lab.now());
    let mut owners = [BTreeSet::new(), BTreeSet::new()];
    for (who, numbers) in [1_u32, 2].into_iter().zip(&mut owners) {
        let patients: Vec<NewPatient> = (0..700)
            .map(|number| NewPatient {
                profile: Sensitive::new(profile(&mut chance)),
                ..new_patient(
                    who * 10_000 + number,
                    &format!("p-{number:04}"),
                    at.plus_seconds(i64::from(chance.number(4_000))),
                )
            })
            .collect();
        numbers.extend((0..700).map(|number| who * 10_000 + number));
        write(&store, who, move |unit| {
            patients
                .iter()
                .try_for_each(|patient| unit.insert_patient(patient))?;
            Ok(())
        })
        .await;
    }
    let now = at.plus_seconds(5_000);
    let everybody = PatientFilter::default();
    let mut many = 0;
    for (who, patients) in [1, 2].into_iter().zip(&owners) {
        let known = known(&store, who, patients, now).await;
        let among: Vec<&Known> = known.iter().collect();
        for turn in 0..60 {
            let typed = match turn % 6 {
                0 => format!("p-{:04}", chance.below(700)),
                1 => format!("p-0{}", chance.below(10)),
                2 => chance
                    .one_of(&["a", "n", "p", "0", "1", "an", "p0", "mrn", "er", "anna"])
                    .to_owned(),
                _ => needle(&mut chance),
            };
            let found = look(&store, who, |view| view.find_patients(&typed, &everybody, now)).await;
            let ids: Vec<PatientId> = found.patients.iter().map(|found| found.id).collect();
            let expected = reckoned(&typed, &among, now);
            let fits = expected.len() <= FoundPatients::MOST;
            assert_eq!(found.more, !fits, "{typed:?}");
            if fits {
                assert_eq!(ids, expected, "{typed:?}");
            } else {
                many += 1;
                assert_eq!(ids.len(), FoundPatients::MOST, "{typed:?}");
                // In the order of the whole, with some left out.
                let mut rest = expected.iter();
                assert!(ids.iter().all(|id| rest.any(|other| other == id)), "{typed:?}");
            }
        }
    }
    assert!(many > 10, "only {many} searches found many");
}
