//! What the containers say before anything is decoded: size, metadata blocks, and where the image ends.

pub(crate) mod gif;
#[cfg(feature = "heif")]
pub(crate) mod heif;
pub(crate) mod jpeg;
pub(crate) mod png;
pub(crate) mod tiff;
mod webp;

use std::borrow::Cow;

use crate::format::Format;
use crate::refusal::Refusal;
#[cfg(not(feature = "heif"))]
use crate::refusal::Unsupported;

/// A container's header.
#[derive(Debug)]
pub(crate) struct Header<'a> {
    pub(crate) format: Format,
    /// Stored width in pixels, as announced.
    pub(crate) width: u32,
    /// Stored height in pixels, as announced.
    pub(crate) height: u32,
    /// EXIF payload, beginning with its TIFF header.
    pub(crate) exif: Option<Cow<'a, [u8]>>,
    /// XMP payload, uncompressed.
    pub(crate) xmp: Option<Cow<'a, [u8]>>,
    /// Whether width and height are those of the upright image, which the decoder makes by what the container says.
    /// What EXIF says of it is then said twice.
    pub(crate) upright: bool,
    /// Whether a colour profile is embedded.
    pub(crate) icc: bool,
    /// Where the image ends, if the container says so without decoding.
    pub(crate) end: Option<usize>,
    /// What only JPEG has.
    pub(crate) jpeg: Option<jpeg::Frame>,
}

impl Header<'_> {
    fn new(format: Format, width: u32, height: u32) -> Self {
        Self {
            format,
            width,
            height,
            exif: None,
            xmp: None,
            upright: false,
            icc: false,
            end: None,
            jpeg: None,
        }
    }

    /// Pixels that are announced.
    pub(crate) fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

/// Reads the header of an image whose format is known.
pub(crate) fn read(format: Format, bytes: &[u8]) -> Result<Header<'_>, Refusal> {
    match format {
        Format::Jpeg => jpeg::read(bytes),
        Format::Png => png::read(bytes),
        Format::Webp => webp::read(bytes),
        Format::Tiff => tiff::read(bytes),
        Format::Gif => gif::read(bytes),
        #[cfg(feature = "heif")]
        Format::Heic | Format::Avif => heif::read(format, bytes),
        #[cfg(not(feature = "heif"))]
        Format::Heic => Err(Refusal::Unsupported(Unsupported::Heic)),
        #[cfg(not(feature = "heif"))]
        Format::Avif => Err(Refusal::Unsupported(Unsupported::Avif)),
    }
}

pub(crate) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..)?
        .first_chunk::<2>()
        .map(|chunk| u16::from_be_bytes(*chunk))
}

fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..)?
        .first_chunk::<2>()
        .map(|chunk| u16::from_le_bytes(*chunk))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..)?
        .first_chunk::<4>()
        .map(|chunk| u32::from_be_bytes(*chunk))
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..)?
        .first_chunk::<4>()
        .map(|chunk| u32::from_le_bytes(*chunk))
}
