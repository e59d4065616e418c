//! Images that the tests make themselves, and what they look at in results.

use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, Frame, ImageEncoder, ImageFormat, RgbImage, RgbaImage};
use jpeg_encoder::{ColorType, Encoder};

use crate::derive::{Derived, MediaType, derive, full, inspect};
use crate::facts::CivilTime;
use crate::format::Format;
use crate::limits::Limits;

/// A gradient with a bright spot at the upper left, so that every orientation looks different.
pub(super) fn scene(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let share = |n: u32, of: u32| u8::try_from(n * 200 / of.max(1)).unwrap();
        let spot = x < width / 4 && y < height / 4;
        image::Rgb(if spot {
            [250, 240, 60]
        } else {
            [share(x, width), share(y, height), 90]
        })
    })
}

pub(super) fn jpeg(image: &RgbImage) -> Vec<u8> {
    encode_jpeg(image, |_| ())
}

pub(super) fn encode_jpeg(image: &RgbImage, set: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 90);
    set(&mut encoder);
    let (width, height) = (
        u16::try_from(image.width()).unwrap(),
        u16::try_from(image.height()).unwrap(),
    );
    encoder
        .encode(image.as_raw(), width, height, ColorType::Rgb)
        .unwrap();
    bytes
}

pub(super) fn progressive(image: &RgbImage) -> Vec<u8> {
    encode_jpeg(image, |encoder| encoder.set_progressive(true))
}

pub(super) fn png(image: &RgbImage) -> Vec<u8> {
    encode(&DynamicImage::ImageRgb8(image.clone()), ImageFormat::Png)
}

fn tiff(image: &RgbImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    tiff::encoder::TiffEncoder::new(&mut bytes)
        .unwrap()
        .write_image::<tiff::encoder::colortype::RGB8>(image.width(), image.height(), image.as_raw())
        .unwrap();
    bytes.into_inner()
}

pub(super) fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// The same scene in every accepted format.
pub(super) fn in_every_format(width: u32, height: u32) -> Vec<(Format, Vec<u8>)> {
    let image = scene(width, height);
    let rgb = DynamicImage::ImageRgb8(image.clone());
    vec![
        (Format::Jpeg, jpeg(&image)),
        (Format::Jpeg, progressive(&image)),
        (Format::Png, png(&image)),
        (Format::Webp, encode(&rgb, ImageFormat::WebP)),
        (Format::Tiff, tiff(&image)),
        (Format::Gif, encode(&rgb, ImageFormat::Gif)),
    ]
}

/// A minimal EXIF block: orientation, maker, a time with offset, and a position.
pub(super) fn exif(orientation: u16) -> Vec<u8> {
    let mut field = exif::experimental::Writer::new();
    let text = |tag, text: &[u8]| exif::Field {
        tag,
        ifd_num: exif::In::PRIMARY,
        value: exif::Value::Ascii(vec![text.to_vec()]),
    };
    let rational = |num| exif::Rational { num, denom: 1 };
    let fields = [
        exif::Field {
            tag: exif::Tag::Orientation,
            ifd_num: exif::In::PRIMARY,
            value: exif::Value::Short(vec![orientation]),
        },
        text(exif::Tag::Make, b"Canon"),
        text(exif::Tag::Model, b"Canon EOS R6"),
        text(exif::Tag::DateTimeOriginal, b"2024:05:01 10:11:12"),
        text(exif::Tag::OffsetTimeOriginal, b"+02:00"),
        exif::Field {
            tag: exif::Tag::GPSLatitude,
            ifd_num: exif::In::PRIMARY,
            value: exif::Value::Rational(vec![rational(47), rational(22), rational(30)]),
        },
    ];
    for one in &fields {
        field.push_field(one);
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    field.write(&mut bytes, false).unwrap();
    bytes.into_inner()
}

pub(super) fn decoded(bytes: &[u8]) -> RgbImage {
    image::load_from_memory(bytes).unwrap().into_rgb8()
}

/// Mean absolute difference of samples; images of different sizes are not alike at all.
pub(super) fn difference(one: &RgbImage, other: &RgbImage) -> f64 {
    if one.dimensions() != other.dimensions() {
        return 255.0;
    }
    let sum: u64 = one
        .as_raw()
        .iter()
        .zip(other.as_raw())
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    f64::from(u32::try_from(sum).unwrap()) / f64::from(u32::try_from(one.as_raw().len()).unwrap())
}

/// I1, I3: no metadata of any kind in a derivative, a position least of all.
pub(super) fn assert_clean(bytes: &[u8]) {
    for marker in [
        &b"Exif\0\0"[..],
        b"ns.adobe.com",
        b"ICC_PROFILE",
        b"Photoshop",
        b"eXIf",
        b"iCCP",
        b"tEXt",
        b"GPS",
    ] {
        assert!(
            !bytes.windows(marker.len()).any(|window| window == marker),
            "{}",
            String::from_utf8_lossy(marker)
        );
    }
}

fn small(bytes: &[u8]) -> Derived {
    derive(bytes, &Limits::default()).unwrap()
}

/// I1: every format is decided by content and gives both small renditions and the full-size one.
#[test]
fn every_format_is_derived() {
    let original = scene(700, 500);
    for (format, bytes) in in_every_format(700, 500) {
        let derived = small(&bytes);
        assert_eq!(
            (derived.facts.format, derived.facts.width, derived.facts.height),
            (format, 700, 500)
        );
        let screen = decoded(&derived.screen);
        // GIF has 256 colours only.
        let far = difference(&screen, &original);
        assert!(far < 6.0, "{format:?}: {far}");
        assert_eq!(decoded(&derived.thumbnail).dimensions(), (320, 229));
        let full = full(&bytes, &Limits::default()).unwrap();
        let expected = if matches!(format, Format::Jpeg | Format::Webp) {
            MediaType::Jpeg
        } else {
            MediaType::Png
        };
        assert_eq!(full.media_type, expected, "{format:?}");
        assert!(difference(&decoded(&full.bytes), &original) < 6.0);
        for clean in [&derived.screen, &derived.medium, &derived.thumbnail, &full.bytes] {
            assert_clean(clean);
        }
    }
}

#[test]
fn a_lossless_original_keeps_every_pixel_in_full() {
    let original = scene(333, 222);
    let full = full(&png(&original), &Limits::default()).unwrap();
    assert_eq!(decoded(&full.bytes), original);
}

/// I1: large images are reduced, small ones never enlarged.
#[test]
fn sizes_are_bounded_and_never_grow() {
    let derived = small(&jpeg(&scene(2500, 1875)));
    assert_eq!(decoded(&derived.screen).dimensions(), (1600, 1200));
    assert_eq!(decoded(&derived.thumbnail).dimensions(), (320, 240));
    assert_eq!(decoded(&derived.medium).dimensions(), (640, 480));
    let tiny = small(&png(&scene(40, 30)));
    assert_eq!(decoded(&tiny.screen).dimensions(), (40, 30));
    assert_eq!(decoded(&tiny.thumbnail).dimensions(), (40, 30));
    assert_eq!(decoded(&tiny.medium).dimensions(), (40, 30));
    assert_eq!(decoded(&small(&png(&scene(1, 1))).screen).dimensions(), (1, 1));
    assert_eq!(
        decoded(&small(&png(&scene(5000, 1))).screen).dimensions(),
        (1600, 1)
    );
}

/// A decode at a fraction of the size must show what a full decode shows.
#[test]
fn shrinking_while_decoding_keeps_the_image() {
    for (width, height) in [(3300, 1475), (3203, 2401), (6500, 633), (12_901, 207)] {
        let image = scene(width, height);
        for bytes in [jpeg(&image), progressive(&image)] {
            let screen = decoded(&small(&bytes).screen);
            let (w, h) = screen.dimensions();
            let reference = image::imageops::resize(&image, w, h, image::imageops::FilterType::Lanczos3);
            assert!(
                difference(&screen, &reference) < 2.5,
                "{width}: {}",
                difference(&screen, &reference)
            );
        }
    }
}

/// I1: upright in every orientation, in every derivative; I3: facts are read from EXIF.
#[test]
fn exif_orientation_is_applied() {
    let upright = scene(400, 300);
    for value in 1..=8_u16 {
        let bytes = encode_jpeg(&stored(&upright, value), |encoder| {
            encoder.add_exif_metadata(&exif(value)).unwrap();
        });
        let derived = small(&bytes);
        assert_eq!((derived.facts.width, derived.facts.height), (400, 300));
        assert_eq!(u16::from(derived.facts.orientation.exif()), value);
        assert!(
            difference(&decoded(&derived.screen), &upright) < 4.0,
            "orientation {value}"
        );
        let full = full(&bytes, &Limits::default()).unwrap();
        assert!(
            difference(&decoded(&full.bytes), &upright) < 4.0,
            "orientation {value}, full"
        );
        assert_clean(&derived.screen);
        assert_clean(&full.bytes);
    }
}

/// What a camera held that way would have stored, by a library other than the one under test.
fn stored(upright: &RgbImage, orientation: u16) -> RgbImage {
    use image::imageops::{flip_horizontal, flip_vertical, rotate90, rotate180, rotate270};
    match orientation {
        2 => flip_horizontal(upright),
        3 => rotate180(upright),
        4 => flip_vertical(upright),
        5 => flip_horizontal(&rotate90(upright)),
        6 => rotate270(upright),
        7 => flip_horizontal(&rotate270(upright)),
        8 => rotate90(upright),
        _ => upright.clone(),
    }
}

/// I3: captured-at and device come from EXIF; a position is noticed and goes nowhere.
#[test]
fn facts_come_from_exif() {
    let bytes = encode_jpeg(&scene(64, 48), |encoder| {
        encoder.add_exif_metadata(&exif(6)).unwrap();
    });
    let facts = inspect(&bytes, &Limits::default()).unwrap();
    assert_eq!(
        facts.captured_at,
        CivilTime::new((2024, 5, 1), (10, 11, 12), Some(7200))
    );
    assert_eq!(facts.device.as_deref(), Some("Canon EOS R6"));
    assert!(facts.has_gps && !facts.icc);
    assert_eq!(
        (facts.stored_width, facts.stored_height, facts.width, facts.height),
        (64, 48, 48, 64)
    );
    let plain = inspect(&jpeg(&scene(64, 48)), &Limits::default()).unwrap();
    assert!(!plain.has_gps && plain.device.is_none() && plain.captured_at.is_none());
}

/// EXIF also travels in PNG, WebP and TIFF.
#[test]
fn exif_is_read_from_every_container_that_has_it() {
    let image = scene(60, 40);
    let mut png = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut png);
    encoder.set_exif_metadata(exif(6)).unwrap();
    encoder
        .write_image(image.as_raw(), 60, 40, image::ExtendedColorType::Rgb8)
        .unwrap();
    let mut webp = Vec::new();
    let mut encoder = WebPEncoder::new_lossless(&mut webp);
    encoder.set_exif_metadata(exif(6)).unwrap();
    encoder
        .write_image(image.as_raw(), 60, 40, image::ExtendedColorType::Rgb8)
        .unwrap();
    for bytes in [png, webp] {
        let derived = small(&bytes);
        assert_eq!((derived.facts.width, derived.facts.height), (40, 60));
        assert_eq!(derived.facts.device.as_deref(), Some("Canon EOS R6"));
        assert_eq!(decoded(&derived.screen).dimensions(), (40, 60));
        assert!(derived.facts.has_gps);
        assert_clean(&derived.screen);
        assert_clean(&full(&bytes, &Limits::default()).unwrap().bytes);
    }
}

/// I1: everything shown is sRGB.
#[test]
fn an_embedded_profile_is_applied() {
    let p3 = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let flat = RgbImage::from_pixel(64, 64, image::Rgb([200, 100, 80]));
    let jpeg = encode_jpeg(&flat, |encoder| encoder.add_icc_profile(&p3).unwrap());
    let mut png = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut png);
    encoder.set_icc_profile(p3).unwrap();
    encoder
        .write_image(flat.as_raw(), 64, 64, image::ExtendedColorType::Rgb8)
        .unwrap();
    for bytes in [jpeg, png] {
        let derived = small(&bytes);
        assert!(derived.facts.icc);
        let shown = decoded(&derived.screen).get_pixel(30, 30).0;
        for (value, expected) in shown.into_iter().zip([215_u8, 93, 73]) {
            assert!(value.abs_diff(expected) <= 3, "{shown:?}");
        }
    }
}

#[test]
fn gray_palette_sixteen_bit_and_transparent_images_are_shown() {
    let rgb = DynamicImage::ImageRgb8(scene(50, 40));
    for image in [
        DynamicImage::ImageLuma8(rgb.to_luma8()),
        DynamicImage::ImageLuma16(rgb.to_luma16()),
        DynamicImage::ImageLumaA8(rgb.to_luma_alpha8()),
        DynamicImage::ImageRgb16(rgb.to_rgb16()),
        DynamicImage::ImageRgba16(rgb.to_rgba16()),
    ] {
        let screen = decoded(&small(&encode(&image, ImageFormat::Png)).screen);
        assert!(difference(&screen, &image.to_rgb8()) < 5.0, "{:?}", image.color());
    }
    let mut gray = Vec::new();
    JpegEncoder::new(&mut gray).encode_image(&rgb.to_luma8()).unwrap();
    assert!(
        difference(
            &decoded(&small(&gray).screen),
            &DynamicImage::from(rgb.to_luma8()).to_rgb8()
        ) < 5.0
    );
    let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(30, 30, image::Rgba([200, 0, 0, 0])));
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let bytes = encode(&clear, format);
        assert_eq!(decoded(&small(&bytes).screen).get_pixel(5, 5).0, [255; 3]);
        assert_eq!(
            full(&bytes, &Limits::default()).unwrap().media_type,
            MediaType::Png
        );
    }
}

/// CMYK from a print shop: inks become light, and are taken for inverted as browsers take them, with Adobe's mark or
/// without.
#[test]
fn cmyk_images_are_shown() {
    let inks: Vec<u8> = [0, 200, 200, 20].repeat(64 * 64);
    let mut bytes = Vec::new();
    Encoder::new(&mut bytes, 95)
        .encode(&inks, 64, 64, ColorType::Cmyk)
        .unwrap();
    let mark = bytes.windows(2).position(|pair| pair == [0xFF, 0xEE]).unwrap();
    let mut unmarked = bytes.clone();
    unmarked.drain(mark..mark + 16);
    for bytes in [bytes, unmarked] {
        let shown = decoded(&small(&bytes).screen).get_pixel(30, 30).0;
        let expected = [235, 51, 51];
        assert!(
            shown
                .iter()
                .zip(expected)
                .all(|(a, b): (&u8, u8)| a.abs_diff(b) < 12),
            "{shown:?}"
        );
    }
}

/// C31: of an animation only the first frame is looked at.
#[test]
fn animations_show_their_first_frame() {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    for colour in [[250, 0, 0, 255], [0, 0, 250, 255], [0, 250, 0, 255]] {
        encoder
            .encode_frame(Frame::new(RgbaImage::from_pixel(20, 20, image::Rgba(colour))))
            .unwrap();
    }
    drop(encoder);
    let shown = decoded(&small(&bytes).screen).get_pixel(10, 10).0;
    assert!(shown[0] > 240 && shown[2] < 15, "{shown:?}");
}

#[test]
fn a_tiff_of_sixteen_bits_becomes_a_png() {
    let image = DynamicImage::ImageRgb8(scene(50, 40));
    let mut bytes = std::io::Cursor::new(Vec::new());
    tiff::encoder::TiffEncoder::new(&mut bytes)
        .unwrap()
        .write_image::<tiff::encoder::colortype::RGB16>(50, 40, image.to_rgb16().as_raw())
        .unwrap();
    let full = full(&bytes.into_inner(), &Limits::default()).unwrap();
    assert_eq!(full.media_type, MediaType::Png);
    assert_eq!(decoded(&full.bytes), image.to_rgb8());
}
