//! Every kind of TIFF that is read shows what it holds; every kind that is not is refused by its name.

#![expect(
    clippy::as_conversions,
    clippy::wildcard_enum_match_arm,
    reason = "a test's numbers are small and known, its kinds are its own"
)]

mod writer;

use proptest::prelude::*;
use writer::{HEIGHT, Kind, Pack, Spec, WIDTH};

use crate::decode::Decoded;
use crate::limits::Limits;
use crate::refusal::{Refusal, TiffKind, Unsupported};

fn read(bytes: &[u8]) -> Result<Decoded, Refusal> {
    let format = crate::sniff(bytes)?;
    let header = crate::header::read(format, bytes)?;
    Limits::default().check_size(header.width, header.height)?;
    super::decode(bytes, &header, &Limits::default())
}

/// The largest difference of a sample from what is to be shown.
fn worst(spec: &Spec, image: Decoded) -> f64 {
    assert_eq!((image.width, image.height), (WIDTH, HEIGHT), "{spec:?}");
    let rgb = crate::colour::to_srgb(image.channels, image.samples, None);
    let pixels = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
    let pairs = pixels.flat_map(|(x, y)| spec.kind.shown(x, y)).zip(rgb);
    pairs
        .map(|(wanted, value)| (wanted - f64::from(value)).abs())
        .fold(0.0, f64::max)
}

/// Depths that hold the samples of a kind, with the formats that they can have.
fn depths(kind: Kind) -> Vec<(u8, u64)> {
    match kind {
        Kind::Palette => vec![(1, 1), (4, 1), (8, 1), (16, 1)],
        Kind::Ycbcr => vec![(8, 1)],
        Kind::WhiteIsZero | Kind::Gray => vec![
            (1, 1),
            (2, 1),
            (4, 1),
            (8, 1),
            (10, 1),
            (12, 1),
            (16, 1),
            (24, 1),
            (32, 1),
            (8, 2),
            (16, 2),
            (32, 2),
            (16, 3),
            (32, 3),
            (64, 3),
        ],
        _ => vec![
            (4, 1),
            (8, 1),
            (12, 1),
            (16, 1),
            (32, 1),
            (8, 2),
            (16, 2),
            (16, 3),
            (32, 3),
        ],
    }
}

fn every_spec() -> impl Iterator<Item = Spec> {
    let flags = [false, true];
    let shapes = flags
        .iter()
        .flat_map(move |planar| flags.map(|tiled| (*planar, tiled)));
    let shapes: Vec<(bool, bool)> = shapes.collect();
    let orders = [(false, false), (true, false), (false, true), (true, true)];
    let packs = [Pack::None, Pack::Lzw, Pack::Deflate, Pack::Bytes, Pack::Zstd];
    Kind::ALL.into_iter().flat_map(move |kind| {
        let shapes = shapes.clone();
        depths(kind).into_iter().flat_map(move |(bits, format)| {
            let shapes = shapes.clone();
            packs.into_iter().flat_map(move |pack| {
                let shapes = shapes.clone();
                predictors(bits, format, pack)
                    .into_iter()
                    .flat_map(move |predictor| {
                        let shapes = shapes.clone();
                        shapes.into_iter().flat_map(move |(planar, tiled)| {
                            orders.into_iter().map(move |(big_endian, big)| Spec {
                                big_endian,
                                big,
                                bits,
                                format,
                                planar,
                                tiled,
                                pack,
                                predictor,
                                kind,
                            })
                        })
                    })
            })
        })
    })
}

fn predictors(bits: u8, format: u64, pack: Pack) -> Vec<u64> {
    let packed = matches!(pack, Pack::Lzw | Pack::Deflate | Pack::Zstd);
    let mut list = vec![1];
    if packed && format != 3 && matches!(bits, 8 | 16 | 32 | 64) {
        list.push(2);
    }
    if packed && format == 3 {
        list.push(3);
    }
    list
}

/// Issue 8, I1: byte orders, depths, sample formats, planes, tiles, compressions, predictors, alpha and colours, each with
/// each.
#[test]
fn every_combination_shows_its_image() {
    let mut tried = 0;
    for spec in every_spec() {
        let image = read(&spec.write()).unwrap_or_else(|refusal| panic!("{spec:?}: {refusal}"));
        assert!(!image.completeness.is_incomplete(), "{spec:?}");
        let far = worst(&spec, image);
        // Colour differences are rounded on their way; what is multiplied by alpha is rounded to the depth.
        let most = match spec.kind {
            Kind::Ycbcr => 2.0,
            Kind::Associated if spec.bits == 4 => 9.0,
            _ => 1.01,
        };
        assert!(far <= most, "{spec:?}: {far}");
        tried += 1;
    }
    assert!(tried > 5000, "{tried}");
}

/// Old writers list tiles in the fields of strips.
/// Issue 8: signed samples of eight bits count from their smallest, so that zero is the middle.
#[test]
fn signed_samples_have_zero_in_the_middle() {
    let spec = Spec {
        kind: Kind::Gray,
        format: 2,
        ..Spec::PLAIN
    };
    let mut bytes = spec.write();
    let strips = bytes.len() - usize::try_from(WIDTH * HEIGHT).unwrap();
    let samples = [0x80, 0xFF, 0, 1, 0x7F];
    bytes[strips..strips + 5].copy_from_slice(&samples);
    let image = read(&bytes).unwrap();
    assert_eq!(image.samples[..5], [0, 127, 128, 129, 255]);
}

#[test]
fn tiles_listed_as_strips_are_tiles() {
    let spec = Spec {
        tiled: true,
        ..Spec::PLAIN
    };
    let mut bytes = spec.write();
    for (tile, strip) in [(0x44, 0x11), (0x45, 0x17)] {
        let field = [tile, 1, 4, 0];
        let at = bytes.windows(4).position(|entry| entry == field).unwrap();
        bytes[at] = strip;
    }
    assert!(worst(&spec, read(&bytes).unwrap()) <= 1.01);
}

/// Strips and tiles that are JPEGs, in each kind of colours that they may have.
#[test]
fn jpeg_in_tiff_shows_its_image() {
    for kind in [Kind::Gray, Kind::WhiteIsZero, Kind::Rgb, Kind::Ycbcr, Kind::Cmyk] {
        for (planar, tiled) in [(false, false), (false, true), (true, true)] {
            if planar && kind == Kind::Ycbcr {
                continue;
            }
            let spec = Spec {
                pack: Pack::Jpeg,
                planar,
                tiled,
                kind,
                ..Spec::PLAIN
            };
            let image = read(&spec.write()).unwrap_or_else(|refusal| panic!("{spec:?}: {refusal}"));
            let far = worst(&spec, image);
            assert!(far < 30.0, "{spec:?}: {far}");
        }
    }
}

/// Issue 8: what is not read is refused by its name and with advice, never as damaged and never with wrong colours.
#[test]
fn what_is_not_read_is_refused_by_name() {
    let fields: [(&[(u16, u64)], TiffKind); 17] = [
        (&[(259, 2)], TiffKind::Fax),
        (&[(259, 3)], TiffKind::Fax),
        (&[(259, 6)], TiffKind::OldJpeg),
        (&[(259, 34_712)], TiffKind::Jpeg2000),
        (&[(259, 34_925)], TiffKind::Lzma),
        (&[(259, 50_001)], TiffKind::Webp),
        (&[(259, 34_887)], TiffKind::Compression),
        (&[(262, 8)], TiffKind::Lab),
        (&[(262, 9)], TiffKind::Lab),
        (&[(262, 32_845)], TiffKind::LogLuv),
        (&[(262, 6)], TiffKind::Subsampled),
        (&[(262, 51_177)], TiffKind::Colours),
        (&[(259, 8), (317, 9)], TiffKind::Predictor),
        (&[(258, 128)], TiffKind::Depth),
        (&[(258, 40)], TiffKind::Depth),
        (&[(339, 6)], TiffKind::Complex),
        (&[(277, 65)], TiffKind::Channels),
    ];
    for (replaced, kind) in fields {
        let refusal = read(&Spec::PLAIN.write_with(replaced)).unwrap_err();
        assert_eq!(
            refusal,
            Refusal::Unsupported(Unsupported::Tiff(kind)),
            "{replaced:?}"
        );
        assert!(refusal.advice().is_some() && refusal.to_string().contains("TIFF"));
    }
    let inks = Spec {
        kind: Kind::Cmyk,
        ..Spec::PLAIN
    };
    let refusal = read(&inks.write_with(&[(332, 2)])).unwrap_err();
    assert_eq!(refusal, Refusal::Unsupported(Unsupported::Tiff(TiffKind::Inks)));
    // Whole numbers that are called floating-point are numbers near zero, not a image; large ones have no brightness.
    let mut large = Spec {
        bits: 32,
        format: 3,
        ..Spec::PLAIN
    }
    .write();
    let length = large.len();
    for sample in large[length - 12_000..].chunks_exact_mut(4) {
        sample.copy_from_slice(&200.0_f32.to_le_bytes());
    }
    let refusal = read(&large).unwrap_err();
    assert_eq!(
        refusal,
        Refusal::Unsupported(Unsupported::Tiff(TiffKind::FloatRange))
    );
}

/// I2: a file that lacks up to a hundredth of its image is taken and marked, one that lacks more is damaged.
#[test]
fn cut_files_are_judged_by_their_rows() {
    for pack in [Pack::None, Pack::Bytes] {
        let spec = Spec { pack, ..Spec::PLAIN };
        let bytes = spec.write();
        // 29 rows: one is more than a hundredth.
        assert_eq!(
            read(&bytes[..bytes.len() - 1]).map_err(|r| r.code()).err(),
            Some("damaged")
        );
    }
    let tall = tall_strip();
    let whole = read(&tall).unwrap();
    for (cut, taken) in [(1, true), (3 * 300, true), (3 * 301, false), (3 * 3000, false)] {
        match read(&tall[..tall.len() - cut]) {
            Ok(image) => {
                assert!(taken && image.completeness.is_incomplete(), "{cut}");
                let known = image.samples.len() - 3 * 300;
                assert_eq!(image.samples[..known], whole.samples[..known]);
            }
            Err(refusal) => assert_eq!((taken, refusal.code()), (false, "damaged"), "{cut}"),
        }
    }
}

/// 300 rows of 100 pixels in one strip, without compression.
fn tall_strip() -> Vec<u8> {
    let mut bytes = Spec::PLAIN.write_with(&[(256, 100), (257, 300), (278, 300), (273, 200), (279, 90_000)]);
    bytes.truncate(200);
    bytes.resize(200, 0);
    bytes.extend((0..90_000_u32).map(|n| (n % 251) as u8));
    bytes
}

/// C31: what tiles would take to unpack is known before any is.
#[test]
fn tiles_that_would_unpack_to_too_much_are_refused() {
    let tiled = Spec {
        tiled: true,
        ..Spec::PLAIN
    };
    let refusal = read(&tiled.write_with(&[(322, 1 << 30), (323, 1 << 30)])).unwrap_err();
    assert_eq!(refusal.code(), "too_many_pixels");
    let refusal = read(&tiled.write_with(&[(322, 1), (323, 1), (256, 20_000), (257, 10_000)])).unwrap_err();
    assert_eq!(refusal.code(), "damaged");
}

fn any_spec() -> impl Strategy<Value = Vec<u8>> {
    let specs: Vec<Spec> = every_spec().step_by(37).collect();
    (0..specs.len()).prop_map(move |n| specs[n].write())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Bytes changed anywhere, most often in the directory: read or refused, never a panic.
    #[test]
    fn changed_tiffs_never_panic(
        mut bytes in any_spec(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<bool>(), any::<u8>()), 1..6),
    ) {
        for (place, early, value) in changes {
            let length = if early { bytes.len().min(300) } else { bytes.len() };
            let at = place.index(length);
            bytes[at] = value;
        }
        if let Err(refusal) = read(&bytes) {
            prop_assert_ne!(refusal, Refusal::STOPPED);
        }
    }
}
