//! Drawing strokes with smooth edges.

use super::{MOST_SIDE, PER_UNIT, Point, Strokes};
use crate::derive::png;
use crate::num::{index, real, sample, whole};
use crate::refusal::Refusal;

/// Long side of the drawing in pixels; smaller signing areas are drawn at twice their size at most.
pub(super) const LONG_SIDE: u32 = 1200;

/// Dark blue, as signatures on paper mostly are.
const INK: [u8; 3] = [22, 32, 84];

/// Draws a signature: dark blue on white, PNG, long side at most 1,200 pixels.
///
/// # Errors
/// [`Refusal`] if the PNG cannot be written, which only a lack of memory could cause.
pub fn render_png(strokes: &Strokes) -> Result<Vec<u8>, Refusal> {
    let long = strokes.width.max(strokes.height).min(MOST_SIDE);
    let scale = (real(LONG_SIDE) / real(long)).min(2.0);
    let side = |length: u32| {
        u32::try_from(whole(real(length) * scale + 0.5))
            .unwrap_or(1)
            .clamp(1, LONG_SIDE)
    };
    let mut sheet = Sheet::new(
        side(strokes.width),
        side(strokes.height),
        (real(long) * scale / 500.0).max(1.2),
    );
    let place = |point: &Point| {
        (
            real(point.x) * scale / real(PER_UNIT),
            real(point.y) * scale / real(PER_UNIT),
        )
    };
    for stroke in &strokes.lines {
        if let [dot] = stroke.as_slice() {
            sheet.line(place(dot), place(dot));
        }
        for pair in stroke.windows(2) {
            if let [from, to] = pair {
                sheet.line(place(from), place(to));
            }
        }
    }
    png(&sheet.colours(), (sheet.width, sheet.height))
}

/// How much of each pixel is inked, 0 to 255.
struct Sheet {
    width: u32,
    height: u32,
    /// Half the width of the pen in pixels.
    radius: f32,
    ink: Vec<u8>,
}

impl Sheet {
    fn new(width: u32, height: u32, radius: f32) -> Self {
        Self {
            width,
            height,
            radius,
            ink: vec![0; index(width) * index(height)],
        }
    }

    /// Draws a line with round ends. Walks along its longer axis and looks only at the pixels that the pen can touch,
    /// so that the work is in proportion to the line's length.
    fn line(&mut self, from: (f32, f32), to: (f32, f32)) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let steep = dy.abs() > dx.abs();
        let (along, across) = if steep {
            ((from.1, to.1), (from.0, to.0))
        } else {
            ((from.0, to.0), (from.1, to.1))
        };
        let length = dx.hypot(dy);
        let slope = if length == 0.0 {
            0.0
        } else {
            (across.1 - across.0) / (along.1 - along.0)
        };
        // Across a slanted line the pen is wider than its radius, by at most the square root of two.
        let reach = (self.radius + 1.0) * slope.hypot(1.0);
        let first = whole(along.0.min(along.1) - self.radius - 1.0);
        let last = whole(along.0.max(along.1) + self.radius + 1.0);
        for place in first..=last {
            let Ok(place) = u32::try_from(place) else { continue };
            let centre = real(place) + 0.5;
            let inside = centre.clamp(along.0.min(along.1), along.0.max(along.1));
            let middle = across.0 + (inside - along.0) * slope;
            for other in whole(middle - reach)..=whole(middle + reach) {
                let Ok(other) = u32::try_from(other) else { continue };
                let (x, y) = if steep { (other, place) } else { (place, other) };
                if self.is_full(x, y) {
                    continue;
                }
                let distance = distance((real(x) + 0.5, real(y) + 0.5), from, (dx, dy), length);
                self.cover(
                    x,
                    y,
                    sample((self.radius + 0.5 - distance).clamp(0.0, 1.0) * 255.0),
                );
            }
        }
    }

    /// Nothing more can be drawn there: outside, or wholly inked.
    fn is_full(&self, x: u32, y: u32) -> bool {
        let place = self.ink.get(index(y) * index(self.width) + index(x));
        x >= self.width || place.is_none_or(|ink| *ink == u8::MAX)
    }

    fn cover(&mut self, x: u32, y: u32, ink: u8) {
        if let Some(place) = self.ink.get_mut(index(y) * index(self.width) + index(x)) {
            *place = ink.max(*place);
        }
    }

    fn colours(&self) -> Vec<u8> {
        let blend = |ink: u8, colour: u8| {
            let light = (u32::from(colour) * u32::from(ink) + 255 * (255 - u32::from(ink)) + 127) / 255;
            u8::try_from(light).unwrap_or(u8::MAX)
        };
        self.ink
            .iter()
            .flat_map(|ink| INK.map(|colour| blend(*ink, colour)))
            .collect()
    }
}

/// Distance of a point from a line that begins at `from` and goes `(dx, dy)` far.
fn distance(point: (f32, f32), from: (f32, f32), (dx, dy): (f32, f32), length: f32) -> f32 {
    let (px, py) = (point.0 - from.0, point.1 - from.1);
    let share = if length == 0.0 {
        0.0
    } else {
        ((px * dx + py * dy) / (length * length)).clamp(0.0, 1.0)
    };
    let (ox, oy) = (px - share * dx, py - share * dy);
    (ox * ox + oy * oy).sqrt()
}
