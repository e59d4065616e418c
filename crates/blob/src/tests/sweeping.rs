//! Sweeps: orphans and leftovers go, the known and the young stay.

use std::time::{Duration, UNIX_EPOCH};

use super::*;

/// I4: what no row refers to is found and removed; what is known or young stays.
#[tokio::test]
async fn a_sweep_removes_old_orphans_only() {
    let place = Place::new();
    let key = place.key(1);
    let far = Timestamp::from_micros(i64::MAX);
    for blobs in place.both() {
        let kept = place.put(&blobs, &key, &content(10)).await;
        let orphan = place.put(&blobs, &key, &content(20)).await;
        let known = HashSet::from([Blobs::name(&key, Part::Original, &kept)]);

        let nothing = blobs.sweep(&known, Timestamp::EPOCH).await.unwrap();
        assert_eq!((nothing.orphans().len(), nothing.leftovers()), (0, 0));

        let planned = blobs.sweep(&known, far).await.unwrap();
        assert_eq!(planned.orphans().len(), 1);
        assert_eq!(
            planned.orphans()[0].name,
            Blobs::name(&key, Part::Original, &orphan)
        );
        assert!(
            blobs.contains(&key, Part::Original, &orphan).await.unwrap(),
            "a plan removes nothing"
        );

        let done = planned.run(Timestamp::EPOCH).await.unwrap();
        assert_eq!((done.orphans, done.bytes, done.leftovers), (1, 80, 0));
        assert!(!blobs.contains(&key, Part::Original, &orphan).await.unwrap());
        let quarantined: Vec<_> = blobs.list_quarantined().try_collect().await.unwrap();
        assert_eq!(quarantined.len(), 1, "moved, not deleted");
        assert_eq!(
            whole(&blobs, &key, &orphan).await.unwrap(),
            content(20),
            "and read where it lies"
        );
        assert!(blobs.contains(&key, Part::Original, &kept).await.unwrap());
        assert!(blobs.sweep(&known, far).await.unwrap().orphans().is_empty());

        let name = Blobs::name(&key, Part::Original, &orphan);
        assert!(blobs.take_back(name).await.unwrap());
        assert!(!blobs.take_back(name).await.unwrap());
        assert!(blobs.contains(&key, Part::Original, &orphan).await.unwrap());
        assert_eq!(blobs.find(name).await.unwrap(), Some((80, false)));

        assert_eq!(
            blobs
                .sweep(&known, far)
                .await
                .unwrap()
                .run(Timestamp::EPOCH)
                .await
                .unwrap()
                .orphans,
            1
        );
        assert_eq!(blobs.find(name).await.unwrap(), Some((80, true)));
        blobs.discard_quarantined(name).await.unwrap();
        blobs.discard_quarantined(name).await.unwrap();
        assert_eq!(blobs.find(name).await.unwrap(), None);
    }
}

/// Issue 6, point 1: more orphans than crashes leave are somebody's images.
#[test]
fn more_than_a_small_share_is_suspicious() {
    for (found, all, suspicious) in [
        (0, 0, false),
        (8, 8, false),
        (9, 9, true),
        (12, 12, true),
        (9, 899, true),
        (9, 900, false),
        (100, 10_000, false),
        (101, 10_000, true),
    ] {
        assert_eq!(
            crate::sweep::exceeds_share(found, all),
            suspicious,
            "{found} of {all}"
        );
    }
}

/// A blob that lies in the quarantine already is not overwritten there.
#[tokio::test]
async fn a_second_copy_of_a_quarantined_blob_stays_where_it_is() {
    let place = Place::new();
    let (key, blobs) = (place.key(1), place.folder());
    let far = Timestamp::from_micros(i64::MAX);
    place.put(&blobs, &key, &content(10)).await;
    assert_eq!(
        blobs
            .sweep(&HashSet::new(), far)
            .await
            .unwrap()
            .run(Timestamp::EPOCH)
            .await
            .unwrap()
            .orphans,
        1
    );
    place.put(&blobs, &key, &content(10)).await;
    assert_eq!(
        blobs
            .sweep(&HashSet::new(), far)
            .await
            .unwrap()
            .run(Timestamp::EPOCH)
            .await
            .unwrap()
            .orphans,
        0
    );
    assert_eq!(files(&place.root()).len(), 1);
}

fn age(path: &Path, seconds: u64) {
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds))
        .unwrap();
}

/// I4: an upload that is retried while a sweep is under way keeps its image.
#[tokio::test]
async fn an_orphan_that_is_put_again_is_not_swept() {
    let place = Place::new();
    let (key, blobs) = (place.key(1), place.folder());
    let plain = content(10);
    let digest = place.put(&blobs, &key, &plain).await;
    age(&files(&place.root())[0], 1000);
    let older_than = Timestamp::from_micros(2_000_000_000);
    let planned = blobs.sweep(&HashSet::new(), older_than).await.unwrap();
    assert_eq!(planned.orphans().len(), 1);
    place.put(&blobs, &key, &plain).await;
    assert_eq!(planned.run(Timestamp::EPOCH).await.unwrap().orphans, 0);
    assert_eq!(whole(&blobs, &key, &digest).await.unwrap(), plain);
}

/// C56: temporary files of interrupted puts are swept; files of others are left alone.
#[tokio::test]
async fn leftovers_of_a_crash_are_swept() {
    let place = Place::new();
    let (key, blobs) = (place.key(1), place.folder());
    let plain = content(10);
    let digest = place.put(&blobs, &key, &plain).await;
    let name = Blobs::name(&key, Part::Original, &digest);
    let sound = files(&place.root()).remove(0);
    let (old, young) = (
        sound.with_file_name(format!("{name}#1")),
        sound.with_file_name(format!("{name}#2")),
    );
    let foreign = sound.with_file_name("notes.txt");
    for path in [&old, &young, &foreign] {
        fs::copy(&sound, path).unwrap();
    }
    age(&old, 1000);
    age(&foreign, 1000);
    let known = HashSet::from([name]);
    let planned = blobs
        .sweep(&known, Timestamp::from_micros(2_000_000_000))
        .await
        .unwrap();
    assert_eq!((planned.orphans().len(), planned.leftovers()), (0, 1));
    assert_eq!(planned.run(Timestamp::EPOCH).await.unwrap().leftovers, 1);
    let mut expected = vec![sound, young, foreign];
    expected.sort();
    assert_eq!(files(&place.root()), expected);
    assert_eq!(whole(&blobs, &key, &digest).await.unwrap(), plain);
    // A put is not confused by another's temporary file either.
    place.put(&blobs, &key, &plain).await;
}

/// I4: of two files of one name the one that opens is the blob, whichever lies in the place; the other is kept, and
/// nothing is exchanged where neither opens.
#[tokio::test]
async fn the_file_that_opens_is_the_blob() {
    let place = Place::new();
    let key = place.key(1);
    let far = Timestamp::from_micros(i64::MAX);
    let [blobs, _] = place.both();
    let digest = place.put(&blobs, &key, &content(30)).await;
    let name = Blobs::name(&key, Part::Original, &digest);
    let root = blobs.folder.as_ref().unwrap().root().to_path_buf();
    let there = root.join(name.folder()).join(name.to_string());
    let sweep = blobs.sweep(&HashSet::new(), far).await.unwrap();
    assert_eq!(sweep.run(Timestamp::EPOCH).await.unwrap().orphans, 1);
    for planted in [&b""[..], b"something else"] {
        cutis_vault::durable::write(&there, planted, 0o600).unwrap();
        assert!(!blobs.take_back(name).await.unwrap(), "the place is taken");
        assert_eq!(blobs.compare(&key, name).await.unwrap(), Twins::Aside);
        assert_eq!(whole(&blobs, &key, &digest).await.unwrap(), content(30));
        assert!(blobs.exchange(name, Timestamp::EPOCH).await.unwrap());
        assert_eq!(blobs.find(name).await.unwrap(), Some((90, false)));
        assert!(!blobs.exchange(name, Timestamp::EPOCH).await.unwrap(), "once");
        assert_eq!(whole(&blobs, &key, &digest).await.unwrap(), content(30));
        let sweep = blobs.sweep(&HashSet::new(), far).await.unwrap();
        assert_eq!(sweep.run(Timestamp::EPOCH).await.unwrap().orphans, 1);
    }
    cutis_vault::durable::write(&there, b"something else", 0o600).unwrap();
    let stranger = place.key(2);
    assert_eq!(blobs.compare(&stranger, name).await.unwrap(), Twins::Neither);
    fs::remove_file(&there).unwrap();
    assert!(blobs.take_back(name).await.unwrap());
    assert_eq!(blobs.compare(&key, name).await.unwrap(), Twins::InPlace);
}
