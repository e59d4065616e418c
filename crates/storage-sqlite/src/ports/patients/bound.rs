//! What the statements of lists bind.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use cutis_consent::Status;
use cutis_domain::patient::{Fitzpatrick, SexAtBirth};
use cutis_domain::time::Day;
use cutis_domain::{PatientId, TagId, Timestamp};
use cutis_storage::port::PatientFilter;
use data_encoding::HEXLOWER;
use rusqlite::types::Value;

use crate::sql::listing as sql;

/// The last appointment of a line without one. No time is before it.
pub(super) const NONE_BEFORE: i64 = -1;
/// The next appointment of a line without one, and the end of every range.
pub(super) const NONE_AFTER: i64 = i64::MAX;
/// Every value of a column with a bit for each.
const ALL: i64 = -1;

/// Numbers as a list in JSON.
pub(crate) fn numbers(numbers: &[i64]) -> String {
    serde_json::Value::from(numbers).to_string()
}

/// Ids as a list of hexadecimal text in JSON.
pub(super) fn ids(ids: &[PatientId]) -> String {
    hex(ids.iter().map(|id| *id.as_bytes()))
}

pub(super) fn hex(ids: impl Iterator<Item = [u8; 16]>) -> String {
    serde_json::Value::from(ids.map(|id| HEXLOWER.encode(&id)).collect::<Vec<_>>()).to_string()
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
        tag: Value::Null,
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
