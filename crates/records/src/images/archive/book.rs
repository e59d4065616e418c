//! Downloads that were asked for: where each stands, and that each is fetched once, soon, and by the session that asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cutis_domain::{ArchiveId, ImageId, PatientId, Timestamp};
use cutis_storage::port::StoredImage;

use super::{Destination, Form};
use crate::images::fair::Holder;

/// How long a download may be fetched after it was asked for, in seconds.
pub const LASTING: i64 = 120;
/// How long it can be asked afterwards how it went, in seconds after it was asked for.
const REMEMBERED: i64 = 12 * 3600;
/// The most downloads that one session has waiting to be fetched; the oldest of more is dropped.
const MOST_WAITING: usize = 4;
/// The most downloads that are sent to one account at a time.
const MOST_SENDING: usize = 2;
/// How long nobody may have taken anything of a download before another of the account may take its place, in seconds.
const STALLED: i64 = 10;
/// The most downloads that wait to be fetched, over all sessions: 13 MB at most.
const MOST_WAITING_IN_ALL: usize = 64;
/// The most that are remembered.
const MOST: usize = 2_000;

/// What is to be sent.
#[derive(Debug, Clone)]
pub(super) struct Work {
    pub(super) id: ArchiveId,
    pub(super) patient: PatientId,
    /// As they were when it was asked for, without what people wrote: about 400 bytes each.
    pub(super) images: Vec<StoredImage>,
    pub(super) form: Form,
    pub(super) destination: Destination,
    /// How long the archive will be, if that is known.
    pub(super) bytes: Option<u64>,
}

/// Why a download stopped before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The server was too busy.
    Busy,
    /// The connection was closed, or the download cancelled.
    Connection,
    /// The patient's consent no longer covers it.
    Consent,
    /// A photo is no longer there.
    Gone,
    /// The session ended.
    Session,
    /// Nobody took anything of it for a while, and another download of the account took its place.
    Stalled,
    /// The server could not read its records, or not record what it did.
    Storage,
    /// A photo could not be read.
    Unreadable,
    /// A photo could not be rendered in full size.
    Unrenderable,
}

impl Why {
    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Connection => "connection",
            Self::Consent => "consent_required",
            Self::Gone => "photo_gone",
            Self::Session => "session_ended",
            Self::Stalled => "stalled",
            Self::Storage => "storage",
            Self::Unreadable => "photo_unreadable",
            Self::Unrenderable => "photo_unrenderable",
        }
    }
}

/// Where a download stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It can be fetched.
    Ready,
    /// It is on its way.
    Sending,
    /// All of it was sent.
    Sent,
    /// It broke off.
    Stopped {
        /// Why.
        why: Why,
        /// At which image, if it was because of one.
        image: Option<ImageId>,
    },
}

/// Where a download stands, and how far it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Where it stands.
    pub stage: Stage,
    /// How many images have left whole.
    pub sent: usize,
    /// How many there are.
    pub of: usize,
}

/// What the book and whoever sends a download tell each other.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) progress: Progress,
    /// Since when nobody has asked for more of it; `None` while more is made ready, which is not the receiver's doing.
    pub(super) untaken_since: Option<Timestamp>,
}

/// The course of one download.
pub(super) type Shared = Arc<Mutex<Course>>;

struct Kept {
    holder: Holder,
    asked_at: Timestamp,
    /// Until it is fetched.
    work: Option<Work>,
    progress: Shared,
}

impl Kept {
    fn stage(&self) -> Stage {
        read(&self.progress).stage
    }

    fn may_be_fetched(&self, now: Timestamp) -> bool {
        self.work.is_some() && (0..LASTING).contains(&now.seconds_since(self.asked_at))
    }
}

/// What is written there is whole under the lock, so a panic elsewhere leaves it right.
pub(super) fn course(shared: &Shared) -> MutexGuard<'_, Course> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn read(shared: &Shared) -> Progress {
    course(shared).progress
}

/// How many bytes a download has, if that is known beforehand.
pub(super) struct Length(pub(super) Option<u64>);

/// Why a download can't be fetched.
pub(super) enum NotNow {
    /// There is none, or it was fetched, or it is too old, or somebody else's.
    Absent,
    /// The account is being sent others.
    Busy,
}

/// The downloads that were asked for. In memory: after a restart they are asked for again.
#[derive(Default)]
pub struct Archives {
    kept: Mutex<HashMap<ArchiveId, Kept>>,
}

impl std::fmt::Debug for Archives {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archives").finish_non_exhaustive()
    }
}

impl Archives {
    fn kept(&self) -> MutexGuard<'_, HashMap<ArchiveId, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what was asked for, to be fetched.
    pub(super) fn keep(&self, holder: Holder, work: Work, now: Timestamp) {
        let mut kept = self.kept();
        kept.retain(|_, one| {
            let waits = one.may_be_fetched(now) || one.stage() == Stage::Sending;
            waits || (0..REMEMBERED).contains(&now.seconds_since(one.asked_at))
        });
        let waiting = |one: &Kept| one.holder == holder && one.work.is_some();
        while kept.values().filter(|one| waiting(one)).count() >= MOST_WAITING {
            drop_oldest(&mut kept, waiting);
        }
        while kept.values().filter(|one| one.work.is_some()).count() >= MOST_WAITING_IN_ALL {
            drop_oldest(&mut kept, |one| one.work.is_some());
        }
        while kept.len() >= MOST {
            drop_oldest(&mut kept, |_| true);
        }
        let progress = Progress {
            stage: Stage::Ready,
            sent: 0,
            of: work.images.len(),
        };
        let one = Kept {
            holder,
            asked_at: now,
            progress: Arc::new(Mutex::new(Course {
                progress,
                untaken_since: None,
            })),
            work: Some(work),
        };
        if let Some(id) = one.work.as_ref().map(|work| work.id) {
            kept.insert(id, one);
        }
    }

    /// Where a download of this session stands. One that was not fetched in time is not there any more.
    pub(super) fn progress(&self, holder: Holder, id: ArchiveId, now: Timestamp) -> Option<Progress> {
        let kept = self.kept();
        let one = kept.get(&id).filter(|one| one.holder == holder)?;
        (one.work.is_none() || one.may_be_fetched(now)).then(|| read(&one.progress))
    }

    /// What a download that can be fetched will be like.
    pub(super) fn peek(&self, holder: Holder, id: ArchiveId, now: Timestamp) -> Option<Length> {
        let kept = self.kept();
        let one = kept.get(&id).filter(|one| one.holder == holder)?;
        let work = one.work.as_ref().filter(|_| one.may_be_fetched(now))?;
        Some(Length(work.bytes))
    }

    /// Fetches a download; nobody can fetch it again. While the account is being sent as many as it may, the one of them
    /// that nobody took anything of for the longest makes room, if that is ten seconds: it was given up, or its device
    /// sleeps, and a person waits for this one.
    pub(super) fn fetch(
        &self,
        holder: Holder,
        id: ArchiveId,
        now: Timestamp,
    ) -> Result<(Work, Shared), NotNow> {
        let mut kept = self.kept();
        let sending = |one: &&Kept| one.holder.shares_account_with(holder) && one.stage() == Stage::Sending;
        let sending: Vec<Shared> = kept
            .values()
            .filter(sending)
            .map(|one| Arc::clone(&one.progress))
            .collect();
        let one = kept.get_mut(&id).filter(|one| one.holder == holder);
        let one = one.filter(|one| one.may_be_fetched(now)).ok_or(NotNow::Absent)?;
        if sending.len() >= MOST_SENDING {
            end_stalled(&sending, now)?;
        }
        let work = one.work.take().ok_or(NotNow::Absent)?;
        let progress = Arc::clone(&one.progress);
        let mut course = course(&progress);
        course.progress.stage = Stage::Sending;
        course.untaken_since = Some(now);
        drop(course);
        Ok((work, progress))
    }
}

/// Ends the download that nobody took anything of for the longest. Whoever sends it sees that when they are asked for more,
/// and records it.
fn end_stalled(sending: &[Shared], now: Timestamp) -> Result<(), NotNow> {
    let stalled = sending.iter().filter_map(|shared| {
        let since = course(shared).untaken_since?;
        (now.seconds_since(since) >= STALLED).then_some((since, shared))
    });
    let (_, longest) = stalled.min_by_key(|(since, _)| *since).ok_or(NotNow::Busy)?;
    course(longest).progress.stage = Stage::Stopped {
        why: Why::Stalled,
        image: None,
    };
    Ok(())
}

fn drop_oldest(kept: &mut HashMap<ArchiveId, Kept>, of: impl Fn(&Kept) -> bool) {
    let oldest = kept.iter().filter(|(_, one)| of(one));
    let oldest = oldest
        .min_by_key(|(id, one)| (one.asked_at, **id))
        .map(|(id, _)| *id);
    if let Some(oldest) = oldest {
        kept.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use cutis_domain::{AccountId, Caller, Clinician, Scope, SessionId, account::Username};

    use super::*;

    fn holder(session: u8) -> Holder {
        let account = AccountId::from_bytes([1; 16]);
        let username = Username::parse("anna").expect("valid");
        let caller = Caller::system().signed_in(account, username, SessionId::from_bytes([session; 16]));
        Holder::from(&Clinician::assertion(Scope::assertion(account), caller))
    }

    fn asked(book: &Archives, number: u8, now: Timestamp) -> ArchiveId {
        let id = ArchiveId::from_bytes([number; 16]);
        let work = Work {
            id,
            patient: PatientId::from_bytes([7; 16]),
            images: Vec::new(),
            form: Form::Originals,
            destination: Destination::Patient,
            bytes: None,
        };
        book.keep(holder(number), work, now);
        id
    }

    /// A download that nobody takes anything of makes room for the account's next, whichever session has it; one that is
    /// being read, or that the server is still making ready, does not.
    #[test]
    fn a_stalled_download_makes_room() {
        let (book, start) = (Archives::default(), Timestamp::from_micros(1_790_000_000_000_000));
        let ids = [1, 2, 3, 4].map(|number| asked(&book, number, start));
        let fetch = |place: usize, now| {
            let number = u8::try_from(place + 1).expect("small");
            book.fetch(holder(number), ids[place], now)
        };
        let stage = |place: usize, now| {
            let number = u8::try_from(place + 1).expect("small");
            book.progress(holder(number), ids[place], now)
                .map(|progress| progress.stage)
        };
        let (_, first) = fetch(0, start).ok().expect("the first");
        let (_, second) = fetch(1, start.plus_seconds(1)).ok().expect("the second");
        assert!(matches!(fetch(2, start.plus_seconds(9)), Err(NotNow::Busy)));
        // Some of the first was just taken, and more of the second is being made.
        let now = start.plus_seconds(30);
        course(&first).untaken_since = Some(start.plus_seconds(21));
        course(&second).untaken_since = None;
        assert!(matches!(fetch(2, now), Err(NotNow::Busy)));
        // The clock was set back: nobody knows how long.
        assert!(matches!(fetch(2, start.plus_seconds(5)), Err(NotNow::Busy)));
        let now = start.plus_seconds(31);
        assert!(fetch(2, now).is_ok());
        let stalled = Stage::Stopped {
            why: Why::Stalled,
            image: None,
        };
        assert_eq!(stage(0, now), Some(stalled));
        assert_eq!(stage(1, now), Some(Stage::Sending));
        assert_eq!(stage(2, now), Some(Stage::Sending));
        // Two are being sent again, and the new one has just begun.
        assert!(matches!(fetch(3, now), Err(NotNow::Busy)));
        // Of several the one that stood still for the longest.
        course(&second).untaken_since = Some(start.plus_seconds(32));
        assert!(fetch(3, start.plus_seconds(50)).is_ok());
        assert_eq!(stage(1, now), Some(Stage::Sending));
        assert_eq!(stage(2, now), Some(stalled));
    }
}
