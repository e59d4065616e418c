//! Reading a blob: whole or in ranges, each chunk checked before a byte of it is given out.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use cutis_vault::PatientKey;
use cutis_vault::seal::{HEADER_LEN, Header, Opener, SEALED_CHUNK};
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use object_store::{GetOptions, ObjectStore};

use crate::{BlobError, BlobName, LEAN_PIECE, PIECE};

/// How an open blob is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// Sealed bytes read at opening, and kept.
    front: u64,
    /// Plain bytes opened at a time.
    piece: u64,
    /// Pieces under way at a time.
    ahead: usize,
}

impl Reading {
    /// For speed: while the reader processes one piece, the next is read.
    pub(crate) const AHEAD: Self = Self {
        front: HEADER_LEN + 16 * SEALED_CHUNK,
        piece: PIECE,
        ahead: 2,
    };
    /// For many readers that may be slow: a chunk at a time, each read only when it is asked for.
    pub(crate) const LEAN: Self = Self {
        front: HEADER_LEN + SEALED_CHUNK,
        piece: LEAN_PIECE,
        ahead: 1,
    };
}

const DOING: &str = "read a photo";

/// An open blob. Its length is proven; its bytes are read and checked on demand. Clones share it.
#[derive(Clone)]
pub struct OpenBlob(Arc<Inner>);

struct Inner {
    store: Arc<dyn ObjectStore>,
    name: BlobName,
    opener: Opener,
    /// The container's beginning, which for a small blob is all of it.
    front: Bytes,
    reading: Reading,
}

impl fmt::Debug for OpenBlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenBlob")
            .field("name", &self.0.name)
            .finish_non_exhaustive()
    }
}

impl OpenBlob {
    pub(crate) async fn open(
        store: &Arc<dyn ObjectStore>,
        key: &PatientKey,
        name: BlobName,
        reading: Reading,
    ) -> Result<Self, BlobError> {
        let front = GetOptions::new().with_range(Some(0..reading.front));
        let front = store
            .get_opts(&name.path(), front)
            .await
            .map_err(BlobError::part(DOING, name))?;
        let sealed_len = front.meta.size;
        let front = front.bytes().await.map_err(BlobError::part(DOING, name))?;
        let opening = Header::parse(&front)
            .and_then(|header| header.opening(key, name.as_bytes(), sealed_len))
            .map_err(BlobError::seal(name))?;
        let last = fetch(store, name, &front, opening.last_span()).await?;
        let opener = opening.confirm(last).map_err(BlobError::seal(name))?;
        Ok(Self::new(store, name, opener, (front, reading)))
    }

    fn new(
        store: &Arc<dyn ObjectStore>,
        name: BlobName,
        opener: Opener,
        (front, reading): (Bytes, Reading),
    ) -> Self {
        Self(Arc::new(Inner {
            store: Arc::clone(store),
            name,
            opener,
            front,
            reading,
        }))
    }

    /// Bytes of the content.
    pub fn len(&self) -> u64 {
        self.0.opener.plain_len()
    }

    /// Whether the content is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A range of the content, gathered in memory.
    ///
    /// # Errors
    /// [`BlobError::OutOfRange`], [`BlobError::Missing`], [`BlobError::Damaged`],
    /// [`BlobError::Unavailable`].
    pub async fn read(&self, range: Range<u64>) -> Result<Bytes, BlobError> {
        let length = usize::try_from(range.end.saturating_sub(range.start));
        let length = length.map_err(|_| BlobError::OutOfRange(self.0.name))?;
        let mut pieces = Box::pin(self.stream(range));
        let first = pieces.try_next().await?.unwrap_or_default();
        if first.len() == length {
            return Ok(first);
        }
        // The range was checked before the first piece came, so this is no larger than the blob.
        let mut whole = BytesMut::with_capacity(length);
        whole.extend_from_slice(&first);
        drop(first);
        while let Some(piece) = pieces.try_next().await? {
            whole.extend_from_slice(&piece);
        }
        Ok(whole.freeze())
    }

    /// A range of the content in pieces of at most [`PIECE`] bytes, the next being read from the
    /// store while the reader deals with one; or of [`LEAN_PIECE`], each read when it is asked for, if
    /// it was opened so. Ends after the first error.
    pub fn stream(&self, range: Range<u64>) -> impl Stream<Item = Result<Bytes, BlobError>> + Send + use<> {
        let pieces = match self.0.opener.span(&range) {
            Ok(_) => cut(range, self.0.reading.piece).map(Ok).left_stream(),
            Err(error) => stream::iter([Err(BlobError::seal(self.0.name)(error))]).right_stream(),
        };
        let blob = self.clone();
        let opened = pieces
            .map_ok(move |piece| blob.clone().piece(piece))
            .try_buffered(self.0.reading.ahead);
        opened.scan(false, |failed, piece| {
            let ended = std::mem::replace(failed, piece.is_err());
            std::future::ready((!ended).then_some(piece))
        })
    }

    async fn piece(self, range: Range<u64>) -> Result<Bytes, BlobError> {
        let Inner {
            store,
            name,
            opener,
            front,
            reading: _,
        } = &*self.0;
        let span = opener.span(&range).map_err(BlobError::seal(*name))?;
        let sealed = fetch(store, *name, front, span).await?;
        opener
            .open(&range, sealed)
            .map(Bytes::from)
            .map_err(BlobError::seal(*name))
    }
}

/// Cuts a range where pieces begin, so that no chunk is opened twice.
fn cut(range: Range<u64>, piece: u64) -> impl Stream<Item = Range<u64>> + Send {
    let next = move |start: u64| (start / piece + 1) * piece;
    stream::iter(std::iter::successors(Some(range.start), move |start| {
        Some(next(*start))
    }))
    .take_while({
        let end = range.end;
        move |start| std::future::ready(*start < end)
    })
    .map(move |start| start..next(start).min(range.end))
}

/// Sealed bytes, from the front if they are there.
async fn fetch(
    store: &Arc<dyn ObjectStore>,
    name: BlobName,
    front: &Bytes,
    span: Range<u64>,
) -> Result<Vec<u8>, BlobError> {
    if let Some(bytes) = at_hand(front, &span) {
        return Ok(bytes.to_vec());
    }
    let parts = store
        .get_ranges(&name.path(), &[span])
        .await
        .map_err(BlobError::part(DOING, name))?;
    parts
        .into_iter()
        .next()
        .map(Vec::from)
        .ok_or(BlobError::Damaged(name))
}

fn at_hand(front: &Bytes, span: &Range<u64>) -> Option<Bytes> {
    let (start, end) = (usize::try_from(span.start).ok()?, usize::try_from(span.end).ok()?);
    (start <= end && end <= front.len()).then(|| front.slice(start..end))
}
