//! Fills the storage ports with SQLite.

#![forbid(unsafe_code)]
