//! The photos of a visit's workspace (E4), and comparison groups (C1).

use cutis_tests::TestServer;
use cutis_tests::actors::{SignedIn, id_of};
use cutis_tests::images::made;
use serde_json::{Value, json};

const NOBODYS: &str = "018f3c5e-7b1a-7c3d-9a4b-ffffffffffff";

/// A patient's path, a visit's path, and three photos.
async fn visit(who: &SignedIn, unique_id: &str, seed: u64) -> (String, String, Vec<String>) {
    let patient = who.create_patient(unique_id).await;
    let path = format!("/api/v1/patients/{patient}");
    let entry = who.post(format!("{path}/entries"), &json!({})).await.expect(201);
    let visit = format!("{path}/entries/{}", id_of(&entry));
    let mut images = Vec::new();
    for number in 0..3 {
        images.push(who.store(&patient, made(seed + number)).await);
    }
    (path, visit, images)
}

async fn workspace(who: &SignedIn, visit: &str) -> Value {
    who.get(format!("{visit}/workspace")).await.expect(200)
}

/// E4: photos are put into a visit's workspace and taken out, all or nothing; one may be in many.
#[tokio::test(flavor = "multi_thread")]
async fn e4_a_workspace_has_images_of_its_own_patient() {
    let (server, anna) = TestServer::set_up().await;
    let (path, visit, images) = self::visit(&anna, "p-1", 1).await;
    let (.., foreign) = self::visit(&anna, "p-2", 10).await;
    let change = format!("{visit}/workspace");
    let done = anna
        .post(&change, &json!({ "add": [images[0], images[1], images[0]] }))
        .await
        .expect(200);
    assert_eq!(done, json!({ "added": [images[0], images[1]], "removed": [] }));
    let before = workspace(&anna, &visit).await;
    for (body, field) in [
        (json!({ "add": [images[2], foreign[0]] }), "add[1]"),
        (json!({ "add": [images[2]], "remove": [NOBODYS] }), "remove[0]"),
    ] {
        let problem = anna.post(&change, &body).await.problem(404, "not_found");
        assert_eq!(problem["errors"][0]["field"], field);
    }
    anna.post(&change, &json!({})).await.refuses("add");
    anna.post(&change, &json!({ "add": ["x"] }))
        .await
        .refuses("add[0]");
    anna.post(&change, &json!({ "add": [], "images": [] }))
        .await
        .problem(422, "invalid");
    assert_eq!(workspace(&anna, &visit).await, before);
    let again = anna.post(format!("{path}/entries"), &json!({})).await.expect(201);
    let second = format!("{path}/entries/{}/workspace", id_of(&again));
    anna.post(&second, &json!({ "add": [images[0]] }))
        .await
        .expect(200);
    let done = anna
        .post(
            &change,
            &json!({ "add": [images[2]], "remove": [images[0], images[2]] }),
        )
        .await
        .expect(200);
    assert_eq!(done, json!({ "added": [images[2]], "removed": [images[0]] }));
    server.finish().await;
}

/// C1: a group is two to sixteen of the patient's photos in order, with a title and a mode.
#[tokio::test(flavor = "multi_thread")]
async fn c1_comparisons_are_added_changed_moved_and_deleted() {
    let (server, anna) = TestServer::set_up().await;
    let (path, visit, images) = self::visit(&anna, "p-1", 1).await;
    let (.., foreign) = self::visit(&anna, "p-2", 10).await;
    let add = format!("{visit}/comparisons");
    let group = json!({ "title": " Before ", "mode": "side_by_side", "images": [images[1], images[0]] });
    let made = anna.post(&add, &group).await.expect(201);
    assert_eq!(
        (&made["title"], &made["mode"], &made["images"]),
        (
            &json!("Before"),
            &json!("side_by_side"),
            &json!([images[1], images[0]])
        )
    );
    let first = id_of(&made);
    let second = json!({ "mode": "blink", "images": images });
    let second = id_of(&anna.post(&add, &second).await.expect(201));
    let before = workspace(&anna, &visit).await;
    for (body, field) in [
        (json!({ "mode": "flicker", "images": images }), "mode"),
        (json!({ "mode": "grid", "images": [images[0]] }), "images"),
        (
            json!({ "mode": "grid", "images": vec![&images[0]; 17] }),
            "images",
        ),
        (
            json!({ "mode": "grid", "images": [images[0], images[0]] }),
            "images",
        ),
        (json!({ "mode": "grid", "images": [images[0], "x"] }), "images[1]"),
        (
            json!({ "mode": "grid", "images": images, "title": "x".repeat(201) }),
            "title",
        ),
    ] {
        anna.post(&add, &body).await.refuses(field);
    }
    let theirs = json!({ "mode": "grid", "images": [images[0], foreign[0]] });
    let problem = anna.post(&add, &theirs).await.problem(404, "not_found");
    assert_eq!(problem["errors"][0]["field"], "images[1]");
    assert_eq!(workspace(&anna, &visit).await, before);
    let one = format!("{path}/comparisons/{first}");
    let change = json!({ "version": 1, "title": "", "images": images, "position": 9 });
    let changed = anna.patch(&one, &change).await.expect(200);
    assert_eq!(
        (&changed["title"], &changed["mode"], &changed["images"]),
        (&Value::Null, &json!("side_by_side"), &json!(images))
    );
    let order = |shown: Value| {
        let groups = shown["comparisons"].as_array().expect("groups").clone();
        groups.iter().map(id_of).collect::<Vec<_>>()
    };
    assert_eq!(
        order(workspace(&anna, &visit).await),
        [second.clone(), first.clone()]
    );
    anna.delete(&one).await.expect(204);
    anna.delete(&one).await.problem(404, "not_found");
    assert_eq!(order(workspace(&anna, &visit).await), [second]);
    server.finish().await;
}
