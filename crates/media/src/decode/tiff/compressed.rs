//! Strips and tiles that are JPEGs, decoded as any JPEG is, with the tables that the page keeps for all of them.

use super::chunks::{Chunk, Grid};
use super::page::{Page, Photometric};
use crate::decode::{Channels, Decoded, jpeg};
use crate::header::tiff::tag;
use crate::limits::Limits;
use crate::refusal::{Refusal, TiffKind, Unsupported};

const START: [u8; 2] = [0xFF, 0xD8];
const END: [u8; 2] = [0xFF, 0xD9];

pub(super) fn decode(
    page: &Page<'_>,
    grid: &Grid,
    chunk: &Chunk<'_>,
    limits: &Limits,
) -> Result<Decoded, Refusal> {
    let stream = stream(page, chunk).ok_or(Refusal::TRUNCATED)?;
    let header = crate::header::jpeg::read(&stream).map_err(|refusal| {
        if matches!(refusal, Refusal::Unsupported(_)) {
            Refusal::Unsupported(Unsupported::Tiff(TiffKind::Channels))
        } else {
            refusal
        }
    })?;
    let frame = header.jpeg.ok_or(Refusal::MALFORMED)?;
    // Blocks may reach beyond the strip, by less than one of them.
    let fits = header.width >= chunk.columns
        && header.width <= grid.chunk_width.saturating_add(63)
        && header.height <= grid.chunk_height.saturating_add(63);
    if !fits {
        return Err(Refusal::MALFORMED);
    }
    let samples = if page.planar { 1 } else { page.samples };
    let mut decoded = jpeg::decode(&stream, &header, frame, None, limits)?;
    if decoded.channels == Channels::Cmyk {
        // In a TIFF 255 is full ink (TIFF 6.0, InkSet), in a JPEG alone it is none.
        for sample in &mut decoded.samples {
            *sample = !*sample;
        }
    }
    let expected = match decoded.channels {
        Channels::Gray => 1,
        Channels::Rgb => 3,
        Channels::Cmyk => 4,
    };
    if expected == samples {
        Ok(decoded)
    } else {
        Err(Refusal::Unsupported(Unsupported::Tiff(TiffKind::Channels)))
    }
}

/// A whole file of a strip: tables, a note on its colours in place of whatever notes it has, and the strip.
fn stream(page: &Page<'_>, chunk: &Chunk<'_>) -> Option<Vec<u8>> {
    let strip = chunk.packed.strip_prefix(&START)?;
    let mut out = START.to_vec();
    let tables = page.directory.field(tag::JPEG_TABLES).map(|field| field.value);
    if let Some(tables) = tables.and_then(|tables| tables.strip_prefix(&START)) {
        out.extend_from_slice(tables.strip_suffix(&END).unwrap_or(tables));
    }
    if !page.planar && matches!(page.photometric, Photometric::Rgb | Photometric::Ycbcr) && page.samples == 3
    {
        // Without the note, three components are taken for lightness and colour differences.
        let differences = u8::from(page.photometric == Photometric::Ycbcr);
        out.extend_from_slice(&[0xFF, 0xEE, 0, 14]);
        out.extend_from_slice(b"Adobe\0\x64\0\0\0\0");
        out.push(differences);
    }
    let mut rest = strip;
    // Segments up to the scan; notes of the strip's own are left out.
    while let [0xFF, marker, high, low, ..] = rest {
        let length = 2 + usize::from(u16::from_be_bytes([*high, *low]));
        if *marker == 0xDA {
            break;
        }
        let segment = rest.get(..length)?;
        if !matches!(marker, 0xE0..=0xEF | 0xFE) {
            out.extend_from_slice(segment);
        }
        rest = rest.get(length..)?;
    }
    out.extend_from_slice(rest);
    Some(out)
}
