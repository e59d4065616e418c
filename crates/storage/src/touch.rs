//! The writes that leave no event. They are data, not closures, so that the whole list fits on one page.

use cutis_domain::{SessionId, Timestamp};

/// A write without an event. Its row carries a keyed digest instead, so that changing it by hand is
/// still found by `cutis audit verify` (U4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    /// A session was used (A7).
    SessionSeen {
        /// Which.
        session: SessionId,
        /// When.
        at: Timestamp,
    },
}
