//! Images of a patient's pool (I1, I3): the facts about them. Their bytes are kept elsewhere.

pub mod details;
pub mod site;

pub use details::{Details, Field, Turns};

use unicode_normalization::UnicodeNormalization as _;

use crate::account::Username;
use crate::ids::{ImageId, PatientId};
use crate::text::Line;
use crate::text::line::seen;
use crate::time::Timestamp;
use crate::{Digest, FieldVersions, Invalid, Sensitive};

/// The accepted formats, decided by content (I1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageFormat {
    /// AVIF, where a decoder of the machine reads it.
    Avif,
    /// GIF.
    Gif,
    /// HEIC, where a decoder of the machine reads it.
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

impl ImageFormat {
    /// Every format.
    pub const ALL: [Self; 7] = [
        Self::Avif,
        Self::Gif,
        Self::Heic,
        Self::Jpeg,
        Self::Png,
        Self::Tiff,
        Self::Webp,
    ];

    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Avif => "avif",
            Self::Gif => "gif",
            Self::Heic => "heic",
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Tiff => "tiff",
            Self::Webp => "webp",
        }
    }

    /// Its media type (IANA).
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Avif => "image/avif",
            Self::Gif => "image/gif",
            Self::Heic => "image/heic",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Tiff => "image/tiff",
            Self::Webp => "image/webp",
        }
    }

    /// The usual ending of a file name, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Avif | Self::Gif | Self::Heic | Self::Png | Self::Tiff | Self::Webp => self.code(),
        }
    }

    /// Parses a code.
    ///
    /// # Errors
    /// When no format has it.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|format| format.code() == code)
            .ok_or_else(|| {
                Invalid::new(
                    "format",
                    "Use a photo in one of the formats jpeg, png, webp, tiff, gif, heic and avif.",
                )
            })
    }
}

/// A file's name as sent: it is shown, never used as a path (C29).
///
/// Reduced to its last component, on one line, without characters that are not seen, at most 200 characters.
#[derive(Clone, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// Turns any sent name into a harmless one; an unusable one becomes `unnamed`.
    pub fn tame(sent: &str) -> Self {
        let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
        let kept: String = seen(&last.nfc().collect::<String>()).collect();
        let kept = shortened(kept.trim());
        let kept = if kept.trim_matches(['.', ' ']).is_empty() {
            "unnamed".to_owned()
        } else {
            kept
        };

        let kept = Line::<1, 200>::parse(&kept).map_or_else(|_| "unnamed".to_owned(), Line::into_string);
        Self(kept)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The maximum number of characters of a name, and of its extension.
const LONGEST_NAME: usize = 200;
const LONGEST_EXTENSION: usize = 16;

/// The name in at most 200 characters. Its extension is kept, and its middle is left out.
fn shortened(name: &str) -> String {
    if name.chars().count() <= LONGEST_NAME {
        return name.to_owned();
    }
    let is_extension = |text: &str| {
        let length = text.chars().count();
        (1..=LONGEST_EXTENSION).contains(&length) && text.chars().all(char::is_alphanumeric)
    };
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if is_extension(extension) => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let room = LONGEST_NAME.saturating_sub(extension.chars().count());
    let stem: String = stem.chars().take(room).collect();
    format!("{}{extension}", stem.trim_end())
}

impl std::fmt::Debug for FileName {
    /// Redacted: file names carry patients' names.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileName[redacted]")
    }
}

/// The facts about one image (I3).
#[derive(Debug, Clone)]
pub struct Image {
    /// The identifier.
    pub id: ImageId,
    /// Whose pool it is in.
    pub patient: PatientId,
    /// Its file name as sent.
    pub file_name: FileName,
    /// Its format.
    pub format: ImageFormat,
    /// Width in pixels as shown: upright, and turned by [`Image::turns`].
    pub width: u32,
    /// Height in pixels as shown.
    pub height: u32,
    /// Size of the original in bytes.
    pub bytes: u64,
    /// SHA-256 of the original.
    pub sha256: Digest,
    /// When it was captured: as the camera says, or as a person corrected it.
    pub captured_at: Option<Timestamp>,
    /// When the camera says that it was captured, if a person corrected that.
    pub corrected: Option<Corrected>,
    /// When it was uploaded.
    pub uploaded_at: Timestamp,
    /// Who uploaded it, by their username at that time.
    pub uploaded_by: Username,
    /// The camera, by its own account.
    pub device: Option<Sensitive<Line<1, 200>>>,
    /// Whether at most 1 % of the image is missing, or a fault in it was decoded through (I2).
    pub incomplete: bool,
    /// Full-resolution images in the file, at least 1; the largest is the one that is shown (I2).
    pub pages: u32,
    /// What people say about it.
    pub details: Details,
    /// How a person turned it; the original is never turned.
    pub turns: Turns,
    /// How often its renditions were made again.
    pub edition: u32,
    /// Counts changes of its fields, from 1.
    pub version: u64,
    /// Which change last touched each field.
    pub field_versions: FieldVersions<Field>,
    /// Where it was put by hand in the order of the pool; `None` where its time puts it.
    pub position: Option<i64>,
}

/// A capture time that a person corrected; the camera's is kept, if it gave one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Corrected {
    /// What the camera says.
    pub camera: Option<Timestamp>,
}

impl Image {
    /// When it was captured as the camera says.
    pub fn camera_at(&self) -> Option<Timestamp> {
        self.corrected
            .map_or(self.captured_at, |corrected| corrected.camera)
    }

    /// Its key in the manual order of the pool, which runs downward: where it was put, or else its time in microseconds.
    pub fn place(&self) -> i64 {
        self.position.unwrap_or_else(|| self.shown_at().as_micros())
    }

    /// When it was captured if known, otherwise when it was uploaded (E4).
    pub fn shown_at(&self) -> Timestamp {
        self.captured_at.unwrap_or(self.uploaded_at)
    }

    /// Whether the camera's time is doubtful: more than a day after the upload, so its clock was wrong. It is shown as the
    /// camera says it until a person corrects it (I3).
    pub fn captured_in_future(&self) -> bool {
        self.captured_at
            .is_some_and(|at| is_after_upload(at, self.uploaded_at))
    }
}

/// A day is allowed for cameras that are set to another time zone.
fn is_after_upload(captured_at: Timestamp, uploaded_at: Timestamp) -> bool {
    captured_at > uploaded_at.plus_seconds(86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I3, issue 8: a time more than a day after the upload is doubtful.
    #[test]
    fn times_after_the_upload_are_doubtful() {
        let uploaded = Timestamp::parse("2026-11-27T10:00:00Z").unwrap();
        for (at, doubtful) in [
            ("2026-11-27T10:00:00Z", false),
            ("2026-11-28T10:00:00Z", false),
            ("2026-11-28T10:00:01Z", true),
            ("2099-01-01T00:00:00Z", true),
        ] {
            assert_eq!(
                is_after_upload(Timestamp::parse(at).unwrap(), uploaded),
                doubtful,
                "{at}"
            );
        }
    }

    /// C29: path tricks in file names have no effect.
    #[test]
    fn file_names_are_tamed() {
        for (sent, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\photos\\left arm.jpg", "left arm.jpg"),
            ("..", "unnamed"),
            ("", "unnamed"),
            ("a/", "unnamed"),
            ("evil\0.jpg\r\nX: y", "evil.jpgX: y"),
            ("gpj.\u{202E}exe", "gpj.exe"),
        ] {
            assert_eq!(FileName::tame(sent).as_str(), kept, "{sent:?}");
        }
        assert_eq!(FileName::tame(&"x".repeat(5000)).as_str().len(), 200);
    }

    /// Issue 8: a name that is too long keeps its extension, and no name is lost because it is unusual.
    #[test]
    fn a_long_name_keeps_its_extension() {
        let long = |stem: &str, count: usize, rest: &str| {
            let kept = FileName::tame(&format!("{}{rest}", stem.repeat(count)));
            let text = kept.as_str().to_owned();
            assert!(text.chars().count() <= 200, "{text}");
            text
        };
        assert_eq!(long("x", 300, ".JPEG"), format!("{}.JPEG", "x".repeat(195)));
        assert_eq!(long("左", 200, ".jpg"), format!("{}.jpg", "左".repeat(196)));
        assert_eq!(
            long("a ", 150, ".tiff"),
            format!("{}.tiff", "a ".repeat(98).trim())
        );
        // No extension: too long for one, with signs, or nothing behind the dot.
        for rest in [".abcdefghijklmnopq", ".j pg", "."] {
            assert_eq!(long("x", 300, rest), "x".repeat(200), "{rest}");
        }
        // One that takes more characters in the normal form of text.
        assert_eq!(
            long("\u{FB2C}", 100, ".png")
                .chars()
                .rev()
                .take(4)
                .collect::<String>(),
            "gnp."
        );
        assert_eq!(FileName::tame("a\u{FFFE}b.jpg").as_str(), "ab.jpg");
    }
}
