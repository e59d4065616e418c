//! Documents that would rot: the index of decisions, and clippy's list of what nobody may call.

use crate::tree::{self, assert_none};

const DECISIONS: &str = "docs/adr/";

#[test]
fn every_decision_is_in_the_index() {
    let index = tree::text("docs/adr/README.md");
    let mut found = Vec::new();
    let files = tree::files();
    let decisions: Vec<&str> = files
        .iter()
        .filter_map(|path| path.strip_prefix(DECISIONS))
        .filter(|name| *name != "README.md")
        .collect();
    for name in &decisions {
        let number = name.split('-').next().unwrap_or_default();
        if !index.contains(&format!("]({name})")) {
            found.push(format!("{name} is not linked"));
        }
        if decisions.iter().filter(|it| it.starts_with(number)).count() > 1 {
            found.push(format!("{number} is used twice"));
        }
        let title = tree::text(&format!("{DECISIONS}{name}"));
        let said: String = title.chars().skip(2).take_while(char::is_ascii_digit).collect();
        if !title.starts_with("# ") || said.trim_start_matches('0') != number.trim_start_matches('0') {
            found.push(format!("{name} does not begin with `# {number}`"));
        }
    }
    let links = index.split("](").skip(1).filter_map(|it| it.split(')').next());
    for link in links.filter(|it| !it.contains('/') && !decisions.contains(it)) {
        found.push(format!("README.md links {link}, which is not there"));
    }
    assert_none("docs/adr and its README.md differ:", &found);
}

/// Time, randomness, connections and environment are parameters: clippy's list keeps its entries.
#[test]
fn clippy_forbids_the_ambient() {
    let listed = tree::text("clippy.toml");
    let mut found = Vec::new();
    for path in [
        "std::time::SystemTime::now",
        "std::time::Instant::now",
        "jiff::Timestamp::now",
        "jiff::Zoned::now",
        "uuid::Uuid::now_v7",
        "uuid::Uuid::new_v4",
        "getrandom::fill",
        "std::thread::sleep",
        "tokio::task::spawn_blocking",
        "tokio::spawn",
        "rusqlite::Connection::open",
        "rusqlite::Connection::open_with_flags",
        "std::net::TcpStream::connect",
        "tokio::net::TcpStream::connect",
        "std::fs::write",
        "std::env::var",
    ] {
        let line = listed.lines().find(|line| line.contains(&format!("\"{path}\"")));
        if !line.is_some_and(|line| line.contains("reason = \"")) {
            found.push(path.to_owned());
        }
    }
    assert_none("not in clippy.toml with a reason:", &found);
}

/// Every row of docs/THREATS.md names the test that attacks it, and what it names is there.
#[test]
fn every_threat_names_a_test_that_is_there() {
    let text = tree::text("docs/THREATS.md");
    let files = tree::files();
    let mut found = Vec::new();
    let rows = text
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("|---"));
    let mut held = 0;
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [threat, _control, tests] = cells.as_slice() else {
            found.push(format!("not three cells: {row}"));
            continue;
        };
        if tests.contains("Attack or test") {
            continue;
        }
        let named: Vec<&str> = tests
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|it| it.contains('/'))
            .collect();
        if named.is_empty() {
            found.push(format!("no test: {threat}"));
        }
        held += 1;
        for name in named
            .iter()
            .filter(|name| !files.iter().any(|file| file == *name))
        {
            found.push(format!("{name} is not there: {threat}"));
        }
    }
    assert!(held >= 20, "{held} rows were read");
    assert_none("docs/THREATS.md:", &found);
}
