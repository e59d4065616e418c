//! I2: a JPEG is whole when all its coded data is there, whatever its end marker says.

use image::RgbImage;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::images::{decoded, difference, encode_jpeg};
use super::slow_jpeg;
use crate::completeness::Completeness::{self, Incomplete, Whole};
use crate::derive::{derive, full};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// What happens to a file: both ways of decoding must agree.
pub(super) fn outcome(bytes: &[u8]) -> Result<Completeness, Refusal> {
    let derived = derive(bytes, &Limits::default()).map(|derived| derived.completeness);
    let whole = full(bytes, &Limits::default()).map(|_| ());
    assert_eq!(derived.map(|_| ()), whole);
    derived
}

/// Both renditions show `truth`.
pub(super) fn assert_shows(bytes: &[u8], truth: &RgbImage, name: &str) {
    let derived = derive(bytes, &Limits::default()).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    let full = full(bytes, &Limits::default()).unwrap();
    for shown in [&derived.screen, &full.bytes] {
        let far = difference(&decoded(shown), truth);
        assert!(far < 4.0, "{name}: {far}");
    }
    let small = image::imageops::thumbnail(truth, 320, truth.height() * 320 / truth.width());
    let thumbnail = decoded(&derived.thumbnail);
    if small.dimensions() == thumbnail.dimensions() {
        let far = difference(&thumbnail, &small);
        assert!(far < 4.0, "{name} thumbnail: {far}");
    }
}

/// The field's files and the right answer to each.
#[test]
fn field_files_have_the_right_answer() {
    let truth = decoded(include_bytes!("field/_truth.png"));
    let taken: [(&str, &[u8], Completeness); 7] = [
        ("noeoi", include_bytes!("field/jpg_noeoi.jpg"), Whole),
        (
            "noeoi_samsung_trailer",
            include_bytes!("field/jpg_noeoi_samsung_trailer.jpg"),
            Whole,
        ),
        ("cut12", include_bytes!("field/jpg_cut12.jpg"), Incomplete),
        ("nodht_jfif", include_bytes!("field/jpg_nodht_jfif.jpg"), Whole),
        (
            "restart_missing",
            include_bytes!("field/jpg_restart_missing.jpg"),
            Incomplete,
        ),
        (
            "sos_samsung_0_63_FF",
            include_bytes!("field/jpg_sos_samsung_0_63_FF.jpg"),
            Whole,
        ),
        ("sos_se62", include_bytes!("field/jpg_sos_se62.jpg"), Whole),
    ];
    for (name, bytes, expected) in taken {
        assert_eq!(outcome(bytes), Ok(expected), "{name}");
        assert_shows(bytes, &truth, name);
    }
    let refused: [(&[u8], &str); 3] = [
        (include_bytes!("field/jpg_cut200.jpg"), "of it is missing"),
        (include_bytes!("field/jpg_90pct_plus_eoi.jpg"), "of it is missing"),
        (include_bytes!("field/jpg_half_plus_eoi.jpg"), "of it is missing"),
    ];
    for (bytes, words) in refused {
        let refusal = outcome(bytes).unwrap_err();
        assert_eq!(refusal.code(), "damaged");
        assert!(refusal.to_string().contains(words), "{refusal}");
    }
}

/// An image whose blocks differ, so that every MCU takes some bytes.
pub(super) fn textured(width: u32, height: u32) -> RgbImage {
    let mut noise = 12_345_u32;
    RgbImage::from_fn(width, height, |x, y| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [_, _, _, high] = noise.to_le_bytes();
        let at = |n: u32, of: u32| u8::try_from(n * 190 / of).unwrap() + (high >> 5);
        image::Rgb([at(x, width), at(y, height), at(x + y, width + height)])
    })
}

fn with_type(image: &RgbImage, kind: ColorType, set: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let samples: Vec<u8> = match kind {
        ColorType::Luma => image.pixels().map(|pixel| pixel.0[1]).collect(),
        ColorType::Cmyk | ColorType::CmykAsYcck => image
            .pixels()
            .flat_map(|pixel| [255 - pixel.0[0], 255 - pixel.0[1], 255 - pixel.0[2], 0])
            .collect(),
        ColorType::Rgb
        | ColorType::Rgba
        | ColorType::Bgr
        | ColorType::Bgra
        | ColorType::Ycbcr
        | ColorType::Ycck => image.as_raw().clone(),
    };
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 85);
    set(&mut encoder);
    let side = |length: u32| u16::try_from(length).unwrap();
    encoder
        .encode(&samples, side(image.width()), side(image.height()), kind)
        .unwrap();
    bytes
}

/// Files of many kinds, whole, with their names.
pub(super) fn kinds() -> Vec<(&'static str, Vec<u8>)> {
    let image = textured(123, 91);
    let sampled = |factor| encode_jpeg(&image, |e| e.set_sampling_factor(factor));
    vec![
        ("4:4:4", sampled(SamplingFactor::F_1_1)),
        ("4:2:2", sampled(SamplingFactor::F_2_1)),
        ("4:2:0", sampled(SamplingFactor::F_2_2)),
        ("4:1:1", sampled(SamplingFactor::F_4_1)),
        ("4:4:0", sampled(SamplingFactor::F_1_2)),
        ("grey", with_type(&image, ColorType::Luma, |_| ())),
        ("cmyk", with_type(&image, ColorType::Cmyk, |_| ())),
        ("ycck", with_type(&image, ColorType::CmykAsYcck, |_| ())),
        ("restarts", encode_jpeg(&image, |e| e.set_restart_interval(3))),
        (
            "planes by themselves",
            encode_jpeg(&image, |e| e.set_optimized_huffman_tables(true)),
        ),
        (
            "planes by themselves with restarts",
            encode_jpeg(&image, |e| {
                e.set_sampling_factor(SamplingFactor::F_4_2);
                e.set_restart_interval(7);
            }),
        ),
        ("spectral", encode_jpeg(&image, |e| e.set_progressive(true))),
        (
            "spectral with restarts",
            encode_jpeg(&image, |e| {
                e.set_progressive(true);
                e.set_restart_interval(5);
            }),
        ),
        ("progressive", include_bytes!("jpeg/progressive.jpg").to_vec()),
        (
            "progressive 4:4:4",
            include_bytes!("jpeg/progressive_444.jpg").to_vec(),
        ),
        (
            "progressive with restarts",
            include_bytes!("jpeg/progressive_restarts.jpg").to_vec(),
        ),
        (
            "progressive grey",
            include_bytes!("jpeg/progressive_grey.jpg").to_vec(),
        ),
    ]
}

#[test]
fn every_kind_is_whole() {
    for (name, bytes) in kinds() {
        assert_eq!(outcome(&bytes), Ok(Whole), "{name}");
        assert_eq!(slow_jpeg::read(&bytes).verdict(), Some(Whole), "{name}");
        // The end marker never matters.
        assert_eq!(
            outcome(&bytes[..bytes.len() - 2]),
            Ok(Whole),
            "{name} without end"
        );
        assert_eq!(
            outcome(&bytes[..bytes.len() - 1]),
            Ok(Whole),
            "{name} with half an end"
        );
    }
}

/// Cut anywhere, with and without an end marker behind the cut, the answer is that of a plain count.
#[test]
fn cuts_are_judged_by_what_is_there() {
    for (name, bytes) in kinds() {
        let mut seen = [0; 3];
        for cut in (300..bytes.len())
            .step_by(97)
            .chain(bytes.len() - 60..bytes.len())
        {
            let part = &bytes[..cut];
            for closed in [part.to_vec(), [part, &[0xFF, 0xD9]].concat()] {
                // A marker cut in half would join up with the one behind it.
                if part.ends_with(&[0xFF]) && closed.len() > part.len() {
                    continue;
                }
                let slow = slow_jpeg::read(&closed);
                let expected = slow.verdict();
                match (outcome(&closed), expected) {
                    (Ok(found), Some(expected)) => assert_eq!(found, expected, "{name} cut at {cut}"),
                    (Err(refusal), None) => assert_eq!(refusal.code(), "damaged", "{name} cut at {cut}"),
                    (found, expected) => panic!("{name} cut at {cut}: {found:?}, not {expected:?}"),
                }
                seen[match expected {
                    Some(Whole) => 0,
                    Some(Incomplete) => 1,
                    None => 2,
                }] += 1;
            }
        }
        assert!(seen[0] > 0 && seen[2] > 0, "{name}: {seen:?}");
    }
}
