//! What a file may cost, checked against headers before anything is decoded (I2, C31), and how large what is
//! made from it may be.

use crate::num::count;
use crate::refusal::Refusal;
use crate::wire::{Malformed, Reading, Writing};

/// No setting can allow larger files than this: 256 MiB (I2).
pub const MOST_BYTES: u64 = 256 << 20;

/// Largest full-size rendition in bytes: 256 MiB.
pub const MOST_FULL_BYTES: u64 = 256 << 20;

/// An image without loss is shown in full without loss up to so many pixels: more of them could be longer than
/// [`MOST_FULL_BYTES`] as PNG, whatever they show.
pub const MOST_LOSSLESS_PIXELS: u64 = 80_000_000;

/// Long side of the screen rendition in pixels; smaller images keep their size.
pub const SCREEN_SIDE: u32 = 1600;
/// Long side of the medium rendition in pixels, for lists on sharp screens; smaller images keep their size.
pub const MEDIUM_SIDE: u32 = 640;
/// Long side of the thumbnail in pixels; smaller images keep their size.
pub const THUMBNAIL_SIDE: u32 = 320;

/// What a file may cost, in bytes, pixels and memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "`max` is what makes a number a limit")]
pub struct Limits {
    max_bytes: u64,
    max_pixels: u64,
    max_side: u32,
    max_alloc: u64,
}

impl Default for Limits {
    /// 16 MiB files, 200 megapixels (I2), 30,000 pixels on a side (a phone panorama has 16,000), 1.5 GiB of pixel
    /// memory: enough for every rendition of an ordinary 200-megapixel JPEG or PNG.
    fn default() -> Self {
        Self {
            max_bytes: 16 << 20,
            max_pixels: 200_000_000,
            max_side: 30_000,
            max_alloc: 1536 << 20,
        }
    }
}

impl Limits {
    /// Sets the largest file in bytes; clamped to 1..=[`MOST_BYTES`].
    #[must_use]
    pub fn with_max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes.clamp(1, MOST_BYTES);
        self
    }

    /// Sets the most pixels an image may have; at least 1.
    #[must_use]
    pub fn with_max_pixels(mut self, pixels: u64) -> Self {
        self.max_pixels = pixels.max(1);
        self
    }

    /// Sets the longest side in pixels; clamped to 1..=65,535, which is all that JPEG can announce.
    #[must_use]
    pub fn with_max_side(mut self, side: u32) -> Self {
        self.max_side = side.clamp(1, 65_535);
        self
    }

    /// Sets how many bytes of pixels and coefficients may be held at once. The process needs about 128 MiB more.
    #[must_use]
    pub fn with_max_alloc(mut self, bytes: u64) -> Self {
        self.max_alloc = bytes;
        self
    }

    /// Largest file in bytes.
    #[must_use]
    pub fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    /// Most pixels of an image.
    #[must_use]
    pub fn max_pixels(&self) -> u64 {
        self.max_pixels
    }

    /// Longest side in pixels.
    #[must_use]
    pub fn max_side(&self) -> u32 {
        self.max_side
    }

    /// Most bytes of pixels and coefficients held at once.
    #[must_use]
    pub fn max_alloc(&self) -> u64 {
        self.max_alloc
    }

    /// Refuses a file of this length before it is looked at.
    ///
    /// # Errors
    /// [`Refusal::Empty`] for no bytes, [`Refusal::TooLarge`] for more than [`Limits::max_bytes`].
    pub fn check_length(&self, bytes: u64) -> Result<(), Refusal> {
        if bytes == 0 {
            return Err(Refusal::Empty);
        }
        if bytes > self.max_bytes {
            return Err(Refusal::TooLarge {
                bytes,
                limit: self.max_bytes,
            });
        }
        Ok(())
    }

    pub(crate) fn check_file(&self, bytes: &[u8]) -> Result<(), Refusal> {
        self.check_length(count(bytes.len()))
    }

    pub(crate) fn check_size(&self, width: u32, height: u32) -> Result<(), Refusal> {
        if width == 0 || height == 0 {
            return Err(Refusal::MALFORMED);
        }
        let pixels = u64::from(width) * u64::from(height);
        if width > self.max_side || height > self.max_side || pixels > self.max_pixels {
            return Err(Refusal::TooManyPixels { width, height });
        }
        Ok(())
    }

    pub(crate) fn check_memory(&self, bytes: u64, width: u32, height: u32) -> Result<(), Refusal> {
        if bytes > self.max_alloc {
            Err(Refusal::TooManyPixels { width, height })
        } else {
            Ok(())
        }
    }

    pub(crate) fn write(self, out: &mut Writing) {
        out.u64(self.max_bytes);
        out.u64(self.max_pixels);
        out.u32(self.max_side);
        out.u64(self.max_alloc);
    }

    pub(crate) fn read(from: &mut Reading<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            max_bytes: from.u64()?,
            max_pixels: from.u64()?,
            max_side: from.u32()?,
            max_alloc: from.u64()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I2: 16 MiB by default, a setting up to 256 MiB.
    #[test]
    fn length_is_checked_at_the_border() {
        let limits = Limits::default();
        assert_eq!(limits.check_length(0), Err(Refusal::Empty));
        assert_eq!(limits.check_length(16 << 20), Ok(()));
        assert_eq!(
            limits.check_length((16 << 20) + 1).map_err(|r| r.code()),
            Err("too_large")
        );
        assert_eq!(limits.with_max_bytes(u64::MAX).max_bytes(), MOST_BYTES);
    }

    /// I2: pixel limit 200 MP.
    #[test]
    fn pixels_are_checked_at_the_border() {
        let limits = Limits::default();
        assert_eq!(limits.check_size(20_000, 10_000), Ok(()));
        assert_eq!(
            limits.check_size(20_000, 10_001).map_err(|r| r.code()),
            Err("too_many_pixels")
        );
        assert_eq!(
            limits.check_size(30_001, 1).map_err(|r| r.code()),
            Err("too_many_pixels")
        );
        assert_eq!(
            limits.check_size(u32::MAX, u32::MAX).map_err(|r| r.code()),
            Err("too_many_pixels")
        );
        assert_eq!(limits.check_size(0, 1).map_err(|r| r.code()), Err("damaged"));
    }
}
