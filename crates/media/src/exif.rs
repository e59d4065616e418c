//! The few EXIF fields that are of use, read as browsers read them. Whatever is wrong with them never refuses an image.

use crate::facts::{CivilTime, device_name};
use crate::header::tiff::directory::{Directory, File};
use crate::header::tiff::{pages, tag};
use crate::orientation::Orientation;

mod time;

/// What EXIF says.
#[derive(Debug, Default)]
pub(crate) struct Shot {
    pub(crate) orientation: Orientation,
    pub(crate) captured_at: Option<CivilTime>,
    pub(crate) device: Option<String>,
    pub(crate) has_gps: bool,
}

/// Reads a block, or a TIFF file, that begins with a TIFF header. What cannot be read counts as absent.
pub(crate) fn read(block: &[u8]) -> Shot {
    let file = File::open(block);
    let first = file.and_then(|file| file.directory(file.first()?));
    let (Some(file), Some(first)) = (file, first) else {
        return Shot::default();
    };
    // Of a file with several pages, each has an orientation; of a block only the first directory is the image's.
    let turned = pages::read(file).map_or(first, |pages| pages.shown);
    let inner = |tag| file.directory(first.number(tag)?);
    let shot = inner(tag::EXIF_DIRECTORY);
    Shot {
        orientation: orientation(&turned),
        captured_at: time::captured_at(&first, shot.as_ref()),
        device: device(&first),
        has_gps: inner(tag::GPS_DIRECTORY).is_some_and(|gps| has_position(&gps)),
    }
}

/// Only a single SHORT is an orientation; the first of several counts.
fn orientation(directory: &Directory<'_>) -> Orientation {
    let mut fields = directory
        .fields()
        .filter(|(number, _)| *number == tag::ORIENTATION);
    let value = fields.find_map(|(_, field)| field.one_short());
    value
        .and_then(|value| u32::try_from(value).ok())
        .map_or(Orientation::UPRIGHT, Orientation::from_exif)
}

/// Cameras without a receiver still write the version (tag 0) of the position block.
fn has_position(gps: &Directory<'_>) -> bool {
    gps.fields().any(|(number, _)| number != 0)
}

/// Maker and model; most models repeat the maker's name.
fn device(directory: &Directory<'_>) -> Option<String> {
    let read = |tag| {
        let field = directory.field(tag)?;
        device_name(&String::from_utf8_lossy(field.text()?))
    };
    match (read(tag::MAKE), read(tag::MODEL)) {
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

    /// I1: EXIF that cannot be read is no reason to refuse an image.
    #[test]
    fn garbage_counts_as_absent() {
        for block in [
            &b"II*\0\x08\0\0\0\xFF\xFFgarbage"[..],
            b"",
            b"II",
            b"MM\0*\xFF\xFF\xFF\xFF",
            b"II*\0\x08\0\0\0\0\0",
        ] {
            let shot = read(block);
            assert_eq!(shot.orientation, Orientation::UPRIGHT);
            assert!(shot.captured_at.is_none() && shot.device.is_none() && !shot.has_gps);
        }
    }
}
