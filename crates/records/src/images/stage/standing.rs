//! How a file of an upload stands, for a client that has its bytes no more (I4).

use cutis_domain::image::Image;
use cutis_domain::{Clinician, PatientId, Timestamp, UploadKey};

use super::{expiry, place_of};
use crate::Records;
use crate::images::ImageError;

/// What is known of a file by the key that it was sent under.
#[derive(Debug)]
pub enum Standing {
    /// The file is in.
    Stored(Box<Image>),
    /// It has not arrived whole.
    Open {
        /// How many bytes are here, durably.
        offset: u64,
        /// When they are discarded if the file isn't whole by then.
        expires: Timestamp,
    },
}

impl Records {
    /// How file `index` of the upload `key` stands, without saying what it is: in, or how much of it is here. Changes nothing.
    ///
    /// # Errors
    /// [`ImageError::NoUpload`] when nothing is known of it, as of a file that was refused or a duplicate; otherwise see
    /// [`ImageError`].
    pub async fn upload_standing(
        &self,
        by: &Clinician,
        patient: PatientId,
        (key, index): (UploadKey, u16),
    ) -> Result<Standing, ImageError> {
        self.must_have(by, patient).await?;
        let place = place_of(by, patient, (key, index));
        // In this order: what is staged goes only after its receipt is there, so a file that is being stored is never missed.
        let staged = self.staged(place).await?;
        if let Some(image) = self.stored_by(by, patient, (key, index)).await? {
            return Ok(Standing::Stored(Box::new(image)));
        }
        let (about, _) = staged.ok_or(ImageError::NoUpload)?;
        Ok(Standing::Open {
            offset: self.stages.offset(place).await?,
            expires: expiry::of(&about),
        })
    }
}
