//! `POST /api/v1/password-check`.

use axum::extract::State;
use cutis_auth::{Candidate, Context, JudgeError, Report};
use cutis_domain::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::principal::Anyone;
use crate::refusals::{self, Refusals};
use cutis_edge::extract::Json;
use cutis_edge::problem::Problem;

/// A password to be checked, with the names that must not occur in it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PasswordCheck {
    password: String,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    first_name: Option<String>,
    #[serde(default)]
    last_name: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    practice_name: Option<String>,
}

/// Which rules a password meets.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PasswordReport {
    acceptable: bool,
    rules: Vec<PasswordRule>,
}

/// One rule.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PasswordRule {
    code: &'static str,
    label: &'static str,
    satisfied: bool,
}

impl From<&Report> for PasswordReport {
    fn from(report: &Report) -> Self {
        let rule = |rule: &cutis_auth::Rule| PasswordRule {
            code: rule.code.code(),
            label: rule.label,
            satisfied: rule.satisfied,
        };
        Self {
            acceptable: report.is_acceptable(),
            rules: report.rules().iter().map(rule).collect(),
        }
    }
}

/// Checks a password against the password policy, without storing it.
#[utoipa::path(
    post, path = "/password-check", tag = "setup", request_body = PasswordCheck,
    responses((status = 200, body = PasswordReport), Refusals)
)]
pub(super) async fn password_check(
    _by: Anyone,
    State(api): State<Api>,
    Json(body): Json<PasswordCheck>,
) -> Result<Json<PasswordReport>, Problem> {
    let candidate = Candidate::parse(&Secret::new(body.password))
        .map_err(|invalid| Problem::invalid("password", invalid.code(), invalid.message()))?;
    let person = |context: Context, name: Option<String>| match name {
        Some(name) => context.person(&name),
        None => context,
    };
    let names = [body.username, body.first_name, body.last_name]
        .into_iter()
        .fold(Context::new(), person);
    let names = names.email(body.email.as_deref().unwrap_or_default());
    let names = names.practice(body.practice_name.as_deref().unwrap_or_default());
    match api.auth.check_password(candidate, names).await {
        Ok(report) => Ok(Json(PasswordReport::from(&report))),
        Err(JudgeError::Busy(_)) => Err(Problem::busy()),
        Err(JudgeError::Storage(error)) => Err(refusals::storage(&error)),
    }
}
