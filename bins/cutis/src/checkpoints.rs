//! Signed statements about the trail, in files that leave the database (U4): one a day, at each start and at
//! each stop, in the data folder and in a second folder that the administrator chooses.
//!
//! Somebody who has the installation's key could write another trail, but could not make it agree with a checkpoint
//! that is out of their reach. So a file is never replaced by another, and never removed by the program.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use cutis_audit::Head;
use cutis_audit::checkpoint::{Checkpoint, Origin, PublicKey, SigningKey, open_checkpoint};
use cutis_domain::Timestamp;
use cutis_vault::{KeyPurpose, Vault, durable};

/// How the files end.
const ENDING: &str = "checkpoint";
/// The longest file that is read.
const MOST_BYTES: u64 = 16 * 1024;
/// The most checkpoints that a start compares: ten years of one a day, and five starts and stops each.
const MOST_AT_START: usize = 20_000;
/// The most files that a start opens to find them; other files in the folder have to be opened too.
const MOST_LOOKED_AT: usize = 200_000;

/// Writes checkpoints of one installation.
#[derive(Debug)]
pub struct Notary {
    key: SigningKey,
    /// In the data folder.
    own: PathBuf,
    /// The second folder; it must exist, because a disk that is not connected must not be taken for an empty one.
    second: Option<PathBuf>,
}

impl Notary {
    /// Creates the writer of an installation's checkpoints.
    ///
    /// # Errors
    /// When the signing key cannot be made.
    pub fn new(vault: &Vault, own: PathBuf, second: Option<PathBuf>) -> anyhow::Result<Self> {
        Ok(Self {
            key: signing_key(vault)?,
            own,
            second,
        })
    }

    /// The second folder, if it does not exist.
    pub fn missing(&self) -> Option<&Path> {
        self.second.as_deref().filter(|second| !second.is_dir())
    }

    /// Writes a checkpoint of a head to every folder, and returns the folders in which it could not.
    pub fn write(&self, head: &Head, at: Timestamp) -> Vec<(PathBuf, io::Error)> {
        let text = self.key.sign_checkpoint(head.size, &head.root);
        let name = file_name(head.size, at);
        let mut failed = Vec::new();
        let own = durable::create_dir(&self.own).and_then(|()| put(&self.own.join(&name), &text));
        if let Err(error) = own {
            failed.push((self.own.clone(), error));
        }
        if let Some(second) = &self.second
            && let Err(error) = put(&second.join(&name), &text)
        {
            failed.push((second.clone(), error));
        }
        failed
    }
}

/// The pair that signs checkpoints.
///
/// # Errors
/// When the library refuses the seed, which would be a bug of ours.
pub fn signing_key(vault: &Vault) -> anyhow::Result<SigningKey> {
    let id = vault.derive(KeyPurpose::InstallationId);
    let id: [u8; 16] = std::array::from_fn(|at| id.expose().get(at).copied().unwrap_or(0));
    let origin = Origin::parse(&format!("cutis/{:032x}/audit/1", u128::from_be_bytes(id)))?;
    Ok(SigningKey::from_seed(
        origin,
        vault.derive(KeyPurpose::TrailSigning).expose(),
    )?)
}

/// Such as `cutis-20261127T002501Z-0000000085.checkpoint`: sorted by name is sorted by time.
fn file_name(size: u64, at: Timestamp) -> String {
    format!("cutis-{}-{size:010}.{ENDING}", compact(at))
}

/// A time without the part of its second.
pub fn to_the_second(at: Timestamp) -> Timestamp {
    Timestamp::from_micros(at.as_micros().div_euclid(1_000_000).saturating_mul(1_000_000))
}

/// A time as part of a file's name, to the second.
pub fn compact(at: Timestamp) -> String {
    let text = to_the_second(at).to_string();
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Writes a temporary file and renames it, unless a file of that name exists; one with the same text is fine. It
/// renames rather than links, because the file systems of memory sticks have no links.
fn put(path: &Path, text: &str) -> io::Result<()> {
    match durable::read(path) {
        Ok(there) if there == text.as_bytes() => return Ok(()),
        Ok(_) => return Err(io::ErrorKind::AlreadyExists.into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let aside = path.with_extension("partial");
    // Whatever has the name is removed, never opened: it may be a pipe, or lead to another file.
    drop(fs::remove_file(&aside));
    let written = File::create_new(&aside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let placed = written.and_then(|()| fs::rename(&aside, path));
    if placed.is_err() {
        drop(fs::remove_file(&aside));
    }
    placed?;
    durable::sync_dir(path.parent().unwrap_or(path))
}

/// A file given as a checkpoint, and what it turned out to be.
#[derive(Debug)]
pub struct Presented {
    /// The file.
    pub path: PathBuf,
    /// What it says, or why it says nothing about this trail.
    pub said: Result<Checkpoint, String>,
}

/// Reads checkpoints: a file, or every one in a folder.
///
/// # Errors
/// When the path cannot be read.
pub fn read(path: &Path, key: &PublicKey) -> anyhow::Result<Vec<Presented>> {
    if !fs::metadata(path)
        .with_context(|| format!("{} cannot be read", path.display()))?
        .is_dir()
    {
        return Ok(vec![present(path.to_owned(), key)]);
    }
    Ok(files_in(path)?
        .into_iter()
        .map(|file| present(file, key))
        .collect())
}

/// What a start reads in a folder of checkpoints.
#[derive(Debug, Default)]
pub struct Newest {
    /// What the checkpoints say, without repetitions.
    pub said: Vec<(PathBuf, Checkpoint)>,
    /// How many files are not checkpoints of this installation.
    pub others: u64,
    /// The newest of these, and why.
    pub other: Option<(PathBuf, String)>,
    /// How many files were not read.
    pub unread: usize,
}

/// The newest checkpoints in a folder by their names, twenty thousand at most: a limit that keeps a start short. Only
/// genuine checkpoints with a statement of their own count, so that nobody can hide the others behind other files or
/// copies.
///
/// # Errors
/// When the folder cannot be read.
pub fn newest(folder: &Path, key: &PublicKey) -> anyhow::Result<Newest> {
    Ok(newest_of(files_in(folder)?, key, (MOST_AT_START, MOST_LOOKED_AT)))
}

fn newest_of(files: Vec<PathBuf>, key: &PublicKey, (most, looked_at): (usize, usize)) -> Newest {
    let mut found = Newest::default();
    let mut known = HashSet::new();
    let mut files = files.into_iter().rev();
    let mut left = looked_at;
    while left > 0
        && known.len() < most
        && let Some(file) = files.next()
    {
        left -= 1;
        let presented = present(file, key);
        match presented.said {
            Ok(said) if known.insert((said.size, said.root)) => found.said.push((presented.path, said)),
            Ok(_) => {}
            Err(why) => {
                found.others += 1;
                found.other.get_or_insert((presented.path, why));
            }
        }
    }
    found.unread = files.len();
    found
}

/// Every file with the ending, sorted by name and so by time.
fn files_in(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let unreadable = || format!("{} cannot be read", path.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(path).with_context(unreadable)? {
        let file = entry.with_context(unreadable)?.path();
        if file.extension().is_some_and(|ending| ending == ENDING) {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn present(path: PathBuf, key: &PublicKey) -> Presented {
    use std::io::Read as _;

    let mut text = String::new();
    let read = durable::open(&path).and_then(|file| file.take(MOST_BYTES + 1).read_to_string(&mut text));
    let said = match read {
        Ok(_) => open_checkpoint(&text, key).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    Presented { path, said }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cutis_audit::{Frontier, TrailKey};

    fn notary(folder: &Path, second: Option<PathBuf>) -> Notary {
        let origin = Origin::parse("cutis/test/audit/1").expect("valid");
        Notary {
            key: SigningKey::from_seed(origin, &[5; 32]).expect("a key"),
            own: folder.join("checkpoints"),
            second,
        }
    }

    fn head(size: u8) -> Head {
        let mut frontier = Frontier::new();
        (0..size).for_each(|leaf| frontier.push([leaf; 32]));
        cutis_audit::head(&TrailKey::from_bytes([7; 32]), &frontier)
    }

    /// U4: what is written is read back, in both places, and never replaced.
    #[test]
    fn checkpoints_are_written_to_both_places_and_never_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let second = folder.path().join("stick");
        fs::create_dir(&second).expect("made");
        let notary = notary(folder.path(), Some(second.clone()));
        let at = Timestamp::from_micros(1_700_000_000_123_456);
        assert!(notary.write(&head(3), at).is_empty());
        assert!(
            notary.write(&head(3), at).is_empty(),
            "the same once more is fine"
        );
        for place in [folder.path().join("checkpoints"), second.clone()] {
            let found = read(&place, notary.key.public_key()).expect("readable");
            assert_eq!(found.len(), 1);
            let said = found[0].said.as_ref().expect("ours");
            assert_eq!((said.size, said.root), (3, head(3).root));
            assert!(
                found[0]
                    .path
                    .ends_with("cutis-20231114T221320Z-0000000003.checkpoint"),
                "{:?}",
                found[0].path
            );
        }
        let path = second.join("cutis-20231114T221320Z-0000000003.checkpoint");
        durable::write(&path, b"other", durable::PRIVATE_FILE).expect("written");
        let failed = notary.write(&head(3), at);
        assert_eq!(failed.len(), 1);
        assert_eq!(fs::read_to_string(&path).expect("there"), "other");
        let found = read(&second, notary.key.public_key()).expect("readable");
        assert!(found[0].said.is_err());
    }

    /// U4: neither other files nor copies of a checkpoint hide the others; what was not read is reported.
    #[test]
    fn what_is_no_checkpoint_hides_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let notary = notary(folder.path(), None);
        for size in 1..=3 {
            let at = Timestamp::from_micros(i64::from(size) * 1_000_000);
            assert!(notary.write(&head(size), at).is_empty());
        }
        let own = folder.path().join("checkpoints");
        let newest_one = files_in(&own).expect("readable").pop().expect("three");
        for number in 0..20 {
            let later = |what| own.join(format!("cutis-2099{number:04}-{what}.checkpoint"));
            durable::write(&later("junk"), b"junk", durable::PRIVATE_FILE).expect("written");
            fs::copy(&newest_one, later("copy")).expect("copied");
        }
        let sizes = |most| {
            let files = files_in(&own).expect("readable");
            let found = newest_of(files, notary.key.public_key(), most);
            let sizes: Vec<u64> = found.said.iter().map(|(_, said)| said.size).collect();
            (sizes, found.others, found.unread)
        };
        assert_eq!(sizes((3, 100)), (vec![3, 2, 1], 20, 0));
        assert_eq!(
            sizes((2, 100)),
            (vec![3, 2], 20, 1),
            "an older one of ours was left out"
        );
        assert_eq!(sizes((3, 42)), (vec![3, 2], 20, 1), "so many were enough");
    }

    /// A second folder that does not exist is reported, and is not created.
    #[test]
    fn a_missing_second_place_is_not_made() {
        let folder = tempfile::tempdir().expect("a folder");
        let second = folder.path().join("unplugged");
        let failed = notary(folder.path(), Some(second.clone())).write(&head(1), Timestamp::EPOCH);
        assert_eq!(failed.len(), 1);
        assert!(!second.exists());
        let own = read(
            &folder.path().join("checkpoints"),
            notary(folder.path(), None).key.public_key(),
        );
        assert_eq!(own.expect("readable").len(), 1, "the other place has it");
    }
}
