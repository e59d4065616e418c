//! Serves the client's files, and its page for every address that is the client's own business.

use std::fmt;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH,
    VARY,
};
use http::{HeaderMap, Method, StatusCode};

use crate::problem::{Code, Problem};

/// The page every address of the client's begins with.
const PAGE: &str = "index.html";

/// One file of the client.
#[derive(Debug, Clone)]
pub struct Asset {
    /// What is in it.
    pub bytes: Bytes,
    /// Its media type, with a charset where it has one.
    pub media_type: String,
    /// A digest of its bytes, in whatever notation, without quotes.
    pub digest: String,
    /// How its bytes are compressed, as `Content-Encoding` says it.
    pub encoding: Option<&'static str>,
    /// Whether its name changes with its contents, so that it may be kept forever.
    pub immutable: bool,
}

/// Finds a file by its path without the leading slash, compressed in one of the accepted ways if it
/// comes in one.
pub type Lookup = Arc<dyn Fn(&str, &[&str]) -> Option<Asset> + Send + Sync>;

/// The client's files.
#[derive(Clone)]
pub struct Spa(Lookup);

impl fmt::Debug for Spa {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Spa")
    }
}

impl Spa {
    /// Serves what `lookup` finds. It must find `index.html`.
    pub fn new(lookup: impl Fn(&str, &[&str]) -> Option<Asset> + Send + Sync + 'static) -> Self {
        Self(Arc::new(lookup))
    }

    /// Adds itself as the fallback: what no route answers is a file, the page, or 404.
    pub fn fallback_of(self, app: axum::Router) -> axum::Router {
        app.fallback(move |request: Request| {
            let response = self.answer(&request);
            async move { response }
        })
    }

    fn answer(&self, request: &Request) -> Response {
        let path = request.uri().path();
        if is_api(path) {
            return Problem::not_found().into_response();
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let mut response = Problem::new(Code::MethodNotAllowed).into_response();
            response
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        let name = path.trim_start_matches('/');
        let accepted = accepted(request.headers());
        let found = if name.is_empty() {
            None
        } else {
            (self.0)(name, &accepted)
        };
        match found.or_else(|| is_page(name).then(|| (self.0)(PAGE, &accepted)).flatten()) {
            Some(asset) => send(asset, request.headers()),
            None => Problem::not_found().into_response(),
        }
    }
}

/// The content codings a client names and does not refuse (RFC 9110, section 12.5.3).
fn accepted(headers: &HeaderMap) -> Vec<&str> {
    let named = headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let refused = |quality: &str| {
        quality
            .trim()
            .trim_start_matches("q=")
            .parse::<f32>()
            .is_ok_and(|q| q <= 0.0)
    };
    named
        .flat_map(|value| value.split(','))
        .map(|part| part.split_once(';').unwrap_or((part, "")))
        .filter(|(_, quality)| !refused(quality))
        .map(|(token, _)| token.trim())
        .collect()
}

/// The API and what stands beside it never turn into the page.
fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/") || path == "/health"
}

/// Whether a path that is no file may be an address inside the client: its last part has no extension.
fn is_page(name: &str) -> bool {
    !name.rsplit('/').next().unwrap_or_default().contains('.')
}

fn send(asset: Asset, headers: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", asset.digest);
    let known = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| matches!(known.trim(), "*") || known.trim().trim_start_matches("W/") == etag);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::new(Body::from(asset.bytes));
        let media_type = HeaderValue::try_from(asset.media_type)
            .unwrap_or(HeaderValue::from_static("application/octet-stream"));
        response.headers_mut().insert(CONTENT_TYPE, media_type);
        let encoding = asset
            .encoding
            .map(|encoding| (CONTENT_ENCODING, HeaderValue::from_static(encoding)));
        response.headers_mut().extend(encoding);
        response
    };
    response
        .headers_mut()
        .insert(VARY, HeaderValue::from_static("accept-encoding"));
    // C39: only what is named by its contents may be kept.
    let caching = if asset.immutable {
        "public, max-age=31536000, immutable"
    } else {
        "no-store"
    };
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    response
        .headers_mut()
        .extend(HeaderValue::try_from(etag).ok().map(|etag| (ETAG, etag)));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    fn app() -> Router {
        let spa = Spa::new(|name, accepted| {
            let (bytes, media_type, immutable) = match name {
                "index.html" => ("<!doctype html>", "text/html; charset=utf-8", false),
                "assets/app-1a2b.js" => ("start()", "text/javascript", true),
                _ => return None,
            };
            Some(Asset {
                bytes: Bytes::from_static(bytes.as_bytes()),
                media_type: media_type.to_owned(),
                digest: format!("d-{name}"),
                encoding: accepted.contains(&"br").then_some("br"),
                immutable,
            })
        });
        spa.fallback_of(Router::new())
    }

    async fn ask(method: Method, path: &str, etag: Option<&'static str>) -> (StatusCode, HeaderMap, String) {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(etag) = etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        let response = app().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (
            parts.status,
            parts.headers,
            String::from_utf8(body.to_vec()).unwrap(),
        )
    }

    #[tokio::test]
    async fn hashed_files_are_kept_for_ever_and_the_page_never() {
        let (status, headers, body) = ask(Method::GET, "/assets/app-1a2b.js", None).await;
        assert_eq!((status, body.as_str()), (StatusCode::OK, "start()"));
        assert!(headers[CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        for path in ["/", "/index.html", "/patients/0199"] {
            let (status, headers, body) = ask(Method::GET, path, None).await;
            assert_eq!(
                (status, body.as_str()),
                (StatusCode::OK, "<!doctype html>"),
                "{path}"
            );
            assert_eq!(headers[CACHE_CONTROL], "no-store");
        }
    }

    #[test]
    fn codings_that_a_client_refuses_are_not_accepted() {
        let headers = |value| HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))]);
        assert_eq!(accepted(&headers("gzip, br;q=0.8, zstd;q=0")), ["gzip", "br"]);
        assert!(accepted(&HeaderMap::new()).is_empty());
    }

    #[tokio::test]
    async fn a_known_digest_is_not_sent_again() {
        for known in [
            "\"d-assets/app-1a2b.js\"",
            "\"x\", W/\"d-assets/app-1a2b.js\"",
            "*",
        ] {
            let (status, headers, body) = ask(Method::GET, "/assets/app-1a2b.js", Some(known)).await;
            assert_eq!((status, body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{known}");
            assert!(headers.contains_key(ETAG));
        }
        assert_eq!(
            ask(Method::GET, "/assets/app-1a2b.js", Some("\"x\"")).await.0,
            StatusCode::OK
        );
    }

    #[tokio::test]
    async fn missing_files_and_api_paths_are_not_the_page() {
        for path in [
            "/assets/gone.js",
            "/api/v1/nothing",
            "/api",
            "/favicon.ico",
            "/../etc/passwd.txt",
        ] {
            assert_eq!(
                ask(Method::GET, path, None).await.0,
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
        assert_eq!(
            ask(Method::POST, "/patients", None).await.0,
            StatusCode::METHOD_NOT_ALLOWED
        );
    }
}
