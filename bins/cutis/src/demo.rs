//! A throw-away practice with synthetic patients, visits and photos (O1). Everything in it is
//! invented; the images are drawn by the program.

mod cast;
mod fill;

pub use fill::{Progress, fill};

/// The demo's account, printed on the terminal.
#[derive(Debug, Clone, Copy)]
pub struct Login {
    /// Username.
    pub username: &'static str,
    /// Password.
    pub password: &'static str,
}

/// The account that signs in to the demo: an administrator who is also a clinician.
pub const LOGIN: Login = Login {
    username: "dr.demo",
    password: "Sunscreen-Daily-50",
};
