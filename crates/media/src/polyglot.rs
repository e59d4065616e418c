//! Images that are something else as well (C28).
//!
//! Originals are kept byte for byte, so a file that a browser, archive program or PDF reader would open as another kind
//! is refused. What cameras append is not: second images of the Multi-Picture Format (the gain map of an HDR
//! image), the film of a motion photo, makers' trailers, padding.

use crate::refusal::{Refusal, Unsupported};

const REFUSED: Refusal = Refusal::Unsupported(Unsupported::Polyglot);

/// As far into a file or its trailer as readers of PDF and HTML search for a beginning.
const HEAD: usize = 1024;

/// What makes a text a page or script, in lower case.
const MARKUP: [&[u8]; 8] = [
    b"<html",
    b"<!doctype html",
    b"<script",
    b"<svg",
    b"<?php",
    b"<body",
    b"<iframe",
    b"javascript:",
];

/// What archives and programs begin with.
const OTHER_BEGINNINGS: [&[u8]; 8] = [
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"Rar!",
    b"7z\xBC\xAF",
    b"\x7FELF",
    b"MZ",
    b"#!",
    b"\xCA\xFE\xBA\xBE",
];

/// Looks at the beginning and the very end, which needs no knowledge of where the image ends.
pub(crate) fn check_whole(bytes: &[u8]) -> Result<(), Refusal> {
    if is_document(head(bytes)) || ends_as_zip(bytes) {
        Err(REFUSED)
    } else {
        Ok(())
    }
}

/// Looks at what follows the image.
pub(crate) fn check_trailer(trailer: &[u8]) -> Result<(), Refusal> {
    let padding = trailer
        .iter()
        .take_while(|byte| **byte == 0 || byte.is_ascii_whitespace())
        .count();
    let begun = trailer.get(padding..).unwrap_or_default();
    let other = OTHER_BEGINNINGS.iter().any(|magic| begun.starts_with(magic));
    if other || is_document(head(begun)) {
        Err(REFUSED)
    } else {
        Ok(())
    }
}

fn head(bytes: &[u8]) -> &[u8] {
    bytes.get(..bytes.len().min(HEAD)).unwrap_or_default()
}

fn is_document(bytes: &[u8]) -> bool {
    let lower = bytes.to_ascii_lowercase();
    let contains = |needle: &[u8]| lower.windows(needle.len()).any(|window| window == needle);
    contains(b"%pdf-") || MARKUP.iter().any(|needle| contains(needle))
}

/// Whether an archive program would find a ZIP directory at the end: an end record whose comment reaches the end of the
/// file, with a directory in front of it where it says.
fn ends_as_zip(bytes: &[u8]) -> bool {
    const RECORD: usize = 22;
    let tail_at = bytes.len().saturating_sub(RECORD + usize::from(u16::MAX));
    let tail = bytes.get(tail_at..).unwrap_or_default();
    tail.windows(RECORD).enumerate().any(|(offset, record)| {
        if !record.starts_with(b"PK\x05\x06") {
            return false;
        }
        let at = tail_at + offset;
        let comment = record
            .last_chunk::<2>()
            .map_or(0, |length| usize::from(u16::from_le_bytes(*length)));
        let directory = record.get(12..16).and_then(|field| field.first_chunk::<4>());
        let directory = crate::num::index(directory.map_or(0, |length| u32::from_le_bytes(*length)));
        let before = at
            .checked_sub(directory)
            .and_then(|begin| bytes.get(begin..at))
            .unwrap_or_default();
        at + RECORD + comment <= bytes.len() && (directory == 0 || before.starts_with(b"PK\x01\x02"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty_zip(comment: &[u8]) -> Vec<u8> {
        let mut zip = b"PK\x05\x06".to_vec();
        zip.extend_from_slice(&[0; 16]);
        zip.extend_from_slice(&u16::try_from(comment.len()).unwrap().to_le_bytes());
        zip.extend_from_slice(comment);
        zip
    }

    /// C28: what a browser, archive program or PDF reader would open is refused.
    #[test]
    fn documents_and_archives_behind_an_image_are_refused() {
        for trailer in [
            &b"<html><body>hi</body></html>"[..],
            b"\0\0\n  <ScRiPt>alert(1)</script>",
            b"%PDF-1.4",
            b"PK\x03\x04rest",
            b"#!/bin/sh\nrm",
            b"junk junk <?php system($_GET[0]);",
            b"\x7FELF\x02",
        ] {
            assert_eq!(
                check_trailer(trailer),
                Err(REFUSED),
                "{}",
                String::from_utf8_lossy(trailer)
            );
        }
        assert_eq!(
            check_whole(&[&[0; 5000][..], &empty_zip(b"")].concat()),
            Err(REFUSED)
        );
        assert_eq!(
            check_whole(&[&[0; 5000][..], &empty_zip(b"a comment\xFF\xD9")].concat()),
            Err(REFUSED)
        );
        assert_eq!(check_whole(b"\xFF\xD8\xFF\xFE\0\x20%PDF-1.4"), Err(REFUSED));
    }

    #[test]
    fn what_cameras_append_is_kept() {
        for trailer in [
            &b""[..],
            &[0; 4096],
            b"\xFF\xD8\xFF\xE1\0\x10http://ns.adobe.com/xap/1.0/\0<?xpacket begin",
            b"\0\0\0\x18ftypmp42\0\0\0\0",
            b"\0\0\x01\x0A\x0E\0\0\0Image_UTC_Data1600000000000SEFH",
        ] {
            assert_eq!(check_trailer(trailer), Ok(()));
        }
        assert_eq!(check_whole(&vec![0xFF; 100_000]), Ok(()));
    }
}
