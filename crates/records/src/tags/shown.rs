//! The tags that a patient, an entry or an image shows, with where they come from (T2), and those of a selection.

use std::collections::BTreeMap;

use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_domain::tag::{EffectiveTag, Tag, TagCategory, Tagged};
use cutis_domain::{Clinician, PatientId, TagId};
use cutis_storage::{OwnedRead, StorageError};

use super::{Selection, TagError};
use crate::Records;

/// A tag that something shows.
#[derive(Debug, Clone)]
pub struct ShownTag {
    /// The tag and where it comes from.
    pub effective: EffectiveTag,
    /// Its category.
    pub category: TagCategory,
}

/// A tag of a selection.
#[derive(Debug, Clone)]
pub struct SelectedTag {
    /// The tag.
    pub tag: Tag,
    /// Its category.
    pub category: TagCategory,
    /// How many of the selection have it themselves.
    pub count: u64,
}

impl Records {
    /// The effective tags of a patient, or of one of their entries or images.
    ///
    /// # Errors
    /// See [`TagError`].
    pub async fn tags_of(
        &self,
        by: &Clinician,
        patient: PatientId,
        it: Tagged,
    ) -> Result<Vec<ShownTag>, TagError> {
        self.store
            .clinic(by)
            .read(|view| {
                let target = target_of(patient, it);
                let inside = view.inside(patient)?;
                if !inside.has_tagged(it)? {
                    return Err(TagError::Record(crate::RecordError::absent(target, patient)));
                }
                let tags = with_categories(&**view, inside.effective_tags(it)?)?;
                let event = Event::new(Action::TagsViewed)
                    .target(target)
                    .patient(patient)
                    .detail(Detail::ids(
                        "tags",
                        ids(tags.iter().map(|it| it.effective.tag.id)),
                    ));
                Ok(Audited::new(tags, event))
            })
            .await
    }

    /// The tags that a selection's things have themselves, by name, with how many have each.
    ///
    /// # Errors
    /// See [`TagError`].
    pub async fn tags_of_selection(
        &self,
        by: &Clinician,
        on: Selection,
    ) -> Result<Vec<SelectedTag>, TagError> {
        on.checked()?;
        self.store
            .clinic(by)
            .read(|view| {
                let mut counts: BTreeMap<TagId, (Tag, u64)> = BTreeMap::new();
                let mut events = Vec::new();
                for (patient, places) in on.by_patient(&**view)? {
                    let inside = view.inside(patient)?;
                    let mut seen = Vec::new();
                    for (_, it) in &places {
                        for own in inside.effective_tags(*it)?.into_iter().filter(|tag| tag.own) {
                            let count = counts.entry(own.tag.id).or_insert((own.tag, 0));
                            count.1 = count.1.saturating_add(1);
                            seen.push(count.0.id);
                        }
                    }
                    events.push(
                        Event::new(Action::TagsViewed)
                            .target(Target::Patient(patient))
                            .patient(patient)
                            .detail(Detail::ids("tags", ids(seen.into_iter()))),
                    );
                }
                let categories = categories_of(&**view)?;
                let mut tags = Vec::with_capacity(counts.len());
                for (tag, count) in counts.into_values() {
                    let category = category_of(&categories, &tag)?;
                    tags.push(SelectedTag { tag, category, count });
                }
                tags.sort_by_cached_key(|it| (it.tag.name.key(), it.tag.id));
                let mut events = events.into_iter();
                let first = events.next().unwrap_or(Event::new(Action::TagsViewed));
                Ok(events.fold(Audited::new(tags, first), Audited::and))
            })
            .await
    }
}

const fn target_of(patient: PatientId, it: Tagged) -> Target {
    match it {
        Tagged::Patient => Target::Patient(patient),
        Tagged::Entry(id) => Target::Entry(id),
        Tagged::Image(id) => Target::Image(id),
    }
}

fn ids(tags: impl Iterator<Item = TagId>) -> Vec<String> {
    let mut ids: Vec<String> = tags.map(|tag| tag.to_string()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

type Categories = BTreeMap<cutis_domain::TagCategoryId, TagCategory>;

fn categories_of(owned: &dyn OwnedRead) -> Result<Categories, StorageError> {
    let categories = owned.tag_categories()?;
    Ok(categories
        .into_iter()
        .map(|category| (category.id, category))
        .collect())
}

fn category_of(categories: &Categories, tag: &Tag) -> Result<TagCategory, StorageError> {
    let category = categories.get(&tag.category).cloned();
    category.ok_or_else(|| StorageError::corrupt("tag", "category_id", "?"))
}

/// The same tags with their categories.
pub(crate) fn with_categories(
    owned: &dyn OwnedRead,
    tags: Vec<EffectiveTag>,
) -> Result<Vec<ShownTag>, StorageError> {
    if tags.is_empty() {
        return Ok(Vec::new());
    }
    let categories = categories_of(owned)?;
    tags.into_iter()
        .map(|effective| {
            let category = category_of(&categories, &effective.tag)?;
            Ok(ShownTag { effective, category })
        })
        .collect()
}
