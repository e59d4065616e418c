//! What a camera says of a photo with the upload itself (I6): stored with the photo in one step, or not at all.

use cutis_media::CivilTime;
use cutis_media::synthetic::{Scene, SkinType, Subject, draw};
use cutis_tests::actors::{id_of, results};
use cutis_tests::client::File;
use cutis_tests::client::{BOUNDARY, Call, fresh_key};
use cutis_tests::images::made;
use cutis_tests::parts::Parts;
use cutis_tests::{SignedIn, TestServer};
use serde_json::{Value, json};

const FOREARM: &str = "41550009";
const NOBODYS: &str = "018f3c5e-7b1a-7c3d-9a4b-ffffffffffff";
const AT: &str = "2026-01-02T03:04:05.250Z";

/// A form of parts, each with its head's end and its contents.
fn form(patient: &str, key: &str, parts: &[(&str, &[u8])]) -> Call {
    let mut body = Vec::new();
    for (head, contents) in parts {
        body.extend_from_slice(
            format!("--{BOUNDARY}\r\ncontent-disposition: form-data; {head}\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(contents);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    Call::new("POST", format!("/api/v1/patients/{patient}/images"))
        .header("idempotency-key", key)
        .body(&format!("multipart/form-data; boundary={BOUNDARY}"), body)
}

const FILE: &str = "name=\"file\"; filename=\"shot.jpg\"";
const DETAILS: &str = "name=\"details\"";

fn shot(patient: &str, key: &str, details: &Value, bytes: &[u8]) -> Call {
    form(
        patient,
        key,
        &[(DETAILS, details.to_string().as_bytes()), (FILE, bytes)],
    )
}

/// A patient and a visit of theirs.
async fn visit(anna: &SignedIn, unique_id: &str) -> (String, String) {
    let patient = anna.create_patient(unique_id).await;
    let entry = anna
        .post(format!("/api/v1/patients/{patient}/entries"), &json!({}))
        .await
        .expect(201);
    (patient, id_of(&entry))
}

async fn workspace(anna: &SignedIn, patient: &str, entry: &str) -> Value {
    anna.get(format!("/api/v1/patients/{patient}/entries/{entry}/workspace"))
        .await
        .expect(200)["images"]
        .clone()
}

fn said(entry: &str) -> Value {
    json!({
        "capturedAt": AT, "site": { "code": FOREARM, "laterality": "left" }, "view": "anterior",
        "device": "Back camera · 2×", "entryId": entry
    })
}

#[track_caller]
fn expect_said(image: &Value) {
    assert_eq!(image["capturedAt"], "2026-01-02T03:04:05.25Z", "{image}");
    assert_eq!(image["site"], json!({ "code": FOREARM, "laterality": "left" }));
    assert_eq!(
        (&image["view"], &image["device"]),
        (&json!("anterior"), &json!("Back camera · 2×"))
    );
    assert_eq!(image["version"], 1);
}

/// I4, I6: in one piece, and sent again: one photo, in the visit once, with everything that was said.
#[tokio::test(flavor = "multi_thread")]
async fn i6_what_is_said_goes_in_with_the_image_once() {
    let (server, anna) = TestServer::set_up().await;
    let (patient, entry) = visit(&anna, "p-1").await;
    let key = fresh_key();
    let first = results(&anna.send(shot(&patient, &key, &said(&entry), &made(1))).await);
    assert_eq!(first[0]["outcome"], "stored", "{first:?}");
    let image = &first[0]["image"];
    expect_said(image);
    let path = format!("/api/v1/patients/{patient}/images/{}", id_of(image));
    assert_eq!(anna.get(&path).await.expect(200), *image, "as it is on record");
    assert_eq!(workspace(&anna, &patient, &entry).await, json!([image["id"]]));
    let again = results(&anna.send(shot(&patient, &key, &said(&entry), &made(1))).await);
    assert_eq!(
        (&again[0]["outcome"], &again[0]["image"]),
        (&json!("stored"), image)
    );
    assert_eq!(workspace(&anna, &patient, &entry).await, json!([image["id"]]));
    assert_eq!(anna.patient(&patient).await["imageCount"], 1);
    // U3: both are in the trail, and no second time.
    let events = anna.activity(&patient).await;
    let of = |action: &str| events.iter().filter(|event| event["action"] == action).count();
    assert_eq!(
        (of("image.stored"), of("workspace.changed")),
        (1, 1),
        "{events:?}"
    );
    server.finish().await;
}

/// A photo of a camera that writes the time into it.
fn dated() -> Vec<u8> {
    let scene = Scene {
        seed: 7,
        visit: 0,
        subject: Subject::SeveralNevi,
        skin: SkinType::III,
        captured_at: CivilTime::new((2026, 11, 20), (9, 30, 0), Some(0)).expect("a time"),
    };
    draw(&scene, 64, 48).expect("a photo")
}

/// I3: a time that is said counts more than the file's, which stays as what the camera says; without it the file's counts. So
/// does what it was taken with.
#[tokio::test(flavor = "multi_thread")]
async fn i3_a_time_that_is_said_counts_more_than_the_files() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let dated = dated();
    let plain = results(&anna.send(form(&patient, &fresh_key(), &[(FILE, &dated)])).await);
    let camera = "2026-11-20T09:30:00Z";
    assert_eq!(plain[0]["image"]["capturedAt"], camera);
    assert_eq!(plain[0]["image"]["device"], "Cutis Synthetic");
    let other = anna.create_patient("p-2").await;
    let details = json!({ "capturedAt": AT, "device": "Back camera" });
    let told = results(&anna.send(shot(&other, &fresh_key(), &details, &dated)).await);
    let image = &told[0]["image"];
    assert_eq!(image["capturedAt"], "2026-01-02T03:04:05.25Z");
    assert_eq!(
        (&image["cameraAt"], &image["device"]),
        (&json!(camera), &json!("Back camera"))
    );
    let path = format!("/api/v1/patients/{other}/images/{}", id_of(image));
    assert_eq!(anna.get(&path).await.expect(200), *image);
    // What a person clears is as the camera says again.
    let cleared = anna
        .patch(&path, &json!({ "version": 1, "set": { "capturedAt": null } }))
        .await
        .expect(200);
    assert_eq!(cleared["capturedAt"], camera);
    server.finish().await;
}

/// I4, I6: in parts, over a restart in the middle; what was declared first counts.
#[tokio::test(flavor = "multi_thread")]
async fn i6_what_is_said_outlives_a_restart_in_the_middle() {
    let (server, anna) = TestServer::set_up().await;
    let (patient, entry) = visit(&anna, "p-1").await;
    let parts = Parts::new(&patient, &fresh_key(), 0, File::new("shot.jpg", made(1)));
    let mut declaration = parts.declaration();
    declaration["details"] = said(&entry);
    let declare = |body: &Value| Call::new("PUT", parts.path.clone()).json(body);
    anna.send(declare(&declaration)).await.expect(200);
    anna.send(parts.part(0..100)).await.expect(200);
    let server = TestServer::reopen(server.stop().await, "localhost", &[]).await;
    let anna = server.sign_in("anna").await;
    declaration["details"] = json!({ "view": "posterior" });
    assert_eq!(anna.send(declare(&declaration)).await.expect(200)["offset"], 100);
    let done = anna.send(parts.part(100..parts.length())).await.expect(200);
    expect_said(&done["result"]["image"]);
    assert_eq!(
        workspace(&anna, &patient, &entry).await,
        json!([done["result"]["image"]["id"]])
    );
    // Asked again, however often: nothing more happens.
    declaration["details"] = said(&entry);
    let again = anna.send(declare(&declaration)).await.expect(200);
    assert_eq!(again["result"]["image"], done["result"]["image"]);
    assert_eq!(anna.patient(&patient).await["imageCount"], 1);
    server.finish().await;
}

/// A10, N2: a visit that is not this patient's is like one that does not exist; the photo is not stored, and the same key
/// serves once more without it.
#[tokio::test(flavor = "multi_thread")]
async fn i6_a_visit_must_be_the_patients() {
    let (server, anna) = TestServer::set_up().await;
    let (patient, _) = visit(&anna, "p-1").await;
    let (_, foreign) = visit(&anna, "p-2").await;
    let key = fresh_key();
    for entry in [NOBODYS, &foreign] {
        let refused = results(&anna.send(shot(&patient, &key, &said(entry), &made(1))).await);
        assert_eq!(refused[0]["outcome"], "refused");
        assert_eq!(refused[0]["reason"]["code"], "no_visit", "{refused:?}");
        assert!(refused[0]["reason"]["advice"].is_string());
        let parts = Parts::new(&patient, &key, 0, File::new("shot.jpg", made(1)));
        let mut declaration = parts.declaration();
        declaration["details"] = said(entry);
        let answer = anna
            .send(Call::new("PUT", parts.path.clone()).json(&declaration))
            .await
            .expect(200);
        assert_eq!(answer["result"]["reason"]["code"], "no_visit", "{answer}");
    }
    assert_eq!(anna.patient(&patient).await["imageCount"], 0);
    let refused = anna.activity(&patient).await;
    assert!(
        refused.iter().any(|event| event["action"] == "access.refused"),
        "{refused:?}"
    );
    let mut without = said(NOBODYS);
    without.as_object_mut().expect("an object").remove("entryId");
    let stored = results(&anna.send(shot(&patient, &key, &without, &made(1))).await);
    assert_eq!(stored[0]["outcome"], "stored");
    expect_said(&stored[0]["image"]);
    server.finish().await;
}

/// What is refused is named, by the names of the request, and changes nothing; a part of a form holds for the files behind it.
#[tokio::test(flavor = "multi_thread")]
async fn i6_bad_details_are_named() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    for (details, field) in [
        (json!({ "capturedAt": "yesterday" }), "details.capturedAt"),
        (json!({ "site": { "code": "1" } }), "details.site"),
        (
            json!({ "site": { "code": "315003", "laterality": "left" } }),
            "details.site",
        ),
        (json!({ "view": "sideways" }), "details.view"),
        (json!({ "device": "two\nlines" }), "details.device"),
        (json!({ "entryId": "x" }), "details.entryId"),
        (json!({ "caption": "no" }), "details.caption"),
        (json!(["view"]), "details"),
    ] {
        let key = fresh_key();
        anna.send(shot(&patient, &key, &details, &made(1)))
            .await
            .refuses(field);
        let parts = Parts::new(&patient, &key, 0, File::new("shot.jpg", made(1)));
        let mut declaration = parts.declaration();
        declaration["details"] = details;
        anna.send(Call::new("PUT", parts.path.clone()).json(&declaration))
            .await
            .refuses(field);
    }
    let long = format!("{{ \"device\": \"{}\" }}", "x".repeat(5000));
    let call = form(
        &patient,
        &fresh_key(),
        &[(DETAILS, long.as_bytes()), (FILE, &made(1))],
    );
    assert_eq!(anna.send(call).await.refuses("details"), "too_long");
    let twice = form(
        &patient,
        &fresh_key(),
        &[
            (DETAILS, b"{\"view\":\"anterior\",\"view\":\"posterior\"}"),
            (FILE, &made(1)),
        ],
    );
    anna.send(twice).await.refuses("details.view");
    assert_eq!(anna.patient(&patient).await["imageCount"], 0);
    let parts: [(&str, &[u8]); 5] = [
        (FILE, &made(1)),
        (DETAILS, b"{\"view\":\"anterior\"}"),
        (FILE, &made(2)),
        (DETAILS, b"{}"),
        (FILE, &made(3)),
    ];
    let stored = results(&anna.send(form(&patient, &fresh_key(), &parts)).await);
    let views: Vec<&Value> = stored.iter().map(|result| &result["image"]["view"]).collect();
    assert_eq!(views, [&Value::Null, &json!("anterior"), &Value::Null]);
    // I2: a form that ends early names the files behind, and not what was said of them.
    let parts: [(&str, &[u8]); 4] = [
        (FILE, &made(4)),
        (DETAILS, b"{\"view\":\"sideways\"}"),
        (DETAILS, b"{}"),
        (FILE, &made(5)),
    ];
    let stopped = anna.send(form(&patient, &fresh_key(), &parts)).await;
    stopped.refuses("details.view");
    let problem = stopped.json();
    assert_eq!(problem["results"][0]["outcome"], "stored");
    assert_eq!(
        problem["notExamined"],
        json!({ "from": 1, "names": ["shot.jpg"], "complete": true })
    );
    server.finish().await;
}
