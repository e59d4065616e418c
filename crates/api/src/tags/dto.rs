//! Tags on the wire.

use cutis_domain::tag::{
    Colour, Tag as Stored, TagCategory as StoredCategory, TagName, TagUses as StoredUses, Tagged,
};
use cutis_domain::{Faults, Read};
use cutis_edge::problem::Problem;
use cutis_records::TagField;
use cutis_records::tags::{
    Assigned, Catalogue, CategoryPatch, NewCategory, NewTag, SelectedTag as Selected, ShownTag as Shown,
    TagLink, TagPatch,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire_names;

/// A category's colour. Clients choose the shade: each must be seen on light and on dark ground, and the name always
/// stands beside it.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TagColour {
    /// Red.
    Red,
    /// Orange.
    Orange,
    /// Amber.
    Amber,
    /// Lime.
    Lime,
    /// Green.
    Green,
    /// Teal.
    Teal,
    /// Blue.
    Blue,
    /// Indigo.
    Indigo,
    /// Violet.
    Violet,
    /// Pink.
    Pink,
    /// Brown.
    Brown,
    /// Grey.
    Grey,
}

impl From<Colour> for TagColour {
    fn from(colour: Colour) -> Self {
        match colour {
            Colour::Red => Self::Red,
            Colour::Orange => Self::Orange,
            Colour::Amber => Self::Amber,
            Colour::Lime => Self::Lime,
            Colour::Green => Self::Green,
            Colour::Teal => Self::Teal,
            Colour::Blue => Self::Blue,
            Colour::Indigo => Self::Indigo,
            Colour::Violet => Self::Violet,
            Colour::Pink => Self::Pink,
            Colour::Brown => Self::Brown,
            Colour::Grey => Self::Grey,
        }
    }
}

/// A category of tags, alone.
#[derive(Serialize, ToSchema)]
pub struct TagCategory {
    id: String,
    name: String,
    colour: TagColour,
}

impl From<&StoredCategory> for TagCategory {
    fn from(stored: &StoredCategory) -> Self {
        Self {
            id: stored.id.to_string(),
            name: stored.name.as_str().to_owned(),
            colour: stored.colour.into(),
        }
    }
}

/// How often a tag is used.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TagUses {
    /// Patients who show it: their own, or from one of their visits or photos.
    patients: u64,
    /// Patients who have it themselves.
    direct_patients: u64,
    /// Visits that have it themselves.
    entries: u64,
    /// Photos that have it.
    images: u64,
}

/// A tag of the account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tag {
    id: String,
    name: String,
    category_id: String,
    /// It stays where it is and is given to nothing new.
    archived: bool,
    uses: TagUses,
}

impl Tag {
    pub(super) fn new(stored: &Stored, uses: StoredUses) -> Self {
        Self {
            id: stored.id.to_string(),
            name: stored.name.as_str().to_owned(),
            category_id: stored.category.to_string(),
            archived: stored.archived_at.is_some(),
            uses: TagUses {
                patients: uses.patients,
                direct_patients: uses.own,
                entries: uses.entries,
                images: uses.images,
            },
        }
    }
}

/// A category with its tags by name.
#[derive(Serialize, ToSchema)]
pub struct TagCategoryWithTags {
    id: String,
    name: String,
    colour: TagColour,
    tags: Vec<Tag>,
}

/// An account's categories in their order.
#[derive(Serialize, ToSchema)]
pub struct TagCatalogue {
    categories: Vec<TagCategoryWithTags>,
}

impl From<&Catalogue> for TagCatalogue {
    fn from(catalogue: &Catalogue) -> Self {
        let of = |category: &StoredCategory| {
            let tags = catalogue
                .tags
                .iter()
                .filter(|(tag, _)| tag.category == category.id);
            TagCategoryWithTags {
                id: category.id.to_string(),
                name: category.name.as_str().to_owned(),
                colour: category.colour.into(),
                tags: tags.map(|(tag, uses)| Tag::new(tag, *uses)).collect(),
            }
        };
        Self {
            categories: catalogue.categories.iter().map(of).collect(),
        }
    }
}

/// A category to be added, behind the others.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagCategoryInput {
    /// 1 to 60 characters on one line, different from the other categories whatever the case.
    name: String,
    /// One of the colours of `TagColour`.
    colour: String,
}

impl TryFrom<TagCategoryInput> for NewCategory {
    type Error = Problem;

    fn try_from(sent: TagCategoryInput) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let name = faults.take(TagField::Name, TagName::parse(&sent.name));
        let colour = faults.take(TagField::Colour, Colour::parse(&sent.colour));
        let category = name.zip(colour).map(|(name, colour)| Self { name, colour });
        faults.finish(category).map_err(wire_names::refused)
    }
}

/// A change of a category: what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagCategoryPatch {
    /// As when it is added.
    #[serde(default)]
    name: Option<String>,
    /// As when it is added.
    #[serde(default)]
    colour: Option<String>,
    /// Its place among the categories, starting at 0; a number beyond the end means last.
    #[serde(default)]
    position: Option<u16>,
}

impl TryFrom<TagCategoryPatch> for CategoryPatch {
    type Error = Problem;

    fn try_from(sent: TagCategoryPatch) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let name = given(&mut faults, TagField::Name, sent.name.as_deref(), TagName::parse);
        let colour = given(
            &mut faults,
            TagField::Colour,
            sent.colour.as_deref(),
            Colour::parse,
        );
        let patch = Self {
            name,
            colour,
            position: sent.position,
        };
        faults.finish(Some(patch)).map_err(wire_names::refused)
    }
}

/// A tag to be added.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TagInput {
    /// The category.
    category_id: String,
    /// 1 to 60 characters on one line, different from the others of the category whatever the case.
    name: String,
}

impl TryFrom<TagInput> for NewTag {
    type Error = Problem;

    fn try_from(sent: TagInput) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let category = faults.take(TagField::Category, sent.category_id.parse());
        let name = faults.take(TagField::Name, TagName::parse(&sent.name));
        let tag = category.zip(name).map(|(category, name)| Self { category, name });
        faults.finish(tag).map_err(wire_names::refused)
    }
}

/// A change of a tag: what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TagPatchInput {
    /// As when it is added.
    #[serde(default)]
    name: Option<String>,
    /// Another category; the tag stays where it was given.
    #[serde(default)]
    category_id: Option<String>,
    /// True archives it: it stays where it is and is given to nothing new. False brings it back.
    #[serde(default)]
    archived: Option<bool>,
}

impl TryFrom<TagPatchInput> for TagPatch {
    type Error = Problem;

    fn try_from(sent: TagPatchInput) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let name = given(&mut faults, TagField::Name, sent.name.as_deref(), TagName::parse);
        let category = given(
            &mut faults,
            TagField::Category,
            sent.category_id.as_deref(),
            str::parse,
        );
        let patch = Self {
            name,
            category,
            archived: sent.archived,
        };
        faults.finish(Some(patch)).map_err(wire_names::refused)
    }
}

/// A field that is changed if it is sent, even if blank.
fn given<T>(
    faults: &mut Faults<TagField>,
    field: TagField,
    sent: Option<&str>,
    parse: impl FnOnce(&str) -> Read<T>,
) -> Option<T> {
    faults.take(field, parse(sent?))
}

/// Tags that become part of another.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagMerge {
    /// 1 to 20 tags; what has one of them has the other tag then, once, and they are removed.
    pub(super) from: Vec<String>,
}

/// A tag that something shows, with where it comes from.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ShownTag {
    id: String,
    name: String,
    category_id: String,
    /// The category's name.
    category: String,
    colour: TagColour,
    archived: bool,
    /// It was given to the thing itself.
    own: bool,
    /// How many visits it comes from.
    from_entries: u64,
    /// How many photos it comes from.
    from_images: u64,
}

impl From<&Shown> for ShownTag {
    fn from(shown: &Shown) -> Self {
        let tag = &shown.effective.tag;
        Self {
            id: tag.id.to_string(),
            name: tag.name.as_str().to_owned(),
            category_id: tag.category.to_string(),
            category: shown.category.name.as_str().to_owned(),
            colour: shown.category.colour.into(),
            archived: tag.archived_at.is_some(),
            own: shown.effective.own,
            from_entries: shown.effective.entries,
            from_images: shown.effective.images,
        }
    }
}

/// Tags that something shows, by name.
#[derive(Serialize, ToSchema)]
pub struct ShownTagList {
    tags: Vec<ShownTag>,
}

impl ShownTagList {
    pub(super) fn new(shown: &[Shown]) -> Self {
        Self {
            tags: shown.iter().map(ShownTag::from).collect(),
        }
    }
}

/// A tag of a selection.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SelectedTag {
    id: String,
    name: String,
    category_id: String,
    /// The category's name.
    category: String,
    colour: TagColour,
    archived: bool,
    /// How many of the selection have it themselves.
    count: u64,
}

impl From<&Selected> for SelectedTag {
    fn from(selected: &Selected) -> Self {
        Self {
            id: selected.tag.id.to_string(),
            name: selected.tag.name.as_str().to_owned(),
            category_id: selected.tag.category.to_string(),
            category: selected.category.name.as_str().to_owned(),
            colour: selected.category.colour.into(),
            archived: selected.tag.archived_at.is_some(),
            count: selected.count,
        }
    }
}

/// The tags that a selection's things have themselves, by name.
#[derive(Serialize, ToSchema)]
pub struct SelectedTagList {
    pub(super) tags: Vec<SelectedTag>,
}

/// Patients, visits and photos: 1 to 500 together.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagSelection {
    /// Patients.
    #[serde(default)]
    pub(super) patients: Vec<String>,
    /// Visits, of whichever patients.
    #[serde(default)]
    pub(super) entries: Vec<String>,
    /// Photos, of whichever patients.
    #[serde(default)]
    pub(super) images: Vec<String>,
}

/// Which tags are given to what, and which are taken away: all or nothing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagAssignment {
    /// Tags to give. With those to take away 1 to 20.
    #[serde(default)]
    pub(super) add: Vec<String>,
    /// Tags to take away.
    #[serde(default)]
    pub(super) remove: Vec<String>,
    /// Patients. With visits and photos 1 to 500.
    #[serde(default)]
    pub(super) patients: Vec<String>,
    /// Visits, of whichever patients.
    #[serde(default)]
    pub(super) entries: Vec<String>,
    /// Photos, of whichever patients.
    #[serde(default)]
    pub(super) images: Vec<String>,
}

/// A tag and what it was given to or taken from.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TagChange {
    tag_id: String,
    patients: Vec<String>,
    entries: Vec<String>,
    images: Vec<String>,
}

/// What an assignment really changed. Sending each as the opposite makes it as it was.
#[derive(Serialize, ToSchema)]
pub struct TagAssignmentDone {
    added: Vec<TagChange>,
    removed: Vec<TagChange>,
}

impl From<&Assigned> for TagAssignmentDone {
    fn from(done: &Assigned) -> Self {
        Self {
            added: changes(&done.added),
            removed: changes(&done.removed),
        }
    }
}

fn changes(links: &[TagLink]) -> Vec<TagChange> {
    let mut changes: Vec<TagChange> = Vec::new();
    for link in links {
        let tag = link.tag.to_string();
        let place = changes.iter().position(|change| change.tag_id == tag);
        let place = place.unwrap_or_else(|| {
            changes.push(TagChange {
                tag_id: tag,
                patients: Vec::new(),
                entries: Vec::new(),
                images: Vec::new(),
            });
            changes.len().saturating_sub(1)
        });
        if let Some(change) = changes.get_mut(place) {
            match link.it {
                Tagged::Patient => change.patients.push(link.patient.to_string()),
                Tagged::Entry(id) => change.entries.push(id.to_string()),
                Tagged::Image(id) => change.images.push(id.to_string()),
            }
        }
    }
    changes
}
