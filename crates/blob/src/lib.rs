//! Keeps sealed bytes under keyed names, and moves what no row needs to a quarantine.
//!
//! A blob is sealed under its patient's key ([`cutis_vault::seal`]) before it reaches the store,
//! and named by a keyed digest that says nothing about its content. So the store, whether a folder, a discarded disk or
//! somebody else's server, only holds bytes that reveal nothing.
//!
//! | module | what it does |
//! |---|---|
//! | [`blobs`] | put, contains, remove, list |
//! | [`opened`] | reading a blob, whole or in ranges, a piece ahead of the reader |
//! | [`name`] | what a blob is called |
//! | [`sweep`] | finding what nothing refers to |
//! | [`quarantine`] | where that is kept, and restored from |
//! | [`stages`] | files that have arrived in part |
//!
//! Sealing and opening happen on the caller's task, at most [`PIECE`] bytes between two awaits: a
//! few tenths of a millisecond where the processor has AES instructions. The store's own file work
//! runs on the runtime's blocking threads.

#![forbid(unsafe_code)]

pub mod blobs;
mod error;
mod folder;
pub mod listed;
pub mod name;
pub mod opened;
mod ordinary;
pub mod quarantine;
pub mod stages;
pub mod sweep;
#[cfg(test)]
mod tests;

pub use blobs::{Blobs, Edition, Part};
pub use error::BlobError;
pub use listed::Stored;
pub use name::BlobName;
pub use opened::OpenBlob;
pub use quarantine::Twins;
pub use stages::Stages;
pub use sweep::{Sweep, SweepPlan};

/// Plain bytes that are sealed, read and opened at a time: 1 MiB, sixteen chunks.
pub const PIECE: u64 = 16 * cutis_vault::seal::CHUNK;
/// Plain bytes read and opened at a time by readers that must use little memory: 256 KiB, four chunks. Each piece costs the
/// way to a blocking thread and back and a file that is opened, which took longer than opening a single chunk.
pub const LEAN_PIECE: u64 = 4 * cutis_vault::seal::CHUNK;
