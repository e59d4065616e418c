//! `cutis audit`.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;
use cutis_audit::verify::Witness;
use cutis_domain::Entropy;
use cutis_storage::TrailVerdict;
use serde_json::json;

use super::{At, say};
use crate::data::DataDir;
use crate::host::{OsEntropy, SystemClock};
use crate::{wire, witness};

/// Look at the trail.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Verify that nothing in the database was changed by anything but this program (U4).
    Verify(At),
}

impl Audit {
    pub(super) async fn run(self, json: bool) -> anyhow::Result<ExitCode> {
        let Self::Verify(at) = self;
        let data = DataDir::existing(&at.data)?;
        let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
        let vault = wire::open_vault(&data, &entropy)?;
        let head = witness::read(&data.trail_head())?;
        let known = head.is_some();
        let outside = head
            .iter()
            .map(|head| Witness::head(head, "the file trail.head"))
            .collect();
        let on_fatal =
            Box::new(|error: &cutis_storage::StorageError| tracing::error!(%error, "the disk failed"));
        let store = wire::open_store_unchanged(
            &data,
            &vault,
            (Arc::new(SystemClock), entropy),
            on_fatal,
            wire::log_mismatches(),
        )?;
        let verdict = store.verify_trail(outside).await?;
        Ok(report(&verdict, known, json))
    }
}

fn report(verdict: &TrailVerdict, witnessed: bool, json: bool) -> ExitCode {
    match verdict {
        TrailVerdict::Intact(found) => {
            if json {
                let answer = json!({
                    "verdict": "intact", "events": found.events, "rows": found.rows, "witnessed": witnessed,
                });
                say(&answer.to_string());
            } else {
                say(&format!(
                    "intact: {} events and {} rows are as this program wrote them",
                    found.events, found.rows
                ));
                if !witnessed {
                    say(
                        "but the file trail.head is missing, so a database put back to an older state would not show",
                    );
                }
            }
            ExitCode::SUCCESS
        }
        TrailVerdict::Broken(place) => {
            if json {
                say(&json!({ "verdict": "broken", "place": place }).to_string());
            } else {
                say(&format!("NOT intact: {place}"));
            }
            ExitCode::from(2)
        }
    }
}
