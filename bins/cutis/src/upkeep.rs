//! What a server does on its own while it runs: it compares the stores with the rows every hour, and writes a
//! checkpoint every day, at its start and at its stop.

use std::path::{Path, PathBuf};

use cutis_audit::{Action, Detail, Event, Target};
use cutis_domain::{Caller, PatientId, System, Timestamp};
use cutis_practice::{Board, NoticeCode};
use cutis_records::Records;
use cutis_records::images::{Amount, Tally, Upkeep};
use cutis_storage::Store;

use crate::checkpoints::{Notary, to_the_second};
use crate::recover::record::Record;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// What to do about a folder for checkpoints that cannot be written to.
const CONNECT: &str = "Connect the disk or create the folder, and make sure that Cutis may write there. Once it is \
                       available again, a checkpoint is written within a minute; otherwise the next is due tomorrow \
                       and when Cutis is stopped.";
/// What to do about files among the checkpoints that are not checkpoints of this trail.
const REMOVE: &str = "Find out who put the files there, and move them away. If they were damaged, restore them from \
                      another copy. Cutis checks them again at its next start.";

/// Does the regular work.
#[derive(Debug)]
pub struct Housekeeper {
    records: Records,
    store: Store,
    notices: Board,
    notary: Notary,
    /// Files among the checkpoints that are not checkpoints of this trail.
    troubles: Vec<String>,
    data: PathBuf,
    swept: Option<Timestamp>,
    noted: Option<Timestamp>,
    /// Whether the second folder for checkpoints was missing when it was last checked.
    absent: bool,
}

impl Housekeeper {
    /// The state before any work was done.
    pub const fn new(
        records: Records,
        store: Store,
        notices: Board,
        notary: Notary,
        troubles: Vec<String>,
        data: PathBuf,
    ) -> Self {
        Self {
            records,
            store,
            notices,
            notary,
            troubles,
            data,
            swept: None,
            noted: None,
            absent: false,
        }
    }

    /// Raises a notice if the second folder for checkpoints is missing, or foreign files are among them, so that it
    /// appears right at the start.
    pub fn look(&mut self) {
        self.absent = self.notary.missing().is_some();
        self.tell_of_places(self.notary.missing().map(not_there));
    }

    /// Checks whether the causes of notices are gone: patients' keys and marks that were put right, and the second
    /// folder for checkpoints, which gets the one it missed once it is there again. Costs nothing while there are no
    /// such notices.
    pub async fn look_again(&mut self, system: &System) {
        let standing = self.notices.list();
        let stands = |code| standing.iter().any(|notice| notice.code == code);
        if stands(NoticeCode::KeyMissing) || stands(NoticeCode::MarkForged) {
            match self.records.unusable_keys().await {
                Ok((missing, refused)) => {
                    tell_of_keys(&self.notices, &missing, &self.data.display().to_string());
                    tell_of_marks(&self.notices, &refused);
                }
                Err(error) => tracing::warn!(%error, "the patients' keys could not be read"),
            }
        }
        let absent = self.notary.missing().is_some();
        if std::mem::replace(&mut self.absent, absent) && !absent {
            self.note(system.caller()).await;
        }
    }

    /// Raises a notice about what is wrong with the folders of checkpoints, including `unwritten`, to which one could
    /// not be written; clears it if nothing is wrong.
    fn tell_of_places(&self, unwritten: Option<String>) {
        let remedy = match (&unwritten, self.troubles.is_empty()) {
            (Some(_), _) => CONNECT,
            (None, false) => REMOVE,
            (None, true) => {
                self.notices.clear(NoticeCode::Checkpoint);
                return;
            }
        };
        let said: Vec<String> = self.troubles.iter().cloned().chain(unwritten).collect();
        self.notices.raise(NoticeCode::Checkpoint, said.join(" "), remedy);
    }

    /// Does what is due. Setting the clock back only makes it due sooner.
    pub async fn keep_house(&mut self, system: &System) {
        self.look_again(system).await;
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
                tracing::info!(
                    photo_files = found.blobs.stored,
                    orphans = found.blobs.orphans,
                    moved = found.blobs.moved,
                    returned = found.blobs.returned,
                    exchanged = found.blobs.exchanged,
                    undecided = found.blobs.undecided,
                    keys = found.keys.stored,
                    orphaned_keys = found.keys.orphans,
                    moved_keys = found.keys.moved,
                    returned_keys = found.keys.returned,
                    exchanged_keys = found.keys.exchanged,
                    undecided_keys = found.keys.undecided,
                    stopped = found.stopped,
                    missing_keys = found.missing_keys.len(),
                    refused_marks = found.refused_marks.len(),
                    "the stores were compared with the rows"
                );
                tell(&self.notices, &found, &self.data.display().to_string());
            }
            Err(error) => tracing::warn!(%error, "the stores could not be compared with the rows"),
        }
        match self.records.expire_uploads(by).await {
            Ok((ended, left)) => tracing::info!(ended, left, "unfinished uploads were looked through"),
            Err(error) => tracing::warn!(%error, "unfinished uploads could not be looked through"),
        }
    }

    /// Writes a checkpoint of the trail as it is, and records that it left.
    pub async fn note(&mut self, by: &Caller) {
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
        let event = if failed.is_empty() { event } else { event.failed() };
        for (place, error) in &failed {
            tracing::error!(place = %place.display(), %error, "a checkpoint could not be written");
        }
        self.absent = self.notary.missing().is_some();
        let missing = self.notary.missing();
        let places: Vec<String> = failed
            .iter()
            .filter(|(place, _)| missing != Some(place.as_path()))
            .map(|(place, error)| format!("{} ({error})", place.display()))
            .collect();
        let unwritten = (!places.is_empty()).then(|| {
            format!(
                "The checkpoint of the trail could not be written to {}.",
                places.join(" and ")
            )
        });
        // A place that is not there is told as the start tells it.
        let said: Vec<String> = missing.map(not_there).into_iter().chain(unwritten).collect();
        self.tell_of_places((!said.is_empty()).then(|| said.join(" ")));
        if let Err(error) = self.store.record(by, vec![event]).await {
            tracing::warn!(%error, "that a checkpoint was written could not be recorded");
        }
    }
}

fn not_there(place: &Path) -> String {
    format!(
        "The second folder for checkpoints of the trail, {}, does not exist or is not a folder.",
        place.display()
    )
}

fn is_due(last: Option<Timestamp>, now: Timestamp, seconds: i64) -> bool {
    last.is_none_or(|last| now < last || now >= last.plus_seconds(seconds))
}

/// For how long after a recovery each start raises a notice about it.
const RECALLED: i64 = 90 * DAY;

/// Raises the notice that a recovery continued the trail despite what was seen of it, if that was recent; `audit
/// verify` always reports it.
pub fn recall(notices: &Board, recoveries: &[Record], now: Timestamp, data: &Path) {
    let lately = recoveries
        .iter()
        .filter(|record| now < record.at.plus_seconds(RECALLED))
        .max_by_key(|record| record.at);
    let Some(record) = lately else { return };
    let what = match record.reason.as_str() {
        "no_database" => "the practice was started over without its database",
        "behind" => "the practice continued with an older database",
        "forked" => "the practice continued with a database other than the one seen before",
        "no_head" => "the practice continued without the file that says where its trail ended",
        "returned" => "a lost database was restored, and what was done in between was abandoned",
        _ => "a recovery was started and cancelled, because the database was back",
    };
    notices.raise(
        NoticeCode::Override,
        format!("By a command typed on the host, {what} (cutis recover, {}).", to_the_second(record.at)),
        format!(
            "If you know about it, nothing needs to be done; this notice disappears after 90 days. If not, ask who has \
             access to the host, and run `cutis audit verify --data {} --against` with the folder where checkpoints \
             are kept elsewhere.",
            data.display()
        ),
    );
}

/// Raises and clears the notices about what was found.
fn tell(notices: &Board, found: &Upkeep, data: &str) {
    if found.stopped {
        notices.raise(
            NoticeCode::SweepStopped,
            format!(
                "{} of {} photo files and {} of {} patients' keys belong to no record in the database. That is more \
                 than crashes explain, so nothing was moved.",
                found.blobs.orphans, found.blobs.stored, found.keys.orphans, found.keys.stored
            ),
            format!(
                "An older database may have been put in place: keep a copy of the data folder, then ask whoever did \
                 it. If everything is as it should be, stop Cutis and run `cutis quarantine sweep --data {data}`."
            ),
        );
    } else {
        notices.clear(NoticeCode::SweepStopped);
    }
    tell_of_keys(notices, &found.missing_keys, data);
    tell_of_marks(notices, &found.refused_marks);
    let said = quarantine(found, data);
    if let Some((message, remedy)) = said {
        notices.raise(NoticeCode::Quarantine, message, remedy);
    }
}

fn tell_of_keys(notices: &Board, missing: &[PatientId], data: &str) {
    if missing.is_empty() {
        notices.clear(NoticeCode::KeyMissing);
    } else {
        notices.raise(
            NoticeCode::KeyMissing,
            match missing {
                [patient] => format!(
                    "The key of patient {patient}, who has photos, is missing. Nothing of theirs can be shown or \
                     added."
                ),
                many => format!(
                    "The keys of {} patients with photos are missing, such as that of patient {}. Nothing of \
                     theirs can be shown or added.",
                    many.len(),
                    many.first().map(ToString::to_string).unwrap_or_default()
                ),
            },
            format!(
                "Restore what is missing from the newest copy of the folder keys/patients. `cutis audit verify --data \
                 {data}` lists every patient."
            ),
        );
    }
}

fn tell_of_marks(notices: &Board, refused: &[PatientId]) {
    if refused.is_empty() {
        notices.clear(NoticeCode::MarkForged);
    } else {
        notices.raise(
            NoticeCode::MarkForged,
            match refused {
                [patient] => format!(
                    "A file in keys/patients says that the key of patient {patient} was destroyed, and Cutis did not \
                     write it. The key is unchanged, and this patient is locked."
                ),
                many => format!(
                    "{} files in keys/patients say that a patient's key was destroyed, such as that of patient {}, and \
                     Cutis did not write them. The keys are unchanged, and these patients are locked.",
                    many.len(),
                    many.first().map(ToString::to_string).unwrap_or_default()
                ),
            },
            "Find out who wrote the files ending in .destroyed, then remove them and start Cutis again.",
        );
    }
}

/// The most serious finding about the quarantine.
fn quarantine(found: &Upkeep, data: &str) -> Option<(String, String)> {
    let sum = |of: fn(&Tally) -> u64| of(&found.blobs).saturating_add(of(&found.keys));
    let (undecided, exchanged, moved) = (sum(|it| it.undecided), sum(|it| it.exchanged), sum(|it| it.moved));
    if undecided > 0 {
        let what = if undecided == 1 {
            "One file that the database needs is in the quarantine while another is in its place".to_owned()
        } else {
            format!(
                "{undecided} files that the database needs are in the quarantine while others are in their places"
            )
        };
        Some((
            format!("{what}, and it cannot be determined which are right."),
            format!(
                "Keep a copy of the data folder. `cutis audit verify --data {data} --deep` lists what does not open; \
                 restore the right files from the newest copy."
            ),
        ))
    } else if exchanged > 0 {
        let what = if exchanged == 1 {
            "One file that is not a photo or key of this practice was in the place of one, and was".to_owned()
        } else {
            format!(
                "{exchanged} files that are not photos or keys of this practice were in the places of some, and were"
            )
        };
        let (right, them) = if exchanged == 1 {
            ("the right one, which was there, was restored", "it")
        } else {
            ("the right ones, which were there, were restored", "them")
        };
        Some((
            format!("{what} moved to the quarantine; {right}."),
            format!(
                "Find out who put {them} there. `record.txt` in {data}/quarantine/blobs and keys names {them}; nothing else \
                 needs to be done."
            ),
        ))
    } else if moved > 0 {
        let what = if moved == 1 {
            "One file that belongs to no record in the database was".to_owned()
        } else {
            format!("{moved} files that belong to no record in the database were")
        };
        Some((
            format!("{what} moved to the quarantine."),
            format!(
                "Nothing needs to be done. `cutis quarantine list --data {data}` shows how much is there; what is \
                 needed returns automatically."
            ),
        ))
    } else {
        None
    }
}
