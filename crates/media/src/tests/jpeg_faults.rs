//! JPEGs with faults that mainstream viewers decode through, and with those that nobody can.

use image::{GrayImage, RgbImage};
use jpeg_encoder::SamplingFactor;

use super::completeness::{assert_shows, kinds, outcome, textured};
use super::images::{decoded, difference, encode_jpeg, jpeg};
use crate::completeness::Completeness::{Incomplete, Whole};
use crate::derive::full;
use crate::limits::Limits;

fn code(bytes: &[u8]) -> &'static str {
    outcome(bytes).map_or_else(|refusal| refusal.code(), |_| "taken")
}

fn find(bytes: &[u8], marker: u8) -> usize {
    bytes.windows(2).position(|pair| pair == [0xFF, marker]).unwrap()
}

/// The bytes up to and with the first scan header, and those behind it.
fn split_at_data(bytes: &[u8]) -> (&[u8], &[u8]) {
    let scan = find(bytes, 0xDA);
    bytes.split_at(scan + 2 + usize::from(bytes[scan + 3]))
}

/// 4,000 MCUs in 1,000 intervals.
fn restarts() -> (RgbImage, Vec<u8>) {
    let image = textured(640, 400);
    let bytes = encode_jpeg(&image, |e| {
        e.set_sampling_factor(SamplingFactor::F_1_1);
        e.set_restart_interval(4);
    });
    (image, bytes)
}

/// Data, and the marker behind it.
type Interval = (Vec<u8>, Option<u8>);

/// Header, the data of each interval, and each one's marker number.
fn intervals(bytes: &[u8]) -> (Vec<u8>, Vec<Interval>) {
    let (header, data) = split_at_data(bytes);
    let mut found = vec![(Vec::new(), None)];
    let mut at = 0;
    loop {
        match data[at..] {
            [0xFF, marker @ 0xD0..=0xD7, ..] => {
                found.last_mut().unwrap().1 = Some(marker);
                found.push((Vec::new(), None));
                at += 2;
            }
            [0xFF, 0xD9, ..] => return (header.to_vec(), found),
            [byte, ..] => {
                found.last_mut().unwrap().0.push(byte);
                at += 1;
            }
            [] => panic!("no end"),
        }
    }
}

fn joined(header: &[u8], intervals: &[Interval]) -> Vec<u8> {
    let mut bytes = header.to_vec();
    for (data, marker) in intervals {
        bytes.extend_from_slice(data);
        bytes.extend(marker.iter().flat_map(|marker| [0xFF, *marker]));
    }
    bytes.extend_from_slice(&[0xFF, 0xD9]);
    bytes
}

/// What changes of 1,000 intervals are made of them.
type Fault = (&'static str, fn(&mut Vec<Interval>));

/// I2: a fault that mainstream viewers decode through is taken and marked.
#[test]
fn restart_faults_are_taken_and_marked() {
    let (image, bytes) = restarts();
    let (header, whole) = intervals(&bytes);
    assert_eq!(whole.len(), 1000);
    assert_eq!(joined(&header, &whole), bytes);
    let faults: [Fault; 12] = [
        ("a marker is missing", |all| all[500].1 = None),
        ("two markers in a row are missing", |all| {
            (all[500].1, all[501].1) = (None, None);
        }),
        ("no marker at all", |all| {
            for interval in all {
                interval.1 = None;
            }
        }),
        ("an interval is missing with its marker", |all| {
            all.remove(500);
        }),
        ("two intervals are missing with their markers", |all| {
            all.drain(500..502);
        }),
        ("an interval's data is missing", |all| all[500].0.clear()),
        ("an interval is short", |all| {
            let length = all[500].0.len();
            all[500].0.truncate(length / 2);
        }),
        ("an interval has surplus data", |all| all[500].0.extend([7; 20])),
        ("an interval comes twice", |all| {
            let again = all[500].clone();
            all.insert(501, again);
        }),
        ("a marker comes twice", |all| {
            let marker = all[500].1;
            all.insert(501, (Vec::new(), marker));
        }),
        ("two markers are exchanged", |all| {
            (all[500].1, all[501].1) = (all[501].1, all[500].1);
        }),
        ("a marker has a wrong number", |all| all[500].1 = Some(0xD0)),
    ];
    for (name, fault) in faults {
        let mut all = whole.clone();
        fault(&mut all);
        let bytes = joined(&header, &all);
        assert_eq!(outcome(&bytes), Ok(Incomplete), "{name}");
        assert_shows(&bytes, &image, name);
    }
}

/// I2: what is lost in the middle is taken up to half of the image, since later markers lead back to the data; what is
/// lost at the end up to a hundredth.
#[test]
fn too_many_missing_intervals_are_damage() {
    let (_, bytes) = restarts();
    let (header, whole) = intervals(&bytes);
    let without = |lost: &dyn Fn(usize) -> bool| {
        let mut all = whole.clone();
        for (place, interval) in all.iter_mut().enumerate() {
            if lost(place) {
                interval.0.clear();
            }
        }
        outcome(&joined(&header, &all))
    };
    assert_eq!(without(&|place| place % 50 == 0), Ok(Incomplete), "every 50th");
    assert_eq!(without(&|place| place % 2 == 0), Ok(Incomplete), "every second");
    assert_eq!(
        without(&|place| (100..600).contains(&place)),
        Ok(Incomplete),
        "half"
    );
    let refusal = without(&|place| (100..601).contains(&place)).unwrap_err();
    assert!(refusal.to_string().contains("50 % of it is missing"), "{refusal}");
    let refusal = without(&|place| place % 20 < 13).unwrap_err();
    assert!(refusal.to_string().contains("65 % of it is missing"), "{refusal}");
    assert_eq!(
        without(&|place| place >= 990),
        Ok(Incomplete),
        "a hundredth at the end"
    );
    let refusal = without(&|place| place >= 989).unwrap_err();
    assert!(
        refusal.to_string().contains("1.1 % of it is missing"),
        "{refusal}"
    );
    // A little at the end and much in the middle are both told.
    let refusal = without(&|place| place >= 980 || place % 4 == 0).unwrap_err();
    assert!(refusal.to_string().contains("26 % of it is missing"), "{refusal}");
}

/// An image of 16 intervals, six hundredths each, of which one has a fault.
fn bands() -> (RgbImage, Vec<u8>, Vec<Interval>) {
    let image = textured(160, 128);
    let bytes = encode_jpeg(&image, |e| {
        e.set_sampling_factor(SamplingFactor::F_1_1);
        e.set_restart_interval(20);
    });
    let (header, whole) = intervals(&bytes);
    assert_eq!(whole.len(), 16);
    (image, header, whole)
}

/// The mean difference to the truth of each band of eight rows.
fn band_differences(bytes: &[u8], truth: &RgbImage) -> Vec<f64> {
    let shown = decoded(&full(bytes, &Limits::default()).unwrap().bytes);
    let band = |image: &RgbImage, n: u32| image::imageops::crop_imm(image, 0, 8 * n, 160, 8).to_image();
    (0..16)
        .map(|n| difference(&band(&shown, n), &band(truth, n)))
        .collect()
}

/// I2: every unit is there, only the number of a marker is wrong. libjpeg then leaves an interval grey and shifts another;
/// here the markers behind it tell that all of them are in their place.
#[test]
fn intervals_with_a_wrong_number_stay_in_their_place() {
    let (image, header, whole) = bands();
    for place in 0..15 {
        for number in 0..8 {
            let mut all = whole.clone();
            if all[place].1 == Some(0xD0 | number) {
                continue;
            }
            all[place].1 = Some(0xD0 | number);
            let bytes = joined(&header, &all);
            assert_eq!(outcome(&bytes), Ok(Incomplete), "{place} {number}");
            let far = band_differences(&bytes, &image);
            assert!(far.iter().all(|far| *far < 4.0), "{place} {number}: {far:?}");
        }
    }
    for place in 0..14 {
        let mut all = whole.clone();
        (all[place].1, all[place + 1].1) = (all[place + 1].1, all[place].1);
        let bytes = joined(&header, &all);
        assert_eq!(outcome(&bytes), Ok(Incomplete), "exchanged {place}");
        let far = band_differences(&bytes, &image);
        assert!(far.iter().all(|far| *far < 4.0), "exchanged {place}: {far:?}");
    }
}

/// I2: intervals that are lost, come again or break off cost their own place and no other.
#[test]
fn faults_cost_their_own_interval_only() {
    let (image, header, whole) = bands();
    let check = |name: &str, all: &[Interval], lost: &[usize]| {
        let bytes = joined(&header, all);
        assert_eq!(outcome(&bytes), Ok(Incomplete), "{name}");
        let far = band_differences(&bytes, &image);
        for (place, far) in far.iter().enumerate() {
            assert!(lost.contains(&place) || *far < 4.0, "{name}, band {place}: {far}");
        }
    };
    for many in 1..=7 {
        let mut all = whole.clone();
        all.drain(4..4 + many);
        // Whether the first that follows belongs to the first or the last place that is free, nothing tells.
        let lost: Vec<_> = (4..=4 + many).collect();
        check(&format!("{many} lost"), &all, &lost);
    }
    for many in 1..=5 {
        let mut all = whole.clone();
        let again = all[4..4 + many].to_vec();
        all.splice(4 + many..4 + many, again);
        // The first of them is taken for the next before its marker tells, in every decoder.
        check(&format!("{many} again"), &all, &[4 + many]);
    }
    let mut all = whole.clone();
    let length = all[6].0.len();
    all[6].0.truncate(length / 2);
    check("broken off", &all, &[6]);
    // A stuffed zero that became something else: the data in front of it is used, and the marker behind it.
    for damage in [0x01, 0x3C, 0x80, 0xBF] {
        let mut all = whole.clone();
        let half = length / 2;
        all[6].0.splice(half..half, [0xFF, damage]);
        check("a marker that means nothing", &all, &[6]);
    }
    // A stretch of the file lost, from the middle of one interval to the middle of another.
    let mut all = whole;
    let middle = all[9].0.len() / 2;
    let rest = all[9].0.split_off(middle);
    all[4].0.truncate(length / 2);
    all[4].0.extend(rest);
    all[4].1 = all[9].1;
    all.drain(5..10);
    check("a stretch lost", &all, &[4, 5, 6, 7, 8, 9]);
}

/// C31: markers out of turn cost no more time than others, however many there are.
#[test]
fn markers_out_of_turn_take_one_pass() {
    let (_, header, whole) = {
        let image = textured(2048, 2048);
        let bytes = encode_jpeg(&image, |e| {
            e.set_sampling_factor(SamplingFactor::F_1_1);
            e.set_restart_interval(1);
        });
        let (header, whole) = intervals(&bytes);
        (image, header, whole)
    };
    let count = whole.len();
    let mut all = whole;
    for (place, interval) in all.iter_mut().enumerate() {
        let [number, ..] = (place + if place > count - 9 { 0 } else { 3 }).to_le_bytes();
        interval.1 = interval.1.map(|_| 0xD0 | number & 7);
    }
    assert_eq!(code(&joined(&header, &all)), "taken");
}

/// Padding and fill that the standard allows, and the last marker that some encoders write.
#[test]
fn harmless_bytes_between_intervals_are_whole() {
    let (image, bytes) = restarts();
    let (header, whole) = intervals(&bytes);
    let mut last = whole.clone();
    last.last_mut().unwrap().1 = Some(0xD7);
    let mut bytes = joined(&header, &last);
    assert_eq!(outcome(&bytes), Ok(Whole), "a last marker");
    bytes = Vec::from(&header[..]);
    for (data, marker) in &whole {
        bytes.extend_from_slice(data);
        bytes.extend([0xFF; 9]);
        bytes.push(marker.unwrap_or(0xD9));
    }
    assert_eq!(outcome(&bytes), Ok(Whole), "fill");
    assert_shows(&bytes, &image, "fill");
}

/// A frame that leaves its height open (T.81, B.2.5).
#[test]
fn a_height_behind_the_first_scan_is_used() {
    let image = textured(200, 123);
    let mut bytes = jpeg(&image);
    let frame = find(&bytes, 0xC0);
    let end = bytes.len() - 2;
    let lines = [0xFF, 0xDC, 0, 4, 0, 123];
    let redundant = [&bytes[..end], &lines, &bytes[end..]].concat();
    assert_eq!(outcome(&redundant), Ok(Whole));
    bytes[frame + 5..frame + 7].fill(0);
    assert_eq!(code(&bytes), "damaged", "no height anywhere");
    let open = [&bytes[..end], &lines, &bytes[end..]].concat();
    assert_eq!(outcome(&open), Ok(Whole));
    assert_shows(&open, &image, "height behind the scan");
    let unended = [&bytes[..end], &lines].concat();
    assert_eq!(outcome(&unended), Ok(Whole));
    // Twice as high as there is data for.
    let higher = [&bytes[..end], &[0xFF, 0xDC, 0, 4, 0, 246], &bytes[end..]].concat();
    assert_eq!(code(&higher), "damaged");
}

/// A grey image of 64 blocks whose codes are single bits: half of each table is the code 1, which is forbidden, and the
/// zeros that decoders invent behind the end of data are codes, too.
fn single_bit_codes(data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0];
    bytes.extend([1; 64]);
    bytes.extend([0xFF, 0xC0, 0, 11, 8, 0, 64, 0, 64, 1, 1, 0x11, 0]);
    for class in [0, 0x10] {
        bytes.extend([0xFF, 0xC4, 0, 21, class, 2]);
        bytes.extend([0; 15]);
        bytes.extend([0, 1]);
    }
    bytes.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]);
    bytes.extend(data);
    bytes.extend([0xFF, 0xD9]);
    bytes
}

#[test]
fn tables_that_use_all_ones_are_counted() {
    assert_eq!(outcome(&single_bit_codes(&[0; 16])), Ok(Whole));
    let refusal = outcome(&single_bit_codes(&[0; 15])).unwrap_err();
    assert!(refusal.to_string().contains("6.3 %"), "{refusal}");
    let refusal = outcome(&single_bit_codes(&[])).unwrap_err();
    assert!(refusal.to_string().contains("all of it is missing"), "{refusal}");
}

/// Cameras' and programs' headers that the decoder does not like, and every viewer shows.
#[test]
fn odd_headers_are_taken() {
    let image = textured(96, 80);
    let bytes = jpeg(&image);
    let scan = find(&bytes, 0xDA);
    let put_in = |at: usize, what: &[u8]| [&bytes[..at], what, &bytes[at..]].concat();
    let empty_table = [&[0xFF, 0xC4, 0, 19, 0x11][..], &[0; 16]].concat();
    let tables = find(&bytes, 0xC4);
    let odd = [
        ("two beginnings", put_in(2, &[0xFF, 0xD8])),
        ("an unknown segment", put_in(2, &[0xFF, 0x02, 0, 4, 1, 2])),
        ("a restart marker in the header", put_in(scan, &[0xFF, 0xD3])),
        ("an empty table", put_in(tables, &empty_table)),
        (
            "an unknown colour transform",
            put_in(2, b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0\x07"),
        ),
        ("stray bytes", put_in(scan, &[1, 2, 3])),
    ];
    for (name, bytes) in odd {
        assert_eq!(outcome(&bytes), Ok(Whole), "{name}");
        assert_shows(&bytes, &image, name);
    }
}

/// Codings that nothing here reads are refused by name, with advice.
#[test]
fn other_codings_are_refused_by_name() {
    let bytes = jpeg(&textured(40, 30));
    let frame = find(&bytes, 0xC0);
    let with = |marker: u8, depth: u8| {
        let mut bytes = bytes.clone();
        (bytes[frame + 1], bytes[frame + 4]) = (marker, depth);
        bytes
    };
    for (bytes, name) in [
        (with(0xC9, 8), "arithmetic"),
        (with(0xCA, 8), "arithmetic"),
        (with(0xC3, 8), "lossless"),
        (with(0xC3, 16), "lossless"),
        (with(0xCB, 8), "lossless"),
        (with(0xF7, 8), "lossless"),
        (with(0xC5, 8), "hierarchical"),
        (with(0xCD, 8), "hierarchical"),
        (with(0xDE, 8), "hierarchical"),
        (with(0xC1, 12), "more than 8 bits"),
        (with(0xC2, 12), "more than 8 bits"),
    ] {
        let refusal = outcome(&bytes).unwrap_err();
        assert_eq!(refusal.code(), "unsupported", "{name}");
        assert!(refusal.to_string().contains(name), "{refusal}");
        assert!(refusal.advice().unwrap().contains("export it"), "{name}");
    }
}

/// Where the scans of a file without faults begin.
fn scans(bytes: &[u8]) -> Vec<usize> {
    let pairs = bytes.windows(2).enumerate();
    pairs
        .filter(|(_, pair)| *pair == [0xFF, 0xDA])
        .map(|(at, _)| at)
        .collect()
}

#[test]
fn progressive_files_are_judged_by_what_was_sent() {
    let bytes = include_bytes!("jpeg/progressive.jpg");
    let scans = scans(bytes);
    assert_eq!(scans.len(), 10);
    let ended = |at: usize| [&bytes[..at], &[0xFF, 0xD9]].concat();
    // libjpeg's script: DC, AC of lightness and colours, the rest of lightness, then refinements.
    let tables_before = |n: usize| {
        bytes[..scans[n]]
            .windows(2)
            .rposition(|pair| pair == [0xFF, 0xC4])
            .unwrap()
    };
    assert_eq!(code(&bytes[..tables_before(1)]), "damaged", "DC only");
    assert_eq!(
        outcome(&ended(tables_before(1))),
        Ok(Incomplete),
        "DC only, on purpose"
    );
    assert_eq!(
        code(&bytes[..tables_before(4)]),
        "damaged",
        "a band of lightness was never sent"
    );
    assert_eq!(
        outcome(&bytes[..tables_before(5)]),
        Ok(Incomplete),
        "nothing is refined"
    );
    assert_eq!(outcome(&ended(tables_before(5))), Ok(Incomplete));
    for scan in 6..10 {
        assert_eq!(
            outcome(&bytes[..scans[scan]]),
            Ok(Incomplete),
            "before scan {scan}"
        );
        assert_eq!(
            outcome(&bytes[..scans[scan] + 5]),
            Ok(Incomplete),
            "in the header of scan {scan}"
        );
        assert_eq!(
            outcome(&bytes[..scans[scan] + 40]),
            Ok(Incomplete),
            "in scan {scan}"
        );
    }
    let truth = decoded(&full(bytes, &Limits::default()).unwrap().bytes);
    let coarse = decoded(&full(&bytes[..scans[9] + 200], &Limits::default()).unwrap().bytes);
    assert!(difference(&truth, &coarse) < 4.0);
}

/// A missing interval of any scan is as flat, or as coarse, as nothing makes it: the rest is not shifted.
#[test]
fn faults_in_progressive_scans_stay_where_they_are() {
    let bytes = include_bytes!("jpeg/progressive_restarts.jpg");
    let truth = decoded(&full(bytes, &Limits::default()).unwrap().bytes);
    let markers: Vec<usize> = bytes
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| pair[0] == 0xFF && (0xD0..=0xD7).contains(&pair[1]))
        .map(|(at, _)| at)
        .collect();
    assert!(markers.len() > 40);
    let mut taken = 0;
    let is_within_a_scan = |pair: &&[usize]| !bytes[pair[0]..pair[1]].contains(&0xDA);
    for pair in markers.windows(2).filter(is_within_a_scan) {
        // One marker gone: what follows it is an interval of its own.
        let merged = [&bytes[..pair[0]], &bytes[pair[0] + 2..]].concat();
        if outcome(&merged) == Ok(Incomplete) {
            assert!(
                difference(
                    &decoded(&full(&merged, &Limits::default()).unwrap().bytes),
                    &truth
                ) < 4.0
            );
            taken += 1;
        }
        // The data between two gone: a grey stretch of a first scan, a coarse one of a refinement.
        let emptied = [&bytes[..pair[0] + 2], &bytes[pair[1]..]].concat();
        if outcome(&emptied).is_ok() {
            let shown = decoded(&full(&emptied, &Limits::default()).unwrap().bytes);
            let pixels = shown.pixels().zip(truth.pixels());
            let far = pixels
                .filter(|(a, b)| a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > 40))
                .count();
            // An interval is at most a fifth of a scan.
            assert!(far * 4 < shown.as_raw().len() / 3, "{pair:?} {far}");
            taken += 1;
        }
    }
    assert!(taken > 20, "{taken}");
}

/// A colour plane with a scan of its own that is not there is missing, however whole the others are.
#[test]
fn a_missing_plane_is_damage() {
    let bytes = encode_jpeg(&textured(123, 91), |e| e.set_optimized_huffman_tables(true));
    let scans = scans(&bytes);
    assert_eq!(scans.len(), 3);
    for at in [scans[1], scans[2]] {
        for part in [bytes[..at].to_vec(), [&bytes[..at], &[0xFF, 0xD9]].concat()] {
            let refusal = outcome(&part).unwrap_err();
            assert!(refusal.to_string().contains("% of it is missing"), "{refusal}");
        }
    }
}

/// A grey progressive image of this size with one DC scan, and `scans` more that hold hardly any data.
fn scan_bomb(side: u16, scans: usize) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0];
    bytes.extend([1; 64]);
    bytes.extend([0xFF, 0xC2, 0, 11, 8]);
    bytes.extend(side.to_be_bytes());
    bytes.extend(side.to_be_bytes());
    bytes.extend([1, 1, 0x11, 0]);
    for (class, symbol) in [(0, 0), (0x10, 0xE0)] {
        bytes.extend([0xFF, 0xC4, 0, 20, class, 1]);
        bytes.extend([0; 15]);
        bytes.push(symbol);
    }
    let blocks = usize::from(side).div_ceil(8).pow(2);
    bytes.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0]);
    bytes.extend(vec![0; blocks.div_ceil(8)]);
    // Every 15 bits say that 16,384 blocks are at their end.
    for _ in 0..scans {
        bytes.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 63, 0]);
        bytes.extend(vec![0; 2 * blocks.div_ceil(16_384)]);
    }
    bytes.extend([0xFF, 0xD9]);
    bytes
}

/// C31: the time that a file takes is bounded by its image, not by what a few bytes can ask for.
#[test]
fn scan_bombs_are_refused() {
    assert_eq!(code(&scan_bomb(2048, 1)), "taken");
    assert_eq!(code(&scan_bomb(2048, 90)), "taken");
    for bomb in [scan_bomb(2048, 200), scan_bomb(8, 2000), scan_bomb(8192, 20_000)] {
        assert_eq!(code(&bomb), "damaged");
    }
}

/// C28: what follows an image without an end marker is looked at, too.
#[test]
fn trailers_of_unended_files_are_looked_at() {
    for (name, bytes) in kinds() {
        let unended = &bytes[..bytes.len() - 2];
        let page = [unended, b"\n<html><script>alert(1)</script></html>"].concat();
        assert_eq!(code(&page), "unsupported", "{name} and a page");
        let second = [unended, &jpeg(&textured(16, 16))].concat();
        assert_eq!(outcome(&second), Ok(Whole), "{name} and a second image");
    }
}

#[test]
fn a_scan_without_data_is_damage() {
    for (name, bytes) in kinds() {
        let (header, _) = split_at_data(&bytes);
        for bytes in [header.to_vec(), [header, &[0xFF, 0xD9]].concat()] {
            let refusal = outcome(&bytes).unwrap_err();
            assert!(
                refusal.to_string().contains("all of it is missing"),
                "{name}: {refusal}"
            );
        }
        assert_eq!(
            code(&header[..header.len() - 3]),
            "damaged",
            "{name} within its scan header"
        );
    }
}

/// Grey stays grey where the missing end is filled.
#[test]
fn the_missing_end_is_flat() {
    let image = GrayImage::from_pixel(400, 800, image::Luma([90]));
    let bytes = super::images::encode(&image::DynamicImage::ImageLuma8(image), image::ImageFormat::Jpeg);
    let (header, data) = split_at_data(&bytes);
    let kept = data.len() - 2 - data.len() / 150;
    let cut = [header, &data[..kept]].concat();
    assert_eq!(outcome(&cut), Ok(Incomplete));
    let shown = decoded(&full(&cut, &Limits::default()).unwrap().bytes);
    let corner = shown.get_pixel(399, 799).0;
    assert!(corner.iter().all(|sample| sample.abs_diff(90) < 3), "{corner:?}");
}
