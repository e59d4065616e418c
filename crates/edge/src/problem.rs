//! The answer to a refused or failed request: RFC 9457 problem details.
//!
//! A handler returns a [`Problem`]; `middleware::frame` adds the request's id before it is sent.

mod code;

use std::collections::BTreeMap;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

pub use code::Code;

/// The media type of every error response.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// One refusal or failure, ready to be sent.
///
/// Its detail is read by people: it says what to do, and never repeats what the caller sent.
#[derive(Debug, Clone)]
pub struct Problem(Box<Inner>);

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
struct Inner {
    /// Where the kind of problem is described: `/problems/` and the code.
    #[serde(rename = "type")]
    type_uri: String,
    /// The kind of problem in a few words; the same for every problem of one code.
    title: &'static str,
    /// The HTTP status, repeated.
    status: u16,
    /// The kind of problem, for programs.
    code: &'static str,
    /// What happened and what to do, for people.
    detail: String,
    /// The id to quote when asking for help; also in the header `x-request-id`.
    request_id: String,
    /// Which fields of the request are wrong, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldError>,
    /// More fields, depending on the code.
    #[serde(flatten)]
    extra: BTreeMap<&'static str, Value>,
    #[serde(skip)]
    kind: Code,
    #[serde(skip)]
    sent_as: StatusCode,
    #[serde(skip)]
    retry_after_seconds: Option<u64>,
}

/// What is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// The field as the request names it; nested ones by dots and brackets, as in `phones[0]`.
    field: String,
    /// The kind of fault, for programs.
    code: String,
    /// What is wrong and how to correct it, for people.
    message: String,
}

impl FieldError {
    /// The field as the request names it.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The kind of fault, for programs.
    pub fn code(&self) -> &str {
        &self.code
    }
}

impl Problem {
    /// A problem of this kind with the kind's own text as its detail.
    pub fn new(kind: Code) -> Self {
        Self(Box::new(Inner {
            type_uri: format!("/problems/{}", kind.as_str()),
            title: kind.title(),
            status: kind.status().as_u16(),
            code: kind.as_str(),
            detail: kind.default_detail().to_owned(),
            request_id: String::new(),
            errors: Vec::new(),
            extra: BTreeMap::new(),
            kind,
            sent_as: kind.status(),
            retry_after_seconds: None,
        }))
    }

    /// The same problem with a detail that fits the case.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = detail.into();
        self
    }

    /// The same problem, naming one more field that is at fault.
    #[must_use]
    pub fn with_field(
        mut self,
        field: impl Into<String>,
        code: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        self.0.errors.push(FieldError {
            field: field.into(),
            code: code.into(),
            message: message.into(),
        });
        self
    }

    /// The same problem with one more member, such as `current` of a stale version.
    ///
    /// The members every problem has can't be replaced: such a name is ignored.
    #[must_use]
    pub fn with_extra(mut self, name: &'static str, value: Value) -> Self {
        const OWN: [&str; 7] = ["type", "title", "status", "code", "detail", "requestId", "errors"];
        if !OWN.contains(&name) {
            self.0.extra.insert(name, value);
        }
        self
    }

    /// The same problem, telling the caller when to try again: `retryAfterSeconds` and `Retry-After`.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after_seconds = Some(seconds);
        self.with_extra("retryAfterSeconds", Value::from(seconds))
    }

    /// The same problem with the id of the request it answers.
    #[must_use]
    pub(crate) fn with_request_id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.0.request_id);
        self
    }

    /// The closest kind of problem for a status without one; the status itself is kept.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        let mut problem = Self::new(Code::for_status(status));
        problem.0.status = status.as_u16();
        problem.0.sent_as = status;
        problem
    }

    /// No session, or one that has ended.
    pub fn unauthenticated() -> Self {
        Self::new(Code::Unauthenticated)
    }

    /// It does not exist, or is not the caller's.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound)
    }

    /// The caller's role doesn't cover it, or the request came from another site.
    pub fn forbidden() -> Self {
        Self::new(Code::Forbidden)
    }

    /// One field of the request can't be accepted.
    pub fn invalid(field: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Code::Invalid).with_field(field, code, message)
    }

    /// Another patient has this unique id.
    pub fn unique_id_taken() -> Self {
        Self::new(Code::UniqueIdTaken).with_field(
            "uniqueId",
            "unique_id_taken",
            "Choose another unique ID, or open the patient who has this one.",
        )
    }

    /// The thing was changed by somebody else; `current` is how it is now.
    pub fn stale_version(current: Value) -> Self {
        Self::new(Code::StaleVersion).with_extra("current", current)
    }

    /// Too many attempts.
    pub fn throttled(retry_after_seconds: u64) -> Self {
        Self::new(Code::Throttled).with_retry_after(retry_after_seconds)
    }

    /// More requests at once than the server takes.
    pub fn busy() -> Self {
        Self::new(Code::Busy).with_retry_after(1)
    }

    /// A fault of the server's. The cause belongs in the log, never in the answer.
    pub fn internal() -> Self {
        Self::new(Code::Internal)
    }

    /// The kind of problem.
    pub fn code(&self) -> Code {
        self.0.kind
    }

    /// The fields at fault.
    pub fn errors(&self) -> &[FieldError] {
        &self.0.errors
    }

    /// What happened and what to do.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.0.sent_as;
        // Serialising strings, numbers and JSON values can't fail; an empty body is the honest rest.
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = self.0.retry_after_seconds {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl Serialize for Problem {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        Inner::schema()
    }
}

impl ToSchema for Problem {
    fn name() -> std::borrow::Cow<'static, str> {
        "Problem".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Inner::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(problem: &Problem) -> Value {
        serde_json::to_value(&problem.0).unwrap()
    }

    #[test]
    fn a_problem_has_the_contracts_members() {
        let value = json(&Problem::not_found().with_request_id("r-1"));
        assert_eq!(
            value,
            serde_json::json!({
                "type": "/problems/not_found", "title": "Not found", "status": 404, "code": "not_found",
                "detail": "There is nothing here, or this account may not see it.", "requestId": "r-1",
            })
        );
    }

    #[test]
    fn field_errors_and_extra_members_are_added_but_never_replace_the_own_ones() {
        let problem = Problem::invalid("limit", "range", "Use a number from 1 to 100.")
            .with_extra("status", Value::from(200))
            .with_extra("current", serde_json::json!({"version": 3}));
        let value = json(&problem);
        assert_eq!(value["status"], 422);
        assert_eq!(value["current"]["version"], 3);
        assert_eq!(value["errors"][0]["field"], "limit");
    }

    #[test]
    fn waiting_times_are_told_twice() {
        let response = Problem::throttled(90).into_response();
        assert_eq!(response.headers()[RETRY_AFTER], "90");
        assert_eq!(response.headers()[CONTENT_TYPE], MEDIA_TYPE);
        assert_eq!(json(&Problem::throttled(90))["retryAfterSeconds"], 90);
    }

    #[test]
    fn the_schema_is_named_and_closed_over_its_fields() {
        assert_eq!(Problem::name(), "Problem");
        assert_eq!(FieldError::name(), "FieldError");
        let mut named = Vec::new();
        Problem::schemas(&mut named);
        assert!(named.iter().any(|(name, _)| name == "FieldError"));
        let schema = serde_json::to_value(Problem::schema()).unwrap().to_string();
        for member in ["requestId", "detail", "errors", "type"] {
            assert!(
                schema.contains(&format!("\"{member}\"")),
                "{member} missing in {schema}"
            );
        }
        assert!(
            !schema.contains("retryAfter") && !schema.contains("\"kind\""),
            "{schema}"
        );
    }

    #[test]
    fn every_code_is_distinct_and_an_error() {
        let mut seen = std::collections::BTreeSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.as_str()), "{code:?} twice");
            assert!(code.status().is_client_error() || code.status().is_server_error());
            assert!(!code.title().is_empty() && !code.default_detail().is_empty());
        }
    }
}
