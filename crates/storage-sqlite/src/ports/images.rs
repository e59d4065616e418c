//! Images and receipts of uploads (I1–I4).

use cutis_consent::Basis;
use cutis_domain::account::Username;
use cutis_domain::image::{FileName, Image, ImageFormat};
use cutis_domain::page::Limit;
use cutis_domain::{Digest, ImageId, PatientId, Sensitive, Text, Timestamp, UploadKey};
use cutis_storage::port::{ImageCursor, ImagesRead, ImagesWrite, NewImage, Receipt, StoredImage};
use rusqlite::{Row, params};

use super::keyed::Inside;
use super::{micros, one_more, stored};
use crate::columns::Columns;
use crate::error::Result;
use crate::sql::images as sql;

impl ImagesRead for Inside<'_> {
    fn image(&self, id: ImageId) -> Result<Option<StoredImage>> {
        self.one(sql::BY_ID, params![id.as_bytes()], image)
    }

    fn image_by_digest(&self, sha256: &Digest) -> Result<Option<StoredImage>> {
        let values = params![sha256.as_bytes()];
        self.one(sql::BY_DIGEST, values, image)
    }

    fn images(&self, after: Option<ImageCursor>, limit: Limit) -> Result<Vec<StoredImage>> {
        let limit = one_more(limit);
        match after {
            None => self.all(sql::FIRST_PAGE, params![limit], image),
            Some(ImageCursor { shown_at, id }) => {
                let values = params![limit, shown_at.as_micros(), id.as_bytes()];
                self.all(sql::NEXT_PAGE, values, image)
            }
        }
    }

    fn cover_image(&self) -> Result<Option<ImageId>> {
        self.one(sql::COVER, &[], |row| {
            Columns::of(row, "image")?.id("id", ImageId::from_bytes)
        })
    }

    fn receipt(&self, key: UploadKey, index: u16) -> Result<Option<Receipt>> {
        let values = params![key.as_bytes(), index];
        self.one(sql::RECEIPT, values, |row| {
            let mut columns = Columns::of(row, "upload_receipt")?;
            Ok(Receipt {
                image: columns.id("image_id", ImageId::from_bytes)?,
                sha256: columns.digest("sha256")?,
            })
        })
    }
}

impl<'tx> ImagesWrite<'tx> for Inside<'_> {
    fn insert_image(&mut self, image: &NewImage<'tx>) -> Result<()> {
        self.must_be_of(image.patient())?;
        let draft = image.draft();
        let (basis, level, consent) = match image.basis() {
            Basis::Consent(id) => ("consent", None, Some(id)),
            Basis::LevelAllows(level) => ("level", Some(level.code()), None),
        };
        let values = sql::Values {
            id: draft.id.as_bytes(),
            file_name: &draft.file_name.as_str(),
            format: &draft.format.code(),
            width: &draft.width,
            height: &draft.height,
            bytes: &stored(draft.bytes, "a photo")?,
            sha256: draft.sha256.as_bytes(),
            captured_at: &micros(draft.captured_at),
            uploaded_at: &draft.uploaded_at.as_micros(),
            uploaded_by: &draft.uploaded_by.as_str(),
            device: &draft.device.as_ref().map(|device| device.reveal().as_str()),
            thumbnail_bytes: &draft.thumbnail_bytes,
            screen_bytes: &draft.screen_bytes,
            incomplete: &draft.incomplete.then_some(1),
            pages: &Some(draft.pages).filter(|pages| *pages > 1),
            medium_bytes: &Some(draft.medium_bytes).filter(|bytes| *bytes > 0),
            original_name: &draft.original_name,
            derived_name: &draft.derived_name,
            basis: &basis,
            basis_level: &level,
            consent_id: &consent.as_ref().map(|id| *id.as_bytes()),
        };
        self.run(sql::INSERT, &values.after(&[])).map(|_| ())
    }

    fn insert_receipt(&mut self, key: UploadKey, index: u16, receipt: Receipt, at: Timestamp) -> Result<()> {
        self.run(
            sql::INSERT_RECEIPT,
            params![
                key.as_bytes(),
                index,
                receipt.image.as_bytes(),
                receipt.sha256.as_bytes(),
                at.as_micros(),
            ],
        )
        .map(|_| ())
    }
}

pub(super) fn image(row: &Row<'_>) -> Result<StoredImage> {
    let mut columns = Columns::of(row, sql::TABLE)?;
    let id = columns.id("id", ImageId::from_bytes)?;
    let file_name = FileName::tame(&columns.get::<String>("file_name")?);
    let format = columns.parse("format", ImageFormat::parse)?;
    let (width, height) = (columns.count("width")?, columns.count("height")?);
    let (bytes, sha256) = (columns.count("bytes")?, columns.digest("sha256")?);
    let captured_at = columns.time_if_any("captured_at")?;
    let uploaded_at = columns.time("uploaded_at")?;
    let uploaded_by = columns.parse("uploaded_by", Username::parse)?;
    let device = columns.parse_if_any("device", Text::parse)?.map(Sensitive::new);
    let thumbnail_bytes = columns.count("thumbnail_bytes")?;
    let screen_bytes = columns.count("screen_bytes")?;
    let incomplete = columns.get::<Option<bool>>("incomplete")?.unwrap_or(false);
    let pages = columns.count_if_any("pages")?.unwrap_or(1);
    let medium_bytes = columns.count_if_any("medium_bytes")?.unwrap_or(0);
    let image = Image {
        id,
        patient: columns.id("patient_id", PatientId::from_bytes)?,
        file_name,
        format,
        width,
        height,
        bytes,
        sha256,
        captured_at,
        uploaded_at,
        uploaded_by,
        device,
        incomplete,
        pages,
    };
    Ok(StoredImage {
        image,
        thumbnail_bytes,
        screen_bytes,
        medium_bytes,
    })
}
