//! A throw-away practice with synthetic patients, visits, photos and tags (O1). Everything in it is
//! invented; the images are drawn by the program.

mod album;
mod cast;
mod fill;
mod practice;
mod stories;

pub use fill::fill;

/// Called with how many images have been painted, and how many there will be.
pub type Progress<'a> = &'a mut (dyn FnMut(usize, usize) + Send);

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
