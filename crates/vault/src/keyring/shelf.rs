//! Where key files are: each patient's in the vault, and in the quarantine those that no patient in the database seemed
//! to need. A quarantined key can still be used; it is kept until a person deletes it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use cutis_domain::{PatientId, Timestamp};

use super::Vault;
use crate::cipher::KeyBytes;
use crate::{VaultError, durable};

/// A key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredKey {
    /// Whose.
    pub patient: PatientId,
    /// When it was written, by the file system's clock.
    pub modified: Timestamp,
}

/// Which of a patient's two key files holds the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyTwins {
    /// The one in its place.
    InPlace,
    /// Only the one in the quarantine.
    Aside,
    /// Both have one, and they differ: no file tells which one sealed the data.
    Both,
    /// None.
    Neither,
}

impl Vault {
    /// Every patient's key in the vault, whether it can be opened or not.
    ///
    /// # Errors
    /// [`VaultError::Io`].
    pub fn stored_keys(&self) -> Result<Vec<StoredKey>, VaultError> {
        self.files("key")?.iter().map(stored).collect()
    }

    /// Every patient's key in the quarantine.
    ///
    /// # Errors
    /// [`VaultError::Io`].
    pub fn quarantined_keys(&self) -> Result<Vec<StoredKey>, VaultError> {
        self.quarantined()?.iter().map(stored).collect()
    }

    /// Whether a patient has a key in the vault or in the quarantine, or one that was destroyed on purpose. Opens
    /// nothing.
    ///
    /// # Errors
    /// [`VaultError::Io`].
    pub fn has_key(&self, patient: PatientId) -> Result<bool, VaultError> {
        let there = |path: &Path| path.try_exists().map_err(VaultError::io("look for", path));
        if there(&self.key_path(patient))? || there(&self.mark_path(patient))? {
            return Ok(true);
        }
        match &self.quarantine {
            Some(folder) => there(&place(folder, patient, "key")),
            None => Ok(false),
        }
    }

    /// Moves a patient's key to the quarantine, durably, after noting there when and what; `false` when there
    /// is none, or no quarantine.
    ///
    /// # Errors
    /// [`VaultError::Io`].
    pub fn quarantine_key(&self, patient: PatientId, at: Timestamp) -> Result<bool, VaultError> {
        let Some(folder) = &self.quarantine else {
            return Ok(false);
        };
        durable::create_dir(folder).map_err(VaultError::io("make the folder", folder))?;
        let note = folder.join("record.txt");
        durable::append_line(&note, &format!("{at} {patient}.key"))
            .map_err(VaultError::io("note what is moved in", &note))?;
        let moved = relocate(&self.key_path(patient), &place(folder, patient, "key"))?;
        self.cache.destroyed(patient);
        Ok(moved)
    }

    /// Moves a patient's key back from the quarantine, durably; `false` when there is none.
    ///
    /// # Errors
    /// [`VaultError::Io`].
    pub fn return_key(&self, patient: PatientId) -> Result<bool, VaultError> {
        let Some(folder) = &self.quarantine else {
            return Ok(false);
        };
        relocate(&place(folder, patient, "key"), &self.key_path(patient))
    }

    /// Compares the two key files of a patient, of which one lies in the vault and one in the quarantine.
    ///
    /// # Errors
    /// [`VaultError::Io`].
    pub fn compare_keys(&self, patient: PatientId) -> Result<KeyTwins, VaultError> {
        let here = self.opened(patient, &self.key_path(patient))?;
        Ok(match (here, self.quarantined_key(patient)?) {
            (Some(here), Some(aside)) if *here != *aside => KeyTwins::Both,
            (Some(_), _) => KeyTwins::InPlace,
            (None, Some(_)) => KeyTwins::Aside,
            (None, None) => KeyTwins::Neither,
        })
    }

    /// Puts a patient's quarantined key into its place; what was there is kept in the quarantine under another name.
    /// `false` when there is nothing to exchange.
    ///
    /// # Errors
    /// [`VaultError::Io`]. A crash between the two moves leaves the place empty, and the key is read from the
    /// quarantine.
    pub fn exchange_key(&self, patient: PatientId, at: Timestamp) -> Result<bool, VaultError> {
        let Some(folder) = &self.quarantine else {
            return Ok(false);
        };
        let (here, aside) = (self.key_path(patient), place(folder, patient, "key"));
        if !aside.exists() {
            return Ok(false);
        }
        let kept = (1..=9999_u32)
            .map(|number| aside.with_extension(format!("replaced-{number}")))
            .find(|kept| !kept.exists());
        let Some(kept) = kept else { return Ok(false) };
        let note = folder.join("record.txt");
        let name = kept
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let line = format!("{at} {patient}.key was in the place of the key that opens; kept as {name}");
        durable::append_line(&note, &line).map_err(VaultError::io("note what is moved in", &note))?;
        let exchanged = relocate(&here, &kept)? && relocate(&aside, &here)?;
        self.cache.destroyed(patient);
        Ok(exchanged)
    }

    /// Destroys a quarantined key permanently; `false` if there is none.
    ///
    /// # Errors
    /// [`VaultError::Io`].
    pub fn discard_quarantined_key(&self, patient: PatientId) -> Result<bool, VaultError> {
        let Some(folder) = &self.quarantine else {
            return Ok(false);
        };
        let path = place(folder, patient, "key");
        durable::shred(&path).map_err(VaultError::io("destroy the patient's key", &path))
    }

    /// The wrapped key of a patient, wherever it is.
    pub(super) fn wrapped(&self, patient: PatientId) -> Result<Option<Vec<u8>>, VaultError> {
        let read = |path: &Path| match durable::read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(VaultError::io("read the patient's key", path)(error)),
        };
        let path = self.key_path(patient);
        let Some(folder) = &self.quarantine else {
            return read(&path);
        };
        // And once more, because a key may be moved back between the two looks.
        for path in [&path, &place(folder, patient, "key"), &path] {
            if let Some(bytes) = read(path)? {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }

    /// The key in the quarantine, if there is one that opens.
    pub(super) fn quarantined_key(&self, patient: PatientId) -> Result<Option<KeyBytes>, VaultError> {
        self.quarantine.as_ref().map_or(Ok(None), |folder| {
            self.opened(patient, &place(folder, patient, "key"))
        })
    }

    /// The key in a file, if there is one that opens.
    fn opened(&self, patient: PatientId, path: &Path) -> Result<Option<KeyBytes>, VaultError> {
        match durable::read(path) {
            Ok(bytes) => Ok(self.unwrap(patient, &bytes).ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(VaultError::io("read the patient's key", path)(error)),
        }
    }

    /// Destroys every copy of a patient's key; returns whether there was one.
    pub(super) fn shred(&self, patient: PatientId) -> Result<bool, VaultError> {
        let quarantined = self
            .quarantine
            .as_ref()
            .map(|folder| place(folder, patient, "key"));
        let mut found = false;
        for path in quarantined.into_iter().chain([self.key_path(patient)]) {
            found |= durable::shred(&path).map_err(VaultError::io("destroy the patient's key", &path))?;
        }
        Ok(found)
    }

    /// All files of a kind, with their patients.
    pub(super) fn files(&self, kind: &str) -> Result<Vec<(PatientId, PathBuf)>, VaultError> {
        files(&self.dir.join("patients"), kind)
    }

    fn quarantined(&self) -> Result<Vec<(PatientId, PathBuf)>, VaultError> {
        self.quarantine
            .as_ref()
            .map_or(Ok(Vec::new()), |folder| files(folder, "key"))
    }
}

/// Where a patient's file lies under a folder.
pub(super) fn place(folder: &Path, patient: PatientId, kind: &str) -> PathBuf {
    let [.., last] = patient.as_bytes();
    folder
        .join(format!("{last:02x}"))
        .join(format!("{patient}.{kind}"))
}

fn files(folder: &Path, kind: &str) -> Result<Vec<(PatientId, PathBuf)>, VaultError> {
    let mut found = Vec::new();
    for inner in list(folder)? {
        if !inner.is_dir() {
            continue;
        }
        for path in list(&inner)? {
            let stem = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
            if let Some(patient) = stem.filter(|_| path.extension().is_some_and(|end| end == kind)) {
                found.push((patient, path));
            }
        }
    }
    Ok(found)
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, VaultError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(VaultError::io("list the folder", folder)(error)),
    };
    entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()
        .map_err(VaultError::io("list the folder", folder))
}

fn stored((patient, path): &(PatientId, PathBuf)) -> Result<StoredKey, VaultError> {
    let looked = fs::metadata(path).and_then(|metadata| metadata.modified());
    let modified = looked.map_err(VaultError::io("look at the patient's key", path))?;
    let since = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(StoredKey {
        patient: *patient,
        modified: Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX)),
    })
}

/// Moves a key file, unless there is one in the target's place; then both stay.
fn relocate(from: &Path, to: &Path) -> Result<bool, VaultError> {
    durable::relocate(from, to).map_err(VaultError::io("move the patient's key", from))
}
