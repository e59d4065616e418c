//! The photos: each pair of a subject and a skin is painted once, and every photo is a frame of a painting.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context as _;
use cutis_domain::Timestamp;
use cutis_media::CivilTime;
use cutis_media::synthetic::{Frame, Painting, Scene, SkinType, Subject};

use super::Progress;
use super::cast::CAST;

/// Size of a painting, in pixels, and by how much a photo is smaller.
const SIZE: (u32, u32) = (800, 600);
const MARGIN: (u32, u32) = (72, 54);

/// A photo of somebody, who is told apart by a number, at one of their visits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) what: (Subject, SkinType),
    pub(super) who: u32,
    pub(super) visit: u32,
    pub(super) at: Timestamp,
}

/// What was painted, by what it shows.
pub(super) struct Album {
    paintings: Vec<((Subject, SkinType), Painting)>,
}

impl Album {
    /// Paints all that the cast needs, on every core.
    pub(super) fn paint(progress: Progress<'_>) -> anyhow::Result<Self> {
        let wanted = wanted();
        let mut paintings = Vec::new();
        on_every_core(
            &wanted,
            |(subject, skin)| anyhow::Ok(Painting::of(&scene(*subject, *skin)?, SIZE.0, SIZE.1)?),
            |number, painting| {
                let what = wanted.get(number).context("more was painted than was wanted")?;
                paintings.push((*what, painting?));
                progress(paintings.len(), wanted.len());
                Ok(())
            },
        )?;
        Ok(Self { paintings })
    }

    /// These photos in their order, made on every core.
    pub(super) fn images(&self, wanted: &[Wanted]) -> anyhow::Result<Vec<Vec<u8>>> {
        let mut images = BTreeMap::new();
        on_every_core(
            wanted,
            |it| self.image(it),
            |number, image| {
                images.insert(number, image?);
                Ok(())
            },
        )?;
        Ok(images.into_values().collect())
    }

    fn image(&self, wanted: &Wanted) -> anyhow::Result<Vec<u8>> {
        let Wanted { what, who, visit, at } = *wanted;
        let found = self.paintings.iter().find(|(painted, _)| *painted == what);
        let (_, painting) = found.context("a photo of the cast was not painted")?;
        // No two visits are framed alike, as nobody holds a camera in the same place twice.
        let by_chance = |most: u32, salt: u32| {
            let mixed = who
                .wrapping_mul(97)
                .wrapping_add(visit.wrapping_mul(41))
                .wrapping_add(salt);
            mixed.wrapping_mul(2_654_435_761) % most.max(1)
        };
        let frame = Frame {
            left: by_chance(MARGIN.0, 1),
            top: by_chance(MARGIN.1, 2),
            width: SIZE.0.saturating_sub(MARGIN.0),
            height: SIZE.1.saturating_sub(MARGIN.1),
            is_mirrored: who % 2 == 1,
        };
        Ok(painting.image(civil(at)?, frame)?)
    }
}

/// Makes something of each on every core; what is made is handed over with its number as soon as it is ready.
fn on_every_core<W: Sync, T: Send>(
    wanted: &[W],
    make: impl Fn(&W) -> T + Sync,
    mut take: impl FnMut(usize, T) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let next = AtomicUsize::new(0);
    let (done, arriving) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (done, next, make) = (done.clone(), &next, &make);
            scope.spawn(move || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(one) = wanted.get(number) else { break };
                    if done.send((number, make(one))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(done);
        arriving
            .into_iter()
            .try_for_each(|(number, one)| take(number, one))
    })
}

/// What the cast shows, each once.
fn wanted() -> Vec<(Subject, SkinType)> {
    let mut wanted = Vec::new();
    for role in CAST {
        for shot in role.story.visits.iter().flat_map(|visit| visit.shots) {
            if !wanted.contains(&(shot.subject, role.skin)) {
                wanted.push((shot.subject, role.skin));
            }
        }
    }
    wanted
}

fn scene(subject: Subject, skin: SkinType) -> anyhow::Result<Scene> {
    // A healing wound stays on the same leg.
    let visit = if let Subject::Wound(stage) = subject {
        stage
    } else {
        0
    };
    Ok(Scene {
        seed: 7,
        visit: u32::from(visit),
        subject,
        skin,
        captured_at: civil(Timestamp::EPOCH)?,
    })
}

fn civil(at: Timestamp) -> anyhow::Result<CivilTime> {
    let text = at.to_string();
    let number = |range: std::ops::Range<usize>| -> anyhow::Result<u16> {
        Ok(text.get(range).context("a time is too short")?.parse()?)
    };
    let small = |range| number(range).and_then(|value| Ok(u8::try_from(value)?));
    let date = (number(0..4)?, small(5..7)?, small(8..10)?);
    let time = (small(11..13)?, small(14..16)?, small(17..19)?);
    CivilTime::new(date, time, Some(0)).context("no such time")
}
