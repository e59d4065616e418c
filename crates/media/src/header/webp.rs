//! WebP: the RIFF chunk list.

use super::{Header, le16, le32};
use crate::format::Format;
use crate::num::index;
use crate::refusal::Refusal;

pub(super) fn read(bytes: &[u8]) -> Result<Header<'_>, Refusal> {
    let length = index(le32(bytes, 4).ok_or(Refusal::TRUNCATED)?);
    let end = length.saturating_add(8);
    let riff = bytes.get(12..end).ok_or(Refusal::TRUNCATED)?;
    let mut header = Header::new(Format::Webp, 0, 0);
    let mut size = None;
    let mut rest = riff;
    while let Some((head, behind)) = rest.split_first_chunk::<8>() {
        let kind = head.first_chunk::<4>().copied().unwrap_or_default();
        let length = index(le32(head, 4).unwrap_or_default());
        let body = behind.get(..length).ok_or(Refusal::TRUNCATED)?;
        match &kind {
            b"VP8X" => size = Some(extended_size(body).ok_or(Refusal::TRUNCATED)?),
            b"VP8 " if size.is_none() => size = Some(lossy_size(body).ok_or(Refusal::MALFORMED)?),
            b"VP8L" if size.is_none() => size = Some(lossless_size(body).ok_or(Refusal::MALFORMED)?),
            // Some writers keep JPEG's prefix, which the format does not have.
            b"EXIF" => header.exif = Some(body.strip_prefix(b"Exif\0\0").unwrap_or(body).into()),
            b"XMP " => header.xmp = Some(body.into()),
            b"ICCP" => header.icc = true,
            _ => {}
        }
        // Chunks are padded to even lengths; the last one's padding may be missing.
        rest = behind.get(length + length % 2..).unwrap_or_default();
    }
    let (width, height) = size.ok_or(Refusal::MALFORMED)?;
    header.width = width;
    header.height = height;
    header.end = Some(end);
    Ok(header)
}

fn three_bytes(body: &[u8], at: usize) -> Option<u32> {
    let bytes = body.get(at..)?.first_chunk::<3>()?;
    let [low, middle, high] = *bytes;
    Some(u32::from_le_bytes([low, middle, high, 0]))
}

fn extended_size(body: &[u8]) -> Option<(u32, u32)> {
    Some((three_bytes(body, 4)? + 1, three_bytes(body, 7)? + 1))
}

fn lossy_size(body: &[u8]) -> Option<(u32, u32)> {
    if body.get(3..6) != Some(&[0x9D, 0x01, 0x2A]) {
        return None;
    }
    Some((
        u32::from(le16(body, 6)? & 0x3FFF),
        u32::from(le16(body, 8)? & 0x3FFF),
    ))
}

fn lossless_size(body: &[u8]) -> Option<(u32, u32)> {
    if body.first() != Some(&0x2F) {
        return None;
    }
    let bits = le32(body, 1)?;
    Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
}
