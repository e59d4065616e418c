//! Bringing a database up to date, and refusing one that the migrations do not fit.

use std::sync::Arc;

use cutis_audit::TrailKey;
use cutis_storage::{ErrorKind, Evidence as _, StorageError, TrailVerdict, verdict};
use rusqlite::{Connection, params};

use crate::attested;
use crate::error::{Result, failed};
use crate::evidence::Older;
use crate::find::keep;
use crate::guard::Guard;
use crate::history::{HISTORY_TABLE, Step, Upgrade, apply, had, history_digests, known};
use crate::ports::{Held, Ports, Watch};
use crate::readers::Newness;
use crate::sql::attested::TABLES;
use crate::sql::{evidence as sql, transaction};

/// The version that introduced the codes of rows. Everything is compared before an upgrade to it.
const CODES: usize = 10;
/// The version that introduced the trail.
const TRAIL: usize = 8;

/// Brings the database up to date. Does nothing when it is.
///
/// All in one transaction, each step with its entry in the list: a crash leaves the old schema. Existing rows get codes
/// here and nowhere else, and only if they match the trail, so that a row that was changed by hand before the upgrade
/// is not accepted as ours.
pub(crate) fn run(connection: Connection, key: &TrailKey, told: fn(Upgrade<'_>)) -> Result<()> {
    if is_due(&connection)?.is_none() {
        return Ok(());
    }
    let watch = Watch {
        guard: Arc::new(Guard::new(key.clone())),
        touched: None,
        newness: Newness::Newest,
    };
    let ports = Ports(Held::Own(connection), watch);
    ports.control(transaction::BEGIN_WRITING, [])?;
    let upgraded = upgrade(&ports, key, told).and_then(|()| ports.run(transaction::COMMIT, []));
    if upgraded.is_err() {
        // Only fails when the transaction is gone already.
        drop(ports.control(transaction::ROLLBACK, []));
    }
    upgraded.map(|_| ())
}

/// Folds names for the order of names, if this version of the program folds them otherwise than the one before.
pub(crate) fn fold_names(connection: Connection, key: &TrailKey) -> Result<()> {
    let watch = Watch {
        guard: Arc::new(Guard::new(key.clone())),
        touched: None,
        newness: Newness::Newest,
    };
    let ports = Ports(Held::Own(connection), watch);
    if !keep::names_are_due(&ports)? {
        return Ok(());
    }
    ports.control(transaction::BEGIN_WRITING, [])?;
    let folded = keep::fold_names(&ports).and_then(|()| ports.run(transaction::COMMIT, []));
    if folded.is_err() {
        // Only fails when the transaction is gone already.
        drop(ports.control(transaction::ROLLBACK, []));
    }
    folded.map(|_| ())
}

fn upgrade(ports: &Ports, key: &TrailKey, told: fn(Upgrade<'_>)) -> Result<()> {
    // Asked again, now that nobody else can do it meanwhile.
    let Some(from) = is_due(&ports.0)? else {
        return Ok(());
    };
    if (1..CODES).contains(&from) {
        let older = Older { ports, version: from };
        if let Some(what) = objection(&older, key)? {
            return Err(StorageError::new(
                ErrorKind::Tampered,
                format!(
                    "the database is not upgraded, because it was changed by something other than this \
                     program: {what}\nNothing was done to it. Restore a backup, or look at it with \
                     `cutis audit verify` of the version that wrote it."
                ),
            ));
        }
    }
    let told = if from == 0 { |_: Upgrade<'_>| {} } else { told };
    apply(&ports.0, from, known().len(), told)?;
    if from < CODES {
        seal_rows(ports)?;
    }
    seal_history(&ports.0, from, key)
}

/// Why the rows of an older database may not be attested.
fn objection(older: &Older<'_>, key: &TrailKey) -> Result<Option<String>> {
    if older.version < TRAIL {
        let mut rows = 0_u64;
        older.attested_rows(&mut |_, _, _| rows = rows.saturating_add(1))?;
        return Ok((rows > 0).then(|| format!("it holds {rows} rows and has no trail")));
    }
    Ok(match verdict(older, key, Vec::new())? {
        TrailVerdict::Broken(what) => Some(what),
        TrailVerdict::Intact(_) => None,
    })
}

/// How many migrations were applied to the database, if more are needed.
fn is_due(connection: &Connection) -> Result<Option<usize>> {
    let (known, had) = (known(), had(connection)?);
    refuse_newer(&known, &had)?;
    if had.iter().zip(&known).any(|(had, known)| had != known) {
        return Err(StorageError::new(
            ErrorKind::Corrupt,
            "the database's list of migrations was changed by hand or by another program; restore a backup",
        ));
    }
    Ok((had.len() < known.len()).then_some(had.len()))
}

/// Gives every row of the tables whose rows carry one its code.
fn seal_rows(ports: &Ports) -> Result<()> {
    for (place, attested) in TABLES.iter().enumerate() {
        let Some(seal) = attested.seal else { continue };
        let mut codes = Vec::new();
        attested::all(&ports.0, attested, &mut |row, found| {
            codes.push((row, ports.1.guard.code((place, row), &found.digest)));
        })?;
        for (row, code) in codes {
            ports.run(seal, params![row, code])?;
        }
    }
    Ok(())
}

/// Gives codes to the entries of the list after the first ones, whose number is given.
fn seal_history(connection: &Connection, from: usize, key: &TrailKey) -> Result<()> {
    // The codes came with a version, and those before it get theirs then.
    let from = if from < CODES { 0 } else { from };
    for (version, digest, _) in history_digests(connection)?.into_iter().skip(from) {
        let code = key.row_mac(HISTORY_TABLE, version, digest.as_bytes());
        connection
            .execute(sql::SEAL_MIGRATION, params![version, code])
            .map_err(failed)?;
    }
    Ok(())
}

/// Refuses a database that needs an upgrade or a newer program.
pub(crate) fn refuse_other_versions(connection: &Connection) -> Result<()> {
    let (known, had) = (known(), had(connection)?);
    refuse_newer(&known, &had)?;
    if had.len() < known.len() {
        return Err(StorageError::new(
            ErrorKind::Unavailable,
            "the database is of an older version; start `cutis serve` once to upgrade it",
        ));
    }
    Ok(())
}

fn refuse_newer(known: &[Step], had: &[Step]) -> Result<()> {
    let newest = |steps: &[Step]| steps.iter().map(|step| step.version).max().unwrap_or(0);
    let (ours, theirs) = (newest(known), newest(had));
    if theirs > ours {
        return Err(StorageError::new(
            ErrorKind::Unavailable,
            format!(
                "the database was made by a newer cutis: it is at version {theirs}, this program knows {ours}; \
                 install the newer program again"
            ),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
