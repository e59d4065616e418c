//! How much is recorded, and for how long it is kept.

use cutis_domain::Invalid;

/// What the trail records (U1). A change affects later events only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditLevel {
    /// Security, consent, deletion, export, settings, backup, the program itself. Cannot be
    /// switched off.
    Essential,
    /// Also every view, search, creation and edit of records. The default.
    Comprehensive,
}

impl AuditLevel {
    /// Its stable code, the one of the setting `audit.level`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Essential => "essential",
            Self::Comprehensive => "comprehensive",
        }
    }

    /// Parses a code.
    ///
    /// # Errors
    /// When it is neither of the two.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        match code {
            "essential" => Ok(Self::Essential),
            "comprehensive" => Ok(Self::Comprehensive),
            _ => Err(Invalid::new(
                "audit_level",
                "the level must be essential or comprehensive",
            )),
        }
    }
}

/// How long an event is kept and what it is about: the retention class of the leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Reading, creating and changing patients' records.
    Record,
    /// Signing in and out, passwords.
    Authentication,
    /// Accounts, settings, administrators' searches.
    Administration,
    /// The trail itself, consent, deletion, retention.
    Governance,
    /// The program: start, stop, clock, backup, row attestations without an event of their own.
    System,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 5] = [
        Self::Record,
        Self::Authentication,
        Self::Administration,
        Self::Governance,
        Self::System,
    ];

    /// The number in the leaf, 1 to 5. Never changes: leaves outlive their contents.
    pub const fn number(self) -> u8 {
        match self {
            Self::Record => 1,
            Self::Authentication => 2,
            Self::Administration => 3,
            Self::Governance => 4,
            Self::System => 5,
        }
    }

    /// Whether events of this class belong to an account's own security history (U5).
    pub const fn is_security(self) -> bool {
        matches!(self, Self::Authentication | Self::Administration)
    }

    /// The class with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.number() == number)
    }
}
