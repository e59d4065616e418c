//! The installation key as text for paper: five numbered lines of groups of four, to be typed by a
//! tired person. Each of the first four lines carries 64 bits of the key and 15 of checksum, so
//! that a typing error is named by its line; the fifth line checks the whole.

pub(crate) mod error;

use cutis_domain::secret::Secret;
use zeroize::Zeroizing;

use crate::base32;
use crate::cipher::{KEY_LEN, checksum};
use crate::installation::InstallationKey;

pub use error::RecoveryError;

const TITLE: &str = "Cutis recovery text 1";
const KEY_LINES: usize = 4;
const LINES: usize = KEY_LINES + 1;
/// Digits of a line: 13 hold 64 bits, 3 the line's checksum. The last line is shorter.
const DATA_DIGITS: u32 = 13;
const CHECK_DIGITS: u32 = 3;
const WHOLE_DIGITS: u32 = 8;

/// The key as a recovery text, with line ends. It opens everything: show it once, never store it.
pub fn to_text(key: &InstallationKey) -> Secret<String> {
    // Room for all of it from the start: a string that grows leaves its old copy in memory.
    let mut text = String::with_capacity(256);
    text.push_str(TITLE);
    text.push('\n');
    for (line, part) in (1..).zip(key.bytes().chunks_exact(8)) {
        let mut digits = Zeroizing::new(String::with_capacity(16));
        base32::push(&mut digits, value(part), DATA_DIGITS);
        base32::push(&mut digits, line_check(line, part), CHECK_DIGITS);
        push_line(&mut text, line, &digits);
    }
    let mut digits = Zeroizing::new(String::with_capacity(8));
    base32::push(&mut digits, whole_check(key.bytes()), WHOLE_DIGITS);
    push_line(&mut text, LINES, &digits);
    Secret::new(text)
}

fn push_line(text: &mut String, line: usize, digits: &str) {
    text.extend(char::from_digit(u32::try_from(line).unwrap_or(0), 10));
    text.push(' ');
    for (place, digit) in digits.chars().enumerate() {
        text.push(if place % 4 == 0 { ' ' } else { digit });
        if place % 4 == 0 {
            text.push(digit);
        }
    }
    text.push('\n');
}

/// The key in a recovery text. Case, spaces, hyphens, empty lines, the order of the lines and the title do not matter;
/// O is read as 0, I and L as 1.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn from_text(text: &str) -> Result<InstallationKey, RecoveryError> {
    let lines = sort_lines(text)?;
    let mut key = Zeroizing::new([0; KEY_LEN]);
    for (line, part) in (1..).zip(key.chunks_exact_mut(8)) {
        let number = read_digits(&lines, line, DATA_DIGITS + CHECK_DIGITS)?;
        let (data, check) = (
            number >> (5 * CHECK_DIGITS),
            number & ((1 << (5 * CHECK_DIGITS)) - 1),
        );
        let data = Zeroizing::new(
            u64::try_from(data)
                .map_err(|_| RecoveryError::Typo(line))?
                .to_be_bytes(),
        );
        if line_check(line, data.as_slice()) != check {
            return Err(RecoveryError::Typo(line));
        }
        part.copy_from_slice(data.as_slice());
    }
    if read_digits(&lines, LINES, WHOLE_DIGITS)? == whole_check(&key) {
        Ok(InstallationKey::from_bytes(&key))
    } else {
        Err(RecoveryError::Mixed)
    }
}

/// The text of each numbered line, by number.
fn sort_lines(text: &str) -> Result<[Option<&str>; LINES], RecoveryError> {
    let mut lines = [None; LINES];
    for (place, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        if line.to_ascii_lowercase().starts_with("cutis") {
            if line.eq_ignore_ascii_case(TITLE) {
                continue;
            }
            return Err(RecoveryError::Version);
        }
        let unnumbered = RecoveryError::Unnumbered(place);
        let (number, rest) = line.split_once(|c: char| !c.is_ascii_digit()).ok_or(unnumbered)?;
        let number: usize = number.parse().map_err(|_| unnumbered)?;
        let slot = number
            .checked_sub(1)
            .and_then(|index| lines.get_mut(index))
            .ok_or(unnumbered)?;
        if slot.replace(rest).is_some() {
            return Err(RecoveryError::LineTwice(number));
        }
    }
    Ok(lines)
}

/// The number that a line's digits spell.
fn read_digits(lines: &[Option<&str>; LINES], line: usize, expected: u32) -> Result<u128, RecoveryError> {
    let text = lines
        .get(line.saturating_sub(1))
        .copied()
        .flatten()
        .ok_or(RecoveryError::LineMissing(line))?;
    let expected = usize::try_from(expected).unwrap_or(usize::MAX);
    let (mut value, mut found) = (0_u128, 0_usize);
    for letter in text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | ':' | ')'))
    {
        let digit = base32::digit(letter).ok_or(RecoveryError::Letter {
            line,
            group: found / 4 + 1,
            letter,
        })?;
        // Digits beyond the expected number are only counted, so that the value cannot overflow.
        if found < expected {
            value = value << 5 | digit;
        }
        found += 1;
    }
    if found == expected {
        Ok(value)
    } else {
        Err(RecoveryError::Length {
            line,
            found,
            expected,
        })
    }
}

fn value(bytes: &[u8]) -> u128 {
    bytes.iter().fold(0, |value, byte| value << 8 | u128::from(*byte))
}

fn line_check(line: usize, data: &[u8]) -> u128 {
    let number = [u8::try_from(line).unwrap_or(0)];
    first_bits(&[b"cutis recovery line v1", &number, data], 5 * CHECK_DIGITS)
}

fn whole_check(key: &[u8; KEY_LEN]) -> u128 {
    first_bits(&[b"cutis recovery text v1", key], 5 * WHOLE_DIGITS)
}

/// The first bits, at most 64, of a digest.
fn first_bits(parts: &[&[u8]], bits: u32) -> u128 {
    let digest = checksum(parts);
    value(digest.as_ref().get(..8).unwrap_or_default()) >> (64 - bits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(bytes: [u8; 32]) -> InstallationKey {
        InstallationKey::from_bytes(&Zeroizing::new(bytes))
    }

    fn sample() -> (InstallationKey, String) {
        let key = key(std::array::from_fn(|i| u8::try_from(i * 37 % 251).unwrap()));
        let text = to_text(&key).expose().clone();
        (key, text)
    }

    /// The text is on paper in somebody's safe: this form must be readable forever.
    #[test]
    fn the_text_is_what_it_always_was() {
        let (_, text) = sample();
        assert_eq!(
            text,
            "Cutis recovery text 1\n\
             1  009A ADYA BKQG 89V5\n\
             2  2TMK QKK0 YC41 NYJV\n\
             3  5MZX 4S7Q 1GFB 2DAA\n\
             4  8FB6 HYRG 4ATM FDT8\n\
             5  S50G P3KC\n"
        );
    }

    #[test]
    fn a_hand_copied_text_is_understood() {
        let (key, text) = sample();
        let untidy = text
            .to_lowercase()
            .replace("  ", ": ")
            .replace('0', "o")
            .replace('1', "l");
        // The line numbers are numbers, not letters.
        let untidy = untidy.replace("\nl", "\n1").replace("text l", "text 1");
        assert_eq!(from_text(&untidy).unwrap().bytes(), key.bytes());
        let mut lines: Vec<_> = text
            .lines()
            .skip(1)
            .map(|line| line.replace(' ', "-").replacen('-', " ", 1))
            .collect();
        lines.reverse();
        assert_eq!(from_text(&lines.join("\r\n\r\n")).unwrap().bytes(), key.bytes());
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let (_, text) = sample();
        let lines: Vec<_> = text.lines().collect();
        let without = |n: usize| {
            lines
                .iter()
                .enumerate()
                .filter(|(i, _)| *i != n)
                .map(|(_, l)| *l)
                .collect::<Vec<_>>()
                .join("\n")
        };
        assert_eq!(from_text(&without(3)).unwrap_err(), RecoveryError::LineMissing(3));
        assert_eq!(from_text(&without(5)).unwrap_err(), RecoveryError::LineMissing(5));
        assert_eq!(from_text("").unwrap_err(), RecoveryError::LineMissing(1));
        assert_eq!(
            from_text(&format!("{text}{}", lines[2])).unwrap_err(),
            RecoveryError::LineTwice(2)
        );
        assert_eq!(
            from_text(&text.replace("text 1", "text 2")).unwrap_err(),
            RecoveryError::Version
        );
        assert_eq!(
            from_text(&format!("\nhello\n{text}")).unwrap_err(),
            RecoveryError::Unnumbered(2)
        );
        assert_eq!(
            from_text(&format!("6 ABCD\n{text}")).unwrap_err(),
            RecoveryError::Unnumbered(1)
        );
        let longer = format!("{}Z", lines[4]);
        assert_eq!(
            from_text(&text.replace(lines[4], &longer)).unwrap_err(),
            RecoveryError::Length {
                line: 4,
                found: 17,
                expected: 16
            }
        );
        let other = to_text(&key([9; 32])).expose().clone();
        let foreign = other.lines().nth(2).unwrap();
        assert_eq!(
            from_text(&text.replace(lines[2], foreign)).unwrap_err(),
            RecoveryError::Mixed
        );
        let message = from_text(&text.replace(lines[2], &lines[2].replace("NYJV", "NYJU"))).unwrap_err();
        assert_eq!(
            message,
            RecoveryError::Letter {
                line: 2,
                group: 4,
                letter: 'U'
            }
        );
    }

    proptest! {
        #[test]
        fn every_key_round_trips(bytes: [u8; 32]) {
            let key = key(bytes);
            let again = from_text(to_text(&key).expose()).unwrap();
            prop_assert_eq!(again.bytes(), &bytes);
        }

        /// One wrong digit is always found: the line's checksum misses one error in 32,768, the
        /// whole's one in 2^40, and the two are independent.
        #[test]
        fn a_wrong_digit_is_never_accepted(bytes: [u8; 32], line in 1_usize..=5, place in 0_usize..16, step in 1_u128..32) {
            let text = to_text(&key(bytes)).expose().clone();
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            let at: Vec<usize> = lines[line].char_indices().skip(2).filter(|(_, c)| *c != ' ').map(|(i, _)| i).collect();
            let at = at[place % at.len()];
            let old = base32::digit(char::from(lines[line].as_bytes()[at])).unwrap();
            let mut new = String::new();
            base32::push(&mut new, (old + step) % 32, 1);
            lines[line].replace_range(at..=at, &new);
            let error = from_text(&lines.join("\n")).unwrap_err();
            prop_assert!(error == RecoveryError::Typo(line) || error == RecoveryError::Mixed, "{:?}", error);
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,300}") {
            prop_assert!(from_text(&text).is_err());
        }
    }
}
