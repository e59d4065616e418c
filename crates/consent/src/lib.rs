//! Decides whether consent covers a purpose at the practice's level, and proves it.
//!
//! Pure: no I/O, no clock, no wire format. This crate and `docs/compliance/consent.md` are what an
//! auditor of consent reads; the rules N1 to N4 are here and nowhere else.
//!
//! | module | what it defines |
//! |---|---|
//! | [`level`] | how strict the practice is (N1) |
//! | [`purpose`], [`purposes`] | what consent may be for |
//! | [`form`] | the text that a patient is shown |
//! | [`signature`], [`record`] | what is kept of a consent, and what cannot be recorded (N3) |
//! | [`grant`], [`status`] | whether a record counts now (N4) |
//! | [`decide`](mod@decide) | whether something may be done for a purpose, and why |
//! | [`ledger`], [`proof`] | the answer as a value that cannot be faked, copied or kept (N2) |

#![forbid(unsafe_code)]

#[macro_use]
mod coded;

pub mod decide;
pub mod form;
pub mod grant;
pub mod ledger;
pub mod level;
pub mod proof;
#[cfg(test)]
mod properties;
pub mod purpose;
pub mod purposes;
pub mod record;
pub mod signature;
pub mod status;

pub use decide::{Basis, Decision, decide};
pub use form::Form;
pub use grant::Grant;
pub use ledger::Ledger;
pub use level::ConsentLevel;
pub use proof::{Proof, Refusal, Refused, admit, prove};
pub use purpose::{Capture, Purpose, PurposeMarker};
pub use purposes::Purposes;
pub use record::{ConsentRecord, Field, NewRecord};
pub use signature::SignatureFacts;
pub use status::Status;
