use std::sync::atomic::AtomicU64;

use futures_util::FutureExt as _;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::tests::{Counted, Place as Lab};

fn patient_key() -> Arc<PatientKey> {
    Lab::new().key(7)
}

fn place(number: u8) -> Place {
    Place {
        owner: AccountId::from_bytes([1; 16]),
        patient: PatientId::from_bytes([2; 16]),
        key: UploadKey::from_bytes([number; 16]),
        index: 3,
    }
}

fn about(length: usize) -> About {
    About {
        created: Timestamp::from_micros(1_800_000_000_000_000),
        length: u64::try_from(length).unwrap(),
        sha256: Digest::from_bytes([9; 32]),
        name: "Arm left.jpg".to_owned(),
        note: "view anterior\nsite 1".to_owned(),
    }
}

fn entropy(seed: u64) -> Arc<dyn Entropy> {
    Arc::new(Counted(AtomicU64::new(seed << 32)))
}

async fn content(stages: &Stages, key: &Arc<PatientKey>, created: Timestamp) -> Vec<u8> {
    let mut whole = Vec::new();
    for (offset, length) in stages.pieces(place(1)).await.unwrap() {
        let piece = stages
            .open(place(1), key, created, offset)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(u64::try_from(piece.len()).unwrap(), length);
        whole.extend_from_slice(&piece);
    }
    whole
}

#[derive(Debug, Clone)]
enum Step {
    /// A piece is kept.
    Append(usize),
    /// Whoever keeps one goes away while it is written.
    Abandon(usize),
    /// The program is started again.
    Reopen,
    /// A kill left a file that was being written.
    Torn(u8),
    /// A power cut left a later piece without an earlier one.
    Stray(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (1_usize..70_000).prop_map(Step::Append),
        2 => (1_usize..70_000).prop_map(Step::Abandon),
        1 => Just(Step::Reopen),
        1 => any::<u8>().prop_map(Step::Torn),
        1 => (1_u64..1000).prop_map(Step::Stray),
    ];
    proptest::collection::vec(step, 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// I4: whatever happens between, what was kept is there in order, and nothing else is.
    #[test]
    fn what_was_kept_is_what_is_there(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        runtime.block_on(async move {
            let folder = TempDir::new().unwrap();
            let mut stages = Stages::folder(folder.path()).unwrap();
            let (key, about) = (patient_key(), about(1 << 24));
            let claim = stages.claim(place(1)).await;
            stages.create(&claim, &key, about.clone(), entropy(1)).await.unwrap();
            drop(claim);
            let mut kept: Vec<u8> = Vec::new();
            for (number, step) in (2_u64..).zip(steps) {
                let bytes = |length: usize| Bytes::from(vec![u8::try_from(number).unwrap(); length]);
                let at = u64::try_from(kept.len()).unwrap();
                match step {
                    Step::Append(length) => {
                        let claim = stages.claim(place(1)).await;
                        let piece = (at, bytes(length));
                        stages.append(&claim, &key, about.created, piece, entropy(number)).await.unwrap();
                        kept.extend_from_slice(&bytes(length));
                    }
                    Step::Abandon(length) => {
                        let claim = stages.claim(place(1)).await;
                        {
                            let piece = (at, bytes(length));
                            let append = stages.append(&claim, &key, about.created, piece, entropy(number));
                            let ended = append.now_or_never();
                            assert!(ended.is_none_or(|done| done.is_ok()));
                        }
                        drop(claim);
                        // Whoever comes next waits until it has ended, so there is no half.
                        drop(stages.claim(place(1)).await);
                        kept.extend_from_slice(&bytes(length));
                    }
                    Step::Reopen => stages = Stages::folder(folder.path()).unwrap(),
                    Step::Torn(number) => {
                        let stage = place(1).folder(folder.path());
                        fs::File::create(stage.join(format!(".{}.1-{number}.new", piece_name(at)))).unwrap();
                    }
                    Step::Stray(gap) => {
                        let claim = stages.claim(place(1)).await;
                        let piece = (at + (1 << 23) + gap, bytes(5));
                        stages.append(&claim, &key, about.created, piece, entropy(number)).await.unwrap();
                    }
                }
                let length = u64::try_from(kept.len()).unwrap();
                assert_eq!(stages.offset(place(1)).await.unwrap(), length);
                assert_eq!(stages.about(place(1), &key).await.unwrap(), Some(about.clone()));
            }
            assert_eq!(content(&stages, &key, about.created).await, kept);
        });
    }
}

/// A piece opens in its own place only, of its own upload, under its own patient's key.
#[tokio::test]
async fn a_piece_opens_nowhere_else() {
    let folder = TempDir::new().unwrap();
    let stages = Stages::folder(folder.path()).unwrap();
    let (key, about) = (patient_key(), about(10));
    for number in [1, 2] {
        let claim = stages.claim(place(number)).await;
        stages
            .create(&claim, &key, about.clone(), entropy(1))
            .await
            .unwrap();
        let piece = (0, Bytes::from_static(b"12345"));
        stages
            .append(&claim, &key, about.created, piece, entropy(2))
            .await
            .unwrap();
    }
    let open = async |place, created, offset| stages.open(place, &key, created, offset).await.unwrap();
    assert_eq!(
        open(place(1), about.created, 0).await.as_deref(),
        Some(&b"12345"[..])
    );
    assert_eq!(
        open(place(1), about.created.plus_seconds(1), 0).await,
        None,
        "of another upload"
    );
    let file = |number: u8, name: &str| place(number).folder(folder.path()).join(name);
    fs::copy(file(1, &piece_name(0)), file(2, &piece_name(0))).unwrap();
    assert_eq!(open(place(2), about.created, 0).await, None, "of another file");
    fs::copy(file(1, &piece_name(0)), file(1, &piece_name(5))).unwrap();
    assert_eq!(open(place(1), about.created, 5).await, None, "from elsewhere");
    fs::copy(file(1, ABOUT), file(2, ABOUT)).unwrap();
    assert_eq!(stages.about(place(2), &key).await.unwrap(), None);
    // The length is not sealed, but bound.
    let mut bytes = fs::read(file(1, ABOUT)).unwrap();
    bytes[15] ^= 1;
    durable::write(&file(1, ABOUT), &bytes, PRIVATE_FILE).unwrap();
    assert_eq!(stages.about(place(1), &key).await.unwrap(), None);
}

/// What was discarded is gone, and what an interrupted step left is found and gone with the next.
#[tokio::test]
async fn discarded_is_gone() {
    let folder = TempDir::new().unwrap();
    let stages = Stages::folder(folder.path()).unwrap();
    let (key, about) = (patient_key(), about(10));
    let claim = stages.claim(place(1)).await;
    stages.discard(&claim).await.unwrap();
    stages
        .create(&claim, &key, about.clone(), entropy(1))
        .await
        .unwrap();
    let piece = (0, Bytes::from_static(b"12345"));
    stages
        .append(&claim, &key, about.created, piece, entropy(2))
        .await
        .unwrap();
    let listed = stages.list().await.unwrap();
    assert_eq!(
        listed,
        [Found {
            place: place(1),
            declared: Some((about.created, 10))
        }]
    );
    fs::remove_file(place(1).folder(folder.path()).join(ABOUT)).unwrap();
    assert_eq!(
        stages.list().await.unwrap(),
        [Found {
            place: place(1),
            declared: None
        }]
    );
    assert_eq!(stages.about(place(1), &key).await.unwrap(), None);
    stages
        .create(&claim, &key, about.clone(), entropy(3))
        .await
        .unwrap();
    assert_eq!(
        stages.offset(place(1)).await.unwrap(),
        0,
        "the leftovers are not its bytes"
    );
    stages.discard(&claim).await.unwrap();
    assert_eq!(stages.list().await.unwrap(), []);
    fs::create_dir(folder.path().join("notes")).unwrap();
    assert_eq!(stages.list().await.unwrap(), [], "what is not ours is left alone");
    Stages::folder(folder.path()).unwrap();
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        0,
        "empty folders go at a start"
    );
}

/// Of two writers the later is let in once the earlier let go, and the earlier is told.
#[tokio::test]
async fn the_later_writer_goes_on() {
    let folder = TempDir::new().unwrap();
    let stages = Stages::folder(folder.path()).unwrap();
    let first = stages.claim(place(1)).await;
    let mut told = first.superseded();
    assert!(stages.claim_idle(place(1)).is_none());
    assert!(
        stages.claim_idle(place(2)).is_some(),
        "another file is another matter"
    );
    let mut second = Box::pin(stages.claim(place(1)));
    assert!((&mut second).now_or_never().is_none());
    told.wait().await;
    drop(first);
    let second = second.await;
    let mut told = second.superseded();
    assert!(told.wait().now_or_never().is_none());
    drop(second);
    assert!(stages.claim_idle(place(1)).is_some());
}
