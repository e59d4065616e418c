//! PNG: the chunk list.

use super::{Header, be32};
use crate::format::Format;
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
    let mut at = 8;
    loop {
        let length = be32(bytes, at).ok_or(Refusal::TRUNCATED)?;
        let kind = bytes.get(at + 4..at + 8).ok_or(Refusal::TRUNCATED)?;
        let body_end = at.saturating_add(8).saturating_add(crate::num::index(length));
        let body = bytes.get(at + 8..body_end).ok_or(Refusal::TRUNCATED)?;
        // The four bytes behind the body are its checksum.
        at = body_end.saturating_add(4);
        if at > bytes.len() {
            return Err(Refusal::TRUNCATED);
        }
        match kind {
            b"eXIf" => header.exif = header.exif.or(Some(body)),
            b"iCCP" => header.icc = true,
            b"iTXt" if body.starts_with(XMP) => header.xmp = body.get(XMP.len()..),
            b"IEND" => break,
            _ => {}
        }
    }
    header.end = Some(at);
    Ok(header)
}
