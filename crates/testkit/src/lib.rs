//! Fakes, builders and the suites every backend must pass.
//!
//! Only ever a dev-dependency. Knows no backend; whoever has one hands it over.
//!
//! | module | what it holds |
//! |---|---|
//! | [`clock`], [`entropy`], [`witness`] | the present, randomness and the trail's outside keeper, under a test's control |
//! | [`builders`] | people and things with believable particulars |
//! | [`lab`] | a store over any backend, ready for a test |
//! | [`conformance`] | what every backend must do alike |

#![forbid(unsafe_code)]
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "everything here is a test: what cannot be is a failure of the test"
)]

pub mod builders;
pub mod clock;
pub mod conformance;
pub mod entropy;
pub mod lab;
pub mod witness;

pub use clock::FixedClock;
pub use entropy::SeededEntropy;
pub use lab::{Fault, Lab};
pub use witness::{MemoryWitness, NullWitness};
