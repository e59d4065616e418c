//! What people mark on an image of a comparison (C1, C3): how it is shown, landmarks, a ruler and drawings.
//!
//! Every place is a share of the image as shown: upright and with the turns that people gave it. [`Marks::turned`] takes marks
//! from one number of turns to another, so that they stay on the same skin.

mod annotation;

pub use annotation::{Annotation, Colour, LineWidth, MAX_ANNOTATIONS, MAX_POINTS, MAX_STROKE, MarkId, Shape};

use super::number::{Fixed, ONE, Share};
use crate::image::Turns;
use crate::{Invalid, Read, Sensitive};

/// The maximum number of landmarks of an image.
pub const MAX_LANDMARKS: usize = 4;

/// A place in an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// To the right, as a share of the width.
    pub x: Share,
    /// Down, as a share of the height.
    pub y: Share,
}

impl Place {
    fn turned_once(self) -> Self {
        Self {
            x: self.y.rest(),
            y: self.x,
        }
    }
}

/// The part of an image that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crop {
    corner: Place,
    width: Share,
    height: Share,
}

impl Crop {
    /// The smallest width and height, in billionths: one hundredth.
    const LEAST: i64 = ONE / 100;

    /// The part from this corner, the upper left, of this width and height.
    ///
    /// # Errors
    /// When it is narrower or lower than one hundredth of the image, or reaches beyond it.
    pub fn new(corner: Place, width: Share, height: Share) -> Read<Self> {
        if width.units().min(height.units()) < Self::LEAST {
            return Err(Invalid::new(
                "too_small",
                "Choose at least 1 % of the photo each way.",
            ));
        }
        let fits = |from: Share, size: Share| {
            // Two numbers that were rounded may add up to one unit too many.
            let room = from.rest().units();
            if size.units() > room.saturating_add(1) {
                Err(Invalid::new(
                    "outside",
                    "Choose a part that lies within the photo.",
                ))
            } else {
                Share::of_units(size.units().min(room))
            }
        };
        Ok(Self {
            corner,
            width: fits(corner.x, width)?,
            height: fits(corner.y, height)?,
        })
    }

    /// Its upper left corner.
    pub const fn corner(self) -> Place {
        self.corner
    }

    /// Its width.
    pub const fn width(self) -> Share {
        self.width
    }

    /// Its height.
    pub const fn height(self) -> Share {
        self.height
    }

    fn turned_once(self) -> Self {
        let (x, y) = (
            self.corner.y.units().saturating_add(self.height.units()),
            self.corner.x,
        );
        let x = Share::of_units(ONE.saturating_sub(x)).unwrap_or(self.corner.y);
        Self {
            corner: Place { x, y },
            width: self.height,
            height: self.width,
        }
    }
}

/// An angle in degrees, clockwise: above −180 and at most 180, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotation(Degrees);

type Degrees = Fixed<-180_000_000, 180_000_000, 1_000_000>;

impl Rotation {
    /// Parses an angle.
    ///
    /// # Errors
    /// When it is not finite, −180 or less, or above 180.
    pub fn parse(degrees: f64) -> Read<Self> {
        if degrees <= -180.0 {
            return Err(Self::refusal());
        }
        let units = Degrees::parse(degrees).map_err(|_| Self::refusal())?;
        Self::of_units(if units.units() == -180_000_000 {
            180_000_000
        } else {
            units.units()
        })
    }

    /// So many millionths of a degree.
    ///
    /// # Errors
    /// As [`Rotation::parse`].
    pub fn of_units(units: i64) -> Read<Self> {
        let angle = Degrees::of_units(units).ok().filter(|_| units > -180_000_000);
        angle.map(Self).ok_or_else(Self::refusal)
    }

    fn refusal() -> Invalid {
        Invalid::new("range", "Enter an angle above -180 and up to 180 degrees.")
    }

    /// In millionths of a degree.
    pub const fn units(self) -> i64 {
        self.0.units()
    }

    /// In degrees.
    pub fn degrees(self) -> f64 {
        self.0.get()
    }
}

/// How many times larger an image is shown, in millionths.
pub type Scale = Fixed<50_000, 40_000_000, 1_000_000>;

/// How far an image is moved, as a share of its frame, in billionths.
pub type Offset = Fixed<-10_000_000_000, 10_000_000_000, ONE>;

/// How an image is laid into its frame: cut, turned around the middle, scaled, and moved. Its pixels are not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// The part that is shown; `None` for all of it.
    pub crop: Option<Crop>,
    /// How far it is turned.
    pub rotation: Rotation,
    /// How much larger it is shown.
    pub scale: Scale,
    /// How far it is moved to the right, as a share of the frame's width.
    pub right: Offset,
    /// How far it is moved down, as a share of the frame's height.
    pub down: Offset,
}

impl Default for View {
    /// The image as it is.
    fn default() -> Self {
        Self {
            crop: None,
            rotation: Rotation(Degrees::known(0)),
            scale: Scale::known(1_000_000),
            right: Offset::known(0),
            down: Offset::known(0),
        }
    }
}

/// The length of a ruler in millimetres, in thousandths.
pub type Millimetres = Fixed<100, 1_000_000, 1_000>;

/// A line in an image whose length is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruler {
    /// One end.
    pub from: Place,
    /// The other.
    pub to: Place,
    /// How long it is.
    pub millimetres: Millimetres,
}

impl Ruler {
    /// A line whose ends are two places.
    ///
    /// # Errors
    /// When both are the same place.
    pub fn new(from: Place, to: Place, millimetres: Millimetres) -> Read<Self> {
        if from == to {
            return Err(Invalid::new(
                "too_close",
                "Choose two different ends for the ruler.",
            ));
        }
        Ok(Self {
            from,
            to,
            millimetres,
        })
    }
}

/// Everything that is marked on an image.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marks {
    /// How it is shown.
    pub view: View,
    /// The first belongs to the first of the group's first image, and so on; at most [`MAX_LANDMARKS`].
    pub landmarks: Sensitive<Vec<Place>>,
    /// A line whose length is known.
    pub ruler: Sensitive<Option<Ruler>>,
    /// What is drawn on it; at most [`MAX_ANNOTATIONS`].
    pub annotations: Sensitive<Vec<Annotation>>,
}

impl Marks {
    /// The same marks on the image after these quarter turns, clockwise. `width` and `height` are the image's in pixels before
    /// them. Cuts, landmarks, rulers and drawings stay on the same skin; how the image is turned, scaled and moved within its
    /// frame stays as it is, since turning an image is meant to be seen.
    #[must_use]
    pub fn turned(self, by: Turns, width: u32, height: u32) -> Self {
        let (mut marks, mut sides) = (self, (width, height));
        for _ in 0..by.quarters() {
            marks = marks.turned_once(sides.0, sides.1);
            sides = (sides.1, sides.0);
        }
        marks
    }

    fn turned_once(self, width: u32, height: u32) -> Self {
        let place = |place: Place| place.turned_once();
        let annotations = self.annotations.into_inner().into_iter();
        Self {
            view: View {
                crop: self.view.crop.map(Crop::turned_once),
                ..self.view
            },
            landmarks: Sensitive::new(self.landmarks.into_inner().into_iter().map(place).collect()),
            ruler: Sensitive::new(self.ruler.into_inner().map(|ruler| Ruler {
                from: place(ruler.from),
                to: place(ruler.to),
                ..ruler
            })),
            annotations: Sensitive::new(annotations.map(|it| it.turned_once(width, height)).collect()),
        }
    }
}

/// At most four landmarks.
///
/// # Errors
/// When there are more.
pub fn landmarks(places: Vec<Place>) -> Read<Vec<Place>> {
    if places.len() > MAX_LANDMARKS {
        let message = format!("Use at most {MAX_LANDMARKS} landmarks.");
        return Err(Invalid::new("too_many", message));
    }
    Ok(places)
}

/// Drawings of one image.
///
/// # Errors
/// When there are too many, two have the same id, or they have too many points together.
pub fn annotations(drawn: Vec<Annotation>) -> Read<Vec<Annotation>> {
    if drawn.len() > MAX_ANNOTATIONS {
        let message = format!("Use at most {MAX_ANNOTATIONS} drawings on a photo.");
        return Err(Invalid::new("too_many", message));
    }
    let ids: std::collections::HashSet<&MarkId> = drawn.iter().map(|it| &it.id).collect();
    if ids.len() < drawn.len() {
        return Err(Invalid::new("repeated", "Use each id once."));
    }
    if drawn.iter().map(|it| it.shape.points()).sum::<usize>() > MAX_POINTS {
        let message = format!("Draw less: the lines of a photo have at most {MAX_POINTS} points.");
        return Err(Invalid::new("too_many_points", message));
    }
    Ok(drawn)
}

#[cfg(test)]
mod tests;
