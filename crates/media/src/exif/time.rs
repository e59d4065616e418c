//! When a photo was taken, by its camera's clock.

use crate::facts::CivilTime;
use crate::header::tiff::directory::Directory;
use crate::header::tiff::tag;

/// The moment of exposure, else that of digitising, else that of the last change, each with its own offset from UTC or else
/// with the offset of the last change. A time that doesn't exist (zeros, blanks, a thirteenth month) is no time.
pub(super) fn captured_at(first: &Directory<'_>, shot: Option<&Directory<'_>>) -> Option<CivilTime> {
    let inner = |tag| shot.and_then(|shot| text(shot, tag));
    let outer = |tag| text(first, tag);
    // Some writers put fields of the inner directory into the outer one.
    let either = |tag| inner(tag).or_else(|| outer(tag));
    let offset = either(tag::OFFSET_TIME);
    [
        (either(tag::DATE_TIME_ORIGINAL), either(tag::OFFSET_TIME_ORIGINAL)),
        (
            either(tag::DATE_TIME_DIGITIZED),
            either(tag::OFFSET_TIME_DIGITIZED),
        ),
        (outer(tag::DATE_TIME), None),
    ]
    .into_iter()
    .find_map(|(time, own)| {
        let east = own.and_then(offset_of).or_else(|| offset.and_then(offset_of));
        parse(time?, east)
    })
}

fn text<'a>(directory: &Directory<'a>, tag: u16) -> Option<&'a [u8]> {
    let field = directory.field(tag)?;
    let text = field.value.split(|byte| *byte == 0).next()?;
    Some(text.trim_ascii()).filter(|text| !text.is_empty())
}

/// `2024:05:01 10:11:12`, some cameras with other separators, some with fractions behind.
fn parse(text: &[u8], offset: Option<i32>) -> Option<CivilTime> {
    let separators = [4, 7, 10, 13, 16];
    if separators
        .iter()
        .any(|at| text.get(*at).is_none_or(u8::is_ascii_digit))
    {
        return None;
    }
    let small = |from: usize| digits(text.get(from..from + 2)?).and_then(|n| u8::try_from(n).ok());
    let date = (digits(text.get(0..4)?)?, small(5)?, small(8)?);
    let clock = (small(11)?, small(14)?, small(17)?);
    CivilTime::new(date, clock, offset)
}

/// Digits and nothing else: a sign or a blank is no part of a number.
fn digits(text: &[u8]) -> Option<u16> {
    text.iter().try_fold(0_u16, |sum, byte| {
        let digit = byte.is_ascii_digit().then(|| u16::from(byte - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    })
}

/// Seconds east of UTC: `+02:00`, `+0200`, `+02` or `Z`.
fn offset_of(text: &[u8]) -> Option<i32> {
    if matches!(text, b"Z" | b"z") {
        return Some(0);
    }
    let (sign, rest) = text.split_first()?;
    let (hours, minutes) = match rest.len() {
        2 => (digits(rest)?, 0),
        4 => (digits(rest.get(..2)?)?, digits(rest.get(2..)?)?),
        5 if rest.get(2) == Some(&b':') => (digits(rest.get(..2)?)?, digits(rest.get(3..)?)?),
        _ => return None,
    };
    if minutes > 59 {
        return None;
    }
    let seconds = i32::from(hours) * 3600 + i32::from(minutes) * 60;
    let east = match sign {
        b'+' => seconds,
        b'-' => -seconds,
        _ => return None,
    };
    // The widest offsets in use are -12:00 and +14:00; anything else is a camera's mistake, not a time zone.
    (-12 * 3600..=14 * 3600).contains(&east).then_some(east)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_parsed_or_ignored() {
        for (text, east) in [
            (&b"+02:00"[..], Some(7200)),
            (b"+0200", Some(7200)),
            (b"+02", Some(7200)),
            (b"-03:30", Some(-12_600)),
            (b"+05:45", Some(20_700)),
            (b"Z", Some(0)),
            (b"+99:00", None),
            (b"+01:75", None),
            (b"   :  ", None),
            (b"+ 2:00", None),
            (b"02:00", None),
            (b"", None),
        ] {
            assert_eq!(offset_of(text), east, "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn times_that_do_not_exist_are_none() {
        for text in [
            &b"0000:00:00 00:00:00"[..],
            b"    :  :     :  :  ",
            b"2024:13:01 00:00:00",
            b"2023:02:29 00:00:00",
            b"2024:05:01 24:00:00",
            b"2024:05:01",
            b"+024:05:01 10:11:12",
            b"20240501101112",
            b"2024:05:01 10:1 :12",
        ] {
            assert_eq!(parse(text, None), None, "{}", String::from_utf8_lossy(text));
        }
        for text in [
            &b"2024:05:01 10:11:12"[..],
            b"2024-05-01T10:11:12",
            b"2024:05:01 10:11:12.987",
        ] {
            assert_eq!(
                parse(text, None),
                CivilTime::new((2024, 5, 1), (10, 11, 12), None),
                "{}",
                String::from_utf8_lossy(text)
            );
        }
    }
}
