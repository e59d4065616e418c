//! The data directory: where everything of a practice lies, and nothing else does.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use cutis_vault::durable;

/// The data directory.
#[derive(Debug, Clone)]
pub struct DataDir(PathBuf);

impl DataDir {
    /// Opens the directory, making it (0700) if it is missing.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(path: &Path) -> anyhow::Result<Self> {
        durable::create_dir(path).with_context(|| format!("the folder {} cannot be made", path.display()))?;
        Ok(Self(path.to_path_buf()))
    }

    /// Opens a directory that must hold a practice.
    ///
    /// # Errors
    /// When it does not.
    pub fn existing(path: &Path) -> anyhow::Result<Self> {
        let data = Self(path.to_path_buf());
        if !data.database().is_file() {
            bail!(
                "{} holds no practice; start one with: cutis serve --data {}",
                path.display(),
                path.display()
            );
        }
        Ok(data)
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.0.join("cutis.db")
    }

    /// Sealed images.
    pub fn blobs(&self) -> PathBuf {
        self.0.join("blobs")
    }

    /// The installation's key and the patients'.
    pub fn keys(&self) -> PathBuf {
        self.0.join("keys")
    }

    /// The installation's key.
    pub fn installation_key(&self) -> PathBuf {
        self.keys().join("installation.key")
    }

    /// Certificates.
    pub fn tls(&self) -> PathBuf {
        self.0.join("tls")
    }

    /// The trail's end, outside the database.
    pub fn trail_head(&self) -> PathBuf {
        self.0.join("trail.head")
    }

    /// Whether a practice lies here already.
    pub fn holds_data(&self) -> bool {
        self.database().exists() || self.blobs().exists()
    }

    /// Takes the directory for one server; released when the file is dropped or the process dies.
    ///
    /// # Errors
    /// When another server has it.
    pub fn lock(&self) -> anyhow::Result<File> {
        let path = self.0.join("serve.lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("{} cannot be made", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => {
                bail!("another cutis already serves {}; stop it first", self.0.display())
            }
            Err(TryLockError::Error(error)) => Err(error).context("the data folder cannot be locked"),
        }
    }
}
