//! The repository as files and as Cargo sees it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Folders that git ignores; what is in them is made, not written.
const MADE: &[&str] = &[".git", "target", "node_modules", "dist", "test-results"];

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .expect("the root of the repository")
}

/// Every file that somebody wrote, as a path from the root with `/`, sorted.
pub(crate) fn files() -> BTreeSet<String> {
    let root = root();
    let mut found = BTreeSet::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the repository") {
            let entry = entry.expect("an entry of a folder");
            let name = entry.file_name().into_string().expect("file names are UTF-8");
            let kind = entry.file_type().expect("the kind of a file");
            if kind.is_dir() && !MADE.contains(&name.as_str()) {
                folders.push(entry.path());
            } else if kind.is_file() {
                let path = entry.path();
                let below = path.strip_prefix(&root).expect("below the root");
                found.insert(below.to_str().expect("file names are UTF-8").replace('\\', "/"));
            }
        }
    }
    assert!(
        found.contains("Cargo.lock"),
        "looked in the wrong place: {}",
        root.display()
    );
    found
}

/// Every Rust file that somebody wrote.
pub(crate) fn rust_files() -> Vec<String> {
    files()
        .into_iter()
        .filter(|path| has_extension(path, "rs"))
        .collect()
}

/// Whether a path ends in `.extension`.
pub(crate) fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|it| it == extension)
}

/// Whether the repository has this file.
pub(crate) fn exists(path: &str) -> bool {
    root().join(path).is_file()
}

/// A file's text.
pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A file's text, or nothing if it is no text.
pub(crate) fn text_if_any(path: &str) -> Option<String> {
    String::from_utf8(fs::read(root().join(path)).ok()?).ok()
}

/// The workspace's own packages, without their dependencies resolved.
pub(crate) fn packages() -> Vec<Value> {
    array(&metadata(&["--no-deps"]), "packages")
}

/// The whole tree on Linux, tests and all features included, as the lock file has it.
pub(crate) fn whole_tree() -> Value {
    metadata(&[
        "--locked",
        "--all-features",
        "--filter-platform",
        "x86_64-unknown-linux-gnu",
    ])
}

fn metadata(more: &[&str]) -> Value {
    let done = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline"])
        .args(more)
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        done.status.success(),
        "cargo metadata: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    serde_json::from_slice(&done.stdout).expect("cargo metadata answers in JSON")
}

/// The list under `key`.
pub(crate) fn array(value: &Value, key: &str) -> Vec<Value> {
    value[key]
        .as_array()
        .unwrap_or_else(|| panic!("{key} is a list"))
        .clone()
}

/// The text under `key`.
pub(crate) fn string<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key} is text in {}", value["name"]))
}

/// The folder of a package of ours, from the root.
pub(crate) fn folder(package: &Value) -> String {
    let manifest = Path::new(string(package, "manifest_path"))
        .canonicalize()
        .expect("a manifest");
    let below = manifest
        .parent()
        .expect("a folder")
        .strip_prefix(root())
        .expect("below the root");
    below.to_str().expect("UTF-8").replace('\\', "/")
}

/// The names of a package's dependencies of one kind: none, `dev` or `build`.
pub(crate) fn dependencies(package: &Value, kind: Option<&str>) -> BTreeSet<String> {
    array(package, "dependencies")
        .iter()
        .filter(|it| it["kind"].as_str() == kind)
        .map(|it| string(it, "name").to_owned())
        .collect()
}

/// Fails with every finding, one a line.
#[track_caller]
pub(crate) fn assert_none(rule: &str, found: &[String]) {
    assert!(found.is_empty(), "{rule}\n  {}\n", found.join("\n  "));
}
