//! What skin is made of, at every pixel.

/// The state of a spot of skin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    /// Pigment; 0.2 (fair) to 2.6 (dark) in normal skin.
    pub(super) melanin: f32,
    /// Blood in the upper layers; about 0.3 in normal skin.
    pub(super) blood: f32,
    /// Height of the surface in millimetres.
    pub(super) height: f32,
    /// How much it shines: 0 dry, 1 wet.
    pub(super) gloss: f32,
    /// How much of what lies on or under the skin covers its colour, 0 to 1.
    pub(super) cover: f32,
    /// Colour of that: linear red, green, blue.
    pub(super) covering: [f32; 3],
    /// Light that reaches the spot from large shapes, about 1.
    pub(super) light: f32,
    /// Whether this is skin at all (1) or the cloth behind a limb (0).
    pub(super) skin: f32,
}

impl Spot {
    /// Lays a colour over what is there already.
    pub(super) fn lay(&mut self, colour: [f32; 3], amount: f32) {
        let amount = amount.clamp(0.0, 1.0);
        let kept = self.cover * (1.0 - amount);
        let cover = kept + amount;
        if cover > 0.0 {
            for (own, new) in self.covering.iter_mut().zip(colour) {
                *own = (*own * kept + new * amount) / cover;
            }
        }
        self.cover = cover;
    }

    /// Diffuse reflectance, linear red, green, blue.
    pub(super) fn colour(&self) -> [f32; 3] {
        const BARE: [f32; 3] = [0.86, 0.725, 0.615];
        const MELANIN: [f32; 3] = [0.55, 0.80, 1.02];
        const BLOOD: [f32; 3] = [0.13, 0.95, 0.80];
        let mut out = [0.0; 3];
        let layers = BARE.into_iter().zip(MELANIN).zip(BLOOD).zip(self.covering);
        for (out, (((bare, melanin), blood), covering)) in out.iter_mut().zip(layers) {
            let skin = bare * (-(melanin * self.melanin.max(0.0) + blood * self.blood.max(0.0))).exp();
            *out = skin + (covering - skin) * self.cover;
        }
        out
    }
}
