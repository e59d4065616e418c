//! What bytes are, decided by content and never by name (I1, C28).

use crate::format::Format;
use crate::header::tiff;
use crate::refusal::{Refusal, Unsupported};

/// Decides by content which image format the bytes begin with. That they are whole is known only after decoding.
///
/// # Errors
/// [`Refusal::Empty`] for no bytes; [`Refusal::Unsupported`], by name where the kind is recognised, for everything else.
pub fn sniff(bytes: &[u8]) -> Result<Format, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Ok(Format::Jpeg);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(Format::Png);
    }
    if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        return Ok(Format::Gif);
    }
    if at(bytes, 0, b"RIFF") && at(bytes, 8, b"WEBP") {
        return Ok(Format::Webp);
    }
    // With 42 the classic kind, with 43 BigTIFF.
    if [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"]
        .iter()
        .any(|magic| bytes.starts_with(*magic))
    {
        return if tiff::is_raw(bytes) {
            Err(refused(Unsupported::Raw))
        } else {
            Ok(Format::Tiff)
        };
    }
    let recognised = recognise(bytes);
    if cfg!(feature = "heif") && recognised == Unsupported::Heic {
        Ok(Format::Heic)
    } else if cfg!(feature = "heif") && recognised == Unsupported::Avif {
        Ok(Format::Avif)
    } else {
        Err(refused(recognised))
    }
}

fn refused(what: Unsupported) -> Refusal {
    Refusal::Unsupported(what)
}

fn at(bytes: &[u8], offset: usize, magic: &[u8]) -> bool {
    bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic))
}

const RAW_MAGICS: [&[u8]; 7] = [
    b"FUJIFILMCCD-RAW",
    b"IIRO",
    b"IIRS",
    b"MMOR",
    b"IIU\0",
    b"FOVb",
    b"\0MRM",
];

const ARCHIVE_MAGICS: [&[u8]; 7] = [
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"PK\x07\x08",
    b"Rar!",
    b"7z\xBC\xAF",
    b"\x1F\x8B",
    b"\xFD7zXZ",
];

const VIDEO_MAGICS: [&[u8]; 3] = [b"\x1A\x45\xDF\xA3", b"\0\0\x01\xBA", b"\0\0\x01\xB3"];

fn recognise(bytes: &[u8]) -> Unsupported {
    if at(bytes, 4, b"ftyp") {
        return recognise_ftyp(bytes);
    }
    let starts_with_any = |magics: &[&[u8]]| magics.iter().any(|magic| bytes.starts_with(magic));
    if at(bytes, 128, b"DICM") {
        Unsupported::Dicom
    } else if starts_with_any(&RAW_MAGICS) {
        Unsupported::Raw
    } else if starts_with_any(&ARCHIVE_MAGICS) {
        Unsupported::Archive
    } else if starts_with_any(&VIDEO_MAGICS)
        || (at(bytes, 0, b"RIFF") && at(bytes, 8, b"AVI "))
        || [&b"moov"[..], b"mdat", b"wide", b"free"]
            .iter()
            .any(|kind| at(bytes, 4, kind))
    {
        Unsupported::Video
    } else if bytes.starts_with(b"8BPS") {
        Unsupported::Photoshop
    } else if at(bytes, 4, b"JXL ") || at(bytes, 4, b"jP  ") || bytes.starts_with(&[0xFF, 0x0A]) {
        Unsupported::ModernJpeg
    } else if bytes.starts_with(b"BM") && at(bytes, 6, &[0, 0, 0, 0]) {
        Unsupported::Bmp
    } else {
        recognise_text(bytes)
    }
}

/// The brands of an ISO base media file: the major one at 8, the compatible ones from 16 to the end of the box.
fn recognise_ftyp(bytes: &[u8]) -> Unsupported {
    let length = bytes
        .first_chunk::<4>()
        .map_or(0, |length| u32::from_be_bytes(*length));
    let end = crate::num::index(length.clamp(16, 256)).min(bytes.len());
    let brands = || bytes.get(8..end).unwrap_or_default().chunks_exact(4);
    let has = |names: &[&[u8; 4]]| brands().any(|brand| names.iter().any(|name| brand == name.as_slice()));
    if has(&[b"avif", b"avis"]) {
        Unsupported::Avif
    } else if has(&[
        b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1",
    ]) {
        Unsupported::Heic
    } else if has(&[b"crx "]) {
        Unsupported::Raw
    } else {
        Unsupported::Video
    }
}

fn recognise_text(bytes: &[u8]) -> Unsupported {
    let head = bytes
        .get(..bytes.len().min(1024))
        .unwrap_or_default()
        .to_ascii_lowercase();
    let contains = |needle: &[u8]| head.windows(needle.len()).any(|window| window == needle);
    if contains(b"%pdf-") {
        return Unsupported::Pdf;
    }
    let text = head
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(&head)
        .trim_ascii_start();
    if !text.starts_with(b"<") {
        return Unsupported::Unknown;
    }
    if contains(b"<html") || contains(b"<!doctype html") || contains(b"<script") || contains(b"<body") {
        Unsupported::Html
    } else if contains(b"<svg") {
        Unsupported::Svg
    } else {
        Unsupported::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ftyp(brands: &[u8]) -> Vec<u8> {
        let mut bytes = u32::try_from(8 + brands.len()).unwrap().to_be_bytes().to_vec();
        bytes.extend_from_slice(b"ftyp");
        bytes.extend_from_slice(brands);
        bytes.extend_from_slice(&[0; 64]);
        bytes
    }

    /// I1: what cannot be read is refused by name, decided by content.
    #[test]
    fn other_kinds_are_refused_by_name() {
        let mut dicom = vec![0; 128];
        dicom.extend_from_slice(b"DICM");
        let cases: Vec<(Vec<u8>, Unsupported)> = vec![
            (ftyp(b"crx \0\0\0\x01crx "), Unsupported::Raw),
            (ftyp(b"qt  \0\0\0\0qt  "), Unsupported::Video),
            (ftyp(b"isom\0\0\x02\0isomiso2avc1mp41"), Unsupported::Video),
            (dicom, Unsupported::Dicom),
            (b"%PDF-1.7\n".to_vec(), Unsupported::Pdf),
            (
                b"\xEF\xBB\xBF \n<?xml version='1.0'?><svg xmlns=''>".to_vec(),
                Unsupported::Svg,
            ),
            (b"<!DOCTYPE html><html><svg>".to_vec(), Unsupported::Html),
            (b"BM\x36\0\x03\0\0\0\0\0\x36\0\0\0".to_vec(), Unsupported::Bmp),
            (b"PK\x03\x04rest".to_vec(), Unsupported::Archive),
            (b"FUJIFILMCCD-RAW 0201".to_vec(), Unsupported::Raw),
            (b"\0\0\0\x0CJXL \r\n\x87\n".to_vec(), Unsupported::ModernJpeg),
            (b"RIFF\0\0\0\0AVI LIST".to_vec(), Unsupported::Video),
            (b"hello".to_vec(), Unsupported::Unknown),
            (b"\xFF\xD8".to_vec(), Unsupported::Unknown),
        ];
        for (bytes, kind) in cases {
            assert_eq!(
                sniff(&bytes),
                Err(Refusal::Unsupported(kind)),
                "{}",
                String::from_utf8_lossy(&bytes)
            );
        }
        assert_eq!(sniff(&[]), Err(Refusal::Empty));
    }

    /// I1: the same beginnings as in the client's test, which refuses such files before they are sent.
    #[test]
    fn beginnings_are_told_as_the_client_tells_them() {
        let lines = include_str!("tests/beginnings.txt").lines();
        let cases = lines.filter(|line| !line.starts_with('#')).collect::<Vec<_>>();
        assert!(cases.len() > 50, "{}", cases.len());
        for case in cases {
            let (kind, hex) = case.split_once(' ').unwrap();
            let digit = |digit: &u8| u8::try_from(char::from(*digit).to_digit(16).unwrap()).unwrap();
            let (pairs, []) = hex.as_bytes().as_chunks::<2>() else {
                panic!("{case}: half a byte")
            };
            let bytes: Vec<u8> = pairs
                .iter()
                .map(|[high, low]| digit(high) * 16 + digit(low))
                .collect();
            let told = match sniff(&bytes) {
                Ok(Format::Heic) => "heic".to_owned(),
                Ok(Format::Avif) => "avif".to_owned(),
                Ok(_) => "photo".to_owned(),
                Err(Refusal::Unsupported(kind)) => format!("{kind:?}").to_lowercase(),
                Err(other) => panic!("{case}: {other}"),
            };
            assert_eq!(told, kind, "{case}");
        }
    }

    /// I1: without the feature `heif`, HEIC is refused with advice how to set the phone.
    #[cfg(not(feature = "heif"))]
    #[test]
    fn heic_tells_how_to_set_the_phone() {
        let avif = sniff(&ftyp(b"mif1\0\0\0\0mif1avif"));
        assert_eq!(avif, Err(Refusal::Unsupported(Unsupported::Avif)));
        for brands in [&b"heic\0\0\0\0mif1"[..], b"heic\0\0\0\0mif1heic"] {
            let advice = sniff(&ftyp(brands)).unwrap_err().advice().unwrap();
            assert!(advice.contains("Settings > Camera > Formats") && advice.contains("Most Compatible"));
        }
    }

    /// I1: with the feature `heif`, both are formats like others.
    #[cfg(feature = "heif")]
    #[test]
    fn heif_is_told_by_its_brands() {
        assert_eq!(sniff(&ftyp(b"heic\0\0\0\0mif1heic")), Ok(Format::Heic));
        assert_eq!(sniff(&ftyp(b"mif1\0\0\0\0mif1avif")), Ok(Format::Avif));
    }
}
