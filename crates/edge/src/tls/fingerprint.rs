//! The digest by which a person compares two certificates.

use std::fmt;

use sha2::{Digest, Sha256};

/// SHA-256 over a certificate's DER, shown as `AA:BB:…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of a certificate in DER.
    pub fn of(der: &[u8]) -> Self {
        Self(Sha256::digest(der).into())
    }

    /// The 32 bytes of the digest.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str(":")?;
            }
            write!(formatter, "{byte:02X}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_looks_as_other_programs_show_it() {
        // SHA-256 of nothing, as published.
        let shown = Fingerprint::of(b"").to_string();
        assert!(
            shown.starts_with("E3:B0:C4:42:98:FC:1C:14:") && shown.ends_with(":78:52:B8:55"),
            "{shown}"
        );
        assert_eq!(shown.len(), 32 * 3 - 1);
    }
}
