//! Comparison groups of an entry (C1–C3): which images, in which order, shown how, and what is marked on them.

mod field;
pub mod marks;
pub mod number;

pub use field::{GroupField, PartField};
pub use marks::Marks;

use crate::ids::{ComparisonId, EntryId, ImageId};
use crate::image::Turns;
use crate::{FieldVersions, Invalid, Line, Read, Sensitive, Text};

/// The maximum number of images in an entry's workspace.
pub const MAX_WORKSPACE: usize = 500;

/// The maximum number of an entry's comparison groups.
pub const MAX_COMPARISONS: usize = 50;

/// The version of a group that was never changed.
pub const FIRST_VERSION: u64 = 1;

macro_rules! codes {
    ($(#[$doc:meta])* $kind:ident, $rule:literal, { $($(#[$vdoc:meta])* $name:ident = $code:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $kind {
            $($(#[$vdoc])* $name,)+
        }

        impl $kind {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Its stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// Parses a code.
            ///
            /// # Errors
            /// When none has it.
            pub fn parse(code: &str) -> Read<Self> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|one| one.code() == code)
                    .ok_or_else(|| {
                        let codes: Vec<&str> = Self::ALL.iter().map(|one| one.code()).collect();
                        Invalid::new($rule, format!("Choose one of {}.", codes.join(", ")))
                    })
            }
        }
    };
}

codes! {
    /// How the images of a group are shown (C2).
    Mode, "mode", {
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
}

codes! {
    /// How the images of a group are arranged.
    Layout, "layout", {
        /// As fits the screen.
        Auto = "auto";
        /// In one row.
        Row = "row";
        /// In one column.
        Column = "column";
        /// In two columns.
        Two = "two";
        /// In three columns.
        Three = "three";
        /// In four columns.
        Four = "four";
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

/// An image within a group.
#[derive(Debug, Clone)]
pub struct ComparedImage {
    /// Which image.
    pub image: ImageId,
    /// What stands beside it; without, its date does.
    pub label: Option<Sensitive<Line<1, 80>>>,
    /// What is marked on it.
    pub marks: Marks,
    /// With which turns of the image the marks were put. [`ComparedImage::as_shown`] brings both together.
    pub turns: Turns,
    /// At which version of the group each field last changed.
    pub versions: FieldVersions<PartField>,
}

impl ComparedImage {
    /// An image that came into its group with this version.
    pub fn new(image: ImageId, version: u64) -> Self {
        Self {
            image,
            label: None,
            marks: Marks::default(),
            turns: Turns::default(),
            versions: FieldVersions::all_at(version),
        }
    }

    /// The same with marks for the image as it is turned now. `width` and `height` are the image's present ones.
    #[must_use]
    pub fn as_shown(self, turns: Turns, width: u32, height: u32) -> Self {
        let further = turns.since(self.turns);
        let sides = if further.swaps_sides() {
            (height, width)
        } else {
            (width, height)
        };
        Self {
            marks: self.marks.turned(further, sides.0, sides.1),
            turns,
            ..self
        }
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
    /// A note of several lines.
    pub note: Option<Sensitive<Text<1, 4_000>>>,
    /// How it is shown.
    pub mode: Mode,
    /// How it is arranged.
    pub layout: Layout,
    /// Which images in which order: what [`Compared`] allows.
    pub images: Vec<ComparedImage>,
    /// Counts changes of the group and of what is marked in it, from [`FIRST_VERSION`].
    pub version: u64,
    /// At which version each field of the group last changed.
    pub versions: FieldVersions<GroupField>,
}

impl Comparison {
    /// A group that nobody has changed yet.
    pub fn new(id: ComparisonId, entry: EntryId, mode: Mode, images: &Compared) -> Self {
        let images = images.as_slice().iter();
        Self {
            id,
            entry,
            title: None,
            note: None,
            mode,
            layout: Layout::Auto,
            images: images
                .map(|image| ComparedImage::new(*image, FIRST_VERSION))
                .collect(),
            version: FIRST_VERSION,
            versions: FieldVersions::all_at(FIRST_VERSION),
        }
    }

    /// The images' ids in their order.
    pub fn image_ids(&self) -> Vec<ImageId> {
        self.images.iter().map(|it| it.image).collect()
    }

    /// Gives it these images in this order. What is marked on those that stay stays, and goes with those that go. Those that
    /// come count as changed in `version`.
    pub fn arrange(&mut self, images: &Compared, version: u64) {
        let mut before = std::mem::take(&mut self.images);
        let kept = |image: &ImageId| {
            let place = before.iter().position(|it| it.image == *image);
            place.map_or_else(
                || ComparedImage::new(*image, version),
                |place| before.swap_remove(place),
            )
        };
        self.images = images.as_slice().iter().map(kept).collect();
    }
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
        for layout in Layout::ALL {
            assert_eq!(Layout::parse(layout.code()), Ok(*layout));
        }
        assert!(Layout::parse("five").is_err());
    }

    /// C1: what is marked on an image stays with it in another order, and goes with it.
    #[test]
    fn marks_go_where_their_image_goes() {
        let ids: Vec<ImageId> = (1..=3).map(|number| ImageId::from_bytes([number; 16])).collect();
        let of = |places: &[usize]| {
            Compared::parse(places.iter().map(|place| ids[*place]).collect()).expect("images")
        };
        let (group, entry) = (ComparisonId::from_bytes([7; 16]), EntryId::from_bytes([8; 16]));
        let mut comparison = Comparison::new(group, entry, Mode::Grid, &of(&[0, 1]));
        comparison.images[1].label = Line::parse("After").ok().map(Sensitive::new);
        comparison.arrange(&of(&[1, 2, 0]), 5);
        assert_eq!(comparison.image_ids(), [ids[1], ids[2], ids[0]]);
        let labelled = |comparison: &Comparison| {
            comparison
                .images
                .iter()
                .map(|it| it.label.is_some())
                .collect::<Vec<_>>()
        };
        assert_eq!(labelled(&comparison), [true, false, false]);
        let moved = |place: usize| comparison.images[place].versions.moved_since(PartField::Label, 4);
        assert!(!moved(0) && moved(1) && !moved(2));
        comparison.arrange(&of(&[2, 0]), 6);
        comparison.arrange(&of(&[1, 0]), 7);
        assert_eq!(labelled(&comparison), [false, false]);
    }
}
