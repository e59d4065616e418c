//! Files that were made to do harm, or were cut off on their way.

use proptest::prelude::*;

use super::completeness::kinds;
use super::field::looked_at;
use super::images::{encode, encode_jpeg, exif, in_every_format, jpeg, png, progressive, scene};
use crate::derive::{derive, full, inspect};
use crate::limits::Limits;
use crate::refusal::Refusal;

fn code(bytes: &[u8]) -> &'static str {
    derive(bytes, &Limits::default()).map_or_else(|refusal| refusal.code(), |_| "taken")
}

/// A PNG header that announces a size, with its checksum, and hardly anything behind it.
fn png_bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(&scene(1, 1));
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = checksum(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 {
                sum >> 1 ^ 0xEDB8_8320
            } else {
                sum >> 1
            }
        })
    })
}

fn gif_bomb() -> Vec<u8> {
    let mut bytes = in_every_format(2, 2).pop().unwrap().1;
    bytes[6..10].copy_from_slice(&[0xFF; 4]);
    bytes
}

fn webp_bomb() -> Vec<u8> {
    let mut body = b"WEBPVP8X\x0A\0\0\0\0\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF".to_vec();
    body.extend_from_slice(b"VP8L\x05\0\0\0\x2F\xFF\xFF\xFF\xFF\0");
    [
        b"RIFF".as_slice(),
        &u32::try_from(body.len()).unwrap().to_le_bytes(),
        &body,
    ]
    .concat()
}

fn tiff_bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    let entries: [(u16, u16, u32); 9] = [
        (256, 4, width),
        (257, 4, height),
        (258, 3, 8),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 8),
        (277, 3, 1),
        (278, 4, height),
        (279, 4, 100),
    ];
    bytes.extend_from_slice(&u16::try_from(entries.len()).unwrap().to_le_bytes());
    for (tag, kind, value) in entries {
        bytes.extend_from_slice(&tag.to_le_bytes());
        bytes.extend_from_slice(&kind.to_le_bytes());
        bytes.extend_from_slice(&1_u32.to_le_bytes());
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    bytes.extend_from_slice(&[0; 104]);
    bytes
}

fn jpeg_bomb(mut bytes: Vec<u8>) -> Vec<u8> {
    let frame = bytes
        .windows(2)
        .position(|pair| pair == [0xFF, 0xC0] || pair == [0xFF, 0xC2])
        .unwrap();
    bytes[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
    bytes
}

/// I2, C31: what a header announces is checked before anything is decoded.
#[test]
fn bombs_are_refused_from_their_headers() {
    let bombs = [
        png_bomb(60_000, 60_000),
        png_bomb(u32::MAX, u32::MAX),
        png_bomb(0x7FFF_FFFF, 1),
        gif_bomb(),
        webp_bomb(),
        tiff_bomb(60_000, 60_000),
        tiff_bomb(u32::MAX, u32::MAX),
        jpeg_bomb(jpeg(&scene(16, 16))),
        jpeg_bomb(progressive(&scene(16, 16))),
    ];
    for (n, bomb) in bombs.iter().enumerate() {
        assert_eq!(code(bomb), "too_many_pixels", "bomb {n}");
        assert!(inspect(bomb, &Limits::default()).is_err(), "bomb {n}");
        assert!(full(bomb, &Limits::default()).is_err(), "bomb {n}");
    }
}

/// A size within the limits that the file doesn't have the pixels for: damaged, soon, and not from memory.
#[test]
fn lying_sizes_are_damaged() {
    assert_eq!(code(&png_bomb(14_000, 14_000)), "damaged");
    assert_eq!(code(&tiff_bomb(14_000, 14_000)), "damaged");
    let mut frame = jpeg(&scene(16, 16));
    let at = frame.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    frame[at + 5..at + 9].copy_from_slice(&[0x20, 0, 0x20, 0]);
    // A decoder fills what is missing; whatever happens to it stays within the memory that was allowed.
    assert!(["damaged", "taken"].contains(&code(&frame)));
}

/// C31: the memory limit holds although the number of pixels would be allowed.
#[test]
fn memory_is_limited_before_decoding() {
    let little = Limits::default().with_max_alloc(100_000);
    for (format, bytes) in in_every_format(400, 300) {
        assert_eq!(
            full(&bytes, &little).map_err(|r| r.code()),
            Err("too_many_pixels"),
            "{format:?}"
        );
    }
    // A progressive file needs its coefficients as well.
    let little = Limits::default().with_max_alloc(60_000_000);
    let image = scene(3200, 2400);
    assert!(derive(&jpeg(&image), &little).is_ok());
    assert_eq!(
        derive(&progressive(&image), &little).map_err(|r| r.code()),
        Err("too_many_pixels")
    );
}

/// I2: what is taken can be shown in full: for every format, layout and turn, the memory that both need is asked for
/// at the upload.
#[test]
fn what_is_taken_can_be_shown_in_full() {
    let turned = |bytes: &[u8]| {
        let exif = [&b"Exif\0\0"[..], &exif(6)].concat();
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&bytes[..2], &[0xFF, 0xE1], &length, &exif, &bytes[2..]].concat()
    };
    let image = scene(1700, 900);
    let mut all: Vec<(String, Vec<u8>)> = vec![
        ("JPEG".to_owned(), jpeg(&image)),
        ("turned".to_owned(), turned(&jpeg(&image))),
        ("progressive".to_owned(), progressive(&image)),
        ("turned progressive".to_owned(), turned(&progressive(&image))),
    ];
    let small = in_every_format(400, 300).into_iter();
    all.extend(small.map(|(format, bytes)| (format!("{format:?}"), bytes)));
    all.extend(kinds().into_iter().map(|(name, bytes)| (name.to_owned(), bytes)));
    let gray = image::DynamicImage::ImageRgb8(scene(300, 300)).to_luma8();
    all.push((
        "grey PNG".to_owned(),
        encode(&image::DynamicImage::ImageLuma8(gray), image::ImageFormat::Png),
    ));
    for (name, bytes) in all {
        let mut memory = 10_000;
        let mut refused = 0;
        while memory < 30_000_000 {
            let limits = Limits::default().with_max_alloc(memory);
            let derived = derive(&bytes, &limits)
                .map(|_| ())
                .map_err(|refusal| refusal.code());
            let shown = full(&bytes, &limits)
                .map(|_| ())
                .map_err(|refusal| refusal.code());
            assert_eq!(derived, shown, "{name} with {memory} bytes");
            if derived.is_ok() {
                break;
            }
            assert_eq!(derived, Err("too_many_pixels"), "{name} with {memory} bytes");
            refused += 1;
            memory = memory * 11 / 10;
        }
        assert!(
            refused > 3 && memory < 30_000_000,
            "{name}: {refused} up to {memory}"
        );
    }
}

/// The refusal names the limit and what to do.
#[test]
fn too_many_pixels_are_refused_with_advice() {
    let refusal = derive(&png_bomb(20_001, 10_000), &Limits::default()).unwrap_err();
    assert_eq!(refusal.code(), "too_many_pixels");
    assert!(refusal.to_string().contains("20001 × 10000"), "{refusal}");
    assert!(refusal.advice().unwrap().contains("200 megapixels"));
}

/// I2: too large and empty files have their own reasons.
#[test]
fn length_is_the_first_question() {
    assert_eq!(code(b""), "empty");
    let limits = Limits::default().with_max_bytes(1000);
    let refusal = derive(&jpeg(&scene(300, 300)), &limits).unwrap_err();
    assert_eq!(refusal.code(), "too_large");
}

/// I2: a file that was cut off on its way is damaged, wherever it was cut, whichever way it is looked at; unless no more
/// than a hundredth of its image is missing.
#[test]
fn every_truncation_is_refused() {
    for (format, bytes) in in_every_format(97, 61) {
        let whole = looked_at(&bytes).unwrap();
        for cut in 0..bytes.len() {
            let Ok(part) = looked_at(&bytes[..cut]) else {
                assert_ne!(
                    code(&bytes[..cut]),
                    "taken",
                    "{format:?} cut at {cut} of {}",
                    bytes.len()
                );
                continue;
            };
            let differing = part.samples.iter().zip(&whole.samples).filter(|(a, b)| a != b);
            let lost = differing.count();
            assert!(
                lost * 100 <= whole.samples.len(),
                "{format:?} cut at {cut}: {lost} samples"
            );
            assert!(
                lost == 0 || part.completeness.is_incomplete(),
                "{format:?} cut at {cut}"
            );
        }
    }
}

/// The same at the scales that large images are decoded at.
#[test]
fn truncation_is_noticed_in_scaled_decodes() {
    let image = scene(3400, 2600);
    for bytes in [
        jpeg(&image),
        progressive(&image),
        encode_jpeg(&image, |e| e.set_restart_interval(8)),
    ] {
        assert_eq!(code(&bytes), "taken");
        for tenths in 1..10 {
            assert_eq!(
                code(&bytes[..bytes.len() * tenths / 10]),
                "damaged",
                "cut at {tenths}/10"
            );
        }
        // The end marker does not matter.
        assert_eq!(code(&bytes[..bytes.len() - 1]), "taken");
    }
}

/// C28: an image that is something else as well is refused.
#[test]
fn polyglots_are_refused() {
    let mut zip = b"PK\x03\x04".to_vec();
    zip.extend_from_slice(&[0; 26]);
    zip.extend_from_slice(b"PK\x05\x06");
    zip.extend_from_slice(&[0; 18]);
    for (format, bytes) in in_every_format(64, 64) {
        assert_eq!(
            code(&[&bytes, &zip[..]].concat()),
            "unsupported",
            "{format:?} and a ZIP"
        );
        let page = [&bytes, &b"\n<html><script>alert(1)</script></html>"[..]].concat();
        assert_eq!(code(&page), "unsupported", "{format:?} and a page");
        let pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF";
        let hidden: [&[u8]; 3] = [pdf, b"7z\xBC\xAF\x27\x1C\0\x04", b"<?php system(1);"];
        for far in [0, 3, 2000, 70_000] {
            for what in hidden {
                let bytes = [&bytes[..], &vec![0x55; far], what].concat();
                assert_eq!(
                    code(&bytes),
                    "unsupported",
                    "{format:?}, {far} bytes and {}",
                    what.escape_ascii()
                );
            }
        }
        assert_eq!(
            code(&[&bytes, &[0; 500][..]].concat()),
            "taken",
            "{format:?} and padding"
        );
    }
    let comment = encode_jpeg(&scene(64, 64), |e| {
        e.add_app_segment(11, b"%PDF-1.4 1 0 obj".to_vec()).unwrap();
    });
    assert_eq!(code(&comment), "unsupported");
    let image = jpeg(&scene(64, 64));
    assert_eq!(
        code(&[&image[..], &image].concat()),
        "taken",
        "a second photo behind the first"
    );
}

/// C28: what cameras and phones put behind a photo is kept, with whatever bytes are in it.
#[test]
fn honest_images_with_something_behind_them_are_taken() {
    let image = jpeg(&scene(64, 64));
    // A film's data is noise to everything but a film player.
    let mut noise = 1_u32;
    let mut data = || {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        noise.to_be_bytes()[0]
    };
    let data: Vec<u8> = std::iter::repeat_with(&mut data).take(3_000_000).collect();
    let boxed = |kind: &[u8; 4], body: &[u8]| {
        let length = u32::try_from(body.len() + 8).unwrap().to_be_bytes();
        [&length[..], kind, body].concat()
    };
    let film = [boxed(b"ftyp", b"mp42\0\0\0\0mp42isom"), boxed(b"mdat", &data)].concat();
    let note = b"\0\0\x01\x0A\x0E\0\0\0Image_UTC_Data1600000000000";
    let samsung = [
        &film[..],
        note,
        b"SEFH\x6B\0\0\0\x01\0\0\0\0\0\x01\x0A\x26\0\0\0\x26\0\0\0\x24\0\0\0SEFT",
    ]
    .concat();
    let xmp = b"http://ns.adobe.com/xap/1.0/\0<?xpacket begin=''?><x:xmpmeta/><?php-less?>";
    let second = {
        let length = u16::try_from(xmp.len() + 2).unwrap().to_be_bytes();
        [&image[..2], &[0xFF, 0xE1], &length, &xmp[..], &image[2..]].concat()
    };
    for (name, behind) in [
        ("a motion photo", film),
        ("a Samsung motion photo", samsung),
        ("a second photo (MPF), such as a gain map", second.clone()),
        (
            "a second photo behind padding",
            [&[0; 4000][..], &second].concat(),
        ),
        ("two more photos", [&second[..], &second].concat()),
        ("padding", vec![0; 70_000]),
        (
            "a maker's note",
            b"QDIOBS\x01 <html> and %PDF-1.4, 7z and Rar! <?php".to_vec(),
        ),
    ] {
        assert_eq!(code(&[&image[..], &behind].concat()), "taken", "{name}");
    }
}

/// A frame header behind the first one would announce a size that nothing has checked.
#[test]
fn a_second_frame_is_refused() {
    let bytes = jpeg(&scene(16, 16));
    let at = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    let twice = [&bytes[..at], &bytes[at..at + 19], &bytes[at..]].concat();
    assert_eq!(code(&twice), "damaged");
}

fn any_start() -> impl Strategy<Value = Vec<u8>> {
    let starts: Vec<Vec<u8>> = in_every_format(40, 30)
        .into_iter()
        .map(|(_, bytes)| bytes)
        .chain(kinds().into_iter().map(|(_, bytes)| bytes))
        .collect();
    (0..starts.len()).prop_map(move |n| starts[n].clone())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn noise_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(derive(&bytes, &Limits::default()).is_err());
    }

    #[test]
    fn noise_behind_a_magic_never_panics(
        start in prop::sample::select(vec![
            &b"\xFF\xD8\xFF"[..], b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\x40\0\0\0WEBP", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08",
        ]),
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
    ) {
        let bytes = [start, &bytes].concat();
        prop_assert!(derive(&bytes, &Limits::default()).is_err());
    }

    /// Bytes changed anywhere: taken or refused, within the memory allowed, and never a panic.
    #[test]
    fn changed_bytes_never_panic(
        mut bytes in any_start(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        for (place, value) in changes {
            let at = place.index(bytes.len());
            bytes[at] = value;
        }
        let limits = Limits::default().with_max_pixels(4_000_000).with_max_alloc(64 << 20);
        let result = derive(&bytes, &limits);
        prop_assert!(result.is_ok() || result.is_err_and(|refusal| refusal != Refusal::STOPPED));
    }
}
