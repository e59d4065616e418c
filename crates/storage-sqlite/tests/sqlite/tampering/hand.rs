//! Somebody with the file and a plain SQLite: no foreign keys, no checks, triggers dropped at will.

use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

/// Another program's connection.
pub(crate) struct Hand(Connection);

#[derive(Debug, Clone, Copy)]
pub(super) enum WhichRow {
    Newest,
    Oldest,
}

/// How to make it as if nothing had been done.
pub(super) enum Undo {
    Put(String, Vec<(String, Value)>),
    Remove(String, i64),
    Set(String, String, i64, Value),
}

impl Hand {
    pub(crate) fn on(path: &Path) -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is somebody else's program")]
        let connection = Connection::open(path).expect("it opens");
        connection
            .execute_batch(
                "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA busy_timeout = 5000",
            )
            .expect("set");
        Self(connection)
    }

    pub(crate) fn run(&self, sql: &str) -> rusqlite::Result<()> {
        self.0.execute_batch(sql)
    }

    /// The one number that a query answers.
    pub(crate) fn number_of(&self, sql: &str) -> i64 {
        self.0
            .query_row(sql, [], |row| row.get(0))
            .unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Changes one column of one row of an attested table, whichever the number falls on.
    pub(crate) fn change_any(&self, number: u32) {
        let mut tables = self.tables();
        tables.retain(|table| {
            let others = [
                "migration_code",
                "patient_line",
                "patient_tag_use",
                "refinery_schema_history",
                "session_seen",
                "tag_tally",
            ];
            !(table.starts_with("trail_") || others.contains(&table.as_str()))
        });
        let number = usize::try_from(number).expect("fits");
        let table = &tables[number % tables.len()];
        let columns = self.columns(table);
        let column = &columns[number / 16 % columns.len()];
        let which = if number / 1024 % 2 == 0 {
            WhichRow::Newest
        } else {
            WhichRow::Oldest
        };
        self.change(table, column, which);
    }

    /// How many rows a table has.
    pub(crate) fn count(&self, table: &str) -> i64 {
        self.0
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))
            .expect("counted")
    }

    fn texts(&self, sql: &str) -> Vec<String> {
        let mut statement = self.0.prepare(sql).expect("readable");
        let rows = statement.query_map([], |row| row.get(0)).expect("readable");
        rows.collect::<rusqlite::Result<_>>().expect("texts")
    }

    /// Every table there is, but for the index that searches are narrowed by, of which `index.rs` has more: no row of
    /// it is anything that was recorded.
    pub(super) fn tables(&self) -> Vec<String> {
        self.texts(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'patient\\_find%' ESCAPE '\\' \
             ORDER BY name",
        )
    }

    /// Every column that can be written, but the row's number.
    pub(super) fn columns(&self, table: &str) -> Vec<String> {
        let mut columns = self.all_columns(table);
        columns.retain(|column| !(column == "row" || column == "seq"));
        columns
    }

    fn all_columns(&self, table: &str) -> Vec<String> {
        self.texts(&format!(
            "SELECT name FROM pragma_table_xinfo('{table}') WHERE hidden = 0"
        ))
    }

    fn number(&self, table: &str, which: WhichRow) -> i64 {
        let end = match which {
            WhichRow::Newest => "max",
            WhichRow::Oldest => "min",
        };
        let sql = format!("SELECT {end}(rowid) FROM {table}");
        self.0
            .query_row(&sql, [], |row| row.get(0))
            .unwrap_or_else(|error| panic!("{table} is empty: {error}"))
    }

    /// Does something as if the triggers were not there, and puts them back to the letter.
    pub(crate) fn without_triggers(&self, work: impl FnOnce(&Self)) {
        let triggers = self.texts("SELECT sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid");
        let names = self.texts("SELECT name FROM sqlite_schema WHERE type = 'trigger'");
        self.run("BEGIN IMMEDIATE").expect("begun");
        for name in &names {
            self.run(&format!("DROP TRIGGER {name}")).expect("dropped");
        }
        work(self);
        for sql in &triggers {
            self.run(sql).expect("made again");
        }
        self.run("COMMIT").expect("committed");
    }

    /// A whole row.
    pub(crate) fn row(&self, table: &str, number: i64) -> Vec<(String, Value)> {
        let columns = self.all_columns(table);
        let sql = format!("SELECT {} FROM {table} WHERE rowid = ?1", columns.join(", "));
        let values = |row: &rusqlite::Row<'_>| (0..columns.len()).map(|index| row.get(index)).collect();
        let values: Vec<Value> = self.0.query_row(&sql, [number], values).expect("a row");
        columns.into_iter().zip(values).collect()
    }

    /// Puts a whole row in.
    pub(crate) fn put(&self, table: &str, row: &[(String, Value)]) {
        let (columns, values): (Vec<&str>, Vec<&Value>) =
            row.iter().map(|(column, value)| (column.as_str(), value)).unzip();
        let places: Vec<&str> = values.iter().map(|_| "?").collect();
        let sql = format!(
            "INSERT INTO {table} ({}) VALUES ({})",
            columns.join(", "),
            places.join(", ")
        );
        self.0
            .execute(&sql, params_from_iter(values))
            .unwrap_or_else(|error| panic!("{table}: {error}"));
    }

    fn set(&self, table: &str, column: &str, number: i64, value: &Value) {
        let sql = format!("UPDATE {table} SET {column} = ?1 WHERE rowid = ?2");
        let number = Value::Integer(number);
        self.0
            .execute(&sql, [value, &number])
            .unwrap_or_else(|error| panic!("{table}.{column}: {error}"));
    }

    /// Changes one column of one row a little.
    pub(super) fn change(&self, table: &str, column: &str, which: WhichRow) -> Undo {
        let number = self.number(table, which);
        let sql = format!("SELECT {column} FROM {table} WHERE rowid = ?1");
        let old: Value = self
            .0
            .query_row(&sql, [number], |row| row.get(0))
            .expect("a value");
        let kind = format!("SELECT type FROM pragma_table_xinfo('{table}') WHERE name = ?1");
        let kind: String = self
            .0
            .query_row(&kind, [column], |row| row.get(0))
            .expect("a type");
        let new = match &old {
            Value::Null if kind == "INTEGER" => Value::Integer(1),
            Value::Null if kind == "BLOB" => Value::Blob(vec![7; 32]),
            Value::Null => Value::Text("x".to_owned()),
            Value::Integer(value @ (0 | 1)) => Value::Integer(1 - value),
            Value::Integer(value) => Value::Integer(value.checked_add(1).unwrap_or(7)),
            Value::Real(value) => Value::Real(value + 1.0),
            Value::Text(text) => Value::Text(format!("{text} ")),
            Value::Blob(bytes) => {
                let mut bytes = bytes.clone();
                let last = bytes.last_mut().expect("not empty");
                *last ^= 0x80;
                Value::Blob(bytes)
            }
        };
        self.without_triggers(|hand| hand.set(table, column, number, &new));
        Undo::Set(table.to_owned(), column.to_owned(), number, old)
    }

    /// Removes one row.
    pub(super) fn remove(&self, table: &str, which: WhichRow) -> Undo {
        let number = self.number(table, which);
        let row = self.row(table, number);
        let sql = format!("DELETE FROM {table} WHERE rowid = {number}");
        self.without_triggers(|hand| hand.run(&sql).expect("removed"));
        Undo::Put(table.to_owned(), row)
    }

    /// The columns that get another value in a second row so that it may stand beside the first: of each unique
    /// index the last one, unless another of its columns differs already.
    fn unlike(&self, table: &str, given: &[(&str, &str)]) -> Vec<String> {
        let indexes = format!("SELECT name FROM pragma_index_list('{table}') WHERE \"unique\" = 1");
        let mut indexes: Vec<Vec<String>> = self
            .texts(&indexes)
            .iter()
            .map(|index| {
                self.texts(&format!(
                    "SELECT name FROM pragma_index_info('{index}') ORDER BY seqno"
                ))
            })
            .collect();
        indexes.sort_by_key(Vec::len);
        let pointing = self.texts(&format!(
            "SELECT \"from\" FROM pragma_foreign_key_list('{table}')"
        ));
        let mut unlike: Vec<String> = Vec::new();
        for index in indexes {
            let differs =
                |column: &String| unlike.contains(column) || given.iter().any(|(name, _)| name == column);
            if index.iter().any(differs) {
                continue;
            }
            let last = index.last().expect("an index has columns");
            assert!(
                !pointing.contains(last),
                "{table}.{last} is unique and points at another table: `add` has to say at which row"
            );
            unlike.push(last.clone());
        }
        unlike
    }

    /// Adds a believable row: the newest again, with what must be unique made so. Which columns those are, the
    /// database says; here stands only what a row needs beyond that to be believed.
    pub(super) fn add(&self, table: &str) -> Undo {
        let newest = self.number(table, WhichRow::Newest);
        let given: &[(&str, &str)] = match table {
            "session_seen" => &[(
                "session_id",
                "(SELECT id FROM session EXCEPT SELECT session_id FROM session_seen)",
            )],
            "setting" => &[("key", "'session.idle_minutes'"), ("value", "'60'")],
            "patient_tally" => &[(
                "owner_id",
                "(SELECT id FROM account EXCEPT SELECT owner_id FROM patient_tally)",
            )],
            "entry_notes" => &[(
                "entry_id",
                "(SELECT id FROM entry WHERE patient_id = entry_notes.patient_id \
                   AND owner_id = entry_notes.owner_id EXCEPT SELECT entry_id FROM entry_notes)",
            )],
            "entry_layout" => &[(
                "entry_id",
                "(SELECT id FROM entry WHERE patient_id = entry_layout.patient_id \
                   AND owner_id = entry_layout.owner_id EXCEPT SELECT entry_id FROM entry_layout)",
            )],
            "consent_signature" => &[(
                "consent_id",
                "(SELECT id FROM consent WHERE patient_id = consent_signature.patient_id \
                   AND owner_id = consent_signature.owner_id AND method = 'external')",
            )],
            "tag_catalogue" => &[(
                "owner_id",
                "(SELECT id FROM account EXCEPT SELECT owner_id FROM tag_catalogue)",
            )],
            "patient_tag" | "entry_tag" | "image_tag" | "patient_tag_use" => &[(
                "tag_id",
                "(SELECT id FROM tag EXCEPT SELECT tag_id FROM patient_tag_use LIMIT 1)",
            )],
            "tag_tally" => &[("tag_id", "randomblob(16)")],
            "entry_image" => &[(
                "image_id",
                "(SELECT id FROM image WHERE id <> entry_image.image_id LIMIT 1)",
            )],
            "comparison_image" => &[(
                "image_id",
                "(SELECT id FROM image EXCEPT SELECT image_id FROM comparison_image m \
                   WHERE m.comparison_id = comparison_image.comparison_id LIMIT 1)",
            )],
            _ => &[],
        };
        let unlike = self.unlike(table, given);
        let columns = self.all_columns(table);
        let values: Vec<String> = columns
            .iter()
            .map(|column| {
                if let Some((_, sql)) = given.iter().find(|(name, _)| name == column) {
                    (*sql).to_owned()
                } else if column == "row" || column == "seq" {
                    (newest + 1).to_string()
                } else if unlike.contains(column) {
                    format!(
                        "CASE typeof({column}) WHEN 'blob' THEN randomblob(length({column})) \
                         WHEN 'text' THEN {column} || 'x' WHEN 'integer' THEN {column} + 1 ELSE {column} END"
                    )
                } else {
                    column.clone()
                }
            })
            .collect();
        let sql = format!(
            "INSERT INTO {table} ({}) SELECT {} FROM {table} WHERE rowid = {newest}",
            columns.join(", "),
            values.join(", ")
        );
        self.without_triggers(|hand| hand.run(&sql).unwrap_or_else(|error| panic!("{table}: {error}")));
        Undo::Remove(table.to_owned(), self.number(table, WhichRow::Newest))
    }

    pub(super) fn undo(&self, undo: Undo) {
        self.without_triggers(|hand| match undo {
            Undo::Put(table, row) => hand.put(&table, &row),
            Undo::Remove(table, number) => {
                hand.run(&format!("DELETE FROM {table} WHERE rowid = {number}"))
                    .expect("removed");
            }
            Undo::Set(table, column, number, value) => hand.set(&table, &column, number, &value),
        });
    }
}
