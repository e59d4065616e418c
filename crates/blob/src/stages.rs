//! Files that have arrived in part: their bytes so far, sealed and durable, until they are whole or a day has passed
//! (I4).
//!
//! ```text
//! <owner>/<patient>/<upload key>-<index>/about              created ‖ length (8 bytes each, big-endian) ‖ sealed: SHA-256 ‖ name
//! <owner>/<patient>/<upload key>-<index>/<offset in hex>    sealed: the bytes from that offset on
//! ```
//!
//! Everything is sealed under the patient's key, so destroying that key destroys this too. A piece is written aside,
//! synced and only then given its name: what has a name is whole, and the pieces that follow one another from zero are
//! what the server vouches for, after a kill as before it. Each has a salt of its own, so no two contents are ever
//! sealed alike, even if a sender sends other bytes after a crash. `about` goes first when a stage is discarded and
//! comes last when one is made: without it a folder is leftovers.

mod claim;
#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use cutis_domain::{AccountId, Digest, Entropy, PatientId, Timestamp, UploadKey};
use cutis_vault::durable::{self, PRIVATE_FILE};
use cutis_vault::{PatientKey, VaultError, seal};

use claim::Writers;
pub use claim::{Claim, Superseded};

use crate::BlobError;

const ABOUT: &str = "about";
const STAGING: &str = "keep a part of an upload";
const LOOKING: &str = "look for a part of an upload";
const DISCARDING: &str = "discard a part of an upload";

/// Whose upload it is, and which file of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The account that the patient belongs to.
    pub owner: AccountId,
    /// The patient.
    pub patient: PatientId,
    /// The client's identifier of the upload.
    pub key: UploadKey,
    /// The file's position in the upload.
    pub index: u16,
}

/// What was declared of a file before its first byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// When.
    pub created: Timestamp,
    /// Its bytes.
    pub length: u64,
    /// Their SHA-256.
    pub sha256: Digest,
    /// Its name, which is one line.
    pub name: String,
    /// What else its owner wants to know of it once it is whole; may be empty.
    pub note: String,
}

/// A stage as it can be seen without any key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub place: Place,
    /// When it was declared and how long the file will be; `None` for leftovers of an interrupted step.
    pub declared: Option<(Timestamp, u64)>,
}

/// The folder of stages. Clones are handles to the same.
#[derive(Debug, Clone)]
pub struct Stages {
    root: Arc<Path>,
    writers: Arc<Writers>,
}

impl Place {
    fn folder(&self, root: &Path) -> PathBuf {
        let Self {
            owner,
            patient,
            key,
            index,
        } = self;
        root.join(owner.to_string())
            .join(patient.to_string())
            .join(format!("{key}-{index}"))
    }

    /// What seals are bound to: a piece in another's place, or of another upload under the same name, does not open.
    fn context(&self, created: Timestamp, part: &str) -> Vec<u8> {
        let Self {
            owner,
            patient,
            key,
            index,
        } = self;
        let created = created.as_micros();
        format!("cutis stage 1\n{owner}\n{patient}\n{key}\n{index}\n{created}\n{part}").into_bytes()
    }
}

impl Stages {
    /// The folder, created if it is missing (0700). Folders in it that hold nothing are removed.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Unavailable`].
    pub fn folder(path: &Path) -> Result<Self, BlobError> {
        durable::create_dir(path).map_err(BlobError::io(STAGING))?;
        for owner in children(path).map_err(BlobError::io(LOOKING))? {
            for patient in children(&owner).map_err(BlobError::io(LOOKING))? {
                // Fails, as it should, for one that holds something.
                drop(fs::remove_dir(patient));
            }
            drop(fs::remove_dir(owner));
        }
        Ok(Self {
            root: path.into(),
            writers: Arc::default(),
        })
    }

    /// Becomes the only writer of a stage, which need not exist. A writer there is told that it is superseded, and this
    /// waits until it has kept what it received.
    pub async fn claim(&self, place: Place) -> Claim {
        self.writers.claim(place).await
    }

    /// The same, unless somebody is writing now.
    pub fn claim_idle(&self, place: Place) -> Option<Claim> {
        self.writers.claim_idle(place)
    }

    /// What was declared; `None` when there is no such stage, or none that opens.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`].
    pub async fn about(&self, place: Place, key: &Arc<PatientKey>) -> Result<Option<About>, BlobError> {
        let (folder, key) = (place.folder(&self.root), Arc::clone(key));
        apart(LOOKING, move || match durable::read(&folder.join(ABOUT)) {
            Ok(bytes) => Ok(read_about(place, &key, &bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    /// Makes a stage, durably, in the place of whatever is there.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Unavailable`].
    pub async fn create(
        &self,
        claim: &Claim,
        key: &Arc<PatientKey>,
        about: About,
        entropy: Arc<dyn Entropy>,
    ) -> Result<(), BlobError> {
        let place = claim.place();
        let (folder, key, held) = (place.folder(&self.root), Arc::clone(key), claim.held());
        apart(STAGING, move || {
            let _held = held;
            remove(&folder)?;
            durable::create_dir(&folder)?;
            let mut plain = about.sha256.as_bytes().to_vec();
            plain.extend_from_slice(about.name.as_bytes());
            if !about.note.is_empty() {
                plain.push(b'\n');
                plain.extend_from_slice(about.note.as_bytes());
            }
            let context = place.context(about.created, &format!("about {}", about.length));
            let sealed = seal::seal(&key, &context, &plain, entropy.as_ref()).map_err(sealing)?;
            let mut bytes = about.created.as_micros().to_be_bytes().to_vec();
            bytes.extend_from_slice(&about.length.to_be_bytes());
            bytes.extend_from_slice(&sealed);
            durable::write(&folder.join(ABOUT), &bytes, PRIVATE_FILE)
        })
        .await
    }

    /// How many bytes are here, from the first on without a gap.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`].
    pub async fn offset(&self, place: Place) -> Result<u64, BlobError> {
        let folder = place.folder(&self.root);
        let pieces = apart(LOOKING, move || pieces(&folder)).await?;
        Ok(pieces
            .last()
            .map_or(0, |(offset, length)| offset.saturating_add(*length)))
    }

    /// The pieces: where each begins and how long it is.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`].
    pub async fn pieces(&self, place: Place) -> Result<Vec<(u64, u64)>, BlobError> {
        let folder = place.folder(&self.root);
        apart(LOOKING, move || pieces(&folder)).await
    }

    /// Keeps the bytes from `offset` on. After `Ok` they are durable. Once begun it is completed, even if the future is
    /// dropped; until then the claim is held.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Unavailable`]; nothing was added then.
    pub async fn append(
        &self,
        claim: &Claim,
        key: &Arc<PatientKey>,
        created: Timestamp,
        (offset, plain): (u64, Bytes),
        entropy: Arc<dyn Entropy>,
    ) -> Result<(), BlobError> {
        let place = claim.place();
        let (folder, key, held) = (place.folder(&self.root), Arc::clone(key), claim.held());
        apart(STAGING, move || {
            let _held = held;
            let context = place.context(created, &format!("from {offset}"));
            let sealed = seal::seal(&key, &context, &plain, entropy.as_ref()).map_err(sealing)?;
            durable::write(&folder.join(piece_name(offset)), &sealed, PRIVATE_FILE)
        })
        .await
    }

    /// The bytes of one piece; `None` when they don't open.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`].
    pub async fn open(
        &self,
        place: Place,
        key: &Arc<PatientKey>,
        created: Timestamp,
        offset: u64,
    ) -> Result<Option<Bytes>, BlobError> {
        let (folder, key) = (place.folder(&self.root), Arc::clone(key));
        apart(LOOKING, move || {
            let sealed = durable::read(&folder.join(piece_name(offset)))?;
            let context = place.context(created, &format!("from {offset}"));
            Ok(seal::open(&key, &context, &sealed).ok().map(Bytes::from))
        })
        .await
    }

    /// Removes a stage; it need not exist.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`].
    pub async fn discard(&self, claim: &Claim) -> Result<(), BlobError> {
        let (folder, held) = (claim.place().folder(&self.root), claim.held());
        apart(DISCARDING, move || {
            let _held = held;
            remove(&folder)
        })
        .await
    }

    /// Every stage there is. Needs no key.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`].
    pub async fn list(&self) -> Result<Vec<Found>, BlobError> {
        let root = Arc::clone(&self.root);
        apart(LOOKING, move || list(&root)).await
    }
}

fn read_about(place: Place, key: &PatientKey, bytes: &[u8]) -> Option<About> {
    let (created, length, sealed) = read_front(bytes)?;
    let context = place.context(created, &format!("about {length}"));
    let plain = seal::open(key, &context, sealed).ok()?;
    let (sha256, text) = plain.split_first_chunk::<32>()?;
    let text = std::str::from_utf8(text).ok()?;
    // Stages of before there were notes have none.
    let (name, note) = text.split_once('\n').unwrap_or((text, ""));
    Some(About {
        created,
        length,
        sha256: Digest::from_bytes(*sha256),
        name: name.to_owned(),
        note: note.to_owned(),
    })
}

fn read_front(bytes: &[u8]) -> Option<(Timestamp, u64, &[u8])> {
    let (created, rest) = bytes.split_first_chunk::<8>()?;
    let (length, sealed) = rest.split_first_chunk::<8>()?;
    let created = Timestamp::from_micros(i64::from_be_bytes(*created));
    Some((created, u64::from_be_bytes(*length), sealed))
}

fn piece_name(offset: u64) -> String {
    format!("{offset:016x}")
}

/// The pieces that follow one another from zero on. What lies behind a gap cannot have been vouched for.
fn pieces(folder: &Path) -> io::Result<Vec<(u64, u64)>> {
    let mut found = Vec::new();
    for path in children(folder)? {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let Some(offset) = u64::from_str_radix(name, 16)
            .ok()
            .filter(|at| piece_name(*at) == name)
        else {
            continue;
        };
        if let Some(length) = seal::plain_len(fs::metadata(&path)?.len()) {
            found.push((offset, length));
        }
    }
    found.sort_unstable();
    let mut next = 0;
    let whole = found
        .iter()
        .take_while(|(offset, length)| {
            let follows = *offset == next;
            next = offset.saturating_add(*length);
            follows
        })
        .count();
    found.truncate(whole);
    Ok(found)
}

/// Removes a stage's folder: first what says that there is one.
fn remove(folder: &Path) -> io::Result<()> {
    let gone = |done: io::Result<()>| match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    };
    if !folder.is_dir() {
        return Ok(());
    }
    gone(fs::remove_file(folder.join(ABOUT)))?;
    durable::sync_dir(folder)?;
    gone(fs::remove_dir_all(folder))?;
    durable::sync_dir(folder.parent().unwrap_or(folder))
}

fn list(root: &Path) -> io::Result<Vec<Found>> {
    let mut found = Vec::new();
    for owner in children(root)? {
        for patient in children(&owner)? {
            for folder in children(&patient)? {
                let Some(place) = place_of(&folder) else { continue };
                let declared = match durable::read(&folder.join(ABOUT)) {
                    Ok(bytes) => read_front(&bytes).map(|(created, length, _)| (created, length)),
                    Err(_) => None,
                };
                found.push(Found { place, declared });
            }
        }
    }
    found.sort_unstable_by_key(|stage| stage.place);
    Ok(found)
}

/// Which stage a folder holds; `None` for anything that this program does not make.
fn place_of(folder: &Path) -> Option<Place> {
    let part = |path: &Path| Some(path.file_name()?.to_str()?.to_owned());
    let (key, index) = part(folder)?
        .rsplit_once('-')
        .map(|(key, index)| (key.to_owned(), index.to_owned()))?;
    let patient = folder.parent()?;
    let place = Place {
        owner: part(patient.parent()?)?.parse().ok()?,
        patient: part(patient)?.parse().ok()?,
        key: key.parse().ok()?,
        index: index.parse().ok()?,
    };
    (place.folder(patient.parent()?.parent()?) == folder).then_some(place)
}

/// What is in a folder; nothing if there is none.
fn children(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| entry.map(|entry| entry.path())).collect(),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(Vec::new())
        }
        Err(error) => Err(error),
    }
}

fn sealing(error: VaultError) -> io::Error {
    io::Error::other(error)
}

/// On a thread that may wait for the disk.
async fn apart<T: Send + 'static>(
    doing: &'static str,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, BlobError> {
    #[expect(
        clippy::disallowed_methods,
        reason = "as the store's own work on files; the callers bound how much there is at once"
    )]
    let running = tokio::task::spawn_blocking(work);
    match running.await {
        Ok(done) => done.map_err(BlobError::io(doing)),
        Err(error) => Err(BlobError::io(doing)(io::Error::other(error))),
    }
}
