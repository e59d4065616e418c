//! SQLite as a backend: the suite that every backend passes, and what only a file can suffer.

mod crash;
mod speed;
mod support;
mod tampering;

mod conformance {
    cutis_testkit::storage_conformance!(crate::support::lab);
}
