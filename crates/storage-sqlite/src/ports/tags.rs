//! Tags and their categories (T1–T3).

use cutis_domain::page::Limit;
use cutis_domain::tag::{Colour, PatientUse, Tag, TagCategory, TagName, TagUses};
use cutis_domain::{EntryId, ImageId, PatientId, TagCategoryId, TagId, Timestamp};
use cutis_storage::port::{TagsRead, TagsWrite};
use rusqlite::{Row, params};

use super::keyed::Owned;
use super::micros;
use crate::columns::Columns;
use crate::error::Result;
use crate::sql::tags as sql;

impl TagsRead for Owned<'_> {
    fn tags_begun(&self) -> Result<bool> {
        Ok(self.one(sql::BEGUN, &[], |_| Ok(()))?.is_some())
    }

    fn tag_categories(&self) -> Result<Vec<TagCategory>> {
        self.all(sql::CATEGORIES, &[], |row| {
            let mut columns = Columns::of(row, "tag_category")?;
            Ok(TagCategory {
                id: columns.id("id", TagCategoryId::from_bytes)?,
                name: columns.parse("name", TagName::stored)?,
                colour: columns.parse("colour", Colour::parse)?,
            })
        })
    }

    fn tags(&self) -> Result<Vec<(Tag, TagUses)>> {
        self.all(sql::TAGS, &[], with_uses)
    }

    fn tag_count(&self) -> Result<u64> {
        self.count(sql::COUNT, &[])
    }

    fn tag(&self, id: TagId) -> Result<Option<(Tag, TagUses)>> {
        self.one(sql::TAG, params![id.as_bytes()], with_uses)
    }

    fn tag_patients(&self, id: TagId, limit: Limit) -> Result<Vec<PatientUse>> {
        let limit = i64::try_from(limit.get()).unwrap_or(i64::MAX);
        self.all(sql::PATIENTS, params![id.as_bytes(), limit], |row| {
            let mut columns = Columns::of(row, "patient_tag_use")?;
            Ok(PatientUse {
                patient: columns.id("patient_id", PatientId::from_bytes)?,
                links: columns.count("uses")?,
            })
        })
    }

    fn patient_of_entry(&self, id: EntryId) -> Result<Option<PatientId>> {
        self.one(sql::PATIENT_OF_ENTRY, params![id.as_bytes()], |row| {
            Columns::of(row, "entry")?.id("patient_id", PatientId::from_bytes)
        })
    }

    fn patient_of_image(&self, id: ImageId) -> Result<Option<PatientId>> {
        self.one(sql::PATIENT_OF_IMAGE, params![id.as_bytes()], |row| {
            Columns::of(row, "image")?.id("patient_id", PatientId::from_bytes)
        })
    }
}

impl TagsWrite for Owned<'_> {
    fn begin_tags(&mut self, at: Timestamp) -> Result<()> {
        self.run(sql::BEGIN, params![at.as_micros()]).map(drop)
    }

    fn insert_tag_category(&mut self, category: &TagCategory, position: u16, at: Timestamp) -> Result<()> {
        let values = params![
            category.id.as_bytes(),
            category.name.as_str(),
            category.name.key(),
            category.colour.code(),
            position,
            at.as_micros()
        ];
        self.run(sql::INSERT_CATEGORY, values).map(drop)
    }

    fn update_tag_category(&mut self, category: &TagCategory, position: u16) -> Result<bool> {
        let values = params![
            category.id.as_bytes(),
            category.name.as_str(),
            category.name.key(),
            category.colour.code(),
            position
        ];
        Ok(self.run(sql::UPDATE_CATEGORY, values)? > 0)
    }

    fn remove_tag_category(&mut self, id: TagCategoryId) -> Result<bool> {
        Ok(self.run(sql::REMOVE_CATEGORY, params![id.as_bytes()])? > 0)
    }

    fn insert_tag(&mut self, tag: &Tag, at: Timestamp) -> Result<()> {
        let values = params![
            tag.id.as_bytes(),
            tag.category.as_bytes(),
            tag.name.as_str(),
            tag.name.key(),
            micros(tag.archived_at),
            at.as_micros()
        ];
        self.run(sql::INSERT_TAG, values).map(drop)
    }

    fn update_tag(&mut self, tag: &Tag) -> Result<bool> {
        let values = params![
            tag.id.as_bytes(),
            tag.category.as_bytes(),
            tag.name.as_str(),
            tag.name.key(),
            micros(tag.archived_at)
        ];
        Ok(self.run(sql::UPDATE_TAG, values)? > 0)
    }

    fn remove_tag(&mut self, id: TagId) -> Result<bool> {
        Ok(self.run(sql::REMOVE_TAG, params![id.as_bytes()])? > 0)
    }
}

/// The columns of a tag, which every statement about tags selects first.
pub(super) fn tag(columns: &mut Columns<'_, '_>) -> Result<Tag> {
    Ok(Tag {
        id: columns.id("id", TagId::from_bytes)?,
        category: columns.id("category_id", TagCategoryId::from_bytes)?,
        name: columns.parse("name", TagName::stored)?,
        archived_at: columns.time_if_any("archived_at")?,
    })
}

fn with_uses(row: &Row<'_>) -> Result<(Tag, TagUses)> {
    let mut columns = Columns::of(row, "tag")?;
    let tag = tag(&mut columns)?;
    let uses = TagUses {
        patients: columns.count("patients")?,
        own: columns.count("own")?,
        entries: columns.count("entries")?,
        images: columns.count("images")?,
    };
    Ok((tag, uses))
}
