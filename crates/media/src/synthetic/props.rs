//! Hairs, and the paper scale that is laid beside a lesion.

use super::camera::Light;
use super::noise::{Chance, step};
use super::skin::melanin;
use super::{Scene, Subject, View};
use crate::num::{index, real, whole};

pub(super) fn draw(scene: &Scene, view: &View, light: &mut Light) {
    hairs(scene, view, light);
    match scene.subject {
        Subject::Nevus => scale(view, light, (-9.5, 6.2), 19.0, 1.0),
        Subject::IrregularPigment => scale(view, light, (-12.0, 9.0), 24.0, 1.0),
        Subject::Wound(_) => scale(view, light, (-30.0, 23.0), 60.0, 2.0),
        Subject::SeveralNevi
        | Subject::Psoriasis
        | Subject::Acne
        | Subject::Vitiligo
        | Subject::Rosacea
        | Subject::Forearm
        | Subject::Back => {}
    }
}

fn hairs(scene: &Scene, view: &View, light: &mut Light) {
    let mut chance = Chance::new(scene.seed, 50);
    // How many on a whole image, their length and thickness in millimetres.
    let (count, length, thickness) = match scene.subject {
        Subject::Forearm => (420, 13.0, 0.085),
        Subject::Wound(_) => (70, 9.0, 0.07),
        Subject::Psoriasis | Subject::Vitiligo => (120, 9.0, 0.06),
        Subject::Nevus | Subject::IrregularPigment => (13, 7.0, 0.055),
        Subject::Acne | Subject::Rosacea => (240, 2.2, 0.028),
        Subject::SeveralNevi | Subject::Back => (220, 10.0, 0.05),
    };
    let dark = melanin(scene.skin);
    let (wide, high) = (
        real(view.width) * view.scale * 0.56,
        real(view.height) * view.scale * 0.56,
    );
    for _ in 0..count {
        let (mut x, mut y) = (wide * chance.between(-1.0, 1.0), high * chance.between(-1.0, 1.0));
        let reach = length * chance.between(0.45, 1.2);
        let mut angle = 0.35 + 0.5 * chance.normal();
        let bend = 0.055 * chance.normal();
        let thick = thickness * chance.between(0.55, 1.15);
        let shade = chance.between(0.35, 1.0) * (0.45 + 0.25 * dark.min(1.6));
        let colour = [0.10, 0.062, 0.040].map(|value| value / (0.7 + dark));
        let steps = 26_u32;
        for n in 0..steps {
            let along = real(n) / real(steps);
            let (dy, dx) = angle.sin_cos();
            let next = (x + dx * reach / real(steps), y + dy * reach / real(steps));
            let taper = thick * (1.0 - 0.75 * along);
            let lifted = 0.30 * along;
            let shadow = (
                (x + lifted, y + lifted * 1.2),
                (next.0 + lifted, next.1 + lifted * 1.2),
            );
            line(
                view,
                light,
                shadow,
                taper * 3.0,
                colour.map(|value| value + 0.02),
                0.10 * shade,
            );
            line(view, light, ((x, y), next), taper, colour, shade);
            (x, y) = next;
            angle += bend;
        }
    }
}

/// Draws a soft piece of line; ends and thickness in millimetres.
fn line(
    view: &View,
    light: &mut Light,
    (from, to): ((f32, f32), (f32, f32)),
    thickness: f32,
    colour: [f32; 3],
    amount: f32,
) {
    let (from, to) = (view.pixel(from.0, from.1), view.pixel(to.0, to.1));
    let radius = (thickness / view.scale / 2.0).max(0.05);
    // Thinner than a pixel means fainter, not invisible.
    let faint = (radius / 0.5).min(1.0) * amount;
    let radius = radius.max(0.5);
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let square = (dx * dx + dy * dy).max(1e-6);
    let columns = whole(from.0.min(to.0) - radius - 1.0)..=whole(from.0.max(to.0) + radius + 1.0);
    let rows = whole(from.1.min(to.1) - radius - 1.0)..=whole(from.1.max(to.1) + radius + 1.0);
    for row in rows {
        for column in columns.clone() {
            let (Ok(x), Ok(y)) = (u32::try_from(column), u32::try_from(row)) else {
                continue;
            };
            let (px, py) = (real(x) - from.0, real(y) - from.1);
            let share = ((px * dx + py * dy) / square).clamp(0.0, 1.0);
            let (ox, oy) = (px - share * dx, py - share * dy);
            // Pieces of a hair meet: the next one begins where this one ends, so ends are cut off square.
            if share >= 1.0 {
                continue;
            }
            let distance = (ox * ox + oy * oy).sqrt();
            blend(
                view,
                light,
                (x, y),
                colour,
                faint * step(radius + 0.6, radius - 0.6, distance),
            );
        }
    }
}

fn blend(view: &View, light: &mut Light, (x, y): (u32, u32), colour: [f32; 3], amount: f32) {
    if x >= view.width || amount <= 0.0 {
        return;
    }
    if let Some(pixel) = light.get_mut(index(y) * index(view.width) + index(x)) {
        for (value, colour) in pixel.iter_mut().zip(colour) {
            *value += (colour - *value) * amount;
        }
    }
}

/// A strip of paper with a line for every millimetre (or every `every` millimetres), longer ones at five and ten.
fn scale(view: &View, light: &mut Light, corner: (f32, f32), length: f32, every: f32) {
    let high = length * 0.13;
    for y in 0..view.height {
        for x in 0..view.width {
            let (mx, my) = view.place(x, y);
            let (u, v) = (mx - corner.0, my - corner.1);
            // Neither paper nor shadow reaches here.
            let beyond = 1.3_f32.max(view.scale);
            if u.min(v) < -beyond || u > length + beyond || v > high + beyond {
                continue;
            }
            let edge = |value: f32, end: f32| {
                step(-view.scale, view.scale, value) * step(end + view.scale, end - view.scale, value)
            };
            let shadow = step(-0.6, 0.3, u)
                * step(length + 1.2, length + 0.1, u)
                * step(-0.3, 0.5, v)
                * step(high + 1.3, high + 0.1, v);
            blend(view, light, (x, y), [0.05, 0.03, 0.025], 0.34 * shadow);
            let paper = edge(u, length) * edge(v, high);
            if paper <= 0.0 {
                continue;
            }
            let white = 0.80 - 0.05 * v / high;
            blend(view, light, (x, y), [white, white * 0.985, white * 0.955], paper);
            let mark = (u / every).round();
            let off = (u - mark * every).abs();
            let reach = if mark % 10.0 == 0.0 {
                0.62
            } else if mark % 5.0 == 0.0 {
                0.46
            } else {
                0.30
            };
            let thick = 0.055 * every;
            let ink = step(thick + view.scale, thick - view.scale * 0.5, off)
                * step(high * reach, high * reach - view.scale, v);
            let inside = step(0.2, 0.4, u) * step(length - 0.2, length - 0.4, u);
            blend(
                view,
                light,
                (x, y),
                [0.03, 0.03, 0.035],
                0.92 * ink * inside * paper,
            );
        }
    }
}
