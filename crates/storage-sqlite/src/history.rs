//! The embedded migrations, and the list of those that a database has had.

use cutis_audit::{ColumnValue, digest_row};
use cutis_domain::{Digest, Timestamp};
use cutis_storage::StorageError;
use cutis_storage::backend::KeyedRow;
use refinery::Migration;
use rusqlite::{Connection, params};

use crate::error::{Result, failed};
use crate::sql::evidence as sql;
pub(crate) mod embedded {
    refinery::embed_migrations!("../../migrations/sqlite");
}

/// A migration that was applied to a database, according to its list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) version: i64,
    pub(crate) name: String,
    pub(crate) checksum: String,
}

/// One step of bringing a database up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upgrade<'a> {
    /// Its version, which is the database's after it.
    pub version: i64,
    /// What the migration is called.
    pub name: &'a str,
    /// The version that the database has at the end.
    pub last: i64,
}

/// The migrations of this program.
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

/// Makes the schema of a version in an empty database, without codes: to compare with.
pub(crate) fn build(connection: &Connection, version: usize) -> Result<()> {
    apply(connection, 0, version, |_| {})
}

pub(crate) fn apply(connection: &Connection, from: usize, to: usize, told: fn(Upgrade<'_>)) -> Result<()> {
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
        told(Upgrade {
            version: i64::from(migration.version()),
            name: migration.name(),
            last: i64::try_from(to).unwrap_or(i64::MAX),
        });
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

pub(crate) const HISTORY_TABLE: &str = "refinery_schema_history";

pub(crate) type HistoryRow = (i64, Digest, Option<[u8; 32]>);

pub(crate) fn history_digests(connection: &Connection) -> Result<Vec<HistoryRow>> {
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

/// The list's rows with their codes; a code without a row of the list is reported as an invalid one.
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

/// The migrations in the database's list.
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
