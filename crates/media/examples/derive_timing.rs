//! CPU time of `derive` next to its floor, the bare decode at the scale that it needs.
//!
//! `cargo run --release -p cutis-media --example derive_timing -- IMAGE.jpg [ROUNDS]` prints one line of
//! `key=value` pairs. CPU time is that of all threads, from the kernel, so that a busy machine does not spoil it.

use std::error::Error;
use std::io::Write;

use cutis_media::derive::{decode_floor, decode_judged, derive};
use cutis_media::limits::MOST_BYTES;
use cutis_media::{Limits, Refusal};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let path = arguments.next().ok_or("which photo?")?;
    let rounds: u32 = arguments
        .next()
        .map_or(Ok(30), |rounds| rounds.to_string_lossy().parse())?;
    let bytes = std::fs::read(&path)?;
    let limits = Limits::default().with_max_bytes(MOST_BYTES);
    let derived = derive(&bytes, &limits)?;
    let whole = cpu_ms(rounds, || derive(&bytes, &limits).map(|_| ()))?;
    let floor = cpu_ms(rounds, || decode_floor(&bytes, &limits).map(|_| ()))?;
    let judged = cpu_ms(rounds, || decode_judged(&bytes, &limits).map(|_| ()))?;
    writeln!(
        std::io::stdout(),
        "width={} height={} derive_cpu_ms={whole:.1} decode_floor_cpu_ms={floor:.1} ratio={:.2} judged_cpu_ms={judged:.1} \
         screen_bytes={} thumbnail_bytes={} rounds={rounds}",
        derived.facts.width,
        derived.facts.height,
        whole / floor,
        derived.screen.len(),
        derived.thumbnail.len(),
    )?;
    Ok(())
}

/// Mean CPU milliseconds of a round, after one that warms the caches.
fn cpu_ms(rounds: u32, mut work: impl FnMut() -> Result<(), Refusal>) -> Result<f64, Box<dyn Error>> {
    work()?;
    let before = cpu_ticks()?;
    for _ in 0..rounds {
        work()?;
    }
    // The kernel counts in hundredths of a second.
    Ok((cpu_ticks()? - before) * 10.0 / f64::from(rounds))
}

/// User and system time of this process so far, in hundredths of a second.
fn cpu_ticks() -> Result<f64, Box<dyn Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name in parentheses may hold spaces; the times are the 12th and 13th fields behind it.
    let (_, fields) = stat.rsplit_once(") ").ok_or("unexpected /proc/self/stat")?;
    let mut times = fields.split(' ').skip(11);
    let mut next = || times.next().ok_or("unexpected /proc/self/stat");
    Ok(next()?.parse::<f64>()? + next()?.parse::<f64>()?)
}
