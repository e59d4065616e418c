//! Passwords: which are acceptable (A5), and how they are stored.

pub(crate) mod common;
mod context;
pub mod hash;

use cutis_domain::{Invalid, Secret};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

pub use context::Context;
pub use hash::{Cost, PasswordHasher, StoredPassword};

/// The most code points a password may have, under every policy (A5).
pub const MOST_CODE_POINTS: usize = 1024;
/// The most bytes that are accepted; more is refused before anything is done with it.
const MOST_BYTES: usize = 16 * 1024;

/// Which rules a practice chose (A5; the setting `password.policy`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// 12 or more characters with upper case, lower case, a digit and a symbol.
    Complex,
    /// 15 or more characters, or 12 together with a second factor; no rules on composition (NIST SP 800-63B-4).
    Passphrase,
}

impl Policy {
    /// Parses the setting's code.
    ///
    /// # Errors
    /// When it is neither `complex` nor `passphrase`.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        match code {
            "complex" => Ok(Self::Complex),
            "passphrase" => Ok(Self::Passphrase),
            _ => Err(Invalid::new("password_policy", "Choose complex or passphrase.")),
        }
    }

    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Complex => "complex",
            Self::Passphrase => "passphrase",
        }
    }

    /// The minimum number of code points, and the text about it for people.
    const fn least(self, second_factor: bool) -> (usize, &'static str) {
        match (self, second_factor) {
            (Self::Passphrase, false) => (15, "At least 15 characters"),
            (Self::Complex, _) | (Self::Passphrase, true) => (12, "At least 12 characters"),
        }
    }
}

/// A password as somebody typed it: NFC, within the limits, not yet checked against the policy.
///
/// Any characters are allowed, even control characters and spaces at the ends: it is used exactly as typed except for
/// normalisation, so that the same password typed on two systems is equal.
#[derive(Debug, Clone)]
pub struct Candidate(Secret<String>);

impl Candidate {
    /// Parses what was typed.
    ///
    /// # Errors
    /// `password_too_long` above 1,024 code points or 16 KiB; no hash is ever run over such input.
    pub fn parse(typed: &Secret<String>) -> Result<Self, Invalid> {
        let typed = typed.expose();
        let too_long = || {
            Invalid::new(
                "password_too_long",
                "Enter a password of at most 1,024 characters.",
            )
        };
        if typed.len() > MOST_BYTES {
            return Err(too_long());
        }
        // Three times the length is the most NFC makes of UTF-8, so the string never moves and
        // leaves no copy behind.
        let mut normal = Zeroizing::new(String::with_capacity(typed.len().saturating_mul(3)));
        normal.extend(typed.nfc());
        if normal.chars().count() > MOST_CODE_POINTS {
            return Err(too_long());
        }
        Ok(Self(Secret::new(std::mem::take(&mut *normal))))
    }

    /// The normalised password.
    pub(crate) fn text(&self) -> &str {
        self.0.expose()
    }
}

/// Which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleCode {
    /// Long enough.
    Length,
    /// Has an upper-case letter.
    Upper,
    /// Has a lower-case letter.
    Lower,
    /// Has a digit.
    Digit,
    /// Has a symbol.
    Symbol,
    /// Holds none of the user's or the practice's names.
    Names,
    /// Is not a common password or a trivial variation of one.
    Common,
}

impl RuleCode {
    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Upper => "upper",
            Self::Lower => "lower",
            Self::Digit => "digit",
            Self::Symbol => "symbol",
            Self::Names => "names",
            Self::Common => "common",
        }
    }
}

/// One rule and whether the password meets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Which.
    pub code: RuleCode,
    /// What a person reads.
    pub label: &'static str,
    /// Whether it is met.
    pub satisfied: bool,
}

/// What the policy says about a password. It names the rules, never the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    rules: Vec<Rule>,
}

impl Report {
    /// Whether every rule is met.
    pub fn is_acceptable(&self) -> bool {
        self.rules.iter().all(|rule| rule.satisfied)
    }

    /// Every rule of the policy, in the order to show them.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Whether this rule is met; a rule that is not in the policy counts as met.
    pub fn keeps(&self, code: RuleCode) -> bool {
        self.rules.iter().all(|rule| rule.code != code || rule.satisfied)
    }
}

/// A password that its policy accepts, the only kind that becomes an account's.
#[derive(Debug)]
pub struct Accepted(Candidate);

impl Accepted {
    /// The password.
    pub(crate) const fn candidate(&self) -> &Candidate {
        &self.0
    }
}

/// Checks a password (A5). `second_factor` says that the account has one.
///
/// Takes about a millisecond, and at worst some tens of milliseconds: see [`common`] for the bound.
pub fn check(candidate: &Candidate, policy: Policy, second_factor: bool, names: &Context) -> Report {
    let text = candidate.text();
    let (least, length_label) = policy.least(second_factor);
    let rule = |code, label, satisfied| Rule {
        code,
        label,
        satisfied,
    };
    let mut rules = vec![rule(
        RuleCode::Length,
        length_label,
        text.chars().count() >= least,
    )];
    if policy == Policy::Complex {
        // A blank counts as a symbol: it is one that people can remember.
        let symbol = |c: char| !c.is_alphanumeric() && !c.is_control();
        rules.push(rule(
            RuleCode::Upper,
            "An upper-case letter",
            text.chars().any(char::is_uppercase),
        ));
        rules.push(rule(
            RuleCode::Lower,
            "A lower-case letter",
            text.chars().any(char::is_lowercase),
        ));
        rules.push(rule(
            RuleCode::Digit,
            "A digit",
            text.chars().any(char::is_numeric),
        ));
        rules.push(rule(
            RuleCode::Symbol,
            "A symbol, such as ! or a space",
            text.chars().any(symbol),
        ));
    }
    let typed = !text.is_empty();
    rules.push(rule(
        RuleCode::Names,
        "None of your names or the practice's",
        typed && !names.occurs_in(text),
    ));
    let common = "Not a common or easily guessed password";
    rules.push(rule(RuleCode::Common, common, typed && !common::is_common(text)));
    Report { rules }
}

/// Checks a password and returns it as accepted if it is.
///
/// # Errors
/// The report, when a rule is broken.
pub fn accept(
    candidate: Candidate,
    policy: Policy,
    second_factor: bool,
    names: &Context,
) -> Result<Accepted, Report> {
    let report = check(&candidate, policy, second_factor, names);
    if report.is_acceptable() {
        Ok(Accepted(candidate))
    } else {
        Err(report)
    }
}

#[cfg(test)]
mod tests;
