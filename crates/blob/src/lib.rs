//! Keeps sealed bytes by keyed digest, in a folder or an object store.

#![forbid(unsafe_code)]
