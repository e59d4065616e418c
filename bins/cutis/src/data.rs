//! The data directory, which holds everything of a practice and nothing else.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use cutis_storage_sqlite::Neighbours;
use cutis_vault::durable;

/// Files that show that a folder holds a practice.
const DECISIVE: [&str; 3] = ["cutis.db", "trail.head", "keys/installation.key"];
/// What an interrupted start may have left.
const OURS: [&str; 10] = [
    "blobs",
    "checkpoints",
    "cutis.db-common",
    "keys",
    "quarantine",
    "recovery.pending",
    "reserve",
    "serve.lock",
    "staging",
    "tls",
];

/// The data directory.
#[derive(Debug, Clone)]
pub struct DataDir(PathBuf);

impl DataDir {
    /// Uses the directory for a practice. A new or an empty one is fine, and so is one that holds a practice; one that
    /// holds anything else is left alone.
    ///
    /// # Errors
    /// When it cannot be created or read, or holds something else.
    pub fn create(path: &Path) -> anyhow::Result<Self> {
        refuse_foreign(path)?;
        durable::create_dir(path)
            .with_context(|| format!("the folder {} cannot be created", path.display()))?;
        Ok(Self(path.to_path_buf()))
    }

    /// Opens a directory that must hold a practice, or what is left of one.
    ///
    /// # Errors
    /// When it does not.
    pub fn existing(path: &Path) -> anyhow::Result<Self> {
        let data = Self(path.to_path_buf());
        if !data.holds_data() {
            bail!(
                "{} holds no practice; create one with: cutis serve --data {}",
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

    /// Files that seem to belong to nothing, kept until a person deletes them.
    pub fn quarantine(&self) -> PathBuf {
        self.0.join("quarantine")
    }

    /// Sealed images that no row names.
    pub fn quarantined_blobs(&self) -> PathBuf {
        self.quarantine().join("blobs")
    }

    /// Keys that no patient needs.
    pub fn quarantined_keys(&self) -> PathBuf {
        self.quarantine().join("keys")
    }

    /// Files that have arrived in part, sealed.
    pub fn staging(&self) -> PathBuf {
        self.0.join("staging")
    }

    /// Certificates.
    pub fn tls(&self) -> PathBuf {
        self.0.join("tls")
    }

    /// The trail's end, outside the database.
    pub fn trail_head(&self) -> PathBuf {
        self.0.join("trail.head")
    }

    /// Signed statements about the trail.
    pub fn checkpoints(&self) -> PathBuf {
        self.0.join("checkpoints")
    }

    /// Says that a recovery was started.
    pub fn pending_recovery(&self) -> PathBuf {
        self.0.join("recovery.pending")
    }

    /// Space kept in reserve for when the disk is full.
    pub fn reserve(&self) -> PathBuf {
        self.0.join("reserve")
    }

    /// Whether a practice is here already, or what is left of one.
    pub fn holds_data(&self) -> bool {
        self.database().exists()
            || self.blobs().exists()
            || self.trail_head().exists()
            || self.installation_key().exists()
    }

    fn lock_path(&self) -> PathBuf {
        self.0.join("serve.lock")
    }

    /// The folder itself, to be locked: unlike a file in it, it cannot be removed while it holds a practice.
    #[cfg(unix)]
    fn folder(&self) -> Option<File> {
        File::open(&self.0).ok()
    }

    /// On other systems a folder cannot be opened, and an open file cannot be removed.
    #[cfg(not(unix))]
    fn folder(&self) -> Option<File> {
        None
    }

    /// Keeps servers from starting while the folder is read, without creating a file; says whether one is already
    /// running. Released when the returned value is dropped.
    ///
    /// # Errors
    /// When the lock cannot be asked for.
    pub fn look(&self) -> anyhow::Result<(Option<Lock>, Neighbours)> {
        let path = self.lock_path();
        let lock_file = match durable::open(&path) {
            Ok(file) => Some(file),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(error).with_context(|| format!("{} cannot be opened", path.display())),
        };
        let mut held = Lock::default();
        for file in [self.folder(), lock_file] {
            let Some(file) = file else { continue };
            match file.try_lock_shared() {
                Ok(()) => held.0.push(file),
                Err(TryLockError::WouldBlock) => return Ok((None, Neighbours::Server)),
                // File systems that lock no folders lock files.
                Err(TryLockError::Error(_)) if file.metadata().is_ok_and(|about| about.is_dir()) => {}
                Err(TryLockError::Error(error)) => {
                    return Err(error).context("the data folder cannot be read");
                }
            }
        }
        Ok((Some(held), Neighbours::None))
    }

    /// Whether another program may have the database open, for reading it. Creates no file.
    pub fn neighbours(&self) -> Neighbours {
        match self.look() {
            Ok((_, neighbours)) => neighbours,
            Err(_) => Neighbours::Server,
        }
    }

    /// Locks the directory for one server; released when the lock is dropped or the process dies.
    ///
    /// # Errors
    /// When another server has it.
    pub fn lock(&self) -> anyhow::Result<Lock> {
        let mut held = Lock::default();
        if let Some(folder) = self.folder() {
            match folder.try_lock() {
                Ok(()) => held.0.push(folder),
                Err(TryLockError::WouldBlock) => return Err(self.taken()),
                // File systems that lock no folders lock files.
                Err(TryLockError::Error(error)) => {
                    tracing::debug!(%error, "the folder itself cannot be locked");
                }
            }
        }
        // Earlier versions know this file only. Whoever removes it after it was opened had no lock.
        loop {
            let path = self.lock_path();
            let file = durable::open_with(File::options().create(true).truncate(false).write(true), &path)
                .with_context(|| format!("{} cannot be created", path.display()))?;
            match file.try_lock() {
                Ok(()) if is_at(&file, &path) => {
                    held.0.push(file);
                    return Ok(held);
                }
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(self.taken()),
                Err(TryLockError::Error(error)) => {
                    return Err(error).context("the data folder cannot be locked");
                }
            }
        }
    }

    fn taken(&self) -> anyhow::Error {
        anyhow::anyhow!(
            "another cutis is already serving {}; stop it first",
            self.0.display()
        )
    }
}

/// Keeps other servers out of a data folder until it is dropped or the process dies.
#[derive(Debug, Default)]
#[must_use]
pub struct Lock(Vec<File>);

/// Whether the open file is still the one at this path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let id = |about: std::fs::Metadata| (about.dev(), about.ino());
    match (file.metadata(), path.metadata()) {
        (Ok(open), Ok(named)) => id(open) == id(named),
        _ => false,
    }
}

#[cfg(not(unix))]
const fn is_at(_: &File, _: &Path) -> bool {
    true
}

/// Whether a folder called `keys` holds only what a start of ours leaves if it is interrupted before the installation's
/// key exists. Other programs use that name too.
fn may_be_our_keys(path: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(path) else {
        return false;
    };
    entries.filter_map(Result::ok).all(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name == "patients" || name.starts_with("installation") || name.starts_with('.')
    })
}

/// Refuses a folder that is not empty and does not hold a practice.
fn refuse_foreign(path: &Path) -> anyhow::Result<()> {
    if DECISIVE.iter().any(|name| path.join(name).exists()) {
        return Ok(());
    }
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
    };
    let mut others = Vec::new();
    for entry in entries {
        let entry = entry.with_context(|| format!("{} cannot be read", path.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // What a new disk holds is nobody's.
        let ours = OURS.contains(&name.as_str()) && (name != "keys" || may_be_our_keys(&entry.path()));
        if name != "lost+found" && !ours {
            others.push(name);
        }
    }
    if others.is_empty() {
        return Ok(());
    }
    others.sort();
    let shown: Vec<&str> = others.iter().take(3).map(String::as_str).collect();
    let more = if others.len() > shown.len() { ", ..." } else { "" };
    bail!(
        "{} holds other files ({}{more}) and no practice; nothing in it was changed. Choose a new or an empty folder, \
         such as {}",
        path.display(),
        shown.join(", "),
        path.join("cutis").display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 6, point 20: a folder called `keys` makes nobody's folder a practice's.
    #[test]
    fn keys_of_others_are_not_ours() {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = folder.path().join("keys");
        std::fs::create_dir(&keys).expect("made");
        DataDir::create(folder.path()).expect("an interrupted start leaves an empty one");
        durable::write(&keys.join("id_ed25519"), b"mine", 0o600).expect("written");
        let said = DataDir::create(folder.path()).expect_err("refused").to_string();
        assert!(said.contains("keys"), "{said}");
    }

    /// Issue 6, point 20: a folder of somebody else keeps its files, its permissions and its times.
    #[cfg(unix)]
    #[test]
    fn a_folder_of_others_is_not_touched() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().expect("a folder");
        let home = folder.path().join("home");
        std::fs::create_dir(&home).expect("made");
        durable::write(&home.join("letter.txt"), b"mine", 0o644).expect("written");
        std::fs::set_permissions(&home, std::fs::Permissions::from_mode(0o755)).expect("set");
        let before = std::fs::metadata(&home).expect("there");
        let said = DataDir::create(&home).expect_err("refused").to_string();
        assert!(
            said.contains("letter.txt") && said.contains("home/cutis"),
            "{said}"
        );
        let after = std::fs::metadata(&home).expect("there");
        assert_eq!(
            (after.permissions().mode(), after.modified().expect("a time")),
            (before.permissions().mode(), before.modified().expect("a time"))
        );
        assert_eq!(std::fs::read_dir(&home).expect("readable").count(), 1);
    }

    /// New, empty, begun and used folders are taken, and a new disk is an empty folder.
    #[test]
    fn a_folder_of_ours_is_taken() {
        let folder = tempfile::tempdir().expect("a folder");
        DataDir::create(&folder.path().join("new/deep")).expect("made");
        let disk = folder.path().join("disk");
        std::fs::create_dir_all(disk.join("lost+found")).expect("made");
        DataDir::create(&disk).expect("an empty disk");
        let begun = folder.path().join("begun");
        std::fs::create_dir_all(begun.join("keys")).expect("made");
        durable::write(&begun.join("serve.lock"), b"", 0o644).expect("written");
        DataDir::create(&begun).expect("a start that was interrupted");
        let used = folder.path().join("used");
        std::fs::create_dir_all(&used).expect("made");
        durable::write(&used.join("cutis.db"), b"", 0o644).expect("written");
        durable::write(&used.join("notes.txt"), b"", 0o644).expect("written");
        DataDir::create(&used).expect("an administrator's notes do not matter");
    }
}
