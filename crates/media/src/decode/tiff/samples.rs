//! Samples of any depth to eight bits, each to its place in the image.

use super::chunks::{Chunk, place_of};
use super::page::{Page, Photometric, SampleFormat};
use super::predictor::Order;
use crate::decode::Decoded;
use crate::header::tiff::tag;
use crate::num::{index, narrow};
use crate::refusal::{Refusal, TiffKind, Unsupported};

/// The image in eight bits: of each pixel its colours, and its alpha behind them.
pub(super) struct Canvas {
    pub(super) samples: Vec<u8>,
    kept: usize,
    width: usize,
    palette: Option<Palette>,
    /// Where on the canvas each sample of a pixel goes.
    places: Vec<Option<usize>>,
    /// Floating-point samples that were read, and those that are no share of full light.
    floats: (u64, u64),
    /// A row in eight bits, kept so that it is allocated once.
    row: Vec<u8>,
}

impl Canvas {
    /// A black page; whoever calls this has checked its memory.
    pub(super) fn new(page: &Page<'_>) -> Self {
        let kept = usize::from(page.kept());
        let places = (0..page.samples)
            .map(|sample| place_of(page, sample).map(usize::from))
            .collect();
        Self {
            samples: vec![0; index(page.width) * index(page.height) * kept],
            kept,
            width: index(page.width),
            palette: (page.photometric == Photometric::Palette).then(|| Palette::read(page)),
            places,
            floats: (0, 0),
            row: Vec::new(),
        }
    }

    /// Takes one row of a strip or tile.
    pub(super) fn take_row(
        &mut self,
        page: &Page<'_>,
        chunk: &Chunk<'_>,
        y: usize,
        row: &[u8],
        order: Order,
    ) {
        let first = if page.planar { usize::from(chunk.plane) } else { 0 };
        let samples = if page.planar { 1 } else { usize::from(page.samples) };
        let columns = index(chunk.columns);
        let mut small = std::mem::take(&mut self.row);
        small.clear();
        if self.palette.is_some() {
            self.look_up(page, chunk, y, row, order);
        }
        narrow_row(page, row, columns * samples, order, &mut small, |at, inside| {
            let sample = first + at % samples;
            if self.places.get(sample).copied().flatten().is_some() {
                self.floats.0 += 1;
                self.floats.1 += u64::from(!inside);
            }
        });
        let begin = ((index(chunk.y) + y) * self.width + index(chunk.x)) * self.kept;
        let target = self.samples.get_mut(begin..begin + columns * self.kept);
        let pixels = target.unwrap_or_default().chunks_exact_mut(self.kept);
        if samples == self.kept && self.palette.is_none() && self.places.iter().all(Option::is_some) {
            for (pixel, cell) in pixels.zip(small.chunks_exact(samples)) {
                pixel.copy_from_slice(cell);
            }
        } else {
            let places = self.places.get(first..first + samples).unwrap_or_default();
            for (pixel, cell) in pixels.zip(small.chunks_exact(samples)) {
                for (sample, (value, place)) in cell.iter().zip(places).enumerate() {
                    let indexed = self.palette.is_some() && first + sample == 0;
                    let target = place.and_then(|place| pixel.get_mut(place));
                    if let Some(target) = target.filter(|_| !indexed) {
                        *target = *value;
                    }
                }
            }
        }
        self.row = small;
    }

    /// The colours of a row of palette indexes, which are the first sample of a pixel.
    fn look_up(&mut self, page: &Page<'_>, chunk: &Chunk<'_>, y: usize, row: &[u8], order: Order) {
        if page.planar && chunk.plane != 0 {
            return;
        }
        let Some(palette) = &self.palette else { return };
        let samples = if page.planar { 1 } else { usize::from(page.samples) };
        let begin = ((index(chunk.y) + y) * self.width + index(chunk.x)) * self.kept;
        let target = self
            .samples
            .get_mut(begin..begin + index(chunk.columns) * self.kept);
        for (x, pixel) in target.unwrap_or_default().chunks_exact_mut(self.kept).enumerate() {
            let entry = whole(row, x * samples, page.bits, order);
            for (place, value) in pixel.iter_mut().zip(palette.colour(entry)) {
                *place = value;
            }
        }
    }

    /// Takes a strip or tile that was a JPEG.
    pub(super) fn take_decoded(&mut self, page: &Page<'_>, chunk: &Chunk<'_>, decoded: &Decoded) {
        let wide = index(decoded.channels.count());
        let first = if page.planar { usize::from(chunk.plane) } else { 0 };
        let row_bytes = index(decoded.width) * wide;
        let rows = decoded
            .samples
            .chunks_exact(row_bytes.max(1))
            .take(index(chunk.rows));
        for (y, row) in rows.enumerate() {
            let begin = ((index(chunk.y) + y) * self.width + index(chunk.x)) * self.kept;
            let target = self
                .samples
                .get_mut(begin..begin + index(chunk.columns) * self.kept);
            let pixels = target.unwrap_or_default().chunks_exact_mut(self.kept);
            for (pixel, cell) in pixels.zip(row.chunks_exact(wide)) {
                for (sample, value) in cell.iter().enumerate() {
                    let place = self.places.get(first + sample).copied().flatten();
                    if let Some(target) = place.and_then(|place| pixel.get_mut(place)) {
                        *target = *value;
                    }
                }
            }
        }
    }

    /// Refuses a image of floating-point samples that are not shares of full light: each writer has its own scale then.
    pub(super) fn check_range(&self) -> Result<(), Refusal> {
        let (seen, outside) = self.floats;
        if outside.saturating_mul(100) > seen {
            Err(Refusal::Unsupported(Unsupported::Tiff(TiffKind::FloatRange)))
        } else {
            Ok(())
        }
    }
}

/// Brings the first `wanted` samples of a row to eight bits. `seen` hears of each floating-point sample whether it lies
/// between 0 and 1.
fn narrow_row(
    page: &Page<'_>,
    row: &[u8],
    wanted: usize,
    order: Order,
    out: &mut Vec<u8>,
    mut seen: impl FnMut(usize, bool),
) {
    match (page.format, page.bits) {
        (SampleFormat::Unsigned, 8) => out.extend(row.iter().take(wanted)),
        (SampleFormat::Unsigned, 16) => {
            let (cells, _) = row.as_chunks::<2>();
            let read = match order {
                Order::Big => u16::from_be_bytes,
                Order::Little => u16::from_le_bytes,
            };
            out.extend(cells.iter().take(wanted).map(|cell| narrow(read(*cell))));
        }
        (SampleFormat::Unsigned, bits) => {
            out.extend((0..wanted).map(|at| scale(whole(row, at, bits, order), bits)));
        }
        (SampleFormat::Signed, bits) => {
            // The smallest number is black: flipping the sign counts from there.
            let sign = 1_u64 << (bits - 1);
            out.extend((0..wanted).map(|at| scale(whole(row, at, bits, order) ^ sign, bits)));
        }
        (SampleFormat::Float, bits) => {
            for at in 0..wanted {
                let value = real(whole(row, at, bits, order), bits);
                seen(at, (-0.002..=1.002).contains(&value));
                out.push(share(value));
            }
        }
    }
}

/// The sample at a place of a row, as the whole number that its bits are.
fn whole(row: &[u8], at: usize, bits: u8, order: Order) -> u64 {
    let wide = usize::from(bits);
    let join = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
    if bits.is_multiple_of(8) {
        let bytes = row.get(at * wide / 8..(at + 1) * wide / 8).unwrap_or_default();
        return match order {
            Order::Big => bytes.iter().fold(0, join),
            Order::Little => bytes.iter().rev().fold(0, join),
        };
    }
    // Odd depths are packed from the highest bit on, in every byte order.
    let (first, last) = (at * wide, (at + 1) * wide);
    let bytes = row.get(first / 8..last.div_ceil(8)).unwrap_or_default();
    let joined = bytes.iter().fold(0, join);
    let behind = last.div_ceil(8) * 8 - last;
    joined >> behind & ((1 << wide) - 1)
}

/// A share of the largest number of so many bits, in eight.
fn scale(value: u64, bits: u8) -> u8 {
    let most = u128::from(u64::MAX >> (64 - u32::from(bits)));
    u8::try_from((u128::from(value) * 255 + most / 2) / most).unwrap_or(u8::MAX)
}

/// The number that a sample's bits are: IEEE 754 with 16, 32 or 64 bits, or the 24 of some film scanners.
fn real(raw: u64, bits: u8) -> f64 {
    match bits {
        16 => small_real(raw, 5, 10),
        24 => small_real(raw, 7, 16),
        32 => u32::try_from(raw).map_or(f64::NAN, |raw| f64::from(f32::from_bits(raw))),
        _ => f64::from_bits(raw),
    }
}

fn small_real(raw: u64, exponent_bits: u32, fraction_bits: u32) -> f64 {
    let fraction = u32::try_from(raw & ((1 << fraction_bits) - 1)).unwrap_or_default();
    let exponent = u32::try_from(raw >> fraction_bits & ((1 << exponent_bits) - 1)).unwrap_or_default();
    let negative = raw >> (fraction_bits + exponent_bits) & 1 == 1;
    let most = (1 << exponent_bits) - 1;
    let part = f64::from(fraction) / f64::from(1_u32 << fraction_bits);
    let bias = i32::try_from(most / 2).unwrap_or_default();
    let power = |exponent: u32| 2_f64.powi(i32::try_from(exponent).unwrap_or_default() - bias);
    let size = match exponent {
        0 => part * power(1),
        exponent if exponent == most && fraction != 0 => f64::NAN,
        exponent if exponent == most => f64::INFINITY,
        exponent => (1.0 + part) * power(exponent),
    };
    if negative { -size } else { size }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=255 first; a float-to-integer cast saturates, and not-a-number becomes 0"
)]
fn share(value: f64) -> u8 {
    (value * 255.0 + 0.5).clamp(0.0, 255.0) as u8
}

/// Colours by their number.
struct Palette {
    colours: Vec<[u8; 3]>,
}

impl Palette {
    fn read(page: &Page<'_>) -> Self {
        let entries = 1_u64 << page.bits;
        let map = page.directory.field(tag::COLOUR_MAP);
        let value = |at| {
            let number = map.and_then(|map| map.number(at)).unwrap_or_default();
            u16::try_from(number).unwrap_or(u16::MAX)
        };
        // Some writers fill sixteen bits with numbers of eight.
        let eight = (0..entries * 3).all(|at| value(at) < 256);
        let small = |at| {
            let value = value(at);
            if eight {
                u8::try_from(value).unwrap_or(u8::MAX)
            } else {
                narrow(value)
            }
        };
        let colours = (0..entries)
            .map(|entry| [0, 1, 2].map(|part: u64| small(part * entries + entry)))
            .collect();
        Self { colours }
    }

    fn colour(&self, entry: u64) -> [u8; 3] {
        let entry = usize::try_from(entry).ok();
        entry
            .and_then(|entry| self.colours.get(entry))
            .copied()
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_floating_point_numbers_are_read() {
        for (raw, value) in [
            (0x3C00, 1.0),
            (0x3800, 0.5),
            (0xC000, -2.0),
            (0x0001, 5.960_464_477_539_063e-8),
        ] {
            assert!((small_real(raw, 5, 10) - value).abs() < 1e-12, "{raw:x}");
        }
        assert!(small_real(0x7C00, 5, 10).is_infinite() && small_real(0x7E00, 5, 10).is_nan());
        assert!((small_real(0x3F_0000, 7, 16) - 1.0).abs() < 1e-12);
        assert!((small_real(0x3E_8000, 7, 16) - 0.75).abs() < 1e-12);
        assert_eq!(
            (share(f64::NAN), share(-1.0), share(0.5), share(7.0)),
            (0, 0, 128, 255)
        );
    }

    #[test]
    fn depths_are_scaled_so_that_full_stays_full() {
        for bits in [1, 2, 3, 4, 8, 12, 16, 24, 31, 32, 64] {
            assert_eq!(scale(u64::MAX >> (64 - u32::from(bits)), bits), 255, "{bits}");
            assert_eq!(scale(0, bits), 0);
        }
        assert_eq!(whole(&[0xAB, 0xCD, 0xEF], 1, 12, Order::Little), 0xDEF);
        assert_eq!(whole(&[0b1101_0010], 2, 2, Order::Big), 0);
        assert_eq!(whole(&[1, 2, 3, 4], 1, 16, Order::Little), 0x0403);
    }
}
