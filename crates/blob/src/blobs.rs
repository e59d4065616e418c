//! The store: put, contains, remove, list.

use std::fmt;
use std::path::Path as FilePath;
use std::sync::Arc;

use bytes::Bytes;
use cutis_domain::{Digest, Entropy, Timestamp};
use cutis_vault::PatientKey;
use cutis_vault::seal::Sealer;
use futures_util::{Stream, StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::sync::RwLock;

use crate::folder::Folder;
use crate::{BlobError, BlobName, OpenBlob, PIECE};

const STORING: &str = "store a picture";
const LOOKING: &str = "look for a picture";

/// Which of an image's files a blob is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// What was captured, byte for byte (I1).
    Original,
    /// A picture made from it, such as a thumbnail.
    Derived,
}

impl Part {
    /// Part of every name, thus a promise.
    const fn label(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Derived => "derived",
        }
    }
}

/// What the store holds under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// The blob's name.
    pub name: BlobName,
    /// Bytes in the store: the content's, 44 more, and 16 for each begun 64 KiB.
    pub sealed_len: u64,
    /// When it was last put, by the store's clock.
    pub modified: Timestamp,
}

/// A store of sealed blobs. Clones are handles to the same store.
#[derive(Clone)]
pub struct Blobs {
    pub(crate) store: Arc<dyn ObjectStore>,
    pub(crate) folder: Option<Arc<Folder>>,
    /// Read by each put, written by each removal of a sweep: so a blob that is being put again
    /// cannot be swept between the look at its age and its removal.
    pub(crate) sweeping: Arc<RwLock<()>>,
}

impl fmt::Debug for Blobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blobs({})", self.store)
    }
}

impl Blobs {
    /// A store in a folder, which is made if it is missing, and which only its owner enters (0700).
    /// What is put is synced, and so are the folders on its way, before `put` returns.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Unavailable`].
    pub fn folder(path: &FilePath) -> Result<Self, BlobError> {
        const DOING: &str = "open the folder of the pictures";
        let folder = Folder::open(path).map_err(BlobError::io(DOING))?;
        let store = LocalFileSystem::new_with_prefix(path)
            .map_err(BlobError::any(DOING))?
            .with_fsync(true);
        Ok(Self::over(Arc::new(store), Some(folder)))
    }

    /// A store that forgets everything with its last handle, for tests.
    pub fn in_memory() -> Self {
        Self::over(Arc::new(InMemory::new()), None)
    }

    fn over(store: Arc<dyn ObjectStore>, folder: Option<Folder>) -> Self {
        Self {
            store,
            folder: folder.map(Arc::new),
            sweeping: Arc::new(RwLock::new(())),
        }
    }

    /// What a blob is called. `digest` is the SHA-256 of the content; here it only names.
    pub fn name(key: &PatientKey, part: Part, digest: &Digest) -> BlobName {
        BlobName::from_bytes(key.name(part.label(), digest))
    }

    /// Seals and keeps a blob. After `Ok` the name holds exactly `plain`, durably, whatever was or
    /// was not there before: a sound equal blob is written again as it is, which makes it durable
    /// and young (see [`crate::sweep`]) without disturbing its readers; anything else is replaced.
    ///
    /// Seals and writes [`PIECE`] by [`PIECE`], so it needs little memory beside `plain`. Dropping the
    /// future early may or may not store the blob, never a part of it.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Unavailable`].
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
        match self.equal(key, name, &plain).await? {
            Some(sealed) => self.write(name, sealed).await,
            None => self.seal(key, name, &plain, entropy).await,
        }
    }

    async fn write(&self, name: BlobName, sealed: Bytes) -> Result<(), BlobError> {
        let written = self.store.put(&name.path(), sealed.into()).await;
        written.map(drop).map_err(BlobError::store(STORING, name))
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
                    .map_err(BlobError::store(STORING, name))?;
                match pieces.next()? {
                    Some(next) => piece = next,
                    None => break,
                }
            }
            upload
                .complete()
                .await
                .map(drop)
                .map_err(BlobError::store(STORING, name))
        }
        .await;
        if written.is_err() {
            // The first error is the one to report; what abort cannot remove, a sweep will.
            drop(upload.abort().await);
        }
        written
    }

    /// The sealed bytes under a name, if they are sound and hold exactly `plain`.
    async fn equal(
        &self,
        key: &PatientKey,
        name: BlobName,
        plain: &Bytes,
    ) -> Result<Option<Bytes>, BlobError> {
        const DOING: &str = "look for a picture";
        let existing = match self
            .store
            .get(&name.path())
            .await
            .map_err(BlobError::store(DOING, name))
        {
            Ok(existing) => existing,
            Err(BlobError::Missing(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        // An unreadable one is replaced like a damaged one, by a rename that does not read it.
        let Ok(sealed) = existing.bytes().await else {
            return Ok(None);
        };
        let Ok(opened) = OpenBlob::whole(&self.store, key, name, sealed.clone()) else {
            return Ok(None);
        };
        if opened.len() != u64::try_from(plain.len()).unwrap_or(u64::MAX) {
            return Ok(None);
        }
        let mut rest = plain.clone();
        let mut pieces = opened.stream(0..opened.len());
        while let Some(piece) = pieces.next().await {
            match piece {
                Ok(piece) if rest.starts_with(&piece) => drop(rest.split_to(piece.len())),
                _ => return Ok(None),
            }
            tokio::task::yield_now().await;
        }
        Ok(Some(sealed))
    }

    /// Opens a blob: looks at its size, reads its first piece and checks its last chunk, so that its
    /// length is proven. Ranges of it are checked as they are read.
    ///
    /// # Errors
    /// [`BlobError::Missing`], [`BlobError::Damaged`], [`BlobError::Unavailable`].
    pub async fn open(&self, key: &PatientKey, part: Part, digest: &Digest) -> Result<OpenBlob, BlobError> {
        OpenBlob::open(&self.store, key, Self::name(key, part, digest)).await
    }

    /// Whether there is a blob of this name; not whether it is sound.
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

    /// Removes a blob; one that is absent is fine. Equal contents of one patient share a blob: the
    /// caller knows whether anything else still needs it.
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
            .map_err(BlobError::store("remove a picture", name))
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

    /// Everything that is stored, in no order. Files that this program does not make are left out.
    pub fn list(&self) -> impl Stream<Item = Result<Stored, BlobError>> + Send + use<> {
        self.store
            .list(None)
            .map_err(|error| BlobError::any("list the pictures")(error))
            .try_filter_map(|meta| {
                let stored = BlobName::at(&meta.location).map(|name| Stored {
                    name,
                    sealed_len: meta.size,
                    modified: Timestamp::from_micros(meta.last_modified.timestamp_micros()),
                });
                std::future::ready(Ok(stored))
            })
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
