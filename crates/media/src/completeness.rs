//! Whether all of an image's coded data was there (I2).

use crate::wire::{Malformed, Reading, Writing};

/// How much of the image its file held, judged by coded data and never by an end marker (I2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// All of it.
    Whole,
    /// At most 1 % is missing at its end, or a fault was decoded through as mainstream viewers do.
    Incomplete,
}

impl Completeness {
    /// Whether part of the image is missing or uncertain.
    #[must_use]
    pub const fn is_incomplete(self) -> bool {
        matches!(self, Self::Incomplete)
    }

    pub(crate) fn write(self, out: &mut Writing) {
        out.flag(self.is_incomplete());
    }

    pub(crate) fn read(from: &mut Reading<'_>) -> Result<Self, Malformed> {
        Ok(if from.flag()? {
            Self::Incomplete
        } else {
            Self::Whole
        })
    }
}
