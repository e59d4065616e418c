//! EXIF orientation, and turning pixels by it.

use crate::num::index;

/// Quarter turns, clockwise, that a person asked for on top of what makes an image upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Turns {
    /// As it is.
    #[default]
    None,
    /// Its top becomes its right side.
    Right,
    /// Upside down.
    Half,
    /// Its top becomes its left side.
    Left,
}

impl Turns {
    /// So many quarters, counted round and round.
    #[must_use]
    pub fn quarters(number: u8) -> Self {
        match number % 4 {
            0 => Self::None,
            1 => Self::Right,
            2 => Self::Half,
            _ => Self::Left,
        }
    }

    pub(crate) fn number(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Right => 1,
            Self::Half => 2,
            Self::Left => 3,
        }
    }
}

/// How a stored image must be turned to be upright; EXIF values 1 to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Orientation {
    /// Columns and rows are exchanged (values 5 to 8).
    transposed: bool,
    /// Applied after exchanging: left and right are exchanged.
    mirrored: bool,
    /// Applied after exchanging: top and bottom are exchanged.
    flipped: bool,
}

impl Orientation {
    /// Stored upright.
    pub const UPRIGHT: Self = Self {
        transposed: false,
        mirrored: false,
        flipped: false,
    };

    /// From the EXIF value; anything outside 1 to 8 means upright, as every viewer reads it.
    #[must_use]
    pub fn from_exif(value: u32) -> Self {
        let (transposed, mirrored, flipped) = match value {
            2 => (false, true, false),
            3 => (false, true, true),
            4 => (false, false, true),
            5 => (true, false, false),
            6 => (true, true, false),
            7 => (true, true, true),
            8 => (true, false, true),
            _ => (false, false, false),
        };
        Self {
            transposed,
            mirrored,
            flipped,
        }
    }

    /// The EXIF value, 1 to 8.
    #[must_use]
    pub fn exif(self) -> u8 {
        match (self.transposed, self.mirrored, self.flipped) {
            (false, false, false) => 1,
            (false, true, false) => 2,
            (false, true, true) => 3,
            (false, false, true) => 4,
            (true, false, false) => 5,
            (true, true, false) => 6,
            (true, true, true) => 7,
            (true, false, true) => 8,
        }
    }

    /// This, and then so many quarter turns more.
    #[must_use]
    pub fn turned(self, turns: Turns) -> Self {
        (0..turns.number()).fold(self, |orientation, _| orientation.right())
    }

    /// A quarter turn exchanges columns and rows, and then left and right. What was mirrored before comes out flipped,
    /// and the other way round.
    fn right(self) -> Self {
        Self {
            transposed: !self.transposed,
            mirrored: !self.flipped,
            flipped: self.mirrored,
        }
    }

    /// Whether width and height change places.
    #[must_use]
    pub fn exchanges_sides(self) -> bool {
        self.transposed
    }

    /// Width and height of the upright image, from the stored ones.
    #[must_use]
    pub fn upright(self, width: u32, height: u32) -> (u32, u32) {
        if self.transposed {
            (height, width)
        } else {
            (width, height)
        }
    }
}

/// Turns three-byte pixels upright; gives back width, height and pixels of the upright image.
pub(crate) fn turn(
    orientation: Orientation,
    width: u32,
    height: u32,
    mut pixels: Vec<u8>,
) -> (u32, u32, Vec<u8>) {
    let row_bytes = index(width) * 3;
    if row_bytes == 0 || orientation == Orientation::UPRIGHT {
        return (width, height, pixels);
    }
    if orientation.transposed {
        return (height, width, transpose(orientation, width, height, &pixels));
    }
    if orientation.flipped {
        let half = index(height / 2) * row_bytes;
        let lower_at = pixels.len().saturating_sub(half);
        let (upper, lower) = pixels.split_at_mut(lower_at);
        let pairs = upper
            .chunks_exact_mut(row_bytes)
            .zip(lower.chunks_exact_mut(row_bytes).rev());
        for (above, below) in pairs {
            above.swap_with_slice(below);
        }
    }
    if orientation.mirrored {
        for row in pixels.chunks_exact_mut(row_bytes) {
            let (whole, _) = row.as_chunks_mut::<3>();
            whole.reverse();
        }
    }
    (width, height, pixels)
}

/// Rows of the result that are filled together, so that each cache line of the source is read once.
const BAND: usize = 32;

fn transpose(orientation: Orientation, width: u32, height: u32, pixels: &[u8]) -> Vec<u8> {
    let (old_width, new_width) = (index(width), index(height));
    let (source, _) = pixels.as_chunks::<3>();
    let mut turned = vec![0; pixels.len()];
    let (target, _) = turned.as_chunks_mut::<3>();
    for (band_number, band) in target.chunks_mut(new_width * BAND).enumerate() {
        let rows_in_band = band.len() / new_width;
        let first = band_number * BAND;
        // Row r of the result is column r of the source, counted from the other side when flipped.
        let column = if orientation.flipped {
            old_width.saturating_sub(first + rows_in_band)
        } else {
            first
        };
        for (y, line) in source.chunks_exact(old_width).enumerate() {
            let x = if orientation.mirrored {
                new_width - 1 - y
            } else {
                y
            };
            let cells = line.get(column..column + rows_in_band).unwrap_or_default();
            let places = band.iter_mut().skip(x).step_by(new_width);
            if orientation.flipped {
                places
                    .zip(cells.iter().rev())
                    .for_each(|(place, cell)| *place = *cell);
            } else {
                places.zip(cells).for_each(|(place, cell)| *place = *cell);
            }
        }
    }
    turned
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two columns, three rows: a b / c d / e f.
    const STORED: &[u8; 6] = b"abcdef";

    fn turned(value: u32) -> (u32, u32, String) {
        let pixels = STORED.iter().flat_map(|letter| [*letter; 3]).collect();
        let (width, height, pixels) = turn(Orientation::from_exif(value), 2, 3, pixels);
        (
            width,
            height,
            pixels
                .iter()
                .step_by(3)
                .map(|letter| char::from(*letter))
                .collect(),
        )
    }

    /// I1: upright means what the EXIF standard says for each of the eight values.
    #[test]
    fn all_eight_orientations() {
        assert_eq!(turned(1), (2, 3, "abcdef".to_owned()));
        assert_eq!(turned(2), (2, 3, "badcfe".to_owned()));
        assert_eq!(turned(3), (2, 3, "fedcba".to_owned()));
        assert_eq!(turned(4), (2, 3, "efcdab".to_owned()));
        assert_eq!(turned(5), (3, 2, "acebdf".to_owned()));
        assert_eq!(turned(6), (3, 2, "ecafdb".to_owned()));
        assert_eq!(turned(7), (3, 2, "fdbeca".to_owned()));
        assert_eq!(turned(8), (3, 2, "bdface".to_owned()));
        assert_eq!(turned(0), turned(1));
        assert_eq!(turned(9), turned(1));
    }

    #[test]
    fn bands_join_without_a_seam() {
        let (width, height) = (77_u32, 45_u32);
        let stored: Vec<u8> = (0..width * height)
            .flat_map(|n| [u8::try_from(n % 251).unwrap(); 3])
            .collect();
        for (there, back) in [(5, 5), (6, 8), (7, 7), (8, 6)] {
            let (w, h, once) = turn(Orientation::from_exif(there), width, height, stored.clone());
            assert_eq!((w, h), (height, width));
            assert_ne!(once, stored);
            assert_eq!(
                turn(Orientation::from_exif(back), w, h, once),
                (width, height, stored.clone())
            );
        }
    }

    /// I5: a turn on top of an orientation is that orientation's pixels, turned.
    #[test]
    fn a_turn_comes_after_the_orientation() {
        let stored: Vec<u8> = (0..6_u8).flat_map(|n| [n; 3]).collect();
        for value in 1..=8 {
            let orientation = Orientation::from_exif(value);
            for quarters in 0..4 {
                let at_once = turn(
                    orientation.turned(Turns::quarters(quarters)),
                    2,
                    3,
                    stored.clone(),
                );
                let (width, height, upright) = turn(orientation, 2, 3, stored.clone());
                // EXIF's 6 is what a camera writes that was turned so that a quarter turn to the right is due.
                let step = (0..quarters).fold((width, height, upright), |(width, height, pixels), _| {
                    turn(Orientation::from_exif(6), width, height, pixels)
                });
                assert_eq!(at_once, step, "{value}, {quarters}");
            }
        }
    }

    #[test]
    fn values_survive_a_round_trip() {
        for value in 1..=8_u8 {
            assert_eq!(Orientation::from_exif(u32::from(value)).exif(), value);
        }
    }
}
