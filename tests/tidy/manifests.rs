//! One sentence per crate, the same in manifest, crate doc and map; no unsafe code; what the
//! workspace decides is inherited.

use crate::tree::{self, assert_none};

/// Lines that every manifest of ours has.
const INHERITED: &[&str] = &[
    "version.workspace = true",
    "edition.workspace = true",
    "rust-version.workspace = true",
    "license.workspace = true",
    "publish.workspace = true",
];

/// The map of the crates, once it is written.
const MAP: &str = "docs/ARCHITECTURE.md";

#[test]
fn manifests_inherit_what_the_workspace_decides() {
    let mut found = Vec::new();
    for package in tree::packages() {
        let folder = tree::folder(&package);
        let manifest = tree::text(&format!("{folder}/Cargo.toml"));
        let lines: Vec<&str> = manifest.lines().map(str::trim).collect();
        for line in INHERITED.iter().filter(|line| !lines.contains(line)) {
            found.push(format!("{folder}/Cargo.toml lacks `{line}`"));
        }
        // The suites switch lints off that forbid what tests do all day; unsafe stays forbidden there.
        let lints = lines.windows(2).any(|two| two == ["[lints]", "workspace = true"]);
        let suites = folder == "tests" && lines.contains(&"unsafe_code = \"forbid\"");
        if !lints && !suites {
            found.push(format!(
                "{folder}/Cargo.toml lacks `[lints]` with `workspace = true`"
            ));
        }
    }
    assert_none("manifests that go their own way:", &found);
}

#[test]
fn a_crate_has_one_sentence() {
    let mut found = Vec::new();
    for package in tree::packages() {
        let folder = tree::folder(&package);
        let sentence = package["description"].as_str().unwrap_or_default();
        if !sentence.ends_with('.') || sentence.matches(". ").count() > 0 || !sentence.is_ascii() {
            found.push(format!(
                "{folder}: the description is not one plain sentence: {sentence:?}"
            ));
        }
        let library = tree::text(&format!("{folder}/src/lib.rs"));
        let first = library.lines().next().unwrap_or_default();
        if first != format!("//! {sentence}") {
            found.push(format!(
                "{folder}/src/lib.rs begins with {first:?}, its manifest says {sentence:?}"
            ));
        }
    }
    assert_none("crates whose sentence differs:", &found);
}

#[test]
fn the_map_tells_the_same_sentences() {
    if !tree::exists(MAP) {
        println!("skipped: {MAP} is not written yet");
        return;
    }
    let map = tree::text(MAP);
    let mut found = Vec::new();
    for package in tree::packages() {
        let folder = tree::folder(&package);
        let (Some(name), Some(sentence)) = (folder.strip_prefix("crates/"), package["description"].as_str())
        else {
            continue;
        };
        let row = map.lines().any(|line| {
            let mut cells = line.split('|').map(|cell| cell.trim().trim_matches('`'));
            cells.any(|cell| cell == name || cell == format!("cutis-{name}")) && line.contains(sentence)
        });
        if !row {
            found.push(format!("| {name} | {sentence} |"));
        }
    }
    assert_none("rows that docs/ARCHITECTURE.md lacks or words otherwise:", &found);
}

#[test]
fn every_library_forbids_unsafe_code() {
    let mut found = Vec::new();
    for package in tree::packages() {
        let folder = tree::folder(&package);
        let lines = tree::text(&format!("{folder}/src/lib.rs"));
        if !lines.lines().any(|line| line.trim() == "#![forbid(unsafe_code)]") {
            found.push(format!("{folder}/src/lib.rs"));
        }
    }
    let workspace = tree::text("Cargo.toml");
    if !workspace
        .lines()
        .any(|line| line.trim() == "unsafe_code = \"forbid\"")
    {
        found.push("Cargo.toml: [workspace.lints.rust]".to_owned());
    }
    assert_none("`#![forbid(unsafe_code)]` is missing:", &found);
}
