//! Ranges, against slices of the same bytes.

use std::sync::LazyLock;

use super::*;

#[tokio::test]
async fn a_range_equals_the_slice() {
    let place = Place::new();
    let key = place.key(1);
    let length = 3 * PIECE + 17;
    let plain = content(length);
    for blobs in place.both() {
        let digest = place.put(&blobs, &key, &plain).await;
        let opened = blobs.open(&key, Part::Original, &digest).await.unwrap();
        let edges = [
            0,
            1,
            65_535,
            65_536,
            PIECE - 1,
            PIECE,
            PIECE + 1,
            2 * PIECE,
            length - 1,
            length,
        ];
        for start in edges {
            for end in edges.into_iter().filter(|end| *end >= start) {
                let slice = plain.slice(usize::try_from(start).unwrap()..usize::try_from(end).unwrap());
                assert!(opened.read(start..end).await.unwrap() == slice, "{start}..{end}");
            }
        }
    }
}

#[tokio::test]
async fn a_range_beyond_the_end_is_refused() {
    let place = Place::new();
    let key = place.key(1);
    for blobs in place.both() {
        let digest = place.put(&blobs, &key, &content(100)).await;
        let opened = blobs.open(&key, Part::Original, &digest).await.unwrap();
        let reversed = std::ops::Range { start: 5, end: 4 };
        for range in [0..101, 101..101, 100..u64::MAX, u64::MAX..u64::MAX, reversed] {
            let refused = opened.read(range.clone()).await;
            assert!(
                matches!(refused, Err(BlobError::OutOfRange(_))),
                "{range:?}: {refused:?}"
            );
            assert_eq!(opened.stream(range).collect::<Vec<_>>().await.len(), 1);
        }
        assert!(opened.read(100..100).await.unwrap().is_empty());
    }
}

/// One key for all cases: making one waits for the disk.
static KEY: LazyLock<Arc<PatientKey>> = LazyLock::new(|| Place::new().key(1));

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_range_of_any_content_equals_the_slice(
        length in 0..3 * PIECE,
        ends in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..8),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (key, blobs, plain) = (&*KEY, Blobs::in_memory(), content(length));
        runtime.block_on(async {
            let digest = sha256(&plain);
            blobs.put(key, Part::Original, &digest, plain.clone(), &Counted::default()).await.unwrap();
            let opened = blobs.open(key, Part::Original, &digest).await.unwrap();
            for (a, b) in ends {
                let (a, b) = (a.index(plain.len() + 1), b.index(plain.len() + 1));
                let range = a.min(b)..a.max(b);
                let wanted = u64::try_from(range.start).unwrap()..u64::try_from(range.end).unwrap();
                prop_assert!(opened.read(wanted).await.unwrap() == plain.slice(range));
            }
            Ok(())
        })?;
    }
}
