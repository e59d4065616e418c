//! The renditions that are shown: upright, sRGB, without metadata (I1).

use std::borrow::Cow;
use std::fmt;

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8, U8x3, U8x4};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use jpeg_encoder::{ColorType, Encoder};

use crate::completeness::Completeness;
use crate::decode::{Channels, Decoded, decode};
use crate::exif;
use crate::facts::Facts;
use crate::format::Format;
use crate::header::{self, Header};
use crate::limits::{
    Limits, MEDIUM_SIDE, MOST_FULL_BYTES, MOST_LOSSLESS_PIXELS, SCREEN_SIDE, THUMBNAIL_SIDE,
};
use crate::num::{count, index};
use crate::orientation::{Orientation, Turns, turn};
use crate::refusal::Refusal;
use crate::sniff::sniff;
use crate::{colour, polyglot};

pub use crate::decode::jpeg::{decode_floor, decode_judged};

const SCREEN_QUALITY: u8 = 82;
const MEDIUM_QUALITY: u8 = 80;
const THUMBNAIL_QUALITY: u8 = 80;
const FULL_QUALITY: u8 = 92;

/// An image's facts, how much of it was there, and its small renditions, all JPEG.
#[derive(Clone, PartialEq, Eq)]
pub struct Derived {
    /// What is known about the original.
    pub facts: Facts,
    /// Whether all of the image was there.
    pub completeness: Completeness,
    /// Full-resolution images in the file, at least 1; the largest of them is the one that is shown (I2).
    pub pages: u32,
    /// JPEG with a long side of at most [`THUMBNAIL_SIDE`].
    pub thumbnail: Vec<u8>,
    /// JPEG with a long side of at most [`MEDIUM_SIDE`].
    pub medium: Vec<u8>,
    /// JPEG with a long side of at most [`SCREEN_SIDE`].
    pub screen: Vec<u8>,
}

impl fmt::Debug for Derived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Derived")
            .field("facts", &self.facts)
            .field("completeness", &self.completeness)
            .field("pages", &self.pages)
            .field("thumbnail_bytes", &self.thumbnail.len())
            .field("medium_bytes", &self.medium.len())
            .field("screen_bytes", &self.screen.len())
            .finish()
    }
}

/// The full-size rendition: an image in all its pixels.
#[derive(Clone, PartialEq, Eq)]
pub struct Full {
    /// The encoded image.
    pub bytes: Vec<u8>,
    /// What it is encoded as.
    pub media_type: MediaType,
}

impl fmt::Debug for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Full")
            .field("bytes", &self.bytes.len())
            .field("media_type", &self.media_type)
            .finish()
    }
}

/// The encodings of derivatives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// `image/jpeg`
    Jpeg,
    /// `image/png`
    Png,
}

impl MediaType {
    /// As an HTTP header says it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// Reads the headers only: fast, and no promise that the image can be decoded.
///
/// # Errors
/// [`Refusal`] when the file is empty, too large, of another kind, announces too many pixels, or has a broken header.
pub fn inspect(bytes: &[u8], limits: &Limits) -> Result<Facts, Refusal> {
    open(bytes, limits, Turns::None).map(|(_, facts)| facts)
}

/// Decodes the image to its end and makes the small renditions of it, from one decode.
///
/// # Errors
/// [`Refusal`] for everything that isn't an image within the limits of which at least 99 % are there (I2).
pub fn derive(bytes: &[u8], limits: &Limits) -> Result<Derived, Refusal> {
    derive_turned(bytes, limits, Turns::None)
}

/// As [`derive()`], turned as a person asked: facts and renditions are those of the turned image.
///
/// # Errors
/// As [`derive()`]; and when the image cannot be shown turned within the limits, which takes more memory.
pub fn derive_turned(bytes: &[u8], limits: &Limits, turns: Turns) -> Result<Derived, Refusal> {
    let (header, facts) = open(bytes, limits, turns)?;
    let decoded = decode(bytes, &header, u16::try_from(SCREEN_SIDE).ok(), limits)?;
    check_showable(&decoded, &header, &facts, limits)?;
    let (completeness, pages) = (decoded.completeness, decoded.pages);
    let size = fit((header.width, header.height), SCREEN_SIDE);
    let mut resizer = Resizer::new();
    let small = shrink(&mut resizer, decoded, size)?;
    let rgb = colour::to_srgb(small.channels, small.samples, small.icc.as_deref());
    let (width, height, screen) = turn(facts.orientation, size.0, size.1, rgb);
    let screen = Upright {
        size: (width, height),
        rgb: Cow::Owned(screen),
    };
    let medium = screen.at_most(&mut resizer, MEDIUM_SIDE)?;
    let thumbnail = medium.at_most(&mut resizer, THUMBNAIL_SIDE)?;
    Ok(Derived {
        facts,
        completeness,
        pages,
        thumbnail: jpeg(&thumbnail.rgb, thumbnail.size, THUMBNAIL_QUALITY)?,
        medium: jpeg(&medium.rgb, medium.size, MEDIUM_QUALITY)?,
        screen: jpeg(&screen.rgb, screen.size, SCREEN_QUALITY)?,
    })
}

/// Upright sRGB samples, three bytes a pixel.
struct Upright<'a> {
    size: (u32, u32),
    rgb: Cow<'a, [u8]>,
}

impl Upright<'_> {
    /// The same with a long side of at most `longest` pixels.
    fn at_most(&self, resizer: &mut Resizer, longest: u32) -> Result<Upright<'_>, Refusal> {
        let size = fit(self.size, longest);
        let rgb = if size == self.size {
            Cow::Borrowed(self.rgb.as_ref())
        } else {
            Cow::Owned(resize::<U8x3>(resizer, &self.rgb, self.size, size, &lanczos())?)
        };
        Ok(Upright { size, rgb })
    }
}

/// Makes the full-size rendition: JPEG of what was compressed with loss and of what has more than [`MOST_LOSSLESS_PIXELS`],
/// PNG of everything else.
///
/// # Errors
/// As [`derive()`], which refuses what would need too much memory here.
pub fn full(bytes: &[u8], limits: &Limits) -> Result<Full, Refusal> {
    full_turned(bytes, limits, Turns::None)
}

/// As [`full`], turned as a person asked.
///
/// # Errors
/// As [`derive_turned`].
pub fn full_turned(bytes: &[u8], limits: &Limits, turns: Turns) -> Result<Full, Refusal> {
    let (header, facts) = open(bytes, limits, turns)?;
    let (width, height) = (header.width, header.height);
    let decoded = decode(bytes, &header, None, limits)?;
    check_showable(&decoded, &header, &facts, limits)?;
    let lossy = match header.format {
        Format::Jpeg => true,
        Format::Webp | Format::Heic | Format::Avif => !decoded.transparent,
        Format::Png | Format::Tiff | Format::Gif => false,
    };
    let lossy = lossy || header.pixels() > MOST_LOSSLESS_PIXELS;
    let rgb = colour::to_srgb(decoded.channels, decoded.samples, decoded.icc.as_deref());
    let (width, height, rgb) = turn(facts.orientation, width, height, rgb);
    if lossy {
        let mut bytes = jpeg(&rgb, (width, height), FULL_QUALITY)?;
        if count(bytes.len()) > MOST_FULL_BYTES {
            // Nothing but noise is as long as this.
            bytes = jpeg(&rgb, (width, height), SCREEN_QUALITY)?;
        }
        Ok(Full {
            bytes,
            media_type: MediaType::Jpeg,
        })
    } else {
        Ok(Full {
            bytes: png(&rgb, (width, height))?,
            media_type: MediaType::Png,
        })
    }
}

/// Refuses an image of which the full-size rendition would need more memory than is allowed. Asked before small renditions
/// are made, too: nothing is stored that cannot be shown (I2). What decoding itself needs is checked while decoding.
fn check_showable(
    decoded: &Decoded,
    header: &Header<'_>,
    facts: &Facts,
    limits: &Limits,
) -> Result<(), Refusal> {
    let samples = u64::from(decoded.channels.count());
    // Samples and the colours that they become lie side by side, and so do pixels and the same turned.
    let converting = match decoded.channels {
        Channels::Rgb if decoded.icc.is_none() => 3,
        Channels::Gray | Channels::Rgb | Channels::Cmyk => samples + 3,
    };
    let turning = if facts.orientation.exchanges_sides() { 6 } else { 3 };
    let bytes = header.pixels().saturating_mul(converting.max(turning));
    limits.check_memory(bytes, header.width, header.height)
}

/// Everything that is refused without decoding.
fn open<'a>(bytes: &'a [u8], limits: &Limits, turns: Turns) -> Result<(Header<'a>, Facts), Refusal> {
    limits.check_file(bytes)?;
    let format = sniff(bytes)?;
    polyglot::check_whole(bytes)?;
    let header = header::read(format, bytes)?;
    limits.check_size(header.width, header.height)?;
    let mut shot = header.exif.as_deref().map(exif::read).unwrap_or_default();
    if header.upright {
        shot.orientation = Orientation::UPRIGHT;
    }
    let xmp_position = header
        .xmp
        .as_deref()
        .is_some_and(|xmp| xmp.windows(11).any(|window| window == b"GPSLatitude"));
    let orientation = shot.orientation.turned(turns);
    let (width, height) = orientation.upright(header.width, header.height);
    let facts = Facts {
        format,
        width,
        height,
        stored_width: header.width,
        stored_height: header.height,
        orientation,
        captured_at: shot.captured_at,
        device: shot.device,
        has_gps: shot.has_gps || xmp_position,
        icc: header.icc,
    };
    Ok((header, facts))
}

/// The size whose long side is at most `side`: never larger, never below one pixel, in proportion.
fn fit((width, height): (u32, u32), side: u32) -> (u32, u32) {
    let long = width.max(height);
    if long <= side {
        return (width, height);
    }
    let scaled = |length: u32| {
        let exact = (u64::from(length) * u64::from(side) + u64::from(long) / 2) / u64::from(long);
        u32::try_from(exact).unwrap_or(side).clamp(1, side)
    };
    (scaled(width), scaled(height))
}

fn lanczos() -> ResizeOptions {
    ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .use_alpha(false)
}

fn shrink(resizer: &mut Resizer, decoded: Decoded, size: (u32, u32)) -> Result<Decoded, Refusal> {
    if size == (decoded.width, decoded.height) {
        return Ok(decoded);
    }
    // A scaling decoder rounds its sides up; cutting at the exact fraction keeps the proportions.
    let options = lanczos().crop(0.0, 0.0, decoded.exact.0, decoded.exact.1);
    let from = (decoded.width, decoded.height);
    let samples = match decoded.channels {
        Channels::Gray => resize::<U8>(resizer, &decoded.samples, from, size, &options),
        Channels::Rgb => resize::<U8x3>(resizer, &decoded.samples, from, size, &options),
        Channels::Cmyk => resize::<U8x4>(resizer, &decoded.samples, from, size, &options),
    }?;
    Ok(Decoded {
        width: size.0,
        height: size.1,
        samples,
        ..decoded
    })
}

/// Typed, so that only the pixel types in use are compiled: the untyped way takes minutes for thirteen of them.
fn resize<P: PixelTrait>(
    resizer: &mut Resizer,
    samples: &[u8],
    from: (u32, u32),
    to: (u32, u32),
    options: &ResizeOptions,
) -> Result<Vec<u8>, Refusal> {
    let mut out = vec![0; index(to.0) * index(to.1) * P::size()];
    let source = TypedImageRef::<P>::from_buffer(from.0, from.1, samples).map_err(|_| Refusal::MALFORMED)?;
    let mut target = TypedImage::<P>::from_buffer(to.0, to.1, &mut out).map_err(|_| Refusal::MALFORMED)?;
    resizer
        .resize_typed(&source, &mut target, options)
        .map_err(|_| Refusal::MALFORMED)?;
    Ok(out)
}

fn jpeg(rgb: &[u8], (width, height): (u32, u32), quality: u8) -> Result<Vec<u8>, Refusal> {
    let side = |length: u32| u16::try_from(length).map_err(|_| Refusal::TooManyPixels { width, height });
    let mut out = Vec::with_capacity(index(width) * index(height) / 4 + 1024);
    Encoder::new(&mut out, quality)
        .encode(rgb, side(width)?, side(height)?, ColorType::Rgb)
        .map_err(|_| Refusal::STOPPED)?;
    Ok(out)
}

pub(crate) fn png(rgb: &[u8], (width, height): (u32, u32)) -> Result<Vec<u8>, Refusal> {
    let mut out = Vec::new();
    PngEncoder::new_with_quality(&mut out, CompressionType::Fast, PngFilter::Adaptive)
        .write_image(rgb, width, height, ExtendedColorType::Rgb8)
        .map_err(|_| Refusal::STOPPED)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I1: derivatives are never larger than the original.
    #[test]
    fn sizes_fit_in_proportion_and_never_grow() {
        assert_eq!(fit((4032, 3024), 1600), (1600, 1200));
        assert_eq!(fit((3024, 4032), 320), (240, 320));
        assert_eq!(fit((1600, 900), 1600), (1600, 900));
        assert_eq!(fit((10, 10), 1600), (10, 10));
        assert_eq!(fit((30_000, 1), 1600), (1600, 1));
        assert_eq!(fit((1, 1), 320), (1, 1));
    }
}
