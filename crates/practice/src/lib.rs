//! Use cases of an administrator: settings, accounts' requests, audit search, retention.

#![forbid(unsafe_code)]
