//! Categories of tags: adding, changing, ordering, removing (T1, T3).

use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_domain::tag::{Colour, MAX_CATEGORIES, TagCategory, TagName};
use cutis_domain::{Clinician, TagCategoryId};
use cutis_storage::{ErrorKind, Unit};

use super::{TagError, TagField, begin, counted, unless_alike, unless_taken};
use crate::Records;

const TAKEN: &str = "Choose another name; there is a category with this one.";

/// A category to be added, behind the others.
#[derive(Debug, Clone)]
pub struct NewCategory {
    /// Its name.
    pub name: TagName,
    /// Its colour.
    pub colour: Colour,
}

/// A change of a category: what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct CategoryPatch {
    /// Its name.
    pub name: Option<TagName>,
    /// Its colour.
    pub colour: Option<Colour>,
    /// Its place among the categories, starting at 0; a number beyond the end means last.
    pub position: Option<u16>,
}

impl Records {
    /// Adds a category.
    ///
    /// # Errors
    /// See [`TagError`].
    pub async fn create_tag_category(
        &self,
        by: &Clinician,
        new: NewCategory,
    ) -> Result<TagCategory, TagError> {
        let (ids, now) = (self.ids.clone(), self.clock.now());
        self.store
            .clinic(by)
            .write(move |unit| {
                begin(unit, &ids, now)?;
                let categories = unit.tag_categories()?;
                if categories.len() >= MAX_CATEGORIES {
                    return Err(TagError::invalid(
                        TagField::Name,
                        "too_many",
                        format!("Delete a category first; there are {MAX_CATEGORIES} already."),
                    ));
                }
                unless_alike(&new.name, &names_of(&categories), TAKEN)?;
                let category = TagCategory {
                    id: ids.make(),
                    name: new.name,
                    colour: new.colour,
                };
                let position = u16::try_from(categories.len()).unwrap_or(u16::MAX);
                unless_taken(unit.insert_tag_category(&category, position, now), TAKEN)?;
                let event = Event::new(Action::TagCategoryCreated).target(Target::TagCategory(category.id));
                Ok(Audited::new(category, event))
            })
            .await
    }

    /// Renames, recolours or moves a category.
    ///
    /// # Errors
    /// See [`TagError`].
    pub async fn change_tag_category(
        &self,
        by: &Clinician,
        id: TagCategoryId,
        patch: CategoryPatch,
    ) -> Result<TagCategory, TagError> {
        self.store
            .clinic(by)
            .write(move |unit| change_in(unit, id, patch))
            .await
    }

    /// Removes a category that has no tags.
    ///
    /// # Errors
    /// See [`TagError`].
    pub async fn remove_tag_category(&self, by: &Clinician, id: TagCategoryId) -> Result<(), TagError> {
        let target = Target::TagCategory(id);
        self.store
            .clinic(by)
            .write(move |unit| match unit.remove_tag_category(id) {
                Ok(true) => Ok(Audited::new(
                    (),
                    Event::new(Action::TagCategoryRemoved).target(target),
                )),
                Ok(false) => Err(TagError::absent(target)),
                Err(error) if error.kind() == ErrorKind::Conflict => Err(TagError::HasTags(target)),
                Err(error) => Err(error.into()),
            })
            .await
    }
}

fn names_of(categories: &[TagCategory]) -> Vec<&TagName> {
    categories.iter().map(|category| &category.name).collect()
}

fn change_in(
    unit: &mut Unit<'_>,
    id: TagCategoryId,
    patch: CategoryPatch,
) -> Result<Audited<TagCategory>, TagError> {
    let mut categories = unit.tag_categories()?;
    let from = categories
        .iter()
        .position(|category| category.id == id)
        .ok_or(TagError::absent(Target::TagCategory(id)))?;
    let before = categories.remove(from);
    let mut event = Event::new(Action::TagCategoryChanged).target(Target::TagCategory(id));
    let name = patch.name.unwrap_or_else(|| before.name.clone());
    if name != before.name {
        unless_alike(&name, &names_of(&categories), TAKEN)?;
        event = event.detail(Detail::code("name", "changed"));
    }
    let colour = patch.colour.unwrap_or(before.colour);
    if colour != before.colour {
        event = event
            .detail(Detail::code("old", before.colour.code()))
            .detail(Detail::code("new", colour.code()));
    }
    let to = patch
        .position
        .map_or(from, |position| usize::from(position).min(categories.len()));
    if to != from {
        event = event
            .detail(Detail::number("oldPosition", counted(from)))
            .detail(Detail::number("newPosition", counted(to)));
    }
    let after = TagCategory { id, name, colour };
    categories.insert(to, after.clone());
    for (position, category) in categories.iter().enumerate() {
        // Those behind one that was removed have moved up; only what is not in its place is written, and the
        // category itself.
        if category.id == id || (from.min(to)..=from.max(to)).contains(&position) {
            let position = u16::try_from(position).unwrap_or(u16::MAX);
            unless_taken(unit.update_tag_category(category, position), TAKEN)?;
        }
    }
    Ok(Audited::new(after, event))
}
