//! Shares scarce resources between accounts: memory for image bytes, and decode workers.
//!
//! A request takes all that it needs at once, or nothing, so that none holds a part while waiting for the rest (no
//! deadlock). Accounts take turns, and each account's requests are served in order. A request that waits only for its
//! own account's or session's share lets others pass; one that waits for room does not, so that large requests are not
//! starved by small ones. Waiting ends after a time, with [`Busy`].

mod state;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cutis_domain::{AccountId, Clinician, SessionId};
use tokio::sync::oneshot;
use tokio::time::timeout;

use state::State;

/// How a resource is shared. Amounts are bytes of memory or numbers of workers.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// The whole amount.
    pub whole: u64,
    /// The maximum that one account may hold at a time, however much is free.
    pub per_account: u64,
    /// The maximum that one session of an account may hold, so that a device that went to sleep while receiving answers
    /// does not stop its owner's other devices.
    pub per_session: u64,
    /// Requests of one account that may wait at a time; one more is refused at once.
    pub waiting: usize,
    /// How long one may wait.
    pub patience: Duration,
}

/// Whose share a request counts against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Holder {
    account: AccountId,
    session: Option<SessionId>,
}

impl Holder {
    /// Whether both are of one account.
    pub(super) fn shares_account_with(self, other: Self) -> bool {
        self.account == other.account
    }
}

impl From<&Clinician> for Holder {
    fn from(by: &Clinician) -> Self {
        Self {
            account: by.scope().owner(),
            session: by.caller().session,
        }
    }
}

/// Nothing became free in time, or too many requests of the same account are waiting already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many photos are being processed; try again soon")]
pub struct Busy;

/// Something shared on [`Terms`]. Clones share it.
#[derive(Debug, Clone)]
pub struct Fair {
    state: Arc<Mutex<State>>,
    patience: Duration,
}

/// What one request holds. Dropping it releases it.
#[derive(Debug)]
pub struct Share {
    state: Arc<Mutex<State>>,
    holder: Holder,
    amount: u64,
}

/// A waiting request. Dropping it gives up its place, and what it was given in the meantime.
#[derive(Debug)]
struct Waiting {
    state: Arc<Mutex<State>>,
    ticket: u64,
    holder: Holder,
    amount: u64,
    granted: oneshot::Receiver<()>,
    taken: bool,
}

impl Fair {
    /// Nothing is held yet.
    pub fn new(terms: Terms) -> Self {
        Self {
            state: Arc::new(Mutex::new(State::new(terms))),
            patience: terms.patience,
        }
    }

    /// Takes `amount`, waiting for it if need be.
    ///
    /// # Errors
    /// [`Busy`] when it did not come free in time, when too many of this account wait already, and for
    /// more than one session may ever hold.
    pub async fn acquire(&self, holder: Holder, amount: u64) -> Result<Share, Busy> {
        let mut waiting = self.ask(holder, amount)?;
        match timeout(self.patience, &mut waiting.granted).await {
            Ok(Ok(())) => Ok(waiting.take()),
            Ok(Err(_)) | Err(_) => Err(Busy),
        }
    }

    /// How many requests wait now.
    pub fn waiting(&self) -> usize {
        lock(&self.state).waiting()
    }

    fn ask(&self, holder: Holder, amount: u64) -> Result<Waiting, Busy> {
        let (sender, granted) = oneshot::channel();
        let ticket = lock(&self.state).ask(holder, amount, sender)?;
        Ok(Waiting {
            state: Arc::clone(&self.state),
            ticket,
            holder,
            amount,
            granted,
            taken: false,
        })
    }
}

impl Waiting {
    fn take(mut self) -> Share {
        self.taken = true;
        Share {
            state: Arc::clone(&self.state),
            holder: self.holder,
            amount: self.amount,
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if !self.taken {
            lock(&self.state).give_up(self.ticket, self.holder, self.amount);
        }
    }
}

impl Share {
    /// Whether another account is waiting for room at the moment.
    pub fn is_wanted(&self) -> bool {
        lock(&self.state).is_wanted_from(self.holder.account)
    }

    /// Keeps at most this much of it, and releases the rest.
    pub fn shrink_to(&mut self, amount: u64) {
        let back = self.amount.saturating_sub(amount);
        self.amount = self.amount.saturating_sub(back);
        lock(&self.state).give_back(self.holder, back);
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        lock(&self.state).give_back(self.holder, self.amount);
    }
}

/// Every change is made whole under the lock, so a panic elsewhere leaves the counts right.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
