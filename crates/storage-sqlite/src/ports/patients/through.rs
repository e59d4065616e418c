//! Through which index a list with a filter is read: that of all lines, those of some tags, or that of a range.

use std::collections::{BTreeSet, HashMap};

use cutis_domain::TagId;
use cutis_storage::port::{PatientFilter, PatientSort, TagFilter};
use rusqlite::params;
use rusqlite::types::Value;

use super::bound::{bound, hex};
use crate::columns::Columns;
use crate::error::Result;
use crate::ports::keyed::Owned;
use crate::sql::KeyedSql;
use crate::sql::listing as sql;

/// Where to look for whom a filter lets through.
#[derive(Debug)]
pub(super) enum Through {
    /// It lets nobody through, because a tag that it asks for is on nobody.
    Nobody,
    /// Every line.
    Everybody,
    /// Everybody who shows one of these tags. It is one where all of several are asked for.
    Tags(Vec<TagId>),
    /// The few within a range, whom this statement reads in no order.
    Within(KeyedSql<1>),
}

/// So many lines are read and then sorted, at most.
const FEW: u64 = 2_000;
/// So few that another range need not be looked at.
const VERY_FEW: u64 = 200;

impl Through {
    /// The index in which the fewest rows are read for so many lines.
    ///
    /// Of several tags of which all are asked for, the rarest leads. Where any of several is enough, the same lines are
    /// read of each of them, so frequent ones are found sooner among all lines.
    /// Where only a few are within a range, all of those are read and sorted instead. `sort` is the order in which a page is
    /// read: its own range needs no reading ahead.
    pub(super) fn of(
        owned: &Owned<'_>,
        filter: &PatientFilter,
        sort: Option<PatientSort>,
        most: i64,
    ) -> Result<Self> {
        let (through, rows) = Self::of_tags(owned, filter, most)?;
        let asks = filter.created.is_some()
            || filter.born.is_some()
            || filter.last_modified.is_some()
            || filter.last_appointment.is_some();
        // As many as are read for the page are not worth looking ahead.
        if !asks || (sort.is_some() && rows <= most.unsigned_abs()) {
            return Ok(through);
        }
        let among = owned.count(crate::sql::patients::COUNT, &[])?;
        let few_are = match sort {
            // A count reads an index from end to end, and a line by itself takes twenty times as long.
            None => among / 20,
            // From so many lines on, reading along the order fills the page sooner. The index by last change passes
            // over a line fifteen times as fast as a line by itself is read, the others about as fast.
            Some(PatientSort::LastModified) => most.unsigned_abs().saturating_mul(among / 15).isqrt(),
            Some(_) => most.unsigned_abs().saturating_mul(among / 4).isqrt(),
        };
        let few_are = few_are.clamp(VERY_FEW, FEW).min(rows);
        Ok(few(owned, filter, sort, few_are)?.map_or(through, Self::Within))
    }

    /// Through which tags, and how many rows there are at most.
    fn of_tags(owned: &Owned<'_>, filter: &PatientFilter, most: i64) -> Result<(Self, u64)> {
        let TagFilter { all_of, any_of, .. } = &filter.tags;
        if all_of.is_empty() && any_of.is_empty() {
            return Ok((Self::Everybody, u64::MAX));
        }
        let tallies = tallies(owned, all_of.iter().chain(any_of).copied())?;
        let patients = |tag: &TagId| tallies.get(tag).copied().unwrap_or(0);
        let rarest = all_of.iter().map(|tag| (patients(tag), *tag)).min();
        let any: BTreeSet<TagId> = any_of.iter().copied().filter(|tag| patients(tag) > 0).collect();
        if matches!(rarest, Some((0, _))) || (any.is_empty() && !any_of.is_empty()) {
            return Ok((Self::Nobody, 0));
        }
        let sum = any.iter().map(patients).fold(0, u64::saturating_add);
        if let Some((fewest, tag)) = rarest
            && (any.is_empty() || fewest <= sum)
        {
            return Ok((Self::Tags(vec![tag]), fewest));
        }
        let most = most.unsigned_abs();
        let of_tags = any.iter().map(|tag| patients(tag).min(most)).sum::<u64>();
        let among = owned.count(crate::sql::patients::COUNT, &[])?;
        // At least every so manyth line is one of the most frequent tag.
        let frequent = any.iter().map(patients).max().unwrap_or(0);
        let of_lines = most.min(frequent).saturating_mul(among / frequent.max(1));
        if rarest.is_none() && of_lines.min(among) < of_tags {
            return Ok((Self::Everybody, u64::MAX));
        }
        Ok((Self::Tags(any.into_iter().collect()), sum))
    }
}

/// The statement of a range that has very few lines or, if there is none, of one with no more than so many.
fn few(
    owned: &Owned<'_>,
    filter: &PatientFilter,
    sort: Option<PatientSort>,
    most: u64,
) -> Result<Option<KeyedSql<1>>> {
    let bound = bound(filter);
    let ranges = [
        (
            filter.created.is_some(),
            sql::MANY_CREATED,
            [&bound.created_from, &bound.created_to],
            sql::CREATED_WITHIN,
        ),
        (
            filter.born.is_some(),
            sql::MANY_BORN,
            [&bound.born_from, &bound.born_to],
            sql::BORN_WITHIN,
        ),
        (
            filter.last_modified.is_some() && sort != Some(PatientSort::LastModified),
            sql::MANY_MODIFIED,
            [&bound.modified_from, &bound.modified_to],
            sql::MODIFIED_WITHIN,
        ),
        (
            filter.last_appointment.is_some() && sort != Some(PatientSort::LastAppointment),
            sql::MANY_APPOINTED,
            [&bound.appointment_from, &bound.appointment_to],
            sql::APPOINTED_WITHIN,
        ),
    ];
    for most in [VERY_FEW, most] {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        for (asked, more, [from, to], statement) in ranges {
            let values = params![most, from, to];
            if asked && owned.one(more, values, |_| Ok(()))?.is_none() {
                return Ok(Some(statement));
            }
        }
    }
    Ok(None)
}

/// What the statements that are led by this tag bind. The index answers for that, and for any of several; who shows one of
/// `others` is left out.
pub(super) fn led(filter: &PatientFilter, tag: TagId, others: &[TagId]) -> sql::Bound {
    let mut tags = filter.tags.clone();
    tags.none_of.extend(others);
    if tags.all_of.contains(&tag) {
        tags.all_of.retain(|other| *other != tag);
    } else {
        tags.any_of.clear();
    }
    let led = PatientFilter {
        tags,
        ..filter.clone()
    };
    sql::Bound {
        tag: Value::Blob(tag.as_bytes().to_vec()),
        ..bound(&led)
    }
}

/// How many patients a filter lets through that asks for one tag and nothing else.
pub(super) fn of_one_tag(owned: &Owned<'_>, filter: &PatientFilter) -> Result<Option<u64>> {
    let [tag] = filter.tags.all_of[..] else {
        return Ok(None);
    };
    let only = PatientFilter {
        tags: TagFilter {
            all_of: vec![tag],
            ..TagFilter::default()
        },
        ..PatientFilter::default()
    };
    if *filter != only {
        return Ok(None);
    }
    let tallies = tallies(owned, [tag].into_iter())?;
    Ok(Some(tallies.get(&tag).copied().unwrap_or(0)))
}

/// On how many patients each of these tags is; of those that there are.
fn tallies(owned: &Owned<'_>, tags: impl Iterator<Item = TagId>) -> Result<HashMap<TagId, u64>> {
    let asked = hex(tags.map(|tag| *tag.as_bytes()));
    let found = owned.all(sql::TAGS, params![asked], |row| {
        let mut columns = Columns::of(row, "tag_tally")?;
        Ok((
            columns.id("tag_id", TagId::from_bytes)?,
            columns.count("patients")?,
        ))
    })?;
    Ok(found.into_iter().collect())
}
