//! Marks of destroyed keys: 48 bytes that only this installation can write, so that a file written by anybody else
//! destroys nothing.

use std::io;
use std::path::{Path, PathBuf};

use cutis_domain::{PatientId, Timestamp};

use super::Vault;
use crate::cipher;
use crate::{VaultError, durable};

/// Begins a mark; the last byte is the version of its form.
const MAGIC: &[u8; 8] = b"cutisdm\x01";
/// Magic, time in microseconds (most significant byte first), HMAC-SHA256.
const LENGTH: usize = 48;

/// What a mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// This installation destroyed the key at this time.
    Ours(Timestamp),
    /// Something else wrote it, or it was damaged.
    Refused,
}

/// What [`Vault::finish_destructions`] did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Destructions {
    /// Patients whose key still lay beside its authentic mark and is gone now.
    pub completed: Vec<PatientId>,
    /// Patients with a mark that this installation did not write; their keys are as they were.
    pub refused: Vec<PatientId>,
}

impl Vault {
    /// Destroys a patient's key permanently: what it sealed can never be opened again, and the patient gets no new key.
    /// Harmless to repeat, which also completes a destruction that was interrupted by a crash. The caller records the
    /// event.
    ///
    /// # Errors
    /// [`VaultError::MarkRefused`] when there is a mark of somebody else; nothing is destroyed then.
    /// [`VaultError::Io`]. Once this was begun the key is refused, even if an error is returned; call
    /// again until it succeeds.
    pub fn destroy_patient_key(&self, patient: PatientId, at: Timestamp) -> Result<(), VaultError> {
        let path = self.mark_path(patient);
        let folder = path.parent().unwrap_or(&self.dir);
        durable::create_dir(folder).map_err(VaultError::io("make the folder", folder))?;
        durable::create_new(&path, &self.mark_bytes(patient, at), durable::PRIVATE_FILE)
            .map_err(VaultError::io("mark the key as destroyed", &path))?;
        if self.mark(patient)? == Some(Mark::Refused) {
            return Err(VaultError::MarkRefused { patient, path });
        }
        self.cache.destroyed(patient);
        self.shred(patient)?;
        Ok(())
    }

    /// Completes destructions that were interrupted by a crash, and destroys again what was copied back: keys beside
    /// their own authentic mark. A mark that is not authentic destroys nothing.
    ///
    /// # Errors
    /// [`VaultError::Io`].
    pub fn finish_destructions(&self) -> Result<Destructions, VaultError> {
        let mut done = Destructions::default();
        for (patient, mark) in self.marks()? {
            match mark {
                Mark::Ours(_) if self.shred(patient)? => done.completed.push(patient),
                Mark::Ours(_) => {}
                Mark::Refused => done.refused.push(patient),
            }
        }
        Ok(done)
    }

    /// Every mark there is.
    ///
    /// # Errors
    /// [`VaultError::Io`].
    pub fn marks(&self) -> Result<Vec<(PatientId, Mark)>, VaultError> {
        self.files("destroyed")?
            .into_iter()
            .filter_map(|(patient, _)| {
                let mark = self.mark(patient).transpose()?;
                Some(mark.map(|mark| (patient, mark)))
            })
            .collect()
    }

    /// The mark of a patient's key, if there is one.
    ///
    /// # Errors
    /// [`VaultError::Io`].
    pub fn mark(&self, patient: PatientId) -> Result<Option<Mark>, VaultError> {
        let path = self.mark_path(patient);
        Ok(read(&path)?.map(|bytes| self.judge(patient, &bytes)))
    }

    pub(super) fn refuse_destroyed(&self, patient: PatientId) -> Result<(), VaultError> {
        match self.mark(patient)? {
            None => Ok(()),
            Some(Mark::Ours(_)) => Err(VaultError::Destroyed(patient)),
            Some(Mark::Refused) => Err(VaultError::MarkRefused {
                patient,
                path: self.mark_path(patient),
            }),
        }
    }

    pub(super) fn mark_path(&self, patient: PatientId) -> PathBuf {
        self.path(patient, "destroyed")
    }

    pub(super) fn mark_bytes(&self, patient: PatientId, at: Timestamp) -> Vec<u8> {
        let time = at.as_micros().to_be_bytes();
        let code = cipher::mac(self.marks.expose(), &[&content(patient, time)]);
        [MAGIC.as_slice(), &time, code.as_slice()].concat()
    }

    fn judge(&self, patient: PatientId, bytes: &[u8]) -> Mark {
        let parts = bytes
            .strip_prefix(MAGIC)
            .and_then(|rest| rest.split_first_chunk::<8>());
        match parts {
            Some((time, code)) if cipher::is_mac(self.marks.expose(), &content(patient, *time), code) => {
                Mark::Ours(Timestamp::from_micros(i64::from_be_bytes(*time)))
            }
            _ => Mark::Refused,
        }
    }
}

/// What a mark's code is over.
fn content(patient: PatientId, time: [u8; 8]) -> Vec<u8> {
    cipher::framed(&[MAGIC, patient.as_bytes(), &time])
}

/// A mark's bytes; at most one more than a mark has is read.
fn read(path: &Path) -> Result<Option<Vec<u8>>, VaultError> {
    use std::io::Read as _;

    let file = match durable::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(VaultError::io("read the mark", path)(error)),
    };
    let mut bytes = Vec::with_capacity(LENGTH);
    file.take(u64::try_from(LENGTH).unwrap_or(u64::MAX).saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(VaultError::io("read the mark", path))?;
    Ok(Some(bytes))
}
