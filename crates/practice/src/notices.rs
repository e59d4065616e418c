//! Notices: what an administrator should know about the installation and do something about.
//!
//! They are states, not events: whoever finds a fault raises its notice, whoever finds it gone clears
//! it. They live in memory, because each is found again by whoever looks, also after a new start; what
//! has to be remembered goes to the trail.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cutis_domain::{Administrator, Clock, Timestamp};

use crate::Practice;

/// How soon a person should look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Now: records, images or the proof of what happened are at stake.
    Critical,
    /// Soon: it works, with less protection or not for long.
    Warning,
}

/// What there can be notices about; one of each at most. Ordered by what matters first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeCode {
    /// Rows or events are not what the trail attests.
    Integrity,
    /// The trail's end outside the database does not fit the database.
    TrailHead,
    /// A patient's key is missing although there are images.
    KeyMissing,
    /// The mark that says that a patient's key was destroyed is not ours.
    MarkForged,
    /// A sweep of images would have taken too many and stopped.
    SweepStopped,
    /// The disk is full; only what must go on does.
    DiskFull,
    /// An image, or the key of one, could not be made durable.
    BlobSync,
    /// The disk is nearly full; nothing new is taken.
    DiskLow,
    /// Files without a record wait in quarantine.
    Quarantine,
    /// A checkpoint could not be written to its second place.
    Checkpoint,
    /// Workers that look at images are confined less than they should be.
    Confinement,
    /// The program was started against a warning, by a typed command.
    Override,
}

impl NoticeCode {
    /// Every code.
    pub const ALL: [Self; 12] = [
        Self::Integrity,
        Self::TrailHead,
        Self::KeyMissing,
        Self::MarkForged,
        Self::SweepStopped,
        Self::DiskFull,
        Self::BlobSync,
        Self::DiskLow,
        Self::Quarantine,
        Self::Checkpoint,
        Self::Confinement,
        Self::Override,
    ];

    /// Its name on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Integrity => "integrity",
            Self::TrailHead => "trail_head",
            Self::KeyMissing => "key_missing",
            Self::MarkForged => "mark_forged",
            Self::SweepStopped => "sweep_stopped",
            Self::DiskFull => "disk_full",
            Self::BlobSync => "blob_sync",
            Self::DiskLow => "disk_low",
            Self::Quarantine => "quarantine",
            Self::Checkpoint => "checkpoint",
            Self::Confinement => "confinement",
            Self::Override => "override",
        }
    }

    /// How soon a person should look.
    pub const fn severity(self) -> Severity {
        match self {
            Self::Integrity
            | Self::TrailHead
            | Self::KeyMissing
            | Self::MarkForged
            | Self::SweepStopped
            | Self::DiskFull
            | Self::BlobSync => Severity::Critical,
            Self::DiskLow | Self::Quarantine | Self::Checkpoint | Self::Confinement | Self::Override => {
                Severity::Warning
            }
        }
    }
}

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it is about.
    pub code: NoticeCode,
    /// What is so, in a sentence or two. Never a patient's data, never a secret.
    pub message: Cow<'static, str>,
    /// What to do about it.
    pub remedy: Cow<'static, str>,
    /// Since when it is so, as far as this run of the program knows.
    pub since: Timestamp,
}

/// The notices that stand. Cheap to clone; every clone is the same board.
#[derive(Clone)]
pub struct Board {
    clock: Arc<dyn Clock>,
    standing: Arc<Mutex<BTreeMap<NoticeCode, Notice>>>,
}

impl fmt::Debug for Board {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Board").finish_non_exhaustive()
    }
}

impl Board {
    /// An empty board; `clock` says since when a notice stands.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            standing: Arc::default(),
        }
    }

    /// Raises a notice; says whether it is new. Raised again it takes the newer words and keeps its
    /// time. The message is shown to administrators whole: no patient's data, no secret.
    pub fn raise(
        &self,
        code: NoticeCode,
        message: impl Into<Cow<'static, str>>,
        remedy: impl Into<Cow<'static, str>>,
    ) -> bool {
        let now = self.clock.now();
        let mut standing = self.standing();
        let since = standing.get(&code).map(|notice| notice.since);
        let notice = Notice {
            code,
            message: message.into(),
            remedy: remedy.into(),
            since: since.unwrap_or(now),
        };
        standing.insert(code, notice);
        since.is_none()
    }

    /// Takes a notice down; says whether it stood.
    pub fn clear(&self, code: NoticeCode) -> bool {
        self.standing().remove(&code).is_some()
    }

    /// The notices that stand, what matters first.
    pub fn list(&self) -> Vec<Notice> {
        self.standing().values().cloned().collect()
    }

    fn standing(&self) -> MutexGuard<'_, BTreeMap<NoticeCode, Notice>> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Practice {
    /// The notices that stand. They hold nothing clinical and nothing of an account, and so looking at
    /// them leaves no event.
    pub fn notices(&self, _by: &Administrator) -> Vec<Notice> {
        self.notices.list()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    #[derive(Debug, Default)]
    struct Seconds(AtomicI64);

    impl Clock for Seconds {
        fn now(&self) -> Timestamp {
            Timestamp::EPOCH.plus_seconds(self.0.load(Ordering::SeqCst))
        }
    }

    /// A notice stands once, since when it was first found, in the words of when it was last found.
    #[test]
    fn a_notice_is_raised_once_and_cleared() {
        let clock = Arc::new(Seconds::default());
        let board = Board::new(Arc::<Seconds>::clone(&clock));
        let other = board.clone();
        assert!(board.raise(NoticeCode::DiskLow, "9 % free", "make room"));
        clock.0.store(60, Ordering::SeqCst);
        assert!(!other.raise(NoticeCode::DiskLow, "8 % free", "make room"));
        let stand = board.list();
        assert_eq!(stand.len(), 1);
        assert_eq!(
            stand.first().map(|it| (it.message.as_ref(), it.since)),
            Some(("8 % free", Timestamp::EPOCH))
        );
        assert!(other.clear(NoticeCode::DiskLow));
        assert!(!board.clear(NoticeCode::DiskLow));
        assert!(board.list().is_empty());
        assert!(board.raise(NoticeCode::DiskLow, "9 % free", "make room"));
        assert_eq!(
            board.list().first().map(|it| it.since),
            Some(Timestamp::EPOCH.plus_seconds(60))
        );
    }

    /// What is critical is listed before what can wait, and no two share a code.
    #[test]
    fn what_matters_comes_first() {
        let board = Board::new(Arc::new(Seconds::default()));
        for code in NoticeCode::ALL.into_iter().rev() {
            assert!(board.raise(code, "so", "do"));
        }
        let listed: Vec<NoticeCode> = board.list().into_iter().map(|it| it.code).collect();
        assert_eq!(listed, NoticeCode::ALL);
        assert!(listed.is_sorted_by_key(|code| code.severity()));
        let names: BTreeSet<_> = listed.iter().map(|code| code.code()).collect();
        assert_eq!(names.len(), listed.len());
    }
}
