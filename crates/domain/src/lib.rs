//! Names the things of a practice's photo record, so that invalid ones cannot be built.
//!
//! Constructors parse, fields are private, and nothing here does I/O, reads a clock or draws
//! randomness: [`time::Clock`] and [`entropy::Entropy`] are parameters. No type derives a wire
//! format; the wire belongs to api and the trail's format to audit.
//!
//! | module | what it names |
//! |---|---|
//! | [`ids`] | every kind of identifier, in one list |
//! | [`time`], [`entropy`] | instants, days, and where both come from |
//! | [`text`], [`digest`], [`sensitive`], [`secret`] | bounded text, SHA-256, values that do not print |
//! | [`principal`] | who makes a request, and what they may access |
//! | [`account`], [`patient`], [`entry`], [`image`], [`comparison`], [`tag`] | the record itself |
//! | [`settings`] | the closed catalogue of a practice's settings |
//! | [`page`] | bounded lists |
//! | [`invalid`], [`faults`] | why a value is refused, and every fault of a form |

#![forbid(unsafe_code)]

pub mod account;
pub mod comparison;
pub mod custom_field;
pub mod digest;
pub mod entropy;
pub mod entry;
pub mod faults;
mod full_name;
pub mod ids;
pub mod image;
pub mod invalid;
pub mod page;
pub mod patient;
pub mod principal;
pub mod secret;
pub mod sensitive;
pub mod settings;
pub mod tag;
pub mod text;
pub mod time;

pub use digest::Digest;
pub use entropy::{Entropy, Ids};
pub use faults::Faults;
pub use full_name::full_name;
pub use ids::{
    AccountId, AddendumId, ArchiveId, ClientId, ComparisonId, ConsentId, CustomFieldId, EntryId, ImageId,
    PatientId, RequestId, SessionId, TagCategoryId, TagId, UploadKey,
};
pub use invalid::{FieldError, Invalid, Read};
pub use patient::FieldVersions;
pub use principal::{Administrator, Caller, Clinician, Confirmed, Scope, System};
pub use secret::Secret;
pub use sensitive::Sensitive;
pub use text::{Line, Text};
pub use time::{Clock, Timestamp};
