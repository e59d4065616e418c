//! Opening an image: first the event, then the bytes (G6).

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_blob::{BlobError, OpenBlob, Part};
use cutis_domain::image::Image;
use cutis_domain::{Clinician, ImageId, PatientId};
use cutis_media::{Full, Limits};
use cutis_storage::port::StoredImage;
use cutis_vault::PatientKey;
use futures_util::Stream;

use super::ImageError;
use super::darkroom::DarkroomError;
use crate::Records;

/// Which form of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendition {
    /// Full size: upright, sRGB, without metadata.
    Full,
    /// The bytes as they came.
    Original,
    /// At most 1,600 pixels on the long side.
    Screen,
    /// At most 320 pixels on the long side.
    Thumbnail,
}

impl Rendition {
    const fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Original => "original",
            Self::Screen => "screen",
            Self::Thumbnail => "thumbnail",
        }
    }

    const fn action(self) -> Action {
        match self {
            Self::Full | Self::Screen => Action::ImageViewed,
            Self::Original => Action::ImageOriginalDownloaded,
            Self::Thumbnail => Action::ImageThumbnailsViewed,
        }
    }
}

/// The right to read one form of one image, given only once the event of reading it is durable.
pub struct ViewTicket {
    stored: StoredImage,
    rendition: Rendition,
    key: Arc<PatientKey>,
}

impl std::fmt::Debug for ViewTicket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ViewTicket")
            .field("rendition", &self.rendition)
            .finish_non_exhaustive()
    }
}

impl ViewTicket {
    /// What is known about the image.
    pub const fn image(&self) -> &Image {
        &self.stored.image
    }

    fn range(&self) -> (Part, Range<u64>) {
        let thumbnail = u64::from(self.stored.thumbnail_bytes);
        let screen = thumbnail.saturating_add(u64::from(self.stored.screen_bytes));
        match self.rendition {
            Rendition::Thumbnail => (Part::Derived, 0..thumbnail),
            Rendition::Screen => (Part::Derived, thumbnail..screen),
            Rendition::Full | Rendition::Original => (Part::Original, 0..self.stored.image.bytes),
        }
    }
}

impl Records {
    /// Asks to read one form of an image.
    ///
    /// # Errors
    /// See [`ImageError`].
    pub async fn open_image(
        &self,
        by: &Clinician,
        patient: PatientId,
        image: ImageId,
        rendition: Rendition,
    ) -> Result<ViewTicket, ImageError> {
        let listed = match rendition {
            Rendition::Thumbnail => self.gallery.get(by, patient, image, self.clock.now()),
            Rendition::Full | Rendition::Original | Rendition::Screen => None,
        };
        let stored = match listed {
            Some(stored) => stored,
            None => {
                self.store
                    .view(by, |view| {
                        let stored = view.image(patient, image)?.ok_or(ImageError::NotFound {
                            patient,
                            image: Some(image),
                        })?;
                        let event = Event::new(rendition.action())
                            .target(Target::Image(image))
                            .patient(patient)
                            .detail(Detail::code("rendition", rendition.code()));
                        Ok::<_, ImageError>(Audited::new(stored, event))
                    })
                    .await?
            }
        };
        let key = self
            .vault
            .patient_key(patient)
            .map_err(cutis_vault::VaultError::with_sealed_things)?;
        Ok(ViewTicket {
            stored,
            rendition,
            key,
        })
    }

    /// Reads a thumbnail or a screen picture whole; both are small.
    ///
    /// # Errors
    /// When the blob is missing or damaged.
    pub async fn read(&self, ticket: &ViewTicket) -> Result<Bytes, ImageError> {
        let (part, range) = ticket.range();
        let blob = self
            .blobs
            .open(&ticket.key, part, &ticket.stored.image.sha256)
            .await?;
        Ok(blob.read(range).await?)
    }

    /// Reads part of an original as a stream of pieces.
    ///
    /// # Errors
    /// When the blob is missing or damaged; later pieces may fail too.
    pub async fn stream(
        &self,
        ticket: &ViewTicket,
        range: Range<u64>,
    ) -> Result<impl Stream<Item = Result<Bytes, BlobError>> + Send + 'static + use<>, ImageError> {
        let blob: OpenBlob = self
            .blobs
            .open(&ticket.key, Part::Original, &ticket.stored.image.sha256)
            .await?;
        Ok(blob.stream(range))
    }

    /// Renders the full-size form, which is not kept.
    ///
    /// # Errors
    /// When the blob is missing or damaged, or no worker is free.
    pub async fn render_full(&self, ticket: &ViewTicket) -> Result<Full, ImageError> {
        let original = self.read(ticket).await?;
        let limits = Limits::default().with_max_bytes(ticket.stored.image.bytes);
        self.darkroom
            .full(original, limits)
            .await
            .map_err(|error| match error {
                DarkroomError::Busy => ImageError::Busy,
                DarkroomError::Refused(_) => ImageError::Unrenderable(ticket.stored.image.id),
            })
    }
}
