//! The ports of storage: an owner's data is asked for with a scope, the trail is only read, and only
//! the unit of work answers for consent.

use std::collections::BTreeSet;

use crate::rust_text;
use crate::tree::{self, assert_none};

const PORTS: &str = "crates/storage/src/port/";

/// Ports of one owner's data: each method takes the scope first (A10, G1).
const OWNED: &[&str] = &["consents", "entries", "images", "patients"];

/// Ports of the installation's own data.
const COMMON: &[&str] = &["accounts", "patient_fields", "sessions", "settings", "trail"];

/// Traits in the owned files that need no scope, with the reason in their documentation.
const UNSCOPED: &[&str] = &["BlobNamesRead"];

/// A method of a trait: the trait, its name, its parameters in one line.
struct Method {
    of: String,
    name: String,
    parameters: String,
}

/// The methods of every trait in a text of code.
fn methods(code: &str) -> Vec<Method> {
    let mut found = Vec::new();
    for part in code.split("pub trait ").skip(1) {
        let of = part
            .split(|it: char| !it.is_alphanumeric())
            .next()
            .unwrap_or_default();
        let body = part.split("\n}").next().unwrap_or(part);
        for method in body.split("fn ").skip(1) {
            let (name, rest) = method.split_once('(').expect("a method has parameters");
            let inner = rest.split(';').next().unwrap_or(rest);
            let parameters = inner.split_whitespace().collect::<Vec<_>>().join(" ");
            found.push(Method {
                of: of.to_owned(),
                name: name.to_owned(),
                parameters,
            });
        }
    }
    found
}

fn takes_scope_first(parameters: &str) -> bool {
    let after_self = parameters
        .strip_prefix("&self, ")
        .or_else(|| parameters.strip_prefix("&mut self, "));
    after_self.is_some_and(|rest| rest.starts_with("scope: &Scope,") || rest.starts_with("scope: &Scope)"))
}

/// The code of one port's file.
fn port(name: &str) -> Vec<Method> {
    let path = format!("{PORTS}{name}.rs");
    methods(&rust_text::code(&path, &tree::text(&path)))
}

#[test]
fn a_method_without_scope_is_seen() {
    let code = "pub trait T {\n    fn a(\n        &self,\n        scope: &Scope,\n    ) -> X;\n    fn b(&self, id: Id);\n}\n";
    let seen: Vec<(String, bool)> = methods(code)
        .into_iter()
        .map(|it| (it.name, takes_scope_first(&it.parameters)))
        .collect();
    assert_eq!(seen, [("a".to_owned(), true), ("b".to_owned(), false)]);
}

#[test]
fn every_port_is_known_as_owned_or_common() {
    let there: BTreeSet<String> = tree::files()
        .iter()
        .filter_map(|path| path.strip_prefix(PORTS)?.strip_suffix(".rs").map(str::to_owned))
        .collect();
    let known: BTreeSet<String> = OWNED.iter().chain(COMMON).map(|it| (*it).to_owned()).collect();
    assert_eq!(
        there, known,
        "say in tests/tidy/ports.rs whether a new port is one owner's"
    );
}

/// A10, G1: no method of an owner's port can be called without saying whose data is meant.
#[test]
fn an_owners_port_takes_the_scope_first() {
    let mut found = Vec::new();
    let mut looked_at = 0;
    for name in OWNED {
        for method in port(name)
            .into_iter()
            .filter(|it| !UNSCOPED.contains(&it.of.as_str()))
        {
            looked_at += 1;
            if !takes_scope_first(&method.parameters) {
                found.push(format!(
                    "{name}: {}::{}({}",
                    method.of, method.name, method.parameters
                ));
            }
        }
    }
    assert!(
        looked_at >= 15,
        "only {looked_at} methods were found: this test reads the files wrongly"
    );
    assert_none(
        "methods that do not take `scope: &Scope` right after self:",
        &found,
    );
}

/// U4, G8: the trail's port reads. Appending is the unit's own business; nothing changes or removes.
#[test]
fn the_trail_has_no_port_to_change_it() {
    let methods = port("trail");
    assert!(!methods.is_empty(), "the trail's port was not found");
    let found: Vec<String> = methods
        .into_iter()
        .filter(|it| !it.parameters.starts_with("&self") || !it.of.ends_with("Read"))
        .map(|it| format!("{}::{}", it.of, it.name))
        .collect();
    assert_none("methods of the trail's port that could change it:", &found);
}

/// Whether some type becomes a ledger in this code, under whatever path; a new name for the trait counts.
fn makes_a_ledger(code: &str) -> bool {
    let joined = code.split_whitespace().collect::<Vec<_>>().join(" ");
    let named = joined.split("impl").skip(1).any(|part| {
        let head = part.split('{').next().unwrap_or(part);
        head.split_once(" for ")
            .is_some_and(|(of, _)| rust_text::has_word(of, "Ledger"))
    });
    named || joined.contains("Ledger as ")
}

#[test]
fn a_ledger_is_seen_however_it_is_written() {
    assert!(makes_a_ledger("impl<'tx> Ledger<'tx>\n    for Unit<'tx> {"));
    assert!(makes_a_ledger("impl consent::Ledger<'_> for Book {"));
    assert!(makes_a_ledger("use cutis_consent::Ledger as Book;"));
    assert!(!makes_a_ledger(
        "pub fn admit<'tx, L: Ledger<'tx>>(ledger: &mut L) { for a in b {} }"
    ));
}

/// N2, G3: anyone could answer consent's questions with invented grants; only the unit of work does.
#[test]
fn only_the_unit_of_work_is_a_ledger() {
    let there: BTreeSet<String> = tree::rust_files()
        .into_iter()
        .filter(|path| makes_a_ledger(&rust_text::code(path, &tree::text(path))))
        .collect();
    let expected = BTreeSet::from(["crates/storage/src/unit.rs".to_owned()]);
    assert_eq!(there, expected, "files that implement consent's Ledger");
}
