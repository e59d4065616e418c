//! One strip or tile, from its packed bytes to rows, as far as the data goes.

use std::io::Read;

use fax::Color;
use fax::decoder::{DecodeStatus, Group4Decoder, pels};
use flate2::{Decompress, FlushDecompress, Status};
use weezl::BitOrder;
use weezl::decode::Configuration;

use super::chunks::{Chunk, Grid};
use super::page::{Compression, Page};
use crate::decode::lzw;

/// Fills `rows` and tells how many bytes of it are known.
pub(super) fn unpack(page: &Page<'_>, grid: &Grid, chunk: &Chunk<'_>, rows: &mut [u8]) -> usize {
    let turned;
    let packed = if page.reversed_bits {
        turned = chunk
            .packed
            .iter()
            .map(|byte| byte.reverse_bits())
            .collect::<Vec<u8>>();
        turned.as_slice()
    } else {
        chunk.packed
    };
    match page.compression {
        Compression::None => copy(packed, rows),
        Compression::Lzw => lzw::unpack(lzw_of(packed), packed, rows),
        Compression::Deflate => deflate(packed, rows),
        Compression::PackBits => packbits(packed, rows),
        Compression::Zstd => zstd(packed, rows),
        Compression::Fax4 => fax4(packed, grid.chunk_width, rows),
        // Has pixels of its own, not rows: see `compressed`.
        Compression::Jpeg => 0,
    }
}

fn copy(packed: &[u8], rows: &mut [u8]) -> usize {
    let known = packed.len().min(rows.len());
    for (to, from) in rows.iter_mut().zip(packed) {
        *to = *from;
    }
    known
}

/// LZW as the specification has it, or as it was before: the lowest bit first, and sizes that change one code later. Those
/// files begin with a clear code of their own shape.
fn lzw_of(packed: &[u8]) -> Configuration {
    if let [0, second, ..] = packed
        && second & 1 == 1
    {
        Configuration::new(BitOrder::Lsb, 8)
    } else {
        Configuration::with_tiff_size_switch(BitOrder::Msb, 8)
    }
}

fn deflate(mut packed: &[u8], rows: &mut [u8]) -> usize {
    let mut inflate = Decompress::new(true);
    let mut known = 0;
    while known < rows.len() {
        let before = (inflate.total_in(), inflate.total_out());
        let room = rows.get_mut(known..).unwrap_or_default();
        let status = inflate.decompress(packed, room, FlushDecompress::None);
        let taken = usize::try_from(inflate.total_in() - before.0).unwrap_or(usize::MAX);
        let made = usize::try_from(inflate.total_out() - before.1).unwrap_or(usize::MAX);
        packed = packed.get(taken..).unwrap_or_default();
        known = known.saturating_add(made).min(rows.len());
        let stuck = taken == 0 && made == 0;
        if stuck || !matches!(status, Ok(Status::Ok | Status::BufError)) {
            break;
        }
    }
    known
}

fn packbits(packed: &[u8], rows: &mut [u8]) -> usize {
    let mut known = 0;
    let mut rest = packed;
    while let Some((head, behind)) = rest.split_first() {
        let room = rows.get_mut(known..).unwrap_or_default();
        if room.is_empty() {
            break;
        }
        let count = usize::from(*head);
        match head {
            0..=127 => {
                let literal = behind.get(..=count).unwrap_or(behind);
                known += copy(literal, room);
                rest = behind.get(count + 1..).unwrap_or_default();
            }
            128 => rest = behind,
            129.. => {
                let Some((value, behind)) = behind.split_first() else {
                    break;
                };
                let length = (257 - count).min(room.len());
                room.get_mut(..length).unwrap_or_default().fill(*value);
                known += length;
                rest = behind;
            }
        }
    }
    known
}

fn zstd(packed: &[u8], rows: &mut [u8]) -> usize {
    let Ok(mut reader) = ruzstd::decoding::StreamingDecoder::new(packed) else {
        return 0;
    };
    let mut known = 0;
    while let Some(room) = rows.get_mut(known..).filter(|room| !room.is_empty()) {
        match reader.read(room) {
            Ok(made) if made > 0 => known += made,
            Ok(_) | Err(_) => break,
        }
    }
    known
}

/// One bit a pixel, set where it is black: what "white is zero" means.
fn fax4(packed: &[u8], width: u32, rows: &mut [u8]) -> usize {
    let Ok(width) = u16::try_from(width) else { return 0 };
    let bytes = packed
        .iter()
        .map(|byte| Ok::<u8, std::convert::Infallible>(*byte));
    let Ok(mut decoder) = Group4Decoder::new(bytes, width);
    let row_bytes = usize::from(width).div_ceil(8);
    let mut known = 0;
    for row in rows.chunks_exact_mut(row_bytes) {
        if !matches!(decoder.advance(), Ok(DecodeStatus::Incomplete)) {
            break;
        }
        for (x, colour) in pels(decoder.transition(), width).enumerate() {
            if colour == Color::Black
                && let Some(byte) = row.get_mut(x / 8)
            {
                *byte |= 0x80 >> (x % 8);
            }
        }
        known += row_bytes;
    }
    known
}
