//! C35–C37, C39, C43, C47, W5: who is refused, and what every response carries.

use std::time::Duration;

use bytes::Bytes;
use cutis_edge::limits::Limits;
use cutis_edge::middleware::CONTENT_SECURITY_POLICY;
use http::{Response, StatusCode};
use http_body_util::Full;

use crate::client::{Client, empty, raw};
use crate::site::Site;

const SITE: (&str, &str) = ("sec-fetch-site", "same-origin");
const JSON: (&str, &str) = ("content-type", "application/json");

/// Method, path, headers, body; status and code of the answer.
type Failure = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    u16,
    &'static str,
);

async fn ask(
    site: &Site,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &'static str,
) -> Response<String> {
    let mut answers = Vec::new();
    for mut client in [Client::http1(site).await, Client::http2(site).await] {
        let mut request = client.request(method, &site.host(), path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .body(Full::new(Bytes::from_static(body.as_bytes())))
            .unwrap();
        answers.push(client.send(request).await);
    }
    assert_eq!(
        answers[0].status(),
        answers[1].status(),
        "the protocols differ on {method} {path}"
    );
    answers.remove(0)
}

fn problem(response: &Response<String>) -> serde_json::Value {
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let problem: serde_json::Value = serde_json::from_str(response.body()).unwrap();
    assert_eq!(
        problem["requestId"],
        response.headers()["x-request-id"].to_str().unwrap()
    );
    assert_eq!(problem["status"], response.status().as_u16());
    problem
}

fn assert_framed(response: &Response<String>, what: &str) {
    let header = |name: &str| {
        let mut values = response.headers().get_all(name).iter();
        let value = values
            .next()
            .unwrap_or_else(|| panic!("{what}: no {name}"))
            .to_str()
            .unwrap();
        assert!(values.next().is_none(), "{what}: {name} twice");
        value
    };
    assert_eq!(
        header("content-security-policy"),
        CONTENT_SECURITY_POLICY,
        "{what}"
    );
    assert_eq!(header("cross-origin-opener-policy"), "same-origin");
    assert_eq!(header("cross-origin-resource-policy"), "same-origin");
    assert_eq!(header("cross-origin-embedder-policy"), "require-corp");
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert!(header("permissions-policy").contains("camera=(self)"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("cache-control"), "no-store");
    assert!(header("x-request-id").starts_with("r-"));
    assert!(!response.headers().contains_key("strict-transport-security"));
    assert!(!response.headers().contains_key("access-control-allow-origin"));
}

/// C35: the policy in full, so that a change of it is seen.
#[test]
fn the_policy_is_the_one_agreed() {
    assert_eq!(
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; \
         font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'"
    );
}

/// C36: every kind of response carries the headers, and every failure is a problem with its code.
#[tokio::test]
async fn every_response_is_framed() {
    let (site, _said) = Site::start(Limits::default());
    let ok = ask(&site, "GET", "/ok", &[], "").await;
    assert_eq!(ok.status(), StatusCode::OK);
    assert_framed(&ok, "200");
    let failures: [Failure; 13] = [
        ("GET", "/nothing", &[], "", 404, "not_found"),
        ("GET", "/api/v1/nothing", &[], "", 404, "not_found"),
        ("GET", "/things/abc", &[], "", 404, "not_found"),
        ("GET", "/things/1?limit=x", &[], "", 422, "invalid"),
        ("GET", "/things/1?other=1", &[], "", 422, "invalid"),
        ("DELETE", "/ok", &[SITE], "", 405, "method_not_allowed"),
        ("TRACE", "/ok", &[SITE], "", 405, "method_not_allowed"),
        ("POST", "/echo", &[SITE], "{}", 415, "unsupported_media_type"),
        ("POST", "/echo", &[SITE, JSON], "{", 400, "invalid_json"),
        ("POST", "/echo", &[SITE, JSON], "{}", 422, "invalid"),
        (
            "POST",
            "/echo",
            &[SITE, JSON, ("content-encoding", "gzip")],
            "{}",
            415,
            "unsupported_media_type",
        ),
        (
            "POST",
            "/echo",
            &[("sec-fetch-site", "cross-site"), JSON],
            "{}",
            403,
            "forbidden",
        ),
        ("GET", "/panic", &[], "", 500, "internal"),
    ];
    for (method, path, headers, body, status, code) in failures {
        let response = ask(&site, method, path, headers, body).await;
        let what = format!("{method} {path}");
        assert_eq!(response.status().as_u16(), status, "{what}: {}", response.body());
        assert_eq!(problem(&response)["code"], code, "{what}");
        assert_framed(&response, &what);
        assert_eq!(response.headers().contains_key("allow"), status == 405, "{what}");
    }
}

/// Issue 6, 24: an address says which methods it answers to, when asked and when it refuses one.
#[tokio::test]
async fn methods_are_named() {
    let (site, _said) = Site::start(Limits::default());
    for (path, methods) in [
        ("/ok", "GET, HEAD, OPTIONS"),
        ("/echo", "POST, OPTIONS"),
        ("/things/1?limit=3", "GET, HEAD, OPTIONS"),
    ] {
        let asked = ask(&site, "OPTIONS", path, &[("origin", "https://evil.example")], "").await;
        assert_eq!(
            (asked.status().as_u16(), asked.body().as_str()),
            (204, ""),
            "{path}"
        );
        assert_eq!(asked.headers()["allow"], methods, "{path}");
        assert!(!asked.headers().contains_key("content-type"));
        let cors = asked
            .headers()
            .keys()
            .any(|name| name.as_str().starts_with("access-control"));
        assert!(!cors, "{path}");
        assert_framed(&asked, path);
        for method in ["PUT", "TRACE", "BREW"] {
            let refused = ask(&site, method, path, &[SITE], "").await;
            assert_eq!(refused.status().as_u16(), 405, "{method} {path}");
            assert_eq!(refused.headers()["allow"], methods, "{method} {path}");
            assert_eq!(problem(&refused)["code"], "method_not_allowed");
        }
    }
    let nowhere = ask(&site, "OPTIONS", "/nothing", &[], "").await;
    assert_eq!(nowhere.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_query_fault_names_its_parameter() {
    let (site, _said) = Site::start(Limits::default());
    for (path, field, code) in [
        ("/things/1?limit=x", "limit", "wrong_type"),
        ("/things/1?limit=1&limit=2", "limit", "duplicate_field"),
        ("/things/1?page=1", "page", "unknown_field"),
    ] {
        let problem = problem(&ask(&site, "GET", path, &[], "").await);
        assert_eq!(
            (
                problem["errors"][0]["field"].as_str(),
                problem["errors"][0]["code"].as_str()
            ),
            (Some(field), Some(code))
        );
    }
    assert_eq!(
        ask(&site, "GET", "/things/7?limit=3", &[], "").await.body(),
        "7 3"
    );
}

/// A panic's words stay inside, and the server lives.
#[tokio::test]
async fn a_panicking_handler_fails_its_request_only() {
    let (site, _said) = Site::start(Limits::default());
    let mut client = Client::http2(&site).await;
    for path in ["/panic", "/ok", "/panic", "/ok"] {
        let request = client.request("GET", &site.host(), path).body(empty()).unwrap();
        let response = client.send(request).await;
        assert_eq!(response.status() == StatusCode::OK, path == "/ok");
        assert!(!response.body().contains("hunter2"));
    }
}

/// C27: the limit is the route's own, and what is over it is refused over both protocols.
#[tokio::test]
async fn a_body_over_its_limit_is_413() {
    let (site, _said) = Site::start(Limits::default());
    let large = |length: usize| Full::new(Bytes::from(vec![b' '; length]));
    for mut client in [Client::http1(&site).await, Client::http2(&site).await] {
        let mut send = async |path: &str, length: usize| {
            let request = client
                .request("POST", &site.host(), path)
                .header(SITE.0, SITE.1)
                .header(JSON.0, JSON.1);
            client.send(request.body(large(length)).unwrap()).await
        };
        assert_eq!(send("/upload", 1 << 20).await.body(), "1048576");
        let refused = send("/echo", 256 * 1024 + 1).await;
        assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(problem(&refused)["code"], "too_large");
        assert_framed(&refused, "413");
    }
    let mut client = Client::http1(&site).await;
    let request = client
        .request("POST", &site.host(), "/upload")
        .header(SITE.0, SITE.1);
    let refused = client.send(request.body(large((1 << 20) + 1)).unwrap()).await;
    assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

/// C27: whoever sends half a mebibyte too much still hears the answer, and that it was the last on this
/// connection: what was not read of the body must not be taken for the next request.
#[tokio::test]
async fn a_refused_body_is_answered_before_the_connection_closes() {
    let (site, _said) = Site::start(Limits {
        body_bytes: 1024,
        ..Limits::default()
    });
    for _ in 0..20 {
        let mut client = Client::http1(&site).await;
        let mut request = client.request("POST", &site.host(), "/echo");
        for (name, value) in [SITE, JSON] {
            request = request.header(name, value);
        }
        let request = request
            .body(Full::new(Bytes::from(vec![b' '; 512 * 1024])))
            .unwrap();
        let refused = client.send(request).await;
        assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(refused.headers()["connection"], "close");
        client.ended().await;
    }
}

/// C27: a length that is only claimed costs nothing and is answered soon.
#[tokio::test]
async fn four_claimed_gigabytes_are_413() {
    let (site, _said) = Site::start(Limits::default());
    let answer = raw(
        &site,
        &format!(
            "POST /upload HTTP/1.1\r\nhost: {}\r\nsec-fetch-site: same-origin\r\ncontent-length: 4294967296\r\n\r\nx",
            site.host()
        ),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

/// C37: a name that isn't ours is 421, over both protocols; two names are no name.
#[tokio::test]
async fn foreign_hosts_are_misdirected() {
    let (site, _said) = Site::start(Limits::default());
    let port = site.https.port();
    for mut client in [Client::http1(&site).await, Client::http2(&site).await] {
        for (host, status) in [
            (format!("localhost:{port}"), 200),
            (format!("cutis.local:{port}"), 200),
            (format!("127.0.0.1:{port}"), 200),
            (format!("evil.example:{port}"), 421),
            (format!("cutis.local.evil.example:{port}"), 421),
            ("localhost:1".to_owned(), 421),
        ] {
            let request = client.request("GET", &host, "/ok").body(empty()).unwrap();
            let response = client.send(request).await;
            assert_eq!(response.status().as_u16(), status, "{host}");
            if status == 421 {
                let problem = problem(&response);
                assert_eq!(problem["code"], "misdirected");
                // W6: it names what works, and nothing of what was asked.
                assert_eq!(problem["addresses"][0], format!("https://localhost:{port}"));
                let detail = problem["detail"].as_str().unwrap();
                assert!(
                    detail.contains(&format!("https://reception.local:{port}")),
                    "{detail}"
                );
                assert!(!problem.to_string().contains("evil"), "{problem}");
                assert_framed(&response, "421");
            }
        }
    }
    for hosts in [
        format!("host: localhost:{port}\r\nhost: evil.example\r\n"),
        String::new(),
    ] {
        let answer = raw(
            &site,
            &format!("GET /ok HTTP/1.1\r\n{hosts}connection: close\r\n\r\n"),
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{hosts:?}: {answer}");
    }
}

/// C37: pages elsewhere can't post to us, nor open a WebSocket.
#[tokio::test]
async fn other_sites_are_refused() {
    let (site, _said) = Site::start(Limits::default());
    let origin = format!("https://{}", site.host());
    let own: [&[(&str, &str)]; 3] = [&[SITE], &[("origin", &origin)], &[("authorization", "Bearer t")]];
    for proof in own {
        let headers = [proof, &[JSON]].concat();
        assert_eq!(
            ask(&site, "POST", "/echo", &headers, "{\"text\":\"x\"}")
                .await
                .status(),
            StatusCode::OK,
            "{proof:?}"
        );
    }
    let foreign: [&[(&str, &str)]; 5] = [
        &[],
        &[("sec-fetch-site", "cross-site"), ("origin", &origin)],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
    ];
    for proof in foreign {
        let headers = [proof, &[JSON]].concat();
        let response = ask(&site, "POST", "/echo", &headers, "{\"text\":\"x\"}").await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{proof:?}");
    }
    let handshake = format!(
        "GET /ok HTTP/1.1\r\nhost: {}\r\nconnection: upgrade, close\r\nupgrade: websocket\r\norigin: https://evil.example\r\n\r\n",
        site.host()
    );
    assert!(raw(&site, &handshake).await.starts_with("HTTP/1.1 403"));
}

#[tokio::test]
async fn an_address_over_its_limit_is_414() {
    let (site, _said) = Site::start(Limits::default());
    let response = ask(&site, "GET", &format!("/ok?{}", "x".repeat(8 * 1024)), &[], "").await;
    assert_eq!(response.status(), StatusCode::URI_TOO_LONG);
}

/// C43: anybody can write these headers, so nobody is believed.
#[tokio::test]
async fn forwarded_headers_change_nothing() {
    let (site, _said) = Site::start(Limits::default());
    let forged = [
        ("x-forwarded-for", "10.9.8.7"),
        ("forwarded", "for=10.9.8.7;proto=http"),
        ("x-real-ip", "10.9.8.7"),
    ];
    assert_eq!(
        ask(&site, "GET", "/who", &forged, "").await.body(),
        "127.0.0.1 Tls"
    );
}

/// C47: only for names, only over TLS, only when asked for.
#[tokio::test]
async fn strictness_is_for_names_only() {
    let (site, _said) = Site::start_with(Limits::default(), Some(Duration::from_hours(24)));
    let port = site.https.port();
    let mut client = Client::http1(&site).await;
    for (host, strict) in [
        (format!("cutis.local:{port}"), true),
        (format!("127.0.0.1:{port}"), false),
    ] {
        let request = client.request("GET", &host, "/ok").body(empty()).unwrap();
        let response = client.send(request).await;
        let value = response
            .headers()
            .get("strict-transport-security")
            .map(|value| value.to_str().unwrap());
        assert_eq!(value, strict.then_some("max-age=86400"), "{host}");
    }
    let mut client = Client::plain(&site).await;
    let host = format!("cutis.local:{}", site.http.port());
    let request = client.request("GET", &host, "/health").body(empty()).unwrap();
    assert!(
        !client
            .send(request)
            .await
            .headers()
            .contains_key("strict-transport-security")
    );
}

/// W6: a person who came by a name that isn't ours is shown the addresses that work, on either port.
#[tokio::test]
async fn a_person_is_shown_the_names_that_work() {
    let (site, _said) = Site::start(Limits::default());
    let port = site.https.port();
    let clients = [
        Client::http1(&site).await,
        Client::http2(&site).await,
        Client::plain(&site).await,
    ];
    for mut client in clients {
        let request = client
            .request("GET", &format!("evil.example:{port}"), "/ok?q=evil-query")
            .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        let response = client.send(request.body(empty()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST);
        assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
        assert_framed(&response, "a page");
        let page = response.body();
        for address in [
            format!("<a href=\"https://localhost:{port}/\">"),
            format!("<a href=\"https://reception.local:{port}/\">"),
        ] {
            assert!(page.contains(&address), "{page}");
        }
        assert!(!page.contains("evil") && !page.contains("style="), "{page}");
    }
}
