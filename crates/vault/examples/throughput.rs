//! How fast sealing and opening are on this machine, for one core.
//!
//! `cargo run --release -p cutis-vault --example throughput`

use std::hint::black_box;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cutis_domain::entropy::{Entropy, Purpose};
use cutis_domain::{Digest, PatientId};
use cutis_vault::seal::{self, Header};
use cutis_vault::{InstallationKey, NothingSealed, PatientKey, Vault};
use ring::rand::{SecureRandom, SystemRandom};

struct Random(SystemRandom);

impl Entropy for Random {
    fn fill(&self, _purpose: Purpose, buffer: &mut [u8]) {
        if self.0.fill(buffer).is_err() {
            std::process::abort();
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "measuring time is what this example is for"
)]
fn now() -> Instant {
    Instant::now()
}

/// The best of several runs, which is the one least disturbed by others.
fn best(mut work: impl FnMut()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..15 {
        let start = now();
        work();
        best = best.min(start.elapsed());
    }
    best
}

fn report(what: &str, bytes: usize, took: Duration) -> io::Result<()> {
    let micros = took.as_micros().max(1);
    let rate = u128::try_from(bytes).unwrap_or(u128::MAX) / micros;
    writeln!(io::stdout(), "{what:<34} {micros:>8} µs  {rate:>6} MB/s")
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = tempfile::tempdir()?;
    let entropy = Arc::new(Random(SystemRandom::new()));
    let installation = InstallationKey::create(&dir.path().join("installation.key"), entropy.as_ref())?;
    let vault = Vault::open(
        &dir.path().join("vault"),
        installation,
        Arc::<Random>::clone(&entropy),
    )?;
    let patient = PatientId::from_bytes([1; 16]);
    let key: Arc<PatientKey> = vault.ensure_patient_key(NothingSealed::assertion(patient))?;

    for (what, length) in [
        ("thumbnail, 40 kB", 40_000),
        ("12 MP, 3.6 MB", 3_600_000),
        ("64 MiB", 64 << 20),
    ] {
        let plain = vec![0x5a; length];
        let sealed = seal::seal(&key, b"context", &plain, entropy.as_ref())?;
        let took = best(|| drop(black_box(seal::seal(&key, b"context", &plain, entropy.as_ref()))));
        report(&format!("seal {what}"), length, took)?;
        let took = best(|| drop(black_box(seal::open(&key, b"context", &sealed))));
        report(&format!("open {what}"), length, took)?;
    }

    // As a download does it: a mebibyte at a time, in the memory it was read into.
    let plain = vec![0x5a; 1 << 20];
    let sealed = seal::seal(&key, b"context", &plain, entropy.as_ref())?;
    let opening = Header::parse(&sealed)?.opening(&key, b"context", u64::try_from(sealed.len())?)?;
    let last = opening.last_span();
    let last = sealed
        .get(usize::try_from(last.start)?..)
        .unwrap_or_default()
        .to_vec();
    let opener = opening.confirm(last)?;
    let body = sealed
        .get(usize::try_from(seal::HEADER_LEN)?..)
        .unwrap_or_default();
    let mut pieces: Vec<_> = (0..15).map(|_| body.to_vec()).collect();
    let took = best(|| {
        let piece = pieces.pop().unwrap_or_default();
        drop(black_box(opener.open(&(0..1 << 20), piece)));
    });
    report("open a 1 MiB piece in place", plain.len(), took)?;

    let digest = Digest::from_bytes([7; 32]);
    let took = best(|| {
        for _ in 0..1000 {
            black_box(key.name("original", &digest));
        }
    });
    writeln!(
        io::stdout(),
        "{:<34} {:>8} ns",
        "name a blob",
        took.as_nanos() / 1000
    )?;
    let took = best(|| {
        for _ in 0..1000 {
            drop(black_box(vault.patient_key(patient)));
        }
    });
    writeln!(
        io::stdout(),
        "{:<34} {:>8} ns",
        "patient's key from memory",
        took.as_nanos() / 1000
    )?;
    Ok(())
}
