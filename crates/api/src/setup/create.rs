//! `POST /api/v1/setup`.

use axum::extract::{Extension, State};
use axum::response::{IntoResponse as _, Response};
use cutis_auth::set_up::SetUp;
use cutis_domain::account::{AccountProfile, EmailAddress, Username};
use cutis_domain::faults::filled;
use cutis_domain::settings::{Key, Setting};
use cutis_domain::{Faults, Secret, Sensitive, Text};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Api;
use crate::account::Me;
use crate::consents::dto::ConsentLevel;
use crate::principal::Anyone;
use crate::refusals::Refusals;
use crate::session::signed_in;
use crate::wire_names;
use cutis_edge::extract::Json;
use cutis_edge::middleware::Acquaintance;
use cutis_edge::problem::Problem;

/// The practice and its first account.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SetupRequest {
    /// The code that the program printed; case and hyphens do not matter.
    code: String,
    username: String,
    password: String,
    first_name: String,
    last_name: String,
    #[serde(default)]
    email: Option<String>,
    practice_name: String,
    consent_level: ConsentLevel,
    /// An IANA time zone.
    time_zone: String,
}

impl SetupRequest {
    fn parse(self) -> Result<SetUp, Problem> {
        let mut faults = Faults::default();
        let mut setting = |field, key, value: &str| faults.take(field, Setting::parse(key, value));
        let settings = [
            setting("practiceName", Key::PracticeName, &self.practice_name),
            setting("timeZone", Key::PracticeTimeZone, &self.time_zone),
            setting("consentLevel", Key::ConsentLevel, self.consent_level.code()),
        ];
        let username = faults.take("username", Username::parse(&self.username));
        let first_name = faults.take("firstName", Text::parse(&self.first_name));
        let last_name = faults.take("lastName", Text::parse(&self.last_name));
        let email = filled(self.email.as_deref()).map(EmailAddress::parse).transpose();
        let email = faults.take("email", email);
        match (username, first_name, last_name, email, settings) {
            (Some(username), Some(first), Some(last), Some(email), [Some(name), Some(zone), Some(level)]) => {
                let (first_name, last_name) = (Sensitive::new(first), Sensitive::new(last));
                Ok(SetUp {
                    code: Secret::new(self.code),
                    profile: AccountProfile {
                        username,
                        first_name,
                        last_name,
                        email,
                    },
                    password: Secret::new(self.password),
                    settings: vec![name, zone, level],
                })
            }
            _ => Err(wire_names::refused(faults.into_vec())),
        }
    }
}

/// Sets up the practice, creates its first account and signs it in.
#[utoipa::path(
    post, path = "/setup", tag = "setup", request_body = SetupRequest,
    responses((status = 201, body = Me), Refusals)
)]
pub(super) async fn set_up(
    Anyone(caller): Anyone,
    State(api): State<Api>,
    acquaintance: Option<Extension<Acquaintance>>,
    Json(body): Json<SetupRequest>,
) -> Result<Response, Problem> {
    let started = api
        .auth
        .set_up(caller, body.parse()?)
        .await
        .map_err(super::refused)?;
    Ok((
        StatusCode::CREATED,
        signed_in(&api, acquaintance.as_deref(), &started).await?,
    )
        .into_response())
}
