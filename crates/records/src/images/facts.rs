//! What the sender of a file says of the photo (I6): it travels with the upload itself, so that it is stored with the image or
//! not at all, whatever happens on the way.

use cutis_domain::image::details::{Laterality, Place, View};
use cutis_domain::image::site::Site;
use cutis_domain::image::{Corrected, Field};
use cutis_domain::{EntryId, Line, Sensitive, Text, Timestamp};

/// What is said of a photo when it is uploaded; nothing by default.
#[derive(Debug, Clone, Default)]
pub struct UploadFacts {
    /// When it was captured. It counts more than the time in the file, which is kept as what the camera says.
    pub captured_at: Option<Timestamp>,
    /// What of the body it shows.
    pub place: Option<Place>,
    /// From where.
    pub view: Option<View>,
    /// With what it was taken: it counts more than the camera's name in the file.
    pub device: Option<Sensitive<Line<1, 200>>>,
    /// The visit whose workspace it belongs to.
    pub entry: Option<EntryId>,
}

/// The keys of the text in which a staged file keeps them.
const CAPTURED: &str = "captured";
const SITE: &str = "site";
const SIDE: &str = "side";
const VIEW: &str = "view";
const DEVICE: &str = "device";
const ENTRY: &str = "entry";

impl UploadFacts {
    /// When it was captured, and what the camera says if that is something else.
    pub(super) fn captured(&self, camera: Option<Timestamp>) -> (Option<Timestamp>, Option<Corrected>) {
        match (self.captured_at, camera) {
            (Some(at), Some(_)) if Some(at) != camera => (Some(at), Some(Corrected { camera })),
            // In the file is no time: then its sender is the camera.
            (Some(at), _) => (Some(at), None),
            (None, camera) => (camera, None),
        }
    }

    /// The fields of the image that are said.
    pub(super) fn fields(&self) -> Vec<Field> {
        [
            (Field::CapturedAt, self.captured_at.is_some()),
            (Field::Site, self.place.is_some()),
            (Field::View, self.view.is_some()),
        ]
        .into_iter()
        .filter_map(|(field, said)| said.then_some(field))
        .collect()
    }

    /// One line for each, for a file that is not whole yet.
    pub(super) fn to_note(&self) -> String {
        let place = self.place;
        [
            (CAPTURED, self.captured_at.map(|at| at.as_micros().to_string())),
            (SITE, place.map(|place| place.site().code().to_owned())),
            (
                SIDE,
                place
                    .and_then(Place::laterality)
                    .map(|side| side.code().to_owned()),
            ),
            (VIEW, self.view.map(|view| view.code().to_owned())),
            (
                DEVICE,
                self.device
                    .as_ref()
                    .map(|device| device.reveal().as_str().to_owned()),
            ),
            (ENTRY, self.entry.map(|entry| entry.to_string())),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some(format!("{key} {}", value?)))
        .collect::<Vec<_>>()
        .join("\n")
    }

    /// The same from those lines. What this program does not know any more is left out: the photo itself counts more.
    pub(super) fn from_note(note: &str) -> Self {
        let value = |key: &str| {
            note.lines()
                .find_map(|line| line.strip_prefix(key)?.strip_prefix(' '))
        };
        let side = value(SIDE).and_then(|code| Laterality::parse(code).ok());
        Self {
            captured_at: value(CAPTURED)
                .and_then(|micros| micros.parse().ok())
                .map(Timestamp::from_micros),
            place: value(SITE)
                .and_then(|code| Site::parse(code).ok())
                .and_then(|site| Place::new(site, side).ok()),
            view: value(VIEW).and_then(|code| View::parse(code).ok()),
            device: value(DEVICE)
                .and_then(|text| Text::stored(text).ok())
                .map(Sensitive::new),
            entry: value(ENTRY).and_then(|id| id.parse().ok()),
        }
    }
}

/// A file's name as it was sent, and what is said of the photo.
#[derive(Debug, Clone, Default)]
pub struct Sent<'a> {
    /// The name.
    pub name: &'a str,
    /// What is said.
    pub facts: UploadFacts,
}

impl<'a> Sent<'a> {
    /// A file of which nothing is said but its name.
    pub fn named(name: &'a str) -> Self {
        Self {
            name,
            facts: UploadFacts::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> UploadFacts {
        let site = Site::parse("41550009").expect("a site");
        UploadFacts {
            captured_at: Timestamp::parse("2026-11-27T10:00:00.25Z").ok(),
            place: Place::new(site, Some(Laterality::Left)).ok(),
            view: Some(View::LeftOblique),
            device: Text::parse("Back camera · zoom 2").ok().map(Sensitive::new),
            entry: "018f3c5e-7b1a-7c3d-9a4b-000000000001".parse().ok(),
        }
    }

    /// I4, I6: what is said of a file outlives a restart with it.
    #[test]
    fn a_note_gives_back_what_was_said() {
        for facts in [all(), UploadFacts::default()] {
            let again = UploadFacts::from_note(&facts.to_note());
            assert_eq!(again.to_note(), facts.to_note());
            assert_eq!(again.captured_at, facts.captured_at);
            assert_eq!(again.place, facts.place);
            assert_eq!((again.view, again.entry), (facts.view, facts.entry));
            assert_eq!(again.device.is_some(), facts.device.is_some());
        }
        assert_eq!(all().to_note().lines().count(), 6);
    }

    /// I3: a time that is said counts more than the file's, which stays to be seen.
    #[test]
    fn what_is_said_counts_more_than_the_file() {
        let (said, camera) = (all().captured_at, Timestamp::parse("2020-01-01T00:00:00Z").ok());
        assert_eq!(all().captured(camera), (said, Some(Corrected { camera })));
        assert_eq!(all().captured(said), (said, None));
        assert_eq!(all().captured(None), (said, None));
        assert_eq!(UploadFacts::default().captured(camera), (camera, None));
    }
}
