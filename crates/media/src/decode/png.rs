//! PNG, with the colours that its own chunks declare; what a file lacks at its end is told.

mod colours;
mod repair;
#[cfg(test)]
mod tests;

use std::io::Cursor;

use ::png::{BitDepth, ColorType, Decoder, DecodingError, Limits as PngLimits, Transformations};

use super::samples::{MISSING, lay_on_white, shrink};
use super::verdict::judge;
use super::{Channels, Decoded};
use crate::completeness::Completeness;
use crate::header::Header;
use crate::limits::Limits;
use crate::num::{count, index, narrow};
use crate::refusal::Refusal;

pub(super) fn decode(bytes: &[u8], header: &Header<'_>, limits: &Limits) -> Result<Decoded, Refusal> {
    match read(bytes, header, limits) {
        Err(Fault::Data) => {}
        Err(Fault::Refused(refusal)) => return Err(refusal),
        Ok(image) => return Ok(image),
    }
    // Browsers pass over a chunk of colours that makes no sense, which the library does not.
    for bare in [false, true] {
        let repaired = repair::repair(bytes, header, limits, bare)?;
        let completeness = judge(repaired.missing, repaired.total)?;
        match read(&repaired.bytes, header, limits) {
            Ok(image) => return Ok(with_gaps(image, repaired.known_pixels, completeness)),
            Err(Fault::Data) => {}
            Err(Fault::Refused(refusal)) => return Err(refusal),
        }
    }
    Err(Refusal::MALFORMED)
}

/// Marks a image with the verdict, and paints what it lacks.
fn with_gaps(mut image: Decoded, known_pixels: Option<u64>, completeness: Completeness) -> Decoded {
    if let Some(known) = known_pixels {
        let from = usize::try_from(known).unwrap_or(usize::MAX);
        let from = from.saturating_mul(index(image.channels.count()));
        image.samples.get_mut(from..).unwrap_or_default().fill(MISSING);
    }
    image.completeness = completeness;
    image
}

/// Why a file could not be read.
enum Fault {
    /// The decoder stumbled over the data; whether all of it is there is another question.
    Data,
    Refused(Refusal),
}

fn read(bytes: &[u8], header: &Header<'_>, limits: &Limits) -> Result<Decoded, Fault> {
    let size = (header.width, header.height);
    let fault = |error: DecodingError| match error {
        DecodingError::LimitsExceeded => Fault::Refused(Refusal::TooManyPixels {
            width: size.0,
            height: size.1,
        }),
        DecodingError::IoError(_) | DecodingError::Format(_) | DecodingError::Parameter(_) => Fault::Data,
    };
    let allowed = PngLimits {
        bytes: usize::try_from(limits.max_alloc()).unwrap_or(usize::MAX),
    };
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), allowed);
    decoder.set_transformations(Transformations::EXPAND);
    // What these chunks unpack to has no bound; the profile is read apart.
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let mut reader = decoder.read_info().map_err(fault)?;
    let info = reader.info();
    if (info.width, info.height) != size {
        return Err(Fault::Refused(Refusal::MALFORMED));
    }
    let (colour, depth) = reader.output_color_type();
    let icc = colours::profile(
        info,
        colours::embedded(bytes),
        matches!(colour, ColorType::Grayscale | ColorType::GrayscaleAlpha),
    );
    let total = reader.output_buffer_size().ok_or(Fault::Data)?;
    // An interlaced image is held twice.
    limits
        .check_memory(count(total).saturating_mul(2), size.0, size.1)
        .map_err(Fault::Refused)?;
    let mut buffer = vec![0; total];
    reader.next_frame(&mut buffer).map_err(fault)?;
    drop(reader);

    if depth == BitDepth::Sixteen {
        shrink::<2>(&mut buffer, |raw| narrow(u16::from_be_bytes(raw)));
    }
    let (channels, transparent) = match colour {
        ColorType::Grayscale => (Channels::Gray, false),
        ColorType::Rgb | ColorType::Indexed => (Channels::Rgb, false),
        ColorType::GrayscaleAlpha => {
            lay_on_white::<2>(&mut buffer);
            (Channels::Gray, true)
        }
        ColorType::Rgba => {
            lay_on_white::<4>(&mut buffer);
            (Channels::Rgb, true)
        }
    };
    let mut image = Decoded::new(size, channels, buffer).map_err(Fault::Refused)?;
    image.icc = icc;
    image.transparent = transparent;
    Ok(image)
}
