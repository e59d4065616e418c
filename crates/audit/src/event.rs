//! What happened, to what, and how it ended. Ids, codes and field names; never contents.

use cutis_domain::{Invalid, PatientId};

pub use crate::action::Action;
pub use crate::detail::{Detail, DetailValue, Identifier};
pub use crate::level::{AuditLevel, Class};
pub use crate::target::Target;

/// How it ended (U2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Done.
    Ok,
    /// Not allowed or not acceptable; nothing was changed.
    Refused,
    /// Tried, and failed.
    Failed,
}

impl Outcome {
    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    /// Parses a code.
    ///
    /// # Errors
    /// When it is none of the three.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        match code {
            "ok" => Ok(Self::Ok),
            "refused" => Ok(Self::Refused),
            "failed" => Ok(Self::Failed),
            _ => Err(Invalid::new(
                "outcome",
                "the outcome must be ok, refused or failed",
            )),
        }
    }
}

/// One event, before it is known who did it and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    action: Action,
    outcome: Outcome,
    target: Option<Target>,
    patient: Option<PatientId>,
    details: Vec<Detail>,
}

impl Event {
    /// This action, done.
    pub const fn new(action: Action) -> Self {
        Self {
            action,
            outcome: Outcome::Ok,
            target: None,
            patient: None,
            details: Vec::new(),
        }
    }

    /// The same, refused.
    #[must_use]
    pub const fn refused(mut self) -> Self {
        self.outcome = Outcome::Refused;
        self
    }

    /// The same, failed.
    #[must_use]
    pub const fn failed(mut self) -> Self {
        self.outcome = Outcome::Failed;
        self
    }

    /// Done to this.
    #[must_use]
    pub const fn target(mut self, target: Target) -> Self {
        self.target = Some(target);
        self
    }

    /// Concerning this patient, so that it appears in their activity (U5).
    #[must_use]
    pub const fn patient(mut self, patient: PatientId) -> Self {
        self.patient = Some(patient);
        self
    }

    /// With this detail. A later detail with the same key replaces the earlier one.
    #[must_use]
    pub fn detail(mut self, detail: Detail) -> Self {
        self.details.retain(|present| present.key() != detail.key());
        self.details.push(detail);
        self
    }

    /// What was done.
    pub const fn action(&self) -> Action {
        self.action
    }

    /// How it ended.
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// What it was done to.
    pub const fn target_of(&self) -> Option<Target> {
        self.target
    }

    /// Which patient it concerns.
    pub const fn patient_of(&self) -> Option<PatientId> {
        self.patient
    }

    /// Its details.
    pub fn details(&self) -> &[Detail] {
        &self.details
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_key_stands_once() {
        let event = Event::new(Action::ImagesListed)
            .detail(Detail::number("count", 1))
            .detail(Detail::code("variant", "thumb"))
            .detail(Detail::number("count", 2));
        assert_eq!(event.details().len(), 2);
        assert_eq!(event.details().last(), Some(&Detail::number("count", 2)));
    }

    #[test]
    fn outcomes_round_trip() {
        for outcome in [Outcome::Ok, Outcome::Refused, Outcome::Failed] {
            assert_eq!(Outcome::parse(outcome.code()), Ok(outcome));
        }
        assert!(Outcome::parse("maybe").is_err());
        assert_eq!(
            Event::new(Action::SessionRefused).refused().outcome(),
            Outcome::Refused
        );
        assert_eq!(
            Event::new(Action::TrailVerified).failed().outcome(),
            Outcome::Failed
        );
    }
}
