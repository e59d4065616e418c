//! Thumbnails that a browser may keep for a while, under addresses of one session (U3, C39).

use cutis_tests::client::Call;
use cutis_tests::images::{jpeg_size, made};
use cutis_tests::{Answer, SignedIn, TestServer};
use serde_json::json;

fn mark(by: &SignedIn) -> String {
    by.me["session"]["mark"].as_str().expect("a mark").to_owned()
}

async fn small(by: &SignedIn, (patient, image): (&str, &str), size: &str, mark: &str) -> Answer {
    by.get(format!(
        "/api/v1/patients/{patient}/images/{image}/{size}?session={mark}"
    ))
    .await
}

/// Only the two small renditions, only for the session, and no longer than the recorded view covers it.
#[tokio::test(flavor = "multi_thread")]
async fn u3_c39_thumbnails_are_kept_as_long_as_the_view_covers_them() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let image = anna.store(&patient, made(1)).await;
    let at = (patient.as_str(), image.as_str());
    // Seen by its address alone: an event of its own, and from then on a quarter of an hour.
    let before = server.events();
    for size in ["thumbnail", "medium"] {
        let answer = small(&anna, at, size, &mark(&anna)).await;
        assert_eq!(answer.status, 200, "{answer}");
        assert_eq!(answer.header("cache-control"), "private, max-age=900", "{size}");
        assert_eq!(answer.header("vary"), "Cookie");
    }
    assert_eq!(server.events(), before + 2);
    // Listed: the page's event covers it for the rest of its quarter of an hour.
    let page = format!("/api/v1/patients/{patient}/images");
    anna.get(&page).await.expect(200);
    let before = server.events();
    server.clock.advance(600);
    let answer = small(&anna, at, "thumbnail", &mark(&anna)).await;
    assert_eq!(answer.header("cache-control"), "private, max-age=300");
    assert_eq!(server.events(), before, "the page's event covers it");
    server.clock.advance(301);
    // A view after that is a view.
    let answer = small(&anna, at, "thumbnail", &mark(&anna)).await;
    assert_eq!(answer.header("cache-control"), "private, max-age=900");
    assert_eq!(server.events(), before + 1);
    // Nothing else is kept, and nothing without the session's mark.
    for path in [
        "thumbnail",
        "medium",
        "screen",
        "full",
        "original?purpose=clinical_record",
    ] {
        let answer = anna.get(format!("{page}/{image}/{path}")).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    let odd = anna.get(format!("{page}/{image}/thumbnail?width=9")).await;
    assert!((400..500).contains(&odd.status), "{odd}");
    server.finish().await;
}

/// Another session's address is not found, whoever it is, and the browser empties its cache between two sessions.
#[tokio::test(flavor = "multi_thread")]
async fn a7_c39_another_sessions_address_is_not_found() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let image = anna.store(&patient, made(1)).await;
    let at = (patient.as_str(), image.as_str());
    let ben = server.add_account("ben", false, true).await;
    let again = server.sign_in("anna").await;
    let marks = [mark(&anna), mark(&again), mark(&ben)];
    assert!(marks[0] != marks[1] && marks[1] != marks[2]);
    assert_eq!(
        anna.get("/api/v1/session").await.expect(200)["session"]["mark"],
        marks[0]
    );
    for (by, mark) in [(&again, &marks[0]), (&anna, &marks[1]), (&ben, &marks[0])] {
        let before = server.events();
        let answer = small(by, at, "thumbnail", mark).await;
        answer.problem(404, "not_found");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(server.events(), before + 1, "each try is recorded (G7)");
    }
    // Ben's own mark does not open what is Anna's.
    small(&ben, at, "thumbnail", &marks[2])
        .await
        .problem(404, "not_found");
    assert_eq!(small(&anna, at, "thumbnail", &marks[0]).await.status, 200);
    let sent = json!({ "username": "anna", "password": cutis_tests::server::PASSWORD });
    let signed_in = server.anonymous().post("/api/v1/session", &sent).await;
    assert_eq!(signed_in.header("clear-site-data"), "\"cache\"");
    let signed_out = again.send(Call::new("DELETE", "/api/v1/session")).await;
    assert_eq!(signed_out.header("clear-site-data"), "\"cache\"");
    small(&again, at, "thumbnail", &marks[1])
        .await
        .problem(401, "unauthenticated");
    server.finish().await;
}

/// What was read once is not read again, and what was turned is another rendition.
#[tokio::test(flavor = "multi_thread")]
async fn i5_a_turned_image_has_other_thumbnails_at_once() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let image = anna.store(&patient, made(1)).await;
    let at = (patient.as_str(), image.as_str());
    let first = small(&anna, at, "thumbnail", &mark(&anna)).await;
    let same = small(&anna, at, "thumbnail", &mark(&anna)).await;
    assert_eq!(first.body, same.body);
    let turned = json!({ "changes": [{ "images": [{ "id": image }], "set": { "turns": 1 } }] });
    anna.post(format!("/api/v1/patients/{patient}/images/changes"), &turned)
        .await
        .expect(200);
    let address = format!(
        "/api/v1/patients/{patient}/images/{image}/thumbnail?session={}&edition=1",
        mark(&anna)
    );
    let other = anna.get(address).await;
    assert_eq!(other.status, 200);
    assert_ne!(other.body, first.body);
    server.finish().await;
}

async fn turn(by: &SignedIn, (patient, image): (&str, &str), set: serde_json::Value) -> serde_json::Value {
    let changes = json!({ "changes": [{ "images": [{ "id": image }], "set": set }] });
    let path = format!("/api/v1/patients/{patient}/images/changes");
    by.post(path, &changes).await.expect(200)
}

/// What is kept under an address is of that address's edition; another is shown as it is now, and not kept.
#[tokio::test(flavor = "multi_thread")]
async fn u3_i5_only_the_edition_of_the_address_is_kept() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let image = anna.store(&patient, made(1)).await;
    let at = (patient.as_str(), image.as_str());
    let (mark, page) = (mark(&anna), format!("/api/v1/patients/{patient}/images"));
    let of = |edition: &str| format!("{mark}{edition}");
    anna.get(&page).await.expect(200);
    for size in ["thumbnail", "medium"] {
        let now = small(&anna, at, size, &of("&edition=0")).await;
        assert_eq!(now.header("cache-control"), "private, max-age=900");
        let before = server.events();
        let never = small(&anna, at, size, &of("&edition=1")).await;
        assert_eq!((never.status, &never.body), (200, &now.body));
        assert_eq!(never.header("cache-control"), "no-store");
        // The list said something else, so the image itself was asked, and that is recorded.
        assert_eq!(server.events(), before + 1);
    }
    turn(&anna, at, json!({ "turns": 1 })).await;
    let is_private = |answer: &Answer| answer.header("cache-control").starts_with("private, max-age=");
    // Listed again, and not.
    for _ in 0..2 {
        for size in ["thumbnail", "medium"] {
            let now = small(&anna, at, size, &of("&edition=1")).await;
            assert!(is_private(&now), "{now}");
            for old in ["", "&edition=0"] {
                let answer = small(&anna, at, size, &of(old)).await;
                assert_eq!((answer.status, &answer.body), (200, &now.body), "{size}{old}");
                assert_eq!(answer.header("cache-control"), "no-store", "{size}{old}");
            }
            let plain = anna.get(format!("{page}/{image}/{size}")).await;
            assert_eq!(plain.body, now.body);
        }
        // Past the list's quarter of an hour, without the session's end.
        for _ in 0..2 {
            server.clock.advance(500);
            anna.get("/api/v1/session").await.expect(200);
        }
    }
    server.finish().await;
}

/// Lists that overlap turns lead nobody to a rendition of before: none is missing, and what may be kept under an address
/// is of its edition. It lies down in every other.
#[tokio::test(flavor = "multi_thread")]
async fn i5_lists_that_overlap_turns_show_no_turn_of_before() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let image = anna.store(&patient, made(1)).await;
    let at = (patient.as_str(), image.as_str());
    let page = format!("/api/v1/patients/{patient}/images");
    let upright = jpeg_size(&small(&anna, at, "thumbnail", &mark(&anna)).await.body);
    assert_ne!(upright.0, upright.1);
    let turning = async {
        for _ in 0..12 {
            turn(&anna, at, json!({ "turnBy": 1 })).await;
        }
    };
    let listing = async {
        loop {
            let list = anna.get(&page).await.expect(200);
            let edition = list["images"][0]["edition"].as_u64().expect("an edition");
            let marked = format!("{}&edition={edition}", mark(&anna));
            let answer = small(&anna, at, "thumbnail", &marked).await;
            assert_eq!(answer.status, 200, "{answer}");
            let (width, height) = jpeg_size(&answer.body);
            if answer.header("cache-control") != "no-store" {
                let expected = if edition % 2 == 0 {
                    upright
                } else {
                    (upright.1, upright.0)
                };
                assert_eq!((width, height), expected, "edition {edition}");
            }
            if edition == 12 {
                break;
            }
        }
    };
    tokio::join!(turning, listing, async {
        for _ in 0..40 {
            anna.get("/api/v1/patients").await.expect(200);
        }
    });
    server.finish().await;
}
