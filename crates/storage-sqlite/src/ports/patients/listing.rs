//! Pages of patients (P4): the lines of a page, then the patients of the lines.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::RangeInclusive;

use cutis_domain::patient::PatientHeading;
use cutis_domain::{PatientId, Timestamp};
use cutis_storage::StorageError;
use cutis_storage::port::{
    ListedPatient, Order, PatientFilter, PatientPosition, PatientSort, PatientsAsked, SortKey,
};
use rusqlite::types::{FromSql, Null, Value};
use rusqlite::{Row, ToSql, params};

use super::bound::{NONE_AFTER, NONE_BEFORE, bound, ids, numbers};
use super::row;
use super::through::{Through, led, of_one_tag};
use crate::columns::Columns;
use crate::error::Result;
use crate::ports::keyed::Owned;
use crate::ports::one_more;
use crate::sql::KeyedSql;
use crate::sql::listing as sql;
use crate::sql::patients as patients_sql;

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

/// The statements that read a sort.
struct Statements {
    /// Along the index of all lines.
    everybody: KeyedSql<1>,
    /// Along the index of a tag's uses.
    tagged: KeyedSql<1>,
}

fn statements(sort: PatientSort, order: Order) -> Statements {
    let (everybody, tagged) = match (sort, order) {
        (PatientSort::LastModified, Order::Ascending) => (sql::MODIFIED_UP, sql::TAGGED_MODIFIED_UP),
        (PatientSort::LastModified, Order::Descending) => (sql::MODIFIED_DOWN, sql::TAGGED_MODIFIED_DOWN),
        (PatientSort::LastAppointment, Order::Ascending) => (sql::APPOINTMENT_UP, sql::TAGGED_APPOINTMENT_UP),
        (PatientSort::LastAppointment, Order::Descending) => {
            (sql::APPOINTMENT_DOWN, sql::TAGGED_APPOINTMENT_DOWN)
        }
        (PatientSort::UniqueId, Order::Ascending) => (sql::UNIQUE_ID_UP, sql::TAGGED_UNIQUE_ID_UP),
        (PatientSort::UniqueId, Order::Descending) => (sql::UNIQUE_ID_DOWN, sql::TAGGED_UNIQUE_ID_DOWN),
        (PatientSort::Name, Order::Ascending) => (sql::NAME_UP, sql::TAGGED_NAME_UP),
        (PatientSort::Name, Order::Descending) => (sql::NAME_DOWN, sql::TAGGED_NAME_DOWN),
    };
    Statements { everybody, tagged }
}

/// The stretches of a sort's index in the order in which they are shown.
fn stretches(sort: PatientSort, order: Order) -> Vec<Stretch> {
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
        (PatientSort::LastModified, Order::Ascending) => {
            vec![number(Holds::All, NONE_BEFORE, before(), NONE_AFTER)]
        }
        (PatientSort::LastModified | PatientSort::LastAppointment, Order::Descending) => {
            vec![number(Holds::All, NONE_AFTER, behind(), NONE_BEFORE)]
        }
        (PatientSort::LastAppointment, Order::Ascending) => vec![
            number(Holds::With, NONE_BEFORE, behind(), NONE_AFTER),
            number(Holds::Without, NONE_BEFORE, before(), NONE_BEFORE),
        ],
        (PatientSort::UniqueId | PatientSort::Name, Order::Ascending) => {
            vec![text(Holds::All, "", before(), AFTER_TEXT)]
        }
        (PatientSort::UniqueId, Order::Descending) => vec![text(Holds::All, AFTER_TEXT, behind(), "")],
        (PatientSort::Name, Order::Descending) => vec![
            text(Holds::With, AFTER_NAMES, before(), ""),
            text(Holds::Without, AFTER_TEXT, behind(), AFTER_NAMES),
        ],
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
    let lines = lines(owned, asked)?;
    let ids: Vec<i64> = lines.iter().map(|line| line.row).collect();
    let mut patients = headings(owned, &ids)?;
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

fn lines(owned: &Owned<'_>, asked: &PatientsAsked<'_>) -> Result<Vec<Line>> {
    let (sort, order, now) = (asked.sort, asked.order, asked.now.as_micros());
    let most = one_more(asked.limit);
    let statements = statements(sort, order);
    let through = Through::of(owned, asked.filter, Some(sort), most)?;
    let after = asked.after.as_ref();
    let is_next = |line: &Line| after.is_none_or(|after| compared(&line.position, after, order).is_gt());
    let (statement, bounds) = match &through {
        Through::Nobody => return Ok(Vec::new()),
        Through::Everybody => (statements.everybody, vec![bound(asked.filter)]),
        Through::Within(statement) => {
            let mut few = within(owned, *statement, asked.filter, sort, now)?;
            few.retain(is_next);
            in_order(&mut few, order, most);
            return Ok(few);
        }
        Through::Tags(tags) => {
            let led = tags.iter().map(|tag| led(asked.filter, *tag, &[]));
            (statements.tagged, led.collect())
        }
    };
    let mut lines = Vec::new();
    for stretch in stretches(sort, order) {
        let left = most.saturating_sub(i64::try_from(lines.len()).unwrap_or(i64::MAX));
        let stretch = match after {
            Some(position) => stretch.behind(position),
            None => Some(stretch),
        };
        let Some(stretch) = stretch.filter(|_| left > 0) else {
            continue;
        };
        let within = match sort {
            PatientSort::LastModified => asked.filter.last_modified.as_ref(),
            PatientSort::LastAppointment => asked.filter.last_appointment.as_ref(),
            PatientSort::UniqueId | PatientSort::Name => None,
        };
        let Stretch { key, id, until, .. } = match within {
            Some(range) => stretch.within(range, order),
            None => stretch,
        };
        let by_hand: [&dyn ToSql; 5] = [&now, &left, &key, &id, &until];
        let mut of_stretch: Vec<Line> = Vec::new();
        for bound in &bounds {
            of_stretch.extend(owned.all(statement, &bound.after(&by_hand), |row| Line::of(row, sort))?);
        }
        if bounds.len() > 1 {
            // Who shows several of the tags is there for each.
            in_order(&mut of_stretch, order, left);
        }
        lines.extend(of_stretch);
    }
    if sort == PatientSort::LastAppointment {
        let passed: Vec<Line> = owned.all(
            sql::APPOINTMENT_PASSED,
            &bound(asked.filter).after(&without_page(&now)),
            |row| Line::of(row, sort),
        )?;
        lines.extend(passed.into_iter().filter(is_next));
        in_order(&mut lines, order, most);
    }
    Ok(lines)
}

/// All lines of a range that a filter lets through, some of them twice, in no order.
fn within(
    owned: &Owned<'_>,
    statement: KeyedSql<1>,
    filter: &PatientFilter,
    sort: PatientSort,
    now: i64,
) -> Result<Vec<Line>> {
    let key: i64 = match sort {
        PatientSort::LastModified => 0,
        PatientSort::LastAppointment => 1,
        PatientSort::UniqueId => 2,
        PatientSort::Name => 3,
    };
    let by_hand: [&dyn ToSql; 5] = [&now, &key, &Null, &Null, &Null];
    owned.all(statement, &bound(filter).after(&by_hand), |row| {
        Line::of(row, sort)
    })
}

/// Puts lines in the order in which they are shown, each once, and keeps so many.
fn in_order(lines: &mut Vec<Line>, order: Order, most: i64) {
    lines.sort_by(|left, right| compared(&left.position, &right.position, order));
    lines.dedup_by_key(|line| line.row);
    lines.truncate(usize::try_from(most).unwrap_or(usize::MAX));
}

/// The present, where the statement reads no page.
fn without_page(now: &i64) -> [&dyn ToSql; 5] {
    [now, &Null, &Null, &Null, &Null]
}

/// These rows' patients, by row, as a list shows them. The appointments are for the caller to fill in.
fn headings(owned: &Owned<'_>, rows: &[i64]) -> Result<HashMap<i64, PatientHeading>> {
    let found = owned.all(patients_sql::LISTED, params![numbers(rows)], row::heading)?;
    Ok(found.into_iter().collect())
}

/// The patients with these ids, in this order, and their appointments.
pub(super) fn headings_of(
    owned: &Owned<'_>,
    asked: &[PatientId],
    now: Timestamp,
) -> Result<Vec<PatientHeading>> {
    let found = owned.all(sql::LINES_OF, params![now.as_micros(), ids(asked)], |row| {
        let mut columns = Columns::of(row, "patient_line")?;
        Ok((
            columns.number(),
            columns.get::<i64>("last_appointment")?,
            columns.get::<i64>("next_appointment")?,
        ))
    })?;
    let rows: Vec<i64> = found.iter().map(|(row, ..)| *row).collect();
    let mut patients = headings(owned, &rows)?;
    let mut found: HashMap<PatientId, PatientHeading> = found
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

pub(super) fn count(owned: &Owned<'_>, filter: &PatientFilter, now: Timestamp) -> Result<u64> {
    if let Some(total) = of_one_tag(owned, filter)? {
        return Ok(total);
    }
    let now = now.as_micros();
    let through = Through::of(owned, filter, None, NONE_AFTER)?;
    let tags = match &through {
        Through::Nobody => return Ok(0),
        Through::Everybody => return owned.count(sql::COUNT, &bound(filter).after(&without_page(&now))),
        Through::Within(statement) => {
            let mut few = within(owned, *statement, filter, PatientSort::LastModified, now)?;
            in_order(&mut few, Order::Ascending, NONE_AFTER);
            return Ok(u64::try_from(few.len()).unwrap_or(u64::MAX));
        }
        Through::Tags(tags) => tags,
    };
    let mut total: u64 = 0;
    for (place, tag) in tags.iter().enumerate() {
        // Who shows several of the tags counts with the first of them.
        let before = tags.get(..place).unwrap_or_default();
        let bound = led(filter, *tag, before);
        let counted = owned.count(sql::COUNT_TAGGED, &bound.after(&without_page(&now)))?;
        total = total.saturating_add(counted);
    }
    Ok(total)
}
