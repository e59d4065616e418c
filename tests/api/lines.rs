//! Fields of one line (P2, T1, E1, C1, A1): line breaks, control characters and characters that nobody sees are refused
//! and named, and nothing changes.

use cutis_tests::TestServer;
use cutis_tests::actors::{consent, id_of};
use cutis_tests::client::Call;
use cutis_tests::images::made;
use serde_json::{Value, json};

/// What no line holds, in the middle of a name.
const BAD: [&str; 14] = [
    "An\tna",
    "An\nna",
    "An\r\nna",
    "An\u{0}na",
    "An\u{85}na",
    "An\u{AD}na",
    "An\u{115F}na",
    "An\u{200B}na",
    "An\u{200D}na",
    "An\u{200E}na",
    "An\u{2028}na",
    "An\u{2060}na",
    "An\u{3164}na",
    "An\u{E0041}na",
];

/// The patient's fields of one line, as a problem names them, each with a form that has `text` there.
fn patients_fields(text: &str) -> [(&'static str, Value); 15] {
    let guardian = |name: &str, relation: &str, phone: &str| json!({ "guardian": { "name": name, "relation": relation, "phone": phone } });
    [
        ("firstName", json!({ "firstName": text })),
        ("middleName", json!({ "middleName": text })),
        ("lastName", json!({ "lastName": text })),
        ("preferredName", json!({ "preferredName": text })),
        ("gender", json!({ "gender": text })),
        ("pronouns", json!({ "pronouns": text })),
        ("mrn", json!({ "mrn": text })),
        ("healthCardNumber", json!({ "healthCardNumber": text })),
        ("referringClinician", json!({ "referringClinician": text })),
        ("primaryClinician", json!({ "primaryClinician": text })),
        ("phones[0]", json!({ "phones": [text] })),
        ("phones[1]", json!({ "phones": ["1", text] })),
        ("guardian.name", guardian(text, "mother", "1")),
        ("guardian.relation", guardian("Ida", text, "1")),
        ("guardian.phone", guardian("Ida", "mother", text)),
    ]
}

fn with(mut form: Value, more: &Value) -> Value {
    let more = more.as_object().expect("an object").clone();
    form.as_object_mut().expect("an object").extend(more);
    form
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_a_patients_fields_of_one_line() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let path = format!("/api/v1/patients/{patient}");
    let before = server.content();
    for bad in BAD {
        for (field, form) in patients_fields(bad) {
            let new = with(json!({ "uniqueId": "p-2" }), &form);
            let answer = anna.post("/api/v1/patients", &new).await;
            assert_eq!(answer.refuses(field), "characters", "{bad:?}");
            let answer = anna.patch(&path, &with(json!({ "version": 1 }), &form)).await;
            assert_eq!(answer.refuses(field), "characters", "{bad:?}");
        }
    }
    assert_eq!(server.content(), before, "nothing changed");
    // What stands around a name is cut, what a script needs stays, a blank telephone number is left out, and what may
    // have several lines keeps them.
    let good = json!({
        "version": 1, "firstName": " Anna\r\n", "lastName": "علی\u{200C}رضا", "preferredName": "葛\u{E0100}城",
        "phones": ["", "1", " \n"], "address": "Seestrasse 1\n8002 Zürich", "allergies": "Nickel\nLatex", "note": "a\n\tb",
    });
    let shown = anna.patch(&path, &good).await.expect(200);
    for (field, kept) in [
        ("firstName", json!("Anna")),
        ("lastName", good["lastName"].clone()),
        ("preferredName", good["preferredName"].clone()),
        ("phones", json!(["1"])),
        ("address", good["address"].clone()),
        ("allergies", good["allergies"].clone()),
        ("note", good["note"].clone()),
    ] {
        assert_eq!(shown[field], kept, "{field}");
    }
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_fields_of_one_line() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let path = format!("/api/v1/patients/{patient}");
    let visit = anna.post(format!("{path}/entries"), &json!({})).await.expect(201);
    let comparisons = format!("{path}/entries/{}/comparisons", id_of(&visit));
    let images = [
        anna.store(&patient, made(1)).await,
        anna.store(&patient, made(2)).await,
    ];
    let group = json!({ "mode": "grid", "images": images });
    let compared = anna.post(&comparisons, &group).await.expect(201);
    let fields = "/api/v1/patient-fields";
    let choice = json!({ "label": "Side", "kind": "choice", "choices": ["Left", "Right"] });
    let side = anna.post(fields, &choice).await.expect(201);
    let categories = "/api/v1/tag-categories";
    let category = json!({ "name": "Mine", "colour": "red" });
    let category = anna.post(categories, &category).await.expect(201);
    let tag = json!({ "name": "Mine", "categoryId": category["id"] });
    let tag = anna.post("/api/v1/tags", &tag).await.expect(201);
    let before = server.content();
    for bad in BAD {
        let entry = json!({ "title": bad });
        let signed = |field: &str| with(consent(), &json!({ field: bad }));
        for (field, method, path, form) in [
            ("title", "POST", format!("{path}/entries"), entry.clone()),
            ("title", "POST", comparisons.clone(), with(group.clone(), &entry)),
            (
                "title",
                "PATCH",
                format!("{path}/comparisons/{}", id_of(&compared)),
                with(json!({ "version": 1 }), &entry),
            ),
            (
                "label",
                "PATCH",
                format!("{path}/comparisons/{}/images/{}", id_of(&compared), images[0]),
                json!({ "version": 1, "turns": 0, "label": bad }),
            ),
            (
                "label",
                "POST",
                fields.into(),
                json!({ "label": bad, "kind": "text" }),
            ),
            (
                "choices",
                "POST",
                fields.into(),
                with(choice.clone(), &json!({ "label": "B", "choices": ["a", bad] })),
            ),
            (
                "label",
                "PATCH",
                format!("{fields}/{}", id_of(&side)),
                json!({ "label": bad }),
            ),
            (
                "choices",
                "PATCH",
                format!("{fields}/{}", id_of(&side)),
                json!({ "choices": ["a", bad] }),
            ),
            (
                "name",
                "POST",
                categories.into(),
                json!({ "name": bad, "colour": "red" }),
            ),
            (
                "name",
                "PATCH",
                format!("{categories}/{}", id_of(&category)),
                json!({ "name": bad }),
            ),
            (
                "name",
                "POST",
                "/api/v1/tags".into(),
                json!({ "name": bad, "categoryId": category["id"] }),
            ),
            (
                "name",
                "PATCH",
                format!("/api/v1/tags/{}", id_of(&tag)),
                json!({ "name": bad }),
            ),
            (
                "signerName",
                "POST",
                format!("{path}/consents"),
                signed("signerName"),
            ),
            ("witness", "POST", format!("{path}/consents"), signed("witness")),
            (
                "values.practice.name",
                "PATCH",
                "/api/v1/settings".into(),
                json!({ "values": { "practice.name": bad } }),
            ),
        ] {
            let answer = anna.send(Call::new(method, &path).json(&form)).await;
            assert_eq!(answer.refuses(field), "characters", "{method} {path} {bad:?}");
        }
    }
    assert_eq!(server.content(), before, "nothing changed");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a1_the_names_of_a_set_up_are_lines() {
    let server = TestServer::start().await;
    let before = server.content();
    for bad in BAD {
        for field in ["firstName", "lastName", "practiceName"] {
            let form = with(server.setup_request(), &json!({ field: bad }));
            let answer = server.anonymous().post("/api/v1/setup", &form).await;
            assert_eq!(answer.refuses(field), "characters", "{bad:?}");
        }
    }
    assert_eq!(server.content(), before, "nothing was made");
    server.finish().await;
}
