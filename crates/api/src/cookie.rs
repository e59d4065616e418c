//! The session cookie (A7).

use cutis_auth::SessionToken;
use http::HeaderValue;

use cutis_edge::session_cookie::NAME;
pub(super) use cutis_edge::session_cookie::value;

const ATTRIBUTES: &str = "; Path=/; Secure; HttpOnly; SameSite=Strict";

/// Hands the cookie out.
pub(super) fn set(token: &SessionToken) -> Option<HeaderValue> {
    let mut header =
        HeaderValue::from_str(&format!("{NAME}={}{ATTRIBUTES}", token.cookie_value().expose())).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// Takes the cookie back.
pub(super) fn clear() -> HeaderValue {
    HeaderValue::from_static("__Host-cutis=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A7: `__Host-`, `HttpOnly`, `Secure`, `SameSite=Strict`, also when it is taken back.
    #[test]
    fn taking_it_back_names_the_same_attributes() {
        let cleared = clear();
        let text = cleared.to_str().expect("ascii");
        assert!(
            text.starts_with(&format!("{NAME}=;")) && text.contains(ATTRIBUTES),
            "{text}"
        );
    }
}
