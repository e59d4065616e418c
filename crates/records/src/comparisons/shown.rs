//! A comparison with what follows from its images: sizes, times, how each lies over the first, and lengths.

use cutis_compare::{Fit, Landmarks, Measurement, NoFit, Point, fit};
use cutis_domain::comparison::marks::{MarkId, Place, Ruler, Shape};
use cutis_domain::comparison::{ComparedImage, Comparison};
use cutis_domain::image::Image;
use cutis_domain::{Sensitive, Timestamp};
use cutis_storage::{InsideRead, StorageError};

/// A comparison as people see it.
#[derive(Debug, Clone)]
pub struct ShownComparison {
    /// The group; what is marked on its images fits them as they are turned now.
    pub group: Comparison,
    /// What is known of its images, in the same order.
    pub images: Vec<ShownImage>,
    /// Whether its visit is signed, so that it can only be looked at (E5).
    pub is_signed: bool,
}

/// What is known of an image of a comparison.
#[derive(Debug, Clone)]
pub struct ShownImage {
    /// Its width in pixels, as it is turned now.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// When it was captured, if that is known.
    pub captured_at: Option<Timestamp>,
    /// When it was uploaded.
    pub uploaded_at: Timestamp,
    /// How often its renditions were made again.
    pub edition: u32,
    /// How it lies over the first image of the group; `None` for that image itself.
    pub alignment: Option<Result<Fit, NoFit>>,
    /// The lengths of the lines that are measured, where its ruler allows it.
    pub measured: Vec<MeasuredLine>,
}

/// The length of a line.
#[derive(Debug, Clone)]
pub struct MeasuredLine {
    /// Which drawing it is.
    pub annotation: MarkId,
    /// Its length.
    pub length: Sensitive<Measurement>,
}

/// A group as it is to be shown.
pub(crate) fn shown(
    inside: &(impl InsideRead + ?Sized),
    group: Comparison,
) -> Result<ShownComparison, StorageError> {
    let mut group = group;
    let mut images = Vec::with_capacity(group.images.len());
    for it in &mut group.images {
        let image = image_of(inside, it)?;
        *it = it.clone().as_shown(image.turns, image.width, image.height);
        images.push(image);
    }
    let sizes: Vec<(u32, u32)> = images.iter().map(|image| (image.width, image.height)).collect();
    let mut all = Vec::with_capacity(images.len());
    for (place, (it, image)) in group.images.iter().zip(images).enumerate() {
        all.push(ShownImage {
            width: image.width,
            height: image.height,
            captured_at: image.captured_at,
            uploaded_at: image.uploaded_at,
            edition: image.edition,
            alignment: alignment(&group.images, &sizes, place),
            measured: measured(it, (image.width, image.height)),
        });
    }
    let is_signed = inside
        .entry(group.entry)?
        .is_some_and(|entry| entry.signed.is_some());
    Ok(ShownComparison {
        group,
        images: all,
        is_signed,
    })
}

/// The image behind a place in a group, which a foreign key keeps there.
pub(super) fn image_of(
    inside: &(impl InsideRead + ?Sized),
    it: &ComparedImage,
) -> Result<Image, StorageError> {
    let stored = inside.image(it.image)?;
    let stored = stored.ok_or_else(|| StorageError::corrupt("comparison_image", "image_id", it.image))?;
    Ok(stored.image)
}

/// How the image at this place lies over the first; `None` for the first. Both as they are shown.
pub(super) fn alignment(
    images: &[ComparedImage],
    sizes: &[(u32, u32)],
    place: usize,
) -> Option<Result<Fit, NoFit>> {
    let points = |place: usize| {
        let landmarks = images.get(place)?.marks.landmarks.reveal();
        let (width, height) = *sizes.get(place)?;
        Some((f64::from(width), pixels(landmarks, (width, height))))
    };
    if place == 0 {
        return None;
    }
    let (reference, image) = (points(0)?, points(place)?);
    let landmarks = |(width, points)| Landmarks { width, points };
    Some(fit(
        &landmarks((reference.0, &reference.1)),
        &landmarks((image.0, &image.1)),
    ))
}

/// Places in pixels.
pub(super) fn pixels(places: &[Place], size: (u32, u32)) -> Vec<Point> {
    places.iter().map(|place| pixel(*place, size)).collect()
}

fn pixel(place: Place, (width, height): (u32, u32)) -> Point {
    Point::new(
        place.x.get() * f64::from(width),
        place.y.get() * f64::from(height),
    )
}

/// A ruler in pixels.
pub(super) fn ruler_in_pixels(ruler: Ruler, size: (u32, u32)) -> cutis_compare::Ruler {
    cutis_compare::Ruler {
        from: pixel(ruler.from, size),
        to: pixel(ruler.to, size),
        millimetres: ruler.millimetres.get(),
    }
}

fn measured(it: &ComparedImage, size: (u32, u32)) -> Vec<MeasuredLine> {
    let Some(ruler) = it.marks.ruler.reveal() else {
        return Vec::new();
    };
    let ruler = ruler_in_pixels(*ruler, size);
    let lines = it.marks.annotations.reveal().iter();
    lines
        .filter_map(|annotation| {
            let Shape::Measure { from, to } = &annotation.shape else {
                return None;
            };
            let (from, to) = (pixel(*from, size), pixel(*to, size));
            // A ruler that is too short after a quarter turn measures nothing.
            let length = cutis_compare::measure(f64::from(size.0), &ruler, from, to).ok()?;
            Some(MeasuredLine {
                annotation: annotation.id.clone(),
                length: Sensitive::new(length),
            })
        })
        .collect()
}
