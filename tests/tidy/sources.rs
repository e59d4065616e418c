//! Files a person can read in one go, that say first what they are for, and that hold nothing
//! unfinished and nothing of the place where they were written.

use crate::rust_text;
use crate::tree::{self, assert_none};

/// More lines than this, tests apart, fail.
const MOST_LINES: usize = 600;
/// From here on a file is named, so that somebody checks whether it is one thing.
const LOOK_LINES: usize = 400;

/// Written by a program from another file.
const GENERATED: &[&str] = &["crates/web/client/src/api/schema.d.ts"];

/// Marks of unfinished work. Split, so that this file does not find itself.
const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("to", "do!"),
    concat!("unimple", "mented!"),
    concat!("db", "g!"),
];

/// Absolute paths of the places where this was written and built.
const WORKPLACE: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/tmp/", "cutis"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
];

/// Where locked packages come from; a private mirror would be in every line.
const CARGO_SOURCE: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
const NPM_SOURCE: &str = "\"resolved\": \"https://registry.npmjs.org/";

/// Files that a person wrote to be read by others.
fn is_source(path: &str) -> bool {
    ["rs", "ts", "tsx", "mjs", "css", "sql"]
        .iter()
        .any(|it| tree::has_extension(path, it))
        && !GENERATED.contains(&path)
}

/// The lines that count: of Rust without its tests, of everything else all.
fn length(path: &str, text: &str) -> usize {
    if tree::has_extension(path, "rs") {
        rust_text::split_at_tests(text).0.len()
    } else {
        text.lines().count()
    }
}

/// Whether `text` has the absolute path `start`, not as the rest of a longer one.
fn has_absolute(text: &str, start: &str) -> bool {
    text.match_indices(start)
        .any(|(at, _)| !text[..at].ends_with(|it: char| it.is_alphanumeric() || "._-~/})".contains(it)))
}

#[test]
fn files_stay_short() {
    let mut found = Vec::new();
    for path in tree::files()
        .iter()
        .filter(|path| is_source(path) && !rust_text::is_test_file(path))
    {
        let lines = length(path, &tree::text(path));
        if lines > MOST_LINES {
            found.push(format!("{path}: {lines} lines"));
        } else if lines >= LOOK_LINES {
            println!("look at {path}: {lines} lines");
        }
    }
    assert_none(
        "files of more than 600 lines without tests; split them by what they are about:",
        &found,
    );
}

#[test]
fn a_rust_file_says_first_what_it_is_for() {
    let mut found = Vec::new();
    for path in tree::rust_files() {
        // `tests.rs` beside a file is that file's test module; its doc is the file's.
        let first = tree::text(&path).lines().next().unwrap_or_default().to_owned();
        if !path.ends_with("/tests.rs") && !first.starts_with("//! ") {
            found.push(path.clone());
        }
        if path.ends_with("/mod.rs") {
            found.push(format!("{path}: name it as its folder, beside it"));
        }
    }
    assert_none("files that do not begin with `//! ` and their purpose:", &found);
}

#[test]
fn nothing_is_unfinished_and_nothing_names_its_workplace() {
    let mut found = Vec::new();
    for path in tree::files() {
        let Some(text) = tree::text_if_any(&path) else {
            continue;
        };
        for (at, line) in text.lines().enumerate() {
            for mark in UNFINISHED.iter().filter(|mark| has_mark(line, mark)) {
                found.push(format!("{path}:{}: {mark}", at + 1));
            }
            for place in WORKPLACE.iter().filter(|place| has_absolute(line, place)) {
                found.push(format!("{path}:{}: {place}", at + 1));
            }
        }
    }
    assert_none(
        "unfinished work, or a path of the place where it was written:",
        &found,
    );
}

/// Whether a line has the mark as a word of its own.
fn has_mark(line: &str, mark: &str) -> bool {
    match mark.strip_suffix('!') {
        Some(name) => line
            .match_indices(mark)
            .any(|(at, _)| rust_text::has_word(&line[at.saturating_sub(1)..], name)),
        None => rust_text::has_word(line, mark),
    }
}

#[test]
fn marks_are_seen_and_likenesses_are_not() {
    assert!(has_mark(&format!("// {}: later", UNFINISHED[0]), UNFINISHED[0]));
    assert!(has_mark(&format!("    {}()", UNFINISHED[2]), UNFINISHED[2]));
    assert!(!has_mark(&format!("auto{}()", UNFINISHED[2]), UNFINISHED[2]));
    assert!(has_absolute(
        &format!("open(\"{}main\")", WORKPLACE[0]),
        WORKPLACE[0]
    ));
    assert!(!has_absolute(
        &format!("clients{}main", WORKPLACE[0]),
        WORKPLACE[0]
    ));
}

#[test]
fn packages_are_locked_to_the_public_registries() {
    let mut found = Vec::new();
    for path in tree::files() {
        let start = match path.rsplit('/').next() {
            Some("Cargo.lock") => ("source = ", CARGO_SOURCE),
            Some("package-lock.json") => ("\"resolved\": ", NPM_SOURCE),
            Some(".npmrc" | ".yarnrc" | "pip.conf") => ("registry", "none"),
            Some("config.toml") if path.ends_with(".cargo/config.toml") => ("[source", "none"),
            _ => continue,
        };
        for (at, line) in tree::text(&path).lines().enumerate() {
            let line = line.trim();
            if line.starts_with(start.0) && !line.starts_with(start.1) {
                found.push(format!("{path}:{}: {line}", at + 1));
            }
        }
    }
    assert_none("packages from elsewhere than the public registries:", &found);
}
