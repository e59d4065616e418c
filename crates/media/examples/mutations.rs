//! Changes image files at random and sees that each is taken or refused: never a panic, never without end.
//!
//! `cargo run --release -p cutis-media --example mutations -- COUNT SEED FOLDER…` takes its beginnings from the folders'
//! files of at most 64 KiB and from small images of every format that it makes itself, prints counts as one line of `key=value` pairs, and writes each file that made trouble to
//! `mutation-N.bin`. The same seed gives the same files. Memory is bounded by whoever runs it (`ulimit -v`).

use std::error::Error;
use std::fs::File;
use std::io::{Cursor, Write};
use std::panic::catch_unwind;
use std::time::{Duration, Instant};

use cutis_media::{Limits, derive, full};
use flate2::Crc;
use image::{DynamicImage, ImageFormat, RgbImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use tiff::encoder::{Compression, DeflateLevel, TiffEncoder, colortype};

const LARGEST: usize = 64 << 10;
/// A small file must not keep a worker longer than this.
const SLOW: Duration = Duration::from_secs(5);

/// Xorshift: enough to choose places and values.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let sides = u64::try_from(sides.max(1)).unwrap_or(1);
        usize::try_from(self.0 % sides).unwrap_or(0)
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.roll(256)).unwrap_or(0)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let count: u64 = arguments.next().ok_or("how many?")?.parse()?;
    let seed: u64 = arguments.next().ok_or("which seed?")?.parse()?;
    let mut files = made()?;
    for folder in arguments {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_file() {
                let bytes = std::fs::read(path)?;
                if bytes.len() <= LARGEST {
                    files.push(bytes);
                }
            }
        }
    }
    files.sort();
    let limits = Limits::default()
        .with_max_pixels(4_000_000)
        .with_max_alloc(64 << 20);
    let mut dice = Dice(seed | 1);
    let (mut taken, mut refused, mut panics, mut slow) = (0_u64, 0_u64, 0_u64, 0_u64);
    let mut slowest = Duration::ZERO;
    for number in 0..count {
        let bytes = mutated(&files, &mut dice).ok_or("no files of at most 64 KiB")?;
        let begun = now();
        let outcome = catch_unwind(|| {
            (
                derive(&bytes, &limits),
                number % 4 == 0 && full(&bytes, &limits).is_ok(),
            )
        });
        let took = begun.elapsed();
        slowest = slowest.max(took);
        let trouble = match outcome {
            Ok((Ok(_), _)) => {
                taken += 1;
                false
            }
            Ok((Err(_), _)) => {
                refused += 1;
                false
            }
            Err(_) => {
                panics += 1;
                true
            }
        };
        slow += u64::from(took > SLOW);
        if trouble || took > SLOW {
            File::create(format!("mutation-{number}.bin"))?.write_all(&bytes)?;
        }
    }
    writeln!(
        std::io::stdout(),
        "mutations={count} seed={seed} beginnings={} taken={taken} refused={refused} panics={panics} slow={slow} \
         slowest_ms={}",
        files.len(),
        slowest.as_millis(),
    )?;
    if panics + slow > 0 {
        return Err("some files made trouble".into());
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "this measures itself and is no part of the product"
)]
fn now() -> Instant {
    Instant::now()
}

/// Small images of every format, and of layouts that the folders may not have.
fn made() -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let image = RgbImage::from_fn(60, 44, |x, y| {
        let value = |n: u32| u8::try_from(n % 256).unwrap_or(0);
        image::Rgb([value(x * 4), value(y * 5), value(x * y)])
    });
    let rgb = DynamicImage::ImageRgb8(image);
    let mut files = Vec::new();
    let kinds = [
        DynamicImage::ImageLuma8(rgb.to_luma8()),
        DynamicImage::ImageLuma16(rgb.to_luma16()),
        DynamicImage::ImageRgba8(rgb.to_rgba8()),
        DynamicImage::ImageRgb16(rgb.to_rgb16()),
        rgb.clone(),
    ];
    for kind in kinds {
        let mut bytes = Cursor::new(Vec::new());
        kind.write_to(&mut bytes, ImageFormat::Png)?;
        files.push(bytes.into_inner());
    }
    for format in [ImageFormat::Gif, ImageFormat::WebP] {
        let mut bytes = Cursor::new(Vec::new());
        rgb.write_to(&mut bytes, format)?;
        files.push(bytes.into_inner());
    }
    let samples = rgb.as_bytes();
    for packing in [
        Compression::Uncompressed,
        Compression::Lzw,
        Compression::Deflate(DeflateLevel::Fast),
        Compression::Packbits,
    ] {
        let mut bytes = Cursor::new(Vec::new());
        TiffEncoder::new(&mut bytes)?
            .with_compression(packing)
            .write_image::<colortype::RGB8>(60, 44, samples)?;
        files.push(bytes.into_inner());
    }
    for (progressive, sampling, restart) in [
        (false, SamplingFactor::F_2_2, 0),
        (false, SamplingFactor::F_1_1, 2),
        (true, SamplingFactor::F_2_1, 3),
    ] {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 85);
        encoder.set_progressive(progressive);
        encoder.set_sampling_factor(sampling);
        if restart > 0 {
            encoder.set_restart_interval(restart);
        }
        encoder.encode(samples, 60, 44, ColorType::Rgb)?;
        files.push(bytes);
    }
    Ok(files)
}

/// Gives the chunks of a changed PNG right checksums, so that what they hold is looked at.
fn correct_checksums(bytes: &mut [u8]) {
    let mut at = 8;
    while let Some(head) = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>()) {
        let Ok(length) = usize::try_from(u32::from_be_bytes(*head)) else {
            return;
        };
        let (begin, end) = (at + 4, (at + 8).saturating_add(length));
        let Some(covered) = bytes.get(begin..end) else {
            return;
        };
        let mut sum = Crc::new();
        sum.update(covered);
        let Some(place) = bytes.get_mut(end..end + 4) else {
            return;
        };
        place.copy_from_slice(&sum.sum().to_be_bytes());
        at = end + 4;
    }
}

/// One of the files with one to eight changes: bytes, bits, markers, cuts, and pieces moved, doubled or taken away.
fn mutated(files: &[Vec<u8>], dice: &mut Dice) -> Option<Vec<u8>> {
    let mut bytes = files.get(dice.roll(files.len()))?.clone();
    for _ in 0..=dice.roll(8) {
        let at = dice.roll(bytes.len());
        let piece = at..(at + 1 + dice.roll(64)).min(bytes.len());
        match dice.roll(9) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(piece)),
            2 => {
                let again = bytes.get(piece)?.to_vec();
                let to = dice.roll(bytes.len());
                bytes.splice(to..to, again);
            }
            3 => {
                let marker = [
                    0xFF,
                    *[0xC0, 0xC2, 0xC4, 0xD0, 0xD3, 0xD9, 0xDA, 0xDC, 0xDD].get(dice.roll(9))?,
                ];
                bytes.splice(at..at, marker);
            }
            4 => {
                let value = dice.byte();
                bytes.get_mut(piece)?.fill(value);
            }
            5 => {
                let other = files.get(dice.roll(files.len()))?;
                let from = dice.roll(other.len());
                bytes.truncate(at);
                bytes.extend_from_slice(other.get(from..)?);
            }
            6 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << dice.roll(8);
                }
            }
            _ => {
                let value = dice.byte();
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = value;
                }
            }
        }
    }
    if bytes.starts_with(b"\x89PNG") && dice.roll(4) > 0 {
        correct_checksums(&mut bytes);
    }
    Some(bytes)
}
