//! Patients (P1–P6).

use std::collections::BTreeSet;

use cutis_tests::images::made;
use cutis_tests::{SignedIn, TestServer};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn p1_unique_ids_at_their_edges() {
    let (server, anna) = TestServer::set_up().await;
    let longest = "a".repeat(32);
    for (sent, kept) in [
        ("ab", "ab"),
        ("  P-001\t", "p-001"),
        ("Z_9", "z_9"),
        (longest.as_str(), longest.as_str()),
    ] {
        let made = anna.post("/api/v1/patients", &json!({ "uniqueId": sent })).await;
        let patient = made.expect(201);
        assert_eq!(patient["uniqueId"], kept);
        let place = format!("/api/v1/patients/{}", patient["id"].as_str().expect("an id"));
        assert_eq!(made.header("location"), place);
    }
    let before = server.content();
    let too_long = "a".repeat(33);
    for bad in [
        "",
        " ",
        "a",
        too_long.as_str(),
        "a b",
        "a.b",
        "ä1",
        "a/b",
        "P-001\u{0}",
        "ＡＢ",
    ] {
        anna.post("/api/v1/patients", &json!({ "uniqueId": bad }))
            .await
            .refuses("uniqueId");
    }
    assert_eq!(server.content(), before, "nothing was made");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p1_a_duplicate_is_refused_and_nothing_is_created() {
    let (server, anna) = TestServer::set_up().await;
    anna.create_patient("p-001").await;
    let other = anna.create_patient("p-002").await;
    let before = server.content();
    let answer = anna
        .post(
            "/api/v1/patients",
            &json!({ "uniqueId": " P-001", "firstName": "Other" }),
        )
        .await;
    let problem = answer.problem(409, "unique_id_taken");
    assert_eq!(problem["errors"][0]["field"], "uniqueId");
    let renamed = json!({ "version": 1, "uniqueId": "P-001" });
    anna.patch(format!("/api/v1/patients/{other}"), &renamed)
        .await
        .problem(409, "unique_id_taken");
    assert_eq!(server.content(), before);
    // P1: unique within the account; another account may use the same one.
    let ben = server.add_account("ben", false, true).await;
    ben.create_patient("p-001").await;
    server.finish().await;
}

fn every_field() -> Value {
    json!({
        "uniqueId": "p-full", "firstName": "Zoë", "middleName": "Maria", "lastName": "Müller-Weiß",
        "preferredName": "Zo", "birthDate": "1984-02-29", "sexAtBirth": "female", "gender": "woman",
        "pronouns": "she/her", "mrn": "MRN-77/4", "healthCardNumber": "80756012345678901234",
        "email": "zoe@home.example", "phones": ["+41 44 123 45 67", "+41 79 765 43 21"],
        "address": "Seestrasse 1\n8002 Zürich", "country": "CH", "preferredLanguage": "de-CH", "fitzpatrick": "III",
        "referringClinician": "Dr. Frei", "primaryClinician": "Dr. Weber", "allergies": "Penicillin; nickel",
        "note": "Prefers mornings. 皮膚 🙂", "guardian":
        {"name": "Max Müller", "relation": "father", "phone": "+41 44 000 00 00", "mayConsent": true},
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_every_field_survives_and_the_card_number_is_masked() {
    let (server, anna) = TestServer::set_up().await;
    let sent = every_field();
    let id = anna.create_patient_with(&sent).await;
    let shown = anna.patient(&id).await;
    for (field, value) in sent.as_object().expect("fields") {
        let expected = if field == "healthCardNumber" {
            &json!("•••• 1234")
        } else {
            value
        };
        assert_eq!(&shown[field], expected, "{field}");
    }
    assert!(
        !shown.to_string().contains("80756"),
        "the card number is never shown whole"
    );
    // A save that sends nothing else keeps it; the masked form is not what is stored.
    let cleared = json!({ "version": 1, "note": null, "guardian": null, "phones": [] });
    let after = anna
        .patch(format!("/api/v1/patients/{id}"), &cleared)
        .await
        .expect(200);
    assert_eq!(
        (&after["note"], &after["guardian"], &after["phones"]),
        (&Value::Null, &Value::Null, &json!([]))
    );
    assert_eq!(
        (&after["healthCardNumber"], &after["firstName"]),
        (&json!("•••• 1234"), &json!("Zoë"))
    );
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_every_bad_field_is_named() {
    let (server, anna) = TestServer::set_up().await;
    let before = server.content();
    let sent = json!({
        "uniqueId": "p", "birthDate": "2026-11-23", "sexAtBirth": "F", "email": "nobody", "country": "CHE",
        "fitzpatrick": "VII", "note": "x".repeat(4001), "firstName": "a\u{0}b",
    });
    let answer = anna.post("/api/v1/patients", &sent).await;
    for field in [
        "uniqueId",
        "birthDate",
        "sexAtBirth",
        "email",
        "country",
        "fitzpatrick",
        "note",
        "firstName",
    ] {
        answer.refuses(field);
    }
    for bad in ["1984-02-30", "84-02-03", "yesterday"] {
        anna.post(
            "/api/v1/patients",
            &json!({ "uniqueId": "p-1", "birthDate": bad }),
        )
        .await
        .refuses("birthDate");
    }
    assert_eq!(server.content(), before);
    let longest = json!({ "uniqueId": "p-1", "note": "x".repeat(4000), "birthDate": "2026-11-22" });
    anna.create_patient_with(&longest).await;
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p3_counts_and_times_are_computed() {
    let (server, anna) = TestServer::set_up().await;
    let id = anna.create_patient("p-001").await;
    let created = server.now();
    let shown = anna.patient(&id).await;
    assert_eq!(
        (&shown["imageCount"], &shown["entryCount"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(
        (&shown["lastAppointment"], &shown["nextAppointment"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(shown["lastModified"], created.as_str());
    let entries = format!("/api/v1/patients/{id}/entries");
    server.clock.advance(60);
    for at in [
        "2026-10-01T08:00:00Z",
        "2026-11-01T08:00:00Z",
        "2027-01-05T08:00:00Z",
        "2027-03-05T08:00:00Z",
    ] {
        anna.post(
            &entries,
            &json!({ "appointmentAt": at, "title": "Check", "notes": "x" }),
        )
        .await
        .expect(201);
    }
    // People are shown by their full names, beside the usernames under which their work is kept.
    let listed = anna.get(&entries).await.expect(200);
    for entry in listed["entries"].as_array().expect("entries") {
        assert_eq!(
            (&entry["author"], &entry["authorName"]),
            (&json!("anna"), &json!("Anna Weber"))
        );
    }
    server.clock.advance(60);
    let image = anna.store(&id, made(1)).await;
    let changed = server.now();
    server.clock.advance(60);
    let shown = anna.patient(&id).await;
    assert_eq!(
        (&shown["imageCount"], &shown["entryCount"]),
        (&json!(1), &json!(4))
    );
    assert_eq!(shown["lastAppointment"], "2026-11-01T08:00:00Z");
    assert_eq!(shown["nextAppointment"], "2027-01-05T08:00:00Z");
    assert_eq!(shown["coverImageId"], image.as_str());
    assert_eq!(shown["lastModified"], changed.as_str(), "a view changes nothing");
    // They move with the clock alone.
    server.clock.advance(120 * 24 * 3600);
    let anna = server.sign_in("anna").await;
    let shown = anna.patient(&id).await;
    assert_eq!(shown["lastAppointment"], "2027-03-05T08:00:00Z");
    assert_eq!(shown["nextAppointment"], Value::Null);
    // Never editable.
    for field in ["imageCount", "entryCount", "lastAppointment", "lastModified"] {
        anna.patch(
            format!("/api/v1/patients/{id}"),
            &json!({ "version": 1, field: 7 }),
        )
        .await
        .refuses(field);
    }
    server.finish().await;
}

async fn walk(anna: &SignedIn, limit: usize) -> Vec<String> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = anna
            .get(format!("/api/v1/patients?limit={limit}{cursor}"))
            .await
            .expect(200);
        assert_eq!(page["total"], 23);
        let patients = page["patients"].as_array().expect("patients");
        assert!(patients.len() <= limit);
        found.extend(
            patients
                .iter()
                .map(|one| one["uniqueId"].as_str().expect("an id").to_owned()),
        );
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p4_pages_are_complete_and_stable() {
    let (server, anna) = TestServer::set_up().await;
    for number in 0..23 {
        // Three share each instant: the order among them must hold too.
        if number % 3 == 0 {
            server.clock.advance(1);
        }
        anna.create_patient(&format!("p-{number:03}")).await;
    }
    let whole = walk(&anna, 100).await;
    assert_eq!(whole.iter().collect::<BTreeSet<_>>().len(), 23);
    assert_eq!(
        whole[0..2].iter().filter(|id| id.as_str() >= "p-021").count(),
        2,
        "newest first: {whole:?}"
    );
    for limit in [1, 2, 5, 22, 23] {
        assert_eq!(walk(&anna, limit).await, whole, "{limit} a page");
    }
    for (query, field) in [
        ("limit=101", "limit"),
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("limit=%2B5", "limit"),
        ("limit=050", "limit"),
        ("limit=-5", "limit"),
        ("limit=", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("cursor=nonsense", "cursor"),
        ("sort=x", "sort"),
    ] {
        anna.get(format!("/api/v1/patients?{query}")).await.refuses(field);
    }
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p4_search_ignores_case_and_accents_and_puts_the_exact_id_first() {
    let (server, anna) = TestServer::set_up().await;
    for patient in [
        json!({ "uniqueId": "zoe", "firstName": "Exact" }),
        json!({ "uniqueId": "p-1", "firstName": "Zoë" }),
        json!({ "uniqueId": "p-2", "lastName": "ZOÉSKI" }),
        json!({ "uniqueId": "p-3", "mrn": "X-zoe-9" }),
        json!({ "uniqueId": "p-4", "firstName": "Nobody", "note": "zoe" }),
    ] {
        server.clock.advance(1);
        anna.create_patient_with(&patient).await;
    }
    let ben = server.add_account("ben", false, true).await;
    ben.create_patient("zoe-of-ben").await;
    for query in ["zoe", "ZOE", "zoë", " zoe "] {
        let page = anna.search(query).await.expect(200);
        let found: Vec<&str> = page["patients"]
            .as_array()
            .expect("patients")
            .iter()
            .filter_map(|one| one["uniqueId"].as_str())
            .collect();
        // With an accent it is no id (P1), so then the order is that of the list.
        assert!(
            found.first() == Some(&"zoe") || !query.is_ascii(),
            "{query}: the exact id first: {found:?}"
        );
        assert_eq!(
            found.iter().copied().collect::<BTreeSet<_>>(),
            BTreeSet::from(["zoe", "p-1", "p-2", "p-3"]),
            "{query}"
        );
        assert_eq!(page["total"], 4, "{query}");
    }
    for nothing in ["%", "_", "' OR 1=1--"] {
        let page = anna.search(nothing).await.expect(200);
        assert_eq!(page["patients"], json!([]), "{nothing} is text, not syntax");
    }
    anna.search(&"x".repeat(201)).await.refuses("query");
    // Without a text it is a list of all.
    assert_eq!(anna.search(" ").await.expect(200)["total"], 5);
    let limited = json!({ "query": "zoe", "limit": 101 });
    anna.post("/api/v1/patients/search", &limited)
        .await
        .refuses("limit");
    // C41: a name is never part of an address.
    anna.get("/api/v1/patients?query=zoe").await.refuses("query");
    server.finish().await;
}
