//! Why a recovery text could not be read.

/// What is wrong with a recovery text. Lines are numbered as printed, 1 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecoveryError {
    /// The first line names another version.
    #[error("this recovery text is of another version; use the version of Cutis that printed it")]
    Version,
    /// A line that has neither the title nor a number from 1 to 5.
    #[error("line {0} of the input does not begin with a number; each line begins with its number, 1 to 5")]
    Unnumbered(usize),
    /// A line is missing.
    #[error("line {0} is missing")]
    LineMissing(usize),
    /// A line appears more than once.
    #[error("line {0} appears twice")]
    LineTwice(usize),
    /// A letter that recovery texts never contain.
    #[error("line {line}, group {group}: {letter:?} is not used in recovery texts (nor is U)")]
    Letter {
        /// The line's number.
        line: usize,
        /// Which group of four, from 1.
        group: usize,
        /// The letter.
        letter: char,
    },
    /// Too few or too many digits.
    #[error("line {line} has {found} letters and digits instead of {expected}")]
    Length {
        /// The line's number.
        line: usize,
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// The line's own checksum does not match.
    #[error("line {0} has a typing error")]
    Typo(usize),
    /// Each line is right by itself, but they are not from the same text.
    #[error("the lines do not belong together; are they from two different recovery texts?")]
    Mixed,
}
