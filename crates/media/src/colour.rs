//! Any colour space to sRGB.

pub(crate) mod code_points;

use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use crate::decode::Channels;
use crate::num::index;

/// Profiles of printing inks have up to 3 MB. Larger ones are ignored, as libpng ignores those above 8 MB, and with it
/// browsers: the image is shown as if it had none.
pub(crate) const MOST_PROFILE_BYTES: usize = 8 << 20;

/// Three bytes a pixel in sRGB. A profile that is broken or belongs to another number of channels is ignored, as
/// browsers do.
pub(crate) fn to_srgb(channels: Channels, samples: Vec<u8>, icc: Option<&[u8]>) -> Vec<u8> {
    let icc = icc.filter(|profile| profile.len() <= MOST_PROFILE_BYTES);
    match icc.and_then(|profile| transform(channels, &samples, profile)) {
        Some(Converted::Changed(pixels)) => pixels,
        Some(Converted::Same) | None => without_profile(channels, samples),
    }
}

enum Converted {
    Changed(Vec<u8>),
    /// The profile is sRGB by another name.
    Same,
}

/// Samples handed over at once, so that a buffer for a whole image is filled while it is still in the cache.
const PIXELS_AT_ONCE: usize = 1 << 14;

fn transform(channels: Channels, samples: &[u8], icc: &[u8]) -> Option<Converted> {
    let profile = ColorProfile::new_from_slice(icc).ok()?;
    let (space, layout) = match channels {
        Channels::Gray => (DataColorSpace::Gray, Layout::Gray),
        Channels::Rgb => (DataColorSpace::Rgb, Layout::Rgb),
        Channels::Cmyk => (DataColorSpace::Cmyk, Layout::Rgba),
    };
    if profile.color_space != space {
        return None;
    }
    let srgb = ColorProfile::new_srgb();
    let executor = profile
        .create_transform_8bit(layout, &srgb, Layout::Rgb, TransformOptions::default())
        .ok()?;
    if channels == Channels::Rgb {
        let probe = probe_colours();
        let mut converted = vec![0; probe.len()];
        executor.transform(&probe, &mut converted).ok()?;
        if probe
            .iter()
            .zip(&converted)
            .all(|(before, after)| before.abs_diff(*after) <= 1)
        {
            return Some(Converted::Same);
        }
    }
    let wide = index(channels.count());
    let mut pixels = vec![0; samples.len() / wide * 3];
    let parts = samples
        .chunks(wide * PIXELS_AT_ONCE)
        .zip(pixels.chunks_mut(3 * PIXELS_AT_ONCE));
    for (from, to) in parts {
        executor.transform(from, to).ok()?;
    }
    Some(Converted::Changed(pixels))
}

/// Colours from all over the cube, to see whether a profile changes any.
fn probe_colours() -> Vec<u8> {
    const STEPS: [u8; 6] = [0, 40, 90, 140, 200, 255];
    STEPS
        .iter()
        .flat_map(|r| {
            STEPS
                .iter()
                .flat_map(move |g| STEPS.iter().flat_map(move |b| [*r, *g, *b]))
        })
        .collect()
}

fn without_profile(channels: Channels, samples: Vec<u8>) -> Vec<u8> {
    match channels {
        Channels::Rgb => samples,
        Channels::Gray => colours(&samples, |[lightness]| [lightness; 3]),
        Channels::Cmyk => colours(&samples, |[cyan, magenta, yellow, black]| {
            [cyan, magenta, yellow].map(|ink| light(ink, black))
        }),
    }
}

/// Three bytes for each `WIDE` samples, in no more memory than they need: there may be 600 MB of them.
fn colours<const WIDE: usize>(samples: &[u8], colour: impl Fn([u8; WIDE]) -> [u8; 3]) -> Vec<u8> {
    let (cells, _) = samples.as_chunks::<WIDE>();
    let mut pixels = vec![0; cells.len() * 3];
    let (places, _) = pixels.as_chunks_mut::<3>();
    for (place, cell) in places.iter_mut().zip(cells) {
        *place = colour(*cell);
    }
    pixels
}

/// What an ink and black leave of the paper's light.
fn light(ink: u8, black: u8) -> u8 {
    let left = (255 - u32::from(ink)) * (255 - u32::from(black));
    u8::try_from((left + 127) / 255).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I1: everything shown is sRGB. Display P3 (200,100,80) is sRGB (214.9, 92.6, 73.1).
    #[test]
    fn display_p3_is_converted_by_value() {
        let p3 = ColorProfile::new_display_p3().encode().unwrap();
        let pixels = to_srgb(Channels::Rgb, [200, 100, 80].repeat(1000), Some(&p3));
        for (value, expected) in pixels.iter().zip([215_u8, 93, 73].repeat(1000)) {
            assert!(value.abs_diff(expected) <= 2, "{value} for {expected}");
        }
    }

    #[test]
    fn an_srgb_profile_changes_nothing() {
        let srgb = ColorProfile::new_srgb().encode().unwrap();
        let pixels: Vec<u8> = (0..=254).collect();
        assert_eq!(to_srgb(Channels::Rgb, pixels.clone(), Some(&srgb)), pixels);
    }

    /// Issue 8: a profile that is longer than profiles are is ignored, in every format.
    #[test]
    fn profiles_are_bounded() {
        let mut p3 = ColorProfile::new_display_p3().encode().unwrap();
        p3.resize(MOST_PROFILE_BYTES, 0);
        assert_ne!(
            to_srgb(Channels::Rgb, vec![200, 100, 80], Some(&p3)),
            [200, 100, 80]
        );
        p3.push(0);
        assert_eq!(
            to_srgb(Channels::Rgb, vec![200, 100, 80], Some(&p3)),
            [200, 100, 80]
        );
    }

    #[test]
    fn gray_with_a_profile_becomes_neutral_colour() {
        let gray = ColorProfile::new_gray_with_gamma(1.8).encode().unwrap();
        let pixels = to_srgb(Channels::Gray, vec![0, 100, 255], Some(&gray));
        let [black, middle, white] = *pixels.as_chunks::<3>().0 else {
            panic!("three pixels")
        };
        assert_eq!((black, white), ([0; 3], [255; 3]));
        assert!(
            middle[0] == middle[1] && middle[1] == middle[2] && middle[0] > 105,
            "{middle:?}"
        );
    }

    #[test]
    fn broken_or_foreign_profiles_are_ignored() {
        let gray = ColorProfile::new_gray_with_gamma(2.2).encode().unwrap();
        for icc in [&b"nonsense"[..], &gray, &[0; 200]] {
            assert_eq!(to_srgb(Channels::Rgb, vec![1, 2, 3], Some(icc)), [1, 2, 3]);
        }
    }

    #[test]
    fn inks_without_a_profile_leave_light() {
        assert_eq!(to_srgb(Channels::Cmyk, vec![0, 0, 0, 0], None), [255, 255, 255]);
        assert_eq!(to_srgb(Channels::Cmyk, vec![0, 255, 255, 0], None), [255, 0, 0]);
        assert_eq!(to_srgb(Channels::Cmyk, vec![10, 20, 30, 255], None), [0, 0, 0]);
    }
}
