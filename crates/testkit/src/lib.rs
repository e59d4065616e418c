//! Fakes, builders and the suites every backend must pass.

#![forbid(unsafe_code)]
