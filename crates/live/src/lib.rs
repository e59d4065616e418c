//! Merges concurrent edits of one visit without losing any, and decides what a replay means.
//!
//! Rules (S1, E3) only: no I/O, no clock, no runtime. What travels and how is in `docs/LIVE.md`; the browser has twins of
//! [`merge()`] and [`Splice`], and both sides are tested with the vectors in `vectors/`.
//!
//! | module | what it decides |
//! |---|---|
//! | [`splice`] | what a piece of typing makes of a text |
//! | [`hash`] | whether two sides have the same text |
//! | [`mod@merge`] | what two changes of one text become together |
//! | `lines`, `part` | which lines of a text were changed |
//! | [`replay`] | whether an edit is new, or was stored before |
//! | [`rate`] | whether a client sends too much |
//! | [`feed`] | what a client missed while it was away |

#![forbid(unsafe_code)]

pub mod feed;
pub mod hash;
mod lines;
pub mod merge;
mod part;
pub mod rate;
pub mod replay;
pub mod splice;

pub use feed::{Feed, Mark, Missed};
pub use hash::TextHash;
pub use merge::{Merge, merge};
pub use rate::Bucket;
pub use replay::{Kept, Replay};
pub use splice::{Splice, SpliceError, apply, between};
