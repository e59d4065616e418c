//! Reading Rust source as text, just as far as these tests need.

/// Whether a file holds nothing but tests, by its path.
pub(crate) fn is_test_file(path: &str) -> bool {
    let starts = ["tests/", "crates/testkit/src/conformance/"];
    starts.iter().any(|it| path.starts_with(it))
        || path.contains("/tests/")
        || path.ends_with("/tests.rs")
        || path.ends_with("/testing.rs")
        || path.contains("/testing/")
        || path.ends_with("/properties.rs")
}

/// A file's lines before its inline test module, and those from there on.
pub(crate) fn split_at_tests(text: &str) -> (Vec<&str>, Vec<&str>) {
    let lines: Vec<&str> = text.lines().collect();
    let start = (0..lines.len()).find(|&at| {
        lines[at].trim() == "#[cfg(test)]"
            && lines[at + 1..]
                .iter()
                .map(|line| line.trim())
                .find(|line| !line.starts_with("#["))
                .is_some_and(|line| line.starts_with("mod ") && line.ends_with('{'))
    });
    let tests = start.map_or_else(Vec::new, |at| lines[at..].to_vec());
    (lines[..start.unwrap_or(lines.len())].to_vec(), tests)
}

/// A line of code without what follows `//`; empty for a comment.
pub(crate) fn code_of(line: &str) -> &str {
    line.split_once("//").map_or(line, |(code, _)| code)
}

/// The code of a file as one text: no comments, no tests.
pub(crate) fn code(path: &str, text: &str) -> String {
    if is_test_file(path) {
        return String::new();
    }
    split_at_tests(text)
        .0
        .into_iter()
        .map(code_of)
        .collect::<Vec<_>>()
        .join("\n")
}

/// A file taken apart: code with its texts emptied, the texts between quotes, and the comments. The last two come with
/// the number of the line that they begin on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) code: String,
    pub(crate) texts: Vec<(usize, String)>,
    pub(crate) comments: Vec<(usize, String)>,
}

/// Takes a file apart, its tests too.
pub(crate) fn parts(text: &str) -> Parts {
    let mut found = Parts::default();
    let mut rest = text;
    let mut line = 1;
    while let Some(next) = rest.chars().next() {
        // `r"`, `r#"` and so on, unless the r ends a name.
        let raw = rest
            .strip_prefix('r')
            .filter(|_| !found.code.ends_with(is_part_of_name));
        let hashes = raw.map_or(0, |it| it.bytes().take_while(|it| *it == b'#').count());
        let (length, text) = if rest.starts_with("//") {
            let length = rest.find('\n').unwrap_or(rest.len());
            found.comments.push((line, rest[..length].to_owned()));
            (length, None)
        } else if raw.is_some_and(|it| it[hashes..].starts_with('"')) {
            let end = format!("\"{}", "#".repeat(hashes));
            let from = 2 + hashes;
            let length = rest[from..]
                .find(&end)
                .map_or(rest.len(), |at| from + at + end.len());
            (length, Some(&rest[from..length - end.len()]))
        } else if next == '"' {
            let bytes = rest.as_bytes();
            let mut at = 1;
            while at < bytes.len() && bytes[at] != b'"' {
                at += if bytes[at] == b'\\' { 2 } else { 1 };
            }
            (at + 1, Some(&rest[1..at]))
        } else if rest.starts_with("'\"'") {
            // A quote as a character begins no text.
            (3, None)
        } else if rest.starts_with("'\\\"'") {
            (4, None)
        } else {
            found.code.push(next);
            (next.len_utf8(), None)
        };
        if let Some(text) = text {
            found.texts.push((line, text.to_owned()));
            found.code.push_str("\"\"");
        }
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    found
}

fn is_part_of_name(it: char) -> bool {
    it.is_alphanumeric() || it == '_'
}

/// Whether `text` holds `word` with no letter, digit or `_` at either side.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(is_part_of_name) && !text[at + word.len()..].starts_with(is_part_of_name)
    })
}

#[test]
fn tests_are_told_from_code() {
    let text = "a\n#[cfg(test)]\nmod testing;\nb\n#[cfg(test)]\n#[rustfmt::skip]\nmod tests {\nc\n}";
    let (code, tests) = split_at_tests(text);
    assert_eq!(code, ["a", "#[cfg(test)]", "mod testing;", "b"]);
    assert_eq!(tests.len(), 5);
    assert_eq!(code_of("let a = 1; // b"), "let a = 1; ");
    assert!(is_test_file("crates/audit/src/verify/tests.rs") && !is_test_file("crates/audit/src/verify.rs"));
}

#[test]
fn a_word_stands_alone() {
    assert!(has_word("/// U3: both", "U3") && has_word("(A10)", "A10"));
    assert!(!has_word("n2_gate U31", "U3") && !has_word("A10", "A1"));
}

#[test]
fn a_file_is_taken_apart() {
    let text =
        "let a = \"b \\\" // c\"; // d\nlet e = ('\"', r#\"f \" g\"#); /// h\nlet x = \"i\\\n  j\";\nfor k";
    let found = parts(text);
    assert_eq!(
        found.code,
        "let a = \"\"; \nlet e = (, \"\"); \nlet x = \"\";\nfor k"
    );
    let texts = [(1, "b \\\" // c"), (2, "f \" g"), (3, "i\\\n  j")];
    assert_eq!(found.texts, texts.map(|(line, text)| (line, text.to_owned())));
    let comments = [(1, "// d"), (2, "/// h")];
    assert_eq!(
        found.comments,
        comments.map(|(line, text)| (line, text.to_owned()))
    );
}
