//! Whether two sides have the same text.

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

/// The first half of the SHA-256 of a text in UTF-8: enough to notice that two sides have drifted apart, which no one
/// does on purpose, because both belong to one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TextHash([u8; 16]);

impl TextHash {
    /// The hash of a text.
    pub fn of(text: &str) -> Self {
        let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        Self(half)
    }

    /// Reads 32 hexadecimal digits in lower case.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }
}

impl std::fmt::Display for TextHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4: the digest of the empty text begins so.
    #[test]
    fn a_hash_is_written_and_read() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb924";
        assert_eq!(TextHash::of("").to_string(), empty);
        assert_eq!(TextHash::parse(empty), Some(TextHash::of("")));
        for wrong in ["", "e3", &empty.to_uppercase(), &format!("{empty}00")] {
            assert_eq!(TextHash::parse(wrong), None, "{wrong}");
        }
    }
}
