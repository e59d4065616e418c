//! What a person consented to: the database that was in its place, and everything that was seen of the trail. A started
//! recovery continues without asking only while both are unchanged, so the consent can neither be used for another
//! database nor used twice.

use std::path::Path;

use anyhow::bail;
use cutis_domain::Digest;
use cutis_storage::{Backend as _, Seen};
use cutis_storage_sqlite::{Neighbours, Untouched};
use cutis_vault::Vault;

use crate::data::DataDir;
use crate::keys;
use crate::opening::{self, Refusal, State};
use crate::seen::Outside;
use crate::witness::{self, Kept};

/// What is used for a database that is missing, empty or unused.
const NONE: &str = "none";

/// The state of a folder that a decision is about. What a recovery moves within the folder doesn't change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The end of the trail in the database: events, a colon, the root; or that there is none.
    pub(super) database: String,
    /// A digest of every statement about the trail that lies outside the database.
    pub(super) evidence: Digest,
}

impl Bound {
    /// Reads a folder, and the second folder of checkpoints if one is given.
    ///
    /// # Errors
    /// When something cannot be read, or the database's own end was not written by this installation.
    pub fn of(data: &DataDir, vault: &Vault, second: Option<&Path>) -> anyhow::Result<Self> {
        let key = keys::trail(vault);
        let outside = Outside::with_aside(data, vault, second)?;
        let head = match witness::read(&data.trail_head())? {
            Kept::Head(head) if head.verify(&key) => Some(seen(&head)),
            Kept::Head(_) | Kept::NoHead | Kept::Nothing => None,
        };
        let of_records = outside.records.iter().flat_map(|record| &record.overridden);
        let mut all: Vec<Seen> = outside
            .statements
            .iter()
            .map(|statement| &statement.seen)
            .chain(of_records)
            .copied()
            .chain(head)
            // An end without events, such as a recovery's own beginning, says nothing.
            .filter(|seen| seen.size > 0)
            .collect();
        all.sort_unstable();
        all.dedup();
        let mut bytes = Vec::with_capacity(all.len().saturating_mul(40));
        for seen in &all {
            bytes.extend_from_slice(&seen.size.to_be_bytes());
            bytes.extend_from_slice(&seen.root);
        }
        Ok(Self {
            database: lying_there(data, &key)?,
            evidence: Digest::from_bytes(key.row_mac("recovery.evidence", 0, &bytes)),
        })
    }
}

fn seen(head: &cutis_audit::Head) -> Seen {
    Seen {
        size: head.size,
        root: head.root,
    }
}

fn lying_there(data: &DataDir, key: &cutis_audit::TrailKey) -> anyhow::Result<String> {
    match opening::look(data, Neighbours::None) {
        Ok(State::Used) => {}
        Ok(State::New) => return Ok(NONE.to_owned()),
        Err(error) => {
            return match error.downcast_ref::<Refusal>() {
                Some(Refusal::NoDatabase { .. }) => Ok(NONE.to_owned()),
                _ => Err(error),
            };
        }
    }
    let database = Untouched::open(&data.database(), Neighbours::None)?;
    let mut stored = None;
    database.examine(&mut |evidence| stored = Some(evidence.stored_tail()))?;
    match stored.transpose()?.flatten() {
        Some((_, head)) if head.verify(key) => Ok(format!("{}:{}", head.size, Digest::from_bytes(head.root))),
        _ => bail!(
            "the end of the trail that the database holds was not written by this installation; put the database back \
             from the newest copy of the folder"
        ),
    }
}
