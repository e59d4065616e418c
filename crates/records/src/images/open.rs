//! Opening an image: first the event, then the bytes (G6).

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_blob::{BlobError, Edition, OpenBlob, Part};
use cutis_domain::image::Image;
use cutis_domain::{Clinician, ImageId, PatientId};
use cutis_storage::port::StoredImage;
use cutis_vault::PatientKey;
use futures_util::{Stream, TryStreamExt as _, stream};

use super::ImageError;
use super::fair::Holder;
use super::gallery::LASTING;
use super::going_on::{self, MayGoOn};
use super::memory::{STREAMING, held};
use super::small::{Name, Size};
use crate::{RecordError, Records};

/// The most that reading one small rendition may take.
const MOST_READ: u64 = 8 << 20;

/// Which rendition of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendition {
    /// Full size: upright, sRGB, without metadata.
    Full,
    /// At most 640 pixels on the long side; the screen rendition of an image from before there was one.
    Medium,
    /// The bytes as they were uploaded.
    Original,
    /// At most 1,600 pixels on the long side.
    Screen,
    /// At most 320 pixels on the long side.
    Thumbnail,
}

impl Rendition {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Medium => "medium",
            Self::Original => "original",
            Self::Screen => "screen",
            Self::Thumbnail => "thumbnail",
        }
    }

    const fn action(self) -> Action {
        match self {
            Self::Full | Self::Screen => Action::ImageViewed,
            Self::Original => Action::ImageOriginalDownloaded,
            Self::Medium | Self::Thumbnail => Action::ImageThumbnailsViewed,
        }
    }
}

/// The right to read one rendition of one image, which exists only once the event of reading it is durable.
pub struct ViewTicket {
    /// For how many seconds the event covers seeing it again.
    covered: i64,
    stored: StoredImage,
    rendition: Rendition,
    key: Arc<PatientKey>,
    holder: Holder,
}

impl std::fmt::Debug for ViewTicket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ViewTicket")
            .field("rendition", &self.rendition)
            .finish_non_exhaustive()
    }
}

impl ViewTicket {
    /// Of an image whose event is durable.
    pub(super) const fn new(
        stored: StoredImage,
        rendition: Rendition,
        key: Arc<PatientKey>,
        holder: Holder,
    ) -> Self {
        Self {
            covered: 0,
            stored,
            rendition,
            key,
            holder,
        }
    }

    /// For how many seconds a browser may show what was read again without asking, because the event covers it, if it asked
    /// at an address of this edition: of a small rendition, a quarter of an hour at most from the event (U3). `None` for
    /// what it must not keep, as is another edition than the address says.
    pub fn may_be_kept(&self, edition: u32) -> Option<u64> {
        self.small()?;
        if self.stored.image.edition != edition {
            return None;
        }
        u64::try_from(self.covered).ok()
    }

    /// Which of the small renditions it is for, if it is.
    const fn small(&self) -> Option<Size> {
        match self.rendition {
            Rendition::Thumbnail => Some(Size::Thumbnail),
            Rendition::Medium if self.stored.medium_bytes > 0 => Some(Size::Medium),
            Rendition::Full | Rendition::Medium | Rendition::Original | Rendition::Screen => None,
        }
    }

    /// What is known about the image.
    pub const fn image(&self) -> &Image {
        &self.stored.image
    }

    /// Whose share of the memory its bytes count against.
    pub(super) const fn holder(&self) -> Holder {
        self.holder
    }

    /// The blob of its renditions.
    const fn derived(&self) -> Part {
        Part::Derived(edition_of(&self.stored.image))
    }

    fn range(&self) -> (Part, Range<u64>) {
        let thumbnail = u64::from(self.stored.thumbnail_bytes);
        let screen = thumbnail.saturating_add(u64::from(self.stored.screen_bytes));
        match self.rendition {
            Rendition::Thumbnail => (self.derived(), 0..thumbnail),
            Rendition::Medium if self.stored.medium_bytes > 0 => {
                let medium = screen.saturating_add(u64::from(self.stored.medium_bytes));
                (self.derived(), screen..medium)
            }
            Rendition::Medium | Rendition::Screen => (self.derived(), thumbnail..screen),
            Rendition::Full | Rendition::Original => (Part::Original, 0..self.stored.image.bytes),
        }
    }
}

/// Which renditions an image has.
pub(super) const fn edition_of(image: &Image) -> Edition {
    Edition {
        number: image.edition,
        turns: image.turns.quarters(),
    }
}

impl Records {
    /// Asks to read the rendition in full size. An original is asked for by [`Records::open_original_file`].
    ///
    /// # Errors
    /// See [`ImageError`].
    pub async fn open_full(
        &self,
        by: &Clinician,
        patient: PatientId,
        image: ImageId,
    ) -> Result<ViewTicket, ImageError> {
        self.open_recorded(by, patient, image, Rendition::Full).await
    }

    /// The right to read what an event was just recorded for.
    pub(super) fn fresh_ticket(
        &self,
        by: &Clinician,
        stored: StoredImage,
        rendition: Rendition,
    ) -> Result<ViewTicket, ImageError> {
        self.ticket(by, (stored, LASTING), rendition)
    }

    /// The image, if it is to be seen in a list whose event covers this, and for how many seconds it does.
    fn listed(
        &self,
        by: &Clinician,
        patient: PatientId,
        image: ImageId,
        rendition: Rendition,
    ) -> Option<(StoredImage, i64)> {
        match rendition {
            Rendition::Medium | Rendition::Thumbnail => {
                self.gallery.get(by, patient, image, self.clock.now())
            }
            Rendition::Full | Rendition::Original | Rendition::Screen => None,
        }
    }

    /// Asks by an event of its own, for the image as it is now.
    async fn open_recorded(
        &self,
        by: &Clinician,
        patient: PatientId,
        image: ImageId,
        rendition: Rendition,
    ) -> Result<ViewTicket, ImageError> {
        let stored = self
            .store
            .clinic(by)
            .read(|view| {
                let stored = view
                    .inside(patient)?
                    .image(image)?
                    .ok_or(RecordError::absent(Target::Image(image), patient))?;
                let event = Event::new(rendition.action())
                    .target(Target::Image(image))
                    .patient(patient)
                    .detail(Detail::code("rendition", rendition.code()));
                Ok::<_, ImageError>(Audited::new(stored, event))
            })
            .await?;
        self.ticket(by, (stored, LASTING), rendition)
    }

    fn ticket(
        &self,
        by: &Clinician,
        (stored, covered): (StoredImage, i64),
        rendition: Rendition,
    ) -> Result<ViewTicket, ImageError> {
        let key = self
            .vault
            .patient_key(stored.image.patient)
            .map_err(cutis_vault::VaultError::with_sealed_things)?;
        Ok(ViewTicket {
            covered,
            stored,
            rendition,
            key,
            holder: Holder::from(by),
        })
    }

    /// Opens and reads one of the renditions that are kept, as they are now. What a list said of the image is taken only if
    /// it is of the `edition` that is asked for, if one is. If the image was turned between opening and reading, what was
    /// opened is gone, and the new rendition is read.
    ///
    /// # Errors
    /// As [`Records::open_full`] and [`Records::read`].
    pub async fn show_image(
        &self,
        by: &Clinician,
        patient: PatientId,
        image: ImageId,
        rendition: Rendition,
        edition: Option<u32>,
    ) -> Result<(ViewTicket, Bytes), ImageError> {
        let listed = self.listed(by, patient, image, rendition);
        let listed =
            listed.filter(|(stored, _)| edition.is_none_or(|edition| edition == stored.image.edition));
        let ticket = match listed {
            Some(listed) => self.ticket(by, listed, rendition)?,
            None => self.open_recorded(by, patient, image, rendition).await?,
        };
        match self.read(&ticket).await {
            Err(ImageError::Blob(BlobError::Missing(name))) => {
                let again = self.open_recorded(by, patient, image, rendition).await?;
                if edition_of(again.image()) == edition_of(ticket.image()) {
                    return Err(BlobError::Missing(name).into());
                }
                let bytes = self.read(&again).await?;
                Ok((again, bytes))
            }
            read => Ok((ticket, read?)),
        }
    }

    /// Reads one of the renditions that are kept whole; all are small.
    ///
    /// # Errors
    /// When the blob is missing or damaged, or too many answers are being sent already.
    pub async fn read(&self, ticket: &ViewTicket) -> Result<Bytes, ImageError> {
        let (part, range) = ticket.range();
        let stored = &ticket.stored;
        let name = ticket.small().map(|size| Name::of(&stored.image, size));
        if let Some(content) = name.and_then(|name| self.small.get(name)) {
            let length = u64::try_from(content.len()).unwrap_or(u64::MAX);
            let share = self.shared.answers.acquire(ticket.holder, length).await?;
            return Ok(held(content, Arc::new(share)));
        }
        let all = [stored.thumbnail_bytes, stored.screen_bytes, stored.medium_bytes];
        let all: u64 = all.into_iter().map(u64::from).sum();
        // While it is read there is the sealed beginning of the blob beside the content.
        let room = all.saturating_mul(2).min(MOST_READ);
        let mut share = self.shared.answers.acquire(ticket.holder, room).await?;
        let blob = self
            .blobs
            .open(&ticket.key, part, &ticket.stored.image.sha256)
            .await?;
        let content = blob.read(range).await?;
        drop(blob);
        // Chunks are opened in place, so the content has more room than it needs; what is sent has not.
        let content: Arc<[u8]> = content.as_ref().into();
        if let Some(name) = name {
            self.small.put(name, &content);
        }
        share.shrink_to(u64::try_from(content.len()).unwrap_or(u64::MAX));
        Ok(held(content, Arc::new(share)))
    }

    /// Reads part of an original as a stream of pieces, each when the one before it has been taken.
    ///
    /// # Errors
    /// When the blob is missing or damaged, or too many answers are being sent already; later pieces may
    /// fail too, and nothing more comes when it may not go on.
    pub async fn stream(
        &self,
        ticket: &ViewTicket,
        range: Range<u64>,
        may_go_on: MayGoOn,
    ) -> Result<impl Stream<Item = Result<Bytes, ImageError>> + Send + 'static + use<>, ImageError> {
        let share = self.shared.answers.acquire(ticket.holder, STREAMING).await?;
        let share = Arc::new(share);
        let pieces = self.open_original(ticket).await?.stream(range);
        let pieces = Box::pin(pieces.map_ok(move |piece| held(piece, Arc::clone(&share))));
        let sending = (pieces, may_go_on);
        Ok(stream::try_unfold(
            sending,
            |(mut pieces, mut may_go_on)| async move {
                going_on::ask(&mut may_go_on).await?;
                let piece = pieces.try_next().await?;
                Ok(piece.map(|piece| (piece, (pieces, may_go_on))))
            },
        ))
    }

    /// Opens an original for sending it piece by piece.
    pub(super) async fn open_original(&self, ticket: &ViewTicket) -> Result<OpenBlob, ImageError> {
        Ok(self
            .blobs
            .open_lean(&ticket.key, Part::Original, &ticket.stored.image.sha256)
            .await?)
    }
}
