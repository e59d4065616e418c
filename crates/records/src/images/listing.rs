//! A patient's pool.

use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_domain::image::Image;
use cutis_domain::page::{Limit, Page};
use cutis_domain::settings::Key;
use cutis_domain::time::{Day, Zone};
use cutis_domain::{Clinician, ImageId, PatientId, Timestamp};
use cutis_storage::port::{ImageCursor, Placed, StoredImage};
use cutis_storage::{InsideRead, StorageError};

use super::ImageError;
use crate::{RecordError, Records};

/// A page of a pool and how many images it has in all.
#[derive(Debug)]
pub struct ImageList {
    /// The page.
    pub page: Page<Image, Position>,
    /// The number of images in the pool.
    pub total: u64,
    /// How many images of each year the whole pool has, newest first, in the practice's time zone. On the first page by
    /// time only.
    pub years: Option<Vec<Year>>,
}

/// How many images were captured or, failing that, uploaded in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Year {
    /// The year.
    pub year: i16,
    /// How many.
    pub count: u64,
}

/// In which order a pool is listed, and from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageOrder {
    /// Newest capture first.
    ByTime(Option<ImageCursor>),
    /// As people arranged it.
    ByHand(Option<Placed>),
}

/// Where the next page starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// In the order of time.
    ByTime(ImageCursor),
    /// In the manual order.
    ByHand(Placed),
}

/// The years of a pool: of each its number of images, counted in an index.
fn years_of(inside: &(impl InsideRead + ?Sized)) -> Result<Vec<Year>, StorageError> {
    let zone = inside.setting(Key::PracticeTimeZone)?;
    let zone = Zone::parse(zone.value()).unwrap_or_else(|_| Zone::utc());
    let mut years = Vec::new();
    let mut until = Timestamp::from_micros(i64::MAX);
    while let Some(newest) = inside.newest_image_before(until)? {
        let year = newest.day_in(&zone).year();
        let first = Day::parse(&format!("{year:04}-01-01")).and_then(|day| day.start_in(&zone));
        let from = first.map_or(Timestamp::EPOCH, |first| first.min(newest));
        let count = inside.image_count(from, until)?;
        years.push(Year { year, count });
        until = from;
    }
    Ok(years)
}

impl Records {
    /// The pool in this order. One event names the page's images, whose thumbnails then need no further events.
    ///
    /// # Errors
    /// See [`ImageError`].
    pub async fn images(
        &self,
        by: &Clinician,
        patient: PatientId,
        order: ImageOrder,
        limit: Limit,
    ) -> Result<ImageList, ImageError> {
        let now = self.clock.now();
        let since = self.gallery.moment();
        let (shown, next, total, years) = self
            .store
            .clinic(by)
            .read(|view| {
                let owner = view
                    .patient(patient, now)?
                    .ok_or(RecordError::no_patient(patient))?;
                let inside = view.of(&owner);
                let (page, years) = match order {
                    ImageOrder::ByTime(after) => {
                        let years = after.is_none().then(|| years_of(&*inside)).transpose()?;
                        let images = inside.images(after, limit)?;
                        (Page::from_one_more(images, limit, by_time), years)
                    }
                    ImageOrder::ByHand(after) => {
                        let images = inside.images_by_place(after, limit)?;
                        (Page::from_one_more(images, limit, by_hand), None)
                    }
                };
                let ids = page
                    .items
                    .iter()
                    .map(|stored| stored.image.id.to_string())
                    .collect();
                let event = Event::new(Action::ImagesListed)
                    .target(Target::Patient(patient))
                    .patient(patient)
                    .detail(Detail::ids("images", ids));
                let found = (page.items, page.next, owner.image_count, years);
                Ok::<_, ImageError>(Audited::new(found, event))
            })
            .await?;
        let items = shown.iter().map(|stored| stored.image.clone()).collect();
        self.gallery.show(by, shown, since, now);
        Ok(ImageList {
            page: Page { items, next },
            total,
            years,
        })
    }

    /// What is known about one image.
    ///
    /// # Errors
    /// See [`ImageError`].
    pub async fn image(
        &self,
        by: &Clinician,
        patient: PatientId,
        image: ImageId,
    ) -> Result<Image, ImageError> {
        self.store
            .clinic(by)
            .read(|view| {
                let stored = view
                    .inside(patient)?
                    .image(image)?
                    .ok_or(RecordError::absent(Target::Image(image), patient))?;
                let event = Event::new(Action::ImageViewed)
                    .target(Target::Image(image))
                    .patient(patient)
                    .detail(Detail::code("rendition", "facts"));
                Ok(Audited::new(stored.image, event))
            })
            .await
    }
}

fn by_time(last: &StoredImage) -> Position {
    Position::ByTime(ImageCursor {
        shown_at: last.image.shown_at(),
        id: last.image.id,
    })
}

fn by_hand(last: &StoredImage) -> Position {
    Position::ByHand(Placed {
        place: last.image.place(),
        id: last.image.id,
    })
}
