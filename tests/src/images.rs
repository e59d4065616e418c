//! Images: real ones by path, made ones, and broken ones.

pub mod camera;

use std::path::{Path, PathBuf};

use cutis_media::CivilTime;
use cutis_media::synthetic::{Scene, SkinType, Subject, draw};

use crate::client::File;

/// The folder of real images, which are an extra: what a test needs it makes ([`camera`]). `None` when this copy of
/// the project has none beside it.
pub fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/photos");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!(
        "an extra was not tried: there are no real photos at {}",
        folder.display()
    );
    None
}

/// A real image under its own name.
pub fn real(folder: &Path, name: &str) -> File {
    let path = folder.join(name);
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    File::new(path.file_name().expect("a name").to_string_lossy(), bytes)
}

/// A small JPEG with EXIF; each number gives other bytes.
pub fn made(number: u64) -> Vec<u8> {
    sized(number, 64, 48)
}

/// The same of another size.
fn sized(number: u64, width: u32, height: u32) -> Vec<u8> {
    let scene = Scene {
        seed: number,
        visit: 1,
        subject: Subject::Nevus,
        skin: SkinType::II,
        captured_at: CivilTime::new((2026, 3, 4), (9, 30, 0), Some(3600)).expect("a day and time"),
    };
    draw(&scene, width, height).expect("a photo can be made")
}

/// The same with comments in its head, so that it has at least so many bytes, no two of them alike.
pub fn padded(number: u64, least: usize) -> Vec<u8> {
    let made = made(number);
    let (begin, rest) = made.split_at(2);
    let mut file = begin.to_vec();
    let mut state = number | 1;
    while file.len() + rest.len() < least {
        file.extend_from_slice(b"\xFF\xFE\xFF\xFF");
        for _ in 0..0xFFFD {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            file.push(state.to_be_bytes()[0]);
        }
    }
    file.extend_from_slice(rest);
    file
}

/// A black PNG of these sides, with a colour profile that unpacks to so many zeros unless that is 0.
pub fn png_of_zeros((width, height): (u32, u32), profile: u64) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    chunk(&mut png, b"IHDR", &head);
    if profile > 0 {
        let body = [&b"bomb\0\0"[..], &packed_zeros(profile)].concat();
        chunk(&mut png, b"iCCP", &body);
    }
    let rows = u64::from(height) * (u64::from(width) + 1);
    chunk(&mut png, b"IDAT", &packed_zeros(rows));
    chunk(&mut png, b"IEND", &[]);
    png
}

/// So many zeros in zlib's frame: one block of fixed codes (RFC 1951, 3.2.6), most of them "the last byte 258 times more".
fn packed_zeros(many: u64) -> Vec<u8> {
    const ZERO: (u32, u32) = (0b0000_1100, 8);
    const REPEATED: (u32, u32) = (0b0_0000_1010_0011, 13);
    let mut bytes = vec![0x78, 0x01];
    let (mut held, mut bits) = (0_u64, 0_u32);
    let mut put = |(code, length): (u32, u32)| {
        held |= u64::from(code) << bits;
        bits += length;
        while bits >= 8 {
            bytes.push(held.to_le_bytes()[0]);
            held >>= 8;
            bits -= 8;
        }
    };
    put((0b011, 3));
    put(ZERO);
    for _ in 0..(many - 1) / 258 {
        put(REPEATED);
    }
    for _ in 0..(many - 1) % 258 {
        put(ZERO);
    }
    // The end of the block, and of the last byte.
    put((0, 7 + 7));
    // The sum of no bytes but zeros: one, and the one so many times.
    let sum = u32::try_from(many % 65_521).expect("a remainder") << 16 | 1;
    bytes.extend_from_slice(&sum.to_be_bytes());
    bytes
}

/// A PNG whose head promises these sides; its data is a few bytes.
pub fn png_promising(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = Vec::new();
    head.extend_from_slice(&width.to_be_bytes());
    head.extend_from_slice(&height.to_be_bytes());
    head.extend_from_slice(&[8, 6, 0, 0, 0]);
    chunk(&mut png, b"IHDR", &head);
    // An empty deflate stream in zlib's frame.
    chunk(
        &mut png,
        b"IDAT",
        &[0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01],
    );
    chunk(&mut png, b"IEND", &[]);
    png
}

/// An image of noise, which nothing makes smaller: a PNG whose rows are stored as they are (RFC 1950, 1951). The noise
/// comes from `next`, eight bytes at a time.
pub fn noise(width: u32, height: u32, mut next: impl FnMut() -> u64) -> Vec<u8> {
    let row = usize::try_from(width * 3).expect("small");
    let mut rows = Vec::new();
    for _ in 0..height {
        rows.push(0);
        let end = rows.len() + row;
        while rows.len() < end {
            rows.extend_from_slice(&next().to_le_bytes());
        }
        rows.truncate(end);
    }
    let mut stored = vec![0x78, 0x01];
    let blocks = rows.chunks(65_535);
    let last = blocks.len() - 1;
    for (number, block) in blocks.enumerate() {
        let length = u16::try_from(block.len()).expect("a block is short");
        stored.push(u8::from(number == last));
        stored.extend_from_slice(&length.to_le_bytes());
        stored.extend_from_slice(&(!length).to_le_bytes());
        stored.extend_from_slice(block);
    }
    stored.extend_from_slice(&adler32(&rows).to_be_bytes());
    let mut head = width.to_be_bytes().to_vec();
    head.extend_from_slice(&height.to_be_bytes());
    head.extend_from_slice(&[8, 2, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", head.as_slice()), (b"IDAT", &stored), (b"IEND", &[])] {
        chunk(&mut png, kind, data);
    }
    png
}

/// The checksum of zlib (RFC 1950).
fn adler32(bytes: &[u8]) -> u32 {
    let (mut low, mut high) = (1_u32, 0_u32);
    for piece in bytes.chunks(5552) {
        for byte in piece {
            low += u32::from(*byte);
            high += low;
        }
        low %= 65_521;
        high %= 65_521;
    }
    (high << 16) | low
}

/// Adds a chunk to a PNG.
fn chunk(png: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    png.extend_from_slice(&u32::try_from(data.len()).expect("short").to_be_bytes());
    let begin = png.len();
    png.extend_from_slice(kind);
    png.extend_from_slice(data);
    let crc = crc32(&png[begin..]);
    png.extend_from_slice(&crc.to_be_bytes());
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xEDB8_8320
            } else {
                crc >> 1
            }
        })
    })
}

/// Width and height of a baseline or progressive JPEG.
pub fn jpeg_size(bytes: &[u8]) -> (u32, u32) {
    let mut at = 2;
    while at + 9 < bytes.len() {
        assert_eq!(bytes[at], 0xFF, "a JPEG marker at {at}");
        let (marker, length) = (
            bytes[at + 1],
            usize::from(bytes[at + 2]) << 8 | usize::from(bytes[at + 3]),
        );
        if matches!(marker, 0xC0..=0xC2) {
            let two = |at: usize| u32::from(bytes[at]) << 8 | u32::from(bytes[at + 1]);
            return (two(at + 7), two(at + 5));
        }
        at += 2 + length;
    }
    panic!("no JPEG frame");
}

/// Whether the bytes hold anything of EXIF, XMP or GPS.
pub fn holds_metadata(bytes: &[u8]) -> bool {
    let has = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    has(b"Exif\0\0") || has(b"http://ns.adobe.com/xap") || has(b"eXIf") || has(b"GPSLatitude")
}
