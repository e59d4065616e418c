//! The description of the API: OpenAPI 3.1, committed, served, and what the client is typed from.

use axum::Router;
use axum::routing::get;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};

use cutis_edge::session_cookie;

#[derive(Debug, OpenApi)]
#[openapi(info(
    title = "Cutis",
    description = "Clinical photography on the practice's own computer. Every answer that is not a success is an \
                   RFC 9457 problem. Unsafe methods are refused from other origins.",
    license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT")
))]
struct Document;

pub(super) fn document() -> utoipa::openapi::OpenApi {
    let mut document = Document::openapi();
    let session = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(session_cookie::NAME)));
    let mut components = document.components.take().unwrap_or_default();
    components.schemas.extend(super::refusals::problem_schemas());
    components
        .security_schemes
        .insert("session".to_owned(), session.into());
    document.components = Some(components);
    document
}

pub(super) fn served(document: &utoipa::openapi::OpenApi) -> Router {
    let text = Bytes::from(document.to_json().unwrap_or_default());
    Router::new().route(
        "/api/v1/openapi.json",
        get(|| async move { ([(CONTENT_TYPE, "application/json")], text) }),
    )
}
