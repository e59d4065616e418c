//! A part of what was typed.

use crate::fold::{Folded, SOFT};

/// What people write behind the day and the month.
const POINTS: [char; 3] = ['.', '．', '。'];

/// A chunk, folded, and what folding leaves out of it.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    folded: Folded,
    has_points: bool,
    ends_with_point: bool,
    in_brackets: bool,
}

impl Piece {
    pub(crate) fn new(typed: &str, folded: Folded) -> Self {
        Self {
            folded,
            has_points: typed.contains(POINTS),
            ends_with_point: typed.ends_with(POINTS),
            in_brackets: typed.starts_with(['(', '（']) && typed.ends_with([')', '）']),
        }
    }

    pub(crate) const fn folded(&self) -> &Folded {
        &self.folded
    }

    /// Whether the day comes before the month.
    pub(crate) const fn has_points(&self) -> bool {
        self.has_points
    }

    /// Whether dashes or the like are in it.
    pub(crate) fn has_parts(&self) -> bool {
        self.folded.as_str().contains(SOFT)
    }

    /// Whether it stands in brackets.
    pub(crate) const fn is_in_brackets(&self) -> bool {
        self.in_brackets
    }

    /// Whether it is a number, or ends with one, without a point behind it.
    pub(crate) fn ends_with_digit(&self) -> bool {
        !self.ends_with_point && self.folded.as_str().ends_with(|c: char| c.is_ascii_digit())
    }
}
