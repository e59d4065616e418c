//! JPEG: marker segments up to the first scan.

use super::{Header, be16};
use crate::format::Format;
use crate::refusal::{Refusal, Unsupported};

/// What the frame header says, as far as memory and colour depend on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    /// 1, 3 or 4; other counts are refused.
    pub(crate) components: u8,
    /// Every coefficient is kept in memory until the last scan.
    pub(crate) progressive: bool,
    /// Samples of all components for one pixel of the image, in sixteenths: 48 for 4:4:4, 24 for 4:2:0.
    pub(crate) samples_in_sixteenths: u32,
}

/// Behind it comes a fill byte, which some writers leave at anything.
const EXIF: &[u8] = b"Exif\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

pub(crate) fn read(bytes: &[u8]) -> Result<Header<'_>, Refusal> {
    let mut header = Header::new(Format::Jpeg, 0, 0);
    let mut frame = None;
    let mut at = 2;
    loop {
        let (marker, body_at) = next_marker(bytes, at).ok_or(Refusal::TRUNCATED)?;
        if marker == 0xDA {
            if frame.is_some() && header.height == 0 {
                header.height = lines_behind_scan(bytes, body_at).unwrap_or(0);
            }
            break;
        }
        if marker == 0xD9 {
            return Err(Refusal::MALFORMED);
        }
        if marker == 0x01 || (0xD0..=0xD8).contains(&marker) {
            at = body_at;
            continue;
        }
        let length = usize::from(be16(bytes, body_at).ok_or(Refusal::TRUNCATED)?);
        at = body_at + length;
        let body = bytes
            .get(body_at + 2..at.max(body_at + 2))
            .ok_or(Refusal::TRUNCATED)?;
        match marker {
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                // A second frame header would announce a size that nothing has checked.
                if frame.is_some() {
                    return Err(Refusal::MALFORMED);
                }
                refuse_coding(marker)?;
                header.height = u32::from(be16(body, 1).ok_or(Refusal::TRUNCATED)?);
                header.width = u32::from(be16(body, 3).ok_or(Refusal::TRUNCATED)?);
                frame = Some(read_frame(marker, body)?);
            }
            0xE1 if body.starts_with(EXIF) => {
                header.exif = header.exif.or(body.get(EXIF.len() + 1..).map(Into::into));
            }
            0xE1 if body.starts_with(XMP) => {
                header.xmp = header.xmp.or(body.get(XMP.len()..).map(Into::into));
            }
            0xE2 if body.starts_with(b"ICC_PROFILE\0") => header.icc = true,
            _ => refuse_coding(marker)?,
        }
    }
    let frame = frame.ok_or(Refusal::MALFORMED)?;
    header.jpeg = Some(frame);
    Ok(header)
}

/// The next marker at or after `at`, and where its segment begins. Stray bytes between segments are skipped, as every
/// decoder does: some cameras write them.
pub(crate) fn next_marker(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        let mut rest = bytes.get(at..)?.iter().enumerate();
        rest.by_ref().find(|(_, byte)| **byte == 0xFF)?;
        let (offset, marker) = rest.find(|(_, byte)| **byte != 0xFF)?;
        at += offset + 1;
        if *marker != 0 {
            return Some((*marker, at));
        }
    }
}

/// The height that a frame header left open: a segment behind the first scan says it (T.81, B.2.5).
fn lines_behind_scan(bytes: &[u8], mut at: usize) -> Option<u32> {
    loop {
        let (marker, body_at) = next_marker(bytes, at)?;
        match marker {
            0xD0..=0xD7 => at = body_at,
            0xDC => return be16(bytes, body_at + 2).map(u32::from),
            _ => return None,
        }
    }
}

/// Refuses the codings that no decoder here understands, by name.
pub(crate) fn refuse_coding(marker: u8) -> Result<(), Refusal> {
    let what = match marker {
        // Lossless frames, with arithmetic coding too, and JPEG-LS.
        0xC3 | 0xCB | 0xF7 => Unsupported::LosslessJpeg,
        0xC9 | 0xCA | 0xCC => Unsupported::ArithmeticJpeg,
        0xC5..=0xC7 | 0xCD..=0xCF | 0xDE | 0xDF => Unsupported::HierarchicalJpeg,
        _ => return Ok(()),
    };
    Err(Refusal::Unsupported(what))
}

fn read_frame(marker: u8, body: &[u8]) -> Result<Frame, Refusal> {
    let components = *body.get(5).ok_or(Refusal::TRUNCATED)?;
    if matches!(body.first(), Some(9..=16)) {
        return Err(Refusal::Unsupported(Unsupported::DeepJpeg));
    }
    let known = matches!(marker, 0xC0..=0xC2) && body.first() == Some(&8) && matches!(components, 1 | 3 | 4);
    if !known {
        return Err(Refusal::Unsupported(Unsupported::Variation(Format::Jpeg)));
    }
    let table = body
        .get(6..6 + 3 * usize::from(components))
        .ok_or(Refusal::TRUNCATED)?;
    let factors: Vec<(u32, u32)> = table
        .chunks_exact(3)
        .filter_map(|entry| entry.get(1))
        .map(|sampling| (u32::from(sampling >> 4), u32::from(sampling & 15)))
        .collect();
    let widest = factors.iter().map(|(h, _)| *h).max().unwrap_or(1).max(1);
    let tallest = factors.iter().map(|(_, v)| *v).max().unwrap_or(1).max(1);
    let samples: u32 = factors.iter().map(|(h, v)| h * v).sum();
    Ok(Frame {
        components,
        progressive: marker == 0xC2,
        samples_in_sixteenths: (samples * 16).div_ceil(widest * tallest),
    })
}
