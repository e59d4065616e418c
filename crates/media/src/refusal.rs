//! Why a file was turned away, in words for the person who uploaded it.

use crate::format::Format;
pub use crate::tiff_kind::TiffKind;
use crate::wire::{Malformed, Reading, Writing};

/// Why a file was turned away. [`Refusal::code`] is for programs, the `Display` text and [`Refusal::advice`] for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There were no bytes at all.
    #[error("The file is empty.")]
    Empty,
    /// More bytes than the practice accepts.
    #[error("The file has {} MB; at most {} MB are accepted.", megabytes(*.bytes), megabytes(*.limit))]
    TooLarge {
        /// Size of the file in bytes.
        bytes: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// Not one of the formats that are understood, or two of them at once.
    #[error("{}", .0.message())]
    Unsupported(Unsupported),
    /// It began like an image and could not be decoded to its end.
    #[error("{}", .0.message())]
    Damaged(Damage),
    /// An image larger than may be decoded.
    #[error("The photo has {width} × {height} pixels, which is more than can be shown in full size.")]
    TooManyPixels {
        /// Width that the header announces, in pixels.
        width: u32,
        /// Height that the header announces, in pixels.
        height: u32,
    },
}

fn megabytes(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10) / 1_048_576;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// What a file turned out to be when it wasn't an image that can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsupported {
    /// HEIC or HEIF, the usual format of iPhones.
    Heic,
    /// AVIF.
    Avif,
    /// JPEG XL or JPEG 2000.
    ModernJpeg,
    /// JPEG with lossless coding, or JPEG-LS.
    LosslessJpeg,
    /// JPEG with arithmetic coding.
    ArithmeticJpeg,
    /// JPEG in several resolutions, one refining another.
    HierarchicalJpeg,
    /// JPEG with more than eight bits a sample.
    DeepJpeg,
    /// DICOM, the file format of hospital imaging.
    Dicom,
    /// A camera's undeveloped sensor data: CR2, CR3, NEF, ARW, DNG, RAF and their like.
    Raw,
    /// A PDF document.
    Pdf,
    /// An SVG drawing.
    Svg,
    /// A Windows bitmap.
    Bmp,
    /// A Photoshop document.
    Photoshop,
    /// A film: MP4, MOV, AVI, Matroska.
    Video,
    /// A ZIP or another archive.
    Archive,
    /// A web page.
    Html,
    /// An image that is at the same time a document, archive or program of another kind.
    Polyglot,
    /// The right format in a variation that no decoder here understands.
    Variation(Format),
    /// A TIFF that has something which is not read.
    Tiff(TiffKind),
    /// Nothing that was recognised.
    Unknown,
}

impl Unsupported {
    fn message(self) -> String {
        let name = match self {
            Self::Heic => "HEIC photos (the iPhone's own format) cannot be read yet.",
            Self::Avif => "AVIF photos cannot be read yet.",
            Self::ModernJpeg => "JPEG XL and JPEG 2000 photos cannot be read.",
            Self::LosslessJpeg => "This is a lossless JPEG (of hospital imaging), which cannot be read.",
            Self::ArithmeticJpeg => "This JPEG is compressed by arithmetic coding, which cannot be read.",
            Self::HierarchicalJpeg => "This is a hierarchical JPEG, which cannot be read.",
            Self::DeepJpeg => "This JPEG has more than 8 bits for each colour, which cannot be read.",
            Self::Dicom => "DICOM files cannot be read yet.",
            Self::Raw => "This is a camera RAW file, which cannot be read.",
            Self::Pdf => "This is a PDF document, not a photo.",
            Self::Svg => "This is an SVG drawing, not a photo.",
            Self::Bmp => "Windows bitmaps (BMP) cannot be read.",
            Self::Photoshop => "This is a Photoshop document, not a photo.",
            Self::Video => "This is a video, not a photo.",
            Self::Archive => "This is an archive (ZIP or similar), not a photo.",
            Self::Html => "This is a web page, not a photo.",
            Self::Polyglot => "The photo has a document, archive or program hidden in it and was refused.",
            Self::Variation(format) => {
                return format!(
                    "This {} file uses a variation of the format that cannot be read.",
                    format.name()
                );
            }
            Self::Tiff(kind) => kind.message(),
            Self::Unknown => "This is not a photo that Cutis can read.",
        };
        name.to_owned()
    }

    fn advice(self) -> &'static str {
        match self {
            Self::Heic => {
                "On the iPhone or iPad open Settings > Camera > Formats and choose Most Compatible; new photos are \
                 then JPEG. For this one: choose it through the Photos picker (Photo Library) instead of Files, which \
                 converts it, or export it as JPEG."
            }
            Self::Raw => {
                "Develop it to JPEG or TIFF first, or set the camera to record RAW and JPEG together."
            }
            Self::Dicom => "Export the photo from the viewer as JPEG or PNG.",
            Self::Pdf => "Export the page, or take a photo of it, as JPEG or PNG.",
            Self::Archive => "Unpack it and choose the photos inside.",
            Self::Video => "Save a still frame as JPEG.",
            Self::Polyglot => "Open it in a photo editor and save it as a new JPEG.",
            Self::Tiff(kind) => kind.advice(),
            Self::LosslessJpeg | Self::ArithmeticJpeg | Self::HierarchicalJpeg | Self::DeepJpeg => {
                "Open it in the program that made it and export it as an ordinary (baseline, 8-bit) JPEG or as PNG."
            }
            Self::Variation(_) => "Open it in a photo editor and save it again as an ordinary JPEG or PNG.",
            Self::Avif | Self::ModernJpeg | Self::Svg | Self::Bmp | Self::Photoshop | Self::Html => {
                "Save or export it as JPEG, PNG, WebP, TIFF or GIF."
            }
            Self::Unknown => "If it is one, save or export it as JPEG, PNG, WebP, TIFF or GIF.",
        }
    }
}

/// In which way a file is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// It ends before the image begins, or before it does in a way that cannot be measured.
    Truncated,
    /// Data of the image is missing.
    Missing {
        /// How much of it, in thousandths: 1 to 1,000.
        thousandths: u16,
    },
    /// Its contents contradict the format.
    Malformed,
    /// Decoding had to be stopped: the decoder crashed, or used too much time or memory.
    Stopped,
}

impl Damage {
    /// So much of an image's data is missing: `lost` of `all`, rounded up to thousandths.
    ///
    /// More than a hundredth at any place is damage (I2), and is never told as less.
    pub(crate) fn missing(lost: u64, all: u64) -> Self {
        let thousandths = (u128::from(lost) * 1000).div_ceil(u128::from(all.max(1)));
        Self::Missing {
            thousandths: u16::try_from(thousandths).unwrap_or(1000).clamp(11, 1000),
        }
    }

    fn message(self) -> String {
        let sentence = match self {
            Self::Truncated => "The photo is incomplete: the file ends too early.",
            Self::Missing { thousandths } => {
                return format!(
                    "The photo is incomplete: {} of it is missing.",
                    share(thousandths)
                );
            }
            Self::Malformed => "The photo is damaged and cannot be decoded.",
            Self::Stopped => {
                "The photo could not be decoded: it took too much time or memory, or is damaged."
            }
        };
        sentence.to_owned()
    }
}

/// Thousandths in words: tenths of a percent only where they tell something.
fn share(thousandths: u16) -> String {
    match thousandths {
        1000.. => "all".to_owned(),
        100.. => format!("{} %", thousandths / 10),
        _ => format!("{}.{} %", thousandths / 10, thousandths % 10),
    }
}

impl Refusal {
    /// For the parent of a decode worker that died or ran out of time over a file.
    pub const STOPPED: Self = Self::Damaged(Damage::Stopped);

    /// Stable code for programs: `empty`, `too_large`, `unsupported`, `damaged` or `too_many_pixels`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge { .. } => "too_large",
            Self::Unsupported(_) => "unsupported",
            Self::Damaged(_) => "damaged",
            Self::TooManyPixels { .. } => "too_many_pixels",
        }
    }

    /// What a person can do about it, if anything.
    #[must_use]
    pub fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Empty => {
                Some("Copy it from the camera or phone again; the transfer may have been interrupted.")
            }
            Self::TooLarge { .. } => Some(
                "Save it as JPEG with a smaller size, or ask the administrator to raise the upload limit.",
            ),
            Self::Unsupported(what) => Some(what.advice()),
            Self::Damaged(_) => {
                Some("Copy it from the camera or phone again, or open it and save it as a new JPEG.")
            }
            Self::TooManyPixels { .. } => Some(
                "Save it as an ordinary JPEG with fewer pixels: at most 200 megapixels and 30,000 on a side, and about half as \
                 many of a progressive, CMYK or 16-bit file.",
            ),
        }
    }

    pub(crate) const TRUNCATED: Self = Self::Damaged(Damage::Truncated);
    pub(crate) const MALFORMED: Self = Self::Damaged(Damage::Malformed);

    pub(crate) fn write(self, out: &mut Writing) {
        match self {
            Self::Empty => out.u8(0),
            Self::TooLarge { bytes, limit } => {
                out.u8(1);
                out.u64(bytes);
                out.u64(limit);
            }
            Self::Unsupported(what) => {
                out.u8(2);
                write_unsupported(what, out);
            }
            Self::Damaged(how) => {
                out.u8(3);
                match how {
                    Damage::Truncated => out.u8(0),
                    Damage::Malformed => out.u8(1),
                    Damage::Stopped => out.u8(2),
                    Damage::Missing { thousandths } => {
                        out.u8(3);
                        out.u32(u32::from(thousandths));
                    }
                }
            }
            Self::TooManyPixels { width, height } => {
                out.u8(4);
                out.u32(width);
                out.u32(height);
            }
        }
    }

    pub(crate) fn read(from: &mut Reading<'_>) -> Result<Self, Malformed> {
        Ok(match from.u8()? {
            0 => Self::Empty,
            1 => Self::TooLarge {
                bytes: from.u64()?,
                limit: from.u64()?,
            },
            2 => Self::Unsupported(read_unsupported(from)?),
            3 => Self::Damaged(match from.u8()? {
                0 => Damage::Truncated,
                1 => Damage::Malformed,
                2 => Damage::Stopped,
                3 => Damage::Missing {
                    thousandths: u16::try_from(from.u32()?).map_err(|_| Malformed)?,
                },
                _ => return Err(Malformed),
            }),
            4 => Self::TooManyPixels {
                width: from.u32()?,
                height: from.u32()?,
            },
            _ => return Err(Malformed),
        })
    }
}

/// Every kind without a payload, in wire order: the position is the number on the wire.
const PLAIN_KINDS: [Unsupported; 18] = [
    Unsupported::Heic,
    Unsupported::Avif,
    Unsupported::ModernJpeg,
    Unsupported::Dicom,
    Unsupported::Raw,
    Unsupported::Pdf,
    Unsupported::Svg,
    Unsupported::Bmp,
    Unsupported::Photoshop,
    Unsupported::Video,
    Unsupported::Archive,
    Unsupported::Html,
    Unsupported::Polyglot,
    Unsupported::Unknown,
    Unsupported::LosslessJpeg,
    Unsupported::ArithmeticJpeg,
    Unsupported::HierarchicalJpeg,
    Unsupported::DeepJpeg,
];

/// On the wire: a variation of a format, followed by the format.
const VARIATION: u8 = 255;
/// On the wire: something of a TIFF, followed by its number.
const TIFF: u8 = 254;

fn write_unsupported(what: Unsupported, out: &mut Writing) {
    if let Unsupported::Tiff(kind) = what {
        out.u8(TIFF);
        out.u8(kind.number());
    } else if let Unsupported::Variation(format) = what {
        out.u8(VARIATION);
        out.u8(format.number());
    } else {
        let place = PLAIN_KINDS.iter().position(|kind| *kind == what);
        out.u8(place
            .and_then(|place| u8::try_from(place).ok())
            .unwrap_or(VARIATION));
    }
}

fn read_unsupported(from: &mut Reading<'_>) -> Result<Unsupported, Malformed> {
    let number = from.u8()?;
    if number == VARIATION {
        return Format::from_number(from.u8()?)
            .map(Unsupported::Variation)
            .ok_or(Malformed);
    }
    if number == TIFF {
        return TiffKind::from_number(from.u8()?)
            .map(Unsupported::Tiff)
            .ok_or(Malformed);
    }
    PLAIN_KINDS.get(usize::from(number)).copied().ok_or(Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_refusal() -> Vec<Refusal> {
        let mut all = vec![
            Refusal::Empty,
            Refusal::TooLarge {
                bytes: 20_000_000,
                limit: 16 << 20,
            },
            Refusal::TRUNCATED,
            Refusal::MALFORMED,
            Refusal::STOPPED,
            Refusal::Damaged(Damage::missing(1, 8)),
            Refusal::TooManyPixels {
                width: 60_000,
                height: 50_000,
            },
            Refusal::Unsupported(Unsupported::Variation(Format::Tiff)),
        ];
        all.extend(PLAIN_KINDS.map(Refusal::Unsupported));
        all.extend(TiffKind::ALL.map(|kind| Refusal::Unsupported(Unsupported::Tiff(kind))));
        all
    }

    #[test]
    fn every_refusal_crosses_the_wire() {
        for refusal in every_refusal() {
            let mut out = Writing::default();
            refusal.write(&mut out);
            let bytes = out.into_bytes();
            let mut from = Reading::new(&bytes);
            assert_eq!(Refusal::read(&mut from), Ok(refusal));
            assert!(from.is_empty());
        }
    }

    /// I2: a refused file is reported by a reason that a person can act on.
    #[test]
    fn every_refusal_has_a_code_a_sentence_and_advice() {
        for refusal in every_refusal() {
            assert!(
                ["empty", "too_large", "unsupported", "damaged", "too_many_pixels"].contains(&refusal.code())
            );
            assert!(refusal.to_string().ends_with('.'), "{refusal}");
            assert!(refusal.advice().is_some_and(|advice| advice.ends_with('.')));
        }
    }

    /// I2: a damaged file says how much is missing.
    #[test]
    fn the_share_that_is_missing_is_told() {
        let told = |lost, all| Refusal::Damaged(Damage::missing(lost, all)).to_string();
        assert_eq!(told(45, 100), "The photo is incomplete: 45 % of it is missing.");
        assert_eq!(told(1, 65), "The photo is incomplete: 1.6 % of it is missing.");
        assert_eq!(told(1, 1000), "The photo is incomplete: 1.1 % of it is missing.");
        assert_eq!(
            told(9989, 10_000),
            "The photo is incomplete: 99 % of it is missing."
        );
        assert_eq!(
            told(u64::MAX, u64::MAX),
            "The photo is incomplete: all of it is missing."
        );
    }

    #[test]
    fn sizes_are_told_in_megabytes() {
        let refusal = Refusal::TooLarge {
            bytes: 20 * 1_048_576 + 524_288,
            limit: 16 << 20,
        };
        assert_eq!(
            refusal.to_string(),
            "The file has 20.5 MB; at most 16.0 MB are accepted."
        );
    }
}
