//! Images that are something else as well (C28).
//!
//! Originals are kept byte for byte, so a file that a browser, archive program, PDF reader or operating system would open as
//! another kind is refused. What counts is the other kind's structure where its readers look for it: words that a
//! person or program wrote into a comment are none. What cameras append is kept: second images of the Multi-Image Format
//! (the gain map of an HDR image), the film of a motion photo, makers' trailers, padding.

mod hidden;

use self::hidden::{has_objects, holds_archive, holds_other, pdf_version};
use crate::num::index;
use crate::refusal::{Refusal, Unsupported};

const REFUSED: Refusal = Refusal::Unsupported(Unsupported::Polyglot);

/// As far into a file as readers of PDF search for its header.
const HEAD: usize = 1024;

/// As far into a file as archives are searched for: what an image says of itself stands in front, and is hardly longer. Looking
/// at all of a file would take as long as a tenth of decoding it.
const SAID: usize = 64 * 1024;

/// What browsers take for the beginning of a page (WHATWG MIME Sniffing, 7.1), in lower case; a space or `>` must follow.
const TAGS: [&[u8]; 18] = [
    b"<!doctype html",
    b"<html",
    b"<head",
    b"<script",
    b"<iframe",
    b"<h1",
    b"<div",
    b"<font",
    b"<table",
    b"<a",
    b"<style",
    b"<title",
    b"<b",
    b"<body",
    b"<br",
    b"<p",
    b"<svg",
    b"<!--",
];

/// What archives, and programs of systems that need no more than their first bytes, begin with.
const OTHER_BEGINNINGS: [&[u8]; 9] = [
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"Rar!\x1A\x07",
    b"7z\xBC\xAF\x27\x1C",
    b"\x7FELF",
    b"\xCA\xFE\xBA\xBE",
    b"\xCF\xFA\xED\xFE",
    b"\xCE\xFA\xED\xFE",
    b"\xFD7zXZ\0",
];

/// Looks at the beginning and the very end, which needs no knowledge of where the image ends.
pub(crate) fn check_whole(bytes: &[u8]) -> Result<(), Refusal> {
    // A page or program begins at the first byte, where an image's magic is already; documents and archives may begin later.
    let said = bytes.get(..bytes.len().min(SAID)).unwrap_or_default();
    if holds_pdf(bytes) || ends_as_zip(bytes) || holds_archive(said) || is_disc(bytes) {
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
    if other
        || is_windows_program(begun)
        || is_script(begun)
        || begins_as_page(begun)
        || pdf_version(begun)
        || begun.starts_with(b"<?=")
        || is_mail(begun)
        || holds_other(trailer)
    {
        Err(REFUSED)
    } else {
        Ok(())
    }
}

fn head(bytes: &[u8]) -> &[u8] {
    bytes.get(..bytes.len().min(HEAD)).unwrap_or_default()
}

/// A header where readers look for it, and behind it an object or a table of objects.
fn holds_pdf(bytes: &[u8]) -> bool {
    let header = head(bytes).windows(5).position(|window| window == b"%PDF-");
    let document = header.and_then(|at| bytes.get(at..));
    document.is_some_and(|document| pdf_version(document) && has_objects(document))
}

/// A program of DOS or Windows: its first header, which says where the second one is.
fn is_windows_program(bytes: &[u8]) -> bool {
    if !bytes.starts_with(b"MZ") {
        return false;
    }
    let field = bytes.get(60..).and_then(|rest| rest.first_chunk::<4>());
    let second = field.map(|at| index(u32::from_le_bytes(*at)));
    let second = second.and_then(|at| bytes.get(at..)).unwrap_or_default();
    second.starts_with(b"PE\0\0") || second.starts_with(b"NE") || second.starts_with(b"LE")
}

/// `#!` and the path of an interpreter.
fn is_script(bytes: &[u8]) -> bool {
    let path = bytes.strip_prefix(b"#!").map(<[u8]>::trim_ascii_start);
    path.is_some_and(|path| path.starts_with(b"/"))
}

/// What a browser would take for a page or drawing if it had only this.
fn begins_as_page(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let lower = head(bytes).to_ascii_lowercase();
    let text = lower.trim_ascii_start();
    let tag = TAGS.iter().any(|tag| {
        let behind = text.strip_prefix(*tag);
        behind.is_some_and(|rest| {
            *tag == b"<!--" || matches!(rest.first(), Some(b' ' | b'>' | b'\t' | b'\n' | b'\r'))
        })
    });
    // A drawing or page may be declared as XML first; makers' metadata is XML of another kind.
    let declared = text.starts_with(b"<?xml")
        && [&b"<svg"[..], b"<html"]
            .iter()
            .any(|root| text.windows(root.len()).any(|window| window == *root));
    tag || declared
}

/// A page with what belongs to it, in the form of a mail: old browsers look for its head behind other bytes.
fn is_mail(bytes: &[u8]) -> bool {
    let lower = head(bytes).to_ascii_lowercase();
    let mut lines = lower.split(|byte| *byte == b'\n');
    lines.any(|line| line.starts_with(b"mime-version:"))
        && lines.any(|line| line.starts_with(b"content-type:"))
}

/// The first descriptor of a disc (ECMA-119, 8.1), which is always at the same place of a file.
fn is_disc(bytes: &[u8]) -> bool {
    const PLACE: usize = 16 * 2048;
    bytes
        .get(PLACE..)
        .is_some_and(|rest| rest.starts_with(b"\x01CD001\x01"))
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
        let directory = index(directory.map_or(0, |length| u32::from_le_bytes(*length)));
        // Of a large one only a signpost in front of the record knows where the directory is (ZIP64).
        let signpost = at.checked_sub(20).and_then(|begin| bytes.get(begin..at));
        if signpost.is_some_and(|signpost| signpost.starts_with(b"PK\x06\x07")) {
            return true;
        }
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

    /// An archive whose record leaves the place of its directory to a signpost in front of it (ZIP64).
    #[test]
    fn a_large_archives_signpost_is_known() {
        let mut zip = b"PK\x06\x07".to_vec();
        zip.extend_from_slice(&[0; 16]);
        zip.extend_from_slice(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
        zip.extend_from_slice(&[0xFF; 8]);
        zip.extend_from_slice(&[0, 0]);
        assert!(ends_as_zip(&zip));
        assert!(!ends_as_zip(&zip[20..]), "without it there is no directory");
    }

    fn empty_zip(comment: &[u8]) -> Vec<u8> {
        let mut zip = b"PK\x05\x06".to_vec();
        zip.extend_from_slice(&[0; 16]);
        zip.extend_from_slice(&u16::try_from(comment.len()).unwrap().to_le_bytes());
        zip.extend_from_slice(comment);
        zip
    }

    fn windows_program() -> Vec<u8> {
        let mut program = b"MZ".to_vec();
        program.resize(128, 0);
        program[60] = 64;
        program[64..68].copy_from_slice(b"PE\0\0");
        program
    }

    /// C28: what a browser, archive program, PDF reader or system would open is refused.
    #[test]
    fn documents_and_archives_behind_an_image_are_refused() {
        let program = windows_program();
        for trailer in [
            &b"<html><body>hi</body></html>"[..],
            b"\0\0\n  <ScRiPt>alert(1)</script>",
            b"\xEF\xBB\xBF<svg xmlns=''>",
            b"<?xml version='1.0'?><svg onload='alert(1)'>",
            b"%PDF-1.4",
            b"PK\x03\x04rest",
            b"#!/bin/sh\nrm",
            b"#! /usr/bin/env python",
            b"junk junk <?php system($_GET[0]);",
            b"<?=`$_GET[0]`?>",
            b"MIME-Version: 1.0\nContent-Type: text/html\n\n<script>",
            b"From: <saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n",
            b"\x7FELF\x02",
            &program,
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
        let mut disc = vec![0; 0x8000];
        disc.extend_from_slice(b"\x01CD001\x01\0");
        assert_eq!(check_whole(&disc), Err(REFUSED));
        let archive = [&[0xFF; 700][..], b"7z\xBC\xAF\x27\x1C\0\x04"].concat();
        assert_eq!(check_whole(&archive), Err(REFUSED));
        for document in [
            &b"\xFF\xD8\xFF\xFE\0\x20%PDF-1.4 1 0 obj << /Type /Catalog"[..],
            b"GIF89a%PDF-1.7\n12  0\nobj",
            b"\x89PNG%PDF-1.3 xref\n0 6",
            b"RIFF....%PDF-1.3 startxref\n116\n%%EOF",
        ] {
            assert_eq!(
                check_whole(document),
                Err(REFUSED),
                "{}",
                String::from_utf8_lossy(document)
            );
        }
    }

    /// Issue 8: words are no document.
    #[test]
    fn words_are_kept() {
        for comment in [
            &b"\xFF\xD8\xFF\xFE\0\x1FPatient <body site: left arm>"[..],
            b"\xFF\xD8\xFF\xFE\0\x1Fexported from %PDF-1.4 by <html> javascript: <svg>",
            b"\xFF\xD8\xFF\xFE\0\x1F%PDF-1.4, object of 3 photos; xref: none",
            b"GIF89a%PDF-x 1 0 obj",
            b"\xFF\xD8\xFF\xFE\0\x1F<?php system(1);__HALT_COMPILER(); ?>",
            b"\xFF\xD8\xFF\xFE\0\x1F<?=`$_GET[0]`?>",
            b"\xFF\xD8\xFF\xFE\0\x1F7z, Rar! and CD001 are archives",
        ] {
            assert_eq!(
                check_whole(comment),
                Ok(()),
                "{}",
                String::from_utf8_lossy(comment)
            );
        }
        for trailer in [
            &b"Patient <body site: left arm>"[..],
            b"Maker note about <html> and %PDF-1.4",
            b"MZ is a maker's word",
            b"#!not a path",
            b"<body_site>arm</body_site>",
            b"<?xml version='1.0'?><note/>",
            b"MIME-Version: is a word",
        ] {
            assert_eq!(
                check_trailer(trailer),
                Ok(()),
                "{}",
                String::from_utf8_lossy(trailer)
            );
        }
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
