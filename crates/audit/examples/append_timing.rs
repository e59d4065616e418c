//! How long appending and verifying 100,000 events take on this machine, without any disk:
//! `cargo run --release -p cutis-audit --example append_timing`.

#![expect(clippy::disallowed_methods, reason = "measuring is what this program is for")]

use std::io::Write as _;
use std::time::Instant;

use cutis_audit::event::{Action, Detail, Event, Target};
use cutis_audit::{Frontier, Record, RowState, TrailKey, Verifier, head, seal};
use cutis_domain::{Caller, Digest, ImageId, PatientId, Timestamp};

const EVENTS: u64 = 100_000;

fn record(sequence: u64) -> Record {
    let image = ImageId::from_bytes(u128::from(sequence).to_be_bytes());
    let patient = PatientId::from_bytes(u128::from(sequence % 997).to_be_bytes());
    let event = Event::new(Action::ImageStored)
        .target(Target::Image(image))
        .patient(patient)
        .detail(Detail::number("bytes", 3_145_728));
    let row = i64::try_from(sequence).unwrap_or(i64::MAX);
    let state = vec![RowState {
        table: "images".to_owned(),
        row,
        before: None,
        after: Some(Digest::from_bytes([7; 32])),
    }];
    let at = Timestamp::EPOCH.plus_seconds(row.saturating_mul(60));
    Record {
        sequence,
        at,
        caller: Caller::system(),
        event,
        state,
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    let key = TrailKey::from_bytes([1; 32]);
    let mut frontier = Frontier::new();
    let mut leaves = Vec::new();
    let mut day = 0;

    let start = Instant::now();
    for sequence in 1..=EVENTS {
        let leaf = seal(&key, &mut frontier, day, &record(sequence), [9; 32])?;
        day = leaf.day;
        leaves.push(leaf);
    }
    let tip = head(&key, &frontier);
    let sealed = start.elapsed();
    let bytes: usize = leaves
        .iter()
        .filter_map(|leaf| leaf.payload.as_ref())
        .map(Vec::len)
        .sum();
    writeln!(
        out,
        "sealed   {EVENTS} events in {sealed:?}; payloads take {bytes} bytes"
    )?;

    let start = Instant::now();
    let mut verifier = Verifier::new(&key);
    for leaf in &leaves {
        verifier.push(leaf)?;
    }
    let report = verifier.finish(Some(&tip), Some(&frontier))?;
    writeln!(out, "verified {} events in {:?}", report.events, start.elapsed())?;

    let start = Instant::now();
    let mut rows = report.check_rows(&key);
    for row in 1..=i64::try_from(EVENTS)? {
        rows.seen("images", row, &Digest::from_bytes([7; 32]));
    }
    writeln!(out, "compared {} rows in {:?}", rows.finish()?, start.elapsed())?;
    Ok(())
}
