//! PNG: the chunk list.

use super::{Header, be32};
use crate::format::Format;
use crate::num::index;
use crate::refusal::Refusal;

const XMP: &[u8] = b"XML:com.adobe.xmp\0\0\0\0\0";

pub(super) fn read(bytes: &[u8]) -> Result<Header<'_>, Refusal> {
    if bytes.get(12..16) != Some(b"IHDR") {
        return Err(if bytes.len() < 16 {
            Refusal::TRUNCATED
        } else {
            Refusal::MALFORMED
        });
    }
    let width = be32(bytes, 16).ok_or(Refusal::TRUNCATED)?;
    let height = be32(bytes, 20).ok_or(Refusal::TRUNCATED)?;
    let mut header = Header::new(Format::Png, width, height);
    let mut chunks = Chunks::new(bytes);
    for chunk in chunks.by_ref().filter(|chunk| chunk.whole) {
        match &chunk.kind {
            b"eXIf" => header.exif = header.exif.or(Some(chunk.body.into())),
            b"iCCP" => header.icc = true,
            b"iTXt" if chunk.body.starts_with(XMP) => {
                header.xmp = chunk.body.get(XMP.len()..).map(Into::into);
            }
            _ => {}
        }
    }
    header.end = Some(chunks.at);
    Ok(header)
}

/// One chunk of a file.
#[derive(Debug)]
pub(crate) struct Chunk<'a> {
    pub(crate) kind: [u8; 4],
    /// As much of it as the file has.
    pub(crate) body: &'a [u8],
    /// The checksum that follows, when the file has it.
    pub(crate) sum: Option<u32>,
    /// Body and checksum are all there.
    pub(crate) whole: bool,
}

/// The chunks up to and with the end chunk, or to where the file stops being chunks.
#[derive(Debug)]
pub(crate) struct Chunks<'a> {
    bytes: &'a [u8],
    at: usize,
    ended: bool,
}

impl<'a> Chunks<'a> {
    /// Begins behind the signature.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 8,
            ended: false,
        }
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        if self.ended {
            return None;
        }
        let length = index(be32(self.bytes, self.at)?);
        let kind = *self.bytes.get(self.at + 4..)?.first_chunk::<4>()?;
        if !kind.iter().all(u8::is_ascii_alphabetic) {
            self.ended = true;
            return None;
        }
        let begin = self.at + 8;
        let end = begin.saturating_add(length);
        let sum = be32(self.bytes, end);
        let body_end = end.min(self.bytes.len());
        self.at = end.saturating_add(4).min(self.bytes.len());
        self.ended = &kind == b"IEND";
        Some(Chunk {
            kind,
            body: self.bytes.get(begin..body_end)?,
            sum,
            whole: sum.is_some(),
        })
    }
}
