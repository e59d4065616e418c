//! How much room the disk has, as the store needs to know it.

use crate::error::{ErrorKind, Result, StorageError};

/// Watches the disk. A reserve is kept for what must go on when the disk is full: the events of views and
/// refusals, sessions that begin and end. Changes are refused before they could eat into it.
pub trait Room: Send + Sync {
    /// Called before each group of units on the writer's thread: gives part of the reserve free if the
    /// disk has too little room for a group. Quick, since every write waits for it.
    fn make_way(&self);

    /// Whether there is room for changes and images.
    fn takes_changes(&self) -> bool;

    /// Called when a write found no room, whatever the disk says of itself: it may be a quota or another
    /// limit that was met. Whoever looks after the disk is to hear of it at once.
    fn found_none(&self) {}

    /// How the disk stands now. Quick; whoever asks whether the program is ready waits for it.
    fn space(&self) -> DiskSpace {
        DiskSpace {
            level: Level::Enough,
            free: None,
            total: None,
        }
    }
}

/// How a disk stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// There is room enough.
    Enough,
    /// Everything works, and somebody should make room.
    Filling,
    /// Changes and images are refused.
    Full,
}

/// How much room there is, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiskSpace {
    /// What that means.
    pub level: Level,
    /// Bytes that may still be written.
    pub free: Option<u64>,
    /// Bytes of the whole disk.
    pub total: Option<u64>,
}

/// A disk that is never full: for databases that are not on a disk, and for looking at one as it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Endless;

impl Room for Endless {
    fn make_way(&self) {}

    fn takes_changes(&self) -> bool {
        true
    }
}

pub(crate) fn for_changes(room: &dyn Room) -> Result<()> {
    if room.takes_changes() {
        return Ok(());
    }
    Err(StorageError::new(
        ErrorKind::Full,
        "the disk is nearly full; nothing was changed, make room and try again",
    ))
}
