//! Whether the files beside the database are what the database says (U4): every image's files with their
//! lengths, every patient's key, the marks of destroyed ones; and, when asked, every byte of every file.
//!
//! Read-only: nothing is created, moved or repaired.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use cutis_blob::{BlobError, BlobName, Blobs, Edition, PIECE, Part};
use cutis_domain::{Digest, PatientId};
use cutis_storage::backend::SealedImage;
use cutis_vault::{Mark, PatientKey, Vault, seal};
use futures_util::TryStreamExt as _;
use sha2::{Digest as _, Sha256};

/// The number of faults that are listed one by one.
const TOLD: usize = 100;
/// How often progress is reported.
const TELL_EVERY: Duration = Duration::from_secs(2);

/// What the database says.
#[derive(Debug, Default)]
pub struct Expected {
    /// Every image, patient by patient.
    pub images: Vec<SealedImage>,
    /// Every patient for whom something was sealed.
    pub patients: Vec<PatientId>,
}

/// How contents are read.
pub struct Deep<'a> {
    /// The most bytes per second.
    pub rate: u64,
    /// A monotonic clock.
    pub stopwatch: &'a (dyn Fn() -> Duration + Sync),
    /// Called with how many of all images are done, and the bytes read.
    pub progress: &'a (dyn Fn(usize, usize, u64) + Sync),
}

impl std::fmt::Debug for Deep<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Deep")
            .field("rate", &self.rate)
            .finish_non_exhaustive()
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Files of images that were checked: two for each image.
    pub files: u64,
    /// Of these, the ones that are in the quarantine and are read from there.
    pub quarantined: u64,
    /// Files that no image names.
    pub unnamed: u64,
    /// Patients' keys that can be opened.
    pub keys: u64,
    /// Bytes whose content was read.
    pub read: u64,
    /// What is wrong, the first hundred.
    pub faults: Vec<String>,
    /// How many more faults there are.
    pub more: u64,
}

impl Found {
    fn fault(&mut self, said: String) {
        if self.faults.len() < TOLD {
            self.faults.push(said);
        } else {
            self.more = self.more.saturating_add(1);
        }
    }
}

/// Checks everything.
///
/// # Errors
/// When a store cannot be read at all; what is missing or damaged in it is found, not an error.
pub async fn stores(
    blobs: &Blobs,
    vault: &Vault,
    expected: &Expected,
    deep: Option<&Deep<'_>>,
) -> anyhow::Result<Found> {
    let mut found = Found::default();
    marks(vault, &expected.patients, &mut found)?;
    let mut look = Look {
        blobs,
        deep,
        told: Duration::ZERO,
        named: HashSet::new(),
        found,
    };
    let mut checked = BTreeSet::new();
    let all = expected.images.len();
    for (done, of_patient) in expected
        .images
        .chunk_by(|one, other| one.patient == other.patient)
        .scan(0, |done, images| {
            let before = *done;
            *done += images.len();
            Some((before, images))
        })
    {
        let Some(first) = of_patient.first() else { continue };
        checked.insert(first.patient);
        let key = look.key(vault, first.patient);
        for (at, image) in of_patient.iter().enumerate() {
            look.image(key.as_deref(), image).await?;
            look.tell(done + at + 1, all);
        }
    }
    for patient in expected.patients.iter().filter(|it| !checked.contains(it)) {
        look.key(vault, *patient);
    }
    let mut stored = std::pin::pin!(blobs.list());
    while let Some(blob) = stored.try_next().await? {
        look.found.unnamed += u64::from(!look.named.contains(&blob.name));
    }
    Ok(look.found)
}

fn marks(vault: &Vault, patients: &[PatientId], found: &mut Found) -> anyhow::Result<()> {
    for (patient, mark) in vault.marks()? {
        match mark {
            Mark::Refused => found.fault(format!(
                "a file says that the key of patient {patient} was destroyed, and this installation did not write it"
            )),
            Mark::Ours(at) if patients.binary_search(&patient).is_ok() => found.fault(format!(
                "the key of patient {patient} was destroyed at {at}, yet the database still holds what it sealed"
            )),
            Mark::Ours(_) => {}
        }
    }
    Ok(())
}

struct Look<'a> {
    blobs: &'a Blobs,
    deep: Option<&'a Deep<'a>>,
    told: Duration,
    named: HashSet<BlobName>,
    found: Found,
}

impl Look<'_> {
    fn key(&mut self, vault: &Vault, patient: PatientId) -> Option<std::sync::Arc<PatientKey>> {
        match vault.patient_key(patient) {
            Ok(key) => {
                self.found.keys += 1;
                Some(key)
            }
            Err(error) => {
                self.found.fault(error.with_sealed_things().to_string());
                None
            }
        }
    }

    async fn image(&mut self, key: Option<&PatientKey>, image: &SealedImage) -> anyhow::Result<()> {
        let original = (Part::Original, image.original_name, image.bytes, "original");
        let derived = (
            Part::Derived(Edition {
                number: image.edition,
                turns: image.turns.quarters(),
            }),
            image.derived_name,
            image.derived_bytes,
            "thumbnail and screen size",
        );
        for (part, name, bytes, what) in [original, derived] {
            let name = BlobName::from_bytes(name);
            self.named.insert(name);
            self.found.files += 1;
            let whose = format!(
                "photo {} of patient {}: the file of its {what}, {name},",
                image.image, image.patient
            );
            let right = seal::sealed_len(bytes);
            let there = match self.blobs.find(name).await {
                Err(BlobError::NoFile { kind, .. }) => {
                    let kind = kind.described();
                    self.found
                        .fault(format!("{whose} is not an ordinary file, but {kind}"));
                    continue;
                }
                there => there?,
            };
            match there {
                None => {
                    self.found.fault(format!("{whose} is missing"));
                    continue;
                }
                Some((length, _)) if length != right => {
                    self.found
                        .fault(format!("{whose} has {length} bytes instead of {right}"));
                    continue;
                }
                Some((_, quarantined)) => self.found.quarantined += u64::from(quarantined),
            }
            let Some(key) = key else { continue };
            if Blobs::name(key, part, &image.sha256) != name {
                self.found.fault(format!(
                    "{whose} was not sealed under the key that this patient has now"
                ));
            } else if self.deep.is_some()
                && let Some(why) = self.contents(key, part, &image.sha256).await?
            {
                self.found.fault(format!("{whose} {why}"));
            }
        }
        Ok(())
    }

    /// Reads a whole blob; returns what is wrong with it.
    async fn contents(
        &mut self,
        key: &PatientKey,
        part: Part,
        sha256: &Digest,
    ) -> anyhow::Result<Option<&'static str>> {
        let damaged = |error| {
            if matches!(error, BlobError::Damaged(_) | BlobError::OutOfRange(_)) {
                Ok(Some("is damaged"))
            } else if matches!(error, BlobError::Missing(_)) {
                Ok(Some("is missing"))
            } else if matches!(error, BlobError::NoFile { .. }) {
                Ok(Some("is not an ordinary file"))
            } else {
                Err(anyhow::Error::from(error))
            }
        };
        let blob = match self.blobs.open(key, part, sha256).await {
            Ok(blob) => blob,
            Err(error) => return damaged(error),
        };
        let mut hasher = Sha256::new();
        let mut pieces = std::pin::pin!(blob.stream(0..blob.len()));
        loop {
            match pieces.try_next().await {
                Ok(Some(piece)) => {
                    hasher.update(&piece);
                    self.found.read = self
                        .found
                        .read
                        .saturating_add(u64::try_from(piece.len()).unwrap_or(PIECE));
                    self.wait().await;
                }
                Ok(None) => break,
                Err(error) => return damaged(error),
            }
        }
        let digest: [u8; 32] = hasher.finalize().into();
        let other = part == Part::Original && digest != *sha256.as_bytes();
        Ok(other.then_some("holds another photo"))
    }

    /// Waits as long as more has been read than the rate allows.
    async fn wait(&self) {
        let Some(deep) = self.deep else { return };
        let due = self
            .found
            .read
            .saturating_mul(1000)
            .checked_div(deep.rate)
            .unwrap_or(0);
        let early = Duration::from_millis(due).saturating_sub((deep.stopwatch)());
        if !early.is_zero() {
            tokio::time::sleep(early).await;
        }
    }

    fn tell(&mut self, done: usize, all: usize) {
        let Some(deep) = self.deep else { return };
        let now = (deep.stopwatch)();
        if done == all || now >= self.told.saturating_add(TELL_EVERY) {
            self.told = now;
            (deep.progress)(done, all, self.found.read);
        }
    }
}
