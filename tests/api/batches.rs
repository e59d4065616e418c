//! Issue 8, I2: a batch tells every outcome, whatever happens to the request as a whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use cutis_media::{Derived, Full, Limits, Turns};
use cutis_records::Darkroom;
use cutis_records::images::darkroom::{Developing, Original};
use cutis_tests::actors::results;
use cutis_tests::client::{Answer, File, fresh_key, upload_call};
use cutis_tests::images::made;
use cutis_tests::server::RESERVE;
use cutis_tests::{SignedIn, TestServer};
use serde_json::{Value, json};
use tokio::sync::{Notify, Semaphore};

/// A darkroom that says when it looks at a file, and waits until it may.
#[derive(Debug)]
struct Gate {
    begun: AtomicUsize,
    news: Notify,
    go: Semaphore,
}

impl Gate {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            begun: AtomicUsize::new(0),
            news: Notify::new(),
            go: Semaphore::new(0),
        })
    }

    /// Waits until the file of this number, from 1 on, is being looked at.
    async fn begun(&self, number: usize) {
        loop {
            let news = self.news.notified();
            if self.begun.load(Ordering::SeqCst) >= number {
                return;
            }
            news.await;
        }
    }
}

impl Darkroom for Gate {
    fn places(&self) -> usize {
        2
    }

    fn derive(&self, original: Bytes, limits: Limits, turns: Turns) -> Developing<'_, Derived> {
        Box::pin(async move {
            self.begun.fetch_add(1, Ordering::SeqCst);
            self.news.notify_waiters();
            self.go.acquire().await.expect("open").forget();
            tokio::task::block_in_place(|| cutis_media::derive_turned(&original, &limits, turns))
                .map_err(Into::into)
        })
    }

    fn full(&self, _: Original, _: Limits, _: Turns, _: u64) -> Developing<'_, Full> {
        unreachable!("nobody asks for it")
    }
}

fn images(count: u64) -> Vec<File> {
    (1..=count)
        .map(|number| File::new(format!("{number}.jpg"), made(number)))
        .collect()
}

/// The outcomes so far, and what was not looked at.
fn told(answer: &Answer) -> (Vec<Value>, Value) {
    let problem = answer.json();
    let results = problem["results"].as_array().expect("results");
    for (index, result) in results.iter().enumerate() {
        assert_eq!(result["index"], index);
    }
    let outcomes = results.iter().map(|result| result["outcome"].clone());
    (outcomes.collect(), problem["notExamined"].clone())
}

/// A server, somebody with a patient, and the gate of their darkroom.
async fn gated() -> (TestServer, SignedIn, String, Arc<Gate>) {
    let gate = Gate::new();
    let (server, anna) = TestServer::set_up_with_darkroom(Arc::clone(&gate) as Arc<_>).await;
    let patient = anna.create_patient("p-batch").await;
    (server, anna, patient, gate)
}

/// More files than an upload may have: the first 200 are told of, and the others named.
#[tokio::test(flavor = "multi_thread")]
async fn i2_too_many_files() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-batch").await;
    let file = |number: usize| File::new(format!("{number}.txt"), b"no photo".to_vec());
    for (count, named, complete) in [(202, 2, true), (300, 56, false)] {
        let files: Vec<File> = (0..count).map(file).collect();
        let answer = anna.send(upload_call(&patient, &fresh_key(), &files)).await;
        let problem = answer.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["code"], "too_many");
        let (outcomes, rest) = told(&answer);
        assert_eq!(outcomes, vec![json!("refused"); 200]);
        assert_eq!(rest["from"], 200);
        let names: Vec<String> = (200..200 + named).map(|number| format!("{number}.txt")).collect();
        assert_eq!(
            (&rest["names"], &rest["complete"]),
            (&json!(names), &json!(complete))
        );
    }
    server.finish().await;
}

/// A disk that fills while a batch goes in; the retry with the same key stores what is missing, and nothing twice.
#[tokio::test(flavor = "multi_thread")]
async fn i2_a_disk_that_fills_in_mid_batch() {
    let (server, anna, patient, gate) = gated().await;
    let (key, files) = (fresh_key(), images(4));
    let mut upload = Box::pin(anna.send(upload_call(&patient, &key, &files)));
    gate.go.add_permits(1);
    tokio::select! {
        () = gate.begun(2) => {}
        _ = &mut upload => panic!("the second file waits"),
    }
    server.free.store(RESERVE - 1, Ordering::SeqCst);
    gate.go.add_permits(100);
    let answer = upload.await;
    answer.problem(507, "storage_full");
    let (outcomes, rest) = told(&answer);
    assert_eq!(outcomes, ["stored"]);
    assert_eq!(
        rest,
        json!({ "from": 1, "names": ["2.jpg", "3.jpg", "4.jpg"], "complete": true })
    );
    // Nothing was begun: there is nothing to tell.
    let at_once = anna.send(upload_call(&patient, &fresh_key(), &files)).await;
    assert!(at_once.problem(507, "storage_full").get("notExamined").is_none());

    server.free.store(u64::MAX, Ordering::SeqCst);
    let stored = results(&anna.send(upload_call(&patient, &key, &files)).await);
    assert!(
        stored.iter().all(|result| result["outcome"] == "stored"),
        "{stored:?}"
    );
    let pool = anna
        .get(format!("/api/v1/patients/{patient}/images"))
        .await
        .expect(200);
    assert_eq!(pool["total"], 4);
    server.finish().await;
}

/// A7: a session that is ended in mid-batch ends the batch. What was stored before is told, and nothing is after.
#[tokio::test(flavor = "multi_thread")]
async fn i2_a7_a_session_that_ends_in_mid_batch() {
    let (server, anna, patient, gate) = gated().await;
    let other = server.sign_in("anna").await;
    let files = images(3);
    let mut upload = Box::pin(anna.send(upload_call(&patient, &fresh_key(), &files)));
    tokio::select! {
        () = gate.begun(1) => {}
        _ = &mut upload => panic!("the first file waits"),
    }
    other.delete("/api/v1/sessions").await.expect(204);
    gate.go.add_permits(100);
    let answer = upload.await;
    answer.problem(401, "unauthenticated");
    let (outcomes, rest) = told(&answer);
    assert_eq!(outcomes, ["stored"]);
    assert_eq!(
        rest,
        json!({ "from": 1, "names": ["2.jpg", "3.jpg"], "complete": true })
    );
    let again = server.sign_in("anna").await;
    let pool = again
        .get(format!("/api/v1/patients/{patient}/images"))
        .await
        .expect(200);
    assert_eq!(pool["total"], 1);
    server.finish().await;
}

/// A7, C13: a batch is use of its session, file by file, unless the client sent it by itself.
#[tokio::test(flavor = "multi_thread")]
async fn a7_a_long_batch_is_use_of_the_session() {
    for (background, status) in [(false, 200), (true, 401)] {
        let (server, anna, patient, gate) = gated().await;
        let mut call = upload_call(&patient, &fresh_key(), &images(3));
        if background {
            call = call.header("x-cutis-background", "1");
        }
        let mut upload = Box::pin(anna.send(call));
        for file in 1..=2 {
            tokio::select! {
                () = gate.begun(file) => {}
                _ = &mut upload => panic!("file {file} waits"),
            }
            server.clock.advance(10 * 60);
            gate.go.add_permits(1);
        }
        gate.go.add_permits(100);
        assert_eq!(upload.await.status, status, "by itself: {background}");
        server.finish().await;
    }
}
