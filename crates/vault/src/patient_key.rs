//! What one patient's key can do: name blobs so that the names say nothing, seal them and open them.

use std::fmt;

use cutis_domain::Digest;
use cutis_domain::secret::Secret;

use crate::cipher::{self, KEY_LEN, KeyBytes};

/// One patient's key, from the [`crate::Vault`]. Erased from memory on drop.
pub struct PatientKey {
    naming: Secret<[u8; KEY_LEN]>,
    sealing: Secret<[u8; KEY_LEN]>,
}

impl fmt::Debug for PatientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PatientKey([secret])")
    }
}

impl PatientKey {
    /// From the patient's 32 random bytes, which need not be kept: names and seals use keys derived
    /// from them.
    pub(crate) fn from_bytes(bytes: &KeyBytes) -> Self {
        let derive = |purpose: &[u8]| {
            Secret::new(*cipher::derive(
                bytes.as_slice(),
                b"cutis patient key v1",
                &[purpose],
            ))
        };
        Self {
            naming: derive(b"blob name"),
            sealing: derive(b"blob sealing"),
        }
    }

    /// The name of a blob: HMAC-SHA256 of the content's digest and of which `part` it is. Equal
    /// images of two patients have different names, and nobody without the key can tell whether an image that they have
    /// is stored here.
    pub fn name(&self, part: &str, digest: &Digest) -> [u8; 32] {
        *cipher::mac(
            self.naming.expose(),
            &[&cipher::framed(&[part.as_bytes(), digest.as_bytes()])],
        )
    }

    /// The key for one sealed container.
    pub(crate) fn container(&self, salt: &[u8], info: &[&[u8]]) -> KeyBytes {
        cipher::derive(self.sealing.expose(), salt, info)
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use zeroize::Zeroizing;

    use super::*;

    /// G11: a key does not leak by printing.
    #[test]
    fn printing_shows_nothing() {
        let key = PatientKey::from_bytes(&Zeroizing::new([1; 32]));
        assert_eq!(format!("{key:?}"), "PatientKey([secret])");
    }

    /// C50: names depend on patient, part and content, and are a promise.
    #[test]
    fn names_are_keyed_and_what_they_always_were() {
        let (one, two) = (
            PatientKey::from_bytes(&Zeroizing::new([1; 32])),
            PatientKey::from_bytes(&Zeroizing::new([2; 32])),
        );
        let digest = Digest::from_bytes([3; 32]);
        assert_ne!(one.name("original", &digest), two.name("original", &digest));
        assert_ne!(one.name("original", &digest), one.name("derived", &digest));
        assert_ne!(
            one.name("original", &digest),
            one.name("original", &Digest::from_bytes([4; 32]))
        );
        assert_eq!(
            HEXLOWER.encode(&one.name("original", &digest)),
            "416102bf2539caf66d7dd9a0b7d57df136f60d96dc710da857bb05295b43d12f"
        );
    }
}
