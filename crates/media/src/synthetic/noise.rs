//! Chance that repeats itself: numbers, smooth noise and cells, from a seed alone.

use super::View;
use crate::num::{index, real};

/// Mixes a number well (the finaliser of `SplitMix64`).
fn mix(mut n: u64) -> u64 {
    n = (n ^ (n >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    n = (n ^ (n >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    n ^ (n >> 31)
}

/// The upper bits of a number as a fraction, 0 to 1.
fn fraction(n: u64) -> f32 {
    f32::from(u16::try_from(n >> 48).unwrap_or(0)) / 65_535.0
}

/// A row of numbers.
#[derive(Debug)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        Self(mix(seed ^ mix(stream.wrapping_mul(0x9E37_79B9_7F4A_7C15))))
    }

    /// The next number, 0 to 1.
    pub(super) fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        fraction(mix(self.0))
    }

    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.next()
    }

    /// About normal, mean 0, deviation 1.
    pub(super) fn normal(&mut self) -> f32 {
        (0..4).map(|_| self.next()).sum::<f32>() * 1.732 - 3.464
    }
}

/// By how much each octave is finer than the one before.
const FINER: f32 = 2.03;

/// Smooth noise and cells over the plane.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field(u32);

impl Field {
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        Self(u32::try_from(mix(seed ^ mix(stream ^ 0xF1E1D)) >> 32).unwrap_or(1))
    }

    /// A 32-bit hash of a grid point: cheap, as it is asked millions of times.
    fn hash(self, x: i32, y: i32) -> u32 {
        let mut n = self.0
            ^ x.cast_unsigned().wrapping_mul(0x85EB_CA6B)
            ^ y.cast_unsigned().wrapping_mul(0xC2B2_AE35);
        n = (n ^ (n >> 15)).wrapping_mul(0x2C1B_3C6D);
        n = (n ^ (n >> 12)).wrapping_mul(0x297A_2D39);
        n ^ (n >> 15)
    }

    /// White noise at a grid point, -1 to 1.
    pub(super) fn speck(self, x: u32, y: u32) -> f32 {
        let [a, b, ..] = self.hash(x.cast_signed(), y.cast_signed()).to_be_bytes();
        (f32::from(a) + f32::from(b)) / 255.0 - 1.0
    }

    /// What a grid point adds: a slope of its own, seen from `(dx, dy)` away.
    fn corner(self, x: i32, y: i32, dx: f32, dy: f32) -> f32 {
        let [_, _, a, b] = self.hash(x, y).to_be_bytes();
        ((f32::from(a) - 127.5) * dx + (f32::from(b) - 127.5) * dy) * (1.0 / 75.0)
    }

    /// One octave, about -1 to 1, changing over a distance of 1.
    pub(super) fn smooth(self, x: f32, y: f32) -> f32 {
        let ((left, fx), (top, fy)) = (split(x), split(y));
        let fade = |t: f32| t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
        let (sx, sy) = (fade(fx), fade(fy));
        let (right, bottom) = (left.wrapping_add(1), top.wrapping_add(1));
        let between = |row: i32, dy: f32| {
            let (near, far) = (
                self.corner(left, row, fx, dy),
                self.corner(right, row, fx - 1.0, dy),
            );
            near + (far - near) * sx
        };
        let above = between(top, fy);
        above + (between(bottom, fy - 1.0) - above) * sy
    }

    /// Several octaves, each half as large and twice as fine; about -1 to 1.
    pub(super) fn cloudy(self, x: f32, y: f32, octaves: u32) -> f32 {
        let (mut sum, mut weight, mut total, mut frequency) = (0.0, 1.0, 0.0, 1.0);
        for octave in 0..octaves {
            // Each octave is turned a little, which hides the grid.
            let (tx, ty) = (x * frequency, y * frequency);
            let shift = real(octave) * 17.3;
            sum += weight * self.smooth(0.8 * tx - 0.6 * ty + shift, 0.6 * tx + 0.8 * ty - shift);
            total += weight;
            weight *= 0.5;
            frequency *= FINER;
        }
        sum / total * 1.6
    }

    /// Thin lines where noise crosses zero: 1 on the line, 0 away from it.
    pub(super) fn veins(self, x: f32, y: f32, octaves: u32, thickness: f32) -> f32 {
        (1.0 - self.cloudy(x, y, octaves).abs() / thickness).max(0.0)
    }

    /// Like [`Field::cells`], with the gap between the two distances in place of the second: 0 on a border.
    pub(super) fn cells_apart(self, x: f32, y: f32) -> (f32, f32, f32) {
        let (near, second, own) = self.cells(x, y);
        (near, second - near, own)
    }

    /// Cells of about unit size: distances to the nearest and second nearest centre, and the cell's own number 0 to 1.
    pub(super) fn cells(self, x: f32, y: f32) -> (f32, f32, f32) {
        let ((left, fx), (top, fy)) = (split(x), split(y));
        let (mut nearest, mut second, mut own) = (9.0_f32, 9.0_f32, 0_u32);
        // How far the squares beside this one are, squared: where both centres are nearer, theirs is neither.
        let across = [(-1_i8, fx * fx), (0, 0.0), (1, (1.0 - fx) * (1.0 - fx))];
        let down = [(0_i8, 0.0), (-1, fy * fy), (1, (1.0 - fy) * (1.0 - fy))];
        for (dy, below) in down {
            for (dx, beside) in across {
                if below + beside >= second {
                    continue;
                }
                let hash = self.hash(left.wrapping_add(dx.into()), top.wrapping_add(dy.into()));
                let distance = centre(hash, (dx, dy), (fx, fy));
                if distance < nearest {
                    second = nearest;
                    nearest = distance;
                    own = hash;
                } else if distance < second {
                    second = distance;
                }
            }
        }
        (nearest.sqrt(), second.sqrt(), own_number(own))
    }

    /// Like [`Field::cells`], for what is only painted within half a unit of a centre: the distance to the nearest and its
    /// cell's number; where none is as near, those of another.
    pub(super) fn centre_within_half(self, x: f32, y: f32) -> (f32, f32) {
        let ((left, fx), (top, fy)) = (split(x), split(y));
        // Only the squares on this side are as near.
        let side = |rest: f32| if rest < 0.5 { -1_i8 } else { 1 };
        let (beside, below) = (side(fx), side(fy));
        let (mut nearest, mut own) = (9.0_f32, 0_u32);
        for dy in [0, below] {
            for dx in [0, beside] {
                let hash = self.hash(left.wrapping_add(dx.into()), top.wrapping_add(dy.into()));
                let distance = centre(hash, (dx, dy), (fx, fy));
                if distance < nearest {
                    nearest = distance;
                    own = hash;
                }
            }
        }
        (nearest.sqrt(), own_number(own))
    }
}

/// Squared distance from a point in a square to the centre in the square that is `(dx, dy)` beside it.
fn centre(hash: u32, (dx, dy): (i8, i8), (fx, fy): (f32, f32)) -> f32 {
    let [_, _, a, b] = hash.to_be_bytes();
    let ox = f32::from(dx) + f32::from(a) / 255.0 - fx;
    let oy = f32::from(dy) + f32::from(b) / 255.0 - fy;
    ox * ox + oy * oy
}

fn own_number(hash: u32) -> f32 {
    let [a, b, ..] = hash.to_be_bytes();
    f32::from(u16::from_be_bytes([a, b])) / 65_535.0
}

/// The whole part, rounded down, and the rest. A cast, as `floor` is a call into the C library on plain x86-64.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "grid coordinates stay far below 2^24"
)]
fn split(value: f32) -> (i32, f32) {
    let near = value as i32;
    let rest = value - near as f32;
    if rest < 0.0 {
        (near - 1, rest + 1.0)
    } else {
        (near, rest)
    }
}

/// Slow noise, worked out on a coarse grid of millimetres, at a point when it is first asked for, and read in between.
pub(super) struct Coarse {
    left: f32,
    top: f32,
    step: f32,
    /// Steps to a millimetre.
    fine: f32,
    columns: usize,
    /// Zero where it was not worked out yet.
    values: Vec<f32>,
    noise: Box<dyn Fn(f32, f32) -> f32>,
}

impl Coarse {
    /// Covers the view; `step` is the grid's distance in millimetres, and no less than two pixels.
    pub(super) fn new(view: &View, step: f32, noise: impl Fn(f32, f32) -> f32 + 'static) -> Self {
        let step = step.max(2.0 * view.scale);
        let reach = |side: u32| real(side) * view.scale * 0.5;
        // The camera may be rolled and off centre by a little.
        let half = (
            reach(view.width) + 0.1 * reach(view.height),
            reach(view.height) + 0.1 * reach(view.width),
        );
        let (left, top) = (view.offset.0 - half.0 - step, view.offset.1 - half.1 - step);
        let cells = |half: f32| u32::try_from(split(2.0 * half / step).0 + 4).unwrap_or(4);
        let (columns, rows) = (index(cells(half.0)), index(cells(half.1)));
        Self {
            left,
            top,
            step,
            fine: 1.0 / step,
            columns,
            values: vec![0.0; columns * rows],
            noise: Box::new(noise),
        }
    }

    /// [`Field::cloudy`] of this size in millimetres, right and down, seen from `shift` units away. The grid has five points
    /// to the finest octave, if those are two pixels apart.
    pub(super) fn cloud(
        view: &View,
        field: Field,
        (right, down): (f32, f32),
        (dx, dy): (f32, f32),
        octaves: u32,
    ) -> Self {
        let finest = (1..octaves).fold(right.min(down), |size, _| size / FINER);
        Self::new(view, finest / 5.0, move |x, y| {
            field.cloudy(x / right + dx, y / down + dy, octaves)
        })
    }

    pub(super) fn at(&mut self, x: f32, y: f32) -> f32 {
        let ((column, fx), (row, fy)) = (
            split((x - self.left) * self.fine),
            split((y - self.top) * self.fine),
        );
        let above = self.between(column, row, fx);
        let below = self.between(column, row + 1, fx);
        above + (below - above) * fy
    }

    fn between(&mut self, column: i32, row: i32, fx: f32) -> f32 {
        let left = self.value(column, row);
        left + (self.value(column + 1, row) - left) * fx
    }

    fn value(&mut self, column: i32, row: i32) -> f32 {
        let place = |n: i32| u32::try_from(n).unwrap_or(0);
        let (column, row) = (place(column), place(row));
        match self.values.get_mut(index(row) * self.columns + index(column)) {
            Some(value) if *value == 0.0 => {
                *value = (self.noise)(
                    self.left + real(column) * self.step,
                    self.top + real(row) * self.step,
                );
                *value
            }
            Some(value) => *value,
            None => 0.0,
        }
    }
}

/// 0 below `low`, 1 above `high`, smooth between; also with `low` above `high`.
pub(super) fn step(low: f32, high: f32, value: f32) -> f32 {
    let share = ((value - low) / (high - low)).clamp(0.0, 1.0);
    share * share * (3.0 - 2.0 * share)
}

/// A bell of height 1 and deviation 1.
pub(super) fn bell(distance: f32) -> f32 {
    (-0.5 * distance * distance).exp()
}
