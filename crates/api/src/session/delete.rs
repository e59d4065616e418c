//! `DELETE /api/v1/session`.

use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse};
use http::header::SET_COOKIE;
use http::{HeaderName, HeaderValue, StatusCode};

use crate::principal::AlsoHandedOver;
use crate::refusals::{self, Refusals};
use crate::{Api, cookie};
use cutis_edge::problem::Problem;

/// Makes the browser forget what it kept (C39).
pub(super) const EMPTY_CACHE: (HeaderName, HeaderValue) = (
    HeaderName::from_static("clear-site-data"),
    HeaderValue::from_static("\"cache\""),
);

/// Signs out.
#[utoipa::path(
    delete, path = "/session", tag = "session", security(("session" = [])),
    responses((status = 204, description = "Signed out"), Refusals)
)]
pub(super) async fn sign_out(
    AlsoHandedOver(by): AlsoHandedOver,
    State(api): State<Api>,
) -> Result<impl IntoResponse, Problem> {
    api.auth
        .sign_out(&by)
        .await
        .map_err(|error| refusals::storage(&error))?;
    Ok((StatusCode::NO_CONTENT, signed_out_headers(), ()))
}

/// Takes the cookie back and empties the browser's cache.
pub(crate) fn signed_out_headers() -> AppendHeaders<[(HeaderName, HeaderValue); 2]> {
    AppendHeaders([(SET_COOKIE, cookie::clear()), EMPTY_CACHE])
}
