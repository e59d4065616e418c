//! One word for one thing (docs/glossary.md): an image in code is a photo wherever a person reads, a picture is a
//! signature's, and what a practice defines is a custom field.

use crate::rust_text::{self, Parts};
use crate::tree::{self, assert_none};

/// Files whose words are signed, digested, or part of a promise: the beginning of the path and the reason.
const FORMAL: &[(&str, &str)] = &[
    (
        "crates/consent/src/form/",
        "forms that people sign; their words are digested",
    ),
    (
        "crates/consent/src/purpose.rs",
        "purposes, in the words of the forms",
    ),
    ("tests/tidy/", "these tests name what they look for"),
];

/// Where `picture` is the picture of a drawn signature.
const SIGNATURES: &[&str] = &[
    "crates/api/src/consents",
    "crates/audit/src/action.rs",
    "crates/consent/src/signature.rs",
    "crates/media/src/signature.rs",
    "crates/records/src/consents.rs",
    "crates/storage-sqlite/src/ports/consents",
    "crates/storage-sqlite/src/sql/consents.rs",
    "crates/storage-sqlite/tests/sqlite/tampering.rs",
    "crates/storage/src/port/consents.rs",
    "crates/testkit/src/builders.rs",
    "tests/api/consents.rs",
    "tests/attack/tricks.rs",
];

/// Texts that no person reads as a sentence.
const STORED: &[(&str, &str)] = &[
    ("photographs", "a member of `cutis audit verify --json`"),
    (
        "The image",
        "of the API's description, which speaks to developers",
    ),
    ("the stored image is the drafted one", "said to a developer"),
    ("an image on another patient's consent", "said to a developer"),
];

/// Documents that everybody reads, and those for developers.
const FOR_PEOPLE: &[&str] = &[
    "README.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "docs/OPERATIONS.md",
    "docs/THREATS.md",
    "docs/gaps.md",
    "docs/manual/",
];
const FOR_DEVELOPERS: &[&str] = &[
    "CONTRIBUTING.md",
    "docs/API.md",
    "docs/ARCHITECTURE.md",
    "docs/BENCHMARKS.md",
    "docs/LOGGING.md",
    "docs/adr/",
    "docs/guides/",
    "docs/compliance/controls.md",
];

/// What is not a name of a thing of ours.
const NAMES: &[&str] = &[
    "photography",
    "Photography",
    "Photoshop",
    "Multi-Picture",
    "motion photo",
    "photometric",
    "Photometric",
    "PHOTOMETRIC",
];

/// Names that a thing had besides its own: the wrong one and the right one.
const ONE_NAME: &[(&str, &str)] = &[
    (
        "trail entry",
        "leaf (its place in the tree) or event (what happened)",
    ),
    ("trail entries", "leaves or events"),
    ("entries of the trail", "leaves or events of the trail"),
    ("keyed entries", "keyed leaves"),
    ("practice field", "custom field (code), patient field (screen)"),
    ("practice-defined field", "custom field"),
    ("practice's own field", "custom field"),
    ("screen picture", "screen rendition"),
    ("full-size picture", "full-size rendition"),
    ("image worker", "decode worker"),
];

/// Names in code that a custom field had besides its own. The wire's and the database's are texts or end in `_id`.
const CUSTOM_FIELD: &[&str] = &["PatientField", "PracticeField", "patient_field", "practice_field"];

/// Where the wire's and the database's own names of custom fields stand as code.
const WIRE: &[(&str, &str)] = &[
    (
        "crates/api/src/custom_fields/dto.rs",
        "#[schema(as = PatientField",
    ),
    (
        "crates/storage-sqlite/src/sql/patients.rs",
        "practice_fields field_versions",
    ),
    (
        "crates/storage-sqlite/src/ports/patients.rs",
        "practice_fields: &custom_fields",
    ),
];

fn begins_with_one_of(path: &str, starts: &[&str]) -> bool {
    starts.iter().any(|start| path.starts_with(start))
}

fn is_formal(path: &str) -> bool {
    FORMAL.iter().any(|(start, _)| path.starts_with(start))
}

/// Rust files with their parts, but for formal ones.
fn rust_files() -> Vec<(String, Parts)> {
    let files = tree::rust_files().into_iter().filter(|path| !is_formal(path));
    files
        .map(|path| {
            let parts = rust_text::parts(&tree::text(&path));
            (path, parts)
        })
        .collect()
}

/// What of these words stands in a text, be it a part of a longer one: `Picture` in `FullPicture`, `photos` in `photo`.
fn found_in<'a>(text: &str, words: &[&'a str]) -> Option<&'a str> {
    let mut text = text.to_owned();
    for name in NAMES {
        text = text.replace(name, "");
    }
    let text = text.to_lowercase();
    words.iter().copied().find(|word| text.contains(word))
}

/// Whether a text is said to a person: it has words, and is no statement for the database.
fn is_said(text: &str) -> bool {
    let statement = [
        "SELECT",
        "INSERT",
        "UPDATE",
        "DELETE",
        "FROM",
        "CREATE",
        "content-type",
        "Content-Type",
    ];
    text.contains(' ') && !statement.iter().any(|it| text.contains(it))
}

/// Whether a text of code that people read speaks of an image.
fn has_image(text: &str) -> bool {
    ["image", "images", "Image", "Images"]
        .iter()
        .any(|word| rust_text::has_word(text, word))
}

fn lines_with(text: &str, words: &[&str]) -> Vec<String> {
    text.lines()
        .enumerate()
        .filter_map(|(at, line)| found_in(line, words).map(|word| format!("{}: {word}", at + 1)))
        .collect()
}

/// House 9: what people read in messages, the log, the command line and its help says "photo".
#[test]
fn a_photo_is_a_photo_wherever_a_person_reads() {
    let mut found = Vec::new();
    let mut seen = 0;
    for (path, parts) in rust_files() {
        let for_people = !rust_text::is_test_file(&path) && !path.starts_with("crates/testkit/");
        for (line, text) in &parts.texts {
            if STORED.iter().any(|(stored, _)| stored == text) {
                continue;
            }
            seen += usize::from(has_photo(text));
            let word = found_in(text, &["photograph", "picture"]);
            let excused = word == Some("picture") && begins_with_one_of(&path, SIGNATURES);
            let image = for_people && is_said(text) && has_image(text);
            if let Some(word) = word.filter(|_| !excused).or(image.then_some("image")) {
                found.push(format!("{path}:{line}: {word} in \"{text}\""));
            }
        }
        // What stands before the command line's arguments is its help.
        if path.starts_with("bins/cutis/src/cli") {
            let help = parts.comments.iter().filter(|(_, text)| text.starts_with("///"));
            found.extend(
                help.filter(|(_, text)| found_in(text, &["photograph", "picture"]).is_some())
                    .map(|(line, text)| format!("{path}:{line}: {text}")),
            );
        }
    }
    for path in tree::files()
        .iter()
        .filter(|path| begins_with_one_of(path, FOR_PEOPLE))
    {
        if tree::has_extension(path, "md") {
            let lines = lines_with(&tree::text(path), &["photograph", "picture"]);
            found.extend(lines.into_iter().map(|line| format!("{path}:{line}")));
        }
    }
    assert!(
        seen > 50,
        "the messages about photos are not found any more: {seen}"
    );
    assert_none(
        "a person reads another word than photo (docs/glossary.md, image):",
        &found,
    );
}

fn has_photo(text: &str) -> bool {
    ["photo", "photos", "Photo", "Photos"]
        .iter()
        .any(|word| rust_text::has_word(text, word))
}

/// House 9: in code, comments and documents for developers it is an image, and a picture is a signature's.
#[test]
fn an_image_is_an_image_in_code() {
    let mut found = Vec::new();
    let mut pictures = 0;
    for (path, parts) in rust_files() {
        let of_signatures = begins_with_one_of(&path, SIGNATURES);
        let code = parts.code.lines().enumerate().map(|(at, line)| (at + 1, line));
        // A field of the log is for the person who reads it.
        for (line, text) in code.filter(|(_, text)| !text.contains("photo_files")) {
            let word = found_in(text, &["photo", "picture"]);
            pictures += usize::from(word == Some("picture"));
            if let Some(word) = word.filter(|word| !(of_signatures && *word == "picture")) {
                found.push(format!("{path}:{line}: {word} in `{}`", text.trim()));
            }
        }
        for (line, text) in &parts.comments {
            let word = found_in(text, &["photograph", "picture"]);
            if let Some(word) = word.filter(|word| !(of_signatures && *word == "picture")) {
                found.push(format!("{path}:{line}: {word} in {text}"));
            }
        }
    }
    for path in tree::files()
        .iter()
        .filter(|path| begins_with_one_of(path, FOR_DEVELOPERS))
    {
        if tree::has_extension(path, "md") {
            let lines = lines_with(&tree::text(path), &["photograph", "picture"]);
            found.extend(lines.into_iter().map(|line| format!("{path}:{line}")));
        }
    }
    assert!(
        pictures > 10,
        "signatures' pictures are not found any more: {pictures}"
    );
    assert_none(
        "say image, or rendition for what is made of one; a picture is a signature's (docs/glossary.md):",
        &found,
    );
}

/// House 9: what a practice defines has one name in code; the wire keeps its own.
#[test]
fn a_custom_field_has_one_name() {
    let mut found = Vec::new();
    let mut wire = Vec::new();
    for (path, parts) in rust_files() {
        for (at, line) in parts.code.lines().enumerate() {
            if let Some(it) = WIRE
                .iter()
                .position(|(of, text)| *of == path && line.contains(text))
            {
                wire.push(it);
            } else if let Some(word) = CUSTOM_FIELD.iter().find(|word| line.contains(**word)) {
                found.push(format!("{path}:{}: {word}", at + 1));
            }
        }
    }
    for path in tree::files()
        .iter()
        .filter(|path| path.starts_with("crates/web/client/src/"))
    {
        if !path.ends_with("schema.d.ts")
            && (tree::has_extension(path, "ts") || tree::has_extension(path, "tsx"))
        {
            for (at, line) in tree::text(path).lines().enumerate() {
                let ours = line.replace("Schemas[\"PatientField", "");
                let word = ["PatientField", "PracticeField"].into_iter().find(|word| {
                    // `PatientFields` is the form with all fields of a patient.
                    ours.match_indices(word)
                        .any(|(at, _)| !ours[at + word.len()..].starts_with('s'))
                });
                found.extend(word.map(|word| format!("{path}:{}: {word}", at + 1)));
            }
        }
    }
    assert_none(
        "what a practice defines is a CustomField (docs/glossary.md, custom field):",
        &found,
    );
    let unused: Vec<String> = (0..WIRE.len())
        .filter(|it| !wire.contains(it))
        .map(|it| WIRE[it].1.to_owned())
        .collect();
    assert_none("names of the wire that are not there any more:", &unused);
}

/// House 9: no thing has two names, wherever it is spoken of.
#[test]
fn nothing_has_two_names() {
    let mut found = Vec::new();
    for path in tree::files() {
        let is_ours = ["rs", "md", "ts", "tsx", "mjs"]
            .iter()
            .any(|it| tree::has_extension(&path, it));
        if !is_ours || is_formal(&path) {
            continue;
        }
        for (at, line) in tree::text(&path).lines().enumerate() {
            let line = line.to_lowercase();
            for (wrong, right) in ONE_NAME.iter().filter(|(wrong, _)| line.contains(wrong)) {
                found.push(format!("{path}:{}: {wrong}; say {right}", at + 1));
            }
        }
    }
    assert_none("a thing has another name in docs/glossary.md:", &found);
}

#[test]
fn words_are_found_inside_of_others() {
    assert_eq!(found_in("FullPicture", &["picture"]), Some("picture"));
    assert_eq!(found_in("two Photographs", &["photograph"]), Some("photograph"));
    assert_eq!(
        found_in("clinical photography, a Photoshop document", &["photo"]),
        None
    );
    assert!(has_image("An image is lost") && !has_image("imaging") && has_photo("Photo added"));
    assert!(is_said("the photo is lost") && !is_said("image/png") && !is_said("SELECT id FROM image"));
}
