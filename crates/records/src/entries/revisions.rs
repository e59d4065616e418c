//! What the notes of a visit were, and who made them so (E1).

use cutis_audit::{Action, Audited, Event, Target};
use cutis_domain::entry::{Entry, Field, Notes};
use cutis_domain::page::{Limit, Page};
use cutis_domain::{Clinician, EntryId, FieldError, Invalid, PatientId};
use cutis_storage::InsideRead;
use cutis_storage::port::{KeptNotes, RevisionHead};
use cutis_vault::SealError;

use super::change::{Change, FieldEdit, Shown};
use super::error::number;
use super::{Edited, EntryError, EntryField, no_entry};
use crate::Records;

/// A page of changes of the notes, newest first; where the next one starts is a version.
pub type Revisions = Page<RevisionHead, u64>;

/// The notes as they were.
#[derive(Debug, Clone)]
pub struct RevisionText {
    /// Who made them so, and when.
    pub head: RevisionHead,
    /// The notes.
    pub notes: Notes,
}

impl Records {
    /// Who changed the notes of a visit, and when.
    ///
    /// # Errors
    /// See [`EntryError`].
    pub async fn entry_revisions(
        &self,
        by: &Clinician,
        patient: PatientId,
        entry: EntryId,
        before: Option<u64>,
        limit: Limit,
    ) -> Result<Revisions, EntryError> {
        self.store
            .clinic(by)
            .read(|view| {
                let inside = view.inside(patient)?;
                if inside.entry(entry)?.is_none() {
                    return Err(no_entry(entry, patient).into());
                }
                let heads = inside.revisions(entry, Field::Notes, before, limit)?;
                let page = Page::from_one_more(heads, limit, |last| last.version);
                Ok(Audited::new(page, looked_back(patient, entry)))
            })
            .await
    }

    /// The notes of a visit as they were in a version.
    ///
    /// # Errors
    /// See [`EntryError`]; `Invalid` when there is no such version.
    pub async fn entry_revision(
        &self,
        by: &Clinician,
        patient: PatientId,
        entry: EntryId,
        version: u64,
    ) -> Result<RevisionText, EntryError> {
        self.store
            .clinic(by)
            .read(|view| {
                let inside = view.inside(patient)?;
                let found = inside.entry(entry)?.ok_or_else(|| no_entry(entry, patient))?;
                let text = self.text_at(&*inside, &found, version)?;
                let event = looked_back(patient, entry).detail(number("version", version));
                Ok(Audited::new(text, event))
            })
            .await
    }

    /// Makes the notes of a visit again what they were in a version, on top of those that it has.
    ///
    /// # Errors
    /// As [`Records::entry_revision`]; `Clash` when the notes were changed since `base`.
    pub async fn restore_entry_revision(
        &self,
        by: &Clinician,
        patient: PatientId,
        entry: EntryId,
        version: u64,
        base: u64,
    ) -> Result<Edited, EntryError> {
        let RevisionText { notes, .. } = self.entry_revision(by, patient, entry, version).await?;
        let edit = FieldEdit {
            base,
            change: Change::Set(Shown::Notes(notes)),
            restored: Some(version),
        };
        self.edit_entry(by, patient, entry, edit, None).await
    }

    fn text_at(
        &self,
        inside: &(dyn InsideRead + '_),
        entry: &Entry,
        version: u64,
    ) -> Result<RevisionText, EntryError> {
        if version > entry.versions.notes {
            let invalid = Invalid::new("absent", "Choose a version that these notes have had.");
            return Err(EntryError::Invalid(vec![FieldError::new(
                EntryField::Revision,
                invalid,
            )]));
        }
        let changes = inside.revisions_to(entry.id, Field::Notes, version)?;
        let Some(last) = changes.last() else {
            // Added without notes, or before they were sealed, and not changed since.
            let notes = match inside.notes(entry.id)? {
                Some(KeptNotes::Plain(notes)) => notes.into_inner(),
                Some(KeptNotes::Sealed(_)) | None => Notes::default(),
            };
            let head = RevisionHead {
                version: 0,
                bytes: u64::try_from(notes.as_str().len()).unwrap_or(u64::MAX),
                author: entry.author.clone(),
                agent: None,
                at: entry.recorded_at,
                restored: None,
            };
            return Ok(RevisionText { head, notes });
        };
        let text = self
            .opener(entry.patient)?
            .value(entry.id, Field::Notes, &changes)?;
        Ok(RevisionText {
            head: last.head.clone(),
            notes: Notes::parse(&text).map_err(|_| SealError::Damaged)?,
        })
    }
}

fn looked_back(patient: PatientId, entry: EntryId) -> Event {
    Event::new(Action::EntryRevisionsViewed)
        .target(Target::Entry(entry))
        .patient(patient)
}
