//! Who shows tags, in the order of the patients' ids: all of some, any of others, none of others still. Of each tag only
//! the index of its uses is read, side by side; of a frequent tag beside a rare one only where the rare one leads.

use std::collections::{BTreeSet, HashMap, HashSet};

use cutis_domain::{PatientId, TagId};
use cutis_storage::port::{PatientFilter, TagFilter};
use rusqlite::params;

use super::bound::hex;
use crate::columns::Columns;
use crate::error::Result;
use crate::ports::keyed::Owned;
use crate::sql::listing as sql;

/// So many uses are read at once where they were jumped to, and where many have been read one after the other.
const STEPS: [i64; 2] = [8, 1_024];

/// The patients who show one tag.
struct Uses<'o, 'c> {
    owned: &'o Owned<'c>,
    tag: TagId,
    read: Vec<PatientId>,
    place: usize,
    /// Nothing is behind what was read.
    ended: bool,
    step: i64,
}

impl<'o, 'c> Uses<'o, 'c> {
    fn of(owned: &'o Owned<'c>, tag: TagId) -> Self {
        let [step, _] = STEPS;
        Self {
            owned,
            tag,
            read: Vec::new(),
            place: 0,
            ended: false,
            step,
        }
    }

    /// The first of them from this one on. Of two calls the second asks for no earlier one.
    fn next(&mut self, patient: PatientId) -> Result<Option<PatientId>> {
        if let Some(found) = self.among_read(patient) {
            return Ok(Some(found));
        }
        if self.ended {
            return Ok(None);
        }
        let [few, many] = STEPS;
        self.step = if self.place.saturating_mul(2) < self.read.len() {
            few
        } else {
            self.step.saturating_mul(2).min(many)
        };
        let values = params![self.tag.as_bytes(), patient.as_bytes(), self.step];
        self.read = self.owned.all(sql::USES, values, |row| {
            Columns::of(row, "patient_tag_use")?.id("patient_id", PatientId::from_bytes)
        })?;
        self.place = 0;
        self.ended = i64::try_from(self.read.len()).unwrap_or(i64::MAX) < self.step;
        Ok(self.among_read(patient))
    }

    fn among_read(&mut self, patient: PatientId) -> Option<PatientId> {
        let rest = self.read.get(self.place..).unwrap_or_default();
        let first = rest.first()?;
        if *first >= patient {
            return Some(*first);
        }
        let passed = rest.partition_point(|other| *other < patient);
        let found = rest.get(passed).copied()?;
        self.place = self.place.saturating_add(passed);
        Some(found)
    }
}

/// The patients who show any of some tags.
struct AnyOf<'o, 'c>(Vec<Uses<'o, 'c>>);

impl<'o, 'c> AnyOf<'o, 'c> {
    fn of(owned: &'o Owned<'c>, tags: &[TagId]) -> Self {
        let each: BTreeSet<TagId> = tags.iter().copied().collect();
        Self(each.into_iter().map(|tag| Uses::of(owned, tag)).collect())
    }

    fn next(&mut self, patient: PatientId) -> Result<Option<PatientId>> {
        let mut first = None;
        for uses in &mut self.0 {
            match (uses.next(patient)?, first) {
                (Some(found), Some(so_far)) if found >= so_far => {}
                (Some(found), _) => first = Some(found),
                (None, _) => {}
            }
        }
        Ok(first)
    }
}

/// A walk along everybody who shows what a filter of tags asks for.
struct Walk<'o, 'c> {
    /// Each is asked for; the first leads.
    all: Vec<AnyOf<'o, 'c>>,
    none: AnyOf<'o, 'c>,
    /// How many the first has given.
    led: u64,
}

impl<'o, 'c> Walk<'o, 'c> {
    /// Nothing, if nobody has to show a tag.
    fn of(owned: &'o Owned<'c>, tags: &TagFilter) -> Result<Option<Self>> {
        let known = tallies(owned, tags.all_of.iter().chain(&tags.any_of).copied())?;
        let patients = |tag: &TagId| known.get(tag).copied().unwrap_or(0);
        let each: BTreeSet<TagId> = tags.all_of.iter().copied().collect();
        let mut asked: Vec<(u64, Vec<TagId>)> = each.iter().map(|tag| (patients(tag), vec![*tag])).collect();
        if !tags.any_of.is_empty() {
            asked.push((tags.any_of.iter().map(patients).sum(), tags.any_of.clone()));
        }
        asked.sort();
        let all: Vec<AnyOf<'_, '_>> = asked.iter().map(|(_, tags)| AnyOf::of(owned, tags)).collect();
        Ok((!all.is_empty()).then(|| Self {
            all,
            none: AnyOf::of(owned, &tags.none_of),
            led: 0,
        }))
    }

    /// The first from this patient on.
    fn next(&mut self, patient: PatientId) -> Result<Option<PatientId>> {
        let mut target = Some(patient);
        while let Some(from) = target {
            let mut first = None;
            let mut found = Some(from);
            for any_of in &mut self.all {
                let Some(at) = found else { return Ok(None) };
                found = any_of.next(at)?;
                first = first.or(found);
            }
            self.led = self.led.saturating_add(1);
            let Some(found) = found else { return Ok(None) };
            target = if first != Some(found) {
                Some(found)
            } else if self.none.next(found)? == Some(found) {
                behind(found)
            } else {
                return Ok(Some(found));
            };
        }
        Ok(None)
    }
}

/// Nobody is before this patient.
const FIRST: PatientId = PatientId::from_bytes([0; 16]);

/// The next id, if there is one.
fn behind(patient: PatientId) -> Option<PatientId> {
    let next = u128::from_be_bytes(*patient.as_bytes()).checked_add(1)?;
    Some(PatientId::from_bytes(next.to_be_bytes()))
}

/// How many patients a filter lets through that asks for tags and for nothing else.
pub(super) fn total(owned: &Owned<'_>, filter: &PatientFilter) -> Result<Option<u64>> {
    let tags = &filter.tags;
    let only = PatientFilter {
        tags: tags.clone(),
        ..PatientFilter::default()
    };
    if *filter != only {
        return Ok(None);
    }
    let everybody = || owned.count(crate::sql::patients::COUNT, &[]);
    let one = |tag: TagId| Ok(tallies(owned, [tag].into_iter())?.get(&tag).copied().unwrap_or(0));
    let total = match (&tags.all_of[..], &tags.any_of[..], &tags.none_of[..]) {
        ([], [], []) => everybody()?,
        ([tag], [], []) | ([], [tag], []) => one(*tag)?,
        ([], [], [tag]) => everybody()?.saturating_sub(one(*tag)?),
        ([], [], none) => {
            let mut none = AnyOf::of(owned, none);
            everybody()?.saturating_sub(counted(|patient| none.next(patient))?)
        }
        _ => match Walk::of(owned, tags)? {
            Some(mut walk) => counted(|patient| walk.next(patient))?,
            None => return Ok(None),
        },
    };
    Ok(Some(total))
}

fn counted(mut next: impl FnMut(PatientId) -> Result<Option<PatientId>>) -> Result<u64> {
    let (mut total, mut at) = (0_u64, Some(FIRST));
    while let Some(patient) = at {
        let Some(found) = next(patient)? else { break };
        total = total.saturating_add(1);
        at = behind(found);
    }
    Ok(total)
}

/// So many patients of the first tag tell how many of them show the others too.
const SAMPLE: u64 = 256;

/// Who shows all that a filter of tags asks for, if they are no more than so many; nothing as soon as the walk shows that
/// reading along a list until it has `most` lines, each line at the cost of `line` uses, is less work than the whole walk.
pub(super) fn few(
    owned: &Owned<'_>,
    tags: &TagFilter,
    few: usize,
    [most, line, whole]: [u64; 3],
) -> Result<Option<HashSet<PatientId>>> {
    let Some(mut walk) = Walk::of(owned, tags)? else {
        return Ok(None);
    };
    let (mut found, mut at) = (HashSet::new(), Some(FIRST));
    while let Some(patient) = at {
        let Some(patient) = walk.next(patient)? else { break };
        found.insert(patient);
        at = behind(patient);
        let hits = u64::try_from(found.len()).unwrap_or(u64::MAX);
        let along = most.saturating_mul(walk.led / hits).saturating_mul(line);
        if found.len() > few || (walk.led >= SAMPLE && along < whole) {
            return Ok(None);
        }
    }
    Ok(Some(found))
}

/// On how many patients each of these tags is; of those that there are.
pub(super) fn tallies(owned: &Owned<'_>, tags: impl Iterator<Item = TagId>) -> Result<HashMap<TagId, u64>> {
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
