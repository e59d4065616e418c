//! What decoders of several formats do with samples.

/// Replaces each sample of `WIDE` bytes by one byte, in the memory that the samples already have.
pub(super) fn shrink<const WIDE: usize>(buffer: &mut Vec<u8>, narrow: impl Fn([u8; WIDE]) -> u8) {
    let samples = buffer.len() / WIDE;
    for at in 0..samples {
        let Some(raw) = buffer
            .get(at * WIDE..)
            .and_then(|rest| rest.first_chunk::<WIDE>())
        else {
            break;
        };
        let small = narrow(*raw);
        if let Some(place) = buffer.get_mut(at) {
            *place = small;
        }
    }
    buffer.truncate(samples);
}

/// Blends pixels whose last of `WIDE` samples is alpha with white, and drops the alpha.
pub(super) fn lay_on_white<const WIDE: usize>(buffer: &mut Vec<u8>) {
    let colours = WIDE - 1;
    let pixels = buffer.len() / WIDE;
    for at in 0..pixels {
        let Some(raw) = buffer
            .get(at * WIDE..)
            .and_then(|rest| rest.first_chunk::<WIDE>())
        else {
            break;
        };
        let raw = *raw;
        let alpha = u16::from(raw.last().copied().unwrap_or(u8::MAX));
        let Some(place) = buffer.get_mut(at * colours..(at + 1) * colours) else {
            break;
        };
        for (out, colour) in place.iter_mut().zip(raw) {
            let blended = (u16::from(colour) * alpha + 255 * (255 - alpha) + 127) / 255;
            *out = u8::try_from(blended).unwrap_or(u8::MAX);
        }
    }
    buffer.truncate(pixels * colours);
}

/// What stands where a image's data is missing: the same middle grey that a JPEG without coefficients has.
pub(super) const MISSING: u8 = 128;
