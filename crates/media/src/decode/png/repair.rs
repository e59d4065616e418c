//! A PNG whose data ends early or whose checksums are wrong, written again with what there is of it.
//!
//! The library gives no rows of a stream that breaks. So the stream is unpacked here, as far as it goes, filled up, and
//! stored without compression in a copy that the library reads as usual.

use flate2::{Crc, Decompress, FlushDecompress, Status};

use crate::header::Header;
use crate::header::png::Chunks;
use crate::limits::Limits;
use crate::num::count;
use crate::refusal::Refusal;

/// A readable copy, and what of the image it lacks.
pub(super) struct Repaired {
    pub(super) bytes: Vec<u8>,
    /// Bytes of unpacked rows that were not in the file.
    pub(super) missing: u64,
    /// Bytes of unpacked rows that the image has.
    pub(super) total: u64,
    /// Pixels that are there, row by row; none for an interlaced image, whose rows come several times.
    pub(super) known_pixels: Option<u64>,
}

/// Deflate makes at most 1,032 bytes of one.
const MOST_RATIO: u64 = 1040;

/// The row filter that repeats the row above: what an interlaced image's missing rows are filled with.
const REPEAT: u8 = 2;

/// Rewrites a file; `bare` leaves out all that pixels do not need, for a file that is whole but for a chunk which the library
/// refuses.
pub(super) fn repair(
    bytes: &[u8],
    header: &Header<'_>,
    limits: &Limits,
    bare: bool,
) -> Result<Repaired, Refusal> {
    let size = (header.width, header.height);
    let mut parts = Parts::of(bytes);
    if bare {
        parts.before.retain(|(kind, _)| matches!(kind, b"PLTE" | b"tRNS"));
    }
    let layout = Layout::read(parts.head, size).ok_or(Refusal::MALFORMED)?;
    // What the data cannot hold at the utmost needs no memory to be found missing.
    if count(parts.data.len()).saturating_mul(MOST_RATIO) < layout.total / 2 {
        return Err(Refusal::TRUNCATED);
    }
    // The unpacked rows and their copy; or the copy, and the image twice.
    limits.check_memory(layout.total.saturating_mul(3), size.0, size.1)?;
    let total = usize::try_from(layout.total).map_err(|_| Refusal::MALFORMED)?;
    let mut rows = vec![0; total];
    let unpacked = unpack(&parts.data, &mut rows);
    // A chunk whose checksum is wrong may still hold right data: the stream has a checksum of its own.
    if parts.doubtful && !unpacked.checked {
        return Err(if unpacked.known < total {
            Refusal::TRUNCATED
        } else {
            Refusal::MALFORMED
        });
    }
    layout.fill(&mut rows, unpacked.known);
    Ok(Repaired {
        bytes: write(&parts, &rows),
        missing: layout.total - count(unpacked.known),
        total: layout.total,
        known_pixels: layout.known_pixels(unpacked.known, header.width),
    })
}

/// What a file is made of, in the order of the file.
struct Parts<'a> {
    head: &'a [u8],
    /// Kinds and bodies of the chunks in front of the data, of those that are sound.
    before: Vec<([u8; 4], &'a [u8])>,
    data: Vec<u8>,
    /// A chunk of data is wholly there and its checksum is wrong.
    doubtful: bool,
}

impl<'a> Parts<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        let mut parts = Self {
            head: &[],
            before: Vec::new(),
            data: Vec::new(),
            doubtful: false,
        };
        for chunk in Chunks::new(bytes) {
            let sound = chunk.sum == Some(checksum(chunk.kind, chunk.body));
            if &chunk.kind == b"IHDR" {
                parts.head = chunk.body;
            } else if &chunk.kind == b"IDAT" {
                parts.data.extend_from_slice(chunk.body);
                parts.doubtful |= chunk.whole && !sound;
            } else if parts.data.is_empty() && sound {
                parts.before.push((chunk.kind, chunk.body));
            }
        }
        parts
    }
}

pub(super) fn checksum(kind: [u8; 4], body: &[u8]) -> u32 {
    let mut sum = Crc::new();
    sum.update(&kind);
    sum.update(body);
    sum.sum()
}

struct Unpacked {
    known: usize,
    /// The stream came to its end and its checksum is right.
    checked: bool,
}

fn unpack(mut data: &[u8], rows: &mut [u8]) -> Unpacked {
    let mut inflate = Decompress::new(true);
    let mut known = 0;
    loop {
        // At the very end the stream's checksum still has to be read, so no room is no reason to stop.
        let room = rows.get_mut(known..).unwrap_or_default();
        let before = (inflate.total_in(), inflate.total_out());
        let status = inflate.decompress(data, room, FlushDecompress::None);
        let taken = usize::try_from(inflate.total_in() - before.0).unwrap_or(usize::MAX);
        let made = usize::try_from(inflate.total_out() - before.1).unwrap_or(usize::MAX);
        data = data.get(taken..).unwrap_or_default();
        known = known.saturating_add(made).min(rows.len());
        match status {
            Ok(Status::StreamEnd) => return Unpacked { known, checked: true },
            Ok(Status::Ok | Status::BufError) if taken > 0 || made > 0 => {}
            Ok(Status::Ok | Status::BufError) | Err(_) => {
                return Unpacked {
                    known,
                    checked: false,
                };
            }
        }
    }
}

/// How the rows of a image follow each other when unpacked: one pass, or seven.
struct Layout {
    /// Bytes of a row with its filter, and rows.
    passes: Vec<(u64, u64)>,
    total: u64,
    /// Bits of a pixel.
    bits: u64,
}

/// First column, first row, step of columns, step of rows of the seven passes (PNG, 8.2).
const PASSES: [(u32, u32, u32, u32); 7] = [
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
];

impl Layout {
    fn read(head: &[u8], (width, height): (u32, u32)) -> Option<Self> {
        let &[_, _, _, _, _, _, _, _, depth, colour, _, _, interlace] = head else {
            return None;
        };
        let samples = match colour {
            0 | 3 => 1,
            2 => 3,
            4 => 2,
            6 => 4,
            _ => return None,
        };
        let bits = u64::from(depth) * samples;
        if bits == 0 {
            return None;
        }
        let row = |pixels: u32| 1 + (u64::from(pixels) * bits).div_ceil(8);
        let passes: Vec<(u64, u64)> = if interlace == 0 {
            vec![(row(width), u64::from(height))]
        } else {
            let sides = PASSES.iter().map(|(x, y, across, down)| {
                (
                    width.saturating_sub(*x).div_ceil(*across),
                    height.saturating_sub(*y).div_ceil(*down),
                )
            });
            sides
                .filter(|(columns, rows)| *columns > 0 && *rows > 0)
                .map(|(columns, rows)| (row(columns), u64::from(rows)))
                .collect()
        };
        let total = passes.iter().map(|(row, rows)| row * rows).sum();
        Some(Self { passes, total, bits })
    }

    /// Gives every row behind `known` a filter that makes something sensible of nothing.
    fn fill(&self, rows: &mut [u8], known: usize) {
        if self.passes.len() == 1 {
            return;
        }
        let mut at = 0;
        for (row, count) in &self.passes {
            let row = usize::try_from(*row).unwrap_or(usize::MAX);
            for _ in 0..*count {
                // The first missing row may have begun; what it has of its own is not mixed with the one above.
                if at >= known
                    && let Some(filter) = rows.get_mut(at)
                {
                    *filter = REPEAT;
                }
                at = at.saturating_add(row);
            }
        }
    }

    fn known_pixels(&self, known: usize, width: u32) -> Option<u64> {
        let [(row, _)] = self.passes.as_slice() else {
            return None;
        };
        let begun = (count(known) % row).saturating_sub(1) * 8 / self.bits;
        Some(count(known) / row * u64::from(width) + begun.min(u64::from(width)))
    }
}

fn write(parts: &Parts<'_>, rows: &[u8]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut out, *b"IHDR", parts.head);
    for (kind, body) in &parts.before {
        chunk(&mut out, *kind, body);
    }
    chunk(&mut out, *b"IDAT", &[0x78, 0x01]);
    let blocks = rows.len().div_ceil(BLOCK);
    for (n, block) in rows.chunks(BLOCK).enumerate() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        let [low, high] = length.to_le_bytes();
        let last = u8::from(n + 1 == blocks);
        let mut stored = vec![last, low, high, !low, !high];
        stored.extend_from_slice(block);
        chunk(&mut out, *b"IDAT", &stored);
    }
    chunk(&mut out, *b"IDAT", &adler(rows).to_be_bytes());
    chunk(&mut out, *b"IEND", &[]);
    out
}

/// The most that a stored block can hold.
const BLOCK: usize = 65_535;

pub(super) fn chunk(out: &mut Vec<u8>, kind: [u8; 4], body: &[u8]) {
    out.extend_from_slice(&u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(&kind);
    out.extend_from_slice(body);
    out.extend_from_slice(&checksum(kind, body).to_be_bytes());
}

/// The checksum of RFC 1950.
fn adler(bytes: &[u8]) -> u32 {
    let (mut low, mut high) = (1_u32, 0_u32);
    // The most that can be added before 32 bits overflow.
    for part in bytes.chunks(5552) {
        for byte in part {
            low += u32::from(*byte);
            high += low;
        }
        low %= 65_521;
        high %= 65_521;
    }
    high << 16 | low
}
