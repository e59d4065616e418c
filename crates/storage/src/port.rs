//! One port for each aggregate. House rules, held by a tidy test:
//!
//! - an owner's port takes `&Scope` first; ports of the practice take none;
//! - a look-up gives an `Option`: absent and not yours are the same answer (A10);
//! - a list takes a bound, and a cursor where it can be long;
//! - no driver type shows.

pub mod accounts;
pub mod consents;
pub mod entries;
pub mod images;
pub mod patient_fields;
pub mod patients;
pub mod sessions;
pub mod settings;
pub mod trail;

pub use accounts::{AccountsRead, AccountsWrite, Credentials, NewAccount, ThrottleRow};
pub use consents::{ConsentsRead, ConsentsWrite, NewConsent, SealedSignature, StoredConsent};
pub use entries::{EntriesRead, EntriesWrite};
pub use images::{
    BlobNamesRead, ImageCursor, ImageDraft, ImagesRead, ImagesWrite, NewImage, Receipt, StoredImage,
};
pub use patient_fields::{PatientFieldsRead, PatientFieldsWrite};
pub use patients::{NewPatient, PatientChange, PatientCursor, PatientsRead, PatientsWrite};
pub use sessions::{RowMac, Session, SessionsRead, SessionsWrite};
pub use settings::{SettingsRead, SettingsWrite};
pub use trail::{ActivityItem, TrailRead};
