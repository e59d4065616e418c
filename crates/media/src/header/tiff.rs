//! TIFF: its directories, and which of them is the image that the file is about.

pub(crate) mod directory;
mod extent;
pub(crate) mod pages;
pub(crate) mod tag;

use super::Header;
use crate::format::Format;
use crate::refusal::Refusal;
use directory::File;

/// Compressions that only cameras' raw files use: Sony, Nikon, Samsung, Pentax.
const RAW_COMPRESSIONS: [u64; 5] = [32_767, 32_770, 34_713, 65_000, 65_535];

pub(super) fn read(bytes: &[u8]) -> Result<Header<'_>, Refusal> {
    let file = File::open(bytes).ok_or(Refusal::TRUNCATED)?;
    let pages = pages::read(file).ok_or(Refusal::TRUNCATED)?;
    let (width, height) = pages.shown.size().ok_or(Refusal::MALFORMED)?;
    let mut header = Header::new(Format::Tiff, width, height);
    header.exif = Some(bytes.into());
    header.xmp = pages.shown.field(tag::XMP).map(|field| field.value.into());
    header.end = extent::end(file).and_then(|end| usize::try_from(end).ok());
    header.icc = pages.shown.field(tag::COLOUR_PROFILE).is_some();
    Ok(header)
}

/// Whether a TIFF is really a camera's raw file: DNG, NEF, ARW, CR2, PEF are TIFF containers whose first image is a
/// preview at best.
pub(crate) fn is_raw(bytes: &[u8]) -> bool {
    if bytes.get(8..10) == Some(b"CR") && bytes.get(2..4) != Some(&[43, 0]) {
        return true;
    }
    let first = File::open(bytes).and_then(|file| file.directory(file.first()?));
    let Some(directory) = first else {
        return false;
    };
    directory.field(tag::DNG_VERSION).is_some()
        || directory
            .number(tag::COMPRESSION)
            .is_some_and(|scheme| RAW_COMPRESSIONS.contains(&scheme))
        || (directory.is_reduced() && directory.field(tag::SUB_DIRECTORIES).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_entries(entries: &[(u16, u16, u32)]) -> Vec<u8> {
        let mut bytes = b"II*\0\x08\0\0\0".to_vec();
        bytes.extend_from_slice(&u16::try_from(entries.len()).unwrap().to_le_bytes());
        for (tag, kind, value) in entries {
            bytes.extend_from_slice(&tag.to_le_bytes());
            bytes.extend_from_slice(&kind.to_le_bytes());
            bytes.extend_from_slice(&1_u32.to_le_bytes());
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        bytes.extend_from_slice(&[0; 4]);
        bytes
    }

    /// I1: RAW files are recognised although they are TIFF containers.
    #[test]
    fn raw_files_are_told_from_tiff() {
        assert!(!is_raw(&with_entries(&[
            (tag::WIDTH, 3, 10),
            (tag::HEIGHT, 4, 10),
            (tag::COMPRESSION, 3, 1)
        ])));
        assert!(is_raw(&with_entries(&[
            (tag::WIDTH, 3, 10),
            (tag::DNG_VERSION, 1, 0x0401)
        ])));
        assert!(is_raw(&with_entries(&[(tag::COMPRESSION, 3, 34_713)])));
        assert!(is_raw(&with_entries(&[
            (tag::SUBFILE_TYPE, 4, 1),
            (tag::SUB_DIRECTORIES, 4, 8)
        ])));
    }

    /// What lies behind the last byte that a directory knows of follows the image.
    #[test]
    fn the_end_is_behind_the_last_byte_that_is_known() {
        let end = |entries: &[(u16, u16, u32)]| extent::end(File::open(&with_entries(entries)).unwrap());
        assert_eq!(end(&[(tag::WIDTH, 3, 640)]), Some(26));
        let strip = (tag::STRIP_OFFSETS, 4, 100);
        assert_eq!(end(&[strip, (tag::STRIP_BYTES, 4, 900)]), Some(1000));
        assert_eq!(end(&[strip, (tag::STRIP_BYTES, 4, 0)]), None);
        assert_eq!(end(&[strip]), None);
        // A directory that leads to itself, and one that leads nowhere.
        assert_eq!(end(&[(tag::SUB_DIRECTORIES, 4, 8)]), Some(26));
        assert_eq!(end(&[(tag::EXIF_DIRECTORY, 4, u32::MAX)]), Some(26));
    }

    #[test]
    fn the_size_is_read_without_decoding() {
        let bytes = with_entries(&[(tag::WIDTH, 3, 640), (tag::HEIGHT, 4, 480)]);
        let header = read(&bytes).unwrap();
        assert_eq!((header.width, header.height), (640, 480));
        assert!(read(b"II*\0\xFF\xFF\xFF\xFF").is_err());
    }
}
