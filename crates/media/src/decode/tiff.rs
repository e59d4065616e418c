//! TIFF: its largest page, whatever its samples are laid out like.
//!
//! The directory is read here and each strip or tile unpacked by the codec that its compression names, as far as its data
//! goes; so a cut file has the rows that it has, and what cannot be read is known by name before anything is decoded.

mod chunks;
mod colours;
mod compressed;
mod page;
mod predictor;
mod samples;
#[cfg(test)]
mod tests;
mod unpack;

use super::samples::MISSING;
use super::verdict::judge;
use super::{Channels, Decoded};
use crate::completeness::Completeness;
use crate::header::Header;
use crate::header::tiff::directory::File;
use crate::header::tiff::pages;
use crate::limits::Limits;
use crate::num::index;
use crate::refusal::Refusal;
use chunks::{Chunk, Grid};
use page::{Compression, Page};
use samples::Canvas;

pub(super) fn decode(bytes: &[u8], header: &Header<'_>, limits: &Limits) -> Result<Decoded, Refusal> {
    let file = File::open(bytes).ok_or(Refusal::TRUNCATED)?;
    let pages = pages::read(file).ok_or(Refusal::TRUNCATED)?;
    let page = Page::read(pages.shown)?;
    if (page.width, page.height) != (header.width, header.height) {
        return Err(Refusal::MALFORMED);
    }
    let grid = Grid::read(&page)?;
    let canvas_bytes = page.pixels() * u64::from(page.kept());
    let whole = grid.unpacked_bytes().saturating_add(canvas_bytes);
    limits.check_memory(whole, page.width, page.height)?;

    let mut canvas = Canvas::new(&page);
    let mut known = Known::new(&grid);
    for chunk in grid.chunks(&page) {
        let rows = read_chunk(&page, &grid, &chunk, limits, &mut canvas)?;
        known.note(&chunk, &rows);
    }
    let mut completeness = judge(known.missing_pixels(&grid), page.pixels())?;
    if known.doubtful {
        completeness = Completeness::Incomplete;
    }
    canvas.check_range()?;
    let (channels, mut samples) = colours::finish(&page, canvas);
    for (chunk, rows) in known.lost(&grid) {
        paint_missing(&mut samples, page.width, channels, &chunk, rows);
    }
    let mut image = Decoded::new((page.width, page.height), channels, samples)?;
    image.icc = page.icc.map(<[u8]>::to_vec);
    image.transparent = page.alpha.is_some();
    image.completeness = completeness;
    image.pages = pages.number;
    Ok(image)
}

/// How much of a strip or tile there was.
struct Rows {
    /// Rows from the top that are known.
    known: u32,
    /// All rows are there, and yet the codec found a fault.
    doubtful: bool,
}

fn read_chunk(
    page: &Page<'_>,
    grid: &Grid,
    chunk: &Chunk<'_>,
    limits: &Limits,
    canvas: &mut Canvas,
) -> Result<Rows, Refusal> {
    let row_bytes = grid.row_bytes(page);
    if row_bytes == 0 {
        return Err(Refusal::MALFORMED);
    }
    if let Compression::Jpeg = page.compression {
        return match compressed::decode(page, grid, chunk, limits) {
            Ok(decoded) => {
                canvas.take_decoded(page, chunk, &decoded);
                Ok(Rows {
                    known: decoded.height.min(chunk.rows),
                    doubtful: decoded.completeness == Completeness::Incomplete,
                })
            }
            Err(Refusal::Damaged(_)) => Ok(Rows {
                known: 0,
                doubtful: false,
            }),
            Err(refusal) => Err(refusal),
        };
    }
    let mut rows = vec![0; row_bytes * index(chunk.stored_rows)];
    let known = unpack::unpack(page, grid, chunk, &mut rows);
    let whole_rows = known / row_bytes;
    rows.truncate(whole_rows * row_bytes);
    let known = u32::try_from(whole_rows).unwrap_or(u32::MAX).min(chunk.rows);
    let order = predictor::undo(page, &mut rows, row_bytes);
    for (y, row) in rows.chunks_exact(row_bytes).take(index(known)).enumerate() {
        canvas.take_row(page, chunk, y, row, order);
    }
    Ok(Rows {
        known,
        doubtful: false,
    })
}

/// What of each place of the grid is known: of its planes, the one that has least.
struct Known {
    rows: Vec<u32>,
    doubtful: bool,
}

impl Known {
    fn new(grid: &Grid) -> Self {
        Self {
            rows: vec![u32::MAX; grid.places()],
            doubtful: false,
        }
    }

    fn note(&mut self, chunk: &Chunk<'_>, rows: &Rows) {
        self.doubtful |= rows.doubtful;
        if let Some(known) = self.rows.get_mut(chunk.place) {
            *known = rows.known.min(*known);
        }
    }

    /// The places where something is missing, and how many rows are known there.
    fn lost(&self, grid: &Grid) -> impl Iterator<Item = (Chunk<'static>, u32)> {
        let grid = *grid;
        self.rows.iter().enumerate().filter_map(move |(place, rows)| {
            let chunk = grid.at(place);
            (*rows < chunk.rows).then_some((chunk, *rows))
        })
    }

    fn missing_pixels(&self, grid: &Grid) -> u64 {
        self.lost(grid)
            .map(|(chunk, rows)| u64::from(chunk.rows - rows) * u64::from(chunk.columns))
            .sum()
    }
}

fn paint_missing(samples: &mut [u8], width: u32, channels: Channels, chunk: &Chunk<'_>, known: u32) {
    let wide = index(channels.count());
    let row_bytes = index(width) * wide;
    for y in chunk.y + known..chunk.y + chunk.rows {
        let from = index(y) * row_bytes + index(chunk.x) * wide;
        let lost = samples.get_mut(from..from + index(chunk.columns) * wide);
        lost.unwrap_or_default().fill(MISSING);
    }
}
