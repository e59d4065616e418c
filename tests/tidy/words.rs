//! Words that people and programs meet: wire names live in api alone, what is said at a field begins with what to do
//! about it, and turns of phrase that nobody uses any more are used nowhere.

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

/// Turns that are archaic, unidiomatic or unclear wherever they occur, in lower case, and what to say instead.
#[rustfmt::skip]
const TURNS: &[(&str, &str)] = &[
    ("advices", "advice"),
    ("aforesaid", "this, or the name"),
    ("an own", "a separate, its own"),
    ("anew", "again"),
    ("as whom", "in which role"),
    ("aught", "anything"),
    ("betwixt", "between"),
    ("by other means than", "by something other than"),
    ("by the minute", "once a minute"),
    ("came of", "happened to, the result of"),
    ("cannot be had", "is not available, cannot be read"),
    ("could not be had", "was not available, could not be read"),
    ("for ever", "permanently, always, forever"),
    ("for looking only", "read-only"),
    ("for want of", "because … is missing"),
    ("forthwith", "at once"),
    ("henceforth", "from now on"),
    ("hereby", "with this"),
    ("herein", "in this"),
    ("hereof", "of this"),
    ("hither", "here"),
    ("hitherto", "until now"),
    ("in its stead", "instead"),
    ("in their stead", "instead"),
    ("in vain", "without success, for nothing"),
    ("informations", "information"),
    ("is no error", "is not an error"),
    ("is there twice", "appears twice"),
    ("isn't yours to", "you may not"),
    ("looks whether", "checks whether"),
    ("mended", "repaired"),
    ("mends", "repairs"),
    ("none is recorded", "no … is on record"),
    ("nought", "zero, nothing"),
    ("perchance", "perhaps"),
    ("shall", "must, will"),
    ("softwares", "programs"),
    ("speaks against", "contradicts"),
    ("tells of", "reports"),
    ("that are none", "that are not …"),
    ("that is none", "that is not a …"),
    ("thence", "from there"),
    ("therein", "in it"),
    ("thereof", "of it"),
    ("thither", "there"),
    ("thousand million", "billion"),
    ("unto", "to"),
    ("upon", "on"),
    ("verily", "really"),
    ("what became of", "what happened to"),
    ("what becomes of", "what happens to"),
    ("whence", "from where"),
    ("whereof", "of which"),
    ("whilst", "while"),
    ("whither", "where"),
];

/// The client's texts.
const CATALOGUES: &str = "crates/web/client/src/i18n/en/";

/// This file, which has the turns, and the tests of what it does.
const OWN: &str = "tests/tidy/words.rs";

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

/// A word in lower case with the number of its line, and whether a turn may go on after it.
struct Word {
    line: usize,
    text: String,
    goes_on: bool,
}

/// The words of a text that begins on this line. A mark after a word ends a turn, as in "that is none, so".
fn words(line: usize, text: &str) -> impl Iterator<Item = Word> + '_ {
    text.split('\n').enumerate().flat_map(move |(at, row)| {
        row.split_whitespace().filter_map(move |piece| {
            let text = piece.trim_matches(|it: char| !it.is_alphanumeric());
            (!text.is_empty()).then(|| Word {
                line: line + at,
                text: text.to_lowercase().replace('’', "'"),
                goes_on: piece.ends_with(text),
            })
        })
    })
}

/// The passages of Rust code that people read: the texts between quotes, and comments, those on lines one after another
/// as one.
fn passages(code: &str) -> Vec<Vec<Word>> {
    let parts = rust_text::parts(code);
    let mut found: Vec<Vec<Word>> = parts
        .texts
        .iter()
        .map(|(line, text)| words(*line, &text.replace("\\\n", " \n").replace("\\n", " . ")).collect())
        .collect();
    let mut last = 0;
    for (line, comment) in &parts.comments {
        let own = words(*line, comment.trim_start_matches(['/', '!']));
        match found.last_mut() {
            Some(before) if last > 0 && *line == last + 1 => before.extend(own),
            _ => found.push(own.collect()),
        }
        last = *line;
    }
    found
}

/// The turns in a passage, each with its line and what to say instead.
fn turns_in(passage: &[Word]) -> Vec<(usize, &'static str, &'static str)> {
    let mut found = Vec::new();
    for (at, first) in passage.iter().enumerate() {
        for (turn, instead) in TURNS {
            let mut wanted = turn.split(' ');
            if wanted.next() != Some(&first.text) {
                continue;
            }
            let mut before = first;
            let mut after = passage[at + 1..].iter();
            let whole = wanted.all(|it| {
                let next = after.next().filter(|next| before.goes_on && next.text == it);
                before = next.unwrap_or(before);
                next.is_some()
            });
            if whole {
                found.push((first.line, *turn, *instead));
            }
        }
    }
    found
}

/// The turns in a file, by its path and text.
fn turns_of(path: &str, text: &str) -> Vec<String> {
    let passages = if tree::has_extension(path, "rs") {
        passages(text)
    } else {
        vec![words(1, text).collect()]
    };
    passages
        .iter()
        .flat_map(|passage| turns_in(passage))
        .map(|(line, turn, instead)| format!("{path}:{line}: {turn:?}; rather: {instead}"))
        .collect()
}

/// F14: plain, contemporary English wherever a person reads: messages, help, comments, documents, the client.
#[test]
fn no_turn_is_out_of_use() {
    let read = |path: &String| {
        let catalogue = path.starts_with(CATALOGUES) && tree::has_extension(path, "ts");
        path.as_str() != OWN
            && (catalogue || tree::has_extension(path, "rs") || tree::has_extension(path, "md"))
    };
    let paths: Vec<String> = tree::files().into_iter().filter(read).collect();
    assert!(
        paths.iter().any(|path| path.starts_with(CATALOGUES))
            && paths.iter().any(|path| path == "docs/OPERATIONS.md"),
        "the files are not found any more"
    );
    let found: Vec<String> = paths
        .iter()
        .flat_map(|path| turns_of(path, &tree::text(path)))
        .collect();
    assert_none("turns of phrase that are not used any more:", &found);
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

#[test]
fn a_planted_turn_is_found() {
    let code =
        "/// It is made\n/// anew.\nfn a() {\n    say(\"for \\\n         want of room\"); // nought\n}\n";
    let found = turns_of("a.rs", code);
    let places: Vec<&str> = found
        .iter()
        .filter_map(|it| it.split_once("; ").map(|(place, _)| place))
        .collect();
    let expected = [
        "a.rs:4: \"for want of\"",
        "a.rs:2: \"anew\"",
        "a.rs:5: \"nought\"",
    ];
    assert_eq!(places, expected, "{found:?}");
    assert_eq!(
        turns_of("a.md", "It is read\nfor\never."),
        ["a.md:2: \"for ever\"; rather: permanently, always, forever"]
    );
    // Neither within words nor over the end of a sentence, and a name in the code is none of it.
    let clean =
        "// Thoughts for. Ever thence_forth, thenceforth.\nlet anew = a(\"an owner, that is, none\");";
    assert_eq!(turns_of("a.rs", clean), Vec::<String>::new());
}
