//! Headers that every response carries.

use std::time::Duration;

use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY as CSP, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    SERVER, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

/// What our pages may load and do: only their own files, and nothing inline (W5, C35).
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

const FIXED: [(HeaderName, &str); 9] = [
    (CSP, CONTENT_SECURITY_POLICY),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-embedder-policy"),
        "require-corp",
    ),
    (REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(), geolocation=(), usb=(), payment=()",
    ),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // For browsers that don't know `frame-ancestors`.
    (X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("x-permitted-cross-domain-policies"),
        "none",
    ),
];

/// Adds them. A route can decide on caching, and on nothing else here.
pub(super) fn secure(headers: &mut HeaderMap, strict_transport: Option<Duration>) {
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // C39: images of patients must not stay behind in a browser's folder.
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    headers.remove(SERVER);
    if let Some(time) = strict_transport {
        let value = format!("max-age={}", time.as_secs());
        headers.extend(
            HeaderValue::try_from(value)
                .ok()
                .map(|value| (STRICT_TRANSPORT_SECURITY, value)),
        );
    }
}
