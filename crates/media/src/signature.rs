//! A consent signature: its strokes, how they are stored and drawn (N3).

mod ink;

use crate::wire::{Malformed, Reading, Writing};

pub use ink::render_png;

/// Most strokes of a signature.
pub const MOST_STROKES: usize = 200;
/// Most points of a signature, all strokes together.
pub const MOST_POINTS: usize = 20_000;
/// Longest side of the area that is signed on, in its own units (CSS pixels).
pub const MOST_SIDE: u32 = 4096;

/// Coordinates are kept in sixty-fourths of a unit, so that what is stored and hashed has one encoding.
const PER_UNIT: u32 = 64;
const VERSION: u8 = 1;

/// A point as it comes from the browser.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RawPoint {
    /// Units from the left edge.
    pub x: f64,
    /// Units from the top edge.
    pub y: f64,
    /// Milliseconds since any fixed moment, if recorded.
    pub time: Option<f64>,
}

/// Why strokes are not a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// No strokes, or a dot: nobody has signed.
    #[error("Draw a signature; there is none yet.")]
    Blank,
    /// More than [`MOST_STROKES`] or [`MOST_POINTS`].
    #[error("Sign again with fewer strokes; this signature has too many.")]
    TooMuch,
    /// The area is empty or larger than [`MOST_SIDE`].
    #[error("Use a signing area of 1 to {MOST_SIDE} units in width and height.")]
    Area,
    /// A coordinate or time is not a number, or a point lies outside the area.
    #[error("Sign again; a point of the signature lies outside the signing area.")]
    Outside,
    /// Stored bytes are not what [`Strokes::to_bytes`] writes.
    #[error("the stored signature is damaged")]
    Damaged,
}

impl From<Malformed> for SignatureError {
    fn from(Malformed: Malformed) -> Self {
        Self::Damaged
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Point {
    /// Sixty-fourths of a unit.
    x: u32,
    /// Sixty-fourths of a unit.
    y: u32,
    /// Milliseconds since the signature's first recorded moment.
    time: Option<u32>,
}

/// A signature that somebody has drawn: 1 to [`MOST_STROKES`] strokes inside an area, with enough ink to be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strokes {
    width: u32,
    height: u32,
    lines: Vec<Vec<Point>>,
}

impl Strokes {
    /// Checks what a browser sends. Strokes without points are dropped.
    ///
    /// # Errors
    /// [`SignatureError::Blank`] when no ink, or hardly any, was left: the lines together must be as long as a tenth of
    /// the area's shorter side (at least 16 units) and reach over at least 8 units.
    pub fn new(strokes: &[Vec<RawPoint>], width: u32, height: u32) -> Result<Self, SignatureError> {
        check_area(width, height)?;
        if strokes.len() > MOST_STROKES || strokes.iter().map(Vec::len).sum::<usize>() > MOST_POINTS {
            return Err(SignatureError::TooMuch);
        }
        let began = strokes
            .iter()
            .flatten()
            .filter_map(|point| point.time)
            .fold(f64::INFINITY, f64::min);
        let place =
            |value: f64, side: u32| fixed(value, PER_UNIT, side * PER_UNIT).ok_or(SignatureError::Outside);
        let point = |raw: &RawPoint| -> Result<Point, SignatureError> {
            let since = raw
                .time
                .map(|time| fixed(time - began, 1, u32::MAX).ok_or(SignatureError::Outside));
            Ok(Point {
                x: place(raw.x, width)?,
                y: place(raw.y, height)?,
                time: since.transpose()?,
            })
        };
        let strokes = strokes.iter().filter(|stroke| !stroke.is_empty());
        let strokes = strokes
            .map(|stroke| stroke.iter().map(point).collect())
            .collect::<Result<_, SignatureError>>()?;
        Self {
            width,
            height,
            lines: strokes,
        }
        .signed()
    }

    fn signed(self) -> Result<Self, SignatureError> {
        let points = || self.lines.iter().flatten();
        let reach = |pick: fn(&Point) -> u32| {
            let low = points().map(pick).min().unwrap_or(0);
            points().map(pick).max().unwrap_or(0) - low
        };
        let ink: f64 = self
            .lines
            .iter()
            .flat_map(|stroke| stroke.windows(2))
            .map(length)
            .sum();
        let enough = f64::from(PER_UNIT) * f64::max(f64::from(self.width.min(self.height)) / 10.0, 16.0);
        let reaches = reach(|point| point.x).max(reach(|point| point.y)) >= 8 * PER_UNIT;
        if ink >= enough && reaches {
            Ok(self)
        } else {
            Err(SignatureError::Blank)
        }
    }

    /// Width of the area that was signed on, in units.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height of the area that was signed on, in units.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// How many strokes there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lines.len()
    }

    /// The encoding that is stored and hashed; every signature has exactly one.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writing::default();
        out.u8(VERSION);
        out.u32(self.width);
        out.u32(self.height);
        out.u32(bounded(self.lines.len()));
        for stroke in &self.lines {
            out.u32(bounded(stroke.len()));
            for point in stroke {
                out.u32(point.x);
                out.u32(point.y);
                out.flag(point.time.is_some());
                if let Some(time) = point.time {
                    out.u32(time);
                }
            }
        }
        out.into_bytes()
    }

    /// Reads what [`Strokes::to_bytes`] wrote, and checks it as if it came from a browser.
    ///
    /// # Errors
    /// [`SignatureError`] for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SignatureError> {
        let mut from = Reading::new(bytes);
        if from.u8()? != VERSION {
            return Err(SignatureError::Damaged);
        }
        let (width, height) = (from.u32()?, from.u32()?);
        check_area(width, height)?;
        let mut strokes = Vec::new();
        let mut left = MOST_POINTS;
        for _ in 0..limited(from.u32()?, MOST_STROKES)? {
            let points = limited(from.u32()?, left)?;
            left -= points;
            let mut stroke = Vec::new();
            for _ in 0..points {
                let (x, y) = (from.u32()?, from.u32()?);
                let time = if from.flag()? { Some(from.u32()?) } else { None };
                if x > width * PER_UNIT || y > height * PER_UNIT {
                    return Err(SignatureError::Outside);
                }
                stroke.push(Point { x, y, time });
            }
            if stroke.is_empty() {
                return Err(SignatureError::Damaged);
            }
            strokes.push(stroke);
        }
        from.end()?;
        Self {
            width,
            height,
            lines: strokes,
        }
        .signed()
    }
}

fn check_area(width: u32, height: u32) -> Result<(), SignatureError> {
    let fits = |side| (1..=MOST_SIDE).contains(&side);
    if fits(width) && fits(height) {
        Ok(())
    } else {
        Err(SignatureError::Area)
    }
}

fn length(pair: &[Point]) -> f64 {
    let [from, to] = pair else { return 0.0 };
    f64::from(from.x.abs_diff(to.x)).hypot(f64::from(from.y.abs_diff(to.y)))
}

/// A length that was checked to be small.
fn bounded(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn limited(n: u32, most: usize) -> Result<usize, SignatureError> {
    usize::try_from(n)
        .ok()
        .filter(|n| *n <= most)
        .ok_or(SignatureError::TooMuch)
}

/// A number in fractions of a unit, if it is one between 0 and `most` fractions.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to lie between 0 and a 32-bit number; not-a-number fails the comparison"
)]
fn fixed(value: f64, per_unit: u32, most: u32) -> Option<u32> {
    let scaled = (value * f64::from(per_unit)).round();
    (scaled >= 0.0 && scaled <= f64::from(most)).then_some(scaled as u32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stroke(points: &[(f64, f64)]) -> Vec<RawPoint> {
        points
            .iter()
            .map(|(x, y)| RawPoint {
                x: *x,
                y: *y,
                time: None,
            })
            .collect()
    }

    fn name() -> Vec<Vec<RawPoint>> {
        let wave = |from: u32| {
            (0..60)
                .map(move |n| f64::from(from + n))
                .map(|x| (x * 2.0, 100.0 + 40.0 * (x / 5.0).sin()))
        };
        vec![
            stroke(&wave(10).collect::<Vec<_>>()),
            stroke(&wave(90).collect::<Vec<_>>()),
        ]
    }

    /// N3: a blank signature cannot be recorded.
    #[test]
    fn blank_and_dotted_signatures_are_refused() {
        let dot = [(50.0, 50.0); 400];
        let scribble: Vec<_> = (0..400).map(|n| (50.0 + f64::from(n % 2), 50.0)).collect();
        for strokes in [
            vec![],
            vec![vec![]],
            vec![stroke(&dot)],
            vec![stroke(&dot[..1])],
            vec![stroke(&[(10.0, 10.0), (15.0, 12.0)])],
            vec![stroke(&scribble)],
        ] {
            assert_eq!(Strokes::new(&strokes, 600, 200), Err(SignatureError::Blank));
        }
        assert!(Strokes::new(&name(), 600, 200).is_ok());
    }

    #[test]
    fn points_outside_and_non_numbers_are_refused() {
        for bad in [
            (-1.0, 5.0),
            (601.0, 5.0),
            (5.0, 201.0),
            (f64::NAN, 5.0),
            (5.0, f64::INFINITY),
        ] {
            let strokes = [name(), vec![stroke(&[bad])]].concat();
            assert_eq!(Strokes::new(&strokes, 600, 200), Err(SignatureError::Outside));
        }
        let mut late = name();
        late[0][3].time = Some(f64::NAN);
        assert_eq!(Strokes::new(&late, 600, 200), Err(SignatureError::Outside));
        assert_eq!(Strokes::new(&name(), 0, 200), Err(SignatureError::Area));
        assert_eq!(Strokes::new(&name(), 600, 4097), Err(SignatureError::Area));
    }

    #[test]
    fn too_much_is_refused() {
        assert_eq!(
            Strokes::new(&vec![stroke(&[(1.0, 1.0)]); 201], 600, 200),
            Err(SignatureError::TooMuch)
        );
        assert_eq!(
            Strokes::new(&[stroke(&vec![(1.0, 1.0); 20_001])], 600, 200),
            Err(SignatureError::TooMuch)
        );
    }

    #[test]
    fn times_are_kept_relative_to_the_first() {
        let mut strokes = name();
        for (n, point) in strokes.iter_mut().flatten().enumerate() {
            point.time = Some(1_795_000_000_000.0 + 8.0 * f64::from(u32::try_from(n).unwrap()));
        }
        let signed = Strokes::new(&strokes, 600, 200).unwrap();
        assert_eq!(signed.lines[0][0].time, Some(0));
        assert_eq!(signed.lines[0][1].time, Some(8));
    }

    #[test]
    fn stored_bytes_are_read_back_and_anything_else_is_refused() {
        let signed = Strokes::new(&name(), 600, 200).unwrap();
        let bytes = signed.to_bytes();
        assert_eq!(Strokes::from_bytes(&bytes), Ok(signed));
        for cut in 0..bytes.len() {
            assert!(Strokes::from_bytes(&bytes[..cut]).is_err());
        }
        assert!(Strokes::from_bytes(&[&bytes[..], b"x"].concat()).is_err());
    }

    /// N3: what is stored can be shown: dark ink on white, of bounded size.
    #[test]
    fn the_picture_has_ink_on_white() {
        let png = render_png(&Strokes::new(&name(), 600, 200).unwrap()).unwrap();
        let picture = image::load_from_memory(&png).unwrap().into_rgb8();
        assert_eq!(picture.dimensions(), (1200, 400));
        let dark = picture.pixels().filter(|pixel| pixel[0] < 90).count();
        let white = picture.pixels().filter(|pixel| pixel.0 == [255; 3]).count();
        assert!(dark > 1000 && white > 400_000, "{dark} dark, {white} white");
    }

    /// The longest lines allowed, again and again: drawing takes a bounded time and size.
    #[test]
    fn the_worst_signature_is_drawn() {
        let zigzag: Vec<_> = (0..20_000)
            .map(|n| if n % 2 == 0 { (0.0, 0.0) } else { (4096.0, 4096.0) })
            .collect();
        let png = render_png(&Strokes::new(&[stroke(&zigzag)], 4096, 4096).unwrap()).unwrap();
        assert_eq!(image::load_from_memory(&png).unwrap().width(), ink::LONG_SIDE);
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(Strokes::from_bytes(&bytes).is_err() || Strokes::from_bytes(&bytes).unwrap().to_bytes() == bytes);
        }
    }
}
