//! `GET /api/v1/consent-form`.

use axum::extract::State;
use serde::Deserialize;

use super::dto::ConsentForm;
use crate::Api;
use crate::principal::Clinician;
use crate::refusals::Refusals;
use cutis_edge::extract::{Json, Query};
use cutis_edge::problem::Problem;

/// In which language.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FormQuery {
    /// A language tag; English when there is no form in it.
    language: Option<String>,
}

/// Shows the consent form.
#[utoipa::path(
    get, path = "/consent-form", tag = "consents", security(("session" = [])), params(FormQuery),
    responses((status = 200, body = ConsentForm), Refusals)
)]
pub(super) async fn consent_form(
    _by: Clinician,
    State(api): State<Api>,
    Query(asked): Query<FormQuery>,
) -> Result<Json<ConsentForm>, Problem> {
    let form = api
        .records
        .consent_form(asked.language.as_deref().unwrap_or("en"));
    Ok(Json(ConsentForm::from(form)))
}
