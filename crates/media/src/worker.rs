//! The protocol between the server and its decode workers (C31), over any pair of byte streams.
//!
//! A frame is a head of [`HEAD_BYTES`] (magic `CMW1`, kind, three zero bytes, body length as 64 bits) and a body. A
//! worker answers each request with one response. Neither side trusts the other's lengths: nothing is allocated before
//! the bytes are there.

use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::completeness::Completeness;
use crate::derive::{Derived, Full, MediaType, derive_turned, full_turned, inspect};
use crate::facts::Facts;
use crate::limits::{Limits, MOST_BYTES};
use crate::num::count;
use crate::orientation::Turns;
use crate::refusal::Refusal;
use crate::wire::{Malformed, Reading, Writing};

/// Bytes of a frame's head.
pub const HEAD_BYTES: usize = 16;

const MAGIC: [u8; 4] = *b"CMW1";
/// Bytes of encoded limits in front of a request's image.
const LIMITS_BYTES: u64 = 28;

/// What a worker is asked to do with an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Read the headers: [`inspect`].
    Inspect,
    /// Make thumbnail, medium and screen rendition: [`derive_turned`].
    Derive(Turns),
    /// Make the form with all pixels: [`full_turned`].
    Full(Turns),
}

impl Job {
    /// The kind of its frame: what to do in the lower half, quarter turns in the upper one.
    fn kind(self) -> u8 {
        match self {
            Self::Inspect => INSPECT,
            Self::Derive(turns) => DERIVE | turns.number() << 4,
            Self::Full(turns) => MAKE_FULL | turns.number() << 4,
        }
    }

    fn of_kind(kind: u8) -> Option<Self> {
        let turns = Turns::quarters(kind >> 4);
        let job = match kind & 0x0f {
            INSPECT => Self::Inspect,
            DERIVE => Self::Derive(turns),
            MAKE_FULL => Self::Full(turns),
            _ => return None,
        };
        (job.kind() == kind).then_some(job)
    }
}

/// A worker's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// To [`Job::Inspect`].
    Inspected(Facts),
    /// To [`Job::Derive`].
    Derived(Derived),
    /// To [`Job::Full`].
    Full(Full),
    /// To any job: the file is turned away.
    Refused(Refusal),
}

/// The other side does not speak the protocol, or is gone.
#[derive(Debug, thiserror::Error)]
pub enum ProtocolError {
    /// The stream failed or ended within a frame.
    #[error("the connection to the decode worker broke: {0}")]
    Io(#[from] io::Error),
    /// The bytes are not a frame, or a frame's body is not what its kind says.
    #[error("the decode worker's bytes cannot be understood")]
    Garbage,
    /// The announced body is larger than this side takes.
    #[error("the decode worker announced {announced} bytes, at most {limit} are taken")]
    TooLong {
        /// Announced body length in bytes.
        announced: u64,
        /// Largest accepted body length in bytes.
        limit: u64,
    },
}

impl From<Malformed> for ProtocolError {
    fn from(Malformed: Malformed) -> Self {
        Self::Garbage
    }
}

const INSPECT: u8 = 1;
const DERIVE: u8 = 2;
const MAKE_FULL: u8 = 3;
const INSPECTED: u8 = 0x81;
const DERIVED: u8 = 0x82;
const FULL: u8 = 0x83;
const REFUSED: u8 = 0x84;

/// A frame's head: the kind and length of the body that follows. Exposed for parents that read asynchronously.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    kind: u8,
    length: u64,
}

impl Head {
    /// Reads a head and checks that the body has at most `limit` bytes.
    ///
    /// # Errors
    /// [`ProtocolError::Garbage`] without the magic, [`ProtocolError::TooLong`] above the limit.
    pub fn parse(bytes: &[u8; HEAD_BYTES], limit: u64) -> Result<Self, ProtocolError> {
        let mut from = Reading::new(bytes);
        let magic = [from.u8()?, from.u8()?, from.u8()?, from.u8()?];
        let kind = from.u8()?;
        let padding = [from.u8()?, from.u8()?, from.u8()?];
        let length = from.u64()?;
        if magic != MAGIC || padding != [0; 3] {
            return Err(ProtocolError::Garbage);
        }
        if length > limit {
            return Err(ProtocolError::TooLong {
                announced: length,
                limit,
            });
        }
        Ok(Self { kind, length })
    }

    /// Bytes of the body.
    #[must_use]
    pub fn body_length(&self) -> u64 {
        self.length
    }

    fn to_bytes(self) -> [u8; HEAD_BYTES] {
        let [m0, m1, m2, m3] = MAGIC;
        let [l0, l1, l2, l3, l4, l5, l6, l7] = self.length.to_be_bytes();
        [m0, m1, m2, m3, self.kind, 0, 0, 0, l0, l1, l2, l3, l4, l5, l6, l7]
    }

    /// The same from a body that may be large: the full-size rendition stays where it lies.
    ///
    /// # Errors
    /// As [`Head::response`].
    pub fn into_response(self, mut body: Vec<u8>) -> Result<Response, ProtocolError> {
        if self.kind != FULL || count(body.len()) != self.length {
            return self.response(&body);
        }
        let mut from = Reading::new(&body);
        let media_type = media_type_of(from.flag()?);
        let image = from.blob()?.len();
        from.end()?;
        body.drain(..body.len().saturating_sub(image));
        Ok(Response::Full(Full {
            media_type,
            bytes: body,
        }))
    }

    /// Reads the body of a response whose head this is.
    ///
    /// # Errors
    /// [`ProtocolError::Garbage`] for anything that is not exactly one response.
    pub fn response(&self, body: &[u8]) -> Result<Response, ProtocolError> {
        if count(body.len()) != self.length {
            return Err(ProtocolError::Garbage);
        }
        let mut from = Reading::new(body);
        let response = match self.kind {
            INSPECTED => Response::Inspected(Facts::read(&mut from)?),
            DERIVED => Response::Derived(Derived {
                facts: Facts::read(&mut from)?,
                completeness: Completeness::read(&mut from)?,
                pages: from.u32()?.max(1),
                thumbnail: from.blob()?.to_vec(),
                medium: from.blob()?.to_vec(),
                screen: from.blob()?.to_vec(),
            }),
            FULL => Response::Full(Full {
                media_type: media_type_of(from.flag()?),
                bytes: from.blob()?.to_vec(),
            }),
            REFUSED => Response::Refused(Refusal::read(&mut from)?),
            _ => return Err(ProtocolError::Garbage),
        };
        from.end()?;
        Ok(response)
    }
}

const fn media_type_of(png: bool) -> MediaType {
    if png { MediaType::Png } else { MediaType::Jpeg }
}

/// Everything of a request but the image, which is to be written right behind it: so it need not be copied.
#[must_use]
pub fn encode_request_head(job: Job, limits: &Limits, image_bytes: u64) -> Vec<u8> {
    let head = Head {
        kind: job.kind(),
        length: image_bytes.saturating_add(LIMITS_BYTES),
    };
    let mut out = Writing::default();
    limits.write(&mut out);
    [head.to_bytes().as_slice(), &out.into_bytes()].concat()
}

/// A whole request in one piece.
#[must_use]
pub fn encode_request(job: Job, limits: &Limits, image: &[u8]) -> Vec<u8> {
    let mut request = encode_request_head(job, limits, count(image.len()));
    request.extend_from_slice(image);
    request
}

/// A whole response in one piece.
#[must_use]
pub fn encode_response(response: &Response) -> Vec<u8> {
    let mut out = Writing::default();
    let kind = match response {
        Response::Inspected(facts) => {
            facts.write(&mut out);
            INSPECTED
        }
        Response::Derived(derived) => {
            derived.facts.write(&mut out);
            derived.completeness.write(&mut out);
            out.u32(derived.pages);
            out.blob(&derived.thumbnail);
            out.blob(&derived.medium);
            out.blob(&derived.screen);
            DERIVED
        }
        Response::Full(full) => {
            out.flag(full.media_type == MediaType::Png);
            out.blob(&full.bytes);
            FULL
        }
        Response::Refused(refusal) => {
            refusal.write(&mut out);
            REFUSED
        }
    };
    let body = out.into_bytes();
    [
        Head {
            kind,
            length: count(body.len()),
        }
        .to_bytes()
        .as_slice(),
        &body,
    ]
    .concat()
}

/// Reads one response of at most `limit` bytes.
///
/// # Errors
/// [`ProtocolError`] when the worker is gone or answers with anything else.
pub fn decode_response(reader: &mut impl Read, limit: u64) -> Result<Response, ProtocolError> {
    let mut head = [0; HEAD_BYTES];
    reader.read_exact(&mut head)?;
    let head = Head::parse(&head, limit)?;
    head.response(&read_body(reader, head.length)?)
}

/// Answers requests until the stream ends. A decoder that panics refuses one file; the panic hook still reports it.
///
/// # Errors
/// [`ProtocolError`] when a stream fails or the parent's bytes are no request; the worker should then exit.
pub fn serve(mut reader: impl Read, mut writer: impl Write) -> Result<(), ProtocolError> {
    while let Some(head) = next_head(&mut reader)? {
        let job = Job::of_kind(head.kind).ok_or(ProtocolError::Garbage)?;
        let body = read_body(&mut reader, head.length)?;
        let (limits, image) = body
            .split_at_checked(index_of_image())
            .ok_or(ProtocolError::Garbage)?;
        let limits = Limits::read(&mut Reading::new(limits))?;
        let response = answer(job, &limits, image, perform);
        writer.write_all(&encode_response(&response))?;
        writer.flush()?;
    }
    Ok(())
}

fn index_of_image() -> usize {
    usize::try_from(LIMITS_BYTES).unwrap_or(usize::MAX)
}

/// The head of the next request; `None` when the parent has closed the stream between two.
fn next_head(reader: &mut impl Read) -> Result<Option<Head>, ProtocolError> {
    let mut bytes = Vec::with_capacity(HEAD_BYTES);
    reader.by_ref().take(count(HEAD_BYTES)).read_to_end(&mut bytes)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    let head = bytes.first_chunk::<HEAD_BYTES>().ok_or_else(ended_early)?;
    Head::parse(head, MOST_BYTES + LIMITS_BYTES).map(Some)
}

fn ended_early() -> ProtocolError {
    ProtocolError::Io(io::Error::from(io::ErrorKind::UnexpectedEof))
}

/// Reads a body whose announced length is believed only as far as bytes arrive.
fn read_body(reader: &mut impl Read, length: u64) -> Result<Vec<u8>, ProtocolError> {
    const BELIEVED: u64 = 1 << 20;
    let mut body = Vec::with_capacity(usize::try_from(length.min(BELIEVED)).unwrap_or_default());
    reader.by_ref().take(length).read_to_end(&mut body)?;
    if count(body.len()) == length {
        Ok(body)
    } else {
        Err(ended_early())
    }
}

fn answer(job: Job, limits: &Limits, image: &[u8], work: fn(Job, &Limits, &[u8]) -> Response) -> Response {
    catch_unwind(AssertUnwindSafe(|| work(job, limits, image))).unwrap_or(Response::Refused(Refusal::STOPPED))
}

fn perform(job: Job, limits: &Limits, image: &[u8]) -> Response {
    let result = match job {
        Job::Inspect => inspect(image, limits).map(Response::Inspected),
        Job::Derive(turns) => derive_turned(image, limits, turns).map(Response::Derived),
        Job::Full(turns) => full_turned(image, limits, turns).map(Response::Full),
    };
    result.unwrap_or_else(Response::Refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// C31: a decoder that panics refuses one file, and the worker goes on.
    #[test]
    fn a_panic_refuses_one_file() {
        let crash =
            |_: Job, _: &Limits, image: &[u8]| -> Response { panic!("decoder bug at {}", image.len()) };
        let response = answer(Job::Derive(Turns::None), &Limits::default(), b"x", crash);
        assert_eq!(response, Response::Refused(Refusal::STOPPED));
    }

    #[test]
    fn a_job_and_its_kind_are_inverses_and_nothing_else_is_a_kind() {
        let mut jobs = 0;
        for kind in 0..=u8::MAX {
            if let Some(job) = Job::of_kind(kind) {
                assert_eq!(job.kind(), kind);
                jobs += 1;
            }
        }
        assert_eq!(jobs, 9);
    }

    #[test]
    fn encoded_limits_have_the_length_that_requests_count_on() {
        let mut out = Writing::default();
        Limits::default().write(&mut out);
        assert_eq!(count(out.into_bytes().len()), LIMITS_BYTES);
    }
}
