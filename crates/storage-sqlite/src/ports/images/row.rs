//! How the rows of images are read, and the versions of their fields written.

use std::collections::BTreeMap;

use cutis_domain::account::Username;
use cutis_domain::image::details::{Laterality, Modality, Place, Rating, View};
use cutis_domain::image::site::Site;
use cutis_domain::image::{Corrected, Details, Field, FileName, Image, ImageFormat, Turns};
use cutis_domain::{FieldVersions, ImageId, Invalid, PatientId, Sensitive, Text};
use cutis_storage::port::{Placed, StoredImage};
use rusqlite::Row;
use serde_json::{Map, Value};

use crate::columns::Columns;
use crate::error::Result;
use crate::sql::images as sql;

/// The version of an image that was never changed, and of each of its fields.
const FIRST_VERSION: u64 = 1;

pub(in crate::ports) fn image(row: &Row<'_>) -> Result<StoredImage> {
    let mut columns = Columns::of(row, sql::TABLE)?;
    let id = columns.id("id", ImageId::from_bytes)?;
    let file_name = FileName::tame(&columns.get::<String>("file_name")?);
    let format = columns.parse("format", ImageFormat::parse)?;
    let (width, height) = (columns.count("width")?, columns.count("height")?);
    let (bytes, sha256) = (columns.count("bytes")?, columns.digest("sha256")?);
    let captured_at = columns.time_if_any("captured_at")?;
    let uploaded_at = columns.time("uploaded_at")?;
    let uploaded_by = columns.parse("uploaded_by", Username::parse)?;
    let device = columns.parse_if_any("device", Text::stored)?.map(Sensitive::new);
    let thumbnail_bytes = columns.count("thumbnail_bytes")?;
    let screen_bytes = columns.count("screen_bytes")?;
    let incomplete = columns.get::<Option<bool>>("incomplete")?.unwrap_or(false);
    let pages = columns.count_if_any("pages")?.unwrap_or(1);
    let medium_bytes = columns.count_if_any("medium_bytes")?.unwrap_or(0);
    let site = columns.parse_if_any("site", Site::parse)?;
    let laterality = columns.parse_if_any("laterality", Laterality::parse)?;
    let place = site.map(|site| Place::new(site, laterality)).transpose();
    let place = place.map_err(|_| columns.corrupt("laterality"))?;
    let view = columns.parse_if_any("view", View::parse)?;
    let corrected = columns.get::<Option<bool>>("corrected")?.unwrap_or(false);
    let camera = columns.time_if_any("camera_at")?;
    let patient = columns.id("patient_id", PatientId::from_bytes)?;
    let caption = columns.parse_if_any("caption", Text::stored)?.map(Sensitive::new);
    let modality = columns.parse_if_any("modality", Modality::parse)?;
    let rating = columns
        .number_if_any("rating", Rating::parse)?
        .unwrap_or_default();
    let turns = columns.number_if_any("turns", Turns::parse)?.unwrap_or_default();
    let edition = columns.count_if_any("edition")?.unwrap_or(0);
    let position = columns.get("position")?;
    let version = columns.count_if_any("version")?.unwrap_or(FIRST_VERSION);
    let field_versions = columns
        .parse_if_any("field_versions", parse_versions)?
        .unwrap_or(FieldVersions::all_at(FIRST_VERSION));
    let image = Image {
        id,
        patient,
        file_name,
        format,
        width,
        height,
        bytes,
        sha256,
        captured_at,
        corrected: corrected.then_some(Corrected { camera }),
        uploaded_at,
        uploaded_by,
        device,
        incomplete,
        pages,
        details: Details {
            caption,
            place,
            view,
            modality,
            rating,
        },
        turns,
        edition,
        version,
        field_versions,
        position,
    };
    Ok(StoredImage {
        image,
        thumbnail_bytes,
        screen_bytes,
        medium_bytes,
    })
}

pub(super) fn placed(row: &Row<'_>) -> Result<Placed> {
    let mut columns = Columns::of(row, sql::TABLE)?;
    Ok(Placed {
        place: columns.get("place")?,
        id: columns.id("id", ImageId::from_bytes)?,
    })
}

/// The versions of the fields that were ever changed.
pub(super) fn versions_json(versions: &FieldVersions<Field>) -> String {
    let fields = versions.fields().iter();
    let object: Map<String, Value> = fields
        .map(|(field, version)| (field.code().to_owned(), Value::from(*version)))
        .collect();
    Value::Object(object).to_string()
}

fn parse_versions(json: &str) -> std::result::Result<FieldVersions<Field>, Invalid> {
    let refused = || Invalid::new("json", "this column holds a JSON object of versions");
    let object: Map<String, Value> = serde_json::from_str(json).map_err(|_| refused())?;
    let fields = object
        .iter()
        .map(|(field, version)| Ok((Field::parse(field)?, version.as_u64().ok_or_else(refused)?)))
        .collect::<std::result::Result<BTreeMap<_, _>, Invalid>>()?;
    Ok(FieldVersions::stored(FIRST_VERSION, fields))
}
