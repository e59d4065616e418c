//! Strips and tiles: where each lies in the image and in the file.

use super::page::{Compression, Page, Photometric};
use crate::header::tiff::tag;
use crate::num::index;
use crate::refusal::Refusal;

/// How a page is cut up. A page in strips is one of tiles as wide as the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    pub(super) chunk_width: u32,
    pub(super) chunk_height: u32,
    width: u32,
    height: u32,
    across: u32,
    down: u32,
    planes: u16,
    tiled: bool,
    row_bytes: u64,
}

/// More strips or tiles than this have no sensible file.
const MOST_CHUNKS: u64 = 1 << 22;

/// One strip or tile of one plane.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chunk<'a> {
    /// Which place of the grid it is at.
    pub(super) place: usize,
    /// Which sample its plane has, when each has its own.
    pub(super) plane: u16,
    /// Column and row of its upper left pixel.
    pub(super) x: u32,
    pub(super) y: u32,
    /// Columns and rows that lie within the image.
    pub(super) columns: u32,
    pub(super) rows: u32,
    /// Rows that are stored; tiles are stored whole.
    pub(super) stored_rows: u32,
    /// Its packed bytes, as far as the file has them.
    pub(super) packed: &'a [u8],
}

impl Grid {
    pub(super) fn read(page: &Page<'_>) -> Result<Self, Refusal> {
        let side = |tag| {
            let number = page.directory.number(tag);
            number.map(|n| u32::try_from(n).unwrap_or(u32::MAX))
        };
        let tiled = side(tag::TILE_WIDTH).is_some();
        let (chunk_width, chunk_height) = if tiled {
            let width = side(tag::TILE_WIDTH).unwrap_or_default();
            (width, side(tag::TILE_HEIGHT).unwrap_or(width))
        } else {
            // Without a number of rows there is one strip.
            let rows = side(tag::ROWS_PER_STRIP).filter(|rows| *rows > 0);
            (page.width, rows.unwrap_or(page.height).min(page.height))
        };
        if chunk_width == 0 || chunk_height == 0 {
            return Err(Refusal::MALFORMED);
        }
        let samples = if page.planar { 1 } else { u64::from(page.samples) };
        let grid = Self {
            chunk_width,
            chunk_height,
            width: page.width,
            height: page.height,
            across: page.width.div_ceil(chunk_width),
            down: page.height.div_ceil(chunk_height),
            planes: if page.planar { page.samples } else { 1 },
            tiled,
            row_bytes: (u64::from(chunk_width) * samples * u64::from(page.bits)).div_ceil(8),
        };
        if u64::from(grid.across) * u64::from(grid.down) * u64::from(grid.planes) > MOST_CHUNKS {
            return Err(Refusal::MALFORMED);
        }
        Ok(grid)
    }

    /// Bytes of all strips or tiles when unpacked: what is to be worked through, and more than what is held at once.
    pub(super) fn unpacked_bytes(&self) -> u64 {
        let rows = if self.tiled {
            u64::from(self.down) * u64::from(self.chunk_height)
        } else {
            u64::from(self.height)
        };
        self.row_bytes
            .saturating_mul(rows)
            .saturating_mul(u64::from(self.across) * u64::from(self.planes))
    }

    /// Bytes of a stored row.
    pub(super) fn row_bytes(&self, _page: &Page<'_>) -> usize {
        usize::try_from(self.row_bytes).unwrap_or(usize::MAX)
    }

    /// Places, each of which has a strip or tile of every plane.
    pub(super) fn places(&self) -> usize {
        index(self.across) * index(self.down)
    }

    /// A place, without its bytes.
    pub(super) fn at(&self, place: usize) -> Chunk<'static> {
        let place_number = u32::try_from(place).unwrap_or(u32::MAX);
        let x = place_number % self.across * self.chunk_width;
        let y = place_number / self.across * self.chunk_height;
        let rows = self.chunk_height.min(self.height.saturating_sub(y));
        Chunk {
            place,
            plane: 0,
            x,
            y,
            columns: self.chunk_width.min(self.width.saturating_sub(x)),
            rows,
            stored_rows: if self.tiled { self.chunk_height } else { rows },
            packed: &[],
        }
    }

    /// Every strip or tile in the order of the file's list, plane by plane.
    pub(super) fn chunks<'a>(&self, page: &Page<'a>) -> impl Iterator<Item = Chunk<'a>> {
        // Old writers list tiles as if they were strips.
        let field = |tile, strip| {
            let tiles = page.directory.field(tile).filter(|_| self.tiled);
            tiles.or_else(|| page.directory.field(strip))
        };
        let offsets = field(tag::TILE_OFFSETS, tag::STRIP_OFFSETS);
        let lengths = field(tag::TILE_BYTES, tag::STRIP_BYTES);
        let (grid, page) = (*self, *page);
        let places = self.places();
        (0..self.planes).flat_map(move |plane| {
            (0..places).map(move |place| {
                let empty = grid.at(place);
                let number = u64::try_from(usize::from(plane) * places + place).unwrap_or(u64::MAX);
                let at = offsets.and_then(|field| field.number(number));
                let length = lengths.and_then(|field| field.number(number)).filter(|n| *n > 0);
                let raw = grid.row_bytes.saturating_mul(u64::from(empty.stored_rows));
                let length = match page.compression {
                    // What isn't packed has the length that its rows have, whatever the list says.
                    Compression::None => raw,
                    // Without a length, the codec stops where its data does.
                    Compression::Fax4
                    | Compression::Lzw
                    | Compression::Deflate
                    | Compression::PackBits
                    | Compression::Zstd
                    | Compression::Jpeg => length.unwrap_or(u64::MAX),
                };
                let packed = at.map_or(&[][..], |at| page.directory.file.available(at, length).0);
                Chunk {
                    plane,
                    packed,
                    ..empty
                }
            })
        })
    }
}

/// The sample that a plane has, in the order in which kept samples lie on the canvas; `None` for one that is not kept.
pub(super) fn place_of(page: &Page<'_>, sample: u16) -> Option<u16> {
    let colours = page.photometric.samples();
    let kept_colours = if page.photometric == Photometric::Palette {
        3
    } else {
        colours
    };
    if sample < colours {
        Some(sample)
    } else {
        page.alpha
            .filter(|alpha| alpha.sample == sample)
            .map(|_| kept_colours)
    }
}
