//! What samples mean: to grey, RGB or inks, laid on white.

use super::page::{Compression, Page, Photometric};
use super::samples::Canvas;
use crate::decode::Channels;
use crate::header::tiff::tag;

/// Turns a filled canvas into a image.
pub(super) fn finish(page: &Page<'_>, canvas: Canvas) -> (Channels, Vec<u8>) {
    let mut samples = canvas.samples;
    let wide = usize::from(page.kept());
    match page.photometric {
        Photometric::WhiteIsZero => {
            for lightness in samples.iter_mut().step_by(wide) {
                *lightness = !*lightness;
            }
        }
        // Those of JPEGs were converted with them.
        Photometric::Ycbcr if page.compression != Compression::Jpeg => {
            let lights = Ycbcr::read(page);
            for pixel in samples.chunks_exact_mut(wide) {
                if let Some(colour) = pixel.first_chunk_mut::<3>() {
                    *colour = lights.to_rgb(*colour);
                }
            }
        }
        Photometric::BlackIsZero
        | Photometric::Rgb
        | Photometric::Palette
        | Photometric::Cmyk
        | Photometric::Ycbcr => {}
    }
    let channels = match page.photometric {
        Photometric::WhiteIsZero | Photometric::BlackIsZero => Channels::Gray,
        Photometric::Rgb | Photometric::Palette | Photometric::Ycbcr => Channels::Rgb,
        Photometric::Cmyk => Channels::Cmyk,
    };
    if let Some(alpha) = page.alpha {
        let white = if channels == Channels::Cmyk { 0 } else { u8::MAX };
        lay_on(white, alpha.associated, wide, &mut samples);
    }
    (channels, samples)
}

/// Blends pixels whose last of `wide` samples is alpha with paper, and drops the alpha. Associated colours are what is
/// left of them already.
fn lay_on(white: u8, associated: bool, wide: usize, samples: &mut Vec<u8>) {
    let colours = wide - 1;
    let pixels = samples.len() / wide;
    for pixel in 0..pixels {
        let alpha = samples.get(pixel * wide + colours).copied().unwrap_or(u8::MAX);
        for part in 0..colours {
            let colour = samples.get(pixel * wide + part).copied().unwrap_or_default();
            let paper = share_of(white, u8::MAX - alpha);
            let ink = if associated {
                colour
            } else {
                share_of(colour, alpha)
            };
            if let Some(place) = samples.get_mut(pixel * colours + part) {
                *place = paper.saturating_add(ink);
            }
        }
    }
    samples.truncate(pixels * colours);
}

fn share_of(value: u8, alpha: u8) -> u8 {
    let product = u16::from(value) * u16::from(alpha);
    u8::try_from((product + 127) / 255).unwrap_or(u8::MAX)
}

/// How lightness and colour differences make colours (TIFF 6.0, section 21).
struct Ycbcr {
    red: f64,
    green: f64,
    blue: f64,
    /// Numbers of black and white, and of no and most colour.
    reference: [f64; 6],
}

impl Ycbcr {
    fn read(page: &Page<'_>) -> Self {
        let list = |tag, at: u64, missing: f64| {
            let field = page.directory.field(tag);
            field.and_then(|field| field.real(at)).unwrap_or(missing)
        };
        let weight = |at, missing| list(tag::YCBCR_COEFFICIENTS, at, missing);
        let limits = [0.0, 255.0, 128.0, 255.0, 128.0, 255.0];
        let mut reference = limits;
        for (at, limit) in (0_u64..).zip(&mut reference) {
            *limit = list(tag::REFERENCE_BLACK_WHITE, at, *limit);
        }
        let [black, white, none, most, none_too, most_too] = reference;
        if white <= black || most <= none || most_too <= none_too {
            reference = limits;
        }
        let green = weight(1, 0.587);
        Self {
            red: weight(0, 0.299),
            green: if green > 0.0 { green } else { 0.587 },
            blue: weight(2, 0.114),
            reference,
        }
    }

    fn to_rgb(&self, [lightness, blue, red]: [u8; 3]) -> [u8; 3] {
        let [black, white, no_blue, most_blue, no_red, most_red] = self.reference;
        let lightness = (f64::from(lightness) - black) * 255.0 / (white - black);
        let blue_share = (f64::from(blue) - no_blue) * 127.0 / (most_blue - no_blue);
        let red_share = (f64::from(red) - no_red) * 127.0 / (most_red - no_red);
        let red = lightness + red_share * (2.0 - 2.0 * self.red);
        let blue = lightness + blue_share * (2.0 - 2.0 * self.blue);
        let green = (lightness - self.red * red - self.blue * blue) / self.green;
        [red, green, blue].map(level)
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=255 first; a float-to-integer cast saturates"
)]
fn level(value: f64) -> u8 {
    (value + 0.5).clamp(0.0, 255.0) as u8
}
