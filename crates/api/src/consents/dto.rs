//! Consent on the wire.

use cutis_consent::record::{ConsentRecord as Stored, Method};
use cutis_consent::{Form, Purpose, Status};
use cutis_domain::Timestamp;
use cutis_domain::account::Username;
use cutis_edge::extract::objects;
use cutis_records::People;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// When an upload needs consent (N1).
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ConsentLevel {
    /// Never asked for.
    Disabled,
    /// Asked for, not enforced.
    Advisory,
    /// No image enters without a live consent.
    Required,
}

impl ConsentLevel {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Advisory => "advisory",
            Self::Required => "required",
        }
    }
}

impl From<cutis_consent::ConsentLevel> for ConsentLevel {
    fn from(level: cutis_consent::ConsentLevel) -> Self {
        match level {
            cutis_consent::ConsentLevel::Disabled => Self::Disabled,
            cutis_consent::ConsentLevel::Advisory => Self::Advisory,
            cutis_consent::ConsentLevel::Required => Self::Required,
        }
    }
}

/// The state of a patient's consent (N4).
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ConsentStatus {
    /// Never recorded.
    None,
    /// Live.
    Given,
    /// Taken back.
    Revoked,
    /// Over.
    Expired,
}

impl From<Status> for ConsentStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::None => Self::None,
            Status::Given => Self::Given,
            Status::Revoked => Self::Revoked,
            Status::Expired => Self::Expired,
        }
    }
}

/// A consent form to be shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentForm {
    template: &'static str,
    version: u32,
    language: &'static str,
    title: &'static str,
    text: &'static str,
    purposes: Vec<ConsentPurpose>,
}

/// A purpose that may be agreed to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentPurpose {
    code: &'static str,
    label: &'static str,
    description: &'static str,
    required: bool,
}

impl From<&'static Form> for ConsentForm {
    fn from(form: &'static Form) -> Self {
        let purpose = |offered: &cutis_consent::form::FormPurpose| ConsentPurpose {
            code: offered.purpose.code(),
            label: offered.label,
            description: offered.description,
            required: offered.required,
        };
        Self {
            template: form.template,
            version: form.version,
            language: form.language,
            title: form.title,
            text: form.text,
            purposes: form.purposes.iter().map(purpose).collect(),
        }
    }
}

/// A consent to be recorded.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentInput {
    pub(super) template: String,
    pub(super) version: u32,
    pub(super) language: String,
    pub(super) purposes: Vec<String>,
    #[serde(deserialize_with = "objects::tagged")]
    pub(super) method: ConsentMethodInput,
    pub(super) signer_name: String,
    /// `patient`, `guardian` or `representative`.
    pub(super) signer_role: String,
    #[serde(default)]
    pub(super) witness: Option<String>,
    /// The first day on which the consent is no longer valid.
    #[serde(default)]
    pub(super) expires_on: Option<String>,
}

/// How consent is given.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum ConsentMethodInput {
    /// Drawn on the screen.
    Digital {
        /// Lines of points, in units of the area.
        #[serde(deserialize_with = "objects::within")]
        strokes: Vec<Vec<StrokePoint>>,
        /// Width of the area.
        width: u32,
        /// Height of the area.
        height: u32,
    },
    /// Given outside this program.
    External {
        /// `verbal`, `written` or `other`.
        how: String,
        /// More about it; required for `other`.
        #[serde(default)]
        notes: Option<String>,
    },
}

/// A point of a signature.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StrokePoint {
    pub(super) x: f64,
    pub(super) y: f64,
    /// Milliseconds.
    #[serde(default)]
    pub(super) t: Option<f64>,
}

/// A consent as recorded.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsentRecord {
    id: String,
    template: String,
    version: u32,
    language: String,
    /// The exact text shown.
    text: String,
    purposes: Vec<&'static str>,
    method: ConsentMethod,
    signer_name: String,
    signer_role: &'static str,
    #[schema(required)]
    witness: Option<String>,
    /// The username of the person who recorded it.
    recorded_by: String,
    /// Their full name; the username if there is none.
    recorded_by_name: String,
    recorded_at: String,
    #[schema(required)]
    expires_on: Option<String>,
    status: ConsentStatus,
    #[schema(required)]
    revoked_at: Option<String>,
    /// The username of the person who revoked it.
    #[schema(required)]
    revoked_by: Option<String>,
    /// Their full name; the username if there is none.
    #[schema(required)]
    revoked_by_name: Option<String>,
    #[schema(required)]
    revoked_reason: Option<String>,
    has_signature: bool,
}

/// How consent was given.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ConsentMethod {
    /// Drawn on the screen.
    #[serde(rename_all = "camelCase")]
    Digital {
        /// SHA-256 of the picture of the signature.
        signature_sha256: String,
        /// The number of lines in the signature.
        strokes: u32,
    },
    /// Given outside this program.
    External {
        /// `verbal`, `written` or `other`.
        how: &'static str,
        /// More about it.
        notes: String,
    },
}

/// Whoever recorded or revoked one of these.
pub(crate) fn people_in<'a>(
    records: impl IntoIterator<Item = &'a Stored, IntoIter: Send> + Send,
) -> impl Iterator<Item = &'a Username> + Send {
    records.into_iter().flat_map(|record| {
        let revoked_by = record.revocation.as_ref().map(|it| &it.by.username);
        std::iter::once(&record.recorded_by.username).chain(revoked_by)
    })
}

impl ConsentRecord {
    pub(crate) fn new(stored: &Stored, now: Timestamp, people: &People) -> Self {
        let method = match &stored.method {
            Method::Digital { signature } => ConsentMethod::Digital {
                signature_sha256: signature.picture_sha256().to_string(),
                strokes: signature.strokes(),
            },
            Method::External { how, notes } => ConsentMethod::External {
                how: how.code(),
                notes: notes
                    .as_ref()
                    .map(|notes| notes.as_str().to_owned())
                    .unwrap_or_default(),
            },
        };
        let revocation = stored.revocation.as_ref();
        Self {
            id: stored.id.to_string(),
            template: stored.template.clone(),
            version: stored.version,
            language: stored.language.clone(),
            text: stored.text.clone(),
            purposes: stored.purposes.iter().map(Purpose::code).collect(),
            method,
            signer_name: stored.signer_name.as_str().to_owned(),
            signer_role: stored.signer_role.code(),
            witness: stored.witness.as_ref().map(|name| name.as_str().to_owned()),
            recorded_by: stored.recorded_by.username.to_string(),
            recorded_by_name: people.name_of(&stored.recorded_by.username).to_owned(),
            recorded_at: stored.recorded_at.to_string(),
            expires_on: stored.expiry.map(|expiry| expiry.day().to_string()),
            status: stored.status(now).into(),
            revoked_at: revocation.map(|revocation| revocation.at.to_string()),
            revoked_by: revocation.map(|revocation| revocation.by.username.to_string()),
            revoked_by_name: revocation.map(|revocation| people.name_of(&revocation.by.username).to_owned()),
            revoked_reason: revocation.map(|revocation| revocation.reason.as_str().to_owned()),
            has_signature: stored.signature().is_some(),
        }
    }
}

/// A patient's consents, newest first.
#[derive(Serialize, ToSchema)]
pub struct ConsentList {
    pub(super) consents: Vec<ConsentRecord>,
}

/// Why a consent is revoked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// 1 to 500 characters.
    pub(super) reason: String,
}
