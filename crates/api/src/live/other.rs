//! Connections, as others are told of them.

use std::fmt;
use std::sync::Arc;

use cutis_domain::entry::Field;

/// A connection, for as long as the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ConnectionId(pub(super) u64);

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.0)
    }
}

/// Another connection of the account that has a visit open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Other {
    pub(super) connection: ConnectionId,
    /// The program, by its own account.
    pub(super) device: Option<Arc<str>>,
    pub(super) field: Option<Field>,
}
