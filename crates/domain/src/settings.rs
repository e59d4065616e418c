//! A practice's settings: a closed catalogue of keys, each with its kind, bounds and default (O2). Values are stored as
//! text; the code that uses a setting parses it into its own type.

use crate::Invalid;
use crate::text::Line;
use crate::time::Zone;

/// What a setting may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One of these codes.
    Choice(&'static [&'static str]),
    /// A whole number within bounds, both included.
    Integer {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// One line of 1–200 characters.
    Text,
    /// An IANA time zone.
    TimeZone,
}

/// A setting's key. The whole list; there are no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// What the trail records (U1).
    AuditLevel,
    /// When an upload needs consent (N1).
    ConsentLevel,
    /// Which password rules hold (A5).
    PasswordPolicy,
    /// The practice's name.
    PracticeName,
    /// The practice's time zone.
    PracticeTimeZone,
    /// Hours after which a session ends in any case (A7).
    SessionAbsoluteHours,
    /// Minutes without use after which a session ends (A7).
    SessionIdleMinutes,
    /// Mebibytes that one image may have (I2).
    UploadLimitMib,
}

impl Key {
    /// Every key.
    pub const ALL: &'static [Self] = &[
        Self::PracticeName,
        Self::PracticeTimeZone,
        Self::ConsentLevel,
        Self::AuditLevel,
        Self::PasswordPolicy,
        Self::SessionIdleMinutes,
        Self::SessionAbsoluteHours,
        Self::UploadLimitMib,
    ];

    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AuditLevel => "audit.level",
            Self::ConsentLevel => "consent.level",
            Self::PasswordPolicy => "password.policy",
            Self::PracticeName => "practice.name",
            Self::PracticeTimeZone => "practice.time_zone",
            Self::SessionAbsoluteHours => "session.absolute_hours",
            Self::SessionIdleMinutes => "session.idle_minutes",
            Self::UploadLimitMib => "upload.limit_mib",
        }
    }

    /// Its name for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::AuditLevel => "What the activity trail records",
            Self::ConsentLevel => "Consent before photos",
            Self::PasswordPolicy => "Password rules",
            Self::PracticeName => "Practice name",
            Self::PracticeTimeZone => "Practice time zone",
            Self::SessionAbsoluteHours => "Sign out after (hours)",
            Self::SessionIdleMinutes => "Sign out when idle (minutes)",
            Self::UploadLimitMib => "Largest photo (MiB)",
        }
    }

    /// What it may hold.
    pub const fn kind(self) -> Kind {
        match self {
            Self::AuditLevel => Kind::Choice(&["essential", "comprehensive"]),
            Self::ConsentLevel => Kind::Choice(&["disabled", "advisory", "required"]),
            Self::PasswordPolicy => Kind::Choice(&["complex", "passphrase"]),
            Self::PracticeName => Kind::Text,
            Self::PracticeTimeZone => Kind::TimeZone,
            Self::SessionAbsoluteHours => Kind::Integer { min: 1, max: 24 },
            Self::SessionIdleMinutes => Kind::Integer { min: 5, max: 60 },
            Self::UploadLimitMib => Kind::Integer { min: 1, max: 256 },
        }
    }

    /// Its default value.
    pub const fn default_value(self) -> &'static str {
        match self {
            Self::AuditLevel => "comprehensive",
            Self::ConsentLevel => "disabled",
            Self::PasswordPolicy => "complex",
            Self::PracticeName => "Practice",
            Self::PracticeTimeZone => "UTC",
            Self::SessionAbsoluteHours => "12",
            Self::SessionIdleMinutes => "15",
            Self::UploadLimitMib => "16",
        }
    }

    /// Parses a code.
    ///
    /// # Errors
    /// When no setting has it.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        Self::ALL
            .iter()
            .copied()
            .find(|key| key.code() == code)
            .ok_or_else(|| Invalid::new("setting", "Use the key of a setting that exists."))
    }
}

/// A value that fits its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    key: Key,
    value: String,
}

impl Setting {
    /// Parses a value for a key.
    ///
    /// # Errors
    /// When the value is outside what the key may hold.
    pub fn parse(key: Key, value: &str) -> Result<Self, Invalid> {
        let value = match key.kind() {
            Kind::Choice(codes) if codes.contains(&value) => value.to_owned(),
            Kind::Choice(codes) => {
                return Err(Invalid::new(
                    "choice",
                    format!("Choose one of: {}.", codes.join(", ")),
                ));
            }
            Kind::Integer { min, max } => value
                .trim()
                .parse::<i64>()
                .ok()
                .filter(|number| (min..=max).contains(number))
                .map(|number| number.to_string())
                .ok_or_else(|| Invalid::new("range", format!("Enter a whole number from {min} to {max}.")))?,
            Kind::Text => Line::<1, 200>::parse(value)?.into_string(),
            Kind::TimeZone => Zone::parse(value)?.name().to_owned(),
        };
        Ok(Self { key, value })
    }

    /// A value that was accepted when it was stored. A time zone is kept even if a later list of zones no longer has
    /// it: the practice continues with UTC until somebody chooses another. A text is read as [`Line::stored`] does.
    ///
    /// # Errors
    /// When the value is outside what the key may hold.
    pub fn stored(key: Key, value: &str) -> Result<Self, Invalid> {
        match key.kind() {
            Kind::TimeZone | Kind::Text => Line::<1, 200>::stored(value).map(|value| Self {
                key,
                value: value.into_string(),
            }),
            Kind::Choice(_) | Kind::Integer { .. } => Self::parse(key, value),
        }
    }

    /// The key's default.
    pub fn default_of(key: Key) -> Self {
        Self {
            key,
            value: key.default_value().to_owned(),
        }
    }

    /// The key.
    pub const fn key(&self) -> Key {
        self.key
    }

    /// The value as text.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The value as a number, or the default if it is not a number.
    pub fn as_integer(&self) -> i64 {
        self.value
            .parse()
            .or_else(|_| self.key.default_value().parse())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_fits_its_own_key() {
        for key in Key::ALL {
            assert_eq!(
                Setting::parse(*key, key.default_value()),
                Ok(Setting::default_of(*key)),
                "{key:?}"
            );
            assert_eq!(Key::parse(key.code()), Ok(*key));
        }
    }

    /// O2, A7: settings are validated, session limits are configurable in bounds.
    #[test]
    fn bounds_hold() {
        assert!(Setting::parse(Key::SessionIdleMinutes, "4").is_err());
        assert!(Setting::parse(Key::SessionIdleMinutes, "61").is_err());
        assert!(Setting::parse(Key::SessionIdleMinutes, " 30 ").is_ok_and(|s| s.as_integer() == 30));
        assert!(Setting::parse(Key::ConsentLevel, "sometimes").is_err());
        assert!(Setting::parse(Key::PracticeName, "").is_err());
    }

    /// O2: a time zone is one that the bundled list knows, by whatever case; the name for an unknown zone is not
    /// accepted.
    #[test]
    fn time_zones_are_known_ones() {
        for unknown in [
            "Nowhere/Land",
            "Etc/Unknown",
            "etc/unknown",
            "Factory",
            "",
            "+02:00",
            "CEST",
        ] {
            assert!(
                Setting::parse(Key::PracticeTimeZone, unknown).is_err(),
                "{unknown}"
            );
        }
        for (known, kept) in [
            ("europe/ZURICH", "Europe/Zurich"),
            ("Asia/Calcutta", "Asia/Calcutta"),
            ("UTC", "UTC"),
        ] {
            let setting = Setting::parse(Key::PracticeTimeZone, known);
            assert_eq!(setting.as_ref().map(Setting::value), Ok(kept));
        }
    }

    /// A practice with a value that was once accepted continues to work.
    #[test]
    fn a_stored_zone_is_not_judged_again() {
        let stored = Setting::stored(Key::PracticeTimeZone, "Etc/Unknown");
        assert_eq!(stored.as_ref().map(Setting::value), Ok("Etc/Unknown"));
        assert!(Setting::stored(Key::ConsentLevel, "sometimes").is_err());
        assert!(Setting::parse(Key::PracticeName, "Praxis\tam See").is_err());
        let name = Setting::stored(Key::PracticeName, "Praxis\tam See");
        assert_eq!(name.as_ref().map(Setting::value), Ok("Praxis\tam See"));
    }
}
