//! What this process knows about rows independently of the file: the key of their codes, and facts that never change
//! again.
//!
//! A code shows that a row is ours, not that it is our newest: an older row restored together with its older code has a
//! valid one. Facts that can never become untrue are therefore remembered while the process runs: that a session ended,
//! that a consent was revoked, that a setting was chosen.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cutis_audit::TrailKey;
use cutis_domain::Digest;
use cutis_storage::{Alarms, Mismatch, StorageError};

use crate::place::{Found, Place};
use crate::sql::attested::TABLES;

/// How many rows that will not change are remembered; the oldest is forgotten first.
const MOST_FINAL: usize = 65_536;

/// One for each database that is open, shared by its writer and its readers.
pub(crate) struct Guard {
    key: TrailKey,
    alarms: Arc<Alarms>,
    facts: Mutex<Facts>,
    structure: Mutex<Option<Structure>>,
    /// Set when the index of patients was found to be damaged, until it is built again.
    index_is_doubted: AtomicBool,
}

/// What changes with the structure: SQLite's count, and `user_version`.
pub(crate) type Version = (Option<i64>, Option<i64>);

/// The result of the last comparison of the structure: its version, and what stops every write.
type Structure = (Version, Option<Mismatch>);

#[derive(Default)]
struct Facts {
    finals: HashMap<Place, Final>,
    order: VecDeque<Place>,
    settings: HashMap<String, u64>,
}

/// The final state of a row, and the length of the trail when it was reached: a reader that began before that still
/// sees the earlier state, rightly.
struct Final {
    digest: Digest,
    since: u64,
}

impl Guard {
    pub(crate) fn new(key: TrailKey) -> Self {
        Self {
            key,
            alarms: Arc::default(),
            facts: Mutex::default(),
            structure: Mutex::default(),
            index_is_doubted: AtomicBool::new(false),
        }
    }

    pub(crate) fn key(&self) -> &TrailKey {
        &self.key
    }

    pub(crate) fn alarms(&self) -> &Arc<Alarms> {
        &self.alarms
    }

    /// The index of patients cannot be trusted: the writer has to build it again, and until then nobody asks it.
    pub(crate) fn doubt_index(&self) {
        self.index_is_doubted.store(true, Ordering::Relaxed);
    }

    /// The index of patients is empty, and says so.
    pub(crate) fn trust_index(&self) {
        self.index_is_doubted.store(false, Ordering::Relaxed);
    }

    pub(crate) fn doubts_index(&self) -> bool {
        self.index_is_doubted.load(Ordering::Relaxed)
    }

    /// Reports it and returns the error of the operation.
    pub(crate) fn raise(&self, mismatch: Mismatch) -> StorageError {
        let error = StorageError::tampered(&mismatch);
        self.alarms.raise(mismatch);
        error
    }

    /// Notes what the structure of this version was found to be.
    pub(crate) fn compared(&self, version: Version, stops: Option<Mismatch>) {
        *self.known() = Some((version, stops));
    }

    /// Whether the structure of this version allows changes, if it was compared.
    pub(crate) fn structure(&self, version: Version) -> Option<Result<(), StorageError>> {
        let known = self.known();
        let (compared, stops) = known.as_ref()?;
        let takes = || match stops {
            None => Ok(()),
            Some(mismatch) => Err(StorageError::tampered(mismatch)),
        };
        (*compared == version).then(takes)
    }

    fn known(&self) -> MutexGuard<'_, Option<Structure>> {
        self.structure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The code that a row has to carry.
    pub(crate) fn code(&self, (place, row): Place, digest: &Digest) -> [u8; 32] {
        self.key.row_mac(table_of(place), row, digest.as_bytes())
    }

    /// Whether a row carries its code, in tables whose rows do.
    pub(crate) fn is_ours(&self, (place, row): Place, digest: &Digest, code: Option<&[u8]>) -> bool {
        let code: Option<&[u8; 32]> = code.and_then(|code| code.try_into().ok());
        code.is_some_and(|code| {
            self.key
                .row_is_ours(table_of(place), row, digest.as_bytes(), code)
        })
    }

    /// Remembers rows that will not change any more, in a trail of this length.
    pub(crate) fn remember(&self, rows: impl Iterator<Item = (Place, Digest)>, since: u64) {
        let mut facts = self.facts();
        for (place, digest) in rows {
            if facts.finals.insert(place, Final { digest, since }).is_none() {
                facts.order.push_back(place);
            }
            if facts.order.len() > MOST_FINAL
                && let Some(oldest) = facts.order.pop_front()
            {
                facts.finals.remove(&oldest);
            }
        }
    }

    /// The length of the trail at which a row finally became different from this, if it did.
    pub(crate) fn contradicted_since(&self, place: Place, found: &Found) -> Option<u64> {
        let facts = self.facts();
        let known = facts.finals.get(&place)?;
        (known.digest != found.digest).then_some(known.since)
    }

    /// The length of the trail at which this setting was known to be chosen.
    pub(crate) fn chosen_since(&self, setting: &str) -> Option<u64> {
        self.facts().settings.get(setting).copied()
    }

    /// Remembers that a setting is chosen.
    pub(crate) fn chosen(&self, setting: &str, since: u64) {
        self.facts().settings.entry(setting.to_owned()).or_insert(since);
    }

    fn facts(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The table at a place of the list.
pub(crate) fn table_of(place: usize) -> &'static str {
    TABLES.get(place).map_or("?", |attested| attested.table)
}

/// A row that was changed by something else.
pub(crate) fn changed((place, row): Place) -> Mismatch {
    Mismatch::Row {
        table: table_of(place),
        row,
    }
}
