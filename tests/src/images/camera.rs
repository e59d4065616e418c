//! Files as cameras write them, made here, so that every test about them runs everywhere.

use sha2::{Digest as _, Sha256};

use super::sized;
use crate::client::File;

/// EXIF's number of an orientation, with a name that says which way up the scene is.
const ORIENTATIONS: std::ops::RangeInclusive<u16> = 0..=8;

/// One scene lying and one standing, each in every EXIF orientation (0 is none that EXIF knows): upright they have
/// 48 × 32 and 32 × 48 pixels.
pub fn in_every_orientation() -> Vec<File> {
    let mut files = Vec::new();
    for (name, seed, width, height) in [("Landscape", 10, 48, 32), ("Portrait", 20, 32, 48)] {
        for orientation in ORIENTATIONS {
            let lies_on_its_side = orientation >= 5;
            let (width, height) = if lies_on_its_side {
                (height, width)
            } else {
                (width, height)
            };
            let image = sized(seed + u64::from(orientation), width, height);
            let file = with_exif(&image, &exif(orientation));
            files.push(File::new(format!("{name}_{orientation}.jpg"), file));
        }
    }
    files
}

/// An image with a position and 200 kB of its maker's own notes.
pub fn with_position_and_notes() -> File {
    let mut file = with_exif(&sized(30, 64, 48), &exif(1));
    for number in 0..4_u32 {
        let notes: Vec<u8> = (0..1600_u32)
            .flat_map(|part| Sha256::digest([number.to_be_bytes(), part.to_be_bytes()].concat()))
            .collect();
        insert(&mut file, 0xFE, &notes);
    }
    File::new("DSCN0010.jpg", file)
}

/// An image whose EXIF points outside of itself and in circles.
pub fn with_broken_exif() -> File {
    let mut block = exif(1);
    let length = block.len();
    // The directory of positions begins behind the end, and the next directory is the first again.
    block[length - 8..].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0x7F, 8, 0, 0, 0]);
    File::new("bad_exif.jpg", with_exif(&sized(31, 64, 48), &block))
}

/// An image cut off in its middle.
pub fn cut_off() -> File {
    let whole = sized(32, 640, 480);
    File::new("cut off.jpg", whole[..whole.len() / 2].to_vec())
}

/// The beginning of a file as phones write them by default.
pub fn heic() -> File {
    let mut file = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    file.extend_from_slice(b"\0\0\0\x08mdat");
    File::new("IMG_5195.HEIC", file)
}

/// An uncompressed TIFF of three colours.
pub fn tiff() -> File {
    let (width, height) = (40_u32, 30_u32);
    let pixels: Vec<u8> = (0..width * height)
        .flat_map(|at| [(at % width * 6) as u8, (at / width * 8) as u8, 90])
        .collect();
    let begin = 8 + 2 + 10 * 12 + 4;
    let (bits, data) = (begin, begin + 6);
    let short = |tag: u16, value: u32| field(tag, 3, 1, value);
    let long = |tag: u16, value: u32| field(tag, 4, 1, value);
    let fields = [
        long(256, width),
        long(257, height),
        field(258, 3, 3, bits),
        short(259, 1),
        short(262, 2),
        long(273, data),
        short(277, 3),
        long(278, height),
        long(279, u32::try_from(pixels.len()).expect("small")),
        short(284, 1),
    ];
    let mut file = b"II\x2A\0\x08\0\0\0\x0A\0".to_vec();
    file.extend(fields.concat());
    file.extend_from_slice(&[0, 0, 0, 0, 8, 0, 8, 0, 8, 0]);
    file.extend(pixels);
    File::new("bsg1.tiff", file)
}

/// One field of a TIFF directory, little-endian.
fn field(tag: u16, kind: u16, count: u32, value: u32) -> [u8; 12] {
    let mut bytes = [0; 12];
    bytes[..2].copy_from_slice(&tag.to_le_bytes());
    bytes[2..4].copy_from_slice(&kind.to_le_bytes());
    bytes[4..8].copy_from_slice(&count.to_le_bytes());
    bytes[8..].copy_from_slice(&value.to_le_bytes());
    bytes
}

/// EXIF with an orientation and a directory of positions, which says north.
fn exif(orientation: u16) -> Vec<u8> {
    let positions = 8 + 2 + 2 * 12 + 4;
    let mut block = b"Exif\0\0II\x2A\0\x08\0\0\0\x02\0".to_vec();
    block.extend(field(0x0112, 3, 1, u32::from(orientation)));
    block.extend(field(0x8825, 4, 1, positions));
    block.extend_from_slice(&[0; 4]);
    // One field: latitude's reference.
    block.extend_from_slice(&[1, 0]);
    block.extend(field(1, 2, 2, u32::from_le_bytes(*b"N\0\0\0")));
    block.extend_from_slice(&[0; 4]);
    block
}

/// The image with this EXIF instead of its own.
fn with_exif(image: &[u8], exif: &[u8]) -> Vec<u8> {
    let mut file = without_exif(image);
    insert(&mut file, 0xE1, exif);
    file
}

/// Leaves out the segments in which metadata lies.
fn without_exif(image: &[u8]) -> Vec<u8> {
    let mut file = image[..2].to_vec();
    let mut at = 2;
    while image[at + 1] != 0xDA {
        let length = 2 + usize::from(u16::from_be_bytes([image[at + 2], image[at + 3]]));
        if image[at + 1] != 0xE1 {
            file.extend_from_slice(&image[at..at + length]);
        }
        at += length;
    }
    file.extend_from_slice(&image[at..]);
    file
}

/// Puts a segment right behind the beginning.
fn insert(file: &mut Vec<u8>, marker: u8, content: &[u8]) {
    let length = u16::try_from(content.len() + 2).expect("a segment's length");
    let mut segment = vec![0xFF, marker];
    segment.extend_from_slice(&length.to_be_bytes());
    segment.extend_from_slice(content);
    file.splice(2..2, segment);
}
