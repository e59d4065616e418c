//! Tidy: the shape of the repository, held by tests over its files and `cargo metadata`.
//!
//! Each module holds one rule with its data beside it. A failure lists every place at once and says
//! what to do; an exception is a line in a table here, so that a review sees it.
//!
//! | module | what it holds |
//! |---|---|
//! | `graph` | who may use whom, as data |
//! | `circles` | modules of one crate do not use each other in a circle |
//! | `edges` | Cargo's edges are those of the table |
//! | `confinement` | every foreign crate stays in the crates that may use it |
//! | `manifests` | one sentence per crate, no unsafe code, the workspace's lints and version |
//! | `assertions` | who may vouch for a principal |
//! | `ports` | owned and common ports do not mix, none takes a scope; only the unit is a ledger |
//! | `sources` | file length, module docs, text that must not be there |
//! | `migrations` | what was released is not edited |
//! | `controls` | every product rule in scope has its tests |
//! | `documents` | the index of decisions; the lints' list |
//! | `glossary` | one word for one thing, as docs/glossary.md says |
//! | `words` | names of the wire live in api; messages at fields begin alike; turns that are not used |
//! | `licences` | licences and banned crates of the whole tree |

mod assertions;
mod circles;
mod confinement;
mod controls;
mod documents;
mod edges;
mod glossary;
mod graph;
mod licences;
mod manifests;
mod migrations;
mod ports;
mod rust_text;
mod sources;
mod tree;
mod words;
