//! Which methods an address supports (RFC 9110, sections 10.2.1 and 9.3.7).

use axum::response::Response;
use http::StatusCode;
use http::header::{ALLOW, HeaderValue};

/// Completes `Allow`, which axum's router has filled in by then: OPTIONS is answered everywhere.
pub(super) async fn complete(mut response: Response) -> Response {
    let named = response
        .headers()
        .get(ALLOW)
        .and_then(|value| value.to_str().ok());
    let methods = match named {
        Some(named) if named.split(',').any(|method| method.trim() == "OPTIONS") => return response,
        Some(named) if !named.is_empty() => {
            let mut methods: Vec<&str> = named.split(',').map(str::trim).collect();
            methods.push("OPTIONS");
            methods.join(", ")
        }
        Some(_) => "OPTIONS".to_owned(),
        // A 405 must say what would be allowed; of any other answer nobody asked.
        None if response.status() == StatusCode::METHOD_NOT_ALLOWED => "OPTIONS".to_owned(),
        None => return response,
    };
    if let Ok(methods) = HeaderValue::try_from(methods) {
        response.headers_mut().insert(ALLOW, methods);
    }
    response
}
