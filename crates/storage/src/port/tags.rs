//! Tags and their categories, of one owner (T1–T3). What they are given to is in [`super::tag_links`].

use cutis_domain::page::Limit;
use cutis_domain::tag::{PatientUse, Tag, TagCategory, TagUses};
use cutis_domain::{EntryId, ImageId, PatientId, TagCategoryId, TagId, Timestamp};

use crate::error::Result;

/// Reading tags.
pub trait TagsRead {
    /// Whether this owner's catalogue was begun, which gives it its first categories.
    ///
    /// # Errors
    /// When the database fails.
    fn tags_begun(&self) -> Result<bool>;

    /// Every category in its order; at most [`cutis_domain::tag::MAX_CATEGORIES`].
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn tag_categories(&self) -> Result<Vec<TagCategory>>;

    /// Every tag by name, archived ones included, with how often it is used; at most
    /// [`cutis_domain::tag::MAX_TAGS`].
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn tags(&self) -> Result<Vec<(Tag, TagUses)>>;

    /// How many tags there are, archived ones included.
    ///
    /// # Errors
    /// When the database fails.
    fn tag_count(&self) -> Result<u64>;

    /// A tag and how often it is used.
    ///
    /// # Errors
    /// When the database fails or the row is corrupt.
    fn tag(&self, id: TagId) -> Result<Option<(Tag, TagUses)>>;

    /// Patients on whom a tag is effective, in no order that means something; at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    fn tag_patients(&self, id: TagId, limit: Limit) -> Result<Vec<PatientUse>>;

    /// Whose entry this is, among this owner's patients.
    ///
    /// # Errors
    /// When the database fails.
    fn patient_of_entry(&self, id: EntryId) -> Result<Option<PatientId>>;

    /// Whose image this is, among this owner's patients.
    ///
    /// # Errors
    /// When the database fails.
    fn patient_of_image(&self, id: ImageId) -> Result<Option<PatientId>>;
}

/// Changing tags.
pub trait TagsWrite {
    /// Notes that the catalogue was begun.
    ///
    /// # Errors
    /// `Conflict` when it was begun before.
    fn begin_tags(&mut self, at: Timestamp) -> Result<()>;

    /// Adds a category at this place, the first being 0.
    ///
    /// # Errors
    /// `Conflict` when the name is taken.
    fn insert_tag_category(&mut self, category: &TagCategory, position: u16, at: Timestamp) -> Result<()>;

    /// Replaces a category's name, colour and place; says whether there is one.
    ///
    /// # Errors
    /// `Conflict` when the name is taken.
    fn update_tag_category(&mut self, category: &TagCategory, position: u16) -> Result<bool>;

    /// Removes a category; says whether there was one.
    ///
    /// # Errors
    /// `Conflict` when it has tags.
    fn remove_tag_category(&mut self, id: TagCategoryId) -> Result<bool>;

    /// Adds a tag.
    ///
    /// # Errors
    /// `Conflict` when the category has a tag of this name, or is not this owner's.
    fn insert_tag(&mut self, tag: &Tag, at: Timestamp) -> Result<()>;

    /// Replaces a tag's name, category and whether it is archived; says whether there is one.
    ///
    /// # Errors
    /// As [`TagsWrite::insert_tag`].
    fn update_tag(&mut self, tag: &Tag) -> Result<bool>;

    /// Removes a tag; says whether there was one.
    ///
    /// # Errors
    /// `Conflict` when something still has it.
    fn remove_tag(&mut self, id: TagId) -> Result<bool>;
}
