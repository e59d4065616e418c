//! One visit, whole.

use cutis_audit::{Action, Audited, Event, Target};
use cutis_domain::account::Username;
use cutis_domain::entry::{Entry, Layout, Notes, Remark};
use cutis_domain::{AddendumId, Clinician, EntryId, PatientId, Sensitive, Text, Timestamp};
use cutis_live::TextHash;
use cutis_storage::InsideRead;
use cutis_storage::port::SealedAddendum;
use cutis_vault::SealError;

use super::sealed::Place;
use super::{EntryError, no_entry};
use crate::Records;

/// One visit, whole, but for its images, comparisons and tags.
#[derive(Debug, Clone)]
pub struct EntryFile {
    /// The visit.
    pub entry: Entry,
    /// Its notes.
    pub notes: Notes,
    /// The hash of the notes.
    pub hash: TextHash,
    /// Later remarks, oldest first.
    pub addenda: Vec<ShownAddendum>,
    /// How the caller looks at it.
    pub layout: Layout,
}

/// A later remark on a signed visit (E5).
#[derive(Debug, Clone)]
pub struct ShownAddendum {
    /// The identifier.
    pub id: AddendumId,
    /// What was remarked.
    pub text: Sensitive<Remark>,
    /// Who, by their username at that time.
    pub author: Username,
    /// When.
    pub at: Timestamp,
}

impl Records {
    /// Opens a visit.
    ///
    /// # Errors
    /// See [`EntryError`].
    pub async fn entry(
        &self,
        by: &Clinician,
        patient: PatientId,
        entry: EntryId,
    ) -> Result<EntryFile, EntryError> {
        self.store
            .clinic(by)
            .read(|view| {
                let inside = view.inside(patient)?;
                let file = self.file(&*inside, patient, entry)?;
                let event = Event::new(Action::EntryViewed)
                    .target(Target::Entry(entry))
                    .patient(patient);
                Ok(Audited::new(file, event))
            })
            .await
    }

    /// A visit as it is in a snapshot.
    fn file(
        &self,
        inside: &(dyn InsideRead + '_),
        patient: PatientId,
        id: EntryId,
    ) -> Result<EntryFile, EntryError> {
        let entry = inside.entry(id)?.ok_or_else(|| no_entry(id, patient))?;
        let notes = self.notes_of(inside, &entry)?;
        let addenda = inside.addenda(id)?;
        let addenda = addenda
            .into_iter()
            .map(|sealed| self.addendum(patient, id, sealed));
        Ok(EntryFile {
            entry,
            hash: TextHash::of(notes.as_str()),
            notes,
            addenda: addenda.collect::<Result<_, _>>()?,
            layout: inside.entry_layout(id)?.unwrap_or_default(),
        })
    }

    fn addendum(
        &self,
        patient: PatientId,
        entry: EntryId,
        sealed: SealedAddendum,
    ) -> Result<ShownAddendum, EntryError> {
        let SealedAddendum { addendum, content } = sealed;
        let text = self
            .opener(patient)?
            .text(&Place::Addendum(entry, addendum.id), &content)?;
        let text = Text::stored(&text).map_err(|_| SealError::Damaged)?;
        Ok(ShownAddendum {
            id: addendum.id,
            text: Sensitive::new(text),
            author: addendum.author,
            at: addendum.at,
        })
    }
}
