//! The coverage suite.
