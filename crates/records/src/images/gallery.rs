//! What a session was just shown. A page of a pool is recorded as one event that names its images; the thumbnails of
//! that page then need no further events.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use cutis_domain::image::Details;
use cutis_domain::{Clinician, ImageId, PatientId, SessionId, Timestamp};
use cutis_storage::port::StoredImage;

/// How many images are remembered over all sessions, about 400 bytes each.
const CAPACITY: usize = 20_000;
/// How long after its listing a thumbnail may follow, in seconds.
pub(super) const LASTING: i64 = 15 * 60;

/// How many changes are remembered, about 100 bytes each: many times what is changed while one page is read.
const CHANGES: usize = 10_000;

type Shown = (SessionId, ImageId);

/// A moment before rows were read, by which [`Gallery::show`] tells whether it still knows of every change since then.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment(u64);

/// Images that sessions were shown recently, bounded in number and time.
#[derive(Debug, Default)]
pub struct Gallery {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    images: HashMap<Shown, (StoredImage, Timestamp)>,
    order: VecDeque<Shown>,
    changes: Changes,
}

/// The changes that were made last. A page is shown only once its event is durable, and what its rows say may have changed
/// since they were read.
#[derive(Debug, Default)]
struct Changes {
    /// How many there were.
    count: u64,
    /// Of each image that one of them was about: its newest version, and the number of the last change.
    newest: HashMap<ImageId, (u64, u64)>,
    /// Their images, each with the number of the change, without a gap up to the last.
    order: VecDeque<(ImageId, u64)>,
}

impl Changes {
    fn note(&mut self, image: &StoredImage) {
        let (id, version) = (image.image.id, image.image.version);
        self.count = self.count.saturating_add(1);
        let known = self.newest.entry(id).or_default();
        *known = (known.0.max(version), self.count);
        self.order.push_back((id, self.count));
        while self.order.len() > CHANGES {
            let Some((oldest, number)) = self.order.pop_front() else {
                break;
            };
            if self.newest.get(&oldest).is_some_and(|(_, last)| *last == number) {
                self.newest.remove(&oldest);
            }
        }
    }

    /// Whether one was made since that moment that is not remembered any more.
    fn forgot_one_since(&self, moment: Moment) -> bool {
        let remembered = u64::try_from(self.order.len()).unwrap_or(u64::MAX);
        self.count.saturating_sub(remembered) > moment.0
    }

    /// Whether the image was changed after this row was read.
    fn outdates(&self, row: &StoredImage) -> bool {
        let newest = self.newest.get(&row.image.id);
        newest.is_some_and(|(version, _)| *version > row.image.version)
    }
}

/// Bytes are opened by it, nothing else; what people wrote need not be kept here.
fn bare(mut stored: StoredImage) -> StoredImage {
    stored.image.details = Details::default();
    stored
}

impl Gallery {
    /// The present, for whoever is about to read rows that are to be shown.
    pub(crate) fn moment(&self) -> Moment {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        Moment(inner.changes.count)
    }

    /// Notes that these images were listed for a session, by an event that is durable. Their rows were read after `since`;
    /// one that has been changed since it was read is left out, so that nobody is led to renditions of before. Its
    /// thumbnail is then a view of its own.
    pub(crate) fn show(
        &self,
        by: &Clinician,
        images: impl IntoIterator<Item = StoredImage>,
        since: Moment,
        now: Timestamp,
    ) {
        let Some(session) = by.caller().session else {
            return;
        };
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.changes.forgot_one_since(since) {
            return;
        }
        for image in images {
            let shown = (session, image.image.id);
            let known = inner.images.get(&shown);
            let is_older = known.is_some_and(|(known, _)| known.image.version > image.image.version);
            if is_older || inner.changes.outdates(&image) {
                continue;
            }
            if inner.images.insert(shown, (bare(image), now)).is_none() {
                inner.order.push_back(shown);
            }
        }
        while inner.order.len() > CAPACITY {
            if let Some(oldest) = inner.order.pop_front() {
                inner.images.remove(&oldest);
            }
        }
    }

    /// Notes that images were changed, once that is durable: their renditions may be others now.
    pub(crate) fn changed(&self, images: &[StoredImage]) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let Inner {
            images: shown,
            changes,
            ..
        } = &mut *inner;
        let mut newest: HashMap<ImageId, &StoredImage> = HashMap::with_capacity(images.len());
        for image in images {
            changes.note(image);
            newest.insert(image.image.id, image);
        }
        for ((_, id), (known, _)) in shown.iter_mut() {
            // Two changes may be noted in another order than they were made.
            if let Some(image) = newest.get(id)
                && image.image.version >= known.image.version
            {
                *known = bare((*image).clone());
            }
        }
    }

    /// The image, if this session was shown it within the last quarter of an hour, and for how many seconds longer that
    /// holds.
    pub(crate) fn get(
        &self,
        by: &Clinician,
        patient: PatientId,
        image: ImageId,
        now: Timestamp,
    ) -> Option<(StoredImage, i64)> {
        let session = by.caller().session?;
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let (stored, at) = inner.images.get(&(session, image))?;
        let since = now.seconds_since(*at);
        let fresh = (0..=LASTING).contains(&since);
        (fresh && stored.image.patient == patient).then(|| (stored.clone(), LASTING.saturating_sub(since)))
    }
}

#[cfg(test)]
mod tests {
    use cutis_domain::image::{FileName, Image, ImageFormat, Turns};
    use cutis_domain::{Caller, Digest, FieldVersions, Scope, account::Username};
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::EPOCH;

    fn by() -> Clinician {
        let id = "018f3c5e-7b1a-7c3d-9a4b-000000000001";
        let scope = Scope::assertion(id.parse().expect("an id"));
        let session = Some(id.parse().expect("an id"));
        Clinician::assertion(
            scope,
            Caller {
                session,
                ..Caller::system()
            },
        )
    }

    fn patient() -> PatientId {
        PatientId::from_bytes([7; 16])
    }

    fn id(number: usize) -> ImageId {
        let number = u128::try_from(number).expect("small");
        ImageId::from_bytes(number.to_be_bytes())
    }

    /// An image that was turned by each of its changes.
    fn row(number: usize, version: u64) -> StoredImage {
        let image = Image {
            id: id(number),
            patient: patient(),
            file_name: FileName::tame("arm.jpg"),
            format: ImageFormat::Jpeg,
            width: 3,
            height: 2,
            bytes: 1,
            sha256: Digest::from_bytes([1; 32]),
            captured_at: None,
            corrected: None,
            uploaded_at: NOW,
            uploaded_by: Username::parse("anna").expect("a username"),
            device: None,
            incomplete: false,
            pages: 1,
            details: Details::default(),
            turns: Turns::default(),
            edition: u32::try_from(version - 1).expect("few"),
            version,
            field_versions: FieldVersions::all_at(1),
            position: None,
        };
        StoredImage {
            image,
            thumbnail_bytes: 1,
            screen_bytes: 1,
            medium_bytes: 1,
        }
    }

    fn edition(gallery: &Gallery, number: usize) -> Option<u32> {
        let got = gallery.get(&by(), patient(), id(number), NOW);
        got.map(|(stored, _)| stored.image.edition)
    }

    #[test]
    fn a_list_that_overlaps_a_change_does_not_bring_the_old_row_back() {
        let gallery = Gallery::default();
        // It was never shown before, and what is on the same page and unchanged is shown.
        let since = gallery.moment();
        let rows = [row(1, 1), row(2, 1)];
        gallery.changed(&[row(1, 2)]);
        gallery.show(&by(), rows, since, NOW);
        assert_eq!((edition(&gallery, 1), edition(&gallery, 2)), (None, Some(0)));
        // It is shown as it is now, even if that was read before the change was noted.
        gallery.show(&by(), [row(1, 2)], since, NOW);
        assert_eq!(edition(&gallery, 1), Some(1));
        // It was shown before.
        let since = gallery.moment();
        gallery.changed(&[row(1, 3)]);
        gallery.show(&by(), [row(1, 2)], since, NOW);
        assert_eq!(edition(&gallery, 1), Some(2));
    }

    #[test]
    fn of_two_lists_and_of_two_changes_the_newer_row_stays() {
        let gallery = Gallery::default();
        let since = gallery.moment();
        gallery.show(&by(), [row(1, 2)], since, NOW);
        gallery.show(&by(), [row(1, 1)], since, NOW);
        assert_eq!(edition(&gallery, 1), Some(1), "a list ended after a later one");
        gallery.changed(&[row(1, 4)]);
        gallery.changed(&[row(1, 3)]);
        assert_eq!(
            edition(&gallery, 1),
            Some(3),
            "a change was noted after a later one"
        );
        gallery.show(&by(), [row(1, 3)], since, NOW);
        assert_eq!(edition(&gallery, 1), Some(3));
    }

    #[test]
    fn a_list_that_began_before_all_that_is_remembered_shows_nothing() {
        let gallery = Gallery::default();
        let before = gallery.moment();
        gallery.changed(&[row(0, 2)]);
        let after = gallery.moment();
        let others: Vec<StoredImage> = (1..=CHANGES).map(|number| row(number, 2)).collect();
        gallery.changed(&others);
        gallery.show(&by(), [row(0, 1)], before, NOW);
        assert_eq!(edition(&gallery, 0), None);
        gallery.show(&by(), [row(0, 2)], after, NOW);
        assert_eq!(edition(&gallery, 0), Some(1));
        let inner = gallery.inner.lock().expect("sound");
        let changes = &inner.changes;
        assert_eq!((changes.order.len(), changes.newest.len()), (CHANGES, CHANGES));
    }

    proptest! {
        /// Whatever overlaps: once every change is noted, what is shown is the newest.
        #[test]
        fn nothing_old_is_shown_once_every_change_is_noted(steps in prop::collection::vec((0..5_u8, 0..4_usize), 0..60)) {
            let gallery = Gallery::default();
            let (mut version, mut noted) = (1, Vec::new());
            let mut lists: [Option<(Moment, Option<StoredImage>)>; 4] = Default::default();
            let finish = |list: &mut Option<(Moment, Option<StoredImage>)>| {
                if let Some((since, Some(row))) = list.take() {
                    gallery.show(&by(), [row], since, NOW);
                }
            };
            for (step, which) in steps {
                let list = &mut lists[which];
                match (step, list.as_mut()) {
                    (0, _) => *list = Some((gallery.moment(), None)),
                    (1, Some((_, read))) => *read = Some(row(1, version)),
                    (2, _) => finish(list),
                    (3, _) => {
                        version += 1;
                        noted.push(version);
                    }
                    (4, _) if !noted.is_empty() => {
                        let next = noted.remove(which % noted.len());
                        gallery.changed(&[row(1, next)]);
                    }
                    _ => {}
                }
            }
            for next in noted {
                gallery.changed(&[row(1, next)]);
            }
            lists.iter_mut().for_each(finish);
            if let Some((shown, _)) = gallery.get(&by(), patient(), id(1), NOW) {
                prop_assert_eq!(shown.image.version, version);
            }
        }
    }
}
