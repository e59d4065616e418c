//! Facts about a drawn signature. Strokes and picture are kept elsewhere, sealed.

use cutis_domain::{Digest, Invalid};

/// A signature that is not blank: its digests and its size.
///
/// The code that has the strokes checks them and draws the picture; this type only refuses to describe a blank
/// signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignatureFacts {
    strokes_sha256: Digest,
    picture_sha256: Digest,
    strokes: u32,
    points: u32,
}

impl SignatureFacts {
    /// Describes a signature: SHA-256 of its canonical strokes and of the picture made of them, how
    /// many strokes, and how many points in all of them.
    ///
    /// # Errors
    /// When it is blank: no strokes, no points, or fewer points than strokes.
    pub fn new(
        strokes_sha256: Digest,
        picture_sha256: Digest,
        strokes: u32,
        points: u32,
    ) -> Result<Self, Invalid> {
        if strokes == 0 || points < strokes {
            Err(Invalid::new(
                "blank_signature",
                "Draw a signature; there is none yet.",
            ))
        } else {
            Ok(Self {
                strokes_sha256,
                picture_sha256,
                strokes,
                points,
            })
        }
    }

    /// SHA-256 of the canonical strokes.
    pub const fn strokes_sha256(&self) -> Digest {
        self.strokes_sha256
    }

    /// SHA-256 of the picture, a PNG.
    pub const fn picture_sha256(&self) -> Digest {
        self.picture_sha256
    }

    /// How many strokes; at least one.
    pub const fn strokes(&self) -> u32 {
        self.strokes
    }

    /// How many points in all strokes; at least one per stroke.
    pub const fn points(&self) -> u32 {
        self.points
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// N3: a blank signature cannot be recorded.
    #[test]
    fn a_blank_signature_has_no_facts() {
        let facts = |strokes, points| {
            SignatureFacts::new(
                Digest::from_bytes([1; 32]),
                Digest::from_bytes([2; 32]),
                strokes,
                points,
            )
        };
        for (strokes, points) in [(0, 0), (0, 5), (1, 0), (3, 2)] {
            assert_eq!(
                facts(strokes, points).map_err(|e| e.code()),
                Err("blank_signature")
            );
        }
        let signed = facts(3, 3).expect("ink");
        assert_eq!((signed.strokes(), signed.points()), (3, 3));
        assert_ne!(signed.strokes_sha256(), signed.picture_sha256());
    }
}
