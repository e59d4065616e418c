//! The manual order of a pool (I3). An image's place is a number, and the order runs downward; without a place of its
//! own an image is where its time puts it, so that new ones come in by date. Moving an image gives it a number between
//! its new neighbours; when there is no room, as between images of the same second, the nearest neighbours are spread
//! out, as few as possible.

use std::collections::HashSet;

use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_domain::page::Limit;
use cutis_domain::{Clinician, ImageId, PatientId, Timestamp};
use cutis_storage::port::Placed;
use cutis_storage::{PatientUnit, StorageError};

use super::ImageError;
use crate::{RecordError, Records};

/// The most images that one request moves.
pub const MOST_MOVED: usize = 200;

/// Between two images that have no neighbour on one side: a second.
const STEP: i64 = 1_000_000;

/// Puts images, in this order, directly behind another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Which images.
    pub images: Vec<ImageId>,
    /// Behind which, none of them; `None` puts them first.
    pub after: Option<ImageId>,
}

impl Records {
    /// Moves images in the manual order of their pool, one move after the other. Returns the moves that undo all of it.
    ///
    /// # Errors
    /// See [`ImageError`]; an image that is not in the pool refuses everything.
    pub async fn arrange_images(
        &self,
        by: &Clinician,
        patient: PatientId,
        moves: Vec<Move>,
    ) -> Result<Vec<Move>, ImageError> {
        let at = self.clock.now();
        self.store
            .clinic(by)
            .write(move |unit| {
                let mut pool = Stored {
                    unit: unit.inside(patient)?,
                    at,
                };
                let mut undo = Vec::new();
                let mut named = Vec::new();
                for one in &moves {
                    let absent = |image| RecordError::absent(Target::Image(image), patient);
                    let mut back = apply(&mut pool, one).map_err(|error| match error {
                        Failed::Absent(image) => ImageError::from(absent(image)),
                        Failed::Pool(error) => ImageError::from(error),
                    })?;
                    back.append(&mut undo);
                    undo = back;
                    named.extend(one.images.iter().map(ToString::to_string));
                }
                let event = Event::new(Action::ImagesArranged)
                    .target(Target::Patient(patient))
                    .patient(patient)
                    .detail(Detail::ids("images", named));
                Ok::<_, ImageError>(Audited::new(undo, event))
            })
            .await
    }
}

/// What moving needs of a pool.
trait Pool {
    type Error;

    fn find(&self, image: ImageId) -> Result<Option<Placed>, Self::Error>;
    fn after(&self, place: Option<Placed>, limit: Limit) -> Result<Vec<Placed>, Self::Error>;
    fn before(&self, place: Placed, limit: Limit) -> Result<Vec<Placed>, Self::Error>;
    fn put(&mut self, image: ImageId, place: i64) -> Result<(), Self::Error>;
}

struct Stored<'u, 'tx> {
    unit: PatientUnit<'u, 'tx>,
    at: Timestamp,
}

impl Pool for Stored<'_, '_> {
    type Error = StorageError;

    fn find(&self, image: ImageId) -> Result<Option<Placed>, StorageError> {
        let stored = self.unit.image(image)?;
        Ok(stored.map(|stored| Placed {
            place: stored.image.place(),
            id: image,
        }))
    }

    fn after(&self, place: Option<Placed>, limit: Limit) -> Result<Vec<Placed>, StorageError> {
        self.unit.places_after(place, limit)
    }

    fn before(&self, place: Placed, limit: Limit) -> Result<Vec<Placed>, StorageError> {
        self.unit.places_before(place, limit)
    }

    fn put(&mut self, image: ImageId, place: i64) -> Result<(), StorageError> {
        self.unit.place_image(image, Some(place), self.at).map(drop)
    }
}

/// Why a move was not made.
#[derive(Debug)]
enum Failed<E> {
    /// There is no such image.
    Absent(ImageId),
    Pool(E),
}

impl<E> From<E> for Failed<E> {
    fn from(error: E) -> Self {
        Self::Pool(error)
    }
}

fn found<P: Pool>(pool: &P, image: ImageId) -> Result<Placed, Failed<P::Error>> {
    pool.find(image)?.ok_or(Failed::Absent(image))
}

/// Makes one move; returns those that undo it.
fn apply<P: Pool>(pool: &mut P, one: &Move) -> Result<Vec<Move>, Failed<P::Error>> {
    let moved: HashSet<ImageId> = one.images.iter().copied().collect();
    let anchor = one.after.map(|after| found(pool, after)).transpose()?;
    let undo = way_back(pool, &one.images, &moved)?;
    if undo == [one.clone()] {
        return Ok(undo);
    }
    let first = one.images.first().map(|image| found(pool, *image)).transpose()?;
    let mut above = Side::above(anchor);
    let mut below = Side::below(anchor);
    let (mut over, mut under): (Vec<Placed>, Vec<Placed>) = (Vec::new(), Vec::new());
    loop {
        let ends = (above.peek(pool, &moved)?, below.peek(pool, &moved)?);
        let count = over
            .len()
            .saturating_add(one.images.len())
            .saturating_add(under.len());
        let start = first.map_or(0, |first| first.place);
        if let Some(places) = between(ends.0.map(|it| it.place), ends.1.map(|it| it.place), count, start) {
            let over = over.iter().rev().map(|placed| placed.id);
            let ids = over
                .chain(one.images.iter().copied())
                .chain(under.iter().map(|placed| placed.id));
            let ids: Vec<ImageId> = ids.collect();
            for (id, place) in ids.into_iter().zip(places) {
                pool.put(id, place)?;
            }
            return Ok(undo);
        }
        // Twice as many each time, so that little is looked at and little is written.
        for _ in 0..over.len().max(under.len()).max(1) {
            over.extend(above.take(pool, &moved)?);
            under.extend(below.take(pool, &moved)?);
        }
    }
}

/// So many places between two, downward and evenly; `None` when there is no room.
fn between(above: Option<i64>, below: Option<i64>, count: usize, start: i64) -> Option<Vec<i64>> {
    let count = i64::try_from(count).ok()?;
    let step = |number: i64| STEP.checked_mul(number);
    match (above, below) {
        (Some(above), Some(below)) => {
            let gap = above.checked_sub(below).filter(|gap| *gap > count)?;
            let part = |number: i64| {
                let share = i128::from(gap) * i128::from(number) / i128::from(count.saturating_add(1));
                above.checked_sub(i64::try_from(share).ok()?)
            };
            (1..=count).map(part).collect()
        }
        (Some(above), None) => (1..=count)
            .map(|number| above.checked_sub(step(number)?))
            .collect(),
        (None, Some(below)) => (1..=count)
            .rev()
            .map(|number| below.checked_add(step(number)?))
            .collect(),
        (None, None) => (0..count)
            .map(|number| start.checked_sub(step(number)?))
            .collect(),
    }
}

/// The images on one side of where others are put, the nearest first, without those that are moved.
struct Side {
    up: bool,
    /// From where the next ones are asked for.
    from: Option<Placed>,
    waiting: Vec<Placed>,
    exhausted: bool,
}

impl Side {
    fn above(anchor: Option<Placed>) -> Self {
        Self {
            up: true,
            from: anchor,
            waiting: anchor.into_iter().collect(),
            exhausted: anchor.is_none(),
        }
    }

    const fn below(anchor: Option<Placed>) -> Self {
        Self {
            up: false,
            from: anchor,
            waiting: Vec::new(),
            exhausted: false,
        }
    }

    /// Makes sure that the nearest is there, if there is one. `waiting` has the nearest at its end.
    fn fill<P: Pool>(&mut self, pool: &P, moved: &HashSet<ImageId>) -> Result<(), P::Error> {
        while self.waiting.is_empty() && !self.exhausted {
            let next = match (self.up, self.from) {
                (true, Some(from)) => pool.before(from, Limit::default())?,
                (true, None) => Vec::new(),
                (false, from) => pool.after(from, Limit::default())?,
            };
            self.exhausted = next.len() < Limit::default().get();
            self.from = next.last().copied().or(self.from);
            self.waiting = next
                .into_iter()
                .filter(|placed| !moved.contains(&placed.id))
                .collect();
            self.waiting.reverse();
        }
        Ok(())
    }

    fn peek<P: Pool>(&mut self, pool: &P, moved: &HashSet<ImageId>) -> Result<Option<Placed>, P::Error> {
        self.fill(pool, moved)?;
        Ok(self.waiting.last().copied())
    }

    fn take<P: Pool>(&mut self, pool: &P, moved: &HashSet<ImageId>) -> Result<Option<Placed>, P::Error> {
        self.fill(pool, moved)?;
        Ok(self.waiting.pop())
    }
}

/// The moves that put these images back where they are: of each run of neighbours behind which it stands.
fn way_back<P: Pool>(
    pool: &P,
    images: &[ImageId],
    moved: &HashSet<ImageId>,
) -> Result<Vec<Move>, Failed<P::Error>> {
    let mut placed = Vec::with_capacity(images.len());
    for image in images {
        placed.push(found(pool, *image)?);
    }
    placed.sort_by_key(|it| std::cmp::Reverse((it.place, it.id)));
    let nearest = Limit::parse(1).unwrap_or_default();
    let mut runs: Vec<Move> = Vec::new();
    for it in placed {
        let before = pool.before(it, nearest)?.first().map(|placed| placed.id);
        match (before, runs.last_mut()) {
            (Some(before), Some(run)) if moved.contains(&before) => run.images.push(it.id),
            _ => runs.push(Move {
                images: vec![it.id],
                after: before,
            }),
        }
    }
    Ok(runs)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;

    /// A pool as a database keeps it: places, and the order that they make.
    #[derive(Clone)]
    struct Kept(Vec<Placed>);

    impl Kept {
        fn sorted(&self) -> Vec<Placed> {
            let mut all = self.0.clone();
            all.sort_by_key(|it| std::cmp::Reverse((it.place, it.id)));
            all
        }

        fn order(&self) -> Vec<ImageId> {
            self.sorted().iter().map(|it| it.id).collect()
        }
    }

    impl Pool for Kept {
        type Error = Infallible;

        fn find(&self, image: ImageId) -> Result<Option<Placed>, Infallible> {
            Ok(self.0.iter().find(|it| it.id == image).copied())
        }

        fn after(&self, place: Option<Placed>, limit: Limit) -> Result<Vec<Placed>, Infallible> {
            let key = |it: &Placed| (it.place, it.id);
            let all = self.sorted().into_iter();
            let rest = all.filter(|it| place.is_none_or(|place| key(it) < key(&place)));
            Ok(rest.take(limit.get()).collect())
        }

        fn before(&self, place: Placed, limit: Limit) -> Result<Vec<Placed>, Infallible> {
            let key = |it: &Placed| (it.place, it.id);
            let all = self.sorted().into_iter().rev();
            Ok(all.filter(|it| key(it) > key(&place)).take(limit.get()).collect())
        }

        fn put(&mut self, image: ImageId, place: i64) -> Result<(), Infallible> {
            let it = self.0.iter_mut().find(|it| it.id == image).expect("there");
            it.place = place;
            Ok(())
        }
    }

    fn id(number: usize) -> ImageId {
        ImageId::from_bytes([u8::try_from(number).expect("small"); 16])
    }

    /// What a move does to a list.
    fn moved(order: &[ImageId], one: &Move) -> Vec<ImageId> {
        let mut rest: Vec<ImageId> = order
            .iter()
            .copied()
            .filter(|it| !one.images.contains(it))
            .collect();
        let at = one.after.map_or(0, |after| {
            rest.iter().position(|it| *it == after).expect("there") + 1
        });
        rest.splice(at..at, one.images.iter().copied());
        rest
    }

    proptest! {
        /// I3: any sequence of moves and undos does to the pool what it does to a list, also where places are equal.
        #[test]
        fn any_moves_and_undos_equal_a_model(
            places in proptest::collection::vec(0_i64..6, 1..80),
            steps in proptest::collection::vec((proptest::collection::vec(0_usize..80, 1..6), 0_usize..80, any::<bool>()), 1..20),
        ) {
            let count = places.len();
            let mut pool = Kept(places.iter().enumerate().map(|(n, place)| Placed { place: *place, id: id(n) }).collect());
            let mut model = pool.order();
            let mut done: Vec<(Vec<Move>, Vec<ImageId>)> = Vec::new();
            for (images, after, undoes) in steps {
                if undoes && let Some((undo, before)) = done.pop() {
                    for one in &undo {
                        apply(&mut pool, one).expect("moved");
                    }
                    model = before;
                } else {
                    let mut images: Vec<ImageId> = images.into_iter().map(|n| id(n % count)).collect();
                    let mut seen = HashSet::new();
                    images.retain(|it| seen.insert(*it));
                    let after = Some(id(after % count)).filter(|after| !images.contains(after));
                    let one = Move { images, after };
                    let undo = apply(&mut pool, &one).expect("moved");
                    let next = moved(&model, &one);
                    done.push((undo, std::mem::replace(&mut model, next)));
                }
                prop_assert_eq!(pool.order(), model.clone());
            }
        }
    }

    /// Few rows change: one where there is room, and no more than the neighbours where there is none.
    #[test]
    fn a_move_writes_little() {
        let mut pool = Kept(
            (0..200)
                .map(|n| Placed {
                    place: i64::try_from(n / 4).expect("small") * STEP,
                    id: id(n),
                })
                .collect(),
        );
        let before = pool.clone();
        apply(
            &mut pool,
            &Move {
                images: vec![id(0)],
                after: Some(id(100)),
            },
        )
        .expect("moved");
        let changed = pool
            .0
            .iter()
            .zip(&before.0)
            .filter(|(now, then)| now != then)
            .count();
        assert!(changed <= 8, "{changed}");
    }

    #[test]
    fn an_image_of_another_pool_moves_nothing() {
        let mut pool = Kept(vec![Placed { place: 1, id: id(1) }]);
        let one = Move {
            images: vec![id(1), id(2)],
            after: None,
        };
        assert!(matches!(apply(&mut pool, &one), Err(Failed::Absent(absent)) if absent == id(2)));
        let one = Move {
            images: vec![id(1)],
            after: Some(id(3)),
        };
        assert!(matches!(apply(&mut pool, &one), Err(Failed::Absent(_))));
        assert_eq!(pool.0, [Placed { place: 1, id: id(1) }]);
    }
}
