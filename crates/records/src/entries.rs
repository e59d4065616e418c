//! Visits of a patient (E1).

use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_domain::account::Username;
use cutis_domain::entry::Entry;
use cutis_domain::page::Limit;
use cutis_domain::principal::Actor;
use cutis_domain::{Clinician, EntryId, PatientId, Sensitive, Text, Timestamp};

use crate::{RecordError, Records};

/// A visit to be added. Without a time, the appointment is now (E1).
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// When the appointment is or was.
    pub appointment_at: Option<Timestamp>,
    /// A short heading.
    pub title: Option<Sensitive<Text<1, 200>>>,
    /// Notes.
    pub notes: Sensitive<Text<0, 16_000>>,
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

    /// A patient's visits, latest appointment first, at most a hundred.
    ///
    /// # Errors
    /// See [`RecordError`].
    pub async fn entries(&self, by: &Clinician, patient: PatientId) -> Result<Vec<Entry>, RecordError> {
        let limit = Limit::parse(i64::from(Limit::MAX)).unwrap_or_default();
        self.store
            .clinic(by)
            .read(|view| {
                let entries = view.inside(patient)?.entries(limit)?;
                let ids = entries.iter().map(|entry| entry.id.to_string()).collect();
                let event = Event::new(Action::EntriesViewed)
                    .patient(patient)
                    .detail(Detail::ids("entries", ids));
                Ok(Audited::new(entries, event))
            })
            .await
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
