//! What is no ordinary file, in the place of a blob (issue 6): nobody waits for it, it is named, and nothing is lost.

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::time::Duration;

use cutis_vault::durable::Kind;

use super::*;

/// Nothing here may take long; a pipe that is opened as a file takes forever.
async fn promptly<T>(work: impl Future<Output = T>) -> T {
    let most = Duration::from_secs(30);
    tokio::time::timeout(most, work)
        .await
        .expect("nobody waits for a pipe")
}

fn at(root: &Path, name: BlobName) -> PathBuf {
    root.join(name.folder()).join(name.to_string())
}

/// Puts something in a file's place.
fn plant(kind: Kind, place: &Path) {
    if fs::symlink_metadata(place).is_ok() {
        fs::remove_file(place).unwrap();
    }
    match kind {
        Kind::Folder => fs::create_dir(place).unwrap(),
        Kind::Pipe => rustix::fs::mknodat(
            rustix::fs::CWD,
            place,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RWXU,
            0,
        )
        .unwrap(),
        Kind::Socket => drop(UnixListener::bind(place).unwrap()),
        // A link, because only the system's administrator makes devices.
        Kind::Device => symlink("/dev/zero", place).unwrap(),
    }
}

fn unplant(kind: Kind, place: &Path) {
    if kind == Kind::Folder {
        fs::remove_dir(place).unwrap();
    } else {
        fs::remove_file(place).unwrap();
    }
}

const KINDS: [Kind; 4] = [Kind::Folder, Kind::Pipe, Kind::Socket, Kind::Device];

/// I4, U4: every way to a blob refuses it, by its place.
#[tokio::test]
async fn what_is_no_file_is_refused_and_named() {
    let place = Place::new();
    let (key, blobs) = (place.key(1), place.folder());
    for planted in KINDS {
        let plain = content(3 * PIECE);
        let digest = place.put(&blobs, &key, &plain).await;
        let name = Blobs::name(&key, Part::Original, &digest);
        let there = at(&place.root(), name);
        let opened = blobs.open_lean(&key, Part::Original, &digest).await.unwrap();
        plant(planted, &there);
        let refused = |error: BlobError| {
            let said = error.to_string();
            assert!(said.contains(&there.display().to_string()), "{said}");
            assert!(said.contains(planted.described()), "{said}");
            assert!(
                matches!(error, BlobError::NoFile { name: which, kind, .. } if which == name && kind == planted)
            );
        };
        refused(promptly(blobs.find(name)).await.unwrap_err());
        refused(promptly(whole(&blobs, &key, &digest)).await.unwrap_err());
        refused(promptly(opened.read(PIECE..2 * PIECE)).await.unwrap_err());
        let lean = promptly(blobs.open_lean(&key, Part::Original, &digest)).await;
        refused(lean.unwrap_err());
        refused(
            promptly(blobs.contains(&key, Part::Original, &digest))
                .await
                .unwrap_err(),
        );
        assert!(promptly(blobs.is_obstructed(name)).await);
        assert_eq!(promptly(blobs.compare(&key, name)).await.unwrap(), Twins::Neither);
        let listed: Vec<Stored> = promptly(blobs.list().try_collect()).await.unwrap();
        assert!(listed.is_empty(), "{listed:?}");
        let far = Timestamp::from_micros(i64::MAX);
        let sweep = promptly(blobs.sweep(&HashSet::new(), far)).await.unwrap();
        let swept = promptly(sweep.run(Timestamp::EPOCH)).await.unwrap();
        assert_eq!(swept.orphans, 0);
        unplant(planted, &there);
    }
}

/// I4: a retried upload takes the place of a pipe; a folder is in the way and stays, and does not pass for a disk that
/// failed, which would stop every later upload.
#[tokio::test]
async fn putting_again_takes_the_place_of_anything_but_a_folder() {
    let place = Place::new();
    let (key, blobs) = (place.key(1), place.folder());
    for length in [1000, 2 * PIECE] {
        let plain = content(length);
        let digest = place.put(&blobs, &key, &plain).await;
        let there = at(&place.root(), Blobs::name(&key, Part::Original, &digest));
        for planted in KINDS {
            plant(planted, &there);
            let entropy = place.entropy.as_ref();
            let put = blobs.put(&key, Part::Original, &digest, plain.clone(), entropy);
            let put = promptly(put).await;
            if planted == Kind::Folder {
                assert!(matches!(put, Err(BlobError::NoFile { .. })), "{put:?}");
                unplant(planted, &there);
            } else {
                put.unwrap();
            }
        }
        assert!(whole(&blobs, &key, &digest).await.unwrap() == plain);
    }
}

/// I4: the blob is read in the quarantine meanwhile, and goes back to its place; what lay there is kept.
#[tokio::test]
async fn the_blob_in_the_quarantine_is_used_and_put_back() {
    let place = Place::new();
    let (key, blobs) = (place.key(1), place.folder());
    let far = Timestamp::from_micros(i64::MAX);
    let quarantine = place.dir.path().join("quarantine");
    for (number, planted) in (1..).zip(KINDS) {
        let plain = content(1000);
        let digest = place.put(&blobs, &key, &plain).await;
        let name = Blobs::name(&key, Part::Original, &digest);
        let sweep = blobs.sweep(&HashSet::new(), far).await.unwrap();
        assert_eq!(sweep.run(Timestamp::EPOCH).await.unwrap().orphans, 1);
        plant(planted, &at(&place.root(), name));
        assert!(promptly(whole(&blobs, &key, &digest)).await.unwrap() == plain);
        assert!(promptly(blobs.find(name)).await.unwrap().is_some_and(|it| it.1));
        assert_eq!(promptly(blobs.compare(&key, name)).await.unwrap(), Twins::Aside);
        assert!(
            promptly(blobs.exchange(name, Timestamp::EPOCH)).await.unwrap(),
            "{planted:?}"
        );
        assert!(promptly(blobs.find(name)).await.unwrap().is_some_and(|it| !it.1));
        let kept = at(&quarantine, name).with_extension(format!("replaced-{number}"));
        assert!(fs::symlink_metadata(kept).is_ok(), "{planted:?}");
    }
}

/// A pipe among the quarantined hides nothing that is in its place, and holds nobody up.
#[tokio::test]
async fn a_pipe_in_the_quarantine_is_in_nobodys_way() {
    let place = Place::new();
    let (key, blobs) = (place.key(1), place.folder());
    let plain = content(1000);
    let digest = place.put(&blobs, &key, &plain).await;
    let name = Blobs::name(&key, Part::Original, &digest);
    let aside = at(&place.dir.path().join("quarantine"), name);
    fs::create_dir_all(aside.parent().unwrap()).unwrap();
    plant(Kind::Pipe, &aside);
    assert!(promptly(whole(&blobs, &key, &digest)).await.unwrap() == plain);
    blobs.remove_named(name).await.unwrap();
    assert!(matches!(
        promptly(whole(&blobs, &key, &digest)).await,
        Err(BlobError::NoFile { .. } | BlobError::Missing(_))
    ));
}

/// Photos that were moved to another disk are read through their links.
#[tokio::test]
async fn a_link_to_a_file_is_a_file() {
    let place = Place::new();
    let (key, blobs) = (place.key(1), place.folder());
    let plain = content(2 * PIECE);
    let digest = place.put(&blobs, &key, &plain).await;
    let there = at(&place.root(), Blobs::name(&key, Part::Original, &digest));
    let disk = place.dir.path().join("disk");
    fs::rename(&there, &disk).unwrap();
    symlink(&disk, &there).unwrap();
    assert!(promptly(whole(&blobs, &key, &digest)).await.unwrap() == plain);
}
