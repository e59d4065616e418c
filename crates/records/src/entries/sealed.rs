//! Notes, their revisions and addenda, sealed under the patient's key.

use std::sync::Arc;

use cutis_domain::entry::{Entry, Field, Notes};
use cutis_domain::{AddendumId, Clinician, Digest, Entropy, EntryId, PatientId};
use cutis_live::splice;

use cutis_storage::port::{EntriesRead, KeptNotes, Revision};
use cutis_vault::{PatientKey, SealError, VaultError, seal};

use super::EntryError;
use crate::Records;

/// What is sealed, and for which place: in another place it does not open.
pub(super) enum Place {
    /// The notes as they are.
    Notes(EntryId),
    /// What a change made of a field.
    Revision(EntryId, Field, u64),
    /// A later remark.
    Addendum(EntryId, AddendumId),
}

impl Place {
    fn context(&self) -> Vec<u8> {
        match self {
            Self::Notes(entry) => [b"entry notes ".as_slice(), entry.as_bytes()].concat(),
            Self::Revision(entry, field, version) => [
                b"entry revision ".as_slice(),
                entry.as_bytes(),
                &version.to_be_bytes(),
                field.code().as_bytes(),
            ]
            .concat(),
            Self::Addendum(entry, addendum) => [
                b"entry addendum ".as_slice(),
                entry.as_bytes(),
                addendum.as_bytes(),
            ]
            .concat(),
        }
    }
}

/// Opens what is sealed for one patient.
#[derive(Clone)]
pub(super) struct Opener(Arc<PatientKey>);

impl Opener {
    pub(super) fn text(&self, place: &Place, sealed: &[u8]) -> Result<String, EntryError> {
        let bytes = seal::open(&self.0, &place.context(), sealed)?;
        String::from_utf8(bytes).map_err(|_| SealError::Damaged.into())
    }

    fn splices(&self, place: &Place, sealed: &[u8]) -> Result<Vec<cutis_live::Splice>, EntryError> {
        let bytes = seal::open(&self.0, &place.context(), sealed)?;
        splice::from_bytes(&bytes).ok_or_else(|| SealError::Damaged.into())
    }

    /// A digest of what an edit says, which without the key says nothing about it.
    pub(super) fn body(&self, said: &[u8]) -> [u8; 32] {
        self.0.name("entry edit", &sha256(said))
    }

    /// The value of a field as its changes up to a version made it; empty if there were none.
    pub(super) fn value(
        &self,
        entry: EntryId,
        field: Field,
        changes: &[Revision],
    ) -> Result<String, EntryError> {
        let mut value = String::new();
        for change in changes {
            let place = Place::Revision(entry, field, change.head.version);
            value = if change.in_full {
                self.text(&place, &change.content)?
            } else {
                let splices = self.splices(&place, &change.content)?;
                cutis_live::apply(&value, &splices, Notes::MOST).map_err(|_| SealError::Damaged)?
            };
        }
        Ok(value)
    }
}

/// Seals for one patient, and opens.
#[derive(Clone)]
pub(super) struct Sealer {
    pub(super) opener: Opener,
    entropy: Arc<dyn Entropy>,
}

impl Sealer {
    pub(super) fn seal(&self, place: &Place, plain: &[u8]) -> Result<Vec<u8>, EntryError> {
        let Opener(key) = &self.opener;
        Ok(seal::seal(key, &place.context(), plain, self.entropy.as_ref())?)
    }
}

impl Records {
    /// What seals for this patient, who must be the caller's. A key is made only for a patient who exists.
    pub(super) async fn sealer(&self, by: &Clinician, patient: PatientId) -> Result<Sealer, EntryError> {
        let known = self.vault.patient_key(patient);
        let key = if let Ok(key) = known {
            key
        } else {
            self.must_have(by, patient).await?;
            match self.sealing_key::<EntryError>(patient).await {
                Ok(key) => key,
                Err(error) => {
                    if let EntryError::Vault(VaultError::Lost(patient)) = &error {
                        self.store
                            .record(by.caller(), vec![crate::key_missing(*patient)])
                            .await?;
                    }
                    return Err(error);
                }
            }
        };
        Ok(Sealer {
            opener: Opener(key),
            entropy: Arc::clone(&self.entropy),
        })
    }

    /// What opens for this patient.
    pub(super) fn opener(&self, patient: PatientId) -> Result<Opener, EntryError> {
        Ok(Opener(self.vault.patient_key(patient)?))
    }

    /// The notes of an entry that was found.
    pub(super) fn notes_of(
        &self,
        inside: &(dyn EntriesRead + '_),
        entry: &Entry,
    ) -> Result<Notes, EntryError> {
        // No key is needed for what is not sealed, and a patient without any has none.
        match inside.notes(entry.id)? {
            Some(KeptNotes::Sealed(sealed)) => opened(&self.opener(entry.patient)?, entry.id, &sealed),
            kept => unsealed(kept, entry),
        }
    }
}

/// The notes of an entry.
pub(super) fn notes_in(
    opener: &Opener,
    inside: &(dyn EntriesRead + '_),
    entry: &Entry,
) -> Result<Notes, EntryError> {
    match inside.notes(entry.id)? {
        Some(KeptNotes::Sealed(sealed)) => opened(opener, entry.id, &sealed),
        kept => unsealed(kept, entry),
    }
}

fn opened(opener: &Opener, entry: EntryId, sealed: &[u8]) -> Result<Notes, EntryError> {
    let text = opener.text(&Place::Notes(entry), sealed)?;
    Notes::parse(&text).map_err(|_| SealError::Damaged.into())
}

/// Notes from before they were sealed. Those that were changed and are not there are damaged, not empty.
fn unsealed(kept: Option<KeptNotes>, entry: &Entry) -> Result<Notes, EntryError> {
    match kept {
        Some(KeptNotes::Plain(notes)) => Ok(notes.into_inner()),
        None if entry.versions.notes == 0 => Ok(Notes::default()),
        None | Some(KeptNotes::Sealed(_)) => Err(SealError::Damaged.into()),
    }
}

fn sha256(bytes: &[u8]) -> Digest {
    use sha2::Digest as _;
    Digest::from_bytes(sha2::Sha256::digest(bytes).into())
}
