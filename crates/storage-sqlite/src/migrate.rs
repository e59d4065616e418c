//! The embedded migrations, and the refusal of a database they do not fit.

use cutis_domain::Timestamp;
use cutis_storage::{ErrorKind, StorageError};
use refinery::Runner;
use rusqlite::Connection;

use crate::error::{Result, failed};
use crate::sql::evidence as sql;

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
    let mut steps: Vec<Step> = runner()
        .get_migrations()
        .iter()
        .map(|migration| Step {
            version: i64::from(migration.version()),
            name: migration.name().to_owned(),
            checksum: migration.checksum().to_string(),
        })
        .collect();
    steps.sort_by_key(|step| step.version);
    steps
}

fn runner() -> Runner {
    // One transaction for all, each with its entry in the list: a crash leaves the old schema.
    embedded::migrations::runner().set_grouped(true)
}

/// Brings the database up to date. Does nothing when it is.
pub(crate) fn run(connection: &mut Connection) -> Result<()> {
    let (known, had) = (known(), had(connection)?);
    refuse_newer(&known, &had)?;
    if had.iter().zip(&known).any(|(had, known)| had != known) {
        return Err(StorageError::new(
            ErrorKind::Corrupt,
            "the database's list of migrations was changed by hand or by another program; restore a backup",
        ));
    }
    if had.len() < known.len() {
        runner().run(connection).map_err(|error| {
            StorageError::caused(
                ErrorKind::Unavailable,
                format!("the database cannot be upgraded: {error}"),
                error,
            )
        })?;
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
