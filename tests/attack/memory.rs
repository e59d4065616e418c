//! Memory and workers that one account could take from all others (points 6 and 7).

use std::sync::Arc;
use std::time::{Duration, Instant};

use cutis_tests::SignedIn;
use cutis_tests::client::{BOUNDARY, Call, File, fresh_key, upload_call};
use cutis_tests::images::made;
use tokio::io::AsyncWriteExt as _;
use tokio::task::JoinSet;

use crate::Field;
use crate::clinician::{Clinician, ben};
use crate::process::{self, Serving};
use crate::report::Tally;
use crate::wire::{self, head, nothing, request};

/// An image of noise, which nothing makes smaller.
pub fn noise(seed: u64, width: u32, height: u32) -> Vec<u8> {
    let mut choices = crate::settings::Choices::new(seed, "noise");
    cutis_tests::images::noise(width, height, || choices.next())
}

/// The highest resident memory until the returned guard is dropped.
fn watch_memory(id: u32) -> (Arc<std::sync::atomic::AtomicU64>, tokio::task::JoinHandle<()>) {
    let most = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let seen = Arc::clone(&most);
    let task = tokio::spawn(async move {
        loop {
            let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
            let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
            seen.fetch_max(kib.unwrap_or(0) / 1024, std::sync::atomic::Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    (most, task)
}

/// Resident memory above which an account has too much for itself, in MiB.
const MOST_MIB: u64 = 900;

async fn large_image(field: &Field, server: &Serving) -> (SignedIn, String, String) {
    let anna = field.kept.anna(server);
    let patient = field.kept.patients[1].clone();
    let image = anna.store(&patient, noise(4, 2400, 1800)).await;
    (anna, patient, image)
}

/// Point 7: answers that nobody takes hold no memory without a bound.
pub async fn closed_windows(field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("memory-streams");
    let scratch = field.kept.copy();
    let server = process::serve(&scratch.data).expect("starts");
    let (anna, patient, image) = large_image(&field, &server).await;
    anna.enter_password().await;
    let (signed_in, hers, seen) = ben(&server.place).await;
    for rendition in ["original?purpose=clinical_record", "full"] {
        let (most, task) = watch_memory(server.id());
        let work = Clinician::begin(&server.place, &signed_in, hers.clone(), seen.clone());
        let mut flood = JoinSet::new();
        for connection in 0..48_u8 {
            let place = server.place.coming_from([127, 0, 0, 66 + connection % 2]);
            let path = format!("/api/v1/patients/{patient}/images/{image}/{rendition}");
            let cookie = field.kept.cookie.clone();
            flood.spawn(async move {
                let Ok(sender) = wire::http2(&place, 1024).await else {
                    return;
                };
                let mut held = Vec::new();
                for _ in 0..10 {
                    let mut sender = sender.clone();
                    let asked = request(&place, "GET", &path, Some(&cookie), nothing());
                    if sender.ready().await.is_ok()
                        && let Ok(answer) = sender.send_request(asked).await
                    {
                        held.push(answer);
                    }
                }
                std::future::pending::<()>().await;
            });
        }
        tokio::time::sleep(field.settings.flood).await;
        work.finish(&mut tally, rendition).await;
        flood.shutdown().await;
        task.abort();
        let most = most.load(std::sync::atomic::Ordering::Relaxed);
        tally.tried(most < MOST_MIB, || {
            format!("48 x 10 closed streams of {rendition}: {most} MiB resident")
        });
        tally.figure(format!("{rendition}: {most} MiB at most"));
    }
    tally
}

/// Point 7: many full-size renditions at once, and another account's upload beside them.
pub async fn parallel_full(field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("memory-full");
    let scratch = field.kept.copy();
    let server = process::serve(&scratch.data).expect("starts");
    let (_anna, patient, image) = large_image(&field, &server).await;
    let (signed_in, hers, _) = ben(&server.place).await;
    let (most, task) = watch_memory(server.id());
    let mut flood = JoinSet::new();
    for _ in 0..60 {
        let anna = field.kept.anna(&server);
        let path = format!("/api/v1/patients/{patient}/images/{image}/full");
        flood.spawn(async move {
            loop {
                if anna.try_send(Call::new("GET", &path)).await.is_err() {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        });
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (mut slowest, begin) = (Duration::ZERO, Instant::now());
    for number in 0..4_u64 {
        if begin.elapsed() > Duration::from_secs(60) {
            break;
        }
        let started = Instant::now();
        let call = upload_call(&hers, &fresh_key(), &[File::new("a.jpg", made(700 + number))]);
        let answer = tokio::time::timeout(Duration::from_secs(30), signed_in.try_send(call)).await;
        let status = answer.ok().and_then(Result::ok).map_or(0, |answer| answer.status);
        slowest = slowest.max(started.elapsed());
        tally.tried(status == 200, || {
            format!(
                "an upload beside 60 photos in full size: {status} after {} ms",
                started.elapsed().as_millis()
            )
        });
    }
    flood.shutdown().await;
    task.abort();
    let most = most.load(std::sync::atomic::Ordering::Relaxed);
    tally.tried(most < MOST_MIB, || {
        format!("60 photos in full size at once: {most} MiB resident")
    });
    tally.figure(format!(
        "{most} MiB at most, slowest upload {} ms",
        slowest.as_millis()
    ));
    tally
}

/// Point 6: uploads that each hold a part of the budget and wait for the rest.
pub async fn hold_and_wait(field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("upload-hold");
    let scratch = field.kept.copy();
    let server = process::serve(&scratch.data).expect("starts");
    let (signed_in, hers, _) = ben(&server.place).await;
    let (most, task) = watch_memory(server.id());
    let mut flood = JoinSet::new();
    for connection in 0..60_u8 {
        let place = server.place.coming_from([127, 0, 0, 66 + connection % 2]);
        let (cookie, patient) = (field.kept.cookie.clone(), field.kept.patients[0].clone());
        flood.spawn(async move {
            let file = 48 * 1024 * 1024_usize;
            let begin = format!(
                "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\n"
            );
            let further = format!(
                "idempotency-key: {}\r\ncontent-type: multipart/form-data; boundary={BOUNDARY}\r\ncontent-length: {}\r\n",
                fresh_key(),
                begin.len() + file + 200
            );
            let first = head(&place, "POST", &format!("/api/v1/patients/{patient}/images"), Some(&cookie), &further);
            let Ok(mut open) = place.open("http/1.1").await else { return };
            let piece = vec![0xA5; 64 * 1024];
            let mut sent = open.write_all(first.as_bytes()).await.is_ok() && open.write_all(begin.as_bytes()).await.is_ok();
            // All but the end is sent, or as much as the server takes; the rest never comes.
            for _ in 0..file / piece.len() {
                sent = sent && open.write_all(&piece).await.is_ok();
            }
            std::future::pending::<()>().await;
        });
    }
    // Until the server takes no more of it.
    let (mut before, settled) = (0, Instant::now());
    while settled.elapsed() < Duration::from_secs(30) {
        tokio::time::sleep(Duration::from_secs(3)).await;
        let now = server.resident_mib();
        if now > 150 && now <= before + 4 {
            break;
        }
        before = now;
    }
    let (mut status, mut refusals, begin) = (0, 0, Instant::now());
    while status != 200 && begin.elapsed() < Duration::from_secs(60) {
        let call = upload_call(&hers, &fresh_key(), &[File::new("a.jpg", made(900))]);
        let answer = tokio::time::timeout(Duration::from_secs(60), signed_in.try_send(call)).await;
        status = answer.ok().and_then(Result::ok).map_or(0, |answer| answer.status);
        if status == 503 || status == 429 {
            refusals += 1;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
    let waited = begin.elapsed();
    tally.tried(status == 200, || {
        format!(
            "an upload beside 60 that hold and wait: {status} after {} s",
            waited.as_secs()
        )
    });
    flood.shutdown().await;
    task.abort();
    let call = upload_call(&hers, &fresh_key(), &[File::new("a.jpg", made(901))]);
    let answer = tokio::time::timeout(Duration::from_secs(60), signed_in.try_send(call)).await;
    let after = answer.ok().and_then(Result::ok).map_or(0, |answer| answer.status);
    tally.tried(after == 200, || {
        format!("an upload after all of them hung up: {after}")
    });
    tally.figure(format!(
        "another account's upload after {} ms and {refusals} refusals, {} MiB at most",
        waited.as_millis(),
        most.load(std::sync::atomic::Ordering::Relaxed)
    ));
    tally
}
