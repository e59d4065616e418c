//! HEIC and AVIF, by the feature `heif` (I1). Most files are made here, by the library's own encoders; those of `heif/`, with what
//! these cannot write, by two other programs.

use image::RgbImage;
use libheif_rs::{
    Channel, ColorSpace, CompressionFormat, EncoderQuality, HeifContext, Image, LibHeif, RgbChroma,
};

use super::images::{assert_clean, decoded, difference, exif, scene};
use crate::derive::{MediaType, derive, full, inspect};
use crate::facts::CivilTime;
use crate::format::Format;
use crate::limits::Limits;
use crate::orientation::Orientation;
use crate::refusal::Refusal;

const FORMATS: [(Format, CompressionFormat); 2] = [
    (Format::Heic, CompressionFormat::Hevc),
    (Format::Avif, CompressionFormat::Av1),
];

/// What a file is made of besides its pixels.
#[derive(Default)]
struct Made<'a> {
    alpha: Option<u8>,
    exif: Option<&'a [u8]>,
    xmp: Option<&'a [u8]>,
    images: usize,
}

impl Made<'_> {
    fn file(&self, shown: &RgbImage, compression: CompressionFormat) -> Vec<u8> {
        let library = LibHeif::new();
        let image = sheet(shown, self.alpha);
        let mut encoder = library.encoder_for_format(compression).unwrap();
        encoder.set_quality(EncoderQuality::Lossy(90)).unwrap();
        let mut context = HeifContext::new().unwrap();
        for _ in 0..self.images.max(1) {
            let handle = context.encode_image(&image, &mut encoder, None).unwrap();
            if let Some(exif) = self.exif {
                context.add_exif_metadata(&handle, exif).unwrap();
            }
            if let Some(xmp) = self.xmp {
                context.add_xmp_metadata(&handle, xmp).unwrap();
            }
        }
        context.write_to_bytes().unwrap()
    }
}

fn sheet(shown: &RgbImage, alpha: Option<u8>) -> Image {
    let (width, height) = shown.dimensions();
    let chroma = if alpha.is_some() {
        RgbChroma::Rgba
    } else {
        RgbChroma::Rgb
    };
    let mut image = Image::new(width, height, ColorSpace::Rgb(chroma)).unwrap();
    image
        .create_plane(Channel::Interleaved, width, height, 8)
        .unwrap();
    let plane = image.planes_mut().interleaved.unwrap();
    let mut lines = plane.data.chunks_mut(plane.stride);
    for row in shown.rows() {
        let line = lines.next().unwrap();
        let samples = row.flat_map(|pixel| pixel.0.into_iter().chain(alpha));
        for (place, sample) in line.iter_mut().zip(samples) {
            *place = sample;
        }
    }
    image
}

fn limits() -> Limits {
    Limits::default()
}

/// I1: both formats are taken; what is shown is upright JPEG without metadata; facts come from the file.
#[test]
fn both_are_taken_and_cleaned() {
    let scene = scene(640, 480);
    let shot = exif(1);
    for (format, compression) in FORMATS {
        let made = Made {
            exif: Some(&shot),
            xmp: Some(b"<x:xmpmeta><rdf exif:GPSLatitude='47'/></x:xmpmeta>"),
            ..Made::default()
        };
        let bytes = made.file(&scene, compression);
        let derived = derive(&bytes, &limits()).unwrap();
        let facts = &derived.facts;
        assert_eq!((facts.format, facts.width, facts.height), (format, 640, 480));
        assert_eq!(facts.device.as_deref(), Some("Canon EOS R6"));
        assert_eq!(
            facts.captured_at,
            CivilTime::new((2024, 5, 1), (10, 11, 12), Some(7200))
        );
        assert!(facts.has_gps && !derived.completeness.is_incomplete());
        assert_eq!(inspect(&bytes, &limits()).as_ref(), Ok(facts));
        let full = full(&bytes, &limits()).unwrap();
        assert_eq!(full.media_type, MediaType::Jpeg);
        for shown in [&derived.thumbnail, &derived.medium, &derived.screen, &full.bytes] {
            assert_clean(shown);
        }
        assert!(difference(&decoded(&full.bytes), &scene) < 4.0, "{format:?}");
        assert!(difference(&decoded(&derived.screen), &scene) < 5.0, "{format:?}");
    }
}

/// I1: the container turns the image; what EXIF says of it is not done a second time. The files have both, a quarter turn.
#[test]
fn the_containers_orientation_counts_and_that_of_exif_does_not() {
    let upright = image::imageops::rotate90(&scene(96, 64));
    for bytes in [
        &include_bytes!("heif/turned.heic")[..],
        include_bytes!("heif/turned.avif"),
    ] {
        assert!(bytes.windows(4).any(|kind| kind == b"irot"));
        let derived = derive(bytes, &limits()).unwrap();
        assert_eq!((derived.facts.width, derived.facts.height), (64, 96));
        assert_eq!(derived.facts.orientation, Orientation::UPRIGHT);
        assert!(difference(&decoded(&derived.screen), &upright) < 5.0);
    }
}

/// I1: everything shown is sRGB, whether a profile or code points say what it was.
#[test]
fn wide_colours_become_srgb() {
    for bytes in [
        &include_bytes!("heif/p3.heic")[..],
        include_bytes!("heif/p3.avif"),
        include_bytes!("heif/points.heic"),
        include_bytes!("heif/points.avif"),
    ] {
        let shown = decoded(&derive(bytes, &limits()).unwrap().screen);
        let [red, green, blue] = shown.get_pixel(32, 32).0;
        // Display P3 (200, 100, 80) is sRGB (215, 93, 73); two lossy codings are between.
        assert!(
            red.abs_diff(215) <= 5 && green.abs_diff(93) <= 5 && blue.abs_diff(73) <= 5,
            "{red} {green} {blue}"
        );
    }
}

/// I1: transparency lies on white, and the full size keeps what has some without loss.
#[test]
fn transparency_lies_on_white() {
    let flat = RgbImage::from_pixel(64, 64, image::Rgb([200, 100, 80]));
    for (format, compression) in FORMATS {
        let made = Made {
            alpha: Some(0),
            ..Made::default()
        };
        let full = full(&made.file(&flat, compression), &limits()).unwrap();
        assert_eq!(full.media_type, MediaType::Png);
        let white = RgbImage::from_pixel(64, 64, image::Rgb([255; 3]));
        assert!(difference(&decoded(&full.bytes), &white) < 2.0, "{format:?}");
    }
}

/// I2: of several images the file's own choice is shown, and how many there are is said.
#[test]
fn several_images_are_counted() {
    let made = Made {
        images: 3,
        ..Made::default()
    };
    for (_, compression) in FORMATS {
        let derived = derive(&made.file(&scene(96, 64), compression), &limits()).unwrap();
        assert_eq!(derived.pages, 3);
    }
}

/// I2: limits are asked before anything is decoded.
#[test]
fn limits_hold() {
    for (_, compression) in FORMATS {
        let bytes = Made::default().file(&scene(640, 480), compression);
        let few_pixels = limits().with_max_pixels(640 * 480 - 1);
        assert_eq!(derive(&bytes, &few_pixels).unwrap_err().code(), "too_many_pixels");
        let little_memory = limits().with_max_alloc(640 * 480 * 3);
        assert_eq!(
            derive(&bytes, &little_memory).unwrap_err().code(),
            "too_many_pixels"
        );
    }
}

/// I2: up to a hundredth missing at the end is taken and marked, more is damaged and says how much; nothing crashes, wherever
/// a file is cut.
#[test]
fn a_cut_file_says_what_is_missing() {
    // Noise, so that the coded data is nearly all of the file.
    let mut state = 1_u32;
    let noise = RgbImage::from_fn(320, 320, |_, _| {
        image::Rgb([0; 3].map(|_: u8| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        }))
    });
    for (format, compression) in FORMATS {
        let whole = Made::default().file(&noise, compression);
        let kept = |thousandths: usize| &whole[..whole.len() * thousandths / 1000];
        match derive(kept(995), &limits()) {
            Ok(derived) => assert!(derived.completeness.is_incomplete(), "{format:?}"),
            // A coded image that cannot do without its end is damaged.
            Err(refusal) => assert_eq!(refusal.code(), "damaged", "{format:?}"),
        }
        let half = derive(kept(500), &limits()).unwrap_err();
        assert!(half.to_string().contains("50 %"), "{format:?}: {half}");
        for cut in (12..whole.len()).step_by(whole.len() / 97) {
            let refused = derive(&whole[..cut], &limits()).map(|derived| derived.completeness);
            assert!(
                !matches!(refused, Ok(crate::Completeness::Whole)),
                "{format:?} at {cut}"
            );
        }
    }
}

/// C28: what is something else as well is refused.
#[test]
fn polyglots_are_refused() {
    for (_, compression) in FORMATS {
        let bytes = Made::default().file(&scene(64, 48), compression);
        for behind in [&b"<!DOCTYPE html><script>"[..], b"#!/bin/sh\n", b"PK\x03\x04"] {
            let both = [&bytes, behind].concat();
            let refusal = derive(&both, &limits()).unwrap_err();
            assert!(matches!(refusal, Refusal::Unsupported(_)), "{refusal}");
        }
        assert!(
            derive(&[&bytes[..], &[0; 32]].concat(), &limits()).is_ok(),
            "padding"
        );
    }
}

/// Flipped bits end in an image or a refusal.
#[test]
fn damage_anywhere_is_survived() {
    for (_, compression) in FORMATS {
        let whole = Made::default().file(&scene(96, 64), compression);
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x55;
            drop(derive(&bytes, &limits()));
        }
    }
}
