//! Images of one owner's patients (I1–I4).

use cutis_consent::{Basis, Capture, Proof};
use cutis_domain::account::Username;
use cutis_domain::image::{FileName, Image, ImageFormat};
use cutis_domain::page::Limit;
use cutis_domain::{Digest, ImageId, PatientId, Sensitive, Text, Timestamp, UploadKey};

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
    /// When it was captured, as the camera says.
    pub captured_at: Option<Timestamp>,
    /// When it is uploaded.
    pub uploaded_at: Timestamp,
    /// Who uploads it.
    pub uploaded_by: Username,
    /// The camera, by its own account.
    pub device: Option<Sensitive<Text<1, 200>>>,
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

    /// Notes what happened to file `index` of the upload `key`.
    ///
    /// # Errors
    /// `Conflict` when it is noted already.
    fn insert_receipt(&mut self, key: UploadKey, index: u16, receipt: Receipt, at: Timestamp) -> Result<()>;
}
