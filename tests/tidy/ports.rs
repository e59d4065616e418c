//! The ports of storage: an owner's are bound to that owner and a patient's to that patient, the trail is only read, and only the unit of work
//! answers for consent.

use std::collections::BTreeSet;

use crate::rust_text;
use crate::tree::{self, assert_none};

const PORTS: &str = "crates/storage/src/port/";

/// The list of every port.
const LISTS: &str = "crates/storage/src/backend.rs";

/// The suite that every backend shows, and its part about what is somebody else's.
const SUITE: &str = "crates/testkit/src/conformance/storage.rs";
const ISOLATION: &str = "crates/testkit/src/conformance/storage/isolation.rs";

/// Ports of one owner's data. The backend binds the owner; no method takes a scope, so none can be given
/// another (A10, G1).
const OWNED: &[&str] = &["patient_list", "patients", "tags"];

/// Ports without clinical content.
const COMMON: &[&str] = &[
    "accounts",
    "custom_fields",
    "sessions",
    "settings",
    "trail",
    "upkeep",
];

/// A common port that an owner's view has too: what the practice chose decides about records.
const SHARED: &str = "SettingsRead";

/// A port that no unit has.
const APART: &str = "SessionsTouch";

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

/// The code of one port's file.
fn port(name: &str) -> Vec<Method> {
    let path = format!("{PORTS}{name}.rs");
    methods(&rust_text::code(&path, &tree::text(&path)))
}

/// The ports in one of the lists of the backend.
fn list(name: &str) -> BTreeSet<String> {
    let code = rust_text::code(LISTS, &tree::text(LISTS));
    let ports = code
        .split_once(&format!("{name} = "))
        .or_else(|| code.split_once(&format!("{name}<'tx> = ")))
        .and_then(|(_, rest)| rest.split_once(';'))
        .map(|(ports, _)| ports)
        .expect("the backend lists its ports");
    ports
        .split('+')
        .map(|port| port.trim().trim_end_matches("<'tx>").to_owned())
        .collect()
}

/// The files of ports that are there.
fn there() -> BTreeSet<String> {
    tree::files()
        .iter()
        .filter_map(|path| path.strip_prefix(PORTS)?.strip_suffix(".rs").map(str::to_owned))
        .collect()
}

/// The ports that the backend lists for one patient.
fn inside_lists() -> BTreeSet<String> {
    let mut ports = list("InsideRead");
    ports.extend(list("InsideWrite"));
    assert!(ports.remove(SHARED), "{SHARED} is read inside a patient too");
    ports
}

/// The files of ports of what belongs to one patient: those with a port that the backend lists for one. That
/// patient is bound too.
fn inside() -> BTreeSet<String> {
    let lists = inside_lists();
    let files: BTreeSet<String> = there()
        .into_iter()
        .filter(|file| port(file).iter().any(|it| lists.contains(&it.of)))
        .collect();
    assert!(
        files.len() >= 4,
        "only {files:?} were found: this test reads the backend's lists wrongly"
    );
    files
}

/// The traits in files of ports.
fn traits<'f>(files: impl IntoIterator<Item = &'f str>) -> BTreeSet<String> {
    files.into_iter().flat_map(port).map(|it| it.of).collect()
}

/// Every port is of an owner, of a patient or common, and of one only.
#[test]
fn every_port_is_known_as_owned_or_common() {
    let inside = inside();
    let named = OWNED.iter().chain(COMMON).copied();
    let mut known = BTreeSet::new();
    for file in named.chain(inside.iter().map(String::as_str)) {
        assert!(known.insert(file.to_owned()), "{file} is known twice");
    }
    assert_eq!(
        there(),
        known,
        "list a new port in InsideRead or InsideWrite, or say in tests/tidy/ports.rs whose it is"
    );
}

/// A10, G1: an owner's ports are had for one scope, and no method can name another.
#[test]
fn no_port_takes_a_scope() {
    let methods: Vec<Method> = there().iter().flat_map(|name| port(name)).collect();
    assert!(
        methods.len() >= 30,
        "only {} methods were found: this test reads the files wrongly",
        methods.len()
    );
    let found: Vec<String> = methods
        .iter()
        .filter(|it| rust_text::has_word(&it.parameters, "Scope"))
        .map(|it| format!("{}::{}({}", it.of, it.name, it.parameters))
        .collect();
    assert_none("methods of ports that take a scope:", &found);
}

/// A10: nor does a port of what belongs to a patient take another patient.
#[test]
fn no_port_inside_a_patient_takes_a_patient() {
    let found: Vec<String> = inside()
        .iter()
        .flat_map(|name| port(name))
        .filter(|it| rust_text::has_word(&it.parameters, "PatientId"))
        .map(|it| format!("{}::{}({}", it.of, it.name, it.parameters))
        .collect();
    assert_none("methods of ports inside a patient that take a patient:", &found);
}

/// A10: the conformance suite asks every method of a port inside a patient as somebody else.
#[test]
fn every_port_inside_a_patient_is_tried_by_somebody_else() {
    let joined: String = tree::text(ISOLATION).split_whitespace().collect();
    let found: Vec<String> = inside()
        .iter()
        .flat_map(|name| port(name))
        .filter(|it| !joined.contains(&format!(".{}(", it.name)))
        .map(|it| format!("{}::{}", it.of, it.name))
        .collect();
    assert_none(
        "methods that conformance/storage/isolation.rs does not call:",
        &found,
    );
}

/// Each rule of the conformance suite is one that every backend runs: its file lists it, and the suite has its file's
/// list.
#[test]
fn every_rule_of_the_conformance_suite_is_run() {
    let suite = tree::text(SUITE);
    let (mut found, mut read) = (Vec::new(), 0);
    let folder = SUITE.replace(".rs", "/");
    for path in tree::rust_files() {
        let Some(file) = path.strip_prefix(&folder) else {
            continue;
        };
        let group = file.trim_end_matches(".rs");
        if !suite.contains(&format!(
            "mod {group} {{\n            $crate::storage_{group}!($lab);"
        )) {
            found.push(format!("{path}: storage_{group} in {SUITE}"));
        }
        let text = tree::text(&path);
        let list = text
            .split_once(&format!("\ngroup! {{\n    ($) storage_{group}: {group};"))
            .and_then(|(_, rest)| rest.split_once("\n}"))
            .map(|(list, _)| list)
            .unwrap_or_default();
        let rules = text.split("pub async fn ").skip(1);
        for name in rules.filter_map(|rule| rule.split('(').next()) {
            read += 1;
            if !list.lines().any(|line| line.trim().trim_end_matches(',') == name) {
                found.push(format!("{path}: {name}"));
            }
        }
    }
    assert!(read >= 30, "{read} rules were read");
    assert_none(
        "rules that their file's `group!` does not list, or groups that the suite does not run:",
        &found,
    );
}

/// G1, G2: a clinician has the ports of patients and of what belongs to them, and nothing of the practice but
/// its settings; administration has the others and nothing clinical.
#[test]
fn clinical_and_common_ports_do_not_mix() {
    let mut common = traits(COMMON.iter().copied());
    assert!(common.remove(APART), "no unit makes unaudited writes");
    let inside = inside();
    assert_eq!(inside_lists(), traits(inside.iter().map(String::as_str)));
    let mut common_lists = list("CommonRead");
    common_lists.extend(list("CommonWrite"));
    assert_eq!(common_lists, common);
    let code = rust_text::code(LISTS, &tree::text(LISTS));
    for owned in [
        "pub trait OwnedRead: port::PatientsRead + port::SettingsRead + port::TagsRead {",
        "pub trait OwnedWrite<'tx>: OwnedRead + port::PatientsWrite + port::TagsWrite {",
    ] {
        assert!(code.contains(owned), "{owned}");
    }
    for reading in ["InsideRead", "CommonRead"] {
        let changing: Vec<String> = list(reading)
            .into_iter()
            .filter(|port| !port.ends_with("Read"))
            .collect();
        assert_none("ports that change something in a list for reading:", &changing);
    }
}

/// A10: use cases go inside a patient, which asks whether the patient is there. Only the storage layer and its
/// tests reach for what belongs to one without asking.
#[test]
fn use_cases_ask_whether_the_patient_is_there() {
    let found: Vec<String> = tree::rust_files()
        .into_iter()
        .filter(|path| {
            ["crates/records/", "crates/practice/", "crates/auth/", "bins/"]
                .iter()
                .any(|of| path.starts_with(of))
        })
        .filter(|path| rust_text::code(path, &tree::text(path)).contains("belongings("))
        .collect();
    assert_none("files that reach for belongings without asking:", &found);
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
