//! How much room the disk has, as the store needs to know it.

use crate::error::{ErrorKind, Result, StorageError};

/// Watches the disk. A reserve is kept for what must still work when the disk is full: the events of views and
/// refusals, sessions that begin and end. Changes are refused before they could use it up.
pub trait Room: Send + Sync {
    /// Called before each group of units on the writer's thread: releases part of the reserve if the disk has too
    /// little room for a group. Quick, since every write waits for it.
    fn make_way(&self);

    /// Whether there is room for changes and images.
    fn takes_changes(&self) -> bool;

    /// Called when there was no room for a write, whatever the disk reports: a quota or another limit may have been
    /// reached. The person who looks after the disk should be told at once.
    fn found_none(&self) {}

    /// The state of the disk now. Quick, because requests for readiness wait for it.
    fn space(&self) -> DiskSpace {
        DiskSpace {
            level: Level::Enough,
            free: None,
            total: None,
        }
    }
}

/// The state of a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// There is enough room.
    Enough,
    /// Everything works, and somebody should make room.
    Filling,
    /// Changes and images are refused.
    Full,
}

/// How much room there is, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiskSpace {
    /// What that means.
    pub level: Level,
    /// Bytes that may still be written.
    pub free: Option<u64>,
    /// Bytes of the whole disk.
    pub total: Option<u64>,
}

/// A disk that is never full: for databases that are not on a disk, and for reading only.
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
