//! Signed statements about the tip that may leave the host: C2SP tlog-checkpoint in a C2SP
//! signed-note, with Ed25519.
//!
//! ```text
//! cutis/018f3c5e-7b1a-7c3d-9a4b-2f6d8e1c0a57/audit/1
//! 40
//! aGVsbG8gd29ybGQsIHRoaXMgaXMgbm90IGEgcm9vdC4=
//!
//! — cutis/018f3c5e-7b1a-7c3d-9a4b-2f6d8e1c0a57/audit/1 c2lnbmF0dXJl…
//! ```

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use sha2::{Digest as _, Sha256};

use crate::tree::Hash;

/// The signed-note type of Ed25519.
const ED25519_TYPE: u8 = 0x01;
/// The longest text that is read, far above what a few signatures take.
const LONGEST: usize = 16 * 1024;

/// What is wrong with a checkpoint or a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// A name that the format does not allow.
    #[error("an origin is 1 to 200 visible ASCII characters without blanks or plus signs")]
    Origin,
    /// Not a valid signing or public key.
    #[error("this is not an Ed25519 key in the expected form")]
    Key,
    /// Not in the format.
    #[error("this is not a checkpoint: {0}")]
    Format(&'static str),
    /// For another trail.
    #[error("this checkpoint is of another trail")]
    OtherOrigin,
    /// No signature by the expected key.
    #[error("this checkpoint is not signed by the expected key")]
    Unsigned,
    /// A signature by the expected key that does not match the text.
    #[error("this checkpoint was altered: its signature does not fit")]
    Forged,
}

/// Which trail a checkpoint is about; also the name of the key that signs it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin(String);

impl Origin {
    /// Parses an origin, such as `cutis/<installation>/audit/1`.
    ///
    /// # Errors
    /// When it is not 1–200 visible ASCII characters without `+`.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let allowed = |byte: u8| byte.is_ascii_graphic() && byte != b'+';
        if (1..=200).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(CheckpointError::Origin)
        }
    }

    /// The origin.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a checkpoint says, once its signature has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which trail.
    pub origin: Origin,
    /// How many events it had.
    pub size: u64,
    /// The tree's root over them.
    pub root: Hash,
}

/// A trail's public key: its origin and 32 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    origin: Origin,
    bytes: [u8; 32],
}

impl PublicKey {
    /// The key of this trail with these bytes.
    pub const fn new(origin: Origin, bytes: [u8; 32]) -> Self {
        Self { origin, bytes }
    }

    /// Parses the signed-note form `<origin>+<key id>+<base64>`.
    ///
    /// # Errors
    /// When it is another form, another kind of key, or the key id does not fit.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let (origin, rest) = text.split_once('+').ok_or(CheckpointError::Key)?;
        let (_, key) = rest.split_once('+').ok_or(CheckpointError::Key)?;
        let key = STANDARD.decode(key).map_err(|_| CheckpointError::Key)?;
        let (ED25519_TYPE, bytes) = key
            .split_first()
            .map(|(kind, bytes)| (*kind, bytes))
            .ok_or(CheckpointError::Key)?
        else {
            return Err(CheckpointError::Key);
        };
        let bytes = bytes.try_into().map_err(|_| CheckpointError::Key)?;
        let parsed = Self {
            origin: Origin::parse(origin)?,
            bytes,
        };
        if parsed.to_string() == text {
            Ok(parsed)
        } else {
            Err(CheckpointError::Key)
        }
    }

    /// Which trail it belongs to.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    fn id(&self) -> [u8; 4] {
        let digest: [u8; 32] = Sha256::new()
            .chain_update(self.origin.as_str())
            .chain_update(b"\n")
            .chain_update([ED25519_TYPE])
            .chain_update(self.bytes)
            .finalize()
            .into();
        let [a, b, c, d, ..] = digest;
        [a, b, c, d]
    }
}

impl fmt::Display for PublicKey {
    /// The signed-note form, as [`PublicKey::parse`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![ED25519_TYPE];
        key.extend_from_slice(&self.bytes);
        write!(
            f,
            "{}+{}+{}",
            self.origin.as_str(),
            HEXLOWER.encode(&self.id()),
            STANDARD.encode(key)
        )
    }
}

/// Signs checkpoints of one trail.
pub struct SigningKey {
    public: PublicKey,
    pair: Ed25519KeyPair,
}

impl SigningKey {
    /// The key made from a 32-byte secret seed, for this trail. The caller erases the seed.
    ///
    /// # Errors
    /// When the library refuses the seed.
    pub fn from_seed(origin: Origin, seed: &[u8; 32]) -> Result<Self, CheckpointError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| CheckpointError::Key)?;
        let bytes = pair
            .public_key()
            .as_ref()
            .try_into()
            .map_err(|_| CheckpointError::Key)?;
        Ok(Self {
            public: PublicKey { origin, bytes },
            pair,
        })
    }

    /// Its public half.
    pub const fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// A checkpoint: text that anybody with the public key can check.
    pub fn sign_checkpoint(&self, size: u64, root: &Hash) -> String {
        let origin = self.public.origin.as_str();
        let body = format!("{origin}\n{size}\n{}\n", STANDARD.encode(root));
        let mut signature = self.public.id().to_vec();
        signature.extend_from_slice(self.pair.sign(body.as_bytes()).as_ref());
        format!("{body}\n— {origin} {}\n", STANDARD.encode(signature))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}

/// Reads a checkpoint and checks its signature. Signatures of other keys, such as a witness's, are ignored.
///
/// # Errors
/// When it is not exactly the format, is about another trail, or is not signed by this key.
pub fn open_checkpoint(text: &str, key: &PublicKey) -> Result<Checkpoint, CheckpointError> {
    use CheckpointError::Format;
    if text.len() > LONGEST {
        return Err(Format("it is too long"));
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Format("it holds control characters"));
    }
    let blank = text.rfind("\n\n").ok_or(Format("it has no signature"))?;
    let (body, signatures) = text
        .split_at_checked(blank + 1)
        .ok_or(Format("it has no signature"))?;
    let signatures = signatures
        .strip_prefix('\n')
        .and_then(|lines| lines.strip_suffix('\n'))
        .ok_or(Format("it does not end with a line feed"))?;

    let mut lines = body.strip_suffix('\n').unwrap_or(body).split('\n');
    let (Some(origin), Some(size), Some(root), None) =
        (lines.next(), lines.next(), lines.next(), lines.next())
    else {
        return Err(Format("it does not consist of three lines and a signature"));
    };
    let count: u64 = size.parse().map_err(|_| Format("its size is not a number"))?;
    if count.to_string() != size {
        return Err(Format("its size has a sign or leading zeros"));
    }
    let hash = STANDARD
        .decode(root)
        .ok()
        .and_then(|bytes| Hash::try_from(bytes).ok())
        .ok_or(Format("its root is not a SHA-256 in base64"))?;
    check_signatures(signatures, body, key)?;
    // After the signature, so that a stranger's text is called unsigned and not another trail's.
    if origin != key.origin.as_str() {
        return Err(CheckpointError::OtherOrigin);
    }
    Ok(Checkpoint {
        origin: key.origin.clone(),
        size: count,
        root: hash,
    })
}

fn check_signatures(lines: &str, body: &str, key: &PublicKey) -> Result<(), CheckpointError> {
    let refused = CheckpointError::Format("a signature line is damaged");
    let mut signed = false;
    for line in lines.split('\n') {
        let (name, encoded) = line
            .strip_prefix("— ")
            .and_then(|rest| rest.split_once(' '))
            .ok_or(refused)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| refused)?;
        let (id, signature) = bytes.split_first_chunk::<4>().ok_or(refused)?;
        if name.is_empty() || signature.is_empty() {
            return Err(refused);
        }
        if name == key.origin.as_str() && *id == key.id() {
            UnparsedPublicKey::new(&ED25519, &key.bytes)
                .verify(body.as_bytes(), signature)
                .map_err(|_| CheckpointError::Forged)?;
            signed = true;
        }
    }
    if signed {
        Ok(())
    } else {
        Err(CheckpointError::Unsigned)
    }
}

#[cfg(test)]
mod tests;
