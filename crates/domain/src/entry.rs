//! Entries: each is one visit of one patient (E1).

use crate::Sensitive;
use crate::account::Username;
use crate::ids::{EntryId, PatientId};
use crate::text::{Line, Text};
use crate::time::Timestamp;

/// An entry as stored.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The identifier.
    pub id: EntryId,
    /// Whose visit.
    pub patient: PatientId,
    /// When the appointment is or was.
    pub appointment_at: Timestamp,
    /// A short heading.
    pub title: Option<Sensitive<Line<1, 200>>>,
    /// Notes (E1: 64 KiB; bounded here in characters).
    pub notes: Sensitive<Text<0, 16_000>>,
    /// Who wrote it, by their username at that time.
    pub author: Username,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}
