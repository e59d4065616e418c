//! Text as it is compared (P4).
//!
//! Ignorable characters and apostrophes are dropped; the rest is taken apart (NFKD), turned to upper and then lower case
//! a character at a time (full case folding, final sigma included), taken apart again, and written letter by letter.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::{compose, is_combining_mark};

use crate::letters::{WITH_E, is_apostrophe, is_blank, is_dropped_mark, is_ignorable, push_plain};

/// Stands after an a that is also written as two: å.
const WITH_A: char = '\u{2}';
/// Stands between parts that people write together, apart or with a dash: `-`, `_`, `.`, `/` and the like.
pub(crate) const SOFT: char = '\u{3}';

/// Text folded, with its marks: spellings are made from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Folded(String);

impl Folded {
    pub(crate) fn of(text: &str) -> Self {
        if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Self(text.to_ascii_lowercase());
        }
        let mut out = String::with_capacity(text.len().saturating_add(8));
        if text.is_ascii() {
            // Nothing to take apart, to join or to leave out but apostrophes.
            for c in text.chars().filter(|c| !is_apostrophe(*c)) {
                if c.is_ascii_alphanumeric() {
                    out.push(c.to_ascii_lowercase());
                } else {
                    separate(&mut out, is_blank(c));
                }
            }
            return Self(without_end(out));
        }
        let kept = text.chars().filter(|c| !is_ignorable(*c) && !is_apostrophe(*c));
        let lower = kept
            .nfkd()
            .flat_map(char::to_uppercase)
            .flat_map(char::to_lowercase);
        let mut chars = lower.nfkd().peekable();
        while let Some(c) = chars.next() {
            if is_ignorable(c) || is_apostrophe(c) {
                continue;
            }
            let mark = chars.peek().copied();
            // Kana are joined with their voicing again: ta is not da.
            let voiced = mark
                .filter(|mark| matches!(mark, '\u{3099}' | '\u{309a}'))
                .and_then(|mark| compose(c, mark));
            if let Some(voiced) = voiced {
                chars.next();
                push_plain(voiced, &mut out);
            } else if mark == Some('\u{308}') && matches!(c, 'a' | 'o' | 'u') {
                chars.next();
                out.extend([c, WITH_E]);
            } else if mark == Some('\u{30a}') && c == 'a' {
                chars.next();
                out.extend([c, WITH_A]);
            } else if is_dropped_mark(c) {
                // Asked before the next, which takes some vowel signs for letters.
            } else if c.is_alphanumeric() || is_combining_mark(c) {
                push_plain(c, &mut out);
            } else {
                separate(&mut out, is_blank(c));
            }
        }
        Self(without_end(out))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// With a blank for every separation.
    pub(crate) fn spaced(&self) -> String {
        self.0.replace(SOFT, " ")
    }

    /// Without any separation.
    pub(crate) fn squashed(&self) -> String {
        self.0.replace([SOFT, ' '], "")
    }

    pub(crate) fn is_several_words(&self) -> bool {
        self.0.contains([' ', SOFT])
    }
}

/// Without a separation behind which nothing comes.
fn without_end(mut text: String) -> String {
    text.truncate(text.trim_end_matches([' ', SOFT]).len());
    text
}

/// One blank between words; a soft separation only inside of one.
fn separate(out: &mut String, blank: bool) {
    let last = out.chars().last();
    match (blank, last) {
        (_, None | Some(' ')) | (false, Some(SOFT)) => {}
        (true, Some(SOFT)) => {
            out.pop();
            out.push(' ');
        }
        (true, Some(_)) => out.push(' '),
        (false, Some(_)) => out.push(SOFT),
    }
}

/// Text in lower case without accents, every separation a blank: `Müller-Lüdi` as `muller ludi`.
pub fn fold(text: &str) -> String {
    plain(&Folded::of(text).spaced())
}

/// Without the marks: umlauts as their vowels.
pub(crate) fn plain(marked: &str) -> String {
    marked.replace([WITH_E, WITH_A], "")
}

/// ae, oe, ue and aa as single vowels: what somebody types who writes an umlaut finds who writes none. Not ue behind a,
/// e or q, where it is no umlaut: Bauer, Queen.
fn collapsed(plain: &str) -> String {
    let mut out = String::with_capacity(plain.len());
    let (mut before, mut chars) = (None, plain.chars().peekable());
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let joined = match (c, next) {
            ('a' | 'o', Some('e')) | ('a', Some('a')) => true,
            ('u', Some('e')) => !matches!(before, Some('a' | 'e' | 'q')),
            _ => false,
        };
        out.push(c);
        before = if joined { chars.next() } else { Some(c) };
    }
    out
}

/// Every spelling of a folded line, each once.
pub(crate) fn spellings(marked: &str) -> Vec<String> {
    let plain = plain(marked);
    let mut all = vec![plain];
    let mut add = |spelling: String| {
        if !all.contains(&spelling) {
            all.push(spelling);
        }
    };
    let (with_e, with_a) = (marked.contains(WITH_E), marked.contains(WITH_A));
    if with_e {
        add(marked.replace(WITH_E, "e").replace(WITH_A, ""));
    }
    if with_a {
        add(marked.replace(WITH_A, "a").replace(WITH_E, ""));
    }
    if with_e && with_a {
        add(marked.replace(WITH_E, "e").replace(WITH_A, "a"));
    }
    let single = collapsed(&self::plain(marked));
    add(single);
    all
}
