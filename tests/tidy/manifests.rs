//! One sentence per crate, the same in manifest, crate doc and map; no unsafe code; what the
//! workspace decides is inherited; what a manifest names is used.

use std::collections::BTreeSet;

use crate::rust_text;
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

/// Packages whose library has another name than they.
const NAMED_OTHERWISE: &[(&str, &str)] = &[("kamadak-exif", "exif")];

/// Whether one of these texts names the library of a package.
fn is_named(package: &str, texts: &[String]) -> bool {
    let other = NAMED_OTHERWISE.iter().find(|it| it.0 == package);
    let library = other.map_or_else(|| package.replace('-', "_"), |it| it.1.to_owned());
    texts.iter().any(|text| rust_text::has_word(text, &library))
}

#[test]
fn every_dependency_of_a_manifest_is_used() {
    let mut found = Vec::new();
    for package in tree::packages() {
        let folder = tree::folder(&package);
        let all: Vec<(String, String)> = tree::rust_files()
            .into_iter()
            .filter(|path| path.starts_with(&format!("{folder}/")))
            .map(|path| {
                let text = tree::text(&path);
                (path, text)
            })
            .collect();
        let code: Vec<String> = all
            .iter()
            .map(|(path, text)| rust_text::code(path, text))
            .collect();
        let texts: Vec<String> = all.into_iter().map(|(_, text)| text).collect();
        for (kind, places) in [(None, &code), (Some("dev"), &texts), (Some("build"), &texts)] {
            // The suites and what they share are nothing but tests.
            let places = if ["tests", "crates/testkit"].contains(&folder.as_str()) {
                &texts
            } else {
                places
            };
            let unused = tree::dependencies(&package, kind);
            let unused = unused.into_iter().filter(|name| !is_named(name, places));
            found.extend(unused.map(|name| format!("{folder}/Cargo.toml: {name}")));
        }
    }
    assert_none(
        "dependencies that no code uses (for tests alone, make it a dev-dependency):",
        &found,
    );
}

#[test]
fn every_dependency_of_the_workspace_is_some_crate_s() {
    let used: BTreeSet<String> = tree::packages()
        .iter()
        .flat_map(|it| [None, Some("dev"), Some("build")].map(|kind| tree::dependencies(it, kind)))
        .flatten()
        .collect();
    let manifest = tree::text("Cargo.toml");
    let unused = manifest
        .lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name.to_owned())
        .filter(|name| !name.starts_with('#') && !used.contains(name));
    assert_none(
        "dependencies of the workspace that no crate has:",
        &unused.collect::<Vec<_>>(),
    );
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
