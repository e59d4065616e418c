//! Images from real cameras and phones, when they are at hand: an extra. Everything asserted here is also
//! asserted of images that the tests make (`images.rs`, `hostile.rs`).

use std::io::Write;
use std::path::PathBuf;

use super::images::{assert_clean, decoded, difference};
use crate::derive::{Derived, MediaType, derive, full};
use crate::facts::CivilTime;
use crate::limits::Limits;
use crate::refusal::Refusal;

fn folder(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/photos")
        .join(name);
    if path.is_dir() {
        Some(path)
    } else {
        writeln!(
            std::io::stderr(),
            "an extra was not tried: there are no photos at {}",
            path.display()
        )
        .unwrap();
        None
    }
}

fn image(folder: &std::path::Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).unwrap()
}

fn try_derive(bytes: &[u8]) -> Result<Derived, Refusal> {
    derive(bytes, &Limits::default())
}

/// I1: the same scene in all orientations must look the same.
#[test]
fn every_orientation_looks_the_same() {
    let Some(folder) = folder("orientation") else {
        return;
    };
    for set in ["Landscape", "Portrait"] {
        let shown: Vec<_> = (0..=8)
            .map(|n| try_derive(&image(&folder, &format!("{set}_{n}.jpg"))).unwrap())
            .map(|derived| (decoded(&derived.screen), decoded(&derived.thumbnail)))
            .collect();
        for (n, (screen, thumbnail)) in shown.iter().enumerate() {
            let far = difference(screen, &shown[1].0);
            assert!(far < 6.0, "{set}_{n}: {far}");
            let far = difference(thumbnail, &shown[1].1);
            assert!(far < 4.0, "{set}_{n} thumbnail: {far}");
        }
        let upside_down = image::imageops::rotate180(&shown[1].0);
        assert!(
            difference(&shown[1].0, &upside_down) > 20.0,
            "the measure tells photos apart"
        );
    }
}

/// I1, I3: cameras' and phones' files are taken, and nothing of their metadata is in a derivative.
#[test]
fn camera_files_are_taken_and_cleaned() {
    let Some(folder) = folder("cameras") else { return };
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let derived = try_derive(&bytes).unwrap_or_else(|refusal| panic!("{}: {refusal}", path.display()));
        let full = full(&bytes, &Limits::default()).unwrap();
        for clean in [&derived.screen, &derived.medium, &derived.thumbnail, &full.bytes] {
            assert_clean(clean);
        }
        let tiff = path.extension().is_some_and(|extension| extension == "tiff");
        assert_eq!(
            full.media_type,
            if tiff { MediaType::Png } else { MediaType::Jpeg }
        );
        assert_eq!(
            decoded(&full.bytes).dimensions(),
            (derived.facts.width, derived.facts.height)
        );
        seen += 1;
    }
    assert!(seen >= 7, "{seen}");
}

#[test]
fn facts_of_camera_files() {
    let Some(folder) = folder("cameras") else { return };
    let nikon = try_derive(&image(&folder, "gps_nikon_DSCN0010.jpg"))
        .unwrap()
        .facts;
    assert!(nikon.has_gps);
    assert_eq!(nikon.device.as_deref(), Some("NIKON COOLPIX P6000"));
    assert_eq!(
        nikon.captured_at,
        CivilTime::new((2008, 10, 22), (16, 28, 39), None)
    );
    let canon = try_derive(&image(&folder, "canon_40d_small.jpg")).unwrap().facts;
    assert!(!canon.has_gps);
    assert_eq!(canon.device.as_deref(), Some("Canon EOS 40D"));
    // Its gain map follows the image: a second JPEG that must not make it a polyglot.
    let phone = try_derive(&image(&folder, "iphone_hdr.jpg")).unwrap().facts;
    assert!(phone.device.is_some_and(|device| device.contains("iPhone")));
}

/// I1, I2: EXIF that breaks careless parsers refuses no image; one with a hole of 16 KiB, behind which restart markers lead
/// back to the data, is taken and marked, as viewers show it.
#[test]
fn bad_exif_and_a_hole_in_the_data_are_taken() {
    let Some(folder) = folder("bad") else { return };
    for name in ["bad_exif_00971.jpg", "exif_memory_error.jpg", "exif_os_error.jpg"] {
        let derived = try_derive(&image(&folder, name)).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        assert_clean(&derived.screen);
    }
    let holed = try_derive(&image(&folder, "corrupted.jpg")).unwrap();
    assert!(holed.completeness.is_incomplete());
}

/// I1: photos of iPhones are taken where the feature is.
#[cfg(feature = "heif")]
#[test]
fn heic_of_phones_is_taken() {
    let Some(folder) = folder("heic") else { return };
    for name in ["iphone_13_pro_max.HEIC", "iphone_IMG_5195.HEIC"] {
        let derived = try_derive(&image(&folder, name)).unwrap();
        assert!(
            derived
                .facts
                .device
                .as_ref()
                .is_some_and(|device| device.contains("iPhone"))
        );
        assert!(derived.facts.captured_at.is_some() && derived.facts.icc);
        assert_clean(&derived.screen);
    }
}

/// I1: HEIC is refused by content with advice how to set the phone.
#[cfg(not(feature = "heif"))]
#[test]
fn heic_is_refused_with_advice() {
    let Some(folder) = folder("heic") else { return };
    for name in ["iphone_13_pro_max.HEIC", "iphone_IMG_5195.HEIC"] {
        let refusal = try_derive(&image(&folder, name)).unwrap_err();
        assert_eq!(refusal.code(), "unsupported");
        assert!(refusal.to_string().contains("HEIC"));
        assert!(refusal.advice().unwrap().contains("Most Compatible"));
    }
}
