//! Filling a database with patients, images and tags.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use cutis_domain::Timestamp;
use cutis_storage_sqlite::{Options, Sqlite};
use cutis_testkit::Lab;
use cutis_testkit::builders::{account_id, tag_id};
use rusqlite::{Connection, params};

use crate::{Chance, Done, id, say};

pub(crate) fn make(path: &Path, patients: u64) -> Done {
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

/// One of so many tags of a kind is on each patient.
const KINDS: [u64; 3] = [10, 1_000, 100_000];

/// The tags of the second owner have other numbers.
fn tag_number(first: bool, number: u64) -> u32 {
    u32::try_from(number).unwrap_or(0) + if first { 0 } else { 1_000_000 }
}

fn fill(path: &Path, patients: u64, now: Timestamp) -> Done {
    let mut connection = Connection::open(path)?;
    connection
        .execute_batch("PRAGMA journal_mode = OFF; PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1500000")?;
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
                i64::try_from(visits)?,
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
            "INSERT OR IGNORE INTO patient_tag (owner_id, tag_id, patient_id, linked_at) VALUES (?1, ?2, ?3, ?4)",
        )?;
        // What the triggers would keep.
        let mut line = transaction.prepare(
            "UPDATE patient_line SET image_count = ?2, consent_until = ?3, consent_latest = ?4 WHERE row = ?1",
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
            // A tag is on a tenth of the patients, on a thousandth, or on a few.
            for rare in KINDS {
                let own = tag_number(number % 10 < 6, rare + chance.below(rare));
                tag.execute(params![who, tag_id(own).as_bytes(), id(0xb0, number), now])?;
            }
            let (until, latest) = match chance.below(100) {
                0 => (0, 1),
                1..6 => (now - day, 2),
                6..40 => (i64::MAX, 2),
                _ => (0, 0),
            };
            line.execute(params![
                i64::try_from(number)? + 1,
                i64::try_from(chance.below(20))?,
                until,
                latest
            ])?;
        }
        transaction.execute_batch(
            "INSERT INTO tag_category (id, owner_id, name, name_key, colour, position, created_at) \
             SELECT randomblob(16), id, 'all', 'all', 'grey', 0, 0 FROM account; \
             INSERT INTO tag (id, owner_id, category_id, name, name_key, created_at) \
             SELECT DISTINCT t.tag_id, t.owner_id, c.id, hex(t.tag_id), hex(t.tag_id), 0 \
             FROM patient_tag t JOIN tag_category c ON c.owner_id = t.owner_id; \
             INSERT INTO patient_tag_use (owner_id, tag_id, patient_id, own, entries, images, line, last_modified, \
             last_appointment, name_key, unique_id) \
             SELECT t.owner_id, t.tag_id, t.patient_id, 1, 0, 0, p.row, l.last_modified, l.last_appointment, l.name_key, \
             p.unique_id FROM patient_tag t JOIN patient p ON p.owner_id = t.owner_id AND p.id = t.patient_id \
             JOIN patient_line l ON l.row = p.row; \
             INSERT INTO tag_tally (owner_id, tag_id, patients, own, entries, images) \
             SELECT owner_id, tag_id, count(*), count(*), 0, 0 FROM patient_tag_use GROUP BY owner_id, tag_id; \
             UPDATE patient_find_state SET names = 0, grams = 0, upto = 0",
        )?;
    }
    transaction.commit()?;
    Ok(())
}
