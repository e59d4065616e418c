//! How many patients a filter lets through (P4).

use cutis_domain::{PatientId, Timestamp};
use cutis_storage::port::{Order, PatientFilter, PatientSort};

use super::bound::{NONE_AFTER, bound};
use super::listing::{in_order, these, within, without_page};
use super::through::{Chosen, Through, led};
use super::walk;
use crate::columns::Columns;
use crate::error::Result;
use crate::ports::keyed::Owned;
use crate::sql::listing as sql;

fn number(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

pub(super) fn count(owned: &Owned<'_>, filter: &PatientFilter, now: Timestamp) -> Result<u64> {
    if let Some(total) = walk::total(owned, filter)? {
        return Ok(total);
    }
    let through = Through::of(owned, filter, None, NONE_AFTER, now)?;
    let now = now.as_micros();
    let tags = match &through {
        Through::Nobody => return Ok(0),
        Through::Everybody => return owned.count(sql::COUNT, &bound(filter).after(&without_page(&now))),
        Through::Within(statement) => {
            let mut few = within(owned, *statement, filter, PatientSort::LastModified, now)?;
            in_order(&mut few, Order::Ascending, NONE_AFTER);
            return Ok(number(few.len()));
        }
        Through::These(chosen) => {
            return Ok(number(
                these(owned, chosen, PatientSort::LastModified, now)?.len(),
            ));
        }
        Through::Among(Chosen { patients, rest }) => {
            if rest.is_empty() {
                return Ok(number(patients.len()));
            }
            let matching = owned.all(sql::MATCHING, &bound(rest).after(&without_page(&now)), |row| {
                Columns::of(row, "patient_line")?.id("patient_id", PatientId::from_bytes)
            })?;
            return Ok(number(
                matching
                    .iter()
                    .filter(|patient| patients.contains(patient))
                    .count(),
            ));
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
