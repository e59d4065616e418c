//! C32: how many may come at once.

use std::time::Duration;

use cutis_transport::limits::Limits;
use http::StatusCode;
use tokio::time::timeout;

use crate::client::{Client, PATIENCE, empty, rest, tcp};
use crate::site::Site;

#[tokio::test]
async fn a_client_over_its_cap_is_closed_and_let_in_again_when_it_left() {
    for (connections, connections_per_client) in [(100, 2), (2, 100)] {
        let (site, _said) = Site::start(Limits {
            connections,
            connections_per_client,
            ..Limits::default()
        });
        let first = Client::plain(&site).await;
        let second = Client::plain(&site).await;
        assert_eq!(rest(&mut tcp(site.http).await).await, "");
        drop(first);
        let host = format!("localhost:{}", site.http.port());
        // The server notices the departure in its own time.
        let served = timeout(PATIENCE, async {
            loop {
                let mut third = Client::plain(&site).await;
                let request = third.request("GET", &host, "/health").body(empty()).unwrap();
                if let Ok(response) = third.try_send(request).await {
                    return response.status();
                }
            }
        });
        assert_eq!(served.await.expect("still refused"), StatusCode::OK);
        drop(second);
    }
}

#[tokio::test]
async fn more_requests_at_once_than_places_are_told_to_come_back() {
    let (site, mut said) = Site::start(Limits {
        requests: 1,
        ..Limits::default()
    });
    let host = site.host();
    let (mut one, mut two) = (Client::http1(&site).await, Client::http2(&site).await);
    let waiting = async {
        let request = one.request("GET", &host, "/wait").body(empty()).unwrap();
        one.send(request).await
    };
    let meanwhile = async {
        assert_eq!(said.recv().await, Some("reached"));
        let request = two.request("GET", &host, "/ok").body(empty()).unwrap();
        let refused = two.send(request).await;
        site.stage.go.notify_one();
        refused
    };
    let (waited, refused) = tokio::join!(waiting, meanwhile);
    assert_eq!(
        (waited.status(), waited.body().as_str()),
        (StatusCode::OK, "done")
    );
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers()["retry-after"], "1");
    assert!(refused.body().contains("\"code\":\"busy\""));
}

/// A flood of silent clients from one address leaves the server answering the others' requests.
#[tokio::test]
async fn silent_clients_do_not_keep_others_out() {
    let limits = Limits {
        connections_per_client: 40,
        first_byte: Duration::from_mins(1),
        ..Limits::default()
    };
    let (site, _said) = Site::start(limits);
    let mut legitimate = Client::plain(&site).await;
    let mut silent = Vec::new();
    for _ in 0..39 {
        silent.push(tcp(site.http).await);
    }
    assert_eq!(rest(&mut tcp(site.http).await).await, "");
    let host = format!("localhost:{}", site.http.port());
    let request = legitimate.request("GET", &host, "/health").body(empty()).unwrap();
    assert_eq!(legitimate.send(request).await.body(), "{\"status\":\"ok\"}");
    assert_eq!(site.running.connections(), 40);
}
