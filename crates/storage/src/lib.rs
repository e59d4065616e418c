//! The ports a database must fill, and the unit of work that writes only with a trail.
//!
//! Ports are synchronous traits ([`port`]); the async hop is in [`Store`] alone. A backend fills
//! [`Backend`] and passes the conformance suite of `cutis-testkit`. Callers hold a [`Store`] and
//! notice nothing of which backend it is.
//!
//! - [`Store::write`] runs a closure over a [`Unit`], bound to one scope and branded with an
//!   invariant lifetime, and commits only together with the events it returns (G5, U3).
//! - [`Store::view`] reads clinical data and commits the event of that reading before it lets the
//!   value out (U3, G6).
//! - [`Store::administer`] and [`Store::look_up`] are for everything without clinical content:
//!   other types, other ports (G2).
//! - [`Store::check`] asks only: nothing but an id or a code can come out ([`CheckError`]).
//! - [`Store::uphold`] is `administer` for what must go on when the disk is full ([`Room`]).
//! - [`Store::touch`] is the closed list of writes that leave no event.

#![forbid(unsafe_code)]

mod agreement;
pub mod backend;
pub mod error;
pub mod integrity;
mod lane;
pub mod port;
mod room;
mod standing;
mod store;
mod system;
pub mod touch;
mod unit;
mod verify;
mod view;
mod writer;

pub use agreement::{Agreement, Agreements, Seen, agreements_of, genuine_events};
pub use backend::{
    Backend, CommonRead, CommonWrite, Evidence, InsideRead, InsideWrite, OwnedRead, OwnedWrite, Snapshot,
    Transaction, Writer,
};
pub use error::{ErrorKind, StorageError};
pub use integrity::{Alarms, Mismatch};
pub use room::{Endless, Room};
pub use standing::{Beginnings, Standing, standing_of};
pub use store::{CheckError, Settings as StoreSettings, Store};
pub use system::{SystemUnit, SystemView};
pub use touch::Touch;
pub use unit::{PatientUnit, Unit};
pub use verify::{TrailReport, TrailVerdict, verdict, verify_unopened};
pub use view::{InsideError, PatientView, View};
pub use writer::Witness;
