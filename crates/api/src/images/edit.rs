//! Changes of images on the wire, and how they become commands.

use std::collections::HashSet;

use cutis_domain::image::Turns;
use cutis_domain::image::details::{Laterality, Modality, Place, Rating, View};
use cutis_domain::image::site::Site;
use cutis_domain::{Faults, ImageId, Invalid, Text, Timestamp};
use cutis_records::images::{ImageEdit, ImageEdits, MOST_CHANGED, MOST_TURNED, Turn};
use cutis_records::patients::Change;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::dto::BodySite;
use crate::sent::{self, Sent, present};

/// New values of an image: absent fields stay, `null` clears.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ImageValues {
    /// At most 500 characters.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>)]
    caption: Sent<String>,
    /// When it was captured, RFC 3339; `null` takes what the camera says again.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>)]
    captured_at: Sent<String>,
    /// The body site and its side.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<BodySite>)]
    site: Sent<BodySite>,
    /// From where it was taken.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>)]
    view: Sent<String>,
    /// With what it was taken.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>)]
    modality: Sent<String>,
    /// 0 to 5 stars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rating: Option<i64>,
    /// How many quarters it is turned from upright, clockwise, 0 to 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    turns: Option<i64>,
    /// How many quarters it is turned further, clockwise, 1 to 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    turn_by: Option<i64>,
}

/// A change of one image.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ImagePatch {
    /// The version that the change was made on.
    pub(super) version: u64,
    /// The new values.
    pub(super) set: ImageValues,
}

/// Changes of several images at once.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ImageChanges {
    /// 200 images at most in all, each once; 50 at most that are turned.
    pub(super) changes: Vec<ImageChangeGroup>,
}

/// The same new values for several images.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ImageChangeGroup {
    images: Vec<ChangedImage>,
    set: ImageValues,
}

/// An image that is to be changed.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangedImage {
    id: String,
    /// The version that the change was made on. Without it the change overwrites whatever others changed meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
}

/// What is refused of a change, by the names of the wire.
pub(super) type Refused = Faults<String>;

fn place(sent: &BodySite) -> Result<Place, Invalid> {
    let side = sent.laterality.as_deref().map(Laterality::parse).transpose()?;
    Place::new(Site::parse(&sent.code)?, side)
}

impl ImageValues {
    /// The change that this says; `within` is where it stands in the request.
    pub(super) fn edit(self, faults: &mut Refused, within: &str) -> ImageEdit {
        let name = |field: &str| format!("{within}.{field}");
        if matches!(
            self,
            Self {
                caption: None,
                captured_at: None,
                site: None,
                view: None,
                modality: None,
                rating: None,
                turns: None,
                turn_by: None,
            }
        ) {
            faults.refuse(
                within.to_owned(),
                Invalid::new("empty", "Send at least one field."),
            );
        }
        let turn = match (self.turns, self.turn_by) {
            (None, None) => None,
            (Some(turns), None) => faults.take(name("turns"), Turns::parse(turns)).map(Turn::To),
            (None, Some(by)) => faults.take(name("turnBy"), further(by)).map(Turn::By),
            (Some(_), Some(_)) => {
                faults.refuse(
                    name("turnBy"),
                    Invalid::new("both", "Send either turns or turnBy, not both."),
                );
                None
            }
        };
        ImageEdit {
            caption: sent::text(faults, name("caption"), self.caption, Text::parse),
            captured_at: sent::text(faults, name("capturedAt"), self.captured_at, Timestamp::parse),
            place: match self.site {
                None => Change::Keep,
                Some(None) => Change::Clear,
                Some(Some(site)) => Change::of(faults.take(name("site"), place(&site))),
            },
            view: sent::text(faults, name("view"), self.view, View::parse),
            modality: sent::text(faults, name("modality"), self.modality, Modality::parse),
            rating: self
                .rating
                .and_then(|stars| faults.take(name("rating"), Rating::parse(stars))),
            turn,
        }
    }
}

fn further(quarters: i64) -> Result<Turns, Invalid> {
    let sound = Turns::parse(quarters).ok().filter(|_| quarters != 0);
    sound.ok_or_else(|| Invalid::new("turns", "Choose 1 to 3 quarter turns."))
}

/// So many images in so many groups: at least one group, and no more of either than `most`. A group without an image is
/// named by itself.
pub(super) fn within(most: usize, groups: usize, images: usize) -> Result<(), Invalid> {
    if groups == 0 {
        Err(Invalid::new("empty", "Send at least one photo."))
    } else if images > most || groups > most {
        let message = format!("Send at most {most} photos in one request.");
        Err(Invalid::new("too_many", message))
    } else {
        Ok(())
    }
}

/// Reads the ids of a list, each once, at least one.
pub(super) fn ids(
    faults: &mut Refused,
    within: &str,
    sent: &[&str],
    seen: &mut HashSet<ImageId>,
) -> Vec<ImageId> {
    if sent.is_empty() {
        faults.refuse(
            within.to_owned(),
            Invalid::new("empty", "Send at least one photo."),
        );
    }
    let mut ids = Vec::new();
    for (index, text) in sent.iter().enumerate() {
        let name = || format!("{within}[{index}]");
        match faults.take(name(), text.parse::<ImageId>()) {
            Some(id) if seen.insert(id) => ids.push(id),
            Some(_) => faults.refuse(name(), Invalid::new("twice", "Send each photo once.")),
            None => {}
        }
    }
    ids
}

impl ImageChanges {
    /// The commands that this says.
    pub(super) fn commands(self, faults: &mut Refused) -> Vec<ImageEdits> {
        let turns = |group: &ImageChangeGroup| group.set.turns.is_some() || group.set.turn_by.is_some();
        let (mut all, mut turned) = (0_usize, 0_usize);
        for group in &self.changes {
            all = all.saturating_add(group.images.len());
            if turns(group) {
                turned = turned.saturating_add(group.images.len());
            }
        }
        if let Err(refusal) = within(MOST_CHANGED, self.changes.len(), all) {
            faults.refuse("changes".to_owned(), refusal);
            return Vec::new();
        }
        if turned > MOST_TURNED {
            let message = format!("Send at most {MOST_TURNED} photos to be turned in one request.");
            faults.refuse("changes".to_owned(), Invalid::new("too_many", message));
            return Vec::new();
        }
        let mut seen = HashSet::new();
        let mut commands = Vec::with_capacity(self.changes.len());
        for (index, group) in self.changes.into_iter().enumerate() {
            let texts: Vec<&str> = group.images.iter().map(|image| image.id.as_str()).collect();
            let ids = ids(faults, &format!("changes[{index}].images"), &texts, &mut seen);
            let versions = group.images.iter().map(|image| image.version);
            commands.push(ImageEdits {
                images: ids.into_iter().zip(versions).collect(),
                edit: group.set.edit(faults, &format!("changes[{index}].set")),
            });
        }
        commands
    }
}

fn back<T>(change: &Change<T>, text: impl FnOnce(&T) -> String) -> Sent<String> {
    change.sent().map(|value| value.map(text))
}

impl From<&ImageEdits> for ImageChangeGroup {
    fn from(edits: &ImageEdits) -> Self {
        let edit = &edits.edit;
        let (turns, turn_by) = match edit.turn {
            None => (None, None),
            Some(Turn::To(turns)) => (Some(turns.quarters().into()), None),
            Some(Turn::By(turns)) => (None, Some(turns.quarters().into())),
        };
        Self {
            images: edits
                .images
                .iter()
                .map(|(id, version)| ChangedImage {
                    id: id.to_string(),
                    version: *version,
                })
                .collect(),
            set: ImageValues {
                caption: back(&edit.caption, |caption| caption.as_str().to_owned()),
                captured_at: back(&edit.captured_at, ToString::to_string),
                site: edit.place.sent().map(|place| place.copied().map(BodySite::from)),
                view: back(&edit.view, |view| view.code().to_owned()),
                modality: back(&edit.modality, |modality| modality.code().to_owned()),
                rating: edit.rating.map(|rating| rating.stars().into()),
                turns,
                turn_by,
            },
        }
    }
}
