//! Input that is wrong in form: refused, naming field and rule; nothing changed.

use cutis_tests::TestServer;
use cutis_tests::client::{Answer, BOUNDARY, Call, File, form, fresh_key, upload_call};
use cutis_tests::images::made;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn json_bodies_that_are_not_what_was_asked_for() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let before = server.content();
    let json = |body: &[u8]| Call::new("POST", "/api/v1/patients").body("application/json", body.to_vec());
    for (body, field, code) in [
        (r#"{"uniqueId":"p-2","zzz":1}"#, "zzz", "unknown_field"),
        (r#"{"uniqueId":7}"#, "uniqueId", "wrong_type"),
        (r#"{"uniqueId":null}"#, "uniqueId", "wrong_type"),
        (r#"{"firstName":"A"}"#, "uniqueId", "required"),
        (
            r#"{"uniqueId":"p-2","uniqueId":"p-3"}"#,
            "uniqueId",
            "duplicate_field",
        ),
        (r#"{"uniqueId":"p-2","phones":"1"}"#, "phones", "wrong_type"),
        (r#"{"uniqueId":"p-2","phones":[1]}"#, "phones[0]", "wrong_type"),
        (
            r#"{"uniqueId":"p-2","phones":["1","+41 44 123 45 67 and many more figures than any has"]}"#,
            "phones[1]",
            "too_long",
        ),
        (
            r#"{"uniqueId":"p-2","guardian":{"name":"A","x":1}}"#,
            "guardian.x",
            "unknown_field",
        ),
        (r#"{"uniqueId":"p-2","guardian":{}}"#, "guardian.name", "required"),
    ] {
        assert_eq!(
            anna.send(json(body.as_bytes())).await.refuses(field),
            code,
            "{body}"
        );
    }
    for body in [
        "",
        "{",
        "{\"uniqueId\":\"p-2\"",
        "{'uniqueId':'p-2'}",
        "{\"uniqueId\":\"p-2\"}x",
        "NaN",
    ] {
        anna.send(json(body.as_bytes()))
            .await
            .problem(400, "invalid_json");
    }
    for body in [
        &b"{\"uniqueId\":\"p-\xFF2\"}"[..],
        b"\xEF\xBB\xBF{}",
        b"\xFF\xFE{\0}\0",
    ] {
        anna.send(json(body)).await.problem(400, "invalid_json");
    }
    for body in ["[]", "7", "null", "\"p-2\""] {
        anna.send(json(body.as_bytes())).await.problem(422, "invalid");
    }
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin1",
        "",
        "multipart/form-data",
    ] {
        let call = Call::new("POST", "/api/v1/patients").body(kind, r#"{"uniqueId":"p-2"}"#);
        anna.send(call).await.problem(415, "unsupported_media_type");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let answer = anna.send(json(deep.as_bytes())).await;
    assert!([400, 422].contains(&answer.status), "{answer}");
    let large = json!({ "uniqueId": "p-2", "note": "x".repeat(300 * 1024) });
    anna.post("/api/v1/patients", &large)
        .await
        .problem(413, "too_large");
    // 4xx for invalid ids, and for methods that do not exist.
    for id in [
        "x",
        "..%2f..%2fetc",
        "018f3c5e-7b1a-7c3d-9a4b-2f6d8e1c0a5",
        "%00",
        &patient.to_uppercase(),
    ] {
        let answer = anna.get(format!("/api/v1/patients/{id}")).await;
        assert!(
            answer.status == 404 || (answer.status == 200 && *id == patient.to_uppercase()),
            "{id}: {answer}"
        );
    }
    anna.delete(format!("/api/v1/patients/{patient}"))
        .await
        .problem(405, "method_not_allowed");
    anna.get("/api/v1/nothing").await.problem(404, "not_found");
    assert_eq!(server.content(), before, "nothing changed");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_that_are_not_what_was_asked_for() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let path = format!("/api/v1/patients/{patient}/images");
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let before = server.content();
    let files = [File::new("a.jpg", made(1))];
    // I4: a retry can only be told by its key.
    let keyless = Call::new("POST", &path).body(&kind, form(&files));
    anna.send(keyless.clone()).await.refuses("Idempotency-Key");
    for key in [
        "1",
        "not-a-uuid",
        "018f3c5e7b1a7c3d9a4b2f6d8e1c0a5",
        "00000000-0000-0000-0000-000000000000x",
    ] {
        anna.send(keyless.clone().header("idempotency-key", key))
            .await
            .refuses("Idempotency-Key");
    }
    anna.send(upload_call(&patient, &fresh_key(), &[]))
        .await
        .refuses("file");
    let with = |kind: &str, body: &[u8]| {
        Call::new("POST", &path)
            .header("idempotency-key", fresh_key())
            .body(kind, body.to_vec())
    };
    anna.send(with("application/json", b"{}"))
        .await
        .problem(415, "unsupported_media_type");
    anna.send(with("multipart/form-data", b"x"))
        .await
        .problem(415, "unsupported_media_type");
    let other = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\nx\r\n--{BOUNDARY}--\r\n"
    );
    anna.send(with(&kind, other.as_bytes())).await.refuses("file");
    for broken in [&b"no boundary at all"[..], b"", form(&files).slice(..60).as_ref()] {
        let answer = anna.send(with(&kind, broken)).await;
        assert!([400, 422].contains(&answer.status), "{answer}");
        answer.problem(answer.status, answer.json()["code"].as_str().expect("a code"));
    }
    assert_eq!(server.content(), before, "nothing changed");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_breaks_off_keeps_what_was_whole_and_nothing_else() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let files = [File::new("a.jpg", made(1)), File::new("b.jpg", made(2))];
    let whole = form(&files);
    let key = fresh_key();
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let call = |body: bytes::Bytes| {
        Call::new("POST", format!("/api/v1/patients/{patient}/images"))
            .header("idempotency-key", &key)
            .body(&kind, body)
    };
    let answer = anna.send(call(whole.slice(..whole.len() - 400))).await;
    assert!((400..500).contains(&answer.status), "{answer}");
    let list = anna
        .get(format!("/api/v1/patients/{patient}/images"))
        .await
        .expect(200);
    assert!(
        list["total"].as_u64() <= Some(1),
        "I4: the second is wholly absent: {list}"
    );
    // Its sender need not guess: the problem says what happened to the files before it broke.
    assert_eq!(answer.json()["code"], "bad_request", "{answer}");
    assert_told(&answer, &[("a.jpg", "stored")]);
    // The retry with the same key completes it, and stores nothing twice.
    let results = cutis_tests::actors::results(&anna.send(call(whole)).await);
    assert!(
        results.iter().all(|result| result["outcome"] == "stored"),
        "{results:?}"
    );
    let list = anna
        .get(format!("/api/v1/patients/{patient}/images"))
        .await
        .expect(200);
    assert_eq!(list["total"], 2);
    server.finish().await;
}

/// What a problem says of a batch that it ended: which files, in order, and what happened to each.
fn assert_told(answer: &Answer, files: &[(&str, &str)]) {
    let problem = answer.json();
    let told: Vec<_> = problem["results"]
        .as_array()
        .map_or(&[][..], Vec::as_slice)
        .iter()
        .collect();
    assert_eq!(told.len(), files.len(), "{answer}");
    for (index, (result, (name, outcome))) in told.iter().zip(files).enumerate() {
        assert_eq!(result["index"], index, "{answer}");
        assert_eq!(
            (&result["name"], &result["outcome"]),
            (&json!(name), &json!(outcome)),
            "{answer}"
        );
        assert_eq!(
            result["image"]["id"].is_string(),
            *outcome == "stored",
            "{answer}"
        );
    }
}

/// I2, I4: however a batch ends early, the problem tells in `results` what happened to the files before, good and bad.
/// When there were none, there is nothing to tell.
#[tokio::test(flavor = "multi_thread")]
async fn i2_a_batch_that_ends_early_tells_what_became_of_its_files() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let foreign = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\nx\r\n--{BOUNDARY}--\r\n"
    );
    let nameless = format!("--{BOUNDARY}\r\ncontent-type: image/jpeg\r\n\r\nx\r\n--{BOUNDARY}--\r\n");
    let cut = format!("--{BOUNDARY}\r\n");
    let ends = [(&foreign, 422), (&nameless, 400), (&cut, 400)];
    for (number, (end, status)) in ends.into_iter().enumerate() {
        let image = made(10 + u64::try_from(number).expect("small"));
        let files = [
            File::new("a.jpg", image),
            File::new("b.txt", b"no photo".to_vec()),
        ];
        let whole = form(&files);
        let last = format!("--{BOUNDARY}--\r\n");
        let body = [&whole[..whole.len() - last.len()], end.as_bytes()].concat();
        let call = Call::new("POST", format!("/api/v1/patients/{patient}/images"))
            .header("idempotency-key", fresh_key())
            .body(&kind, body);
        let answer = anna.send(call).await;
        assert_eq!(answer.status, status, "{answer}");
        assert_told(&answer, &[("a.jpg", "stored"), ("b.txt", "refused")]);
    }
    let call = Call::new("POST", format!("/api/v1/patients/{patient}/images"))
        .header("idempotency-key", fresh_key())
        .body(&kind, foreign);
    let answer = anna.send(call).await;
    assert_eq!(answer.status, 422, "{answer}");
    assert!(answer.json().get("results").is_none(), "{answer}");
    server.finish().await;
}

/// I2, issue 8: a file is called what its sender called it, in each of the ways in which senders write names.
#[tokio::test(flavor = "multi_thread")]
async fn i2_names_of_files_are_read_as_they_were_meant() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let long = format!("filename=\"{}.jpeg\"", "Läsion ".repeat(60));
    let kept = format!("{}.jpeg", "Läsion ".repeat(28).trim_end());
    for (number, (sent, shown)) in (20..).zip([
        (
            "filename=\"L?sion.jpg\"; filename*=UTF-8''L%C3%A4sion%20%E5%B7%A6.jpg",
            "Läsion 左.jpg",
        ),
        ("filename=\"left %22arm%22.jpg\"", "left \"arm\".jpg"),
        ("filename=\"left \\\"arm\\\".jpg\"", "left \"arm\".jpg"),
        ("filename=\"a.jpg\"; filename*=UTF-8''%E2%80%AEgpj.exe", "gpj.exe"),
        ("filename=\"a.jpg\"; filename*=UTF-8''%2e%2e%2fpasswd", "passwd"),
        (long.as_str(), kept.as_str()),
    ]) {
        let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; {sent}\r\n\r\n");
        let end = format!("\r\n--{BOUNDARY}--\r\n");
        let body = [head.as_bytes(), &made(number), end.as_bytes()].concat();
        let call = Call::new("POST", format!("/api/v1/patients/{patient}/images"))
            .header("idempotency-key", fresh_key())
            .body(&kind, body);
        let results = cutis_tests::actors::results(&anna.send(call).await);
        assert_eq!(results[0]["name"], shown, "{sent}");
        assert_eq!(results[0]["image"]["fileName"], shown, "{sent}");
    }
    server.finish().await;
}

/// I2, issue 8: a name that isn't UTF-8, is given twice or isn't well formed ends no batch: its file is called what can be
/// read of it, and the others have outcomes of their own.
#[tokio::test(flavor = "multi_thread")]
async fn i2_odd_names_of_files_end_no_batch() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let names: [(&[u8], &str); 5] = [
        (b"filename=\"first.jpg\"", "first.jpg"),
        (b"filename=\"L\xE4sion.jpg\"", "L\u{e4}sion.jpg"),
        (b"filename=\"a.jpg\"; filename=\"b.jpg\"", "b.jpg"),
        (b"filename=\"left \"arm\".jpg\"", "left \"arm\".jpg"),
        (b"filename=\"last.jpg\"", "last.jpg"),
    ];
    let mut body = Vec::new();
    for (number, (sent, _)) in (40..).zip(names) {
        let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; ");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(sent);
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(&made(number));
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let call = Call::new("POST", format!("/api/v1/patients/{patient}/images"))
        .header("idempotency-key", fresh_key())
        .body(&kind, body);
    let results = cutis_tests::actors::results(&anna.send(call).await);
    assert_eq!(results.len(), names.len());
    for (result, (_, shown)) in results.iter().zip(names) {
        assert_eq!(result["outcome"], "stored", "{result}");
        assert_eq!(result["image"]["fileName"], shown, "{result}");
    }
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c29_names_of_files_lead_nowhere() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let tricks = [
        "../../../../etc/cutis-trick",
        "..\\..\\cutis-trick.jpg",
        "/etc/cutis-trick",
        "",
        "...",
        "a\u{202E}gpj.exe",
    ];
    for (number, name) in (1..).zip(tricks) {
        let results = anna.upload(&patient, &[File::new(name, made(number))]).await;
        assert_eq!(results[0]["outcome"], "stored", "{name:?}: {results:?}");
        let kept = results[0]["image"]["fileName"].as_str().expect("a name");
        assert!(
            !kept.is_empty() && !kept.contains(['/', '\\', '\u{202E}']) && !kept.starts_with(".."),
            "{name:?} is kept as {kept:?}"
        );
        let image = results[0]["image"]["id"].as_str().expect("an id");
        let original = anna
            .get(format!(
                "/api/v1/patients/{patient}/images/{image}/original?purpose=clinical_record"
            ))
            .await;
        let disposition = original.header("content-disposition");
        assert!(
            disposition.starts_with("attachment; filename=\"001_") && !disposition.contains(".."),
            "{disposition}"
        );
        assert_eq!(original.header("x-content-type-options"), "nosniff");
    }
    fn walk(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("readable") {
            let path = entry.expect("an entry").path();
            found.push(path.to_string_lossy().into_owned());
            if path.is_dir() {
                walk(&path, found);
            }
        }
    }
    let mut found = Vec::new();
    walk(server.data.path(), &mut found);
    assert!(
        !found.iter().any(|path| path.contains("trick")),
        "no name from outside becomes a path"
    );
    server.finish().await;
}

/// A number has one spelling in addresses, and a leap second is no instant that could be kept.
#[tokio::test(flavor = "multi_thread")]
async fn numbers_and_instants_that_are_almost_right() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let image = anna.store(&patient, made(1)).await;
    let path = format!("/api/v1/patients/{patient}");
    for list in [
        format!("{path}/images"),
        format!("{path}/activity"),
        "/api/v1/account/activity".into(),
    ] {
        for (query, field) in [
            ("limit=%2B5", "limit"),
            ("limit=+5", "limit"),
            ("limit=05", "limit"),
            ("cursor=%2B5", "cursor"),
            ("cursor=05", "cursor"),
        ] {
            anna.get(format!("{list}?{query}")).await.refuses(field);
        }
        anna.get(format!("{list}?limit=5")).await.expect(200);
    }
    for edition in ["%2B0", "00"] {
        anna.get(format!("{path}/images/{image}/thumbnail?edition={edition}"))
            .await
            .refuses("edition");
    }
    let before = server.content();
    let leap = "2016-12-31T23:59:60Z";
    let visit = anna
        .post(format!("{path}/entries"), &json!({ "appointmentAt": leap }))
        .await;
    assert_eq!(visit.refuses("appointmentAt"), "leap_second");
    let change = json!({ "version": 1, "set": { "capturedAt": leap } });
    let change = anna.patch(format!("{path}/images/{image}"), &change).await;
    assert_eq!(change.refuses("set.capturedAt"), "leap_second");
    assert_eq!(server.content(), before, "nothing changed");
    server.finish().await;
}
