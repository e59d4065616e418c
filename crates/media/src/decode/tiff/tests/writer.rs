//! A small writer of TIFF files, of every kind that is read and of many that are not: the image is known, so what
//! is read can be compared with it. The directory comes first, so that cutting a file takes from the end of its image.

#![expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    clippy::struct_excessive_bools,
    clippy::wildcard_enum_match_arm,
    reason = "a test's numbers are small and known, its kinds are its own"
)]

use std::io::Write;

use flate2::write::ZlibEncoder;
use jpeg_encoder::{ColorType, Encoder};
use weezl::{BitOrder, encode};

pub(super) const WIDTH: u32 = 37;
pub(super) const HEIGHT: u32 = 29;
const TILE: u32 = 16;
const ROWS: u32 = 7;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    WhiteIsZero,
    Gray,
    GrayAlpha,
    Rgb,
    /// Multiplied by alpha already.
    Associated,
    Unassociated,
    /// Four samples of which the file says that the last is something else.
    Unspecified,
    /// Four samples of which the file says nothing.
    Unsaid,
    Cmyk,
    Ycbcr,
    Palette,
}

impl Kind {
    pub(super) const ALL: [Self; 11] = [
        Self::WhiteIsZero,
        Self::Gray,
        Self::GrayAlpha,
        Self::Rgb,
        Self::Associated,
        Self::Unassociated,
        Self::Unspecified,
        Self::Unsaid,
        Self::Cmyk,
        Self::Ycbcr,
        Self::Palette,
    ];

    fn photometric(self) -> u64 {
        match self {
            Self::WhiteIsZero => 0,
            Self::Gray | Self::GrayAlpha => 1,
            Self::Rgb | Self::Associated | Self::Unassociated | Self::Unspecified | Self::Unsaid => 2,
            Self::Palette => 3,
            Self::Cmyk => 5,
            Self::Ycbcr => 6,
        }
    }

    /// Samples of the pixel as shares of full.
    fn samples(self, x: u32, y: u32) -> Vec<f64> {
        let [red, green, blue, alpha] = truth(x, y).map(f64::from);
        let list = match self {
            Self::WhiteIsZero => vec![255.0 - red],
            Self::Gray | Self::Palette => vec![red],
            Self::GrayAlpha => vec![red, alpha],
            Self::Rgb => vec![red, green, blue],
            Self::Associated => [red, green, blue, 255.0].map(|v| v * alpha / 255.0).to_vec(),
            Self::Unassociated | Self::Unspecified | Self::Unsaid => vec![red, green, blue, alpha],
            Self::Cmyk => vec![255.0 - red, 255.0 - green, 255.0 - blue, 0.0],
            Self::Ycbcr => vec![
                0.299 * red + 0.587 * green + 0.114 * blue,
                128.0 + (blue - (0.299 * red + 0.587 * green + 0.114 * blue)) / 1.772,
                128.0 + (red - (0.299 * red + 0.587 * green + 0.114 * blue)) / 1.402,
            ],
        };
        list.into_iter().map(|v| v / 255.0).collect()
    }

    /// The pixel as it must be shown: eight bits, on white.
    pub(super) fn shown(self, x: u32, y: u32) -> [f64; 3] {
        let [red, green, blue, alpha] = truth(x, y).map(f64::from);
        let on_white = |v: f64| (v * alpha + 255.0 * (255.0 - alpha)) / 255.0;
        match self {
            Self::WhiteIsZero | Self::Gray => [red; 3],
            Self::GrayAlpha => [on_white(red); 3],
            Self::Rgb | Self::Unspecified | Self::Cmyk | Self::Ycbcr => [red, green, blue],
            Self::Associated | Self::Unassociated | Self::Unsaid => [red, green, blue].map(on_white),
            Self::Palette => [red, 255.0 - red, 77.0],
        }
    }
}

/// What the files show: red, green, blue and alpha, in steps that one bit and four bits can hold where they must.
fn truth(x: u32, y: u32) -> [u8; 4] {
    let red = if (x / 5 + y / 4).is_multiple_of(2) { 255 } else { 0 };
    let step = |n: u32| u8::try_from(n % 16 * 17).unwrap();
    [red, step(x), step(y), step(x + y)]
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pack {
    None,
    Lzw,
    Deflate,
    Bytes,
    Zstd,
    Jpeg,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Spec {
    pub(super) big_endian: bool,
    pub(super) big: bool,
    pub(super) bits: u8,
    /// 1 unsigned, 2 signed, 3 floating point.
    pub(super) format: u64,
    pub(super) planar: bool,
    pub(super) tiled: bool,
    pub(super) pack: Pack,
    pub(super) predictor: u64,
    pub(super) kind: Kind,
}

impl Spec {
    pub(super) const PLAIN: Self = Self {
        big_endian: false,
        big: false,
        bits: 8,
        format: 1,
        planar: false,
        tiled: false,
        pack: Pack::None,
        predictor: 1,
        kind: Kind::Rgb,
    };

    pub(super) fn write(&self) -> Vec<u8> {
        self.write_with(&[])
    }

    /// The same with fields of one number that replace or join the others.
    pub(super) fn write_with(&self, replaced: &[(u16, u64)]) -> Vec<u8> {
        let chunks = self.chunks();
        let mut fields = self.fields(&chunks);
        for (tag, value) in replaced {
            fields.retain(|(other, _, _)| other != tag);
            fields.push((*tag, 4, vec![*value]));
        }
        fields.sort_by_key(|(tag, _, _)| *tag);
        self.file(&fields, &chunks)
    }

    fn fields(&self, chunks: &[Vec<u8>]) -> Vec<(u16, u16, Vec<u64>)> {
        let samples = self.kind.samples(0, 0).len();
        let lengths: Vec<u64> = chunks.iter().map(|chunk| chunk.len() as u64).collect();
        let compression = match self.pack {
            Pack::None => 1,
            Pack::Lzw => 5,
            Pack::Jpeg => 7,
            Pack::Deflate => 8,
            Pack::Bytes => 32_773,
            Pack::Zstd => 50_000,
        };
        let mut fields = vec![
            (256, 4, vec![u64::from(WIDTH)]),
            (257, 4, vec![u64::from(HEIGHT)]),
            (258, 3, vec![u64::from(self.bits); samples]),
            (259, 3, vec![compression]),
            (262, 3, vec![self.kind.photometric()]),
            (277, 3, vec![samples as u64]),
            (284, 3, vec![if self.planar { 2 } else { 1 }]),
            (339, 3, vec![self.format; samples]),
        ];
        if self.predictor != 1 {
            fields.push((317, 3, vec![self.predictor]));
        }
        let alpha = match self.kind {
            Kind::Associated => Some(1),
            Kind::GrayAlpha | Kind::Unassociated => Some(2),
            Kind::Unspecified => Some(0),
            _ => None,
        };
        fields.extend(alpha.map(|alpha| (338, 3, vec![alpha])));
        if self.kind == Kind::Ycbcr {
            fields.push((530, 3, vec![1, 1]));
        }
        if self.kind == Kind::Palette {
            let entries = 1_u64 << self.bits;
            let most = entries - 1;
            let list = |value: &dyn Fn(u64) -> u64| (0..entries).map(value).collect::<Vec<u64>>();
            let mut map = list(&|entry| entry * 65_535 / most);
            map.extend(list(&|entry| 65_535 - entry * 65_535 / most));
            map.extend(list(&|_| 77 * 257));
            fields.push((320, 3, map));
        }
        if self.tiled {
            fields.push((322, 3, vec![u64::from(TILE)]));
            fields.push((323, 3, vec![u64::from(TILE)]));
            fields.push((324, 4, vec![0; chunks.len()]));
            fields.push((325, 4, lengths));
        } else {
            fields.push((278, 3, vec![u64::from(ROWS)]));
            fields.push((273, 4, vec![0; chunks.len()]));
            fields.push((279, 4, lengths));
        }
        fields
    }

    fn number(&self, value: u64, width: usize) -> Vec<u8> {
        if self.big_endian {
            value.to_be_bytes()[8 - width..].to_vec()
        } else {
            value.to_le_bytes()[..width].to_vec()
        }
    }

    fn file(&self, fields: &[(u16, u16, Vec<u64>)], chunks: &[Vec<u8>]) -> Vec<u8> {
        let (head, wide, entry) = if self.big { (16, 8, 20) } else { (8, 4, 12) };
        let count_width = if self.big { 8 } else { 2 };
        let width_of = |kind: u16| if kind == 3 { 2 } else { 4 };
        let directory = count_width + entry * fields.len() + wide;
        let mut outside = Vec::new();
        let mut entries = self.number(fields.len() as u64, count_width);
        let outside_length: usize = fields
            .iter()
            .map(|(_, kind, values)| values.len() * width_of(*kind))
            .filter(|length| *length > wide)
            .sum();
        let mut data_at = head + directory + outside_length;
        for (tag, kind, values) in fields {
            let mut values = values.clone();
            if (*tag == 273 || *tag == 324) && values.len() == chunks.len() {
                for (value, chunk) in values.iter_mut().zip(chunks) {
                    *value = data_at as u64;
                    data_at += chunk.len();
                }
            }
            let mut bytes: Vec<u8> = values
                .iter()
                .flat_map(|value| self.number(*value, width_of(*kind)))
                .collect();
            entries.extend(self.number(u64::from(*tag), 2));
            entries.extend(self.number(u64::from(*kind), 2));
            entries.extend(self.number(values.len() as u64, wide));
            if bytes.len() > wide {
                entries.extend(self.number((head + directory + outside.len()) as u64, wide));
                outside.append(&mut bytes);
            } else {
                bytes.resize(wide, 0);
                entries.append(&mut bytes);
            }
        }
        entries.extend(self.number(0, wide));
        let mut file = if self.big_endian {
            b"MM".to_vec()
        } else {
            b"II".to_vec()
        };
        if self.big {
            file.extend([43, 8, 0].map(|n| self.number(n, 2)).concat());
        } else {
            file.extend(self.number(42, 2));
        }
        file.extend(self.number(head as u64, wide));
        [file, entries, outside, chunks.concat()].concat()
    }

    /// Packed strips or tiles, plane by plane.
    fn chunks(&self) -> Vec<Vec<u8>> {
        let samples = self.kind.samples(0, 0).len();
        let planes: Vec<Vec<usize>> = if self.planar {
            (0..samples).map(|sample| vec![sample]).collect()
        } else {
            vec![(0..samples).collect()]
        };
        let (wide, tall) = if self.tiled { (TILE, TILE) } else { (WIDTH, ROWS) };
        let mut chunks = Vec::new();
        for plane in planes {
            for y in (0..HEIGHT).step_by(tall as usize) {
                for x in (0..WIDTH).step_by(wide as usize) {
                    let rows = if self.tiled { tall } else { tall.min(HEIGHT - y) };
                    chunks.push(self.chunk((x, y), (wide, rows), &plane));
                }
            }
        }
        chunks
    }

    fn chunk(&self, at: (u32, u32), size: (u32, u32), plane: &[usize]) -> Vec<u8> {
        if self.pack == Pack::Jpeg {
            return self.jpeg(at, size, plane);
        }
        let mut rows = Vec::new();
        for y in at.1..at.1 + size.1 {
            let mut row: Vec<u64> = Vec::new();
            for x in at.0..at.0 + size.0 {
                let pixel = self.kind.samples(x.min(WIDTH - 1), y.min(HEIGHT - 1));
                row.extend(plane.iter().map(|sample| self.raw(pixel[*sample])));
            }
            rows.extend(self.row(&row, plane.len()));
        }
        self.packed(&rows)
    }

    /// A share of full, as the bits of a sample.
    fn raw(&self, share: f64) -> u64 {
        let share = share.clamp(0.0, 1.0);
        let most = (u64::MAX >> (64 - u32::from(self.bits))) as f64;
        match (self.format, self.bits) {
            (1, _) => (share * most).round() as u64,
            (2, bits) => ((share * most).round() as u64) ^ (1 << (bits - 1)),
            (_, 16) => half(share),
            (_, 32) => u64::from((share as f32).to_bits()),
            _ => share.to_bits(),
        }
    }

    fn row(&self, row: &[u64], samples: usize) -> Vec<u8> {
        let width = usize::from(self.bits) / 8;
        match self.predictor {
            2 => {
                let mask = u64::MAX >> (64 - u32::from(self.bits));
                let cells = row.iter().enumerate().map(|(at, value)| {
                    let before = if at < samples { 0 } else { row[at - samples] };
                    value.wrapping_sub(before) & mask
                });
                cells.flat_map(|cell| self.number(cell, width)).collect()
            }
            3 => {
                let mut split = Vec::new();
                for byte in (0..width).rev() {
                    split.extend(row.iter().map(|value| (value >> (8 * byte)) as u8));
                }
                let plain = split.clone();
                for at in samples..split.len() {
                    split[at] = plain[at].wrapping_sub(plain[at - samples]);
                }
                split
            }
            _ if width > 0 && self.bits.is_multiple_of(8) => {
                row.iter().flat_map(|value| self.number(*value, width)).collect()
            }
            _ => {
                let bits = row
                    .iter()
                    .flat_map(|value| (0..self.bits).rev().map(move |bit| (value >> bit & 1) as u8));
                let bits: Vec<u8> = bits.collect();
                bits.chunks(8)
                    .map(|eight| {
                        eight
                            .iter()
                            .enumerate()
                            .fold(0, |sum, (at, bit)| sum | bit << (7 - at))
                    })
                    .collect()
            }
        }
    }

    fn packed(&self, rows: &[u8]) -> Vec<u8> {
        match self.pack {
            Pack::None | Pack::Jpeg => rows.to_vec(),
            Pack::Lzw => encode::Encoder::with_tiff_size_switch(BitOrder::Msb, 8)
                .encode(rows)
                .unwrap(),
            Pack::Deflate => {
                let mut encoder = ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
                encoder.write_all(rows).unwrap();
                encoder.finish().unwrap()
            }
            Pack::Bytes => rows.chunks(100).flat_map(packbits).collect(),
            Pack::Zstd => {
                ruzstd::encoding::compress_to_vec(rows, ruzstd::encoding::CompressionLevel::Fastest)
            }
        }
    }

    fn jpeg(&self, at: (u32, u32), size: (u32, u32), plane: &[usize]) -> Vec<u8> {
        let mut pixels = Vec::new();
        for y in at.1..at.1 + size.1 {
            for x in at.0..at.0 + size.0 {
                let pixel = match self.kind {
                    // The encoder makes the differences.
                    Kind::Ycbcr => Kind::Rgb.samples(x.min(WIDTH - 1), y.min(HEIGHT - 1)),
                    kind => kind.samples(x.min(WIDTH - 1), y.min(HEIGHT - 1)),
                };
                pixels.extend(plane.iter().map(|sample| (pixel[*sample] * 255.0).round() as u8));
            }
        }
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 100);
        encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_1_1);
        let colours = match (plane.len(), self.kind) {
            (1, _) => ColorType::Luma,
            (3, Kind::Ycbcr) => ColorType::Rgb,
            // Three components as they are: the encoder is told that they are differences already.
            (3, _) => ColorType::Ycbcr,
            _ => ColorType::Cmyk,
        };
        if colours == ColorType::Cmyk {
            for ink in &mut pixels {
                *ink = !*ink;
            }
        }
        encoder
            .encode(&pixels, size.0 as u16, size.1 as u16, colours)
            .unwrap();
        bytes
    }
}

fn packbits(part: &[u8]) -> Vec<u8> {
    if part.iter().all(|byte| *byte == part[0]) && part.len() > 1 {
        return vec![(257 - part.len()) as u8, part[0]];
    }
    let mut out = vec![part.len() as u8 - 1];
    out.extend_from_slice(part);
    out
}

/// Sixteen bits of floating point, rounded, of a number from 0 to 1.
fn half(share: f64) -> u64 {
    if share < 2_f64.powi(-14) {
        return (share * 2_f64.powi(24)).round() as u64;
    }
    let exponent = share.log2().floor();
    let fraction = ((share / 2_f64.powf(exponent) - 1.0) * 1024.0).round() as u64;
    (((exponent as i64 + 15) as u64) << 10) + fraction
}
