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

/// The progress of one download, written by who sends it.
pub(super) type Shared = Arc<Mutex<Progress>>;

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
pub(super) fn read(progress: &Shared) -> Progress {
    *progress.lock().unwrap_or_else(PoisonError::into_inner)
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
            progress: Arc::new(Mutex::new(progress)),
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

    /// Fetches a download; nobody can fetch it again.
    pub(super) fn fetch(
        &self,
        holder: Holder,
        id: ArchiveId,
        now: Timestamp,
    ) -> Result<(Work, Shared), NotNow> {
        let mut kept = self.kept();
        let sending = |one: &&Kept| one.holder.shares_account_with(holder) && one.stage() == Stage::Sending;
        let sending = kept.values().filter(sending).count();
        let one = kept.get_mut(&id).filter(|one| one.holder == holder);
        let one = one.filter(|one| one.may_be_fetched(now)).ok_or(NotNow::Absent)?;
        if sending >= MOST_SENDING {
            return Err(NotNow::Busy);
        }
        let work = one.work.take().ok_or(NotNow::Absent)?;
        let progress = Arc::clone(&one.progress);
        progress.lock().unwrap_or_else(PoisonError::into_inner).stage = Stage::Sending;
        Ok((work, progress))
    }
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
