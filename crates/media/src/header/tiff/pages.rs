//! Which of a file's directories are pages, and which page is shown.

use std::collections::HashSet;

use super::directory::{Directory, File};

/// The pages of a file.
#[derive(Debug)]
pub(crate) struct Pages<'a> {
    /// The largest, the first of equal ones.
    pub(crate) shown: Directory<'a>,
    /// Images in full resolution; at least 1.
    pub(crate) number: u32,
}

/// More pages are not looked at: a chain of directories may be as long as the file.
const MOST_PAGES: usize = 4096;

/// Follows the chain of directories. Smaller versions of a page and masks are no pages; a file that has nothing else shows
/// the largest of them.
pub(crate) fn read(file: File<'_>) -> Option<Pages<'_>> {
    let mut seen = HashSet::new();
    let mut at = file.first();
    let mut first = None;
    let mut page: Option<Directory<'_>> = None;
    let mut other: Option<Directory<'_>> = None;
    let mut number = 0;
    while let Some(place) = at.filter(|place| seen.len() < MOST_PAGES && seen.insert(*place)) {
        let Some(directory) = file.directory(place) else {
            break;
        };
        at = directory.next;
        first = first.or(Some(directory));
        if directory.size().is_none() {
            continue;
        }
        if directory.is_mask() || directory.is_reduced() {
            other = Some(larger(other, directory));
        } else {
            number += 1;
            page = Some(larger(page, directory));
        }
    }
    Some(Pages {
        shown: page.or(other).or(first)?,
        number: number.max(1),
    })
}

/// Of two the one with more pixels, of equal ones the first.
fn larger<'a>(known: Option<Directory<'a>>, new: Directory<'a>) -> Directory<'a> {
    let pixels = |directory: &Directory<'_>| {
        directory
            .size()
            .map_or(0, |(width, height)| u64::from(width) * u64::from(height))
    };
    known.filter(|known| pixels(known) >= pixels(&new)).unwrap_or(new)
}
