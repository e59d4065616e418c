//! Through which index a list with a filter is read: that of all lines, or those of some tags.

use std::collections::{BTreeSet, HashMap};

use cutis_domain::TagId;
use cutis_storage::port::{PatientFilter, TagFilter};
use rusqlite::params;
use rusqlite::types::Value;

use super::bound::{bound, hex};
use crate::columns::Columns;
use crate::error::Result;
use crate::ports::keyed::Owned;
use crate::sql::listing as sql;

/// Where to look for whom a filter lets through.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Through {
    /// It lets nobody through, because a tag that it asks for is on nobody.
    Nobody,
    /// Every line.
    Everybody,
    /// Everybody who shows one of these tags. It is one where all of several are asked for.
    Tags(Vec<TagId>),
}

impl Through {
    /// The index in which the fewest rows are read for so many lines.
    ///
    /// Of several tags of which all are asked for, the rarest leads. Where any of several is enough, the same lines are
    /// read of each of them, so frequent ones are found sooner among all lines.
    pub(super) fn of(owned: &Owned<'_>, filter: &PatientFilter, most: i64) -> Result<Self> {
        let TagFilter { all_of, any_of, .. } = &filter.tags;
        if all_of.is_empty() && any_of.is_empty() {
            return Ok(Self::Everybody);
        }
        let tallies = tallies(owned, all_of.iter().chain(any_of).copied())?;
        let patients = |tag: &TagId| tallies.get(tag).copied().unwrap_or(0);
        let rarest = all_of.iter().map(|tag| (patients(tag), *tag)).min();
        let any: BTreeSet<TagId> = any_of.iter().copied().filter(|tag| patients(tag) > 0).collect();
        if matches!(rarest, Some((0, _))) || (any.is_empty() && !any_of.is_empty()) {
            return Ok(Self::Nobody);
        }
        let sum = any.iter().map(patients).fold(0, u64::saturating_add);
        if let Some((fewest, tag)) = rarest
            && (any.is_empty() || fewest <= sum)
        {
            return Ok(Self::Tags(vec![tag]));
        }
        let most = most.unsigned_abs();
        let of_tags = any.iter().map(|tag| patients(tag).min(most)).sum::<u64>();
        let among = owned.count(crate::sql::patients::COUNT, &[])?;
        // At least every so manyth line is one of the most frequent tag.
        let frequent = any.iter().map(patients).max().unwrap_or(0);
        let of_lines = most.min(frequent).saturating_mul(among / frequent.max(1));
        if rarest.is_none() && of_lines.min(among) < of_tags {
            return Ok(Self::Everybody);
        }
        Ok(Self::Tags(any.into_iter().collect()))
    }
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
