//! What a session was just shown. A page of a pool is recorded as one event that names its images; the thumbnails of
//! that page then need no further events.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use cutis_domain::image::{Details, Image};
use cutis_domain::{Clinician, ImageId, PatientId, SessionId, Timestamp};
use cutis_storage::port::StoredImage;

/// How many images are remembered over all sessions, about 400 bytes each.
const CAPACITY: usize = 20_000;
/// How long after its listing a thumbnail may follow, in seconds.
pub(super) const LASTING: i64 = 15 * 60;

type Shown = (SessionId, ImageId);

/// Images that sessions were shown recently, bounded in number and time.
#[derive(Debug, Default)]
pub struct Gallery {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    images: HashMap<Shown, (StoredImage, Timestamp)>,
    order: VecDeque<Shown>,
}

impl Gallery {
    /// Notes that these images were listed for a session, by an event that is durable.
    pub(crate) fn show(&self, by: &Clinician, images: impl IntoIterator<Item = StoredImage>, now: Timestamp) {
        let Some(session) = by.caller().session else {
            return;
        };
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        for mut image in images {
            // Bytes are opened by it, nothing else; what people wrote need not be kept here.
            image.image.details = Details::default();
            let shown = (session, image.image.id);
            if inner.images.insert(shown, (image, now)).is_none() {
                inner.order.push_back(shown);
            }
        }
        while inner.order.len() > CAPACITY {
            if let Some(oldest) = inner.order.pop_front() {
                inner.images.remove(&oldest);
            }
        }
    }

    /// Notes that an image was changed: its renditions may be others now.
    pub(crate) fn changed(&self, image: &StoredImage) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let Inner { images, .. } = &mut *inner;
        for ((_, id), (stored, _)) in images.iter_mut() {
            if *id == image.image.id {
                *stored = StoredImage {
                    image: Image {
                        details: Details::default(),
                        ..image.image.clone()
                    },
                    ..image.clone()
                };
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
