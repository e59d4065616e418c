//! The three primitives everything here is built from: HKDF-SHA256, HMAC-SHA256, AES-256-GCM.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::{digest, hmac};
use zeroize::{Zeroize, Zeroizing};

use crate::VaultError;

/// Bytes of a key.
pub(crate) const KEY_LEN: usize = 32;
/// Bytes the cipher adds to each message.
pub(crate) const TAG_LEN: usize = 16;

/// A key's bytes, erased on drop.
pub(crate) type KeyBytes = Zeroizing<[u8; KEY_LEN]>;

/// HMAC-SHA256 over the parts, one after the other.
pub(crate) fn mac(key: &[u8], parts: &[&[u8]]) -> KeyBytes {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in parts {
        context.update(part);
    }
    let tag = context.sign();
    let mut out = Zeroizing::new([0; KEY_LEN]);
    for (to, from) in out.iter_mut().zip(tag.as_ref()) {
        *to = *from;
    }
    out
}

/// Whether a tag is [`mac`] of these bytes; takes the same time wherever the two differ.
pub(crate) fn is_mac(key: &[u8], content: &[u8], tag: &[u8]) -> bool {
    hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, key), content, tag).is_ok()
}

/// HKDF-SHA256 (RFC 5869) for one key of 32 bytes, which is exactly one block, so that it cannot
/// fail: `T(1) = HMAC(HMAC(salt, secret), info ‖ 1)`. In the info, each part follows its length, so that no two lists
/// of parts give the same info.
pub(crate) fn derive(secret: &[u8], salt: &[u8], info: &[&[u8]]) -> KeyBytes {
    expand(secret, salt, &framed(info))
}

fn expand(secret: &[u8], salt: &[u8], info: &[u8]) -> KeyBytes {
    let extracted = mac(salt, &[secret]);
    mac(extracted.as_slice(), &[info, &[1]])
}

/// Each part after its length as eight bytes, most significant first.
pub(crate) fn framed(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

/// SHA-256 over the parts, one after the other; for checksums, not for secrets.
pub(crate) fn checksum(parts: &[&[u8]]) -> digest::Digest {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part);
    }
    context.finish()
}

/// The cipher under a key. ring keeps the expanded key in memory that it does not erase.
pub(crate) fn cipher(key: &KeyBytes) -> Result<LessSafeKey, VaultError> {
    UnboundKey::new(&AES_256_GCM, key.as_slice())
        .map(LessSafeKey::new)
        .map_err(|_| VaultError::Cipher)
}

/// Appends the sealed form of `plain` to `out`: ciphertext, then tag.
pub(crate) fn seal_onto(
    key: &LessSafeKey,
    nonce: [u8; NONCE_LEN],
    aad: &[u8],
    plain: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), VaultError> {
    let start = out.len();
    out.extend_from_slice(plain);
    let body = out.get_mut(start..).unwrap_or_default();
    let nonce = Nonce::assume_unique_for_key(nonce);
    if let Ok(tag) = key.seal_in_place_separate_tag(nonce, Aad::from(aad), body) {
        out.extend_from_slice(tag.as_ref());
        Ok(())
    } else {
        body.zeroize();
        out.truncate(start);
        Err(VaultError::Cipher)
    }
}

/// Opens a sealed message in place; the plain bytes are the front of the slice, whose length is
/// returned. `None` when it was changed or sealed under other circumstances. `prefix` bytes before
/// the ciphertext are overwritten, which moves the plain text forward.
pub(crate) fn open_within(
    key: &LessSafeKey,
    nonce: [u8; NONCE_LEN],
    aad: &[u8],
    sealed: &mut [u8],
    prefix: usize,
) -> Option<usize> {
    key.open_within(
        Nonce::assume_unique_for_key(nonce),
        Aad::from(aad),
        sealed,
        prefix..,
    )
    .ok()
    .map(|plain| plain.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap()
    }

    /// RFC 5869, appendix A.1 and A.3: the first 32 bytes of the output are its first block.
    #[test]
    fn derivation_agrees_with_the_published_vectors() {
        let first = expand(
            &[0x0b; 22],
            &hex("000102030405060708090a0b0c"),
            &hex("f0f1f2f3f4f5f6f7f8f9"),
        );
        assert_eq!(
            first.to_vec(),
            hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf")
        );
        let third = expand(&[0x0b; 22], b"", b"");
        assert_eq!(
            third.to_vec(),
            hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d")
        );
    }

    #[test]
    fn derivation_agrees_with_rings_own() {
        let framed_info = framed(&[b"a", b"bc"]);
        let info: [&[u8]; 1] = [&framed_info];
        let prk = ring::hkdf::Salt::new(ring::hkdf::HKDF_SHA256, b"salt").extract(b"secret");
        let mut expected = [0; 32];
        prk.expand(&info, ring::hkdf::HKDF_SHA256)
            .unwrap()
            .fill(&mut expected)
            .unwrap();
        assert_eq!(*derive(b"secret", b"salt", &[b"a", b"bc"]), expected);
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(
            derive(b"s", b"", &[b"ab", b"c"]),
            derive(b"s", b"", &[b"a", b"bc"])
        );
        assert_ne!(derive(b"s", b"", &[b"ab"]), derive(b"s", b"", &[b"ab", b""]));
    }
}
