//! The part of a consent record that decisions need.

use cutis_domain::{ConsentId, Timestamp};

use crate::Purposes;

/// What one consent record grants.
///
/// A grant in a ledger counts as given whatever the clock says now: `given_at` only determines the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// The record.
    pub consent: ConsentId,
    /// What was agreed to.
    pub purposes: Purposes,
    /// When it was recorded.
    pub given_at: Timestamp,
    /// The instant from which it no longer counts. `None`: until revoked.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked. Final, so any value ends the grant, even one after now.
    pub revoked_at: Option<Timestamp>,
}
