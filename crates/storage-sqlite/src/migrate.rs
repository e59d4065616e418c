//! The embedded migrations, and the refusal of a database they do not fit.

use std::sync::Arc;

use cutis_audit::{ColumnValue, TrailKey, digest_row};
use cutis_domain::{Digest, Timestamp};
use cutis_storage::backend::KeyedRow;
use cutis_storage::{ErrorKind, Evidence as _, StorageError, TrailVerdict, verdict};
use refinery::Migration;
use rusqlite::{Connection, params};

use crate::attested;
use crate::error::{Result, failed};
use crate::evidence::Older;
use crate::guard::Guard;
use crate::ports::{Held, Ports, Watch};
use crate::sql::attested::TABLES;
use crate::sql::{evidence as sql, transaction};

mod embedded {
    refinery::embed_migrations!("../../migrations/sqlite");
}

/// A migration that a database says it has had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) version: i64,
    pub(crate) name: String,
    pub(crate) checksum: String,
}

/// What this program brings.
pub(crate) fn known() -> Vec<Step> {
    migrations()
        .iter()
        .map(|migration| Step {
            version: i64::from(migration.version()),
            name: migration.name().to_owned(),
            checksum: migration.checksum().to_string(),
        })
        .collect()
}

fn migrations() -> Vec<Migration> {
    let mut migrations = embedded::migrations::runner().get_migrations().clone();
    migrations.sort_by_key(Migration::version);
    migrations
}

/// The version that brought the codes of rows. Everything is compared before an upgrade to it.
const CODES: usize = 10;
/// The version that brought the trail.
const TRAIL: usize = 8;

/// Brings the database up to date. Does nothing when it is.
///
/// All in one transaction, each step with its entry in the list: a crash leaves the old schema. Codes are
/// given to rows here and nowhere else, and only to those that the trail knows as they are: whoever
/// changed a row before the upgrade does not have it made ours.
pub(crate) fn run(connection: Connection, key: &TrailKey) -> Result<()> {
    if is_due(&connection)?.is_none() {
        return Ok(());
    }
    let watch = Watch {
        guard: Arc::new(Guard::new(key.clone())),
        touched: None,
    };
    let ports = Ports(Held::Own(connection), watch);
    ports.control(transaction::BEGIN_WRITING, [])?;
    let upgraded = upgrade(&ports, key).and_then(|()| ports.run(transaction::COMMIT, []));
    if upgraded.is_err() {
        // Only fails when the transaction is gone already.
        drop(ports.control(transaction::ROLLBACK, []));
    }
    upgraded.map(|_| ())
}

fn upgrade(ports: &Ports, key: &TrailKey) -> Result<()> {
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
    apply(&ports.0, from, known().len())?;
    if from < CODES {
        seal_rows(ports)?;
    }
    seal_history(&ports.0, from, key)
}

/// What speaks against making the rows of an older database ours.
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

/// How many migrations the database has had, when it has to have more.
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

/// Makes the schema of a version in an empty database, without codes: to compare with.
pub(crate) fn build(connection: &Connection, version: usize) -> Result<()> {
    apply(connection, 0, version)
}

fn apply(connection: &Connection, from: usize, to: usize) -> Result<()> {
    let failed = |error: rusqlite::Error| {
        let cause = failed(error);
        StorageError::caused(
            cause.kind(),
            format!("the database cannot be upgraded: {cause}"),
            cause,
        )
    };
    if from == 0 {
        connection.execute_batch(sql::MAKE_HISTORY).map_err(failed)?;
    }
    for migration in migrations().iter().take(to).skip(from) {
        let what = migration.sql().unwrap_or_default();
        connection
            .execute_batch(what)
            .and_then(|()| {
                let step = params![
                    migration.version(),
                    migration.name(),
                    migration.checksum().to_string()
                ];
                connection.execute(sql::NOTE_MIGRATION, step)
            })
            .map_err(failed)?;
    }
    Ok(())
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

/// Gives the entries of the list that came in after the first so many their codes.
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

const HISTORY_TABLE: &str = "refinery_schema_history";

type HistoryRow = (i64, Digest, Option<[u8; 32]>);

fn history_digests(connection: &Connection) -> Result<Vec<HistoryRow>> {
    let mut statement = connection.prepare(sql::HISTORY_CODES).map_err(failed)?;
    let rows = statement.query_map([], |row| {
        let version: i64 = row.get(0)?;
        let (name, applied_on, checksum): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let columns = [
            ("version", ColumnValue::Integer(version)),
            ("name", name.as_str().into()),
            ("applied_on", applied_on.as_str().into()),
            ("checksum", checksum.as_str().into()),
        ];
        let code: Option<Vec<u8>> = row.get(4)?;
        let digest = digest_row(HISTORY_TABLE, columns.into_iter());
        Ok((version, digest, code.and_then(|code| code.try_into().ok())))
    });
    rows.and_then(Iterator::collect).map_err(failed)
}

/// The list's rows with their codes; a code without a row of the list is handed over as one without right.
pub(crate) fn codes(connection: &Connection, each: &mut dyn FnMut(KeyedRow)) -> Result<()> {
    for (row, digest, mac) in history_digests(connection)? {
        each(KeyedRow {
            table: HISTORY_TABLE,
            row,
            content: digest.as_bytes().to_vec(),
            mac,
        });
    }
    let mut strays = connection.prepare(sql::STRAY_HISTORY_CODES).map_err(failed)?;
    let strays = strays.query_map([], |row| row.get(0)).map_err(failed)?;
    for row in strays {
        each(KeyedRow {
            table: "migration_code",
            row: row.map_err(failed)?,
            content: Vec::new(),
            mac: None,
        });
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

/// What the database says it has had.
pub(crate) fn had(connection: &Connection) -> Result<Vec<Step>> {
    let exists: i64 = connection
        .query_row(sql::HISTORY_EXISTS, [], |row| row.get(0))
        .map_err(failed)?;
    if exists == 0 {
        return Ok(Vec::new());
    }
    let corrupt = |column: &str, row: i64| StorageError::corrupt("refinery_schema_history", column, row);
    let mut statement = connection.prepare(sql::HISTORY).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    let mut steps = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        let version: i64 = row.get(0).map_err(|_| corrupt("version", 0))?;
        // Read here first because the migration library panics on what it cannot parse.
        let applied_on: String = row.get(2).map_err(|_| corrupt("applied_on", version))?;
        Timestamp::parse(&applied_on).map_err(|_| corrupt("applied_on", version))?;
        let checksum: String = row.get(3).map_err(|_| corrupt("checksum", version))?;
        checksum
            .parse::<u64>()
            .map_err(|_| corrupt("checksum", version))?;
        steps.push(Step {
            version,
            name: row.get(1).map_err(|_| corrupt("name", version))?,
            checksum,
        });
    }
    Ok(steps)
}

#[cfg(test)]
mod tests;
