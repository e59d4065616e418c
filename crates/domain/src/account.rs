//! Accounts (A1).

use std::fmt;

use crate::ids::AccountId;
use crate::text::{Line, check_line};
use crate::time::Timestamp;
use crate::{Invalid, Sensitive, full_name};

/// A username: 3–32 of `a-z 0-9 . _ -`, lower-cased (A1).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Username(String);

impl Username {
    /// Parses a username; ASCII upper case is lowered, surrounding blanks are cut.
    ///
    /// # Errors
    /// When it is not 3–32 of the allowed characters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim().to_ascii_lowercase();
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-');
        if (3..=32).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text))
        } else {
            Err(Invalid::new(
                "username",
                "Use 3 to 32 characters: a-z, 0-9, dot, underscore and hyphen.",
            ))
        }
    }

    /// The username.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Username({})", self.0)
    }
}

/// An e-mail address: one `@`, text on both sides, at most 254 characters (RFC 5321).
///
/// Lower-cased, so that signing in by it does not depend on how it was typed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Parses an address. Only a message can show whether mail arrives there.
    ///
    /// # Errors
    /// When it cannot be an address, or holds characters that nobody sees.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        check_line(text)?;
        Self::stored(text)
    }

    /// An address that was accepted when it was stored, or that is looked up; for backends.
    ///
    /// # Errors
    /// When it cannot be an address.
    pub fn stored(text: &str) -> Result<Self, Invalid> {
        let refused = || Invalid::new("email", "Enter an e-mail address such as name@practice.example.");
        let text = text.trim().to_lowercase();
        let (local, host) = text.split_once('@').ok_or_else(refused)?;
        let plain =
            |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | ',' | ';' | '"');
        let sound = text.len() <= 254
            && (1..=64).contains(&local.len())
            && !host.is_empty()
            && !host.contains('@')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && text.chars().all(plain);
        if sound { Ok(Self(text)) } else { Err(refused()) }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[e-mail]")
    }
}

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roles {
    /// Manages the practice; sees no clinical content (A10).
    pub administrator: bool,
    /// Keeps patients of their own.
    pub clinician: bool,
}

/// The state of an account (A9). Only an active one may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    /// May sign in.
    Active,
    /// Gone; its username stays taken (A1).
    Deleted,
    /// Switched off by an administrator.
    Disabled,
    /// Locked by an administrator until the matter is settled.
    Locked,
    /// Asked for, not yet set up or approved.
    Pending,
}

/// An account's own details (A1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountProfile {
    /// Signs in with this.
    pub username: Username,
    /// Given name.
    pub first_name: Sensitive<Line<1, 100>>,
    /// Family name.
    pub last_name: Sensitive<Line<1, 100>>,
    /// Signs in with this too, when given.
    pub email: Option<EmailAddress>,
}

impl AccountProfile {
    /// First and last name, as shown beside what they did.
    pub fn display_name(&self) -> String {
        full_name(
            self.first_name.reveal().as_str(),
            self.last_name.reveal().as_str(),
        )
    }
}

/// An account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its identifier; also the owner of its clinical data.
    pub id: AccountId,
    /// Its details.
    pub profile: AccountProfile,
    /// What it may do.
    pub roles: Roles,
    /// Whether it may sign in.
    pub state: AccountState,
    /// When it was made.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A1: 3–32 of `a-z 0-9 . _ -`, lower-cased.
    #[test]
    fn usernames() {
        assert_eq!(
            Username::parse(" Dr.Weber-2 ").map(|u| u.to_string()),
            Ok("dr.weber-2".to_owned())
        );
        for refused in ["ab", "", "a b c", "müller", "name@x", &"a".repeat(33)] {
            assert!(Username::parse(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn addresses() {
        assert!(
            EmailAddress::parse("Anna@Praxis.example").is_ok_and(|e| e.as_str() == "anna@praxis.example")
        );
        for refused in ["anna", "@x", "a@", "a@@b", "a b@c", "a@b@c", "a@.b", "a,b@c"] {
            assert!(EmailAddress::parse(refused).is_err(), "{refused}");
        }
        let hidden = "an\u{200B}na@x.exa\u{AD}mple";
        assert_eq!(
            EmailAddress::parse(hidden).map_err(|error| error.code()),
            Err("characters")
        );
        assert!(EmailAddress::stored(hidden).is_ok(), "as it was accepted earlier");
    }
}
