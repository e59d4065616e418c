//! Issue 6, 5: what strangers can make grow is bounded, and every failure is audited all the same (A8).

use cutis_tests::TestServer;
use cutis_tests::client::Call;
use cutis_tests::database::{count, read_only, trail_text};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a8_a_flood_of_strangers_writes_by_the_minute() {
    const REQUESTS: usize = 1_500;
    let (server, _anna) = TestServer::set_up().await;
    let stranger = server.anonymous();
    server.settle().await;
    let database = server.data.database();
    let size = || count(&read_only(&database), "trail_entry");
    let (before, length) = (size(), trail_text(&database).len());
    let code = server.setup_request();
    for number in 0..REQUESTS {
        let call = match number % 3 {
            0 => Call::new("POST", "/api/v1/session")
                .json(&json!({ "username": format!("nobody{number}"), "password": "Wrong-password-1" })),
            1 => Call::new("POST", "/api/v1/session")
                .json(&json!({ "username": "anna", "password": "Wrong-password-1" })),
            _ => Call::new("POST", "/api/v1/setup").json(&code),
        };
        let answer = stranger.send(call).await;
        assert!([401, 409, 429].contains(&answer.status), "{answer}");
    }
    let own = size() - before;
    assert!(
        own <= 5,
        "failures against the account, until it was throttled: {own}"
    );
    server.settle().await;
    let (events, bytes) = (size() - before, trail_text(&database).len() - length);
    eprintln!("{REQUESTS} requests of strangers left {events} events of {bytes} bytes");
    assert!(events <= 5 + 9 + 1, "{events}");
    let counted = trail_text(&database).matches("strangers.refused").count();
    assert!(counted >= 1, "they are counted");
    let throttled = count(&read_only(&database), "throttle");
    assert!(throttled <= 3, "{throttled} rows");
    server.finish().await;
}
