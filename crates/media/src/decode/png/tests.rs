//! PNG's colours by value, and files that lack something, written by hand so that each fault is known.

#![expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a test's numbers are small and known"
)]

use std::io::Write;

use flate2::write::ZlibEncoder;
use proptest::prelude::*;

use super::repair;
use crate::completeness::Completeness;
use crate::decode::Decoded;
use crate::limits::Limits;
use crate::refusal::Refusal;

const WIDTH: u32 = 50;
const HEIGHT: u32 = 200;

fn read(bytes: &[u8]) -> Result<Decoded, Refusal> {
    let header = crate::header::read(crate::sniff(bytes)?, bytes)?;
    super::decode(bytes, &header, &Limits::default())
}

fn shown(bytes: &[u8]) -> Vec<u8> {
    let image = read(bytes).unwrap();
    crate::colour::to_srgb(image.channels, image.samples, image.icc.as_deref())
}

/// One colour everywhere, with these chunks in front of the data.
fn flat(colour: u8, depth: u8, pixel: &[u8], chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let row = [&[0_u8][..], &pixel.repeat(4)].concat();
    file((4, 4), [depth, colour, 0], &row.repeat(4), chunks)
}

fn file(
    size: (u32, u32),
    [depth, colour, interlace]: [u8; 3],
    rows: &[u8],
    chunks: &[(&[u8; 4], Vec<u8>)],
) -> Vec<u8> {
    let mut head = [size.0.to_be_bytes(), size.1.to_be_bytes()].concat();
    head.extend([depth, colour, 0, 0, interlace]);
    let mut encoder = ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(rows).unwrap();
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    repair::chunk(&mut out, *b"IHDR", &head);
    for (kind, body) in chunks {
        repair::chunk(&mut out, **kind, body);
    }
    repair::chunk(&mut out, *b"IDAT", &encoder.finish().unwrap());
    repair::chunk(&mut out, *b"IEND", &[]);
    out
}

fn numbers(list: &[u32]) -> Vec<u8> {
    list.iter().flat_map(|n| n.to_be_bytes()).collect()
}

fn near(pixel: &[u8], wanted: [u8; 3]) -> bool {
    pixel.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= 2)
}

const P3: [u32; 8] = [31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000];

/// Issue 8, I1: each of PNG's ways to say what its colours are. Display P3 (200,100,80) is sRGB (215,93,73).
#[test]
fn every_declaration_of_colours_is_obeyed() {
    let pixel = [200, 100, 80];
    let cicp = |primaries, transfer| vec![primaries, transfer, 0, 1];
    let show = |chunks: &[(&[u8; 4], Vec<u8>)]| shown(&flat(2, 8, &pixel, chunks))[..3].to_vec();
    let linear = |v: f64| {
        (255.0
            * if v < 0.003_130_8 {
                12.92 * v
            } else {
                1.055 * v.powf(1.0 / 2.4) - 0.055
            }) as u8
    };
    let by_gamma_one = pixel.map(|v| linear(f64::from(v) / 255.0));
    for (chunks, wanted) in [
        (vec![], pixel),
        (vec![(b"gAMA", numbers(&[100_000]))], by_gamma_one),
        (vec![(b"gAMA", numbers(&[45_455]))], pixel),
        (vec![(b"cHRM", numbers(&P3))], [215, 93, 73]),
        (vec![(b"cICP", cicp(12, 13))], [215, 93, 73]),
        (vec![(b"cICP", cicp(1, 8))], by_gamma_one),
        // sRGB comes before gAMA and cHRM, cICP before all.
        (
            vec![
                (b"sRGB", vec![0]),
                (b"gAMA", numbers(&[100_000])),
                (b"cHRM", numbers(&P3)),
            ],
            pixel,
        ),
        (vec![(b"cICP", cicp(12, 13)), (b"sRGB", vec![0])], [215, 93, 73]),
        // What is unknown, or not for RGB in full range, is passed over.
        (
            vec![(b"cICP", cicp(2, 2)), (b"gAMA", numbers(&[100_000]))],
            by_gamma_one,
        ),
        (vec![(b"cICP", vec![12, 13, 1, 1])], pixel),
        // Numbers that are no colours.
        (vec![(b"cHRM", vec![0; 32])], pixel),
        (vec![(b"gAMA", numbers(&[0]))], pixel),
    ] {
        let pixel = show(&chunks);
        assert!(near(&pixel, wanted), "{chunks:?}: {pixel:?} for {wanted:?}");
    }
    let gray = shown(&flat(0, 8, &[100], &[(b"gAMA", numbers(&[100_000]))]));
    let wanted = linear(100.0 / 255.0);
    assert!(near(&gray[..3], [wanted; 3]), "{:?}", &gray[..3]);
}

/// A image in PQ or HLG is not shown dark: 203 cd/m² (58 % of PQ, 75 % of HLG) is white.
#[test]
fn bright_images_have_a_white() {
    for (transfer, share) in [(16, 0.581), (18, 0.75)] {
        let signal = (share * 255.0) as u8;
        let white = shown(&flat(2, 8, &[signal; 3], &[(b"cICP", vec![1, transfer, 0, 1])]));
        assert!(
            white[..3].iter().all(|v| *v > 245),
            "{transfer}: {:?}",
            &white[..3]
        );
        let gray = shown(&flat(
            2,
            8,
            &[signal / 2; 3],
            &[(b"cICP", vec![1, transfer, 0, 1])],
        ));
        assert!(
            gray[..3].iter().all(|v| *v > 30 && *v < 180),
            "{transfer}: {:?}",
            &gray[..3]
        );
    }
}

fn noisy_rows(row_bytes: usize, rows: u32) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..rows)
        .flat_map(|_| [vec![0], (0..row_bytes).map(|_| next()).collect()].concat())
        .collect()
}

/// I2: whatever a cut leaves of the data is judged by its pixels, in any depth.
#[test]
fn cuts_are_judged_by_pixels() {
    for (colour, depth, bits) in [(2, 8, 24), (0, 1, 1), (0, 16, 16), (6, 8, 32)] {
        let row_bytes = (WIDTH as usize * bits).div_ceil(8);
        let bytes = file(
            (WIDTH, HEIGHT),
            [depth, colour, 0],
            &noisy_rows(row_bytes, HEIGHT),
            &[],
        );
        let whole = read(&bytes).unwrap();
        let mut seen = [0; 3];
        // Every place near the border, fewer elsewhere.
        let near = bytes.len() - bytes.len() / 50;
        for cut in (near..bytes.len()).chain((16..near).step_by(401)) {
            match read(&bytes[..cut]) {
                Ok(image) => {
                    let lost = image
                        .samples
                        .iter()
                        .zip(&whole.samples)
                        .filter(|(a, b)| a != b)
                        .count();
                    assert!(
                        lost * 99 <= whole.samples.len(),
                        "{cut} of {}: {lost}",
                        bytes.len()
                    );
                    seen[usize::from(image.completeness == Completeness::Incomplete)] += 1;
                }
                Err(refusal) => {
                    assert_eq!(refusal.code(), "damaged");
                    seen[2] += 1;
                }
            }
        }
        assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
    }
}

/// The same of an interlaced file, whose last pass is half of it.
#[test]
fn interlaced_files_are_read_and_judged_too() {
    let passes: [(u32, u32); 7] = [
        (7, 25),
        (6, 25),
        (13, 25),
        (12, 50),
        (25, 50),
        (25, 100),
        (50, 100),
    ];
    let rows = passes
        .map(|(columns, rows)| noisy_rows(columns as usize * 3, rows))
        .concat();
    let bytes = file((WIDTH, HEIGHT), [8, 2, 1], &rows, &[]);
    let whole = read(&bytes).unwrap();
    assert_eq!(whole.completeness, Completeness::Whole);
    let short = read(&bytes[..bytes.len() - 150]).unwrap();
    assert_eq!(short.completeness, Completeness::Incomplete);
    assert!(
        short
            .samples
            .iter()
            .zip(&whole.samples)
            .filter(|(a, b)| a != b)
            .count()
            < 400
    );
    assert!(read(&bytes[..bytes.len() * 9 / 10]).is_err());
}

/// A wrong checksum of a chunk is no fault when the data's own checksum is right, and one when it is not.
#[test]
fn checksums_of_chunks_are_not_trusted_against_the_data() {
    let bytes = file((WIDTH, HEIGHT), [8, 2, 0], &noisy_rows(150, HEIGHT), &[]);
    let mut sum = bytes.clone();
    let at = sum.len() - 16;
    sum[at] ^= 1;
    assert_eq!(read(&sum).unwrap().completeness, Completeness::Whole);
    assert_eq!(read(&sum).unwrap().samples, read(&bytes).unwrap().samples);
    let mut data = bytes;
    data[20_000] ^= 0x10;
    assert_eq!(read(&data).map_err(|r| r.code()).err(), Some("damaged"));
}

/// C31: memory is not spent on what the data cannot hold.
#[test]
fn sizes_without_data_cost_no_memory() {
    let bytes = file((14_000, 14_000), [8, 2, 0], &[0; 100], &[]);
    assert_eq!(read(&bytes).map_err(|r| r.code()).err(), Some("damaged"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn changed_pngs_never_panic(
        interlaced in any::<bool>(),
        cut in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let mut bytes = file((20, 20), [8, 2, u8::from(interlaced)], &noisy_rows(60, 24), &[(b"gAMA", numbers(&[45_455]))]);
        for (place, value) in changes {
            let at = place.index(bytes.len());
            bytes[at] = value;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        if let Err(refusal) = read(&bytes) {
            prop_assert_ne!(refusal, Refusal::STOPPED);
        }
    }
}

/// A chunk with a profile: its name, and its bytes compressed.
fn packed_profile(profile: &[u8]) -> Vec<u8> {
    let mut body = b"name\0\0".to_vec();
    let mut encoder = ZlibEncoder::new(&mut body, flate2::Compression::fast());
    encoder.write_all(profile).unwrap();
    encoder.finish().unwrap();
    body
}

/// Issue 8, C31: a profile counts up to 8 MiB, and no more of it is unpacked: the image is shown as browsers show it.
#[test]
fn profiles_are_unpacked_up_to_a_bound() {
    let pixel = [200, 100, 80];
    let show = |chunks: &[(&[u8; 4], Vec<u8>)]| shown(&flat(2, 8, &pixel, chunks))[..3].to_vec();
    let mut p3 = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    assert!(near(&show(&[(b"iCCP", packed_profile(&p3))]), [215, 93, 73]));
    p3.resize(8 << 20, 0);
    assert!(near(&show(&[(b"iCCP", packed_profile(&p3))]), [215, 93, 73]));
    p3.push(0);
    assert!(near(&show(&[(b"iCCP", packed_profile(&p3))]), pixel));
    let bomb = packed_profile(&vec![0; 100 << 20]);
    assert!(bomb.len() < 1 << 20);
    let bytes = flat(2, 8, &pixel, &[(b"iCCP", bomb.clone())]);
    assert!(near(&shown(&bytes)[..3], pixel));
    let body = bytes.windows(4).position(|kind| kind == b"iCCP").unwrap() + 4;
    let profile = super::colours::embedded(&bytes);
    assert!(profile.is_none() && bytes[body..].starts_with(&bomb));
    // What has no bound and is not looked at: texts of any kind, and data behind the last row.
    let text = |kind: &[u8; 4]| {
        let head: &[u8] = if kind == b"iTXt" {
            b"key\0\x01\0\0\0"
        } else {
            b"key\0\0"
        };
        [head, &bomb[6..]].concat()
    };
    for kind in [b"zTXt", b"iTXt"] {
        assert!(near(&show(&[(kind, text(kind))]), pixel));
    }
    let rows = [&[0_u8][..], &pixel.repeat(4)].concat().repeat(4);
    let long = [rows, vec![0; 100 << 20]].concat();
    assert!(near(&shown(&file((4, 4), [8, 2, 0], &long, &[]))[..3], pixel));
}

/// A profile with a wrong checksum, of another name, or broken off is none; the first of several counts.
#[test]
fn broken_profiles_are_passed_over() {
    let pixel = [200, 100, 80];
    let p3 = packed_profile(&moxcms::ColorProfile::new_display_p3().encode().unwrap());
    let mut broken = flat(2, 8, &pixel, &[(b"iCCP", p3.clone())]);
    let at = broken.windows(4).position(|kind| kind == b"iCCP").unwrap();
    broken[at + 4 + p3.len()] ^= 1;
    assert!(near(&shown(&broken)[..3], pixel));
    let short = p3[..p3.len() / 2].to_vec();
    let other = [&b"name\0\x07"[..], &p3[6..]].concat();
    let unnamed = p3[5..].to_vec();
    for body in [short, other, unnamed, Vec::new(), vec![b'n'; 200]] {
        let bytes = flat(2, 8, &pixel, &[(b"iCCP", body)]);
        assert!(near(&shown(&bytes)[..3], pixel));
    }
    let srgb = packed_profile(&moxcms::ColorProfile::new_srgb().encode().unwrap());
    let twice = flat(2, 8, &pixel, &[(b"iCCP", srgb), (b"iCCP", p3)]);
    assert!(near(&shown(&twice)[..3], pixel));
}
