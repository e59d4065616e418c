//! What is known about an image: from its container and its EXIF data.

use std::fmt;

use crate::format::Format;
use crate::orientation::Orientation;
use crate::wire::{Malformed, Reading, Writing};

/// What is known about an image (I3). Position data is never among it: only whether the file holds some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The format that the content is in.
    pub format: Format,
    /// Width in pixels when upright.
    pub width: u32,
    /// Height in pixels when upright.
    pub height: u32,
    /// Width in pixels as stored.
    pub stored_width: u32,
    /// Height in pixels as stored.
    pub stored_height: u32,
    /// How the stored image is turned to be upright.
    pub orientation: Orientation,
    /// When the shutter was pressed, by the camera's clock (EXIF `DateTimeOriginal`, else `DateTimeDigitized`).
    pub captured_at: Option<CivilTime>,
    /// Maker and model, such as "Canon EOS 40D"; at most 100 characters, none of them a control character.
    pub device: Option<String>,
    /// Whether the original holds a position (EXIF or XMP).
    pub has_gps: bool,
    /// Whether the original holds a colour profile.
    pub icc: bool,
}

/// A camera clock's reading: a date and time of day, with the offset from UTC when the camera noted it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CivilTime {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    offset_seconds: Option<i32>,
}

impl CivilTime {
    /// Checks that such a day and time exist: year 1800 to 9999, second 0 to 59, offset within 26 hours of UTC.
    #[must_use]
    pub fn new(date: (u16, u8, u8), time: (u8, u8, u8), offset_seconds: Option<i32>) -> Option<Self> {
        let (year, month, day) = date;
        let (hour, minute, second) = time;
        let exists = (1800..=9999).contains(&year)
            && (1..=days_in(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60
            && offset_seconds.is_none_or(|offset| offset.abs() <= 26 * 3600);
        exists.then_some(Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
            offset_seconds,
        })
    }

    /// Year, month (1 to 12), day (1 to 31).
    #[must_use]
    pub fn date(&self) -> (u16, u8, u8) {
        (self.year, self.month, self.day)
    }

    /// Hour, minute, second.
    #[must_use]
    pub fn time(&self) -> (u8, u8, u8) {
        (self.hour, self.minute, self.second)
    }

    /// Seconds east of UTC, when the camera noted them.
    #[must_use]
    pub fn offset_seconds(&self) -> Option<i32> {
        self.offset_seconds
    }
}

/// Days of a month, 0 for a month that doesn't exist.
fn days_in(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

impl fmt::Display for CivilTime {
    /// ISO 8601: `2024-05-01T10:11:12`, with `+02:00` behind it when the offset is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
            ..
        } = self;
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )?;
        if let Some(offset) = self.offset_seconds {
            let sign = if offset < 0 { '-' } else { '+' };
            let minutes = offset.abs() / 60;
            write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)?;
        }
        Ok(())
    }
}

impl Facts {
    pub(crate) fn write(&self, out: &mut Writing) {
        out.u8(self.format.number());
        out.u32(self.stored_width);
        out.u32(self.stored_height);
        out.u8(self.orientation.exif());
        out.flag(self.has_gps);
        out.flag(self.icc);
        out.flag(self.captured_at.is_some());
        if let Some(at) = self.captured_at {
            out.u32(u32::from(at.year));
            for part in [at.month, at.day, at.hour, at.minute, at.second] {
                out.u8(part);
            }
            out.flag(at.offset_seconds.is_some());
            if let Some(offset) = at.offset_seconds {
                out.u32(offset.cast_unsigned());
            }
        }
        out.flag(self.device.is_some());
        if let Some(device) = &self.device {
            out.blob(device.as_bytes());
        }
    }

    pub(crate) fn read(from: &mut Reading<'_>) -> Result<Self, Malformed> {
        let format = Format::from_number(from.u8()?).ok_or(Malformed)?;
        let (stored_width, stored_height) = (from.u32()?, from.u32()?);
        let orientation = match from.u8()? {
            value @ 1..=8 => Orientation::from_exif(u32::from(value)),
            _ => return Err(Malformed),
        };
        let (has_gps, icc) = (from.flag()?, from.flag()?);
        let captured_at = if from.flag()? {
            Some(read_time(from)?)
        } else {
            None
        };
        let device = if from.flag()? {
            let text = std::str::from_utf8(from.blob()?).map_err(|_| Malformed)?;
            Some(device_name(text).filter(|clean| clean == text).ok_or(Malformed)?)
        } else {
            None
        };
        let (width, height) = orientation.upright(stored_width, stored_height);
        Ok(Self {
            format,
            width,
            height,
            stored_width,
            stored_height,
            orientation,
            captured_at,
            device,
            has_gps,
            icc,
        })
    }
}

fn read_time(from: &mut Reading<'_>) -> Result<CivilTime, Malformed> {
    let year = u16::try_from(from.u32()?).map_err(|_| Malformed)?;
    let date = (year, from.u8()?, from.u8()?);
    let time = (from.u8()?, from.u8()?, from.u8()?);
    let offset = if from.flag()? {
        Some(from.u32()?.cast_signed())
    } else {
        None
    };
    CivilTime::new(date, time, offset).ok_or(Malformed)
}

/// Makes a device name of what a camera wrote: no control characters, single spaces, at most 100 characters.
pub(crate) fn device_name(raw: &str) -> Option<String> {
    let spaced: String = raw
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let joined = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = joined.chars().take(100).collect();
    let short = short.trim_end();
    (!short.is_empty()).then(|| short.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_times_that_exist_are_taken() {
        assert!(CivilTime::new((2024, 2, 29), (23, 59, 59), None).is_some());
        assert!(CivilTime::new((2023, 2, 29), (0, 0, 0), None).is_none());
        assert!(CivilTime::new((0, 0, 0), (0, 0, 0), None).is_none());
        assert!(CivilTime::new((2024, 13, 1), (0, 0, 0), None).is_none());
        assert!(CivilTime::new((2024, 1, 1), (24, 0, 0), None).is_none());
        assert!(CivilTime::new((2024, 1, 1), (0, 0, 0), Some(100_000)).is_none());
    }

    #[test]
    fn times_are_written_as_iso_8601() {
        let at = |offset| {
            CivilTime::new((2024, 5, 1), (10, 11, 12), offset)
                .unwrap()
                .to_string()
        };
        assert_eq!(at(None), "2024-05-01T10:11:12");
        assert_eq!(at(Some(7200)), "2024-05-01T10:11:12+02:00");
        assert_eq!(at(Some(-12_600)), "2024-05-01T10:11:12-03:30");
    }

    #[test]
    fn device_names_are_cleaned() {
        assert_eq!(
            device_name(" NIKON \0\n COOLPIX  "),
            Some("NIKON COOLPIX".to_owned())
        );
        assert_eq!(device_name("\0\0 "), None);
        assert_eq!(device_name(&"x".repeat(500)).map(|name| name.len()), Some(100));
    }
}
