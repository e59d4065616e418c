//! Uploads that go on inside a file (I4): in parts, after a lost connection, after a restart.

use std::time::Duration;

use cutis_domain::{Caller, Clock as _};
use cutis_tests::actors::{id_of, results};
use cutis_tests::client::{Answer, Client, File, fresh_key, upload_call};
use cutis_tests::database::trail_text;
use cutis_tests::images::{made, padded};
use cutis_tests::parts::Parts;
use cutis_tests::server::PASSWORD;
use cutis_tests::{SignedIn, TestServer};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::time::timeout;

const DAY: i64 = 24 * 3600;
const PATIENCE: Duration = Duration::from_secs(25);

fn jpeg(number: u64) -> File {
    File::new("Arm left.jpg", made(number))
}

async fn begun(anna: &SignedIn, patient: &str, number: u64) -> Parts {
    let parts = Parts::new(patient, &fresh_key(), 0, jpeg(number));
    let state = anna.send(parts.declare()).await.expect(200);
    assert_eq!((&state["offset"], &state["result"]), (&json!(0), &Value::Null));
    parts
}

fn offset(answer: &Answer) -> usize {
    let state = answer.expect(200);
    usize::try_from(state["offset"].as_u64().expect("an offset")).expect("small")
}

fn outcome(answer: &Answer) -> (String, String) {
    let result = &answer.expect(200)["result"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&result["outcome"]), text(&result["reason"]["code"]))
}

fn pair(outcome: &str, code: &str) -> (String, String) {
    (outcome.to_owned(), code.to_owned())
}

async fn image_count(anna: &SignedIn, patient: &str) -> u64 {
    anna.patient(patient).await["imageCount"]
        .as_u64()
        .expect("a count")
}

/// How many files lie in the folder of unfinished uploads.
fn staged(server: &TestServer) -> usize {
    fn count(path: &std::path::Path) -> usize {
        let Ok(entries) = std::fs::read_dir(path) else {
            return 1;
        };
        entries.map(|entry| count(&entry.expect("an entry").path())).sum()
    }
    count(&server.data.staging())
}

fn beside(server: &TestServer, who: &SignedIn) -> Client {
    let client = Client::new(server.place().clone());
    client.set_cookie(who.cookie());
    client
}

/// In parts of every size, asked again in between, and then in one piece under the same key: one image, byte for byte,
/// with the events of one.
#[tokio::test(flavor = "multi_thread")]
async fn i4_in_parts_it_is_stored_once() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let parts = begun(&anna, &patient, 1).await;
    let length = parts.length();
    let mut at = 0;
    for size in [1, 700, 0, 4096, 65_536, 65_537].into_iter().cycle() {
        let end = length.min(at + size);
        let answer = anna.send(parts.part(at..end)).await;
        at = end;
        if at == length && answer.expect(200)["result"] != Value::Null {
            assert_eq!(outcome(&answer), pair("stored", ""));
            break;
        }
        assert_eq!(offset(&answer), at, "acknowledged");
        assert_eq!(offset(&anna.send(parts.declare()).await), at, "asked");
    }
    assert_eq!(staged(&server), 0, "nothing of it is left there");
    let again = anna.send(parts.declare()).await;
    assert_eq!(
        outcome(&again),
        pair("stored", ""),
        "the answer was lost: {again}"
    );
    let key = parts.path.rsplit('/').nth(1).expect("a key").to_owned();
    let whole = results(
        &anna
            .send(upload_call(&patient, &key, std::slice::from_ref(&parts.file)))
            .await,
    );
    assert_eq!(whole[0]["outcome"], "stored");
    assert_eq!(whole[0]["image"]["id"], again.json()["result"]["image"]["id"]);
    assert_eq!(whole[0]["image"]["fileName"], "Arm left.jpg");
    assert_eq!(image_count(&anna, &patient).await, 1);
    let image = id_of(&whole[0]["image"]);
    let original = anna
        .get(format!(
            "/api/v1/patients/{patient}/images/{image}/original?purpose=clinical_record"
        ))
        .await;
    assert_eq!(original.body, parts.file.bytes);
    let trail = trail_text(&server.data.database());
    assert_eq!(trail.matches("upload.begun").count(), 1, "not one event a part");
    assert_eq!(trail.matches("image.stored").count(), 1);
    // The other way about: what came in one piece need not come in parts.
    let other = Parts::new(&patient, &fresh_key(), 0, jpeg(2));
    let key = other.path.rsplit('/').nth(1).expect("a key").to_owned();
    anna.send(upload_call(&patient, &key, std::slice::from_ref(&other.file)))
        .await
        .expect(200);
    assert_eq!(outcome(&anna.send(other.declare()).await), pair("stored", ""));
    let twin = Parts::new(&patient, &fresh_key(), 3, jpeg(2));
    assert_eq!(
        outcome(&anna.send(twin.declare()).await),
        pair("duplicate", "duplicate")
    );
    server.finish().await;
}

/// The answer to the part that completed the file was lost: the same part again is answered with the result, and so is an
/// empty one at the end. What was never stored is not there, nor is what somebody else stored (A10).
#[tokio::test(flavor = "multi_thread")]
async fn i4_the_last_part_sent_again_is_answered_with_the_result() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let parts = begun(&anna, &patient, 1).await;
    let length = parts.length();
    assert_eq!(offset(&anna.send(parts.part(0..100)).await), 100);
    let first = anna.send(parts.part(100..length)).await.expect(200);
    let before = server.content();
    for range in [100..length, length..length, 0..length] {
        let events = server.events();
        let again = anna.send(parts.part(range)).await.expect(200);
        assert_eq!(again, first);
        assert_eq!(server.events(), events + 1, "it shows the photo (U3)");
    }
    assert_eq!(server.content(), before);
    // Declared again, it says that it is whole; there is nothing to discard, and the photo stays.
    assert_eq!(anna.send(parts.declare()).await.expect(200), first);
    assert_eq!(offset(&anna.send(parts.declare()).await), length);
    anna.send(parts.discard()).await.problem(404, "not_found");
    assert_eq!(server.content(), before);
    anna.send(parts.bytes_at(length, vec![1]))
        .await
        .problem(413, "too_large");
    let ben = server.add_account("ben", false, true).await;
    ben.send(parts.part(100..length)).await.problem(404, "not_found");
    let other = anna.create_patient("p-2").await;
    let elsewhere = Parts {
        path: parts.path.replace(&patient, &other),
        ..parts.clone()
    };
    anna.send(elsewhere.part(100..length))
        .await
        .problem(404, "not_found");
    // Nothing is kept of what was not taken.
    let text = Parts::new(&patient, &fresh_key(), 0, File::new("a.jpg", b"words".to_vec()));
    anna.send(text.declare()).await.expect(200);
    assert_eq!(
        outcome(&anna.send(text.part(0..5)).await),
        pair("refused", "unsupported")
    );
    anna.send(text.part(0..5)).await.problem(404, "not_found");
    assert_eq!(image_count(&anna, &patient).await, 1);
    server.finish().await;
}

/// A client that has the bytes no more asks by the key alone: it hears of its own file of this patient, however that was sent,
/// and of nothing else (A10). Asking changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn i4_a_file_is_found_by_its_key_alone() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let parts = Parts::new(&patient, &fresh_key(), 0, jpeg(1));
    anna.send(parts.ask()).await.problem(404, "not_found");
    anna.send(parts.declare()).await.expect(200);
    assert_eq!(offset(&anna.send(parts.ask()).await), 0);
    assert_eq!(offset(&anna.send(parts.part(0..100)).await), 100);
    let (events, before) = (server.events(), server.content());
    let asked = anna.send(parts.ask()).await;
    assert_eq!((offset(&asked), &asked.json()["result"]), (100, &Value::Null));
    assert_eq!((server.events(), server.content()), (events, before));
    let stored = anna.send(parts.part(100..parts.length())).await.expect(200);
    let events = server.events();
    assert_eq!(anna.send(parts.ask()).await.expect(200), stored);
    assert_eq!(server.events(), events + 1, "it shows the photo (U3)");

    let key = fresh_key();
    let files = [
        jpeg(2),
        File::new("b.jpg", made(3)),
        File::new("c.jpg", b"words".to_vec()),
        jpeg(1),
    ];
    let whole = results(&anna.send(upload_call(&patient, &key, &files)).await);
    let at = |index: usize| Parts::new(&patient, &key, index, files[index].clone());
    for index in [0, 1] {
        let found = anna.send(at(index).ask()).await.expect(200)["result"].clone();
        assert_eq!(found["outcome"], "stored");
        assert_eq!(found["image"]["id"], whole[index]["image"]["id"]);
        assert_eq!(found["name"], files[index].name.as_str());
    }
    // Nothing is kept of what was refused or was a duplicate, and the fifth file was never sent.
    for index in [2, 3] {
        anna.send(at(index).ask()).await.problem(404, "not_found");
    }
    let never = Parts::new(&patient, &key, 4, jpeg(9));
    anna.send(never.ask()).await.problem(404, "not_found");
    let beyond = Parts::new(&patient, &key, 200, jpeg(9));
    anna.send(beyond.ask()).await.problem(404, "not_found");

    let ben = server.add_account("ben", false, true).await;
    let theirs = ben.create_patient("p-1").await;
    let other = anna.create_patient("p-2").await;
    let open = begun(&anna, &patient, 4).await;
    for mine in [&parts, &at(0), &open] {
        ben.send(mine.ask()).await.problem(404, "not_found");
        for (who, elsewhere) in [(&ben, &theirs), (&anna, &other)] {
            let path = mine.path.replace(&patient, elsewhere);
            let moved = Parts { path, ..mine.clone() };
            who.send(moved.ask()).await.problem(404, "not_found");
        }
    }
    server.finish().await;
}

/// A lost connection: what arrived is there, and the rest is sent from there.
#[tokio::test(flavor = "multi_thread")]
async fn i4_a_lost_connection_costs_no_byte_that_arrived() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let parts = begun(&anna, &patient, 1).await;
    let (length, sent) = (parts.length(), parts.length() / 2);
    let cookie = anna.cookie().expect("signed in");
    let stream = parts.begin_part(server.place(), &cookie, 0..length, sent).await;
    drop(stream);
    let arrived = async {
        while offset(&anna.send(parts.declare()).await) < sent {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, arrived)
        .await
        .expect("all that was sent is kept");
    assert_eq!(
        outcome(&anna.send(parts.part(sent..length)).await),
        pair("stored", "")
    );
    server.finish().await;
}

/// Two at once: the later goes on from exactly what the earlier has brought, and the earlier is told.
#[tokio::test(flavor = "multi_thread")]
async fn i4_of_two_senders_the_later_goes_on() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let parts = begun(&anna, &patient, 1).await;
    let (length, sent) = (parts.length(), parts.length() / 3);
    let cookie = anna.cookie().expect("signed in");
    let mut first = parts.begin_part(server.place(), &cookie, 0..length, sent).await;
    let second = beside(&server, &anna);
    // Which of the two begins first is for the server to settle: until the second one goes on with what the first brought.
    let at = async {
        loop {
            let answer = second.send(parts.part(0..0)).await;
            if answer.status == 200 {
                first = parts.begin_part(server.place(), &cookie, 0..length, sent).await;
                continue;
            }
            let at = answer.problem(409, "conflict")["offset"]
                .as_u64()
                .expect("an offset");
            if at > 0 {
                break usize::try_from(at).expect("small");
            }
        }
    };
    let at = timeout(PATIENCE, at).await.expect("told where to go on");
    assert!(0 < at && at <= sent, "{at} of {sent}");
    let mut heard = [0; 12];
    timeout(PATIENCE, first.read_exact(&mut heard))
        .await
        .expect("in time")
        .expect("an answer");
    assert_eq!(&heard, b"HTTP/1.1 409");
    assert_eq!(
        outcome(&second.send(parts.part(at..length)).await),
        pair("stored", "")
    );
    assert_eq!(image_count(&anna, &patient).await, 1);
    server.finish().await;
}

/// Everything that is wrong is named, and changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn i4_what_does_not_fit_is_named() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let parts = begun(&anna, &patient, 1).await;
    let length = parts.length();
    assert_eq!(offset(&anna.send(parts.part(0..100)).await), 100);
    for wrong in [0, 99, 101, length, usize::MAX] {
        let problem = anna
            .send(parts.bytes_at(wrong, vec![1; 10]))
            .await
            .problem(409, "conflict");
        assert_eq!(problem["offset"], 100, "{wrong}");
    }
    let beyond = vec![1; length - 99];
    anna.send(parts.bytes_at(100, beyond))
        .await
        .problem(413, "too_large");
    assert_eq!(offset(&anna.send(parts.declare()).await), 100, "nothing of it");
    let without = cutis_tests::client::Call::new("PATCH", format!("{}/content", parts.path));
    let octets = |call: cutis_tests::client::Call| call.body("application/octet-stream", vec![1; 3]);
    assert_eq!(
        anna.send(octets(without.clone())).await.refuses("Upload-Offset"),
        "missing"
    );
    for sent in ["-1", "+1", "0100", "0x1", "1.0", "", "18446744073709551616"] {
        let call = octets(
            without
                .clone()
                .header("upload-offset", format!("{sent} ").trim_end().to_owned()),
        );
        anna.send(call).await.refuses("Upload-Offset");
    }
    let typed = without
        .clone()
        .header("upload-offset", "100")
        .body("text/plain", vec![1; 3]);
    anna.send(typed).await.problem(415, "unsupported_media_type");
    for (field, body) in [
        ("sha256", json!({ "name": "a", "bytes": 1, "sha256": "00" })),
        ("bytes", json!({ "name": "a", "bytes": -1, "sha256": "00" })),
        ("name", json!({ "bytes": 1, "sha256": "00".repeat(32) })),
        (
            "extra",
            json!({ "name": "a", "bytes": 1, "sha256": "00".repeat(32), "extra": 1 }),
        ),
    ] {
        anna.send(cutis_tests::client::Call::new("PUT", parts.path.clone()).json(&body))
            .await
            .refuses(field);
    }
    for index in ["200", "65536", "-1", "x", "+0", "00", "%2B0"] {
        let path = parts.path.replace("/0", &format!("/{index}"));
        let path = if path == parts.path {
            format!("{}{index}", parts.path.trim_end_matches('0'))
        } else {
            path
        };
        let call = cutis_tests::client::Call::new("PUT", path).json(&parts.declaration());
        anna.send(call).await.problem(404, "not_found");
    }
    let unknown = Parts::new(&patient, &fresh_key(), 0, jpeg(5));
    anna.send(unknown.part(0..10)).await.problem(404, "not_found");
    anna.send(unknown.discard()).await.problem(404, "not_found");
    // Nothing has to be sent of what won't be taken.
    let empty = Parts::new(&patient, &fresh_key(), 0, File::new("a.jpg", Vec::new()));
    assert_eq!(
        outcome(&anna.send(empty.declare()).await),
        pair("refused", "empty")
    );
    let mut large = parts.declaration();
    large["bytes"] = json!((16 << 20) + 1);
    let call = cutis_tests::client::Call::new("PUT", unknown.path.clone()).json(&large);
    assert_eq!(outcome(&anna.send(call).await), pair("refused", "too_large"));
    // Another file under the same key.
    let other = Parts {
        file: jpeg(6),
        ..parts.clone()
    };
    assert_eq!(
        outcome(&anna.send(other.declare()).await),
        pair("refused", "key_reused")
    );
    assert_eq!(
        offset(&anna.send(parts.declare()).await),
        100,
        "the first is as it was"
    );
    anna.send(parts.discard()).await.expect(204);
    assert_eq!((staged(&server), image_count(&anna, &patient).await), (0, 0));
    anna.send(parts.discard()).await.problem(404, "not_found");
    server.finish().await;
}

/// C30: bytes that are not those of the file that was declared are refused by name, nothing is stored and nothing
/// stays. So is what no photo can be.
#[tokio::test(flavor = "multi_thread")]
async fn c30_different_bytes_are_refused() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let parts = begun(&anna, &patient, 1).await;
    let length = parts.length();
    anna.send(parts.part(0..length / 2)).await.expect(200);
    let mut tail = parts.file.bytes.slice(length / 2..).to_vec();
    tail[10] ^= 1;
    let answer = anna.send(parts.bytes_at(length / 2, tail)).await;
    assert_eq!(outcome(&answer), pair("refused", "different_bytes"));
    let reason = &answer.json()["result"]["reason"];
    assert!(
        reason["advice"].as_str().is_some_and(|advice| !advice.is_empty()),
        "{reason}"
    );
    assert_eq!((staged(&server), image_count(&anna, &patient).await), (0, 0));
    assert!(trail_text(&server.data.database()).contains("different_bytes"));
    // The right bytes still go in.
    assert_eq!(offset(&anna.send(parts.declare()).await), 0);
    assert_eq!(
        outcome(&anna.send(parts.part(0..length)).await),
        pair("stored", "")
    );
    let text = Parts::new(
        &patient,
        &fresh_key(),
        0,
        File::new("a.jpg", b"just some words".to_vec()),
    );
    anna.send(text.declare()).await.expect(200);
    assert_eq!(
        outcome(&anna.send(text.part(0..15)).await),
        pair("refused", "unsupported")
    );
    assert_eq!(staged(&server), 0);
    server.finish().await;
}

/// N2: consent is asked before the first byte, before each part, and when the image is stored; what was staged goes with it.
#[tokio::test(flavor = "multi_thread")]
async fn n2_consent_that_is_taken_back_ends_an_upload() {
    let (server, anna) = TestServer::set_up_with_consent("required").await;
    let patient = anna.create_patient("p-1").await;
    let parts = Parts::new(&patient, &fresh_key(), 0, jpeg(1));
    anna.send(parts.declare()).await.problem(422, "consent_required");
    assert_eq!(staged(&server), 0);
    let given = anna.give_consent(&patient).await;
    anna.send(parts.declare()).await.expect(200);
    let length = parts.length();
    anna.send(parts.part(0..100)).await.expect(200);
    // A part is under way while consent is taken back: the unit that would store refuses.
    let cookie = anna.cookie().expect("signed in");
    let mut stream = parts
        .begin_part(server.place(), &cookie, 100..length, length - 101)
        .await;
    let revoke = format!("/api/v1/patients/{patient}/consents/{given}/revocation");
    let revoked = anna.post(revoke, &json!({ "reason": "asked for" })).await;
    assert!(revoked.status < 300, "{revoked}");
    tokio::io::AsyncWriteExt::write_all(&mut stream, &parts.file.bytes[length - 1..])
        .await
        .expect("sent");
    let mut heard = [0; 12];
    timeout(PATIENCE, stream.read_exact(&mut heard))
        .await
        .expect("in time")
        .expect("an answer");
    assert_eq!(&heard, b"HTTP/1.1 422");
    assert_eq!((staged(&server), image_count(&anna, &patient).await), (0, 0));
    anna.send(parts.declare()).await.problem(422, "consent_required");
    // And between two parts.
    let given = anna.give_consent(&patient).await;
    anna.send(parts.declare()).await.expect(200);
    anna.send(parts.part(0..100)).await.expect(200);
    let revoke = format!("/api/v1/patients/{patient}/consents/{given}/revocation");
    anna.post(revoke, &json!({ "reason": "asked for" })).await;
    anna.send(parts.part(100..length))
        .await
        .problem(422, "consent_required");
    assert_eq!((staged(&server), image_count(&anna, &patient).await), (0, 0));
    server.finish().await;
}

/// A10, N6: another owner's upload is not found, whoever asks and however; a device in a patient's hands sends none.
#[tokio::test(flavor = "multi_thread")]
async fn a10_n6_an_upload_belongs_to_its_owner() {
    let (server, anna) = TestServer::set_up().await;
    let ben = server.add_account("ben", false, true).await;
    let patient = anna.create_patient("p-1").await;
    let parts = begun(&anna, &patient, 1).await;
    anna.send(parts.part(0..100)).await.expect(200);
    for call in [parts.declare(), parts.part(100..200), parts.discard()] {
        ben.send(call).await.problem(404, "not_found");
    }
    // Under the same key, for a patient of his own, it is another.
    let own = ben.create_patient("p-1").await;
    let key = parts.path.rsplit('/').nth(1).expect("a key").to_owned();
    let his = Parts::new(&own, &key, 0, jpeg(1));
    assert_eq!(offset(&ben.send(his.declare()).await), 0);
    anna.post("/api/v1/session/hand-over", &json!({ "patientId": patient }))
        .await
        .expect(204);
    for call in [parts.declare(), parts.part(100..200), parts.discard()] {
        anna.send(call).await.problem(403, "handed_over");
    }
    anna.post("/api/v1/session/confirmation", &json!({ "password": PASSWORD }))
        .await
        .expect(204);
    assert_eq!(offset(&anna.send(parts.declare()).await), 100);
    server.finish().await;
}

/// I1: what lies there is sealed, and says neither what it is nor what it is called.
#[tokio::test(flavor = "multi_thread")]
async fn i1_nothing_lies_in_the_clear() {
    fn all(path: &std::path::Path, found: &mut Vec<Vec<u8>>) {
        for entry in std::fs::read_dir(path).expect("readable") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                all(&path, found);
            } else {
                found.push(std::fs::read(path).expect("readable"));
            }
        }
    }
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let parts = begun(&anna, &patient, 1).await;
    let length = parts.length();
    anna.send(parts.part(0..length - 1)).await.expect(200);
    let mut files = Vec::new();
    all(&server.data.staging(), &mut files);
    assert!(files.len() >= 2);
    let needles = [
        &parts.file.bytes[length / 2..length / 2 + 24],
        b"Arm left",
        b"\xFF\xD8\xFF",
    ];
    for file in files {
        for needle in needles {
            assert!(!file.windows(needle.len()).any(|window| window == needle));
        }
    }
    server.finish().await;
}

/// A day, by the server's clock; seen in the trail; and a clock that jumped loses nothing but what must be sent again.
#[tokio::test(flavor = "multi_thread")]
async fn i4_an_unfinished_upload_ends_after_a_day() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let parts = begun(&anna, &patient, 1).await;
    anna.send(parts.part(0..100)).await.expect(200);
    let kept = begun(&anna, &patient, 2).await;
    server.clock.advance(DAY - 1);
    let records = server.serving().opened.api.records.clone();
    assert_eq!(
        records.expire_uploads(&Caller::system()).await.expect("swept"),
        (0, 2)
    );
    let anna = server.sign_in("anna").await;
    let state = anna.send(parts.declare()).await.expect(200);
    assert_eq!(state["offset"], 100);
    assert_eq!(state["expiresAt"], server.clock.now().plus_seconds(1).to_string());
    server.clock.advance(1);
    // Over even before it is swept.
    anna.send(parts.part(100..200)).await.problem(404, "not_found");
    assert_eq!(offset(&anna.send(parts.declare()).await), 0, "it begins again");
    assert_eq!(
        records.expire_uploads(&Caller::system()).await.expect("swept"),
        (1, 1)
    );
    let trail = trail_text(&server.data.database());
    assert!(
        trail.contains("upload.discarded") && trail.contains("expired"),
        "{trail}"
    );
    anna.send(kept.part(0..1)).await.problem(404, "not_found");
    // Set back by a year: what was made "in a year" does not stay until then.
    server.clock.advance(-365 * DAY);
    assert_eq!(
        records.expire_uploads(&Caller::system()).await.expect("swept"),
        (1, 0)
    );
    assert_eq!(staged(&server), 0);
    server.clock.advance(365 * DAY);
    server.finish().await;
}

/// ADR 16: a full disk is told before a byte is read, and what was acknowledged before is there afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn i4_a_full_disk_takes_nothing_and_loses_nothing() {
    use std::sync::atomic::Ordering;
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let parts = begun(&anna, &patient, 1).await;
    anna.send(parts.part(0..100)).await.expect(200);
    server.free.store(0, Ordering::SeqCst);
    let other = Parts::new(&patient, &fresh_key(), 0, jpeg(2));
    anna.send(other.declare()).await.problem(507, "storage_full");
    anna.send(parts.part(100..200)).await.problem(507, "storage_full");
    server.free.store(2 << 20, Ordering::SeqCst);
    let mut large = parts.declaration();
    large["bytes"] = json!(8 << 20);
    let call = cutis_tests::client::Call::new("PUT", other.path.clone()).json(&large);
    anna.send(call).await.problem(507, "storage_full");
    server.free.store(u64::MAX, Ordering::SeqCst);
    assert_eq!(offset(&anna.send(parts.declare()).await), 100);
    let length = parts.length();
    assert_eq!(
        outcome(&anna.send(parts.part(100..length)).await),
        pair("stored", "")
    );
    server.finish().await;
}

/// A restart, and an erased patient: the one loses nothing, the other leaves nothing.
#[tokio::test(flavor = "multi_thread")]
async fn i4_a_restart_goes_on_and_lost_pieces_begin_again() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let parts = begun(&anna, &patient, 1).await;
    let length = parts.length();
    anna.send(parts.part(0..1000)).await.expect(200);
    let folder = server.stop().await;
    let server = TestServer::reopen(folder, "cutis-test", &[]).await;
    let anna = server.sign_in("anna").await;
    assert_eq!(offset(&anna.send(parts.declare()).await), 1000);
    // Somebody changed a piece: it does not open, so the file begins again instead of being stored wrong.
    let stage = walk(&server.data.staging());
    let piece = stage
        .iter()
        .find(|path| path.ends_with("0000000000000000"))
        .expect("a piece");
    let mut bytes = std::fs::read(piece).expect("readable");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(piece, bytes).expect("written");
    anna.send(parts.part(1000..length))
        .await
        .problem(404, "not_found");
    assert_eq!(offset(&anna.send(parts.declare()).await), 0);
    assert_eq!(
        outcome(&anna.send(parts.part(0..length)).await),
        pair("stored", "")
    );
    server.finish().await;
}

fn walk(path: &std::path::Path) -> Vec<std::path::PathBuf> {
    let Ok(entries) = std::fs::read_dir(path) else {
        return vec![path.to_owned()];
    };
    entries
        .flat_map(|entry| walk(&entry.expect("an entry").path()))
        .collect()
}

/// A session that ends in the middle stores nothing (A7); the next one of the same person goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a7_a_session_that_ended_stores_nothing() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let parts = begun(&anna, &patient, 1).await;
    let length = parts.length();
    let cookie = anna.cookie().expect("signed in");
    let mut stream = parts
        .begin_part(server.place(), &cookie, 0..length, length - 1)
        .await;
    let other = server.sign_in("anna").await;
    let arrived = async {
        // The request is known to be under way once it holds the stage: a part of nothing would be told so.
        while offset(&other.send(parts.declare()).await) > 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, arrived).await.expect("asked");
    anna.send(cutis_tests::client::Call::new("DELETE", "/api/v1/session"))
        .await
        .expect(204);
    tokio::io::AsyncWriteExt::write_all(&mut stream, &parts.file.bytes[length - 1..])
        .await
        .expect("sent");
    let mut heard = [0; 12];
    timeout(PATIENCE, stream.read_exact(&mut heard))
        .await
        .expect("in time")
        .expect("an answer");
    assert_eq!(&heard, b"HTTP/1.1 401");
    assert_eq!(image_count(&other, &patient).await, 0);
    assert_eq!(
        offset(&other.send(parts.declare()).await),
        length,
        "kept for whoever signs in again"
    );
    assert_eq!(
        outcome(&other.send(parts.part(length..length)).await),
        pair("stored", "")
    );
    server.finish().await;
}

/// I4: the key of what waits in the browser is the account's own, whenever and wherever it signs in, and nobody else's.
#[tokio::test(flavor = "multi_thread")]
async fn i4_what_waits_in_the_browser_is_for_the_same_account() {
    let (server, anna) = TestServer::set_up().await;
    let key = |who: &SignedIn| who.me["session"]["queueKey"].clone();
    let again = server.sign_in("anna").await;
    assert_eq!(key(&anna).as_str().map(str::len), Some(43));
    assert_eq!(key(&anna), key(&again));
    assert_ne!(anna.me["session"]["sealKey"], again.me["session"]["sealKey"]);
    let ben = server.add_account("ben", false, true).await;
    assert_ne!(key(&ben), key(&anna));
    let manager = server.add_account("manager", true, false).await;
    assert_eq!(key(&manager), Value::Null);
    server.finish().await;
}

/// What docs/API.md shows to integrators works as it stands there.
#[tokio::test(flavor = "multi_thread")]
async fn i4_the_example_in_the_documentation_works() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let document = include_str!("../../docs/API.md");
    let (_, section) = document
        .split_once("**Send a large file in parts**")
        .expect("it is documented");
    let example = section.split("```").nth(1).expect("with an example");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("arm.jpg"), padded(1, 3 << 20)).expect("written");
    // jq and uuidgen are not everywhere; what they are used for here is.
    let script = format!(
        "set -e -o pipefail\n\
         uuidgen() {{ cat /proc/sys/kernel/random/uuid; }}\n\
         jq() {{ case \"$1\" in .offset) sed -E 's/.*\"offset\":([0-9]+).*/\\1/';; *) cat;; esac; }}\n\
         U=https://{}/api/v1; P={patient}\n\
         C=\"curl -sSk -H Sec-Fetch-Site:same-origin -H Cookie:__Host-cutis={}\"\n\
         J=\"-H Content-Type:application/json\"\n{example}",
        server.place().host(),
        anna.cookie().expect("signed in"),
    );
    let output = tokio::process::Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.path())
        .output()
        .await
        .expect("bash runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{said} {}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(said.contains("\"outcome\":\"stored\""), "{said}");
    assert_eq!(image_count(&anna, &patient).await, 1);
    server.finish().await;
}
