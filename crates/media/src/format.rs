//! The formats that are accepted. HEIC and AVIF are only where the feature `heif` is.

/// An image format that is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
    /// TIFF.
    Tiff,
    /// GIF.
    Gif,
    /// HEIC: HEIF with HEVC, the usual format of iPhones.
    Heic,
    /// AVIF: HEIF with AV1.
    Avif,
}

impl Format {
    /// Lower-case code as the API says it: `jpeg`, `png`, `webp`, `tiff`, `gif`, `heic`, `avif`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Tiff => "tiff",
            Self::Gif => "gif",
            Self::Heic => "heic",
            Self::Avif => "avif",
        }
    }

    /// The format of a [`Format::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.code() == code)
    }

    /// The one media type that an original of this format is ever served with (C28).
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Tiff => "image/tiff",
            Self::Gif => "image/gif",
            Self::Heic => "image/heic",
            Self::Avif => "image/avif",
        }
    }

    /// Name as people write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Webp => "WebP",
            Self::Tiff => "TIFF",
            Self::Gif => "GIF",
            Self::Heic => "HEIC",
            Self::Avif => "AVIF",
        }
    }

    /// Every format, in the order of [`Format::number`].
    pub const ALL: [Self; 7] = [
        Self::Jpeg,
        Self::Png,
        Self::Webp,
        Self::Tiff,
        Self::Gif,
        Self::Heic,
        Self::Avif,
    ];

    /// The formats that this build decodes.
    pub fn readable() -> impl Iterator<Item = Self> {
        let heif = cfg!(feature = "heif");
        Self::ALL
            .into_iter()
            .filter(move |format| heif || !matches!(format, Self::Heic | Self::Avif))
    }

    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Jpeg => 0,
            Self::Png => 1,
            Self::Webp => 2,
            Self::Tiff => 3,
            Self::Gif => 4,
            Self::Heic => 5,
            Self::Avif => 6,
        }
    }

    pub(crate) fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said to be readable is what is not refused for its kind.
    #[test]
    fn heic_and_avif_are_readable_with_the_feature_only() {
        let readable: Vec<Format> = Format::readable().collect();
        for format in [Format::Jpeg, Format::Png, Format::Webp, Format::Tiff, Format::Gif] {
            assert!(readable.contains(&format), "{}", format.name());
        }
        for (format, brand) in [(Format::Heic, b"heic"), (Format::Avif, b"avif")] {
            let mut bytes = b"\0\0\0\x18ftyp".to_vec();
            bytes.extend(brand);
            bytes.extend(b"\0\0\0\0mif1");
            bytes.extend(brand);
            let sniffed = crate::sniff::sniff(&bytes);
            assert_eq!(
                readable.contains(&format),
                sniffed == Ok(format),
                "{}",
                format.name()
            );
        }
    }

    #[test]
    fn codes_are_their_own_inverse() {
        for format in Format::ALL {
            assert_eq!(Format::from_code(format.code()), Some(format));
            assert_eq!(Format::from_number(format.number()), Some(format));
        }
        assert_eq!(Format::from_code("heif"), None);
    }
}
