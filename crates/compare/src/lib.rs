//! Lays photos over each other by landmarks, and measures on them by a ruler.
//!
//! Rule C3. Pure arithmetic in `f64`: no I/O, no clock, no randomness. Everything is in pixels of upright images: x goes to the
//! right and y down, so that a positive rotation is clockwise on the screen. The browser has a twin of this crate; both
//! read `vectors/similarity.json`.
//!
//! [`fit`] finds the similarity (turn, size and place, never a mirroring or a distortion) that brings the landmarks of
//! an image closest to those of the reference in the sense of least squares. It is Umeyama's solution (IEEE Transactions on
//! Pattern Analysis and Machine Intelligence 13(4), 1991), which in the plane is the quotient of two complex sums.
//! [`measure`] says how long a line is, and how uncertain that is.

#![forbid(unsafe_code)]

mod fit;
mod measure;

pub use fit::{
    Fit, Landmarks, MOST, MOST_RESIDUAL_SHARE, NARROWEST, NEAREST_SHARE, NoFit, SCALES, Side, Similarity,
    check_apart, fit,
};
pub use measure::{Measurement, NoMeasure, PLACEMENT_SHARE, Ruler, SHORTEST_RULER_SHARE, measure};

/// A place in an image, in pixels from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl Point {
    /// This place.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// Its distance from another.
    fn to(self, other: Self) -> f64 {
        (other.x - self.x).hypot(other.y - self.y)
    }

    /// Both coordinates by this number.
    fn times(self, by: f64) -> Self {
        Self::new(self.x * by, self.y * by)
    }

    fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }
}

#[cfg(test)]
mod tests;
