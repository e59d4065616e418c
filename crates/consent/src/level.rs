//! How strict a practice is about consent (N1).

coded!(
    /// The level, ordered by strictness.
    ConsentLevel, "Choose one of: disabled, advisory, required.", {
        /// Nothing is asked before an image is stored.
        Disabled = "disabled",
        /// A missing consent is pointed out; nothing is blocked.
        Advisory = "advisory",
        /// No image enters without a live consent.
        Required = "required",
    }
);

impl ConsentLevel {
    /// The level that applies to an account: the practice's, unless the account chose a stricter one.
    /// An account may be stricter, never looser (N1).
    #[must_use]
    pub fn strictest(practice: Self, account: impl Into<Option<Self>>) -> Self {
        account.into().map_or(practice, |own| own.max(practice))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// N1: disabled is looser than advisory is looser than required.
    #[test]
    fn strictness_is_the_order() {
        assert_eq!(
            ConsentLevel::ALL,
            [
                ConsentLevel::Disabled,
                ConsentLevel::Advisory,
                ConsentLevel::Required
            ]
        );
        assert!(ConsentLevel::ALL.is_sorted());
    }

    /// N1: an account may be stricter, never looser.
    #[test]
    fn an_account_may_be_stricter_never_looser() {
        for practice in ConsentLevel::ALL {
            assert_eq!(ConsentLevel::strictest(*practice, None), *practice);
            for account in ConsentLevel::ALL {
                let level = ConsentLevel::strictest(*practice, *account);
                assert!(level >= *practice, "{account:?} loosened {practice:?}");
                assert!(level >= *account, "{account:?} was not heard at {practice:?}");
                assert!(level == *practice || level == *account);
            }
        }
    }

    /// N1: every level the settings offer is one of these, and the other way round.
    #[test]
    fn codes_are_those_of_the_settings() {
        use cutis_domain::settings::{Key, Kind};

        let codes: Vec<_> = ConsentLevel::ALL.iter().map(|level| level.code()).collect();
        assert_eq!(
            Key::ConsentLevel.kind(),
            Kind::Choice(&["disabled", "advisory", "required"])
        );
        assert_eq!(codes, ["disabled", "advisory", "required"]);
        for level in ConsentLevel::ALL {
            assert_eq!(ConsentLevel::parse(level.code()), Ok(*level));
        }
        assert!(ConsentLevel::parse("Required").is_err());
    }
}
