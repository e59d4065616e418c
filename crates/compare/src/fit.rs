//! The similarity that fits landmarks best.

use std::ops::RangeInclusive;

use crate::Point;

/// The maximum number of landmarks.
pub const MOST: usize = 4;

/// The smallest distance of two landmarks of one image, as a share of its width.
pub const NEAREST_SHARE: f64 = 0.01;

/// The largest residual of a fit, as a share of the reference's width.
pub const MOST_RESIDUAL_SHARE: f64 = 0.02;

/// Three or four landmarks are in a line when they spread across it less than this, as a share of how they spread along it
/// (standard deviations).
pub const NARROWEST: f64 = 0.05;

/// How wide an image may become when it is laid over the reference, as a multiple of the reference's width.
pub const SCALES: RangeInclusive<f64> = 0.05..=40.0;

/// The landmarks of one image. The first belongs to the first of the other image, and so on.
#[derive(Debug, Clone, Copy)]
pub struct Landmarks<'a> {
    /// The image's width in pixels.
    pub width: f64,
    /// The landmarks in pixels.
    pub points: &'a [Point],
}

/// One of the two images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The image that the other is laid over.
    Reference,
    /// The image that is laid over it.
    Image,
}

impl Side {
    const fn words(self) -> &'static str {
        match self {
            Self::Reference => "the first photo",
            Self::Image => "this photo",
        }
    }
}

/// Turns, sizes and moves an image, in this order, so that it lies over the reference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Similarity {
    /// How many pixels of the reference a pixel of the image takes.
    pub scale: f64,
    /// Clockwise, in degrees, above −180 and at most 180.
    pub rotation: f64,
    /// Where the image's upper left corner comes to lie, in pixels of the reference.
    pub translation: Point,
}

impl Similarity {
    /// Where a place in the image lies over the reference.
    pub fn map(&self, place: Point) -> Point {
        let (sin, cos) = self.rotation.to_radians().sin_cos();
        Point {
            x: self.scale * (cos * place.x - sin * place.y) + self.translation.x,
            y: self.scale * (sin * place.x + cos * place.y) + self.translation.y,
        }
    }
}

/// A similarity, and how well it fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// The similarity.
    pub similarity: Similarity,
    /// How far landmarks are from where they should be, in pixels of the reference (root mean square).
    pub residual_pixels: f64,
    /// The same as a share of the reference's width.
    pub residual_share: f64,
    /// Which pair is furthest apart, counted from 0.
    pub worst: usize,
    /// Whether the residual says anything: two pairs always fit exactly, so a misplaced one cannot be noticed.
    pub is_checked: bool,
}

/// Why landmarks cannot be fitted.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum NoFit {
    /// A number is not finite, a width is not positive, or a result does not fit into a number.
    #[error("Use landmarks and photos whose sizes are ordinary numbers.")]
    NotFinite,
    /// The images have different numbers of landmarks.
    #[error("Use as many landmarks as the first photo has, which is {reference}.")]
    Counts {
        /// How many the reference has.
        reference: usize,
        /// How many the other image has.
        image: usize,
    },
    /// There are fewer than two.
    #[error("Use at least two landmarks.")]
    TooFew,
    /// There are more than four.
    #[error("Use at most four landmarks.")]
    TooMany,
    /// Two landmarks of one image are nearly in the same place.
    #[error(
        "Use landmarks that are further apart: in {}, {} and {} are closer than 1 % of its width.",
        .side.words(), .first + 1, .second + 1
    )]
    TooClose {
        /// In which image.
        side: Side,
        /// One of them, counted from 0.
        first: usize,
        /// The other.
        second: usize,
    },
    /// Three or four landmarks of one image are in a line.
    #[error(
        "Use a landmark beside the line through the others in {}: in a line they cannot show whether the fit is right across it.",
        .side.words()
    )]
    InLine {
        /// In which image.
        side: Side,
    },
    /// The image would be laid over the reference far too large or too small.
    #[error(
        "Use landmarks that belong together: this photo would appear {share:.3} times as wide as the first."
    )]
    Scale {
        /// Its width, as a multiple of the reference's.
        share: f64,
    },
    /// The landmarks do not fit.
    #[error(
        "Use landmarks that belong together: they miss each other by {pixels:.0} pixels, {:.1} % of the width, and landmark \
         {} is furthest off.",
        .share * 100.0, .worst + 1
    )]
    Residual {
        /// In pixels of the reference.
        pixels: f64,
        /// As a share of its width.
        share: f64,
        /// Which pair is furthest apart, counted from 0.
        worst: usize,
    },
}

impl NoFit {
    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotFinite => "not_finite",
            Self::Counts { .. } => "counts",
            Self::TooFew => "too_few",
            Self::TooMany => "too_many",
            Self::TooClose { .. } => "too_close",
            Self::InLine { .. } => "in_line",
            Self::Scale { .. } => "scale",
            Self::Residual { .. } => "residual",
        }
    }

    /// Whether there are simply not yet enough landmarks, as while somebody is placing them.
    pub const fn is_incomplete(self) -> bool {
        matches!(self, Self::Counts { .. } | Self::TooFew)
    }
}

/// Fits the landmarks of an image to those of the reference.
///
/// # Errors
/// See [`NoFit`]; the first that applies in the order of its list, of pairs the first.
pub fn fit(reference: &Landmarks<'_>, image: &Landmarks<'_>) -> Result<Fit, NoFit> {
    // In widths, so that sums of squares stay far from the ends of what a number holds, whatever the sizes.
    let (to, from) = (in_widths(reference)?, in_widths(image)?);
    if to.len() != from.len() {
        return Err(NoFit::Counts {
            reference: to.len(),
            image: from.len(),
        });
    }
    match to.len() {
        0 | 1 => return Err(NoFit::TooFew),
        2..=MOST => {}
        _ => return Err(NoFit::TooMany),
    }
    check_apart(Side::Reference, reference)?;
    check_apart(Side::Image, image)?;
    for (side, points) in [(Side::Reference, &to), (Side::Image, &from)] {
        if is_line(points) {
            return Err(NoFit::InLine { side });
        }
    }
    let found = least_squares(&to, &from);
    let share = found.scale;
    if !share.is_finite() {
        return Err(NoFit::NotFinite);
    }
    if !SCALES.contains(&share) {
        return Err(NoFit::Scale { share });
    }
    let missed: Vec<f64> = from
        .iter()
        .zip(&to)
        .map(|(from, to)| found.map(*from).to(*to))
        .collect();
    let residual_share = (missed.iter().map(|by| by * by).sum::<f64>() / count(&missed)).sqrt();
    let residual_pixels = residual_share * reference.width;
    let worst = worst(&missed);
    let similarity = Similarity {
        scale: share * (reference.width / image.width),
        rotation: found.rotation,
        translation: found.translation.times(reference.width),
    };
    let is_finite = similarity.scale.is_finite() && similarity.translation.is_finite();
    if !is_finite || similarity.scale <= 0.0 || !residual_pixels.is_finite() {
        return Err(NoFit::NotFinite);
    }
    if residual_share > MOST_RESIDUAL_SHARE {
        return Err(NoFit::Residual {
            pixels: residual_pixels,
            share: residual_share,
            worst,
        });
    }
    Ok(Fit {
        similarity,
        residual_pixels,
        residual_share,
        worst,
        is_checked: to.len() > 2,
    })
}

/// Checks that no two landmarks of an image are so close that it can't be fitted, whatever the other image has.
///
/// # Errors
/// [`NoFit::TooClose`] naming this side, or [`NoFit::NotFinite`].
pub fn check_apart(side: Side, landmarks: &Landmarks<'_>) -> Result<(), NoFit> {
    match too_close(&in_widths(landmarks)?) {
        None => Ok(()),
        Some((first, second)) => Err(NoFit::TooClose { side, first, second }),
    }
}

fn in_widths(landmarks: &Landmarks<'_>) -> Result<Vec<Point>, NoFit> {
    let width = landmarks.width;
    if !width.is_finite() || width <= 0.0 {
        return Err(NoFit::NotFinite);
    }
    let scaled = landmarks
        .points
        .iter()
        .map(|point| Point::new(point.x / width, point.y / width));
    scaled
        .map(|point| point.is_finite().then_some(point).ok_or(NoFit::NotFinite))
        .collect()
}

/// The length of a list as a number to divide by.
fn count<T>(list: &[T]) -> f64 {
    list.iter().map(|_| 1.0).sum()
}

fn too_close(points: &[Point]) -> Option<(usize, usize)> {
    points.iter().enumerate().find_map(|(second, point)| {
        let before = points.iter().take(second);
        let near = before
            .enumerate()
            .find(|(_, other)| other.to(*point) < NEAREST_SHARE);
        near.map(|(first, _)| (first, second))
    })
}

fn centre(points: &[Point]) -> Point {
    let (x, y) = points
        .iter()
        .fold((0.0, 0.0), |(x, y), point| (x + point.x, y + point.y));
    Point::new(x / count(points), y / count(points))
}

/// Whether three or more spread across a line too little: of their covariance the smaller eigenvalue beside the larger.
fn is_line(points: &[Point]) -> bool {
    if points.len() < 3 {
        return false;
    }
    let middle = centre(points);
    let (mut across, mut down, mut both) = (0.0, 0.0, 0.0);
    for point in points {
        let (x, y) = (point.x - middle.x, point.y - middle.y);
        across += x * x;
        down += y * y;
        both += x * y;
    }
    let larger = f64::midpoint(across, down) + ((across - down) / 2.0).hypot(both);
    across * down - both * both < NARROWEST * NARROWEST * larger * larger
}

/// Umeyama's solution without reflection. Points as complex numbers around their centres: the sum of `to` times the
/// conjugate of `from`, by the sum of the squares of `from`, is turn and size in one number.
fn least_squares(to: &[Point], from: &[Point]) -> Similarity {
    let (middle_to, middle_from) = (centre(to), centre(from));
    let (mut real, mut imaginary, mut squares) = (0.0, 0.0, 0.0);
    for (to, from) in to.iter().zip(from) {
        let (tx, ty) = (to.x - middle_to.x, to.y - middle_to.y);
        let (fx, fy) = (from.x - middle_from.x, from.y - middle_from.y);
        real += fx * tx + fy * ty;
        imaginary += fx * ty - fy * tx;
        squares += fx * fx + fy * fy;
    }
    let degrees = imaginary.atan2(real).to_degrees();
    let turned = Similarity {
        scale: real.hypot(imaginary) / squares,
        rotation: if degrees <= -180.0 { 180.0 } else { degrees },
        translation: Point::new(0.0, 0.0),
    };
    let moved = turned.map(middle_from);
    Similarity {
        translation: Point::new(middle_to.x - moved.x, middle_to.y - moved.y),
        ..turned
    }
}

/// The place of the largest, the first if there are several.
fn worst(missed: &[f64]) -> usize {
    let start = (0, f64::NEG_INFINITY);
    let largest =
        missed.iter().enumerate().fold(
            start,
            |(place, most), (index, by)| {
                if *by > most { (index, *by) } else { (place, most) }
            },
        );
    largest.0
}
