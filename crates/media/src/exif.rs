//! The few EXIF fields that are of use. Whatever is wrong with them never refuses an image.

use exif::{Context, Exif, In, Reader, Tag, Value};

use crate::facts::{CivilTime, device_name};
use crate::orientation::Orientation;

/// What EXIF says.
#[derive(Debug, Default)]
pub(crate) struct Shot {
    pub(crate) orientation: Orientation,
    pub(crate) captured_at: Option<CivilTime>,
    pub(crate) device: Option<String>,
    pub(crate) has_gps: bool,
}

/// Reads a payload that begins with a TIFF header. What cannot be read counts as absent.
pub(crate) fn read(payload: &[u8]) -> Shot {
    let parsed = Reader::new()
        .continue_on_error(true)
        .read_raw(payload.to_vec())
        .or_else(|error| error.distill_partial_result(|_| ()));
    let Ok(fields) = parsed else {
        return Shot::default();
    };
    Shot {
        orientation: orientation(&fields),
        captured_at: captured_at(&fields, Tag::DateTimeOriginal, Tag::OffsetTimeOriginal)
            .or_else(|| captured_at(&fields, Tag::DateTimeDigitized, Tag::OffsetTimeDigitized)),
        device: device(&fields),
        // Cameras without a receiver still write the version of the position block.
        has_gps: fields
            .fields()
            .any(|f| f.tag.context() == Context::Gps && f.tag != Tag::GPSVersionID),
    }
}

fn orientation(fields: &Exif) -> Orientation {
    let value = fields
        .get_field(Tag::Orientation, In::PRIMARY)
        .and_then(|field| field.value.get_uint(0));
    value.map_or(Orientation::UPRIGHT, Orientation::from_exif)
}

/// The first text of a field, up to its terminator.
fn text(fields: &Exif, tag: Tag) -> Option<&[u8]> {
    if let Value::Ascii(texts) = &fields.get_field(tag, In::PRIMARY)?.value {
        texts.first().map(Vec::as_slice)
    } else {
        None
    }
}

/// Cameras write `2024:05:01 10:11:12`, some with other separators; the offset as `+02:00`.
fn captured_at(fields: &Exif, time: Tag, offset: Tag) -> Option<CivilTime> {
    let text = text(fields, time)?;
    let number = |from: usize, to: usize| parse_number(text.get(from..to)?);
    let small = |from: usize, to: usize| number(from, to).and_then(|n| u8::try_from(n).ok());
    let date = (number(0, 4)?, small(5, 7)?, small(8, 10)?);
    let clock = (small(11, 13)?, small(14, 16)?, small(17, 19)?);
    let offset = self::text(fields, offset).and_then(parse_offset);
    CivilTime::new(date, clock, offset)
}

fn parse_number(digits: &[u8]) -> Option<u16> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn parse_offset(text: &[u8]) -> Option<i32> {
    let (sign, rest) = text.split_first()?;
    let hours = i32::from(parse_number(rest.get(0..2)?)?);
    let minutes = i32::from(parse_number(rest.get(3..5)?)?);
    let seconds = hours * 3600 + minutes * 60;
    let east = match sign {
        b'+' => seconds,
        b'-' => -seconds,
        _ => return None,
    };
    // The widest offsets in use are -12:00 and +14:00; anything else is a camera's mistake, not a time zone.
    (-12 * 3600..=14 * 3600).contains(&east).then_some(east)
}

/// Maker and model; most models repeat the maker's name.
fn device(fields: &Exif) -> Option<String> {
    let read = |tag| text(fields, tag).and_then(|raw| device_name(&String::from_utf8_lossy(raw)));
    match (read(Tag::Make), read(Tag::Model)) {
        (Some(make), Some(model)) => {
            let maker = make.split(' ').next().unwrap_or_default().to_lowercase();
            if model.to_lowercase().starts_with(&maker) {
                Some(model)
            } else {
                device_name(&format!("{make} {model}"))
            }
        }
        (make, model) => model.or(make),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_parsed_or_ignored() {
        assert_eq!(parse_offset(b"+02:00"), Some(7200));
        assert_eq!(parse_offset(b"-03:30"), Some(-12_600));
        assert_eq!(parse_offset(b"+99:00"), None);
        assert_eq!(parse_offset(b"   :  "), None);
        assert_eq!(parse_offset(b""), None);
    }

    /// I1: EXIF that cannot be read is no reason to refuse an image.
    #[test]
    fn garbage_counts_as_absent() {
        let shot = read(b"II*\0\x08\0\0\0\xFF\xFFgarbage");
        assert_eq!(shot.orientation, Orientation::UPRIGHT);
        assert!(shot.captured_at.is_none() && shot.device.is_none() && !shot.has_gps);
    }
}
