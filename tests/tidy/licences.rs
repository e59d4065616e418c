//! Licences and banned crates of the whole tree, as deny.toml has them.
//!
//! cargo-deny says the same where it is installed, and looks at other platforms too; this needs
//! nothing but Cargo, so it runs everywhere.

use std::collections::BTreeSet;

use crate::tree::{self, assert_none};

/// Whether an SPDX expression can be met with the allowed licences: `OR`, `AND`, `WITH`, brackets, and
/// the old `/` for `OR`. What cannot be read cannot be met.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let met = any_of(&mut rest, allowed);
    met && rest.is_empty()
}

fn any_of(words: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut met = all_of(words, allowed);
    while let Some((&"OR", rest)) = words.split_first() {
        *words = rest;
        met |= all_of(words, allowed);
    }
    met
}

fn all_of(words: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut met = one(words, allowed);
    while let Some((&"AND", rest)) = words.split_first() {
        *words = rest;
        met &= one(words, allowed);
    }
    met
}

fn one(words: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    match **words {
        ["(", ref rest @ ..] => {
            *words = rest;
            let met = any_of(words, allowed);
            let closed = words.first() == Some(&")");
            *words = words.get(1..).unwrap_or_default();
            met && closed
        }
        [name, "WITH", exception, ref rest @ ..] => {
            *words = rest;
            allowed.contains(&format!("{name} WITH {exception}"))
        }
        [name, ref rest @ ..] => {
            *words = rest;
            allowed.contains(name)
        }
        [] => false,
    }
}

/// The first quoted text of each line of the list `key` in deny.toml. A ban with wrappers is none: the
/// crate may be there, below those named (tests/tidy/confinement.rs looks at them).
fn listed(key: &str) -> BTreeSet<String> {
    let text = tree::text("deny.toml");
    let uncommented: Vec<&str> = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default())
        .collect();
    let joined = uncommented.join("\n");
    let start = format!("\n{key} = [");
    let list = joined
        .split(&start)
        .nth(1)
        .and_then(|it| it.split("\n]").next())
        .expect("a list in deny.toml");
    let found: BTreeSet<String> = list
        .lines()
        .filter(|line| !line.contains("wrappers = "))
        .filter_map(|line| line.split('"').nth(1))
        .map(str::to_owned)
        .collect();
    assert!(!found.is_empty(), "{key} in deny.toml could not be read");
    found
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    let allowed = BTreeSet::from(["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned));
    for met in [
        "MIT",
        "GPL-3.0 OR MIT",
        "GPL-3.0/MIT",
        "(GPL-3.0 OR MIT) AND ISC",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert!(is_met(met, &allowed), "{met}");
    }
    for unmet in [
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "Apache-2.0",
        "(GPL-3.0 OR Zlib) AND ISC",
        "",
        "MIT MIT",
        "(MIT",
    ] {
        assert!(!is_met(unmet, &allowed), "{unmet}");
    }
}

#[test]
fn licences_are_those_we_accept() {
    let allowed = listed("allow");
    let mut found = Vec::new();
    let packages = tree::array(&tree::whole_tree(), "packages");
    assert!(
        packages.len() > 100,
        "the whole tree has more than {} packages",
        packages.len()
    );
    for package in packages {
        let licence = package["license"].as_str().unwrap_or_default();
        if !is_met(licence, &allowed) {
            found.push(format!("{} {}: {licence:?}", package["name"], package["version"]));
        }
    }
    assert_none("licences outside deny.toml's list:", &found);
}

#[test]
fn every_accepted_licence_is_needed() {
    let allowed = listed("allow");
    let packages = tree::array(&tree::whole_tree(), "packages");
    let licences: Vec<&str> = packages.iter().filter_map(|it| it["license"].as_str()).collect();
    let found: Vec<String> = allowed
        .iter()
        .filter(|licence| {
            let without: BTreeSet<String> = allowed.iter().filter(|it| it != licence).cloned().collect();
            licences.iter().all(|it| is_met(it, &without))
        })
        .cloned()
        .collect();
    assert_none("accepted in deny.toml, needed by nobody:", &found);
}

/// W4: no other TLS, no client that would open connections of its own. Read from the lock file, so for
/// every platform.
#[test]
fn banned_crates_are_absent() {
    let banned = listed("deny");
    let lock = tree::text("Cargo.lock");
    let there = lock
        .lines()
        .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    let found: Vec<String> = there
        .filter(|name| banned.contains(*name))
        .map(str::to_owned)
        .collect();
    assert_none("crates that deny.toml bans:", &found);
}
