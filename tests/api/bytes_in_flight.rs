//! Issue 6, points 6 and 7: image bytes in flight are bounded, and nobody starves the clinic.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cutis_media::{Derived, Full, Limits, MediaType, Turns};
use cutis_records::Darkroom;
use cutis_records::images::darkroom::{Developing, Original};
use cutis_tests::actors::results;
use cutis_tests::client::{BOUNDARY, Client, File, Place, fresh_key, upload_call};
use cutis_tests::images::made;
use cutis_tests::{SignedIn, TestServer};
use futures_util::future::join_all;
use http::Request;
use http_body_util::Empty;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Longer than anything takes that goes well, shorter than any of the server's own deadlines.
const PATIENCE: Duration = Duration::from_secs(25);

/// Makes a full-size rendition when the test lets it, and everything else at once.
#[derive(Debug)]
struct Gate {
    go: Semaphore,
    begun: watch::Sender<usize>,
}

impl Gate {
    fn closed() -> Arc<Self> {
        Arc::new(Self {
            go: Semaphore::new(0),
            begun: watch::Sender::new(0),
        })
    }

    async fn begun(&self, number: usize) {
        let mut begun = self.begun.subscribe();
        let reached = timeout(PATIENCE, begun.wait_for(|begun| *begun >= number)).await;
        reached.expect("renderings begin").expect("the gate is there");
    }
}

impl Darkroom for Gate {
    fn places(&self) -> usize {
        2
    }

    fn derive(&self, original: Bytes, limits: Limits, turns: Turns) -> Developing<'_, Derived> {
        let derived = tokio::task::block_in_place(|| cutis_media::derive_turned(&original, &limits, turns));
        Box::pin(std::future::ready(derived.map_err(Into::into)))
    }

    fn full(&self, original: Original, _: Limits, _: Turns, _: u64) -> Developing<'_, Full> {
        Box::pin(async move {
            self.begun.send_modify(|begun| *begun += 1);
            self.go.acquire().await.expect("open").forget();
            Ok(Full {
                media_type: MediaType::Jpeg,
                bytes: vec![7; usize::try_from(original.length).expect("small")],
            })
        })
    }
}

/// Waits for something that another task brings about.
async fn until(what: &str, reached: impl Fn() -> bool) {
    let looking = async {
        while !reached() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, looking)
        .await
        .unwrap_or_else(|_| panic!("not reached: {what}"));
}

/// Another connection of the same session.
fn beside(server: &TestServer, who: &SignedIn) -> Client {
    let client = Client::new(server.place().clone());
    client.set_cookie(who.cookie());
    client
}

async fn store_many(who: &SignedIn, patient: &str, numbers: std::ops::Range<u64>) -> Vec<String> {
    let files: Vec<File> = numbers
        .map(|number| File::new(format!("{number}.jpg"), made(number)))
        .collect();
    let stored = who.upload(patient, &files).await;
    stored
        .iter()
        .map(|result| cutis_tests::actors::id_of(&result["image"]))
        .collect()
}

/// Sixty full-size renditions of one account: two are made, sixteen wait, the rest hear at once when to come
/// again; and another account's image has its turn after one of them.
#[tokio::test(flavor = "multi_thread")]
async fn sixty_full_images_do_not_hold_up_another_accounts_upload() {
    let gate = Gate::closed();
    let (server, anna) = TestServer::set_up_with_darkroom(Arc::clone(&gate) as Arc<_>).await;
    let patient = anna.create_patient("p-001").await;
    let images = store_many(&anna, &patient, 1..61).await;
    let ben = server.add_account("ben", false, true).await;
    let his = ben.create_patient("p-002").await;

    let mut asking = JoinSet::new();
    for image in &images {
        let client = beside(&server, &anna);
        let path = format!("/api/v1/patients/{patient}/images/{image}/full");
        asking.spawn(async move { client.get(path).await });
    }
    gate.begun(2).await;
    for _ in 0..42 {
        let answer = timeout(PATIENCE, asking.join_next())
            .await
            .expect("refused at once");
        let answer = answer.expect("one of sixty").expect("answered");
        answer.problem(503, "busy");
        assert_eq!(answer.header("retry-after"), "5");
    }
    let records = server.serving().opened.api.records.clone();
    until("sixteen wait", || records.renditions_waiting() == 16).await;

    let image = [File::new("his.jpg", made(900))];
    let mut upload = std::pin::pin!(ben.upload(&his, &image));
    let queued = until("he waits too", || records.renditions_waiting() == 17);
    tokio::select! {
        () = queued => {}
        _ = &mut upload => panic!("both workers are taken"),
    }
    // Two places come free: one is hers, the other his, and fifteen who waited before him still wait.
    gate.go.add_permits(2);
    let stored = timeout(PATIENCE, upload).await.expect("it is his turn");
    assert_eq!(stored[0]["outcome"], "stored");

    gate.go.add_permits(60);
    while let Some(answer) = asking.join_next().await {
        let answer = answer.expect("answered");
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, "image/jpeg")
        );
    }
    server.finish().await;
}

/// Many requests for one image are one rendering.
#[tokio::test(flavor = "multi_thread")]
async fn one_image_asked_for_often_is_rendered_once() {
    let gate = Gate::closed();
    let (server, anna) = TestServer::set_up_with_darkroom(Arc::clone(&gate) as Arc<_>).await;
    let patient = anna.create_patient("p-001").await;
    let image = anna.store(&patient, made(1)).await;
    let path = format!("/api/v1/patients/{patient}/images/{image}/full");
    let before = server.events();
    let mut asking = JoinSet::new();
    for _ in 0..20 {
        let (client, path) = (beside(&server, &anna), path.clone());
        asking.spawn(async move { client.get(path).await });
    }
    gate.begun(1).await;
    until("each view has its event", || server.events() >= before + 20).await;
    gate.go.add_permits(20);
    let answers: Vec<_> = asking.join_all().await;
    assert!(
        answers
            .iter()
            .all(|answer| answer.status == 200 && answer.body == answers[0].body)
    );
    // Whoever came after the first was sent wholly begins again, so a few may be.
    assert!(*gate.begun.borrow() <= 3, "{} renderings", *gate.begun.borrow());
    server.finish().await;
}

/// Sends the head of an upload and `sent` bytes of its one file, and then nothing.
async fn dribble(
    place: &Place,
    cookie: &str,
    patient: &str,
    declared: usize,
    sent: usize,
) -> std::io::Result<impl Sized + use<>> {
    let mut stream = place.open("http/1.1").await?;
    let head = format!(
        "POST /api/v1/patients/{patient}/images HTTP/1.1\r\nhost: {}\r\nsec-fetch-site: same-origin\r\n\
         cookie: __Host-cutis={cookie}\r\nidempotency-key: {}\r\ncontent-length: {declared}\r\n\
         content-type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n\
         --{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\n",
        place.host(),
        fresh_key(),
    );
    stream.write_all(head.as_bytes()).await?;
    let piece = vec![0xFF; 64 * 1024];
    for _ in 0..sent / piece.len() {
        stream.write_all(&piece).await?;
    }
    stream.flush().await?;
    Ok(stream)
}

/// Sixty files that begin and never end, of one account, took all the memory there was: nine mebibytes of
/// each filled it, and nobody got any more forever.
#[tokio::test(flavor = "multi_thread")]
async fn sixty_uploads_that_dribble_leave_room_for_another_account() {
    let (server, anna) = TestServer::set_up().await;
    anna.set("upload.limit_mib", "256").await;
    let patient = anna.create_patient("p-001").await;
    let ben = server.add_account("ben", false, true).await;
    let his = ben.create_patient("p-002").await;
    let cookie = anna.cookie().expect("she is signed in");
    let mut dribbling = JoinSet::new();
    for _ in 0..60 {
        let (place, cookie, patient) = (server.place().clone(), cookie.clone(), patient.clone());
        dribbling.spawn(async move {
            let stream = dribble(&place, &cookie, &patient, 250 << 20, 9 << 20).await;
            std::future::pending::<()>().await;
            drop(stream);
        });
    }
    let stored = timeout(PATIENCE, async {
        // While they go on, and when they have all sent what they will.
        for number in 1..20 {
            ben.store(&his, made(number)).await;
        }
    })
    .await;
    stored.expect("another account's photos go in");
    dribbling.shutdown().await;
    server.finish().await;
}

/// I2: three honest uploads under the largest limit that a practice can set, side by side.
#[tokio::test(flavor = "multi_thread")]
async fn three_of_the_largest_uploads_all_end() {
    let (server, anna) = TestServer::set_up().await;
    anna.set("upload.limit_mib", "256").await;
    let patient = anna.create_patient("p-001").await;
    // No image, so that no worker has to look at it for long; all of it is received before that shows.
    let file = Bytes::from(vec![0x20; 200 << 20]);
    let devices = [
        server.sign_in("anna").await,
        server.sign_in("anna").await,
        server.sign_in("anna").await,
    ];
    let ended = timeout(
        Duration::from_mins(2),
        join_all(devices.iter().map(|device| {
            device.send(upload_call(
                &patient,
                &fresh_key(),
                &[File::new("large.jpg", file.clone())],
            ))
        })),
    )
    .await
    .expect("all end");
    for answer in ended {
        assert_eq!(results(&answer)[0]["reason"]["code"], "unsupported");
    }
    server.finish().await;
}

/// Answers that nobody reads: one session gets so many, and other sessions and accounts get theirs.
#[tokio::test(flavor = "multi_thread")]
async fn answers_that_are_not_read_hold_their_own_sessions_share_only() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let large = [made(1), vec![0; 600 << 10]].concat();
    let image = anna.store(&patient, large).await;
    let path = format!("/api/v1/patients/{patient}/images/{image}/original?purpose=clinical_record");
    anna.enter_password().await;
    let tablet = server.sign_in("anna").await;
    let ben = server.add_account("ben", false, true).await;
    let his = ben.create_patient("p-002").await;
    let his = format!(
        "/api/v1/patients/{his}/images/{}/original?purpose=clinical_record",
        ben.store(&his, made(2)).await
    );

    let mut connections = Vec::new();
    let mut asking = JoinSet::new();
    for _ in 0..2 {
        let io = TokioIo::new(server.place().open("h2").await.expect("connected"));
        let (sender, connection) = hyper::client::conn::http2::Builder::new(TokioExecutor::new())
            .initial_stream_window_size(1024)
            .handshake(io)
            .await
            .expect("HTTP/2");
        connections.push(tokio::spawn(connection));
        for _ in 0..98 {
            let mut sender = sender.clone();
            let request = Request::builder()
                .uri(format!("https://{}{path}", server.place().host()))
                .header("sec-fetch-site", "same-origin")
                .header(
                    "cookie",
                    format!("__Host-cutis={}", anna.cookie().expect("signed in")),
                )
                .body(Empty::<Bytes>::new())
                .expect("a request");
            asking.spawn(async move { sender.send_request(request).await });
        }
    }
    // 8 MiB for a session, 768 KiB for each: 10 are answered; of 186 others 128 wait, the rest are refused.
    let (mut unread, mut refused) = (Vec::new(), 0);
    while unread.len() + refused < 68 {
        let answer = timeout(PATIENCE, asking.join_next())
            .await
            .expect("served or refused");
        let answer = answer.expect("more to come").expect("joined").expect("answered");
        match answer.status().as_u16() {
            200 => unread.push(answer),
            503 => refused += 1,
            other => panic!("{other}"),
        }
    }
    assert_eq!((unread.len(), refused), (10, 58));
    assert_eq!(ben.get(&his).await.status, 200, "another account");
    assert_eq!(tablet.get(&path).await.status, 200, "another session of hers");
    // A place comes free when its answer is read or given up, and the next in line gets it.
    drop(unread.pop());
    let next = timeout(PATIENCE, asking.join_next())
        .await
        .expect("the next one is served");
    let next = next.expect("one waits").expect("joined").expect("answered");
    assert_eq!(next.status().as_u16(), 200);
    // And all of them when the connection dies.
    asking.shutdown().await;
    drop((next, unread));
    for connection in connections {
        connection.abort();
    }
    assert_eq!(anna.get(&path).await.status, 200, "hers again");
    server.finish().await;
}
