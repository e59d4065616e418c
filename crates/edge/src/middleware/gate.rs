//! Refuses requests that no route should have to deal with.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT, CONTENT_ENCODING, HOST};
use http::uri::Authority;
use http::{HeaderMap, Method, Uri};

use super::origin::{self, Foreign};
use super::{Edge, unknown_name};
use crate::listener::Channel;
use crate::problem::{Code, Problem};

/// Methods that some route may answer. Never TRACE, which echoes. CONNECT is let through only as HTTP/2's
/// way to open a WebSocket. Any other, and OPTIONS, is answered by what the route allows.
const METHODS: [Method; 6] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

/// The host under which the request was made, checked against the allow-list. An extension.
#[derive(Debug, Clone)]
pub(crate) struct AskedHost(pub(crate) Authority);

/// Lets a request through or answers it here.
pub(super) async fn gate(State(edge): State<Edge>, mut request: Request, next: Next) -> Response {
    match examine(&request, &edge) {
        Ok(host) => {
            request.extensions_mut().insert(AskedHost(host));
            if !METHODS.contains(request.method()) && !opens_websocket(&request) {
                // No handler takes OPTIONS, so the router answers 405 with the methods there are.
                *request.method_mut() = Method::OPTIONS;
            }
            next.run(request).await
        }
        Err(problem) if problem.code() == Code::Misdirected && wants_page(&request) => {
            unknown_name::page(&edge.hosts.working())
        }
        Err(problem) => problem.into_response(),
    }
}

/// Whether a person looks at the answer.
fn wants_page(request: &Request) -> bool {
    let mut accepted = request.headers().get_all(ACCEPT).iter();
    matches!(*request.method(), Method::GET | Method::HEAD)
        && accepted.any(|value| value.to_str().is_ok_and(|value| value.contains("text/html")))
}

fn examine(request: &Request, edge: &Edge) -> Result<Authority, Problem> {
    let uri = request.uri();
    let length = uri.path_and_query().map_or(0, |path| path.as_str().len());
    if length > edge.limits.uri_bytes {
        return Err(Problem::new(Code::UriTooLong));
    }
    let host = asked_host(uri, request.headers())?;
    if !edge.hosts.allows(&host) {
        return Err(unknown_name::problem(&edge.hosts.working()));
    }
    if request
        .headers()
        .get_all(CONTENT_ENCODING)
        .iter()
        .any(|value| value != "identity")
    {
        return Err(Problem::new(Code::UnsupportedMediaType)
            .with_detail("Send the body as it is: compressed bodies aren't accepted."));
    }
    if origin::matters(request.method(), request.headers()) {
        // Without a listener there is no channel, and pages are then assumed to be where they should.
        let channel = request.extensions().get().copied().unwrap_or(Channel::Tls);
        let proxied = |origin: &Authority| edge.hosts.is_proxied(origin);
        origin::check(request.headers(), &host, channel, proxied).map_err(foreign)?;
    }
    Ok(host)
}

fn opens_websocket(request: &Request) -> bool {
    request.method() == Method::CONNECT && request.extensions().get::<hyper::ext::Protocol>().is_some()
}

/// The one host the request names: in its address (HTTP/2) or its header (HTTP/1).
fn asked_host(uri: &Uri, headers: &HeaderMap) -> Result<Authority, Problem> {
    let unclear = || Problem::new(Code::BadRequest).with_detail("The request must name one host.");
    let mut named = headers.get_all(HOST).iter();
    let header = match (named.next(), named.next()) {
        (None, _) => None,
        (Some(value), None) => Some(Authority::try_from(value.as_bytes()).map_err(|_| unclear())?),
        (Some(_), Some(_)) => return Err(unclear()),
    };
    match (uri.authority(), header) {
        (Some(asked), Some(header)) if *asked != header => Err(unclear()),
        (Some(asked), _) => Ok(asked.clone()),
        (None, Some(header)) => Ok(header),
        (None, None) => Err(unclear()),
    }
}

fn foreign(reason: Foreign) -> Problem {
    Problem::forbidden().with_detail(match reason {
        Foreign::OtherSite | Foreign::OtherOrigin => {
            "This request was made by a page of another site. Only this server's own pages may make requests."
        }
        Foreign::Unknown => {
            "The request doesn't say where it comes from. A program sends Sec-Fetch-Site: same-origin."
        }
    })
}
