//! Notices: what an administrator should know about the installation and act on.
//!
//! They are states, not events: the code that finds a fault raises a notice, and clears it once the fault is gone. They
//! are kept in memory only, because each fault is found again, also after a restart; what has to be remembered goes to
//! the trail.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cutis_domain::{Administrator, Clock, Timestamp};

use crate::Practice;

/// How soon a person should act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Now: records, images or the proof of what happened are at risk.
    Critical,
    /// Soon: everything works, but with less protection or not for much longer.
    Warning,
}

/// What there can be notices about, at most one of each kind. The most urgent come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeCode {
    /// Rows or events are not what the trail attests.
    Integrity,
    /// The trail's end outside the database does not fit the database.
    TrailHead,
    /// A patient's key is missing although there are images.
    KeyMissing,
    /// A mark that says that a patient's key was destroyed was not written by this program.
    MarkForged,
    /// A sweep of images would have taken too many and stopped.
    SweepStopped,
    /// The disk is full; only what must continue works.
    DiskFull,
    /// An image, or the key of one, could not be made durable.
    BlobSync,
    /// The disk is nearly full; everything still works.
    DiskLow,
    /// Files without a record wait in quarantine.
    Quarantine,
    /// A checkpoint could not be written to the second folder.
    Checkpoint,
    /// Decode workers are confined less than they should be.
    Confinement,
    /// The program was started despite a warning, by a typed command.
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

    /// How soon a person should act.
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
    /// What was found, in a sentence or two. Never a patient's data, never a secret.
    pub message: Cow<'static, str>,
    /// What to do about it.
    pub remedy: Cow<'static, str>,
    /// When it was first found, as far as this run of the program knows.
    pub since: Timestamp,
}

/// The current notices. Cheap to clone; every clone is the same board.
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
    /// An empty board; `clock` tells when a notice was raised.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            standing: Arc::default(),
        }
    }

    /// Raises a notice; returns whether it is new. If it is raised again, it takes the newer text and keeps its time.
    /// Administrators see the whole message, so it must hold no patient's data and no secret.
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

    /// Clears a notice; returns whether there was one.
    pub fn clear(&self, code: NoticeCode) -> bool {
        self.standing().remove(&code).is_some()
    }

    /// The current notices, the most urgent first.
    pub fn list(&self) -> Vec<Notice> {
        self.standing().values().cloned().collect()
    }

    fn standing(&self) -> MutexGuard<'_, BTreeMap<NoticeCode, Notice>> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Practice {
    /// The current notices. They hold nothing clinical and nothing about an account, so viewing them leaves no event.
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

    /// A notice appears once, with the time when it was first found and the text of when it was last found.
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
