//! What events say again and again, as numbers.
//!
//! `phrases.txt` has a phrase a line. Its order is the code: never move or change a line, only add at the end.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The codes of the three parts of an event's surroundings.
pub(super) const PARTS: [u8; 3] = [6, 7, 8];

/// Before the number of a phrase that has no code of one byte.
const LONG: u8 = 9;
/// The first of the codes of one byte.
const FIRST: u8 = 10;
/// Phrases with a code of one byte.
const SHORT: usize = 22;

struct Phrase {
    text: &'static [u8],
    code: Vec<u8>,
}

/// The numbers of the phrases that begin with a byte in the order in which they are tried: the longest first, so that none
/// hides another.
type ByFirst = HashMap<u8, Vec<usize>>;

/// The phrases by number, and by their first byte.
static PHRASES: LazyLock<(Vec<Phrase>, ByFirst)> = LazyLock::new(|| {
    let texts = include_str!("phrases.txt").lines().map(str::as_bytes);
    let phrases: Vec<Phrase> = texts
        .enumerate()
        .filter_map(|(number, text)| {
            let code = match number.checked_sub(SHORT) {
                None => vec![FIRST.checked_add(u8::try_from(number).ok()?)?],
                Some(number) => vec![LONG, u8::try_from(number).ok()?],
            };
            Some(Phrase { text, code })
        })
        .collect();
    let mut order: Vec<(usize, &Phrase)> = phrases.iter().enumerate().collect();
    order.sort_by_key(|(_, phrase)| std::cmp::Reverse(phrase.text.len()));
    let mut by_first: HashMap<u8, Vec<usize>> = HashMap::new();
    for (number, phrase) in order {
        if let Some(first) = phrase.text.first() {
            by_first.entry(*first).or_default().push(number);
        }
    }
    (phrases, by_first)
});

/// The longest phrase that the text begins with, and its code.
pub(super) fn longest(text: &[u8]) -> Option<(&'static [u8], &'static [u8])> {
    let (phrases, by_first) = &*PHRASES;
    by_first
        .get(text.first()?)?
        .iter()
        .filter_map(|number| phrases.get(*number))
        .find(|phrase| text.starts_with(phrase.text))
        .map(|phrase| (phrase.text, phrase.code.as_slice()))
}

/// The phrase of the code that these bytes begin with, and what follows it.
pub(super) fn of_code(bytes: &[u8]) -> Option<(&'static [u8], &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let (number, rest) = if *first == LONG {
        let (number, rest) = rest.split_first()?;
        (SHORT + usize::from(*number), rest)
    } else {
        (usize::from(first.checked_sub(FIRST)?), rest)
    };
    PHRASES.0.get(number).map(|phrase| (phrase.text, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::Action;

    #[test]
    fn every_phrase_has_its_code_and_no_other() {
        let lines = include_str!("phrases.txt").lines().count();
        assert_eq!(PHRASES.0.len(), lines, "more phrases than codes");
        for phrase in &PHRASES.0 {
            assert_eq!(longest(phrase.text), Some((phrase.text, phrase.code.as_slice())));
            assert_eq!(of_code(&phrase.code), Some((phrase.text, &[][..])));
            assert!(
                phrase
                    .code
                    .first()
                    .is_some_and(|code| (LONG..b' ').contains(code))
            );
        }
    }

    /// A new action gets its line when it gets its code; without one its events would be longer for good.
    #[test]
    fn every_action_has_a_phrase() {
        for action in Action::ALL {
            let begin = format!("{{\"action\":\"{}\",\"actor\":", action.code());
            let (phrase, _) = longest(begin.as_bytes()).expect("a phrase");
            assert_eq!(phrase, begin.as_bytes(), "add a line to compact/phrases.txt");
        }
    }
}
