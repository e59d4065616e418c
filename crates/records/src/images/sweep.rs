//! Upkeep of the files beside the database: blobs that no image names, keys that no patient needs, keys that are
//! missing, and forged marks (I4).
//!
//! Nothing here deletes. Files that seem to belong to nothing are moved to the quarantine, and return automatically
//! when a row names them; if there are more than crashes explain, they are left where they are, and reported.

use std::collections::HashSet;

use cutis_audit::{Action, Detail, Event, Target};
use cutis_blob::sweep::exceeds_share;
use cutis_blob::{BlobName, SweepPlan, Twins};
use cutis_domain::page::Limit;
use cutis_domain::{Caller, PatientId, Timestamp};
use cutis_storage::StorageError;
use cutis_vault::{KeyTwins, Mark};
use futures_util::{Stream, TryStreamExt as _};

use super::ImageError;
use crate::Records;

/// An upload stores its key and its blobs before its row, so a file younger than this may belong to an upload in
/// progress.
const GRACE_SECONDS: i64 = 3600;
/// The number of names in one query of the database.
const BATCH: usize = 256;

/// Whether a person has seen the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// Stop at more than crashes explain.
    Small,
    /// Exactly this many blobs and keys, which a person agreed to; any other number stops.
    Agreed {
        /// Blobs.
        blobs: u64,
        /// Patients' keys.
        keys: u64,
    },
}

/// The result for one kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// All files of the kind.
    pub stored: u64,
    /// Files that no row needs and that are old enough to count.
    pub orphans: u64,
    /// How many of them were moved to the quarantine.
    pub moved: u64,
    /// How many were restored from the quarantine because a row names them.
    pub returned: u64,
    /// How many of these replaced a file that cannot be opened, which is in the quarantine now.
    pub exchanged: u64,
    /// How many files that a row names stayed in the quarantine, because neither of two can be opened, or both can.
    pub undecided: u64,
}

/// What upkeep found and did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Upkeep {
    /// Blobs.
    pub blobs: Tally,
    /// Patients' keys.
    pub keys: Tally,
    /// Whether so many would have been moved that nothing was.
    pub stopped: bool,
    /// Temporary files of interrupted uploads that were removed.
    pub leftovers: u64,
    /// Patients whose key is missing although images were sealed under it.
    pub missing_keys: Vec<PatientId>,
    /// Patients whose key a foreign mark says was destroyed.
    pub refused_marks: Vec<PatientId>,
}

/// Keys to move to the quarantine and to restore.
struct KeyPlan {
    stored: u64,
    orphans: Vec<PatientId>,
    wanted: Vec<PatientId>,
    in_place: HashSet<PatientId>,
}

/// A file in the quarantine that a row names.
struct Judged<T> {
    /// There is nothing in its place.
    free: Vec<T>,
    /// The file in its place is intact.
    doubles: Vec<T>,
    /// The file in its place cannot be opened, and this one can.
    exchange: Vec<T>,
    /// It cannot be determined which is right.
    undecided: Vec<T>,
}

impl<T> Default for Judged<T> {
    fn default() -> Self {
        Self {
            free: Vec::new(),
            doubles: Vec::new(),
            exchange: Vec::new(),
            undecided: Vec::new(),
        }
    }
}

impl<T> Judged<T> {
    /// All except duplicates.
    fn needed(self) -> Vec<T> {
        [self.free, self.exchange, self.undecided]
            .into_iter()
            .flatten()
            .collect()
    }
}

impl Records {
    /// Compares the stores with the rows, moves files that have been orphaned for at least an hour to the quarantine,
    /// and restores those that a row names. Leaves one event, before anything is moved.
    ///
    /// # Errors
    /// When a store or the database fails.
    pub async fn keep_up(&self, by: &Caller, amount: Amount) -> Result<Upkeep, ImageError> {
        let now = self.clock.now();
        let old = now.plus_seconds(-GRACE_SECONDS);
        let wanted = self.named(self.blobs.list_quarantined()).await?;
        let known = self.named(self.blobs.list()).await?;
        let blobs = self.judge_blobs(&wanted, &known).await?;
        let plan = self.blobs.sweep(&known, old).await?;
        let keys = self.plan_keys(old).await?;
        let judged = self.judge_keys(&keys)?;
        let missing_keys = self.missing_keys().await?;
        let refused_marks = self.refused_marks()?;
        let stopped = is_too_much(&plan, &keys, amount);
        let mut done = Upkeep {
            blobs: Tally {
                stored: plan.stored(),
                orphans: count(plan.orphans()),
                undecided: count(&blobs.undecided),
                ..Tally::default()
            },
            keys: Tally {
                stored: keys.stored,
                orphans: count(&keys.orphans),
                undecided: count(&judged.undecided),
                ..Tally::default()
            },
            stopped,
            leftovers: 0,
            missing_keys,
            refused_marks,
        };
        self.store.record(by, events(&done, &blobs, &judged)).await?;
        // Doubles too: after a crash between two steps of a move both are names of one file.
        for patient in judged.free.into_iter().chain(judged.doubles) {
            done.keys.returned += u64::from(self.vault.return_key(patient)?);
        }
        for patient in judged.exchange {
            done.keys.exchanged += u64::from(self.vault.exchange_key(patient, now)?);
        }
        for name in blobs.free.into_iter().chain(blobs.doubles) {
            done.blobs.returned += u64::from(self.blobs.take_back(name).await?);
        }
        for name in blobs.exchange {
            done.blobs.exchanged += u64::from(self.blobs.exchange(name, now).await?);
        }
        done.keys.returned += done.keys.exchanged;
        done.blobs.returned += done.blobs.exchanged;
        if !stopped {
            for patient in keys.orphans {
                done.keys.moved += u64::from(self.vault.quarantine_key(patient, now)?);
            }
            let swept = plan.run(now).await?;
            done.blobs.moved = swept.orphans;
            done.leftovers = swept.leftovers;
        }
        Ok(done)
    }

    /// Files in the quarantine that the database needs, except duplicates of an intact file in its place. Each may be
    /// the only good copy, so it must not be deleted.
    ///
    /// # Errors
    /// When a store or the database fails.
    pub async fn needed_in_quarantine(&self) -> Result<(Vec<BlobName>, Vec<PatientId>), ImageError> {
        let wanted = self.named(self.blobs.list_quarantined()).await?;
        let known = self.named(self.blobs.list()).await?;
        let blobs = self.judge_blobs(&wanted, &known).await?;
        let keys = self.plan_keys(Timestamp::EPOCH).await?;
        let keys = self.judge_keys(&keys)?;
        Ok((blobs.needed(), keys.needed()))
    }

    /// Judges a quarantined file that a row names, by the file in its place.
    async fn judge_blobs(
        &self,
        wanted: &HashSet<BlobName>,
        in_place: &HashSet<BlobName>,
    ) -> Result<Judged<BlobName>, ImageError> {
        let mut judged = Judged::default();
        for name in wanted.iter().copied() {
            // A pipe or a folder is not listed, and in the way all the same.
            if !in_place.contains(&name) && !self.blobs.is_obstructed(name).await {
                judged.free.push(name);
                continue;
            }
            let owner = self.store.look_up(|view| view.blob_owner(name.as_bytes())).await;
            let owner: Option<PatientId> = owner.map_err(|error: StorageError| ImageError::from(error))?;
            let key = owner.and_then(|patient| self.vault.patient_key(patient).ok());
            let twins = match key {
                Some(key) => self.blobs.compare(&key, name).await,
                None => Ok(Twins::Neither),
            };
            match twins {
                Ok(Twins::InPlace) => judged.doubles.push(name),
                Ok(Twins::Aside) => judged.exchange.push(name),
                // What cannot be read may be right.
                Ok(Twins::Neither) | Err(_) => judged.undecided.push(name),
            }
            tokio::task::yield_now().await;
        }
        Ok(judged)
    }

    fn judge_keys(&self, keys: &KeyPlan) -> Result<Judged<PatientId>, ImageError> {
        let mut judged = Judged::default();
        for patient in keys.wanted.iter().copied() {
            if !keys.in_place.contains(&patient) {
                judged.free.push(patient);
                continue;
            }
            match self.vault.compare_keys(patient)? {
                KeyTwins::InPlace => judged.doubles.push(patient),
                KeyTwins::Aside => judged.exchange.push(patient),
                KeyTwins::Both | KeyTwins::Neither => judged.undecided.push(patient),
            }
        }
        Ok(judged)
    }

    /// The blobs among these that an image names.
    async fn named(
        &self,
        stored: impl Stream<Item = Result<cutis_blob::Stored, cutis_blob::BlobError>>,
    ) -> Result<HashSet<BlobName>, ImageError> {
        let mut stored = std::pin::pin!(stored);
        let mut known = HashSet::new();
        loop {
            let mut batch = Vec::with_capacity(BATCH);
            while let Some(blob) = stored.try_next().await? {
                batch.push(blob.name);
                if batch.len() == BATCH {
                    break;
                }
            }
            let last = batch.len() < BATCH;
            let asked = self.store.look_up(|view| {
                let mut named = Vec::new();
                for name in batch {
                    if view.blob_name_known(name.as_bytes())? {
                        named.push(name);
                    }
                }
                Ok::<_, StorageError>(named)
            });
            known.extend(asked.await?);
            if last {
                return Ok(known);
            }
            tokio::task::yield_now().await;
        }
    }

    async fn plan_keys(&self, old: Timestamp) -> Result<KeyPlan, ImageError> {
        let stored = self.vault.stored_keys()?;
        let quarantined = self.vault.quarantined_keys()?;
        let ids = |keys: &[cutis_vault::StoredKey]| keys.iter().map(|key| key.patient).collect::<Vec<_>>();
        let known = self.known_patients(ids(&stored)).await?;
        let wanted = self.known_patients(ids(&quarantined)).await?;
        let orphans = stored
            .iter()
            .filter(|key| key.modified < old && !known.contains(&key.patient))
            .map(|key| key.patient)
            .collect();
        Ok(KeyPlan {
            stored: count(&stored),
            orphans,
            wanted: wanted.into_iter().collect(),
            in_place: stored.iter().map(|key| key.patient).collect(),
        })
    }

    /// The patients among these that the database knows.
    pub(crate) async fn known_patients(
        &self,
        patients: Vec<PatientId>,
    ) -> Result<HashSet<PatientId>, StorageError> {
        let mut known = HashSet::new();
        for batch in patients.chunks(BATCH) {
            let asked = self.store.look_up(|view| {
                let mut found = Vec::new();
                for patient in batch {
                    if view.patient_known(*patient)? {
                        found.push(*patient);
                    }
                }
                Ok::<_, StorageError>(found)
            });
            known.extend(asked.await?);
            tokio::task::yield_now().await;
        }
        Ok(known)
    }

    /// Patients with images whose key is missing, and those whose key a foreign mark locks.
    ///
    /// # Errors
    /// When the vault or the database fails.
    pub async fn unusable_keys(&self) -> Result<(Vec<PatientId>, Vec<PatientId>), ImageError> {
        Ok((self.missing_keys().await?, self.refused_marks()?))
    }

    async fn missing_keys(&self) -> Result<Vec<PatientId>, ImageError> {
        let (mut missing, mut after) = (Vec::new(), None);
        loop {
            let page = self
                .store
                .look_up(|view| view.patients_with_images(after, Limit::default()));
            let page: Vec<PatientId> = page
                .await
                .map_err(|error: StorageError| ImageError::from(error))?;
            let Some(last) = page.last() else {
                return Ok(missing);
            };
            after = Some(*last);
            for patient in page {
                if !self.vault.has_key(patient)? {
                    missing.push(patient);
                }
            }
            tokio::task::yield_now().await;
        }
    }

    fn refused_marks(&self) -> Result<Vec<PatientId>, ImageError> {
        let marks = self.vault.marks()?;
        let refused = marks.into_iter().filter(|(_, mark)| *mark == Mark::Refused);
        Ok(refused.map(|(patient, _)| patient).collect())
    }
}

fn is_too_much(plan: &SweepPlan, keys: &KeyPlan, amount: Amount) -> bool {
    let found = count(&keys.orphans);
    match amount {
        Amount::Small => plan.is_suspicious() || exceeds_share(found, keys.stored),
        Amount::Agreed { blobs, keys } => blobs != count(plan.orphans()) || keys != found,
    }
}

fn events(found: &Upkeep, blobs: &Judged<BlobName>, keys: &Judged<PatientId>) -> Vec<Event> {
    let number = |key, value: u64| Detail::number(key, i64::try_from(value).unwrap_or(i64::MAX));
    let moved = |orphans: u64| if found.stopped { 0 } else { orphans };
    let swept = Event::new(Action::StoreSwept)
        .target(Target::Practice)
        .detail(number("blobs", found.blobs.stored))
        .detail(number("orphans", found.blobs.orphans))
        .detail(number("moved", moved(found.blobs.orphans)))
        .detail(number(
            "returned",
            count(blobs.free.iter().chain(&blobs.exchange)),
        ))
        .detail(number("exchanged", count(&blobs.exchange)))
        .detail(number("undecided", count(&blobs.undecided)))
        .detail(number("keys", found.keys.stored))
        .detail(number("orphan_keys", found.keys.orphans))
        .detail(number("moved_keys", moved(found.keys.orphans)))
        .detail(number(
            "returned_keys",
            count(keys.free.iter().chain(&keys.exchange)),
        ))
        .detail(number("exchanged_keys", count(&keys.exchange)))
        .detail(number("undecided_keys", count(&keys.undecided)))
        .detail(number("missing_keys", count(&found.missing_keys)))
        .detail(number("refused_marks", count(&found.refused_marks)));
    let swept = if found.stopped { swept.refused() } else { swept };
    vec![swept]
}

fn count<T>(of: impl IntoIterator<Item = T>) -> u64 {
    of.into_iter().map(|_| 1).sum()
}
