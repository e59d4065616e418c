//! An account as its owner sees it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cutis_auth::{SessionToken, SignedIn};
use cutis_practice::PracticeInfo;
use cutis_records::images::readable_formats;
use cutis_records::outcome::StorageError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Api, mark};

/// Who is signed in, and where.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    account_id: String,
    username: String,
    first_name: String,
    last_name: String,
    #[schema(required)]
    email: Option<String>,
    roles: Vec<Role>,
    session: SessionLimits,
    practice: Practice,
}

/// What an account may do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Manages the practice; sees no clinical content of others.
    Administrator,
    /// Keeps patients of their own.
    Clinician,
}

/// How long the session lasts (A7).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionLimits {
    idle_minutes: i64,
    absolute_hours: i64,
    expires_at: String,
    /// A key that lasts as long as this session, with which the client seals what it keeps in the browser: 32 bytes in
    /// base64url. Null while the device is in a patient's hands, and if the session has no cookie.
    #[schema(required, value_type = Option<String>)]
    seal_key: Option<SealKey>,
    /// A key with which the client seals photos that wait in the browser to be sent: 32 bytes in base64url, the same
    /// whenever this account signs in. Null without the role of a clinician, and while the device is in a patient's
    /// hands.
    #[schema(required, value_type = Option<String>)]
    queue_key: Option<SealKey>,
    /// What this session's addresses of thumbnails carry as `session`, so that a browser may keep them for a while.
    mark: String,
    /// How many sessions of this account are open, this one included. The client tells the person if there are more
    /// than ten (A7).
    open_sessions: usize,
    /// Whether the device was handed to a patient for signing: until the password is confirmed with
    /// `POST /session/confirmation`, every request except recording that consent is answered `handed_over` (N6).
    handed_over: bool,
    /// Whether the password was entered in this session within the last ten minutes, so that a download of originals or of
    /// several photos does not ask for it. Signing in does not count.
    password_entered: bool,
}

/// A session's seal, which no log may show.
#[derive(Serialize)]
#[serde(transparent)]
struct SealKey(String);

impl fmt::Debug for SealKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SealKey")
    }
}

/// What every account may know about the practice.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PracticeInfo)]
pub struct Practice {
    name: String,
    consent_level: super::consents::dto::ConsentLevel,
    time_zone: String,
    upload_limit_bytes: u64,
    /// The formats of photos that this program reads, decided by content: `jpeg`, `png`, `webp`, `tiff`, `gif`; and
    /// `heic` and `avif` only where it was built with a decoder for them.
    image_formats: Vec<&'static str>,
}

impl Me {
    /// What somebody sees who is signed in.
    pub(super) async fn of(
        api: &Api,
        by: &SignedIn,
        token: Option<&SessionToken>,
    ) -> Result<Self, StorageError> {
        let practice = api.practice.info().await?;
        let open_sessions = api.auth.sessions(by).await?.len();
        // In a patient's hands it would open what the browser keeps of others (N6).
        let token = token.filter(|_| by.handed_to().is_none());
        let seal_key = token.map(|token| SealKey(token.seal_key().expose().clone()));
        let queue_key = by
            .clinician()
            .map(|by| SealKey(URL_SAFE_NO_PAD.encode(api.records.device_key(&by).expose())));
        let mut me = Self::new(by, practice, open_sessions, (seal_key, queue_key));
        me.session.password_entered = api.auth.confirmed(by).is_some();
        Ok(me)
    }

    fn new(
        by: &SignedIn,
        practice: PracticeInfo,
        open_sessions: usize,
        (seal_key, queue_key): (Option<SealKey>, Option<SealKey>),
    ) -> Self {
        let account = by.account();
        let roles = [
            account.roles.administrator.then_some(Role::Administrator),
            account.roles.clinician.then_some(Role::Clinician),
        ];
        let limits = by.limits();
        Self {
            account_id: account.id.to_string(),
            username: account.profile.username.to_string(),
            first_name: account.profile.first_name.reveal().as_str().to_owned(),
            last_name: account.profile.last_name.reveal().as_str().to_owned(),
            email: account
                .profile
                .email
                .as_ref()
                .map(|email| email.as_str().to_owned()),
            roles: roles.into_iter().flatten().collect(),
            session: SessionLimits {
                idle_minutes: limits.idle_minutes,
                absolute_hours: limits.absolute_hours,
                expires_at: by.expires_at().to_string(),
                seal_key,
                queue_key,
                mark: mark::of_session(by.session_id()),
                open_sessions,
                handed_over: by.handed_to().is_some(),
                password_entered: false,
            },
            practice: Practice {
                name: practice.name,
                consent_level: practice.consent_level.into(),
                time_zone: practice.time_zone,
                upload_limit_bytes: practice.upload_limit_bytes,
                image_formats: readable_formats().collect(),
            },
        }
    }
}
