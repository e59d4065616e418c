//! Where the last byte lies that a TIFF's directories know of.

use std::collections::HashSet;

use super::directory::{Directory, File};
use super::tag;

/// More directories, and more strips of all of them together, are not looked at: the file then ends where it ends.
const MOST_DIRECTORIES: usize = 4096;
const MOST_PARTS: u64 = 1 << 20;

/// Lists of places, and of the lengths of what lies there.
const PARTS: [(u16, u16); 3] = [
    (tag::STRIP_OFFSETS, tag::STRIP_BYTES),
    (tag::TILE_OFFSETS, tag::TILE_BYTES),
    (tag::JPEG_OFFSET, tag::JPEG_BYTES),
];

/// Behind the last byte that anything in the file is said to take. `None` when that isn't known: without a length, what lies
/// at a place may reach up to the end of the file.
pub(super) fn end(file: File<'_>) -> Option<u64> {
    let mut seen = HashSet::new();
    let mut waiting: Vec<u64> = file.first().into_iter().collect();
    let mut left = MOST_PARTS;
    let mut end = 8;
    while let Some(place) = waiting.pop() {
        if !seen.insert(place) {
            continue;
        }
        if seen.len() > MOST_DIRECTORIES {
            return None;
        }
        let Some(directory) = file.directory(place) else {
            continue;
        };
        waiting.extend(directory.next);
        end = end.max(directory.end);
        for (number, field) in directory.fields() {
            end = end.max(field.end);
            let leads_on = matches!(
                number,
                tag::SUB_DIRECTORIES
                    | tag::EXIF_DIRECTORY
                    | tag::GPS_DIRECTORY
                    | tag::INTEROPERABILITY_DIRECTORY
            );
            if leads_on {
                left = left.checked_sub(field.count)?;
                waiting.extend((0..field.count).map_while(|at| field.number(at)));
            }
        }
        for (offsets, lengths) in PARTS {
            end = end.max(end_of_parts(&directory, offsets, lengths, &mut left)?);
        }
    }
    Some(end)
}

fn end_of_parts(directory: &Directory<'_>, offsets: u16, lengths: u16, left: &mut u64) -> Option<u64> {
    let Some(places) = directory.field(offsets) else {
        return Some(0);
    };
    let lengths = directory.field(lengths)?;
    *left = left.checked_sub(places.count)?;
    let mut end = 0;
    // A list that the file cuts short has what is there.
    for at in (0..places.count).map_while(|at| places.number(at).map(|place| (at, place))) {
        let length = lengths.number(at.0).filter(|length| *length > 0)?;
        end = end.max(at.1.saturating_add(length));
    }
    Some(end)
}
