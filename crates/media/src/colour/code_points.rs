//! Code points that say how colours are meant (ITU-T H.273), as profiles.

use moxcms::{
    CicpColorPrimaries, CicpProfile, ColorProfile, MatrixCoefficients, ToneReprCurve, TransferCharacteristics,
};

/// The profile of RGB or gray samples in the full range; none when a code point is unknown here.
pub(crate) fn profile(primaries: u8, transfer: u8, gray: bool) -> Option<ColorProfile> {
    let mut profile = ColorProfile::new_from_cicp(CicpProfile {
        color_primaries: CicpColorPrimaries::try_from(primaries).ok()?,
        transfer_characteristics: TransferCharacteristics::try_from(transfer).ok()?,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    });
    let mut curve = profile.red_trc.take()?;
    if let Some(light) = bright(transfer) {
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

pub(crate) fn set_curve(profile: &mut ColorProfile, curve: ToneReprCurve) {
    profile.cicp = None;
    profile.red_trc = Some(curve.clone());
    profile.green_trc = Some(curve.clone());
    profile.blue_trc = Some(curve);
}

pub(crate) fn gray_with(curve: ToneReprCurve) -> ColorProfile {
    let mut profile = ColorProfile::new_gray_with_gamma(1.0);
    profile.gray_trc = Some(curve);
    profile
}
