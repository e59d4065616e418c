//! The suite that every backend passes, over SQLite.

mod support;

use support::lab;

cutis_testkit::storage_conformance!(crate::lab);
