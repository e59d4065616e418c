//! Bodies that come slowly, and bodies that cost more than they weigh (points 4 and 9).

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cutis_tests::client::Place;
use tokio::task::JoinSet;

use crate::Field;
use crate::clinician::{Clinician, ben};
use crate::process;
use crate::report::Tally;
use crate::wire::{self, converse, dripping, head, request};

/// Streams of one HTTP/2 connection that send a byte now and then; each begins again when it is refused.
async fn slow_streams(place: Place, path: String, streams: usize, cookie: Option<String>) {
    let Ok(sender) = wire::http2(&place, 65_535).await else {
        return;
    };
    let mut tasks = JoinSet::new();
    for _ in 0..streams {
        let (mut sender, place, path, cookie) = (sender.clone(), place.clone(), path.clone(), cookie.clone());
        tasks.spawn(async move {
            loop {
                if sender.ready().await.is_err() {
                    return;
                }
                let asked = request(&place, "POST", &path, cookie.as_deref(), dripping());
                if let Ok(answer) = sender.send_request(asked).await {
                    drop(answer);
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
    }
    while tasks.join_next().await.is_some() {}
}

/// Connections of HTTP/1.1 that promise a body and never send it.
async fn slow_connections(place: Place, path: String, many: usize) {
    let mut tasks = JoinSet::new();
    for _ in 0..many {
        let (place, path) = (place.clone(), path.clone());
        tasks.spawn(async move {
            loop {
                let further = "content-type: application/json\r\ncontent-length: 2000\r\n";
                let first = head(&place, "POST", &path, None, further);
                let _heard = converse(&place, first, std::iter::empty()).await.is_ok();
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
    }
    while tasks.join_next().await.is_some() {}
}

/// Point 4: whoever doesn't send their body keeps nobody else waiting.
pub async fn slow(field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("slow-bodies");
    let scratch = field.kept.copy();
    let server = process::serve(&scratch.data).expect("starts");
    let (ben_signed_in, patient, image) = ben(&server.place).await;
    let cookie = field.kept.cookie.clone();
    for (name, kind) in [
        ("3 x 100 streams, one address", 0),
        ("5 x 60 connections", 1),
        ("her own address", 2),
        ("signed in", 3),
    ] {
        let work = Clinician::begin(&server.place, &ben_signed_in, patient.clone(), image.clone());
        let mut flood = JoinSet::new();
        for number in 0..5_u8 {
            let place = server.place.coming_from([127, 0, 0, 66]);
            let session = "/api/v1/session".to_owned();
            match kind {
                0 if number < 3 => drop(flood.spawn(slow_streams(place, session, 100, None))),
                1 => {
                    let place = server.place.coming_from([127, 0, 0, 70 + number]);
                    drop(flood.spawn(slow_connections(place, session, 60)));
                }
                2 if number < 3 => {
                    let place = server.place.coming_from([127, 0, 0, 9]);
                    drop(flood.spawn(slow_streams(place, session, 100, None)));
                }
                3 if number < 3 => {
                    let search = "/api/v1/patients/search".to_owned();
                    drop(flood.spawn(slow_streams(place, search, 100, Some(cookie.clone()))));
                }
                _ => {}
            }
        }
        tokio::time::sleep(field.settings.flood).await;
        work.finish(&mut tally, name).await;
        flood.shutdown().await;
    }
    tally.figure(format!("{} MiB resident", server.resident_mib()));
    tally
}

/// A JSON body of about this many bytes in which nothing repeats, or in which every key does.
fn keys(bytes: usize, repeat: bool) -> String {
    let mut body = String::with_capacity(bytes + 16);
    body.push('{');
    for number in 0.. {
        if body.len() + 12 >= bytes {
            break;
        }
        let number = if repeat { 0 } else { number };
        body.push_str(&format!("\"k{number:05}\":0,"));
    }
    body.push_str("\"end\":0}");
    body
}

/// Point 9: what strangers may send is small, and its cost grows with its length and no faster.
pub async fn costly_json(field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("json");
    let scratch = field.kept.copy();
    let server = process::serve(&scratch.data).expect("starts");
    let cases = [
        (
            "a sign-in of 200 KiB",
            "/api/v1/session",
            keys(200_000, false),
            true,
        ),
        ("a set-up of 200 KiB", "/api/v1/setup", keys(200_000, false), true),
        (
            "a password check of 200 KiB",
            "/api/v1/password-check",
            keys(200_000, false),
            true,
        ),
        (
            "a sign-in of 17 KiB",
            "/api/v1/session",
            keys(17_500, false),
            true,
        ),
        (
            "a patient of 250,000 bytes of keys",
            "/api/v1/patients",
            keys(250_000, false),
            false,
        ),
        (
            "a patient of one key again and again",
            "/api/v1/patients",
            keys(250_000, true),
            false,
        ),
        (
            "a patient of 100,000 brackets",
            "/api/v1/patients",
            "[".repeat(100_000),
            false,
        ),
    ];
    for (name, path, body, must_be_too_large) in cases {
        let before = server.processor_millis();
        let mut statuses = std::collections::BTreeSet::new();
        for _ in 0..4 {
            let cookie = (!must_be_too_large).then_some(field.kept.cookie.as_str());
            let further = format!(
                "content-type: application/json\r\ncontent-length: {}\r\n",
                body.len()
            );
            let place = server.place.coming_from([127, 0, 0, 66]);
            let first = head(&place, "POST", path, cookie, &further);
            let heard = converse(&place, first, std::iter::once(Bytes::from(body.clone()))).await;
            statuses.insert(heard.map_or(0, |heard| heard.status));
        }
        let spent = server.processor_millis() - before;
        let right = statuses.iter().all(|status| {
            if must_be_too_large {
                *status == 413
            } else {
                (400..500).contains(status)
            }
        });
        // Four bodies of a quarter of a mebibyte: seconds of processor time mean that somebody compares all with all.
        tally.tried(right && spent < 1500, || {
            format!("{name}: {statuses:?}, {spent} ms of processor time for four")
        });
        tally.figure(format!("{name}: {spent} ms"));
    }
    tally
}
