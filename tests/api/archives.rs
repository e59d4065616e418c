//! Downloading several photos as one ZIP (I5, R1, U3). What was received is opened by an unpacker that is not ours.

use std::process::Command;
use std::time::{Duration, Instant};

use cutis_tests::actors::{consent, id_of};
use cutis_tests::client::{Answer, Call, File};
use cutis_tests::database::sha256;
use cutis_tests::images::{camera, holds_metadata, jpeg_size, made, padded};
use cutis_tests::{SignedIn, TestServer};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const MIB: usize = 1 << 20;

/// A server, and Anna, who has just entered her password again.
async fn confirmed() -> (TestServer, SignedIn, String) {
    let (server, anna) = TestServer::set_up().await;
    anna.confirm_password().await;
    let patient = anna.create_patient("p-001").await;
    (server, anna, patient)
}

fn order(images: &[String], form: &str, purpose: &str) -> Value {
    json!({ "images": images, "form": form, "purpose": purpose })
}

async fn ask(by: &SignedIn, patient: &str, order: &Value) -> Answer {
    by.post(format!("/api/v1/patients/{patient}/archives"), order)
        .await
}

/// Asks, and fetches.
async fn download(by: &SignedIn, patient: &str, order: &Value) -> Answer {
    let asked = ask(by, patient, order).await.expect(201);
    let answer = by.get(content(&id_of(&asked))).await;
    assert_eq!(answer.status, 200, "{answer}");
    answer
}

fn content(archive: &str) -> String {
    format!("/api/v1/archives/{archive}/content")
}

async fn progress(by: &SignedIn, archive: &str) -> Value {
    by.get(format!("/api/v1/archives/{archive}")).await.expect(200)
}

/// Names and contents of an archive, by Python's unpacker, which compares every checksum.
fn unpacked(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, into) = (folder.path().join("photos.zip"), folder.path().join("out"));
    std::fs::write(&file, zip).expect("written");
    let script = "import sys, zipfile\n\
                  z = zipfile.ZipFile(sys.argv[1])\n\
                  assert z.testzip() is None\n\
                  z.extractall(sys.argv[2])\n\
                  print('\\n'.join(z.namelist()))";
    let output = Command::new("python3")
        .args(["-c", script])
        .args([&file, &into])
        .output()
        .expect("this test needs the program python3");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "the archive can't be unpacked: {said}");
    String::from_utf8(output.stdout)
        .expect("ASCII names")
        .lines()
        .map(|name| (name.to_owned(), std::fs::read(into.join(name)).expect("unpacked")))
        .collect()
}

/// The events of downloads of this patient, oldest first: action, outcome and, of an image, its id.
async fn exports(by: &SignedIn, patient: &str) -> Vec<Value> {
    let mut events = by.activity(patient).await;
    events.retain(|event| {
        let action = event["action"].as_str().unwrap_or_default();
        action.starts_with("image.exported") || action.starts_with("images.export")
    });
    events.reverse();
    events
}

fn actions(events: &[Value]) -> Vec<String> {
    let said = |event: &Value| {
        format!(
            "{} {}",
            event["action"].as_str().unwrap_or_default(),
            event["outcome"].as_str().unwrap_or_default()
        )
    };
    events.iter().map(said).collect()
}

/// Byte for byte, under names that say nothing of the patient; each image recorded.
#[tokio::test(flavor = "multi_thread")]
async fn i5_u3_originals_arrive_byte_for_byte_and_each_is_recorded() {
    let (server, anna, patient) = confirmed().await;
    let files = [
        File::new("Zoe Weiss left arm.jpg", made(1)),
        File::new("../../etc/passwd.jpg", made(2)),
        File::new("CON.jpg", padded(3, 3 * MIB)),
    ];
    let mut images = Vec::new();
    for file in &files {
        let stored = anna.upload(&patient, std::slice::from_ref(file)).await;
        images.push(id_of(&stored[0]["image"]));
    }
    let answer = download(&anna, &patient, &order(&images, "originals", "clinical_record")).await;
    assert_eq!(answer.header("content-type"), "application/zip");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"photos.zip\""
    );
    assert_eq!(answer.header("content-length"), answer.body.len().to_string());
    let unpacked = unpacked(&answer.body);
    let names: Vec<&str> = unpacked.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["001_2026-03-04.jpg", "002_2026-03-04.jpg", "003_2026-03-04.jpg"]
    );
    for ((_, bytes), file) in unpacked.iter().zip(&files) {
        assert_eq!(sha256(bytes), sha256(&file.bytes), "{}", file.name);
    }
    let events = exports(&anna, &patient).await;
    assert_eq!(
        actions(&events),
        [
            "images.export_asked ok",
            "image.exported ok",
            "image.exported ok",
            "image.exported ok",
            "images.export_ended ok"
        ]
    );
    for (event, image) in events[1..4].iter().zip(&images) {
        assert_eq!(event["target"]["id"], json!(image), "{event}");
    }
    server.finish().await;
}

/// As they are shown: turned, without metadata.
#[tokio::test(flavor = "multi_thread")]
async fn i5_i3_renditions_are_turned_and_stripped() {
    let (server, anna, patient) = confirmed().await;
    let File { bytes, .. } = camera::with_position_and_notes();
    let image = anna.store(&patient, bytes.to_vec()).await;
    let turned = json!({ "changes": [{ "images": [{ "id": image }], "set": { "turns": 1 } }] });
    anna.post(format!("/api/v1/patients/{patient}/images/changes"), &turned)
        .await
        .expect(200);
    let answer = download(
        &anna,
        &patient,
        &order(std::slice::from_ref(&image), "display", "patient_copy"),
    )
    .await;
    let unpacked = unpacked(&answer.body);
    assert_eq!(unpacked.len(), 1);
    let (name, shown) = &unpacked[0];
    assert!(name.starts_with("001_") && name.ends_with(".jpg"), "{name}");
    assert!(holds_metadata(&bytes) && !holds_metadata(shown));
    let full = anna
        .get(format!("/api/v1/patients/{patient}/images/{image}/full"))
        .await;
    assert_eq!(jpeg_size(shown), jpeg_size(&full.body));
    assert_eq!(sha256(shown), sha256(&full.body));
    server.finish().await;
}

/// Once, soon, and by the session that asked; headers alone do not count.
#[tokio::test(flavor = "multi_thread")]
async fn i5_a_download_is_fetched_once_and_by_the_session_that_asked() {
    let (server, anna, patient) = confirmed().await;
    let image = anna.store(&patient, made(1)).await;
    let order = order(&[image], "originals", "clinical_record");
    let id = id_of(&ask(&anna, &patient, &order).await.expect(201));
    let elsewhere = server.sign_in("anna").await;
    let ben = server.add_account("ben", false, true).await;
    for other in [&elsewhere, &ben] {
        other.get(content(&id)).await.problem(404, "not_found");
        let state = other.get(format!("/api/v1/archives/{id}")).await;
        state.problem(404, "not_found");
    }
    let head = anna.send(Call::new("HEAD", content(&id))).await;
    assert_eq!(head.status, 200);
    assert_eq!(progress(&anna, &id).await["stage"], "ready");
    let got = anna.get(content(&id)).await;
    assert_eq!(got.header("content-length"), head.header("content-length"));
    anna.get(content(&id)).await.problem(404, "not_found");
    let state = progress(&anna, &id).await;
    assert_eq!(
        (&state["stage"], &state["sent"], &state["of"]),
        (&json!("sent"), &json!(1), &json!(1))
    );
    // One that nobody fetches is gone after two minutes.
    let late = id_of(&ask(&anna, &patient, &order).await.expect(201));
    server.clock.advance(119);
    assert_eq!(progress(&anna, &late).await["stage"], "ready");
    server.clock.advance(1);
    anna.get(content(&late)).await.problem(404, "not_found");
    server.finish().await;
}

/// The password, within ten minutes, under the same limits as signing in.
#[tokio::test(flavor = "multi_thread")]
async fn i5_a8_the_password_is_asked_for_again() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let image = anna.store(&patient, made(1)).await;
    let order = order(&[image], "originals", "clinical_record");
    // Signing in is not entering it again.
    ask(&anna, &patient, &order).await.problem(403, "password_needed");
    let wrong = json!({ "password": "Wrong-password-1" });
    let answer = anna.post("/api/v1/session/confirmation", &wrong).await;
    answer.problem(401, "sign_in_failed");
    ask(&anna, &patient, &order).await.problem(403, "password_needed");
    anna.confirm_password().await;
    ask(&anna, &patient, &order).await.expect(201);
    // Another session of the same account has to do it itself.
    let elsewhere = server.sign_in("anna").await;
    ask(&elsewhere, &patient, &order)
        .await
        .problem(403, "password_needed");
    server.clock.advance(599);
    ask(&anna, &patient, &order).await.expect(201);
    server.clock.advance(1);
    ask(&anna, &patient, &order).await.problem(403, "password_needed");
    server.finish().await;
}

/// One original outside an archive is an export as well: the password, a purpose, and a name that says nothing.
#[tokio::test(flavor = "multi_thread")]
async fn i5_r1_one_original_needs_the_password_and_a_purpose_too() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let file = File::new("Zoe Weiss left arm.jpg", made(1));
    let stored = anna.upload(&patient, std::slice::from_ref(&file)).await;
    let image = id_of(&stored[0]["image"]);
    let path = format!("/api/v1/patients/{patient}/images/{image}/original");
    let fetch = async |asked: &str| anna.send(Call::new("GET", format!("{path}{asked}"))).await;
    let care = "?purpose=clinical_record";
    fetch(care).await.problem(403, "password_needed");
    let entered =
        async || anna.get("/api/v1/session").await.expect(200)["session"]["passwordEntered"].clone();
    assert_eq!(entered().await, false, "signing in does not count");
    anna.confirm_password().await;
    assert_eq!(entered().await, true, "each tab of the browser can ask");
    for asked in ["", "?purpose=", "?purpose=holiday"] {
        assert_eq!(fetch(asked).await.refuses("purpose"), "purpose", "{asked}");
    }
    let problem = fetch("?purpose=teaching").await.problem(422, "consent_required");
    assert_eq!(problem["reason"], "none_recorded");
    let answer = fetch(care).await;
    assert_eq!((answer.status, &answer.body[..]), (200, &file.bytes[..]));
    let name = answer.header("content-disposition").to_owned();
    assert!(name.starts_with("attachment; filename=\"001_"), "{name}");
    assert!(!name.contains("Zoe") && name.ends_with(".jpg\""), "{name}");
    let mut agreed = consent();
    agreed["purposes"] = json!(["clinical_record", "teaching"]);
    let consents = format!("/api/v1/patients/{patient}/consents");
    anna.post(&consents, &agreed).await.expect(201);
    let answer = fetch("?purpose=teaching").await;
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"001.jpg\"",
        "no day for strangers"
    );
    let events = anna.activity(&patient).await;
    let purposes: Vec<&Value> = events
        .iter()
        .filter(|event| event["action"] == "image.original_downloaded")
        .filter_map(|event| {
            let details = event["details"].as_array()?;
            let purpose = details.iter().find(|detail| detail["key"] == "purpose")?;
            Some(&purpose["value"])
        })
        .collect();
    assert_eq!(purposes, ["teaching", "clinical_record"]);
    server.clock.advance(600);
    fetch(care).await.problem(403, "password_needed");
    assert_eq!(entered().await, false);
    server.finish().await;
}

/// Bad input: each named, nothing recorded as if it had left.
#[tokio::test(flavor = "multi_thread")]
async fn i5_bad_orders_are_named_and_export_nothing() {
    let (server, anna, patient) = confirmed().await;
    let image = anna.store(&patient, made(1)).await;
    let other = anna.create_patient("p-002").await;
    let strange = anna.store(&other, made(2)).await;
    let good = |images: &[String]| order(images, "originals", "clinical_record");
    let absent = "018f3c5e-7b1a-7c3d-9a4b-ffffffffffff".to_owned();
    let many: Vec<String> = (0..501)
        .map(|n| format!("018f3c5e-7b1a-7c3d-9a4b-{n:012}"))
        .collect();
    for (images, field, code) in [
        (vec![], "images", "count"),
        (many, "images", "count"),
        (vec![image.clone(), image.clone()], "images[1]", "twice"),
        (vec!["x".to_owned()], "images[0]", "id"),
    ] {
        assert_eq!(ask(&anna, &patient, &good(&images)).await.refuses(field), code);
    }
    let one = [image.clone()];
    let refused = ask(&anna, &patient, &order(&one, "thumbnails", "clinical_record")).await;
    assert_eq!(refused.refuses("form"), "form");
    let refused = ask(&anna, &patient, &order(&one, "display", "holiday")).await;
    assert_eq!(refused.refuses("purpose"), "purpose");
    let unknown = json!({ "images": one, "form": "display", "purpose": "teaching", "to": "me" });
    assert!(ask(&anna, &patient, &unknown).await.status >= 400);
    for image in [&absent, &strange] {
        let both = [one[0].clone(), image.clone()];
        ask(&anna, &patient, &good(&both)).await.problem(404, "not_found");
    }
    let ben = server.add_account("ben", false, true).await;
    ben.confirm_password().await;
    ask(&ben, &patient, &good(&one)).await.problem(404, "not_found");
    assert_eq!(exports(&anna, &patient).await, Vec::<Value>::new());
    server.finish().await;
}

/// Whatever is not care needs the patient's agreement to that very purpose, also while it is sent.
#[tokio::test(flavor = "multi_thread")]
async fn r1_n4_teaching_needs_the_patients_agreement() {
    let (server, anna, patient) = confirmed().await;
    let image = anna.store(&patient, made(1)).await;
    let asked = order(std::slice::from_ref(&image), "display", "teaching");
    let problem = ask(&anna, &patient, &asked)
        .await
        .problem(422, "consent_required");
    assert_eq!(problem["reason"], "none_recorded");
    let mut agreed = consent();
    agreed["purposes"] = json!(["clinical_record", "teaching"]);
    let path = format!("/api/v1/patients/{patient}/consents");
    let given = id_of(&anna.post(&path, &agreed).await.expect(201));
    for purpose in ["publication", "marketing", "research", "treating_clinicians"] {
        let asked = order(std::slice::from_ref(&image), "display", purpose);
        let problem = ask(&anna, &patient, &asked)
            .await
            .problem(422, "consent_required");
        assert_eq!(problem["reason"], "not_agreed", "{purpose}");
    }
    let answer = download(&anna, &patient, &asked).await;
    assert_eq!(unpacked(&answer.body)[0].0, "001.jpg", "no day for strangers");
    // Revoked between asking and fetching.
    let late = id_of(&ask(&anna, &patient, &asked).await.expect(201));
    let reason = json!({ "reason": "changed their mind" });
    let revoked = anna.post(format!("{path}/{given}/revocation"), &reason).await;
    revoked.expect(200);
    assert!(anna.try_send(Call::new("GET", content(&late))).await.is_err());
    let state = progress(&anna, &late).await;
    assert_eq!(
        (&state["stage"], &state["reason"]),
        (&json!("stopped"), &json!("consent_required"))
    );
    // Care goes on.
    download(&anna, &patient, &order(&[image], "display", "clinical_record")).await;
    server.finish().await;
}

/// What can't be read does not become an archive that looks whole.
#[tokio::test(flavor = "multi_thread")]
async fn i5_a_damaged_image_breaks_the_download_and_is_named() {
    let (server, anna, patient) = confirmed().await;
    let mut images = Vec::new();
    for number in 1..=3 {
        images.push(anna.store(&patient, made(number)).await);
    }
    damage(&server, &images[1]);
    let asked = order(&images, "originals", "clinical_record");
    let id = id_of(&ask(&anna, &patient, &asked).await.expect(201));
    let broken = anna.try_send(Call::new("GET", content(&id))).await;
    assert!(broken.is_err(), "the download fails");
    let state = progress(&anna, &id).await;
    assert_eq!(
        (
            &state["stage"],
            &state["reason"],
            &state["imageId"],
            &state["sent"]
        ),
        (
            &json!("stopped"),
            &json!("photo_unreadable"),
            &json!(images[1]),
            &json!(1)
        )
    );
    let events = exports(&anna, &patient).await;
    assert_eq!(
        actions(&events),
        [
            "images.export_asked ok",
            "image.exported ok",
            "images.export_ended failed"
        ],
        "what could not be read has not left"
    );
    // Whichever protocol and form, with a known length and without: whoever downloads sees that it failed.
    for protocol in ["--http1.1", "--http2"] {
        for form in ["originals", "display"] {
            let asked = order(&images, form, "clinical_record");
            let id = id_of(&ask(&anna, &patient, &asked).await.expect(201));
            let (succeeded, said) = with_curl(&server, &anna, protocol, &id);
            assert!(!succeeded, "{protocol} {form}: {said}");
            assert_eq!(
                progress(&anna, &id).await["stage"],
                "stopped",
                "{protocol} {form}"
            );
        }
    }
    // Without it the others can be downloaded.
    let rest = [images[0].clone(), images[2].clone()];
    let answer = download(&anna, &patient, &order(&rest, "originals", "clinical_record")).await;
    assert_eq!(unpacked(&answer.body).len(), 2);
    server.finish().await;
}

/// Downloads as integrators do; whether that went well by curl's own account, and what it said.
fn with_curl(server: &TestServer, by: &SignedIn, protocol: &str, archive: &str) -> (bool, String) {
    let cookie = by.cookie().expect("a cookie");
    let output = tokio::task::block_in_place(|| {
        Command::new("curl")
            // The certificate is as old as the test's clock says.
            .args(["-skS", protocol, "--max-time", "30", "-o", "/dev/null"])
            .args(["-H", "sec-fetch-site: same-origin"])
            .args(["-H", &format!("cookie: __Host-cutis={cookie}")])
            .arg(format!("https://{}{}", server.place().host(), content(archive)))
            .output()
            .expect("this test needs the program curl: install the package curl")
    });
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), said)
}

/// Changes one byte of an original's file.
fn damage(server: &TestServer, image: &str) {
    let database = cutis_tests::database::read_only(&server.data.database());
    let sql = "SELECT lower(hex(original_name)) FROM image WHERE lower(hex(id)) = ?1";
    let name: String = database
        .query_row(sql, [image.replace('-', "")], |row| row.get(0))
        .expect("an image");
    let file = walk(&server.data.blobs())
        .into_iter()
        .find(|path| path.file_name().is_some_and(|found| *found == *name))
        .expect("its file");
    let mut bytes = std::fs::read(&file).expect("readable");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).expect("written");
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("readable") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(walk(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// A download that is read slowly: more than connections hold, so it is still under way.
async fn begin(
    server: &TestServer,
    by: &SignedIn,
    archive: &str,
) -> tokio_rustls::client::TlsStream<tokio::net::TcpStream> {
    begin_at(server, by, &content(archive)).await
}

async fn begin_at(
    server: &TestServer,
    by: &SignedIn,
    path: &str,
) -> tokio_rustls::client::TlsStream<tokio::net::TcpStream> {
    let mut socket = server.place().open("http/1.1").await.expect("a connection");
    let cookie = by.cookie().expect("a cookie");
    let head = format!(
        "GET {} HTTP/1.1\r\nhost: {}\r\nsec-fetch-site: same-origin\r\ncookie: __Host-cutis={cookie}\r\n\r\n",
        path,
        server.place().host()
    );
    socket.write_all(head.as_bytes()).await.expect("sent");
    let mut first = [0; 512];
    socket.read_exact(&mut first).await.expect("it begins");
    assert!(first.starts_with(b"HTTP/1.1 200"));
    socket
}

async fn stopped(by: &SignedIn, archive: &str) -> Value {
    let began = Instant::now();
    loop {
        let state = progress(by, archive).await;
        if state["stage"] == "stopped" {
            return state;
        }
        assert!(began.elapsed() < Duration::from_secs(25), "it stops: {state}");
    }
}

async fn large(by: &SignedIn, patient: &str) -> Vec<String> {
    let mut images = Vec::new();
    for number in 1..=3 {
        images.push(by.store(patient, padded(number, 14 * MIB)).await);
    }
    images
}

/// Whoever hangs up: the trail says which left.
#[tokio::test(flavor = "multi_thread")]
async fn i5_u3_a_dropped_download_is_recorded_as_far_as_it_came() {
    let (server, anna, patient) = confirmed().await;
    let images = large(&anna, &patient).await;
    let asked = order(&images, "originals", "clinical_record");
    let id = id_of(&ask(&anna, &patient, &asked).await.expect(201));
    let mut socket = begin(&server, &anna, &id).await;
    let mut half = vec![0; 16 * MIB];
    socket.read_exact(&mut half).await.expect("more than one photo");
    drop(socket);
    let state = stopped(&anna, &id).await;
    assert_eq!(state["reason"], "connection");
    let sent = state["sent"].as_u64().expect("a number");
    assert!((1..3).contains(&sent), "{state}");
    let ended = exports_until_end(&anna, &patient).await;
    let left = ended
        .iter()
        .filter(|event| event["action"] == "image.exported")
        .count();
    // The one on its way had begun to leave.
    assert_eq!(left as u64, sent + 1);
    server.finish().await;
}

async fn exports_until_end(by: &SignedIn, patient: &str) -> Vec<Value> {
    let began = Instant::now();
    loop {
        let events = exports(by, patient).await;
        let last = events.last().map(|event| event["action"].clone());
        if last == Some(json!("images.export_ended")) {
            return events;
        }
        assert!(began.elapsed() < Duration::from_secs(25), "its end is recorded");
    }
}

/// A session that was ended elsewhere gets nothing more of it.
#[tokio::test(flavor = "multi_thread")]
async fn a7_i5_the_end_of_the_session_ends_the_download() {
    let (server, anna, patient) = confirmed().await;
    let images = large(&anna, &patient).await;
    let asked = order(&images, "originals", "clinical_record");
    let id = id_of(&ask(&anna, &patient, &asked).await.expect(201));
    let mut socket = begin(&server, &anna, &id).await;
    let elsewhere = server.sign_in("anna").await;
    elsewhere.delete("/api/v1/sessions").await.expect(204);
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(25), socket.read_to_end(&mut rest)).await;
    drop(ended.expect("it ends"));
    assert!(rest.len() < 42 * MIB, "{} bytes came", rest.len());
    let again = server.sign_in("anna").await;
    let events = exports_until_end(&again, &patient).await;
    let last = events.last().expect("an event");
    assert_eq!((&last["outcome"]), &json!("failed"), "{last}");
    server.finish().await;
}

/// As little as of a download of several photos: of a single original too.
#[tokio::test(flavor = "multi_thread")]
async fn a7_i5_the_end_of_the_session_ends_an_original() {
    let (server, anna, patient) = confirmed().await;
    let image = anna.store(&patient, padded(1, 15 * MIB)).await;
    let path = format!("/api/v1/patients/{patient}/images/{image}/original?purpose=clinical_record");
    let mut socket = begin_at(&server, &anna, &path).await;
    let elsewhere = server.sign_in("anna").await;
    elsewhere.delete("/api/v1/sessions").await.expect(204);
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(25), socket.read_to_end(&mut rest)).await;
    drop(ended.expect("it ends"));
    assert!(rest.len() < 15 * MIB, "{} bytes came", rest.len());
    server.finish().await;
}

/// Two downloads that nobody reads do not keep their person waiting: the next takes the place of one of them.
#[tokio::test(flavor = "multi_thread")]
async fn i5_an_abandoned_download_makes_room() {
    let (server, anna, patient) = confirmed().await;
    let images = large(&anna, &patient).await;
    let asked = order(&images, "originals", "clinical_record");
    let mut abandoned = Vec::new();
    for _ in 0..2 {
        let id = id_of(&ask(&anna, &patient, &asked).await.expect(201));
        let socket = begin(&server, &anna, &id).await;
        abandoned.push((id, socket));
    }
    let small = order(
        &[anna.store(&patient, made(4)).await],
        "originals",
        "clinical_record",
    );
    let next = id_of(&ask(&anna, &patient, &small).await.expect(201));
    assert_eq!(anna.get(content(&next)).await.status, 503, "both have just begun");
    // What a connection holds is taken at once; after that nothing is.
    let mut received = None;
    for _ in 0..20 {
        server.clock.advance(10);
        let next = id_of(&ask(&anna, &patient, &small).await.expect(201));
        let answer = anna.get(content(&next)).await;
        if answer.status == 200 {
            received = Some(answer);
            break;
        }
        assert_eq!(answer.status, 503, "{answer}");
    }
    let received = received.expect("it takes the place of one that stands still");
    assert_eq!(unpacked(&received.body).len(), 1);
    let mut reasons = Vec::new();
    for (id, _) in &abandoned {
        let state = progress(&anna, id).await;
        reasons.push((state["stage"].clone(), state["reason"].clone()));
    }
    assert!(
        reasons.contains(&(json!("stopped"), json!("stalled"))),
        "{reasons:?}"
    );
    assert!(reasons.contains(&(json!("sending"), Value::Null)), "{reasons:?}");
    // Whoever reads on after all receives no end.
    let stalled = reasons
        .iter()
        .position(|(stage, _)| stage == "stopped")
        .expect("one");
    let (_, mut socket) = abandoned.swap_remove(stalled);
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(25), socket.read_to_end(&mut rest)).await;
    drop(ended.expect("it ends"));
    assert!(rest.len() < 42 * MIB, "{} bytes came", rest.len());
    server.finish().await;
}
