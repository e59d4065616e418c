//! Leg ulcers.

use super::super::noise::{Coarse, Field, bell, step};
use super::super::tissue::Spot;
use super::{Layers, Paint, Place};

/// A leg ulcer on its way from slough to scar.
pub(super) fn wound(layers: &Layers<'_>, stage: u8) -> Paint {
    let mut bed = Bed::new(layers, stage);
    let mut wave = layers.round(layers.edge, 15.0, (0.0, 0.0), 3);
    let mut ragged = layers.round(layers.edge, 3.2, (30.0, 0.0), 3);
    let mut mottle = layers.round(layers.inside, 2.2, (0.0, 0.0), 4);
    let fine = layers.fine;
    Box::new(move |(x, y), spot| {
        let (size, ring, raw) = match stage {
            0 => (1.0_f32, 0.55_f32, 1.0_f32),
            1 => (0.80, 0.40, 1.0),
            2 => (0.46, 0.28, 1.0),
            _ => (0.34, 0.10, 0.0),
        };
        let wave = wave.at(x, y);
        let ragged = ragged.at(x, y);
        let shape = ((x + 1.0) / 19.0).hypot((y - 1.5) / 12.5) + 0.20 * wave + 0.03 * ragged;
        let distance = shape / size;
        if shape > 2.8 {
            return;
        }
        let mottle = mottle.at(x, y);
        // The skin around: red at first, brown from old blood later.
        let near = step(2.3, 1.0, distance);
        spot.blood += near * ring * (0.9 + 0.25 * mottle);
        spot.melanin += 0.30 * step(2.6, 1.0, shape) * (0.6 + 0.4 * wave);
        // New skin grows in from the old edge: pink, thin, shiny.
        let former = step(1.10, 0.80, shape + 0.05 * mottle + 0.04 * ragged);
        let young = if raw > 0.0 { 0.36 } else { 0.17 };
        spot.blood += former * (young + 0.16 * mottle + 0.14 * step(0.55, 0.95, shape));
        spot.melanin *= 1.0 - 0.40 * former;
        spot.gloss += 0.20 * former;
        if former <= 0.0 && distance > 1.5 {
            return;
        }
        let wrinkle = fine.cloudy(x / 1.3 + 0.8 * wave, y / 1.9, 3);
        spot.height -= former * (0.18 + 0.035 * wrinkle);
        if raw <= 0.0 {
            // Healed: a paler centre, drawn together.
            let scar = step(2.3, 0.4, distance + 0.5 * wave);
            spot.blood -= 0.17 * scar * (1.0 + 0.5 * mottle);
            spot.lay([0.80, 0.66, 0.58], 0.22 * scar);
            spot.height -= scar * (0.10 + 0.05 * wrinkle);
            return;
        }
        bed.paint(distance, (x, y), spot);
    })
}

/// The open part: granulation, slough, and a wet shine.
struct Bed {
    stage: u8,
    cells: Field,
    strings: Field,
    fray: Coarse,
    grain: Coarse,
    depth: Coarse,
    dead: Coarse,
    seeping: Coarse,
}

impl Bed {
    fn new(layers: &Layers<'_>, stage: u8) -> Self {
        Self {
            stage,
            cells: layers.cells,
            strings: layers.fine,
            fray: layers.round(layers.fine, 1.4, (0.0, 0.0), 3),
            grain: layers.round(layers.fine, 0.45, (0.0, 0.0), 2),
            depth: layers.round(layers.inside, 7.5, (21.0, 0.0), 4),
            dead: layers.round(layers.inside, 6.0, (55.0, 9.0), 3),
            seeping: layers.round(layers.edge, 3.0, (90.0, 0.0), 3),
        }
    }

    fn paint(&mut self, distance: f32, (x, y): Place, spot: &mut Spot) {
        if distance > 1.5 {
            return;
        }
        let fray = self.fray.at(x, y);
        let open = step(1.04, 0.93, distance + 0.03 * fray);
        // The edge is a soft, pale, sodden rim.
        let rim = bell((distance - 1.07) / 0.065) * (0.6 + 0.4 * fray);
        spot.height += 0.45 * rim;
        spot.lay([0.66, 0.43, 0.37], 0.42 * rim);
        if open <= 0.0 {
            return;
        }
        let (near, _, own) = self.cells.cells(x / 0.85 + 0.35 * fray, y / 0.85 + 0.25 * fray);
        let grain = self.grain.at(x, y);
        let depth = self.depth.at(x, y);
        let red = 0.74 + 0.30 * depth + 0.20 * grain - 0.22 * near + 0.25 * (own - 0.5);
        let fresh = if self.stage == 0 { 0.72 } else { 1.0 };
        spot.lay([0.36 * red * fresh, 0.042 * red, 0.038 * red], open);
        // Fibrin: strings and films of yellow, thin at their borders, so that the red shows through.
        let strings = self.strings.cloudy(x / 0.9 + 0.5 * fray, y / 3.6, 3);
        let film = depth + 0.28 * fray + 0.30 * strings;
        let slough = match self.stage {
            0 => step(-0.30, 0.75, film),
            1 => 0.80 * step(0.20, 1.15, film),
            _ => 0.45 * step(0.45, 1.2, film),
        };
        let yellow = 0.72 + 0.20 * grain + 0.22 * strings;
        spot.lay(
            [0.54 * yellow, 0.385 * yellow, 0.20 * yellow],
            open * slough * 0.90,
        );
        if self.stage == 0 {
            let dead = step(0.42, 0.95, self.dead.at(x, y) + 0.2 * fray);
            let black = 0.75 + 0.5 * grain;
            spot.lay([0.050 * black, 0.032 * black, 0.023 * black], 0.92 * open * dead);
        }
        // Blood seeps in a few places.
        let seep = open * step(0.55, 0.85, self.seeping.at(x, y));
        spot.lay([0.17, 0.008, 0.009], 0.75 * seep);
        let sunk = if self.stage == 0 { 1.4 } else { 0.6 };
        spot.height -= open * sunk * step(1.0, 0.66, distance);
        spot.height +=
            open * (0.13 * (0.6 - near) * (1.0 - 0.8 * slough) + 0.05 * grain + 0.07 * strings * slough);
        spot.gloss += open * (0.62 - 0.22 * slough);
    }
}
