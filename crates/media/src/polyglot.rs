//! Images that are something else as well (C28).
//!
//! Originals are kept byte for byte, so a file that a browser, archive program, PDF reader or operating system would open as
//! another kind is refused. What counts is the other kind's structure where its readers look for it: words that a
//! person or program wrote into a comment are none. What cameras append is kept: second images of the Multi-Image Format
//! (the gain map of an HDR image), the film of a motion photo, makers' trailers, padding.

use crate::num::index;
use crate::refusal::{Refusal, Unsupported};

const REFUSED: Refusal = Refusal::Unsupported(Unsupported::Polyglot);

/// As far into a file as readers of PDF search for its header, and into a trailer as is searched for code.
const HEAD: usize = 1024;

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
    // A page or program begins at the first byte, where an image's magic is already; only PDF may begin later.
    if holds_pdf(bytes) || ends_as_zip(bytes) {
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
        || holds_php(head(begun))
    {
        Err(REFUSED)
    } else {
        Ok(())
    }
}

fn head(bytes: &[u8]) -> &[u8] {
    bytes.get(..bytes.len().min(HEAD)).unwrap_or_default()
}

/// `%PDF-1.7` and its like, at the beginning.
fn pdf_version(bytes: &[u8]) -> bool {
    match bytes.strip_prefix(b"%PDF-") {
        Some([major, b'.', minor, ..]) => major.is_ascii_digit() && minor.is_ascii_digit(),
        _ => false,
    }
}

/// A header where readers look for it, and behind it an object or a table of objects.
fn holds_pdf(bytes: &[u8]) -> bool {
    let header = head(bytes).windows(5).position(|window| window == b"%PDF-");
    let document = header.and_then(|at| bytes.get(at..));
    document.is_some_and(|document| pdf_version(document) && has_objects(document))
}

/// `12 0 obj`, `xref` with a number behind it, or `startxref`.
fn has_objects(document: &[u8]) -> bool {
    let words = |word: &'static [u8]| {
        document
            .windows(word.len())
            .enumerate()
            .filter(move |(_, window)| *window == word)
            .map(|(at, _)| at)
    };
    let digit_behind = |at: usize| {
        let rest = document.get(at + 4..).unwrap_or_default().trim_ascii_start();
        rest.first().is_some_and(u8::is_ascii_digit)
    };
    words(b"obj").any(|at| ends_with_two_numbers(document.get(..at).unwrap_or_default()))
        || words(b"xref").any(digit_behind)
}

fn ends_with_two_numbers(text: &[u8]) -> bool {
    let number = |text: &[u8]| {
        let text = text.trim_ascii_end();
        let digits = text.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        (digits > 0).then_some(text.len() - digits)
    };
    let second = number(text).and_then(|end| text.get(..end));
    second.is_some_and(|rest| rest.last().is_some_and(u8::is_ascii_whitespace) && number(rest).is_some())
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

/// PHP runs wherever in a file it stands.
fn holds_php(text: &[u8]) -> bool {
    text.to_ascii_lowercase()
        .windows(5)
        .any(|window| window == b"<?php")
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
