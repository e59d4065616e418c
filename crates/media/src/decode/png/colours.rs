//! The colours that a PNG declares, as a profile: cICP, iCCP, sRGB, gAMA with cHRM, in this order (PNG, third
//! edition, 4.3).

use std::io::Read;

use flate2::read::ZlibDecoder;
use moxcms::{Chromaticity, ColorPrimaries, ColorProfile, ToneReprCurve};
use png::{CodingIndependentCodePoints, Info, SourceChromaticities};

use super::repair::checksum;
use crate::colour::MOST_PROFILE_BYTES;
use crate::colour::code_points::{self, gray_with, set_curve};
use crate::header::png::Chunks;
use crate::num::count;

/// The profile that the file brings, unpacked here because the library does so whatever its length: a few hundred kilobytes
/// of it can be hundreds of megabytes. One that is longer than profiles are, or broken, is none.
pub(super) fn embedded(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut before_data = Chunks::new(bytes).take_while(|chunk| &chunk.kind != b"IDAT");
    let chunk = before_data.find(|chunk| &chunk.kind == b"iCCP")?;
    // A chunk with a wrong checksum is passed over.
    let body = Some(chunk.body).filter(|_| chunk.sum == Some(checksum(chunk.kind, chunk.body)))?;
    // A name of up to 79 characters, its end, and the compression, of which there is one.
    let name = body.iter().take(80).position(|byte| *byte == 0)?;
    let packed = body.get(name + 1..)?.strip_prefix(&[0])?;
    let mut profile = Vec::new();
    let most = count(MOST_PROFILE_BYTES) + 1;
    ZlibDecoder::new(packed)
        .take(most)
        .read_to_end(&mut profile)
        .ok()?;
    Some(profile).filter(|profile| profile.len() <= MOST_PROFILE_BYTES)
}

/// The profile to convert from; none for sRGB, declared or assumed. `embedded` is what the file brings.
pub(super) fn profile(info: &Info<'_>, embedded: Option<Vec<u8>>, gray: bool) -> Option<Vec<u8>> {
    if let Some(points) = info.coding_independent_code_points
        && let Some(profile) = by_code_points(points, gray)
    {
        return profile.encode().ok();
    }
    if let Some(embedded) = embedded
        && ColorProfile::new_from_slice(&embedded).is_ok()
    {
        return Some(embedded);
    }
    if info.srgb.is_some() {
        return None;
    }
    let gamma = info.gama_chunk.map(png::ScaledFloat::into_value);
    by_measures(gamma, info.chrm_chunk, gray)?.encode().ok()
}

/// What the code points say, as [`code_points::profile`] reads them.
fn by_code_points(points: CodingIndependentCodePoints, gray: bool) -> Option<ColorProfile> {
    // PNG has RGB only, in the full range.
    if points.matrix_coefficients != 0 || !points.is_video_full_range_image {
        return None;
    }
    code_points::profile(points.color_primaries, points.transfer_function, gray)
}

/// gAMA, the exponent of the encoding, and cHRM, the places of white and primaries.
fn by_measures(gamma: Option<f32>, places: Option<SourceChromaticities>, gray: bool) -> Option<ColorProfile> {
    let places = places.filter(|places| !is_srgb(places));
    // This exponent is what PNG has writers of sRGB say, for readers that know no sRGB.
    let gamma = gamma.filter(|gamma| *gamma > 0.01 && *gamma < 10.0 && (gamma - 0.45455).abs() > 0.000_15);
    if gamma.is_none() && (places.is_none() || gray) {
        return None;
    }
    let mut profile = ColorProfile::new_srgb();
    profile.cicp = None;
    if let Some(gamma) = gamma {
        let curve = ToneReprCurve::Parametric(vec![gamma.recip()]);
        if gray {
            return Some(gray_with(curve));
        }
        set_curve(&mut profile, curve);
    }
    if let Some(places) = places {
        let place = |(x, y): (png::ScaledFloat, png::ScaledFloat)| Chromaticity {
            x: x.into_value(),
            y: y.into_value(),
        };
        let corners = [places.white, places.red, places.green, places.blue].map(place);
        let [white, red, green, blue] = corners;
        if corners.iter().any(|corner| corner.y < 0.001) || flat(red, green, blue) {
            return Some(profile).filter(|_| gamma.is_some());
        }
        profile.update_rgb_colorimetry(white.to_xyyb(), ColorPrimaries { red, green, blue });
    }
    Some(profile)
}

/// Primaries on one line span no colours.
fn flat(red: Chromaticity, green: Chromaticity, blue: Chromaticity) -> bool {
    let area = (green.x - red.x) * (blue.y - red.y) - (blue.x - red.x) * (green.y - red.y);
    area.abs() < 0.001
}

fn is_srgb(places: &SourceChromaticities) -> bool {
    let same = |(x, y): (png::ScaledFloat, png::ScaledFloat), wanted: (u32, u32)| {
        x.into_scaled().abs_diff(wanted.0) <= 50 && y.into_scaled().abs_diff(wanted.1) <= 50
    };
    same(places.white, (31_270, 32_900))
        && same(places.red, (64_000, 33_000))
        && same(places.green, (30_000, 60_000))
        && same(places.blue, (15_000, 6_000))
}
