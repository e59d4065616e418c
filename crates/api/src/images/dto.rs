//! Images on the wire.

use cutis_domain::account::Username;
use cutis_domain::image::details::{Modality, Place, View};
use cutis_domain::image::{Image as Stored, ImageFormat};
use cutis_edge::problem::Problem;
use cutis_records::People;
use cutis_records::images::{FileOutcome, FileRefusal, LeftOut};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An image.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Image {
    id: String,
    file_name: String,
    format: Format,
    /// Pixels, as shown.
    width: u32,
    /// Pixels, as shown.
    height: u32,
    bytes: u64,
    sha256: String,
    #[schema(required)]
    captured_at: Option<String>,
    /// Whether `capturedAt` is doubtful: more than a day after the upload, so the camera's clock was wrong.
    captured_in_future: bool,
    uploaded_at: String,
    /// The username of whoever took or uploaded it.
    uploaded_by: String,
    /// Their full name; the username if there is none.
    uploaded_by_name: String,
    #[schema(required)]
    device: Option<String>,
    /// Whether at most 1 % of the image is missing at its end, or a fault in it was decoded through.
    incomplete: bool,
    /// Full-size images in the file; the largest of them is shown.
    pages: u32,
    #[schema(required)]
    caption: Option<String>,
    #[schema(required)]
    site: Option<BodySite>,
    /// From where it was taken: `overview`, `close_up`, `anterior`, `posterior`, `left_lateral`, `right_lateral`,
    /// `left_oblique`, `right_oblique`, `superior` or `inferior`.
    #[schema(required)]
    view: Option<&'static str>,
    /// With what it was taken: `clinical`, `dermoscopic`, `ultraviolet`, `cross_polarized`, `confocal`, `microscopic`,
    /// `endoscopic` or `ophthalmic`.
    #[schema(required)]
    modality: Option<&'static str>,
    /// 0 to 5 stars.
    rating: u8,
    /// Quarter turns, clockwise, that a person added to how the camera held it.
    turns: u8,
    /// How often its renditions were made again. It is part of what a browser should remember a rendition by: another
    /// edition looks different.
    edition: u32,
    /// What the camera says of when it was captured; differs from `capturedAt` if a person corrected that.
    #[schema(required)]
    camera_at: Option<String>,
    /// Counts changes of these fields; a change names the version that it was based on.
    version: u64,
}

/// A body site.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BodySite {
    /// A SNOMED CT code of those that this program knows.
    pub(super) code: String,
    /// `left`, `right` or `bilateral`.
    #[serde(default)]
    #[schema(required)]
    pub(super) laterality: Option<String>,
}

impl From<Place> for BodySite {
    fn from(place: Place) -> Self {
        Self {
            code: place.site().code().to_owned(),
            laterality: place.laterality().map(|side| side.code().to_owned()),
        }
    }
}

/// A format, decided by content.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ImageFormat)]
pub enum Format {
    /// AVIF: only where the program was built with a decoder for it.
    Avif,
    /// GIF.
    Gif,
    /// HEIC: only where the program was built with a decoder for it.
    Heic,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// TIFF.
    Tiff,
    /// WebP.
    Webp,
}

impl Image {
    pub(super) fn new(stored: &Stored, people: &People) -> Self {
        let format = match stored.format {
            ImageFormat::Avif => Format::Avif,
            ImageFormat::Gif => Format::Gif,
            ImageFormat::Heic => Format::Heic,
            ImageFormat::Jpeg => Format::Jpeg,
            ImageFormat::Png => Format::Png,
            ImageFormat::Tiff => Format::Tiff,
            ImageFormat::Webp => Format::Webp,
        };
        Self {
            id: stored.id.to_string(),
            file_name: stored.file_name.as_str().to_owned(),
            format,
            width: stored.width,
            height: stored.height,
            bytes: stored.bytes,
            sha256: stored.sha256.to_string(),
            captured_at: stored.captured_at.map(|at| at.to_string()),
            captured_in_future: stored.captured_in_future(),
            uploaded_at: stored.uploaded_at.to_string(),
            uploaded_by: stored.uploaded_by.to_string(),
            uploaded_by_name: people.name_of(&stored.uploaded_by).to_owned(),
            device: stored
                .device
                .as_ref()
                .map(|device| device.reveal().as_str().to_owned()),
            incomplete: stored.incomplete,
            pages: stored.pages,
            caption: stored
                .details
                .caption
                .as_ref()
                .map(|caption| caption.reveal().as_str().to_owned()),
            site: stored.details.place.map(BodySite::from),
            view: stored.details.view.map(View::code),
            modality: stored.details.modality.map(Modality::code),
            rating: stored.details.rating.stars(),
            turns: stored.turns.quarters(),
            edition: stored.edition,
            camera_at: stored.camera_at().map(|at| at.to_string()),
            version: stored.version,
        }
    }
}

/// A page of a pool.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImagePage {
    pub(super) images: Vec<Image>,
    /// Where the next page starts; null on the last.
    #[schema(required)]
    pub(super) next_cursor: Option<String>,
    /// The number of all images in the pool.
    pub(super) total: u64,
    /// How many images of each year the whole pool has, newest first; on the first page by time only.
    #[schema(required)]
    pub(super) years: Option<Vec<YearCount>>,
}

/// How many images were captured or, failing that, uploaded in a year of the practice's time zone.
#[derive(Serialize, ToSchema)]
pub struct YearCount {
    pub(super) year: i16,
    pub(super) count: u64,
}

/// What happened to each file of an upload, in the order sent.
#[derive(Serialize, ToSchema)]
pub struct UploadReport {
    pub(super) results: Vec<UploadResult>,
}

/// Why an upload ended before its last file, and what happened to its files.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoppedUpload {
    #[serde(flatten)]
    problem: Problem,
    /// What happened to each file before the end, in the order sent. Absent if reading the form had not begun.
    #[schema(required = false)]
    results: Vec<UploadResult>,
    #[schema(required = false)]
    not_examined: NotExamined,
}

/// The files of an upload that were not examined, including the one at which it ended. Nothing of them is stored.
#[derive(Serialize, ToSchema)]
pub struct NotExamined {
    /// Index of the first of them. No file from here on was examined.
    pub(super) from: usize,
    /// Their file names as sent, in order, as far as they were read.
    pub(super) names: Vec<String>,
    /// Whether `names` lists all of them, because the form was read to its end.
    pub(super) complete: bool,
}

/// What happened to one file.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadResult {
    index: usize,
    /// The file's name as sent.
    name: String,
    outcome: UploadOutcome,
    #[schema(required)]
    image: Option<Image>,
    #[schema(required)]
    reason: Option<UploadReason>,
    /// Why the photo is not in the visit that the request said it was taken for, though it is among the patient's photos:
    /// `visit_signed`, if somebody signed the visit before the photo arrived. Null if it is, or if no visit was said.
    #[schema(required)]
    not_in_visit: Option<UploadReason>,
}

/// Whether a file was stored.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum UploadOutcome {
    /// Stored, now or by an earlier try.
    Stored,
    /// The patient has these bytes already.
    Duplicate,
    /// Not taken.
    Refused,
}

/// Why a file was not stored, or not all of what was asked for was done.
#[derive(Serialize, ToSchema)]
pub struct UploadReason {
    /// `too_large`, `unsupported`, `damaged`, `duplicate`, `too_many_pixels`, `consent_required`,
    /// `empty`, `key_reused`, `different_bytes`, `no_visit`, `visit_full` or `visit_signed`.
    code: &'static str,
    message: String,
    #[schema(required)]
    advice: Option<String>,
}

impl From<LeftOut> for UploadReason {
    fn from(left_out: LeftOut) -> Self {
        Self {
            code: left_out.code(),
            message: left_out.message().to_owned(),
            advice: Some(left_out.advice().to_owned()),
        }
    }
}

impl From<FileRefusal> for UploadReason {
    fn from(refusal: FileRefusal) -> Self {
        Self {
            code: refusal.code,
            message: refusal.message,
            advice: refusal.advice,
        }
    }
}

/// Whoever uploaded the photo that this reports.
pub(super) fn people_in(outcome: &FileOutcome) -> impl Iterator<Item = &Username> + Send {
    let image = match outcome {
        FileOutcome::Duplicate(there) | FileOutcome::Stored(there) => Some(&there.image),
        FileOutcome::Refused(_) => None,
    };
    image.map(|image| &image.uploaded_by).into_iter()
}

impl UploadResult {
    pub(super) fn new(index: usize, name: String, outcome: FileOutcome, people: &People) -> Self {
        match outcome {
            FileOutcome::Duplicate(there) => Self {
                index,
                name,
                outcome: UploadOutcome::Duplicate,
                image: Some(Image::new(&there.image, people)),
                not_in_visit: there.left_out.map(UploadReason::from),
                reason: Some(UploadReason {
                    code: "duplicate",
                    message: "This patient already has this photo.".to_owned(),
                    advice: None,
                }),
            },
            FileOutcome::Refused(refusal) => Self {
                index,
                name,
                outcome: UploadOutcome::Refused,
                image: None,
                not_in_visit: None,
                reason: Some(refusal.into()),
            },
            FileOutcome::Stored(there) => Self {
                index,
                name,
                outcome: UploadOutcome::Stored,
                image: Some(Image::new(&there.image, people)),
                not_in_visit: there.left_out.map(UploadReason::from),
                reason: None,
            },
        }
    }
}
