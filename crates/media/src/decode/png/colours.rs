//! The colours that a PNG declares, as a profile: cICP, iCCP, sRGB, gAMA with cHRM, in this order (PNG, third
//! edition, 4.3).

use std::io::Read;

use flate2::read::ZlibDecoder;
use moxcms::{
    Chromaticity, CicpColorPrimaries, CicpProfile, ColorPrimaries, ColorProfile, MatrixCoefficients,
    ToneReprCurve, TransferCharacteristics,
};
use png::{CodingIndependentCodePoints, Info, SourceChromaticities};

use super::repair::checksum;
use crate::colour::MOST_PROFILE_BYTES;
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

/// Code points that say how colours are meant (ITU-T H.273); none when a part is unknown here.
fn by_code_points(points: CodingIndependentCodePoints, gray: bool) -> Option<ColorProfile> {
    // PNG has RGB only, in the full range.
    if points.matrix_coefficients != 0 || !points.is_video_full_range_image {
        return None;
    }
    let transfer = TransferCharacteristics::try_from(points.transfer_function).ok()?;
    let primaries = CicpColorPrimaries::try_from(points.color_primaries).ok()?;
    let mut profile = ColorProfile::new_from_cicp(CicpProfile {
        color_primaries: primaries,
        transfer_characteristics: transfer,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    });
    let mut curve = profile.red_trc.take()?;
    if let Some(light) = bright(points.transfer_function) {
        curve = light;
    }
    if gray {
        return Some(gray_with(curve));
    }
    set_curve(&mut profile, curve);
    Some(profile)
}

/// The curves of images that are brighter than white (PQ and HLG), on a screen that shows white at 203 cd/m²
/// (ITU-R BT.2408); what is brighter stays white.
fn bright(transfer_function: u8) -> Option<ToneReprCurve> {
    const STEPS: u16 = 4095;
    const WHITE: f64 = 203.0;
    let light = match transfer_function {
        16 => pq,
        18 => hlg,
        _ => return None,
    };
    let curve = (0..=STEPS).map(|step| {
        let share = light(f64::from(step) / f64::from(STEPS)) / WHITE;
        sixteen_bits(share)
    });
    Some(ToneReprCurve::Lut(curve.collect()))
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=1 first; a float-to-integer cast saturates"
)]
fn sixteen_bits(share: f64) -> u16 {
    (share.clamp(0.0, 1.0) * 65_535.0 + 0.5) as u16
}

/// Candelas per square metre of a signal (SMPTE ST 2084).
fn pq(signal: f64) -> f64 {
    let root = signal.powf(32.0 / 2523.0);
    let share = ((root - 0.835_937_5).max(0.0) / (18.851_562_5 - 18.687_5 * root)).powf(8192.0 / 1305.0);
    share * 10_000.0
}

/// Candelas per square metre of a signal on a screen of 1,000 (ITU-R BT.2100, hybrid log-gamma), channel by channel.
fn hlg(signal: f64) -> f64 {
    const A: f64 = 0.178_832_77;
    const B: f64 = 0.284_668_92;
    const C: f64 = 0.559_910_73;
    let scene = if signal <= 0.5 {
        signal * signal / 3.0
    } else {
        (((signal - C) / A).exp() + B) / 12.0
    };
    scene.powf(1.2) * 1000.0
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

fn set_curve(profile: &mut ColorProfile, curve: ToneReprCurve) {
    profile.cicp = None;
    profile.red_trc = Some(curve.clone());
    profile.green_trc = Some(curve.clone());
    profile.blue_trc = Some(curve);
}

fn gray_with(curve: ToneReprCurve) -> ColorProfile {
    let mut profile = ColorProfile::new_gray_with_gamma(1.0);
    profile.gray_trc = Some(curve);
    profile
}
