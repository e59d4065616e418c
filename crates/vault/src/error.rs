//! What can go wrong with keys, in words that say what to do next.

use std::io;
use std::path::{Path, PathBuf};

use cutis_domain::PatientId;

use crate::recovery::error::RecoveryError;

/// Why a key could not be obtained.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// There is data, but the key that opens it is missing. A new key could never open it.
    #[error(
        "the installation key {} is missing, but this installation holds data that only it can open; restore the file \
         from a copy or from the recovery text", .path.display()
    )]
    Missing {
        /// Where the key was looked for.
        path: PathBuf,
    },
    /// A key is already where a new one was to be written.
    #[error(
        "{} already holds an installation key and is not overwritten; \
         move it away first if you mean to replace it", .path.display()
    )]
    AlreadyThere {
        /// The file that is in the way.
        path: PathBuf,
    },
    /// Other accounts of the host can read the key.
    #[error(
        "the installation key {} can be read by other accounts of this host (mode {mode:03o}); \
         run: chmod 600 {}", .path.display(), .path.display()
    )]
    Exposed {
        /// The key's file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file is not an installation key, or is no longer a whole one.
    #[error(
        "the installation key {} is damaged ({why}); restore the file from a copy or from the recovery text", .path.display()
    )]
    KeyDamaged {
        /// The key's file.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The installation key is intact, but belongs to another installation.
    #[error(
        "the keys in {} belong to another installation key; \
         restore the installation key that was in use when they were made", .path.display()
    )]
    WrongKey {
        /// The vault's folder.
        path: PathBuf,
    },
    /// The recovery text could not be read.
    #[error("the recovery text cannot be used")]
    Recovery(#[from] RecoveryError),
    /// This patient never had a key here.
    #[error("patient {0} has no key in this installation")]
    Unknown(PatientId),
    /// This patient's key was destroyed; what it sealed can never be opened again.
    #[error("the key of patient {0} was destroyed, so that nothing of this patient can be shown again")]
    Destroyed(PatientId),
    /// This patient's key is missing although the database has data that was sealed under it. A new key could never
    /// open that.
    #[error(
        "the key of patient {0} is missing, but photos or signatures were sealed with it; restore its file from the \
         newest copy of the folder keys. Until then nothing of this patient can be shown or added"
    )]
    Lost(PatientId),
    /// A mark says that this patient's key was destroyed, and this installation did not write it.
    #[error(
        "{} says that the key of patient {patient} was destroyed, but this installation did not write that; \
         the key was left as it is. Find out who wrote the file, then remove it", .path.display()
    )]
    MarkRefused {
        /// Whose key.
        patient: PatientId,
        /// The mark.
        path: PathBuf,
    },
    /// The file of this patient's key fails its check.
    #[error("the key of patient {0} is damaged; restore its file from the newest copy of the key set")]
    PatientKeyDamaged(PatientId),
    /// A sealed secret was changed, or belongs to another record or purpose.
    #[error("a sealed secret for {purpose} is damaged or belongs to another record")]
    SecretDamaged {
        /// What the secret is for.
        purpose: String,
    },
    /// More than the cipher can take in one message (64 GiB), or the cipher is unavailable.
    #[error("the cipher refused its input")]
    Cipher,
    /// The disk or the operating system refused.
    #[error("cannot {doing} {}", .path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
}

impl VaultError {
    /// The same error when the database is known to have data that was sealed for the patient: then an unknown key is a
    /// lost one.
    #[must_use]
    pub fn with_sealed_things(self) -> Self {
        if let Self::Unknown(patient) = self {
            Self::Lost(patient)
        } else {
            self
        }
    }

    /// Turns an operating system's error into one that names the file and the operation.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            doing,
            path: path.to_path_buf(),
            source,
        }
    }
}
