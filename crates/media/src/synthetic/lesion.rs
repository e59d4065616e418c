//! What is wrong with the skin.

mod wound;

use super::noise::{Chance, Coarse, Field, bell, step};
use super::skin::melanin;
use super::tissue::Spot;
use super::{Scene, Subject, View};
use crate::num::real;

/// Noise that lesions share.
struct Layers<'v> {
    view: &'v View,
    edge: Field,
    inside: Field,
    fine: Field,
    cells: Field,
}

/// A place on the skin, in millimetres from the lesion's.
type Place = (f32, f32);

/// Paints what covers a place.
type Paint = Box<dyn FnMut(Place, &mut Spot)>;

/// Paints one of several.
type PaintMark = Box<dyn FnMut(Place, &Mark, &mut Spot)>;

impl Layers<'_> {
    /// A cloud as large one way as the other; see [`Coarse::cloud`].
    fn round(&self, field: Field, size: f32, shift: (f32, f32), octaves: u32) -> Coarse {
        Coarse::cloud(self.view, field, (size, size), shift, octaves)
    }
}

pub(super) fn paint(scene: &Scene, view: &View, tissue: &mut [Spot]) {
    let layers = Layers {
        view,
        edge: Field::new(scene.seed, 21),
        inside: Field::new(scene.seed, 22),
        fine: Field::new(scene.seed, 23),
        cells: Field::new(scene.seed, 24),
    };
    let mut all_over = all_over(scene, &layers);
    let mut one = if matches!(scene.subject, Subject::Acne | Subject::Rosacea) {
        papule(&layers)
    } else {
        nevus(&layers)
    };
    let marks = scattered(scene);
    let mut spots = tissue.iter_mut();
    // The camera's roll moves the ends of a row up and down by this much.
    let slack = real(view.width) * view.scale * 0.04;
    for y in 0..view.height {
        let middle = view.place(view.width / 2, y).1;
        let marks: Vec<&Mark> = marks
            .iter()
            .filter(|mark| (mark.y - middle).abs() < mark.size * 3.5 + slack)
            .collect();
        for x in 0..view.width {
            let Some(spot) = spots.next() else { return };
            if spot.skin < 0.5 {
                continue;
            }
            let place = view.place(x, y);
            if let Some(paint) = &mut all_over {
                paint(place, spot);
            }
            for mark in &marks {
                let far = (place.0 - mark.x).abs().max((place.1 - mark.y).abs());
                if far < mark.size * 3.5 {
                    one(place, mark, spot);
                }
            }
        }
    }
}

/// What is not made of single marks.
fn all_over(scene: &Scene, layers: &Layers<'_>) -> Option<Paint> {
    match scene.subject {
        Subject::IrregularPigment => Some(irregular(layers)),
        Subject::Psoriasis => Some(plaque(layers)),
        Subject::Wound(stage) => Some(wound::wound(layers, stage.min(3))),
        Subject::Vitiligo => Some(vitiligo(scene, layers)),
        Subject::Rosacea => Some(flushed(layers)),
        Subject::Acne => Some(greasy(layers)),
        Subject::Nevus | Subject::SeveralNevi | Subject::Forearm | Subject::Back => None,
    }
}

/// One of several lesions.
struct Mark {
    x: f32,
    y: f32,
    /// Radius in millimetres.
    size: f32,
    /// What makes it different from the others, 0 to 1.
    kind: f32,
}

fn scattered(scene: &Scene) -> Vec<Mark> {
    if scene.subject == Subject::Nevus {
        return vec![Mark {
            x: 0.0,
            y: 0.0,
            size: 3.1,
            kind: 0.6,
        }];
    }
    let mut chance = Chance::new(scene.seed, 30);
    let (count, wide, high, small, large) = match scene.subject {
        Subject::SeveralNevi => (23, 125.0, 95.0, 0.9, 4.6),
        Subject::Back => (5, 120.0, 90.0, 0.6, 1.5),
        Subject::Forearm => (2, 60.0, 25.0, 0.5, 1.1),
        Subject::Acne => (64, 36.0, 27.0, 0.4, 2.5),
        Subject::Rosacea => (16, 24.0, 17.0, 0.4, 1.2),
        Subject::Nevus
        | Subject::IrregularPigment
        | Subject::Psoriasis
        | Subject::Wound(_)
        | Subject::Vitiligo => (0, 0.0, 0.0, 0.0, 0.0),
    };
    (0..count)
        .map(|_| {
            // Few are large.
            let share = chance.next() * chance.next();
            Mark {
                x: wide * chance.between(-1.0, 1.0),
                y: high * chance.between(-1.0, 1.0),
                size: small + (large - small) * share,
                kind: chance.next(),
            }
        })
        .collect()
}

/// A mole: a brown, slightly raised oval with a fading edge, a darker middle and a fine network.
fn nevus(layers: &Layers<'_>) -> PaintMark {
    let (edge, inside, fine, cells) = (layers.edge, layers.inside, layers.fine, layers.cells);
    let mut ragged = layers.round(fine, 0.5, (0.0, 0.0), 3);
    let mut patches = layers.round(inside, 1.1, (0.0, 0.0), 4);
    Box::new(move |(x, y), mark, spot| {
        let (dx, dy) = (x - mark.x, y - mark.y);
        let lean = 1.0 + 0.30 * (mark.kind - 0.35);
        let (u, v) = (0.86 * dx + 0.5 * dy, 0.86 * dy - 0.5 * dx);
        let around = edge.cloudy(x / (mark.size * 0.9) + mark.kind * 50.0, y / (mark.size * 0.9), 4);
        let distance = (u * lean).hypot(v / lean) / mark.size + 0.17 * around;
        if distance > 1.6 {
            return;
        }
        let ragged = ragged.at(x, y);
        let body = step(1.16 + 0.10 * ragged, 0.74, distance);
        let core = step(
            0.85,
            0.10,
            distance + 0.25 * inside.smooth(x / mark.size, y / mark.size + 5.0),
        );
        let (_, apart, own) = cells.cells_apart(x / 0.36 + 0.3 * ragged, y / 0.36);
        let network = 1.0 - step(0.02, 0.40, apart);
        let patches = patches.at(x, y);
        let depth = 0.55 + 0.85 * mark.kind;
        spot.melanin += body
            * (depth + 0.95 * core + 0.42 * patches + 0.34 * network + 0.35 * (own - 0.5) + 0.25 * ragged);
        // Grains of darker pigment.
        let (near, grain) = fine.centre_within_half(x / 0.75, y / 0.75);
        spot.melanin += body * 0.9 * step(0.62, 0.8, grain) * bell(near / 0.16);
        spot.blood += body * (0.26 + 0.14 * patches);
        spot.height += mark.size * 0.10 * step(1.05, 0.1, distance)
            + 0.028 * body * (patches + 0.5 * ragged - network * 0.4);
        spot.gloss += 0.13 * body;
        spot.blood += 0.10 * step(1.6, 1.0, distance);
    })
}

/// Asymmetric, several colours, a notched edge: what makes a dermatologist cut.
fn irregular(layers: &Layers<'_>) -> Paint {
    let (edge, inside, cells) = (layers.edge, layers.inside, layers.cells);
    let mut lobes = layers.round(edge, 5.2, (0.0, 0.0), 2);
    let mut notches = layers.round(edge, 1.6, (40.0, 0.0), 3);
    let mut patches = layers.round(inside, 3.1, (0.0, 0.0), 4);
    let mut pale = layers.round(edge, 2.9, (7.0, 3.0), 3);
    let mut deep = layers.round(inside, 3.6, (70.0, 0.0), 2);
    Box::new(move |(x, y), spot| {
        if x.abs() > 15.0 || y.abs() > 12.0 {
            return;
        }
        let lobes = lobes.at(x, y);
        let notches = notches.at(x, y);
        let distance = ((x + 0.15 * y) / 7.4).hypot((y - 0.12 * x) / 5.1) + 0.30 * lobes + 0.11 * notches;
        if distance > 1.7 {
            return;
        }
        let sharp = 0.10 + 0.10 * step(-0.4, 0.5, inside.smooth(x / 6.0, y / 6.0));
        let body = step(1.0 + sharp, 1.0 - sharp, distance);
        let patches = patches.at(x, y);
        let dark = step(-0.15, 0.45, patches + 0.25 * (x / 7.0));
        let (near, second, own) = cells.cells(x / 0.55 + 0.3 * notches, y / 0.55);
        let network = 1.0 - step(0.04, 0.32, second - near);
        spot.melanin += body * (0.85 + 2.9 * dark + 0.45 * network + 0.35 * (own - 0.5) + 0.4 * notches);
        // Where it regresses, pink shows through; where pigment lies deep, blue-grey.
        let regress = body * step(0.25, 0.6, pale.at(x, y));
        spot.melanin -= regress * (0.5 + 1.5 * dark);
        spot.blood += 0.42 * regress + 0.25 * body + 0.22 * step(1.7, 0.95, distance);
        let veil = body * dark * step(0.15, 0.55, deep.at(x, y));
        spot.lay([0.062, 0.066, 0.085], 0.72 * veil);
        spot.height += body * (0.24 + 0.20 * dark + 0.06 * patches) + 0.03 * body * notches;
        spot.gloss += 0.13 * body * dark;
    })
}

/// Well-defined, red, raised, covered with silvery flakes.
fn plaque(layers: &Layers<'_>) -> Paint {
    let (edge, inside, fine, cells) = (layers.edge, layers.inside, layers.fine, layers.cells);
    let mut wave = layers.round(edge, 19.0, (0.0, 0.0), 4);
    let mut ripple = layers.round(edge, 6.0, (70.0, 0.0), 3);
    let mut ragged = layers.round(edge, 2.0, (0.0, 0.0), 2);
    let mut mottle = layers.round(inside, 5.5, (0.0, 0.0), 4);
    let mut bend = layers.round(fine, 1.5, (0.0, 0.0), 3);
    let mut covered = layers.round(inside, 13.0, (11.0, 0.0), 3);
    let mut rough = layers.round(fine, 0.35, (0.0, 0.0), 2);
    Box::new(move |(x, y), spot| {
        let wave = wave.at(x, y);
        let ripple = ripple.at(x, y);
        let large = (x / 32.0).hypot((y - 3.0) / 20.0) + 0.36 * wave + 0.06 * ripple;
        let second = ((x - 44.0) / 9.0).hypot((y + 17.0) / 7.0) + 0.25 * wave + 0.20 * ripple;
        let third = ((x + 46.0) / 5.0).hypot((y - 19.0) / 4.2) + 0.15 * wave + 0.32 * ripple;
        let distance = large.min(second).min(third) + 0.03 * ragged.at(x, y);
        if distance > 1.5 {
            return;
        }
        let body = step(1.07, 0.96, distance);
        spot.blood += 0.16 * step(1.5, 1.0, distance);
        if body <= 0.0 {
            return;
        }
        let mottle = mottle.at(x, y);
        spot.blood += body * (0.80 + 0.30 * mottle + 0.15 * step(0.8, 1.0, distance));
        spot.melanin += 0.10 * body;
        spot.height += 0.32 * body + 0.10 * body * mottle;
        // Flakes: ragged cells, most of them away from the edge, lifted at their rims.
        let bend = bend.at(x, y);
        let (near, far, own) = cells.cells(x / 2.3 + 0.55 * bend, y / 1.9 + 0.45 * bend);
        let (_, fissure, crumb) = cells.cells(x / 0.75 + 20.0, y / 0.75 + 0.4 * bend);
        let coverage = covered.at(x, y) + 0.75 * step(1.0, 0.72, distance) - 0.12;
        let flake = step(0.18, 0.62, coverage + 0.62 * (own - 0.5) + 0.20 * bend) * body;
        let rim = 1.0 - step(0.03, 0.20, far - near);
        let rough = rough.at(x, y);
        let white = (0.66 - 0.34 * rim + 0.24 * rough + 0.30 * (crumb - 0.5) + 0.16 * mottle).clamp(0.0, 1.0);
        let tint = 0.55 + 0.12 * rough + 0.12 * (own - 0.5);
        let dust = body * step(-0.1, 0.7, rough + 0.5 * mottle + 0.4 * (crumb - 0.5)) * 0.34;
        spot.lay([0.56, 0.50, 0.46], dust);
        spot.lay([tint, tint * 0.91, tint * 0.80], flake * white * 0.90);
        spot.height += flake * (0.14 + 0.13 * own - 0.12 * rim + 0.05 * rough + 0.03 * fissure);
        spot.gloss *= 1.0 - 0.75 * flake;
    })
}

/// A pimple: red and raised; the larger ones with a yellow head, the flat ones only a mark that is left.
fn papule(layers: &Layers<'_>) -> PaintMark {
    let edge = layers.edge;
    Box::new(move |(x, y), mark, spot| {
        let around = edge.cloudy(x / mark.size + mark.kind * 90.0, y / mark.size, 2);
        let distance = (x - mark.x).hypot(y - mark.y) / mark.size + 0.16 * around;
        let halo = bell(distance / 1.25);
        if mark.kind < 0.34 {
            spot.blood += 0.34 * bell(distance / 0.9);
            spot.melanin += 0.20 * bell(distance / 0.8);
            return;
        }
        spot.blood += 0.42 * halo + 0.40 * bell(distance / 0.72);
        spot.height += 0.34 * mark.size * bell(distance / 0.62);
        spot.gloss += 0.22 * bell(distance / 0.6);
        if mark.kind > 0.72 && mark.size > 0.62 {
            let head = step(0.50, 0.28, distance);
            spot.lay([0.72, 0.58, 0.36], 0.62 * head);
            spot.height += 0.10 * mark.size * head;
            spot.gloss += 0.35 * head;
        } else if mark.kind > 0.64 {
            let crust = step(0.42, 0.22, distance + 0.2 * around);
            spot.lay([0.13, 0.035, 0.022], 0.65 * crust);
        }
    })
}

fn greasy(layers: &Layers<'_>) -> Paint {
    let cells = layers.cells;
    let mut patch = layers.round(layers.inside, 16.0, (0.0, 0.0), 3);
    Box::new(move |(x, y), spot| {
        let patch = patch.at(x, y);
        spot.blood += 0.10 + 0.11 * patch;
        spot.gloss += 0.10 * patch;
        // Blackheads sit in the largest pores.
        let (near, own) = cells.centre_within_half(x / 3.4, y / 3.4);
        let plug = step(0.78, 0.9, own) * step(0.085, 0.045, near);
        spot.lay([0.10, 0.07, 0.05], 0.72 * plug);
        spot.height += 0.10 * step(0.78, 0.9, own) * bell(near / 0.11);
    })
}

fn flushed(layers: &Layers<'_>) -> Paint {
    let fine = layers.fine;
    let mut wave = layers.round(layers.edge, 20.0, (0.0, 0.0), 3);
    let mut mottle = layers.round(layers.inside, 4.2, (0.0, 0.0), 3);
    // Fine vessels branch: thin lines of different directions, each only here and there.
    let mut vessels = [(0.3_f32, 0.0_f32), (1.4, 40.0), (2.3, 80.0)].map(|(turn, offset)| {
        let bend = layers.round(fine, 3.0, (offset, 0.0), 2);
        let here = layers.round(layers.inside, 9.0, (offset, 0.0), 2);
        (turn.sin_cos(), offset, bend, here)
    });
    Box::new(move |(x, y), spot| {
        let wave = wave.at(x, y);
        let cheek = step(1.35, 0.25, (x / 34.0).hypot(y / 25.0) + 0.32 * wave);
        let mottle = mottle.at(x, y);
        spot.blood += cheek * (0.46 + 0.15 * mottle);
        for ((sin, cos), offset, bend, here) in &mut vessels {
            let here = step(0.05, 0.5, here.at(x, y));
            if here * cheek <= 0.0 {
                continue;
            }
            let (u, v) = (x * *cos - y * *sin, x * *sin + y * *cos);
            let bend = 1.3 * bend.at(x, y);
            let line = fine.veins((u + bend) / 11.0 + *offset, (v + bend) / 4.2, 2, 0.042);
            spot.blood += 0.62 * line * here * cheek;
        }
        spot.height += 0.03 * cheek * mottle;
    })
}

/// Skin without pigment, with scalloped, sharp borders.
fn vitiligo(scene: &Scene, layers: &Layers<'_>) -> Paint {
    let cells = layers.cells;
    let normal = melanin(scene.skin);
    let mut wave = layers.round(layers.edge, 30.0, (0.0, 0.0), 3);
    let mut ragged = layers.round(layers.edge, 4.5, (60.0, 0.0), 3);
    Box::new(move |(x, y), spot| {
        let wave = wave.at(x, y);
        let ragged = ragged.at(x, y);
        let patch = 0.55 * wave + 0.09 * ragged + 0.42 * bell((x / 34.0).hypot(y / 24.0)) - 0.30;
        let bare = step(-0.015, 0.035, patch);
        // Islands of pigment come back around hair roots.
        let (near, own) = cells.centre_within_half(x / 3.6, y / 3.6);
        let island = step(0.62, 0.8, own) * step(0.24, 0.14, near + 0.05 * ragged) * step(0.20, 0.04, patch);
        let lost = bare * (1.0 - 0.85 * island);
        spot.melanin += 0.10 * normal * step(-0.12, -0.01, patch) * (1.0 - bare);
        spot.melanin *= 1.0 - 0.93 * lost;
        spot.blood += 0.05 * lost;
    })
}
