//! Images: add, list, open (I1–I4).

pub mod archive;
mod changing;
pub mod darkroom;
mod edit;
mod facts;
pub mod fair;
mod full;
pub mod gallery;
mod going_on;
pub mod intake;
mod listing;
pub mod memory;
mod open;
mod order;
mod outcome;
mod small;
mod stage;
mod sweep;
mod turning;
mod upload;
mod visit;

pub use edit::{EditedImages, ImageEdit, ImageEdits, MOST_CHANGED, MOST_TURNED, Turn};
pub use facts::{Sent, UploadFacts};
pub(crate) use full::Desk;
pub use full::FullRendition;
pub use going_on::MayGoOn;
pub use intake::{Intake, IntakeRefusal};
pub use listing::{ImageList, ImageOrder, Position, Year};
pub use open::{Rendition, ViewTicket};
pub use order::{MOST_MOVED, Move};
pub use outcome::{FileOutcome, FileRefusal, InPool, LeftOut};
pub(crate) use small::Small;
pub use stage::{Begun, Declared, GoingOn, Staging, Standing};
pub use sweep::{Amount, Tally, Upkeep};

use cutis_audit::{Action, Denial, Detail, Event, Target};
use cutis_blob::BlobError;
use cutis_consent::decide::Reason;
use cutis_domain::image::Field;
use cutis_domain::{ImageId, PatientId};
use cutis_storage::ErrorKind;
use cutis_vault::VaultError;

use crate::RecordError;
use crate::error::wraps_record_error;

/// Why images could not be added, listed or opened.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The image store failed.
    #[error("the photo could not be read or written")]
    Blob(#[from] BlobError),
    /// Too many images are being received, rendered or sent at once.
    #[error("too many photos are being processed; try again soon")]
    Busy,
    /// No live consent covers storing images (N2).
    #[error("a photo cannot be stored: {}", reason.message())]
    ConsentRequired {
        /// Whose.
        patient: PatientId,
        /// Why not.
        reason: Reason,
    },
    /// Photos may not leave for this purpose, or one of an archive can't be sent.
    #[error(transparent)]
    Archive(#[from] archive::ArchiveError),
    /// No file is arriving under this key: none was begun, or it is in, or it was discarded.
    #[error("no such upload")]
    NoUpload,
    /// A part begins elsewhere than where the server's part ends.
    #[error("the upload goes on at byte {0}")]
    Offset(u64),
    /// A later request goes on with the upload.
    #[error("another request has taken over this upload")]
    Superseded(u64),
    /// A part reaches beyond the length that was declared.
    #[error("the file was declared with {0} bytes, and more arrived")]
    Beyond(u64),
    /// Somebody else changed the same fields of these images in the meantime; nothing was changed.
    #[error("these photos were changed in the meantime")]
    Stale(Vec<(ImageId, Vec<Field>)>),
    /// A stored image could not be rendered: it takes more memory or time than a worker has.
    #[error("the photo could not be rendered in full size")]
    Unrenderable(ImageId),
    /// In full size a stored image has more bytes than are rendered ([`memory::MOST_FULL`]).
    #[error("the photo is too large to be rendered in full size")]
    TooLargeToShow(ImageId),
    /// As for any record.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The patient's key could not be obtained.
    #[error("the patient's key could not be read")]
    Vault(#[from] VaultError),
}

wraps_record_error!(ImageError);

impl From<fair::Busy> for ImageError {
    fn from(fair::Busy: fair::Busy) -> Self {
        Self::Busy
    }
}

impl ImageError {
    /// Whether a full disk is the reason; nothing was stored then.
    pub fn is_full(&self) -> bool {
        match self {
            Self::Blob(error) => matches!(error, BlobError::Full),
            Self::Record(RecordError::Storage(error)) => error.kind() == ErrorKind::Full,
            Self::Archive(_)
            | Self::Busy
            | Self::ConsentRequired { .. }
            | Self::Record(
                RecordError::Absent { .. } | RecordError::Invalid(_) | RecordError::Signed { .. },
            )
            | Self::NoUpload
            | Self::Offset(_)
            | Self::Superseded(_)
            | Self::Beyond(_)
            | Self::Stale(_)
            | Self::TooLargeToShow(_)
            | Self::Unrenderable(_) => false,
            Self::Vault(error) => is_full(error),
        }
    }
}

/// Whether a patient's key could not be written because there is no room.
fn is_full(error: &VaultError) -> bool {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        if let Some(error) = cause.downcast_ref::<std::io::Error>() {
            return matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge);
        }
        next = cause.source();
    }
    false
}

/// The formats of photos that this program reads, as the API calls them.
pub fn readable_formats() -> impl Iterator<Item = &'static str> {
    cutis_media::Format::readable().map(cutis_media::Format::code)
}

impl Denial for ImageError {
    fn denial(&self) -> Option<Event> {
        match self {
            Self::Vault(VaultError::Lost(patient)) => Some(crate::key_missing(*patient)),
            Self::Record(error) => error.denial(),
            Self::Archive(error) => error.denial(),
            Self::Blob(_)
            | Self::Busy
            | Self::NoUpload
            | Self::Offset(_)
            | Self::Superseded(_)
            | Self::Beyond(_)
            | Self::Stale(_)
            | Self::TooLargeToShow(_)
            | Self::Unrenderable(_)
            | Self::Vault(_) => None,
            Self::ConsentRequired { patient, reason } => Some(
                Event::new(Action::CaptureRefused)
                    .refused()
                    .target(Target::Patient(*patient))
                    .patient(*patient)
                    .detail(Detail::code("reason", reason.code())),
            ),
        }
    }
}
