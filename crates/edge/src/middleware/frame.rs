//! The outermost layer: an id for the request, and what every response carries.

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, TRANSFER_ENCODING};
use http::{HeaderMap, Method, StatusCode, Uri, Version};
use tracing::Instrument;

use super::{Edge, headers, hosts};
use crate::listener::Channel;
use crate::problem::Problem;

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

/// Marks a failure that is a page of ours for people, and stays as it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct InOwnWords;

/// Frames one request.
pub(super) async fn frame(State(edge): State<Edge>, mut request: Request, next: Next) -> Response {
    let began = (edge.monotonic)();
    let version = request.version();
    let id = RequestId((edge.new_request_id)());
    let method = request.method().clone();
    // The template, never the path: what stands in its place may be a secret link.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let strict = edge.strict_transport.filter(|_| may_be_strict(&request));
    request.extensions_mut().insert(id.clone());
    let span = tracing::info_span!("request", id = id.as_str());
    let response = next.run(request).instrument(span.clone()).await;
    let mut response = if method == Method::OPTIONS && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        // No route has a handler for OPTIONS: it is answered by what the router says of the others.
        no_content(response)
    } else {
        as_problem(response, &id)
    };
    let status = response.status();
    let headers = response.headers_mut();
    headers::secure(headers, strict);
    if breaks_off(status) && version <= Version::HTTP_11 {
        // Part of the body may not have been read, so nothing else can be asked on this connection.
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    headers.extend(
        HeaderValue::try_from(id.as_str())
            .ok()
            .map(|id| (X_REQUEST_ID, id)),
    );
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

/// Whether a body was refused before its end: it was too large, or too slow.
fn breaks_off(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT
    )
}

/// Strictness binds a *name*, for all its ports; and over plain HTTP it means nothing.
fn may_be_strict(request: &Request) -> bool {
    let tls = request.extensions().get() == Some(&Channel::Tls);
    tls && host_of(request.uri(), request.headers()).is_some_and(|host| hosts::is_dns_name(&host))
}

fn host_of(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    let named = headers
        .get(http::header::HOST)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let authority: http::uri::Authority = uri.authority().cloned().or(named)?;
    Some(authority.host().to_owned())
}

/// The same answer without a body. Nothing in it is for other origins: there is no CORS here.
fn no_content(response: Response) -> Response {
    let (mut parts, _) = response.into_parts();
    for name in [CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING] {
        parts.headers.remove(name);
    }
    parts.extensions.remove::<Problem>();
    parts.status = StatusCode::NO_CONTENT;
    Response::from_parts(parts, Body::empty())
}

/// Adds the request's id to a problem, and turns any other failure into a problem: the text of a library or of axum
/// itself is not ours and may repeat what was sent.
fn as_problem(mut response: Response, id: &RequestId) -> Response {
    let status = response.status();
    let said = response.extensions_mut().remove::<InOwnWords>().is_some();
    if said || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let problem = response
        .extensions_mut()
        .remove::<Problem>()
        .unwrap_or_else(|| Problem::of_status(status));
    let completed = problem.with_request_id(id.as_str()).into_response();
    let (mut parts, _) = response.into_parts();
    let (made, body) = completed.into_parts();
    for name in [CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING] {
        parts.headers.remove(name);
    }
    parts.headers.extend(made.headers);
    parts.status = made.status;
    Response::from_parts(parts, body)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use axum::Router;
    use axum::extract::Path;
    use axum::routing::get;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;
    use crate::limits::Limits;
    use crate::middleware::{AllowedHosts, Bodies, edge};

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn app() -> Router {
        let clock = AtomicU64::new(0);
        let settings = Edge {
            new_request_id: Arc::new(|| "r-7".to_owned()),
            monotonic: Arc::new(move || Duration::from_millis(clock.fetch_add(250, Ordering::Relaxed))),
            hosts: AllowedHosts::new(["cutis.local"], []),
            strict_transport: None,
            bodies: Bodies::default(),
            limits: Limits::default(),
        };
        let leaks = || async { (StatusCode::BAD_REQUEST, "Erika Mustermann is not a number") };
        edge(
            Router::new()
                .route("/patients/{id}", get(|| async { "" }))
                .route("/leaks", get(leaks))
                .route(
                    "/status/{status}",
                    get(|Path(status): Path<u16>| async move { StatusCode::from_u16(status).unwrap() }),
                ),
            &settings,
        )
    }

    /// Every test here listens: tracing remembers for good that nobody did when an event first happened.
    fn listen() -> (Log, tracing::subscriber::DefaultGuard) {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_writer(move || writer.clone())
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    async fn ask(path: &str) -> Response {
        let request = Request::builder()
            .uri(path)
            .header("host", "cutis.local")
            .header("x-request-id", "forged");
        app().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    /// Only ids in the log: never a path with what stands in it, never a query.
    #[tokio::test]
    async fn the_log_tells_the_template_and_the_time_and_no_query() {
        let (log, _scope) = listen();
        let response = ask("/patients/mustermann?query=erika").await;
        assert_eq!(response.headers()["x-request-id"], "r-7");
        let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        let line: serde_json::Value = serde_json::from_str(text.trim()).unwrap();
        assert_eq!(line["fields"]["route"], "/patients/{id}");
        assert_eq!(line["fields"]["milliseconds"], 250);
        assert_eq!(line["fields"]["status"], 200);
        assert_eq!(line["span"]["id"], "r-7");
        assert!(
            !text.contains("mustermann") && !text.contains("erika") && !text.contains("forged"),
            "{text}"
        );
    }

    /// What a library says of a failure is replaced: it may repeat what was sent.
    #[tokio::test]
    async fn a_failure_in_other_words_becomes_a_problem() {
        let _listening = listen();
        let response = ask("/leaks").await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            (problem["code"].as_str(), problem["requestId"].as_str()),
            (Some("bad_request"), Some("r-7"))
        );
    }
    /// A bare status gets the code that is closest to it, and is kept.
    #[tokio::test]
    async fn a_bare_status_becomes_a_problem() {
        let _listening = listen();
        for (status, code) in [
            (412, "condition_failed"),
            (416, "range_not_satisfiable"),
            (417, "bad_request"),
        ] {
            let response = ask(&format!("/status/{status}")).await;
            assert_eq!(response.status(), status);
            assert_eq!(response.headers()["content-type"], "application/problem+json");
            let body = response.into_body().collect().await.unwrap().to_bytes();
            let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(
                (problem["status"].as_u64(), problem["code"].as_str()),
                (Some(u64::from(status)), Some(code))
            );
        }
    }
}
