//! What is kept of a consent (N3), and its one possible change, revocation (N4).

use std::net::IpAddr;

use cutis_domain::account::Username;
use cutis_domain::time::{Day, Zone};
use cutis_domain::{AccountId, ConsentId, Digest, Invalid, Line, PatientId, Text, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::{Grant, Purposes, SignatureFacts, Status};

mod draft;

pub use draft::{Draft, DraftMethod, Field, NewRecord, form_shown};

coded!(
    /// In which role somebody signs.
    SignerRole, "Choose one of: patient, guardian, representative.", {
        /// The patient.
        Patient = "patient",
        /// A parent or guardian.
        Guardian = "guardian",
        /// A legal representative.
        Representative = "representative",
    }
);

coded!(
    /// How consent was given outside this program.
    External, "Choose one of: verbal, written, other.", {
        /// Spoken.
        Verbal = "verbal",
        /// Signed on paper.
        Written = "written",
        /// In another way, which the notes describe.
        Other = "other",
    }
);

/// Notes about how consent was given, 1–2,000 characters.
pub type Notes = Text<1, 2000>;

/// How consent was given (N3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Method {
    /// Signed on the screen.
    Digital {
        /// Facts about the signature.
        signature: SignatureFacts,
    },
    /// Given outside this program and vouched for by the person who recorded it.
    External {
        /// How.
        how: External,
        /// More about it; always present for [`External::Other`].
        notes: Option<Notes>,
    },
}

/// The name of the person who signed or witnessed: one line of 1–200 characters with at least one letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName(Line<1, 200>);

impl PersonName {
    /// Parses a name.
    ///
    /// # Errors
    /// When it is empty, too long, has several lines, characters that are not seen, or no letter.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::of(Line::parse(text)?)
    }

    /// A name that was accepted when it was stored; for backends. See [`Line::stored`].
    ///
    /// # Errors
    /// When it is empty, too long or has no letter.
    pub fn stored(text: &str) -> Result<Self, Invalid> {
        Self::of(Line::stored(text)?)
    }

    fn of(name: Line<1, 200>) -> Result<Self, Invalid> {
        if has_letter(name.as_str()) {
            Ok(Self(name))
        } else {
            Err(Invalid::new("empty", "Enter a name."))
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// Why consent was revoked: 1–500 characters with at least one letter or digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(Text<1, 500>);

impl Reason {
    /// Parses a reason.
    ///
    /// # Errors
    /// When it is empty, too long, or has no letter or digit.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let reason = Text::parse(text)?;
        if reason.as_str().contains(char::is_alphanumeric) {
            Ok(Self(reason))
        } else {
            Err(Invalid::new("empty", "Enter why the consent is revoked."))
        }
    }

    /// The reason.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// "Not empty" alone would let a name of signs pass (N3).
fn has_letter(text: &str) -> bool {
    text.contains(char::is_alphabetic)
}

/// Who recorded or revoked a consent, with their username at that time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorder {
    /// The account.
    pub account: AccountId,
    /// Its username at that time.
    pub username: Username,
}

/// When a consent ends: from that day on it no longer counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiry {
    on: Day,
    at: Timestamp,
}

impl Expiry {
    /// The end of a consent on this day, which begins in the practice's time zone.
    ///
    /// # Errors
    /// When the day is out of range.
    pub fn on(day: Day, zone: &Zone) -> Result<Self, Invalid> {
        Ok(Self {
            on: day,
            at: day.start_in(zone)?,
        })
    }

    /// An end as it was stored; for backends. Both are kept, so that a change of the practice's time zone changes
    /// neither the agreed day nor the instant.
    pub const fn stored(on: Day, at: Timestamp) -> Self {
        Self { on, at }
    }

    /// The first day on which the consent no longer counts.
    pub const fn day(self) -> Day {
        self.on
    }

    /// The instant from which it no longer counts.
    pub const fn instant(self) -> Timestamp {
        self.at
    }
}

/// A revocation: when, by whom and why a consent was revoked (N4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// When.
    pub at: Timestamp,
    /// By whom it was recorded.
    pub by: Recorder,
    /// Why.
    pub reason: Reason,
}

/// A consent record as stored (N3). It never changes, except that it may be revoked, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRecord {
    /// The identifier.
    pub id: ConsentId,
    /// Whose consent.
    pub patient: PatientId,
    /// The form's template.
    pub template: String,
    /// The template's version.
    pub version: u32,
    /// The form's language.
    pub language: String,
    /// The exact text shown: [`crate::Form::shown`].
    pub text: String,
    /// What was agreed to.
    pub purposes: Purposes,
    /// How.
    pub method: Method,
    /// Who signed or spoke.
    pub signer_name: PersonName,
    /// In which role.
    pub signer_role: SignerRole,
    /// Who witnessed it.
    pub witness: Option<PersonName>,
    /// Who recorded it.
    pub recorded_by: Recorder,
    /// When.
    pub recorded_at: Timestamp,
    /// From which address, as the socket reports it.
    pub address: Option<IpAddr>,
    /// When it ends by itself.
    pub expiry: Option<Expiry>,
    /// Its revocation, if it was revoked.
    pub revocation: Option<Revocation>,
}

/// This consent has already been revoked, which is final; record a new one instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this consent has already been revoked, which is final; record a new one instead")]
pub struct AlreadyRevoked;

impl ConsentRecord {
    /// What decisions need to know of it.
    pub fn grant(&self) -> Grant {
        Grant {
            consent: self.id,
            purposes: self.purposes,
            given_at: self.recorded_at,
            expires_at: self.expiry.map(Expiry::instant),
            revoked_at: self.revocation.as_ref().map(|revocation| revocation.at),
        }
    }

    /// Given, revoked or expired.
    pub fn status(&self, now: Timestamp) -> Status {
        self.grant().status(now)
    }

    /// The signature of a digital consent.
    pub const fn signature(&self) -> Option<&SignatureFacts> {
        match &self.method {
            Method::Digital { signature } => Some(signature),
            Method::External { .. } => None,
        }
    }

    /// SHA-256 of the exact text shown, so that the trail can name it without repeating it.
    pub fn text_sha256(&self) -> Digest {
        Digest::from_bytes(Sha256::digest(self.text.as_bytes()).into())
    }

    /// The record, revoked.
    ///
    /// # Errors
    /// When it was revoked before.
    pub fn revoke(self, revocation: Revocation) -> Result<Self, AlreadyRevoked> {
        if self.revocation.is_some() {
            Err(AlreadyRevoked)
        } else {
            Ok(Self {
                revocation: Some(revocation),
                ..self
            })
        }
    }
}

#[cfg(test)]
mod tests;
