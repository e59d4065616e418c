//! How many connections may be open at once.

use cutis_api::live;
use cutis_edge::limits::Limits;

/// Connections in all, and of each client address. A page that is open holds one for its WebSocket, and a few while it
/// loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// All clients together.
    pub connections: usize,
    /// One client address (for IPv6, one /64 network).
    pub of_a_client: usize,
}

impl Default for Caps {
    /// For a practice of a few dozen devices.
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            connections: limits.connections,
            of_a_client: limits.connections_per_client,
        }
    }
}

impl Caps {
    /// The edge's limits with these.
    pub fn edge(self) -> Limits {
        Limits {
            connections: self.connections,
            connections_per_client: self.of_a_client,
            ..Limits::default()
        }
    }

    /// Pages that may be connected: a quarter of the connections is left for requests.
    pub fn live(self) -> live::Limits {
        live::Limits {
            connections: self.connections / 4 * 3,
            ..live::Limits::default()
        }
    }
}
