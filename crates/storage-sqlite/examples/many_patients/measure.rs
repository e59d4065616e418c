//! The processor time of lists, filters, look-ups and searches.

use std::path::Path;

use cutis_domain::page::Limit;
use cutis_domain::{PatientId, Scope};
use cutis_storage::port::{Order, PatientFilter, PatientPosition, PatientSort, PatientsAsked, SortKey};
use cutis_storage::{Backend, OwnedRead, StorageError};
use cutis_storage_sqlite::{Options, Sqlite};
use cutis_testkit::Lab;
use cutis_testkit::builders::{account_id, scope};
use rusqlite::{Connection, params};

use crate::filters::filters;
use crate::{Chance, Done, say, unreachable};

/// Nanoseconds that this thread has run.
fn processor_time() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let (seconds, nanoseconds) = (u64::try_from(time.tv_sec), u64::try_from(time.tv_nsec));
    seconds.unwrap_or(0) * 1_000_000_000 + nanoseconds.unwrap_or(0)
}

pub(crate) fn measure(path: &Path, part: &str) -> Done {
    // A database of an older version is upgraded.
    let backend = Sqlite::open(
        path,
        &Lab::key(),
        Options {
            readers: 1,
            ..Options::default()
        },
    )?;
    let (now, limit) = (Lab::new(|| unreachable()).now(), Limit::default());
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let looking = Connection::open(path)?;
    let (rows, first): (i64, i64) = looking.query_row(
        "SELECT max(row), min(row) FROM patient WHERE owner_id = ?1",
        [account_id(1).as_bytes()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let scope = (scope(1), part);
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
    for (what, filter) in &filters(now) {
        for (sort, order) in [
            (PatientSort::LastModified, Order::Descending),
            (PatientSort::LastAppointment, Order::Descending),
            (PatientSort::Name, Order::Ascending),
        ] {
            let page = PatientsAsked {
                sort,
                order,
                filter,
                after: None,
                limit,
                now,
            };
            run(
                &backend,
                scope,
                &format!("{what}, by {sort:?}"),
                20,
                &mut |owned, _| Ok(owned.patients(&page)?.len()),
            )?;
        }
        run(
            &backend,
            scope,
            &format!("{what}, counted"),
            3,
            &mut |owned, _| Ok(usize::try_from(owned.count_patients(filter, now)?).unwrap_or(0)),
        )?;
    }
    let of_patients: Vec<Vec<PatientId>> = (0..200)
        .map(|_| {
            (0..50)
                .map(|_| Ok(position(&looking, &mut chance, first, rows, PatientSort::UniqueId)?.id))
                .collect::<Done<_>>()
        })
        .collect::<Done<_>>()?;
    let no_ids = Vec::new();
    let ids = |turn: usize| of_patients.get(turn).unwrap_or(&no_ids);
    run(&backend, scope, "a patient by id", 200, &mut |owned, turn| {
        let id = ids(turn)
            .first()
            .copied()
            .unwrap_or(PatientId::from_bytes([0; 16]));
        Ok(usize::from(owned.patient(id, now)?.is_some()))
    })?;
    run(&backend, scope, "covers of 50", 200, &mut |owned, turn| {
        Ok(owned.covers(ids(turn))?.len())
    })?;
    run(&backend, scope, "consents of 50", 200, &mut |owned, turn| {
        Ok(owned.grants_of(ids(turn))?.len())
    })?;
    run(
        &backend,
        scope,
        "50 patients of a search",
        200,
        &mut |owned, turn| Ok(owned.headings_of(ids(turn), now)?.len()),
    )?;
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
        "SELECT {column}, l.patient_id FROM patient p JOIN patient_line l ON l.row = p.row WHERE p.row >= ?1 AND +p.owner_id = ?2 LIMIT 1"
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
    (scope, part): (Scope, &str),
    what: &str,
    turns: usize,
    work: &mut dyn FnMut(&dyn OwnedRead, usize) -> Result<usize, StorageError>,
) -> Done {
    if !what.contains(part) {
        return Ok(());
    }
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
