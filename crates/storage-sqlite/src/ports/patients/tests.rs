//! What lists and searches read in a practice of 20,000 patients, in steps of SQLite's own machine, which are the same on
//! every computer. Nothing is analysed, as in production, where statistics of `ANALYZE` count as a foreign table.

use cutis_domain::time::Day;
use cutis_domain::{TagId, Timestamp};
use cutis_storage::port::{PatientFilter, TagFilter};
use rusqlite::types::{Null, Value};
use rusqlite::{Connection, StatementStatus, ToSql, params_from_iter};

use super::bound::{bound, numbers};
use super::through::led;
use crate::history;
use crate::sql::{KeyedSql, listing as sql, patients as patients_sql};

const OWNER: [u8; 16] = [1; 16];
/// On every hundredth patient.
const TAG: [u8; 16] = [7; 16];
const NOW: i64 = 1_700_000_000_000_000;
/// More than the steps of one line with all that is asked of it.
const A_LINE: i32 = 250;

/// Every second patient is another owner's.
fn filled() -> Connection {
    let connection = Connection::open_in_memory().expect("memory");
    history::build(&connection, history::known().len()).expect("migrated");
    connection
        .execute_batch(
            "PRAGMA foreign_keys = OFF;
             CREATE TEMP TABLE n AS WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20000)
                 SELECT n, CASE n % 2 WHEN 0 THEN unhex('01010101010101010101010101010101') ELSE zeroblob(16) END AS who,
                 unhex(printf('%032x', n)) AS id, 1600000000000000 + n * 7919 % 20000 * 1000000 AS at FROM n;
             INSERT INTO patient (id, owner_id, unique_id, first_name, birth_date, sex_at_birth, phones, search,
                 created_at, last_modified)
             SELECT id, who, 'p-' || n, 'Anna', date('1940-01-01', (n % 18000) || ' days'), 'female', '[]', '', at, at FROM n;
             UPDATE patient_line SET name_key = 'ANNA' || patient_id;
             INSERT INTO entry (id, owner_id, patient_id, appointment_at, notes, author, created_at)
             SELECT id, who, id, at, '', 'clinician-1', at FROM n WHERE n % 3 = 0;
             INSERT INTO tag (id, owner_id, category_id, name, name_key, created_at) VALUES
                 (unhex('07070707070707070707070707070707'), unhex('01010101010101010101010101010101'), x'', 'x', 'x', 0);
             INSERT INTO patient_tag (owner_id, patient_id, tag_id, linked_at)
             SELECT who, id, unhex('07070707070707070707070707070707'), 0 FROM n WHERE n % 100 = 0;",
        )
        .expect("filled");
    connection
}

/// How many rows a statement gives, and in how many steps; it may neither go through a table nor sort.
fn work(connection: &Connection, statement: KeyedSql<1>, rest: &[&dyn ToSql]) -> (usize, i32) {
    let mut prepared = connection.prepare(statement.text()).expect("valid");
    let keys: &dyn ToSql = &OWNER;
    let all = std::iter::once(keys).chain(rest.iter().copied());
    let mut rows = prepared.query(params_from_iter(all)).expect("asked");
    let mut count = 0;
    while rows.next().expect("read").is_some() {
        count += 1;
    }
    drop(rows);
    assert_eq!(prepared.get_status(StatementStatus::Sort), 0, "{statement:?}");
    (count, prepared.get_status(StatementStatus::VmStep))
}

fn within(rows: usize, most: usize, steps: i32, what: &dyn std::fmt::Debug) {
    assert!(rows > 0, "{what:?}");
    let most = i32::try_from(most).expect("fits") * A_LINE;
    assert!(steps < most, "{what:?}: {steps} steps for {rows} rows");
}

fn tag() -> TagId {
    TagId::from_bytes(TAG)
}

/// P4: a page reads its own lines, whatever it is sorted by and whoever else there is; so does a page with a rare tag.
#[test]
fn a_page_reads_its_own_lines() {
    let connection = filled();
    let (number, text): (&dyn ToSql, &dyn ToSql) = (&i64::MAX, &"\u{10ffff}\u{10ffff}");
    let (nothing, last_id, no_text, behind): (&dyn ToSql, &dyn ToSql, &dyn ToSql, &dyn ToSql) =
        (&-1_i64, &[0xff_u8; 17], &"", &[0_u8; 0]);
    let tagged = PatientFilter {
        tags: TagFilter {
            all_of: vec![tag()],
            ..TagFilter::default()
        },
        ..PatientFilter::default()
    };
    let (everybody, of_tag) = (bound(&PatientFilter::default()), led(&tagged, tag(), &[]));
    for (statements, bound) in [
        (
            [
                (sql::MODIFIED_UP, sql::MODIFIED_DOWN, true),
                (sql::APPOINTMENT_UP, sql::APPOINTMENT_DOWN, true),
                (sql::UNIQUE_ID_UP, sql::UNIQUE_ID_DOWN, false),
                (sql::NAME_UP, sql::NAME_DOWN, false),
            ],
            everybody,
        ),
        (
            [
                (sql::TAGGED_MODIFIED_UP, sql::TAGGED_MODIFIED_DOWN, true),
                (sql::TAGGED_APPOINTMENT_UP, sql::TAGGED_APPOINTMENT_DOWN, true),
                (sql::TAGGED_UNIQUE_ID_UP, sql::TAGGED_UNIQUE_ID_DOWN, false),
                (sql::TAGGED_NAME_UP, sql::TAGGED_NAME_DOWN, false),
            ],
            of_tag,
        ),
    ] {
        for (up, down, by_number) in statements {
            let (bottom, top) = if by_number {
                (nothing, number)
            } else {
                (no_text, text)
            };
            let (rows, steps) = work(&connection, up, &bound.after(&[&NOW, &51, bottom, behind, top]));
            assert_eq!(rows, 51, "{up:?}");
            within(rows, 51, steps, &up);
            let (rows, steps) = work(
                &connection,
                down,
                &bound.after(&[&NOW, &51, top, last_id, bottom]),
            );
            assert_eq!(rows, 51, "{down:?}");
            within(rows, 51, steps, &down);
        }
    }
    let counted = bound(&tagged);
    let counted = sql::Bound {
        tag: Value::Blob(TAG.to_vec()),
        ..counted
    };
    let (rows, steps) = work(
        &connection,
        sql::COUNT_TAGGED,
        &counted.after(&[&NOW, &Null, &Null, &Null, &Null]),
    );
    within(rows, 200, steps, &sql::COUNT_TAGGED);
}

/// P4: the few within a range are read by the range, and what is asked for by number or id by that.
#[test]
fn a_range_and_a_list_of_rows_read_no_others() {
    let connection = filled();
    let times = || {
        let from = 1_600_000_000_000_000;
        Some(Timestamp::from_micros(from)..=Timestamp::from_micros(from + 99_000_000))
    };
    let day = |text| Day::parse(text).expect("a day");
    let all = PatientFilter::default;
    for (statement, filter) in [
        (
            sql::CREATED_WITHIN,
            PatientFilter {
                created: times(),
                ..all()
            },
        ),
        (
            sql::MODIFIED_WITHIN,
            PatientFilter {
                last_modified: times(),
                ..all()
            },
        ),
        (
            sql::APPOINTED_WITHIN,
            PatientFilter {
                last_appointment: times(),
                ..all()
            },
        ),
        (
            sql::BORN_WITHIN,
            PatientFilter {
                born: Some(day("1950-01-01")..=day("1950-04-01")),
                ..all()
            },
        ),
    ] {
        let bound = bound(&filter);
        for sort in 0..4_i64 {
            let (rows, steps) = work(
                &connection,
                statement,
                &bound.after(&[&NOW, &sort, &Null, &Null, &Null]),
            );
            assert!(rows < 110, "{statement:?}: {rows}");
            within(rows, 110, steps, &statement);
        }
    }
    let everybody = bound(&all());
    for (statement, from, to) in [
        (sql::MANY_CREATED, 0, i64::MAX),
        (sql::MANY_MODIFIED, 0, i64::MAX),
        (sql::MANY_APPOINTED, -1, i64::MAX),
        (sql::MANY_BORN, 0, i64::MAX),
    ] {
        let (rows, steps) = work(&connection, statement, &[&100, &from, &to]);
        within(rows, 5, steps, &statement);
    }
    let rows: Vec<i64> = (1..=50).map(|row| row * 400).collect();
    let ids =
        serde_json::Value::from(rows.iter().map(|id| format!("{id:032x}")).collect::<Vec<_>>()).to_string();
    let rows = numbers(&rows);
    let (found, steps) = work(&connection, patients_sql::LISTED, &[&rows]);
    within(found, 50, steps, &patients_sql::LISTED);
    let (found, steps) = work(&connection, sql::COMPARED_ALL, &[&rows]);
    within(found, 50, steps, &sql::COMPARED_ALL);
    let (found, steps) = work(
        &connection,
        sql::COMPARED,
        &everybody.after(&[&NOW, &Null, &rows, &Null, &Null]),
    );
    within(found, 50, steps, &sql::COMPARED);
    let (found, steps) = work(&connection, sql::LINES_OF, &[&NOW, &ids]);
    within(found, 50, steps, &sql::LINES_OF);
    let tags = format!("[\"{}\"]", "07".repeat(16));
    let (found, steps) = work(&connection, sql::TAGS, &[&tags]);
    within(found, 1, steps, &sql::TAGS);
}
