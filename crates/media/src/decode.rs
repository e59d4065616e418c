//! Untrusted bytes to samples. None is given more memory than the limits allow. Every decoder is written in Rust, but for those
//! of the feature `heif`.

mod gif;
#[cfg(feature = "heif")]
mod heif;
pub(crate) mod jpeg;
mod lzw;
mod png;
mod samples;
mod tiff;
mod verdict;
mod webp;

#[cfg(feature = "heif")]
pub(crate) use self::verdict::judge;

use crate::completeness::Completeness;
use crate::format::Format;
use crate::header::Header;
use crate::limits::Limits;
use crate::num::index;
use crate::polyglot;
use crate::refusal::Refusal;
#[cfg(not(feature = "heif"))]
use crate::refusal::Unsupported;

/// How the samples of a pixel are to be read; eight bits each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channels {
    /// One: lightness.
    Gray,
    /// Three: red, green, blue.
    Rgb,
    /// Four: amounts of ink, 255 is full.
    Cmyk,
}

impl Channels {
    pub(crate) fn count(self) -> u32 {
        match self {
            Self::Gray => 1,
            Self::Rgb => 3,
            Self::Cmyk => 4,
        }
    }
}

/// A decoded image, still in its own colour space and orientation; transparency is already laid on white.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) channels: Channels,
    pub(crate) samples: Vec<u8>,
    pub(crate) icc: Option<Vec<u8>>,
    /// The original had an alpha channel.
    pub(crate) transparent: bool,
    /// The part of the stored image's width and height that the decoded one covers exactly: a decoder that scales
    /// rounds up to whole pixels.
    pub(crate) exact: (f64, f64),
    /// How much of the image was there.
    pub(crate) completeness: Completeness,
    /// Full-resolution images in the file, of which this is the largest; 1 for most formats.
    pub(crate) pages: u32,
}

impl Decoded {
    /// Pairs samples with their size; they must fit.
    fn new(size: (u32, u32), channels: Channels, samples: Vec<u8>) -> Result<Self, Refusal> {
        let (width, height) = size;
        if samples.len() != index(width) * index(height) * index(channels.count()) {
            return Err(Refusal::MALFORMED);
        }
        let exact = (f64::from(width), f64::from(height));
        Ok(Self {
            width,
            height,
            channels,
            samples,
            icc: None,
            transparent: false,
            exact,
            completeness: Completeness::Whole,
            pages: 1,
        })
    }
}

/// Decodes the image that the file is about: the first of an animation, the largest of a stack of pages. With `side`, a JPEG may come back smaller, though never with a long side
/// below `side`.
pub(crate) fn decode(
    bytes: &[u8],
    header: &Header<'_>,
    side: Option<u16>,
    limits: &Limits,
) -> Result<Decoded, Refusal> {
    if let Some(end) = header.end {
        polyglot::check_trailer(bytes.get(end..).unwrap_or_default())?;
    }
    match (header.format, header.jpeg) {
        (Format::Jpeg, Some(frame)) => jpeg::decode(bytes, header, frame, side, limits),
        (Format::Jpeg, None) => Err(Refusal::MALFORMED),
        (Format::Png, _) => png::decode(bytes, header, limits),
        (Format::Webp, _) => webp::decode(bytes, header, limits),
        (Format::Tiff, _) => tiff::decode(bytes, header, limits),
        (Format::Gif, _) => gif::decode(bytes, header, limits),
        #[cfg(feature = "heif")]
        (Format::Heic | Format::Avif, _) => heif::decode(bytes, header, limits),
        #[cfg(not(feature = "heif"))]
        (Format::Heic | Format::Avif, _) => Err(Refusal::Unsupported(Unsupported::Variation(header.format))),
    }
}
