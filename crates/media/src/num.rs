//! The few number conversions that pixels need, in one place because each of them may lose something.

/// An index or length from a 32-bit pixel count. Lossless wherever this crate builds (`usize` has at least 32 bits).
pub(crate) fn index(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// A byte count from an in-memory length.
pub(crate) fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// Rounds to the nearest sample value, clamped to 0..=255; not-a-number becomes 0.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=255 first; a float-to-integer cast saturates"
)]
pub(crate) fn sample(value: f32) -> u8 {
    (value + 0.5).clamp(0.0, 255.0) as u8
}

/// Rounds a length down to whole pixels, clamped to what 32 bits hold.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "a float-to-integer cast saturates, which is the clamping wanted here"
)]
pub(crate) fn whole(value: f32) -> i32 {
    value.floor() as i32
}

/// A pixel coordinate as a float. Exact below 2^24, which every accepted side is.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "coordinates stay far below 2^24"
)]
pub(crate) fn real(n: u32) -> f32 {
    n as f32
}

/// Sixteen bits to eight, rounded so that full stays full.
pub(crate) fn narrow(value: u16) -> u8 {
    u8::try_from((u32::from(value) * 255 + 32_767) / 65_535).unwrap_or(u8::MAX)
}
