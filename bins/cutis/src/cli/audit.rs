//! `cutis audit`.

mod progress;
pub mod verify;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;
use cutis_domain::Entropy;
use cutis_vault::{InstallationKey, Vault};
use serde_json::json;

use super::{At, say};
use crate::checkpoints;
use crate::data::DataDir;
use crate::host::OsEntropy;

/// Inspect the audit trail.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Verify that nothing was changed by anything other than this program. This command changes nothing.
    Verify(verify::Verify),
    /// Print the public key that checkpoints are signed with. Keep it with the copies of the checkpoints.
    Key(At),
}

impl Audit {
    pub(super) async fn run(self, json: bool) -> anyhow::Result<ExitCode> {
        match self {
            Self::Verify(verify) => verify.run(json).await,
            Self::Key(at) => key(&DataDir::existing(&at.data)?, json),
        }
    }
}

/// The vault, read-only.
pub(super) fn vault_of(data: &DataDir) -> anyhow::Result<Vault> {
    let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
    let key = InstallationKey::load(&data.installation_key())?;
    let vault = Vault::open_unchanged(&data.keys(), key, entropy)?;
    Ok(vault.with_quarantine(data.quarantined_keys()))
}

fn key(data: &DataDir, json: bool) -> anyhow::Result<ExitCode> {
    let key = checkpoints::signing_key(&vault_of(data)?)?;
    let text = key.public_key().to_string();
    say(&if json {
        json!({ "publicKey": text }).to_string()
    } else {
        text
    });
    Ok(ExitCode::SUCCESS)
}
