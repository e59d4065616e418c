//! `Range` requests (RFC 9110, section 14): one range of bytes; anything else gets the whole.

use std::ops::Range;

/// What part of a representation was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// This part.
    Part(Range<u64>),
    /// A part that does not exist.
    Unsatisfiable,
    /// All of it.
    Whole,
}

/// Reads a `Range` header for a representation of `length` bytes.
pub(super) fn asked(header: Option<&str>, length: u64) -> Asked {
    let Some(spec) = header.and_then(|header| header.strip_prefix("bytes=")) else {
        return Asked::Whole;
    };
    let Some((first, last)) = spec.split_once('-') else {
        return Asked::Whole;
    };
    let range = match (first.trim(), last.trim()) {
        ("", last) => number(last).map(|suffix| length.saturating_sub(suffix)..length),
        (first, "") => number(first).map(|first| first..length),
        (first, last) => match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => Some(first..last.saturating_add(1).min(length)),
            _ => None,
        },
    };
    match range {
        Some(range) if range.start < range.end => Asked::Part(range),
        Some(_) => Asked::Unsatisfiable,
        None => Asked::Whole,
    }
}

/// A position; one that no number here holds is behind every end.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_rfc_9110() {
        for (header, expected) in [
            ("bytes=0-0", Asked::Part(0..1)),
            ("bytes=2-", Asked::Part(2..10)),
            ("bytes=-3", Asked::Part(7..10)),
            ("bytes=-30", Asked::Part(0..10)),
            ("bytes=4-900", Asked::Part(4..10)),
            ("bytes=10-", Asked::Unsatisfiable),
            ("bytes=-0", Asked::Unsatisfiable),
            ("bytes=18446744073709551615-", Asked::Unsatisfiable),
            ("bytes=18446744073709551616-", Asked::Unsatisfiable),
            (
                "bytes=18446744073709551616-99999999999999999999",
                Asked::Unsatisfiable,
            ),
            ("bytes=4-99999999999999999999", Asked::Part(4..10)),
            ("bytes=4-18446744073709551615", Asked::Part(4..10)),
            ("bytes=-99999999999999999999", Asked::Part(0..10)),
            ("bytes=99999999999999999999-4", Asked::Whole),
            ("bytes=-", Asked::Whole),
            ("bytes=5-4", Asked::Whole),
            ("bytes=0-1,3-4", Asked::Whole),
            ("bytes=+1-2", Asked::Whole),
            ("lines=1-2", Asked::Whole),
        ] {
            assert_eq!(asked(Some(header), 10), expected, "{header}");
        }
        assert_eq!(asked(None, 10), Asked::Whole);
    }
}
