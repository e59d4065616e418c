//! HEIC and AVIF by the machine's libheif, which is written in C and C++: only in the worker, which can do nothing but
//! compute (ADR 17).

use libheif_rs::{ColorProfileNCLX, ColorSpace, ImageHandle, LibHeif, RgbChroma};

use super::samples::lay_on_white;
use super::{Channels, Decoded, judge};
use crate::colour::{MOST_PROFILE_BYTES, code_points};
use crate::header::{Header, heif};
use crate::limits::Limits;
use crate::num::{count, index};
use crate::refusal::Refusal;

/// Bytes a pixel that the library and the copy out of it need at once: three planes as coded, the same without
/// subsampling, the colours, and their copy; twice that for more than eight bits a sample.
const MEMORY_A_PIXEL: u64 = 12;

/// Decodes the primary image, turned and cut as the container says.
pub(super) fn decode(bytes: &[u8], header: &Header<'_>, limits: &Limits) -> Result<Decoded, Refusal> {
    let extent = heif::extent(bytes);
    let whole = heif::padded(bytes, extent)?;
    let completeness = judge(extent.missing, count(whole.len()))?;
    let (context, image) = heif::open(header.format, &whole)?;
    let size = (image.width(), image.height());
    let deep = if image.luma_bits_per_pixel() > 8 { 2 } else { 1 };
    limits.check_memory(
        header.pixels().saturating_mul(MEMORY_A_PIXEL * deep),
        size.0,
        size.1,
    )?;
    let transparent = image.has_alpha_channel();
    let mut samples = samples(&image, size, transparent, header)?;
    if transparent {
        lay_on_white::<4>(&mut samples);
    }
    let mut decoded = Decoded::new(size, Channels::Rgb, samples)?;
    decoded.icc = profile(&image);
    decoded.transparent = transparent;
    decoded.completeness = completeness;
    decoded.pages = u32::try_from(context.number_of_top_level_images()).map_or(1, |images| images.max(1));
    Ok(decoded)
}

/// Three or four bytes a pixel, without the padding of the library's rows.
fn samples(
    image: &ImageHandle,
    size: (u32, u32),
    transparent: bool,
    header: &Header<'_>,
) -> Result<Vec<u8>, Refusal> {
    let (chroma, wide) = if transparent {
        (RgbChroma::Rgba, 4)
    } else {
        (RgbChroma::Rgb, 3)
    };
    let decoded = LibHeif::new()
        .decode(image, ColorSpace::Rgb(chroma), None)
        .map_err(|error| heif::refuse(&error, header.format))?;
    let plane = decoded.planes().interleaved.ok_or(Refusal::MALFORMED)?;
    if (plane.width, plane.height) != size || plane.bits_per_pixel != 8 {
        return Err(Refusal::MALFORMED);
    }
    let row = index(size.0) * wide;
    if plane.stride < row {
        return Err(Refusal::MALFORMED);
    }
    let mut samples = Vec::with_capacity(row * index(size.1));
    for line in plane.data.chunks(plane.stride).take(index(size.1)) {
        samples.extend_from_slice(line.get(..row).ok_or(Refusal::MALFORMED)?);
    }
    Ok(samples)
}

/// The profile to convert from: what is embedded, else by code points.
fn profile(image: &ImageHandle) -> Option<Vec<u8>> {
    let embedded = image
        .color_profile_raw()
        .map(|profile| profile.data)
        .filter(|profile| !profile.is_empty() && profile.len() <= MOST_PROFILE_BYTES);
    embedded.or_else(|| by_code_points(&image.color_profile_nclx()?))
}

#[expect(
    clippy::as_conversions,
    reason = "the library's enumerations are the code points, which are single bytes"
)]
fn by_code_points(points: &ColorProfileNCLX) -> Option<Vec<u8>> {
    let primaries = points.color_primaries() as u8;
    let transfer = match points.transfer_characteristics() as u8 {
        // Curves of video cameras, and none named: on screens the images are meant as sRGB, and browsers show them so.
        1 | 2 | 6 | 14 | 15 => 13,
        other => other,
    };
    match (primaries, transfer) {
        (1 | 2, 13) => None,
        (2, _) => code_points::profile(1, transfer, false)?.encode().ok(),
        _ => code_points::profile(primaries, transfer, false)?.encode().ok(),
    }
}
