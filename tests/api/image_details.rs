//! What is said about images, how they are turned and arranged (I3, I5).

use cutis_tests::client::Call;
use cutis_tests::images::{camera, jpeg_size, made};
use cutis_tests::{SignedIn, TestServer};
use futures_util::future::join_all;
use serde_json::{Value, json};

const FOREARM: &str = "41550009";
const UMBILICUS: &str = "315003";

async fn with_images(count: u64) -> (TestServer, SignedIn, String, Vec<String>) {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let mut images = Vec::new();
    for number in 1..=count {
        images.push(anna.store(&patient, made(number)).await);
        server.clock.advance(60);
    }
    (server, anna, patient, images)
}

fn pool(patient: &str) -> String {
    format!("/api/v1/patients/{patient}/images")
}

async fn change(who: &SignedIn, patient: &str, changes: Value) -> cutis_tests::Answer {
    let path = format!("{}/changes", pool(patient));
    who.post(path, &json!({ "changes": changes })).await
}

fn ids(images: &[String]) -> Value {
    images.iter().map(|id| json!({ "id": id })).collect()
}

/// The ids of a pool in an order, read in pages of two.
async fn listed(who: &SignedIn, patient: &str, order: &str) -> Vec<String> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = who
            .get(format!("{}?limit=2&order={order}{cursor}", pool(patient)))
            .await
            .expect(200);
        let images = page["images"].as_array().expect("images");
        found.extend(
            images
                .iter()
                .map(|image| image["id"].as_str().expect("an id").to_owned()),
        );
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i3_details_are_kept_and_cleared_and_every_change_is_recorded() {
    let (server, anna, patient, images) = with_images(1).await;
    let path = format!("{}/{}", pool(&patient), images[0]);
    let fresh = anna.get(&path).await.expect(200);
    assert_eq!(
        (
            &fresh["caption"],
            &fresh["site"],
            &fresh["rating"],
            &fresh["version"]
        ),
        (&Value::Null, &Value::Null, &json!(0), &json!(1))
    );
    let set = json!({
        "caption": "  Rim,\nleft ", "capturedAt": "2026-01-02T03:04:05Z", "site": { "code": FOREARM, "laterality": "left" },
        "view": "close_up", "modality": "dermoscopic", "rating": 5
    });
    let events = server.events();
    let saved = anna
        .patch(&path, &json!({ "version": 1, "set": set }))
        .await
        .expect(200);
    assert_eq!(server.events(), events + 1);
    assert_eq!(saved["caption"], "Rim,\nleft");
    assert_eq!(saved["site"], json!({ "code": FOREARM, "laterality": "left" }));
    assert_eq!(saved["capturedAt"], "2026-01-02T03:04:05Z");
    assert_eq!(
        saved["cameraAt"], fresh["capturedAt"],
        "what the camera said stays known"
    );
    assert_eq!(
        (&saved["view"], &saved["modality"]),
        (&json!("close_up"), &json!("dermoscopic"))
    );
    assert_eq!(anna.get(&path).await.expect(200), saved);
    let newest = &anna.activity(&patient).await[1];
    assert_eq!(
        (&newest["action"], &newest["target"]["id"]),
        (&json!("image.changed"), &json!(images[0]))
    );
    let told = newest["details"].to_string();
    assert!(
        told.contains("caption, captured_at, site, view, modality, rating") && !told.contains("Rim"),
        "{told}"
    );

    let clear = json!({ "caption": null, "capturedAt": null, "site": null, "view": null, "modality": null, "rating": 0 });
    let cleared = anna
        .patch(&path, &json!({ "version": 2, "set": clear }))
        .await
        .expect(200);
    assert_eq!(cleared["version"], 3);
    for field in [
        "caption",
        "capturedAt",
        "site",
        "view",
        "modality",
        "rating",
        "cameraAt",
    ] {
        assert_eq!(cleared[field], fresh[field], "{field}");
    }
    // Nothing that is different is no change, but shows the image.
    let same = anna
        .patch(&path, &json!({ "version": 3, "set": { "rating": 0 } }))
        .await
        .expect(200);
    assert_eq!(same["version"], 3);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i3_a_field_that_moved_meanwhile_is_refused_with_both_values() {
    let (server, anna, patient, images) = with_images(1).await;
    let path = format!("{}/{}", pool(&patient), images[0]);
    let patch = async |version: u64, set: Value| {
        let body = json!({ "version": version, "set": set });
        anna.patch(&path, &body).await
    };
    patch(1, json!({ "caption": "one", "rating": 2 }))
        .await
        .expect(200);
    patch(1, json!({ "view": "overview" })).await.expect(200);
    let before = server.content();
    let problem = patch(1, json!({ "caption": "two", "modality": "clinical" }))
        .await
        .problem(409, "stale_version");
    assert_eq!(
        problem["conflicts"],
        json!([{ "field": "caption", "yours": "two", "current": "one" }])
    );
    assert_eq!(problem["current"]["version"], 3);
    assert_eq!(server.content(), before);
    patch(9, json!({ "caption": "two" })).await.refuses("version");
    patch(3, json!({ "caption": "two" })).await.expect(200);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_many_are_changed_at_once_and_the_answer_undoes_it() {
    let (server, anna, patient, images) = with_images(3).await;
    let first = json!([{ "images": [{ "id": images[1] }], "set": { "caption": "mine", "rating": 1 } }]);
    change(&anna, &patient, first).await.expect(200);
    let before = anna.get(pool(&patient)).await.expect(200);
    let events = server.events();
    let set = json!({ "caption": "all", "rating": 4, "site": { "code": UMBILICUS }, "capturedAt": "2020-05-06T07:08:09Z" });
    let done = change(&anna, &patient, json!([{ "images": ids(&images), "set": set }]))
        .await
        .expect(200);
    assert_eq!(server.events(), events + 3, "item by item");
    for (image, id) in done["images"].as_array().expect("images").iter().zip(&images) {
        assert_eq!(
            (&image["id"], &image["caption"], &image["rating"]),
            (&json!(id), &json!("all"), &json!(4))
        );
    }
    assert_eq!(
        done["undo"][1]["set"],
        json!({ "caption": "mine", "capturedAt": null, "site": null, "rating": 1 })
    );
    change(&anna, &patient, done["undo"].clone()).await.expect(200);
    let after = anna.get(pool(&patient)).await.expect(200);
    for (was, is) in before["images"]
        .as_array()
        .expect("images")
        .iter()
        .zip(after["images"].as_array().expect("images"))
    {
        let plain = |image: &Value| {
            let mut image = image.clone();
            image["version"] = Value::Null;
            image
        };
        assert_eq!(plain(was), plain(is));
    }
    // What others changed meanwhile is not undone.
    let other = json!([{ "images": [{ "id": images[0] }], "set": { "caption": "theirs" } }]);
    change(&anna, &patient, other).await.expect(200);
    let state = server.content();
    let problem = change(&anna, &patient, done["undo"].clone())
        .await
        .problem(409, "stale_version");
    assert_eq!(problem["stale"][0]["id"], images[0].as_str());
    assert_eq!(server.content(), state);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i3_i5_bad_input_is_named_and_changes_nothing() {
    let (server, anna, patient, images) = with_images(2).await;
    let other = anna.create_patient("p-002").await;
    let strange = anna.store(&other, made(77)).await;
    let before = server.content();
    let long = "x".repeat(501);
    for (field, value) in [
        ("caption", json!(long)),
        ("caption", json!("a\u{202E}b")),
        ("caption", json!("a\u{0}b")),
        ("capturedAt", json!("yesterday")),
        ("capturedAt", json!("2099-01-01T00:00:00Z")),
        ("capturedAt", json!("1969-12-31T23:59:59Z")),
        ("site", json!({ "code": "1" })),
        ("site", json!({ "code": FOREARM, "laterality": "up" })),
        ("site", json!({ "code": UMBILICUS, "laterality": "left" })),
        ("view", json!("sideways")),
        ("modality", json!("mri")),
        ("rating", json!(6)),
        ("rating", json!(-1)),
        ("turns", json!(4)),
        ("turnBy", json!(0)),
        ("turnBy", json!(4)),
        ("turnBy", json!(-1)),
    ] {
        let set = json!({ field: value });
        let path = format!("{}/{}", pool(&patient), images[0]);
        let one = anna.patch(path, &json!({ "version": 1, "set": set })).await;
        let named = format!("set.{field}");
        one.refuses(&named);
        let many = change(&anna, &patient, json!([{ "images": ids(&images), "set": set }])).await;
        many.refuses(&format!("changes[0].{named}"));
    }
    let path = format!("{}/{}", pool(&patient), images[0]);
    let told = |answer: &cutis_tests::Answer| answer.json()["errors"][0]["message"].clone();
    for by in [0, 4] {
        let body = json!({ "version": 1, "set": { "turnBy": by } });
        assert_eq!(
            told(&anna.patch(&path, &body).await),
            "Choose 1 to 3 quarter turns."
        );
    }
    let none = change(&anna, &patient, json!([])).await;
    assert_eq!(none.refuses("changes"), "empty");
    assert_eq!(told(&none), "Send at least one photo.");
    let none = anna
        .post(format!("{}/order", pool(&patient)), &json!({ "moves": [] }))
        .await;
    assert_eq!(none.refuses("moves"), "empty");
    for (field, changes) in [
        (
            "changes[1].set.capturedAt",
            json!([
                { "images": [{ "id": images[0] }], "set": { "rating": 1 } },
                { "images": [{ "id": images[1] }], "set": { "capturedAt": "2099-01-01T00:00:00Z" } },
            ]),
        ),
        (
            "changes[0].images[1].version",
            json!([{ "images": [{ "id": images[0] }, { "id": images[1], "version": 7 }], "set": { "rating": 1 } }]),
        ),
        (
            "changes[0].images",
            json!([{ "images": [], "set": { "rating": 1 } }]),
        ),
        (
            "changes[0].images",
            json!([{ "images": [], "set": { "rating": 1 } }, { "images": ids(&images), "set": { "rating": 1 } }]),
        ),
        ("changes[0].set", json!([{ "images": ids(&images), "set": {} }])),
        (
            "changes[0].images[0]",
            json!([{ "images": [{ "id": "x" }], "set": { "rating": 1 } }]),
        ),
        (
            "changes[1].images[0]",
            json!([{ "images": ids(&images), "set": { "rating": 1 } }, { "images": [{ "id": images[0] }], "set": { "rating": 2 } }]),
        ),
        (
            "changes[0].set.turnBy",
            json!([{ "images": ids(&images), "set": { "turns": 1, "turnBy": 1 } }]),
        ),
    ] {
        change(&anna, &patient, changes).await.refuses(field);
    }
    let many = |count: usize| -> Value {
        (0..count)
            .map(|n| json!({ "id": format!("018f3c5e-7b1a-7c3d-9a4b-{n:012x}") }))
            .collect()
    };
    change(
        &anna,
        &patient,
        json!([{ "images": many(201), "set": { "rating": 1 } }]),
    )
    .await
    .refuses("changes");
    change(
        &anna,
        &patient,
        json!([{ "images": many(51), "set": { "turnBy": 1 } }]),
    )
    .await
    .refuses("changes");
    // All or nothing, and another patient's image is not in this pool.
    for id in [&strange, &"018f3c5e-7b1a-7c3d-9a4b-000000000000".to_owned()] {
        let mixed = [images[0].clone(), id.clone()];
        for set in [json!({ "rating": 1 }), json!({ "turnBy": 1 })] {
            change(&anna, &patient, json!([{ "images": ids(&mixed), "set": set }]))
                .await
                .problem(404, "not_found");
        }
        let order = json!({ "moves": [{ "images": mixed, "after": null }] });
        anna.post(format!("{}/order", pool(&patient)), &order)
            .await
            .problem(404, "not_found");
        let order = json!({ "moves": [{ "images": [images[0]], "after": id }] });
        anna.post(format!("{}/order", pool(&patient)), &order)
            .await
            .problem(404, "not_found");
    }
    for (field, moves) in [
        ("moves", json!([])),
        (
            "moves[0].after",
            json!([{ "images": [images[0]], "after": images[0] }]),
        ),
        (
            "moves[0].images[1]",
            json!([{ "images": [images[0], images[0]], "after": null }]),
        ),
        (
            "moves[1].images",
            json!([{ "images": [images[0]], "after": null }, { "images": [], "after": null }]),
        ),
    ] {
        anna.post(format!("{}/order", pool(&patient)), &json!({ "moves": moves }))
            .await
            .refuses(field);
    }
    let unknown = json!({ "version": 1, "set": { "gps": "1,2" } });
    let answer = anna
        .patch(format!("{}/{}", pool(&patient), images[0]), &unknown)
        .await;
    assert_eq!(answer.status, 422, "{answer}");
    assert_eq!(server.content(), before, "nothing changed");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_turning_makes_every_rendition_anew_and_leaves_the_original() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    for file in camera::in_every_orientation() {
        let stored = anna.upload(&patient, std::slice::from_ref(&file)).await;
        let image = stored[0]["image"].clone();
        let id = image["id"].as_str().expect("an id").to_owned();
        let path = format!("{}/{id}", pool(&patient));
        let sides = (
            image["width"].as_u64().expect("a width"),
            image["height"].as_u64().expect("a height"),
        );
        let upright = anna.get(format!("{path}/full")).await.body;
        for (step, turns) in [(1, 1), (1, 2), (3, 1), (3, 0)] {
            let done = change(
                &anna,
                &patient,
                json!([{ "images": [{ "id": id }], "set": { "turnBy": step } }]),
            )
            .await
            .expect(200);
            let turned = &done["images"][0];
            assert_eq!(turned["turns"], turns);
            let (width, height) = if turns % 2 == 1 { (sides.1, sides.0) } else { sides };
            assert_eq!(
                (&turned["width"], &turned["height"]),
                (&json!(width), &json!(height))
            );
            for form in ["thumbnail", "medium", "screen", "full"] {
                let shown = anna.get(format!("{path}/{form}")).await;
                assert_eq!(shown.status, 200, "{form}: {shown}");
                let (w, h) = jpeg_size(&shown.body);
                assert_eq!((w > h, w == h), (width > height, width == height), "{form}");
            }
            let original = anna.get(format!("{path}/original?purpose=clinical_record")).await;
            assert_eq!(original.body, file.bytes, "the original stays");
        }
        assert_eq!(
            anna.get(format!("{path}/full")).await.body,
            upright,
            "turned once around"
        );
        let image = anna.get(&path).await.expect(200);
        assert_eq!((&image["turns"], &image["edition"]), (&json!(0), &json!(4)));
    }
    // No rendition of before is left behind, and each that a row names is there.
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_a_turn_is_undone_by_what_its_answer_says() {
    let (server, anna, patient, images) = with_images(2).await;
    change(
        &anna,
        &patient,
        json!([{ "images": [{ "id": images[0] }], "set": { "turns": 3 } }]),
    )
    .await
    .expect(200);
    let done = change(
        &anna,
        &patient,
        json!([{ "images": ids(&images), "set": { "turnBy": 2 } }]),
    )
    .await
    .expect(200);
    assert_eq!(done["images"][0]["turns"], 1);
    assert_eq!(done["images"][1]["turns"], 2);
    // The photo beside the patient's name is remembered by its edition too, in the record and in lists.
    let of_patient = anna.get(format!("/api/v1/patients/{patient}")).await.expect(200);
    let cover = &of_patient["coverImageId"];
    let newest = done["images"]
        .as_array()
        .and_then(|all| all.iter().find(|it| it["id"] == *cover));
    assert_eq!(newest.map(|it| &it["edition"]), Some(&of_patient["coverEdition"]));
    let line = &anna.get("/api/v1/patients").await.expect(200)["patients"][0];
    assert_eq!(line["coverEdition"], of_patient["coverEdition"]);
    let undone = change(&anna, &patient, done["undo"].clone()).await.expect(200);
    assert_eq!(
        (&undone["images"][0]["turns"], &undone["images"][1]["turns"]),
        (&json!(3), &json!(0))
    );
    server.finish().await;
}

/// I5, P6: who turns without a version overwrites, whatever others do meanwhile: each turn counts, and none is refused. With a
/// version, one of those who turn from it is through, and the others are told.
#[tokio::test(flavor = "multi_thread")]
async fn i5_turns_at_the_same_time_all_count_unless_a_version_says_otherwise() {
    let (server, anna, patient, images) = with_images(2).await;
    let path = format!("{}/{}", pool(&patient), images[0]);
    let turn = |step: u8| {
        change(
            &anna,
            &patient,
            json!([{ "images": ids(&images), "set": { "turnBy": step } }]),
        )
    };
    for answer in join_all([1, 1, 2, 3, 2, 1].map(turn)).await {
        answer.expect(200);
    }
    let image = anna.get(&path).await.expect(200);
    assert_eq!((&image["turns"], &image["edition"]), (&json!(2), &json!(6)));
    let from = image["version"].clone();
    let body = json!({ "version": from, "set": { "turnBy": 1 } });
    let versioned = || anna.patch(&path, &body);
    let answers = join_all([versioned(), versioned(), versioned()]).await;
    let through = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(through, 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.problem(409, "stale_version");
    }
    assert_eq!(anna.get(&path).await.expect(200)["turns"], 3);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i3_the_manual_order_is_made_by_moves_and_undone_by_them() {
    let (server, anna, patient, mut images) = with_images(5).await;
    images.reverse();
    assert_eq!(listed(&anna, &patient, "time").await, images);
    assert_eq!(
        listed(&anna, &patient, "manual").await,
        images,
        "where its time puts it"
    );
    let path = format!("{}/order", pool(&patient));
    let moves = json!({ "moves": [
        { "images": [images[4], images[0]], "after": images[2] },
        { "images": [images[3]], "after": null },
    ] });
    let done = anna.post(&path, &moves).await.expect(200);
    let expected: Vec<String> = [3, 1, 2, 4, 0].map(|n: usize| images[n].clone()).to_vec();
    assert_eq!(listed(&anna, &patient, "manual").await, expected);
    assert_eq!(
        listed(&anna, &patient, "time").await,
        images,
        "the other order stays"
    );
    // A new image comes in by its time.
    let new = anna.store(&patient, made(9)).await;
    let set = json!({ "capturedAt": "2000-01-01T00:00:00Z" });
    let old = json!([{ "images": [{ "id": new }], "set": set }]);
    change(&anna, &patient, old).await.expect(200);
    assert_eq!(listed(&anna, &patient, "manual").await[5], new);
    anna.post(&path, &json!({ "moves": done["undo"] }))
        .await
        .expect(200);
    let mut expected = images.clone();
    expected.push(new);
    assert_eq!(listed(&anna, &patient, "manual").await, expected);
    // The cursor of one order is none of the other.
    let page = anna
        .get(format!("{}?limit=2&order=manual", pool(&patient)))
        .await
        .expect(200);
    let cursor = page["nextCursor"].as_str().expect("a cursor");
    anna.get(format!("{}?cursor={cursor}", pool(&patient)))
        .await
        .refuses("cursor");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i3_the_years_are_those_of_the_whole_pool() {
    let (server, anna, patient, images) = with_images(3).await;
    // In Toronto the second is still 2019.
    anna.set("practice.time_zone", "America/Toronto").await;
    for (image, at) in images.iter().zip([
        "2019-06-01T00:00:00Z",
        "2020-01-01T04:59:59Z",
        "2020-01-01T05:00:00Z",
    ]) {
        let set = json!({ "capturedAt": at });
        change(
            &anna,
            &patient,
            json!([{ "images": [{ "id": image }], "set": set }]),
        )
        .await
        .expect(200);
    }
    let page = anna.get(format!("{}?limit=1", pool(&patient))).await.expect(200);
    assert_eq!(
        page["years"],
        json!([{ "year": 2020, "count": 1 }, { "year": 2019, "count": 2 }])
    );
    let cursor = page["nextCursor"].as_str().expect("a cursor");
    let next = anna
        .get(format!("{}?cursor={cursor}", pool(&patient)))
        .await
        .expect(200);
    assert_eq!(next["years"], Value::Null);
    let ben = server.add_account("ben", false, true).await;
    ben.send(Call::new("GET", pool(&patient)))
        .await
        .problem(404, "not_found");
    server.finish().await;
}
