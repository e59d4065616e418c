//! What a server does by itself while it runs: compares the stores with the rows every hour, and writes a
//! checkpoint every day, at its start and at its end.

use cutis_audit::{Action, Detail, Event, Target};
use cutis_domain::{Caller, System, Timestamp};
use cutis_practice::{Board, NoticeCode};
use cutis_records::Records;
use cutis_records::images::{Amount, Upkeep};
use cutis_storage::Store;

use crate::checkpoints::Notary;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Keeps house.
#[derive(Debug)]
pub struct Housekeeper {
    records: Records,
    store: Store,
    notices: Board,
    notary: Notary,
    swept: Option<Timestamp>,
    noted: Option<Timestamp>,
}

impl Housekeeper {
    /// A housekeeper who has done nothing yet.
    pub const fn new(records: Records, store: Store, notices: Board, notary: Notary) -> Self {
        Self {
            records,
            store,
            notices,
            notary,
            swept: None,
            noted: None,
        }
    }

    /// Does what is due. Whoever sets the clock back only has it done sooner.
    pub async fn keep_house(&mut self, system: &System) {
        let now = self.records.now();
        if is_due(self.swept, now, HOUR) {
            self.swept = Some(now);
            self.sweep(system.caller()).await;
        }
        if is_due(self.noted, now, DAY) {
            self.noted = Some(now);
            self.note(system.caller()).await;
        }
    }

    async fn sweep(&self, by: &Caller) {
        match self.records.keep_up(by, Amount::Small).await {
            Ok(found) => {
                tracing::info!(?found, "the stores were compared with the rows");
                tell(&self.notices, &found);
            }
            Err(error) => tracing::warn!(%error, "the stores could not be compared with the rows"),
        }
    }

    /// Writes a checkpoint of the trail as it is, and records that it left.
    pub async fn note(&self, by: &Caller) {
        let head = match self.store.trail_head().await {
            Ok(Some(head)) => head,
            Ok(None) => return,
            Err(error) => return tracing::warn!(%error, "no checkpoint: the trail's end cannot be read"),
        };
        let failed = self.notary.write(&head, self.records.now());
        let event = Event::new(Action::TrailCheckpoint)
            .target(Target::Trail)
            .detail(Detail::number(
                "events",
                i64::try_from(head.size).unwrap_or(i64::MAX),
            ))
            .detail(Detail::id("root", cutis_domain::Digest::from_bytes(head.root)));
        let event = if failed.is_empty() {
            self.notices.clear(NoticeCode::Checkpoint);
            event
        } else {
            for (place, error) in &failed {
                tracing::error!(place = %place.display(), %error, "a checkpoint could not be written");
            }
            let places: Vec<String> = failed
                .iter()
                .map(|(place, error)| format!("{} ({error})", place.display()))
                .collect();
            self.notices.raise(
                NoticeCode::Checkpoint,
                format!("The checkpoint of the trail could not be written to {}.", places.join(" and ")),
                "Connect the disk or make the folder, and see that Cutis may write there. The next one is written \
                 tomorrow and when Cutis is stopped.",
            );
            event.failed()
        };
        if let Err(error) = self.store.record(by, vec![event]).await {
            tracing::warn!(%error, "that a checkpoint was written could not be recorded");
        }
    }
}

fn is_due(last: Option<Timestamp>, now: Timestamp, seconds: i64) -> bool {
    last.is_none_or(|last| now < last || now >= last.plus_seconds(seconds))
}

/// Raises and clears the notices about what was found.
fn tell(notices: &Board, found: &Upkeep) {
    if found.stopped {
        notices.raise(
            NoticeCode::SweepStopped,
            format!(
                "{} of {} files of photographs and {} of {} patients' keys belong to nobody in the database. That is \
                 more than crashes explain, so nothing was moved.",
                found.blobs.orphans, found.blobs.stored, found.keys.orphans, found.keys.stored
            ),
            "An older database may have been put back: keep a copy of the data folder, then ask whoever did it. If all \
             is as it should be, stop Cutis and run `cutis quarantine sweep`.",
        );
    } else {
        notices.clear(NoticeCode::SweepStopped);
    }
    if found.missing_keys.is_empty() {
        notices.clear(NoticeCode::KeyMissing);
    } else {
        notices.raise(
            NoticeCode::KeyMissing,
            format!(
                "The keys of {} patients with photographs are missing, such as that of patient {}. Nothing of theirs \
                 can be shown or added.",
                found.missing_keys.len(),
                found.missing_keys.first().map(ToString::to_string).unwrap_or_default()
            ),
            "Put the files back from the newest copy of the folder keys/patients. `cutis audit verify` names every one.",
        );
    }
    if found.refused_marks.is_empty() {
        notices.clear(NoticeCode::MarkForged);
    } else {
        notices.raise(
            NoticeCode::MarkForged,
            format!(
                "{} files in keys/patients say that a patient's key was destroyed, such as that of patient {}, and Cutis \
                 did not write them. The keys are as they were, and these patients are locked.",
                found.refused_marks.len(),
                found.refused_marks.first().map(ToString::to_string).unwrap_or_default()
            ),
            "Find out who wrote the files ending in .destroyed, then remove them and start Cutis again.",
        );
    }
    let moved = found.blobs.moved.saturating_add(found.keys.moved);
    if moved > 0 {
        notices.raise(
            NoticeCode::Quarantine,
            format!("{moved} files that belong to nobody in the database were moved to the quarantine."),
            "Nothing needs to be done. `cutis quarantine list` shows them; they come back by themselves if they are needed.",
        );
    }
}
