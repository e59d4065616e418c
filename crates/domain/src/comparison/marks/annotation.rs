//! What people draw on an image.

use super::Place;
use crate::comparison::number::{ONE, Radius};
use crate::{Invalid, Line, Read};

/// The maximum number of drawings on an image.
pub const MAX_ANNOTATIONS: usize = 100;

/// The maximum number of points of a line drawn by hand.
pub const MAX_STROKE: usize = 500;

/// The maximum number of points of all drawings of an image together, so that they fit into one request.
pub const MAX_POINTS: usize = 4_000;

/// What the program that draws calls a drawing: 1 to 40 lower-case letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MarkId(String);

impl MarkId {
    /// Parses a name.
    ///
    /// # Errors
    /// When it is empty, too long or holds something else.
    pub fn parse(id: &str) -> Read<Self> {
        let is_sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if (1..=40).contains(&id.len()) && id.chars().all(is_sound) {
            Ok(Self(id.to_owned()))
        } else {
            Err(Invalid::new(
                "id",
                "Use 1 to 40 lower-case letters, digits and hyphens.",
            ))
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! colours {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)+) => {
        /// The colour of a drawing.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Colour {
            $($(#[$doc])* $name,)+
        }

        impl Colour {
            /// Every colour.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Its stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }
        }
    };
}

colours! {
    /// Red.
    Red = "red";
    /// Yellow.
    Yellow = "yellow";
    /// Green.
    Green = "green";
    /// Blue.
    Blue = "blue";
    /// White.
    White = "white";
    /// Black.
    Black = "black";
}

impl Colour {
    /// Parses a code.
    ///
    /// # Errors
    /// When no colour has it.
    pub fn parse(code: &str) -> Read<Self> {
        let found = Self::ALL.iter().copied().find(|colour| colour.code() == code);
        found.ok_or_else(|| {
            let message = "Choose one of red, yellow, green, blue, white, black.";
            Invalid::new("colour", message)
        })
    }
}

/// How wide a line is drawn, 1 to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineWidth(u8);

impl LineWidth {
    /// Parses a width.
    ///
    /// # Errors
    /// When it is not 1 to 8.
    pub fn parse(width: i64) -> Read<Self> {
        u8::try_from(width)
            .ok()
            .filter(|width| (1..=8).contains(width))
            .map(Self)
            .ok_or_else(|| Invalid::new("range", "Choose a line width from 1 to 8."))
    }

    /// The width.
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// An arrow.
    Arrow {
        /// Its foot.
        from: Place,
        /// Its point.
        to: Place,
    },
    /// A circle.
    Circle {
        /// Its centre.
        centre: Place,
        /// Its radius as a share of the image's width.
        radius: Radius,
    },
    /// Words.
    Text {
        /// Where they begin.
        at: Place,
        /// What they say.
        text: Line<1, 200>,
    },
    /// A line drawn by hand: 2 to [`MAX_STROKE`] points.
    Freehand {
        /// Its points.
        points: Vec<Place>,
    },
    /// A line that is measured by the image's ruler.
    Measure {
        /// One end.
        from: Place,
        /// The other.
        to: Place,
    },
}

impl Shape {
    /// The codes of all kinds.
    pub const KINDS: [&'static str; 5] = ["arrow", "circle", "text", "freehand", "measure"];

    /// A line drawn by hand.
    ///
    /// # Errors
    /// When it has fewer than 2 points or more than [`MAX_STROKE`].
    pub fn freehand(points: Vec<Place>) -> Read<Self> {
        if !(2..=MAX_STROKE).contains(&points.len()) {
            let message = format!("Draw a line of 2 to {MAX_STROKE} points.");
            return Err(Invalid::new("count", message));
        }
        Ok(Self::Freehand { points })
    }

    /// Checks what depends on the sides of the image, in pixels.
    ///
    /// # Errors
    /// When a circle's radius is longer than the longer side.
    pub fn check_size(&self, width: u32, height: u32) -> Read<()> {
        let Self::Circle { radius, .. } = self else {
            return Ok(());
        };
        let longer = i128::from(width.max(height)).saturating_mul(ONE.into());
        if i128::from(radius.units()).saturating_mul(width.into()) > longer {
            return Err(Invalid::new(
                "range",
                "Use a radius that is no longer than the photo.",
            ));
        }
        Ok(())
    }

    /// The code of its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Arrow { .. } => "arrow",
            Self::Circle { .. } => "circle",
            Self::Text { .. } => "text",
            Self::Freehand { .. } => "freehand",
            Self::Measure { .. } => "measure",
        }
    }

    /// How many points it has.
    pub(super) const fn points(&self) -> usize {
        match self {
            Self::Circle { .. } | Self::Text { .. } => 1,
            Self::Arrow { .. } | Self::Measure { .. } => 2,
            Self::Freehand { points } => points.len(),
        }
    }
}

/// A drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// What the program that drew it calls it.
    pub id: MarkId,
    /// Its colour.
    pub colour: Colour,
    /// How wide its lines are.
    pub width: LineWidth,
    /// What it is.
    pub shape: Shape,
}

impl Annotation {
    /// The same on the image after a quarter turn; `width` and `height` are those before it.
    pub(super) fn turned_once(self, width: u32, height: u32) -> Self {
        let shape = match self.shape {
            Shape::Arrow { from, to } => Shape::Arrow {
                from: from.turned_once(),
                to: to.turned_once(),
            },
            Shape::Circle { centre, radius } => Shape::Circle {
                centre: centre.turned_once(),
                // What was the height is the width afterwards.
                radius: radius.of_other_side(width, height),
            },
            Shape::Text { at, text } => Shape::Text {
                at: at.turned_once(),
                text,
            },
            Shape::Freehand { points } => Shape::Freehand {
                points: points.into_iter().map(Place::turned_once).collect(),
            },
            Shape::Measure { from, to } => Shape::Measure {
                from: from.turned_once(),
                to: to.turned_once(),
            },
        };
        Self { shape, ..self }
    }
}
