//! One connection, as a browser keeps it: TLS, HTTP/1.1, a request after the other.

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use cutis_tests::client::Place;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;

/// What is asked for.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub(super) method: Method,
    pub(super) path: String,
    /// JSON, or nothing.
    pub(super) body: Bytes,
}

impl Ask {
    pub(super) fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            body: Bytes::new(),
        }
    }

    pub(super) fn post(path: impl Into<String>, body: &serde_json::Value) -> Self {
        Self {
            method: Method::POST,
            path: path.into(),
            body: body.to_string().into(),
        }
    }
}

/// A connection that stays open, and is opened again when the server closed it.
pub(super) struct Line {
    place: Place,
    sender: SendRequest<Full<Bytes>>,
    cookie: String,
}

impl Line {
    /// Connects; `cookie` is the whole header.
    pub(super) async fn open(place: &Place, cookie: &str) -> anyhow::Result<Self> {
        Ok(Self {
            sender: connect(place).await?,
            place: place.clone(),
            cookie: cookie.to_owned(),
        })
    }

    /// Sends, and says how long the answer is. Anything but success is an error.
    pub(super) async fn ask(&mut self, ask: &Ask) -> anyhow::Result<usize> {
        let request = Request::builder()
            .method(ask.method.clone())
            .uri(&ask.path)
            .header("host", self.place.host())
            .header("sec-fetch-site", "same-origin")
            .header("cookie", &self.cookie)
            .header("content-type", "application/json")
            .body(Full::new(ask.body.clone()))?;
        if self.sender.ready().await.is_err() {
            self.sender = connect(&self.place).await?;
        }
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        let (mut body, mut length) = (response.into_body(), 0);
        while let Some(frame) = body.frame().await {
            length += frame?.data_ref().map_or(0, Bytes::len);
        }
        ensure!(status.is_success(), "{} answered {status}", ask.path);
        ensure!(
            length > 0 || status == StatusCode::NO_CONTENT,
            "{} answered nothing",
            ask.path
        );
        Ok(length)
    }

    /// Asks for each in turn and says how long all answers were.
    pub(super) async fn ask_all(&mut self, asks: &[Ask]) -> anyhow::Result<usize> {
        let mut all = 0;
        for ask in asks {
            all += self
                .ask(ask)
                .await
                .with_context(|| format!("{} {}", ask.method, ask.path))?;
        }
        Ok(all)
    }
}

async fn connect(place: &Place) -> anyhow::Result<SendRequest<Full<Bytes>>> {
    let tls = place.open("http/1.1").await?;
    let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(tls)).await?;
    tokio::spawn(async move { connection.await.unwrap_or_default() });
    Ok(sender)
}
