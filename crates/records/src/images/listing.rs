//! A patient's pool.

use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_domain::image::Image;
use cutis_domain::page::{Limit, Page};
use cutis_domain::{Clinician, ImageId, PatientId};
use cutis_storage::port::{ImageCursor, StoredImage};

use super::ImageError;
use crate::{RecordError, Records};

/// A page of a pool and how many images it has in all.
#[derive(Debug)]
pub struct ImageList {
    /// The page.
    pub page: Page<Image, ImageCursor>,
    /// The number of images in the pool.
    pub total: u64,
}

impl Records {
    /// The pool, newest capture first. One event names the page's images, whose thumbnails then need no further events.
    ///
    /// # Errors
    /// See [`ImageError`].
    pub async fn images(
        &self,
        by: &Clinician,
        patient: PatientId,
        after: Option<ImageCursor>,
        limit: Limit,
    ) -> Result<ImageList, ImageError> {
        let now = self.clock.now();
        let (shown, next, total) = self
            .store
            .clinic(by)
            .read(|view| {
                let owner = view
                    .patient(patient, now)?
                    .ok_or(RecordError::no_patient(patient))?;
                let images = view.of(&owner).images(after, limit)?;
                let page = Page::from_one_more(images, limit, cursor_of);
                let ids = page
                    .items
                    .iter()
                    .map(|stored| stored.image.id.to_string())
                    .collect();
                let event = Event::new(Action::ImagesListed)
                    .target(Target::Patient(patient))
                    .patient(patient)
                    .detail(Detail::ids("images", ids));
                Ok::<_, ImageError>(Audited::new((page.items, page.next, owner.image_count), event))
            })
            .await?;
        let items = shown.iter().map(|stored| stored.image.clone()).collect();
        self.gallery.show(by, shown, now);
        Ok(ImageList {
            page: Page { items, next },
            total,
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

fn cursor_of(last: &StoredImage) -> ImageCursor {
    ImageCursor {
        shown_at: last.image.shown_at(),
        id: last.image.id,
    }
}
