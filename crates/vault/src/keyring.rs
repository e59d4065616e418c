//! The vault: one file for each patient's key, wrapped under a key derived from the installation's,
//! beside and never inside the database; and secrets that the database keeps sealed.
//!
//! Files are `patients/<2 hex>/<patient>.key`; the two digits are the end of the patient's id,
//! because the beginning is a time. A destroyed key leaves `<patient>.destroyed`, written first and
//! authenticated ([`marks`]), so that neither a crash half-way nor a copied-back key file brings it
//! back, and that nobody else can have a key destroyed. A key that no patient seems to need is moved to the quarantine
//! ([`shelf`]), where it is still found.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cutis_domain::entropy::{self, Entropy, Purpose};
use cutis_domain::secret::Secret;
use cutis_domain::{AccountId, PatientId};
use ring::aead::NONCE_LEN;
use zeroize::Zeroizing;

use crate::cache::Cache;
use crate::cipher::{self, KEY_LEN, KeyBytes, TAG_LEN};
use crate::installation::{InstallationKey, KeyPurpose};
use crate::patient_key::PatientKey;
use crate::{VaultError, durable};

mod marks;
mod shelf;

pub use marks::{Destructions, Mark};
pub use shelf::{KeyTwins, StoredKey};

/// Begins a wrapped key; the last byte is the version of its form.
const WRAPPED: &[u8; 8] = b"cutispk\x01";
const WRAPPED_LEN: usize = WRAPPED.len() + NONCE_LEN + KEY_LEN + TAG_LEN;
/// Begins a sealed secret: the version of its form.
const SECRET_VERSION: u8 = 1;
const CHECK_FILE: &str = "installation.check";
const CHECK_PURPOSE: &str = "vault check";

/// The keys of an installation. Share it behind an [`Arc`].
pub struct Vault {
    dir: PathBuf,
    key: InstallationKey,
    wrapping: Secret<[u8; KEY_LEN]>,
    secrets: Secret<[u8; KEY_LEN]>,
    marks: Secret<[u8; KEY_LEN]>,
    entropy: Arc<dyn Entropy>,
    cache: Cache,
    /// Where keys are kept that no patient seemed to need.
    quarantine: Option<PathBuf>,
}

/// The database's statement that nothing was ever sealed for a patient, needed before their first key may be created.
/// If anything was sealed, a missing key is a loss, and a new one would hide it.
#[derive(Debug)]
pub struct NothingSealed(PatientId);

impl NothingSealed {
    /// Asserts that the database has nothing of this patient that was sealed under their key.
    pub const fn assertion(patient: PatientId) -> Self {
        Self(patient)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("dir", &self.dir)
            .finish_non_exhaustive()
    }
}

impl Vault {
    /// Opens the vault in a folder, which is made (0700) if it is missing. Destroys nothing: what a
    /// crash left of destructions is completed by [`Self::finish_destructions`].
    ///
    /// # Errors
    /// [`VaultError::WrongKey`] when the folder's keys belong to another installation key;
    /// [`VaultError::Io`].
    pub fn open(dir: &Path, key: InstallationKey, entropy: Arc<dyn Entropy>) -> Result<Self, VaultError> {
        let patients = dir.join("patients");
        durable::create_dir(dir).map_err(VaultError::io("make the folder", dir))?;
        durable::create_dir(&patients).map_err(VaultError::io("make the folder", &patients))?;
        let vault = Self::over(dir, key, entropy);
        if !vault.knows_installation_key()? {
            vault.write_check()?;
        }
        Ok(vault)
    }

    /// The same, read-only: creates and changes nothing on the disk.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_unchanged(
        dir: &Path,
        key: InstallationKey,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, VaultError> {
        let vault = Self::over(dir, key, entropy);
        vault.knows_installation_key()?;
        Ok(vault)
    }

    fn over(dir: &Path, key: InstallationKey, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            dir: dir.to_path_buf(),
            wrapping: key.derive(KeyPurpose::PatientKeyWrapping),
            secrets: key.derive(KeyPurpose::SecretSealing),
            marks: key.derive(KeyPurpose::DestructionMarks),
            key,
            entropy,
            cache: Cache::default(),
            quarantine: None,
        }
    }

    /// The same, looking for keys also in this folder, which need not exist.
    #[must_use]
    pub fn with_quarantine(mut self, folder: PathBuf) -> Self {
        self.quarantine = Some(folder);
        self
    }

    /// A key derived from the installation's, as [`InstallationKey::derive`].
    pub fn derive(&self, purpose: KeyPurpose) -> Secret<[u8; KEY_LEN]> {
        self.key.derive(purpose)
    }

    /// A key for what an account's browsers keep until it is sent (I4): the same whenever the account signs in, and nobody
    /// else's. The browser mixes it with chance of its own, so it opens nothing by itself.
    pub fn device_key(&self, account: AccountId) -> Secret<[u8; KEY_LEN]> {
        let queues = self.key.derive(KeyPurpose::DeviceQueues);
        Secret::new(*cipher::derive(
            queues.expose(),
            b"cutis device queue v1",
            &[account.as_bytes()],
        ))
    }

    /// A patient's key, from memory or from one small file, which may be in the quarantine.
    ///
    /// # Errors
    /// [`VaultError::Unknown`], [`VaultError::Destroyed`], [`VaultError::MarkRefused`],
    /// [`VaultError::PatientKeyDamaged`], [`VaultError::Io`].
    pub fn patient_key(&self, patient: PatientId) -> Result<Arc<PatientKey>, VaultError> {
        let epoch = match self.cache.get(patient) {
            Ok(key) => return Ok(key),
            Err(epoch) => epoch,
        };
        let wrapped = self.wrapped(patient);
        // After reading: a destruction marks first, so whatever it did to the file just read shows.
        self.refuse_destroyed(patient)?;
        let wrapped = wrapped?.ok_or(VaultError::Unknown(patient))?;
        let bytes = match self.unwrap(patient, &wrapped) {
            Ok(bytes) => bytes,
            // Something else may lie in its place, and the key itself in the quarantine.
            Err(error) => self.quarantined_key(patient)?.ok_or(error)?,
        };
        let key = Arc::new(PatientKey::from_bytes(&bytes));
        self.cache.put(patient, &key, epoch);
        Ok(key)
    }

    /// A patient's key, created durably if there is none; the caller must know from the database that nothing was
    /// sealed yet. Concurrent callers get the same key.
    ///
    /// # Errors
    /// [`VaultError::Destroyed`]: a destroyed patient gets no second key.
    /// [`VaultError::MarkRefused`], [`VaultError::PatientKeyDamaged`], [`VaultError::Io`].
    pub fn ensure_patient_key(
        &self,
        NothingSealed(patient): NothingSealed,
    ) -> Result<Arc<PatientKey>, VaultError> {
        match self.patient_key(patient) {
            Err(VaultError::Unknown(_)) => {}
            found => return found,
        }
        let bytes: KeyBytes = Zeroizing::new(entropy::bytes(self.entropy.as_ref(), Purpose::Secret));
        let path = self.key_path(patient);
        let folder = path.parent().unwrap_or(&self.dir);
        durable::create_dir(folder).map_err(VaultError::io("make the folder", folder))?;
        durable::create_new(&path, &self.wrap(patient, &bytes)?, durable::PRIVATE_FILE)
            .map_err(VaultError::io("write the patient's key", &path))?;
        // Read it back: another caller may have been first, and then that caller's key counts. If a
        // destruction came between, this finds its mark, and the file written above must go again.
        self.patient_key(patient).inspect_err(|error| {
            if matches!(error, VaultError::Destroyed(_)) {
                drop(durable::shred(&path));
            }
        })
    }

    /// Seals a secret for keeping in the database: AES-256-GCM under a key of its `purpose`, with a
    /// random nonce, bound to its `context` (whose secret it is), so that swapping two records'
    /// secrets is found (C11). Adds 29 bytes.
    ///
    /// # Errors
    /// [`VaultError::Cipher`] above 64 GiB.
    pub fn seal_secret(&self, purpose: &str, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        let nonce: [u8; NONCE_LEN] = entropy::bytes(self.entropy.as_ref(), Purpose::Secret);
        let mut sealed = Vec::with_capacity(1 + NONCE_LEN + plain.len() + TAG_LEN);
        sealed.push(SECRET_VERSION);
        sealed.extend_from_slice(&nonce);
        let key = cipher::cipher(&self.secret_key(purpose))?;
        cipher::seal_onto(&key, nonce, &secret_aad(context), plain, &mut sealed)?;
        Ok(sealed)
    }

    /// Opens what [`Self::seal_secret`] sealed for the same purpose and context.
    ///
    /// # Errors
    /// [`VaultError::SecretDamaged`].
    pub fn open_secret(
        &self,
        purpose: &str,
        context: &[u8],
        sealed: &[u8],
    ) -> Result<Secret<Vec<u8>>, VaultError> {
        let damaged = || VaultError::SecretDamaged {
            purpose: purpose.to_owned(),
        };
        let (version, rest) = sealed.split_first().ok_or_else(damaged)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>().ok_or_else(damaged)?;
        if *version != SECRET_VERSION {
            return Err(damaged());
        }
        let key = cipher::cipher(&self.secret_key(purpose))?;
        let mut body = Zeroizing::new(body.to_vec());
        let length =
            cipher::open_within(&key, *nonce, &secret_aad(context), &mut body, 0).ok_or_else(damaged)?;
        Ok(Secret::new(body.get(..length).unwrap_or_default().to_vec()))
    }

    fn secret_key(&self, purpose: &str) -> KeyBytes {
        cipher::derive(
            self.secrets.expose(),
            b"cutis sealed secret v1",
            &[purpose.as_bytes()],
        )
    }

    fn wrap(&self, patient: PatientId, key: &KeyBytes) -> Result<Vec<u8>, VaultError> {
        let nonce: [u8; NONCE_LEN] = entropy::bytes(self.entropy.as_ref(), Purpose::Secret);
        let mut wrapped = Vec::with_capacity(WRAPPED_LEN);
        wrapped.extend_from_slice(WRAPPED);
        wrapped.extend_from_slice(&nonce);
        let cipher = cipher::cipher(&Zeroizing::new(*self.wrapping.expose()))?;
        cipher::seal_onto(
            &cipher,
            nonce,
            &wrapping_aad(patient),
            key.as_slice(),
            &mut wrapped,
        )?;
        Ok(wrapped)
    }

    fn unwrap(&self, patient: PatientId, wrapped: &[u8]) -> Result<KeyBytes, VaultError> {
        let damaged = || VaultError::PatientKeyDamaged(patient);
        let rest = wrapped.strip_prefix(WRAPPED).ok_or_else(damaged)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>().ok_or_else(damaged)?;
        let mut body = Zeroizing::new(body.to_vec());
        let cipher = cipher::cipher(&Zeroizing::new(*self.wrapping.expose()))?;
        let length =
            cipher::open_within(&cipher, *nonce, &wrapping_aad(patient), &mut body, 0).ok_or_else(damaged)?;
        let mut key = Zeroizing::new([0; KEY_LEN]);
        if length != key.len() {
            return Err(damaged());
        }
        for (to, from) in key.iter_mut().zip(body.iter()) {
            *to = *from;
        }
        Ok(key)
    }

    /// A sealed constant distinguishes a wrong installation key from damaged patients' keys. If it is missing or
    /// damaged, any patient's key serves as well; in an empty vault every key is right. Returns whether the constant
    /// exists.
    fn knows_installation_key(&self) -> Result<bool, VaultError> {
        let path = self.dir.join(CHECK_FILE);
        let known = match durable::read(&path) {
            Ok(sealed) if self.open_secret(CHECK_PURPOSE, b"", &sealed).is_ok() => return Ok(true),
            Ok(_) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => {
                return Err(VaultError::io("read the check of the installation key", &path)(
                    error,
                ));
            }
        };
        let fits = match self.files("key")?.first() {
            Some((patient, key)) => {
                let wrapped = durable::read(key).map_err(VaultError::io("read the patient's key", key))?;
                self.unwrap(*patient, &wrapped).is_ok()
            }
            None => !known,
        };
        if fits {
            Ok(false)
        } else {
            Err(VaultError::WrongKey {
                path: self.dir.clone(),
            })
        }
    }

    fn write_check(&self) -> Result<(), VaultError> {
        let path = self.dir.join(CHECK_FILE);
        let sealed = self.seal_secret(CHECK_PURPOSE, b"", b"")?;
        durable::write(&path, &sealed, durable::PRIVATE_FILE)
            .map_err(VaultError::io("write the check of the installation key", &path))
    }

    fn key_path(&self, patient: PatientId) -> PathBuf {
        self.path(patient, "key")
    }

    fn path(&self, patient: PatientId, kind: &str) -> PathBuf {
        shelf::place(&self.dir.join("patients"), patient, kind)
    }
}

fn wrapping_aad(patient: PatientId) -> Vec<u8> {
    cipher::framed(&[WRAPPED, patient.as_bytes()])
}

fn secret_aad(context: &[u8]) -> Vec<u8> {
    cipher::framed(&[&[SECRET_VERSION], context])
}

#[cfg(test)]
mod tests;
