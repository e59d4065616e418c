//! How much may be staged at a time.

use cutis_blob::stages::{Found, Place};
use cutis_domain::{Clinician, Timestamp};
use cutis_storage::{ErrorKind, StorageError};

use super::super::ImageError;
use crate::{RecordError, Records};

const MIB: u64 = 1 << 20;
/// The most bytes that are declared for unfinished uploads of one patient, of one account, and in all.
const PER_PATIENT: u64 = 1024 * MIB;
const PER_ACCOUNT: u64 = 2048 * MIB;
const IN_ALL: u64 = 8192 * MIB;
/// The most unfinished uploads of one account.
const MOST: usize = 256;
/// After this many seconds an account's unfinished upload may give way to a new one of the same account: nothing is lost by
/// it but time, because whoever sends it still has the file.
const IDLE: i64 = 600;

/// What unfinished uploads take.
#[derive(Debug, Default, PartialEq, Eq)]
struct Taken {
    patient: u64,
    account: u64,
    all: u64,
    count: usize,
}

fn taken(found: &[Found], by: Place) -> Taken {
    let mut taken = Taken::default();
    for stage in found {
        let bytes = stage.declared.map_or(0, |(_, bytes)| bytes);
        taken.all = taken.all.saturating_add(bytes);
        if stage.place.owner == by.owner {
            taken.account = taken.account.saturating_add(bytes);
            taken.count = taken.count.saturating_add(1);
            if stage.place.patient == by.patient {
                taken.patient = taken.patient.saturating_add(bytes);
            }
        }
    }
    taken
}

fn fits(taken: &Taken, bytes: u64) -> bool {
    let within = |taken: u64, most: u64| taken.saturating_add(bytes) <= most;
    within(taken.patient, PER_PATIENT)
        && within(taken.account, PER_ACCOUNT)
        && within(taken.all, IN_ALL)
        && taken.count < MOST
}

/// The account's own upload that gives way first: the oldest that is not new.
fn gives_way(found: &[Found], by: Place, now: Timestamp) -> Option<usize> {
    let mine = found
        .iter()
        .enumerate()
        .filter(|(_, stage)| stage.place.owner == by.owner);
    let old = mine.filter_map(|(at, stage)| match stage.declared {
        Some((created, _)) if now < created.plus_seconds(IDLE) => None,
        declared => Some((declared.map(|(created, _)| created), at)),
    });
    old.min().map(|(_, at)| at)
}

impl Records {
    /// Makes sure that a file of this many bytes may be staged, and that the disk has room for it twice: staged, and
    /// then as a photo.
    pub(super) async fn make_room(&self, by: &Clinician, place: Place, bytes: u64) -> Result<(), ImageError> {
        if self
            .store
            .disk_space()
            .free
            .is_some_and(|free| free < bytes.saturating_mul(2))
        {
            self.store.found_no_room();
            let full = StorageError::new(
                ErrorKind::Full,
                "there is no room on the disk for an upload of this size",
            );
            return Err(RecordError::from(full).into());
        }
        let mut found = self.stages.list().await?;
        found.retain(|stage| stage.place != place);
        while !fits(&taken(&found, place), bytes) {
            let at = gives_way(&found, place, self.clock.now()).ok_or(ImageError::Busy)?;
            let stage = found.swap_remove(at);
            // One that is being received stays, and counts.
            if !self.end(by.caller(), &stage, "made_room").await? {
                return Err(ImageError::Busy);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cutis_domain::{AccountId, PatientId, UploadKey};

    fn stage(owner: u8, patient: u8, key: u8, seconds: i64, bytes: u64) -> Found {
        let place = Place {
            owner: AccountId::from_bytes([owner; 16]),
            patient: PatientId::from_bytes([patient; 16]),
            key: UploadKey::from_bytes([key; 16]),
            index: 0,
        };
        let created = Timestamp::from_micros(1_800_000_000_000_000).plus_seconds(seconds);
        Found {
            place,
            declared: Some((created, bytes)),
        }
    }

    #[test]
    fn what_is_taken_is_counted_by_patient_by_account_and_in_all() {
        let found = [
            stage(1, 1, 1, 0, 10),
            stage(1, 2, 2, 0, 20),
            stage(2, 3, 3, 0, 40),
        ];
        let taken = taken(&found, stage(1, 1, 9, 0, 0).place);
        assert_eq!(
            taken,
            Taken {
                patient: 10,
                account: 30,
                all: 70,
                count: 2
            }
        );
        assert!(fits(&taken, PER_PATIENT - 10));
        assert!(!fits(&taken, PER_PATIENT - 9));
        let crowded = Taken {
            count: MOST,
            ..Taken::default()
        };
        assert!(!fits(&crowded, 1), "many small ones are many all the same");
        assert!(!fits(
            &Taken {
                all: IN_ALL,
                ..Taken::default()
            },
            1
        ));
        assert!(!fits(
            &Taken {
                account: PER_ACCOUNT,
                ..Taken::default()
            },
            1
        ));
    }

    /// The oldest of one's own gives way, never somebody else's, and none that was just begun.
    #[test]
    fn the_oldest_of_ones_own_gives_way() {
        let found = [
            stage(2, 3, 3, -9000, 40),
            stage(1, 1, 1, -700, 10),
            stage(1, 2, 2, -800, 20),
        ];
        let by = stage(1, 1, 9, 0, 0).place;
        let now = Timestamp::from_micros(1_800_000_000_000_000);
        assert_eq!(gives_way(&found, by, now), Some(2));
        assert_eq!(gives_way(&found[..2], by, now), Some(1));
        assert_eq!(gives_way(&found[..1], by, now), None);
        assert_eq!(gives_way(&found[1..], by, now.plus_seconds(-650)), None);
    }
}
