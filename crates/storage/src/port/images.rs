//! Images of one owner's patients (I1–I4).

use cutis_consent::{Basis, Capture, Proof};
use cutis_domain::account::Username;
use cutis_domain::image::details::{Place, View};
use cutis_domain::image::{Corrected, Details, Field, FileName, Image, ImageFormat, Turns};
use cutis_domain::page::Limit;
use cutis_domain::{Digest, FieldVersions, ImageId, Line, PatientId, Sensitive, Timestamp, UploadKey};

use crate::error::Result;

/// Everything about a new image except the right to store it.
#[derive(Debug, Clone)]
pub struct ImageDraft {
    /// The identifier.
    pub id: ImageId,
    /// Its file name as sent.
    pub file_name: FileName,
    /// Its format.
    pub format: ImageFormat,
    /// Width in pixels when upright.
    pub width: u32,
    /// Height in pixels when upright.
    pub height: u32,
    /// Size of the original in bytes.
    pub bytes: u64,
    /// SHA-256 of the original.
    pub sha256: Digest,
    /// When it was captured, as its sender or else the camera says.
    pub captured_at: Option<Timestamp>,
    /// What the camera says of that, if its sender says something else.
    pub corrected: Option<Corrected>,
    /// What of the body it shows, as far as that is known already.
    pub place: Option<Place>,
    /// From where, likewise.
    pub view: Option<View>,
    /// When it is uploaded.
    pub uploaded_at: Timestamp,
    /// Who uploads it.
    pub uploaded_by: Username,
    /// The camera, by its own account.
    pub device: Option<Sensitive<Line<1, 200>>>,
    /// Size of the thumbnail in bytes; it comes first in the derived blob.
    pub thumbnail_bytes: u32,
    /// Size of the screen rendition in bytes; it comes second.
    pub screen_bytes: u32,
    /// Size of the medium rendition in bytes; it comes third.
    pub medium_bytes: u32,
    /// Whether part of the image is missing (I2).
    pub incomplete: bool,
    /// Full-resolution images in the file, at least 1.
    pub pages: u32,
    /// The keyed name under which the original's blob is kept.
    pub original_name: [u8; 32],
    /// The keyed name under which the derived blob is kept.
    pub derived_name: [u8; 32],
}

/// An image that may be stored: a draft with the proof that consent covers it (N2, G3).
///
/// The patient is the proof's, so a proof for one patient cannot store an image of another. The
/// brand is the unit's, so the proof was made in the transaction that stores the image.
#[derive(Debug)]
pub struct NewImage<'tx> {
    draft: ImageDraft,
    proof: Proof<'tx, Capture>,
}

impl<'tx> NewImage<'tx> {
    /// Joins a draft and a proof.
    pub const fn new(draft: ImageDraft, proof: Proof<'tx, Capture>) -> Self {
        Self { draft, proof }
    }

    /// What to store.
    pub const fn draft(&self) -> &ImageDraft {
        &self.draft
    }

    /// Whose image.
    pub fn patient(&self) -> PatientId {
        self.proof.patient()
    }

    /// Why it may be stored.
    pub fn basis(&self) -> Basis {
        self.proof.basis()
    }
}

/// An image as stored, with the layout of its derived blob.
#[derive(Debug, Clone)]
pub struct StoredImage {
    /// The image.
    pub image: Image,
    /// Size of the thumbnail in bytes.
    pub thumbnail_bytes: u32,
    /// Size of the screen rendition in bytes.
    pub screen_bytes: u32,
    /// Size of the medium rendition in bytes; 0 for an image from before there was one.
    pub medium_bytes: u32,
}

/// The position in a pool after which the next page starts: this image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageCursor {
    /// When the page's last image was captured or, failing that, uploaded.
    pub shown_at: Timestamp,
    /// That image.
    pub id: ImageId,
}

/// An image's place in the manual order of a pool: higher places come first, and of equal ones the higher id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// The place, see [`Image::place`].
    pub place: i64,
    /// The image.
    pub id: ImageId,
}

/// A change of an image: all of its fields as they are to be.
#[derive(Debug, Clone)]
pub struct ImageChange {
    /// Which image.
    pub id: ImageId,
    /// What people say about it.
    pub details: Details,
    /// When it was captured.
    pub captured_at: Option<Timestamp>,
    /// Whether a person said so, and what the camera says.
    pub corrected: Option<Corrected>,
    /// New renditions, if it is turned.
    pub renditions: Option<Renditions>,
    /// Which change last touched each field, this one included.
    pub field_versions: FieldVersions<Field>,
    /// The version that it must have until now.
    pub expected: u64,
    /// When it is changed.
    pub at: Timestamp,
}

/// Renditions that were made again, and how the image is turned in them.
#[derive(Debug, Clone, Copy)]
pub struct Renditions {
    /// How it is turned.
    pub turns: Turns,
    /// How often they were made again, this time included.
    pub edition: u32,
    /// Its width now.
    pub width: u32,
    /// Its height now.
    pub height: u32,
    /// Size of the thumbnail in bytes.
    pub thumbnail_bytes: u32,
    /// Size of the screen rendition in bytes.
    pub screen_bytes: u32,
    /// Size of the medium rendition in bytes.
    pub medium_bytes: u32,
    /// The keyed name of their blob.
    pub derived_name: [u8; 32],
}

/// What happened to one file of an upload, kept so that a retry gets the same answer (I4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// The image that was stored.
    pub image: ImageId,
    /// SHA-256 of the file, so that another file under the same key is noticed.
    pub sha256: Digest,
}

/// Reading images.
pub trait ImagesRead {
    /// The image, if it is in this patient's pool and the patient is this owner's.
    ///
    /// # Errors
    /// When the database fails or the row is corrupt.
    fn image(&self, id: ImageId) -> Result<Option<StoredImage>>;

    /// The image of this patient with these bytes (I2: a duplicate).
    ///
    /// # Errors
    /// When the database fails or the row is corrupt.
    fn image_by_digest(&self, sha256: &Digest) -> Result<Option<StoredImage>>;

    /// A patient's pool, newest capture first, one more than `limit` if there is one.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn images(&self, after: Option<ImageCursor>, limit: Limit) -> Result<Vec<StoredImage>>;

    /// A patient's pool in its manual order, one more than `limit` if there is one.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn images_by_place(&self, after: Option<Placed>, limit: Limit) -> Result<Vec<StoredImage>>;

    /// The places that come next in the manual order, `limit` at most.
    ///
    /// # Errors
    /// When the database fails.
    fn places_after(&self, after: Option<Placed>, limit: Limit) -> Result<Vec<Placed>>;

    /// The places that come before this one in the manual order, the nearest first, `limit` at most.
    ///
    /// # Errors
    /// When the database fails.
    fn places_before(&self, before: Placed, limit: Limit) -> Result<Vec<Placed>>;

    /// How many images were captured or, failing that, uploaded from `from` on and before `until`.
    ///
    /// # Errors
    /// When the database fails.
    fn image_count(&self, from: Timestamp, until: Timestamp) -> Result<u64>;

    /// When the newest image before `until` was captured or, failing that, uploaded.
    ///
    /// # Errors
    /// When the database fails or the row is corrupt.
    fn newest_image_before(&self, until: Timestamp) -> Result<Option<Timestamp>>;

    /// The image shown for the patient: the newest of the pool.
    ///
    /// # Errors
    /// When the database fails.
    fn cover_image(&self) -> Result<Option<ImageId>>;

    /// What happened to file `index` of the upload `key`.
    ///
    /// # Errors
    /// When the database fails or the row is corrupt.
    fn receipt(&self, key: UploadKey, index: u16) -> Result<Option<Receipt>>;
}

/// Changing images, in the unit that the brand is of.
pub trait ImagesWrite<'tx> {
    /// Adds an image.
    ///
    /// # Errors
    /// `Conflict` when the patient already has these bytes or is not this owner's, or the proof is another patient's.
    fn insert_image(&mut self, image: &NewImage<'tx>) -> Result<()>;

    /// Changes an image; `false` when there is none of this id and version.
    ///
    /// # Errors
    /// When the database fails.
    fn change_image(&mut self, change: &ImageChange) -> Result<bool>;

    /// Puts an image at a place of the manual order, or with `None` where its time puts it; `false` when there is none of
    /// this id.
    ///
    /// # Errors
    /// When the database fails.
    fn place_image(&mut self, id: ImageId, position: Option<i64>, at: Timestamp) -> Result<bool>;

    /// Notes what happened to file `index` of the upload `key`.
    ///
    /// # Errors
    /// `Conflict` when it is noted already.
    fn insert_receipt(&mut self, key: UploadKey, index: u16, receipt: Receipt, at: Timestamp) -> Result<()>;
}
