//! Sessions that were valid a moment ago, so that admission can tell a colleague from a stranger without asking the
//! database.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::time::Instant;

use crate::listener::Standing;

/// How long a session counts as known after it was last found valid; no session may be idle for longer.
const KNOWN_FOR: Duration = Duration::from_hours(1);
/// Sessions known at once. A practice has a few dozen.
const MOST: usize = 4096;

/// The key of a session here: a digest of its cookie's value, which grants no access.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Pass([u8; 32]);

impl Pass {
    pub(super) fn of(cookie: &[u8]) -> Self {
        Self(Sha256::digest(cookie).into())
    }
}

impl fmt::Debug for Pass {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Pass")
    }
}

/// The known sessions, each with the time when it was last found valid.
#[derive(Debug, Clone, Default)]
pub(super) struct Known(Arc<Mutex<HashMap<Pass, Instant>>>);

impl Known {
    pub(super) fn contains(&self, pass: Pass) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&pass).is_some_and(|seen| seen.elapsed() < KNOWN_FOR)
    }

    fn insert(&self, pass: Pass) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST && !known.contains_key(&pass) {
            known.retain(|_, seen| seen.elapsed() < KNOWN_FOR);
            let oldest = known.iter().min_by_key(|(_, seen)| **seen).map(|(pass, _)| *pass);
            if let Some(oldest) = oldest.filter(|_| known.len() >= MOST) {
                known.remove(&oldest);
            }
        }
        known.insert(pass, Instant::now());
    }

    fn remove(&self, pass: Pass) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&pass);
    }
}

/// With this, the API tells admission which session turned out to be valid. An extension of every request.
#[derive(Debug, Clone)]
pub struct Acquaintance {
    known: Known,
    shown: Option<Pass>,
    standing: Option<Standing>,
}

impl Acquaintance {
    pub(super) fn new(known: Known, shown: Option<Pass>, standing: Option<Standing>) -> Self {
        Self {
            known,
            shown,
            standing,
        }
    }

    /// The session of this request is valid: its next requests take the places that are reserved for signed-in people.
    pub fn vouch(&self) {
        if let Some(pass) = self.shown {
            self.known.insert(pass);
            self.stand();
        }
    }

    /// The session is not, or no longer, valid.
    pub fn disown(&self) {
        if let Some(pass) = self.shown {
            self.known.remove(pass);
        }
    }

    /// A session has just begun, with this value in its cookie.
    pub fn introduce(&self, cookie: &str) {
        self.known.insert(Pass::of(cookie.as_bytes()));
        self.stand();
    }

    /// Its connection must not be closed for a stranger.
    pub(super) fn stand(&self) {
        if let Some(standing) = &self.standing {
            standing.vouch();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass(number: usize) -> Pass {
        Pass::of(&number.to_be_bytes())
    }

    #[tokio::test(start_paused = true)]
    async fn a_session_is_known_for_an_hour_and_forgotten_at_once() {
        let known = Known::default();
        let acquaintance = Acquaintance::new(known.clone(), Some(pass(1)), None);
        assert!(!known.contains(pass(1)));
        acquaintance.vouch();
        tokio::time::advance(Duration::from_mins(59)).await;
        assert!(known.contains(pass(1)));
        tokio::time::advance(Duration::from_mins(1)).await;
        assert!(!known.contains(pass(1)));
        acquaintance.vouch();
        acquaintance.disown();
        assert!(!known.contains(pass(1)));
        acquaintance.introduce("token");
        assert!(known.contains(Pass::of(b"token")));
    }

    #[tokio::test(start_paused = true)]
    async fn the_longest_unseen_goes_when_there_are_too_many() {
        let known = Known::default();
        for number in 0..=MOST {
            tokio::time::advance(Duration::from_micros(1)).await;
            known.insert(pass(number));
        }
        assert!(!known.contains(pass(0)) && known.contains(pass(1)) && known.contains(pass(MOST)));
    }
}
