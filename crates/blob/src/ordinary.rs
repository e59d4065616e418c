//! A folder as a store, in which nothing but ordinary files are read.
//!
//! The library opens anything with the name, and opening a pipe would block one of the runtime's threads forever,
//! waiting for a writer that never comes. So files are opened here. Everything else is the library's. A link to an
//! ordinary file is one, because an administrator may have moved photos to another disk.

use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::{Path as FilePath, PathBuf};

use async_trait::async_trait;
use bytes::Bytes;
use cutis_vault::durable::{self, NotOrdinary};
use futures_util::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    Attributes, CopyOptions, Error, Extensions, GetOptions, GetResult, GetResultPayload, ListResult,
    MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

const STORE: &str = "OrdinaryFiles";

/// Something in the place of an ordinary file that is not one.
#[derive(Debug, thiserror::Error)]
#[error("{}: {what}", path.display())]
pub(crate) struct InPlace {
    pub(crate) path: PathBuf,
    pub(crate) what: NotOrdinary,
}

/// A file that ends before the part that was asked for does.
#[derive(Debug, thiserror::Error)]
#[error("the file ends before byte {0}")]
struct TooShort(u64);

/// The store.
#[derive(Debug)]
pub(crate) struct OrdinaryFiles(LocalFileSystem);

impl OrdinaryFiles {
    /// The store in an existing folder. What is put is synced.
    pub(crate) fn at(root: &FilePath) -> Result<Self> {
        Ok(Self(LocalFileSystem::new_with_prefix(root)?.with_fsync(true)))
    }
}

impl fmt::Display for OrdinaryFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[async_trait]
impl ObjectStore for OrdinaryFiles {
    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let path = self.0.path_to_filesystem(location)?;
        let location = location.clone();
        apart(move || {
            let (file, about) = open(&path)?;
            let modified = about.modified().map_err(|error| failed(&path, error))?;
            let meta = ObjectMeta {
                location,
                last_modified: modified.into(),
                size: about.len(),
                e_tag: None,
                version: None,
            };
            options.check_preconditions(&meta)?;
            let range = match options.range {
                Some(range) => range.as_range(meta.size).map_err(generic)?,
                None => 0..meta.size,
            };
            Ok(GetResult {
                payload: GetResultPayload::File(file, path),
                attributes: Attributes::default(),
                range,
                meta,
                extensions: Extensions::default(),
            })
        })
        .await
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        let path = self.0.path_to_filesystem(location)?;
        let ranges = ranges.to_vec();
        apart(move || {
            let (mut file, about) = open(&path)?;
            ranges
                .into_iter()
                .map(|range| read(&mut file, &path, about.len(), range))
                .collect()
        })
        .await
    }

    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.0.put_opts(location, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.0.put_multipart_opts(location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.0.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.0.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.0.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.0.copy_opts(from, to, options).await
    }
}

fn open(path: &FilePath) -> Result<(File, Metadata)> {
    let file = durable::open(path).map_err(|error| failed(path, error))?;
    let about = file.metadata().map_err(|error| failed(path, error))?;
    Ok((file, about))
}

/// A part of a file, whole.
fn read(file: &mut File, path: &FilePath, length: u64, range: Range<u64>) -> Result<Bytes> {
    let wanted = range.end.saturating_sub(range.start);
    if range.end > length {
        return Err(generic(TooShort(range.end)));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(wanted).map_err(generic)?);
    file.seek(SeekFrom::Start(range.start))
        .and_then(|_| file.take(wanted).read_to_end(&mut bytes))
        .map_err(|error| failed(path, error))?;
    if u64::try_from(bytes.len()).ok() != Some(wanted) {
        return Err(generic(TooShort(range.end)));
    }
    Ok(bytes.into())
}

fn failed(path: &FilePath, error: io::Error) -> Error {
    let path = path.to_owned();
    if let Some(what) = NotOrdinary::within(&error) {
        return generic(InPlace { path, what });
    }
    if error.kind() == io::ErrorKind::NotFound {
        return Error::NotFound {
            path: path.display().to_string(),
            source: error.into(),
        };
    }
    generic(error)
}

fn generic(source: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Generic {
        store: STORE,
        source: Box::new(source),
    }
}

/// On a thread that may wait for the disk.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the library does so with all other work on files, and the callers bound how much there is at once"
    )]
    let running = tokio::task::spawn_blocking(work);
    running.await?
}
