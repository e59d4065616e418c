//! Light, lens and film: from tissue to pixels.

use super::noise::{Chance, Coarse, Field, step};
use super::tissue::Spot;
use super::{Scene, Subject, View};
use crate::num::{index, real, sample, whole};

/// Linear light, three values a pixel.
pub(super) type Light = Vec<[f32; 3]>;

/// Lights the tissue: a large soft light from the upper left, and a little shine.
pub(super) fn expose(scene: &Scene, view: &View, tissue: &[Spot]) -> Light {
    let width = index(view.width);
    let shine = Field::new(scene.seed, 41);
    let mut shine = Coarse::cloud(view, shine, (14.0, 14.0), (0.0, 0.0), 2);
    let mut light = Vec::with_capacity(tissue.len());
    for (y, row) in (0..view.height).zip(tissue.chunks_exact(width)) {
        let below = tissue
            .get(index(y + 1) * width..)
            .filter(|rest| !rest.is_empty())
            .unwrap_or(row);
        for (x, spot) in (0..view.width).zip(row) {
            let right = row.get(index(x) + 1).unwrap_or(spot);
            let under = below.get(index(x)).unwrap_or(spot);
            let slope = |other: &Spot| ((other.height - spot.height) / view.scale).clamp(-1.6, 1.6);
            let (nx, ny) = (-slope(right), -slope(under));
            let length = (nx * nx + ny * ny + 1.0).sqrt();
            let facing = (-0.40 * nx - 0.48 * ny + 0.78) / length;
            let diffuse = 0.26 + 0.98 * facing.max(0.0);
            // Half way between the light and the camera.
            let half = ((-0.21 * nx - 0.26 * ny + 0.943) / length).clamp(0.0, 1.0);
            let (px, py) = view.place(x, y);
            let sheen = 0.65 + 0.55 * shine.at(px, py);
            let glare =
                spot.gloss * sheen.max(0.0) * (0.07 * half.powi(12) + 0.55 * half.powi(90)) * spot.light;
            light.push(spot.colour().map(|colour| colour * diffuse * spot.light + glare));
        }
    }
    light
}

/// Focus, vignette, noise, tone: gives eight-bit sRGB.
pub(super) fn develop(scene: &Scene, view: &View, light: &[[f32; 3]]) -> Vec<u8> {
    let mut chance = Chance::new(scene.seed ^ 0xCA3E, u64::from(scene.visit));
    let warmth = chance.between(-0.025, 0.03);
    let exposure = chance.between(1.06, 1.14);
    let balance = [1.0 + warmth, 1.0, 1.0 - 1.3 * warmth].map(|channel| channel * exposure);
    let focus = (chance.between(-0.08, 0.08), chance.between(-0.06, 0.06));
    let light = defocus(scene, view, light, focus);
    let grain = Field::new(scene.seed ^ u64::from(scene.visit), 42);
    let curve: Vec<f32> = (0..=CURVE_STEPS)
        .map(|n| tone(real(n) * 2.0 / real(CURVE_STEPS)))
        .collect();
    let mut pixels = Vec::with_capacity(view.pixels() * 3);
    for (y, row) in (0..view.height).zip(light.chunks_exact(index(view.width))) {
        for (x, colour) in (0..view.width).zip(row) {
            let (u, v) = centred(view, x, y);
            let fall = 1.06 - 0.20 * (u * u + v * v) - 0.05 * (u + v);
            // Sensor noise, a little smoothed by the camera; tints are coarser than brightness.
            let noise = 0.0065 * (grain.speck(x, y) + 0.6 * grain.speck(x + 1, y + 1));
            let tint = 0.006 * grain.speck(x / 2 + 9000, y / 2);
            let tints = [tint, 0.0, -tint];
            for ((value, balance), tint) in colour.iter().zip(balance).zip(tints) {
                let tone = read(&curve, value * balance * fall);
                pixels.push(sample((tone + (noise + tint) * (1.15 - tone)) * 255.0));
            }
        }
    }
    pixels
}

/// From the image's centre, -1 to 1 along its width.
fn centred(view: &View, x: u32, y: u32) -> (f32, f32) {
    let half = real(view.width) / 2.0;
    (
        (real(x) - half) / half,
        (real(y) - real(view.height) / 2.0) / half,
    )
}

const CURVE_STEPS: u32 = 4096;

/// The tone of a light from 0 to 2, from the table that was made of [`tone`].
fn read(curve: &[f32], light: f32) -> f32 {
    let exact = light.clamp(0.0, 1.999) * real(CURVE_STEPS) / 2.0;
    let step = whole(exact);
    let at = usize::try_from(step).unwrap_or(0);
    let (below, above) = (
        curve.get(at).copied().unwrap_or(1.0),
        curve.get(at + 1).copied().unwrap_or(1.0),
    );
    below + (above - below) * exact.fract()
}

/// A camera's curve: sRGB with a soft shoulder and slightly deeper shadows.
fn tone(linear: f32) -> f32 {
    let linear = linear.max(0.0);
    let soft = linear * (1.0 + linear * 0.16) / (1.0 + linear * 0.30);
    let encoded = if soft <= 0.003_130_8 {
        soft * 12.92
    } else {
        1.055 * soft.powf(1.0 / 2.4) - 0.055
    };
    let encoded = encoded.clamp(0.0, 1.0);
    encoded + 0.10 * (encoded - 0.5) * 4.0 * encoded * (1.0 - encoded)
}

/// Blurs what lies away from the plane of focus: more towards the edges, and behind a limb.
fn defocus(scene: &Scene, view: &View, sharp: &[[f32; 3]], focus: (f32, f32)) -> Light {
    let strength = match scene.subject {
        Subject::Nevus | Subject::IrregularPigment => 1.0,
        Subject::Back | Subject::SeveralNevi => 0.45,
        Subject::Psoriasis
        | Subject::Acne
        | Subject::Wound(_)
        | Subject::Vitiligo
        | Subject::Rosacea
        | Subject::Forearm => 0.75,
    };
    let radius = (real(view.width) / 460.0).max(1.0);
    let soft = blur(view, sharp, radius);
    let softer = blur(view, &soft, radius * 2.2);
    let mut out = Vec::with_capacity(sharp.len());
    let mut levels = sharp.iter().zip(&soft).zip(&softer);
    for y in 0..view.height {
        for x in 0..view.width {
            let Some(((sharp, soft), softer)) = levels.next() else {
                return out;
            };
            let (u, v) = centred(view, x, y);
            let away = strength * ((u - focus.0).powi(2) * 0.9 + (v - focus.1).powi(2) * 1.7);
            // No lens is perfectly sharp: a little of the soft image is everywhere.
            let first = 0.16 + 0.84 * step(0.10, 0.60, away);
            let second = step(0.45, 1.35, away);
            let mut mixed = [0.0; 3];
            for (out, ((a, b), c)) in mixed.iter_mut().zip(sharp.iter().zip(soft).zip(softer)) {
                let near = a + (b - a) * first;
                *out = near + (c - near) * second;
            }
            out.push(mixed);
        }
    }
    out
}

/// Two box blurs each way, which is close to a bell.
fn blur(view: &View, light: &[[f32; 3]], radius: f32) -> Light {
    let reach = index(u32::try_from(whole(radius + 0.5)).unwrap_or(1).max(1));
    let (width, height) = (index(view.width), index(view.height));
    let mut turned = light.to_vec();
    for (across, down) in [(width, height), (height, width)] {
        turned = box_blur_turned(&box_blur(&turned, across, reach), across, down, reach);
    }
    turned
}

/// Blurs along rows.
fn box_blur(light: &[[f32; 3]], width: usize, reach: usize) -> Light {
    let mut out = Vec::with_capacity(light.len());
    for row in light.chunks_exact(width) {
        out.extend(blurred_row(row, reach));
    }
    out
}

/// Blurs along rows and exchanges rows and columns.
fn box_blur_turned(light: &[[f32; 3]], width: usize, height: usize, reach: usize) -> Light {
    let mut out = vec![[0.0; 3]; light.len()];
    for (y, row) in light.chunks_exact(width).enumerate() {
        for (place, value) in out
            .iter_mut()
            .skip(y)
            .step_by(height)
            .zip(blurred_row(row, reach))
        {
            *place = value;
        }
    }
    out
}

/// A running mean over `reach` pixels to both sides; the edges are continued.
fn blurred_row(row: &[[f32; 3]], reach: usize) -> impl Iterator<Item = [f32; 3]> + '_ {
    let at = move |n: usize| {
        row.get(n.min(row.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
    };
    let span = 2 * reach + 1;
    let share = 1.0 / real(u32::try_from(span).unwrap_or(u32::MAX));
    // `sum` covers the pixels n - reach to n + reach, where n is the next to be given out.
    let mut sum = [0.0_f32; 3];
    for n in 0..span {
        add(&mut sum, at(n.saturating_sub(reach)), 1.0);
    }
    (0..row.len()).map(move |n| {
        let mean = sum.map(|value| value * share);
        add(&mut sum, at(n + reach + 1), 1.0);
        add(&mut sum, at(n.saturating_sub(reach)), -1.0);
        mean
    })
}

fn add(sum: &mut [f32; 3], value: [f32; 3], sign: f32) {
    for (sum, value) in sum.iter_mut().zip(value) {
        *sum += sign * value;
    }
}
