//! Pages of patients (P4): the lines of a page, then the patients of the lines.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::ops::RangeInclusive;

use cutis_consent::Status;
use cutis_domain::patient::{Fitzpatrick, Patient, SexAtBirth};
use cutis_domain::time::Day;
use cutis_domain::{PatientId, TagId, Timestamp};
use cutis_storage::StorageError;
use cutis_storage::port::{
    ListedPatient, Order, PatientFilter, PatientPosition, PatientSort, PatientsAsked, SortKey,
};
use data_encoding::HEXLOWER;
use rusqlite::types::{FromSql, Null, Value};
use rusqlite::{Row, ToSql, params};

use super::row;
use crate::columns::Columns;
use crate::error::Result;
use crate::ports::keyed::Owned;
use crate::ports::one_more;
use crate::sql::KeyedSql;
use crate::sql::listing as sql;
use crate::sql::patients as patients_sql;

/// The last appointment of a line without one. No time is before it.
const NONE_BEFORE: i64 = -1;
/// The next appointment of a line without one, and the end of every range.
const NONE_AFTER: i64 = i64::MAX;
/// Every value of a column with a bit for each.
const ALL: i64 = -1;
/// Follows every unique id and every name, and [`AFTER_NAMES`] too.
const AFTER_TEXT: &str = "\u{10ffff}\u{10ffff}";
/// Begins what patients without a name are sorted by.
const AFTER_NAMES: &str = "\u{10ffff}";
/// Follows every id, of which each has sixteen bytes.
const AFTER_IDS: [u8; 17] = [0xff; 17];

/// A line of a list.
struct Line {
    row: i64,
    position: PatientPosition,
    last_appointment: i64,
    next_appointment: i64,
}

impl Line {
    fn read<K: FromSql>(row: &Row<'_>, key: impl FnOnce(K) -> SortKey) -> Result<Self> {
        let mut columns = Columns::of(row, "patient_line")?;
        let id = columns.id("patient_id", PatientId::from_bytes)?;
        let key = key(columns.get("key")?);
        Ok(Self {
            row: columns.number(),
            position: PatientPosition { key, id },
            last_appointment: columns.get("last_appointment")?,
            next_appointment: columns.get("next_appointment")?,
        })
    }

    fn of(row: &Row<'_>, sort: PatientSort) -> Result<Self> {
        match sort {
            PatientSort::LastModified | PatientSort::LastAppointment => Self::read(row, SortKey::Number),
            PatientSort::UniqueId | PatientSort::Name => Self::read(row, SortKey::Text),
        }
    }
}

/// Which lines a stretch of an index holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    All,
    /// Those that have the value that the list is sorted by.
    With,
    /// Those that do not: they come last, from whichever end the list is read.
    Without,
}

/// A stretch of an index, behind a key and an id and up to another key.
struct Stretch {
    holds: Holds,
    key: Value,
    id: Value,
    until: Value,
}

/// The statement of a sort, and the stretches of its index in the order in which they are shown.
fn way(sort: PatientSort, order: Order) -> (KeyedSql<1>, Vec<Stretch>) {
    let before = Vec::new;
    let behind = || AFTER_IDS.to_vec();
    let number = |holds, key, id, until| Stretch {
        holds,
        key: Value::Integer(key),
        id: Value::Blob(id),
        until: Value::Integer(until),
    };
    let text = |holds, key: &str, id, until: &str| Stretch {
        holds,
        key: Value::Text(key.to_owned()),
        id: Value::Blob(id),
        until: Value::Text(until.to_owned()),
    };
    match (sort, order) {
        (PatientSort::LastModified, Order::Ascending) => (
            sql::MODIFIED_UP,
            vec![number(Holds::All, NONE_BEFORE, before(), NONE_AFTER)],
        ),
        (PatientSort::LastModified, Order::Descending) => (
            sql::MODIFIED_DOWN,
            vec![number(Holds::All, NONE_AFTER, behind(), NONE_BEFORE)],
        ),
        (PatientSort::LastAppointment, Order::Ascending) => (
            sql::APPOINTMENT_UP,
            vec![
                number(Holds::With, NONE_BEFORE, behind(), NONE_AFTER),
                number(Holds::Without, NONE_BEFORE, before(), NONE_BEFORE),
            ],
        ),
        (PatientSort::LastAppointment, Order::Descending) => (
            sql::APPOINTMENT_DOWN,
            vec![number(Holds::All, NONE_AFTER, behind(), NONE_BEFORE)],
        ),
        (PatientSort::UniqueId, Order::Ascending) => (
            sql::UNIQUE_ID_UP,
            vec![text(Holds::All, "", before(), AFTER_TEXT)],
        ),
        (PatientSort::UniqueId, Order::Descending) => (
            sql::UNIQUE_ID_DOWN,
            vec![text(Holds::All, AFTER_TEXT, behind(), "")],
        ),
        (PatientSort::Name, Order::Ascending) => {
            (sql::NAME_UP, vec![text(Holds::All, "", before(), AFTER_TEXT)])
        }
        (PatientSort::Name, Order::Descending) => (
            sql::NAME_DOWN,
            vec![
                text(Holds::With, AFTER_NAMES, before(), ""),
                text(Holds::Without, AFTER_TEXT, behind(), AFTER_NAMES),
            ],
        ),
    }
}

/// Whether the patient there has no value that the list is sorted by.
fn is_without(position: &PatientPosition) -> bool {
    match &position.key {
        // Nothing else that a list is sorted by is before all times.
        SortKey::Number(at) => *at == NONE_BEFORE,
        SortKey::Text(text) => text.starts_with(AFTER_NAMES),
    }
}

/// The order in which a list is shown.
fn compared(left: &PatientPosition, right: &PatientPosition, order: Order) -> Ordering {
    is_without(left)
        .cmp(&is_without(right))
        .then_with(|| match order {
            Order::Ascending => left.cmp(right),
            Order::Descending => right.cmp(left),
        })
}

impl Stretch {
    /// The part of it in which the last change lies within a range, so that no line is read before or behind that.
    fn within(self, range: &RangeInclusive<Timestamp>, order: Order) -> Self {
        let (from, to) = (range.start().as_micros(), range.end().as_micros());
        let (Value::Integer(key), Value::Integer(until)) = (&self.key, &self.until) else {
            return self;
        };
        let (key, until) = (*key, *until);
        let number = Value::Integer;
        match order {
            Order::Ascending if key < from => Self {
                key: number(from),
                id: Value::Blob(Vec::new()),
                until: number(until.min(to)),
                ..self
            },
            Order::Ascending => Self {
                until: number(until.min(to)),
                ..self
            },
            Order::Descending if key > to => Self {
                key: number(to),
                id: Value::Blob(AFTER_IDS.to_vec()),
                until: number(until.max(from)),
                ..self
            },
            Order::Descending => Self {
                until: number(until.max(from)),
                ..self
            },
        }
    }

    /// The rest of it behind this position; nothing if it all comes before.
    fn behind(self, position: &PatientPosition) -> Option<Self> {
        match (self.holds, is_without(position)) {
            (Holds::With, true) => None,
            (Holds::Without, false) => Some(self),
            (Holds::All, _) | (Holds::With, false) | (Holds::Without, true) => Some(Self {
                key: match &position.key {
                    SortKey::Number(number) => Value::Integer(*number),
                    SortKey::Text(text) => Value::Text(text.clone()),
                },
                id: Value::Blob(position.id.as_bytes().to_vec()),
                ..self
            }),
        }
    }
}

pub(super) fn page(owned: &Owned<'_>, asked: &PatientsAsked<'_>) -> Result<Vec<ListedPatient>> {
    let bound = bound(asked.filter);
    let lines = lines(owned, asked, &bound)?;
    let ids: Vec<i64> = lines.iter().map(|line| line.row).collect();
    let mut patients = patients(owned, &ids)?;
    let mut listed = Vec::with_capacity(lines.len());
    for line in lines {
        let Some(mut patient) = patients.remove(&line.row) else {
            return Err(StorageError::corrupt("patient_line", "row", line.row));
        };
        patient.last_appointment = instant(line.last_appointment);
        patient.next_appointment = instant(line.next_appointment);
        listed.push(ListedPatient {
            patient,
            position: line.position,
        });
    }
    Ok(listed)
}

fn instant(micros: i64) -> Option<Timestamp> {
    (micros != NONE_BEFORE && micros != NONE_AFTER).then(|| Timestamp::from_micros(micros))
}

fn lines(owned: &Owned<'_>, asked: &PatientsAsked<'_>, bound: &sql::Bound) -> Result<Vec<Line>> {
    let (sort, order, now) = (asked.sort, asked.order, asked.now.as_micros());
    let most = one_more(asked.limit);
    let (statement, stretches) = way(sort, order);
    let after = asked.after.as_ref();
    let mut lines = Vec::new();
    for stretch in stretches {
        let left = most.saturating_sub(i64::try_from(lines.len()).unwrap_or(i64::MAX));
        let stretch = match after {
            Some(position) => stretch.behind(position),
            None => Some(stretch),
        };
        let Some(stretch) = stretch.filter(|_| left > 0) else {
            continue;
        };
        let Stretch { key, id, until, .. } = match &asked.filter.last_modified {
            Some(range) if sort == PatientSort::LastModified => stretch.within(range, order),
            _ => stretch,
        };
        let by_hand: [&dyn ToSql; 5] = [&now, &left, &key, &id, &until];
        lines.extend(owned.all(statement, &bound.after(&by_hand), |row| Line::of(row, sort))?);
    }
    if sort == PatientSort::LastAppointment {
        let passed: Vec<Line> = owned.all(
            sql::APPOINTMENT_PASSED,
            &bound.after(&without_page(&now)),
            |row| Line::of(row, sort),
        )?;
        let is_next = |line: &Line| after.is_none_or(|after| compared(&line.position, after, order).is_gt());
        lines.extend(passed.into_iter().filter(is_next));
        lines.sort_by(|left, right| compared(&left.position, &right.position, order));
        lines.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    }
    Ok(lines)
}

/// The present, where the statement reads no page.
fn without_page(now: &i64) -> [&dyn ToSql; 5] {
    [now, &Null, &Null, &Null, &Null]
}

/// These rows' patients, by row. The appointments are for the caller to fill in.
fn patients(owned: &Owned<'_>, rows: &[i64]) -> Result<HashMap<i64, Patient>> {
    let found = owned.all(patients_sql::LISTED, params![numbers(rows)], row::patient)?;
    Ok(found.into_iter().collect())
}

/// The patients with these ids, in this order, and their appointments.
pub(super) fn patients_of(owned: &Owned<'_>, asked: &[PatientId], now: Timestamp) -> Result<Vec<Patient>> {
    let found = owned.all(sql::LINES_OF, params![now.as_micros(), ids(asked)], |row| {
        let mut columns = Columns::of(row, "patient_line")?;
        Ok((
            columns.number(),
            columns.get::<i64>("last_appointment")?,
            columns.get::<i64>("next_appointment")?,
        ))
    })?;
    let rows: Vec<i64> = found.iter().map(|(row, ..)| *row).collect();
    let mut patients = patients(owned, &rows)?;
    let mut found: HashMap<PatientId, Patient> = found
        .into_iter()
        .filter_map(|(row, last, next)| {
            let mut patient = patients.remove(&row)?;
            patient.last_appointment = instant(last);
            patient.next_appointment = instant(next);
            Some((patient.id, patient))
        })
        .collect();
    Ok(asked.iter().filter_map(|id| found.remove(id)).collect())
}

/// Numbers as a list in JSON.
pub(crate) fn numbers(numbers: &[i64]) -> String {
    serde_json::Value::from(numbers).to_string()
}

/// Ids as a list of hexadecimal text in JSON.
pub(super) fn ids(ids: &[PatientId]) -> String {
    hex(ids.iter().map(|id| *id.as_bytes()))
}

fn hex(ids: impl Iterator<Item = [u8; 16]>) -> String {
    serde_json::Value::from(ids.map(|id| HEXLOWER.encode(&id)).collect::<Vec<_>>()).to_string()
}

pub(super) fn count(owned: &Owned<'_>, filter: &PatientFilter, now: Timestamp) -> Result<u64> {
    let now = now.as_micros();
    owned.count(sql::COUNT, &bound(filter).after(&without_page(&now)))
}

/// What a filter binds; where it asks for nothing, everything.
pub(crate) fn bound(filter: &PatientFilter) -> sql::Bound {
    let times = |range: Option<&RangeInclusive<Timestamp>>| {
        range.map_or((NONE_BEFORE, NONE_AFTER), |range| {
            (range.start().as_micros(), range.end().as_micros())
        })
    };
    let counts = |range: Option<&RangeInclusive<u64>>| {
        let stored = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        range.map_or((0, i64::MAX), |range| {
            (stored(*range.start()), stored(*range.end()))
        })
    };
    let (created_from, created_to) = times(filter.created.as_ref());
    let (modified_from, modified_to) = times(filter.last_modified.as_ref());
    let (appointment_from, appointment_to) = times(filter.last_appointment.as_ref());
    let (shown_from, shown_to) = times(filter.image.as_ref());
    let (entries_from, entries_to) = counts(filter.entries.as_ref());
    let (images_from, images_to) = counts(filter.images.as_ref());
    let (born_from, born_to) = filter.born.as_ref().map_or((0, i64::MAX), |born| {
        (day_number(*born.start()), day_number(*born.end()))
    });
    let asks = |status| {
        filter
            .consent
            .as_ref()
            .is_none_or(|asked| asked.contains(&status))
    };
    let tags = &filter.tags;
    // Each once, because those that a patient has are counted.
    let all_of: BTreeSet<TagId> = tags.all_of.iter().copied().collect();
    let number = Value::Integer;
    let flag = |status| number(i64::from(asks(status)));
    sql::Bound {
        created_from: number(created_from),
        created_to: number(created_to),
        modified_from: number(modified_from),
        modified_to: number(modified_to),
        appointment_from: number(appointment_from),
        appointment_to: number(appointment_to),
        image_from: number(shown_from),
        image_to: number(shown_to),
        entries_from: number(entries_from),
        entries_to: number(entries_to),
        images_from: number(images_from),
        images_to: number(images_to),
        born_from: number(born_from),
        born_to: number(born_to),
        sexes: number(bits(filter.sex.as_deref(), SexAtBirth::ALL)),
        fitzpatrick: number(bits(filter.fitzpatrick.as_deref(), Fitzpatrick::ALL)),
        given: flag(Status::Given),
        never: flag(Status::None),
        revoked: flag(Status::Revoked),
        expired: flag(Status::Expired),
        tags_all: Value::Text(hex(all_of.iter().map(|tag| *tag.as_bytes()))),
        tags_all_count: number(i64::try_from(all_of.len()).unwrap_or(i64::MAX)),
        tags_any: Value::Text(hex(tags.any_of.iter().map(|tag| *tag.as_bytes()))),
        tags_none: Value::Text(hex(tags.none_of.iter().map(|tag| *tag.as_bytes()))),
    }
}

/// A bit for each value that is asked for, in the order in which there are values.
fn bits<T: PartialEq>(asked: Option<&[T]>, all: &[T]) -> i64 {
    let Some(asked) = asked else { return ALL };
    all.iter()
        .enumerate()
        .filter(|(_, value)| asked.contains(value))
        .fold(0, |bits, (place, _)| bits | (1 << place))
}

/// A day as a number that sorts as days do.
fn day_number(day: Day) -> i64 {
    day.to_string().replace('-', "").parse().unwrap_or(0)
}
