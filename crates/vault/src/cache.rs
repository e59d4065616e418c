//! Patients' keys that were used recently, so that a page of thumbnails unwraps a key only once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use cutis_domain::PatientId;

use crate::PatientKey;

/// Keys kept, about 100 bytes each.
const CAPACITY: usize = 1024;

/// At most [`CAPACITY`] keys; the one unused for longest goes first.
#[derive(Default)]
pub(crate) struct Cache(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    keys: HashMap<PatientId, (Arc<PatientKey>, u64)>,
    uses: u64,
    destructions: u64,
}

/// How many keys had been destroyed when a look-up began: a key read from disk before a destruction
/// must not enter the cache after it.
#[derive(Clone, Copy)]
pub(crate) struct Epoch(u64);

impl Cache {
    /// The key, or the epoch with which it may be put in after reading it.
    pub(crate) fn get(&self, patient: PatientId) -> Result<Arc<PatientKey>, Epoch> {
        self.with(|inner| {
            inner.uses += 1;
            match inner.keys.get_mut(&patient) {
                Some((key, used)) => {
                    *used = inner.uses;
                    Ok(Arc::clone(key))
                }
                None => Err(Epoch(inner.destructions)),
            }
        })
    }

    pub(crate) fn put(&self, patient: PatientId, key: &Arc<PatientKey>, epoch: Epoch) {
        self.with(|inner| {
            if inner.destructions != epoch.0 {
                return;
            }
            if inner.keys.len() >= CAPACITY {
                let oldest = inner
                    .keys
                    .iter()
                    .min_by_key(|(_, (_, used))| *used)
                    .map(|(id, _)| *id);
                oldest.and_then(|id| inner.keys.remove(&id));
            }
            inner.keys.insert(patient, (Arc::clone(key), inner.uses));
        });
    }

    pub(crate) fn destroyed(&self, patient: PatientId) {
        self.with(|inner| {
            inner.destructions += 1;
            inner.keys.remove(&patient);
        });
    }

    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        // No holder of the lock can panic half-way through a change, so a poisoned one is sound.
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn patient(n: usize) -> PatientId {
        PatientId::from_bytes(u128::try_from(n).unwrap().to_be_bytes())
    }

    fn key() -> Arc<PatientKey> {
        Arc::new(PatientKey::from_bytes(&Zeroizing::new([0; 32])))
    }

    #[test]
    fn it_is_bounded_and_forgets_the_least_recently_used() {
        let (cache, key) = (Cache::default(), key());
        for n in 0..CAPACITY {
            let epoch = cache.get(patient(n)).unwrap_err();
            cache.put(patient(n), &key, epoch);
        }
        assert!(cache.get(patient(0)).is_ok());
        let epoch = cache.get(patient(CAPACITY)).unwrap_err();
        cache.put(patient(CAPACITY), &key, epoch);
        assert_eq!(cache.with(|inner| inner.keys.len()), CAPACITY);
        assert!(cache.get(patient(0)).is_ok());
        assert!(cache.get(patient(1)).is_err());
    }

    #[test]
    fn a_key_read_before_a_destruction_does_not_come_back_after_it() {
        let cache = Cache::default();
        let before = cache.get(patient(1)).unwrap_err();
        cache.destroyed(patient(1));
        cache.put(patient(1), &key(), before);
        assert!(cache.get(patient(1)).is_err());
    }
}
