//! The database of patients: sorts, filters, totals, pages (P4).

use cutis_tests::actors::consent;
use cutis_tests::images::made;
use cutis_tests::{SignedIn, TestServer};
use serde_json::{Value, json};

/// An id that no tag has.
const TAG: &str = "018f3c5e-7b1a-7c3d-9a4b-000000000000";
const SEARCH: &str = "/api/v1/patients/search";

fn ids(page: &Value) -> Vec<String> {
    let patients = page["patients"].as_array().expect("patients");
    let id = |patient: &Value| patient["uniqueId"].as_str().expect("an id").to_owned();
    patients.iter().map(id).collect()
}

async fn listed(who: &SignedIn, asked: Value) -> Vec<String> {
    let page = who.post(SEARCH, &asked).await.expect(200);
    let found = ids(&page);
    assert_eq!(page["total"], found.len(), "{asked}: {page}");
    assert_eq!(page["totalIsExact"], true);
    found
}

/// Five patients, a day apart, the first on the 22nd of November at 9:30 UTC.
async fn practice() -> (TestServer, SignedIn) {
    let (server, mut anna) = TestServer::set_up().await;
    for patient in [
        json!({ "uniqueId": "e-1", "lastName": "Müller", "firstName": "Zoe", "birthDate": "2008-11-23", "sexAtBirth": "female" }),
        json!({ "uniqueId": "d-2", "lastName": "muller", "firstName": "Anna", "birthDate": "2008-11-24", "fitzpatrick": "II" }),
        json!({ "uniqueId": "c-3", "lastName": "Abt", "birthDate": "1950-01-01", "sexAtBirth": "male", "fitzpatrick": "IV" }),
        json!({ "uniqueId": "b-4" }),
        json!({ "uniqueId": "a-5", "firstName": "Ömer", "sexAtBirth": "unknown" }),
    ] {
        anna.create_patient_with(&patient).await;
        server.clock.advance(86_400);
        anna = server.sign_in("anna").await;
    }
    (server, anna)
}

async fn id_of(who: &SignedIn, unique: &str) -> String {
    let page = who.search(unique).await.expect(200);
    page["patients"][0]["id"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn p4_four_sorts_both_ways() {
    let (server, anna) = practice().await;
    let (visited, coming) = (id_of(&anna, "b-4").await, id_of(&anna, "d-2").await);
    for (patient, at) in [
        (&visited, "2026-11-20T10:00:00Z"),
        (&visited, "2026-12-20T10:00:00Z"),
        (&coming, "2026-11-21T10:00:00Z"),
        (&coming, "2026-11-28T10:00:00Z"),
    ] {
        let entry = json!({ "appointmentAt": at });
        anna.post(format!("/api/v1/patients/{patient}/entries"), &entry)
            .await
            .expect(201);
        server.clock.advance(1);
    }
    for (sort, order, expected) in [
        (json!(null), json!(null), "d-2 b-4 a-5 c-3 e-1"),
        (json!("lastModified"), json!("ascending"), "e-1 c-3 a-5 b-4 d-2"),
        (json!("uniqueId"), json!(null), "a-5 b-4 c-3 d-2 e-1"),
        (json!("uniqueId"), json!("descending"), "e-1 d-2 c-3 b-4 a-5"),
        // Whoever has no name comes last, whatever the order.
        (json!("name"), json!(null), "a-5 c-3 d-2 e-1 b-4"),
        (json!("name"), json!("descending"), "e-1 d-2 c-3 a-5 b-4"),
    ] {
        let found = listed(&anna, json!({ "sort": sort, "order": order })).await;
        assert_eq!(found.join(" "), expected, "{sort} {order}");
    }
    let by_visit = |order| json!({ "sort": "lastAppointment", "order": order });
    let down = listed(&anna, by_visit("descending")).await;
    assert_eq!(down[..2], ["d-2", "b-4"], "{down:?}");
    let up = listed(&anna, by_visit("ascending")).await;
    assert_eq!(up[..2], ["b-4", "d-2"], "{up:?}");
    // An appointment passes, and nothing else happens.
    server.clock.advance(30 * 86_400);
    let anna = server.sign_in("anna").await;
    let down = listed(&anna, by_visit("descending")).await;
    assert_eq!(down[..2], ["b-4", "d-2"], "{down:?}");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p4_every_filter() {
    let (server, anna) = practice().await;
    let (first, second) = (id_of(&anna, "e-1").await, id_of(&anna, "d-2").await);
    anna.post(format!("/api/v1/patients/{first}/consents"), &consent())
        .await
        .expect(201);
    let visit = json!({ "appointmentAt": "2026-11-25T22:59:59Z" });
    anna.post(format!("/api/v1/patients/{second}/entries"), &visit)
        .await
        .expect(201);
    anna.store(&first, made(1)).await;
    for (filter, expected) in [
        (json!({}), "a-5 b-4 c-3 d-2 e-1"),
        (
            json!({ "created": { "from": "2026-11-23", "to": "2026-11-24" } }),
            "c-3 d-2",
        ),
        (json!({ "created": { "to": "2026-11-22" } }), "e-1"),
        (json!({ "lastModified": { "from": "2026-11-26" } }), "a-5 d-2 e-1"),
        (
            json!({ "lastAppointment": { "from": "2026-11-25", "to": "2026-11-25" } }),
            "d-2",
        ),
        (json!({ "lastAppointment": { "from": "2026-11-26" } }), ""),
        (json!({ "imageDate": { "from": "1990-01-01" } }), "e-1"),
        (json!({ "imageCount": { "min": 1 } }), "e-1"),
        (json!({ "imageCount": { "max": 0 } }), "a-5 b-4 c-3 d-2"),
        (json!({ "entryCount": { "min": 1, "max": 1 } }), "d-2"),
        (json!({ "consent": ["given"] }), "e-1"),
        (json!({ "consent": ["none", "expired"] }), "a-5 b-4 c-3 d-2"),
        (json!({ "sex": ["female", "unknown"] }), "a-5 e-1"),
        (json!({ "fitzpatrick": ["II", "VI"] }), "d-2"),
        (json!({ "age": { "min": 18 } }), "c-3 d-2 e-1"),
        (json!({ "age": { "max": 75 } }), "d-2 e-1"),
        (json!({ "age": { "min": 18 }, "fitzpatrick": ["IV"] }), "c-3"),
        (
            json!({ "tags": { "allOf": ["01a20297-5d60-7000-8000-000000000000"] } }),
            "",
        ),
        (
            json!({ "tags": { "noneOf": ["01a20297-5d60-7000-8000-000000000000"] } }),
            "a-5 b-4 c-3 d-2 e-1",
        ),
    ] {
        let asked = json!({ "sort": "uniqueId", "filter": filter });
        assert_eq!(listed(&anna, asked).await.join(" "), expected, "{filter}");
        let counted = anna
            .post("/api/v1/patients/count", &json!({ "filter": filter }))
            .await
            .expect(200);
        assert_eq!(counted["total"], expected.split_whitespace().count(), "{filter}");
    }
    // Of what a text finds, too.
    let among = json!({ "query": "muller", "filter": { "imageCount": { "min": 1 } } });
    assert_eq!(listed(&anna, among).await, ["e-1"]);
    // A text of blanks is none, so there is a sort.
    let blank = json!({ "query": " ", "sort": "uniqueId", "filter": { "imageCount": { "min": 1 } } });
    assert_eq!(listed(&anna, blank).await, ["e-1"]);
    // Days are the practice's.
    let zone = json!({ "values": { "practice.time_zone": "Pacific/Auckland" } });
    anna.patch("/api/v1/settings", &zone).await.expect(200);
    let day = json!({ "filter": { "lastAppointment": { "from": "2026-11-26", "to": "2026-11-26" } } });
    assert_eq!(listed(&anna, day).await, ["d-2"]);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p4_what_cannot_be_is_named() {
    let (server, anna) = practice().await;
    let before = server.content();
    for (asked, field) in [
        (json!({ "sort": "age" }), "sort"),
        (json!({ "order": "up" }), "order"),
        // What a text finds has an order of its own.
        (json!({ "query": "weber", "sort": "name" }), "sort"),
        (json!({ "query": "weber", "order": "ascending" }), "order"),
        (json!({ "limit": 101 }), "limit"),
        (json!({ "cursor": "nonsense" }), "cursor"),
        (json!({ "colour": 1 }), "colour"),
        (json!({ "filter": { "colour": 1 } }), "filter.colour"),
        (
            json!({ "filter": { "created": { "from": "2026-11-24", "to": "2026-11-23" } } }),
            "filter.created",
        ),
        (
            json!({ "filter": { "created": { "from": "yesterday" } } }),
            "filter.created.from",
        ),
        (
            json!({ "filter": { "imageDate": { "to": "2026-02-30" } } }),
            "filter.imageDate.to",
        ),
        (
            json!({ "filter": { "age": { "min": 9, "max": 8 } } }),
            "filter.age",
        ),
        (json!({ "filter": { "age": { "min": 201 } } }), "filter.age"),
        (
            json!({ "filter": { "entryCount": { "max": 1_000_001 } } }),
            "filter.entryCount",
        ),
        (
            json!({ "filter": { "imageCount": { "min": 5, "max": 4 } } }),
            "filter.imageCount",
        ),
        (json!({ "filter": { "sex": ["male", "both"] } }), "filter.sex[1]"),
        (
            json!({ "filter": { "fitzpatrick": ["VII"] } }),
            "filter.fitzpatrick[0]",
        ),
        (json!({ "filter": { "consent": ["maybe"] } }), "filter.consent[0]"),
        (
            json!({ "filter": { "tags": { "anyOf": ["x"] } } }),
            "filter.tags.anyOf[0]",
        ),
        (
            json!({ "filter": { "tags": { "allOf": [TAG, TAG, "x"] } } }),
            "filter.tags.allOf[2]",
        ),
        (
            json!({ "filter": { "tags": { "noneOf": vec![TAG; 51] } } }),
            "filter.tags.noneOf",
        ),
    ] {
        anna.post(SEARCH, &asked).await.refuses(field);
    }
    assert_eq!(server.content(), before);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p4_pages_and_their_cursors() {
    let (server, anna) = TestServer::set_up().await;
    for number in 0..12 {
        let patient =
            json!({ "uniqueId": format!("p-{number:02}"), "lastName": "Weber", "sexAtBirth": "male" });
        anna.create_patient_with(&patient).await;
    }
    for asked in [
        json!({ "sort": "name" }),
        json!({ "sort": "lastAppointment", "order": "ascending" }),
        json!({ "filter": { "sex": ["male"] } }),
        json!({ "query": "weber" }),
    ] {
        let mut whole = asked.clone();
        whole["limit"] = json!(100);
        let whole = listed(&anna, whole).await;
        let (mut seen, mut page) = (Vec::new(), asked.clone());
        page["limit"] = json!(5);
        loop {
            let found = anna.post(SEARCH, &page).await.expect(200);
            assert_eq!(found["total"], 12, "{asked}");
            seen.extend(ids(&found));
            match &found["nextCursor"] {
                Value::Null => break,
                next => page["cursor"] = next.clone(),
            }
        }
        assert_eq!(seen, whole, "{asked}");
    }
    let first = json!({ "sort": "name", "limit": 3, "filter": { "sex": ["male"] } });
    let cursor = anna.post(SEARCH, &first).await.expect(200)["nextCursor"].clone();
    let ben = server.add_account("ben", false, true).await;
    for (who, change, code) in [
        (&anna, json!({ "sort": "uniqueId" }), "cursor_sort"),
        (&anna, json!({ "order": "descending" }), "cursor_sort"),
        (&anna, json!({ "filter": {} }), "cursor_filter"),
        (&anna, json!({ "query": "weber", "sort": null }), "cursor_sort"),
        (&ben, json!({}), "cursor_owner"),
    ] {
        let mut asked = first.clone();
        asked["cursor"] = cursor.clone();
        for (member, value) in change.as_object().expect("members") {
            asked[member] = value.clone();
        }
        assert_eq!(who.post(SEARCH, &asked).await.refuses("cursor"), code, "{change}");
    }
    server.finish().await;
}

/// P4: a text that asks for nothing is an empty one: only invisible characters, or a dash on the way to something.
#[tokio::test(flavor = "multi_thread")]
async fn p4_a_text_that_asks_for_nothing_lists_all() {
    let (server, anna) = TestServer::set_up().await;
    for id in ["a-1", "b2"] {
        anna.create_patient(id).await;
    }
    let all = listed(&anna, json!({})).await;
    assert_eq!(all.len(), 2);
    for typed in ["\u{200b}\u{feff}", "\u{ad}", "-", " - ", "'"] {
        assert_eq!(listed(&anna, json!({ "query": typed })).await, all, "{typed:?}");
        let sorted = json!({ "query": typed, "sort": "uniqueId" });
        assert_eq!(listed(&anna, sorted).await, ["a-1", "b2"], "{typed:?}");
    }
    assert_eq!(listed(&anna, json!({ "query": "-1\u{200b}" })).await, ["a-1"]);
    server.finish().await;
}
