//! What people write beside a name that is no part of it: titles, "born", an age in brackets, as a list shows it.

use crate::day::OLDEST;
use crate::piece::Piece;

/// What stands before a name, folded, without its signs. The form for a new patient leaves the same out of the names.
const TITLES: &[&str] = &[
    "dr",
    "doctor",
    "doktor",
    "prof",
    "professor",
    "mag",
    "dipl",
    "ing",
    "dipling",
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "sir",
    "herr",
    "hr",
    "frau",
    "fr",
    "monsieur",
    "madame",
    "mme",
    "mlle",
    "signor",
    "signora",
    "sig",
    "sr",
    "sra",
];
/// What follows a title.
const FACULTIES: &[&str] = &["med", "dent", "phil", "rer", "nat", "hc", "habil", "univ"];
/// What stands before a date of birth.
const BORN: &[&str] = &["born", "dob", "geb", "geboren", "nee"];

/// A chunk that may stand beside a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    Title,
    Other,
}

fn beside(
    text: &str,
    piece: &Piece,
    before: &[(&str, &str, &Piece)],
    after: Option<Beside>,
) -> Option<Beside> {
    // Behind a date it is read with that.
    let is_age = || {
        piece.is_in_brackets()
            && text.parse().is_ok_and(|years: u16| years <= OLDEST)
            && before
                .last()
                .is_some_and(|(_, text, _)| !text.contains(|c: char| c.is_ascii_digit()))
    };
    if TITLES.contains(&text) || (after == Some(Beside::Title) && FACULTIES.contains(&text)) {
        Some(Beside::Title)
    } else if BORN.contains(&text) || is_age() {
        Some(Beside::Other)
    } else {
        None
    }
}

/// Those of the chunks, with their texts, that are part of a name, an id or a date. `None` where nothing is left out, or
/// nothing would be left: Frau, Sir and Herr are names as well, so what is left is looked for only if nobody has them all.
pub(crate) fn without<'t>(chunks: &[(&'t str, &str, &Piece)]) -> Option<Vec<&'t str>> {
    let mut after = None;
    let mut left = Vec::new();
    for (place, (typed, text, piece)) in chunks.iter().enumerate() {
        after = beside(text, piece, chunks.get(..place).unwrap_or_default(), after);
        if after.is_none() {
            left.push(*typed);
        }
    }
    (!left.is_empty() && left.len() < chunks.len()).then_some(left)
}

#[cfg(test)]
mod tests {
    use crate::{Date, Fields, Needle, Searched};

    const TODAY: Date = Date {
        year: 2026,
        month: 11,
        day: 28,
    };

    fn finds(first: &str, last: &str, typed: &str) -> bool {
        let patient = Searched::of(&Fields {
            unique_id: "p-1",
            first_name: first,
            last_name: last,
            born: Date::parse("1978-06-14"),
            ..Fields::default()
        });
        let needle = Needle::parse(typed, TODAY);
        needle
            .attempts()
            .iter()
            .any(|attempt| attempt.rank(&patient).is_some())
    }

    #[test]
    fn what_stands_beside_a_name_hides_nobody() {
        for typed in [
            "dr smith",
            "Dr. Smith",
            "Herr Smith",
            "Hr. Smith",
            "Frau Dr. med. Anna Smith",
            "Smith, Dr. Anna",
            "Dipl.-Ing. Anna Smith",
            "Smith (48)",
            "Anna Smith geb. 14.6.1978",
            "Mrs Smith, born 14 June 1978 (48)",
            "dr. ann-a smith",
        ] {
            assert!(finds("Anna", "Smith", typed), "{typed}");
        }
        for typed in [
            "Dr. Smyth",
            "Herr",
            "Med Smith",
            "Smith 48",
            "Smith (131)",
            "Anna Smith geb. 14.6.1979",
        ] {
            assert!(!finds("Anna", "Smith", typed), "{typed}");
        }
    }

    /// Whoever has the word in the name is found by it alone, before anybody else is.
    #[test]
    fn what_is_also_a_name_is_looked_for_first() {
        assert!(finds("Mag", "Herr", "mag herr"));
        let needle = Needle::parse("herr smith", TODAY);
        assert_eq!(needle.attempts().len(), 2);
        assert_eq!(Needle::parse("anna smith", TODAY).attempts().len(), 1);
    }
}
