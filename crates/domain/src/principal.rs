//! Who makes a request, and what they may access (A10, G1, G2).
//!
//! A [`Clinician`] carries a [`Scope`], without which no clinical port can be called; an
//! [`Administrator`] carries none. The constructors are called `assertion` because the compiler
//! cannot see who calls them: a tidy test lists every permitted caller and fails on any other.

use std::net::IpAddr;

use crate::account::Username;
use crate::ids::{AccountId, RequestId, SessionId};
use crate::text::Text;

/// The data of one owner. Every query for clinical data starts from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope {
    owner: AccountId,
}

impl Scope {
    /// Asserts that the caller has proved to be this owner.
    pub const fn assertion(owner: AccountId) -> Self {
        Self { owner }
    }

    /// The account whose data this gives access to.
    pub const fn owner(self) -> AccountId {
        self.owner
    }
}

/// Who did something, as the trail keeps it (U2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in account, with its name at that time.
    Account {
        /// The account.
        id: AccountId,
        /// Its username at that time.
        username: Username,
    },
    /// Somebody unknown, before sign-in.
    Anonymous,
    /// A person on the host's command line.
    Operator,
    /// The program itself.
    System,
}

/// Where a call comes from, for the trail (U2).
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub actor: Actor,
    /// In which session.
    pub session: Option<SessionId>,
    /// From which address, as the socket reports it, never a header (C43).
    pub address: Option<IpAddr>,
    /// With which program, by its own account.
    pub agent: Option<Text<1, 300>>,
    /// In which request.
    pub request: Option<RequestId>,
}

impl Caller {
    /// The program itself.
    pub const fn system() -> Self {
        Self {
            actor: Actor::System,
            session: None,
            address: None,
            agent: None,
            request: None,
        }
    }

    /// A person on the host's command line.
    pub const fn operator() -> Self {
        Self {
            actor: Actor::Operator,
            session: None,
            address: None,
            agent: None,
            request: None,
        }
    }

    /// This call, now known to be made by an account in a session.
    #[must_use]
    pub fn signed_in(mut self, id: AccountId, username: Username, session: SessionId) -> Self {
        self.actor = Actor::Account { id, username };
        self.session = Some(session);
        self
    }
}

/// Somebody entitled to clinical data of their own (A10).
#[derive(Debug, Clone)]
pub struct Clinician {
    scope: Scope,
    caller: Caller,
}

impl Clinician {
    /// Asserts that every required factor was proved and that the account has the clinician's role.
    pub const fn assertion(scope: Scope, caller: Caller) -> Self {
        Self { scope, caller }
    }

    /// What they may access.
    pub const fn scope(&self) -> Scope {
        self.scope
    }

    /// Who they are, for the trail.
    pub const fn caller(&self) -> &Caller {
        &self.caller
    }
}

/// A clinician who has just entered their password again, as is asked before many photos leave at once (I5).
#[derive(Debug, Clone)]
pub struct Confirmed {
    by: Clinician,
}

impl Confirmed {
    /// Asserts that this clinician's password was entered in this session a short time ago.
    pub const fn assertion(by: Clinician) -> Self {
        Self { by }
    }

    /// Who it is.
    pub const fn clinician(&self) -> &Clinician {
        &self.by
    }
}

/// Somebody who manages the practice; has no [`Scope`] and so sees no clinical content (G2).
#[derive(Debug, Clone)]
pub struct Administrator {
    caller: Caller,
}

impl Administrator {
    /// Asserts that every required factor was proved and that the account has this role.
    pub const fn assertion(caller: Caller) -> Self {
        Self { caller }
    }

    /// Who they are, for the trail.
    pub const fn caller(&self) -> &Caller {
        &self.caller
    }
}

/// The program itself or a person on the host's command line.
#[derive(Debug, Clone)]
pub struct System {
    caller: Caller,
}

impl System {
    /// Asserts that the process acts on its own.
    pub const fn assertion() -> Self {
        Self {
            caller: Caller::system(),
        }
    }

    /// Asserts that a person on the host's command line acts.
    pub const fn operator_assertion() -> Self {
        Self {
            caller: Caller::operator(),
        }
    }

    /// Who it is, for the trail.
    pub const fn caller(&self) -> &Caller {
        &self.caller
    }
}
