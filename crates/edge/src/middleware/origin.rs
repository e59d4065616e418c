//! Whether a request that changes something comes from our own pages.

use http::header::{AUTHORIZATION, ORIGIN, UPGRADE};
use http::uri::{Authority, Uri};
use http::{HeaderMap, Method};

use crate::listener::Channel;

/// Refusals, in words for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Foreign {
    /// The browser says that another site asked for this.
    OtherSite,
    /// The origin isn't the host that was asked.
    OtherOrigin,
    /// Nothing tells where it comes from.
    Unknown,
}

/// Whether a request must prove where it comes from: it changes something, or opens a WebSocket. What
/// other methods than these there are reaches no handler.
pub(super) fn matters(method: &Method, headers: &HeaderMap) -> bool {
    let changes = matches!(
        *method,
        Method::POST | Method::PUT | Method::PATCH | Method::DELETE | Method::CONNECT
    );
    changes || headers.contains_key(UPGRADE)
}

/// Checks a request that matters.
///
/// A browser sets `Sec-Fetch-Site` and `Origin` itself, so a page elsewhere can't forge them. Programs
/// send neither; they are let through when they bring a bearer token, which no browser adds by itself.
///
/// Behind a reverse proxy the page's origin is the proxy's, and the host that was asked may be another: then the
/// origin must be one that the operator added (`proxied`). What the proxy says of it in headers counts for
/// nothing; anybody could say that.
pub(super) fn check(
    headers: &HeaderMap,
    host: &Authority,
    channel: Channel,
    proxied: impl Fn(&Authority) -> bool,
) -> Result<(), Foreign> {
    let site = single(headers, "sec-fetch-site")?;
    if site.is_some_and(|site| site != "same-origin") {
        return Err(Foreign::OtherSite);
    }
    let origin = single(headers, ORIGIN.as_str())?;
    match (site, origin) {
        (_, Some(origin)) if is_own(origin, host, channel, proxied) => Ok(()),
        (_, Some(_)) => Err(Foreign::OtherOrigin),
        (Some(_), None) => Ok(()),
        (None, None) if has_bearer(headers) => Ok(()),
        (None, None) => Err(Foreign::Unknown),
    }
}

/// The header's value if it is there once; twice or unreadable is as good as forged.
fn single<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, Foreign> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| Foreign::OtherOrigin),
        (Some(_), Some(_)) => Err(Foreign::OtherOrigin),
    }
}

/// Same scheme, same host, same port; or an encrypted page under a name that was added.
fn is_own(origin: &str, host: &Authority, channel: Channel, proxied: impl Fn(&Authority) -> bool) -> bool {
    let (scheme, default_port) = match channel {
        Channel::Tls => ("https", 443),
        Channel::Plain => ("http", 80),
    };
    let Ok(origin) = origin.parse::<Uri>() else {
        return false;
    };
    let Some(authority) = origin.authority() else {
        return false;
    };
    let port = |authority: &Authority| authority.port_u16().unwrap_or(default_port);
    let same = authority.host().eq_ignore_ascii_case(host.host()) && port(authority) == port(host);
    origin.scheme_str() == Some(scheme) && (same || (channel == Channel::Tls && proxied(authority)))
}

fn has_bearer(headers: &HeaderMap) -> bool {
    let Some(Ok(value)) = headers.get(AUTHORIZATION).map(http::HeaderValue::to_str) else {
        return false;
    };
    value
        .split_once(' ')
        .is_some_and(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    fn verdict(pairs: &[(&'static str, &'static str)]) -> Result<(), Foreign> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        check(
            &headers,
            &"cutis.local:15045".parse().unwrap(),
            Channel::Tls,
            |origin| origin.as_str() == "photos.clinic.example",
        )
    }

    /// C37, W5: the matrix of what a browser or a program may send.
    #[test]
    fn only_our_own_pages_and_token_bearers_pass() {
        const SITE: &str = "sec-fetch-site";
        const OWN: (&str, &str) = ("origin", "https://cutis.local:15045");
        let good: [&[(&str, &str)]; 5] = [
            &[(SITE, "same-origin")],
            &[(SITE, "same-origin"), OWN],
            &[OWN],
            &[(SITE, "same-origin"), ("origin", "https://photos.clinic.example")],
            &[("authorization", "Bearer abc")],
        ];
        for pairs in good {
            assert_eq!(verdict(pairs), Ok(()), "{pairs:?}");
        }
        let bad: [(&[(&str, &str)], Foreign); 17] = [
            (
                &[("origin", "http://photos.clinic.example")],
                Foreign::OtherOrigin,
            ),
            (
                &[(SITE, "cross-site"), ("origin", "https://photos.clinic.example")],
                Foreign::OtherSite,
            ),
            (
                &[
                    ("origin", "https://evil.example"),
                    ("x-forwarded-host", "evil.example"),
                ],
                Foreign::OtherOrigin,
            ),
            (&[], Foreign::Unknown),
            (&[("authorization", "Basic abc")], Foreign::Unknown),
            (&[("authorization", "Bearer ")], Foreign::Unknown),
            (&[(SITE, "cross-site")], Foreign::OtherSite),
            (&[(SITE, "same-site"), OWN], Foreign::OtherSite),
            (&[(SITE, "none"), OWN], Foreign::OtherSite),
            (
                &[(SITE, "cross-site"), ("authorization", "Bearer abc")],
                Foreign::OtherSite,
            ),
            (&[("origin", "https://evil.example")], Foreign::OtherOrigin),
            (&[("origin", "http://cutis.local:15045")], Foreign::OtherOrigin),
            (&[("origin", "https://cutis.local")], Foreign::OtherOrigin),
            (&[("origin", "null")], Foreign::OtherOrigin),
            (
                &[(SITE, "same-origin"), ("origin", "https://evil.example")],
                Foreign::OtherOrigin,
            ),
            (&[OWN, ("origin", "https://evil.example")], Foreign::OtherOrigin),
            (
                &[("origin", "https://cutis.local:15045.evil.example")],
                Foreign::OtherOrigin,
            ),
        ];
        for (pairs, expected) in bad {
            assert_eq!(verdict(pairs), Err(expected), "{pairs:?}");
        }
    }

    #[test]
    fn a_websocket_handshake_matters_though_it_is_a_get() {
        let mut headers = HeaderMap::new();
        assert!(!matters(&Method::GET, &headers) && !matters(&Method::OPTIONS, &headers));
        assert!(matters(&Method::POST, &headers) && matters(&Method::CONNECT, &headers));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        assert!(matters(&Method::GET, &headers));
    }
}
