//! Who may vouch for a principal (G1, G2).
//!
//! Rust's privacy cannot say "only that crate", so the constructors are public and named `assertion`.
//! This list is who may call them: a new caller is a new line, and a reviewer asks what proved it.

use std::collections::BTreeSet;

use crate::rust_text;
use crate::tree;

/// File and constructor, outside tests.
const ALLOWED: &[(&str, &str)] = &[
    // A session that was looked up and is alive gives exactly what its account is.
    ("crates/auth/src/session.rs", "Scope::assertion"),
    ("crates/auth/src/session.rs", "Clinician::assertion"),
    ("crates/auth/src/session.rs", "Administrator::assertion"),
    ("crates/auth/src/sign_in/confirm.rs", "Confirmed::assertion"),
    // The server itself, and the person at its keyboard.
    ("bins/cutis/src/serve.rs", "System::assertion"),
    ("bins/cutis/src/cli/key.rs", "System::operator_assertion"),
    ("bins/cutis/src/cli/quarantine.rs", "System::operator_assertion"),
    ("bins/cutis/src/cli/recover.rs", "System::operator_assertion"),
    ("bins/cutis/src/cli/user.rs", "System::operator_assertion"),
    // The database was asked, in the function that calls it.
    ("crates/records/src/lib.rs", "NothingSealed::assertion"),
    // Measure with keys of nobody, in folders of their own.
    ("crates/blob/examples/latency.rs", "NothingSealed::assertion"),
    ("crates/vault/examples/throughput.rs", "NothingSealed::assertion"),
    // Only ever linked into tests.
    ("crates/testkit/src/builders.rs", "Scope::assertion"),
    ("crates/testkit/src/builders.rs", "Clinician::assertion"),
];

/// Every `Type::assertion` and `Type::operator_assertion` in a text of code, called or handed on.
fn calls(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("::") {
        let after = &code[at + 2..];
        let name = &after[..after
            .find(|it: char| !it.is_alphanumeric() && it != '_')
            .unwrap_or(after.len())];
        if name == "assertion" || name.ends_with("_assertion") {
            let before = code[..at]
                .rsplit(|it: char| !it.is_alphanumeric() && it != '_')
                .next();
            found.insert(format!("{}::{name}", before.unwrap_or_default()));
        }
    }
    found
}

#[test]
fn a_call_is_seen_however_it_is_written() {
    let code = "domain::Scope::assertion(a); b.map(System::operator_assertion); x::assertions::y";
    assert_eq!(
        Vec::from_iter(calls(code)),
        ["Scope::assertion", "System::operator_assertion"]
    );
}

#[test]
fn principals_are_asserted_only_by_those_listed() {
    let allowed: BTreeSet<(String, String)> = ALLOWED
        .iter()
        .map(|(path, call)| ((*path).to_owned(), (*call).to_owned()))
        .collect();
    let mut there = BTreeSet::new();
    for path in tree::rust_files() {
        let code = rust_text::code(&path, &tree::text(&path));
        there.extend(calls(&code).into_iter().map(|call| (path.clone(), call)));
    }
    let new: Vec<_> = there.difference(&allowed).collect();
    let gone: Vec<_> = allowed.difference(&there).collect();
    assert!(
        new.is_empty(),
        "calls that tests/tidy/assertions.rs does not allow: {new:#?}"
    );
    assert!(
        gone.is_empty(),
        "allowed in tests/tidy/assertions.rs, called no more: {gone:#?}"
    );
}
