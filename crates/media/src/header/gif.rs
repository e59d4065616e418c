//! GIF: the block list, for the size and for where the image ends.

use super::{Header, le16};
use crate::format::Format;
use crate::refusal::Refusal;

pub(super) fn read(bytes: &[u8]) -> Result<Header<'_>, Refusal> {
    let width = u32::from(le16(bytes, 6).ok_or(Refusal::TRUNCATED)?);
    let height = u32::from(le16(bytes, 8).ok_or(Refusal::TRUNCATED)?);
    let mut header = Header::new(Format::Gif, width, height);
    let flags = *bytes.get(10).ok_or(Refusal::TRUNCATED)?;
    header.end = Some(end_of_blocks(bytes, 13 + palette_length(flags)).ok_or(Refusal::TRUNCATED)??);
    Ok(header)
}

/// Bytes of the colour table that these flags announce.
fn palette_length(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        0
    } else {
        3 << (1 + usize::from(flags & 7))
    }
}

/// Walks to the trailer; `None` when the bytes end before it.
fn end_of_blocks(bytes: &[u8], mut at: usize) -> Option<Result<usize, Refusal>> {
    loop {
        match *bytes.get(at)? {
            0x3B => return Some(Ok(at + 1)),
            0x21 => at = end_of_sub_blocks(bytes, at + 2)?,
            0x2C => {
                let flags = *bytes.get(at + 9)?;
                // Descriptor (10), its palette, one byte of code size, then the pixels.
                at = end_of_sub_blocks(bytes, at + 10 + palette_length(flags) + 1)?;
            }
            _ => return Some(Err(Refusal::MALFORMED)),
        }
    }
}

fn end_of_sub_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}
