//! `cutis recover`: going on after a loss.

use std::io::BufRead as _;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use cutis_domain::{Clock, Entropy, System};
use cutis_vault::{InstallationKey, Vault};
use serde_json::json;

use super::{At, say};
use crate::data::DataDir;
use crate::host::{OsEntropy, SystemClock};
use crate::recover::{self, Ended, Hands, Loss};

/// Go on after a loss, when `cutis serve` refuses to start.
#[derive(Debug, Args)]
pub struct Recover {
    #[command(flatten)]
    at: At,
    /// The sentence, instead of typing it when asked.
    #[arg(long, value_name = "SENTENCE")]
    accept: Option<String>,
}

impl Recover {
    pub(super) async fn run(self, json: bool) -> anyhow::Result<ExitCode> {
        let data = DataDir::existing(&self.at.data)?;
        let _lock = data.lock()?;
        let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
        let pending = data.pending_recovery().exists();
        let mut agreed = None;
        if !pending {
            // For looking only: a folder that is left as it is must not be changed by having been looked at.
            let looking = match InstallationKey::load(&data.installation_key()) {
                Ok(key) => Some(Vault::open_unchanged(&data.keys(), key, Arc::clone(&entropy))?),
                Err(cutis_vault::VaultError::Missing { .. }) => None,
                Err(error) => return Err(error.into()),
            };
            let Some(loss) = recover::loss(&data, looking.as_ref())? else {
                say(&if json {
                    json!({ "recovered": false, "reason": "nothing_lost" }).to_string()
                } else {
                    "Nothing stands in the way of a start; nothing was changed.".to_owned()
                });
                return Ok(ExitCode::SUCCESS);
            };
            if !self.agreed(&loss, json)? {
                return Ok(ExitCode::FAILURE);
            }
            agreed = Some(loss);
        }
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        // Never made anew: without it nothing of what is there could ever be opened again.
        let key = InstallationKey::load(&data.installation_key())?;
        let vault = Vault::open(&data.keys(), key, Arc::clone(&entropy))?;
        if let Some(loss) = agreed {
            recover::begin(&data, &loss, &vault)?;
        }
        let hands = Hands {
            vault: Arc::new(vault.with_quarantine(data.quarantined_keys())),
            data,
            clock,
            entropy,
        };
        let ended = recover::run(&hands, System::operator_assertion().caller()).await?;
        let start = format!("Start with: cutis serve --data {}", self.at.data.display());
        say(&match (ended, json) {
            (Ended::Recovered, true) => json!({ "recovered": true }).to_string(),
            (Ended::GivenUp, true) => json!({ "recovered": false, "reason": "database_is_back" }).to_string(),
            (Ended::Recovered, false) => format!("Done, and recorded. {start}"),
            (Ended::GivenUp, false) => {
                format!("The database is there again, so the recovery that was begun was given up. {start}")
            }
        });
        Ok(ExitCode::SUCCESS)
    }

    /// Shows the loss and asks for the sentence.
    fn agreed(&self, loss: &Loss, json: bool) -> anyhow::Result<bool> {
        let sentence = loss.sentence();
        if let Some(accepted) = &self.accept {
            if accepted.trim() == sentence {
                return Ok(true);
            }
        } else if !json {
            say(&loss.found);
            say("");
            say(
                "If there is any copy of cutis.db and trail.head, stop here, put both back, and start again.",
            );
            say(loss.deed());
            say("");
            say("To go on, type this sentence exactly:");
            say(&format!("  {sentence}"));
            let mut line = String::new();
            std::io::stdin()
                .lock()
                .read_line(&mut line)
                .context("the sentence cannot be read")?;
            if line.trim() == sentence {
                return Ok(true);
            }
        }
        say(&if json {
            json!({ "recovered": false, "reason": "not_accepted", "found": loss.found, "sentence": sentence })
                .to_string()
        } else {
            "That is another sentence. Nothing was changed.".to_owned()
        });
        Ok(false)
    }
}
