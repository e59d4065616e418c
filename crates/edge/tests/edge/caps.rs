//! C32: how many may come at once.

use std::time::Duration;

use cutis_edge::limits::Limits;
use http::StatusCode;

use crate::client::{Client, empty, rest, tcp};
use crate::site::Site;

/// Issue 6, 10: at a cap, for one client or for all, the connection that is unused for longest makes room.
#[tokio::test]
async fn the_idlest_connection_goes_at_a_cap() {
    for (connections, connections_per_client) in [(100, 2), (2, 100)] {
        let (site, _said) = Site::start(Limits {
            connections,
            connections_per_client,
            ..Limits::default()
        });
        let mut first = Client::http1(&site).await;
        let second = Client::http2(&site).await;
        assert_eq!(ok(&mut first, &site).await, StatusCode::OK);
        let mut third = Client::http1(&site).await;
        assert_eq!(ok(&mut third, &site).await, StatusCode::OK);
        second.ended().await;
        assert_eq!(ok(&mut first, &site).await, StatusCode::OK);
        assert_eq!(site.running.connections(), 2);
    }
}

async fn ok(client: &mut Client, site: &Site) -> StatusCode {
    let request = client.request("GET", &site.host(), "/ok").body(empty()).unwrap();
    client.send(request).await.status()
}

/// A connection with a request on it is not closed for another of the same client.
#[tokio::test]
async fn a_client_that_uses_all_its_connections_gets_no_more() {
    let (site, mut said) = Site::start(Limits {
        connections_per_client: 1,
        ..Limits::default()
    });
    let host = site.host();
    let mut only = Client::http1(&site).await;
    let waiting = async {
        let request = only.request("GET", &host, "/wait").body(empty()).unwrap();
        only.send(request).await
    };
    let meanwhile = async {
        assert_eq!(said.recv().await, Some("reached"));
        assert_eq!(rest(&mut tcp(site.https).await).await, "");
        site.stage.go.notify_one();
    };
    let (waited, ()) = tokio::join!(waiting, meanwhile);
    assert_eq!(waited.status(), StatusCode::OK);
}

#[tokio::test]
async fn more_requests_at_once_than_places_are_told_to_come_back() {
    let (site, mut said) = Site::start(Limits {
        requests: 1,
        requests_of_strangers: 1,
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

/// A flood of silent clients, on both ports and far beyond their caps, leaves the server answering others'
/// requests, new ones too.
#[tokio::test]
async fn silent_clients_do_not_keep_others_out() {
    let limits = Limits {
        connections_per_client: 40,
        plain_connections: 10,
        plain_connections_per_client: 10,
        first_byte: Duration::from_mins(1),
        ..Limits::default()
    };
    let (site, _said) = Site::start(limits);
    let mut legitimate = Client::http1(&site).await;
    assert_eq!(ok(&mut legitimate, &site).await, StatusCode::OK);
    let mut silent = Vec::new();
    for _ in 0..100 {
        silent.push(tcp(site.https).await);
        silent.push(tcp(site.http).await);
    }
    let host = format!("localhost:{}", site.http.port());
    for _ in 0..3 {
        let mut newcomer = Client::http2(&site).await;
        assert_eq!(ok(&mut newcomer, &site).await, StatusCode::OK);
        let mut plain = Client::plain(&site).await;
        let request = plain.request("GET", &host, "/health").body(empty()).unwrap();
        assert_eq!(plain.send(request).await.body(), "{\"status\":\"ok\"}");
    }
    assert_eq!(ok(&mut legitimate, &site).await, StatusCode::OK);
    assert!(site.running.connections() <= 50);
}
