//! How long an image takes to be kept and how fast it comes back, from a folder on this disk.
//!
//! `cargo run --release -p cutis-blob --example latency -- [folder]`; the folder should lie on the
//! disk that matters, and a new one in it is used and removed.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use cutis_blob::{Blobs, Part};
use cutis_domain::entropy::{Entropy, Purpose};
use cutis_domain::{Digest, PatientId};
use cutis_vault::{InstallationKey, NothingSealed, Vault};
use futures_util::TryStreamExt;
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

fn report(what: &str, times: &mut [Duration], bytes: usize) -> io::Result<()> {
    times.sort();
    let best = times.first().copied().unwrap_or_default();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    let rate = u128::try_from(bytes).unwrap_or(0) / median.as_micros().max(1);
    writeln!(
        io::stdout(),
        "{what:<34} best {best:>10.2?}  median {median:>10.2?}  {rate:>6} MB/s"
    )
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let parent = std::env::args()
        .nth(1)
        .map_or_else(std::env::temp_dir, PathBuf::from);
    let dir = tempfile::tempdir_in(parent)?;
    let entropy = Arc::new(Random(SystemRandom::new()));
    let installation = InstallationKey::create(&dir.path().join("installation.key"), entropy.as_ref())?;
    let vault = Vault::open(
        &dir.path().join("vault"),
        installation,
        Arc::<Random>::clone(&entropy),
    )?;
    let key = vault.ensure_patient_key(NothingSealed::assertion(PatientId::from_bytes([1; 16])))?;
    let blobs = Blobs::folder(&dir.path().join("blobs"))?;

    for (what, length) in [
        ("thumbnail, 40 kB", 40_000),
        ("12 MP, 3.6 MB", 3_600_000),
        ("24 MP, 7.1 MB", 7_100_000),
    ] {
        let plain = Bytes::from(vec![0x5a; length]);
        let (mut puts, mut bare, mut reads) = (Vec::new(), Vec::new(), Vec::new());
        for n in 0..40 {
            // The store only uses the digest as a name, so any 40 will do.
            let mut digest = [0; 32];
            entropy.fill(Purpose::Id, &mut digest);
            let digest = Digest::from_bytes(digest);
            let start = now();
            blobs
                .put(&key, Part::Original, &digest, plain.clone(), entropy.as_ref())
                .await?;
            puts.push(start.elapsed());

            let path = dir.path().join(format!("bare-{length}-{n}"));
            let start = now();
            cutis_vault::durable::write(&path, &plain, 0o600)?;
            bare.push(start.elapsed());

            let start = now();
            let opened = blobs.open(&key, Part::Original, &digest).await?;
            let read: u64 = opened
                .stream(0..opened.len())
                .try_fold(0, |sum, piece| async move {
                    Ok(sum + u64::try_from(piece.len()).unwrap_or(0))
                })
                .await?;
            reads.push(start.elapsed());
            assert_eq!(read, opened.len(), "the whole photo came back");
        }
        report(&format!("put {what}"), &mut puts, length)?;
        report(&format!("bare durable write {what}"), &mut bare, length)?;
        report(&format!("open and stream {what}"), &mut reads, length)?;
    }
    Ok(())
}
