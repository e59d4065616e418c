//! Visits of a patient (E1).

use std::collections::BTreeMap;

use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_domain::account::Username;
use cutis_domain::entry::Entry;
use cutis_domain::page::Limit;
use cutis_domain::principal::Actor;
use cutis_domain::tag::{EffectiveTag, Tagged};
use cutis_domain::{Clinician, EntryId, Line, PatientId, Sensitive, Text, Timestamp};
use cutis_storage::{OwnedRead, PatientUnit, StorageError};

use crate::tags::{ShownTag, with_categories};
use crate::{RecordError, Records};

/// A visit to be added. Without a time, the appointment is now (E1).
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// When the appointment is or was.
    pub appointment_at: Option<Timestamp>,
    /// A short heading.
    pub title: Option<Sensitive<Line<1, 200>>>,
    /// Notes.
    pub notes: Sensitive<Text<0, 16_000>>,
}

/// A visit in the list of a patient's visits.
#[derive(Debug, Clone)]
pub struct ListedEntry {
    /// The visit.
    pub entry: Entry,
    /// The tags that it shows, by name.
    pub tags: Vec<ShownTag>,
}

impl Records {
    /// Adds a visit.
    ///
    /// # Errors
    /// See [`RecordError`].
    pub async fn create_entry(
        &self,
        by: &Clinician,
        patient: PatientId,
        new: NewEntry,
    ) -> Result<Entry, RecordError> {
        let now = self.clock.now();
        let id: EntryId = self.ids.make();
        let entry = Entry {
            id,
            patient,
            appointment_at: new.appointment_at.unwrap_or(now),
            title: new.title,
            notes: new.notes,
            author: author_of(by).ok_or(RecordError::no_patient(patient))?,
            recorded_at: now,
        };
        self.store
            .clinic(by)
            .write(move |unit| {
                unit.inside(patient)?.insert_entry(&entry)?;
                let event = Event::new(Action::EntryCreated)
                    .target(Target::Entry(id))
                    .patient(patient);
                Ok(Audited::new(entry, event))
            })
            .await
    }

    /// A patient's visits with the tags that each shows, latest appointment first, at most a hundred.
    ///
    /// # Errors
    /// See [`RecordError`].
    pub async fn entries(&self, by: &Clinician, patient: PatientId) -> Result<Vec<ListedEntry>, RecordError> {
        let limit = Limit::parse(i64::from(Limit::MAX)).unwrap_or_default();
        self.store
            .clinic(by)
            .read(|view| {
                let inside = view.inside(patient)?;
                let entries = inside.entries(limit)?;
                let ids = entries.iter().map(|entry| entry.id.to_string()).collect();
                let entries = with_tags(&**view, entries, inside.effective_tags_of_entries()?)?;
                let event = Event::new(Action::EntriesViewed)
                    .patient(patient)
                    .detail(Detail::ids("entries", ids));
                Ok(Audited::new(entries, event))
            })
            .await
    }
}

/// The same entries with their tags (T2).
fn with_tags(
    owned: &dyn OwnedRead,
    entries: Vec<Entry>,
    tags: Vec<(EntryId, EffectiveTag)>,
) -> Result<Vec<ListedEntry>, StorageError> {
    let (of, tags): (Vec<EntryId>, Vec<EffectiveTag>) = tags.into_iter().unzip();
    let mut by_entry: BTreeMap<EntryId, Vec<ShownTag>> = BTreeMap::new();
    for (entry, tag) in of.into_iter().zip(with_categories(owned, tags)?) {
        by_entry.entry(entry).or_default().push(tag);
    }
    let listed = entries.into_iter().map(|entry| ListedEntry {
        tags: by_entry.remove(&entry.id).unwrap_or_default(),
        entry,
    });
    Ok(listed.collect())
}

/// There is no such visit of this patient.
pub(crate) const fn no_entry(entry: EntryId, patient: PatientId) -> RecordError {
    RecordError::absent(Target::Entry(entry), patient)
}

/// Refuses a visit that is not this patient's.
pub(crate) fn must_have_entry(
    inside: &PatientUnit<'_, '_>,
    entry: EntryId,
    patient: PatientId,
) -> Result<(), RecordError> {
    if inside.has_tagged(Tagged::Entry(entry))? {
        Ok(())
    } else {
        Err(no_entry(entry, patient))
    }
}

/// The username under which a clinician's work is kept.
pub(crate) fn author_of(by: &Clinician) -> Option<Username> {
    match &by.caller().actor {
        Actor::Account { username, .. } => Some(username.clone()),
        Actor::Anonymous => None,
        Actor::Operator => Username::parse("operator").ok(),
        Actor::System => Username::parse("system").ok(),
    }
}
