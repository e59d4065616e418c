//! The sealed container: bytes under a patient's key, in chunks, so that a part can be read and
//! checked without the rest.
//!
//! ```text
//! header   "cutisbox" ‖ version 1 ‖ log2(chunk size) 16 ‖ 0 ‖ 0 ‖ 32-byte salt           44 bytes
//! chunk i  AES-256-GCM of at most 65,536 plain bytes, and a 16-byte tag; all but the last are full
//!          nonce = 3 zero bytes ‖ i as 8 bytes, big-endian ‖ 1 if last, else 0;  no AAD
//! key      HKDF-SHA256(secret = the patient's sealing key, salt = the header's,
//!                      info = len ‖ header without salt ‖ len ‖ context), len as 8 bytes, big-endian
//! ```
//!
//! The salt makes each container's key its own, so counters are safe as nonces. Counter and last
//! flag (the STREAM construction) make reordering and truncation fail; the context, usually the
//! blob's name, makes a container in another's place fail. An empty content is one empty chunk.
//! This form must never change: version 1 must be readable forever (golden files beside the tests).

use std::fmt;
use std::ops::Range;

use cutis_domain::entropy::{self, Entropy, Purpose};
use ring::aead::{LessSafeKey, NONCE_LEN};

use crate::cipher::{self, TAG_LEN};
use crate::{PatientKey, VaultError};

/// Plain bytes of a full chunk.
pub const CHUNK: u64 = 1 << 16;
/// Bytes before the first chunk.
pub const HEADER_LEN: u64 = 44;
/// Bytes of a full sealed chunk.
pub const SEALED_CHUNK: u64 = CHUNK + TAG;

const TAG: u64 = 16;
const SALT_LEN: usize = 32;
const FRONT: [u8; 12] = *b"cutisbox\x01\x10\0\0";

// The same sizes for slices.
const CHUNK_BYTES: usize = 1 << 16;
const SEALED_CHUNK_BYTES: usize = CHUNK_BYTES + TAG_LEN;

/// Why sealed bytes could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The bytes do not begin like a sealed container.
    #[error("these bytes are not a sealed container")]
    NotSealed,
    /// A container of a version this program does not know.
    #[error("this sealed container is of version {0}; a newer Cutis wrote it")]
    Version(u8),
    /// Bits changed, parts missing, added or swapped, or the wrong key or context.
    #[error("these sealed bytes are damaged or belong elsewhere")]
    Damaged,
    /// A range that is reversed or reaches beyond the content.
    #[error("the range reaches beyond the content")]
    OutOfRange,
}

/// Seals the whole of `plain`. Adds 44 bytes, and 16 for each begun 64 KiB.
///
/// # Errors
/// [`VaultError::Cipher`], which sizes as bounded as these do not cause.
pub fn seal(
    key: &PatientKey,
    context: &[u8],
    plain: &[u8],
    entropy: &dyn Entropy,
) -> Result<Vec<u8>, VaultError> {
    let mut out = Vec::with_capacity(plain.len() + plain.len() / CHUNK_BYTES * TAG_LEN + 64);
    let mut sealer = Sealer::start(key, context, entropy, &mut out)?;
    sealer.push(plain, &mut out)?;
    sealer.finish(&mut out)?;
    Ok(out)
}

/// Opens a whole container in memory.
///
/// # Errors
/// See [`SealError`].
pub fn open(key: &PatientKey, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    let length = u64::try_from(sealed.len()).map_err(|_| SealError::Damaged)?;
    let opening = Header::parse(sealed)?.opening(key, context, length)?;
    let part = |range: Range<u64>| slice(sealed, &range).map(<[u8]>::to_vec);
    let last = part(opening.last_span())?;
    let opener = opening.confirm(last)?;
    let whole = 0..opener.plain_len();
    let span = opener.span(&whole)?;
    opener.open(&whole, part(span)?)
}

fn slice<'a>(bytes: &'a [u8], range: &Range<u64>) -> Result<&'a [u8], SealError> {
    let at = |offset| usize::try_from(offset).map_err(|_| SealError::Damaged);
    bytes
        .get(at(range.start)?..at(range.end)?)
        .ok_or(SealError::Damaged)
}

/// Seals content that arrives in pieces of any size, holding back at most one chunk.
pub struct Sealer {
    key: LessSafeKey,
    next: u64,
    held: Vec<u8>,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer")
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

impl Sealer {
    /// Draws a salt and appends the header to `out`.
    ///
    /// # Errors
    /// [`VaultError::Cipher`].
    pub fn start(
        key: &PatientKey,
        context: &[u8],
        entropy: &dyn Entropy,
        out: &mut Vec<u8>,
    ) -> Result<Self, VaultError> {
        let salt: [u8; SALT_LEN] = entropy::bytes(entropy, Purpose::Secret);
        out.extend_from_slice(&FRONT);
        out.extend_from_slice(&salt);
        let key = cipher::cipher(&key.container(&salt, &[&FRONT, context]))?;
        Ok(Self {
            key,
            next: 0,
            held: Vec::new(),
        })
    }

    /// Takes the next piece; appends to `out` what can be sealed already.
    ///
    /// # Errors
    /// [`VaultError::Cipher`].
    pub fn push(&mut self, mut plain: &[u8], out: &mut Vec<u8>) -> Result<(), VaultError> {
        // A chunk is sealed only when something follows it, because the last one is sealed otherwise.
        while !plain.is_empty() {
            if self.held.len() == CHUNK_BYTES {
                let full = std::mem::take(&mut self.held);
                self.chunk(&full, false, out)?;
            }
            match plain.split_at_checked(CHUNK_BYTES) {
                Some((full, rest)) if self.held.is_empty() && !rest.is_empty() => {
                    self.chunk(full, false, out)?;
                    plain = rest;
                }
                _ => {
                    let room = (CHUNK_BYTES - self.held.len()).min(plain.len());
                    let (taken, rest) = plain.split_at_checked(room).unwrap_or((plain, &[]));
                    self.held.extend_from_slice(taken);
                    plain = rest;
                }
            }
        }
        Ok(())
    }

    /// Seals what is held as the last chunk. A container without it does not open.
    ///
    /// # Errors
    /// [`VaultError::Cipher`].
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), VaultError> {
        let held = std::mem::take(&mut self.held);
        self.chunk(&held, true, out)
    }

    fn chunk(&mut self, plain: &[u8], last: bool, out: &mut Vec<u8>) -> Result<(), VaultError> {
        cipher::seal_onto(&self.key, nonce(self.next, last), b"", plain, out)?;
        self.next += 1;
        Ok(())
    }
}

fn nonce(index: u64, last: bool) -> [u8; NONCE_LEN] {
    // Three zero bytes, then the index, then the flag: one number of twelve bytes.
    let [_, _, _, _, nonce @ ..] = (u128::from(index) << 8 | u128::from(last)).to_be_bytes();
    nonce
}

/// The front of a container: its version and its salt.
#[derive(Debug, Clone, Copy)]
pub struct Header {
    salt: [u8; SALT_LEN],
}

impl Header {
    /// Reads the front of a container; bytes beyond the first [`HEADER_LEN`] are ignored.
    ///
    /// # Errors
    /// [`SealError::NotSealed`], [`SealError::Version`].
    pub fn parse(bytes: &[u8]) -> Result<Self, SealError> {
        let (front, rest) = bytes.split_first_chunk::<12>().ok_or(SealError::NotSealed)?;
        let (salt, _) = rest.split_first_chunk::<SALT_LEN>().ok_or(SealError::NotSealed)?;
        if *front == FRONT {
            return Ok(Self { salt: *salt });
        }
        match (front.strip_prefix(b"cutisbox"), FRONT) {
            (Some([version, ..]), [.., known, _, _, _]) if *version != known => {
                Err(SealError::Version(*version))
            }
            _ => Err(SealError::NotSealed),
        }
    }

    /// Begins to open a container of `sealed_len` bytes in all.
    ///
    /// # Errors
    /// [`SealError::Damaged`] when no content has this sealed length.
    pub fn opening(&self, key: &PatientKey, context: &[u8], sealed_len: u64) -> Result<Opening, SealError> {
        let plain_len = plain_len(sealed_len).ok_or(SealError::Damaged)?;
        let key =
            cipher::cipher(&key.container(&self.salt, &[&FRONT, context])).map_err(|_| SealError::Damaged)?;
        Ok(Opening(Opener { key, plain_len }))
    }
}

/// The plain length of a container of that many bytes; `None` when there is no such container.
pub fn plain_len(sealed_len: u64) -> Option<u64> {
    let body = sealed_len.checked_sub(HEADER_LEN)?;
    let chunks = body.div_ceil(SEALED_CHUNK).max(1);
    let last = body.checked_sub((chunks - 1) * SEALED_CHUNK)?;
    // Only the sole chunk of an empty content may be empty.
    let smallest = if chunks == 1 { TAG } else { TAG + 1 };
    (last >= smallest).then(|| body - chunks * TAG)
}

/// The length of the container for that many plain bytes.
pub fn sealed_len(plain_len: u64) -> u64 {
    HEADER_LEN + plain_len + plain_len.div_ceil(CHUNK).max(1) * TAG
}

/// A container whose length is only known from the file's size so far. Its last chunk proves it.
#[derive(Debug)]
pub struct Opening(Opener);

impl Opening {
    /// Where the last chunk is in the container.
    pub fn last_span(&self) -> Range<u64> {
        let first = self.0.last_index();
        HEADER_LEN + first * SEALED_CHUNK..sealed_len(self.0.plain_len)
    }

    /// Checks the last chunk, given its sealed bytes: from here on a cut container is impossible.
    ///
    /// # Errors
    /// [`SealError::Damaged`].
    pub fn confirm(self, last: Vec<u8>) -> Result<Opener, SealError> {
        let (span, first) = (self.last_span(), self.0.last_index());
        self.0.open_chunks(&span, first, last)?;
        Ok(self.0)
    }
}

/// Opens ranges of one container whose length is proven.
pub struct Opener {
    key: LessSafeKey,
    plain_len: u64,
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opener")
            .field("plain_len", &self.plain_len)
            .finish_non_exhaustive()
    }
}

impl Opener {
    /// Bytes of the content.
    pub fn plain_len(&self) -> u64 {
        self.plain_len
    }

    /// Which bytes of the container must be read to open a range of the content: whole chunks.
    ///
    /// # Errors
    /// [`SealError::OutOfRange`].
    pub fn span(&self, range: &Range<u64>) -> Result<Range<u64>, SealError> {
        if range.start > range.end || range.end > self.plain_len {
            return Err(SealError::OutOfRange);
        }
        let start = HEADER_LEN + range.start / CHUNK * SEALED_CHUNK;
        if range.is_empty() {
            return Ok(start..start);
        }
        Ok(start..(HEADER_LEN + range.end.div_ceil(CHUNK) * SEALED_CHUNK).min(sealed_len(self.plain_len)))
    }

    /// Opens a range of the content, given the bytes of its [`Self::span`]; works in their memory.
    ///
    /// # Errors
    /// [`SealError::OutOfRange`], [`SealError::Damaged`].
    pub fn open(&self, range: &Range<u64>, sealed: Vec<u8>) -> Result<Vec<u8>, SealError> {
        let span = self.span(range)?;
        let mut plain = self.open_chunks(&span, range.start / CHUNK, sealed)?;
        if range.is_empty() {
            return Ok(plain); // no chunk was asked for, so none was opened
        }
        let size = |bytes: u64| usize::try_from(bytes).map_err(|_| SealError::OutOfRange);
        let before = size(range.start % CHUNK)?;
        plain.truncate(before + size(range.end - range.start)?);
        if before > 0 {
            plain.drain(..before);
        }
        Ok(plain)
    }

    fn last_index(&self) -> u64 {
        self.plain_len.div_ceil(CHUNK).max(1) - 1
    }

    /// Opens whole chunks in place, each moving forward over the tags of those before it.
    fn open_chunks(&self, span: &Range<u64>, first: u64, mut sealed: Vec<u8>) -> Result<Vec<u8>, SealError> {
        if u64::try_from(sealed.len()).ok() != Some(span.end - span.start) {
            return Err(SealError::Damaged);
        }
        let (mut opened, mut at) = (0, 0);
        for index in first.. {
            if at >= sealed.len() {
                break;
            }
            let end = (at + SEALED_CHUNK_BYTES).min(sealed.len());
            let part = sealed.get_mut(opened..end).ok_or(SealError::Damaged)?;
            let nonce = nonce(index, index == self.last_index());
            opened +=
                cipher::open_within(&self.key, nonce, b"", part, at - opened).ok_or(SealError::Damaged)?;
            at = end;
        }
        sealed.truncate(opened);
        Ok(sealed)
    }
}

#[cfg(test)]
mod tests;
