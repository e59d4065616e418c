//! The store: put, contains, remove, list.
//!
//! A blob whose sync failed is like a commit whose sync failed: nobody knows what the disk holds, and a
//! second sync would say "done" without having done anything. So nothing more is stored after that, not even a put in
//! progress, until the program is started again.

use std::borrow::Cow;
use std::fmt;
use std::path::Path as FilePath;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use cutis_domain::{Digest, Entropy};
use cutis_vault::PatientKey;
use cutis_vault::durable::Kind;
use cutis_vault::seal::Sealer;
use futures_util::{Stream, StreamExt};
use object_store::memory::InMemory;
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::sync::RwLock;

use crate::folder::Folder;
use crate::listed::{Stored, listed};
use crate::opened::Reading;
use crate::ordinary::OrdinaryFiles;
use crate::quarantine::Quarantine;
use crate::{BlobError, BlobName, OpenBlob, PIECE};

const STORING: &str = "store a photo";
const LOOKING: &str = "look for a photo";

/// Which of an image's files a blob is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The original, byte for byte (I1).
    Original,
    /// Its renditions that are kept: thumbnail, medium and screen.
    Derived(Edition),
}

/// Which renditions of an image: they are made again when a person turns it. No two editions have the same name, so that
/// a new one can be stored durably beside the one that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edition {
    /// How often they were made again.
    pub number: u32,
    /// By how many quarters the image is turned.
    pub turns: u8,
}

impl Edition {
    /// That of the upload.
    pub const FIRST: Self = Self { number: 0, turns: 0 };
}

impl Part {
    /// Part of every name, so it must never change.
    fn label(self) -> Cow<'static, str> {
        match self {
            Self::Original => "original".into(),
            Self::Derived(Edition::FIRST) => "derived".into(),
            Self::Derived(Edition { number, turns }) => format!("derived/{number}/{turns}").into(),
        }
    }
}

/// A store of sealed blobs. Clones are handles to the same store.
#[derive(Clone)]
pub struct Blobs {
    pub(crate) store: Arc<dyn ObjectStore>,
    pub(crate) folder: Option<Arc<Folder>>,
    /// Read by each put, written by each removal of a sweep: so a blob that is being put again
    /// cannot be swept between the look at its age and its removal.
    pub(crate) sweeping: Arc<RwLock<()>>,
    pub(crate) quarantine: Option<Arc<Quarantine>>,
    /// Whether a sync failed.
    failed: Arc<AtomicBool>,
}

impl fmt::Debug for Blobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blobs({})", self.store)
    }
}

impl Blobs {
    /// A store in a folder, which is created if it is missing, and which only its owner can enter (0700). A blob and
    /// the folders above it are synced before `put` returns.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Unavailable`].
    pub fn folder(path: &FilePath) -> Result<Self, BlobError> {
        const DOING: &str = "open the photo folder";
        let folder = Folder::open(path).map_err(BlobError::io(DOING))?;
        Self::over_folder(path, folder)
    }

    /// The store in a folder that must exist, and its quarantine if that exists, read-only: nothing is
    /// created.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`].
    pub fn folder_unchanged(path: &FilePath, quarantine: &FilePath) -> Result<Self, BlobError> {
        let mut blobs = Self::over_folder(path, Folder::at(path))?;
        if quarantine.is_dir() {
            blobs.quarantine = Some(Arc::new(Quarantine::folder(quarantine)?));
        }
        Ok(blobs)
    }

    fn over_folder(path: &FilePath, folder: Folder) -> Result<Self, BlobError> {
        const DOING: &str = "open the photo folder";
        let store = OrdinaryFiles::at(path).map_err(BlobError::any(DOING))?;
        Ok(Self::over(Arc::new(store), Some(folder)))
    }

    /// A store that forgets everything with its last handle, for tests.
    pub fn in_memory() -> Self {
        let mut blobs = Self::over(Arc::new(InMemory::new()), None);
        blobs.quarantine = Some(Arc::new(Quarantine::in_memory()));
        blobs
    }

    pub(crate) fn over(store: Arc<dyn ObjectStore>, folder: Option<Folder>) -> Self {
        Self {
            store,
            folder: folder.map(Arc::new),
            sweeping: Arc::new(RwLock::new(())),
            quarantine: None,
            failed: Arc::new(AtomicBool::new(false)),
        }
    }

    /// What a blob is called. `digest` is the SHA-256 of the content; here it only names.
    pub fn name(key: &PatientKey, part: Part, digest: &Digest) -> BlobName {
        BlobName::from_bytes(key.name(&part.label(), digest))
    }

    /// Seals and stores a blob. After `Ok`, exactly `plain` is stored durably under the name, whatever was there
    /// before: an intact equal blob is written again as it is, which makes it durable and recent (see [`crate::sweep`])
    /// without disturbing its readers; anything else is replaced.
    ///
    /// Seals and writes [`PIECE`] by [`PIECE`], so it needs little memory beside `plain`. Dropping the
    /// future early may or may not store the blob, never a part of it.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Unavailable`]; [`BlobError::NoFile`] when there is a folder in the blob's
    /// place; [`BlobError::SyncFailed`], and then for every later put too, and for every other in progress.
    pub async fn put(
        &self,
        key: &PatientKey,
        part: Part,
        digest: &Digest,
        plain: Bytes,
        entropy: &dyn Entropy,
    ) -> Result<(), BlobError> {
        let name = Self::name(key, part, digest);
        let _not_swept = self.sweeping.read().await;
        self.refuse_after_failure()?;
        let again = if self.equal(key, name, &plain).await? {
            self.write_again(name).await
        } else {
            Ok(false)
        };
        let put = match again {
            Ok(true) => Ok(()),
            Ok(false) => self.seal(key, name, &plain, entropy).await,
            Err(error) => Err(error),
        };
        if matches!(put, Err(BlobError::SyncFailed { .. })) {
            self.failed.store(true, Ordering::SeqCst);
        }
        put?;
        self.refuse_after_failure()
    }

    fn refuse_after_failure(&self) -> Result<(), BlobError> {
        if self.failed.load(Ordering::SeqCst) {
            return Err(BlobError::SyncFailed {
                source: "an earlier sync of the photos failed".into(),
            });
        }
        Ok(())
    }

    async fn write(&self, name: BlobName, sealed: Bytes) -> Result<(), BlobError> {
        let written = self.store.put(&name.path(), sealed.into()).await;
        written.map(drop).map_err(BlobError::kept(STORING, name))
    }

    async fn seal(
        &self,
        key: &PatientKey,
        name: BlobName,
        plain: &Bytes,
        entropy: &dyn Entropy,
    ) -> Result<(), BlobError> {
        let mut pieces = Pieces::new(key, name, plain, entropy)?;
        let mut piece = pieces.next()?.unwrap_or_default();
        if pieces.is_done() {
            return self.write(name, piece).await;
        }
        let upload = self.store.put_multipart(&name.path()).await;
        let mut upload = upload.map_err(BlobError::store(STORING, name))?;
        let written = async {
            loop {
                upload
                    .put_part(piece.into())
                    .await
                    .map_err(BlobError::kept(STORING, name))?;
                match pieces.next()? {
                    Some(next) => piece = next,
                    None => break,
                }
            }
            upload
                .complete()
                .await
                .map(drop)
                .map_err(BlobError::kept(STORING, name))
        }
        .await;
        if written.is_err() {
            // The first error is the one to report; what abort cannot remove, a sweep will.
            drop(upload.abort().await);
        }
        written
    }

    /// Whether the blob under a name is intact and holds exactly `plain`. Reads and opens [`crate::LEAN_PIECE`] by
    /// piece: it needs hardly any memory, however large the blob is.
    async fn equal(&self, key: &PatientKey, name: BlobName, plain: &Bytes) -> Result<bool, BlobError> {
        match self
            .store
            .head(&name.path())
            .await
            .map_err(BlobError::store(LOOKING, name))
        {
            Ok(_) => {}
            // A rename takes the place of anything but a folder.
            Err(BlobError::NoFile { kind, .. }) if kind != Kind::Folder => return Ok(false),
            Err(BlobError::Missing(_)) => return Ok(false),
            Err(error) => return Err(error),
        }
        // An unreadable one is replaced like a damaged one, by a rename that does not read it.
        let Ok(opened) = OpenBlob::open(&self.store, key, name, Reading::LEAN).await else {
            return Ok(false);
        };
        if opened.len() != u64::try_from(plain.len()).unwrap_or(u64::MAX) {
            return Ok(false);
        }
        let mut rest = plain.clone();
        let mut pieces = opened.stream(0..opened.len());
        while let Some(piece) = pieces.next().await {
            match piece {
                Ok(piece) if rest.starts_with(&piece) => drop(rest.split_to(piece.len())),
                _ => return Ok(false),
            }
            tokio::task::yield_now().await;
        }
        Ok(true)
    }

    /// Writes a blob again as it is, [`PIECE`] by piece. It is read from one file that stays open: a concurrent put of
    /// the same content replaces the file under the name, but not the file being read here. `false` when it can't be
    /// read to its end.
    async fn write_again(&self, name: BlobName) -> Result<bool, BlobError> {
        let Ok(existing) = self.store.get(&name.path()).await else {
            return Ok(false);
        };
        let most = usize::try_from(PIECE).unwrap_or(usize::MAX);
        if existing.meta.size <= PIECE {
            let Ok(sealed) = existing.bytes().await else {
                return Ok(false);
            };
            return self.write(name, sealed).await.map(|()| true);
        }
        let upload = self.store.put_multipart(&name.path()).await;
        let mut upload = upload.map_err(BlobError::store(STORING, name))?;
        let mut stream = existing.into_stream();
        let mut piece = Vec::new();
        let written = async {
            while let Some(read) = stream.next().await {
                let Ok(read) = read else { return Ok(false) };
                piece.extend_from_slice(&read);
                if piece.len() >= most {
                    upload.put_part(std::mem::take(&mut piece).into()).await?;
                }
            }
            if !piece.is_empty() {
                upload.put_part(piece.into()).await?;
            }
            upload.complete().await.map(|_| true)
        }
        .await
        .map_err(BlobError::kept(STORING, name));
        if !matches!(written, Ok(true)) {
            // What abort cannot remove, a sweep will.
            drop(upload.abort().await);
        }
        written
    }

    /// Opens a blob: reads its size and its first piece and checks its last chunk, so that its length is proven. Ranges
    /// of it are checked as they are read. A blob that was moved to the quarantine by mistake is read there.
    ///
    /// # Errors
    /// [`BlobError::Missing`], [`BlobError::Damaged`], [`BlobError::NoFile`], [`BlobError::Unavailable`].
    pub async fn open(&self, key: &PatientKey, part: Part, digest: &Digest) -> Result<OpenBlob, BlobError> {
        self.open_as(key, Self::name(key, part, digest), Reading::AHEAD)
            .await
    }

    /// Opens a blob for a reader that may be slow: it holds a piece of 256 KiB and does not read ahead.
    ///
    /// # Errors
    /// As [`Blobs::open`].
    pub async fn open_lean(
        &self,
        key: &PatientKey,
        part: Part,
        digest: &Digest,
    ) -> Result<OpenBlob, BlobError> {
        self.open_as(key, Self::name(key, part, digest), Reading::LEAN)
            .await
    }

    async fn open_as(
        &self,
        key: &PatientKey,
        name: BlobName,
        reading: Reading,
    ) -> Result<OpenBlob, BlobError> {
        let Some(quarantine) = &self.quarantine else {
            return OpenBlob::open(&self.store, key, name, reading).await;
        };
        // Something else may lie in its place, and the blob itself in the quarantine.
        let in_place = OpenBlob::open(&self.store, key, name, reading).await;
        let refused = match in_place {
            Err(refused @ (BlobError::Missing(_) | BlobError::Damaged(_) | BlobError::NoFile { .. })) => {
                refused
            }
            done => return done,
        };
        match OpenBlob::open(&quarantine.store, key, name, reading).await {
            // And once more, because a blob may be moved back between the two looks.
            Err(BlobError::Missing(_)) => OpenBlob::open(&self.store, key, name, reading).await,
            Err(_) if !matches!(refused, BlobError::Missing(_)) => Err(refused),
            opened => opened,
        }
    }

    /// The length of a blob's sealed bytes and whether it is in the quarantine; `None` when it is
    /// missing. Needs no key and reads nothing.
    ///
    /// # Errors
    /// [`BlobError::NoFile`], [`BlobError::Unavailable`].
    pub async fn find(&self, name: BlobName) -> Result<Option<(u64, bool)>, BlobError> {
        let quarantine = self.quarantine.as_ref().map(|quarantine| &quarantine.store);
        let mut none = None;
        for (store, quarantined) in [(Some(&self.store), false), (quarantine, true)] {
            let Some(store) = store else { continue };
            match store
                .head(&name.path())
                .await
                .map_err(BlobError::store(LOOKING, name))
            {
                Ok(meta) => return Ok(Some((meta.size, quarantined))),
                Err(BlobError::Missing(_)) => {}
                // The blob may lie in the quarantine all the same.
                Err(error @ BlobError::NoFile { .. }) => none = none.or(Some(error)),
                Err(error) => return Err(error),
            }
        }
        none.map_or(Ok(None), Err)
    }

    /// Whether there is something other than a file in a blob's place.
    pub async fn is_obstructed(&self, name: BlobName) -> bool {
        let there = self.store.head(&name.path()).await;
        there.is_err_and(|error| matches!(BlobError::store(LOOKING, name)(error), BlobError::NoFile { .. }))
    }

    /// Whether there is a blob of this name; not whether it is intact.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`].
    pub async fn contains(&self, key: &PatientKey, part: Part, digest: &Digest) -> Result<bool, BlobError> {
        let name = Self::name(key, part, digest);
        match self
            .store
            .head(&name.path())
            .await
            .map_err(BlobError::store(LOOKING, name))
        {
            Ok(_) => Ok(true),
            Err(BlobError::Missing(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes a blob; it need not exist. Equal contents of one patient share a blob: the caller must know whether
    /// anything else still needs it.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`].
    pub async fn remove(&self, key: &PatientKey, part: Part, digest: &Digest) -> Result<(), BlobError> {
        self.remove_named(Self::name(key, part, digest)).await
    }

    /// Removes a blob by its name, which needs no key: also when the key was destroyed.
    ///
    /// # Errors
    /// [`BlobError::Unavailable`].
    pub async fn remove_named(&self, name: BlobName) -> Result<(), BlobError> {
        match self
            .store
            .delete(&name.path())
            .await
            .map_err(BlobError::store("remove a photo", name))
        {
            Ok(()) => {}
            Err(BlobError::Missing(_)) => return Ok(()),
            Err(error) => return Err(error),
        }
        match &self.folder {
            Some(folder) => folder.sync_parent(name).await,
            None => Ok(()),
        }
    }

    /// Everything that is stored, in no order, without the quarantine. Files that this program
    /// does not make are left out.
    pub fn list(&self) -> impl Stream<Item = Result<Stored, BlobError>> + Send + use<> {
        listed(&self.store)
    }
}

/// A content's sealed form, a piece at a time.
struct Pieces<'a> {
    sealer: Option<Sealer>,
    rest: &'a [u8],
    out: Vec<u8>,
}

impl<'a> Pieces<'a> {
    fn new(
        key: &PatientKey,
        name: BlobName,
        plain: &'a [u8],
        entropy: &dyn Entropy,
    ) -> Result<Self, BlobError> {
        let mut out = Vec::new();
        let sealer = Sealer::start(key, name.as_bytes(), entropy, &mut out).map_err(BlobError::sealing)?;
        Ok(Self {
            sealer: Some(sealer),
            rest: plain,
            out,
        })
    }

    fn is_done(&self) -> bool {
        self.sealer.is_none()
    }

    /// The next piece; `None` after the last.
    fn next(&mut self) -> Result<Option<Bytes>, BlobError> {
        let Some(mut sealer) = self.sealer.take() else {
            return Ok(None);
        };
        let size = usize::try_from(PIECE).unwrap_or(usize::MAX).min(self.rest.len());
        let (piece, rest) = self.rest.split_at_checked(size).unwrap_or((self.rest, &[]));
        self.rest = rest;
        let mut out = std::mem::take(&mut self.out);
        out.reserve_exact(size + 1024); // room for the tags and, at the end, the held chunk's
        sealer.push(piece, &mut out).map_err(BlobError::sealing)?;
        if rest.is_empty() {
            sealer.finish(&mut out).map_err(BlobError::sealing)?;
        } else {
            self.sealer = Some(sealer);
        }
        Ok(Some(out.into()))
    }
}
