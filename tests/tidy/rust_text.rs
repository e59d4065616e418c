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

/// Whether `text` holds `word` with no letter, digit or `_` at either side.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    let part = |it: char| it.is_alphanumeric() || it == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(part) && !text[at + word.len()..].starts_with(part))
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
