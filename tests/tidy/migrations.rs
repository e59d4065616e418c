//! What was released is not edited: every migration has the digest of the lock file.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::tree;

const FOLDER: &str = "migrations/sqlite/";

#[test]
fn migrations_are_those_of_the_lock() {
    let lock = tree::text("migrations/sqlite/checksums.lock");
    let locked: BTreeMap<String, String> = lock
        .lines()
        .map(|line| {
            let (digest, name) = line
                .split_once("  ")
                .expect("a line is a digest, two spaces and a name");
            (name.to_owned(), digest.to_owned())
        })
        .collect();
    let there: BTreeMap<String, String> = tree::files()
        .iter()
        .filter_map(|path| path.strip_prefix(FOLDER))
        .filter(|name| tree::has_extension(name, "sql"))
        .map(|name| {
            (
                name.to_owned(),
                HEXLOWER.encode(&Sha256::digest(tree::text(&format!("{FOLDER}{name}")))),
            )
        })
        .collect();
    assert_eq!(
        there, locked,
        "migrations and checksums.lock differ: a released migration is never edited; for a new one, \
         add a line with `sha256sum`"
    );
}

#[test]
fn migrations_are_numbered_without_a_gap() {
    let files = tree::files();
    let names: Vec<&str> = files
        .iter()
        .filter_map(|path| path.strip_prefix(FOLDER))
        .filter(|it| it.ends_with(".sql"))
        .collect();
    for (at, name) in names.iter().enumerate() {
        assert!(
            name.starts_with(&format!("V{:04}__", at + 1)),
            "{name} should be number {}",
            at + 1
        );
    }
}
