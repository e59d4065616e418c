//! Second formats whose readers search a file for them: each is known by its structure, wherever it lies.

use crate::num::index;

/// Whether a document, archive or program lies anywhere in what follows an image.
pub(super) fn holds_other(bytes: &[u8]) -> bool {
    let mut documents = 0;
    bytes.iter().enumerate().any(|(at, first)| {
        let here = || bytes.get(at..).unwrap_or_default();
        match first {
            b'%' if documents == 0 && pdf_version(here()) => {
                // Objects that the first header has not behind it, no later one has.
                documents += 1;
                has_objects(here())
            }
            b'<' => is_php(here()),
            _ => begins_archive(*first, here),
        }
    })
}

/// Whether an archive lies anywhere in the beginning of a file, where an image keeps what is said of it. Words of PHP and
/// pages are none there: they are in many a comment, and nothing runs them.
pub(super) fn holds_archive(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .enumerate()
        .any(|(at, first)| begins_archive(*first, || bytes.get(at..).unwrap_or_default()))
}

fn begins_archive<'a>(first: u8, here: impl FnOnce() -> &'a [u8]) -> bool {
    match first {
        // Signature and major version.
        b'7' => here().starts_with(b"7z\xBC\xAF\x27\x1C\0"),
        b'R' => {
            let version = here().strip_prefix(b"Rar!\x1A\x07");
            version.is_some_and(|version| version.starts_with(&[0]) || version.starts_with(&[1, 0]))
        }
        b'_' => is_phar(here()),
        _ => false,
    }
}

/// `%PDF-1.7` and its like, at the beginning.
pub(super) fn pdf_version(bytes: &[u8]) -> bool {
    match bytes.strip_prefix(b"%PDF-") {
        Some([major, b'.', minor, ..]) => major.is_ascii_digit() && minor.is_ascii_digit(),
        _ => false,
    }
}

/// `12 0 obj`, `xref` with a number behind it, or `startxref`.
pub(super) fn has_objects(document: &[u8]) -> bool {
    let words = |word: &'static [u8]| {
        document
            .windows(word.len())
            .enumerate()
            .filter(move |(_, window)| *window == word)
            .map(|(at, _)| at)
    };
    let digit_behind = |at: usize| {
        let rest = document.get(at + 4..).unwrap_or_default();
        let blank = rest
            .iter()
            .take(SPACES)
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        rest.get(blank).is_some_and(u8::is_ascii_digit)
    };
    words(b"obj").any(|at| ends_with_two_numbers(document.get(..at).unwrap_or_default()))
        || words(b"xref").any(digit_behind)
}

/// More blanks than any writer puts between two words, or digits into a number: what is looked through again and again
/// must be short.
const SPACES: usize = 64;

fn ends_with_two_numbers(text: &[u8]) -> bool {
    let text = text
        .get(text.len().saturating_sub(3 * SPACES)..)
        .unwrap_or_default();
    let number = |text: &[u8]| {
        let text = text.trim_ascii_end();
        let digits = text.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        (digits > 0).then_some(text.len() - digits)
    };
    let second = number(text).and_then(|end| text.get(..end));
    second.is_some_and(|rest| rest.last().is_some_and(u8::is_ascii_whitespace) && number(rest).is_some())
}

/// PHP runs wherever in a file it stands: its tag, the blank that must follow, and text. The short tags have too few
/// letters to be told from a film's data.
fn is_php(bytes: &[u8]) -> bool {
    let Some((tag, [blank, text @ ..])) = bytes.split_at_checked(5) else {
        return false;
    };
    let printed = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    tag.eq_ignore_ascii_case(b"<?php")
        && blank.is_ascii_whitespace()
        && text
            .first_chunk::<3>()
            .is_some_and(|text| text.iter().all(printed))
}

/// The end of a PHP archive's program and, behind it, its table of contents: length, number of files, version 1.
fn is_phar(bytes: &[u8]) -> bool {
    const STUB: &[u8] = b"__HALT_COMPILER();";
    let Some((stub, rest)) = bytes.split_at_checked(STUB.len()) else {
        return false;
    };
    if !stub.eq_ignore_ascii_case(STUB) {
        return false;
    }
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let rest = rest.strip_prefix(b"?>").unwrap_or(rest);
    let rest = rest.strip_prefix(b"\r").unwrap_or(rest);
    let rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    let [l0, l1, l2, l3, _, _, _, _, version, ..] = *rest else {
        return false;
    };
    let length = index(u32::from_le_bytes([l0, l1, l2, l3]));
    matches!(version, 0x10 | 0x11) && (10..=rest.len()).contains(&length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// C28, I2: a second format's structure is found, however far behind other bytes.
    #[test]
    fn structures_are_found_anywhere() {
        let mut phar = b"<? __HALT_COMPILER(); ?>\r\n".to_vec();
        phar.extend_from_slice(&[20, 0, 0, 0, 1, 0, 0, 0, 0x11, 0]);
        phar.extend_from_slice(&[0; 30]);
        let hidden: [&[u8]; 6] = [
            b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj",
            b"7z\xBC\xAF\x27\x1C\0\x04rest",
            b"Rar!\x1A\x07\0rest",
            b"Rar!\x1A\x07\x01\0rest",
            b"<?PhP\nsystem($_GET[0]);",
            &phar,
        ];
        for (place, bytes) in hidden.iter().enumerate() {
            let far = [&vec![0x55; 100_000], *bytes].concat();
            assert!(holds_other(&far), "{}", bytes.escape_ascii());
            assert_eq!(
                holds_archive(&far),
                matches!(place, 1..=3 | 5),
                "{}",
                bytes.escape_ascii()
            );
        }
    }

    #[test]
    fn words_are_no_structure() {
        for words in [
            &b"%PDF-1.4 is what it was exported from"[..],
            b"obj 1 0 obj in front of %PDF-1.4",
            b"7z\xBC\xAF\x27\x1C",
            b"Rar!\x1A\x08\0",
            b"<?phpinfo or <?php",
            b"<?php \x80\x81\x82",
            b"<?=`$_GET[0]`?>",
            b"<?php-like __HALT_COMPILER(); ?> is a word",
            b"__HALT_COMPILER(); ?>\r\n\xFF\xFF\xFF\xFF\0\0\0\0\x11\0",
        ] {
            assert!(!holds_other(words), "{}", words.escape_ascii());
        }
    }

    /// C31: every byte is looked at once, whatever is repeated.
    #[test]
    fn repeated_beginnings_take_one_pass() {
        for repeated in [
            &b"%PDF-1.4 "[..],
            b"obj",
            b"xref  ",
            b"1 obj ",
            b"__HALT_COMPILER();",
            b"<?php",
        ] {
            assert!(!holds_other(
                &[b"%PDF-1.4", &repeated.repeat(400_000)[..]].concat()
            ));
        }
    }
}
