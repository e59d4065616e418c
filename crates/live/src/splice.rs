//! Splices: what was typed, removed or pasted, as a change of a text.
//!
//! Places and lengths count UTF-16 code units, because browsers count so.

use crate::part::{common, part};

/// One change: at a place, so much is removed and something inserted instead.
#[derive(Clone, PartialEq, Eq)]
pub struct Splice {
    /// The place, in UTF-16 code units from the beginning.
    pub at: u32,
    /// How many code units are removed.
    pub remove: u32,
    /// What is inserted.
    pub insert: String,
}

impl std::fmt::Debug for Splice {
    /// Redacted: notes are about a person (G11).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Splice[at {}, {} removed]", self.at, self.remove)
    }
}

/// Why splices do not fit a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpliceError {
    /// A place or a length lies outside the text, or within a character.
    #[error("a change lies outside the text; load the visit again")]
    Outside,
    /// The text would become longer than it may be.
    #[error("the text would become too long")]
    TooLong,
}

/// The text that the splices make, each applied to the result of the one before. It may have `most` bytes of UTF-8.
///
/// # Errors
/// `Outside` when a splice does not fit, `TooLong` when the result, or what is on the way to it, is too long.
pub fn apply(text: &str, splices: &[Splice], most: usize) -> Result<String, SpliceError> {
    let mut units: Vec<u16> = text.encode_utf16().collect();
    for splice in splices {
        let at = usize::try_from(splice.at).map_err(|_| SpliceError::Outside)?;
        let removed = usize::try_from(splice.remove).map_err(|_| SpliceError::Outside)?;
        let end = at
            .checked_add(removed)
            .filter(|end| *end <= units.len())
            .ok_or(SpliceError::Outside)?;
        if splits_a_character(&units, at) || splits_a_character(&units, end) {
            return Err(SpliceError::Outside);
        }
        units.splice(at..end, splice.insert.encode_utf16());
        // A code unit is at least one byte of UTF-8.
        if units.len() > most {
            return Err(SpliceError::TooLong);
        }
    }
    let text = String::from_utf16(&units).map_err(|_| SpliceError::Outside)?;
    if text.len() > most {
        return Err(SpliceError::TooLong);
    }
    Ok(text)
}

/// The splices that make one text of the other: none, or one that leaves alone what both begin and end with.
pub fn between(old: &str, new: &str) -> Vec<Splice> {
    if old == new {
        return Vec::new();
    }
    let (old, new): (Vec<u16>, Vec<u16>) = (old.encode_utf16().collect(), new.encode_utf16().collect());
    let (mut start, mut end) = common(&old, &new);
    if splits_a_character(&old, start) || splits_a_character(&new, start) {
        start -= 1;
    }
    if splits_a_character(&old, old.len() - end) || splits_a_character(&new, new.len() - end) {
        end -= 1;
    }
    vec![Splice {
        at: count(start),
        remove: count(old.len() - end - start),
        insert: String::from_utf16_lossy(part(&new, start..new.len() - end)),
    }]
}

/// Splices as bytes: for each, place, length removed and bytes inserted as four bytes each, big-endian, and what is
/// inserted. For keeping what led from one version to the next.
pub fn to_bytes(splices: &[Splice]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for splice in splices {
        for number in [splice.at, splice.remove, count(splice.insert.len())] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        bytes.extend_from_slice(splice.insert.as_bytes());
    }
    bytes
}

/// Reads what [`to_bytes`] writes; `None` if it is anything else.
pub fn from_bytes(mut bytes: &[u8]) -> Option<Vec<Splice>> {
    let mut splices = Vec::new();
    while !bytes.is_empty() {
        let [at, remove, length] = [number(&mut bytes)?, number(&mut bytes)?, number(&mut bytes)?];
        let (insert, rest) = bytes.split_at_checked(usize::try_from(length).ok()?)?;
        bytes = rest;
        let insert = std::str::from_utf8(insert).ok()?.to_owned();
        splices.push(Splice { at, remove, insert });
    }
    Some(splices)
}

fn number(bytes: &mut &[u8]) -> Option<u32> {
    let (number, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(u32::from_be_bytes(*number))
}

/// Whether a place lies between the two halves of a character.
fn splits_a_character(units: &[u16], at: usize) -> bool {
    units.get(at).is_some_and(|unit| (0xDC00..0xE000).contains(unit))
        && at
            .checked_sub(1)
            .and_then(|before| units.get(before))
            .is_some_and(|unit| (0xD800..0xDC00).contains(unit))
}

fn count(units: usize) -> u32 {
    u32::try_from(units).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn splice(at: u32, remove: u32, insert: &str) -> Splice {
        Splice {
            at,
            remove,
            insert: insert.to_owned(),
        }
    }

    #[test]
    fn splices_follow_one_another() {
        let typed = [splice(0, 0, "Naevus"), splice(6, 0, " links"), splice(0, 1, "n")];
        assert_eq!(apply("", &typed, 100), Ok("naevus links".to_owned()));
    }

    /// What does not fit is refused, and a character is never cut in two.
    #[test]
    fn what_does_not_fit_is_refused() {
        for wrong in [
            splice(2, 0, "x"),
            splice(0, 2, ""),
            splice(u32::MAX, 1, ""),
            splice(1, u32::MAX, ""),
        ] {
            assert_eq!(apply("a", &[wrong], 10), Err(SpliceError::Outside));
        }
        assert_eq!(apply("🩺", &[splice(1, 0, "x")], 10), Err(SpliceError::Outside));
        assert_eq!(apply("🩺", &[splice(0, 1, "")], 10), Err(SpliceError::Outside));
        assert_eq!(apply("🩺", &[splice(0, 2, "")], 10), Ok(String::new()));
        assert_eq!(apply("aé", &[splice(0, 0, "b")], 4), Ok("baé".to_owned()));
        assert_eq!(apply("aé", &[splice(0, 0, "bc")], 4), Err(SpliceError::TooLong));
    }

    proptest! {
        #[test]
        fn what_lies_between_leads_from_one_to_the_other(old in "[ab🩺🩸é\n]{0,12}", new in "[ab🩺🩸é\n]{0,12}") {
            let splices = between(&old, &new);
            prop_assert_eq!(splices.is_empty(), old == new);
            prop_assert_eq!(from_bytes(&to_bytes(&splices)), Some(splices.clone()));
            prop_assert_eq!(apply(&old, &splices, 1_000), Ok(new));
        }

        #[test]
        fn other_bytes_are_no_splices_or_read_back(bytes in proptest::collection::vec(0_u8..3, 0..40)) {
            if let Some(splices) = from_bytes(&bytes) {
                prop_assert_eq!(to_bytes(&splices), bytes);
            }
        }
    }
}
