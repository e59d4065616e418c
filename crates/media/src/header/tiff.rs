//! TIFF: the first directory.

use super::{Header, be16, be32, le16, le32};
use crate::format::Format;
use crate::num::index;
use crate::refusal::Refusal;

const WIDTH: u16 = 256;
const HEIGHT: u16 = 257;
const SUBFILE_TYPE: u16 = 254;
const COMPRESSION: u16 = 259;
const SUB_DIRECTORIES: u16 = 330;
const COLOUR_PROFILE: u16 = 34_675;
const DNG_VERSION: u16 = 50_706;

/// Compressions that only cameras' raw files use: Sony, Nikon, Samsung, Pentax.
const RAW_COMPRESSIONS: [u32; 5] = [32_767, 32_770, 34_713, 65_000, 65_535];

pub(super) fn read(bytes: &[u8]) -> Result<Header<'_>, Refusal> {
    let directory = Directory::first(bytes).ok_or(Refusal::TRUNCATED)?;
    let width = directory.number(WIDTH).ok_or(Refusal::MALFORMED)?;
    let height = directory.number(HEIGHT).ok_or(Refusal::MALFORMED)?;
    let mut header = Header::new(Format::Tiff, width, height);
    header.exif = Some(bytes);
    header.icc = directory.has(COLOUR_PROFILE);
    Ok(header)
}

/// Whether a TIFF is really a camera's raw file: DNG, NEF, ARW, CR2, PEF are TIFF containers whose first image is a
/// preview at best.
pub(crate) fn is_raw(bytes: &[u8]) -> bool {
    if bytes.get(8..10) == Some(b"CR") {
        return true;
    }
    let Some(directory) = Directory::first(bytes) else {
        return false;
    };
    let reduced = directory.number(SUBFILE_TYPE).is_some_and(|kind| kind & 1 == 1);
    directory.has(DNG_VERSION)
        || directory
            .number(COMPRESSION)
            .is_some_and(|scheme| RAW_COMPRESSIONS.contains(&scheme))
        || (reduced && directory.has(SUB_DIRECTORIES))
}

struct Directory<'a> {
    entries: &'a [u8],
    big_endian: bool,
}

impl<'a> Directory<'a> {
    fn first(bytes: &'a [u8]) -> Option<Self> {
        let big_endian = bytes.starts_with(b"MM");
        let at = index(if big_endian {
            be32(bytes, 4)?
        } else {
            le32(bytes, 4)?
        });
        let count = if big_endian {
            be16(bytes, at)?
        } else {
            le16(bytes, at)?
        };
        let begin = at.checked_add(2)?;
        let entries = bytes.get(begin..begin.checked_add(12 * usize::from(count))?)?;
        Some(Self { entries, big_endian })
    }

    fn entry(&self, tag: u16) -> Option<&'a [u8]> {
        self.entries
            .chunks_exact(12)
            .find(|entry| self.short(entry, 0) == Some(tag))
    }

    fn has(&self, tag: u16) -> bool {
        self.entry(tag).is_some()
    }

    fn short(&self, bytes: &[u8], at: usize) -> Option<u16> {
        if self.big_endian {
            be16(bytes, at)
        } else {
            le16(bytes, at)
        }
    }

    fn long(&self, bytes: &[u8], at: usize) -> Option<u32> {
        if self.big_endian {
            be32(bytes, at)
        } else {
            le32(bytes, at)
        }
    }

    /// The single SHORT (type 3) or LONG (type 4) of a tag.
    fn number(&self, tag: u16) -> Option<u32> {
        let entry = self.entry(tag)?;
        match self.short(entry, 2)? {
            3 => self.short(entry, 8).map(u32::from),
            4 => self.long(entry, 8),
            _ => None,
        }
    }
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
            (WIDTH, 3, 10),
            (HEIGHT, 4, 10),
            (COMPRESSION, 3, 1)
        ])));
        assert!(is_raw(&with_entries(&[(WIDTH, 3, 10), (DNG_VERSION, 1, 0x0401)])));
        assert!(is_raw(&with_entries(&[(COMPRESSION, 3, 34_713)])));
        assert!(is_raw(&with_entries(&[
            (SUBFILE_TYPE, 4, 1),
            (SUB_DIRECTORIES, 4, 8)
        ])));
    }

    #[test]
    fn the_size_is_read_without_decoding() {
        let bytes = with_entries(&[(WIDTH, 3, 640), (HEIGHT, 4, 480)]);
        let header = read(&bytes).unwrap();
        assert_eq!((header.width, header.height), (640, 480));
        assert!(read(b"II*\0\xFF\xFF\xFF\xFF").is_err());
    }
}
