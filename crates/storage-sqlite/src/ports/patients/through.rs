//! Through which index a list with a filter is read: that of all lines, those of some tags, or that of a range.

use std::collections::{BTreeSet, HashSet};
use std::ops::RangeInclusive;

use cutis_domain::{PatientId, TagId, Timestamp};
use cutis_storage::port::{PatientFilter, PatientSort, TagFilter};
use rusqlite::params;
use rusqlite::types::Value;

use super::bound::{NONE_AFTER, bound};
use super::{shown, walk};
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
    /// These few.
    These(Chosen),
    /// Everybody, and of them these.
    Among(Chosen),
}

/// Patients whom part of a filter lets through, and the rest of the filter.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) patients: HashSet<PatientId>,
    pub(super) rest: PatientFilter,
}

/// So many lines are read and then sorted, at most.
const FEW: u64 = 2_000;
/// So many images of a range are read for a page, at most, before lines of other patients are passed over.
const SOME_IMAGES: i64 = 20_000;
/// As long as a line by itself is read, so many uses of tags are.
const A_LINE: u64 = 15;
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
        now: Timestamp,
    ) -> Result<Self> {
        let (through, rows) = Self::of_tags(owned, filter, most)?;
        let (entries, images) = sql::MANY_HAVE_FEWER;
        let asks = filter.created.is_some()
            || filter.born.is_some()
            || filter.last_modified.is_some()
            || filter.last_appointment.is_some()
            || filter.image.is_some()
            || has_index(filter.entries.as_ref(), entries)
            || has_index(filter.images.as_ref(), images);
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
        if let Some(few) = few(owned, filter, sort, few_are)? {
            return Ok(few);
        }
        let (Self::Everybody, Some(range)) = (&through, &filter.image) else {
            return Ok(through);
        };
        // Whether a patient has an image in the range is looked up for each line, unless it is known of all.
        let shown = match sort {
            None => shown::of(owned, range, NONE_AFTER)?,
            Some(_) => shown::if_they_seem(owned, range, SOME_IMAGES, now.as_micros())?,
        };
        Ok(shown.map_or(through, |patients| Self::Among(without_images(filter, patients))))
    }

    /// Who shows several frequent tags at once, if they are few.
    fn of_frequent_tags(
        owned: &Owned<'_>,
        filter: &PatientFilter,
        sums: &[u64],
        most: i64,
    ) -> Result<Option<Self>> {
        let (fewest, whole) = (sums.iter().min().copied(), sums.iter().sum());
        if sums.len() < 2 || fewest.is_none_or(|fewest| fewest <= FEW) {
            return Ok(None);
        }
        let limits = [most.unsigned_abs(), A_LINE, whole];
        let patients = walk::few(
            owned,
            &filter.tags,
            usize::try_from(FEW).unwrap_or(usize::MAX),
            limits,
        )?;
        let rest = || PatientFilter {
            tags: TagFilter::default(),
            ..filter.clone()
        };
        Ok(patients.map(|patients| {
            Self::These(Chosen {
                patients,
                rest: rest(),
            })
        }))
    }

    /// Through which tags, and how many rows there are at most.
    fn of_tags(owned: &Owned<'_>, filter: &PatientFilter, most: i64) -> Result<(Self, u64)> {
        let TagFilter { all_of, any_of, .. } = &filter.tags;
        if all_of.is_empty() && any_of.is_empty() {
            return Ok((Self::Everybody, u64::MAX));
        }
        let tallies = walk::tallies(owned, all_of.iter().chain(any_of).copied())?;
        let patients = |tag: &TagId| tallies.get(tag).copied().unwrap_or(0);
        let rarest = all_of.iter().map(|tag| (patients(tag), *tag)).min();
        let any: BTreeSet<TagId> = any_of.iter().copied().filter(|tag| patients(tag) > 0).collect();
        if matches!(rarest, Some((0, _))) || (any.is_empty() && !any_of.is_empty()) {
            return Ok((Self::Nobody, 0));
        }
        let sum = any.iter().map(patients).fold(0, u64::saturating_add);
        let all: BTreeSet<TagId> = all_of.iter().copied().collect();
        let mut sums: Vec<u64> = all.iter().map(patients).collect();
        sums.extend((!any.is_empty()).then_some(sum));
        if let Some(few) = Self::of_frequent_tags(owned, filter, &sums, most)? {
            return Ok((few, 0));
        }
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
) -> Result<Option<Through>> {
    let bound = bound(filter);
    let (entries, images) = sql::MANY_HAVE_FEWER;
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
        (
            has_index(filter.images.as_ref(), images),
            sql::MANY_IMAGES,
            [&bound.images_from, &bound.images_to],
            sql::IMAGES_WITHIN,
        ),
        (
            has_index(filter.entries.as_ref(), entries),
            sql::MANY_ENTRIES,
            [&bound.entries_from, &bound.entries_to],
            sql::ENTRIES_WITHIN,
        ),
    ];
    for most in [VERY_FEW, most] {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        for (asked, more, [from, to], statement) in ranges {
            let values = params![most, from, to];
            if asked && owned.one(more, values, |_| Ok(()))?.is_none() {
                return Ok(Some(Through::Within(statement)));
            }
        }
        if let Some(range) = &filter.image
            && let Some(patients) = shown::of(owned, range, most)?
        {
            return Ok(Some(Through::These(without_images(filter, patients))));
        }
    }
    Ok(None)
}

/// Whether a range of numbers is asked for of which there is an index, which has none below `from`.
fn has_index(range: Option<&RangeInclusive<u64>>, from: u64) -> bool {
    range.is_some_and(|range| *range.start() >= from)
}

/// The filter is asked for everything but the images of a range, which these patients have.
fn without_images(filter: &PatientFilter, patients: HashSet<PatientId>) -> Chosen {
    let rest = PatientFilter {
        image: None,
        ..filter.clone()
    };
    Chosen { patients, rest }
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
