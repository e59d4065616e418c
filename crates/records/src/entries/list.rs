//! The timeline: a patient's visits (E6).

use std::collections::BTreeMap;

use cutis_audit::{Action, Audited, Detail, Event};
use cutis_domain::entry::Entry;
use cutis_domain::page::{Limit, Page};
use cutis_domain::tag::EffectiveTag;
use cutis_domain::time::Zone;
use cutis_domain::{Clinician, EntryId, PatientId, Sensitive};
use cutis_storage::port::{EntryPosition, SomeImages};
use cutis_storage::{OwnedRead, PatientView, StorageError};

use super::EntryError;
use crate::Records;
use crate::tags::{ShownTag, with_categories};

/// How many images of a visit the timeline shows.
const STRIP: u16 = 12;
/// How many of its day's images are offered by name: as many as one request puts into a visit.
const OFFERED: u16 = 200;
/// How many characters of its notes.
const EXCERPT: usize = 240;

/// A page of visits, latest appointment first.
pub type Timeline = Page<ListedEntry, EntryPosition>;

/// A visit in the timeline.
#[derive(Debug, Clone)]
pub struct ListedEntry {
    /// The visit.
    pub entry: Entry,
    /// How its notes begin.
    pub excerpt: Sensitive<String>,
    /// The tags that it shows, by name.
    pub tags: Vec<ShownTag>,
    /// The images of its workspace.
    pub images: SomeImages,
    /// How many comparison groups it has.
    pub comparisons: u64,
    /// Images of its day that belong to no visit.
    pub offered: SomeImages,
}

impl Records {
    /// A patient's visits, latest appointment first.
    ///
    /// # Errors
    /// See [`EntryError`].
    pub async fn entries(
        &self,
        by: &Clinician,
        patient: PatientId,
        after: Option<EntryPosition>,
        limit: Limit,
    ) -> Result<Timeline, EntryError> {
        let zone = self.practice_zone().await?;
        self.store
            .clinic(by)
            .read(|view| {
                let inside = view.inside(patient)?;
                let entries = inside.entries(after, limit)?;
                let page = Page::from_one_more(entries, limit, |last| EntryPosition {
                    appointment_at: last.appointment_at,
                    id: last.id,
                });
                let mut tags = by_entry(&**view, inside.effective_tags_of_entries()?)?;
                let mut items = Vec::with_capacity(page.items.len());
                for entry in page.items {
                    let tags = tags.remove(&entry.id).unwrap_or_default();
                    items.push(self.listed_entry(&inside, &zone, entry, tags)?);
                }
                let ids = items.iter().map(|listed| listed.entry.id.to_string()).collect();
                let event = Event::new(Action::EntriesViewed)
                    .patient(patient)
                    .detail(Detail::ids("entries", ids));
                let page = Page {
                    items,
                    next: page.next,
                };
                Ok(Audited::new(page, event))
            })
            .await
    }

    fn listed_entry(
        &self,
        inside: &PatientView<'_>,
        zone: &Zone,
        entry: Entry,
        tags: Vec<ShownTag>,
    ) -> Result<ListedEntry, EntryError> {
        let notes = self.notes_of(&**inside, &entry)?;
        let day = entry.appointment_at.day_in(zone);
        let offered = match (day.start_in(zone), day.next().start_in(zone)) {
            (Ok(from), Ok(before)) => inside.images_without_entry(from, before, OFFERED)?,
            // No photo is of a day before or after all that can be counted.
            (Err(_), _) | (_, Err(_)) => SomeImages::default(),
        };
        Ok(ListedEntry {
            excerpt: Sensitive::new(notes.excerpt(EXCERPT)),
            tags,
            images: inside.workspace_begin(entry.id, STRIP)?,
            comparisons: inside.comparison_count(entry.id)?,
            offered,
            entry,
        })
    }
}

/// The tags of each visit (T2).
fn by_entry(
    owned: &dyn OwnedRead,
    tags: Vec<(EntryId, EffectiveTag)>,
) -> Result<BTreeMap<EntryId, Vec<ShownTag>>, StorageError> {
    let (of, tags): (Vec<EntryId>, Vec<EffectiveTag>) = tags.into_iter().unzip();
    let mut by_entry: BTreeMap<EntryId, Vec<ShownTag>> = BTreeMap::new();
    for (entry, tag) in of.into_iter().zip(with_categories(owned, tags)?) {
        by_entry.entry(entry).or_default().push(tag);
    }
    Ok(by_entry)
}
