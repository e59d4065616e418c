//! The api suite: every resource through its HTTP interface, over TLS, against the real composition.

mod activity;
mod bad_input;
mod consents;
mod images;
mod patients;
mod session;
mod settings;
mod setup;
