//! GIF: the block list, for the size, the first frame, and where the image ends.

use super::{Header, le16};
use crate::format::Format;
use crate::refusal::Refusal;

/// Bytes of the signature and the screen descriptor.
const SCREEN_END: usize = 13;

pub(super) fn read(bytes: &[u8]) -> Result<Header<'_>, Refusal> {
    let width = u32::from(le16(bytes, 6).ok_or(Refusal::TRUNCATED)?);
    let height = u32::from(le16(bytes, 8).ok_or(Refusal::TRUNCATED)?);
    let frame = first_frame(bytes)?;
    // A first frame larger than its screen widens it, as in browsers; some writers leave the screen at zero.
    let mut header = Header::new(
        Format::Gif,
        width.max(frame.left + frame.width),
        height.max(frame.top + frame.height),
    );
    header.end = end_of_blocks(bytes, frame.descriptor_at);
    Ok(header)
}

/// The first frame of a file.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    descriptor_at: usize,
    pub(crate) left: u32,
    pub(crate) top: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
    interlaced: bool,
    /// Three bytes for each colour.
    pub(crate) palette: &'a [u8],
    /// The index that is no colour.
    pub(crate) transparent: Option<u8>,
    /// Bits of the first codes, without the two codes of the compression itself.
    pub(crate) code_size: u8,
    /// Where the blocks of codes begin.
    pub(crate) data_at: usize,
}

impl Frame<'_> {
    /// Which row of the frame is the one stored at this place.
    pub(crate) fn row(&self, stored: usize) -> usize {
        if !self.interlaced {
            return stored;
        }
        let height = crate::num::index(self.height);
        let mut before = 0;
        for (first, step) in [(0, 8), (4, 8), (2, 4), (1, 2)] {
            let rows = height.saturating_sub(first).div_ceil(step);
            if stored < before + rows {
                return first + (stored - before) * step;
            }
            before += rows;
        }
        stored
    }
}

/// Finds the first frame, without reading its codes.
pub(crate) fn first_frame(bytes: &[u8]) -> Result<Frame<'_>, Refusal> {
    let flags = *bytes.get(10).ok_or(Refusal::TRUNCATED)?;
    let mut at = SCREEN_END + palette_length(flags);
    let screen_palette = bytes.get(SCREEN_END..at).ok_or(Refusal::TRUNCATED)?;
    let mut transparent = None;
    loop {
        match *bytes.get(at).ok_or(Refusal::TRUNCATED)? {
            0x21 => {
                if let Some([0xF9, 4, flags, _, _, entry]) = bytes.get(at + 1..at + 7) {
                    transparent = (flags & 1 == 1).then_some(*entry);
                }
                at = end_of_sub_blocks(bytes, at + 2).ok_or(Refusal::TRUNCATED)?;
            }
            0x2C => return frame(bytes, at, screen_palette, transparent).ok_or(Refusal::TRUNCATED)?,
            _ => return Err(Refusal::MALFORMED),
        }
    }
}

/// Reads the descriptor at `at`; `None` when the file ends in it.
fn frame<'a>(
    bytes: &'a [u8],
    at: usize,
    screen_palette: &'a [u8],
    transparent: Option<u8>,
) -> Option<Result<Frame<'a>, Refusal>> {
    let number = |place| le16(bytes, at + place).map(u32::from);
    let flags = *bytes.get(at + 9)?;
    let palette_end = at + 10 + palette_length(flags);
    let own = bytes.get(at + 10..palette_end)?;
    let frame = Frame {
        descriptor_at: at,
        left: number(1)?,
        top: number(3)?,
        width: number(5)?,
        height: number(7)?,
        interlaced: flags & 0x40 != 0,
        palette: if own.is_empty() { screen_palette } else { own },
        transparent,
        code_size: *bytes.get(palette_end)?,
        data_at: palette_end + 1,
    };
    let empty = frame.width == 0 || frame.height == 0;
    Some(if empty { Err(Refusal::MALFORMED) } else { Ok(frame) })
}

/// Bytes of the colour table that these flags announce.
fn palette_length(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        0
    } else {
        3 << (1 + usize::from(flags & 7))
    }
}

/// Where the blocks end: behind the trailer, or in front of the first thing that is not a block. `None` when the file ends
/// within a block.
fn end_of_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match bytes.get(at) {
            None => return Some(bytes.len()),
            Some(0x3B) => return Some(at + 1),
            Some(0x21) => at = end_of_sub_blocks(bytes, at + 2)?,
            Some(0x2C) => {
                let flags = *bytes.get(at + 9)?;
                // Descriptor (10), its palette, one byte of code size, then the pixels.
                at = end_of_sub_blocks(bytes, at + 10 + palette_length(flags) + 1)?;
            }
            Some(_) => return Some(at),
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
