//! What lies in a database, read (and changed) behind the program's back.

use std::collections::BTreeMap;
use std::path::Path;

use cutis_audit::compact::{self, Surroundings};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest as _, Sha256};

/// Tables that a refused request may add to: the trail, sessions' last use, failures.
const MOVING: [&str; 8] = [
    "trail_entry",
    "trail_index",
    "trail_surroundings",
    "trail_tail",
    "session_seen",
    "session",
    "throttle",
    "refinery_schema_history",
];

/// The tables of the index that narrows searches, which the program builds on while nothing else is to be done.
pub const INDEX: &str = "patient_find";

/// Opens for reading, beside a server that runs.
pub fn read_only(path: &Path) -> Connection {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the database opens");
    connection
        .busy_timeout(std::time::Duration::from_secs(10))
        .expect("a timeout can be set");
    connection
}

/// Every table's name.
pub fn tables(connection: &Connection) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
    let mut statement = connection.prepare(sql).expect("tables can be listed");
    let names = statement
        .query_map([], |row| row.get(0))
        .expect("tables can be listed");
    names.collect::<Result<_, _>>().expect("names are text")
}

/// How many rows a table has.
pub fn count(connection: &Connection, table: &str) -> i64 {
    connection
        .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))
        .expect("rows can be counted")
}

/// Events in the trail.
pub fn events(path: &Path) -> i64 {
    count(&read_only(path), "trail_entry")
}

/// Events of this action that succeeded.
pub fn events_called(path: &Path, action: &str) -> i64 {
    let sql = "SELECT count(*) FROM trail_index WHERE action = ?1 AND outcome = 'ok'";
    read_only(path)
        .query_row(sql, [action], |row| row.get(0))
        .expect("readable")
}

/// Rows and a digest of every value, for each table that a refused request must leave alone.
pub fn content(path: &Path) -> BTreeMap<String, (i64, String)> {
    let connection = read_only(path);
    let mut found = BTreeMap::new();
    for table in tables(&connection)
        .into_iter()
        .filter(|table| !MOVING.contains(&table.as_str()) && !table.starts_with(INDEX))
    {
        let mut statement = connection
            .prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2"))
            .expect("readable");
        let columns = statement.column_count();
        let mut digest = Sha256::new();
        let mut rows = statement.query([]).expect("readable");
        let mut count = 0;
        while let Some(row) = rows.next().expect("readable") {
            count += 1;
            for column in 0..columns {
                let value: Value = row.get(column).expect("a value");
                digest.update(format!("{value:?}|"));
            }
        }
        found.insert(table, (count, hex(&digest.finalize())));
    }
    found
}

/// Every payload of the trail, as it was hashed.
pub fn events_of(path: &Path) -> Vec<Vec<u8>> {
    let connection = read_only(path);
    let sql = "SELECT e.payload, s.text FROM trail_entry e \
               LEFT JOIN trail_surroundings s ON s.row = e.surroundings ORDER BY e.seq";
    let mut statement = connection.prepare(sql).expect("readable");
    let payloads = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("readable");
    payloads
        .map(|payload| {
            let (kept, surroundings): (Option<Vec<u8>>, Option<Vec<u8>>) = payload.expect("a payload");
            let surroundings = surroundings.map(Surroundings::stored);
            kept.and_then(|kept| compact::expanded(&kept, surroundings.as_ref()))
                .unwrap_or_default()
        })
        .collect()
}

/// The same as text, an event a line.
pub fn trail_text(path: &Path) -> String {
    let lines = events_of(path).into_iter();
    lines
        .map(|event| String::from_utf8_lossy(&event).into_owned() + "\n")
        .collect()
}

/// Names of every blob that a row speaks of, in hexadecimal.
pub fn blob_names(path: &Path) -> Vec<String> {
    let connection = read_only(path);
    let sql = "SELECT original_name FROM image UNION SELECT derived_name FROM image";
    let mut statement = connection.prepare(sql).expect("readable");
    let names = statement
        .query_map([], |row| row.get::<_, Vec<u8>>(0))
        .expect("readable");
    let mut names: Vec<String> = names.map(|name| hex(&name.expect("bytes"))).collect();
    names.sort();
    names
}

/// Names of every blob's file under a folder.
pub fn blob_files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for inner in std::fs::read_dir(folder).expect("the blobs' folder can be read") {
        let inner = inner.expect("an entry").path();
        if inner.is_dir() {
            for file in std::fs::read_dir(inner).expect("readable") {
                found.push(file.expect("an entry").file_name().to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

/// In hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Drops every trigger, does the deed, and puts the triggers back, in one transaction, as somebody
/// careful would.
pub fn without_triggers(connection: &Connection, deed: impl FnOnce(&Connection)) {
    connection.execute_batch("BEGIN IMMEDIATE").expect("begun");
    let mut found = connection
        .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        .expect("triggers can be listed");
    let triggers: Vec<(String, String)> = found
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("triggers can be listed")
        .collect::<Result<_, _>>()
        .expect("text");
    drop(found);
    for (name, _) in &triggers {
        connection
            .execute_batch(&format!("DROP TRIGGER {name}"))
            .expect("dropped");
    }
    deed(connection);
    for (_, sql) in &triggers {
        connection.execute_batch(sql).expect("put back");
    }
    connection.execute_batch("COMMIT").expect("committed");
}
