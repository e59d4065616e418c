//! Keys that come out of the vault.

use cutis_audit::TrailKey;
use cutis_vault::{KeyPurpose, Vault};

/// The trail's key.
pub fn trail(vault: &Vault) -> TrailKey {
    TrailKey::from_bytes(*vault.derive(KeyPurpose::TrailMac).expose())
}
