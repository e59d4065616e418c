//! Tags: adding, renaming, moving, archiving (T1, T3).

use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_domain::tag::{MAX_TAGS, Tag, TagName, TagUses};
use cutis_domain::{Clinician, TagCategoryId, TagId, Timestamp};
use cutis_storage::Unit;

use super::{TagError, TagField, begin, unless_alike, unless_taken};
use crate::Records;

const TAKEN: &str = "Choose another name; this category has a tag with this one.";

/// A tag to be added.
#[derive(Debug, Clone)]
pub struct NewTag {
    /// Its category.
    pub category: TagCategoryId,
    /// Its name.
    pub name: TagName,
}

/// A change of a tag: what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct TagPatch {
    /// Its name.
    pub name: Option<TagName>,
    /// Its category.
    pub category: Option<TagCategoryId>,
    /// Whether it is archived: it stays where it is, and is given to nothing new.
    pub archived: Option<bool>,
}

impl Records {
    /// Adds a tag.
    ///
    /// # Errors
    /// See [`TagError`].
    pub async fn create_tag(&self, by: &Clinician, new: NewTag) -> Result<Tag, TagError> {
        let (ids, now) = (self.ids.clone(), self.clock.now());
        self.store
            .clinic(by)
            .write(move |unit| {
                begin(unit, &ids, now)?;
                must_have_category(unit, new.category)?;
                if unit.tag_count()? >= u64::try_from(MAX_TAGS).unwrap_or(u64::MAX) {
                    return Err(TagError::invalid(
                        TagField::Name,
                        "too_many",
                        format!("Merge or delete tags first; there are {MAX_TAGS} already."),
                    ));
                }
                let tag = Tag {
                    id: ids.make(),
                    category: new.category,
                    name: new.name,
                    archived_at: None,
                };
                unless_free(unit, &tag)?;
                unless_taken(unit.insert_tag(&tag, now), TAKEN)?;
                let event = Event::new(Action::TagCreated)
                    .target(Target::Tag(tag.id))
                    .detail(Detail::id("category", tag.category));
                Ok(Audited::new(tag, event))
            })
            .await
    }

    /// Renames, moves or archives a tag, or brings it back.
    ///
    /// # Errors
    /// See [`TagError`].
    pub async fn change_tag(
        &self,
        by: &Clinician,
        id: TagId,
        patch: TagPatch,
    ) -> Result<(Tag, TagUses), TagError> {
        let now = self.clock.now();
        self.store
            .clinic(by)
            .write(move |unit| change_in(unit, id, patch, now))
            .await
    }
}

fn must_have_category(unit: &Unit<'_>, id: TagCategoryId) -> Result<(), TagError> {
    let there = unit.tag_categories()?.iter().any(|category| category.id == id);
    if there {
        Ok(())
    } else {
        Err(TagError::absent_at(Target::TagCategory(id), TagField::Category))
    }
}

/// Refuses a tag whose name looks like another's of its category.
fn unless_free(unit: &Unit<'_>, tag: &Tag) -> Result<(), TagError> {
    let tags = unit.tags()?;
    let others: Vec<&TagName> = tags
        .iter()
        .map(|(other, _)| other)
        .filter(|other| other.category == tag.category && other.id != tag.id)
        .map(|other| &other.name)
        .collect();
    unless_alike(&tag.name, &others, TAKEN)
}

fn change_in(
    unit: &mut Unit<'_>,
    id: TagId,
    patch: TagPatch,
    now: Timestamp,
) -> Result<Audited<(Tag, TagUses)>, TagError> {
    let (before, uses) = unit.tag(id)?.ok_or(TagError::absent(Target::Tag(id)))?;
    let mut event = Event::new(Action::TagChanged).target(Target::Tag(id));
    let mut after = before.clone();
    if let Some(category) = patch.category.filter(|category| *category != before.category) {
        must_have_category(unit, category)?;
        after.category = category;
        event = event
            .detail(Detail::id("oldCategory", before.category))
            .detail(Detail::id("newCategory", category));
    }
    if let Some(name) = patch.name.filter(|name| *name != before.name) {
        after.name = name;
        event = event.detail(Detail::code("name", "changed"));
    }
    match patch.archived {
        Some(true) if before.archived_at.is_none() => {
            after.archived_at = Some(now);
            event = event.detail(Detail::code("archived", "yes"));
        }
        Some(false) if before.archived_at.is_some() => {
            after.archived_at = None;
            event = event.detail(Detail::code("archived", "no"));
        }
        Some(_) | None => {}
    }
    if after.name != before.name || after.category != before.category {
        unless_free(unit, &after)?;
    }
    if after != before {
        unless_taken(unit.update_tag(&after), TAKEN)?;
    }
    Ok(Audited::new((after, uses), event))
}
