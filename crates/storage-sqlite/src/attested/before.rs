//! What a row was, just before a statement or a trigger changes it.
//!
//! SQLite's update hook comes too late for that, and its hook for it needs another build of SQLite. So
//! the writer's connection gets temporary triggers before each update and each delete of an attested
//! table. They hand the columns of `OLD` to a function of this program. Temporary objects belong to the
//! connection: the file's schema stays as the migrations made it, and no other program meets them.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::Null;
use rusqlite::{Connection, Error};

use super::{Touched, found, names, value};
use crate::error::{Result, failed};
use crate::sql::attested::TABLES;

/// What the triggers call: a table's place in the list, the row's number, then the row's columns.
const FUNCTION: &str = "cutis_before";
/// How many of the arguments come before the columns.
const FIXED: usize = 2;

/// Makes the function and its triggers on the writer's connection.
pub(super) fn watch(touched: &Touched, connection: &Connection) -> Result<()> {
    let mut tables = Vec::with_capacity(TABLES.len());
    let mut triggers = String::new();
    for (place, attested) in TABLES.iter().enumerate() {
        let mut columns = names(&connection.prepare(attested.row).map_err(failed)?);
        // The digest takes them in this order; sorted here they need not be sorted each time.
        columns.sort_unstable();
        triggers.extend(definitions(place, attested.table, &columns));
        tables.push(columns);
    }
    let touched = touched.clone();
    // Not to be called from any schema: only our own temporary triggers may.
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
    let seen = move |context: &Context<'_>| {
        let place = usize::try_from(context.get::<i64>(0)?).unwrap_or(usize::MAX);
        let row = context.get(1)?;
        if let Some((attested, columns)) = TABLES.get(place).zip(tables.get(place)) {
            let columns = columns
                .iter()
                .enumerate()
                .map(|(index, name)| (name.as_str(), value(context.get_raw(FIXED + index))));
            if !touched.about_to_change((place, row), || found(attested, columns)) {
                return Err(Error::UserFunctionError("the row is not as it was left".into()));
            }
        }
        Ok(Null)
    };
    connection
        .create_scalar_function(FUNCTION, -1, flags, seen)
        .and_then(|()| connection.execute_batch(&triggers))
        .map_err(failed)
}

fn definitions(place: usize, table: &str, columns: &[String]) -> [String; 2] {
    let columns: Vec<String> = columns.iter().map(|column| format!("OLD.{column}")).collect();
    let columns = columns.join(", ");
    ["update", "delete"].map(|what| {
        format!(
            "CREATE TEMP TRIGGER before_{what}_of_{table} BEFORE {what} ON main.{table} \
             BEGIN SELECT {FUNCTION}({place}, OLD.row, {columns}); END;\n"
        )
    })
}
