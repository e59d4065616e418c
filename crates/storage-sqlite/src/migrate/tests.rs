//! Migrating once, twice, and refusing what does not fit.

use std::fmt::Write as _;
use std::path::Path;

use cutis_testkit::Lab;

use super::*;
use crate::history::{self, build};
use crate::{Options, Sqlite, connection};

fn file() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("cutis.db");
    drop(Sqlite::open(&path, &Lab::key(), Options::default()).expect("made"));
    (folder, path)
}

fn dump(connection: &Connection) -> String {
    let mut statement = connection.prepare(sql::SCHEMA).expect("readable");
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(1)?, row.get::<_, String>(3)?)));
    rows.expect("readable").fold(String::new(), |mut text, row| {
        let (name, sql) = row.expect("a row");
        if !sql.is_empty() && name != "refinery_schema_history" {
            writeln!(text, "-- {name}\n{sql};\n").expect("written");
        }
        text
    })
}

/// The schema is what the committed dump says. After a new migration: run with `UPDATE_GOLDEN=1` and
/// read the difference.
#[test]
fn a_fresh_schema_equals_the_golden_dump() {
    let fresh = Connection::open_in_memory().expect("memory");
    build(&fresh, known().len()).expect("migrated");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/schema.sql");
    let dump = dump(&fresh);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        #[expect(clippy::disallowed_methods, reason = "a file for a test need not be durable")]
        std::fs::write(&golden, &dump).expect("written");
    }
    assert_eq!(std::fs::read_to_string(&golden).expect("the golden dump"), dump);
}

#[test]
fn migrating_again_changes_nothing() {
    let (_folder, path) = file();
    let connection = connection::writer(&path).expect("open");
    let (before, steps) = (dump(&connection), had(&connection).expect("readable"));
    run(connection::writer(&path).expect("open"), &Lab::key(), |_| {}).expect("nothing to do");
    assert_eq!(
        (dump(&connection), had(&connection).expect("readable")),
        (before, steps.clone())
    );
    assert_eq!(steps, known());
}

/// Versions count up from 1 without gaps, so that "newer" means what it says.
#[test]
fn versions_have_no_gaps() {
    let versions: Vec<i64> = known().iter().map(|step| step.version).collect();
    assert_eq!(
        versions,
        (1..=i64::try_from(versions.len()).expect("few")).collect::<Vec<_>>()
    );
}

#[test]
fn a_newer_database_is_refused_in_words() {
    let (_folder, path) = file();
    let newer = "INSERT INTO refinery_schema_history VALUES (900, 'future', '2030-01-01T00:00:00Z', '7')";
    connection::writer(&path)
        .expect("open")
        .execute_batch(newer)
        .expect("inserted");
    for error in [
        Sqlite::open(&path, &Lab::key(), Options::default()).expect_err("refused"),
        Sqlite::open_existing(&path, &Lab::key(), Options::default()).expect_err("refused"),
    ] {
        let said = error.to_string();
        assert!(said.contains("newer cutis") && said.contains("900"), "{said}");
    }
}

#[test]
fn an_older_database_is_upgraded_only_by_opening_it_for_good() {
    let last = known().len();
    for version in 0..last {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("cutis.db");
        connection::create(&path).expect("made");
        let older = connection::writer(&path).expect("open");
        build(&older, version).expect("older");
        if version >= CODES {
            // The program of that time gave the list its codes.
            seal_history(&older, 0, &Lab::key()).expect("sealed");
        }
        drop(older);
        let error = Sqlite::open_existing(&path, &Lab::key(), Options::default()).expect_err("refused");
        assert!(error.to_string().contains("older version"), "{error}");
        drop(Sqlite::open(&path, &Lab::key(), Options::default()).expect("upgraded"));
        let connection = connection::writer(&path).expect("open");
        assert_eq!(had(&connection).expect("readable"), known(), "from {version}");
        let mut codes = 0;
        history::codes(&connection, &mut |row| {
            let mac = row.mac.expect("a code");
            assert!(Lab::key().row_is_ours(row.table, row.row, &row.content, &mac));
            codes += 1;
        })
        .expect("readable");
        assert_eq!(codes, last, "from {version}");
    }
}

/// Whoever waits for an upgrade is told which step begins, and whoever begins a practice nothing.
#[test]
fn an_upgrade_says_its_steps() {
    static TOLD: std::sync::Mutex<Vec<(i64, String, i64)>> = std::sync::Mutex::new(Vec::new());
    let options = Options {
        on_upgrade: |step| {
            let step = (step.version, step.name.to_owned(), step.last);
            TOLD.lock().expect("whole").push(step);
        },
        ..Options::default()
    };
    let folder = tempfile::TempDir::new().expect("a folder");
    let (new, path) = (folder.path().join("new.db"), folder.path().join("cutis.db"));
    drop(Sqlite::open(&new, &Lab::key(), options).expect("made"));
    assert!(TOLD.lock().expect("whole").is_empty());
    let last = known().len();
    connection::create(&path).expect("made");
    let older = connection::writer(&path).expect("open");
    build(&older, last - 2).expect("older");
    seal_history(&older, 0, &Lab::key()).expect("sealed");
    drop(older);
    drop(Sqlite::open(&path, &Lab::key(), options).expect("upgraded"));
    let expected: Vec<_> = known()
        .into_iter()
        .skip(last - 2)
        .map(|step| (step.version, step.name, i64::try_from(last).expect("few")))
        .collect();
    assert_eq!(*TOLD.lock().expect("whole"), expected);
    drop(Sqlite::open(&path, &Lab::key(), options).expect("opened"));
    assert_eq!(
        TOLD.lock().expect("whole").len(),
        2,
        "an upgraded one has nothing to tell"
    );
}

/// The list of migrations is made here, to the letter as the library made it in older databases.
#[test]
fn the_list_of_migrations_is_as_the_library_makes_it() {
    let ours = Connection::open_in_memory().expect("memory");
    build(&ours, known().len()).expect("made");
    let mut theirs = Connection::open_in_memory().expect("memory");
    history::embedded::migrations::runner()
        .run(&mut theirs)
        .expect("made");
    let schema = "SELECT type || name || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name";
    assert_eq!(names(&ours, schema), names(&theirs, schema));
    assert_eq!(had(&ours).expect("readable"), had(&theirs).expect("readable"));
}

/// The migration library panics on what it cannot parse; this program says what is wrong.
#[test]
fn an_edited_list_of_migrations_is_refused() {
    for edit in [
        "UPDATE refinery_schema_history SET checksum = '1' WHERE version = 2",
        "UPDATE refinery_schema_history SET checksum = 'x' WHERE version = 2",
        "UPDATE refinery_schema_history SET applied_on = 'yesterday' WHERE version = 2",
        "UPDATE refinery_schema_history SET name = 'other' WHERE version = 2",
        "UPDATE refinery_schema_history SET checksum = NULL WHERE version = 2",
        "DELETE FROM refinery_schema_history WHERE version = 2",
    ] {
        let (_folder, path) = file();
        connection::writer(&path)
            .expect("open")
            .execute_batch(edit)
            .expect("edited");
        let error = Sqlite::open(&path, &Lab::key(), Options::default()).expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::Corrupt, "{edit}: {error}");
    }
}

/// A10: every clinical table has the owner in its keys, so that nothing can point at another's.
#[test]
fn every_clinical_foreign_key_has_the_owner() {
    let fresh = Connection::open_in_memory().expect("memory");
    build(&fresh, known().len()).expect("migrated");
    let clinical = [
        "comparison",
        "comparison_image",
        "consent",
        "consent_signature",
        "entry",
        "entry_addendum",
        "entry_edit",
        "entry_image",
        "entry_layout",
        "entry_notes",
        "entry_revision",
        "entry_tag",
        "image",
        "image_tag",
        "patient",
        "patient_tag",
        "patient_tag_use",
        "patient_tally",
        "tag",
        "tag_catalogue",
        "tag_category",
        "tag_tally",
        "upload_receipt",
    ];
    let practice = [
        "account",
        "patient_field",
        "session",
        "session_seen",
        "setting",
        "throttle",
    ];
    let trail = ["trail_entry", "trail_index", "trail_surroundings", "trail_tail"];
    let mut tables: Vec<String> = names(
        &fresh,
        "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
    );
    tables.retain(|table| table != "refinery_schema_history" && table != "migration_code");
    let mut expected: Vec<&str> = [&clinical[..], &practice, &trail, DERIVED].concat();
    expected.sort_unstable();
    assert_eq!(
        tables, expected,
        "a new table is clinical, the practice's, or the trail's: say which"
    );
    for table in clinical {
        let columns = keys(&fresh, table);
        assert!(!columns.is_empty(), "{table} belongs to nobody");
        for (target, from, to) in columns {
            let by_owner = from.iter().any(|column| column == "owner_id");
            let to_account = target == "account" && to == ["id"];
            assert!(by_owner || to_account, "{table} points at {target} by {from:?}");
            if target != "account" {
                assert!(
                    by_owner && to.iter().any(|column| column == "owner_id"),
                    "{table} → {target}"
                );
            }
        }
    }
    for table in practice {
        for (target, ..) in keys(&fresh, table) {
            assert!(
                !clinical.contains(&target.as_str()),
                "{table} points at clinical {target}"
            );
        }
    }
}

/// Made from clinical tables, row by row with the same number: nothing points there, and nothing from there.
const DERIVED: &[&str] = &[
    "patient_find",
    "patient_find_config",
    "patient_find_data",
    "patient_find_docsize",
    "patient_find_due",
    "patient_find_idx",
    "patient_find_state",
    "patient_line",
];

type ForeignKey = (String, Vec<String>, Vec<String>);

fn keys(connection: &Connection, table: &str) -> Vec<ForeignKey> {
    let sql = "SELECT id, \"table\", \"from\", \"to\" FROM pragma_foreign_key_list(?1) ORDER BY id, seq";
    let mut statement = connection.prepare(sql).expect("readable");
    let rows = statement
        .query_map([table], |row| {
            Ok((row.get::<_, u32>(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .expect("readable");
    let mut keys: Vec<ForeignKey> = Vec::new();
    for row in rows {
        let (id, target, from, to): (u32, String, String, String) = row.expect("a row");
        let id = usize::try_from(id).expect("few");
        if keys.len() <= id {
            keys.push((target, Vec::new(), Vec::new()));
        }
        keys[id].1.push(from);
        keys[id].2.push(to);
    }
    keys
}

fn names(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).expect("readable");
    let rows = statement.query_map([], |row| row.get(0)).expect("readable");
    rows.collect::<rusqlite::Result<_>>().expect("names")
}

/// U4: every table is attested, keyed or the trail's own; a new one must choose.
#[test]
fn no_table_escapes_the_trail() {
    let fresh = Connection::open_in_memory().expect("memory");
    build(&fresh, known().len()).expect("migrated");
    let attested: Vec<&str> = TABLES.iter().map(|attested| attested.table).collect();
    let other = [
        "migration_code",
        // Derived, and compared with what they are derived from.
        "patient_tag_use",
        "tag_tally",
        "refinery_schema_history",
        "session_seen",
        "trail_entry",
        "trail_index",
        "trail_surroundings",
        "trail_tail",
    ];
    let mut covered: Vec<&str> = [&attested[..], &other, DERIVED].concat();
    covered.sort_unstable();
    assert_eq!(
        names(
            &fresh,
            "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
        ),
        covered
    );
    for table in attested {
        let rowid = names(
            &fresh,
            "SELECT name FROM sqlite_schema WHERE sql LIKE '%WITHOUT ROWID%' AND name NOT LIKE 'patient_find_%'",
        );
        assert!(rowid.is_empty(), "the update hook would not see {table}");
    }
}
