//! Healthy skin: tone, fine relief, pores, veins, and the shape of the limb it belongs to.

use super::noise::{Coarse, Field, bell, step};
use super::tissue::Spot;
use super::{Scene, SkinType, Subject, View};

/// What kind of skin a body site has.
struct Site {
    /// Size of the cells of the fine relief in millimetres.
    cell: f32,
    /// Depth of the lines between them in millimetres.
    furrow: f32,
    /// How much wider the cells are along the skin's tension lines.
    stretch: f32,
    /// Open pores, 0 to 1.
    pores: f32,
    gloss: f32,
    /// Half the thickness of the limb in millimetres; infinite for the trunk.
    limb: f32,
}

fn site(subject: Subject) -> Site {
    let trunk = Site {
        cell: 0.9,
        furrow: 0.045,
        stretch: 1.5,
        pores: 0.15,
        gloss: 0.16,
        limb: f32::INFINITY,
    };
    match subject {
        Subject::Acne | Subject::Rosacea => Site {
            cell: 0.75,
            furrow: 0.02,
            stretch: 1.1,
            pores: 1.0,
            gloss: 0.42,
            ..trunk
        },
        Subject::Forearm => Site {
            limb: 44.0,
            furrow: 0.05,
            ..trunk
        },
        Subject::Wound(_) => Site {
            limb: 58.0,
            stretch: 1.8,
            ..trunk
        },
        Subject::Psoriasis => Site {
            limb: 62.0,
            cell: 1.1,
            furrow: 0.055,
            ..trunk
        },
        Subject::Vitiligo => Site {
            cell: 1.0,
            furrow: 0.05,
            limb: 76.0,
            ..trunk
        },
        Subject::Nevus | Subject::IrregularPigment | Subject::SeveralNevi | Subject::Back => trunk,
    }
}

/// Melanin of unaffected skin.
pub(super) fn melanin(skin: SkinType) -> f32 {
    match skin {
        SkinType::I => 0.17,
        SkinType::II => 0.34,
        SkinType::III => 0.60,
        SkinType::IV => 0.98,
        SkinType::V => 1.65,
        SkinType::VI => 2.55,
    }
}

/// Everything that varies over healthy skin.
struct Layers {
    /// Slow changes of tone, wide and narrow.
    tone: Coarse,
    flush: Coarse,
    mottle: Coarse,
    grain: Coarse,
    fine: Coarse,
    /// What bends the fine relief, right and down.
    warp: (Coarse, Coarse),
    vein: Coarse,
    veiled: Coarse,
    /// How light falls on the trunk, and where its middle is.
    wide: Coarse,
    spine: Coarse,
    /// Where a limb's middle is, and how thick it is there.
    bend: Coarse,
    bulge: Coarse,
    folds: Coarse,
    cells: Field,
    relief: Field,
    freckles: Field,
}

impl Layers {
    fn new(seed: u64, view: &View) -> Self {
        let slow = |stream, size: f32, octaves| {
            Coarse::cloud(view, Field::new(seed, stream), (size, size), (0.0, 0.0), octaves)
        };
        let (vein, bend, limb) = (Field::new(seed, 6), Field::new(seed, 9), Field::new(seed, 12));
        Self {
            tone: slow(1, 55.0, 3),
            flush: slow(2, 40.0, 2),
            mottle: slow(8, 9.0, 4),
            grain: slow(3, 0.9, 2),
            fine: slow(3, 0.28, 2),
            warp: (slow(5, 5.0, 2), slow(10, 5.0, 2)),
            vein: Coarse::new(view, 1.0, move |x, y| {
                let aside = 0.35 * bend.cloudy(x / 30.0, y / 30.0, 2);
                vein.cloudy(x / 85.0 + aside, y / 34.0 + aside, 2)
            }),
            veiled: slow(11, 45.0, 2),
            wide: Coarse::new(view, 5.0, move |x, y| limb.smooth(x / 130.0 + 4.0, y / 130.0)),
            spine: Coarse::new(view, 5.0, move |_, y| limb.smooth(y / 140.0, 1.3)),
            bend: Coarse::new(view, 5.0, move |x, _| limb.smooth(x / 90.0, 3.3)),
            bulge: Coarse::new(view, 5.0, move |x, _| limb.smooth(x / 70.0, 8.3)),
            folds: Coarse::cloud(view, limb, (60.0, 34.0), (5.0, 2.0), 3),
            cells: Field::new(seed, 3),
            relief: Field::new(seed, 4),
            freckles: Field::new(seed, 7),
        }
    }
}

pub(super) fn paint(scene: &Scene, view: &View) -> Vec<Spot> {
    let mut layers = Layers::new(scene.seed, view);
    let site = site(scene.subject);
    let mut tissue = Vec::with_capacity(view.pixels());
    for y in 0..view.height {
        for x in 0..view.width {
            let place = view.place(x, y);
            tissue.push(spot(scene, view, &site, &mut layers, place));
        }
    }
    tissue
}

fn spot(scene: &Scene, view: &View, site: &Site, layers: &mut Layers, (x, y): (f32, f32)) -> Spot {
    let base = melanin(scene.skin);
    let tone = layers.tone.at(x, y);
    // From afar the mottling of single patches evens out.
    let far = if matches!(scene.subject, Subject::Back | Subject::SeveralNevi) {
        0.5
    } else {
        1.0
    };
    let mottle = far * layers.mottle.at(x, y);
    let grain = layers.grain.at(x, y);
    let mut spot = Spot {
        melanin: base * (1.0 + 0.13 * tone + 0.05 * grain) + 0.03 * grain + 0.03 * mottle + 0.03 * tone,
        blood: 0.27 + 0.09 * layers.flush.at(x, y) + 0.075 * mottle + 0.025 * grain,
        height: 0.0,
        gloss: site.gloss * (1.0 + 0.5 * tone),
        cover: 0.0,
        covering: [0.0; 3],
        light: 1.0,
        skin: 1.0,
    };
    relief(view, site, layers, (x, y), &mut spot);
    veins(scene, layers, (x, y), &mut spot);
    if matches!(
        scene.subject,
        Subject::Back | Subject::SeveralNevi | Subject::Forearm
    ) {
        freckle(layers, base, (x, y), &mut spot);
    }
    shape(scene, site, layers, (x, y), &mut spot);
    spot
}

/// Sun spots: many faint ones, in groups, few dark ones.
fn freckle(layers: &mut Layers, base: f32, (x, y): (f32, f32), spot: &mut Spot) {
    let (near, own) = layers.freckles.centre_within_half(x / 8.0, y / 8.0);
    let crowded = step(-0.3, 0.6, layers.veiled.at(x, y));
    let size = 0.04 + 0.10 * (own * 7.0).fract();
    let strength = step(0.35, 1.0, own * crowded.max(0.25)).powi(2) * (0.4 + 0.6 / (0.5 + base));
    spot.melanin += 0.75 * strength * bell(near / size);
}

/// The criss-cross of fine lines, and pores.
fn relief(view: &View, site: &Site, layers: &mut Layers, (x, y): (f32, f32), spot: &mut Spot) {
    // Cells smaller than two pixels cannot be seen; what is left of them is grain.
    let seen = step(1.5, 4.0, site.cell / view.scale);
    let (bx, by) = (layers.warp.0.at(x, y), layers.warp.1.at(x, y));
    let fine = layers.fine.at(x, y);
    let (wx, wy) = (x + 0.7 * bx + 0.05 * fine, y + 0.7 * by + 0.05 * fine);
    let (u, v) = (0.94 * wx + 0.34 * wy, 0.94 * wy - 0.34 * wx);
    let strength = seen * (0.45 + 0.35 * by);
    if strength > 0.0 {
        let (_, second, own) = layers
            .relief
            .cells_apart(u / (site.cell * site.stretch), v / site.cell);
        let furrow = 1.0 - step(0.0, 0.30, second);
        spot.height -= site.furrow * strength * furrow;
        spot.height += site.furrow * 0.30 * strength * (own - 0.5);
        spot.melanin += strength * (0.03 * furrow + 0.06 * (own - 0.5));
        spot.blood += 0.03 * strength * furrow;
        // Within the cells, finer lines; only seen from close by.
        let close = step(3.0, 7.0, site.cell / view.scale);
        if close > 0.0 {
            let (_, second, own) = layers
                .cells
                .cells_apart(u / (site.cell * 0.42), v / (site.cell * 0.38) + 9.0);
            let furrow = 1.0 - step(0.0, 0.34, second);
            spot.height += close * site.furrow * 0.55 * (0.4 * (own - 0.5) - 0.6 * furrow);
            spot.melanin += close * 0.035 * (own - 0.5);
        }
    }
    spot.height += 0.014 * fine * step(0.7, 2.5, 0.28 / view.scale);
    if site.pores > 0.0 {
        let (near, own) = layers
            .cells
            .centre_within_half(x / 1.35 + 0.2 * bx, y / 1.35 + 0.2 * by);
        let wide = 0.06 + 0.10 * own * own;
        let pore = site.pores * bell(near / wide) * (0.2 + 0.8 * own);
        spot.height -= 0.042 * pore;
        spot.melanin += 0.15 * pore;
        spot.blood += 0.14 * pore;
        spot.gloss *= 1.0 - 0.7 * pore;
    }
}

/// Bluish veins shining through, on the arm and leg.
fn veins(scene: &Scene, layers: &mut Layers, (x, y): (f32, f32), spot: &mut Spot) {
    if !matches!(scene.subject, Subject::Forearm | Subject::Wound(_)) {
        return;
    }
    let line = bell(layers.vein.at(x, y) / 0.085);
    let shown = line * step(-0.25, 0.5, layers.veiled.at(x, y)) / (1.0 + 1.6 * melanin(scene.skin));
    spot.melanin += 0.17 * shown;
    spot.blood -= 0.13 * shown;
    spot.height += 0.35 * shown;
}

/// Rounds the skin off to a limb or a body, and lays a cloth behind it.
fn shape(scene: &Scene, site: &Site, layers: &mut Layers, (x, y): (f32, f32), spot: &mut Spot) {
    if site.limb.is_finite() {
        let middle = 0.05 * x + 3.0 * layers.bend.at(x, y);
        let thickness = site.limb * (1.0 + 0.0011 * x + 0.03 * layers.bulge.at(x, y));
        let across = (y - middle) / thickness;
        let depth = (1.0 - across * across).max(0.0).sqrt();
        // Lit from above and left; light wraps around soft skin, and the far side gets some back from the cloth.
        let facing = (0.86 * depth - 0.42 * across + 0.10).max(0.0);
        spot.light *= 0.22 + 0.92 * facing;
        spot.blood += 0.10 * step(0.75, 1.0, across.abs());
        spot.skin = step(1.006, 0.994, across.abs());
        if spot.skin < 1.0 {
            let shadow = 1.0 - 0.62 * step(1.55, 1.0, across) * step(0.0, 0.3, across);
            cloth(layers, (x, y), shadow, spot);
        }
    } else {
        let wide = 0.5 * layers.wide.at(x, y);
        spot.light *= 0.97 + 0.07 * wide;
        if matches!(scene.subject, Subject::Back | Subject::SeveralNevi) {
            // The furrow over the spine, and the rounding of both sides.
            let spine = x - 8.0 * layers.spine.at(x, y) + 40.0;
            spot.light *= 1.0 - 0.12 * bell(spine / 11.0)
                + 0.10 * bell((spine - 27.0) / 20.0)
                + 0.05 * bell((spine + 26.0) / 18.0);
            spot.light *= 1.0 - 0.45 * step(90.0, 210.0, spine) - 0.10 * step(-70.0, -160.0, spine);
        }
    }
}

/// Woven, pale blue-green cloth with soft folds.
fn cloth(layers: &mut Layers, (x, y): (f32, f32), shadow: f32, spot: &mut Spot) {
    let folds = layers.folds.at(x, y);
    let weave = 0.04 * ((x * 5.2).sin() + (y * 5.2).sin()) + 0.05 * layers.cells.smooth(x * 3.0, y * 3.0);
    let light = (0.82 + 0.30 * folds + weave) * shadow;
    let kept = spot.skin;
    let mut colour = [0.115, 0.27, 0.33];
    for (own, skin) in colour.iter_mut().zip(spot.colour()) {
        *own = *own * light * (1.0 - kept) + skin * spot.light * kept;
    }
    spot.covering = colour;
    spot.cover = 1.0;
    spot.light = 1.0;
    spot.gloss *= kept;
    spot.height *= kept;
}
