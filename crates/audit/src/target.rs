//! What an event was done to.

use cutis_domain::settings::Key;
use cutis_domain::{AccountId, ConsentId, CustomFieldId, EntryId, ImageId, PatientId, SessionId};

/// The object of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// An account.
    Account(AccountId),
    /// A patient.
    Patient(PatientId),
    /// A custom field: a field of patients that the practice defined.
    CustomField(CustomFieldId),
    /// An entry.
    Entry(EntryId),
    /// An image.
    Image(ImageId),
    /// A consent.
    Consent(ConsentId),
    /// A sign-in.
    Session(SessionId),
    /// A setting.
    Setting(Key),
    /// The practice as a whole.
    Practice,
    /// The trail itself.
    Trail,
}

impl Target {
    /// The kind's stable code.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Account(_) => "account",
            Self::Patient(_) => "patient",
            Self::CustomField(_) => "patient_field",
            Self::Entry(_) => "entry",
            Self::Image(_) => "image",
            Self::Consent(_) => "consent",
            Self::Session(_) => "session",
            Self::Setting(_) => "setting",
            Self::Practice => "practice",
            Self::Trail => "trail",
        }
    }

    /// Its id as text, a setting's code, or the kind again for what exists once.
    pub fn id_text(self) -> String {
        match self {
            Self::Account(id) => id.to_string(),
            Self::Patient(id) => id.to_string(),
            Self::CustomField(id) => id.to_string(),
            Self::Entry(id) => id.to_string(),
            Self::Image(id) => id.to_string(),
            Self::Consent(id) => id.to_string(),
            Self::Session(id) => id.to_string(),
            Self::Setting(key) => key.code().to_owned(),
            Self::Practice | Self::Trail => self.kind().to_owned(),
        }
    }
}
