//! What decisions need to know of a consent record, and no more.

use cutis_domain::{ConsentId, Timestamp};

use crate::Purposes;

/// What one consent record grants.
///
/// A grant that a ledger lists has been given, whatever the clock says now: `given_at` only orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// The record.
    pub consent: ConsentId,
    /// What was agreed to.
    pub purposes: Purposes,
    /// When it was recorded.
    pub given_at: Timestamp,
    /// From this instant on it no longer counts; exclusive. `None`: until revoked.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked. Final, so any value ends the grant, even one after now.
    pub revoked_at: Option<Timestamp>,
}
