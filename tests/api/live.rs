//! Live: pages that stay open (S1, E3). Numbered cases are those that other programs failed at.

use std::time::{Duration, Instant};

use cutis_tests::TestServer;
use cutis_tests::actors::{SignedIn, id_of};
use cutis_tests::client::fresh_key;
use cutis_tests::images::made;
use cutis_tests::live::{LivePage, hash, request, splice, upgrade};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

const NOBODYS: &str = "018f3c5e-7b1a-7c3d-9a4b-ffffffffffff";

/// A patient and a visit, by id.
async fn visit(who: &SignedIn, body: &Value) -> (String, String) {
    let patient = who.create_patient("p-1").await;
    let entry = who
        .post(format!("/api/v1/patients/{patient}/entries"), body)
        .await
        .expect(201);
    (patient, id_of(&entry))
}

/// Waits until so many others have the visit open; several changes may be told as one.
async fn present(page: &mut LivePage, count: usize) -> Value {
    loop {
        let others = page.hear("presence").await["others"].take();
        if others.as_array().map(Vec::len) == Some(count) {
            return others;
        }
    }
}

async fn detail(who: &SignedIn, (patient, entry): (&str, &str)) -> Value {
    who.get(format!("/api/v1/patients/{patient}/entries/{entry}"))
        .await
        .expect(200)
}

/// S1, E3: what one page types is acknowledged when durable, and shown on the others.
#[tokio::test(flavor = "multi_thread")]
async fn s1_what_one_page_types_another_shows() {
    let (server, anna) = TestServer::set_up().await;
    let (patient, entry) = visit(&anna, &json!({ "notes": "one" })).await;
    let at = (patient.as_str(), entry.as_str());
    let mut desk = LivePage::open(server.place(), &anna).await;
    let mut tablet = LivePage::open(server.place(), &anna).await;
    let opened = desk.open_entry(at.0, at.1).await;
    assert_eq!(
        (&opened["notes"], &opened["notesHash"]),
        (&json!("one"), &json!(hash("one")))
    );
    tablet.open_entry(at.0, at.1).await;
    assert_eq!(present(&mut desk, 1).await[0]["device"], "Cutis tests");
    tablet
        .say(&json!({ "kind": "presence", "entry": entry, "field": "notes" }))
        .await;
    assert_eq!(desk.hear("presence").await["others"][0]["field"], "notes");
    let ack = desk.type_on(at, 0, "one", "one two").await;
    assert_eq!(
        (&ack["kind"], &ack["version"], &ack["hash"]),
        (&json!("ack"), &json!(1), &json!(hash("one two")))
    );
    let text = tablet.hear("text").await;
    assert_eq!(
        (&text["base"], &text["version"], &text["by"]["name"]),
        (&json!(0), &json!(1), &json!("Anna Weber"))
    );
    assert_eq!(text["change"], splice("one", "one two"));
    let set = desk.edit(at, "title", 0, json!({ "set": "Control" }));
    assert_eq!(desk.answer_to(&set).await["version"], 1);
    assert_eq!(tablet.hear("text").await["change"], json!({ "set": "Control" }));
    let moved = desk.edit(at, "appointmentAt", 0, json!({ "set": "2026-01-02T10:00:00Z" }));
    assert_eq!(desk.answer_to(&moved).await["version"], 1);
    // Over HTTP, too.
    let path = format!("/api/v1/patients/{patient}/entries/{entry}");
    let body = json!({ "versions": { "notes": 1 }, "notes": "one two three" });
    anna.patch(&path, &body).await.expect(200);
    let told = [tablet.hear("text").await, tablet.hear("text").await];
    assert_eq!(told[1]["change"], splice("one two", "one two three"));
    assert_eq!(desk.hear("text").await["version"], 2);
    let shown = detail(&anna, at).await;
    assert_eq!(
        (&shown["notes"], &shown["title"]),
        (&json!("one two three"), &json!("Control"))
    );
    tablet.say(&json!({ "kind": "leave", "entry": entry })).await;
    present(&mut desk, 0).await;
    server.finish().await;
}

/// Case 4: an edit is stored once, however often it is sent, and answered as it was; its number is no other's.
#[tokio::test(flavor = "multi_thread")]
async fn case_4_a_replayed_edit_is_stored_once() {
    let (mut server, anna) = TestServer::set_up().await;
    let (patient, entry) = visit(&anna, &json!({ "notes": "a\nb" })).await;
    let at = (patient.as_str(), entry.as_str());
    let mut page = LivePage::open(server.place(), &anna).await;
    let mut other = LivePage::open(server.place(), &anna).await;
    other.type_on(at, 0, "a\nb", "A\nb").await;
    let edit = page.edit(at, "notes", 0, splice("a\nb", "a\nb\nc"));
    let first = page.answer_to(&edit).await;
    assert_eq!((&first["kind"], &first["version"]), (&json!("ack"), &json!(2)));
    assert_eq!(first["merged"], json!([{ "at": 0, "remove": 1, "insert": "A" }]));
    let before = (server.content(), server.events());
    for _ in 0..5 {
        assert_eq!(page.answer_to(&edit).await, first);
    }
    // On another connection, after later changes, and a day later.
    other.type_on(at, 2, "A\nb\nc", "A\nb\nc\nd").await;
    server.clock.advance(86_400);
    let anna = server.sign_in("anna").await;
    let mut page = page.again(server.place(), &anna, None).await;
    let again = page.answer_to(&edit).await;
    assert_eq!(again, first);
    let mut differs = edit.clone();
    differs["change"] = splice("a\nb", "a\nb\nx");
    assert_eq!(page.answer_to(&differs).await["code"], "seq_reused");
    let next = page.edit(at, "notes", 3, splice("A\nb\nc\nd", "A"));
    assert_eq!(page.answer_to(&next).await["version"], 4);
    assert_eq!(page.answer_to(&edit).await["code"], "seq_passed");
    assert_eq!(detail(&anna, at).await["notes"], "A");
    assert!(before.1 > 0);
    server.keep_house().await;
    server.finish().await;
}

/// Case 4: so is one that changed nothing: what others undid since doesn't come back with it.
#[tokio::test(flavor = "multi_thread")]
async fn case_4_a_replayed_edit_that_changed_nothing_stays_nothing() {
    let (server, anna) = TestServer::set_up().await;
    let (patient, entry) = visit(&anna, &json!({ "title": "A", "notes": "a" })).await;
    let at = (patient.as_str(), entry.as_str());
    let mut page = LivePage::open(server.place(), &anna).await;
    let mut other = LivePage::open(server.place(), &anna).await;
    other.type_on(at, 0, "a", "a\nAllergy: penicillin").await;
    let same = page.edit(at, "notes", 0, splice("a", "a\nAllergy: penicillin"));
    let first = page.answer_to(&same).await;
    assert_eq!((&first["kind"], &first["version"]), (&json!("ack"), &json!(1)));
    let titled = page.edit(at, "title", 0, json!({ "set": "A" }));
    let first_title = page.answer_to(&titled).await;
    assert_eq!(first_title["version"], 0);
    other.type_on(at, 1, "a\nAllergy: penicillin", "a").await;
    let set = other.edit(at, "title", 0, json!({ "set": "B" }));
    assert_eq!(other.answer_to(&set).await["version"], 1);
    let before = (server.content(), server.events());
    assert_eq!(page.answer_to(&same).await, first);
    assert_eq!(page.answer_to(&titled).await, first_title);
    let mut differs = titled.clone();
    differs["change"] = json!({ "set": "C" });
    assert_eq!(page.answer_to(&differs).await["code"], "seq_reused");
    assert_eq!((server.content(), server.events()), before);
    let shown = detail(&anna, at).await;
    assert_eq!((&shown["notes"], &shown["title"]), (&json!("a"), &json!("B")));
    server.finish().await;
}

/// Case 5: of fifty that change one field of the same version, one does and the others get both values.
#[tokio::test(flavor = "multi_thread")]
async fn case_5_of_fifty_that_set_one_field_one_does() {
    let (server, anna) = TestServer::set_up().await;
    let (patient, entry) = visit(&anna, &json!({})).await;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..50_u8 {
        let (patient, entry) = (patient.clone(), entry.clone());
        // From several devices: one address has 64 connections.
        let place = server.place().coming_from([127, 0, 0, 1 + number % 4]);
        let cookie = anna.cookie();
        tasks.spawn(async move {
            let client = cutis_tests::Client::new(place.clone());
            client.set_cookie(cookie);
            let mut page = LivePage::open(&place, &client).await;
            let edit = page.edit(
                (&patient, &entry),
                "title",
                0,
                json!({ "set": format!("Title {number}") }),
            );
            page.answer_to(&edit).await
        });
    }
    let answers = tasks.join_all().await;
    let (stored, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer["kind"] == "ack");
    assert_eq!((stored.len(), refused.len()), (1, 49));
    let title = detail(&anna, (&patient, &entry)).await["title"].clone();
    for answer in refused {
        assert_eq!(
            (&answer["kind"], &answer["theirs"], &answer["version"]),
            (&json!("clash"), &title, &json!(1))
        );
        assert_eq!(answer["by"]["name"], "Anna Weber");
    }
    server.finish().await;
}

/// S1: notes are merged by lines; the same line asks.
#[tokio::test(flavor = "multi_thread")]
async fn s1_notes_merge_by_lines_and_a_common_line_asks() {
    let (server, anna) = TestServer::set_up().await;
    let (patient, entry) = visit(&anna, &json!({ "notes": "Prednisolone\n10 mg\ndaily" })).await;
    let at = (patient.as_str(), entry.as_str());
    let mut page = LivePage::open(server.place(), &anna).await;
    let mut other = LivePage::open(server.place(), &anna).await;
    let base = "Prednisolone\n10 mg\ndaily";
    other.type_on(at, 0, base, "Prednisolone\n20 mg\ndaily").await;
    let clash = page.type_on(at, 0, base, "Prednisolone\n5 mg\ndaily").await;
    assert_eq!(
        (&clash["kind"], &clash["theirs"]),
        (&json!("clash"), &json!("Prednisolone\n20 mg\ndaily"))
    );
    assert_eq!(detail(&anna, at).await["versions"]["notes"], 1);
    let merged = page
        .type_on(at, 0, base, "Prednisolone\n10 mg\ndaily\nfor a week")
        .await;
    assert_eq!((&merged["kind"], &merged["version"]), (&json!("ack"), &json!(2)));
    assert_eq!(
        detail(&anna, at).await["notes"],
        "Prednisolone\n20 mg\ndaily\nfor a week"
    );
    server.finish().await;
}

/// S1: edits that cannot be are answered by name and change nothing; the connection stays.
#[tokio::test(flavor = "multi_thread")]
async fn s1_edits_that_cannot_be_are_refused_by_name() {
    let (server, anna) = TestServer::set_up().await;
    let (patient, entry) = visit(&anna, &json!({ "notes": "text 🩺" })).await;
    let at = (patient.as_str(), entry.as_str());
    let ben = server.add_account("ben", false, true).await;
    let theirs = ben.create_patient("p-1").await;
    let foreign = ben
        .post(format!("/api/v1/patients/{theirs}/entries"), &json!({}))
        .await
        .expect(201);
    let foreign = id_of(&foreign);
    let mut page = LivePage::open(server.place(), &anna).await;
    page.watch(&patient).await;
    let before = server.content();
    let old = "text 🩺";
    let splices = |at: u32, remove: u32| json!({ "splices": [{ "at": at, "remove": remove, "insert": "" }], "baseHash": hash(old), "hash": hash("x") });
    let long = "x".repeat(65_537);
    let cases: Vec<(&str, &str, u64, Value, &str)> = vec![
        ("notes", "", 7, splice(old, "new"), "base_ahead"),
        ("notes", "", 0, splice("other", "new"), "hash_differs"),
        ("notes", "", 0, splices(0, 4), "hash_differs"),
        ("notes", "", 0, splices(6, 0), "splice_outside"),
        ("notes", "", 0, splices(9, 0), "splice_outside"),
        ("notes", "", 0, splice(old, &long), "too_long"),
        ("notes", "", 0, splice(old, "a\u{0}b"), "characters"),
        ("notes", "", 0, json!({ "set": "a\rb" }), "characters"),
        ("title", "", 0, json!({ "set": "a\nb" }), "characters"),
        ("title", "", 0, splice("", "x"), "change"),
        ("appointmentAt", "", 0, json!({ "set": "soon" }), "time"),
        ("appointmentAt", "", 0, json!({ "set": null }), "time"),
        (
            "appointmentAt",
            "",
            0,
            json!({ "set": "2026-01-01T10:00:00.1234567Z" }),
            "time",
        ),
        ("author", "", 0, json!({ "set": "x" }), "field"),
        ("notes", "", 0, json!({ "set": "x", "also": 1 }), "invalid"),
        ("notes", "", 0, json!({}), "invalid"),
        ("title", "", 0, json!({}), "invalid"),
        ("notes", "", 0, json!({ "set": null }), "change"),
        ("notes", NOBODYS, 0, splice(old, "new"), "absent"),
        ("notes", &foreign, 0, splice("", "new"), "absent"),
    ];
    for (field, other, base, change, code) in cases {
        let entry = if other.is_empty() { at.1 } else { other };
        let edit = page.edit((at.0, entry), field, base, change);
        let answer = page.answer_to(&edit).await;
        assert_eq!(
            (&answer["kind"], &answer["code"]),
            (&json!("refused"), &json!(code)),
            "{edit} {answer}"
        );
        if ["base_ahead", "hash_differs"].contains(&code) {
            assert_eq!(answer["field"], field, "{answer}");
        }
        assert!(
            answer["detail"].as_str().is_some_and(|text| text.ends_with('.')),
            "{answer}"
        );
    }
    let edit = page.edit((&theirs, &foreign), "notes", 0, splice("", "new"));
    assert_eq!(page.answer_to(&edit).await["code"], "absent");
    for (message, code) in [
        (json!({ "kind": "dance" }), "unknown_kind"),
        (json!([1, 2]), "unknown_kind"),
        (json!({ "kind": "ping" }), "invalid"),
        (json!({ "kind": "ping", "n": 1, "m": 2 }), "invalid"),
        (
            json!({ "kind": "ping", "n": 9_007_199_254_740_992_u64 }),
            "too_large",
        ),
        (json!({ "kind": "watch", "ref": 1, "patient": "x" }), "id"),
        (json!({ "kind": "watch", "ref": 1, "patient": theirs }), "absent"),
        (
            json!({ "kind": "open", "ref": 1, "patient": patient, "entry": foreign }),
            "absent",
        ),
        (
            json!({ "kind": "open", "ref": 1, "patient": theirs, "entry": foreign }),
            "absent",
        ),
        (
            json!({ "kind": "presence", "entry": foreign, "field": null }),
            "not_open",
        ),
        (
            json!({ "kind": "hello", "version": 1, "client": fresh_key(), "since": null }),
            "hello_again",
        ),
    ] {
        page.say(&message).await;
        assert_eq!(page.hear("refused").await["code"], code, "{message}");
    }
    page.send(Message::text("{\"kind\": \"pi")).await;
    assert_eq!(page.hear("refused").await["code"], "invalid_json");
    assert_eq!(server.content(), before, "nothing was changed");
    anna.sign_visit(&format!("/api/v1/patients/{patient}/entries/{entry}"))
        .await;
    let edit = page.edit(at, "notes", 0, splice(old, "new"));
    assert_eq!(page.answer_to(&edit).await["code"], "signed");
    server.finish().await;
}

/// W5, A7, A10: who may not connect is answered as any request is.
#[tokio::test(flavor = "multi_thread")]
async fn w5_only_a_clinicians_own_page_connects() {
    let (server, anna) = TestServer::set_up().await;
    let admin = server.add_account("otto", true, false).await;
    let status = |request| {
        let place = server.place().clone();
        async move {
            upgrade(&place, request)
                .await
                .map_err(|answer| answer.status().as_u16())
                .err()
        }
    };
    assert_eq!(status(request(server.place(), None)).await, Some(401));
    assert_eq!(status(request(server.place(), Some("x"))).await, Some(401));
    assert_eq!(
        status(request(server.place(), admin.cookie().as_deref())).await,
        Some(403)
    );
    for origin in ["https://evil.example", "null", "http://localhost"] {
        let mut asked = request(server.place(), anna.cookie().as_deref());
        asked
            .headers_mut()
            .insert("origin", origin.parse().expect("an origin"));
        assert_eq!(status(asked).await, Some(403), "{origin}");
    }
    let mut asked = request(server.place(), anna.cookie().as_deref());
    asked.headers_mut().remove("origin");
    assert_eq!(status(asked).await, Some(403));
    let mut asked = request(server.place(), anna.cookie().as_deref());
    asked.headers_mut().remove("origin");
    let own = "same-origin".parse().expect("a value");
    asked.headers_mut().insert("sec-fetch-site", own);
    assert_eq!(status(asked).await, None);
    let mut asked = request(server.place(), anna.cookie().as_deref());
    asked
        .headers_mut()
        .insert("sec-websocket-protocol", "cutis.live.2".parse().expect("a name"));
    assert_eq!(status(asked).await, Some(400));
    anna.get("/api/v1/live").await.problem(400, "bad_request");
    assert_eq!(
        status(request(server.place(), anna.cookie().as_deref())).await,
        None
    );
    server.finish().await;
}

/// A7, case 11: a session that ends closes its connections within a second, and nothing is obeyed afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn case_11_a_revoked_session_is_disconnected() {
    let (server, anna) = TestServer::set_up().await;
    let (patient, entry) = visit(&anna, &json!({})).await;
    let other = server.sign_in("anna").await;
    let mut page = LivePage::open(server.place(), &other).await;
    page.open_entry(&patient, &entry).await;
    let sessions = anna.get("/api/v1/sessions").await.expect(200);
    let theirs = sessions["sessions"]
        .as_array()
        .and_then(|list| list.iter().find(|it| it["current"] == false))
        .expect("the other session");
    let since = Instant::now();
    anna.delete(format!(
        "/api/v1/sessions/{}",
        theirs["id"].as_str().unwrap_or_default()
    ))
    .await
    .expect(204);
    let edit = page.edit((&patient, &entry), "notes", 0, splice("", "late"));
    page.say(&edit).await;
    let (ended, before) = page.end().await;
    // A second, and what a busy machine adds.
    assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
    assert_eq!(
        (ended.code.as_deref(), ended.close),
        (Some("session_ended"), Some(4401))
    );
    assert!(before.iter().all(|message| message["kind"] != "ack"));
    assert_eq!(detail(&anna, (&patient, &entry)).await["notes"], "");
    // The same person goes on: what was typed is stored once they are back.
    let back = server.sign_in("anna").await;
    let mut page = page.again(server.place(), &back, None).await;
    assert_eq!(page.answer_to(&edit).await["version"], 1);
    // N6: a device in a patient's hands hears nothing.
    back.post("/api/v1/session/hand-over", &json!({ "patientId": patient }))
        .await
        .expect(204);
    let (ended, _) = page.end().await;
    assert_eq!(ended.close, Some(4403));
    server.finish().await;
}

/// Bounds: what is not the protocol ends the connection with its reason.
#[tokio::test(flavor = "multi_thread")]
async fn s1_what_is_not_the_protocol_ends_it_with_a_reason() {
    let (server, anna) = TestServer::set_up().await;
    let why = async |message: Message, hello: bool| {
        let mut page = LivePage::silent(server.place(), &anna).await;
        if hello {
            page.hello(None).await;
        }
        page.send(message).await;
        let (ended, _) = page.end().await;
        (ended.code.unwrap_or_default(), ended.close)
    };
    let hello = json!({ "kind": "hello", "version": 2, "client": fresh_key(), "since": null });
    assert_eq!(
        why(Message::text(hello.to_string()), false).await,
        ("version".into(), Some(4406))
    );
    let ping = json!({ "kind": "ping", "n": 1 });
    assert_eq!(
        why(Message::text(ping.to_string()), false).await,
        ("no_hello".into(), Some(4408))
    );
    assert_eq!(
        why(Message::binary(vec![1, 2, 3]), true).await,
        ("not_text".into(), Some(1003))
    );
    let large = "x".repeat(256 * 1024 + 1);
    assert_eq!(
        why(Message::text(large), true).await,
        ("too_large".into(), Some(1009))
    );
    // What is no WebSocket.
    let control = |data: Vec<u8>, fin| {
        let mut frame = Frame::ping(data);
        frame.header_mut().is_final = fin;
        frame
    };
    let data = |kind, data: Vec<u8>, fin| Frame::message(data, OpCode::Data(kind), fin);
    let mut compressed = data(Data::Text, b"{}".to_vec(), true);
    compressed.header_mut().rsv1 = true;
    let mut unknown = data(Data::Text, b"{}".to_vec(), true);
    unknown.header_mut().opcode = OpCode::Data(Data::Reserved(3));
    for frame in [
        control(vec![b'x'; 126], true),
        control(Vec::new(), false),
        data(Data::Continue, b"{}".to_vec(), true),
        unknown,
        compressed,
    ] {
        let named = frame.to_string();
        let ended = why(Message::Frame(frame), true).await;
        assert_eq!(ended, ("protocol".into(), Some(1002)), "{named}");
    }
    assert_eq!(
        why(Message::Frame(data(Data::Text, vec![0xff, 0xfe], true)), true).await,
        ("not_utf8".into(), Some(1007))
    );
    // Frames that bring nothing: bytes count even if no message comes of them.
    let mut page = LivePage::open(server.place(), &anna).await;
    page.send(Message::Frame(data(Data::Text, b"{".to_vec(), false)))
        .await;
    for _ in 0..100_000 {
        page.send(Message::Frame(data(Data::Continue, Vec::new(), false)))
            .await;
    }
    page.send(Message::Frame(data(Data::Continue, b"}".to_vec(), true)))
        .await;
    let (ended, before) = page.end().await;
    assert_eq!(before, Vec::<Value>::new());
    assert!(ended.close.is_none_or(|code| code == 1009), "{ended:?}");
    let mut page = LivePage::open(server.place(), &anna).await;
    for number in 0..10_000 {
        page.send(Message::text(json!({ "kind": "ping", "n": number }).to_string()))
            .await;
    }
    let (ended, before) = page.end().await;
    assert!(before.len() <= 300, "{} were answered", before.len());
    assert!(ended.close.is_none_or(|code| code == 4429), "{ended:?}");
    // Nobody else is slower for it.
    LivePage::open(server.place(), &anna).await.settle().await;
    server.finish().await;
}

/// S1: a page that was away is told what it missed, or to fetch again; after a restart always the latter.
#[tokio::test(flavor = "multi_thread")]
async fn s1_a_page_that_was_away_learns_what_it_missed() {
    let (server, anna) = TestServer::set_up().await;
    let (patient, entry) = visit(&anna, &json!({})).await;
    let path = format!("/api/v1/patients/{patient}");
    let mut page = LivePage::silent(server.place(), &anna).await;
    let mark = page.hello(None).await["since"]
        .as_str()
        .expect("a mark")
        .to_owned();
    page.watch(&patient).await;
    let image = anna.store(&patient, made(1)).await;
    let mut since = mark;
    for (what, of) in [
        ("images", json!(null)),
        ("workspace", json!(entry)),
        ("details", json!(null)),
        ("entries", json!(null)),
        ("tags", json!(null)),
        ("consents", json!(null)),
        ("comparisons", json!(null)),
    ] {
        match what {
            "workspace" => drop(
                anna.post(
                    format!("{path}/entries/{entry}/workspace"),
                    &json!({ "add": [image] }),
                )
                .await
                .expect(200),
            ),
            "details" => drop(
                anna.patch(
                    &path,
                    &json!({ "version": anna.patient(&patient).await["version"], "firstName": "Eva" }),
                )
                .await
                .expect(200),
            ),
            "entries" => drop(anna.post(format!("{path}/entries"), &json!({})).await.expect(201)),
            "tags" => drop(
                anna.post(
                    "/api/v1/tag-categories",
                    &json!({ "name": "Phase 2", "colour": "teal" }),
                )
                .await,
            ),
            "consents" => drop(anna.give_consent(&patient).await),
            "comparisons" => {
                let second = anna.store(&patient, made(2)).await;
                page.hear("changed").await;
                let group = json!({ "mode": "grid", "images": [image, second] });
                anna.post(format!("{path}/entries/{entry}/comparisons"), &group)
                    .await
                    .expect(201);
            }
            _ => {}
        }
        let changed = page.hear("changed").await;
        assert_eq!(changed["what"], what, "{changed}");
        if what == "workspace" {
            assert_eq!(changed["entry"], of);
        }
        since = changed["since"].as_str().expect("a mark").to_owned();
    }
    let page = page;
    anna.post(format!("{path}/entries"), &json!({})).await.expect(201);
    let mut page = page.again(server.place(), &anna, Some(&since)).await;
    let missed = page.settle().await;
    assert_eq!(missed.len(), 1, "{missed:?}");
    assert_eq!(missed[0]["what"], "entries");
    for unknown in ["0.1", "x"] {
        let mut stranger = LivePage::silent(server.place(), &anna).await;
        stranger.hello(Some(unknown)).await;
        let told = stranger.settle().await;
        assert_eq!(
            told.iter().any(|it| it["kind"] == "resync"),
            unknown != "x",
            "{told:?}"
        );
    }
    page.say(&json!({ "kind": "unwatch", "patient": patient })).await;
    page.settle().await;
    anna.post(format!("{path}/entries"), &json!({})).await.expect(201);
    assert_eq!(page.settle().await, Vec::<Value>::new());
    // Another account hears nothing of it.
    server.finish().await;
}

/// Bounds: a client that does not read is dropped and told why; nobody who types waits for it.
#[tokio::test(flavor = "multi_thread")]
async fn s1_a_client_that_does_not_read_is_dropped() {
    let (server, anna) = TestServer::set_up().await;
    let (patient, entry) = visit(&anna, &json!({})).await;
    let mut sleeper = LivePage::open(server.place(), &anna).await;
    sleeper.open_entry(&patient, &entry).await;
    let mut watcher = LivePage::open(server.place(), &anna).await;
    watcher.open_entry(&patient, &entry).await;
    let mut others = watcher.hear("presence").await["others"].take();
    assert_eq!(others.as_array().map(Vec::len), Some(1));
    let dropped = tokio::spawn(async move {
        while others != json!([]) {
            others = watcher.hear("presence").await["others"].take();
        }
        // It reads again, and finds out.
        let (ended, before) = sleeper.end().await;
        watcher.settle().await;
        (ended, before.len())
    });
    let path = format!("/api/v1/patients/{patient}/entries/{entry}");
    let (mut versions, mut longest) = (0..2000_u64, Duration::ZERO);
    while !dropped.is_finished() {
        let version = versions.next().expect("it is dropped before so many changes");
        // Every other one fills what the sockets hold, beyond the queue.
        let text = if version % 2 == 0 {
            "x".repeat(60_000)
        } else {
            String::new()
        };
        let began = Instant::now();
        anna.patch(&path, &json!({ "versions": { "notes": version }, "notes": text }))
            .await
            .expect(200);
        longest = longest.max(began.elapsed());
    }
    let (ended, before) = dropped.await.expect("it was dropped");
    assert_eq!((ended.code.as_deref(), ended.close), (Some("slow"), Some(4413)));
    // What the sockets held; the queue was thrown away.
    assert!(before < 1000, "{before} messages were kept for it");
    // One message may wait for ten seconds: whoever types does not wait for it.
    assert!(longest < Duration::from_secs(5), "{longest:?}");
    server.finish().await;
}

/// Bounds: half a message changes nothing, however it is cut; one in pieces is whole; 256 KiB and notes of 64 KiB are the most.
#[tokio::test(flavor = "multi_thread")]
async fn s1_a_message_counts_when_it_is_whole_and_not_too_large() {
    let (server, anna) = TestServer::set_up().await;
    let (patient, entry) = visit(&anna, &json!({ "notes": "one" })).await;
    let at = (patient.as_str(), entry.as_str());
    let mut page = LivePage::open(server.place(), &anna).await;
    let edit = page.edit(at, "notes", 0, splice("one", "two"));
    page.half(&edit).await;
    let mut page = page.again(server.place(), &anna, None).await;
    let text = edit.to_string();
    let (start, rest) = text.split_at(20);
    page.pieces(&[start, rest], false).await;
    let mut page = page.again(server.place(), &anna, None).await;
    assert_eq!(detail(&anna, at).await["notes"], "one");
    page.pieces(&[start, "", rest], true).await;
    assert_eq!(page.hear("ack").await["version"], 1);
    assert_eq!(page.answer_to(&edit).await["version"], 1);
    // As long as notes may be, of what takes the most bytes as JSON but for characters that are not allowed.
    let full = "\n\"".repeat(32 * 1024);
    assert_eq!(page.type_on(at, 1, "two", &full).await["version"], 2);
    let over = page.edit(at, "notes", 2, splice(&full, &format!("{full}x")));
    assert_eq!(page.answer_to(&over).await["code"], "too_long");
    let ping = json!({ "kind": "ping", "n": 1 }).to_string();
    let padded = format!("{ping}{}", " ".repeat(256 * 1024 - ping.len()));
    page.send(Message::text(padded)).await;
    page.hear("pong").await;
    let piece = "x".repeat(64 * 1024);
    page.pieces(&[&piece, &piece, &piece, &piece, "x"], true).await;
    let (ended, _) = page.end().await;
    assert!(ended.close.is_none_or(|code| code == 1009), "{ended:?}");
    assert_eq!(detail(&anna, at).await["notes"], full);
    server.finish().await;
}

/// W1: over HTTP/2 a page opens its WebSocket on the connection that it has (RFC 8441).
#[tokio::test(flavor = "multi_thread")]
async fn w1_http_2_opens_a_websocket_on_the_connection_it_has() {
    let (server, anna) = TestServer::set_up().await;
    let (patient, entry) = visit(&anna, &json!({ "notes": "one" })).await;
    let mut page = LivePage::over_http2(server.place(), &anna).await;
    let opened = page.open_entry(&patient, &entry).await;
    assert_eq!(opened["notes"], "one");
    let ack = page.type_on((&patient, &entry), 0, "one", "two").await;
    assert_eq!(ack["version"], 1);
    anna.delete("/api/v1/sessions").await.expect(204);
    assert_eq!(page.end().await.0.close, Some(4401));
    server.finish().await;
}

/// A7, C13: what a page opens or sends again by itself keeps no session alive; what somebody does keeps it.
#[tokio::test(flavor = "multi_thread")]
async fn a7_what_a_page_does_by_itself_keeps_no_session() {
    let (server, anna) = TestServer::set_up().await;
    let (patient, entry) = visit(&anna, &json!({ "notes": "one" })).await;
    let at = (patient.as_str(), entry.as_str());
    let mut page = LivePage::open(server.place(), &anna).await;
    let open = json!({ "kind": "open", "ref": 1, "patient": patient, "entry": entry });
    let mut again = open.clone();
    again["again"] = json!(true);
    let edit = page.edit(at, "notes", 0, splice("one", "two"));
    let ack = page.answer_to(&edit).await;
    let mut repeated = edit.clone();
    repeated["again"] = json!(true);
    // Sixteen minutes in which somebody opens the visit: the session holds.
    for _ in 0..2 {
        server.clock.advance(8 * 60);
        page.say(&open).await;
        page.hear("opened").await;
    }
    // As long by itself.
    server.clock.advance(8 * 60);
    page.say(&again).await;
    page.hear("opened").await;
    assert_eq!(page.answer_to(&repeated).await, ack, "it is the same edit");
    server.clock.advance(8 * 60);
    page.say(&again).await;
    let (ended, before) = page.end().await;
    assert_eq!(ended.close, Some(4401), "{before:?}");
    server.finish().await;
}

/// S1: who has a visit open is told four times a second at most, and then as it is.
#[tokio::test(flavor = "multi_thread")]
async fn s1_presence_is_told_at_a_pace() {
    let (server, anna) = TestServer::set_up().await;
    let (patient, entry) = visit(&anna, &json!({})).await;
    let mut page = LivePage::open(server.place(), &anna).await;
    let mut other = LivePage::open(server.place(), &anna).await;
    page.open_entry(&patient, &entry).await;
    let since = Instant::now();
    other.open_entry(&patient, &entry).await;
    for number in 0..150 {
        let field = if number % 2 == 0 { "title" } else { "appointmentAt" };
        other
            .say(&json!({ "kind": "presence", "entry": entry, "field": field }))
            .await;
    }
    other
        .say(&json!({ "kind": "presence", "entry": entry, "field": "notes" }))
        .await;
    let mut told = 0_u128;
    loop {
        told += 1;
        let others = page.hear("presence").await["others"].take();
        if others[0]["field"] == "notes" {
            break;
        }
    }
    let most = since.elapsed().as_millis() / 250 + 2;
    assert!(told <= most, "{told} of 151 in {:?}", since.elapsed());
    server.finish().await;
}
