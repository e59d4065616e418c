//! What an upload says of each of its files (I2).

use cutis_domain::EntryId;
use cutis_domain::comparison::MAX_WORKSPACE;
use cutis_domain::image::Image;
use cutis_media::Refusal;

use super::intake::IntakeRefusal;

/// What happened to one file.
#[derive(Debug)]
pub enum FileOutcome {
    /// The patient already had these bytes (I2).
    Duplicate(InPool),
    /// Not stored.
    Refused(FileRefusal),
    /// Stored, now or by an earlier try of the same upload (I4).
    Stored(InPool),
}

/// A photo that is in the patient's pool.
#[derive(Debug)]
pub struct InPool {
    /// The photo.
    pub image: Image,
    /// Why it is not in the visit that it was sent for: somebody signed that visit before the photo arrived (E5), and a photo
    /// is kept rather than lost.
    pub left_out: Option<LeftOut>,
}

/// A visit that a photo came too late for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// The signed visit.
    pub entry: EntryId,
}

impl LeftOut {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        "visit_signed"
    }

    /// What happened, in words.
    pub const fn message(self) -> &'static str {
        "The visit was signed before this photo arrived, so the photo is not part of it; it is in All photos of the patient."
    }

    /// What to do about it.
    pub const fn advice(self) -> &'static str {
        "If it belongs to the visit, add an addendum that mentions it."
    }
}

impl From<Image> for InPool {
    /// A photo of which no visit was said.
    fn from(image: Image) -> Self {
        Self {
            image,
            left_out: None,
        }
    }
}

/// Why a file was not stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRefusal {
    /// Stable code, such as `damaged`.
    pub code: &'static str,
    /// What is wrong, in words.
    pub message: String,
    /// What to do about it.
    pub advice: Option<String>,
}

impl FileRefusal {
    /// Larger than the practice allows (I2).
    pub fn too_large(limit_mib: u32) -> Self {
        Self {
            code: "too_large",
            message: IntakeRefusal::TooLarge { limit_mib }.to_string(),
            advice: Some("An administrator can raise the limit in the settings.".to_owned()),
        }
    }

    /// The key of one file was used for another.
    pub(super) fn key_reused() -> Self {
        Self {
            code: "key_reused",
            message: "Another file was already uploaded under this key.".to_owned(),
            advice: Some("Use a new key for each upload.".to_owned()),
        }
    }

    /// The visit that it was sent for is not one of this patient's (I6).
    pub(super) fn no_visit() -> Self {
        Self {
            code: "no_visit",
            message: "The visit that this photo was taken for does not exist; the photo was not stored."
                .to_owned(),
            advice: Some("Send it again without the visit.".to_owned()),
        }
    }

    /// The visit that it was sent for has no room (E4).
    pub(super) fn visit_full() -> Self {
        Self {
            code: "visit_full",
            message: format!(
                "The visit that this photo was taken for has {MAX_WORKSPACE} photos, and no more fit; the photo was not stored."
            ),
            advice: Some(
                "Send it again without the visit, or remove photos from the visit first.".to_owned(),
            ),
        }
    }

    /// What arrived in parts is not the file that was declared (C30).
    pub(super) fn different_bytes() -> Self {
        Self {
            code: "different_bytes",
            message:
                "The bytes that arrived are not those of the file that was announced; nothing was stored."
                    .to_owned(),
            advice: Some("Choose the file again and send it from its beginning.".to_owned()),
        }
    }
}

/// The same of a file that the decoder refused.
pub(super) fn file_refusal(refusal: &Refusal) -> FileRefusal {
    FileRefusal {
        code: refusal.code(),
        message: refusal.to_string(),
        advice: refusal.advice().map(str::to_owned),
    }
}
