//! Images and receipts of uploads (I1–I5).

pub(super) mod row;

use cutis_consent::Basis;
use cutis_domain::image::details::{Laterality, Modality, Place, View};
use cutis_domain::page::Limit;
use cutis_domain::{Digest, ImageId, Timestamp, UploadKey};
use cutis_storage::port::{
    ImageChange, ImageCursor, ImagesRead, ImagesWrite, NewImage, Placed, Receipt, StoredImage,
};
use rusqlite::params;

use super::keyed::Inside;
use super::{exactly, micros, one_more, stored};
use crate::columns::Columns;
use crate::error::Result;
use crate::sql::images as sql;

impl ImagesRead for Inside<'_> {
    fn image(&self, id: ImageId) -> Result<Option<StoredImage>> {
        self.one(sql::BY_ID, params![id.as_bytes()], row::image)
    }

    fn image_by_digest(&self, sha256: &Digest) -> Result<Option<StoredImage>> {
        let values = params![sha256.as_bytes()];
        self.one(sql::BY_DIGEST, values, row::image)
    }

    fn images(&self, after: Option<ImageCursor>, limit: Limit) -> Result<Vec<StoredImage>> {
        let limit = one_more(limit);
        match after {
            None => self.all(sql::FIRST_PAGE, params![limit], row::image),
            Some(ImageCursor { shown_at, id }) => {
                let values = params![limit, shown_at.as_micros(), id.as_bytes()];
                self.all(sql::NEXT_PAGE, values, row::image)
            }
        }
    }

    fn images_by_place(&self, after: Option<Placed>, limit: Limit) -> Result<Vec<StoredImage>> {
        let limit = one_more(limit);
        match after {
            None => self.all(sql::FIRST_BY_PLACE, params![limit], row::image),
            Some(Placed { place, id }) => self.all(
                sql::NEXT_BY_PLACE,
                params![limit, place, id.as_bytes()],
                row::image,
            ),
        }
    }

    fn places_after(&self, after: Option<Placed>, limit: Limit) -> Result<Vec<Placed>> {
        let limit = exactly(limit);
        match after {
            None => self.all(sql::FIRST_PLACES, params![limit], row::placed),
            Some(Placed { place, id }) => self.all(
                sql::PLACES_AFTER,
                params![limit, place, id.as_bytes()],
                row::placed,
            ),
        }
    }

    fn places_before(&self, before: Placed, limit: Limit) -> Result<Vec<Placed>> {
        let values = params![exactly(limit), before.place, before.id.as_bytes()];
        self.all(sql::PLACES_BEFORE, values, row::placed)
    }

    fn image_count(&self, from: Timestamp, until: Timestamp) -> Result<u64> {
        self.count(sql::COUNT_BETWEEN, params![from.as_micros(), until.as_micros()])
    }

    fn newest_image_before(&self, until: Timestamp) -> Result<Option<Timestamp>> {
        self.one(sql::NEWEST_BEFORE, params![until.as_micros()], |row| {
            Columns::of(row, "image")?.time("shown_at")
        })
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
            site: &draft.place.map(|place| place.site().code()),
            laterality: &draft.place.and_then(Place::laterality).map(Laterality::code),
            view: &draft.view.map(View::code),
            corrected: &draft.corrected.map(|_| 1),
            camera_at: &micros(draft.corrected.and_then(|corrected| corrected.camera)),
            original_name: &draft.original_name,
            derived_name: &draft.derived_name,
            basis: &basis,
            basis_level: &level,
            consent_id: &consent.as_ref().map(|id| *id.as_bytes()),
        };
        self.run(sql::INSERT, &values.after(&[])).map(|_| ())
    }

    fn change_image(&mut self, change: &ImageChange) -> Result<bool> {
        let details = &change.details;
        let (id, place) = (change.id, details.place);
        let changed = self.run(
            sql::CHANGE,
            params![
                id.as_bytes(),
                stored(change.expected, "a version")?,
                change.at.as_micros(),
                details.caption.as_ref().map(|caption| caption.reveal().as_str()),
                micros(change.captured_at),
                change.corrected.map(|_| 1),
                micros(change.corrected.and_then(|corrected| corrected.camera)),
                row::versions_json(&change.field_versions),
            ],
        )?;
        if changed == 0 {
            return Ok(false);
        }
        self.run(
            sql::DESCRIBE,
            params![
                id.as_bytes(),
                place.map(|place| place.site().code()),
                place.and_then(Place::laterality).map(Laterality::code),
                details.view.map(View::code),
                details.modality.map(Modality::code),
                Some(details.rating.stars()).filter(|stars| *stars > 0),
            ],
        )?;
        if let Some(made) = &change.renditions {
            self.run(
                sql::TURN,
                params![
                    change.id.as_bytes(),
                    Some(made.turns.quarters()).filter(|quarters| *quarters > 0),
                    made.edition,
                    made.width,
                    made.height,
                    made.thumbnail_bytes,
                    made.screen_bytes,
                    Some(made.medium_bytes).filter(|bytes| *bytes > 0),
                    made.derived_name,
                ],
            )?;
        }
        Ok(true)
    }

    fn place_image(&mut self, id: ImageId, position: Option<i64>, at: Timestamp) -> Result<bool> {
        let values = params![id.as_bytes(), position, at.as_micros()];
        self.run(sql::PLACE, values).map(|changed| changed > 0)
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
