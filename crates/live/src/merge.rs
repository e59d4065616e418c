//! What two changes of one text become together.
//!
//! Lines are never taken apart: a merge within a line makes of "10 mg" and "20 mg" a dose that nobody wrote.

use crate::lines::{self, Hunk};
use crate::part::part;

/// What happened to two changes.
#[derive(Clone, PartialEq, Eq)]
pub enum Merge {
    /// Both are in this text.
    Merged(String),
    /// Both changed the same; a person must choose.
    Clash,
}

impl std::fmt::Debug for Merge {
    /// Redacted: notes are about a person (G11).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Merged(_) => "Merged[redacted]",
            Self::Clash => "Clash",
        })
    }
}

/// Merges the change from `base` to `theirs`, which is stored, with the one from `base` to `ours`.
///
/// What only one side changed is taken from it, also beside a line that the other changed. What both inserted at one
/// place stays, theirs first, and so does what both wrote instead of empty lines. The same change on both sides counts
/// once. The same line changed differently, or removed on one side and changed on the other, is a clash.
pub fn merge(base: &str, theirs: &str, ours: &str) -> Merge {
    if ours == base || ours == theirs {
        return Merge::Merged(theirs.to_owned());
    }
    if theirs == base {
        return Merge::Merged(ours.to_owned());
    }
    let base = lines::of(base);
    let theirs = lines::hunks(&base, &lines::of(theirs));
    let ours = lines::hunks(&base, &lines::of(ours));
    match together(&base, &theirs, &ours) {
        Some(lines) => Merge::Merged(lines.join("\n")),
        None => Merge::Clash,
    }
}

fn together<'t>(base: &[&'t str], theirs: &[Hunk<'t>], ours: &[Hunk<'t>]) -> Option<Vec<&'t str>> {
    let mut merged = Vec::new();
    let (mut theirs, mut ours) = (theirs.iter().peekable(), ours.iter().peekable());
    let mut line = 0;
    loop {
        let next = match (theirs.peek(), ours.peek()) {
            (Some(one), Some(other)) if one == other => {
                ours.next();
                theirs.next()
            }
            (Some(one), Some(other)) if meet(one, other) => {
                // Both wrote where there was nothing: an empty line holds no words that could be lost.
                if (one.from, one.to) != (other.from, other.to)
                    || part(base, one.from..one.to).iter().any(|it| !it.is_empty())
                {
                    return None;
                }
                merged.extend(part(base, line..one.from));
                merged.extend(one.lines.iter().chain(&other.lines));
                line = one.to;
                theirs.next();
                ours.next();
                continue;
            }
            (Some(one), Some(other)) if comes_first(one, other) => theirs.next(),
            (Some(_), None) => theirs.next(),
            (_, Some(_)) => ours.next(),
            (None, None) => break,
        };
        if let Some(hunk) = next {
            merged.extend(part(base, line..hunk.from));
            merged.extend(&hunk.lines);
            line = hunk.to;
        }
    }
    merged.extend(part(base, line..));
    Some(merged)
}

/// Whether two hunks change a common line, or one inserts within what the other changes.
const fn meet(one: &Hunk<'_>, other: &Hunk<'_>) -> bool {
    one.from < other.to && other.from < one.to
}

/// Of two that do not meet: by place; at one place what is inserted comes before what is changed, and theirs first.
const fn comes_first(theirs: &Hunk<'_>, ours: &Hunk<'_>) -> bool {
    if theirs.from == ours.from {
        theirs.to == theirs.from || ours.to > ours.from
    } else {
        theirs.from < ours.from
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Vector {
        about: String,
        base: String,
        theirs: String,
        ours: String,
        /// `null` is a clash.
        merged: Option<String>,
    }

    /// The browser's twin passes the same.
    #[test]
    fn the_shared_vectors_hold() {
        let vectors: Vec<Vector> =
            serde_json::from_str(include_str!("../vectors/merge.json")).expect("vectors");
        assert!(vectors.len() > 20);
        for vector in vectors {
            let expected = vector.merged.map_or(Merge::Clash, Merge::Merged);
            assert!(
                merge(&vector.base, &vector.theirs, &vector.ours) == expected,
                "{}",
                vector.about
            );
        }
    }

    fn text() -> impl Strategy<Value = String> {
        proptest::collection::vec(proptest::sample::select(vec!["", "a", "b", "c", "10 mg"]), 0..7)
            .prop_map(|lines| lines.join("\n"))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        /// Nothing that a side wrote is lost, and nothing comes up that nobody wrote.
        #[test]
        fn a_merge_holds_what_both_wrote(base in text(), theirs in text(), ours in text()) {
            if let Merge::Merged(merged) = merge(&base, &theirs, &ours) {
                let count = |text: &str, line: &str| text.split('\n').filter(|it| *it == line).count();
                for line in merged.split('\n').filter(|line| !line.is_empty()) {
                    prop_assert!(count(&merged, line) <= count(&theirs, line) + count(&ours, line), "{line}");
                }
                for line in [&theirs, &ours].into_iter().flat_map(|side| side.split('\n')).filter(|line| !line.is_empty()) {
                    prop_assert!(count(&base, line) > 0 || count(&merged, line) > 0, "{line}");
                }
            }
        }

        #[test]
        fn one_side_alone_is_taken_as_it_is(base in text(), changed in text()) {
            prop_assert!(merge(&base, &changed, &base) == Merge::Merged(changed.clone()));
            prop_assert!(merge(&base, &base, &changed) == Merge::Merged(changed.clone()));
            prop_assert!(merge(&base, &changed, &changed) == Merge::Merged(changed));
        }

        /// Who comes first decides the order of insertions, never whether something clashes.
        #[test]
        fn a_clash_is_one_from_both_sides(base in text(), theirs in text(), ours in text()) {
            prop_assert_eq!(
                merge(&base, &theirs, &ours) == Merge::Clash,
                merge(&base, &ours, &theirs) == Merge::Clash
            );
        }
    }
}
