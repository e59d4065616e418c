//! JPEG, shrunk while decoding.

use jpeg_decoder::{Decoder, Error, PixelFormat};

use super::{Channels, Decoded};
use crate::format::Format;
use crate::header::Header;
use crate::header::jpeg::Frame;
use crate::limits::Limits;
use crate::num::index;
use crate::polyglot;
use crate::refusal::{Refusal, Unsupported};

pub(in crate::decode) fn decode(
    bytes: &[u8],
    header: &Header<'_>,
    frame: Frame,
    at_least: Option<u16>,
    limits: &Limits,
) -> Result<Decoded, Refusal> {
    // The decoder reads byte by byte and stops behind the end marker, so that `rest` is then what follows the image.
    let mut rest = bytes;
    let mut decoder = Decoder::new(&mut rest);
    decoder.read_info().map_err(|error| refuse(&error))?;
    let info = decoder.info().ok_or(Refusal::MALFORMED)?;
    let stored = (u32::from(info.width), u32::from(info.height));
    if stored != (header.width, header.height) {
        return Err(Refusal::MALFORMED);
    }
    // Asking for a square gives the smallest eighths whose long side is still long enough.
    let square = at_least.unwrap_or(u16::MAX);
    let (width, height) = decoder.scale(square, square).map_err(|error| refuse(&error))?;
    let size = (u32::from(width), u32::from(height));
    limits.check_memory(memory(frame, stored, size), stored.0, stored.1)?;
    let buffer = u64::from(size.0) * u64::from(size.1) * u64::from(frame.components);
    decoder.set_max_decoding_buffer_size(usize::try_from(buffer).unwrap_or(usize::MAX));
    let mut samples = decoder.decode().map_err(|error| refuse(&error))?;
    let icc = decoder.icc_profile();
    drop(decoder);
    polyglot::check_trailer(rest)?;

    let channels = match info.pixel_format {
        PixelFormat::L8 => Channels::Gray,
        PixelFormat::RGB24 => Channels::Rgb,
        PixelFormat::CMYK32 => Channels::Cmyk,
        PixelFormat::L16 => return Err(Refusal::Unsupported(Unsupported::Variation(Format::Jpeg))),
    };
    // The decoder takes every CMYK file for an Adobe one, whose inks are stored inverted.
    if channels == Channels::Cmyk && !frame.adobe {
        for sample in &mut samples {
            *sample = !*sample;
        }
    }
    let mut image = Decoded::new(size, channels, samples)?;
    image.icc = icc;
    let eighths = eighths(stored, size);
    image.exact = (
        f64::from(stored.0) * eighths / 8.0,
        f64::from(stored.1) * eighths / 8.0,
    );
    Ok(image)
}

/// The scale that was chosen: decoded sides are the stored ones in eighths, rounded up.
fn eighths(stored: (u32, u32), size: (u32, u32)) -> f64 {
    let chosen = [1_u32, 2, 4, 8]
        .into_iter()
        .find(|scale| (stored.0 * scale).div_ceil(8) == size.0);
    f64::from(chosen.unwrap_or(8))
}

/// Bytes held at once: planes, image, and for progressive files sixteen bits for every coefficient.
fn memory(frame: Frame, stored: (u32, u32), size: (u32, u32)) -> u64 {
    let samples = |(width, height): (u32, u32)| {
        // Blocks are whole: up to 31 samples more on each side.
        u64::from(width + 31) * u64::from(height + 31) * u64::from(frame.samples_in_sixteenths) / 16
    };
    let coefficients = if frame.progressive { 2 * samples(stored) } else { 0 };
    coefficients + samples(size) + u64::from(size.0) * u64::from(size.1) * u64::from(frame.components)
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

/// Decodes at the scale that the derivatives need and throws the pixels away: the floor that `derive` is timed against.
///
/// # Errors
/// Whatever decoding refuses.
pub fn decode_floor(bytes: &[u8], limits: &Limits) -> Result<usize, Refusal> {
    let header = crate::header::read(Format::Jpeg, bytes)?;
    let frame = header.jpeg.ok_or(Refusal::MALFORMED)?;
    let side = u16::try_from(crate::SCREEN_SIDE).unwrap_or(u16::MAX);
    let decoded = decode(bytes, &header, frame, Some(side), limits)?;
    Ok(index(decoded.width) * index(decoded.height))
}
