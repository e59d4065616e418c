//! The answer to a request under a name that isn't ours: which names work (W6).
//!
//! Nothing of what was asked is repeated. Whoever makes a foreign name point here learns this server's names and private
//! addresses, of which it has one already; the record stays closed to them.

use axum::body::Body;
use axum::response::Response;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde_json::Value;

use super::frame::InOwnWords;
use crate::problem::{Code, Problem};

/// For programs: the problem, with the addresses that work in `addresses`.
pub(super) fn problem(working: &[String]) -> Problem {
    let addresses = working.iter().cloned().map(Value::from).collect();
    Problem::new(Code::Misdirected)
        .with_detail(format!(
            "This server does not answer under that name. Use one of these addresses: {}. An administrator can add a \
             name by starting Cutis with --name.",
            working.join(", ")
        ))
        .with_extra("addresses", addresses)
}

/// For people: a page with links. Addresses consist of characters of host names, none of which HTML treats specially.
pub(super) fn page(working: &[String]) -> Response {
    let links: Vec<String> = working
        .iter()
        .map(|address| format!("<li><a href=\"{address}/\">{address}</a></li>"))
        .collect();
    let links = links.join("\n");
    let html = format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cutis has another address</title>
</head>
<body>
<main>
<h1>Cutis has another address</h1>
<p>Cutis does not answer under the name that this page was opened with. Open one of these addresses instead, and change
your bookmark:</p>
<ul>
{links}
</ul>
<p>If this name should work, as that of a router or a reverse proxy, an administrator starts Cutis with
<code>--name</code> and the name.</p>
</main>
</body>
</html>
"#
    );
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = StatusCode::MISDIRECTED_REQUEST;
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, html);
    response.extensions_mut().insert(InOwnWords);
    response
}
