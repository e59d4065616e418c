//! How strict a practice is about consent (N1).

coded!(
    /// The level, ordered by strictness.
    Level, "choose one of: disabled, advisory, required", {
        /// Nothing is asked before a photograph is stored.
        Disabled = "disabled",
        /// A missing consent is pointed out; nothing is blocked.
        Advisory = "advisory",
        /// No image enters without a live consent.
        Required = "required",
    }
);

impl Level {
    /// The level that holds for an account: the practice's, unless the account chose a stricter one.
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
        assert_eq!(Level::ALL, [Level::Disabled, Level::Advisory, Level::Required]);
        assert!(Level::ALL.is_sorted());
    }

    /// N1: an account may be stricter, never looser.
    #[test]
    fn an_account_may_be_stricter_never_looser() {
        for practice in Level::ALL {
            assert_eq!(Level::strictest(*practice, None), *practice);
            for account in Level::ALL {
                let level = Level::strictest(*practice, *account);
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

        let codes: Vec<_> = Level::ALL.iter().map(|level| level.code()).collect();
        assert_eq!(
            Key::ConsentLevel.kind(),
            Kind::Choice(&["disabled", "advisory", "required"])
        );
        assert_eq!(codes, ["disabled", "advisory", "required"]);
        for level in Level::ALL {
            assert_eq!(Level::parse(level.code()), Ok(*level));
        }
        assert!(Level::parse("Required").is_err());
    }
}
