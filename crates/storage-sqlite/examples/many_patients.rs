//! How long lists and searches take in a practice of any size (P4), in processor time of the reading thread:
//!
//! ```text
//! cargo build --release -p cutis-storage-sqlite --example many_patients
//! target/release/examples/many_patients make DIR 1000000
//! target/release/examples/many_patients measure DIR
//! ```
//!
//! Two owners, of whom the first has sixty of a hundred patients; ten images and three tags for each patient. The rows are put into the file
//! directly, so the trail does not attest them, and `cutis audit verify` would say so.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::many_single_char_names,
    clippy::too_many_lines,
    reason = "measuring is what this program is for"
)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use cutis_consent::Status;
use cutis_domain::page::Limit;
use cutis_domain::{PatientId, Scope, Timestamp};
use cutis_storage::port::{
    Order, PatientFilter, PatientPosition, PatientSort, PatientsAsked, SortKey, TagFilter,
};
use cutis_storage::{Backend, OwnedRead, StorageError};
use cutis_storage_sqlite::{Options, Sqlite};
use cutis_testkit::Lab;
use cutis_testkit::builders::{account_id, scope, tag_id};
use rusqlite::{Connection, params};

type Done<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Done {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["make", folder, patients] => make(&PathBuf::from(folder).join("cutis.db"), patients.parse()?),
        ["measure", folder] => measure(&PathBuf::from(folder).join("cutis.db")),
        _ => Err("make DIR PATIENTS, or measure DIR".into()),
    }
}

/// Numbers by chance, the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound.max(1)
    }

    fn one_of<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let place = usize::try_from(self.below(u64::try_from(of.len()).unwrap_or(1))).unwrap_or(0);
        of.get(place).copied().unwrap_or_default()
    }

    /// Few names are frequent and many are rare.
    fn name(&mut self) -> String {
        const BEGINNINGS: &[&str] = &[
            "An", "Ma", "Jo", "El", "Sö", "Mü", "Ka", "Li", "Ro", "Te", "Bri", "Schu", "Wil", "Ga", "Na",
            "Ha", "Ce", "Do", "O'", "Fé", "Pe", "Vi", "Gu", "Zo", "St",
        ];
        const MIDDLES: &[&str] = &[
            "na", "ri", "le", "lle", "sa", "ber", "tte", "mo", "ga", "nde", "rt", "ck", "vi", "ne", "lo",
        ];
        const ENDS: &[&str] = &[
            "", "a", "er", "son", "mann", "i", "e", "ez", "ova", "ini", "y", "ski",
        ];
        if self.below(50) == 0 {
            let kanji = ["王", "李", "田中", "高橋", "明", "美", "김", "이"];
            return format!("{}{}", self.one_of(&kanji), self.one_of(&kanji));
        }
        let skewed = self.below(3) == 0;
        let middles = if skewed {
            MIDDLES.get(..3).unwrap_or(MIDDLES)
        } else {
            MIDDLES
        };
        let mut name = self.one_of(BEGINNINGS).to_owned();
        for _ in 0..=self.below(2) {
            name.push_str(self.one_of(middles));
        }
        name.push_str(self.one_of(ENDS));
        name
    }
}

fn id(kind: u8, number: u64) -> [u8; 16] {
    // As time-ordered ids do, these spread over their last bytes.
    let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
    let [a, b, c, d, e, f, g, h] = spread;
    let [.., w, x, y, z] = number.to_be_bytes();
    [kind, w, x, y, z, 0, 0x70, 0, 0x80 | (a >> 2), b, c, d, e, f, g, h]
}

fn make(path: &Path, patients: u64) -> Done {
    let at = path.to_owned();
    let lab =
        Lab::new(move || Arc::new(Sqlite::open(&at, &Lab::key(), Options::default()).expect("it opens")));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_time()
        .build()?;
    runtime.block_on(async { drop(lab.practice().await) });
    let started = Instant::now();
    fill(path, patients, lab.now())?;
    say(&format!("rows: {:.1} s", started.elapsed().as_secs_f64()))?;
    let store = lab.store();
    say(&format!(
        "names for the order: {:.1} s",
        started.elapsed().as_secs_f64()
    ))?;
    let looking = Connection::open(path)?;
    loop {
        let upto: i64 = looking.query_row("SELECT upto FROM patient_find_state", [], |row| row.get(0))?;
        if upto == i64::MAX {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    drop(store);
    say(&format!("search index: {:.1} s", started.elapsed().as_secs_f64()))?;
    let index: i64 = looking.query_row("SELECT sum(length(block)) FROM patient_find_data", [], |row| {
        row.get(0)
    })?;
    let whole = std::fs::metadata(path)?.len();
    say(&format!("index {} MiB of {} MiB", index >> 20, whole >> 20))
}

fn fill(path: &Path, patients: u64, now: Timestamp) -> Done {
    let mut connection = Connection::open(path)?;
    connection
        .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000")?;
    let transaction = connection.transaction()?;
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    let owners = [*account_id(1).as_bytes(), *account_id(2).as_bytes()];
    let (now, day) = (now.as_micros(), 86_400_000_000_i64);
    {
        let mut patient = transaction.prepare(
            "INSERT INTO patient (id, owner_id, unique_id, first_name, middle_name, last_name, mrn, birth_date, sex_at_birth, \
             fitzpatrick, phones, search, created_at, last_modified, image_count, entry_count) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, '[]', '', ?11, ?12, 10, ?13)",
        )?;
        let mut entry = transaction.prepare(
            "INSERT INTO entry (id, owner_id, patient_id, appointment_at, notes, author, created_at) \
             VALUES (?1, ?2, ?3, ?4, '', 'clinician-1', ?5)",
        )?;
        for number in 0..patients {
            let who = owners
                .get(usize::from(number % 10 >= 6))
                .copied()
                .unwrap_or_default();
            let created =
                now - i64::try_from(chance.below(2000))? * day - i64::try_from(chance.below(86_400_000_000))?;
            let modified = created + i64::try_from(chance.below(u64::try_from(now - created)?))?;
            let born = format!(
                "{}-{:02}-{:02}",
                1930 + chance.below(95),
                1 + chance.below(12),
                1 + chance.below(28)
            );
            let middle = (chance.below(4) == 0).then(|| chance.name());
            let visits = chance.below(2);
            patient.execute(params![
                id(0xb0, number),
                who,
                format!("p-{number:07}"),
                chance.name(),
                middle,
                chance.name(),
                format!("{}", 10_000_000 + chance.below(89_999_999)),
                born,
                chance.one_of(&["female", "male", "unknown"]),
                chance.one_of(&["I", "II", "III", "IV", "V", "VI"]),
                created,
                modified,
                0,
            ])?;
            for visit in 0..visits {
                let at =
                    created + i64::try_from(chance.below(u64::try_from(now - created)? + 2_000_000_000_000))?;
                entry.execute(params![
                    id(0xe0, number * 4 + visit),
                    who,
                    id(0xb0, number),
                    at,
                    created
                ])?;
            }
        }
    }
    // What follows changes no patient.
    transaction.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    {
        let mut image = transaction.prepare(
            "INSERT INTO image (id, owner_id, patient_id, file_name, format, width, height, bytes, sha256, uploaded_at, \
             uploaded_by, thumbnail_bytes, screen_bytes, original_name, derived_name, basis, basis_level) \
             VALUES (?1, ?2, ?3, 'a.jpg', 'jpeg', 4000, 3000, 3000000, ?4, ?5, 'clinician-1', 1, 1, ?4, ?4, 'level', 'disabled')",
        )?;
        let mut tag = transaction.prepare(
            "INSERT OR IGNORE INTO patient_tag_use (owner_id, tag_id, patient_id, own, entries, images) \
             VALUES (?1, ?2, ?3, 1, 0, 0)",
        )?;
        for number in 0..patients {
            let who = owners
                .get(usize::from(number % 10 >= 6))
                .copied()
                .unwrap_or_default();
            for image_number in 0..10 {
                let own = id(0xc0, number * 10 + image_number);
                let digest = [own, own].concat();
                let at = now - i64::try_from(chance.below(2000 * 86_400))? * 1_000_000;
                image.execute(params![own, who, id(0xb0, number), digest, at])?;
            }
            // One tag of ten is on every second patient, one in a hundred thousand on a few.
            for rare in [10, 1_000, 100_000] {
                let tag_number = u32::try_from(rare + chance.below(rare))?;
                tag.execute(params![who, tag_id(tag_number).as_bytes(), id(0xb0, number)])?;
            }
        }
    }
    transaction.commit()?;
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(())
}

/// Nanoseconds that this thread has run.
fn processor_time() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let (seconds, nanoseconds) = (u64::try_from(time.tv_sec), u64::try_from(time.tv_nsec));
    seconds.unwrap_or(0) * 1_000_000_000 + nanoseconds.unwrap_or(0)
}

fn measure(path: &Path) -> Done {
    let backend = Sqlite::open_existing(path, &Lab::key(), Options { readers: 1 })?;
    let (now, limit) = (Lab::new(|| unreachable()).now(), Limit::default());
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let looking = Connection::open(path)?;
    let (rows, first): (i64, i64) = looking.query_row(
        "SELECT max(row), min(row) FROM patient WHERE owner_id = ?1",
        [account_id(1).as_bytes()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let scope = scope(1);
    let all = PatientFilter::default();
    say("what; found; p50; p99 in microseconds")?;
    for (sort, order) in [
        (PatientSort::LastModified, Order::Descending),
        (PatientSort::LastAppointment, Order::Descending),
        (PatientSort::LastAppointment, Order::Ascending),
        (PatientSort::UniqueId, Order::Ascending),
        (PatientSort::Name, Order::Ascending),
        (PatientSort::Name, Order::Descending),
    ] {
        let page = |after| PatientsAsked {
            sort,
            order,
            filter: &all,
            after,
            limit,
            now,
        };
        run(
            &backend,
            scope,
            &format!("{sort:?} {order:?}, first 50"),
            200,
            &mut |owned, _| Ok(owned.patients(&page(None))?.len()),
        )?;
        let keys: Vec<PatientPosition> = (0..200)
            .map(|_| position(&looking, &mut chance, first, rows, sort))
            .collect::<Done<_>>()?;
        run(
            &backend,
            scope,
            &format!("{sort:?} {order:?}, 50 somewhere"),
            200,
            &mut |owned, turn| Ok(owned.patients(&page(keys.get(turn).cloned()))?.len()),
        )?;
    }
    let tag = |rare: u32| TagFilter {
        all_of: vec![tag_id(rare + rare / 2)],
        ..TagFilter::default()
    };
    let two = TagFilter {
        all_of: vec![tag_id(15), tag_id(1_500)],
        ..TagFilter::default()
    };
    let month = now.plus_seconds(-30 * 86_400)..=now;
    let filters = [
        (
            "sex and type",
            PatientFilter {
                sex: Some(vec![cutis_domain::patient::SexAtBirth::Female]),
                fitzpatrick: Some(vec![cutis_domain::patient::Fitzpatrick::II]),
                ..all.clone()
            },
        ),
        (
            "changed this month",
            PatientFilter {
                last_modified: Some(month.clone()),
                ..all.clone()
            },
        ),
        (
            "visited this month",
            PatientFilter {
                last_appointment: Some(month.clone()),
                ..all.clone()
            },
        ),
        (
            "photos taken this month",
            PatientFilter {
                image: Some(month.clone()),
                ..all.clone()
            },
        ),
        (
            "no consent",
            PatientFilter {
                consent: Some(vec![Status::None]),
                ..all.clone()
            },
        ),
        (
            "a frequent tag",
            PatientFilter {
                tags: tag(10),
                ..all.clone()
            },
        ),
        (
            "a tag of some",
            PatientFilter {
                tags: tag(1_000),
                ..all.clone()
            },
        ),
        (
            "a rare tag",
            PatientFilter {
                tags: tag(100_000),
                ..all.clone()
            },
        ),
        (
            "two tags, visited this month",
            PatientFilter {
                tags: two,
                last_appointment: Some(month),
                ..all.clone()
            },
        ),
    ];
    for (what, filter) in &filters {
        let page = PatientsAsked {
            sort: PatientSort::LastModified,
            order: Order::Descending,
            filter,
            after: None,
            limit,
            now,
        };
        run(
            &backend,
            scope,
            &format!("{what}, first 50"),
            20,
            &mut |owned, _| Ok(owned.patients(&page)?.len()),
        )?;
        run(
            &backend,
            scope,
            &format!("{what}, counted"),
            3,
            &mut |owned, _| Ok(usize::try_from(owned.count_patients(filter, now)?).unwrap_or(0)),
        )?;
    }
    let mut needles: Vec<(&str, Vec<String>)> = Vec::new();
    let mut names = Vec::new();
    for _ in 0..200 {
        let row = first + i64::try_from(chance.below(u64::try_from(rows - first)?))?;
        names.push(looking.query_row(
            "SELECT unique_id, coalesce(first_name, ''), coalesce(last_name, ''), birth_date FROM patient WHERE row >= ?1 LIMIT 1",
            [row],
            |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, String>(3)?)),
        )?);
    }
    let cut =
        |text: &str, from: usize, length: usize| text.chars().skip(from).take(length).collect::<String>();
    needles.push(("exact id", names.iter().map(|(id, ..)| id.clone()).collect()));
    needles.push((
        "two letters",
        names.iter().map(|(_, name, ..)| cut(name, 0, 2)).collect(),
    ));
    needles.push((
        "one letter",
        names.iter().map(|(_, name, ..)| cut(name, 1, 1)).collect(),
    ));
    needles.push((
        "beginning of a name",
        names.iter().map(|(_, _, name, _)| cut(name, 0, 4)).collect(),
    ));
    needles.push((
        "inside of a name",
        names.iter().map(|(_, _, name, _)| cut(name, 1, 4)).collect(),
    ));
    needles.push((
        "parts of two names",
        names
            .iter()
            .map(|(_, a, b, _)| format!("{} {}", cut(b, 0, 3), cut(a, 0, 3)))
            .collect(),
    ));
    needles.push((
        "two names",
        names.iter().map(|(_, a, b, _)| format!("{a} {b}")).collect(),
    ));
    needles.push((
        "birth date",
        names.iter().map(|(.., born)| born.clone()).collect(),
    ));
    needles.push(("digits", names.iter().map(|(id, ..)| cut(id, 4, 4)).collect()));
    needles.push((
        "not there",
        (0..200).map(|number| format!("qx{number}zw")).collect(),
    ));
    for (what, needles) in &needles {
        run(
            &backend,
            scope,
            &format!("search: {what}"),
            200,
            &mut |owned, turn| {
                let needle = needles.get(turn).map_or("", String::as_str);
                let found = owned.find_patients(needle, &all, now)?;
                Ok(found.patients.len())
            },
        )?;
    }
    Ok(())
}

fn position(
    looking: &Connection,
    chance: &mut Chance,
    first: i64,
    rows: i64,
    sort: PatientSort,
) -> Done<PatientPosition> {
    let row = first + i64::try_from(chance.below(u64::try_from(rows - first)?))?;
    let (column, number) = match sort {
        PatientSort::LastModified => ("l.last_modified", true),
        PatientSort::LastAppointment => ("l.last_appointment", true),
        PatientSort::UniqueId => ("p.unique_id", false),
        PatientSort::Name => ("l.name_key", false),
    };
    let sql = format!(
        "SELECT {column}, l.patient_id FROM patient p JOIN patient_line l ON l.row = p.row WHERE p.row >= ?1 AND p.owner_id = ?2 LIMIT 1"
    );
    let (key, id) = looking.query_row(&sql, params![row, account_id(1).as_bytes()], |row| {
        let key = if number {
            SortKey::Number(row.get(0)?)
        } else {
            SortKey::Text(row.get(0)?)
        };
        Ok((key, row.get::<_, [u8; 16]>(1)?))
    })?;
    Ok(PatientPosition {
        key,
        id: PatientId::from_bytes(id),
    })
}

fn run(
    backend: &Sqlite,
    scope: Scope,
    what: &str,
    turns: usize,
    work: &mut dyn FnMut(&dyn OwnedRead, usize) -> Result<usize, StorageError>,
) -> Done {
    let mut taken = Vec::with_capacity(turns);
    let mut found = 0;
    for turn in 0..turns {
        let mut failed = None;
        backend.read(&mut |snapshot| {
            let owned = snapshot.owned(&scope);
            let before = processor_time();
            match work(&*owned, turn) {
                Ok(rows) => found = found.max(rows),
                Err(error) => failed = Some(error),
            }
            taken.push(processor_time().saturating_sub(before) / 1_000);
        })?;
        if let Some(error) = failed {
            return Err(error.into());
        }
    }
    taken.sort_unstable();
    let at = |part: usize| {
        taken
            .get(turns * part / 100)
            .or(taken.last())
            .copied()
            .unwrap_or(0)
    };
    say(&format!("{what}; {found}; {}; {}", at(50), at(99)))
}

fn unreachable() -> Arc<dyn Backend> {
    std::process::abort()
}

fn say(what: &str) -> Done {
    writeln!(std::io::stdout(), "{what}")?;
    Ok(())
}
