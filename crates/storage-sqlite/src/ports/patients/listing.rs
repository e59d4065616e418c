//! Pages of patients (P4): the lines of a page, then the patients of the lines.

use std::collections::{HashMap, HashSet};

use cutis_domain::patient::PatientHeading;
use cutis_domain::{PatientId, Timestamp};
use cutis_storage::StorageError;
use cutis_storage::port::{
    ListedPatient, Order, PatientFilter, PatientPosition, PatientSort, PatientsAsked, SortKey,
};
use rusqlite::types::{FromSql, Null};
use rusqlite::{Row, ToSql, params};

use super::bound::{NONE_AFTER, NONE_BEFORE, bound, ids, numbers};
use super::row;
use super::stretch::{Stretch, compared, stretches, value};
use super::through::{Chosen, Through, led};
use crate::columns::Columns;
use crate::error::Result;
use crate::ports::keyed::Owned;
use crate::ports::one_more;
use crate::sql::KeyedSql;
use crate::sql::listing as sql;
use crate::sql::patients as patients_sql;

/// A line of a list.
pub(super) struct Line {
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
    let through = Through::of(owned, asked.filter, Some(sort), most, asked.now)?;
    let after = asked.after.as_ref();
    let is_next = |line: &Line| after.is_none_or(|after| compared(&line.position, after, order).is_gt());
    let (mut among, mut filter) = (None, asked.filter);
    let (statement, bounds) = match &through {
        Through::Nobody => return Ok(Vec::new()),
        Through::Everybody => (statements.everybody, vec![bound(filter)]),
        Through::Among(chosen) => {
            (among, filter) = (Some(&chosen.patients), &chosen.rest);
            (statements.everybody, vec![bound(filter)])
        }
        Through::These(chosen) => {
            let mut few = these(owned, chosen, sort, now)?;
            few.retain(is_next);
            in_order(&mut few, order, most);
            return Ok(few);
        }
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
        // Whom the statement does not know are passed over here.
        let read = if among.is_some() { NONE_AFTER } else { left };
        let keep = usize::try_from(left).unwrap_or(usize::MAX);
        let mut of_stretch: Vec<Line> = Vec::new();
        let mut end = until;
        for bound in &bounds {
            let by_hand: [&dyn ToSql; 5] = [&now, &read, &key, &id, &end];
            of_stretch.extend(owned.some(statement, &bound.after(&by_hand), keep, |row| {
                let line = Line::of(row, sort)?;
                Ok(Some(line).filter(|line| is_among(among, line)))
            })?);
            if bounds.len() > 1 {
                // Who shows several of the tags is there for each.
                in_order(&mut of_stretch, order, left);
            }
            // Of the next tag only those are read who may come before the last of a full page.
            if let Some(last) = of_stretch.last().filter(|_| of_stretch.len() >= keep) {
                end = value(&last.position.key);
            }
        }
        lines.extend(of_stretch);
    }
    if sort == PatientSort::LastAppointment {
        let passed: Vec<Line> = owned.all(
            sql::APPOINTMENT_PASSED,
            &bound(filter).after(&without_page(&now)),
            |row| Line::of(row, sort),
        )?;
        let passed = passed.into_iter().filter(|line| is_among(among, line));
        lines.extend(passed.filter(is_next));
        in_order(&mut lines, order, most);
    }
    Ok(lines)
}

fn is_among(patients: Option<&HashSet<PatientId>>, line: &Line) -> bool {
    patients.is_none_or(|patients| patients.contains(&line.position.id))
}

/// The lines of chosen patients whom the rest of the filter lets through, in no order.
pub(super) fn these(owned: &Owned<'_>, chosen: &Chosen, sort: PatientSort, now: i64) -> Result<Vec<Line>> {
    let patients: Vec<PatientId> = chosen.patients.iter().copied().collect();
    let (key, patients) = (key(sort), ids(&patients));
    let by_hand: [&dyn ToSql; 5] = [&now, &key, &patients, &Null, &Null];
    owned.all(sql::THESE, &bound(&chosen.rest).after(&by_hand), |row| {
        Line::of(row, sort)
    })
}

/// By which number the statements of any list are asked for an order.
const fn key(sort: PatientSort) -> i64 {
    match sort {
        PatientSort::LastModified => 0,
        PatientSort::LastAppointment => 1,
        PatientSort::UniqueId => 2,
        PatientSort::Name => 3,
    }
}

/// All lines of a range that a filter lets through, some of them twice, in no order.
pub(super) fn within(
    owned: &Owned<'_>,
    statement: KeyedSql<1>,
    filter: &PatientFilter,
    sort: PatientSort,
    now: i64,
) -> Result<Vec<Line>> {
    let key = key(sort);
    let by_hand: [&dyn ToSql; 5] = [&now, &key, &Null, &Null, &Null];
    owned.all(statement, &bound(filter).after(&by_hand), |row| {
        Line::of(row, sort)
    })
}

/// Puts lines in the order in which they are shown, each once, and keeps so many.
pub(super) fn in_order(lines: &mut Vec<Line>, order: Order, most: i64) {
    lines.sort_by(|left, right| compared(&left.position, &right.position, order));
    lines.dedup_by_key(|line| line.row);
    lines.truncate(usize::try_from(most).unwrap_or(usize::MAX));
}

/// The present, where the statement reads no page.
pub(super) fn without_page(now: &i64) -> [&dyn ToSql; 5] {
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

#[cfg(test)]
mod tests;
