//! W1, W2, C45: what the port without TLS serves, and what it refuses.

use cutis_edge::limits::Limits;
use http::{Response, StatusCode};

use crate::client::{Client, empty};
use crate::site::Site;

async fn ask(site: &Site, method: &str, path: &str) -> Response<String> {
    let mut client = Client::plain(site).await;
    let host = format!("cutis.local:{}", site.http.port());
    let request = client
        .request(method, &host, path)
        .header("sec-fetch-site", "same-origin")
        .body(empty())
        .unwrap();
    client.send(request).await
}

#[tokio::test]
async fn pages_are_sent_on_and_secrets_are_not() {
    let (site, _said) = Site::start(Limits::default());
    for method in ["GET", "HEAD"] {
        let page = ask(&site, method, "/patients?x=1").await;
        assert_eq!(page.status(), StatusCode::TEMPORARY_REDIRECT);
        let target = format!("https://cutis.local:{}/patients?x=1", site.https.port());
        assert_eq!(page.headers()["location"], target.as_str());
    }
    for (method, path) in [
        ("GET", "/api/v1/session"),
        ("POST", "/api/v1/session"),
        ("GET", "/api"),
        ("POST", "/sign-in"),
    ] {
        let refused = ask(&site, method, path).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{method} {path}");
        assert!(!refused.headers().contains_key("location"));
        assert!(refused.body().contains("\"code\":\"forbidden\""));
    }
    assert_eq!(ask(&site, "GET", "/health").await.body(), "{\"status\":\"ok\"}");
}

/// Issue 6, 10: one answer, and the connection is over and says so.
#[tokio::test]
async fn a_plain_connection_is_closed_after_its_answer() {
    let (site, _said) = Site::start(Limits::default());
    for path in ["/health", "/certificate", "/patients", "/api/v1/session"] {
        let mut client = Client::plain(&site).await;
        let host = format!("cutis.local:{}", site.http.port());
        let request = client.request("GET", &host, path).body(empty()).unwrap();
        let answer = client.send(request).await;
        assert_eq!(answer.headers()["connection"], "close", "{path}");
        client.ended().await;
    }
}

/// A target outside our own host can't be smuggled into the redirect.
#[tokio::test]
async fn a_redirect_stays_on_this_host() {
    let (site, _said) = Site::start(Limits::default());
    for path in [
        "//evil.example/x",
        "/@evil.example",
        "/%0d%0alocation:%20https://evil.example",
    ] {
        let target = ask(&site, "GET", path).await.headers()["location"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(
            target.starts_with(&format!("https://cutis.local:{}/", site.https.port())),
            "{target}"
        );
    }
}

/// W2: the page, the QR code and the three files, each with its own media type.
#[tokio::test]
async fn the_certificate_page_has_all_it_needs() {
    let (site, _said) = Site::start(Limits::default());
    let fingerprint = site.authority.fingerprint().to_string();
    let page = ask(&site, "GET", "/certificate").await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(
        page.body()
            .replace("<span>", "")
            .replace("</span>", "")
            .contains(&fingerprint)
    );
    assert!(
        page.body()
            .contains(&format!("https://cutis.local:{}/", site.https.port()))
    );
    let facts = ask(&site, "GET", "/certificate/facts.json").await;
    let facts: serde_json::Value = serde_json::from_str(facts.body()).unwrap();
    let address = format!("http://cutis.local:{}/certificate", site.http.port());
    assert_eq!(
        facts,
        serde_json::json!({ "page": address, "fingerprint": fingerprint }),
        "F13: what a person who adds a device is shown"
    );
    let files = [
        ("page.css", "text/css; charset=utf-8", "main"),
        ("qr.svg", "image/svg+xml", "<svg"),
        ("icon.svg", "image/svg+xml", "<svg"),
        (
            "cutis-authority.pem",
            "application/x-pem-file",
            "BEGIN CERTIFICATE",
        ),
        (
            "cutis.mobileconfig",
            "application/x-apple-aspen-config",
            "com.apple.security.root",
        ),
    ];
    for (name, media_type, contains) in files {
        let file = ask(&site, "GET", &format!("/certificate/{name}")).await;
        assert_eq!(file.headers()["content-type"], media_type, "{name}");
        assert!(file.body().contains(contains), "{name}: {}", file.body());
        assert!(!file.body().contains("PRIVATE KEY"), "{name}");
    }
    let pem = ask(&site, "GET", "/certificate/cutis-authority.pem").await;
    assert_eq!(pem.body(), site.authority.certificate_pem());
}

/// F14: a browser asks for `/favicon.ico` where a page names no icon. The plain port redirects that to the encrypted one,
/// which the page's policy does not allow, and the console said so. So the page names an icon of its own on either port.
#[tokio::test]
async fn the_certificate_page_loads_from_its_own_port_only() {
    let (site, _said) = Site::start(Limits::default());
    let page = ask(&site, "GET", "/certificate").await;
    assert!(
        page.body()
            .contains("<link rel=\"icon\" href=\"/certificate/icon.svg\">")
    );
    let loaded: Vec<&str> = ["<link ", "<img "]
        .iter()
        .flat_map(|tag| page.body().split(tag).skip(1))
        .filter_map(|rest| {
            let (_, address) = rest
                .split_once("href=\"")
                .filter(|(before, _)| !before.contains('>'))
                .or_else(|| rest.split_once("src=\""))?;
            address.split('"').next()
        })
        .collect();
    assert_eq!(loaded.len(), 3, "{loaded:?}");
    for address in loaded {
        let answer = ask(&site, "GET", address).await;
        assert_eq!(
            answer.status(),
            StatusCode::OK,
            "{address} is served here, without a redirect"
        );
    }
}
