//! Decides which patients a searched text finds, and by which tokens an index narrows them.
//!
//! Three steps (P4), each without I/O. What is stored and what is typed are [folded](fold::fold) alike. A [`Needle`] finds a
//! [`Searched`] patient if each of its chunks is a part of the patient's folded text, or a part of the birth date. And a
//! [`Cover`] says which grams every patient that a needle finds has, so that an index of grams never hides one: the
//! index narrows, and [`Attempt::rank`] decides.
//!
//! | module | what it holds |
//! |---|---|
//! | `fold` | text as it is compared: case, accents, spellings |
//! | `letters` | which characters are dropped, and which stand for others |
//! | `searched` | a patient's text in all its spellings, and its grams |
//! | `needle` | what was typed: chunks, ranks, covers |
//! | `beside` | titles and the like, which are no part of a name |
//! | `piece` | a part of what was typed, and what folding leaves out of it |
//! | `date` | dates as people write them |
//! | `day` | whole days in longer and shorter forms |

#![forbid(unsafe_code)]

mod beside;
mod date;
mod day;
pub mod fold;
mod letters;
mod needle;
mod piece;
mod searched;

pub use date::{Date, DatePart};
pub use needle::{Attempt, Cover, Needle, Rank, Reach};
pub use searched::{Fields, Searched, name_key};

/// Changes whenever a patient would get other grams or another [`name_key`] than before: what was indexed by another
/// version has to be indexed again.
pub const VERSION: i64 = 1;

#[cfg(test)]
mod tests;
