//! Establishes who is calling: set-up code, password, session.
//!
//! [`Auth`] has the use cases. Everything below it is pure and can be read on its own:
//!
//! | module | what it decides |
//! |---|---|
//! | [`password`] | which passwords are acceptable (A5), and how they are stored |
//! | [`throttle`] | when another attempt may be checked (A8) |
//! | [`token`] | what a session's cookie holds (A7) |
//! | [`setup_code`] | who may create the first account (A2) |
//! | [`lane`] | how much costly work runs at once |
//!
//! Use cases, each with its own error: [`set_up`], [`sign_in`], [`session`] (authenticate, list,
//! end), [`account`] (what a person can do on the host, A9). Links, second factors and tokens for
//! integrators are not built yet.

#![forbid(unsafe_code)]

pub mod account;
pub mod lane;
pub mod password;
mod service;
pub mod session;
pub mod set_up;
pub mod setup_code;
pub mod sign_in;
mod strangers;
pub mod throttle;
pub mod token;

pub use lane::{Busy, Lane};
pub use password::{Candidate, Context, Cost, PasswordHasher, Policy, Report, Rule, RuleCode};
pub use service::{Auth, JudgeError, Parts, SetupState};
pub use session::steady::Monotonic;
pub use session::{SignedIn, Started, Use};
pub use setup_code::SetupGate;
pub use token::SessionToken;

#[cfg(test)]
mod testing;
