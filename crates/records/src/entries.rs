//! Visits of a patient (E1).

use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_domain::account::Username;
use cutis_domain::entry::Entry;
use cutis_domain::page::Limit;
use cutis_domain::principal::Actor;
use cutis_domain::{Clinician, EntryId, PatientId, Sensitive, Text, Timestamp};

use crate::fields::Fields;
use crate::{RecordError, Records};

/// An entry as sent. Without a time the appointment is now (E1).
#[derive(Clone, Default)]
pub struct RawEntry {
    /// When the appointment is or was, RFC 3339.
    pub appointment_at: Option<String>,
    /// A short heading.
    pub title: Option<String>,
    /// Notes.
    pub notes: Option<String>,
}

impl std::fmt::Debug for RawEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RawEntry[redacted]")
    }
}

impl Records {
    /// Makes an entry.
    ///
    /// # Errors
    /// See [`RecordError`].
    pub async fn create_entry(
        &self,
        by: &Clinician,
        patient: PatientId,
        raw: RawEntry,
    ) -> Result<Entry, RecordError> {
        let now = self.clock.now();
        let mut fields = Fields::default();
        let appointment_at =
            fields.optional("appointmentAt", raw.appointment_at.as_deref(), Timestamp::parse);
        let title = fields.text("title", raw.title.as_deref()).map(Sensitive::new);
        let notes = fields.take("notes", Text::parse(raw.notes.as_deref().unwrap_or_default()));
        let author = author_of(by);
        let id: EntryId = self.ids.make();
        let entry = notes.zip(author).map(|(notes, author)| Entry {
            id,
            patient,
            appointment_at: appointment_at.unwrap_or(now),
            title,
            notes: Sensitive::new(notes),
            author,
            created_at: now,
        });
        let entry = fields.finish(entry).map_err(RecordError::Invalid)?;
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

    /// A patient's entries, latest appointment first, a hundred at most.
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
