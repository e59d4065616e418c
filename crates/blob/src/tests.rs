//! What every store must do, over a folder and over memory; and what only a folder must.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use cutis_domain::entropy::{Entropy, Purpose};
use cutis_domain::{Digest, PatientId, Timestamp};
use cutis_vault::{InstallationKey, NothingSealed, PatientKey, Vault};
use futures_util::{StreamExt, TryStreamExt, future};
use object_store::ObjectStoreExt;
use proptest::prelude::*;
use ring::digest;

use crate::{BlobError, BlobName, Blobs, Edition, PIECE, Part, Stored, Twins};

#[cfg(unix)]
mod oddities;
mod ranges;
mod sweeping;

#[derive(Default)]
pub(crate) struct Counted(pub(crate) AtomicU64);

impl Entropy for Counted {
    fn fill(&self, _purpose: Purpose, buffer: &mut [u8]) {
        for block in buffer.chunks_mut(32) {
            let count = self.0.fetch_add(1, Ordering::Relaxed);
            let digest = digest::digest(&digest::SHA256, &count.to_be_bytes());
            block.copy_from_slice(&digest.as_ref()[..block.len()]);
        }
    }
}

pub(crate) struct Place {
    dir: tempfile::TempDir,
    vault: Vault,
    entropy: Arc<Counted>,
}

impl Place {
    pub(crate) fn new() -> Self {
        let (dir, entropy) = (tempfile::tempdir().unwrap(), Arc::new(Counted::default()));
        let key = InstallationKey::create(&dir.path().join("installation.key"), entropy.as_ref()).unwrap();
        let vault = Vault::open(&dir.path().join("vault"), key, Arc::<Counted>::clone(&entropy)).unwrap();
        Self { dir, vault, entropy }
    }

    pub(crate) fn key(&self, patient: u8) -> Arc<PatientKey> {
        self.vault
            .ensure_patient_key(NothingSealed::assertion(PatientId::from_bytes([patient; 16])))
            .unwrap()
    }

    fn root(&self) -> PathBuf {
        self.dir.path().join("photos/blobs")
    }

    fn folder(&self) -> Blobs {
        let quarantine = self.dir.path().join("quarantine");
        Blobs::folder(&self.root())
            .unwrap()
            .with_quarantine(&quarantine)
            .unwrap()
    }

    fn both(&self) -> [Blobs; 2] {
        [self.folder(), Blobs::in_memory()]
    }

    async fn put(&self, blobs: &Blobs, key: &PatientKey, plain: &Bytes) -> Digest {
        let digest = sha256(plain);
        blobs
            .put(key, Part::Original, &digest, plain.clone(), self.entropy.as_ref())
            .await
            .unwrap();
        digest
    }
}

fn sha256(bytes: &[u8]) -> Digest {
    Digest::from_bytes(
        digest::digest(&digest::SHA256, bytes)
            .as_ref()
            .try_into()
            .unwrap(),
    )
}

fn content(length: u64) -> Bytes {
    (0..length)
        .map(|i| u8::try_from((i * 31 + i / 256) % 251).unwrap())
        .collect()
}

async fn whole(blobs: &Blobs, key: &PatientKey, digest: &Digest) -> Result<Bytes, BlobError> {
    let opened = blobs.open(key, Part::Original, digest).await?;
    opened.read(0..opened.len()).await
}

async fn raw(blobs: &Blobs, name: BlobName) -> Vec<u8> {
    blobs
        .store
        .get(&name.path())
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap()
        .to_vec()
}

async fn overwrite(blobs: &Blobs, name: BlobName, bytes: impl AsRef<[u8]>) {
    let bytes = Bytes::copy_from_slice(bytes.as_ref());
    blobs.store.put(&name.path(), bytes.into()).await.unwrap();
}

fn files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn what_is_put_is_what_is_read() {
    let place = Place::new();
    let key = place.key(1);
    for blobs in place.both() {
        for length in [0, 1, 65_536, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 17] {
            let plain = content(length);
            let digest = place.put(&blobs, &key, &plain).await;
            let opened = blobs.open(&key, Part::Original, &digest).await.unwrap();
            assert_eq!((opened.len(), opened.is_empty()), (length, length == 0));
            assert!(opened.read(0..length).await.unwrap() == plain);
            let pieces: Vec<Bytes> = opened.stream(0..length).try_collect().await.unwrap();
            assert!(
                pieces
                    .iter()
                    .all(|piece| u64::try_from(piece.len()).unwrap() <= PIECE)
            );
            assert!(pieces.concat() == plain);
        }
    }
}

#[tokio::test]
async fn missing_present_and_removed_are_told_apart() {
    let place = Place::new();
    let key = place.key(1);
    for blobs in place.both() {
        let digest = sha256(b"content");
        let name = Blobs::name(&key, Part::Original, &digest);
        let missing = |result| matches!(result, Err(BlobError::Missing(which)) if which == name);
        assert!(missing(whole(&blobs, &key, &digest).await));
        assert!(!blobs.contains(&key, Part::Original, &digest).await.unwrap());
        blobs.remove(&key, Part::Original, &digest).await.unwrap();

        place.put(&blobs, &key, &Bytes::from_static(b"content")).await;
        assert!(blobs.contains(&key, Part::Original, &digest).await.unwrap());
        assert!(
            !blobs
                .contains(&key, Part::Derived(Edition::FIRST), &digest)
                .await
                .unwrap()
        );
        let listed: Vec<Stored> = blobs.list().try_collect().await.unwrap();
        assert_eq!(
            listed
                .iter()
                .map(|each| (each.name, each.sealed_len))
                .collect::<Vec<_>>(),
            [(name, 67)]
        );

        blobs.remove(&key, Part::Original, &digest).await.unwrap();
        assert!(missing(whole(&blobs, &key, &digest).await));
        assert!(!blobs.contains(&key, Part::Original, &digest).await.unwrap());
        assert!(blobs.list().next().await.is_none());
    }
}

/// C50: a flipped bit, a cut or an addition anywhere is found, and the blob is named.
#[tokio::test]
async fn damage_is_found_and_named() {
    let place = Place::new();
    let key = place.key(1);
    for blobs in place.both() {
        let digest = place.put(&blobs, &key, &content(PIECE + 70_000)).await;
        let name = Blobs::name(&key, Part::Original, &digest);
        let sound = raw(&blobs, name).await;
        let mut damaged = vec![Vec::new(), vec![0; 20], [&sound[..], b"x"].concat()];
        for at in (0..sound.len()).step_by(49_999).chain([8, 43, sound.len() - 1]) {
            let mut bytes = sound.clone();
            bytes[at] ^= 1;
            damaged.push(bytes);
            damaged.push(sound[..at].to_vec());
        }
        for (n, bytes) in damaged.iter().enumerate() {
            overwrite(&blobs, name, bytes).await;
            let refused = whole(&blobs, &key, &digest).await.unwrap_err();
            assert!(
                matches!(refused, BlobError::Damaged(which) if which == name),
                "case {n}: {refused:?}"
            );
            assert!(refused.to_string().contains(&name.to_string()));
        }
        overwrite(&blobs, name, &sound).await;
        whole(&blobs, &key, &digest).await.unwrap();
    }
}

#[tokio::test]
async fn damage_that_comes_after_opening_is_found_and_ends_the_stream() {
    let place = Place::new();
    let key = place.key(1);
    for blobs in place.both() {
        let plain = content(5 * PIECE);
        let digest = place.put(&blobs, &key, &plain).await;
        let name = Blobs::name(&key, Part::Original, &digest);
        let sound = raw(&blobs, name).await;
        let middle = sound.len() / 2;
        let mut flipped = sound.clone();
        flipped[middle] ^= 1;
        for damage in [sound[..middle].to_vec(), flipped] {
            overwrite(&blobs, name, &sound).await;
            let opened = blobs.open(&key, Part::Original, &digest).await.unwrap();
            overwrite(&blobs, name, &damage).await;
            let pieces: Vec<_> = opened.stream(0..opened.len()).collect().await;
            assert_eq!(pieces.len(), 3);
            assert!(pieces[..2].iter().all(Result::is_ok));
            assert!(matches!(&pieces[2], Err(BlobError::Damaged(which)) if *which == name));
            blobs.remove_named(name).await.unwrap();
            assert!(matches!(
                opened.read(2 * PIECE..opened.len()).await,
                Err(BlobError::Missing(_))
            ));
        }
    }
}

/// C50: two patients' blobs, or two parts of one, cannot be swapped.
#[tokio::test]
async fn swapped_blobs_refuse() {
    let place = Place::new();
    let (one, two) = (place.key(1), place.key(2));
    for blobs in place.both() {
        let plain = content(1000);
        let digest = place.put(&blobs, &one, &plain).await;
        place.put(&blobs, &two, &plain).await;
        blobs
            .put(
                &one,
                Part::Derived(Edition::FIRST),
                &digest,
                plain.clone(),
                place.entropy.as_ref(),
            )
            .await
            .unwrap();
        let names = [
            Blobs::name(&one, Part::Original, &digest),
            Blobs::name(&two, Part::Original, &digest),
            Blobs::name(&one, Part::Derived(Edition::FIRST), &digest),
        ];
        let bytes = [
            raw(&blobs, names[0]).await,
            raw(&blobs, names[1]).await,
            raw(&blobs, names[2]).await,
        ];
        for from in 0..3 {
            for to in 0..3 {
                overwrite(&blobs, names[to], &bytes[from]).await;
                let key = if to == 1 { &two } else { &one };
                let part = if to == 2 {
                    Part::Derived(Edition::FIRST)
                } else {
                    Part::Original
                };
                assert_eq!(
                    blobs.open(key, part, &digest).await.is_ok(),
                    from == to,
                    "{from} at {to}"
                );
                overwrite(&blobs, names[to], &bytes[to]).await;
            }
        }
    }
}

/// C50: nobody can tell from the store whether two patients have the same image.
#[tokio::test]
async fn equal_images_of_two_patients_share_neither_name_nor_bytes() {
    let place = Place::new();
    for blobs in place.both() {
        let plain = content(1000);
        for patient in [1, 2] {
            place.put(&blobs, &place.key(patient), &plain).await;
        }
        let listed: Vec<Stored> = blobs.list().try_collect().await.unwrap();
        assert_eq!(listed.len(), 2);
        assert_ne!(listed[0].name, listed[1].name);
        let (one, two) = (
            raw(&blobs, listed[0].name).await,
            raw(&blobs, listed[1].name).await,
        );
        assert!(
            one[12..]
                .chunks(16)
                .all(|part| !two.windows(part.len()).any(|other| other == part))
        );
        assert!(
            !listed[0]
                .name
                .as_bytes()
                .windows(4)
                .any(|part| sha256(&plain).as_bytes().starts_with(part))
        );
    }
}

/// Putting again must end sound, whatever lies there: torn by a crash, worn by the disk, or another
/// content.
#[tokio::test]
async fn putting_again_repairs_whatever_is_there() {
    let place = Place::new();
    let key = place.key(1);
    for blobs in place.both() {
        let plain = content(PIECE + 70_000);
        let digest = place.put(&blobs, &key, &plain).await;
        let name = Blobs::name(&key, Part::Original, &digest);
        let sound = raw(&blobs, name).await;
        let mut flipped = sound.clone();
        let last = flipped.len() - 1;
        flipped[last - 300_000] ^= 1;
        for there in [
            &sound[..],
            &flipped,
            &sound[..1000],
            &sound[..44 + 65_552],
            b"",
            b"something else",
        ] {
            overwrite(&blobs, name, there).await;
            place.put(&blobs, &key, &plain).await;
            assert!(whole(&blobs, &key, &digest).await.unwrap() == plain);
        }
        // Another content under the same digest, also one of the same length.
        for other in [Bytes::from(vec![0; plain.len()]), content(5)] {
            let entropy = place.entropy.as_ref();
            blobs
                .put(&key, Part::Original, &digest, other.clone(), entropy)
                .await
                .unwrap();
            assert!(whole(&blobs, &key, &digest).await.unwrap() == other);
        }
    }
}

/// A retried upload (I4) must not break the image somebody is looking at.
#[tokio::test]
async fn putting_again_does_not_disturb_a_reader() {
    let place = Place::new();
    let key = place.key(1);
    for blobs in place.both() {
        let plain = content(4 * PIECE);
        let digest = place.put(&blobs, &key, &plain).await;
        let opened = blobs.open(&key, Part::Original, &digest).await.unwrap();
        place.put(&blobs, &key, &plain).await;
        assert!(opened.read(0..opened.len()).await.unwrap() == plain);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_puts_of_one_content_end_sound() {
    let place = Place::new();
    let key = place.key(1);
    for blobs in place.both() {
        let plain = content(PIECE + 1);
        let digests = future::join_all((0..8).map(|_| place.put(&blobs, &key, &plain))).await;
        assert!(whole(&blobs, &key, &digests[0]).await.unwrap() == plain);
        assert_eq!(blobs.list().count().await, 1);
    }
    assert_eq!(files(&place.root()).len(), 1);
}

/// I4: a client that vanishes leaves the whole image or none, never a part under its name.
#[tokio::test]
async fn a_put_that_is_dropped_half_way_leaves_all_or_nothing() {
    let place = Place::new();
    let (key, blobs) = (place.key(1), place.folder());
    for polls in 1..24 {
        let plain = content(2 * PIECE + polls);
        let digest = sha256(&plain);
        let mut put = Box::pin(blobs.put(
            &key,
            Part::Original,
            &digest,
            plain.clone(),
            place.entropy.as_ref(),
        ));
        for _ in 0..polls {
            if future::poll_immediate(put.as_mut()).await.is_some() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(put);
        match whole(&blobs, &key, &digest).await {
            Ok(read) => assert!(read == plain),
            Err(error) => assert!(matches!(error, BlobError::Missing(_)), "{error:?}"),
        }
    }
}

/// C50: the folder shows nothing of an image, neither its markers nor any of its bytes.
#[tokio::test]
async fn the_folder_shows_nothing_of_an_image() {
    let place = Place::new();
    let (key, blobs) = (place.key(1), place.folder());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/photos/cameras");
    let file = files_or_none(&folder)
        .into_iter()
        .find(|path| path.extension().is_some_and(|end| end == "jpg"));
    let plain = if let Some(file) = file {
        fs::read(file).unwrap()
    } else {
        writeln!(
            io::stderr(),
            "no photo under {}: a made-up one is used",
            folder.display()
        )
        .unwrap();
        [
            &b"\xff\xd8\xff\xe1\x00\x10Exif\0\0II*\0Canon EOS"[..],
            &content(300_000),
        ]
        .concat()
    };
    let digest = place.put(&blobs, &key, &plain.clone().into()).await;
    let mut needles: Vec<&[u8]> = vec![b"Exif\0\0", b"JFIF\0", b"ICC_PROFILE", b"http://ns.adobe.com"];
    needles.extend(
        plain
            .chunks_exact(16)
            .step_by(4099)
            .filter(|part| part.iter().any(|byte| *byte != part[0])),
    );
    for path in files(&place.root()) {
        let bytes = fs::read(&path).unwrap();
        assert!(!path.to_string_lossy().contains(&digest.to_string()));
        assert!(!bytes.starts_with(b"\xff\xd8"));
        for needle in &needles {
            assert!(
                !bytes.windows(needle.len()).any(|window| window == *needle),
                "{needle:x?}"
            );
        }
    }
    assert!(whole(&blobs, &key, &digest).await.unwrap() == plain);
}

fn files_or_none(root: &Path) -> Vec<PathBuf> {
    if root.is_dir() { files(root) } else { Vec::new() }
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_enters_the_folder() {
    use std::os::unix::fs::PermissionsExt;

    let place = Place::new();
    fs::create_dir_all(place.root()).unwrap();
    fs::set_permissions(place.root(), fs::Permissions::from_mode(0o755)).unwrap();
    let blobs = place.folder();
    place.put(&blobs, &place.key(1), &content(10)).await;
    assert_eq!(
        fs::metadata(place.root()).unwrap().permissions().mode() & 0o777,
        0o700
    );
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_says_so() {
    let place = Place::new();
    let file = place.dir.path().join("installation.key");
    let refused = Blobs::folder(&file).unwrap_err();
    assert!(matches!(refused, BlobError::Unavailable { .. }), "{refused:?}");
}

/// D1: when the patient's key is destroyed, what is left opens for nobody.
#[tokio::test]
async fn a_destroyed_key_leaves_only_noise() {
    let place = Place::new();
    let blobs = place.folder();
    let digest = place.put(&blobs, &place.key(1), &content(1000)).await;
    place
        .vault
        .destroy_patient_key(PatientId::from_bytes([1; 16]), Timestamp::EPOCH)
        .unwrap();
    let stored: Vec<Stored> = blobs.list().try_collect().await.unwrap();
    assert_eq!(stored.len(), 1);
    assert!(matches!(
        whole(&blobs, &place.key(2), &digest).await,
        Err(BlobError::Missing(_))
    ));
    blobs.remove_named(stored[0].name).await.unwrap();
    assert!(files(&place.root()).is_empty());
}

/// Handles and futures can cross threads, as a server needs.
#[test]
fn everything_is_send() {
    fn send<T: Send + 'static>(value: T) -> T {
        value
    }
    let place = Place::new();
    let (key, blobs, entropy) = (place.key(1), Blobs::in_memory(), place.entropy);
    drop(send(async move {
        let digest = sha256(b"");
        blobs
            .put(&key, Part::Original, &digest, Bytes::new(), entropy.as_ref())
            .await
            .unwrap();
        let opened = blobs.open(&key, Part::Original, &digest).await.unwrap();
        drop(send(opened.stream(0..0)));
        let known = HashSet::new();
        blobs
            .sweep(&known, Timestamp::EPOCH)
            .await
            .unwrap()
            .run(Timestamp::EPOCH)
            .await
            .unwrap();
    }));
}
