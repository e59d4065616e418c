//! The installation key: 32 random bytes in one file, and every other key of the installation
//! derived from it, so that a printed recovery text brings all of them back.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use cutis_domain::entropy::{self, Entropy, Purpose};
use cutis_domain::secret::Secret;
use zeroize::Zeroizing;

use crate::cipher::{self, KEY_LEN, KeyBytes};
use crate::{VaultError, durable, key_file};

/// What a derived key is for. A key for one purpose says nothing about a key for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyPurpose {
    /// Authenticates what the audit trail keeps outside the database.
    TrailMac,
    /// Seed of the pair that signs checkpoints of the audit trail.
    TrailSigning,
    /// Keyed pre-hash of passwords, so that a stolen database alone cannot be guessed at.
    PasswordPepper,
    /// Secrets kept in the database: see [`crate::Vault::seal_secret`].
    SecretSealing,
    /// Wraps the patients' keys.
    PatientKeyWrapping,
    /// Digests of session cookies and tokens as the database keeps them.
    SessionTokens,
    /// Authenticates the marks of destroyed patients' keys.
    DestructionMarks,
    /// Names the installation where its key must not show, such as in a checkpoint's first line.
    InstallationId,
    /// Derives what an account's browsers seal with what waits to be sent.
    DeviceQueues,
}

impl KeyPurpose {
    /// Part of the derivation, so it must never change: changing one would make old data unreadable.
    const fn label(self) -> &'static [u8] {
        match self {
            Self::TrailMac => b"trail mac",
            Self::TrailSigning => b"trail signing",
            Self::PasswordPepper => b"password pepper",
            Self::SecretSealing => b"secret sealing",
            Self::PatientKeyWrapping => b"patient key wrapping",
            Self::SessionTokens => b"session tokens",
            Self::DestructionMarks => b"destruction marks",
            Self::InstallationId => b"installation id",
            Self::DeviceQueues => b"device queues",
        }
    }
}

/// Whether an installation already holds anything that a new key could not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    /// A first start: there is no database and no image yet.
    Absent,
    /// There is something, so a missing key is a loss and not a first start.
    Present,
}

/// The key of the installation. Erased from memory on drop.
#[derive(Clone)]
pub struct InstallationKey(Secret<[u8; KEY_LEN]>);

impl fmt::Debug for InstallationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InstallationKey([secret])")
    }
}

impl InstallationKey {
    pub(crate) fn from_bytes(bytes: &KeyBytes) -> Self {
        Self(Secret::new(**bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_LEN] {
        self.0.expose()
    }

    /// Makes a new key and writes it, durably, to `path`, readable by its owner only (0600). The
    /// folder is made if it is missing.
    ///
    /// # Errors
    /// [`VaultError::AlreadyThere`] when the file exists; [`VaultError::Io`].
    pub fn create(path: &Path, entropy: &dyn Entropy) -> Result<Self, VaultError> {
        let bytes = Zeroizing::new(entropy::bytes(entropy, Purpose::Secret));
        let key = Self::from_bytes(&bytes);
        key.store(path)?;
        Ok(key)
    }

    /// Writes this key, durably, to `path`, which must not exist; this is how a key is restored from a recovery text.
    ///
    /// # Errors
    /// [`VaultError::AlreadyThere`] when the file exists; [`VaultError::Io`].
    pub fn store(&self, path: &Path) -> Result<(), VaultError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            durable::create_dir(folder).map_err(VaultError::io("make the folder", folder))?;
        }
        let text = key_file::write(self.bytes());
        let written = durable::create_new(path, text.as_bytes(), durable::PRIVATE_FILE)
            .map_err(VaultError::io("write the installation key", path))?;
        if written {
            Ok(())
        } else {
            Err(VaultError::AlreadyThere {
                path: path.to_path_buf(),
            })
        }
    }

    /// Reads the key at `path`.
    ///
    /// # Errors
    /// [`VaultError::Missing`]; [`VaultError::Exposed`] when others than the owner may read or write
    /// it; [`VaultError::KeyDamaged`] when its length or checksum is wrong; [`VaultError::Io`].
    pub fn load(path: &Path) -> Result<Self, VaultError> {
        let file = durable::open(path).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                VaultError::Missing {
                    path: path.to_path_buf(),
                }
            } else {
                VaultError::io("open the installation key", path)(error)
            }
        })?;
        check_mode(&file, path)?;
        let mut text = Zeroizing::new(Vec::with_capacity(key_file::LENGTH + 1));
        // One byte more than the right length is enough to see that a file is too long.
        file.take(u64::try_from(key_file::LENGTH + 1).unwrap_or(u64::MAX))
            .read_to_end(&mut text)
            .map_err(VaultError::io("read the installation key", path))?;
        key_file::read(&text)
            .map(|bytes| Self::from_bytes(&bytes))
            .map_err(|why| VaultError::KeyDamaged {
                path: path.to_path_buf(),
                why,
            })
    }

    /// Reads the key at `path`, or creates it if there is none and `data` is [`Data::Absent`]. The flag says whether it
    /// was created, which is the moment to show the recovery text.
    ///
    /// # Errors
    /// [`VaultError::Missing`] when there is data but no key; else those of [`Self::load`] and
    /// [`Self::create`].
    pub fn load_or_create(
        path: &Path,
        data: Data,
        entropy: &dyn Entropy,
    ) -> Result<(Self, bool), VaultError> {
        match (Self::load(path), data) {
            (Err(VaultError::Missing { .. }), Data::Absent) => {
                Self::create(path, entropy).map(|key| (key, true))
            }
            (loaded, _) => loaded.map(|key| (key, false)),
        }
    }

    /// The key for one purpose: HKDF-SHA256 of this key.
    pub fn derive(&self, purpose: KeyPurpose) -> Secret<[u8; KEY_LEN]> {
        Secret::new(*cipher::derive(
            self.bytes(),
            b"cutis installation key v1",
            &[purpose.label()],
        ))
    }
}

#[cfg(unix)]
fn check_mode(file: &File, path: &Path) -> Result<(), VaultError> {
    use std::os::unix::fs::PermissionsExt;

    let metadata = file
        .metadata()
        .map_err(VaultError::io("look at the installation key", path))?;
    let mode = metadata.permissions().mode() & 0o777;
    let others = mode & 0o077;
    if others == 0 {
        Ok(())
    } else {
        Err(VaultError::Exposed {
            path: path.to_path_buf(),
            mode,
        })
    }
}

#[cfg(not(unix))]
fn check_mode(_file: &File, _path: &Path) -> Result<(), VaultError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use data_encoding::HEXLOWER;

    use super::*;
    use crate::testing::Counted;

    fn place() -> (tempfile::TempDir, std::path::PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys/installation.key");
        (dir, path)
    }

    #[test]
    fn a_key_is_the_same_after_a_restart() {
        let (_dir, path) = place();
        let (made, created) =
            InstallationKey::load_or_create(&path, Data::Absent, &Counted::default()).unwrap();
        assert!(created);
        let (loaded, created) =
            InstallationKey::load_or_create(&path, Data::Present, &Counted::from(9)).unwrap();
        assert!(!created);
        assert_eq!(made.bytes(), loaded.bytes());
    }

    #[test]
    fn no_new_key_is_made_over_existing_data() {
        let (_dir, path) = place();
        let refused = InstallationKey::load_or_create(&path, Data::Present, &Counted::default()).unwrap_err();
        assert!(matches!(refused, VaultError::Missing { .. }));
        assert!(refused.to_string().contains("recovery text"), "{refused}");
        assert!(!path.exists());
    }

    #[test]
    fn a_key_is_never_overwritten() {
        let (_dir, path) = place();
        let key = InstallationKey::create(&path, &Counted::default()).unwrap();
        let refused = InstallationKey::create(&path, &Counted::from(1)).unwrap_err();
        assert!(matches!(refused, VaultError::AlreadyThere { .. }));
        assert_eq!(InstallationKey::load(&path).unwrap().bytes(), key.bytes());
    }

    #[cfg(unix)]
    #[test]
    fn a_key_others_can_read_is_refused_with_the_command_that_helps() {
        use std::os::unix::fs::PermissionsExt;

        let (_dir, path) = place();
        InstallationKey::create(&path, &Counted::default()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        for mode in [0o640, 0o604, 0o620, 0o602, 0o644, 0o777] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let refused = InstallationKey::load(&path).unwrap_err();
            assert!(
                matches!(refused, VaultError::Exposed { .. }),
                "{mode:o}: {refused:?}"
            );
            assert!(refused.to_string().contains("chmod 600"), "{refused}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        InstallationKey::load(&path).unwrap();
    }

    #[test]
    fn a_damaged_key_file_is_refused() {
        let (_dir, path) = place();
        let key = InstallationKey::create(&path, &Counted::default()).unwrap();
        let sound = fs::read(&path).unwrap();
        let mut flipped = sound.clone();
        flipped[40] ^= 1;
        let longer = [&sound[..], b"\n"].concat();
        for bytes in [
            &flipped,
            &longer,
            &sound[..sound.len() - 1],
            b"",
            &vec![b'x'; 1 << 20],
        ] {
            durable::write(&path, bytes, durable::PRIVATE_FILE).unwrap();
            let refused = InstallationKey::load(&path).unwrap_err();
            assert!(matches!(refused, VaultError::KeyDamaged { .. }), "{refused:?}");
            assert!(refused.to_string().contains("recovery text"), "{refused}");
        }
        durable::write(&path, &sound, durable::PRIVATE_FILE).unwrap();
        assert_eq!(InstallationKey::load(&path).unwrap().bytes(), key.bytes());
    }

    /// G11: a key does not leak by printing, nor by an error about it.
    #[test]
    fn printing_shows_nothing() {
        let (_dir, path) = place();
        let key = InstallationKey::create(&path, &Counted::default()).unwrap();
        let refused = InstallationKey::create(&path, &Counted::default()).unwrap_err();
        let printed = format!(
            "{key:?} {:?} {refused:?} {refused}",
            key.derive(KeyPurpose::TrailMac)
        );
        assert!(
            !printed.contains(&HEXLOWER.encode(&key.bytes()[..4])),
            "{printed}"
        );
    }

    /// The derivation must never change: another value here would make every existing installation unreadable.
    #[test]
    fn derived_keys_are_what_they_always_were() {
        let key = InstallationKey::from_bytes(&Zeroizing::new([7; 32]));
        let derived = [
            KeyPurpose::TrailMac,
            KeyPurpose::TrailSigning,
            KeyPurpose::PasswordPepper,
            KeyPurpose::SecretSealing,
            KeyPurpose::PatientKeyWrapping,
            KeyPurpose::SessionTokens,
            KeyPurpose::DestructionMarks,
            KeyPurpose::InstallationId,
            KeyPurpose::DeviceQueues,
        ]
        .map(|purpose| HEXLOWER.encode(&key.derive(purpose).expose()[..8]));
        assert_eq!(
            derived,
            [
                "2e4291a9a40aabd7",
                "fbd95f5794a11b6f",
                "66e90e8125ec80ac",
                "51cf9463013eba8b",
                "ad6b66bf90ad113b",
                "1c6b3275f29240db",
                "c6c28dd5cf1d85e7",
                "4ba5140cd82d0c5c",
                "55d7b6cde7237359"
            ]
        );
    }
}
