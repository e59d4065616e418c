//! Fills the storage ports with SQLite.
//!
//! [`Sqlite::open`] creates or upgrades a database file; its result is passed to `cutis_storage::Store::start`. One
//! connection writes, a few only read.
//!
//! | module | what it holds |
//! |---|---|
//! | `connection` | the one place where connections are opened, with every pragma |
//! | `history` | the embedded migrations, and the list of those a database has had |
//! | `migrate` | bringing a database up to date, and refusing one that the migrations do not fit |
//! | `sql` | every statement, so that one test explains each |
//! | `ports` | the port traits, one file for each aggregate |
//! | `writer`, `attested` | units as savepoints, and which rows a unit touched |
//! | `place` | a row of an attested table |
//! | `guard`, `known` | what this process knows about rows independently of the file |
//! | `evidence`, `structure` | what `cutis audit verify` reads |
//! | `untouched`, `log` | reading a database without changing a byte of it or beside it |
//! | `readers` | the pool, whose readers keep their snapshot while only the trail grows |
//! | `word` | telling other programs that have the database open that they must read again |
//! | `find` | the index that narrows a search (P4), and what else is derived |

#![forbid(unsafe_code)]

mod attested;
mod columns;
mod connection;
mod database;
mod error;
mod evidence;
mod find;
mod full;
mod guard;
mod history;
mod known;
mod log;
mod migrate;
mod place;
mod ports;
mod readers;
mod sql;
mod structure;
mod surroundings;
mod untouched;
mod word;
mod writer;

pub use database::{Options, Sqlite};
pub use history::Upgrade;
pub use untouched::{Found, Neighbours, Untouched};
