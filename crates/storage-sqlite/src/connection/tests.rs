//! Pragmas, modes and refusals.

use rusqlite::StatementStatus;

use super::*;
use crate::sql::{find, listing};
use crate::{Options, Sqlite};

fn file() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("cutis.db");
    (folder, path)
}

fn pragma(connection: &Connection, name: &str) -> String {
    let value: rusqlite::types::Value = connection
        .pragma_query_value(None, name, |row| row.get(0))
        .expect("a pragma");
    match value {
        rusqlite::types::Value::Integer(number) => number.to_string(),
        rusqlite::types::Value::Text(text) => text,
        rusqlite::types::Value::Null | rusqlite::types::Value::Real(_) | rusqlite::types::Value::Blob(_) => {
            panic!("{name} is neither number nor text")
        }
    }
}

/// C42, C56: what is set is asserted, not assumed.
#[test]
fn every_pragma_took_effect() {
    let (_folder, path) = file();
    create(&path).expect("made");
    let connection = writer(&path).expect("open");
    for (name, value) in [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("foreign_keys", "1"),
        ("trusted_schema", "0"),
        ("secure_delete", "1"),
        ("temp_store", "2"),
        ("cell_size_check", "1"),
        ("busy_timeout", "5000"),
        ("mmap_size", "268435456"),
        ("application_id", "1131770985"),
        ("query_only", "0"),
    ] {
        assert_eq!(pragma(&connection, name), value, "{name}");
    }
    assert!(
        connection
            .db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE)
            .expect("known")
    );
    // A plan that looks at bound values is made again for each.
    assert!(
        connection
            .db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG)
            .expect("known")
    );
    let loaded = connection.query_row("SELECT load_extension('nothing')", [], |_| Ok(()));
    assert!(
        loaded.is_err_and(|error| error.to_string().contains("not authorized")),
        "no extensions"
    );
    assert!(
        connection.prepare("SELECT \"no such column\"").is_err(),
        "double quotes are no text"
    );
}

/// P4: a statement stays compiled, whatever present or limit is bound to it.
#[test]
fn no_statement_is_compiled_again_for_other_values() {
    let (_folder, path) = file();
    drop(Sqlite::open(&path, &cutis_testkit::Lab::key(), Options::default()).expect("open"));
    let connection = writer(&path).expect("open");
    for sql in [
        listing::MODIFIED_DOWN.text(),
        listing::APPOINTMENT_PASSED.text(),
        listing::LINES_OF.text(),
        find::OVERDUE,
    ] {
        let mut statement = connection.prepare(sql).expect("valid");
        for value in 1..4_i64 {
            for index in 1..=statement.parameter_count() {
                statement.raw_bind_parameter(index, value).expect("bound");
            }
            let mut rows = statement.raw_query();
            while rows.next().expect("read").is_some() {}
        }
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0, "{sql}");
    }
}

/// C42: a reader cannot write, whatever it is told.
#[test]
fn a_reader_only_reads() {
    let (_folder, path) = file();
    drop(Sqlite::open(&path, &cutis_testkit::Lab::key(), Options::default()).expect("open"));
    let pool = r2d2::Pool::builder()
        .max_size(1)
        .build(readers(&path))
        .expect("a pool");
    let connection = pool.get().expect("a reader");
    assert_eq!(pragma(&connection, "query_only"), "1");
    assert_eq!(pragma(&connection, "foreign_keys"), "1");
    assert_eq!(pragma(&connection, "mmap_size"), "2147418112");
    assert!(connection.execute("DELETE FROM setting", []).is_err());
    connection
        .execute_batch("PRAGMA query_only = OFF")
        .expect("it may be asked");
    assert!(
        connection.execute("DELETE FROM setting", []).is_err(),
        "the file is open for reading only"
    );
}

/// C62: only the owner can read the file, its log and its shared memory.
#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;

    let (folder, path) = file();
    let database = Sqlite::open(&path, &cutis_testkit::Lab::key(), Options::default()).expect("open");
    let _writer = cutis_storage::Backend::open_writer(&database).expect("a writer");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder.path()).expect("the folder") {
        let entry = entry.expect("an entry");
        assert_eq!(
            entry.metadata().expect("facts").permissions().mode() & 0o777,
            0o600,
            "{:?}",
            entry.path()
        );
        names.push(entry.file_name());
    }
    names.sort();
    assert_eq!(
        names,
        ["cutis.db", "cutis.db-common", "cutis.db-shm", "cutis.db-wal"]
    );
}

#[test]
fn what_is_no_database_of_ours_is_refused_and_left_alone() {
    let (_folder, path) = file();
    for content in [
        b"SQLite format 3\0".repeat(100),
        b"Dear diary, ".repeat(500),
        vec![0xA5; 8192],
    ] {
        #[expect(clippy::disallowed_methods, reason = "a file for a test need not be durable")]
        std::fs::write(&path, &content).expect("written");
        let error = Sqlite::open(&path, &cutis_testkit::Lab::key(), Options::default()).expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
        assert!(error.to_string().contains("cutis.db"), "{error}");
        assert_eq!(std::fs::read(&path).expect("read"), content);
    }
    std::fs::remove_file(&path).expect("removed");
    #[expect(clippy::disallowed_methods, reason = "another program's database")]
    let other = Connection::open(&path).expect("open");
    other
        .execute_batch("CREATE TABLE diary (page TEXT)")
        .expect("made");
    drop(other);
    let error = Sqlite::open(&path, &cutis_testkit::Lab::key(), Options::default()).expect_err("refused");
    assert!(error.to_string().contains("another program"), "{error}");
}

#[test]
fn a_missing_database_is_only_made_when_asked() {
    let (folder, path) = file();
    let error =
        Sqlite::open_existing(&path, &cutis_testkit::Lab::key(), Options::default()).expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(!path.exists());
    let error = Sqlite::open(
        folder.path().join("no/such/folder.db"),
        &cutis_testkit::Lab::key(),
        Options::default(),
    )
    .expect_err("refused");
    assert!(error.to_string().contains("cannot be created"), "{error}");
    drop(Sqlite::open(&path, &cutis_testkit::Lab::key(), Options::default()).expect("made"));
    drop(Sqlite::open_existing(&path, &cutis_testkit::Lab::key(), Options::default()).expect("there now"));
}

/// The gate is on the SQLite that is linked in.
#[test]
fn the_bundled_sqlite_is_new_enough() {
    assert!(
        rusqlite::version_number() >= LEAST_SQLITE,
        "{}",
        rusqlite::version()
    );
}

/// C56: once nobody reads, what was deleted is in no file any more.
#[test]
fn what_is_deleted_is_gone_from_the_files() {
    let (folder, path) = file();
    drop(Sqlite::open(&path, &cutis_testkit::Lab::key(), Options::default()).expect("open"));
    let connection = writer(&path).expect("a writer");
    let needle = "needle-in-the-haystack";
    connection
        .execute("INSERT INTO setting (key, value) VALUES ('x', ?1)", [needle])
        .expect("in");
    connection.execute("DELETE FROM setting", []).expect("out");
    connection
        .query_row(pragmas::EMPTY_LOG, [], |_| Ok(()))
        .expect("emptied");
    for entry in std::fs::read_dir(folder.path()).expect("the folder") {
        let content = std::fs::read(entry.expect("an entry").path()).expect("read");
        assert!(
            !content
                .windows(needle.len())
                .any(|window| window == needle.as_bytes())
        );
    }
}
