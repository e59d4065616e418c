//! How long a line is, by a ruler in the same image.

use crate::Point;

/// How exactly a person places an end of a line: the standard deviation along the line, as a share of the image's width.
/// On a rendition of 1,600 pixels it is 2.4 pixels.
pub const PLACEMENT_SHARE: f64 = 0.0015;

/// The shortest ruler, as a share of the image's width. On a shorter one the placement of its ends decides the result.
pub const SHORTEST_RULER_SHARE: f64 = 0.02;

/// The factor of an expanded uncertainty that covers about 95 % (GUM, JCGM 100:2008, 6.2).
const COVERAGE: f64 = 2.0;

/// A line whose length is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ruler {
    /// One end, in pixels.
    pub from: Point,
    /// The other.
    pub to: Point,
    /// Its length in millimetres.
    pub millimetres: f64,
}

/// A length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measurement {
    /// In millimetres.
    pub millimetres: f64,
    /// The expanded uncertainty in millimetres: the length is within this of the result in about 95 % of cases, as far as it
    /// depends on where the four ends were placed. That the ruler lies elsewhere than what is measured, or that either is
    /// seen at a slant, is not in it.
    pub uncertainty: f64,
}

/// Why a line cannot be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoMeasure {
    /// A number is not finite, a width or a length is not positive, or the result does not fit into a number.
    #[error("Use a ruler and a photo whose sizes are ordinary numbers.")]
    NotFinite,
    /// The ruler is too short.
    #[error("Use a longer ruler: its ends are closer than 2 % of the photo's width.")]
    ShortRuler,
}

impl NoMeasure {
    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotFinite => "not_finite",
            Self::ShortRuler => "short_ruler",
        }
    }
}

/// Measures the line between two places of an image of this width in pixels.
///
/// The model: length = ruler's millimetres · d / r, of which d and r are distances in pixels. Each of the four ends has the
/// placement error of [`PLACEMENT_SHARE`], independent of the others, so each distance has √2 of it. First-order propagation
/// (GUM 5.1.2) then gives the standard uncertainty m/r · √2·σ · √(1 + (d/r)²); twice that is told. The ruler's own length counts
/// as exact.
///
/// # Errors
/// See [`NoMeasure`].
pub fn measure(width: f64, ruler: &Ruler, from: Point, to: Point) -> Result<Measurement, NoMeasure> {
    let is_positive = |number: f64| number.is_finite() && number > 0.0;
    let ends = [ruler.from, ruler.to, from, to];
    if !is_positive(width) || !is_positive(ruler.millimetres) || !ends.into_iter().all(Point::is_finite) {
        return Err(NoMeasure::NotFinite);
    }
    // In widths, as landmarks are.
    let [ruler_from, ruler_to, from, to] = ends.map(|end| Point::new(end.x / width, end.y / width));
    let (length, known) = (from.to(to), ruler_from.to(ruler_to));
    if known < SHORTEST_RULER_SHARE {
        return Err(NoMeasure::ShortRuler);
    }
    let times = length / known;
    let done = Measurement {
        millimetres: ruler.millimetres * times,
        uncertainty: COVERAGE * ruler.millimetres / known
            * PLACEMENT_SHARE
            * std::f64::consts::SQRT_2
            * 1.0_f64.hypot(times),
    };
    if done.millimetres.is_finite() && done.uncertainty.is_finite() {
        Ok(done)
    } else {
        Err(NoMeasure::NotFinite)
    }
}
