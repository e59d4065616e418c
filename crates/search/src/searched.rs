//! A patient's text in all the spellings by which they are found, and the grams of an index over it.

use crate::date::{Date, DatePart};
use crate::fold::{Folded, plain, spellings};
use crate::letters::is_sign;

/// What of a patient is searched (P4). A field without a value is empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fields<'a> {
    /// The practice's own identifier.
    pub unique_id: &'a str,
    /// Given name.
    pub first_name: &'a str,
    /// Middle names.
    pub middle_name: &'a str,
    /// Family name.
    pub last_name: &'a str,
    /// What they like to be called.
    pub preferred_name: &'a str,
    /// Medical record number.
    pub mrn: &'a str,
    /// When they were born.
    pub born: Option<Date>,
}

/// Separates lines, so that nothing is found across two. Folded text never contains it.
const FENCE: char = '\n';

/// A patient's text as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Searched {
    unique_id: String,
    /// The unique id, the names in their spellings, the MRN, and the signs in them.
    lines: String,
    born: Option<Date>,
}

impl Searched {
    /// Folds a patient.
    pub fn of(fields: &Fields<'_>) -> Self {
        let mut lines: Vec<String> = Vec::with_capacity(8);
        let mut add = |line: String| {
            if !line.is_empty() && !lines.contains(&line) {
                lines.push(line);
            }
        };
        let unique_id = plain(&Folded::of(fields.unique_id).squashed());
        add(unique_id.clone());
        let [first, middle, last, preferred] = [
            fields.first_name,
            fields.middle_name,
            fields.last_name,
            fields.preferred_name,
        ]
        .map(Folded::of);
        // Word by word, for ranks; and names of several words without their blanks too.
        let words: Vec<String> = [&first, &middle, &last, &preferred]
            .into_iter()
            .filter(|name| !name.is_empty())
            .map(|name| {
                if name.is_several_words() {
                    format!("{} {}", name.spaced(), name.squashed())
                } else {
                    name.spaced()
                }
            })
            .collect();
        spellings(&words.join(" ")).into_iter().for_each(&mut add);
        // Written together in any order: first, middle, last, first; and without the middle name.
        let [first, middle, last] = [first, middle, last].map(|name| name.squashed());
        spellings(&format!("{first}{middle}{last}{first}"))
            .into_iter()
            .for_each(&mut add);
        if !middle.is_empty() {
            spellings(&format!("{first}{last}{first}"))
                .into_iter()
                .for_each(&mut add);
        }
        add(plain(&Folded::of(fields.mrn).squashed()));
        add(signs(fields));
        Self {
            unique_id,
            lines: lines.join("\n"),
            born: fields.born,
        }
    }

    pub(crate) fn unique_id(&self) -> &str {
        &self.unique_id
    }

    pub(crate) fn born(&self) -> Option<Date> {
        self.born
    }

    pub(crate) fn contains(&self, chunk: &str) -> bool {
        self.lines.contains(chunk)
    }

    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.lines.split([FENCE, ' '])
    }

    /// Hands over every gram of the patient; some several times. The first character says what kind it is:
    /// `1`, `2`, `3` so many characters anywhere; `4` four without a digit; `^` the start of a word, up to three; `=` a
    /// whole word without a digit; `@` a part of the birth date.
    pub fn grams(&self, put: &mut dyn FnMut(&str)) {
        let (mut gram, mut word) = (String::new(), Vec::new());
        for text in self.words() {
            word.clear();
            word.extend(text.chars());
            let mut say = |kind: char, characters: &[char]| {
                gram.clear();
                gram.push(kind);
                gram.extend(characters);
                put(&gram);
            };
            if !has_digit(&word) {
                say('=', &word);
            }
            for (kind, length) in [('1', 1), ('2', 2), ('3', 3), ('4', 4)] {
                for window in word.windows(length) {
                    if kind != '4' || !has_digit(window) {
                        say(kind, window);
                    }
                }
                if length < 4
                    && let Some(start) = word.get(..length)
                {
                    say('^', start);
                }
            }
        }
        if let Some(born) = self.born {
            for part in DatePart::grams_of(born) {
                put(&part);
            }
        }
    }
}

pub(crate) fn has_digit(word: &[char]) -> bool {
    word.iter().any(char::is_ascii_digit)
}

fn signs(fields: &Fields<'_>) -> String {
    let texts = [
        fields.first_name,
        fields.middle_name,
        fields.last_name,
        fields.preferred_name,
        fields.mrn,
        fields.unique_id,
    ];
    texts
        .iter()
        .flat_map(|text| text.chars())
        .filter(|c| is_sign(*c))
        .collect()
}

/// The last character that there is: whoever has no name comes after everybody who has one.
const AFTER_ALL: char = '\u{10ffff}';

/// What the list is sorted by for names: last, first, middle, folded; the unique id for those without a name, who come
/// after all others.
pub fn name_key(fields: &Fields<'_>) -> String {
    let names = [fields.last_name, fields.first_name, fields.middle_name].map(super::fold::fold);
    if names.iter().all(String::is_empty) {
        return format!("{AFTER_ALL}{}", fields.unique_id);
    }
    // Below every letter, so that a name comes before the longer ones that begin with it.
    names.join("\u{1}")
}
