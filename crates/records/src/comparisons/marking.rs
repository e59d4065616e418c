//! Changing what is marked on an image of a comparison.

use cutis_audit::{Audited, Detail, Target};
use cutis_compare::{Landmarks, NoFit, Point, Side, check_apart};
use cutis_domain::comparison::{ComparedImage, Marks, PartField};
use cutis_domain::image::{Image, Turns};
use cutis_domain::{Clinician, ComparisonId, FieldError, ImageId, Invalid, PatientId, Sensitive, Timestamp};
use cutis_storage::PatientUnit;

use super::changing::sensitive;
use super::shown::{alignment, image_of, pixels, ruler_in_pixels};
use super::{
    ComparisonError, ComparisonField, MarksPatch, Refusal, Saved, ShownComparison, changed, must_have_been,
    no_comparison, refused_as_stale, shown, split, texts,
};
use crate::patients::Change;
use crate::{RecordError, Records};

impl Records {
    /// Changes what is marked on an image of a comparison (P6): what the patch names, except what somebody else changed since
    /// `version` of the comparison, on which the change is based. What is refused for any other reason changes nothing.
    /// Landmarks that cannot be fitted to those of the first image are refused; half of them may be stored.
    ///
    /// # Errors
    /// See [`ComparisonError`].
    pub async fn mark_compared_image(
        &self,
        by: &Clinician,
        patient: PatientId,
        (id, image): (ComparisonId, ImageId),
        version: u64,
        patch: MarksPatch,
    ) -> Result<ShownComparison, ComparisonError> {
        let now = self.clock.now();
        let done = self
            .store
            .clinic(by)
            .write(move |unit| {
                mark_in(
                    &mut unit.inside(patient)?,
                    patient,
                    (id, image),
                    version,
                    patch,
                    now,
                )
            })
            .await;
        let fields = match done {
            Ok(Saved::Whole(shown)) => return Ok(*shown),
            Ok(Saved::Without { saved, moved }) => (saved, moved),
            Err(Refusal::Other(error)) => return Err(error),
            Err(Refusal::Stale { moved, .. }) => (Vec::new(), moved),
        };
        let clash = self
            .clash(by, patient, id, Some(image), fields, PartField::code)
            .await?;
        Err(ComparisonError::StaleImage(clash))
    }
}

fn mark_in(
    inside: &mut PatientUnit<'_, '_>,
    patient: PatientId,
    (id, image): (ComparisonId, ImageId),
    version: u64,
    patch: MarksPatch,
    now: Timestamp,
) -> Result<Audited<Saved<PartField>>, Refusal<PartField>> {
    let mut group = inside.comparison(id)?.ok_or(no_comparison(id, patient))?;
    let open = inside.open_entry(group.entry)?;
    must_have_been(version, &group)?;
    let absent = RecordError::absent(Target::Image(image), patient);
    let place = group
        .images
        .iter()
        .position(|it| it.image == image)
        .ok_or(absent)?;
    let mut facts = Vec::with_capacity(group.images.len());
    for it in &group.images {
        facts.push(image_of(&**inside, it)?);
    }
    // What is shown is compared and judged; of what is stored, only this image is written.
    let mut all: Vec<ComparedImage> = group
        .images
        .iter()
        .zip(&facts)
        .map(|(it, image)| it.clone().as_shown(image.turns, image.width, image.height))
        .collect();
    let (Some(slot), Some(fact)) = (all.get_mut(place), facts.get(place)) else {
        return Err(no_comparison(id, patient).into());
    };
    let before = slot.clone();
    check_sizes(&patch, fact)?;
    let mut after = marked(patch, &before, fact);
    let (saved, moved) = split(differing(&before, &after), &before.versions, version);
    if saved.is_empty() && !moved.is_empty() {
        return Err(Refusal::Stale { id, patient, moved });
    }
    for field in &moved {
        restore(*field, &before, &mut after);
    }
    *slot = after.clone();
    if saved.contains(&PartField::Landmarks) {
        check_fits(&all, &facts, place)?;
    }
    let event = changed(id, patient)
        .detail(Detail::ids("images", texts(&[image])))
        .detail(Detail::part_fields("fields", &saved));
    if !saved.is_empty() {
        group.version = group.version.saturating_add(1);
        after.versions.changed(saved.iter().copied(), group.version);
        if let Some(slot) = group.images.get_mut(place) {
            *slot = after;
        }
        inside.update_comparison(&open, &group, None, now)?;
    }
    if !moved.is_empty() {
        let done = Saved::Without { saved, moved };
        return Ok(Audited::new(done, event).and(refused_as_stale(id, patient)));
    }
    let shown = shown(&**inside, group)?;
    Ok(Audited::new(Saved::Whole(Box::new(shown)), event))
}

/// The sides that an image has with these turns.
fn sides(image: &Image, turns: Turns) -> (u32, u32) {
    if image.turns.since(turns).swaps_sides() {
        (image.height, image.width)
    } else {
        (image.width, image.height)
    }
}

/// Refuses what does not fit the image as it was seen.
fn check_sizes(patch: &MarksPatch, image: &Image) -> Result<(), ComparisonError> {
    let (width, height) = sides(image, patch.turns);
    let mut refused = Vec::new();
    if let Change::Set(ruler) = &patch.ruler {
        let ruler = ruler_in_pixels(*ruler, (width, height));
        if let Err(error) = cutis_compare::measure(width.into(), &ruler, ruler.from, ruler.to) {
            let invalid = Invalid::new(error.code(), error.to_string());
            refused.push(FieldError::new(ComparisonField::Ruler, invalid));
        }
    }
    for (place, annotation) in patch.annotations.iter().flatten().enumerate() {
        if let Err(invalid) = annotation.shape.check_size(width, height) {
            refused.push(FieldError::new(ComparisonField::Radius(place), invalid));
        }
    }
    if refused.is_empty() {
        Ok(())
    } else {
        Err(ComparisonError::Invalid(refused))
    }
}

/// The image with what the patch says, both as the image is turned now.
fn marked(patch: MarksPatch, before: &ComparedImage, image: &Image) -> ComparedImage {
    let (has_view, has_landmarks) = (patch.view.is_some(), patch.landmarks.is_some());
    let (sets_ruler, has_annotations) = (matches!(patch.ruler, Change::Set(_)), patch.annotations.is_some());
    let clears_ruler = matches!(patch.ruler, Change::Clear);
    let mut ruler = None;
    patch.ruler.over(&mut ruler);
    let (width, height) = sides(image, patch.turns);
    let sent = Marks {
        view: patch.view.unwrap_or_default(),
        landmarks: Sensitive::new(patch.landmarks.unwrap_or_default()),
        ruler: Sensitive::new(ruler),
        annotations: Sensitive::new(patch.annotations.unwrap_or_default()),
    };
    let sent = sent.turned(image.turns.since(patch.turns), width, height);
    let mut after = before.clone();
    sensitive(patch.label).over(&mut after.label);
    if has_view {
        after.marks.view = sent.view;
    }
    if has_landmarks {
        after.marks.landmarks = sent.landmarks;
    }
    if sets_ruler || clears_ruler {
        after.marks.ruler = sent.ruler;
    }
    if has_annotations {
        after.marks.annotations = sent.annotations;
    }
    after
}

/// The fields in which an image's marks become others.
fn differing(before: &ComparedImage, after: &ComparedImage) -> Vec<PartField> {
    let differs = |field: &PartField| match field {
        PartField::Label => before.label != after.label,
        PartField::View => before.marks.view != after.marks.view,
        PartField::Landmarks => before.marks.landmarks != after.marks.landmarks,
        PartField::Ruler => before.marks.ruler != after.marks.ruler,
        PartField::Annotations => before.marks.annotations != after.marks.annotations,
    };
    PartField::ALL.iter().copied().filter(differs).collect()
}

/// Gives a field the value that it had before.
fn restore(field: PartField, before: &ComparedImage, after: &mut ComparedImage) {
    let (held, marks) = (&before.marks, &mut after.marks);
    match field {
        PartField::Label => after.label.clone_from(&before.label),
        PartField::View => marks.view = held.view,
        PartField::Landmarks => marks.landmarks.clone_from(&held.landmarks),
        PartField::Ruler => marks.ruler.clone_from(&held.ruler),
        PartField::Annotations => marks.annotations.clone_from(&held.annotations),
    }
}

/// Refuses landmarks that can't be fitted. Those of the first image are judged with each other image that has as many;
/// what is only half marked is left alone.
fn check_fits(all: &[ComparedImage], facts: &[Image], place: usize) -> Result<(), ComparisonError> {
    let sizes: Vec<(u32, u32)> = facts.iter().map(|image| (image.width, image.height)).collect();
    let refused = |error: NoFit, other: Option<usize>| {
        let invalid = Invalid::new(error.code(), about(error, other));
        ComparisonError::invalid(ComparisonField::Landmarks, invalid)
    };
    if let (Some(it), Some(size)) = (all.get(place), sizes.get(place)) {
        let points: Vec<Point> = pixels(it.marks.landmarks.reveal(), *size);
        let side = if place == 0 { Side::Reference } else { Side::Image };
        let landmarks = Landmarks {
            width: size.0.into(),
            points: &points,
        };
        check_apart(side, &landmarks).map_err(|error| refused(error, None))?;
    }
    let judged = if place == 0 {
        1..all.len()
    } else {
        place..place.saturating_add(1)
    };
    for other in judged {
        if let Some(Err(error)) = alignment(all, &sizes, other)
            && !error.is_incomplete()
        {
            return Err(refused(error, (place == 0).then_some(other)));
        }
    }
    Ok(())
}

/// What is wrong, and in which other image if it is about one.
fn about(error: NoFit, other: Option<usize>) -> String {
    match other {
        None => error.to_string(),
        Some(other) => format!(
            "{error} This is about photo {} of the comparison.",
            other.saturating_add(1)
        ),
    }
}
