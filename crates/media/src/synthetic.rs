//! Invented clinical images, for demonstrations and tests: nobody's skin, the same for the same [`Scene`].
//!
//! Skin is painted as what colours it in life: melanin and blood absorb light in layers, a fine relief shades it, a wet
//! or oily surface shines. A lesion changes those amounts rather than pixels, so that it fits every skin type.

mod camera;
mod lesion;
mod noise;
mod props;
mod skin;
mod tissue;

use crate::facts::CivilTime;
use crate::num::{index, real};
use crate::refusal::Refusal;

/// Fitzpatrick skin type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkinType {
    /// Very fair.
    I,
    /// Fair.
    II,
    /// Medium.
    III,
    /// Olive.
    IV,
    /// Brown.
    V,
    /// Dark brown.
    VI,
}

/// What an image shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// One mole, close up, with a paper scale.
    Nevus,
    /// A back with several moles.
    SeveralNevi,
    /// An irregular dark lesion that looks like a melanoma, close up, with a paper scale.
    IrregularPigment,
    /// A red plaque with silvery scale.
    Psoriasis,
    /// A cheek with papules and pustules.
    Acne,
    /// A leg ulcer: 0 fresh, 1 granulating, 2 closing, 3 healed; higher numbers count as 3.
    Wound(u8),
    /// Patches without pigment.
    Vitiligo,
    /// A red cheek with fine vessels.
    Rosacea,
    /// A forearm without findings.
    Forearm,
    /// A back without findings.
    Back,
}

impl Subject {
    /// One of each, and every stage of the wound.
    pub const ALL: [Self; 13] = [
        Self::Nevus,
        Self::SeveralNevi,
        Self::IrregularPigment,
        Self::Psoriasis,
        Self::Acne,
        Self::Wound(0),
        Self::Wound(1),
        Self::Wound(2),
        Self::Wound(3),
        Self::Vitiligo,
        Self::Rosacea,
        Self::Forearm,
        Self::Back,
    ];
}

/// An image to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scene {
    /// Whose skin and lesion it is: the same number gives the same ones again.
    pub seed: u64,
    /// Which visit: the same skin, held a little differently, in slightly other light.
    pub visit: u32,
    /// What it shows.
    pub subject: Subject,
    /// The colour of the skin.
    pub skin: SkinType,
    /// Written as EXIF `DateTimeOriginal`, with the offset if there is one.
    pub captured_at: CivilTime,
}

/// Makes the image as JPEG, with EXIF of maker "Cutis", model "Synthetic". A side is 16 to 8,000 pixels; the image
/// is framed for 4:3.
///
/// # Errors
/// [`Refusal::TooManyPixels`] for other sides; otherwise only if encoding runs out of memory.
pub fn draw(scene: &Scene, width: u32, height: u32) -> Result<Vec<u8>, Refusal> {
    Painting::of(scene, width, height)?.image(scene.captured_at, Frame::whole(width, height))
}

/// A scene before it is a photo. Painting takes by far the longest; several photos can be taken of one.
#[derive(Debug)]
pub struct Painting {
    width: u32,
    height: u32,
    /// RGB, row by row.
    pixels: Vec<u8>,
}

/// Which part of a painting a photo shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Pixels left out at the left.
    pub left: u32,
    /// Pixels left out at the top.
    pub top: u32,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Whether left and right are exchanged.
    pub is_mirrored: bool,
}

impl Frame {
    /// All of it.
    pub const fn whole(width: u32, height: u32) -> Self {
        Self {
            left: 0,
            top: 0,
            width,
            height,
            is_mirrored: false,
        }
    }
}

impl Painting {
    /// Paints a scene. When it was captured makes no difference.
    ///
    /// # Errors
    /// [`Refusal::TooManyPixels`] for sides other than 16 to 8,000 pixels.
    pub fn of(scene: &Scene, width: u32, height: u32) -> Result<Self, Refusal> {
        let fits = |side| (16..=8000).contains(&side);
        if !fits(width) || !fits(height) {
            return Err(Refusal::TooManyPixels { width, height });
        }
        let view = View::new(scene, width, height);
        let mut tissue = skin::paint(scene, &view);
        lesion::paint(scene, &view, &mut tissue);
        let mut light = camera::expose(scene, &view, &tissue);
        props::draw(scene, &view, &mut light);
        let pixels = camera::develop(scene, &view, &light);
        Ok(Self {
            width,
            height,
            pixels,
        })
    }

    /// A photo of it, as [`draw`] makes them.
    ///
    /// # Errors
    /// [`Refusal::TooManyPixels`] for a frame that is not within the painting; otherwise only if encoding runs out of
    /// memory.
    pub fn image(&self, captured_at: CivilTime, frame: Frame) -> Result<Vec<u8>, Refusal> {
        let Frame { width, height, .. } = frame;
        let ends =
            |from: u32, length: u32, side: u32| from.checked_add(length).is_some_and(|end| end <= side);
        if !ends(frame.left, width, self.width) || !ends(frame.top, height, self.height) || width == 0 {
            return Err(Refusal::TooManyPixels { width, height });
        }
        let (stride, left, length) = (index(self.width) * 3, index(frame.left) * 3, index(width) * 3);
        let mut pixels = Vec::with_capacity(length * index(height));
        for row in self
            .pixels
            .chunks_exact(stride)
            .skip(index(frame.top))
            .take(index(height))
        {
            let part = row.iter().skip(left).take(length);
            if frame.is_mirrored {
                let part: Vec<u8> = part.copied().collect();
                pixels.extend(part.rchunks_exact(3).flatten());
            } else {
                pixels.extend(part);
            }
        }
        encode(captured_at, &pixels, width, height)
    }
}

/// Where the camera looks: pixels to millimetres on the skin.
#[derive(Debug, Clone, Copy)]
struct View {
    width: u32,
    height: u32,
    /// Millimetres of a pixel.
    scale: f32,
    /// Millimetres by which the centre is off.
    offset: (f32, f32),
    /// Sine and cosine of the camera's roll.
    roll: (f32, f32),
}

impl View {
    fn new(scene: &Scene, width: u32, height: u32) -> Self {
        let mut chance = noise::Chance::new(scene.seed ^ 0x5EED, u64::from(scene.visit) + 1);
        let across = match scene.subject {
            Subject::Nevus => 26.0,
            Subject::IrregularPigment => 34.0,
            Subject::Acne | Subject::Rosacea => 78.0,
            Subject::Wound(_) => 92.0,
            Subject::Psoriasis => 120.0,
            Subject::Vitiligo => 150.0,
            Subject::Forearm => 170.0,
            Subject::SeveralNevi | Subject::Back => 300.0,
        };
        let across = across * chance.between(0.96, 1.04);
        let angle = chance.between(-0.06, 0.06);
        Self {
            width,
            height,
            scale: across / real(width),
            offset: (
                across * chance.between(-0.04, 0.04),
                across * chance.between(-0.03, 0.03),
            ),
            roll: angle.sin_cos(),
        }
    }

    /// Millimetres from the lesion's place, right and down.
    fn place(&self, x: u32, y: u32) -> (f32, f32) {
        let dx = (real(x) - real(self.width) / 2.0) * self.scale;
        let dy = (real(y) - real(self.height) / 2.0) * self.scale;
        let (sin, cos) = self.roll;
        (
            dx * cos - dy * sin + self.offset.0,
            dx * sin + dy * cos + self.offset.1,
        )
    }

    /// Pixels from millimetres: the reverse of [`View::place`].
    fn pixel(&self, x: f32, y: f32) -> (f32, f32) {
        let (dx, dy) = (x - self.offset.0, y - self.offset.1);
        let (sin, cos) = self.roll;
        let right = (dx * cos + dy * sin) / self.scale + real(self.width) / 2.0;
        let down = (dy * cos - dx * sin) / self.scale + real(self.height) / 2.0;
        (right, down)
    }

    fn pixels(&self) -> usize {
        index(self.width) * index(self.height)
    }
}

fn encode(captured_at: CivilTime, pixels: &[u8], width: u32, height: u32) -> Result<Vec<u8>, Refusal> {
    let side = |length: u32| u16::try_from(length).map_err(|_| Refusal::TooManyPixels { width, height });
    let mut out = Vec::with_capacity(pixels.len() / 6);
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, 90);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
    encoder
        .add_exif_metadata(&exif(captured_at).ok_or(Refusal::STOPPED)?)
        .map_err(|_| Refusal::STOPPED)?;
    encoder
        .encode(pixels, side(width)?, side(height)?, jpeg_encoder::ColorType::Rgb)
        .map_err(|_| Refusal::STOPPED)?;
    Ok(out)
}

fn exif(captured_at: CivilTime) -> Option<Vec<u8>> {
    use exif::{Field, In, Tag, Value};
    let text = |tag, text: String| Field {
        tag,
        ifd_num: In::PRIMARY,
        value: Value::Ascii(vec![text.into_bytes()]),
    };
    let (year, month, day) = captured_at.date();
    let (hour, minute, second) = captured_at.time();
    let taken = format!("{year:04}:{month:02}:{day:02} {hour:02}:{minute:02}:{second:02}");
    let mut fields = vec![
        text(Tag::Make, "Cutis".to_owned()),
        text(Tag::Model, "Synthetic".to_owned()),
        text(Tag::DateTimeOriginal, taken),
    ];
    if let Some(offset) = captured_at.offset_seconds() {
        let sign = if offset < 0 { '-' } else { '+' };
        let minutes = offset.abs() / 60;
        fields.push(text(
            Tag::OffsetTimeOriginal,
            format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60),
        ));
    }
    let mut writer = exif::experimental::Writer::new();
    for field in &fields {
        writer.push_field(field);
    }
    let mut out = std::io::Cursor::new(Vec::new());
    writer.write(&mut out, false).ok()?;
    Some(out.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::derive;
    use crate::limits::Limits;

    fn scene(subject: Subject) -> Scene {
        let captured_at = CivilTime::new((2026, 3, 4), (9, 30, 0), Some(3600)).unwrap();
        Scene {
            seed: 7,
            visit: 0,
            subject,
            skin: SkinType::II,
            captured_at,
        }
    }

    /// Several photos of one painting differ in what they show and when they were captured.
    #[test]
    fn a_painting_is_framed_and_mirrored() {
        let scene = scene(Subject::Nevus);
        let painting = Painting::of(&scene, 64, 48).unwrap();
        let frame = Frame {
            left: 8,
            top: 4,
            width: 40,
            height: 32,
            is_mirrored: false,
        };
        let plain = painting.image(scene.captured_at, frame).unwrap();
        let mirrored = Frame {
            is_mirrored: true,
            ..frame
        };
        let facts = derive(&plain, &Limits::default()).unwrap().facts;
        assert_eq!((facts.width, facts.height), (40, 32));
        assert_ne!(painting.image(scene.captured_at, mirrored).unwrap(), plain);
        let whole = painting.image(scene.captured_at, Frame::whole(64, 48)).unwrap();
        assert_eq!(draw(&scene, 64, 48).unwrap(), whole);
        for outside in [
            Frame { left: 25, ..frame },
            Frame {
                top: u32::MAX,
                ..frame
            },
            Frame { width: 0, ..frame },
        ] {
            assert!(painting.image(scene.captured_at, outside).is_err(), "{outside:?}");
        }
    }

    #[test]
    fn every_subject_is_an_image_with_facts() {
        for subject in Subject::ALL {
            let bytes = draw(&scene(subject), 320, 240).unwrap();
            let facts = derive(&bytes, &Limits::default()).unwrap().facts;
            assert_eq!((facts.width, facts.height), (320, 240));
            assert_eq!(facts.device.as_deref(), Some("Cutis Synthetic"));
            assert_eq!(facts.captured_at, Some(scene(subject).captured_at));
            assert!(!facts.has_gps);
        }
    }

    #[test]
    fn the_same_scene_gives_the_same_bytes_and_another_seed_others() {
        let one = draw(&scene(Subject::Acne), 160, 120).unwrap();
        assert_eq!(draw(&scene(Subject::Acne), 160, 120).unwrap(), one);
        let other = Scene {
            seed: 8,
            ..scene(Subject::Acne)
        };
        assert_ne!(draw(&other, 160, 120).unwrap(), one);
    }

    #[test]
    fn darker_skin_is_darker() {
        let brightness = |skin| {
            let bytes = draw(
                &Scene {
                    skin,
                    ..scene(Subject::Back)
                },
                64,
                48,
            )
            .unwrap();
            let pixels = image::load_from_memory(&bytes).unwrap().into_luma8();
            pixels.as_raw().iter().map(|pixel| u64::from(*pixel)).sum::<u64>()
        };
        let types = [
            SkinType::I,
            SkinType::II,
            SkinType::III,
            SkinType::IV,
            SkinType::V,
            SkinType::VI,
        ];
        assert!(
            types
                .map(brightness)
                .is_sorted_by(|lighter, darker| lighter > darker)
        );
    }

    #[test]
    fn sizes_are_bounded() {
        assert!(draw(&scene(Subject::Back), 8001, 100).is_err());
        assert!(draw(&scene(Subject::Back), 100, 0).is_err());
    }
}
