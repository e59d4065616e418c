//! The content of a session's cookie (A7, C12): 256 random bits, of which only the SHA-256 is stored.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cutis_domain::entropy::{self, Purpose};
use cutis_domain::{Digest, Entropy, Secret};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// A session's secret. Whoever has it is signed in, so it is only ever sent in the cookie.
#[derive(Debug, Clone)]
pub struct SessionToken(Secret<[u8; 32]>);

impl SessionToken {
    /// A new one.
    pub fn make(entropy: &dyn Entropy) -> Self {
        Self(Secret::new(entropy::bytes(entropy, Purpose::Secret)))
    }

    /// Parses a cookie's value; `None` for anything except 43 characters of unpadded base64url.
    pub fn parse(value: &str) -> Option<Self> {
        if value.len() != 43 {
            return None;
        }
        let mut bytes = Zeroizing::new([0; 32]);
        // Room for what the decoder may think it needs; 43 characters give 32 bytes.
        let mut room = Zeroizing::new([0; 33]);
        let written = URL_SAFE_NO_PAD.decode_slice(value, room.as_mut_slice()).ok()?;
        bytes.copy_from_slice(room.get(..written).filter(|decoded| decoded.len() == 32)?);
        Some(Self(Secret::new(*bytes)))
    }

    /// The cookie's value.
    pub fn cookie_value(&self) -> Secret<String> {
        Secret::new(URL_SAFE_NO_PAD.encode(self.0.expose()))
    }

    /// A key for what the client keeps in the browser while this session lasts (C40): without the cookie, nobody can
    /// read it any more. It reveals nothing about the token, and the server does not store it.
    pub fn seal_key(&self) -> Secret<String> {
        let mut hash = Sha256::new_with_prefix(b"cutis client seal 1\n");
        hash.update(self.0.expose());
        Secret::new(URL_SAFE_NO_PAD.encode(hash.finalize()))
    }

    /// The digest that is stored. It is looked up by an index: measuring that only compares digests of one's own
    /// guesses, which reveals nothing about the token.
    pub fn digest(&self) -> Digest {
        Digest::from_bytes(Sha256::digest(self.0.expose()).into())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::testing::SeededEntropy;

    /// C12: the value round-trips, has one spelling, and shares nothing with what is kept.
    #[test]
    fn c12_round_trip() {
        let token = SessionToken::make(SeededEntropy::shared(3).as_ref());
        let value = token.cookie_value().expose().clone();
        assert_eq!(value.len(), 43);
        let read = SessionToken::parse(&value).expect("our own");
        assert_eq!(read.digest(), token.digest());
        assert!(!token.digest().to_string().contains(&value));
        // F11, C40: the seal's key is the same for the same session, and neither the cookie nor what is kept.
        assert_eq!(read.seal_key().expose(), token.seal_key().expose());
        assert_ne!(token.seal_key().expose(), &value);
        assert!(!format!("{token:?}").contains(&value));
        // Another spelling of the same bytes, other alphabets, other lengths.
        let last = value.chars().last().expect("not empty");
        for other in [
            String::new(),
            format!("{value}="),
            format!("{value}A"),
            value.chars().skip(1).collect(),
            value.replace(last, "+"),
            value.chars().take(41).chain(['ü']).collect(),
        ] {
            assert!(SessionToken::parse(&other).is_none(), "{other}");
        }
        let sloppy = [b'B'; 43];
        assert!(
            SessionToken::parse(std::str::from_utf8(&sloppy).expect("ASCII")).is_none(),
            "stray bits at the end"
        );
    }

    /// C12: tokens do not repeat.
    #[test]
    fn c12_no_repeats() {
        let entropy = SeededEntropy::shared(4);
        let digests: BTreeSet<_> = (0..10_000)
            .map(|_| SessionToken::make(entropy.as_ref()).digest())
            .collect();
        assert_eq!(digests.len(), 10_000);
    }
}
