//! One port for each aggregate. House rules, held by tests (`tests/tidy/ports.rs`):
//!
//! - a port of an owner takes no scope: the backend binds it once ([`crate::Snapshot::owned`]);
//! - a port of what belongs to a patient takes no patient: that is bound too ([`crate::OwnedRead::belongings`]);
//! - a look-up gives an `Option`: what does not exist and what is somebody else's get the same answer (A10);
//! - a list takes a bound, and a cursor where it can be long;
//! - no driver type shows.
//!
//! A new port is a file here and a line in one of the lists of [`crate::backend`].

pub mod accounts;
pub mod activity;
pub mod consents;
pub mod custom_fields;
pub mod entries;
pub mod images;
pub mod patient_list;
pub mod patients;
pub mod sessions;
pub mod settings;
pub mod tag_links;
pub mod tags;
pub mod trail;
pub mod upkeep;
pub mod workspaces;

pub use accounts::{AccountsRead, AccountsWrite, Credentials, NewAccount, ThrottleRow};
pub use activity::ActivityRead;
pub use consents::{ConsentsRead, ConsentsWrite, NewConsent, SealedSignature, StoredConsent};
pub use custom_fields::{CustomFieldsRead, CustomFieldsWrite};
pub use entries::{
    EntriesRead, EntriesWrite, EntryPosition, FieldValue, KeptEdit, KeptNotes, NewValue, Revision,
    RevisionHead, SealedAddendum, SomeImages,
};
pub use images::{
    ImageChange, ImageCursor, ImageDraft, ImagesRead, ImagesWrite, NewImage, Placed, Receipt, Renditions,
    StoredImage,
};
pub use patient_list::{
    FoundPatient, FoundPatients, ListedPatient, Order, PatientFilter, PatientPosition, PatientSort,
    PatientsAsked, SortKey, TagFilter,
};
pub use patients::{NewPatient, PatientChange, PatientsRead, PatientsWrite};
pub use sessions::{RowMac, Session, SessionsRead, SessionsTouch, SessionsWrite};
pub use settings::{SettingsRead, SettingsWrite};
pub use tag_links::{TagLinksRead, TagLinksWrite};
pub use tags::{TagsRead, TagsWrite};
pub use trail::{ActivityItem, ActivityKind, TrailRead};
pub use upkeep::BlobNamesRead;
pub use workspaces::{WorkspacesRead, WorkspacesWrite};
