//! Changing what is said about images, one or many at once: all or nothing (I3, I5).

use std::collections::{HashMap, HashSet};

use cutis_audit::{Action, Audited, Denial, Detail, Event, Target};
use cutis_blob::{Edition, Part};
use cutis_domain::image::{Corrected, Field, Image};
use cutis_domain::{Clinician, Digest, FieldError, ImageId, Invalid, PatientId, Sensitive, Timestamp};
use cutis_storage::port::{ImageChange, StoredImage};
use cutis_storage::{PatientUnit, Unit};

use super::ImageError;
use super::edit::{EditedImages, ImageEdit, ImageEdits, Turn};
use super::open::edition_of;
use super::turning::Turned;
use crate::error::EditField;
use crate::patients::Change;
use crate::{RecordError, Records};

/// How far a capture time may lie in the future, in seconds: a day, for cameras set to another time zone.
const FUTURE: i64 = 86_400;

/// How often a turning begins again because somebody else turned the same images while the renditions were made. Each time
/// one of those who turn it at once is through, so more than this many would have to be at it.
const MOST_TRIES: u32 = 16;

/// Why a change was not made, without anything of the record.
enum Refusal {
    Other(ImageError),
    Stale {
        patient: PatientId,
        moved: Vec<(ImageId, Vec<Field>)>,
    },
    /// Renditions were made from an edition that is no longer that of these images.
    Elsewhere(Vec<Image>),
}

impl<E: Into<ImageError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

impl Denial for Refusal {
    fn denial(&self) -> Option<Event> {
        match self {
            Self::Other(error) => error.denial(),
            // It is tried again.
            Self::Elsewhere(_) => None,
            Self::Stale { patient, moved } => Some(
                Event::new(Action::ImageChanged)
                    .refused()
                    .target(Target::Patient(*patient))
                    .patient(*patient)
                    .detail(Detail::code("reason", "stale_version"))
                    .detail(Detail::ids(
                        "images",
                        moved.iter().map(|(id, _)| id.to_string()).collect(),
                    )),
            ),
        }
    }
}

impl Records {
    /// Changes images of one patient. Refused as a whole if somebody else has changed one of the same fields of an image
    /// since the version given for it, or if one of them is not in the pool. Each image that changes leaves its own event.
    ///
    /// Images that are turned get new renditions first, which takes a moment for each; the originals stay as they are. If
    /// somebody else turned one meanwhile, and no version says that this matters, it is turned again from there.
    ///
    /// # Errors
    /// See [`ImageError`].
    pub async fn change_images(
        &self,
        by: &Clinician,
        patient: PatientId,
        edits: Vec<ImageEdits>,
    ) -> Result<EditedImages, ImageError> {
        let now = self.clock.now();
        check_times(&edits, now)?;
        let mut turned = self.turn(by, patient, &edits, None).await?;
        let mut tries = 1;
        let done = loop {
            let (edits_now, turned_now) = (edits.clone(), turned.clone());
            let done = self
                .store
                .clinic(by)
                .write(move |unit| change_in(unit, patient, &edits_now, &turned_now, now))
                .await;
            match done {
                Ok(done) => break done,
                Err(Refusal::Other(error)) => return Err(error),
                Err(Refusal::Stale { moved, .. }) => return Err(ImageError::Stale(moved)),
                Err(Refusal::Elsewhere(_)) if tries >= MOST_TRIES => return Err(ImageError::Busy),
                Err(Refusal::Elsewhere(images)) => {
                    tries += 1;
                    for now in &images {
                        self.forget_unused(patient, now, turned.get(&now.id)).await;
                    }
                    let again: Vec<ImageId> = images.iter().map(|image| image.id).collect();
                    turned.extend(self.turn(by, patient, &edits, Some(&again)).await?);
                }
            }
        };
        // First nobody is led to the renditions of before any more, and then they go.
        self.gallery.changed(&done.after);
        for before in &done.replaced {
            self.forget_renditions(patient, edition_of(before), &before.sha256)
                .await;
        }
        Ok(EditedImages {
            images: done.after.into_iter().map(|stored| stored.image).collect(),
            undo: done.undo,
        })
    }

    /// Removes renditions that no row names and none ever will again: editions only go up. A crash before this leaves
    /// them to the sweep.
    async fn forget_renditions(&self, patient: PatientId, edition: Edition, sha256: &Digest) {
        let Ok(key) = self.vault.patient_key(patient) else {
            return;
        };
        // What stays behind is an orphan, and the sweep's.
        drop(self.blobs.remove(&key, Part::Derived(edition), sha256).await);
    }

    /// Removes renditions that were made for nothing, unless they are the image's: whoever was faster may have turned it alike.
    async fn forget_unused(&self, patient: PatientId, now: &Image, turned: Option<&Turned>) {
        let Some(made) = turned.and_then(|turned| turned.made) else {
            return;
        };
        let edition = Edition {
            number: made.edition,
            turns: made.turns.quarters(),
        };
        if edition != edition_of(now) {
            self.forget_renditions(patient, edition, &now.sha256).await;
        }
    }
}

/// A capture time in the future is a slip of the pen.
fn check_times(edits: &[ImageEdits], now: Timestamp) -> Result<(), RecordError> {
    let late = |edits: &ImageEdits| matches!(edits.edit.captured_at, Change::Set(at) if at > now.plus_seconds(FUTURE));
    let named = |group| EditField::Of {
        group,
        field: Field::CapturedAt,
    };
    let refused: Vec<FieldError<EditField>> = edits
        .iter()
        .enumerate()
        .filter(|(_, edits)| late(edits))
        .map(|(group, _)| {
            let message = "Enter a time that is not in the future.";
            FieldError::new(named(group), Invalid::new("future", message))
        })
        .collect();
    if refused.is_empty() {
        Ok(())
    } else {
        Err(RecordError::of(refused))
    }
}

/// What a unit did.
struct Done {
    after: Vec<StoredImage>,
    undo: Vec<ImageEdits>,
    /// Images as they were whose renditions were made again.
    replaced: Vec<Image>,
}

fn change_in(
    unit: &mut Unit<'_>,
    patient: PatientId,
    edits: &[ImageEdits],
    turned: &HashMap<ImageId, Turned>,
    now: Timestamp,
) -> Result<Audited<Done>, Refusal> {
    let mut inside = unit.inside(patient)?;
    let (mut undo, mut replaced, mut events) = (Vec::new(), Vec::new(), Vec::new());
    let (mut moved, mut elsewhere) = (Vec::new(), Vec::new());
    let mut order = Vec::new();
    let each = edits.iter().enumerate().flat_map(|(group, edits)| {
        let images = edits.images.iter().enumerate();
        images.map(move |(image, one)| (EditField::Version { group, image }, &edits.edit, *one))
    });
    for (place, edit, (id, version)) in each {
        order.push(id);
        let before = inside
            .image(id)?
            .ok_or(RecordError::absent(Target::Image(id), patient))?
            .image;
        if version.is_some_and(|version| version > before.version) {
            return Err(never_was(place).into());
        }
        let turned = turned.get(&id);
        let new = New::of(&before, edit, turned);
        let changed = new.changed(&before);
        let conflicts = conflicts(&before, &changed, version, turned);
        if !conflicts.is_empty() {
            moved.push((id, conflicts));
            continue;
        }
        if turned.is_some_and(|turned| turned.from != edition_of(&before)) {
            elsewhere.push(before);
            continue;
        }
        if changed.is_empty() {
            continue;
        }
        let event = Event::new(Action::ImageChanged)
            .target(Target::Image(id))
            .patient(patient);
        events.push(event.detail(Detail::image_fields("fields", &changed)));
        let next = before.version.saturating_add(1);
        write(&mut inside, &before, new, &changed, now)?;
        undo.push(ImageEdits {
            images: vec![(id, Some(next))],
            edit: back_to(&before, &changed),
        });
        if changed.contains(&Field::Turns) {
            replaced.push(before);
        }
    }
    if !moved.is_empty() {
        return Err(Refusal::Stale { patient, moved });
    }
    if !elsewhere.is_empty() {
        return Err(Refusal::Elsewhere(elsewhere));
    }
    let mut after = Vec::with_capacity(order.len());
    for id in &order {
        after.extend(inside.image(*id)?);
    }
    let mut events = events.into_iter();
    let first = events.next().unwrap_or_else(|| {
        // Nothing is different; the images are shown all the same.
        Event::new(Action::ImagesListed)
            .target(Target::Patient(patient))
            .patient(patient)
            .detail(Detail::ids(
                "images",
                order.iter().map(ToString::to_string).collect(),
            ))
    });
    let done = Done {
        after,
        undo,
        replaced,
    };
    Ok(events.fold(Audited::new(done, first), Audited::and))
}

fn write(
    inside: &mut PatientUnit<'_, '_>,
    before: &Image,
    new: New,
    changed: &[Field],
    at: Timestamp,
) -> Result<(), Refusal> {
    let mut field_versions = before.field_versions.clone();
    field_versions.changed(changed.iter().copied(), before.version.saturating_add(1));
    let change = ImageChange {
        id: before.id,
        details: new.details,
        captured_at: new.captured_at,
        corrected: new.corrected,
        renditions: new.renditions,
        field_versions,
        expected: before.version,
        at,
    };
    if inside.change_image(&change)? {
        Ok(())
    } else {
        Err(RecordError::absent(Target::Image(before.id), before.patient).into())
    }
}

/// An image's fields as they are to be.
struct New {
    details: cutis_domain::image::Details,
    captured_at: Option<Timestamp>,
    corrected: Option<Corrected>,
    renditions: Option<cutis_storage::port::Renditions>,
}

impl New {
    fn of(before: &Image, edit: &ImageEdit, turned: Option<&Turned>) -> Self {
        let mut details = before.details.clone();
        let edit = edit.clone();
        match edit.caption {
            Change::Keep => {}
            Change::Clear => details.caption = None,
            Change::Set(caption) => details.caption = Some(Sensitive::new(caption)),
        }
        edit.place.over(&mut details.place);
        edit.view.over(&mut details.view);
        edit.modality.over(&mut details.modality);
        if let Some(rating) = edit.rating {
            details.rating = rating;
        }
        let camera = before.camera_at();
        let (captured_at, corrected) = match edit.captured_at {
            Change::Keep => (before.captured_at, before.corrected),
            Change::Set(at) if Some(at) != camera => (Some(at), Some(Corrected { camera })),
            Change::Clear | Change::Set(_) => (camera, None),
        };
        Self {
            details,
            captured_at,
            corrected,
            renditions: turned.and_then(|turned| turned.made),
        }
    }

    /// The fields in which the image becomes another.
    fn changed(&self, before: &Image) -> Vec<Field> {
        let (now, then) = (&self.details, &before.details);
        let text = |details: &cutis_domain::image::Details| {
            details
                .caption
                .as_ref()
                .map(|caption| caption.reveal().as_str().to_owned())
        };
        [
            (Field::Caption, text(now) != text(then)),
            (
                Field::CapturedAt,
                (self.captured_at, self.corrected) != (before.captured_at, before.corrected),
            ),
            (Field::Site, now.place != then.place),
            (Field::View, now.view != then.view),
            (Field::Modality, now.modality != then.modality),
            (Field::Rating, now.rating != then.rating),
            (Field::Turns, self.renditions.is_some()),
        ]
        .into_iter()
        .filter_map(|(field, differs)| differs.then_some(field))
        .collect()
    }
}

/// The fields that somebody else changed since the version that the change was made from.
fn conflicts(before: &Image, changed: &[Field], version: Option<u64>, turned: Option<&Turned>) -> Vec<Field> {
    let moved =
        |field: &Field| version.is_some_and(|version| before.field_versions.moved_since(*field, version));
    let outdated = turned.is_some_and(|turned| turned.is_outdated);
    let turns = outdated.then_some(Field::Turns);
    changed.iter().copied().filter(moved).chain(turns).collect()
}

/// The value of a field before, if it changed.
fn again<T: Copy>(changed: bool, value: Option<T>) -> Change<T> {
    match (changed, value) {
        (false, _) => Change::Keep,
        (true, None) => Change::Clear,
        (true, Some(value)) => Change::Set(value),
    }
}

/// The values before, of the fields that changed.
fn back_to(before: &Image, changed: &[Field]) -> ImageEdit {
    let has: HashSet<&Field> = changed.iter().collect();
    let details = &before.details;
    ImageEdit {
        caption: match &details.caption {
            _ if !has.contains(&Field::Caption) => Change::Keep,
            None => Change::Clear,
            Some(caption) => Change::Set(caption.reveal().clone()),
        },
        captured_at: again(
            has.contains(&Field::CapturedAt),
            before.corrected.and(before.captured_at),
        ),
        place: again(has.contains(&Field::Site), details.place),
        view: again(has.contains(&Field::View), details.view),
        modality: again(has.contains(&Field::Modality), details.modality),
        rating: has.contains(&Field::Rating).then_some(details.rating),
        turn: has.contains(&Field::Turns).then_some(Turn::To(before.turns)),
    }
}

/// A version that the image has not reached yet is a mistake of the program that sends it.
fn never_was(place: EditField) -> RecordError {
    RecordError::of(vec![FieldError::new(
        place,
        Invalid::new(
            "version",
            "Load the photo again; this version of it does not exist.",
        ),
    )])
}
