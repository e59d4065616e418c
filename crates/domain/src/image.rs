//! Images of a patient's pool (I1, I3). Bytes live elsewhere; this is what is known about them.

use crate::account::Username;
use crate::ids::{ImageId, PatientId};
use crate::text::Text;
use crate::time::Timestamp;
use crate::{Digest, Invalid, Sensitive};

/// The formats that are taken, decided by content (I1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageFormat {
    /// GIF.
    Gif,
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
    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Gif => "gif",
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Tiff => "tiff",
            Self::Webp => "webp",
        }
    }

    /// Its media type (IANA).
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Gif => "image/gif",
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
            Self::Gif | Self::Png | Self::Tiff | Self::Webp => self.code(),
        }
    }

    /// Parses a code.
    ///
    /// # Errors
    /// When no format has it.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        [Self::Gif, Self::Jpeg, Self::Png, Self::Tiff, Self::Webp]
            .into_iter()
            .find(|format| format.code() == code)
            .ok_or_else(|| Invalid::new("format", "an image is jpeg, png, webp, tiff or gif"))
    }
}

/// A file's name as its sender gave it: shown, never used as a path (C29).
///
/// Reduced to its last component, without control characters, at most 200 characters.
#[derive(Clone, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// Makes a harmless name of whatever was sent; an unusable one becomes `unnamed`.
    pub fn tame(sent: &str) -> Self {
        let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
        let kept: String = last
            .chars()
            .filter(|c| !c.is_control() && !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
            .take(200)
            .collect();
        let kept = if kept.trim_matches(['.', ' ']).is_empty() {
            "unnamed".to_owned()
        } else {
            kept
        };

        let kept = Text::<1, 200>::parse(&kept).map_or_else(|_| "unnamed".to_owned(), Text::into_string);
        Self(kept)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for FileName {
    /// Redacted: file names carry patients' names.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileName[redacted]")
    }
}

/// What is known about one image (I3).
#[derive(Debug, Clone)]
pub struct Image {
    /// The identifier.
    pub id: ImageId,
    /// Whose pool it is in.
    pub patient: PatientId,
    /// What its sender called it.
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
    /// When the camera says it was taken.
    pub captured_at: Option<Timestamp>,
    /// When it was stored.
    pub uploaded_at: Timestamp,
    /// Who stored it, by their username then.
    pub uploaded_by: Username,
    /// The camera, as it names itself.
    pub device: Option<Sensitive<Text<1, 200>>>,
}

impl Image {
    /// When it was taken if known, else when it was stored (E4).
    pub fn shown_at(&self) -> Timestamp {
        self.captured_at.unwrap_or(self.uploaded_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// C29: path tricks in file names come to nothing.
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
}
