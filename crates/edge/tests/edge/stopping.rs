//! Stopping finishes what was begun, refuses what wasn't, and doesn't wait forever.

use std::sync::Arc;
use std::time::Duration;

use cutis_edge::limits::Limits;
use cutis_edge::server::Stopped;
use http::StatusCode;
use tokio::time::timeout;

use crate::client::{Client, PATIENCE, empty};
use crate::site::Site;

#[tokio::test]
async fn a_request_in_flight_is_answered_and_then_nobody_is() {
    for http2 in [false, true] {
        let (site, mut said) = Site::start(Limits::default());
        let (host, address) = (site.host(), site.https);
        let mut client = if http2 {
            Client::http2(&site).await
        } else {
            Client::http1(&site).await
        };
        let idle = Client::http1(&site).await;
        let go = Arc::clone(&site.stage.go);
        let stopping = site.running.stopping();
        let asking = async {
            let request = client.request("GET", &host, "/wait").body(empty()).unwrap();
            client.send(request).await
        };
        let stop = async {
            assert_eq!(said.recv().await, Some("reached"));
            site.running.stop().await
        };
        let release = async {
            stopping.cancelled().await;
            go.notify_one();
        };
        let (answer, stopped, ()) = tokio::join!(asking, stop, release);
        assert_eq!(
            (answer.status(), answer.body().as_str()),
            (StatusCode::OK, "done")
        );
        assert_eq!(stopped, Stopped::Drained);
        idle.ended().await;
        assert!(
            std::net::TcpListener::bind(address).is_ok(),
            "the port is still taken"
        );
    }
}

#[tokio::test]
async fn a_request_that_never_ends_is_cut_off() {
    for http2 in [false, true] {
        let (site, mut said) = Site::start(Limits {
            drain: Duration::from_millis(200),
            ..Limits::default()
        });
        let host = site.host();
        let mut client = if http2 {
            Client::http2(&site).await
        } else {
            Client::http1(&site).await
        };
        let asking = async {
            let request = client.request("GET", &host, "/wait").body(empty()).unwrap();
            client.try_send(request).await
        };
        let stop = async {
            assert_eq!(said.recv().await, Some("reached"));
            timeout(PATIENCE, site.running.stop())
                .await
                .expect("stopping takes too long")
        };
        let (answer, stopped) = tokio::join!(asking, stop);
        assert!(answer.is_err());
        assert_eq!(stopped, Stopped::CutOff);
    }
}
