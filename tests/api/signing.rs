//! What signing a visit freezes (E5): all that belongs to it, whichever way a change comes.

use cutis_tests::actors::{SignedIn, id_of, results};
use cutis_tests::client::{Call, File, form, fresh_key};
use cutis_tests::images::{made, padded};
use cutis_tests::live::LivePage;
use cutis_tests::parts::Parts;
use cutis_tests::{Answer, TestServer};
use serde_json::{Value, json};

const ASSIGN: &str = "/api/v1/tags/assignments";

/// A patient with a visit that has two photos, a comparison of them, and a tag; a third photo and a second tag are free.
struct Scene {
    patient: String,
    entry: String,
    images: Vec<String>,
    group: String,
    tags: Vec<String>,
}

impl Scene {
    async fn set(who: &SignedIn, unique_id: &str, seed: u64) -> Self {
        let patient = who.create_patient(unique_id).await;
        let path = format!("/api/v1/patients/{patient}");
        let added = who
            .post(format!("{path}/entries"), &json!({ "notes": "Text" }))
            .await
            .expect(201);
        let entry = id_of(&added);
        let visit = format!("{path}/entries/{entry}");
        let mut images = Vec::new();
        for number in 0..3 {
            images.push(who.store(&patient, made(seed + number)).await);
        }
        let two = json!([images[0], images[1]]);
        who.post(format!("{visit}/workspace"), &json!({ "add": two }))
            .await
            .expect(200);
        let group = json!({ "mode": "side_by_side", "images": two });
        let group = who.post(format!("{visit}/comparisons"), &group).await.expect(201);
        let catalogue = who.get("/api/v1/tags").await.expect(200);
        let mut tags = Vec::new();
        for name in ["one", "two"] {
            let name = format!("{name} {unique_id}");
            let new = json!({ "name": name, "categoryId": catalogue["categories"][0]["id"] });
            tags.push(id_of(&who.post("/api/v1/tags", &new).await.expect(201)));
        }
        let scene = Self {
            patient,
            group: format!("{path}/comparisons/{}", id_of(&group)),
            entry,
            images,
            tags,
        };
        scene
            .assign(who, json!({ "add": [scene.tags[0]] }))
            .await
            .expect(200);
        scene
    }

    fn path(&self) -> String {
        format!("/api/v1/patients/{}", self.patient)
    }

    fn visit(&self) -> String {
        format!("{}/entries/{}", self.path(), self.entry)
    }

    async fn sign(&self, who: &SignedIn) -> Answer {
        let versions = who.get(self.visit()).await.expect(200)["versions"].clone();
        who.post(format!("{}/sign", self.visit()), &json!({ "versions": versions }))
            .await
    }

    /// Changes tags of the visit.
    async fn assign(&self, who: &SignedIn, mut change: Value) -> Answer {
        change["entries"] = json!([self.entry]);
        who.post(ASSIGN, &change).await
    }

    async fn workspace(&self, who: &SignedIn) -> Value {
        let shown = who.get(format!("{}/workspace", self.visit())).await.expect(200);
        shown["images"].clone()
    }
}

/// A shot that was taken for a visit.
fn shot(patient: &str, key: &str, entry: &str, file: &File) -> Call {
    let details = json!({ "entryId": entry }).to_string();
    let mut body = Vec::new();
    body.extend_from_slice(
        format!(
            "--{}\r\ncontent-disposition: form-data; name=\"details\"\r\n\r\n{details}\r\n",
            cutis_tests::client::BOUNDARY
        )
        .as_bytes(),
    );
    body.extend_from_slice(&form(std::slice::from_ref(file)));
    Call::new("POST", format!("/api/v1/patients/{patient}/images"))
        .header("idempotency-key", key)
        .body(
            &format!("multipart/form-data; boundary={}", cutis_tests::client::BOUNDARY),
            body,
        )
}

/// E5: every way to change something of a signed visit is refused, says what to do instead, and changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn e5_nothing_of_a_signed_visit_is_changed() {
    let (server, anna) = TestServer::set_up().await;
    let scene = Scene::set(&anna, "p-1", 1).await;
    let other = Scene::set(&anna, "p-2", 10).await;
    scene.sign(&anna).await.expect(200);
    let (visit, group) = (scene.visit(), &scene.group);
    let shown = anna.get(group).await.expect(200);
    let marks = |set: Value| {
        let mut body = json!({ "version": shown["version"], "turns": 0 });
        for (name, value) in set.as_object().expect("fields") {
            body[name] = value.clone();
        }
        Call::new("PATCH", format!("{group}/images/{}", scene.images[0])).json(&body)
    };
    let group_change = |set: Value| {
        let mut body = json!({ "version": shown["version"] });
        for (name, value) in set.as_object().expect("fields") {
            body[name] = value.clone();
        }
        Call::new("PATCH", group.clone()).json(&body)
    };
    let post = |path: String, body: Value| Call::new("POST", path).json(&body);
    let assign = |body: Value| post(ASSIGN.to_owned(), body);
    let entry_change = |body: Value| Call::new("PATCH", visit.clone()).json(&body);
    let ways = [
        (
            "sign",
            post(
                format!("{visit}/sign"),
                json!({ "versions": { "appointmentAt": 0, "title": 0, "notes": 0 } }),
            ),
        ),
        (
            "title",
            entry_change(json!({ "versions": { "title": 0 }, "title": "x" })),
        ),
        (
            "notes",
            entry_change(json!({ "versions": { "notes": 0 }, "notes": "x" })),
        ),
        (
            "time",
            entry_change(
                json!({ "versions": { "appointmentAt": 0 }, "appointmentAt": "2026-01-02T10:00:00Z" }),
            ),
        ),
        (
            "add",
            post(format!("{visit}/workspace"), json!({ "add": [scene.images[2]] })),
        ),
        (
            "take out",
            post(
                format!("{visit}/workspace"),
                json!({ "remove": [scene.images[0]] }),
            ),
        ),
        (
            "replace",
            post(
                format!("{visit}/workspace"),
                json!({ "add": [scene.images[2]], "remove": [scene.images[0]] }),
            ),
        ),
        (
            "compare",
            post(
                format!("{visit}/comparisons"),
                json!({ "mode": "blink", "images": scene.images }),
            ),
        ),
        ("heading", group_change(json!({ "title": "x" }))),
        ("note", group_change(json!({ "note": "x" }))),
        ("mode", group_change(json!({ "mode": "blink" }))),
        ("layout", group_change(json!({ "layout": "four" }))),
        (
            "images",
            group_change(json!({ "images": [scene.images[1], scene.images[0]] })),
        ),
        ("place", group_change(json!({ "position": 0 }))),
        ("label", marks(json!({ "label": "before" }))),
        (
            "landmarks",
            marks(json!({ "landmarks": [{ "x": 0.2, "y": 0.2 }] })),
        ),
        ("annotations", marks(json!({ "annotations": [] }))),
        ("ruler", marks(json!({ "ruler": null }))),
        ("no comparison", Call::new("DELETE", group.clone())),
        (
            "tag",
            assign(json!({ "add": [scene.tags[1]], "entries": [scene.entry] })),
        ),
        (
            "untag",
            assign(json!({ "remove": [scene.tags[0]], "entries": [scene.entry] })),
        ),
        (
            "tag many",
            assign(json!({
                "add": [scene.tags[1]], "entries": [other.entry, scene.entry], "patients": [scene.patient],
                "images": [scene.images[0]],
            })),
        ),
    ];
    let before = server.content();
    for (way, call) in ways {
        let problem = anna.send(call).await.problem(409, "visit_signed");
        assert_eq!(problem["entryId"], scene.entry.as_str(), "{way}");
        let detail = problem["detail"].as_str().expect("a text");
        assert!(
            detail.contains("signed") && detail.contains("addendum"),
            "{way}: {detail}"
        );
        assert_eq!(server.content(), before, "{way}");
    }
    // U3: each of them is in the trail, with the reason.
    let events = anna.activity(&scene.patient).await;
    let refused = events.iter().filter(|event| {
        event["action"] == "entry.changed"
            && event["outcome"] == "refused"
            && event["details"].to_string().contains("signed")
    });
    assert_eq!(refused.count(), 22, "{events:?}");
    server.finish().await;
}

/// E5: what is not the visit's own stays free: how one looks at it, the photos themselves and their tags, the patient's tags,
/// other visits, and what the practice calls things.
#[tokio::test(flavor = "multi_thread")]
async fn e5_what_is_not_the_visits_own_stays_free() {
    let (server, anna) = TestServer::set_up().await;
    let scene = Scene::set(&anna, "p-1", 1).await;
    scene.sign(&anna).await.expect(200);
    let visit = scene.visit();
    let layout = json!({
        "sections": { "workspace": false, "comparisons": true, "notes": true }, "order": "ascending", "size": "small",
    });
    anna.put(format!("{visit}/layout"), &layout).await.expect(204);
    anna.post(
        format!("{visit}/addenda"),
        &json!({ "text": "Pathology: benign" }),
    )
    .await
    .expect(201);
    let given = json!({ "add": [scene.tags[1]], "patients": [scene.patient], "images": [scene.images[0]] });
    anna.post(ASSIGN, &given).await.expect(200);
    let second = anna
        .post(format!("{}/entries", scene.path()), &json!({}))
        .await
        .expect(201);
    let second = format!("{}/entries/{}", scene.path(), id_of(&second));
    anna.post(
        format!("{second}/workspace"),
        &json!({ "add": [scene.images[0]] }),
    )
    .await
    .expect(200);
    // A tag of the visit is merged, and has another name there as everywhere.
    let merge = format!("/api/v1/tags/{}/merge", scene.tags[1]);
    anna.post(&merge, &json!({ "from": [scene.tags[0]] }))
        .await
        .expect(200);
    let shown = anna.get(format!("{visit}/tags")).await.expect(200);
    assert_eq!(shown["tags"][0]["name"], "two p-1", "{shown}");
    server.finish().await;
}

/// E5, I6: a photo that was taken for a visit and arrives after somebody has signed it is not lost: it is with the patient, not
/// in the visit, and the answer says so, also when it is sent again.
#[tokio::test(flavor = "multi_thread")]
async fn e5_an_image_that_comes_too_late_is_kept_without_the_visit() {
    let (server, anna) = TestServer::set_up().await;
    let scene = Scene::set(&anna, "p-1", 1).await;
    // In parts, declared before the visit is signed.
    let slow = Parts::new(&scene.patient, &fresh_key(), 0, File::new("slow.jpg", made(50)));
    let mut declaration = slow.declaration();
    declaration["details"] = json!({ "entryId": scene.entry });
    let declare = Call::new("PUT", slow.path.clone()).json(&declaration);
    assert_eq!(anna.send(declare.clone()).await.expect(200)["offset"], 0);
    anna.send(slow.part(0..100)).await.expect(200);
    scene.sign(&anna).await.expect(200);
    let frozen = scene.workspace(&anna).await;
    let too_late = |result: &Value| {
        assert_eq!(result["notInVisit"]["code"], "visit_signed", "{result}");
        let message = result["notInVisit"]["message"].as_str().expect("a text");
        assert!(
            message.contains("signed") && message.contains("All photos"),
            "{message}"
        );
        assert_eq!(result["reason"], Value::Null, "{result}");
        id_of(&result["image"])
    };
    let done = anna.send(slow.part(100..slow.length())).await.expect(200);
    assert_eq!(done["result"]["outcome"], "stored");
    let first = too_late(&done["result"]);
    let again = anna.send(declare).await.expect(200);
    assert_eq!(
        too_late(&again["result"]),
        first,
        "the answer is the same if it was lost"
    );
    // In one piece, sent after it.
    let (key, file) = (fresh_key(), File::new("shot.jpg", padded(51, 20_000)));
    for _ in 0..2 {
        let stored = results(&anna.send(shot(&scene.patient, &key, &scene.entry, &file)).await);
        assert_eq!(stored[0]["outcome"], "stored");
        too_late(&stored[0]);
    }
    // A photo that the patient has: of the visit, and not of it.
    let known = results(
        &anna
            .send(shot(&scene.patient, &fresh_key(), &scene.entry, &file))
            .await,
    );
    assert_eq!(
        (&known[0]["outcome"], &known[0]["notInVisit"]["code"]),
        (&json!("duplicate"), &json!("visit_signed"))
    );
    let of_visit = File::new("again.jpg", made(1));
    let known = results(
        &anna
            .send(shot(&scene.patient, &fresh_key(), &scene.entry, &of_visit))
            .await,
    );
    assert_eq!(
        (&known[0]["outcome"], &known[0]["notInVisit"]),
        (&json!("duplicate"), &Value::Null)
    );
    assert_eq!(
        scene.workspace(&anna).await,
        frozen,
        "the visit is as it was signed"
    );
    assert_eq!(
        anna.patient(&scene.patient).await["imageCount"],
        5,
        "and nothing is lost"
    );
    let events = anna.activity(&scene.patient).await;
    let of = |action: &str, outcome: &str| {
        let found = events
            .iter()
            .filter(|event| event["action"] == action && event["outcome"] == outcome);
        found.count()
    };
    assert_eq!(
        (of("image.stored", "ok"), of("entry.changed", "refused")),
        (5, 2),
        "{events:?}"
    );
    server.finish().await;
}

/// E5: of a signature and many changes at once, those behind the signature are refused; what was signed is what is there.
#[tokio::test(flavor = "multi_thread")]
async fn e5_signing_and_changing_at_once_do_not_both_win() {
    let (server, anna) = TestServer::set_up().await;
    let scene = Scene::set(&anna, "p-1", 1).await;
    let change = format!("{}/workspace", scene.visit());
    let comparisons = format!("{}/comparisons", scene.visit());
    let two = json!({ "mode": "blink", "images": [scene.images[0], scene.images[1]] });
    let changing = async |round: usize| {
        let answer = match round % 4 {
            0 => anna.post(&change, &json!({ "add": [scene.images[2]] })).await,
            1 => anna.post(&change, &json!({ "remove": [scene.images[2]] })).await,
            2 => anna.post(&comparisons, &two).await,
            _ => scene.assign(&anna, json!({ "add": [scene.tags[1]] })).await,
        };
        if answer.status == 409 {
            answer.problem(409, "visit_signed");
        } else {
            assert!(answer.status < 300, "{}", answer.status);
        }
    };
    let signing = async {
        scene.sign(&anna).await.expect(200);
        server.content()
    };
    let rounds = futures_util::future::join_all((0..16).map(changing));
    let (_, _) = tokio::join!(rounds, signing);
    // The newest first: nothing of the visit was changed after it was signed.
    let events = anna.activity(&scene.patient).await;
    let changes = ["workspace.changed", "comparison.created", "tags.assigned"];
    let newest = events.iter().find(|event| {
        event["action"] == "entry.signed"
            || (event["outcome"] == "ok" && changes.iter().any(|action| event["action"] == *action))
    });
    assert_eq!(newest.expect("events")["action"], "entry.signed", "{events:?}");
    server.finish().await;
}

/// E5, S1: the other open pages of the account learn at once that a visit was signed.
#[tokio::test(flavor = "multi_thread")]
async fn e5_open_pages_learn_that_a_visit_was_signed() {
    let (server, anna) = TestServer::set_up().await;
    let scene = Scene::set(&anna, "p-1", 1).await;
    let mut tablet = LivePage::open(server.place(), &anna).await;
    tablet.watch(&scene.patient).await;
    let opened = tablet.open_entry(&scene.patient, &scene.entry).await;
    assert_eq!(opened["signedAt"], Value::Null);
    assert_eq!(anna.get(&scene.group).await.expect(200)["signed"], false);
    scene.sign(&anna).await.expect(200);
    assert_eq!(anna.get(&scene.group).await.expect(200)["signed"], true);
    let told = tablet.hear("changed").await;
    assert_eq!(
        (&told["what"], &told["entry"], &told["patient"]),
        (&json!("signed"), &json!(scene.entry), &json!(scene.patient))
    );
    let opened = tablet.open_entry(&scene.patient, &scene.entry).await;
    assert_ne!(opened["signedAt"], Value::Null);
    server.finish().await;
}
