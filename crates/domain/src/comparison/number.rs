//! Numbers with a fixed number of decimals: they are compared exactly, are the same after storing and reading, and a
//! quarter turn and back loses nothing.

use crate::{Invalid, Read};

/// A number from `MIN` to `MAX` in units of which `PER_ONE` make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fixed<const MIN: i64, const MAX: i64, const PER_ONE: i64>(i64);

/// A share of an image's width or height, in billionths.
pub type Share = Fixed<0, ONE, ONE>;

/// A share that may be anything above 0: a radius as a share of the width, which a quarter turn measures by the other side.
pub type Radius = Fixed<1, 1_000_000_000_000_000, ONE>;

/// One, in billionths.
pub(super) const ONE: i64 = 1_000_000_000;

impl<const MIN: i64, const MAX: i64, const PER_ONE: i64> Fixed<MIN, MAX, PER_ONE> {
    /// Rounds a number to its units.
    ///
    /// # Errors
    /// When it is not finite or out of bounds.
    pub fn parse(number: f64) -> Read<Self> {
        let units = number * float(PER_ONE);
        if !units.is_finite() || units < float(MIN) || units > float(MAX) {
            return Err(Self::refusal());
        }
        Ok(Self(rounded(units)))
    }

    /// So many units, which are within the bounds.
    pub(super) const fn known(units: i64) -> Self {
        Self(units)
    }

    /// So many units.
    ///
    /// # Errors
    /// When they are out of bounds.
    pub fn of_units(units: i64) -> Read<Self> {
        if (MIN..=MAX).contains(&units) {
            Ok(Self(units))
        } else {
            Err(Self::refusal())
        }
    }

    fn refusal() -> Invalid {
        let (least, most) = (float(MIN) / float(PER_ONE), float(MAX) / float(PER_ONE));
        Invalid::new("range", format!("Enter a number from {least} to {most}."))
    }

    /// In units.
    pub const fn units(self) -> i64 {
        self.0
    }

    /// The number.
    pub fn get(self) -> f64 {
        float(self.0) / float(PER_ONE)
    }
}

impl Share {
    /// What is left of the whole.
    pub(super) const fn rest(self) -> Self {
        Self(ONE.saturating_sub(self.0))
    }
}

impl Radius {
    /// The same length as a share of a side of `to` pixels, where this is one of a side of `from`; the nearest that there is.
    pub(super) fn of_other_side(self, from: u32, to: u32) -> Self {
        let units = i128::from(self.0) * i128::from(from);
        let to = i128::from(to.max(1));
        let nearest = (units + to / 2) / to;
        Self(
            i64::try_from(nearest)
                .unwrap_or(i64::MAX)
                .clamp(1, 1_000_000_000_000_000),
        )
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "the units of every bound stay below 2^53"
)]
const fn float(units: i64) -> f64 {
    units as f64
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "within bounds, as the caller checked"
)]
fn rounded(units: f64) -> i64 {
    units.round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_to_their_bounds() {
        for number in [
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            -1e-9,
            1.000_000_001,
            1e300,
        ] {
            assert!(Share::parse(number).is_err(), "{number}");
        }
        for number in [0.0, 1.0, 0.123_456_789, 1e-300] {
            let share = Share::parse(number).expect("a share");
            assert_eq!(Share::parse(share.get()), Ok(share), "{number}");
            assert_eq!(share.rest().rest(), share);
        }
        assert!(Share::of_units(ONE + 1).is_err() && Share::of_units(-1).is_err());
    }
}
