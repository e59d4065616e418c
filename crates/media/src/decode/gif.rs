//! GIF: the first frame of the file, on its canvas.

use super::samples::MISSING;
use super::verdict::judge;
use super::{Channels, Decoded, lzw};
use crate::header::Header;
use crate::header::gif::{Frame, first_frame};
use crate::limits::Limits;
use crate::num::{count, index};
use crate::refusal::Refusal;

pub(super) fn decode(bytes: &[u8], header: &Header<'_>, limits: &Limits) -> Result<Decoded, Refusal> {
    let frame = first_frame(bytes)?;
    let (width, height) = (header.width, header.height);
    let pixels = u64::from(frame.width) * u64::from(frame.height);
    let canvas = u64::from(width) * u64::from(height);
    limits.check_memory(pixels + 3 * canvas, width, height)?;

    let (indexes, known) = unpack(bytes, &frame)?;
    let total = count(indexes.len());
    let completeness = judge(total - count(known), total)?;
    let mut samples = vec![u8::MAX; index(width) * index(height) * 3];
    paint(&mut samples, &frame, &indexes, known, width);
    let mut image = Decoded::new((width, height), Channels::Rgb, samples)?;
    image.transparent = frame.transparent.is_some();
    image.completeness = completeness;
    Ok(image)
}

/// Indexes into the palette, in the order of the file, and how many of them the file had.
fn unpack(bytes: &[u8], frame: &Frame<'_>) -> Result<(Vec<u8>, usize), Refusal> {
    if !(1..=8).contains(&frame.code_size) {
        return Err(Refusal::MALFORMED);
    }
    let mut codes = Vec::new();
    let mut at = frame.data_at;
    while let Some(length) = bytes.get(at).copied().filter(|length| *length > 0) {
        let end = at + 1 + usize::from(length);
        codes.extend_from_slice(bytes.get(at + 1..end.min(bytes.len())).unwrap_or_default());
        at = end;
    }
    let mut indexes = vec![0; index(frame.width) * index(frame.height)];
    let known = lzw::unpack(lzw::gif(frame.code_size), &codes, &mut indexes);
    Ok((indexes, known))
}

/// Puts the frame on a white canvas; what reaches beyond the canvas is not seen.
fn paint(samples: &mut [u8], frame: &Frame<'_>, indexes: &[u8], known: usize, canvas_width: u32) {
    let (width, left) = (index(frame.width), index(frame.left));
    let row_bytes = index(canvas_width) * 3;
    for (stored, line) in indexes.chunks_exact(width).enumerate() {
        let y = index(frame.top) + frame.row(stored);
        let place = samples
            .get_mut(y * row_bytes..(y + 1) * row_bytes)
            .and_then(|row| row.get_mut(left * 3..))
            .unwrap_or_default();
        let (place, _) = place.as_chunks_mut::<3>();
        for (x, (pixel, entry)) in place.iter_mut().zip(line).enumerate() {
            if stored * width + x >= known {
                *pixel = [MISSING; 3];
            } else if Some(*entry) != frame.transparent {
                let colour = frame.palette.get(usize::from(*entry) * 3..);
                // An index beyond the palette is black, as browsers have it.
                *pixel = colour
                    .and_then(|rest| rest.first_chunk())
                    .copied()
                    .unwrap_or_default();
            }
        }
    }
}
