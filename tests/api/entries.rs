//! Visits: what is shown, changed, kept of earlier versions, signed (E1 to E6).

use cutis_tests::TestServer;
use cutis_tests::actors::{SignedIn, id_of};
use cutis_tests::images::made;
use cutis_tests::live::hash;
use serde_json::{Value, json};

/// A patient's path, and that of a visit.
async fn visit(who: &SignedIn, unique_id: &str, body: &Value) -> (String, String) {
    let patient = format!("/api/v1/patients/{}", who.create_patient(unique_id).await);
    let entry = who.post(format!("{patient}/entries"), body).await.expect(201);
    let entry = format!("{patient}/entries/{}", id_of(&entry));
    (patient, entry)
}

/// E1: time, title and notes; what is absent stays, a base is asked for, and nothing is half changed.
#[tokio::test(flavor = "multi_thread")]
async fn e1_a_visit_is_shown_and_changed() {
    let (server, anna) = TestServer::set_up().await;
    let (_, entry) = visit(&anna, "p-1", &json!({ "title": "Control", "notes": " Naevus\n" })).await;
    let shown = anna.get(&entry).await.expect(200);
    assert_eq!(
        (&shown["title"], &shown["notes"]),
        (&json!("Control"), &json!(" Naevus\n"))
    );
    assert_eq!(shown["notesHash"], hash(" Naevus\n"));
    assert_eq!(
        shown["versions"],
        json!({ "appointmentAt": 0, "title": 0, "notes": 0 })
    );
    assert_eq!(
        shown["sections"],
        json!({ "workspace": true, "comparisons": true, "notes": true })
    );
    let change = json!({
        "versions": { "title": 0, "appointmentAt": 0 }, "title": "", "appointmentAt": "2026-01-02T10:00:00Z",
    });
    let saved = anna.patch(&entry, &change).await.expect(200);
    assert_eq!(saved, json!({ "title": 1, "appointmentAt": 1 }));
    let shown = anna.get(&entry).await.expect(200);
    assert_eq!(
        (&shown["title"], &shown["appointmentAt"]),
        (&json!(null), &json!("2026-01-02T10:00:00Z"))
    );
    let before = server.content();
    for (body, field) in [
        (json!({ "versions": {}, "title": "x" }), "versions.title"),
        (
            json!({ "versions": { "title": 9 }, "title": "x" }),
            "versions.title",
        ),
        (json!({ "versions": { "title": 1 }, "title": "a\nb" }), "title"),
        (json!({ "versions": { "notes": 0 }, "notes": "a\u{0}b" }), "notes"),
        (
            json!({ "versions": { "notes": 0 }, "notes": "ä".repeat(32_769) }),
            "notes",
        ),
        (
            json!({ "versions": { "appointmentAt": 1 }, "appointmentAt": "soon" }),
            "appointmentAt",
        ),
        (
            json!({ "versions": { "notes": 0, "title": 7 }, "notes": "kept?", "title": "x" }),
            "versions.title",
        ),
        (json!({ "versions": {}, "author": "x" }), "author"),
    ] {
        anna.patch(&entry, &body).await.refuses(field);
    }
    assert_eq!(server.content(), before, "a refused change changes nothing");
    let longest = "ä".repeat(32_768);
    let saved = anna
        .patch(&entry, &json!({ "versions": { "notes": 0 }, "notes": longest }))
        .await
        .expect(200);
    assert_eq!(saved, json!({ "notes": 1 }));
    assert_eq!(anna.get(&entry).await.expect(200)["notes"], longest);
    server.finish().await;
}

/// S1: a field that somebody else changed is refused with what holds; notes are merged by lines.
#[tokio::test(flavor = "multi_thread")]
async fn s1_changes_of_two_are_merged_or_refused() {
    let (server, anna) = TestServer::set_up().await;
    let (_, entry) = visit(
        &anna,
        "p-1",
        &json!({ "title": "A", "notes": "one\n10 mg\nthree" }),
    )
    .await;
    let patch = |body: Value| {
        let (anna, entry) = (&anna, &entry);
        async move { anna.patch(entry, &body).await }
    };
    patch(json!({ "versions": { "title": 0 }, "title": "B" }))
        .await
        .expect(200);
    let refused = patch(json!({ "versions": { "title": 0 }, "title": "C" })).await;
    let problem = refused.problem(409, "stale_version");
    let conflict = &problem["conflicts"][0];
    assert_eq!(
        (&conflict["field"], &conflict["current"], &conflict["version"]),
        (&json!("title"), &json!("B"), &json!(1))
    );
    assert_eq!(
        conflict["changedBy"],
        json!({ "username": "anna", "name": "Anna Weber" })
    );
    // The same value is no clash.
    let same = patch(json!({ "versions": { "title": 0 }, "title": "B" }))
        .await
        .expect(200);
    assert_eq!(same, json!({ "title": 1 }));
    // Whole notes are not merged: whoever sent them has not read what would stand beside them.
    let first = json!({ "versions": { "notes": 0 }, "notes": "ONE\n10 mg\nthree" });
    assert_eq!(patch(first.clone()).await.expect(200), json!({ "notes": 1 }));
    let refused = patch(json!({ "versions": { "notes": 0 }, "notes": "one\n10 mg\nthree\nfour" })).await;
    let problem = refused.problem(409, "stale_version");
    assert_eq!(problem["conflicts"][0]["current"], "ONE\n10 mg\nthree");
    // The same again, after its answer was lost, and once more after somebody else's change.
    assert_eq!(patch(first.clone()).await.expect(200), json!({ "notes": 1 }));
    patch(json!({ "versions": { "notes": 1 }, "notes": "ONE\n10 mg\nthree\nmore" }))
        .await
        .expect(200);
    patch(first).await.problem(409, "stale_version");
    assert_eq!(
        anna.get(&entry).await.expect(200)["notes"],
        "ONE\n10 mg\nthree\nmore"
    );
    server.finish().await;
}

/// S1: of several fields, one that is what it was stands in the way of none; with one that clashes nothing is changed.
#[tokio::test(flavor = "multi_thread")]
async fn s1_fields_that_stay_do_not_undo_the_others() {
    let (server, anna) = TestServer::set_up().await;
    let (_, entry) = visit(&anna, "p-1", &json!({ "title": "Check" })).await;
    let change = json!({
        "versions": { "title": 0, "notes": 0, "appointmentAt": 0 }, "title": "Check",
        "notes": "Melanoma suspected", "appointmentAt": "2026-01-02T10:00:00Z",
    });
    let saved = anna.patch(&entry, &change).await.expect(200);
    assert_eq!(saved, json!({ "appointmentAt": 1, "title": 0, "notes": 1 }));
    let shown = anna.get(&entry).await.expect(200);
    assert_eq!(
        (&shown["notes"], &shown["appointmentAt"]),
        (&json!("Melanoma suspected"), &json!("2026-01-02T10:00:00Z"))
    );
    let before = (server.content(), server.events());
    let again = anna.patch(&entry, &change).await.expect(200);
    assert_eq!(
        (again, (server.content(), server.events())),
        (saved, before.clone())
    );
    let clash = json!({ "versions": { "title": 0, "notes": 0 }, "title": "New", "notes": "x" });
    anna.patch(&entry, &clash).await.problem(409, "stale_version");
    assert_eq!(server.content(), before.0);
    server.finish().await;
}

/// E1: every version of the notes stays, with who and when, and can be restored; E1: sealed, and never in the trail.
#[tokio::test(flavor = "multi_thread")]
async fn e1_versions_of_notes_stay_and_are_restored() {
    let (server, anna) = TestServer::set_up().await;
    let (_, entry) = visit(&anna, "p-1", &json!({ "notes": "Geheimnis 0" })).await;
    let text = |number: u64| {
        format!(
            "Geheimnis 0\n{}",
            "Zeile\n".repeat(usize::try_from(number).unwrap_or_default())
        )
    };
    for version in 0..70_u64 {
        let change = json!({ "versions": { "notes": version }, "notes": text(version + 1) });
        anna.patch(&entry, &change).await.expect(200);
    }
    let page = anna.get(format!("{entry}/revisions?limit=5")).await.expect(200);
    let versions: Vec<u64> = page["revisions"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|it| it["version"].as_u64())
        .collect();
    assert_eq!(versions, [70, 69, 68, 67, 66]);
    assert_eq!(page["next"], 66);
    assert_eq!(
        page["revisions"][0]["by"],
        json!({ "username": "anna", "name": "Anna Weber" })
    );
    let rest = anna
        .get(format!("{entry}/revisions?limit=100&before=66"))
        .await
        .expect(200);
    assert_eq!(
        (rest["revisions"].as_array().map(Vec::len), &rest["next"]),
        (Some(66), &json!(null))
    );
    for version in [0, 1, 2, 40, 63, 64, 65, 70] {
        let shown = anna.get(format!("{entry}/revisions/{version}")).await.expect(200);
        let expected = if version == 0 {
            "Geheimnis 0".to_owned()
        } else {
            text(version)
        };
        assert_eq!(shown["notes"], expected, "version {version}");
        assert_eq!(shown["bytes"], expected.len());
    }
    anna.get(format!("{entry}/revisions/71")).await.refuses("version");
    anna.get(format!("{entry}/revisions/01"))
        .await
        .problem(404, "not_found");
    let restore = format!("{entry}/revisions/2/restore");
    anna.post(&restore, &json!({ "base": 99 }))
        .await
        .refuses("versions.notes");
    let restored = anna.post(&restore, &json!({ "base": 70 })).await.expect(200);
    assert_eq!(restored, json!({ "version": 71 }));
    // What was restored is that version and nothing else.
    anna.post(&restore, &json!({ "base": 69 })).await.expect(200);
    anna.post(format!("{entry}/revisions/5/restore"), &json!({ "base": 70 }))
        .await
        .problem(409, "stale_version");
    assert_eq!(anna.get(&entry).await.expect(200)["notes"], text(2));
    let newest = anna.get(format!("{entry}/revisions?limit=1")).await.expect(200);
    assert_eq!(newest["revisions"][0]["restored"], 2);
    let kept = std::fs::read(server.data.database()).expect("the database");
    let log = std::fs::read(server.data.database().with_extension("db-wal")).unwrap_or_default();
    for bytes in [kept, log] {
        assert!(
            !bytes.windows(9).any(|it| it == b"Geheimnis"),
            "notes lie in the file unsealed"
        );
    }
    server.finish().await;
}

/// E5: signing freezes a visit; later remarks are addenda with author and time.
#[tokio::test(flavor = "multi_thread")]
async fn e5_a_signed_visit_is_frozen_and_gets_addenda() {
    let (server, anna) = TestServer::set_up().await;
    let (_, entry) = visit(&anna, "p-1", &json!({ "notes": "Text" })).await;
    let addenda = format!("{entry}/addenda");
    anna.post(&addenda, &json!({ "text": "Too early" }))
        .await
        .problem(409, "conflict");
    // What is signed is what was read.
    let sign = format!("{entry}/sign");
    let read = json!({ "versions": { "appointmentAt": 0, "title": 0, "notes": 0 } });
    let dose = json!({ "versions": { "notes": 0 }, "notes": "Dose 100 mg" });
    anna.patch(&entry, &dose).await.expect(200);
    let before = server.content();
    let changed = anna.post(&sign, &read).await.problem(409, "stale_version");
    assert_eq!(changed["conflicts"][0]["current"], "Dose 100 mg");
    for (body, field) in [
        (
            json!({ "versions": { "appointmentAt": 0, "title": 0 } }),
            "versions.notes",
        ),
        (
            json!({ "versions": { "appointmentAt": 0, "title": 7, "notes": 1 } }),
            "versions.title",
        ),
        (json!({}), "versions"),
    ] {
        anna.post(&sign, &body).await.refuses(field);
    }
    assert_eq!(server.content(), before);
    let signed = anna.sign_visit(&entry).await;
    assert_eq!(signed["signed"]["by"]["username"], "anna");
    anna.post(&sign, &read).await.problem(409, "visit_signed");
    let before = server.content();
    for change in [
        json!({ "versions": { "title": 0 }, "title": "x" }),
        json!({ "versions": { "notes": 1 }, "notes": "x" }),
        json!({ "versions": { "appointmentAt": 0 }, "appointmentAt": "2026-01-02T10:00:00Z" }),
    ] {
        anna.patch(&entry, &change).await.problem(409, "visit_signed");
    }
    anna.post(&addenda, &json!({ "text": " " })).await.refuses("text");
    assert_eq!(server.content(), before);
    for text in ["Pathology: benign", "Told the patient"] {
        let added = anna.post(&addenda, &json!({ "text": text })).await.expect(201);
        assert_eq!(
            (&added["text"], &added["by"]["name"]),
            (&json!(text), &json!("Anna Weber"))
        );
    }
    let shown = anna.get(&entry).await.expect(200);
    let texts: Vec<_> = shown["addenda"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| &it["text"])
        .collect();
    assert_eq!(texts, ["Pathology: benign", "Told the patient"]);
    server.finish().await;
}

/// E2, E4: sections, order and size are kept for each visit.
#[tokio::test(flavor = "multi_thread")]
async fn e2_how_a_visit_is_looked_at_is_remembered() {
    let (server, anna) = TestServer::set_up().await;
    let (_, entry) = visit(&anna, "p-1", &json!({})).await;
    let layout = format!("{entry}/layout");
    let chosen = json!({
        "sections": { "workspace": false, "comparisons": true, "notes": false }, "order": "ascending", "size": "large",
    });
    anna.put(&layout, &chosen).await.expect(204);
    let shown = anna.get(&entry).await.expect(200);
    assert_eq!(
        json!({ "sections": shown["sections"], "order": shown["order"], "size": shown["size"] }),
        chosen
    );
    for (name, value) in [("order", "up"), ("size", "huge")] {
        let mut wrong = chosen.clone();
        wrong[name] = json!(value);
        anna.put(&layout, &wrong).await.refuses(name);
    }
    server.finish().await;
}

/// E6: the timeline in pages, with how notes begin, photos, and those of the day that belong to no visit.
#[tokio::test(flavor = "multi_thread")]
async fn e6_the_timeline_shows_what_each_visit_holds() {
    let (server, anna) = TestServer::set_up().await;
    let (patient, entry) = visit(
        &anna,
        "p-1",
        &json!({ "title": "Today", "notes": "\n# Naevus\n\nlinks", "appointmentAt": "2026-03-03T23:30:00Z" }),
    )
    .await;
    let id = patient.rsplit('/').next().expect("an id").to_owned();
    for day in 1..=4 {
        let body = json!({ "appointmentAt": format!("2026-01-0{day}T10:00:00Z") });
        anna.post(format!("{patient}/entries"), &body).await.expect(201);
    }
    let mut images = Vec::new();
    for number in 1..=15 {
        images.push(anna.store(&id, made(number)).await);
    }
    anna.post(format!("{entry}/workspace"), &json!({ "add": [images[0]] }))
        .await
        .expect(200);
    let first = anna.get(format!("{patient}/entries?limit=2")).await.expect(200);
    let today = &first["entries"][0];
    assert_eq!(
        (&today["title"], &today["excerpt"]),
        (&json!("Today"), &json!("# Naevus\nlinks"))
    );
    assert_eq!(
        (&today["images"], &today["imageCount"]),
        (&json!([images[0]]), &json!(1))
    );
    assert_eq!(
        (
            today["offered"].as_array().expect("a list").len(),
            &today["offeredCount"]
        ),
        (14, &json!(14)),
        "all of them, so that all are added at once"
    );
    assert!(!today["offered"].to_string().contains(&images[0]));
    assert_eq!(
        (&today["comparisonCount"], &today["signedAt"]),
        (&json!(0), &json!(null))
    );
    assert!(today.get("notes").is_none());
    let mut dates = Vec::new();
    let mut cursor = first["nextCursor"].as_str().map(str::to_owned);
    while let Some(from) = cursor {
        let page = anna
            .get(format!("{patient}/entries?limit=2&cursor={from}"))
            .await
            .expect(200);
        dates.extend(
            page["entries"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|it| it["appointmentAt"].clone()),
        );
        cursor = page["nextCursor"].as_str().map(str::to_owned);
    }
    assert_eq!(
        dates,
        [
            "2026-01-03T10:00:00Z",
            "2026-01-02T10:00:00Z",
            "2026-01-01T10:00:00Z"
        ]
    );
    anna.get(format!("{patient}/entries?cursor=x"))
        .await
        .refuses("cursor");
    anna.get(format!("{patient}/entries?limit=101"))
        .await
        .refuses("limit");
    server.finish().await;
}
