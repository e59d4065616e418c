//! Whether something may be done for a purpose, and why (N1, N4, R1). A pure function of its arguments.

use cutis_domain::{ConsentId, Timestamp};

use crate::{ConsentLevel, Grant, Purpose, Status};

/// Why something is allowed. Stored together with what it allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// This record covers it.
    Consent(ConsentId),
    /// The level in force does not ask for consent; only ever for [`Purpose::ClinicalRecord`].
    LevelAllows(ConsentLevel),
}

impl Basis {
    /// Stable code: `consent`, or that of the level that allowed it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Consent(_) => "consent",
            Self::LevelAllows(level) => level.code(),
        }
    }

    /// The consent record, if the basis is one.
    pub const fn consent(self) -> Option<ConsentId> {
        match self {
            Self::Consent(id) => Some(id),
            Self::LevelAllows(_) => None,
        }
    }
}

coded!(
    /// Why something is refused.
    Reason, "Choose one of: none_recorded, not_agreed, revoked, expired.", {
        /// The patient has no consent record.
        NoneRecorded = "none_recorded",
        /// A live record exists, but not for this purpose.
        NotAgreed = "not_agreed",
        /// The latest record was revoked.
        Revoked = "revoked",
        /// The latest record expired.
        Expired = "expired",
    }
);

impl Reason {
    /// What a person should know, as the end of a sentence.
    pub const fn message(self) -> &'static str {
        match self {
            Self::NoneRecorded => "no consent is on record; record the patient's consent first",
            Self::NotAgreed => {
                "the consent on record does not cover this; ask the patient and record a new one"
            }
            Self::Revoked => "the patient has revoked the consent; record a new one first",
            Self::Expired => "the consent has expired; ask the patient again and record a new one",
        }
    }
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Decision {
    /// Yes, because of this.
    Allowed(Basis),
    /// No, because of this.
    Refused(Reason),
}

impl Decision {
    /// Whether it is a yes.
    pub const fn is_allowed(self) -> bool {
        matches!(self, Self::Allowed(_))
    }
}

/// Decides whether `purpose` is covered for the patient whose grants these are, at `level`, now.
///
/// A live grant with the purpose is always the basis when there is one, the latest if several.
/// Without one, only storing in the clinical record is allowed, and only below `required`.
pub fn decide(level: ConsentLevel, grants: &[Grant], purpose: Purpose, now: Timestamp) -> Decision {
    let covering = grants
        .iter()
        .filter(|grant| grant.is_live(now) && grant.purposes.contains(purpose))
        .max_by_key(|grant| (grant.given_at, grant.consent));
    if let Some(grant) = covering {
        Decision::Allowed(Basis::Consent(grant.consent))
    } else if allows_without_consent(level, purpose) {
        Decision::Allowed(Basis::LevelAllows(level))
    } else {
        Decision::Refused(match Status::of(grants, now) {
            Status::None => Reason::NoneRecorded,
            Status::Given => Reason::NotAgreed,
            Status::Revoked => Reason::Revoked,
            Status::Expired => Reason::Expired,
        })
    }
}

/// Listed by purpose, so that whoever adds one has to decide here.
const fn allows_without_consent(level: ConsentLevel, purpose: Purpose) -> bool {
    match purpose {
        Purpose::ClinicalRecord => match level {
            ConsentLevel::Disabled | ConsentLevel::Advisory => true,
            ConsentLevel::Required => false,
        },
        Purpose::TreatingClinicians
        | Purpose::Teaching
        | Purpose::Publication
        | Purpose::Marketing
        | Purpose::Research => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Purposes;

    const NOW: Timestamp = Timestamp::EPOCH;

    fn grant(id: u8, purposes: &[Purpose]) -> Grant {
        Grant {
            consent: ConsentId::from_bytes([id; 16]),
            purposes: purposes.iter().copied().collect::<Purposes>(),
            given_at: NOW,
            expires_at: None,
            revoked_at: None,
        }
    }

    /// N1: without a record, storing is allowed below `required` and by the level only.
    #[test]
    fn without_a_record_the_level_decides_about_storing() {
        let decide = |level| decide(level, &[], Purpose::ClinicalRecord, NOW);
        assert_eq!(
            decide(ConsentLevel::Disabled),
            Decision::Allowed(Basis::LevelAllows(ConsentLevel::Disabled))
        );
        assert_eq!(
            decide(ConsentLevel::Advisory),
            Decision::Allowed(Basis::LevelAllows(ConsentLevel::Advisory))
        );
        assert_eq!(
            decide(ConsentLevel::Required),
            Decision::Refused(Reason::NoneRecorded)
        );
    }

    /// N4, R1: a non-clinical purpose needs its own consent at every level.
    #[test]
    fn other_purposes_always_need_their_own_consent() {
        for level in ConsentLevel::ALL {
            for purpose in Purpose::ALL.iter().filter(|p| **p != Purpose::ClinicalRecord) {
                assert_eq!(
                    decide(*level, &[], *purpose, NOW),
                    Decision::Refused(Reason::NoneRecorded)
                );
                let others: Vec<_> = Purpose::ALL.iter().copied().filter(|p| p != purpose).collect();
                let refused = decide(*level, &[grant(1, &others)], *purpose, NOW);
                assert_eq!(refused, Decision::Refused(Reason::NotAgreed), "{purpose:?}");
                let allowed = decide(*level, &[grant(1, &[*purpose])], *purpose, NOW);
                assert_eq!(
                    allowed,
                    Decision::Allowed(Basis::Consent(ConsentId::from_bytes([1; 16])))
                );
            }
        }
    }

    /// N4: revoking stops new uploads under `required`, and below it nothing.
    #[test]
    fn revoking_stops_new_uploads_under_required() {
        let revoked = Grant {
            revoked_at: Some(NOW),
            ..grant(1, Purpose::ALL)
        };
        let storing = |level| decide(level, &[revoked], Purpose::ClinicalRecord, NOW);
        assert_eq!(
            storing(ConsentLevel::Required),
            Decision::Refused(Reason::Revoked)
        );
        assert_eq!(
            storing(ConsentLevel::Advisory),
            Decision::Allowed(Basis::LevelAllows(ConsentLevel::Advisory))
        );
        for level in ConsentLevel::ALL {
            let refused = Decision::Refused(Reason::Revoked);
            assert_eq!(decide(*level, &[revoked], Purpose::Publication, NOW), refused);
        }
    }

    /// N2: where consent exists it is the basis, at every level, and the latest of several.
    #[test]
    fn consent_is_the_better_basis() {
        let later = Grant {
            given_at: NOW.plus_seconds(1),
            ..grant(1, &[Purpose::ClinicalRecord])
        };
        let grants = [later, grant(2, &[Purpose::ClinicalRecord])];
        for level in ConsentLevel::ALL {
            let decision = decide(*level, &grants, Purpose::ClinicalRecord, NOW.plus_seconds(2));
            assert_eq!(decision, Decision::Allowed(Basis::Consent(later.consent)));
        }
    }

    #[test]
    fn a_basis_has_a_code() {
        let id = ConsentId::from_bytes([1; 16]);
        assert_eq!(
            (Basis::Consent(id).code(), Basis::Consent(id).consent()),
            ("consent", Some(id))
        );
        let by_level = Basis::LevelAllows(ConsentLevel::Advisory);
        assert_eq!((by_level.code(), by_level.consent()), ("advisory", None));
    }
}
