//! HEIF, the container of HEIC and AVIF (ISO/IEC 23008-12): its boxes, and what the library reads in them.

use std::borrow::Cow;

use libheif_rs::{HeifContext, HeifError, HeifErrorCode, HeifErrorSubCode, ImageHandle, ItemId};

use super::{Header, be32};
use crate::format::Format;
use crate::num::{count, index};
use crate::polyglot;
use crate::refusal::{Refusal, Unsupported};

/// Items of metadata that are looked at; a photo has one of each kind.
const MOST_ITEMS: usize = 16;

/// Boxes that may stand at the top of a file.
const KNOWN: [&[u8; 4]; 8] = [
    b"ftyp", b"meta", b"mdat", b"free", b"skip", b"wide", b"moov", b"uuid",
];

/// How far the boxes of a file reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    /// Where the last box ends, at most the length of the file.
    pub(crate) end: usize,
    /// Bytes that the last box should have and the file has not.
    pub(crate) missing: u64,
}

/// Follows the boxes from one to the next. What is no box of such a file comes behind the image.
pub(crate) fn extent(bytes: &[u8]) -> Extent {
    let mut at = 0;
    while let Some(found) = next_box(bytes, at) {
        let Some(end) = found.end.filter(|end| *end <= bytes.len()) else {
            let should = found.end.map_or(u64::MAX, count);
            let missing = should.saturating_sub(count(bytes.len()));
            let end = bytes.len();
            return Extent { end, missing };
        };
        at = end;
    }
    Extent { end: at, missing: 0 }
}

#[derive(Debug)]
struct Found {
    kind: [u8; 4],
    body: usize,
    /// None when it would be beyond every file.
    end: Option<usize>,
}

fn next_box(bytes: &[u8], at: usize) -> Option<Found> {
    let kind = *bytes.get(at.checked_add(4)?..)?.first_chunk::<4>()?;
    if !KNOWN.iter().any(|known| **known == kind) {
        return None;
    }
    let (body, end) = match be32(bytes, at)? {
        // The last box, which ends with the file.
        0 => (at + 8, Some(bytes.len())),
        1 => {
            let long = bytes.get(at + 8..)?.first_chunk::<8>()?;
            let length = usize::try_from(u64::from_be_bytes(*long)).ok();
            let length = length.filter(|length| *length >= 16);
            (at + 16, Some(at.checked_add(length?)?))
        }
        length if length >= 8 => (at + 8, at.checked_add(index(length))),
        _ => return None,
    };
    Some(Found { kind, body, end })
}

/// Looks into the boxes that hold nothing of the image, where other kinds of files could be.
fn check_spare(bytes: &[u8]) -> Result<(), Refusal> {
    let mut at = 0;
    while let Some(found) = next_box(bytes, at) {
        let end = found.end.unwrap_or(bytes.len()).min(bytes.len());
        if matches!(&found.kind, b"free" | b"skip" | b"wide" | b"uuid") {
            polyglot::check_trailer(bytes.get(found.body..end).unwrap_or_default())?;
        }
        at = end;
    }
    Ok(())
}

pub(super) fn read(format: Format, bytes: &[u8]) -> Result<Header<'_>, Refusal> {
    check_spare(bytes)?;
    let extent = extent(bytes);
    let whole = padded(bytes, extent)?;
    let (_context, image) = open(format, &whole)?;
    let mut header = Header::new(format, image.width(), image.height());
    header.upright = true;
    header.exif = exif(&image).map(Cow::Owned);
    header.xmp = xmp(&image).map(Cow::Owned);
    header.icc = image.color_profile_raw().is_some();
    header.end = Some(extent.end);
    Ok(header)
}

/// The file with so many zeros behind it as it lacks bytes, which the library would otherwise refuse; at most a hundredth
/// (I2).
pub(crate) fn padded(bytes: &[u8], extent: Extent) -> Result<Cow<'_, [u8]>, Refusal> {
    if extent.missing == 0 {
        return Ok(Cow::Borrowed(bytes));
    }
    let total = count(bytes.len()).saturating_add(extent.missing);
    crate::decode::judge(extent.missing, total)?;
    let mut whole = bytes.to_vec();
    whole.resize(usize::try_from(total).map_err(|_| Refusal::TRUNCATED)?, 0);
    Ok(Cow::Owned(whole))
}

/// The library's view of a file, and the image that the file is about: what it calls primary.
pub(crate) fn open(format: Format, bytes: &[u8]) -> Result<(HeifContext<'_>, ImageHandle), Refusal> {
    let refuse = |error: HeifError| refuse(&error, format);
    let mut context = HeifContext::read_from_bytes(bytes).map_err(refuse)?;
    // The worker has one processor; the codecs may still have threads of their own.
    context.set_max_decoding_threads(0);
    let image = context.primary_image_handle().map_err(refuse)?;
    Ok((context, image))
}

/// What the library's errors mean to a person.
pub(crate) fn refuse(error: &HeifError, format: Format) -> Refusal {
    match (error.code, error.sub_code) {
        (HeifErrorCode::UnsupportedFileType | HeifErrorCode::UnsupportedFeature, _)
        | (_, HeifErrorSubCode::UnsupportedCodec | HeifErrorSubCode::UnsupportedImageType) => {
            Refusal::Unsupported(Unsupported::Variation(format))
        }
        (_, HeifErrorSubCode::EndOfData) => Refusal::TRUNCATED,
        (HeifErrorCode::MemoryAllocationError, _) => Refusal::STOPPED,
        _ => Refusal::MALFORMED,
    }
}

/// The EXIF block: behind the number of bytes that come before its TIFF header (23008-12, A.2.1).
fn exif(image: &ImageHandle) -> Option<Vec<u8>> {
    let block = items(image, *b"Exif").find_map(|id| image.metadata(id).ok())?;
    let skipped = index(be32(&block, 0)?);
    Some(block.get(4..)?.get(skipped..)?.to_vec())
}

fn xmp(image: &ImageHandle) -> Option<Vec<u8>> {
    items(image, *b"mime")
        .find(|id| image.metadata_content_type(*id) == Some("application/rdf+xml"))
        .and_then(|id| image.metadata(id).ok())
}

fn items(image: &ImageHandle, kind: [u8; 4]) -> impl Iterator<Item = ItemId> + use<> {
    let mut ids: [ItemId; MOST_ITEMS] = [0; MOST_ITEMS];
    let found = image.metadata_block_ids(&mut ids, &kind);
    ids.into_iter().take(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
        let mut bytes = u32::try_from(8 + body.len()).unwrap().to_be_bytes().to_vec();
        bytes.extend_from_slice(&kind);
        bytes.extend_from_slice(body);
        bytes
    }

    #[test]
    fn boxes_are_followed_to_the_last() {
        let file = [boxed(*b"ftyp", b"heic\0\0\0\0"), boxed(*b"mdat", &[7; 100])].concat();
        let all = Extent {
            end: file.len(),
            missing: 0,
        };
        assert_eq!(extent(&file), all);
        // What is no box is behind the image.
        for trailer in [
            &b"PK\x03\x04 and more"[..],
            b"\0\0\0\x07mdat",
            b"xyz",
            b"\0\0\0\x20else",
        ] {
            assert_eq!(extent(&[&file, trailer].concat()), all, "{trailer:?}");
        }
        // The last box may end with the file, or have a long length.
        let mut open_ended = file.clone();
        open_ended.extend_from_slice(b"\0\0\0\0mdatrest");
        assert_eq!(extent(&open_ended).end, open_ended.len());
        let long = [&file[..], b"\0\0\0\x01free\0\0\0\0\0\0\0\x18eightbys"].concat();
        assert_eq!(extent(&long).end, long.len());
    }

    #[test]
    fn what_is_missing_is_counted() {
        let file = boxed(*b"mdat", &[7; 100]);
        let cut = extent(&file[..90]);
        assert_eq!((cut.end, cut.missing), (90, 18));
        let endless = b"\0\0\0\x01mdat\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF";
        assert!(padded(endless, extent(endless)).is_err(), "no file is as long");
    }

    /// C28: nothing hides in a box that holds nothing of the image.
    #[test]
    fn spare_boxes_are_looked_into() {
        let spare = boxed(*b"free", b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n");
        assert!(check_spare(&spare).is_err());
        assert_eq!(check_spare(&boxed(*b"free", &[0; 64])), Ok(()));
    }
}
