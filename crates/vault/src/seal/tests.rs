use data_encoding::HEXLOWER;
use proptest::prelude::*;
use zeroize::Zeroizing;

use super::*;
use crate::testing::Counted;

fn key(seed: u8) -> PatientKey {
    PatientKey::from_bytes(&Zeroizing::new([seed; 32]))
}

fn content(length: usize) -> Vec<u8> {
    (0..length)
        .map(|i| u8::try_from((i * 31 + i / 256) % 251).unwrap())
        .collect()
}

fn sealed(plain: &[u8]) -> Vec<u8> {
    seal(&key(1), b"context", plain, &Counted::default()).unwrap()
}

fn reopen(bytes: &[u8]) -> Result<Vec<u8>, SealError> {
    open(&key(1), b"context", bytes)
}

const LENGTHS: [usize; 9] = [0, 1, 15, 65_535, 65_536, 65_537, 131_072, 131_073, 200_000];

#[test]
fn every_length_round_trips_and_is_as_long_as_foretold() {
    for length in LENGTHS {
        let plain = content(length);
        let bytes = sealed(&plain);
        assert_eq!(
            u64::try_from(bytes.len()).unwrap(),
            sealed_len(length.try_into().unwrap())
        );
        assert_eq!(reopen(&bytes).unwrap(), plain);
    }
}

/// Version 1 must be readable forever; this file is never regenerated. It was made by another
/// implementation, in Python, from the description of the form alone.
#[test]
fn version_1_is_what_it_always_was() {
    let golden: Vec<u8> = include_str!("golden-v1.hex")
        .split_ascii_whitespace()
        .flat_map(|line| HEXLOWER.decode(line.as_bytes()).unwrap())
        .collect();
    let plain = b"A naevus, left forearm, 4 mm; the golden container of version 1.\n";
    assert_eq!(open(&key(1), b"golden", &golden).unwrap(), plain);
    assert_eq!(
        HEXLOWER.encode(&seal(&key(1), b"golden", plain, &Counted::default()).unwrap()),
        HEXLOWER.encode(&golden)
    );
    // Several chunks, by digest.
    let digest = ring::digest::digest(&ring::digest::SHA256, &sealed(&content(200_000)));
    assert_eq!(
        HEXLOWER.encode(digest.as_ref()),
        "23f4cff2e149fec096e0487eabff5100c03390fa3d0cc848a93e4c9ae237d965"
    );
}

#[test]
fn every_flipped_bit_of_a_small_container_is_found() {
    for plain in [&b""[..], b"some content"] {
        let sound = sealed(plain);
        for at in 0..sound.len() {
            for bit in 0..8 {
                let mut bytes = sound.clone();
                bytes[at] ^= 1 << bit;
                assert!(reopen(&bytes).is_err(), "bit {bit} of byte {at}");
            }
        }
    }
}

#[test]
fn every_truncation_and_extension_is_found() {
    let sound = sealed(&content(70_000));
    for keep in
        (0..sound.len())
            .rev()
            .step_by(997)
            .chain([0, 1, 43, 44, 59, 60, 44 + 65_552, 44 + 65_552 + 16])
    {
        assert!(reopen(&sound[..keep]).is_err(), "{keep}");
    }
    for more in [1, 15, 16, 17, 65_552] {
        assert_eq!(
            reopen(&[&sound[..], &vec![0; more]].concat()),
            Err(SealError::Damaged),
            "{more}"
        );
    }
}

/// Cutting at a chunk's end leaves a plausible length, which only the last flag betrays.
#[test]
fn a_cut_at_a_chunks_end_is_found_before_anything_is_read() {
    let sound = sealed(&content(131_072));
    let cut = &sound[..44 + 65_552];
    let opening = Header::parse(cut)
        .unwrap()
        .opening(&key(1), b"context", 44 + 65_552)
        .unwrap();
    let last = cut[44..].to_vec();
    assert_eq!(opening.confirm(last).unwrap_err(), SealError::Damaged);
}

#[test]
fn swapped_repeated_and_foreign_chunks_are_found() {
    let (one, two) = (
        sealed(&content(196_608)),
        seal(&key(1), b"context", &content(196_608), &Counted::from(7)).unwrap(),
    );
    let chunk = |bytes: &[u8], n: usize| bytes[44 + n * 65_552..44 + (n + 1) * 65_552].to_vec();
    let build = |chunks: [Vec<u8>; 3]| [one[..44].to_vec(), chunks.concat()].concat();
    assert_eq!(build([chunk(&one, 0), chunk(&one, 1), chunk(&one, 2)]), one);
    assert!(reopen(&build([chunk(&one, 1), chunk(&one, 0), chunk(&one, 2)])).is_err());
    assert!(reopen(&build([chunk(&one, 0), chunk(&one, 0), chunk(&one, 2)])).is_err());
    assert!(reopen(&build([chunk(&one, 0), chunk(&two, 1), chunk(&one, 2)])).is_err());
    assert!(reopen(&[&two[..44], &one[44..]].concat()).is_err());
}

/// C50: swap two blobs, and both refuse.
#[test]
fn another_patients_key_or_another_context_opens_nothing() {
    let bytes = sealed(b"content");
    assert_eq!(open(&key(2), b"context", &bytes), Err(SealError::Damaged));
    assert_eq!(open(&key(1), b"contexu", &bytes), Err(SealError::Damaged));
    assert_eq!(open(&key(1), b"", &bytes), Err(SealError::Damaged));
}

#[test]
fn equal_content_is_sealed_differently_each_time() {
    let entropy = Counted::default();
    let one = seal(&key(1), b"context", b"content", &entropy).unwrap();
    let two = seal(&key(1), b"context", b"content", &entropy).unwrap();
    assert_ne!(one[44..], two[44..]);
}

#[test]
fn what_is_no_container_is_named() {
    assert_eq!(reopen(b""), Err(SealError::NotSealed));
    assert_eq!(reopen(&[0xff; 100]), Err(SealError::NotSealed));
    let mut newer = sealed(b"content");
    newer[8] = 2;
    assert_eq!(reopen(&newer), Err(SealError::Version(2)));
    newer[8] = 1;
    newer[9] = 17;
    assert_eq!(reopen(&newer), Err(SealError::NotSealed));
}

#[test]
fn ranges_beyond_the_content_are_refused() {
    let bytes = sealed(&content(100));
    let opening = Header::parse(&bytes)
        .unwrap()
        .opening(&key(1), b"context", 160)
        .unwrap();
    let opener = opening.confirm(bytes[44..].to_vec()).unwrap();
    let reversed = Range { start: 5, end: 4 };
    for range in [0..101, 101..101, reversed] {
        assert_eq!(
            opener.open(&range, bytes[44..].to_vec()),
            Err(SealError::OutOfRange)
        );
    }
    assert_eq!(opener.open(&(100..100), Vec::new()), Ok(Vec::new()));
    assert_eq!(
        opener.open(&(0..100), bytes[44..159].to_vec()),
        Err(SealError::Damaged)
    );
    assert!(!format!("{opener:?}").contains("key"));
}

fn range_of(plain: &[u8], bytes: &[u8], range: &Range<u64>) -> Result<Vec<u8>, SealError> {
    let length = u64::try_from(bytes.len()).unwrap();
    let opening = Header::parse(bytes)?.opening(&key(1), b"context", length)?;
    let last = slice(bytes, &opening.last_span())?.to_vec();
    let opener = opening.confirm(last)?;
    assert_eq!(opener.plain_len(), u64::try_from(plain.len()).unwrap());
    let span = opener.span(range)?;
    opener.open(range, slice(bytes, &span)?.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_range_equals_the_slice(length in 0_usize..270_000, a: prop::sample::Index, b: prop::sample::Index) {
        let plain = content(length);
        let (a, b) = (a.index(length + 1), b.index(length + 1));
        let range = a.min(b)..a.max(b);
        let wanted = u64::try_from(range.start).unwrap()..u64::try_from(range.end).unwrap();
        prop_assert_eq!(range_of(&plain, &sealed(&plain), &wanted).unwrap(), &plain[range]);
    }

    #[test]
    fn pieces_of_any_size_seal_to_the_same_bytes(length in 0_usize..200_000, sizes in prop::collection::vec(0_usize..90_000, 0..6)) {
        let plain = content(length);
        let mut out = Vec::new();
        let mut sealer = Sealer::start(&key(1), b"context", &Counted::default(), &mut out).unwrap();
        let mut rest = &plain[..];
        for size in sizes {
            let (piece, after) = rest.split_at(size.min(rest.len()));
            sealer.push(piece, &mut out).unwrap();
            rest = after;
        }
        sealer.push(rest, &mut out).unwrap();
        sealer.finish(&mut out).unwrap();
        prop_assert!(out == sealed(&plain));
    }

    #[test]
    fn any_flipped_bit_is_found(length in 0_usize..150_000, at: prop::sample::Index, bit in 0_u32..8) {
        let mut bytes = sealed(&content(length));
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(reopen(&bytes).is_err());
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(reopen(&bytes).is_err());
        let body = [&FRONT[..], &bytes].concat();
        prop_assert!(reopen(&body).is_err());
    }

    #[test]
    fn lengths_are_inverses(length in 0_u64..1 << 50) {
        prop_assert_eq!(plain_len(sealed_len(length)), Some(length));
    }

    #[test]
    fn only_real_lengths_are_accepted(sealed in 0_u64..1 << 20) {
        if let Some(length) = plain_len(sealed) {
            prop_assert_eq!(sealed_len(length), sealed);
        }
    }
}
