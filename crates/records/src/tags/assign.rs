//! Giving tags to patients, entries and images and taking them away, one or many, all or nothing (T1).

use std::collections::BTreeMap;

use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_domain::tag::{MAX_DIRECT, Tagged};
use cutis_domain::{Clinician, EntryId, ImageId, PatientId, TagId, Timestamp};
use cutis_storage::{OwnedRead, Unit};

use super::{TagError, TagField};
use crate::Records;

/// The maximum number of tags of one request.
const MAX_TAGS: usize = 20;

/// The maximum number of things of one request.
const MAX_TARGETS: usize = 500;

/// What tags are given to.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Patients.
    pub patients: Vec<PatientId>,
    /// Entries, of whichever patients.
    pub entries: Vec<EntryId>,
    /// Images, of whichever patients.
    pub images: Vec<ImageId>,
}

/// Something that is tagged, of one patient, and where the request names it.
pub(super) type Place = (TagField, Tagged);

impl Selection {
    /// How many there are, if that is not too many.
    pub(super) fn checked(&self) -> Result<usize, TagError> {
        let count = self
            .patients
            .len()
            .saturating_add(self.entries.len())
            .saturating_add(self.images.len());
        if count == 0 || count > MAX_TARGETS {
            return Err(TagError::invalid(
                TagField::Targets,
                "count",
                format!("Choose 1 to {MAX_TARGETS} patients, visits and photos."),
            ));
        }
        Ok(count)
    }

    /// What is selected, each once, by patient.
    pub(super) fn by_patient(
        &self,
        owned: &dyn OwnedRead,
    ) -> Result<BTreeMap<PatientId, Vec<Place>>, TagError> {
        let mut places: BTreeMap<PatientId, Vec<Place>> = BTreeMap::new();
        let mut put = |patient, field, it| {
            let of = places.entry(patient).or_default();
            if of.iter().all(|(_, present)| *present != it) {
                of.push((field, it));
            }
        };
        for (index, id) in self.patients.iter().enumerate() {
            let field = TagField::Patient(index);
            if !owned.has_patient(*id)? {
                return Err(TagError::absent_at(Target::Patient(*id), field));
            }
            put(*id, field, Tagged::Patient);
        }
        for (index, id) in self.entries.iter().enumerate() {
            let field = TagField::Entry(index);
            let patient = owned.patient_of_entry(*id)?;
            let patient = patient.ok_or(TagError::absent_at(Target::Entry(*id), field))?;
            put(patient, field, Tagged::Entry(*id));
        }
        for (index, id) in self.images.iter().enumerate() {
            let field = TagField::Image(index);
            let patient = owned.patient_of_image(*id)?;
            let patient = patient.ok_or(TagError::absent_at(Target::Image(*id), field))?;
            put(patient, field, Tagged::Image(*id));
        }
        Ok(places)
    }
}

/// Which tags are given to what, and which are taken away.
#[derive(Debug, Clone, Default)]
pub struct Assignment {
    /// Tags to give.
    pub add: Vec<TagId>,
    /// Tags to take away.
    pub remove: Vec<TagId>,
    /// From and to what.
    pub on: Selection,
}

/// A tag of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagLink {
    /// The tag.
    pub tag: TagId,
    /// Whose.
    pub patient: PatientId,
    /// What has it.
    pub it: Tagged,
}

/// What an assignment really changed: to undo it is to take away what was added, and to give what was removed.
#[derive(Debug, Clone, Default)]
pub struct Assigned {
    /// What was not there before.
    pub added: Vec<TagLink>,
    /// What was there before.
    pub removed: Vec<TagLink>,
}

impl Records {
    /// Takes tags away and gives tags, in this order. What is already as it should be stays.
    ///
    /// # Errors
    /// See [`TagError`]; nothing was changed then.
    pub async fn assign_tags(&self, by: &Clinician, assignment: Assignment) -> Result<Assigned, TagError> {
        check(&assignment)?;
        let now = self.clock.now();
        self.store
            .clinic(by)
            .write(move |unit| assign_in(unit, &assignment, now))
            .await
    }
}

fn check(assignment: &Assignment) -> Result<(), TagError> {
    let tags = assignment.add.len().saturating_add(assignment.remove.len());
    if tags == 0 || tags > MAX_TAGS {
        return Err(TagError::invalid(
            TagField::AllAdded,
            "count",
            format!("Choose 1 to {MAX_TAGS} tags to add and to remove."),
        ));
    }
    if let Some(both) = assignment
        .remove
        .iter()
        .position(|tag| assignment.add.contains(tag))
    {
        return Err(TagError::invalid(
            TagField::Remove(both),
            "both",
            "Add this tag or remove it, not both.",
        ));
    }
    assignment.on.checked().map(drop)
}

fn assign_in(unit: &mut Unit<'_>, asked: &Assignment, now: Timestamp) -> Result<Audited<Assigned>, TagError> {
    for (index, id) in asked.remove.iter().enumerate() {
        unit.tag(*id)?
            .ok_or(TagError::absent_at(Target::Tag(*id), TagField::Remove(index)))?;
    }
    for (index, id) in asked.add.iter().enumerate() {
        let field = TagField::Add(index);
        let (tag, _) = unit
            .tag(*id)?
            .ok_or(TagError::absent_at(Target::Tag(*id), field))?;
        if tag.archived_at.is_some() {
            return Err(TagError::invalid(
                field,
                "archived",
                "Choose another tag, or bring this one back first; it is archived.",
            ));
        }
    }
    let places = asked.on.by_patient(&**unit)?;
    let (mut done, mut events) = (Assigned::default(), Vec::new());
    for (patient, places) in places {
        let theirs = assign_one(unit, asked, patient, &places, now)?;
        events.push(event_of(patient, &places, &theirs));
        done.added.extend(theirs.added);
        done.removed.extend(theirs.removed);
    }
    let mut events = events.into_iter();
    let first = events.next().unwrap_or(Event::new(Action::TagsAssigned));
    Ok(events.fold(Audited::new(done, first), Audited::and))
}

fn assign_one(
    unit: &mut Unit<'_>,
    asked: &Assignment,
    patient: PatientId,
    places: &[Place],
    now: Timestamp,
) -> Result<Assigned, TagError> {
    let mut inside = unit.inside(patient)?;
    let mut done = Assigned::default();
    for (field, it) in places {
        let open = inside.open_tagged(*it)?;
        let link = |tag| TagLink {
            tag,
            patient,
            it: *it,
        };
        for tag in &asked.remove {
            if inside.take_tag(&open, *tag, now)? {
                done.removed.push(link(*tag));
            }
        }
        for tag in &asked.add {
            if inside.give_tag(&open, *tag, now)? {
                done.added.push(link(*tag));
            }
        }
        let direct = inside.direct_tags(*it)?;
        if usize::try_from(direct).is_ok_and(|direct| direct > MAX_DIRECT) {
            let what = match it {
                Tagged::Patient => "patient",
                Tagged::Entry(_) => "visit",
                Tagged::Image(_) => "photo",
            };
            return Err(TagError::invalid(
                *field,
                "too_many",
                format!("Remove tags first; this {what} would have {direct}, and {MAX_DIRECT} is the most."),
            ));
        }
    }
    Ok(done)
}

/// One event a patient, so that it appears in each one's activity (U5).
fn event_of(patient: PatientId, places: &[Place], done: &Assigned) -> Event {
    let target = match places {
        [(_, Tagged::Entry(id))] => Target::Entry(*id),
        [(_, Tagged::Image(id))] => Target::Image(*id),
        _ => Target::Patient(patient),
    };
    let changed = || done.added.iter().chain(&done.removed);
    let mut event = Event::new(Action::TagsAssigned).target(target).patient(patient);
    for (key, links) in [("added", &done.added), ("removed", &done.removed)] {
        event = with_ids(event, key, links.iter().map(|link| link.tag.to_string()));
    }
    if places.len() > 1 {
        let own = changed().filter(|link| link.it == Tagged::Patient);
        event = with_ids(event, "patients", own.map(|link| link.patient.to_string()));
        let entries = changed().filter_map(|link| match link.it {
            Tagged::Entry(id) => Some(id.to_string()),
            Tagged::Patient | Tagged::Image(_) => None,
        });
        event = with_ids(event, "entries", entries);
        let images = changed().filter_map(|link| match link.it {
            Tagged::Image(id) => Some(id.to_string()),
            Tagged::Patient | Tagged::Entry(_) => None,
        });
        event = with_ids(event, "images", images);
    }
    event
}

fn with_ids(event: Event, key: &'static str, ids: impl Iterator<Item = String>) -> Event {
    let mut ids: Vec<String> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        event
    } else {
        event.detail(Detail::ids(key, ids))
    }
}
