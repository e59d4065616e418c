//! The session cookie (A7).

use cutis_auth::SessionToken;
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// Its name; the prefix makes browsers insist on `Secure`, `Path=/` and no `Domain`.
pub const NAME: &str = "__Host-cutis";

const ATTRIBUTES: &str = "; Path=/; Secure; HttpOnly; SameSite=Strict";

/// The cookie's value in a request, if there is exactly one.
pub(super) fn value(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == NAME)
        .map(|(_, value)| value);
    let value = values.next()?;
    // Two of one name means that somebody else put one there; neither is to be trusted.
    values.next().is_none().then_some(value)
}

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

    fn headers(values: &[&'static str]) -> HeaderMap {
        values
            .iter()
            .map(|value| (COOKIE, HeaderValue::from_static(value)))
            .collect()
    }

    /// A7: one cookie of our name, and only one, is looked at.
    #[test]
    fn exactly_one_cookie_counts() {
        assert_eq!(value(&headers(&["a=b; __Host-cutis=token; c=d"])), Some("token"));
        assert_eq!(value(&headers(&["__Host-cutis=one; __Host-cutis=two"])), None);
        assert_eq!(value(&headers(&["__Host-cutis=one", "__Host-cutis=two"])), None);
        assert_eq!(value(&headers(&["cutis=token"])), None);
        assert_eq!(value(&headers(&[])), None);
    }

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
