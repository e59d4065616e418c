//! The outermost layer: an id for the request, and what every response carries.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, TRANSFER_ENCODING};
use http::{HeaderMap, StatusCode, Uri};
use tracing::Instrument;

use super::{Edge, headers, hosts};
use crate::listener::Channel;
use crate::problem::{Code, Problem};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request, made here and never taken from the caller. An extension of every request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// The id as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Frames one request.
pub(super) async fn frame(State(edge): State<Edge>, mut request: Request, next: Next) -> Response {
    let began = (edge.monotonic)();
    let id = RequestId((edge.new_request_id)());
    let method = request.method().clone();
    // The template, never the path: what stands in its place may be a secret link.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let strict = edge.strict_transport.filter(|_| may_be_strict(&request));
    request.extensions_mut().insert(id.clone());
    let span = tracing::info_span!("request", id = id.as_str());
    let response = next.run(request).instrument(span.clone()).await;
    let mut response = as_problem(response, &id);
    let headers = response.headers_mut();
    headers::secure(headers, strict);
    headers.extend(HeaderValue::try_from(id.as_str()).ok().map(|id| (X_REQUEST_ID, id)));
    let took = (edge.monotonic)().saturating_sub(began);
    tracing::info!(
        parent: &span,
        method = method.as_str(),
        route = route.as_ref().map_or("-", MatchedPath::as_str),
        status = response.status().as_u16(),
        milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}

/// Strictness binds a *name*, for all its ports; and over plain HTTP it means nothing.
fn may_be_strict(request: &Request) -> bool {
    let tls = request.extensions().get() == Some(&Channel::Tls);
    tls && host_of(request.uri(), request.headers()).is_some_and(|host| hosts::is_dns_name(&host))
}

fn host_of(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    let named = headers.get(http::header::HOST).and_then(|value| value.to_str().ok()?.parse().ok());
    let authority: http::uri::Authority = uri.authority().cloned().or(named)?;
    Some(authority.host().to_owned())
}

/// Completes a problem with the request's id, and makes one of any other failure: what a library or
/// axum itself says is not in our words and may repeat what was sent.
fn as_problem(mut response: Response, id: &RequestId) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let problem =
        response.extensions_mut().remove::<Problem>().unwrap_or_else(|| Problem::new(Code::for_status(status)));
    let completed = problem.with_request_id(id.as_str()).into_response();
    if status == StatusCode::METHOD_NOT_ALLOWED && !response.headers().contains_key(ALLOW) {
        // RFC 9110 demands the header; nothing is allowed here that we know of.
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(""));
    }
    let (mut parts, _) = response.into_parts();
    let (made, body) = completed.into_parts();
    for name in [CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING] {
        parts.headers.remove(name);
    }
    parts.headers.extend(made.headers);
    parts.status = made.status;
    Response::from_parts(parts, body)
}
