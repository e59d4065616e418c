//! Every product rule in scope is listed with what holds it and with the tests that prove it.
//!
//! docs/compliance/controls.md is the table. A rule marked `held` or `partly` names test files, each of
//! which names the rule; one marked `open` says why.

use std::collections::BTreeSet;

use crate::rust_text;
use crate::tree::{self, assert_none};

const TABLE: &str = "docs/compliance/controls.md";

/// The product's rules and the architecture's guarantees that the first release is about.
const IN_SCOPE: &[&str] = &[
    "A1", "A2", "A5", "A7", "A8", "A10", "P1", "P2", "P3", "P4", "P6", "E1", "E2", "E3", "E4", "E5", "E6",
    "C1", "C2", "C3", "T1", "T2", "T3", "I1", "I2", "I3", "I4", "I5", "I6", "N1", "N2", "N3", "N4", "U1",
    "U2", "U3", "U4", "U5", "W1", "W2", "W4", "W5", "O1", "O2", "G1", "G2", "G3", "G4", "G5", "G6", "G7",
    "G8", "G11",
];

/// One row: rule, status, what holds it, tests.
struct Row {
    id: String,
    status: String,
    held_by: String,
    tests: String,
}

/// The rows of a text whose first cell is a rule's id.
fn rows(text: &str) -> Vec<Row> {
    text.lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line
                .strip_prefix('|')?
                .strip_suffix('|')?
                .split('|')
                .map(str::trim)
                .collect();
            let [id, status, held_by, tests] = cells.as_slice() else {
                return None;
            };
            let rule = id.starts_with(|it: char| it.is_ascii_uppercase())
                && id.len() > 1
                && id[1..].chars().all(|it| it.is_ascii_digit());
            rule.then(|| Row {
                id: (*id).to_owned(),
                status: (*status).to_owned(),
                held_by: (*held_by).to_owned(),
                tests: (*tests).to_owned(),
            })
        })
        .collect()
}

/// What stands in backquotes.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// The part of a file that tests: all of a test file, a file with compile-fail examples or a client's
/// test, else the inline test module.
fn tests_of(path: &str) -> String {
    let text = tree::text(path);
    let client = path.contains(".test.") || path.contains("/e2e/");
    let proves_by_refusal = text.contains("compile_fail");
    if client || proves_by_refusal || rust_text::is_test_file(path) || path.contains("/examples/") {
        return text;
    }
    rust_text::split_at_tests(&text).1.join("\n")
}

#[test]
fn rows_are_read() {
    let text =
        "| Rule | Status | Held by | Tests |\n|---|---|---|---|\n| N2 | held | `a::B` | `x.rs`, `y.rs` |\n";
    let rows = rows(text);
    assert_eq!(
        (rows.len(), rows[0].id.as_str(), rows[0].status.as_str()),
        (1, "N2", "held")
    );
    assert_eq!(Vec::from_iter(quoted(&rows[0].tests)), ["x.rs", "y.rs"]);
}

#[test]
fn every_rule_in_scope_has_one_row() {
    let rows = rows(&tree::text(TABLE));
    let listed: Vec<&str> = rows.iter().map(|it| it.id.as_str()).collect();
    let missing: Vec<_> = IN_SCOPE.iter().filter(|id| !listed.contains(id)).collect();
    assert!(missing.is_empty(), "{TABLE} has no row for {missing:?}");
    let once: BTreeSet<_> = listed.iter().collect();
    assert_eq!(once.len(), listed.len(), "{TABLE} lists a rule twice");
}

#[test]
fn every_held_rule_is_named_by_its_tests() {
    let mut found = Vec::new();
    for Row {
        id,
        status,
        held_by,
        tests,
    } in rows(&tree::text(TABLE))
    {
        let files: Vec<&str> = quoted(&tests).collect();
        match status.as_str() {
            "held" | "partly" if files.is_empty() => {
                found.push(format!("{id} is {status} and names no test"))
            }
            "held" | "partly" => {}
            "open" if held_by.len() < 10 => found.push(format!("{id} is open and does not say why")),
            "open" => {}
            other => found.push(format!("{id}: {other:?} is neither held, partly nor open")),
        }
        for file in files {
            if !tree::exists(file) {
                found.push(format!("{id}: {file} is not there"));
            } else if !rust_text::has_word(&tests_of(file), &id) {
                found.push(format!("{id}: the tests in {file} do not name it"));
            }
        }
    }
    assert_none("docs/compliance/controls.md and the tests differ:", &found);
}

/// A file or type that a row names as what holds the rule is where the row says.
#[test]
fn what_holds_a_rule_exists() {
    let mut found = Vec::new();
    for row in rows(&tree::text(TABLE)) {
        for path in quoted(&row.held_by).filter(|it| it.contains('/') && !it.contains(' ')) {
            if !tree::root().join(path).exists() {
                found.push(format!("{}: {path} is not there", row.id));
            }
        }
    }
    assert_none("docs/compliance/controls.md names what is not there:", &found);
}
