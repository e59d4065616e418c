//! `cutis key`: the installation's key on paper, and back.

use std::io::Read as _;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Subcommand;
use cutis_audit::{Action, Event, Target};
use cutis_domain::{Clock, Entropy, System};
use cutis_practice::Board;
use cutis_storage::Endless;
use cutis_vault::{InstallationKey, recovery};
use serde_json::json;

use super::{At, say, say_aside};
use crate::data::DataDir;
use crate::host::{OsEntropy, SystemClock};
use crate::wire;

/// Show or restore the installation's key.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Print the key as text to keep in a safe. Anyone who has it and the data can see every photo.
    Show(At),
    /// Restore the key from the text that `key show` printed, read from standard input.
    Restore(At),
}

impl Key {
    pub(super) async fn run(self, json: bool) -> anyhow::Result<ExitCode> {
        match self {
            Self::Show(at) => show(&DataDir::existing(&at.data)?, json).await,
            Self::Restore(at) => restore(&DataDir::existing(&at.data)?, json),
        }
    }
}

async fn show(data: &DataDir, json: bool) -> anyhow::Result<ExitCode> {
    let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
    let on_fatal = Box::new(|error: &cutis_storage::StorageError| tracing::error!(%error, "the disk failed"));
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let notices = Board::new(Arc::clone(&clock));
    let around: wire::Around = (clock, entropy, Arc::new(Endless));
    let (_, store, _) = wire::open_parts(data, None, data.neighbours(), around, &notices, on_fatal)?;
    // Recorded first: a key that left without a trace would be worse than none printed.
    let shown = Event::new(Action::KeyExported).target(Target::Practice);
    store
        .record(System::operator_assertion().caller(), vec![shown])
        .await?;
    let key = InstallationKey::load(&data.installation_key())?;
    let text = recovery::to_text(&key);
    if json {
        say(&json!({ "recoveryText": text.expose() }).to_string());
    } else {
        // Beside the answer, which can be given to `key restore` as it is.
        say_aside("Write this down and keep it in a safe. Without the key, no photo can be opened.\n");
        say(text.expose());
    }
    Ok(ExitCode::SUCCESS)
}

fn restore(data: &DataDir, json: bool) -> anyhow::Result<ExitCode> {
    let mut text = String::new();
    std::io::stdin()
        .take(10_000)
        .read_to_string(&mut text)
        .context("the text cannot be read")?;
    let key = recovery::from_text(&text)?;
    key.store(&data.installation_key())?;
    if json {
        say(&json!({ "restored": true }).to_string());
    } else {
        say("The key was restored. Check it with: cutis audit verify");
    }
    Ok(ExitCode::SUCCESS)
}
