//! Sealed images and keys that are gone, cut, exchanged or changed (points 11, 12, 13).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cutis_tests::client::{Call, File, fresh_key, upload_call};
use cutis_tests::database::sha256;
use cutis_tests::images::made;

use crate::Field;
use crate::practice::{Kept, Scratch, files};
use crate::process::{self, Verdict};
use crate::report::Tally;

type Deed = fn(&Path);

fn under(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = files(folder)
        .into_iter()
        .map(|(name, _)| folder.join(name))
        .collect();
    found.sort();
    found
}

fn blobs(data: &Path) -> Vec<PathBuf> {
    under(&data.join("blobs"))
}

fn keys(data: &Path) -> Vec<PathBuf> {
    let mut found = under(&data.join("keys/patients"));
    found.retain(|path| path.extension().is_some_and(|it| it == "key"));
    found
}

fn flip(path: &Path, at: usize) {
    let mut bytes = std::fs::read(path).expect("readable");
    let at = at.min(bytes.len() - 1);
    bytes[at] ^= 1;
    std::fs::write(path, bytes).expect("written");
}

fn exchange(one: &Path, other: &Path) {
    let (first, second) = (
        std::fs::read(one).expect("readable"),
        std::fs::read(other).expect("readable"),
    );
    std::fs::write(one, second).expect("written");
    std::fs::write(other, first).expect("written");
}

fn cut(path: &Path, bytes: u64) {
    std::fs::File::options()
        .write(true)
        .open(path)
        .and_then(|file| file.set_len(file.metadata()?.len().saturating_sub(bytes)))
        .expect("cut");
}

/// What is done, and whether a plain `verify` must find it without `--deep`.
const DEEDS: &[(&str, bool, Deed)] = &[
    ("a photo's bytes are gone", true, |data| {
        std::fs::remove_file(&blobs(data)[0]).expect("removed")
    }),
    ("all photos' bytes are gone", true, |data| {
        std::fs::remove_dir_all(data.join("blobs")).expect("removed")
    }),
    ("a photo is shorter by a byte", true, |data| {
        cut(&blobs(data)[1], 1)
    }),
    ("a photo is empty", true, |data| {
        std::fs::write(&blobs(data)[2], b"").expect("written")
    }),
    ("a photo is longer by a byte", true, |data| {
        let path = &blobs(data)[3];
        let mut bytes = std::fs::read(path).expect("readable");
        bytes.push(0);
        std::fs::write(path, bytes).expect("written");
    }),
    ("a bit in a photo's beginning", false, |data| {
        flip(&blobs(data)[4], 5)
    }),
    ("a bit in a photo's middle", false, |data| {
        flip(&blobs(data)[5], 900)
    }),
    ("two photos exchanged", false, |data| {
        exchange(&blobs(data)[0], &blobs(data)[1])
    }),
    ("a photo is a folder", true, |data| {
        let path = blobs(data)[6].clone();
        std::fs::remove_file(&path).expect("removed");
        std::fs::create_dir(&path).expect("made");
    }),
    ("a patient's key is gone", true, |data| {
        std::fs::remove_file(&keys(data)[0]).expect("removed")
    }),
    ("two patients' keys exchanged", true, |data| {
        exchange(&keys(data)[0], &keys(data)[1])
    }),
    ("a bit in a patient's key", true, |data| flip(&keys(data)[0], 30)),
    ("a patient's key is cut", true, |data| cut(&keys(data)[0], 4)),
    ("a mark of destruction that nobody made", true, |data| {
        std::fs::write(keys(data)[0].with_extension("destroyed"), b"").expect("written");
    }),
    ("a mark of destruction copied to another patient", true, |data| {
        std::fs::write(keys(data)[1].with_extension("destroyed"), b"destroyed").expect("written");
    }),
];

/// Files as they were, but for those that SQLite makes to look.
fn stay(data: &Path) -> Vec<(String, String)> {
    let mut found = files(data);
    found.retain(|(name, _)| !name.ends_with("-shm") && !name.ends_with("-wal"));
    found
}

/// Every deed, what verify finds, and that it changes nothing itself.
pub async fn blobs_and_keys(field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("sealed");
    let (mut plain, mut deep) = (0, 0);
    for (name, must_without_deep, deed) in DEEDS {
        let scratch = field.kept.copy();
        deed(&scratch.data);
        let before = stay(&scratch.data);
        let shallow = process::verify(&scratch.data, &[]);
        let thorough = process::verify(&scratch.data, &["--deep"]);
        let after = stay(&scratch.data);
        plain += u64::from(shallow.found());
        let deep_found = matches!(&thorough, Verdict::Broken(said) if !said.contains("unexpected argument"));
        deep += u64::from(deep_found);
        let found = if *must_without_deep {
            shallow.found()
        } else {
            deep_found
        };
        tally.tried(found, || format!("{name}: verify {shallow:?}, deep {thorough:?}"));
        let changed: Vec<&(String, String)> = before.iter().filter(|file| !after.contains(file)).collect();
        let more: Vec<&(String, String)> = after.iter().filter(|file| !before.contains(file)).collect();
        tally.tried(changed.is_empty() && more.is_empty(), || {
            format!(
                "{name}: verify changed {:?} and made {:?}",
                names(&changed),
                names(&more)
            )
        });
        served(&field.kept, &scratch, name, &mut tally).await;
    }
    tally.figure(format!(
        "{plain} of {} found without --deep, {deep} with",
        DEEDS.len()
    ));
    tally
}

fn names<'f>(files: &[&'f (String, String)]) -> Vec<&'f str> {
    files.iter().map(|(name, _)| name.as_str()).collect()
}

/// A server over it shows either the right image or none, keeps all keys, and gives no patient with images a second key.
async fn served(kept: &Kept, scratch: &Scratch, name: &str, tally: &mut Tally) {
    let before = files(&scratch.data.join("keys"));
    let Ok(server) = process::serve(&scratch.data) else {
        return;
    };
    let anna = kept.anna(&server);
    let mut wrong = Vec::new();
    for (patient, image, digest) in &kept.images {
        let path = format!("/api/v1/patients/{patient}/images/{image}/original?purpose=clinical_record");
        anna.enter_password().await;
        if let Ok(answer) = anna.try_send(Call::new("GET", path)).await
            && answer.status == 200
            && sha256(&answer.body) != *digest
        {
            wrong.push(image.clone());
        }
    }
    tally.tried(wrong.is_empty(), || {
        format!("{name}: other bytes were shown for {wrong:?}")
    });
    for patient in &kept.patients[..2] {
        let call = upload_call(patient, &fresh_key(), &[File::new("a.jpg", made(60))]);
        let _answer = anna.try_send(call).await.is_ok();
    }
    server.stop();
    // A key that was there is there still, as it was; a key that was missing has not been created again.
    let after = files(&scratch.data.join("keys"));
    let kept_keys = before.iter().all(|key| after.contains(key));
    let made = after.iter().filter(|(file, _)| file.ends_with(".key")).count();
    let had = before.iter().filter(|(file, _)| file.ends_with(".key")).count();
    tally.tried(kept_keys && made == had, || {
        format!("{name}: keys before {had}, after a start and two uploads {made}; all kept: {kept_keys}")
    });
}
