//! Adding a visit.

use cutis_audit::{Action, Audited, Event, Target};
use cutis_domain::entry::{Entry, Field, Notes, Title, Versions};
use cutis_domain::{Clinician, EntryId, PatientId, Sensitive, Timestamp};
use cutis_storage::port::{FieldValue, NewValue, Revision, RevisionHead};

use super::sealed::Place;
use super::{EntryError, author_of};
use crate::{RecordError, Records};

/// A visit to be added. Without a time, the appointment is now (E1).
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// When the appointment is or was.
    pub appointment_at: Option<Timestamp>,
    /// A short heading.
    pub title: Option<Sensitive<Title>>,
    /// Notes.
    pub notes: Sensitive<Notes>,
}

impl Records {
    /// Adds a visit.
    ///
    /// # Errors
    /// See [`EntryError`].
    pub async fn create_entry(
        &self,
        by: &Clinician,
        patient: PatientId,
        new: NewEntry,
    ) -> Result<Entry, EntryError> {
        let now = self.clock.now();
        let id: EntryId = self.ids.make();
        let author = author_of(by).ok_or(RecordError::no_patient(patient))?;
        let entry = Entry {
            id,
            patient,
            appointment_at: new.appointment_at.unwrap_or(now),
            title: new.title,
            author: author.clone(),
            recorded_at: now,
            versions: Versions::default(),
            signed: None,
        };
        let notes = new.notes.into_inner();
        // A visit without notes needs no key.
        let first = if notes.as_str().is_empty() {
            None
        } else {
            let sealer = self.sealer(by, patient).await?;
            let text = notes.as_str().as_bytes();
            Some(NewValue {
                value: FieldValue::Notes(sealer.seal(&Place::Notes(id), text)?),
                revision: Revision {
                    head: RevisionHead {
                        version: 0,
                        bytes: u64::try_from(text.len()).unwrap_or(u64::MAX),
                        author,
                        agent: by.caller().agent.clone(),
                        at: now,
                        restored: None,
                    },
                    in_full: true,
                    content: sealer.seal(&Place::Revision(id, Field::Notes, 0), text)?,
                },
            })
        };
        self.store
            .clinic(by)
            .write(move |unit| {
                let mut inside = unit.inside(patient)?;
                inside.insert_entry(&entry)?;
                if let Some(first) = first {
                    let open = inside.open_entry(id)?;
                    inside.set_value(&open, &first)?;
                }
                let event = Event::new(Action::EntryCreated)
                    .target(Target::Entry(id))
                    .patient(patient);
                Ok(Audited::new(entry, event))
            })
            .await
    }
}
