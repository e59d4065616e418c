//! Files that the field brought and that were once answered wrongly, each standing for its kind. `truth.png` is what they
//! show, upright.

use std::path::PathBuf;

use image::RgbImage;
use image::imageops::FilterType;

use super::images::{decoded, difference, encode, scene};
use crate::completeness::Completeness;
use crate::decode::{Decoded, decode};
use crate::derive::{full, inspect};
use crate::facts::CivilTime;
use crate::limits::Limits;
use crate::refusal::Refusal;

pub(super) fn field(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("src/tests/field")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// In full size and in sRGB, as it is shown.
pub(super) fn shown(bytes: &[u8]) -> Result<RgbImage, Refusal> {
    full(bytes, &Limits::default()).map(|full| decoded(&full.bytes))
}

pub(super) fn looked_at(bytes: &[u8]) -> Result<Decoded, Refusal> {
    let format = crate::sniff(bytes)?;
    let header = crate::header::read(format, bytes)?;
    decode(bytes, &header, None, &Limits::default())
}

fn far_from_truth(name: &str) -> f64 {
    let shown = shown(&field(name)).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    difference(&shown, &truth(shown.dimensions()))
}

/// What the files show, in a size of theirs.
fn truth((width, height): (u32, u32)) -> RgbImage {
    let truth = decoded(&field("_truth.png"));
    if truth.dimensions() == (width, height) {
        truth
    } else {
        image::imageops::resize(&truth, width, height, FilterType::Lanczos3)
    }
}

/// Issue 8, I1: PNG's own colour chunks are obeyed.
#[test]
fn png_colours_are_converted() {
    for name in ["png_gama1.png", "png_chrm_p3.png"] {
        let far = far_from_truth(name);
        assert!(far < 1.0, "{name}: {far}");
    }
}

/// Issue 8, I2: whether a image is whole is judged by its data; an end marker is none.
#[test]
fn missing_end_markers_are_no_fault() {
    for (name, most) in [("png_noiend.png", 0.01), ("gif_notrailer.gif", 4.0)] {
        let far = far_from_truth(name);
        assert!(far < most, "{name}: {far}");
        let whole = looked_at(&field(name)).unwrap().completeness;
        assert_eq!(whole, Completeness::Whole, "{name}");
    }
}

/// Issue 8, I1: alpha that the colours have been multiplied by already is not applied again.
#[test]
fn both_kinds_of_alpha_show_the_same() {
    let [associated, unassociated] =
        ["tif_assoc_alpha.tif", "tif_unassoc_alpha.tif"].map(|name| shown(&field(name)).unwrap());
    let far = difference(&associated, &unassociated);
    assert!(far < 1.0, "{far}");
}

/// Issue 8, I1: no sample format means unsigned numbers; `BigTIFF` is a TIFF.
#[test]
fn tiffs_of_unusual_make_are_read() {
    for name in ["tif_rgb_uint32_nosf.tif", "tif_bigtiff.tif"] {
        let far = far_from_truth(name);
        assert!(far < 1.0, "{name}: {far}");
    }
}

/// Issue 8, I2: of a file with several pages the largest is shown, and their number is told.
#[test]
fn the_largest_page_is_shown() {
    let image = looked_at(&field("tif_thumbfirst.tif")).unwrap();
    assert_eq!((image.width, image.height, image.pages), (320, 240, 2));
    assert!(far_from_truth("tif_thumbfirst.tif") < 1.0);
    assert_eq!(looked_at(&field("tif_bigtiff.tif")).unwrap().pages, 1);
}

/// Issue 8, I1: EXIF is read as browsers read it: the first of two orientations counts, the fill byte does not.
#[test]
fn orientation_is_read_as_browsers_read_it() {
    for name in ["jpg_ori6_dup61.jpg", "jpg_ori6_fillff.jpg"] {
        let far = far_from_truth(name);
        assert!(far < 4.0, "{name}: {far}");
    }
}

/// Issue 8, I3: when a photo was taken, from every form in which cameras say it.
#[test]
fn dates_are_read_in_every_form() {
    let noon = |offset| CivilTime::new((2024, 7, 1), (12, 0, 0), offset);
    for (name, expected) in [
        ("plain", noon(None)),
        ("iso", noon(None)),
        ("space", noon(None)),
        ("onlymod", noon(None)),
        ("off2", noon(Some(7200))),
        ("sub", noon(Some(7200))),
        ("offnocolon", noon(Some(7200))),
        ("offZ", noon(Some(0))),
        ("off545", noon(Some(20_700))),
        ("onlyofft", noon(Some(32_400))),
        ("zero", None),
        ("future", CivilTime::new((2099, 1, 1), (0, 0, 0), None)),
        ("gap", CivilTime::new((2024, 3, 31), (2, 30, 0), None)),
        ("fold", CivilTime::new((2024, 10, 27), (2, 30, 0), None)),
    ] {
        let facts = inspect(&field(&format!("dates/{name}.jpg")), &Limits::default()).unwrap();
        assert_eq!(facts.captured_at, expected, "{name}");
        assert_eq!(facts.device.as_deref(), Some("Acme"), "{name}");
    }
}

/// Issue 8, C28: words in a comment are no document.
#[test]
fn words_in_a_comment_are_no_document() {
    let far = far_from_truth("jpg_comment_body.jpg");
    assert!(far < 4.0, "{far}");
}

/// Issue 8: a first frame that lies partly or wholly outside the screen widens it, as in Chromium; what it leaves is white.
#[test]
fn a_first_frame_outside_the_screen_is_shown_whole() {
    let image = scene(40, 30);
    let gif = encode(&image::DynamicImage::ImageRgb8(image), image::ImageFormat::Gif);
    let truth = shown(&gif).unwrap();
    let frame = gif
        .windows(5)
        .position(|part| part == [0x2C, 0, 0, 0, 0])
        .unwrap();
    for (left, top) in [(0_u16, 0_u16), (10, 7), (40, 0), (100, 80)] {
        let mut moved = gif.clone();
        moved[frame + 1..frame + 3].copy_from_slice(&left.to_le_bytes());
        moved[frame + 3..frame + 5].copy_from_slice(&top.to_le_bytes());
        let shown = shown(&moved).unwrap();
        let (left, top) = (u32::from(left), u32::from(top));
        assert_eq!(shown.dimensions(), (40 + left, 30 + top));
        let part = image::imageops::crop_imm(&shown, left, top, 40, 30).to_image();
        assert_eq!(part, truth);
        assert!(left == 0 || *shown.get_pixel(left - 1, 0) == image::Rgb([255; 3]));
    }
    // The same far out is more than may be shown.
    let mut far = gif;
    far[frame + 1..frame + 5].fill(0xFF);
    assert_eq!(shown(&far).unwrap_err().code(), "too_many_pixels");
}
