//! WebP; of an animation the first image.

use std::io::Cursor;

use image::error::LimitErrorKind;
use image::{ColorType, ImageDecoder, ImageError, ImageFormat, ImageReader};

use super::samples::{lay_on_white, shrink};
use super::{Channels, Decoded};
use crate::colour::MOST_PROFILE_BYTES;
use crate::header::Header;
use crate::limits::Limits;
use crate::num::{narrow, sample};
use crate::refusal::{Refusal, Unsupported};

pub(super) fn decode(bytes: &[u8], header: &Header<'_>, limits: &Limits) -> Result<Decoded, Refusal> {
    let size = (header.width, header.height);
    let refuse = |error: ImageError| refuse(&error, header);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), ImageFormat::WebP);
    let mut allowed = image::Limits::default();
    allowed.max_image_width = Some(limits.max_side());
    allowed.max_image_height = Some(limits.max_side());
    allowed.max_alloc = Some(limits.max_alloc());
    reader.limits(allowed);
    let mut decoder = reader.into_decoder().map_err(refuse)?;
    if decoder.dimensions() != size {
        return Err(Refusal::MALFORMED);
    }
    let total = decoder.total_bytes();
    // Interlacing, canvases and predictors may need the image a second time.
    limits.check_memory(total.saturating_mul(2), size.0, size.1)?;
    let icc = decoder
        .icc_profile()
        .ok()
        .flatten()
        .filter(|profile| profile.len() <= MOST_PROFILE_BYTES);
    let colour = decoder.color_type();
    let mut buffer = vec![0; usize::try_from(total).map_err(|_| Refusal::MALFORMED)?];
    decoder.read_image(&mut buffer).map_err(refuse)?;

    let (channels, samples) = to_eight_bits_on_white(colour, buffer)
        .ok_or(Refusal::Unsupported(Unsupported::Variation(header.format)))?;
    let mut image = Decoded::new(size, channels, samples)?;
    image.icc = icc;
    image.transparent = colour.has_alpha();
    Ok(image)
}

fn refuse(error: &ImageError, header: &Header<'_>) -> Refusal {
    match error {
        ImageError::Unsupported(_) => Refusal::Unsupported(Unsupported::Variation(header.format)),
        ImageError::Limits(limit)
            if matches!(
                limit.kind(),
                LimitErrorKind::DimensionError | LimitErrorKind::InsufficientMemory
            ) =>
        {
            Refusal::TooManyPixels {
                width: header.width,
                height: header.height,
            }
        }
        ImageError::IoError(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => Refusal::TRUNCATED,
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::Limits(_)
        | ImageError::IoError(_) => Refusal::MALFORMED,
    }
}

/// Brings every sample layout to eight bits without alpha, in the memory that it already has.
fn to_eight_bits_on_white(colour: ColorType, mut buffer: Vec<u8>) -> Option<(Channels, Vec<u8>)> {
    let channels = usize::from(colour.channel_count());
    match usize::from(colour.bytes_per_pixel()) / channels.max(1) {
        1 => {}
        2 => shrink::<2>(&mut buffer, |raw| narrow(u16::from_ne_bytes(raw))),
        4 => shrink::<4>(&mut buffer, |raw| sample(f32::from_ne_bytes(raw) * 255.0)),
        _ => return None,
    }
    match channels {
        1 => {}
        2 => lay_on_white::<2>(&mut buffer),
        3 => return Some((Channels::Rgb, buffer)),
        4 => {
            lay_on_white::<4>(&mut buffer);
            return Some((Channels::Rgb, buffer));
        }
        _ => return None,
    }
    Some((Channels::Gray, buffer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transparency_is_laid_on_white() {
        let rgba = vec![10, 20, 30, 255, 10, 20, 30, 0, 0, 0, 0, 128];
        let (channels, rgb) = to_eight_bits_on_white(ColorType::Rgba8, rgba).unwrap();
        assert_eq!(
            (channels, rgb),
            (Channels::Rgb, vec![10, 20, 30, 255, 255, 255, 127, 127, 127])
        );
        let (channels, gray) = to_eight_bits_on_white(ColorType::La8, vec![7, 255, 7, 0]).unwrap();
        assert_eq!((channels, gray), (Channels::Gray, vec![7, 255]));
    }

    #[test]
    fn sixteen_bits_and_floats_become_eight() {
        let raw: Vec<u8> = [0_u16, 257 * 200, u16::MAX]
            .iter()
            .flat_map(|v| v.to_ne_bytes())
            .collect();
        assert_eq!(
            to_eight_bits_on_white(ColorType::Rgb16, raw),
            Some((Channels::Rgb, vec![0, 200, 255]))
        );
        let raw: Vec<u8> = [f32::NAN, 0.5, 7.0]
            .iter()
            .flat_map(|v| v.to_ne_bytes())
            .collect();
        assert_eq!(
            to_eight_bits_on_white(ColorType::Rgb32F, raw),
            Some((Channels::Rgb, vec![0, 128, 255]))
        );
    }
}
