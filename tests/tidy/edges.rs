//! Cargo's edges between our crates are those of the table.

use std::collections::BTreeSet;

use crate::graph::{self, GRAPH, NEVER};
use crate::rust_text;
use crate::tree::{self, assert_none};

/// What of one crate of ours another one shows to its users, beyond the edges: file and line. Values
/// only; none of them reaches a database or a key (ADR 0001).
const SHOWN: &[(&str, &str)] = &[
    ("crates/audit/src/lib.rs", "pub use cutis_domain::Digest;"),
    (
        "crates/records/src/consents.rs",
        "pub use cutis_media::signature::RawPoint;",
    ),
    (
        "crates/records/src/lib.rs",
        "pub use cutis_storage::port::{ ActivityItem, ActivityKind, EntryPosition, FoundPatient, ImageCursor, Order, PatientPosition, PatientSort, Placed, RevisionHead, SortKey, TagFilter, };",
    ),
    (
        "crates/records/src/lib.rs",
        "pub use cutis_storage::{Committed, DiskSpace, ErrorKind, Level, StorageError};",
    ),
];

/// Our own crates among a package's dependencies, by their short names.
fn own(names: BTreeSet<String>) -> impl Iterator<Item = &'static str> {
    names
        .into_iter()
        .filter_map(|it| graph::member_of(&it))
        .map(|it| it.name)
}

#[test]
fn the_table_and_the_workspace_name_the_same_crates() {
    let listed: BTreeSet<String> = GRAPH.iter().map(|it| graph::package(it.name)).collect();
    let there: BTreeSet<String> = tree::packages()
        .iter()
        .map(|it| tree::string(it, "name").to_owned())
        .collect();
    assert_eq!(
        listed, there,
        "tests/tidy/graph.rs and the workspace's members differ"
    );
}

#[test]
fn the_table_points_down_and_keeps_its_absences() {
    let mut found = Vec::new();
    for from in GRAPH {
        for name in from.may_use {
            let to = GRAPH
                .iter()
                .find(|it| it.name == *name)
                .expect("an edge leads to a crate of the table");
            if to.level >= from.level {
                found.push(format!(
                    "{} (level {}) to {} (level {})",
                    from.name, from.level, to.name, to.level
                ));
            }
        }
        for (_, to, why) in NEVER
            .iter()
            .filter(|it| it.0 == from.name && from.may_use.contains(&it.1))
        {
            found.push(format!("{} to {to}: {why}", from.name));
        }
    }
    assert_none("edges that must not be in the table:", &found);
}

#[test]
fn edges_are_those_of_the_table() {
    let known = |name: &str| GRAPH.iter().any(|member| member.name == name);
    for (from, to, _) in NEVER {
        assert!(known(from) && known(to), "an absence of nobody: {from} to {to}");
    }
    let mut found = Vec::new();
    for package in tree::packages() {
        let from = graph::member_of(tree::string(&package, "name")).expect("a member of the table");
        let normal = own(tree::dependencies(&package, None));
        let build = own(tree::dependencies(&package, Some("build")));
        for to in normal.chain(build).filter(|to| !from.may_use.contains(to)) {
            found.push(format!("{} uses {to}", from.name));
        }
    }
    assert_none("edges that tests/tidy/graph.rs does not allow:", &found);
}

/// A10: neither a handler nor administration can name storage's or an image's types.
#[test]
fn the_absences_hold_in_the_manifests() {
    let mut found = Vec::new();
    for package in tree::packages() {
        let name = tree::string(&package, "name");
        let normal: BTreeSet<&str> = own(tree::dependencies(&package, None)).collect();
        for (from, to, why) in NEVER {
            if graph::package(from) == name && normal.contains(to) {
                found.push(format!("{from} uses {to}: {why}"));
            }
        }
    }
    assert_none("edges that must never be:", &found);
}

/// A10: a re-export is an edge that Cargo does not see, so each is a line here.
#[test]
fn one_crate_shows_of_another_only_what_is_listed() {
    let mut there = BTreeSet::new();
    for path in tree::rust_files()
        .into_iter()
        .filter(|path| path.starts_with("crates/"))
    {
        let code = rust_text::code(&path, &tree::text(&path));
        for statement in code
            .split(';')
            .map(|it| it.split_whitespace().collect::<Vec<_>>().join(" "))
        {
            if let Some(at) = statement.find("pub use cutis_") {
                there.insert((path.clone(), format!("{};", &statement[at..])));
            }
        }
    }
    let listed: BTreeSet<_> = SHOWN
        .iter()
        .map(|it| (it.0.to_owned(), it.1.to_owned()))
        .collect();
    assert_eq!(
        there, listed,
        "re-exports across crates (left: there; right: tests/tidy/edges.rs)"
    );
}
