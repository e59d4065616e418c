//! JPEG, shrunk while decoding, and whole only if every MCU has its data.
//!
//! An ordinary file is decoded from a copy in which a decoder that runs out of data fails (`tripwire`): success means that
//! the image is whole. Every other file is gone through first (`survey`), which counts what is there; what is faulty or
//! short of at most a hundredth is decoded from a stream that is written again (`rewrite`).

mod bits;
mod coded;
mod huffman;
mod intervals;
mod layout;
mod progressive;
mod rewrite;
mod scan;
mod sequential;
mod standard;
mod survey;
mod tally;
mod tripwire;

use jpeg_decoder::{Decoder, Error, PixelFormat};

use super::{Channels, Decoded};
use crate::format::Format;
use crate::header::Header;
use crate::header::jpeg::Frame;
use crate::limits::Limits;
use crate::num::{count, index};
use crate::polyglot;
use crate::refusal::{Refusal, Unsupported};

pub(in crate::decode) fn decode(
    bytes: &[u8],
    header: &Header<'_>,
    frame: Frame,
    at_least: Option<u16>,
    limits: &Limits,
) -> Result<Decoded, Refusal> {
    let wanted = Wanted {
        size: (header.width, header.height),
        frame,
        at_least,
        limits,
    };
    if let Some(armed) = tripwire::arm(bytes) {
        match wanted.pixels(&armed.stream) {
            Ok(image) => {
                check_trailer(bytes, armed.end)?;
                return Ok(image);
            }
            Err(refusal @ Refusal::TooManyPixels { .. }) => return Err(refusal),
            // Whatever the decoder did not like, the survey knows better what it means.
            Err(_) => {}
        }
    }
    // Coefficients of a progressive image are what costs memory, and none is needed to know how much.
    limits.check_memory(coefficients(frame, wanted.size), header.width, header.height)?;
    let height = u16::try_from(header.height).map_err(|_| Refusal::MALFORMED)?;
    let survey = survey::survey(bytes, height)?;
    let completeness = survey.completeness()?;
    check_trailer(bytes, survey.end)?;
    let as_it_is = if survey.regular {
        wanted.pixels(bytes).ok()
    } else {
        None
    };
    drop(survey);
    let mut image = match as_it_is {
        Some(image) => image,
        None => wanted.pixels(&survey::rewrite(bytes, height)?)?,
    };
    image.completeness = completeness;
    Ok(image)
}

fn check_trailer(bytes: &[u8], end: usize) -> Result<(), Refusal> {
    polyglot::check_trailer(bytes.get(end..).unwrap_or_default())
}

/// What the decoder is asked for.
#[derive(Debug, Clone, Copy)]
struct Wanted<'l> {
    size: (u32, u32),
    frame: Frame,
    at_least: Option<u16>,
    limits: &'l Limits,
}

impl Wanted<'_> {
    fn pixels(&self, stream: &[u8]) -> Result<Decoded, Refusal> {
        let stored = self.size;
        let mut rest = stream;
        let mut decoder = Decoder::new(&mut rest);
        decoder.read_info().map_err(|error| refuse(&error))?;
        let info = decoder.info().ok_or(Refusal::MALFORMED)?;
        if (u32::from(info.width), u32::from(info.height)) != stored {
            return Err(Refusal::MALFORMED);
        }
        // Whatever is made of it now, it must be possible to show all of its pixels later.
        let memory = memory(self.frame, stored, stored) + count(stream.len());
        self.limits.check_memory(memory, stored.0, stored.1)?;
        // Asking for a square gives the smallest eighths whose long side is still long enough.
        let square = self.at_least.unwrap_or(u16::MAX);
        let (width, height) = decoder.scale(square, square).map_err(|error| refuse(&error))?;
        let size = (u32::from(width), u32::from(height));
        let buffer = u64::from(size.0) * u64::from(size.1) * u64::from(self.frame.components);
        decoder.set_max_decoding_buffer_size(usize::try_from(buffer).unwrap_or(usize::MAX));
        // Every CMYK file is taken for one whose inks are stored inverted, as browsers do, whether or not it says who wrote it.
        let samples = decoder.decode().map_err(|error| refuse(&error))?;
        let icc = decoder.icc_profile();

        let channels = match info.pixel_format {
            PixelFormat::L8 => Channels::Gray,
            PixelFormat::RGB24 => Channels::Rgb,
            PixelFormat::CMYK32 => Channels::Cmyk,
            PixelFormat::L16 => return Err(Refusal::Unsupported(Unsupported::DeepJpeg)),
        };
        let mut image = Decoded::new(size, channels, samples)?;
        image.icc = icc;
        let eighths = eighths(stored, size);
        image.exact = (
            f64::from(stored.0) * eighths / 8.0,
            f64::from(stored.1) * eighths / 8.0,
        );
        Ok(image)
    }
}

/// The scale that was chosen: decoded sides are the stored ones in eighths, rounded up.
fn eighths(stored: (u32, u32), size: (u32, u32)) -> f64 {
    let chosen = [1_u32, 2, 4, 8]
        .into_iter()
        .find(|scale| (stored.0 * scale).div_ceil(8) == size.0);
    f64::from(chosen.unwrap_or(8))
}

/// Bytes held at once: planes, image, and what coefficients need.
fn memory(frame: Frame, stored: (u32, u32), size: (u32, u32)) -> u64 {
    let pixels = u64::from(size.0) * u64::from(size.1) * u64::from(frame.components);
    coefficients(frame, stored) + samples(frame, size) + pixels
}

/// Progressive files keep sixteen bits for every coefficient.
fn coefficients(frame: Frame, stored: (u32, u32)) -> u64 {
    if frame.progressive {
        2 * samples(frame, stored)
    } else {
        0
    }
}

fn samples(frame: Frame, (width, height): (u32, u32)) -> u64 {
    // Blocks are whole: up to 31 samples more on each side.
    u64::from(width + 31) * u64::from(height + 31) * u64::from(frame.samples_in_sixteenths) / 16
}

fn refuse(error: &Error) -> Refusal {
    match error {
        Error::Unsupported(_) => Refusal::Unsupported(Unsupported::Variation(Format::Jpeg)),
        Error::Io(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => Refusal::TRUNCATED,
        // The only other thing the decoder asks of the system is a thread.
        Error::Io(_) => Refusal::STOPPED,
        Error::Format(_) | Error::Internal(_) => Refusal::MALFORMED,
    }
}

/// Decodes at the scale that the derivatives need, judges whether the image is whole, and throws the pixels away: next to
/// [`decode_floor`] it tells what the judgement costs.
///
/// # Errors
/// Whatever decoding refuses.
pub fn decode_judged(bytes: &[u8], limits: &Limits) -> Result<usize, Refusal> {
    let header = crate::header::read(Format::Jpeg, bytes)?;
    let frame = header.jpeg.ok_or(Refusal::MALFORMED)?;
    let side = u16::try_from(crate::SCREEN_SIDE).ok();
    let decoded = decode(bytes, &header, frame, side, limits)?;
    Ok(index(decoded.width) * index(decoded.height))
}

/// Decodes at the scale that the derivatives need and throws the pixels away, without
/// judging whether the image is whole: the floor that `derive` is timed against.
///
/// # Errors
/// Whatever decoding refuses.
pub fn decode_floor(bytes: &[u8], limits: &Limits) -> Result<usize, Refusal> {
    let header = crate::header::read(Format::Jpeg, bytes)?;
    let frame = header.jpeg.ok_or(Refusal::MALFORMED)?;
    let wanted = Wanted {
        size: (header.width, header.height),
        frame,
        at_least: u16::try_from(crate::SCREEN_SIDE).ok(),
        limits,
    };
    let decoded = wanted.pixels(bytes)?;
    Ok(index(decoded.width) * index(decoded.height))
}
