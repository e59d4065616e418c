//! What tags are given to within one patient (T1, T2).

use std::collections::{BTreeMap, BTreeSet};

use cutis_domain::tag::{EffectiveTag, Tag, Tagged};
use cutis_domain::{EntryId, ImageId, TagId, Timestamp};
use cutis_storage::OpenTagged;
use cutis_storage::port::{TagLinksRead, TagLinksWrite};
use rusqlite::{Row, params};

use super::keyed::Inside;
use super::tags::tag;
use crate::columns::Columns;
use crate::error::Result;
use crate::sql::tag_links as sql;

impl TagLinksRead for Inside<'_> {
    fn has_tagged(&self, it: Tagged) -> Result<bool> {
        let found = match it {
            Tagged::Patient => self.one(sql::HAS_PATIENT, &[], |_| Ok(()))?,
            Tagged::Entry(id) => self.one(sql::HAS_ENTRY, params![id.as_bytes()], |_| Ok(()))?,
            Tagged::Image(id) => self.one(sql::HAS_IMAGE, params![id.as_bytes()], |_| Ok(()))?,
        };
        Ok(found.is_some())
    }

    fn effective_tags(&self, it: Tagged) -> Result<Vec<EffectiveTag>> {
        let mut tags = match it {
            Tagged::Patient => self.all(sql::OF_PATIENT, &[], with_sources)?,
            Tagged::Image(id) => self.all(sql::OF_IMAGE, params![id.as_bytes()], own)?,
            Tagged::Entry(id) => {
                let entry = params![id.as_bytes()];
                let mut sources = self.all(sql::OF_WORKSPACE, entry, from_image)?;
                sources.extend(self.all(sql::OF_COMPARISON, entry, from_image)?);
                let own = self.all(sql::OF_ENTRY, entry, own)?;
                let own = own.into_iter().map(|tag| (id, tag)).collect();
                joined(own, sources).into_iter().map(|(_, tag)| tag).collect()
            }
        };
        tags.sort_by_cached_key(|it| (it.tag.name.key(), it.tag.id));
        Ok(tags)
    }

    fn effective_tags_of_entries(&self) -> Result<Vec<(EntryId, EffectiveTag)>> {
        let mut sources = self.all(sql::OF_WORKSPACES, &[], from_image)?;
        sources.extend(self.all(sql::OF_COMPARISONS, &[], from_image)?);
        let own = self.all(sql::OF_ENTRIES, &[], |row| {
            let mut columns = Columns::of(row, "tag")?;
            let tag = own_of(tag(&mut columns)?);
            Ok((columns.id("entry_id", EntryId::from_bytes)?, tag))
        })?;
        let mut tags = joined(own, sources);
        tags.sort_by_cached_key(|(_, it)| (it.tag.name.key(), it.tag.id));
        Ok(tags)
    }

    fn direct_tags(&self, it: Tagged) -> Result<u64> {
        match it {
            Tagged::Patient => self.count(sql::COUNT_OF_PATIENT, &[]),
            Tagged::Entry(id) => self.count(sql::COUNT_OF_ENTRY, params![id.as_bytes()]),
            Tagged::Image(id) => self.count(sql::COUNT_OF_IMAGE, params![id.as_bytes()]),
        }
    }
}

impl<'tx> TagLinksWrite<'tx> for Inside<'_> {
    fn give_tag(&mut self, it: &OpenTagged<'tx>, tag: TagId, at: Timestamp) -> Result<bool> {
        let at = at.as_micros();
        let given = match it.tagged() {
            Tagged::Patient => self.run(sql::GIVE_PATIENT, params![tag.as_bytes(), at])?,
            Tagged::Entry(id) => self.run(sql::GIVE_ENTRY, params![tag.as_bytes(), at, id.as_bytes()])?,
            Tagged::Image(id) => self.run(sql::GIVE_IMAGE, params![tag.as_bytes(), at, id.as_bytes()])?,
        };
        Ok(given > 0)
    }

    fn take_tag(&mut self, it: &OpenTagged<'tx>, tag: TagId, at: Timestamp) -> Result<bool> {
        let taken = match it.tagged() {
            Tagged::Patient => self.run(sql::DROP_PATIENT, params![tag.as_bytes()])?,
            Tagged::Entry(id) => self.run(sql::TAKE_ENTRY, params![tag.as_bytes(), id.as_bytes()])?,
            Tagged::Image(id) => self.run(sql::TAKE_IMAGE, params![tag.as_bytes(), id.as_bytes()])?,
        };
        self.changed_if(taken > 0, at)
    }

    fn replace_tag(&mut self, from: TagId, into: TagId, at: Timestamp) -> Result<u64> {
        let mut replaced: u64 = 0;
        for replace in [sql::REPLACE_PATIENT, sql::REPLACE_ENTRIES, sql::REPLACE_IMAGES] {
            let moved = self.run(replace, params![from.as_bytes(), into.as_bytes()])?;
            replaced = add(replaced, moved);
        }
        self.changed_if(replaced > 0, at)?;
        // What is left has both.
        Ok(replaced.saturating_add(self.drop_everywhere(from, at)?))
    }

    fn drop_tag(&mut self, tag: TagId, at: Timestamp) -> Result<u64> {
        self.drop_everywhere(tag, at)
    }
}

impl Inside<'_> {
    fn drop_everywhere(&self, tag: TagId, at: Timestamp) -> Result<u64> {
        let mut dropped: u64 = 0;
        for drop in [sql::DROP_PATIENT, sql::DROP_ENTRIES, sql::DROP_IMAGES] {
            dropped = add(dropped, self.run(drop, params![tag.as_bytes()])?);
        }
        self.changed_if(dropped > 0, at)?;
        Ok(dropped)
    }

    /// Sets the patient's last change if something was changed (P3); the time never goes back. Returns whether.
    pub(super) fn changed_if(&self, changed: bool, at: Timestamp) -> Result<bool> {
        if changed {
            self.run(sql::CHANGED, params![at.as_micros()])?;
        }
        Ok(changed)
    }
}

fn own(row: &Row<'_>) -> Result<EffectiveTag> {
    Ok(own_of(tag(&mut Columns::of(row, "tag")?)?))
}

const fn own_of(tag: Tag) -> EffectiveTag {
    EffectiveTag {
        tag,
        own: true,
        entries: 0,
        images: 0,
    }
}

fn with_sources(row: &Row<'_>) -> Result<EffectiveTag> {
    let mut columns = Columns::of(row, "tag")?;
    Ok(EffectiveTag {
        tag: tag(&mut columns)?,
        own: columns.get("own")?,
        entries: columns.count("entries")?,
        images: columns.count("images")?,
    })
}

/// A tag that an entry has from an image.
struct FromImage {
    tag: Tag,
    entry: EntryId,
    image: ImageId,
}

fn from_image(row: &Row<'_>) -> Result<FromImage> {
    let mut columns = Columns::of(row, "tag")?;
    Ok(FromImage {
        tag: tag(&mut columns)?,
        entry: columns.id("entry_id", EntryId::from_bytes)?,
        image: columns.id("image_id", ImageId::from_bytes)?,
    })
}

/// Entries' own tags and those of their images; an image that is in the workspace and in a comparison counts once.
fn joined(own: Vec<(EntryId, EffectiveTag)>, sources: Vec<FromImage>) -> Vec<(EntryId, EffectiveTag)> {
    let mut tags: BTreeMap<(EntryId, TagId), EffectiveTag> = own
        .into_iter()
        .map(|(entry, it)| ((entry, it.tag.id), it))
        .collect();
    let mut seen = BTreeSet::new();
    for FromImage { tag, entry, image } in sources {
        if seen.insert((entry, tag.id, image)) {
            let it = tags.entry((entry, tag.id)).or_insert(EffectiveTag {
                own: false,
                ..own_of(tag)
            });
            it.images = it.images.saturating_add(1);
        }
    }
    tags.into_iter().map(|((entry, _), it)| (entry, it)).collect()
}

fn add(sum: u64, rows: usize) -> u64 {
    sum.saturating_add(u64::try_from(rows).unwrap_or(u64::MAX))
}
