//! The coverage suite: every operation of the API's description, and nothing beside it.

use std::collections::{BTreeMap, BTreeSet};

use cutis_tests::actors::{SignedIn, consent, id_of};
use cutis_tests::client::{BOUNDARY, Call, File, form, fresh_key};
use cutis_tests::described::{self, Operation};
use cutis_tests::images::made;
use cutis_tests::parts::Parts;
use cutis_tests::server::PASSWORD;
use cutis_tests::{Answer, TestServer};
use serde_json::json;

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Anybody: the whole list of what needs no session.
    Public,
    /// Whoever is signed in.
    SignedIn,
    /// Clinicians, about patients of their own.
    Clinician,
    /// Administrators.
    Administrator,
}

/// Every operation and its rule. One that is missing here fails the suite.
const RULES: &[(&str, Rule)] = &[
    ("account_activity", Rule::SignedIn),
    ("add_addendum", Rule::Clinician),
    ("ask_archive", Rule::Clinician),
    ("assign_tags", Rule::Clinician),
    ("begin_upload", Rule::Clinician),
    ("change_comparison", Rule::Clinician),
    ("arrange_images", Rule::Clinician),
    ("change_entry", Rule::Clinician),
    ("change_image", Rule::Clinician),
    ("change_images", Rule::Clinician),
    ("change_patient", Rule::Clinician),
    ("change_patient_field", Rule::Administrator),
    ("change_settings", Rule::Administrator),
    ("change_tag", Rule::Clinician),
    ("change_tag_category", Rule::Clinician),
    ("change_workspace", Rule::Clinician),
    ("check_setup_code", Rule::Public),
    ("confirm_session", Rule::SignedIn),
    ("consent_form", Rule::Clinician),
    ("consent_signature", Rule::Clinician),
    ("continue_upload", Rule::Clinician),
    ("create_comparison", Rule::Clinician),
    ("create_entry", Rule::Clinician),
    ("create_patient", Rule::Clinician),
    ("create_patient_field", Rule::Administrator),
    ("create_tag", Rule::Clinician),
    ("create_tag_category", Rule::Clinician),
    ("delete_comparison", Rule::Clinician),
    ("delete_tag", Rule::Clinician),
    ("delete_tag_category", Rule::Clinician),
    ("discard_upload", Rule::Clinician),
    ("end_all_sessions", Rule::SignedIn),
    ("end_session", Rule::SignedIn),
    ("entry_revision", Rule::Clinician),
    ("entry_revisions", Rule::Clinician),
    ("entry_tags", Rule::Clinician),
    ("lay_out_entry", Rule::Clinician),
    ("restore_entry_revision", Rule::Clinician),
    ("show_entry", Rule::Clinician),
    ("sign_entry", Rule::Clinician),
    ("fetch_archive", Rule::Clinician),
    ("full", Rule::Clinician),
    ("hand_over_session", Rule::Clinician),
    ("health", Rule::Public),
    ("image_tags", Rule::Clinician),
    ("list_consents", Rule::Clinician),
    ("list_entries", Rule::Clinician),
    ("list_images", Rule::Clinician),
    ("list_notices", Rule::Administrator),
    ("list_patient_fields", Rule::SignedIn),
    ("list_patients", Rule::Clinician),
    ("list_sessions", Rule::SignedIn),
    ("list_settings", Rule::Administrator),
    ("list_tags", Rule::Clinician),
    ("mark_compared_image", Rule::Clinician),
    ("medium", Rule::Clinician),
    ("merge_tags", Rule::Clinician),
    ("original", Rule::Clinician),
    ("password_check", Rule::Public),
    ("patient_activity", Rule::Clinician),
    ("patient_tags", Rule::Clinician),
    ("ready", Rule::Public),
    ("record_consent", Rule::Clinician),
    ("revoke_consent", Rule::Clinician),
    ("screen", Rule::Clinician),
    ("search_patients", Rule::Clinician),
    ("count_patients", Rule::Clinician),
    ("set_up", Rule::Public),
    ("setup_state", Rule::Public),
    ("show_archive", Rule::Clinician),
    ("show_comparison", Rule::Clinician),
    ("show_image", Rule::Clinician),
    ("show_patient", Rule::Clinician),
    ("show_session", Rule::SignedIn),
    ("show_upload", Rule::Clinician),
    ("show_workspace", Rule::Clinician),
    ("sign_in", Rule::Public),
    ("sign_out", Rule::SignedIn),
    ("tags_of_selection", Rule::Clinician),
    ("thumbnail", Rule::Clinician),
    ("trail_status", Rule::Administrator),
    ("upload_images", Rule::Clinician),
];

fn rule(operation: &Operation) -> Rule {
    let found = RULES
        .iter()
        .find(|(id, _)| *id == operation.id)
        .map(|(_, rule)| *rule);
    found.unwrap_or_else(|| {
        panic!(
            "{} {} ({}) has no rule in this table",
            operation.method, operation.path, operation.id
        )
    })
}

/// What a path's names stand for.
struct Ids {
    of: BTreeMap<String, String>,
    /// A tag that may become part of the other.
    merged: String,
    /// Another image of the same patient.
    second: String,
}

const ABSENT: &str = "018f3c5e-7b1a-7c3d-9a4b-ffffffffffff";

/// The names in braces of every path.
fn names() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for operation in described::operations() {
        for part in operation.path.split('{').skip(1) {
            let (name, _) = part.split_once('}').expect("a name ends");
            names.insert(name.to_owned());
        }
    }
    names
}

impl Ids {
    /// Ids of nothing, for every name there is.
    fn absent() -> Self {
        Self {
            of: names()
                .into_iter()
                .map(|name| (name, ABSENT.to_owned()))
                .collect(),
            merged: ABSENT.replace("ffff", "dddd"),
            second: ABSENT.replace("ffff", "eeee"),
        }
    }

    /// Of each name one that this owner has.
    async fn of(owner: &SignedIn) -> Self {
        let patient = owner.create_patient("p-owned").await;
        let session = owner.get("/api/v1/sessions").await.expect(200);
        let field = json!({ "label": "Owned", "kind": "text" });
        let field = owner.post("/api/v1/patient-fields", &field).await.expect(201);
        let entry = owner
            .post(format!("/api/v1/patients/{patient}/entries"), &json!({}))
            .await
            .expect(201);
        let entry = id_of(&entry);
        let images = [
            owner.store(&patient, made(1)).await,
            owner.store(&patient, made(2)).await,
        ];
        let comparison = json!({ "mode": "grid", "images": images });
        let comparison = owner
            .post(
                format!("/api/v1/patients/{patient}/entries/{entry}/comparisons"),
                &comparison,
            )
            .await
            .expect(201);
        let category = json!({ "name": "Owned", "colour": "teal" });
        let category = id_of(&owner.post("/api/v1/tag-categories", &category).await.expect(201));
        let mut tags = Vec::new();
        for name in ["One", "Two"] {
            let tag = json!({ "categoryId": category, "name": name });
            tags.push(id_of(&owner.post("/api/v1/tags", &tag).await.expect(201)));
        }
        let [image, second] = images;
        let upload = Parts::new(&patient, &fresh_key(), 0, File::new("b.jpg", made(8)));
        owner.send(upload.declare()).await.expect(200);
        owner.confirm_password().await;
        let archive = json!({ "images": [image], "form": "originals", "purpose": "clinical_record" });
        let archive = owner
            .post(format!("/api/v1/patients/{patient}/archives"), &archive)
            .await
            .expect(201);
        let ids = BTreeMap::from([
            ("archiveId".to_owned(), id_of(&archive)),
            ("categoryId".to_owned(), category),
            ("comparisonId".to_owned(), id_of(&comparison)),
            ("entryId".to_owned(), entry),
            ("tagId".to_owned(), tags.remove(0)),
            ("index".to_owned(), "0".to_owned()),
            (
                "uploadKey".to_owned(),
                upload.path.rsplit('/').nth(1).expect("a key").to_owned(),
            ),
            ("consentId".to_owned(), owner.give_consent(&patient).await),
            ("fieldId".to_owned(), id_of(&field)),
            ("imageId".to_owned(), image),
            ("sessionId".to_owned(), id_of(&session["sessions"][0])),
            ("version".to_owned(), "0".to_owned()),
            ("patientId".to_owned(), patient),
        ]);
        assert_eq!(
            ids.keys().cloned().collect::<BTreeSet<_>>(),
            names(),
            "this suite makes one of every name in a path"
        );
        Self {
            of: ids,
            merged: tags.remove(0),
            second,
        }
    }

    fn path(&self, template: &str) -> String {
        let mut path = template.to_owned();
        for (name, id) in &self.of {
            path = path.replace(&format!("{{{name}}}"), id);
        }
        assert!(
            !path.contains('{'),
            "{path}: a name that this suite does not know"
        );
        path
    }
}

/// A request of this operation that would succeed if its caller were allowed.
fn call(operation: &Operation, ids: &Ids) -> Call {
    let query = match operation.id.as_str() {
        "original" => "?purpose=clinical_record",
        _ => "",
    };
    let call = Call::new(&operation.method, ids.path(&operation.path) + query);
    match operation.id.as_str() {
        "ask_archive" => call.json(&json!({
            "images": [ids.of["imageId"]], "form": "display", "purpose": "clinical_record"
        })),
        "arrange_images" => {
            call.json(&json!({ "moves": [{ "images": [ids.of["imageId"]], "after": null }] }))
        }
        "change_image" => call.json(&json!({ "version": 1, "set": { "caption": "Before" } })),
        "change_images" => call.json(&json!({
            "changes": [{ "images": [{ "id": ids.of["imageId"] }], "set": { "rating": 4 } }]
        })),
        "change_patient" => call.json(&json!({ "version": 1, "note": "changed" })),
        "change_patient_field" => call.json(&json!({ "label": "Other" })),
        "change_settings" => call.json(&json!({ "values": { "practice.name": "Other" } })),
        "check_setup_code" => call.json(&json!({ "code": "AAAA-BBBB-CCCC" })),
        "hand_over_session" => call.json(&json!({ "patientId": ids.of["patientId"] })),
        "assign_tags" => call.json(&json!({ "add": [ids.of["tagId"]], "patients": [ids.of["patientId"]] })),
        "tags_of_selection" => call.json(&json!({ "images": [ids.of["imageId"]] })),
        "change_comparison" => call.json(&json!({ "version": 1, "mode": "blink" })),
        "mark_compared_image" => call.json(&json!({ "version": 1, "turns": 0, "label": "Before" })),
        "create_comparison" => {
            call.json(&json!({ "mode": "split", "images": [ids.of["imageId"], ids.second] }))
        }
        "change_workspace" => call.json(&json!({ "add": [ids.of["imageId"]] })),
        "create_tag" => call.json(&json!({ "categoryId": ids.of["categoryId"], "name": "Three" })),
        "change_tag" => call.json(&json!({ "name": "Other" })),
        "merge_tags" => call.json(&json!({ "from": [ids.merged] })),
        "create_tag_category" => call.json(&json!({ "name": "Covered", "colour": "pink" })),
        "change_tag_category" => call.json(&json!({ "colour": "grey" })),
        "confirm_session" => call.json(&json!({ "password": PASSWORD })),
        "create_entry" => call.json(&json!({ "title": "Visit" })),
        "change_entry" => call.json(&json!({ "versions": { "title": 0 }, "title": "Other" })),
        "sign_entry" => {
            call.json(&json!({ "versions": { "appointmentAt": 0, "title": 1, "notes": 0 } }))
        }
        "add_addendum" => call.json(&json!({ "text": "Later" })),
        "lay_out_entry" => call.json(&json!({
            "sections": { "workspace": true, "comparisons": false, "notes": true }, "order": "ascending", "size": "small"
        })),
        "restore_entry_revision" => call.json(&json!({ "base": 0 })),
        "create_patient_field" => call.json(&json!({ "label": "Field", "kind": "text" })),
        "search_patients" => call.json(&json!({ "query": "p" })),
        "count_patients" => call.json(&json!({ "filter": { "age": { "min": 18 } } })),
        "create_patient" => call.json(&json!({ "uniqueId": "p-covered" })),
        "password_check" => call.json(&json!({ "password": "x" })),
        "record_consent" => call.json(&consent()),
        "revoke_consent" => call.json(&json!({ "reason": "asked for" })),
        "set_up" | "sign_in" => call.json(&json!({ "username": "nobody", "password": "Wrong-password-1" })),
        "begin_upload" => call.json(&Parts::new("", "", 0, File::new("b.jpg", made(8))).declaration()),
        "continue_upload" => call
            .header("upload-offset", "0")
            .body("application/octet-stream", made(8)),
        "upload_images" => call.header("idempotency-key", fresh_key()).body(
            &format!("multipart/form-data; boundary={BOUNDARY}"),
            form(&[File::new("a.jpg", made(9))]),
        ),
        _ => call,
    }
}

#[test]
fn the_table_has_every_operation_and_no_other() {
    let described: BTreeSet<String> = described::operations()
        .into_iter()
        .map(|operation| operation.id)
        .collect();
    let ruled: BTreeSet<String> = RULES.iter().map(|(id, _)| (*id).to_owned()).collect();
    assert_eq!(described, ruled);
    assert_eq!(ruled.len(), RULES.len(), "an operation stands here twice");
    for operation in described::operations() {
        assert_eq!(
            operation.secured,
            rule(&operation) != Rule::Public,
            "{}: the description's security",
            operation.id
        );
    }
}

#[test]
fn the_committed_description_is_the_programs_own() {
    let own: serde_json::Value =
        serde_json::from_str(&cutis_api::description().to_json().expect("JSON")).expect("JSON");
    assert_eq!(
        &own,
        described::document(),
        "docs/api/openapi.json is stale: write it again with `cutis openapi > docs/api/openapi.json`"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a7_without_a_session_everything_but_the_public_list_is_refused() {
    let (server, anna) = TestServer::set_up().await;
    let ids = Ids::of(&anna).await;
    let before = server.content();
    let anyone = server.anonymous();
    for operation in described::operations() {
        let answer = anyone.send(call(&operation, &ids)).await;
        if rule(&operation) == Rule::Public {
            let failed = answer.status == 401 && answer.json()["code"] == "unauthenticated";
            assert!(!failed, "{} is public: {answer}", operation.id);
        } else {
            answer.problem(401, "unauthenticated");
        }
    }
    let own = anyone.get("/api/v1/openapi.json").await.expect(200);
    assert_eq!(
        &own,
        described::document(),
        "the served description is the committed one"
    );
    anyone.set_cookie(Some("A".repeat(43)));
    for operation in described::operations()
        .iter()
        .filter(|operation| rule(operation) != Rule::Public)
    {
        anyone
            .send(call(operation, &ids))
            .await
            .problem(401, "unauthenticated");
    }
    assert_eq!(server.content(), before, "nothing changed");
    server.finish().await;
}

/// N6: while a device is in a patient's hands its session opens nothing but that patient's consent.
#[tokio::test(flavor = "multi_thread")]
async fn n6_in_a_patients_hands_everything_but_the_consent_is_refused() {
    let (server, anna) = TestServer::set_up().await;
    let ids = Ids::of(&anna).await;
    let open = [
        "confirm_session",
        "hand_over_session",
        "record_consent",
        "show_session",
        "sign_out",
    ];
    let handed = json!({ "patientId": ids.of["patientId"] });
    anna.post("/api/v1/session/hand-over", &handed).await.expect(204);
    let before = server.content();
    let mut tried = 0;
    for operation in described::operations() {
        if rule(&operation) == Rule::Public || open.contains(&operation.id.as_str()) {
            continue;
        }
        for ids in [&ids, &Ids::absent()] {
            let events = server.events();
            let answer = anna.send(call(&operation, ids)).await;
            answer.problem(403, "handed_over");
            assert_eq!(
                server.events(),
                events + 1,
                "{}: each try is recorded (G7)",
                operation.id
            );
        }
        tried += 1;
    }
    assert!(tried >= 25, "{tried}");
    assert_eq!(server.content(), before, "nothing changed");
    for id in open {
        let operation = described::operations()
            .into_iter()
            .find(|one| one.id == id)
            .expect("described");
        anna.post("/api/v1/session/hand-over", &handed).await.expect(204);
        let answer = anna.send(call(&operation, &ids)).await;
        assert!((200..300).contains(&answer.status), "{id}: {answer}");
    }
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a10_g2_with_the_wrong_role_everything_is_refused_the_same_way() {
    let (server, anna) = TestServer::set_up().await;
    let ids = Ids::of(&anna).await;
    let manager = server.add_account("manager", true, false).await;
    let ben = server.add_account("ben", false, true).await;
    let before = server.content();
    for operation in described::operations() {
        let wrong = match rule(&operation) {
            Rule::Clinician => &manager,
            Rule::Administrator => &ben,
            Rule::Public | Rule::SignedIn => continue,
        };
        let events = server.events();
        let answer = wrong.send(call(&operation, &ids)).await;
        answer.problem(403, "forbidden");
        let absent = wrong.send(call(&operation, &Ids::absent())).await;
        assert_eq!(
            answer.body_without_request_id(),
            absent.body_without_request_id(),
            "{}",
            operation.id
        );
        assert_eq!(
            server.events(),
            events + 2,
            "{}: each try is recorded (G7)",
            operation.id
        );
    }
    assert_eq!(server.content(), before, "nothing changed");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a10_somebody_elses_ids_are_not_found_on_every_operation_that_takes_one() {
    let (server, anna) = TestServer::set_up().await;
    let ids = Ids::of(&anna).await;
    let ben = server.add_account("ben", false, true).await;
    ben.confirm_password().await;
    let before = server.content();
    let mut tried = 0;
    for operation in described::operations()
        .iter()
        // The practice's own things have no owner.
        .filter(|operation| operation.path.contains('{') && rule(operation) != Rule::Administrator)
    {
        let theirs = ben.send(call(operation, &ids)).await;
        theirs.problem(404, "not_found");
        let absent = ben.send(call(operation, &Ids::absent())).await;
        assert_eq!(
            theirs.body_without_request_id(),
            absent.body_without_request_id(),
            "{}",
            operation.id
        );
        tried += 1;
    }
    assert!(tried >= 15, "{tried}");
    assert_eq!(server.content(), before, "nothing changed");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_succeeds_for_whom_it_is_meant_as_documented() {
    let (server, anna) = TestServer::set_up().await;
    let ids = Ids::of(&anna).await;
    let removes = ["delete_comparison", "delete_tag", "delete_tag_category"];
    let last = ["hand_over_session", "end_session", "end_all_sessions", "sign_out"];
    // A visit is signed after it was changed in every way.
    let signed = ["sign_entry", "add_addendum"];
    let mut operations = described::operations();
    // The upload is asked for before it is discarded.
    operations.sort_by_key(|operation| operation.id != "show_upload");
    for operation in operations {
        if last.contains(&operation.id.as_str())
            || removes.contains(&operation.id.as_str())
            || signed.contains(&operation.id.as_str())
            || ["set_up", "check_setup_code", "sign_in"].contains(&operation.id.as_str())
        {
            continue;
        }
        // `Client::send` holds status, media type and body against the description.
        let answer: Answer = anna.send(call(&operation, &ids)).await;
        assert!((200..300).contains(&answer.status), "{}: {answer}", operation.id);
        assert!(!answer.header("x-request-id").is_empty(), "{}", operation.id);
    }
    for id in removes {
        let operation = described::operations().into_iter().find(|one| one.id == id);
        let mut with = Ids::absent();
        with.of.clone_from(&ids.of);
        if id == "delete_tag_category" {
            let empty = json!({ "name": "Empty", "colour": "blue" });
            let empty = anna.post("/api/v1/tag-categories", &empty).await.expect(201);
            with.of.insert("categoryId".to_owned(), id_of(&empty));
        }
        anna.send(call(&operation.expect("described"), &with))
            .await
            .expect(204);
    }
    for id in signed {
        let operation = described::operations().into_iter().find(|one| one.id == id);
        let answer = anna.send(call(&operation.expect("described"), &ids)).await;
        assert!((200..300).contains(&answer.status), "{id}: {answer}");
    }
    for id in last {
        let operation = described::operations()
            .into_iter()
            .find(|one| one.id == id)
            .expect("described");
        let someone = server.sign_in("anna").await;
        let sessions = someone.get("/api/v1/sessions").await.expect(200);
        let mut with = Ids::absent();
        with.of
            .insert("sessionId".to_owned(), id_of(&sessions["sessions"][0]));
        with.of
            .insert("patientId".to_owned(), ids.of["patientId"].clone());
        someone.send(call(&operation, &with)).await.expect(204);
    }
    server.finish().await;
}
