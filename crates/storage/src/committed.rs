//! What was changed, told once it is durable, so that open pages can follow (S1).

use cutis_audit::{Action, Event, Outcome, Target};
use cutis_domain::principal::Actor;
use cutis_domain::{AccountId, Caller, PatientId};

/// A change of something of one account, without any of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// Who changed it, whose it is.
    pub account: AccountId,
    /// What was done.
    pub action: Action,
    /// To what.
    pub target: Option<Target>,
    /// Of which patient.
    pub patient: Option<PatientId>,
}

impl Committed {
    /// What is told of an event: nothing if nothing was changed, or nobody's account is behind it.
    pub(crate) fn of(caller: &Caller, event: &Event) -> Option<Self> {
        let Actor::Account { id, .. } = &caller.actor else {
            return None;
        };
        let has_changed = event.outcome() == Outcome::Ok && !event.action().only_looks();
        has_changed.then(|| Self {
            account: *id,
            action: event.action(),
            target: event.target_of(),
            patient: event.patient_of(),
        })
    }
}
