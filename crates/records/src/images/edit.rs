//! A change of what is said about images, as a command.

use cutis_domain::image::details::{Modality, Place, Rating, View};
use cutis_domain::image::{Image, Turns};
use cutis_domain::{ImageId, Text, Timestamp};

use crate::patients::Change;

/// The most images that one request changes.
pub const MOST_CHANGED: usize = 200;
/// The most images that one request turns: the renditions of each are made again.
pub const MOST_TURNED: usize = 50;

/// How an image is to be turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// So much further, clockwise.
    By(Turns),
    /// So much from upright.
    To(Turns),
}

/// New values of some fields of an image.
#[derive(Default)]
pub struct ImageEdit {
    /// The caption.
    pub caption: Change<Text<1, 500>>,
    /// When it was captured; cleared, it is as the camera says again.
    pub captured_at: Change<Timestamp>,
    /// The body site with its side.
    pub place: Change<Place>,
    /// From where it was taken.
    pub view: Change<View>,
    /// With what it was taken.
    pub modality: Change<Modality>,
    /// The stars; `None` leaves them.
    pub rating: Option<Rating>,
    /// How it is turned; `None` leaves it.
    pub turn: Option<Turn>,
}

impl Clone for ImageEdit {
    fn clone(&self) -> Self {
        Self {
            caption: self.caption.clone(),
            captured_at: self.captured_at.clone(),
            place: self.place.clone(),
            view: self.view.clone(),
            modality: self.modality.clone(),
            rating: self.rating,
            turn: self.turn,
        }
    }
}

impl std::fmt::Debug for ImageEdit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ImageEdit[redacted]")
    }
}

/// The same change for several images.
#[derive(Debug, Clone)]
pub struct ImageEdits {
    /// Which images, and for each the version that the change was made from, if that matters.
    pub images: Vec<(ImageId, Option<u64>)>,
    /// What changes.
    pub edit: ImageEdit,
}

/// What a change did.
#[derive(Debug)]
pub struct EditedImages {
    /// The images as they are now, in the order asked for.
    pub images: Vec<Image>,
    /// What undoes it: of each image that changed, the values before, to be set from its version now.
    pub undo: Vec<ImageEdits>,
}
