//! `cutis recover`: continuing after a loss.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use cutis_domain::{Clock, Entropy, System};
use cutis_vault::{InstallationKey, Vault};
use serde_json::json;

use super::{At, say, sentence};
use crate::data::DataDir;
use crate::host::{OsEntropy, SystemClock};
use crate::recover::bound::Bound;
use crate::recover::loss::{Loss, loss};
use crate::recover::{self, Ended, Hands};

/// Recover after a loss, when `cutis serve` refuses to start.
#[derive(Debug, Args)]
pub struct Recover {
    #[command(flatten)]
    at: At,
    /// The confirmation sentence, instead of typing it when asked.
    #[arg(long, value_name = "SENTENCE")]
    accept: Option<String>,
    /// The second folder of checkpoints, if `cutis serve` is started with one.
    #[arg(long, env = "CUTIS_CHECKPOINTS", value_name = "DIR")]
    checkpoints: Option<PathBuf>,
}

impl Recover {
    pub(super) async fn run(self, json: bool) -> anyhow::Result<ExitCode> {
        let data = DataDir::existing(&self.at.data)?;
        let _lock = data.lock()?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
        let mut before = None;
        if data.pending_recovery().exists() {
            match recover::run(
                &hands(&data, &clock, &entropy)?,
                System::operator_assertion().caller(),
            )
            .await?
            {
                Ended::NotHeld(why) => {
                    before = Some(format!("An earlier unfinished recovery was cancelled: {why}."));
                }
                ended @ (Ended::Recovered | Ended::GivenUp | Ended::GivenUpFor(_)) => {
                    return Ok(self.say(&ended, json));
                }
            }
        }
        // Read-only: a folder that is left as it is must not be changed by having been looked at.
        let looking = match InstallationKey::load(&data.installation_key()) {
            Ok(key) => Some(Vault::open_unchanged(&data.keys(), key, Arc::clone(&entropy))?),
            Err(cutis_vault::VaultError::Missing { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        let second = self.checkpoints.as_deref();
        let Some(mut lost) = loss(&data, looking.as_ref(), second)? else {
            say(&if json {
                json!({ "recovered": false, "reason": "nothing_lost" }).to_string()
            } else {
                let what = before.unwrap_or_else(|| "Nothing was changed.".to_owned());
                format!("Nothing prevents a start. {what}")
            });
            return Ok(ExitCode::SUCCESS);
        };
        // Before the person is asked: their word is for what they were told of.
        let bound = match &looking {
            Some(vault) => Some(Bound::of(&data, vault, second)?),
            None => None,
        };
        if let Some(before) = before {
            lost.found = format!("{before} {}", lost.found);
        }
        if !self.agreed(&lost, json)? {
            return Ok(ExitCode::FAILURE);
        }
        let hands = hands(&data, &clock, &entropy)?;
        let bound = match bound {
            Some(bound) => bound,
            None => Bound::of(&data, &hands.vault, second)?,
        };
        recover::begin(&data, &lost, &bound, &hands.vault, clock.now())?;
        let ended = recover::run(&hands, System::operator_assertion().caller()).await?;
        Ok(self.say(&ended, json))
    }

    /// Prints how it ended.
    fn say(&self, ended: &Ended, json: bool) -> ExitCode {
        let again = format!("cutis recover --data {}", self.at.data.display());
        let start = format!("Start with: cutis serve --data {}", self.at.data.display());
        let done = match ended {
            Ended::Recovered => json!({ "recovered": true }),
            Ended::GivenUp => json!({ "recovered": false, "reason": "database_is_back" }),
            Ended::GivenUpFor(why) => {
                json!({ "recovered": false, "reason": "database_is_other", "found": why })
            }
            Ended::NotHeld(why) => json!({ "recovered": false, "reason": "changed_meanwhile", "found": why }),
        };
        if json {
            say(&done.to_string());
        } else {
            say(&match ended {
                Ended::Recovered => format!("Done, and recorded. {start}"),
                Ended::GivenUp => format!(
                    "The database is back, so the unfinished recovery was cancelled, and that is recorded. {start}"
                ),
                Ended::GivenUpFor(why) => format!(
                    "A database is back, so the unfinished recovery was cancelled. But it is not as it was last seen: \
                     {why} Decide about that now: {again}"
                ),
                Ended::NotHeld(why) => format!(
                    "The recovery was cancelled, because the folder was changed in the meantime: {why}. Decide again: \
                     {again}"
                ),
            });
        }
        match ended {
            Ended::Recovered | Ended::GivenUp => ExitCode::SUCCESS,
            Ended::GivenUpFor(_) | Ended::NotHeld(_) => ExitCode::FAILURE,
        }
    }

    /// Shows the loss and asks for the sentence.
    fn agreed(&self, loss: &Loss, json: bool) -> anyhow::Result<bool> {
        let said = format!(
            "{}\n\nIf there is any copy of cutis.db and trail.head, stop here, restore both, and start again.\n{}\n",
            loss.found,
            loss.deed()
        );
        let refused = |reason| json!({ "recovered": false, "reason": reason, "found": loss.found, "sentence": loss.sentence() });
        sentence::agreed(
            self.accept.as_deref(),
            &said,
            &loss.sentence(),
            "Nothing was changed.",
            json,
            refused,
        )
    }
}

/// What a recovery works with.
fn hands(data: &DataDir, clock: &Arc<dyn Clock>, entropy: &Arc<dyn Entropy>) -> anyhow::Result<Hands> {
    // A missing key is not created here: with a new one, nothing that exists could ever be opened again.
    let key = InstallationKey::load(&data.installation_key())?;
    let vault = Vault::open(&data.keys(), key, Arc::clone(entropy))?;
    Ok(Hands {
        vault: Arc::new(vault.with_quarantine(data.quarantined_keys())),
        data: data.clone(),
        clock: Arc::clone(clock),
        entropy: Arc::clone(entropy),
    })
}
