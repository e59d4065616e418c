//! Notices about the installation, for administrators.

use cutis_practice::NoticeCode;
use cutis_tests::TestServer;
use serde_json::json;

/// O2, A10: administrators see what stands, with its remedy and since when; nobody else does, and
/// looking leaves no event.
#[tokio::test(flavor = "multi_thread")]
async fn administrators_see_what_stands_and_clinicians_do_not() {
    let (server, anna) = TestServer::set_up().await;
    let ben = server.add_account("ben", false, true).await;
    let path = "/api/v1/practice/notices";
    let board = server.serving().opened.notices.clone();
    // What this machine itself is missing stands there too; this test is about what it raises.
    for code in NoticeCode::ALL {
        board.clear(code);
    }
    let events = server.events();
    assert_eq!(anna.get(path).await.expect(200), json!({ "notices": [] }));
    let since = server.now();
    board.raise(
        NoticeCode::Checkpoint,
        "No checkpoint since Monday.",
        "Plug the stick in.",
    );
    server.clock.advance(60);
    board.raise(
        NoticeCode::Checkpoint,
        "No checkpoint since Tuesday.",
        "Plug the stick in.",
    );
    board.raise(NoticeCode::Integrity, "A row was changed.", "Restore a backup.");
    let listed = anna.get(path).await.expect(200);
    assert_eq!(
        listed,
        json!({ "notices": [
            {
                "code": "integrity", "severity": "critical", "message": "A row was changed.",
                "remedy": "Restore a backup.", "since": server.now(),
            },
            {
                "code": "checkpoint", "severity": "warning", "message": "No checkpoint since Tuesday.",
                "remedy": "Plug the stick in.", "since": since,
            },
        ] })
    );
    assert_eq!(server.events(), events, "nothing clinical was shown");
    ben.get(path).await.problem(403, "forbidden");
    server.anonymous().get(path).await.problem(401, "unauthenticated");
    board.clear(NoticeCode::Integrity);
    let listed = anna.get(path).await.expect(200);
    assert_eq!(listed["notices"].as_array().map(Vec::len), Some(1));
    server.finish().await;
}
