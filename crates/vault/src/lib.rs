//! Holds the keys: the installation's, and one for each patient.
//!
//! Everything the server stores about images is sealed under a key of its patient, and every
//! patient's key is wrapped under a key derived from the installation's. Destroying one small file
//! therefore makes one patient's images unreadable wherever their sealed bytes still are.
//!
//! | module | what it does |
//! |---|---|
//! | [`installation`] | the installation key: its file, and the keys derived from it |
//! | [`recovery`] | the installation key as text for paper, with every typing error named |
//! | [`keyring`] | the vault: patients' keys (made, found, destroyed) and sealed secrets |
//! | [`patient_key`] | what one patient's key can do: name blobs, seal and open them |
//! | [`seal`] | the sealed container, readable in ranges |
//! | [`durable`] | small files that survive a power cut |
//!
//! Calls are synchronous. Those that write wait for the disk (two or three syncs, a few
//! milliseconds); callers inside a runtime run them where blocking is allowed.

#![forbid(unsafe_code)]

mod base32;
mod cache;
mod cipher;
pub mod durable;
mod error;
pub mod installation;
mod key_file;
pub mod keyring;
pub mod patient_key;
pub mod recovery;
pub mod seal;
#[cfg(test)]
mod testing;

pub use error::VaultError;
pub use installation::{Data, InstallationKey, KeyPurpose};
pub use keyring::{Destructions, KeyTwins, Mark, NothingSealed, StoredKey, Vault};
pub use patient_key::PatientKey;
pub use recovery::RecoveryError;
pub use seal::SealError;
