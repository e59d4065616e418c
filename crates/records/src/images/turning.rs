//! Turning images by quarters: the original stays, and its renditions are made again from it (I5). They are stored
//! durably under a name of their own before any row names them, so a crash leaves the old state whole.

use std::collections::HashMap;

use bytes::{Bytes, BytesMut};
use cutis_audit::{Action, Audited, Denial as _, Detail, Event, Target};
use cutis_blob::{BlobError, Blobs, Edition, Part};
use cutis_domain::image::{Field, Turns};
use cutis_domain::{Clinician, ImageId, PatientId};
use cutis_media::{Derived, Limits};
use cutis_storage::port::{Renditions, StoredImage};
use futures_util::TryStreamExt as _;

use super::ImageError;
use super::darkroom::DarkroomError;
use super::edit::{ImageEdits, Turn};
use super::memory::MOST_DERIVED;
use super::open::edition_of;
use crate::{RecordError, Records};

/// How an image is turned from here.
#[derive(Clone)]
pub(super) struct Turned {
    /// Its renditions when this began.
    pub(super) from: Edition,
    /// The new ones; `None` if it is as asked for already, or is outdated.
    pub(super) made: Option<Renditions>,
    /// Whether somebody else turned it since the version that the turn is based on, so that it will be refused.
    pub(super) is_outdated: bool,
}

impl Records {
    /// Makes the renditions of every image that is to be turned, or of those of them that are named.
    pub(super) async fn turn(
        &self,
        by: &Clinician,
        patient: PatientId,
        edits: &[ImageEdits],
        only: Option<&[ImageId]>,
    ) -> Result<HashMap<ImageId, Turned>, ImageError> {
        let asked: Vec<(ImageId, Option<u64>, Turn)> = edits
            .iter()
            .filter_map(|edits| Some((&edits.images, edits.edit.turn?)))
            .flat_map(|(images, turn)| images.iter().map(move |(id, version)| (*id, *version, turn)))
            .filter(|(id, ..)| only.is_none_or(|only| only.contains(id)))
            .collect();
        let mut turned = HashMap::with_capacity(asked.len());
        if asked.is_empty() {
            return Ok(turned);
        }
        // Before any work that there is no room for.
        self.store.takes_changes()?;
        let ids: Vec<ImageId> = asked.iter().map(|(id, ..)| *id).collect();
        let stored = self.to_be_turned(by, patient, &ids).await?;
        for ((id, version, turn), stored) in asked.into_iter().zip(stored) {
            let turns = match turn {
                Turn::By(turns) => stored.image.turns.and(turns),
                Turn::To(turns) => turns,
            };
            let from = edition_of(&stored.image);
            let moved = |version| stored.image.field_versions.moved_since(Field::Turns, version);
            let is_outdated = turns != stored.image.turns && version.is_some_and(moved);
            let made = if turns == stored.image.turns || is_outdated {
                None
            } else {
                Some(self.make_again(by, patient, &stored, turns).await?)
            };
            let one = Turned {
                from,
                made,
                is_outdated,
            };
            turned.insert(id, one);
        }
        Ok(turned)
    }

    /// The images, whose originals are about to be read.
    async fn to_be_turned(
        &self,
        by: &Clinician,
        patient: PatientId,
        asked: &[ImageId],
    ) -> Result<Vec<StoredImage>, ImageError> {
        self.store
            .clinic(by)
            .read(|view| {
                let inside = view.inside(patient)?;
                let mut found = Vec::with_capacity(asked.len());
                for id in asked {
                    let absent = RecordError::absent(Target::Image(*id), patient);
                    found.push(inside.image(*id)?.ok_or(absent)?);
                }
                let ids = asked.iter().map(ToString::to_string).collect();
                let event = Event::new(Action::ImagesListed)
                    .target(Target::Patient(patient))
                    .patient(patient)
                    .detail(Detail::code("for", "turning"))
                    .detail(Detail::ids("images", ids));
                Ok::<_, ImageError>(Audited::new(found, event))
            })
            .await
    }

    /// Memory first, then a worker, as at an upload.
    async fn make_again(
        &self,
        by: &Clinician,
        patient: PatientId,
        stored: &StoredImage,
        turns: Turns,
    ) -> Result<Renditions, ImageError> {
        let image = &stored.image;
        let room = image.bytes.saturating_add(MOST_DERIVED);
        let _share = self.shared.files.acquire(by.into(), room).await?;
        let key = match self.sealing_key::<ImageError>(patient).await {
            Ok(key) => key,
            Err(error) => {
                if let Some(event) = error.denial() {
                    self.store.record(by.caller(), vec![event]).await?;
                }
                return Err(error);
            }
        };
        let blob = self.blobs.open_lean(&key, Part::Original, &image.sha256).await?;
        let mut original = BytesMut::with_capacity(usize::try_from(image.bytes).unwrap_or(0));
        let mut pieces = std::pin::pin!(blob.stream(0..image.bytes));
        while let Some(piece) = pieces.try_next().await? {
            original.extend_from_slice(&piece);
        }
        let limits = Limits::default().with_max_bytes(image.bytes);
        let quarters = cutis_media::Turns::quarters(turns.quarters());
        let worker = self.shared.workers.acquire(by.into(), 1).await?;
        let derived = self.darkroom.derive(original.freeze(), limits, quarters).await;
        drop(worker);
        let derived = derived.map_err(|error| match error {
            DarkroomError::Busy => ImageError::Busy,
            DarkroomError::TooLong | DarkroomError::Refused(_) => ImageError::Unrenderable(image.id),
            DarkroomError::Unreadable(error) => error.into(),
        })?;
        let edition = Edition {
            number: image.edition.saturating_add(1),
            turns: turns.quarters(),
        };
        let part = Part::Derived(edition);
        let put = self
            .blobs
            .put(&key, part, &image.sha256, all_of(&derived), self.entropy.as_ref());
        match put.await {
            Ok(()) => {}
            Err(error @ BlobError::Full) => {
                self.store.found_no_room();
                return Err(error.into());
            }
            Err(error) => {
                if let BlobError::SyncFailed { .. } = &error {
                    self.store
                        .halt("the disk failed while a photo was made durable; check it, then start cutis again")
                        .await;
                }
                return Err(error.into());
            }
        }
        let size = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        Ok(Renditions {
            turns,
            edition: edition.number,
            width: derived.facts.width,
            height: derived.facts.height,
            thumbnail_bytes: size(&derived.thumbnail),
            screen_bytes: size(&derived.screen),
            medium_bytes: size(&derived.medium),
            derived_name: *Blobs::name(&key, part, &image.sha256).as_bytes(),
        })
    }
}

/// The renditions as one blob, in the order in which rows give their sizes.
pub(super) fn all_of(derived: &Derived) -> Bytes {
    let renditions = [&derived.thumbnail, &derived.screen, &derived.medium];
    let mut all = BytesMut::with_capacity(renditions.iter().map(|bytes| bytes.len()).sum());
    for rendition in renditions {
        all.extend_from_slice(rendition);
    }
    all.freeze()
}
