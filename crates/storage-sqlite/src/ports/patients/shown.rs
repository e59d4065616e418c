//! Whose images a range of days has, read along the index of images by day.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use cutis_domain::{PatientId, Timestamp};
use rusqlite::params;

use super::bound::NONE_AFTER;
use crate::columns::Columns;
use crate::error::Result;
use crate::ports::keyed::Owned;
use crate::sql::listing as sql;

/// Everybody with an image in the range; nothing if the range has more images than so many.
pub(super) fn of(
    owned: &Owned<'_>,
    range: &RangeInclusive<Timestamp>,
    most: i64,
) -> Result<Option<HashSet<PatientId>>> {
    let [from, to] = ends(range);
    if most < NONE_AFTER
        && owned
            .one(sql::MANY_SHOWN, params![most, from, to], |_| Ok(()))?
            .is_some()
    {
        return Ok(None);
    }
    let mut patients = HashSet::new();
    let mut one_after_the_other = None;
    owned.some(sql::SHOWN, params![from, to, most], usize::MAX, |row| {
        let patient = Columns::of(row, "image")?.id("patient_id", PatientId::from_bytes)?;
        // Images of one patient, taken together, stand together.
        if one_after_the_other.replace(patient) != Some(patient) {
            patients.insert(patient);
        }
        Ok(None::<()>)
    })?;
    Ok(Some(patients))
}

/// The same, if the latest sixteenth of the range says that there are no more: a range with many images is not counted.
pub(super) fn if_they_seem(
    owned: &Owned<'_>,
    range: &RangeInclusive<Timestamp>,
    most: i64,
    now: i64,
) -> Result<Option<HashSet<PatientId>>> {
    let [from, to] = ends(range);
    let latest = to.min(now.max(from));
    let part = latest - (latest - from) / 16;
    if owned
        .one(sql::MANY_SHOWN, params![most / 16, part, latest], |_| Ok(()))?
        .is_some()
    {
        return Ok(None);
    }
    of(owned, range, most)
}

fn ends(range: &RangeInclusive<Timestamp>) -> [i64; 2] {
    [range.start().as_micros(), range.end().as_micros()]
}
