//! The session's cookie in a request (A7): its name, and how it is read.

use http::HeaderMap;
use http::header::COOKIE;

/// Its name; the prefix makes browsers insist on `Secure`, `Path=/` and no `Domain`.
pub const NAME: &str = "__Host-cutis";

/// The cookie's value in a request, if there is exactly one.
pub fn value(headers: &HeaderMap) -> Option<&str> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

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
}
