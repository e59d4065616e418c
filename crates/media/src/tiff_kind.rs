//! What a TIFF may have that is not read, by name.

/// What of a TIFF is not read. The format has more compressions, colours and depths than any program reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TiffKind {
    /// CCITT Group 3, and the run lengths that it is made of.
    Fax,
    /// JPEG as TIFF 6.0 first had it.
    OldJpeg,
    /// JPEG 2000.
    Jpeg2000,
    /// LZMA.
    Lzma,
    /// WebP.
    Webp,
    /// Any other compression.
    Compression,
    /// CIE L*a*b*, of any kind.
    Lab,
    /// Light in logarithms (SGI `LogL`, `LogLuv`).
    LogLuv,
    /// Lightness and colour differences of different sizes, other than in JPEG.
    Subsampled,
    /// Inks that are not cyan, magenta, yellow and black.
    Inks,
    /// Any other meaning of samples.
    Colours,
    /// Samples of a pixel with different depths.
    MixedDepths,
    /// A depth, or depth for this kind of colours, that is not read.
    Depth,
    /// Numbers with an imaginary part.
    Complex,
    /// Floating-point samples beyond the range from 0 to 1.
    FloatRange,
    /// A predictor that is unknown, or that this depth cannot have.
    Predictor,
    /// More channels than are read, or other numbers of them than the colours need.
    Channels,
}

impl TiffKind {
    /// Every kind, in the order of [`TiffKind::number`].
    pub(crate) const ALL: [Self; 17] = [
        Self::Fax,
        Self::OldJpeg,
        Self::Jpeg2000,
        Self::Lzma,
        Self::Webp,
        Self::Compression,
        Self::Lab,
        Self::LogLuv,
        Self::Subsampled,
        Self::Inks,
        Self::Colours,
        Self::MixedDepths,
        Self::Depth,
        Self::Complex,
        Self::FloatRange,
        Self::Predictor,
        Self::Channels,
    ];

    pub(crate) fn number(self) -> u8 {
        let place = Self::ALL.iter().position(|kind| *kind == self);
        place
            .and_then(|place| u8::try_from(place).ok())
            .unwrap_or(u8::MAX)
    }

    pub(crate) fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Fax => "This TIFF is compressed as a Group 3 fax, which cannot be read.",
            Self::OldJpeg => {
                "This TIFF is compressed as old-style JPEG (compression 6), which cannot be read."
            }
            Self::Jpeg2000 => "This TIFF is compressed as JPEG 2000, which cannot be read.",
            Self::Lzma => "This TIFF is compressed with LZMA, which cannot be read.",
            Self::Webp => "This TIFF is compressed as WebP, which cannot be read.",
            Self::Compression => "This TIFF is compressed in a way that cannot be read.",
            Self::Lab => "This TIFF has Lab colours, which cannot be read.",
            Self::LogLuv => "This TIFF has logarithmic colours (LogLuv), which cannot be read.",
            Self::Subsampled => "This TIFF has subsampled YCbCr colours without JPEG, which cannot be read.",
            Self::Inks => "This TIFF has printing inks other than CMYK, which cannot be read.",
            Self::Colours => "This TIFF has a kind of colours that cannot be read.",
            Self::MixedDepths => "This TIFF has channels of different depths, which cannot be read.",
            Self::Depth => "This TIFF has a bit depth that cannot be read for its kind of colours.",
            Self::Complex => "This TIFF holds complex numbers, which are not a photo.",
            Self::FloatRange => {
                "This TIFF has floating-point values beyond the range from 0 to 1, whose brightness cannot be known."
            }
            Self::Predictor => "This TIFF has a predictor that cannot be read.",
            Self::Channels => "This TIFF has a number of channels that cannot be read.",
        }
    }

    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::Fax
            | Self::OldJpeg
            | Self::Jpeg2000
            | Self::Lzma
            | Self::Webp
            | Self::Compression
            | Self::Predictor => {
                "Open it in a photo editor and save it again as PNG, or as TIFF with LZW or no compression."
            }
            Self::Lab | Self::LogLuv | Self::Subsampled | Self::Inks | Self::Colours | Self::Channels => {
                "Open it in a photo editor, convert it to RGB and save it as PNG or JPEG."
            }
            Self::MixedDepths | Self::Depth | Self::Complex | Self::FloatRange => {
                "Open it in a photo editor, convert it to 8 or 16 bits a channel and save it as PNG or TIFF."
            }
        }
    }
}
