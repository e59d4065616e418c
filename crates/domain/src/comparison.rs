//! Comparison groups of an entry (C1, C2): which images, in which order, shown how.

use crate::ids::{ComparisonId, EntryId, ImageId};
use crate::{Invalid, Line, Read, Sensitive};

/// The maximum number of images in an entry's workspace.
pub const MAX_WORKSPACE: usize = 500;

/// The maximum number of an entry's comparison groups.
pub const MAX_COMPARISONS: usize = 50;

macro_rules! modes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)+) => {
        /// How the images of a group are shown (C2).
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Mode {
            $($(#[$doc])* $name,)+
        }

        impl Mode {
            /// Every mode.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Its stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }
        }
    };
}

modes! {
    /// One beside the other.
    SideBySide = "side_by_side";
    /// In rows and columns.
    Grid = "grid";
    /// One uncovers the other by a slider.
    Split = "split";
    /// One shines through the other.
    Overlay = "overlay";
    /// One after the other in the same place.
    Blink = "blink";
    /// What differs.
    Difference = "difference";
    /// Along time.
    Timeline = "timeline";
}

impl Mode {
    /// Parses a code.
    ///
    /// # Errors
    /// When no mode has it.
    pub fn parse(code: &str) -> Read<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|mode| mode.code() == code)
            .ok_or_else(|| {
                let codes: Vec<&str> = Self::ALL.iter().map(|mode| mode.code()).collect();
                Invalid::new("mode", format!("Choose one of {}.", codes.join(", ")))
            })
    }
}

/// Two to sixteen different images in their order (C1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared(Vec<ImageId>);

impl Compared {
    /// The minimum number of images.
    pub const MIN: usize = 2;
    /// The maximum number of images.
    pub const MAX: usize = 16;

    /// Takes images in their order.
    ///
    /// # Errors
    /// When there are too few or too many, or one appears twice.
    pub fn parse(images: Vec<ImageId>) -> Read<Self> {
        if !(Self::MIN..=Self::MAX).contains(&images.len()) {
            return Err(Invalid::new("count", "Choose 2 to 16 photos."));
        }
        let mut sorted = images.clone();
        sorted.sort_unstable();
        sorted.dedup();
        if sorted.len() < images.len() {
            return Err(Invalid::new("repeated", "Choose each photo once."));
        }
        Ok(Self(images))
    }

    /// The images in their order.
    pub fn as_slice(&self) -> &[ImageId] {
        &self.0
    }
}

/// A comparison group. The order of an entry's groups is that of the list they are in.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The identifier.
    pub id: ComparisonId,
    /// Of which visit.
    pub entry: EntryId,
    /// A short heading.
    pub title: Option<Sensitive<Line<1, 200>>>,
    /// How it is shown.
    pub mode: Mode,
    /// Which images.
    pub images: Compared,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// C1: two to sixteen, each once.
    #[test]
    fn a_group_is_two_to_sixteen_different_images() {
        let images =
            |numbers: std::ops::Range<u8>| numbers.map(|number| ImageId::from_bytes([number; 16])).collect();
        let code = |images: Vec<ImageId>| Compared::parse(images).map_err(|error| error.code());
        assert_eq!(code(images(0..1)), Err("count"));
        assert_eq!(code(images(0..17)), Err("count"));
        assert_eq!(code([images(0..2), images(1..2)].concat()), Err("repeated"));
        assert_eq!(code(images(0..16)).map(|it| it.as_slice().len()), Ok(16));
    }

    #[test]
    fn modes_parse_back() {
        for mode in Mode::ALL {
            assert_eq!(Mode::parse(mode.code()), Ok(*mode));
        }
        assert!(Mode::parse("flicker").is_err());
    }
}
