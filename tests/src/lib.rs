//! The suites that look at the whole: api, compliance, coverage, tidy.

#![forbid(unsafe_code)]
