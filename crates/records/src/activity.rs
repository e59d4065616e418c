//! What happened to a patient's record, and who saw it (U5).

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use cutis_audit::wire::StoredRecord;
use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_domain::page::{Limit, Page};
use cutis_domain::patient::Field;
use cutis_domain::{Clinician, EntryId, ImageId, PatientId, Timestamp};
use cutis_storage::StorageError;
use cutis_storage::port::{ActivityItem, ActivityKind, ActivityRead};

use crate::patients::changes;
use crate::{RecordError, Records};

/// The most photos shown beside one event.
const MOST_SHOWN: usize = 6;
/// The most photos shown beside all events of a page.
const MOST_ON_A_PAGE: usize = 100;
/// How far back the person behind a change is looked for, in events that changed something.
const MOST_LOOKED_BACK: i64 = 100;

/// An event about a patient's record.
#[derive(Debug)]
pub struct PatientEvent {
    /// What was recorded.
    pub item: ActivityItem,
    /// Images that it is about and that still exist, the first [`MOST_SHOWN`]: their thumbnails may be requested.
    pub images: Vec<ImageId>,
    /// The time of the visit that it was done to, as it is now; a person knows a visit by nothing else.
    pub visit_at: Option<Timestamp>,
}

/// Who changed a field of a record, and when.
#[derive(Debug, Clone)]
pub struct FieldChange<F = Field> {
    /// The field.
    pub field: F,
    /// The newest event that names it; `None` if such events are not recorded at this level (U1).
    pub by: Option<ActivityItem>,
}

impl Records {
    /// Events about a patient, newest first. Viewing them is recorded too, and appears the next time; so are the images
    /// shown beside the events, whose thumbnails then need no further events.
    ///
    /// # Errors
    /// See [`RecordError`].
    pub async fn patient_activity(
        &self,
        by: &Clinician,
        patient: PatientId,
        kind: ActivityKind,
        before: Option<u64>,
        limit: Limit,
    ) -> Result<Page<PatientEvent, u64>, RecordError> {
        let now = self.clock.now();
        let since = self.gallery.moment();
        let (page, shown) = self
            .store
            .clinic(by)
            .read_trail(|view| {
                let inside = view.inside(patient)?;
                let items = inside.patient_activity(kind, before, limit)?;
                let page = Page::from_one_more(items, limit, |last| last.sequence);
                let mut shown = Vec::new();
                let mut visits = HashMap::new();
                let mut events = Vec::with_capacity(page.items.len());
                for item in page.items {
                    let mut images = Vec::new();
                    for image in images_of(&item).into_iter().take(MOST_SHOWN) {
                        let known = shown.iter().any(|(id, _)| *id == image);
                        if known {
                            images.push(image);
                        } else if shown.len() < MOST_ON_A_PAGE
                            && let Some(stored) = inside.image(image)?
                        {
                            shown.push((image, stored));
                            images.push(image);
                        }
                    }
                    let visit_at = match visit_of(&item) {
                        None => None,
                        Some(id) => match visits.entry(id) {
                            Entry::Occupied(known) => *known.get(),
                            Entry::Vacant(new) => {
                                *new.insert(inside.entry(id)?.map(|visit| visit.appointment_at))
                            }
                        },
                    };
                    events.push(PatientEvent {
                        item,
                        images,
                        visit_at,
                    });
                }
                let ids = shown.iter().map(|(id, _)| id.to_string()).collect();
                let event = Event::new(Action::PatientActivityViewed)
                    .target(Target::Patient(patient))
                    .patient(patient)
                    .detail(Detail::ids("images", ids));
                let page = Page {
                    items: events,
                    next: page.next,
                };
                Ok::<_, RecordError>(Audited::new((page, shown), event))
            })
            .await?;
        self.gallery
            .show(by, shown.into_iter().map(|(_, stored)| stored), since, now);
        Ok(page)
    }
}

/// The visit that something was done to.
fn visit_of(item: &ActivityItem) -> Option<EntryId> {
    let target = item
        .record
        .target
        .as_ref()
        .filter(|target| target.kind == "entry")?;
    target.id.parse().ok()
}

/// The photos that an event names, each once.
fn images_of(item: &ActivityItem) -> Vec<ImageId> {
    let record = &item.record;
    let target = record.target.iter().filter(|target| target.kind == "image");
    let listed = record.details.iter().filter(|(key, _)| key == "images");
    let mut seen = HashSet::new();
    target
        .map(|target| target.id.as_str())
        .chain(listed.flat_map(|(_, ids)| ids.split(", ")))
        .filter_map(|id| id.parse::<ImageId>().ok())
        .filter(|id| seen.insert(*id))
        .collect()
}

/// The newest change of each of these fields of a patient, as far as the trail knows (P6).
pub(crate) fn newest_changes(
    inside: &(impl ActivityRead + ?Sized),
    fields: &[Field],
) -> Result<Vec<FieldChange>, StorageError> {
    newest(inside, fields, |field, record| {
        record.action == Action::PatientChanged.code() && changes::is_named(field, &record.details)
    })
}

/// For each of these fields the newest change that is one of it, as far as the trail knows.
pub(crate) fn newest<F: Copy>(
    inside: &(impl ActivityRead + ?Sized),
    fields: &[F],
    is_change_of: impl Fn(F, &StoredRecord) -> bool,
) -> Result<Vec<FieldChange<F>>, StorageError> {
    let limit = Limit::parse(MOST_LOOKED_BACK).unwrap_or_default();
    let items = inside.patient_activity(ActivityKind::Changes, None, limit)?;
    let newest = |field: F| {
        let mut done = items.iter().filter(|item| item.record.outcome == "ok");
        done.find(|item| is_change_of(field, &item.record)).cloned()
    };
    let change = |field: &F| FieldChange {
        field: *field,
        by: newest(*field),
    };
    Ok(fields.iter().map(change).collect())
}
