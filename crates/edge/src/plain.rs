//! What is served without TLS: a redirect to the encrypted address, and the certificate to trust first.
//!
//! Nothing that needs a password is here, and nothing of the API: a request that carries a secret has already exposed
//! it on the network, so it is refused and never redirected (C45).

mod page;
mod profile;
mod qr;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use http::header::{ALLOW, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, USER_AGENT};
use http::uri::Authority as Host;
use http::{Method, StatusCode};

use crate::middleware::AskedHost;
use crate::problem::{Code, Problem};
use crate::tls::{Authority, Fingerprint};

/// Where the certificate page is.
pub const PAGE: &str = "/certificate";

/// What the plain port reveals about the server.
#[derive(Debug, Clone)]
pub struct PlainSite {
    https_port: u16,
    plain_port: u16,
    certificate: Arc<PublicAuthority>,
}

/// The part of an authority that everybody may know.
#[derive(Debug)]
struct PublicAuthority {
    der: Vec<u8>,
    pem: String,
    fingerprint: Fingerprint,
}

impl PlainSite {
    /// Redirects to the encrypted port and offers this authority's certificate on the plain one.
    pub fn new(https_port: u16, plain_port: u16, authority: &Authority) -> Self {
        let public = PublicAuthority {
            der: authority.certificate_der().to_vec(),
            pem: authority.certificate_pem().to_owned(),
            fingerprint: authority.fingerprint(),
        };
        Self {
            https_port,
            plain_port,
            certificate: Arc::new(public),
        }
    }

    /// The routes, to be wrapped by [`crate::middleware::edge`].
    pub fn router(self) -> Router {
        let app = Router::new()
            .route("/health", get(health))
            .route("/api", any(refuse))
            .route("/api/{*rest}", any(refuse))
            .fallback(redirect)
            .with_state(self.clone());
        app.merge(self.certificate_router())
    }

    /// The certificate page and its files alone, so that the encrypted port can offer them too.
    pub fn certificate_router(self) -> Router {
        let certificate = Arc::clone(&self.certificate);
        Router::new()
            .route(PAGE, get(page))
            .route("/certificate/page.css", get(style))
            .route("/certificate/icon.svg", get(icon))
            .route("/certificate/facts.json", get(facts))
            .route("/certificate/qr.svg", get(code))
            .route("/certificate/cutis-authority.crt", get(der))
            .route("/certificate/cutis-authority.pem", get(pem))
            .route("/certificate/cutis.mobileconfig", get(ios_profile))
            .layer(Extension(certificate))
            .with_state(self)
    }
}

type Certificate = Extension<Arc<PublicAuthority>>;

async fn health() -> Response {
    file("application/json", None, "{\"status\":\"ok\"}")
}

async fn refuse() -> Problem {
    Problem::forbidden()
        .with_detail("The API is not offered over plain HTTP. Use https:// and the port that goes with it.")
}

/// Pages are sent on to the encrypted address; anything that carries more than an address isn't.
async fn redirect(State(site): State<PlainSite>, request: Request) -> Response {
    if *request.method() == Method::OPTIONS {
        let mut response = Problem::new(Code::MethodNotAllowed).into_response();
        let methods = HeaderValue::from_static("GET, HEAD");
        response.headers_mut().insert(ALLOW, methods);
        return response;
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return refuse().await.into_response();
    }
    let Some(AskedHost(host)) = request.extensions().get() else {
        return Problem::not_found().into_response();
    };
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", http::uri::PathAndQuery::as_str);
    let target = format!("https://{}:{}{path}", host.host(), site.https_port);
    match HeaderValue::try_from(target) {
        Ok(target) => {
            // Temporary: a browser that remembered it would follow it even after the port changed.
            (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, target)]).into_response()
        }
        Err(_) => Problem::not_found().into_response(),
    }
}

async fn page(
    State(site): State<PlainSite>,
    Extension(certificate): Certificate,
    request: Request,
) -> Response {
    let secure = format!("https://{}:{}/", host_name(&request), site.https_port);
    let agent = request
        .headers()
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default();
    file(
        "text/html; charset=utf-8",
        None,
        page::html(&certificate.fingerprint, &secure, page::Device::of(agent)),
    )
}

/// What the client shows where a person adds a device: the address of the page, and what to compare there.
async fn facts(
    State(site): State<PlainSite>,
    Extension(certificate): Certificate,
    request: Request,
) -> Response {
    // An address and a fingerprint hold nothing that JSON would have to escape.
    let facts = format!(
        r#"{{"page":"{}","fingerprint":"{}"}}"#,
        page_address(&site, &request),
        certificate.fingerprint
    );
    file("application/json", None, facts)
}

async fn style() -> Response {
    file("text/css; charset=utf-8", None, page::CSS)
}

async fn icon() -> Response {
    file("image/svg+xml", None, page::ICON)
}

async fn code(State(site): State<PlainSite>, request: Request) -> Response {
    match qr::svg(&page_address(&site, &request)) {
        Some(svg) => file("image/svg+xml", None, svg),
        None => Problem::not_found().into_response(),
    }
}

async fn der(Extension(certificate): Certificate) -> Response {
    file(
        "application/x-x509-ca-cert",
        Some("cutis-authority.crt"),
        certificate.der.clone(),
    )
}

async fn pem(Extension(certificate): Certificate) -> Response {
    file(
        "application/x-pem-file",
        Some("cutis-authority.pem"),
        certificate.pem.clone(),
    )
}

async fn ios_profile(Extension(certificate): Certificate) -> Response {
    let xml = profile::mobileconfig(&certificate.der, &certificate.fingerprint);
    file(
        "application/x-apple-aspen-config",
        Some("cutis.mobileconfig"),
        xml,
    )
}

/// The address of the certificate page by the name that this request came by: on the plain port, as a device that
/// doesn't trust this server yet would be warned on the other.
fn page_address(site: &PlainSite, request: &Request) -> String {
    format!("http://{}:{}{PAGE}", host_name(request), site.plain_port)
}

fn asked(request: &Request) -> Option<&Host> {
    request.extensions().get().map(|AskedHost(host)| host)
}

fn host_name(request: &Request) -> String {
    asked(request).map_or_else(|| "localhost".to_owned(), |host| host.host().to_owned())
}

fn file(media_type: &'static str, name: Option<&'static str>, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    let disposition: Option<(HeaderName, HeaderValue)> = name.and_then(|name| {
        let value = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")).ok()?;
        Some((CONTENT_DISPOSITION, value))
    });
    response.headers_mut().extend(disposition);
    response
}
