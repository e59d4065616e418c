//! Says what happened, in an order nobody can rewrite unseen.
//!
//! An [`Event`] says what happened, [`Audited`] ties it to the value it belongs to, a [`Record`]
//! adds who and when. [`seal`] turns a record into a [`Leaf`] of a Merkle tree (RFC 9162) whose
//! every row and head are also authenticated by a [`TrailKey`] kept outside the database. A
//! [`Verifier`] reads the leaves back and names the first bad place.
//!
//! | module | what it holds |
//! |---|---|
//! | [`event`] | the closed list of actions, their classes and levels; targets and details |
//! | [`audited`] | a value with at least one event; what a refusal leaves behind |
//! | [`record`], [`wire`] | one complete event, and its canonical bytes (which never change, see the golden files) |
//! | [`tree`] | RFC 9162 hashing, frontier, inclusion and consistency proofs |
//! | [`key`], [`leaf`], [`mod@head`] | the secret outside the database, what is stored per event, the end of the trail
//! |
//! | [`rows`] | digests of database rows, so that rows changed by hand are found |
//! | [`checkpoint`] | signed statements about the tip that may leave the host (C2SP) |
//! | [`verify`] | the streaming verifier and its findings |
//! | [`export`] | one leaf per line of JSON, for checking elsewhere |
//!
//! No I/O, no clock, no randomness: time comes in with the record, the salt is a parameter.

#![forbid(unsafe_code)]

mod action;
pub mod audited;
mod canonical;
pub mod checkpoint;
pub mod compact;

mod detail;
pub mod event;
pub mod export;
pub mod head;
pub mod key;
pub mod leaf;
mod level;
pub mod record;
pub mod rows;
mod target;
pub mod tree;
pub mod verify;
pub mod wire;

pub use cutis_domain::Digest;

pub use audited::{Audited, Denial};
pub use event::{Action, AuditLevel, Class, Detail, DetailValue, Event, Outcome, Target};
pub use head::{Head, head};
pub use key::TrailKey;
pub use leaf::{Leaf, SealError, leaf_bytes, seal};
pub use record::{Record, RowState};
pub use rows::{ColumnValue, digest_row};
pub use tree::Frontier;
pub use verify::{Fault, Report, Verifier, Witness};
