//! Words that people and programs meet: wire names live in api alone, and what is said at a field begins with
//! what to do about it.

use std::collections::BTreeSet;

use cutis_audit::Action;

use crate::rust_text;
use crate::tree::{self, assert_none};

/// Crates of rules and use cases. They name fields by closed enums (house 6).
const NAMELESS: &[&str] = &[
    "auth", "blob", "consent", "domain", "practice", "records", "vault",
];

/// Codes that are stored for good, and so are text: file and the reason.
const STORED: &[(&str, &str)] = &[
    (
        "crates/domain/src/patient/field.rs",
        "versions and the trail keep a patient's fields under these codes",
    ),
    (
        "crates/records/src/patients/changes.rs",
        "the names of details, as the trail keeps them",
    ),
];

/// What a message at a field begins with. The first five are the client's own (words.test.ts); the others are for what
/// only a program that speaks to the API, or only the server, can find.
const VERBS: &[&str] = &[
    "Choose", "Draw", "Enter", "Sign", "Use", "Leave", "Load", "Retire", "Send",
];

/// Crates whose refusals reach a form or a request.
const SPEAKING: &[&str] = &[
    "api", "auth", "consent", "domain", "edge", "media", "practice", "records",
];

/// What makes a refusal, its kind and its message in that order.
const MAKERS: &[&str] = &["Invalid::new(", "Problem::invalid(", "with_field(", "coded!("];

/// Errors that become messages at a field as they are.
const ERRORS: &str = "crates/media/src/signature.rs";

/// What the client says of each action.
const SENTENCES: &str = "crates/web/client/src/i18n/en/activity.ts";

/// What never reaches a field: it is said of stored bytes.
const EXCUSED: &[&str] = &["the stored signature is damaged"];

fn of_crates(names: &[&str]) -> Vec<String> {
    let starts: Vec<String> = names.iter().map(|name| format!("crates/{name}/src/")).collect();
    tree::rust_files()
        .into_iter()
        .filter(|path| starts.iter().any(|start| path.starts_with(start)))
        .collect()
}

/// The texts between quotes of code without comments, each with where it starts.
fn literals(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    let mut escaped = false;
    for (at, it) in code.char_indices() {
        match (start, it) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(from), '"') => {
                found.push((from, &code[from..at]));
                start = None;
            }
            (None, '"') if !code[..at].ends_with('\'') => start = Some(at + 1),
            _ => {}
        }
    }
    found
}

/// Where the call ends whose arguments begin at `from`: at its closing bracket outside of every text.
fn end_of_call(code: &str, from: usize, texts: &[(usize, &str)]) -> usize {
    let inside = |at: usize| {
        texts
            .iter()
            .any(|(start, text)| (*start..start + text.len()).contains(&at))
    };
    let mut open = 1;
    for (at, it) in code[from..].char_indices().map(|(at, it)| (from + at, it)) {
        match it {
            '(' if !inside(at) => open += 1,
            ')' if !inside(at) => open -= 1,
            _ => {}
        }
        if open == 0 {
            return at;
        }
    }
    code.len()
}

/// Whether a text is the name of a JSON member with more than one word, as `birthDate` or `guardian.mayConsent`.
fn is_wire_name(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_lowercase())
        && text.chars().all(|it| it.is_ascii_alphanumeric() || it == '.')
        && text.contains(|it: char| it.is_ascii_uppercase())
}

/// House 6: no field names as text below api. A detail's name is the trail's, stored for good.
#[test]
fn wire_names_live_in_api_alone() {
    let mut found = Vec::new();
    for path in of_crates(NAMELESS) {
        if STORED.iter().any(|(stored, _)| *stored == path) {
            continue;
        }
        for line in rust_text::code(&path, &tree::text(&path)).lines() {
            if line.contains("Detail::") {
                continue;
            }
            let texts = literals(line).into_iter().map(|(_, text)| text);
            let names = texts.filter(|text| is_wire_name(text));
            found.extend(names.map(|name| format!("{path}: {name}")));
        }
    }
    assert_none(
        "wire names below api; name the field by an enum and add it to crates/api/src/wire_names.rs:",
        &found,
    );
}

/// U5: the client has a sentence for everything that can happen, and for nothing else.
#[test]
fn every_action_has_a_sentence() {
    let text = tree::text(SENTENCES);
    let (_, actions) = text.split_once("  actions: {\n").expect("the sentences");
    let (actions, _) = actions.split_once("\n  },").expect("their end");
    let said: BTreeSet<&str> = actions
        .lines()
        .filter_map(|line| line.split('"').nth(1))
        .collect();
    let there: BTreeSet<&str> = Action::ALL.iter().map(|action| action.code()).collect();
    assert_eq!(
        said, there,
        "{SENTENCES} and the actions of crates/audit/src/action.rs differ"
    );
}

/// House 14: what is said at a field begins alike everywhere, and is a sentence.
#[test]
fn messages_at_fields_begin_with_what_to_do() {
    let mut found = Vec::new();
    let mut seen = 0;
    for path in of_crates(SPEAKING) {
        let code = rust_text::code(&path, &tree::text(&path));
        let texts = literals(&code);
        let sentences = || texts.iter().filter(|(_, text)| text.contains(' '));
        let errors = (path == ERRORS).then_some("#[error(");
        for maker in MAKERS.iter().copied().chain(errors) {
            for (at, _) in code.match_indices(maker) {
                // The message is a text of the call, or stands in a variable just before it.
                let from = at + maker.len();
                let end = end_of_call(&code, from, &texts);
                let own = sentences().find(|(start, _)| (from..end).contains(start));
                let named = code[from..end]
                    .trim_end()
                    .trim_end_matches(',')
                    .ends_with(" message");
                let before =
                    sentences().rfind(|(start, _)| named && (at.saturating_sub(500)..at).contains(start));
                let Some((_, message)) = own.or(before) else {
                    continue;
                };
                seen += 1;
                let first = message.split(' ').next().unwrap_or_default();
                if !EXCUSED.contains(message) && (!VERBS.contains(&first) || !message.ends_with('.')) {
                    found.push(format!("{path}: {message}"));
                }
            }
        }
    }
    assert!(seen > 40, "the messages are not found any more: {seen}");
    assert_none(
        "messages at fields that do not begin with what to do, or are no sentence:",
        &found,
    );
}

#[test]
fn wire_names_are_told_from_other_text() {
    for name in ["birthDate", "guardian.mayConsent", "practiceFields."] {
        assert!(is_wire_name(name), "{name}");
    }
    for other in ["birth", "unique_id", "Enter a name", "Text", "audit.level"] {
        assert!(!is_wire_name(other), "{other}");
    }
    let code = r#"a("b; (c", '"', "d\"") + e"#;
    let texts = literals(code);
    assert_eq!(
        texts.iter().map(|(_, text)| *text).collect::<Vec<_>>(),
        ["b; (c", "d\\\""]
    );
    assert!(code[end_of_call(code, 2, &texts)..].starts_with(") + e"));
}
