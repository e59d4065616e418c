//! What strangers can make the program write, and whether they can keep its owner out (points 5 and 19).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cutis_tests::client::{Call, Client};
use cutis_tests::database::events;
use cutis_tests::server::PASSWORD;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::Field;
use crate::clinician::{Clinician, ben};
use crate::process;
use crate::report::Tally;

/// A set-up with this code.
pub fn a_set_up(code: &str) -> Value {
    json!({
        "code": code, "username": "anna", "password": PASSWORD, "firstName": "A", "lastName": "B",
        "practiceName": "Lakeside", "consentLevel": "disabled", "timeZone": "UTC",
    })
}

/// Bytes of the database with its log.
fn database_bytes(data: &std::path::Path) -> u64 {
    ["cutis.db", "cutis.db-wal"]
        .iter()
        .filter_map(|name| std::fs::metadata(data.join(name)).ok())
        .map(|meta| meta.len())
        .sum()
}

/// A request of theirs.
type Asked = fn() -> Call;

/// Point 5: events that strangers cause are put together, so that they can't fill the disk.
pub async fn event_flood(field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("strangers-events");
    let scratch = field.kept.copy();
    let server = process::serve(&scratch.data).expect("starts");
    let (signed_in, patient, image) = ben(&server.place).await;
    let database = scratch.data.join("cutis.db");
    let kinds: [(&str, Asked); 4] = [
        ("set-ups after set-up", || {
            Call::new("POST", "/api/v1/setup").json(&a_set_up("0000-0000-0000"))
        }),
        ("sign-ins of nobody", || {
            Call::new("POST", "/api/v1/session")
                .json(&json!({ "username": "nobody", "password": "Wrong-password-9" }))
        }),
        ("looks without a session", || {
            Call::new("GET", "/api/v1/patients/018f3c5e-7b1a-7c3d-9a4b-ffffffffffff")
        }),
        ("looks with a made-up session", || {
            Call::new("GET", "/api/v1/settings").header("cookie", format!("__Host-cutis={}", "B".repeat(43)))
        }),
    ];
    const ADDRESSES: u8 = 4;
    for (name, call) in kinds {
        let (before, bytes) = (events(&database), database_bytes(&scratch.data));
        let asked = Arc::new(AtomicU64::new(0));
        let mut flood = JoinSet::new();
        for address in 0..ADDRESSES {
            for _ in 0..4 {
                let client = Client::new(server.place.coming_from([127, 0, 4, address + 1]));
                let asked = Arc::clone(&asked);
                flood.spawn(async move {
                    loop {
                        if client.try_send(call()).await.is_ok() {
                            asked.fetch_add(1, Ordering::Relaxed);
                        } else {
                            tokio::time::sleep(Duration::from_millis(20)).await;
                        }
                    }
                });
            }
        }
        let begin = Instant::now();
        tokio::time::sleep(field.settings.flood / 2).await;
        flood.shutdown().await;
        let seconds = begin.elapsed().as_secs_f64();
        let caused = events(&database) - before;
        let asked = asked.load(Ordering::Relaxed);
        // A few of each address before they are put together, and one a minute after that.
        let allowed = 12 * i64::from(ADDRESSES) + 8;
        let (rate, asked_rate) = (
            to_float(caused) / seconds,
            to_float(i64::try_from(asked).unwrap_or(0)) / seconds,
        );
        let grown = database_bytes(&scratch.data).saturating_sub(bytes) / 1024;
        tally.tried(caused <= allowed, || {
            format!("{name}: {asked} requests caused {caused} events ({rate:.0} a second), {grown} KiB; {allowed} are expected at most")
        });
        tally.figure(format!(
            "{name}: {asked_rate:.0} requests/s, {rate:.1} events/s, {grown} KiB"
        ));
    }
    // A8: failures against an account that exists stay events of their own.
    let before = events(&database);
    for _ in 0..3 {
        let body = json!({ "username": "anna", "password": "Wrong-password-9" });
        let client = Client::new(server.place.coming_from([127, 0, 4, 200]));
        let _refused = client
            .try_send(Call::new("POST", "/api/v1/session").json(&body))
            .await
            .is_ok();
    }
    // They are written a moment after their answers, so that no answer's time tells that the name exists.
    let begin = Instant::now();
    while events(&database) < before + 3 && begin.elapsed() < Duration::from_secs(10) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let caused = events(&database) - before;
    tally.tried(caused >= 3, || {
        format!("three failures against anna left {caused} events")
    });
    let work = Clinician::begin(&server.place, &signed_in, patient, image);
    tokio::time::sleep(Duration::from_secs(1)).await;
    work.finish(&mut tally, "afterwards").await;
    server.stop();
    let verdict = process::verify(&scratch.data, &[]);
    tally.tried(matches!(verdict, process::Verdict::Intact), || {
        format!("afterwards: {verdict:?}")
    });
    tally
}

fn to_float(number: i64) -> f64 {
    u32::try_from(number.max(0)).map_or(f64::MAX, f64::from)
}

/// Point 19: whoever guesses set-up codes doesn't keep out whoever has the right one.
pub async fn code_guessing(_field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("strangers-code");
    for many_addresses in [false, true] {
        let folder = tempfile::TempDir::with_prefix("cutis-attack-").expect("a folder");
        let data = folder.path().join("data");
        let server = process::serve(&data).expect("starts");
        let guessed = Arc::new(AtomicU64::new(0));
        let mut flood = JoinSet::new();
        for number in 0..8_u8 {
            let last = if many_addresses { number + 1 } else { 1 };
            let client = Client::new(server.place.coming_from([127, 0, 5, last]));
            let guessed = Arc::clone(&guessed);
            flood.spawn(async move {
                loop {
                    let call = Call::new("POST", "/api/v1/setup").json(&a_set_up("0000-0000-0000"));
                    if client
                        .try_send(call)
                        .await
                        .is_ok_and(|answer| answer.status != 429)
                    {
                        guessed.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        tokio::time::sleep(Duration::from_secs(4)).await;
        let code = server.ready["setupCode"].as_str().expect("a code").to_owned();
        let owner = Client::new(server.place.clone());
        let (mut status, begin) = (0, Instant::now());
        // The owner presses the button again every other second, for a while.
        while begin.elapsed() < Duration::from_secs(30) && status != 201 {
            let call = Call::new("POST", "/api/v1/setup").json(&a_set_up(&code));
            status = owner.try_send(call).await.map_or(0, |answer| answer.status);
            if status != 201 {
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
        }
        flood.shutdown().await;
        let from = if many_addresses {
            "8 addresses"
        } else {
            "one address"
        };
        tally.tried(status == 201, || {
            format!("{from}: the right code was answered {status} for 30 s")
        });
        tally.figure(format!(
            "{from}: {} guesses looked at, set up after {} ms",
            guessed.load(Ordering::Relaxed),
            begin.elapsed().as_millis()
        ));
    }
    tally
}
