//! Makes sure that `client/dist` exists, so that the embedding notices when it fills up later.

use std::path::Path;
use std::time::SystemTime;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let dist = Path::new("client/dist");
    let source = Path::new("client/src");
    fs::create_dir_all(dist)?;
    // Named only once it exists: cargo takes a missing path for one that changes all the time.
    println!("cargo::rerun-if-changed={}", dist.display());
    if source.is_dir() {
        println!("cargo::rerun-if-changed={}", source.display());
    }
    let index = dist.join("index.html");
    if !index.is_file() {
        if env::var_os("CARGO_FEATURE_REQUIRE_CLIENT").is_some() {
            println!(
                "cargo::error=crates/web/client/dist holds no client, and the feature require-client \
                 asks for one; run `npx --yes rust-just@1.57.0 client` first"
            );
        }
    } else if newest(source)? > modified(&index)? {
        println!(
            "cargo::warning=crates/web/client/dist is older than client/src: the binary carries the older client"
        );
    }
    Ok(())
}

fn modified(path: &Path) -> io::Result<SystemTime> {
    fs::metadata(path)?.modified()
}

/// The newest modification time of any file below `folder`; the epoch when there is none.
fn newest(folder: &Path) -> io::Result<SystemTime> {
    let mut latest = SystemTime::UNIX_EPOCH;
    if !folder.is_dir() {
        return Ok(latest);
    }
    for found in fs::read_dir(folder)? {
        let path = found?.path();
        let time = if path.is_dir() {
            newest(&path)?
        } else {
            modified(&path)?
        };
        latest = latest.max(time);
    }
    Ok(latest)
}
