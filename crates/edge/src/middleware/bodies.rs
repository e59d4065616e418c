//! How large the body of a request may be, and who reads it.

use std::collections::HashMap;
use std::sync::Arc;

/// The rule for the bodies of one route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyRule {
    /// For people who are signed in: up to the limit of [`crate::limits::Limits::body_bytes`]. It is read
    /// before the request takes a place, or, from somebody not known yet, after the session was checked.
    SignedIn,
    /// For anybody, before sign-in: up to [`crate::limits::Limits::stranger_body_bytes`], read before the
    /// request takes a place.
    Anyone,
    /// Read by the handler as it arrives, up to this many bytes.
    Streamed {
        /// The limit.
        bytes: u64,
    },
}

/// The rule of each route, by its template. A route that isn't listed has [`BodyRule::SignedIn`].
///
/// One table, because a request's body may be read before any route sees the request.
#[derive(Debug, Clone, Default)]
pub struct Bodies(Arc<HashMap<&'static str, BodyRule>>);

impl Bodies {
    /// These routes, each with its rule.
    pub fn new(rules: impl IntoIterator<Item = (&'static str, BodyRule)>) -> Self {
        Self(Arc::new(rules.into_iter().collect()))
    }

    /// The rule of a route.
    pub fn rule(&self, route: &str) -> BodyRule {
        self.0.get(route).copied().unwrap_or(BodyRule::SignedIn)
    }
}
