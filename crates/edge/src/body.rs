//! Request bodies with a size limit and a minimum speed.
//!
//! [`CappedBody`] counts, [`PacedBody`] watches the clock. Both fail the body with an error that
//! [`problem_of`] recognises wherever an extractor has wrapped it.

mod capped;
mod paced;

use std::error::Error;

pub use capped::{CappedBody, TooLarge};
pub use paced::{Pace, PacedBody, TooSlow};

use crate::problem::{Code, Problem};

/// What to answer when reading a request body failed.
///
/// Over its limit: 413. Too slow: 408. Anything else means that the body itself was malformed: 400.
pub fn problem_of(error: &(dyn Error + 'static)) -> Problem {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(TooLarge { limit }) = error.downcast_ref() {
            return Problem::new(Code::TooLarge).with_detail(format!(
                "The request's body is larger than the {limit} bytes accepted here."
            ));
        }
        if error.is::<TooSlow>() {
            return Problem::new(Code::RequestTimeout);
        }
        cause = error.source();
    }
    Problem::new(Code::BadRequest).with_detail("The request's body ended early or isn't well formed.")
}
