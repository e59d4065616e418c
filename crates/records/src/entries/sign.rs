//! Signing a visit, and what is remarked later (E5).

use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_domain::entry::{Addendum, Entry, Field, Remark, Signed, Versions};
use cutis_domain::{AddendumId, Clinician, EntryId, PatientId, Sensitive};
use cutis_storage::PatientUnit;
use cutis_storage::port::SealedAddendum;

use super::change::Shown;
use super::clash::clash;
use super::error::number;
use super::sealed::{Opener, Place, notes_in};
use super::{EntryError, ShownAddendum, author_of, no_entry};
use crate::{RecordError, Records};

impl Records {
    /// Signs a visit as the signer has read it, which freezes all that belongs to it (E5): time, title and notes, photos,
    /// comparisons and tags.
    ///
    /// # Errors
    /// See [`EntryError`]; [`RecordError::Signed`] when it was signed before, `Clash` when a field has another version
    /// than `seen`.
    pub async fn sign_entry(
        &self,
        by: &Clinician,
        patient: PatientId,
        entry: EntryId,
        seen: Versions,
    ) -> Result<Signed, EntryError> {
        let signed = Signed {
            by: author_of(by).ok_or(RecordError::no_patient(patient))?,
            at: self.clock.now(),
        };
        let opener = self.sealer(by, patient).await?.opener;
        self.store
            .clinic(by)
            .write(move |unit| {
                let mut inside = unit.inside(patient)?;
                let found = inside.entry(entry)?.ok_or_else(|| no_entry(entry, patient))?;
                let open = inside.open_entry(entry)?;
                must_be_as_seen(&inside, &found, seen, &opener)?;
                if !inside.sign_entry(open, &signed)? {
                    return Err(RecordError::Signed { patient, entry }.into());
                }
                let event = Event::new(Action::EntrySigned)
                    .target(Target::Entry(entry))
                    .patient(patient)
                    .detail(number(Field::AppointmentAt.code(), found.versions.appointment_at))
                    .detail(number(Field::Title.code(), found.versions.title))
                    .detail(number(Field::Notes.code(), found.versions.notes));
                Ok(Audited::new(signed, event))
            })
            .await
    }

    /// Adds a remark to a signed visit (E5).
    ///
    /// # Errors
    /// See [`EntryError`]; `NotSigned` when the visit can still be changed itself.
    pub async fn add_addendum(
        &self,
        by: &Clinician,
        patient: PatientId,
        entry: EntryId,
        text: Sensitive<Remark>,
    ) -> Result<ShownAddendum, EntryError> {
        let id: AddendumId = self.ids.make();
        let sealer = self.sealer(by, patient).await?;
        let remark = SealedAddendum {
            content: sealer.seal(&Place::Addendum(entry, id), text.reveal().as_str().as_bytes())?,
            addendum: Addendum {
                id,
                author: author_of(by).ok_or(RecordError::no_patient(patient))?,
                at: self.clock.now(),
            },
        };
        self.store
            .clinic(by)
            .write(move |unit| {
                let mut inside = unit.inside(patient)?;
                let found = inside.entry(entry)?.ok_or_else(|| no_entry(entry, patient))?;
                if found.signed.is_none() {
                    return Err(EntryError::NotSigned(patient, entry));
                }
                inside.insert_addendum(entry, &remark)?;
                let event = Event::new(Action::EntryAddendumAdded)
                    .target(Target::Entry(entry))
                    .patient(patient)
                    .detail(Detail::id("addendum", id));
                let shown = ShownAddendum {
                    id,
                    text,
                    author: remark.addendum.author,
                    at: remark.addendum.at,
                };
                Ok(Audited::new(shown, event))
            })
            .await
    }
}

/// Refuses a signature to what the signer has not read: the first field that has another version.
fn must_be_as_seen(
    inside: &PatientUnit<'_, '_>,
    found: &Entry,
    seen: Versions,
    opener: &Opener,
) -> Result<(), EntryError> {
    for field in Field::ALL {
        let (current, seen) = (found.versions.of(*field), seen.of(*field));
        if seen > current {
            return Err(EntryError::BaseAhead(*field));
        }
        if seen < current {
            let theirs = match field {
                Field::AppointmentAt => Shown::AppointmentAt(found.appointment_at),
                Field::Title => Shown::Title(found.title.clone()),
                Field::Notes => Shown::Notes(notes_in(opener, &**inside, found)?),
            };
            return Err(clash(&**inside, found, theirs)?);
        }
    }
    Ok(())
}
