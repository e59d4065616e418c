//! What a directory says of its image, with everything that cannot be read refused by name.

use crate::colour::MOST_PROFILE_BYTES;
use crate::header::tiff::directory::Directory;
use crate::header::tiff::tag;
use crate::refusal::{Refusal, TiffKind, Unsupported};

/// How strips and tiles are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Fax4,
    Lzw,
    Deflate,
    PackBits,
    Zstd,
    Jpeg,
}

/// What the samples mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Photometric {
    WhiteIsZero,
    BlackIsZero,
    Rgb,
    Palette,
    Cmyk,
    Ycbcr,
}

/// What a sample is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SampleFormat {
    Unsigned,
    Signed,
    Float,
}

/// What was done to samples before they were packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Predictor {
    None,
    Horizontal,
    Float,
}

/// A channel that says how much of a pixel is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Alpha {
    /// Its place among a pixel's samples.
    pub(super) sample: u16,
    /// The colours have been multiplied by it already.
    pub(super) associated: bool,
}

/// A page that can be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page<'a> {
    pub(super) directory: Directory<'a>,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) compression: Compression,
    pub(super) photometric: Photometric,
    /// Bits of a sample; the same for all samples of a pixel.
    pub(super) bits: u8,
    pub(super) format: SampleFormat,
    /// Samples of a pixel, with those that are not shown.
    pub(super) samples: u16,
    pub(super) alpha: Option<Alpha>,
    /// Each sample has strips or tiles of its own.
    pub(super) planar: bool,
    pub(super) predictor: Predictor,
    /// The bits of each byte are stored in reverse.
    pub(super) reversed_bits: bool,
    pub(super) icc: Option<&'a [u8]>,
}

fn refuse<T>(kind: TiffKind) -> Result<T, Refusal> {
    Err(Refusal::Unsupported(Unsupported::Tiff(kind)))
}

impl<'a> Page<'a> {
    pub(super) fn read(directory: Directory<'a>) -> Result<Self, Refusal> {
        let (width, height) = directory.size().ok_or(Refusal::MALFORMED)?;
        let small = |tag, missing: u16| match directory.field(tag) {
            Some(field) => field
                .number(0)
                .and_then(|n| u16::try_from(n).ok())
                .ok_or(Refusal::MALFORMED),
            None => Ok(missing),
        };
        let compression = compression(small(tag::COMPRESSION, 1)?)?;
        let samples = small(tag::SAMPLES, 1)?.max(1);
        let photometric = photometric(&directory, compression, samples)?;
        let colours = photometric.samples();
        if samples < colours {
            return Err(Refusal::MALFORMED);
        }
        if samples > 64 {
            return refuse(TiffKind::Channels);
        }
        let bits = bits(&directory, samples)?;
        let page = Self {
            directory,
            width,
            height,
            compression,
            photometric,
            bits,
            format: format(&directory, samples)?,
            samples,
            alpha: alpha(&directory, colours, samples),
            planar: small(tag::PLANAR, 1)? == 2 && samples > 1,
            predictor: predictor(small(tag::PREDICTOR, 1)?, compression)?,
            reversed_bits: small(tag::FILL_ORDER, 1)? == 2,
            icc: directory
                .field(tag::COLOUR_PROFILE)
                .map(|field| field.value)
                .filter(|profile| profile.len() <= MOST_PROFILE_BYTES),
        };
        page.check()?;
        Ok(page)
    }

    /// Refuses combinations whose parts could be read.
    fn check(&self) -> Result<(), Refusal> {
        let plain = self.format == SampleFormat::Unsigned;
        let depth = match self.format {
            SampleFormat::Unsigned => (1..=32).contains(&self.bits) || self.bits == 64,
            SampleFormat::Signed => matches!(self.bits, 8 | 16 | 32 | 64),
            SampleFormat::Float => matches!(self.bits, 16 | 24 | 32 | 64),
        };
        let fits = match self.photometric {
            Photometric::Palette => plain && self.bits <= 16,
            Photometric::Ycbcr => plain && self.bits == 8,
            Photometric::Cmyk | Photometric::Rgb | Photometric::WhiteIsZero | Photometric::BlackIsZero => {
                true
            }
        };
        if !depth || !fits {
            return refuse(TiffKind::Depth);
        }
        if self.compression == Compression::Fax4 && (self.bits != 1 || self.samples != 1) {
            return Err(Refusal::MALFORMED);
        }
        if self.compression == Compression::Jpeg && (self.bits != 8 || !plain) {
            return refuse(TiffKind::Depth);
        }
        let whole_bytes = self.bits.is_multiple_of(8) && self.bits != 24;
        match self.predictor {
            Predictor::Horizontal if !whole_bytes => refuse(TiffKind::Predictor),
            Predictor::Float if self.format != SampleFormat::Float => Err(Refusal::MALFORMED),
            Predictor::None | Predictor::Horizontal | Predictor::Float => Ok(()),
        }
    }

    pub(super) fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Samples of a pixel that are kept: its colours and alpha. Palettes are looked up while they are read.
    pub(super) fn kept(&self) -> u16 {
        let colours = if self.photometric == Photometric::Palette {
            3
        } else {
            self.photometric.samples()
        };
        colours + u16::from(self.alpha.is_some())
    }
}

impl Photometric {
    /// Samples of a pixel that are its colour.
    pub(super) fn samples(self) -> u16 {
        match self {
            Self::WhiteIsZero | Self::BlackIsZero | Self::Palette => 1,
            Self::Rgb | Self::Ycbcr => 3,
            Self::Cmyk => 4,
        }
    }
}

fn compression(number: u16) -> Result<Compression, Refusal> {
    Ok(match number {
        1 => Compression::None,
        4 => Compression::Fax4,
        5 => Compression::Lzw,
        7 => Compression::Jpeg,
        8 | 32_946 => Compression::Deflate,
        32_773 => Compression::PackBits,
        50_000 => Compression::Zstd,
        2 | 3 | 32_771 => return refuse(TiffKind::Fax),
        6 => return refuse(TiffKind::OldJpeg),
        33_003 | 33_005 | 34_712 => return refuse(TiffKind::Jpeg2000),
        34_925 => return refuse(TiffKind::Lzma),
        50_001 => return refuse(TiffKind::Webp),
        _ => return refuse(TiffKind::Compression),
    })
}

fn photometric(
    directory: &Directory<'_>,
    compression: Compression,
    samples: u16,
) -> Result<Photometric, Refusal> {
    let number = directory.number(tag::PHOTOMETRIC).unwrap_or(match samples {
        // Writers that leave it out mean what the number of samples suggests.
        0..=2 if compression == Compression::Fax4 => 0,
        0..=2 => 1,
        _ => 2,
    });
    Ok(match number {
        0 => Photometric::WhiteIsZero,
        1 | 4 => Photometric::BlackIsZero,
        2 => Photometric::Rgb,
        3 => Photometric::Palette,
        5 if directory.number(tag::INK_SET).is_none_or(|set| set == 1) => Photometric::Cmyk,
        5 => return refuse(TiffKind::Inks),
        6 => {
            let subsampling = directory.field(tag::YCBCR_SUBSAMPLING);
            let factor = |at| subsampling.and_then(|field| field.number(at)).unwrap_or(2);
            if compression != Compression::Jpeg && (factor(0) != 1 || factor(1) != 1) {
                return refuse(TiffKind::Subsampled);
            }
            Photometric::Ycbcr
        }
        8..=10 => return refuse(TiffKind::Lab),
        32_844 | 32_845 => return refuse(TiffKind::LogLuv),
        32_803 | 34_892 => return Err(Refusal::Unsupported(Unsupported::Raw)),
        _ => return refuse(TiffKind::Colours),
    })
}

fn bits(directory: &Directory<'_>, samples: u16) -> Result<u8, Refusal> {
    let Some(field) = directory.field(tag::BITS) else {
        return Ok(1);
    };
    let first = field.number(0).ok_or(Refusal::MALFORMED)?;
    // Some writers give one number for all samples.
    let others = (1..u64::from(samples)).filter_map(|at| field.number(at));
    if others.into_iter().any(|bits| bits != first) {
        return refuse(TiffKind::MixedDepths);
    }
    u8::try_from(first).or_else(|_| refuse(TiffKind::Depth))
}

fn format(directory: &Directory<'_>, samples: u16) -> Result<SampleFormat, Refusal> {
    let Some(field) = directory.field(tag::SAMPLE_FORMAT) else {
        return Ok(SampleFormat::Unsigned);
    };
    let first = field.number(0).unwrap_or(1);
    let others = (1..u64::from(samples)).filter_map(|at| field.number(at));
    if others.into_iter().any(|format| format != first) {
        return refuse(TiffKind::MixedDepths);
    }
    match first {
        // 4 is "undefined": whatever the writer meant, whole numbers are the best guess of every reader.
        1 | 4 => Ok(SampleFormat::Unsigned),
        2 => Ok(SampleFormat::Signed),
        3 => Ok(SampleFormat::Float),
        5 | 6 => refuse(TiffKind::Complex),
        _ => Err(Refusal::MALFORMED),
    }
}

/// The first extra sample that says it is alpha, or the fourth of an RGB page that says nothing, which old writers and every
/// reader take for it. Samples that are called unspecified are left out: a pixel's colours are right without them, and may
/// be hidden by what is none.
fn alpha(directory: &Directory<'_>, colours: u16, samples: u16) -> Option<Alpha> {
    let Some(field) = directory.field(tag::EXTRA_SAMPLES) else {
        return (colours == 3 && samples == 4).then_some(Alpha {
            sample: 3,
            associated: false,
        });
    };
    (0..samples - colours).find_map(|extra| {
        let associated = match field.number(u64::from(extra))? {
            1 => true,
            2 => false,
            _ => return None,
        };
        Some(Alpha {
            sample: colours + extra,
            associated,
        })
    })
}

fn predictor(number: u16, compression: Compression) -> Result<Predictor, Refusal> {
    let packed = matches!(
        compression,
        Compression::Lzw | Compression::Deflate | Compression::Zstd
    );
    match number {
        // Only these compressions have one; elsewhere writers leave the field standing, and readers pass it over.
        2 if packed => Ok(Predictor::Horizontal),
        3 if packed => Ok(Predictor::Float),
        0..=3 => Ok(Predictor::None),
        _ if packed => refuse(TiffKind::Predictor),
        _ => Ok(Predictor::None),
    }
}
