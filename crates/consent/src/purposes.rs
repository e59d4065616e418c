//! A set of purposes in one byte.

use std::fmt;

use cutis_domain::Invalid;

use crate::Purpose;

/// A set of purposes. Copied freely; the bits are stable and may be stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Purposes(u8);

/// The bit of a purpose. Stored: never renumber, never reuse.
const fn bit(purpose: Purpose) -> u8 {
    match purpose {
        Purpose::ClinicalRecord => 1,
        Purpose::TreatingClinicians => 1 << 1,
        Purpose::Teaching => 1 << 2,
        Purpose::Publication => 1 << 3,
        Purpose::Marketing => 1 << 4,
        Purpose::Research => 1 << 5,
    }
}

impl Purposes {
    /// No purpose.
    pub const NONE: Self = Self(0);

    /// This set with one more purpose.
    #[must_use]
    pub const fn with(self, purpose: Purpose) -> Self {
        Self(self.0 | bit(purpose))
    }

    /// Whether the purpose is in the set.
    pub const fn contains(self, purpose: Purpose) -> bool {
        self.0 & bit(purpose) != 0
    }

    /// How many purposes there are, 0 to 6.
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The purposes, in the order of [`Purpose::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Purpose> {
        Purpose::ALL
            .iter()
            .copied()
            .filter(move |purpose| self.contains(*purpose))
    }

    /// The codes, in the order of [`Purpose::ALL`].
    pub fn codes(self) -> Vec<&'static str> {
        self.iter().map(Purpose::code).collect()
    }

    /// The bits, for storing.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set with these bits.
    ///
    /// # Errors
    /// When a bit is set that stands for no purpose.
    pub fn from_bits(bits: u8) -> Result<Self, Invalid> {
        let known = Purpose::ALL
            .iter()
            .fold(0, |known, purpose| known | bit(*purpose));
        if bits & !known == 0 {
            Ok(Self(bits))
        } else {
            Err(Invalid::new(
                "purposes",
                "Use the bits of purposes that this version knows.",
            ))
        }
    }
}

impl FromIterator<Purpose> for Purposes {
    fn from_iter<I: IntoIterator<Item = Purpose>>(purposes: I) -> Self {
        purposes.into_iter().fold(Self::NONE, Self::with)
    }
}

impl fmt::Debug for Purposes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// N3: stored bits always mean the same purposes.
    #[test]
    fn bits_are_pinned() {
        let bits: Vec<_> = Purpose::ALL
            .iter()
            .map(|p| Purposes::NONE.with(*p).bits())
            .collect();
        assert_eq!(bits, [1, 2, 4, 8, 16, 32]);
        assert_eq!(
            Purposes::from_bits(0b100_0000).map_err(|e| e.code()),
            Err("purposes")
        );
    }

    #[test]
    fn every_set_round_trips() {
        for bits in 0..64 {
            let set = Purposes::from_bits(bits).expect("known bits");
            assert_eq!(set.iter().collect::<Purposes>(), set);
            assert_eq!(set.len(), bits.count_ones());
            assert_eq!(set.codes().len(), set.iter().count());
            assert_eq!(set.is_empty(), bits == 0);
        }
    }
}
