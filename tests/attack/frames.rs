//! HTTP/2 frames as no honest client sends them: floods of resets, of empty data, of continued heads, of pings and settings.
//!
//! Each kind brought servers down elsewhere (RUSTSEC-2024-0003, RUSTSEC-2024-0332, RUSTSEC-2026-0258, CVE-2019-9512 to 9518).

use std::sync::Arc;
use std::time::Instant;

use cutis_tests::client::Place;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinSet;

use crate::Field;
use crate::clinician::{Clinician, ben};
use crate::process;
use crate::report::Tally;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const PRIORITY: u8 = 2;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const WINDOW: u8 = 8;
const CONTINUATION: u8 = 9;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("short").to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend_from_slice(&[kind, flags]);
    frame.extend_from_slice(&stream.to_be_bytes());
    frame.extend_from_slice(payload);
    frame
}

/// A text field in HPACK, neither indexed nor compressed.
fn field(name: &str, value: &str) -> Vec<u8> {
    let mut bytes = vec![0];
    for text in [name, value] {
        bytes.push(u8::try_from(text.len()).expect("short"));
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes
}

fn head(place: &Place) -> Vec<u8> {
    let authority = format!("localhost:{}", place.address().port());
    [
        field(":method", "POST"),
        field(":scheme", "https"),
        field(":path", "/api/v1/session"),
        field(":authority", &authority),
        field("sec-fetch-site", "same-origin"),
        field("content-type", "application/json"),
    ]
    .concat()
}

/// What one connection sends, piece after piece; the number says how many came before.
type Pieces = fn(&Place, u32) -> Vec<u8>;

/// The number of a stream opened by a client.
const fn odd(number: u32) -> u32 {
    number * 2 + 1
}

const FLOODS: &[(&str, Pieces)] = &[
    ("requests reset at once", |place, number| {
        let mut both = frame(HEADERS, 4, odd(number), &head(place));
        both.extend(frame(RESET, 0, odd(number), &8_u32.to_be_bytes()));
        both
    }),
    ("faulty requests, reset by the server", |place, number| {
        let mut broken = head(place);
        broken.extend(field("Upper-Case", "x"));
        frame(HEADERS, 4, odd(number), &broken)
    }),
    ("a head that is continued forever", |place, number| match number {
        0 => frame(HEADERS, 0, 1, &head(place)),
        _ => frame(CONTINUATION, 0, 1, &field("x-more", &"y".repeat(100)).repeat(100)),
    }),
    (
        "a head that is continued with nothing",
        |place, number| match number {
            0 => frame(HEADERS, 0, 1, &head(place)),
            _ => frame(CONTINUATION, 0, 1, &[]).repeat(50),
        },
    ),
    ("data without content", |place, number| match number {
        0 => frame(HEADERS, 4, 1, &head(place)),
        _ => frame(DATA, 0, 1, &[]).repeat(200),
    }),
    ("pings", |_, _| frame(PING, 0, 0, &[0; 8]).repeat(100)),
    ("settings", |_, _| {
        frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 255, 255]).repeat(100)
    }),
    ("windows moved by one", |place, number| match number {
        0 => frame(HEADERS, 4, 1, &head(place)),
        _ => frame(WINDOW, 0, 1, &1_u32.to_be_bytes()).repeat(100),
    }),
    ("priorities", |_, number| {
        frame(PRIORITY, 0, odd(number), &[0, 0, 0, 0, 1]).repeat(100)
    }),
];

/// Sends until the server hangs up or the time is over; what it answers is not read. Bytes sent, and whether it hung up.
async fn flood(place: Place, pieces: Pieces, until: Instant) -> (u64, bool) {
    let Ok(tls) = place.open("h2").await else {
        return (0, true);
    };
    let (mut reader, mut writer) = tokio::io::split(tls);
    let mut first = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    first.extend(frame(SETTINGS, 0, 0, &[]));
    if writer.write_all(&first).await.is_err() {
        return (0, true);
    }
    // Only the beginning is read, so that what the server wants to say piles up on its side.
    let _greeting = reader.read(&mut [0_u8; 4096]).await.is_ok();
    let mut sent = 0;
    for number in 0.. {
        if Instant::now() >= until || number > 500_000 {
            return (sent, false);
        }
        let piece = pieces(&place, number);
        let length = u64::try_from(piece.len()).unwrap_or(0);
        let left = until.saturating_duration_since(Instant::now());
        match tokio::time::timeout(left, writer.write_all(&piece)).await {
            Ok(Ok(())) => sent += length,
            Ok(Err(_)) => return (sent, true),
            // The server no longer reads: it is held back, not it by us.
            Err(_) => return (sent, true),
        }
    }
    (sent, false)
}

/// Floods, on a new connection whenever the server hung up, until the time is over. Bytes sent, and how often it hung up.
async fn again(place: Place, pieces: Pieces, until: Instant) -> (u64, u64) {
    let (mut bytes, mut ended) = (0, 0);
    while Instant::now() < until {
        let (sent, hung_up) = flood(place.clone(), pieces, until).await;
        bytes += sent;
        ended += u64::from(hung_up);
    }
    (bytes, ended)
}

/// Every flood on eight connections, while somebody works.
pub async fn floods(attacked: Arc<Field>) -> Tally {
    let mut tally = Tally::new("frames");
    let scratch = attacked.kept.copy();
    let mut server = process::serve(&scratch.data).expect("starts");
    let (signed_in, patient, image) = ben(&server.place).await;
    let mut most = 0;
    for (name, pieces) in FLOODS {
        let before = server.resident_mib();
        let work = Clinician::begin(&server.place, &signed_in, patient.clone(), image.clone());
        let until = Instant::now() + attacked.settings.flood / 4;
        let mut tasks = JoinSet::new();
        for _ in 0..8 {
            tasks.spawn(again(server.place.coming_from([127, 0, 0, 66]), *pieces, until));
        }
        let (mut bytes, mut ended) = (0, 0);
        while let Some(one) = tasks.join_next().await {
            let (sent, hung_up) = one.expect("no panic");
            bytes += sent;
            ended += hung_up;
        }
        let after = server.resident_mib();
        most = most.max(after);
        work.finish(&mut tally, name).await;
        tally.tried(after < before + 128 && server.alive(), || {
            format!(
                "{name}: {before} -> {after} MiB after {} KiB, {ended} connections ended",
                bytes / 1024
            )
        });
    }
    tally.tried(!server.logged().contains("panicked"), || {
        "a panic is in the log".to_owned()
    });
    tally.figure(format!("{most} MiB resident at most"));
    tally
}
