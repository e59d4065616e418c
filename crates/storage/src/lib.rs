//! The ports a database must fill, and the unit of work that writes only with a trail.
//!
//! Ports are synchronous traits ([`port`]); the async hop is in [`Store`] alone. A backend fills
//! [`Backend`] and passes the conformance suite of `cutis-testkit`. Callers hold a [`Store`] and do not notice which
//! backend it has.
//!
//! Two doors lead to data:
//!
//! - [`Store::clinic`], for one clinician's own. [`Clinic::write`] runs a closure over a [`Unit`], bound to one
//!   scope and branded with an invariant lifetime, and commits only together with the events it returns (G5, U3).
//!   [`Clinic::read`] commits the event of reading before it returns the value (U3, G6). [`Clinic::check`] only
//!   asks: nothing but an id or a code can be returned ([`CheckError`]). What belongs to a patient is reached through
//!   [`Unit::inside`] and [`View::inside`].
//! - [`Store::practice`], for everything without clinical content: other types, other ports (G2).
//!   [`Practice::uphold`] is for what must still work when the disk is full ([`Room`]). [`Store::look_up`] reads here,
//!   and needs no caller because it leaves no event; [`Store::recent`] reads the same no more than once a second.
//!
//! In addition:
//!
//! - [`Store::touch`] is the closed list of writes that leave no event.
//! - [`Store::changes`] tells what was changed, once it is durable, without any of its content.

#![forbid(unsafe_code)]

mod agreement;
pub mod backend;
mod committed;
pub mod error;
pub mod integrity;
mod lane;
mod level;
mod open_entry;
pub mod port;
mod recent;
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
pub use committed::Committed;
pub use error::{ErrorKind, StorageError};
pub use integrity::{Alarms, Mismatch};
pub use open_entry::{NotOpen, OpenEntry, OpenTagged};
pub use recent::Recent;
pub use room::{DiskSpace, Endless, Level, Room};
pub use standing::{Beginnings, Standing, mixture_in, standing_of};
pub use store::{CheckError, Clinic, Practice, Settings as StoreSettings, Store};
pub use system::{SystemUnit, SystemView};
pub use touch::Touch;
pub use unit::{PatientUnit, Unit};
pub use verify::{Manner, Progress, TrailReport, TrailVerdict, verdict, verify_in, verify_unopened};
pub use view::{InsideError, PatientView, View};
pub use writer::Witness;
