//! The images of entries' workspaces (E4), and entries' comparison groups (C1).

use cutis_domain::comparison::{
    Compared, ComparedImage, Comparison, FIRST_VERSION, GroupField, Layout, Marks, Mode, PartField,
};
use cutis_domain::image::Turns;
use cutis_domain::{ComparisonId, EntryId, FieldVersions, ImageId, Sensitive, Text, Timestamp};
use cutis_storage::port::{WorkspacesRead, WorkspacesWrite};
use cutis_storage::{ErrorKind, OpenEntry, StorageError};
use rusqlite::{Row, params};

use super::keyed::Inside;
use super::{marks, stored};
use crate::columns::Columns;
use crate::error::Result;
use crate::sql::workspaces as sql;

impl WorkspacesRead for Inside<'_> {
    fn workspace(&self, entry: EntryId) -> Result<Vec<ImageId>> {
        let mut images = self.all(sql::WORKSPACE, params![entry.as_bytes()], |row| {
            let mut columns = Columns::of(row, "image")?;
            let id = columns.id("id", ImageId::from_bytes)?;
            Ok((columns.time("shown_at")?, id))
        })?;
        images.sort_unstable_by(|one, other| other.cmp(one));
        Ok(images.into_iter().map(|(_, id)| id).collect())
    }

    fn comparisons(&self, entry: EntryId) -> Result<Vec<Comparison>> {
        self.all(sql::COMPARISONS, params![entry.as_bytes()], |row| self.group(row))
    }

    fn comparison(&self, id: ComparisonId) -> Result<Option<Comparison>> {
        self.one(sql::COMPARISON, params![id.as_bytes()], |row| self.group(row))
    }
}

impl<'tx> WorkspacesWrite<'tx> for Inside<'_> {
    fn add_to_workspace(&mut self, entry: &OpenEntry<'tx>, image: ImageId, at: Timestamp) -> Result<bool> {
        let visit = entry.id();
        let values = params![visit.as_bytes(), image.as_bytes(), at.as_micros()];
        Ok(self.run(sql::ADD_TO_WORKSPACE, values)? > 0)
    }

    fn remove_from_workspace(
        &mut self,
        entry: &OpenEntry<'tx>,
        image: ImageId,
        at: Timestamp,
    ) -> Result<bool> {
        let visit = entry.id();
        let values = params![visit.as_bytes(), image.as_bytes()];
        let removed = self.run(sql::REMOVE_FROM_WORKSPACE, values)?;
        self.changed_if(removed > 0, at)
    }

    fn insert_comparison(
        &mut self,
        entry: &OpenEntry<'tx>,
        comparison: &Comparison,
        position: u16,
        at: Timestamp,
    ) -> Result<()> {
        if comparison.entry != entry.id() {
            return Err(StorageError::new(
                ErrorKind::Conflict,
                "a comparison of one visit was about to be stored with another; nothing was changed",
            ));
        }
        let values = params![
            comparison.id.as_bytes(),
            comparison.entry.as_bytes(),
            position,
            at.as_micros(),
            title(comparison),
            comparison.mode.code(),
            note(comparison),
            layout(comparison),
            version(comparison)?,
            group_versions(comparison),
        ];
        self.run(sql::INSERT_COMPARISON, values)?;
        self.put_compared(comparison, &[])
    }

    fn update_comparison(
        &mut self,
        entry: &OpenEntry<'tx>,
        comparison: &Comparison,
        position: Option<u16>,
        at: Timestamp,
    ) -> Result<bool> {
        let id = comparison.id.as_bytes();
        let values = params![
            id,
            position,
            title(comparison),
            comparison.mode.code(),
            note(comparison),
            layout(comparison),
            version(comparison)?,
            group_versions(comparison),
        ];
        if !self.has_group(entry, comparison.id)? {
            return Ok(false);
        }
        self.run(sql::UPDATE_COMPARISON, values)?;
        let before = self.all(sql::COMPARED, params![id], |row| {
            Columns::of(row, "comparison_image")?.id("image_id", ImageId::from_bytes)
        })?;
        let after = comparison.image_ids();
        for gone in before.iter().filter(|image| !after.contains(image)) {
            self.run(sql::REMOVE_ONE_COMPARED, params![id, gone.as_bytes()])?;
        }
        self.put_compared(comparison, &before)?;
        self.changed_if(true, at)
    }

    fn remove_comparison(&mut self, entry: &OpenEntry<'tx>, id: ComparisonId, at: Timestamp) -> Result<bool> {
        if !self.has_group(entry, id)? {
            return Ok(false);
        }
        self.run(sql::REMOVE_COMPARED, params![id.as_bytes()])?;
        self.run(sql::REMOVE_COMPARISON, params![id.as_bytes()])?;
        self.changed_if(true, at)
    }
}

impl Inside<'_> {
    fn has_group(&self, entry: &OpenEntry<'_>, id: ComparisonId) -> Result<bool> {
        let visit = entry.id();
        let of = params![id.as_bytes(), visit.as_bytes()];
        Ok(self.one(sql::COMPARISON_OF, of, |_| Ok(()))?.is_some())
    }

    /// Writes the images of a group; `before` are those that have a row.
    fn put_compared(&self, comparison: &Comparison, before: &[ImageId]) -> Result<()> {
        for (position, it) in (0_i64..).zip(&comparison.images) {
            let values = params![
                comparison.id.as_bytes(),
                it.image.as_bytes(),
                position,
                it.label.as_ref().map(|label| label.reveal().as_str()),
                marks::view_json(&it.marks.view),
                marks::landmarks_json(it.marks.landmarks.reveal()),
                marks::ruler_json(*it.marks.ruler.reveal()),
                marks::annotations_json(it.marks.annotations.reveal()),
                Some(it.turns.quarters()).filter(|quarters| *quarters > 0),
                marks::versions_json(&it.versions, FIRST_VERSION, PartField::code),
            ];
            let sql = if before.contains(&it.image) {
                sql::UPDATE_COMPARED
            } else {
                sql::ADD_COMPARED
            };
            self.run(sql, values)?;
        }
        Ok(())
    }

    fn group(&self, row: &Row<'_>) -> Result<Comparison> {
        let mut columns = Columns::of(row, "comparison")?;
        let id = columns.id("id", ComparisonId::from_bytes)?;
        let entry = columns.id("entry_id", EntryId::from_bytes)?;
        let title = columns.parse_if_any("title", Text::stored)?.map(Sensitive::new);
        let mode = columns.parse("mode", Mode::parse)?;
        let note = columns.parse_if_any("note", Text::stored)?.map(Sensitive::new);
        let layout = columns.parse_if_any("layout", Layout::parse)?;
        let version = columns.count_if_any("version")?.unwrap_or(FIRST_VERSION);
        let versions =
            columns.parse_if_any("field_versions", |json| marks::versions(json, GroupField::parse))?;
        let images = self.all(sql::COMPARED, params![id.as_bytes()], compared)?;
        Compared::parse(images.iter().map(|it| it.image).collect()).map_err(|_| columns.corrupt("images"))?;
        Ok(Comparison {
            id,
            entry,
            title,
            note,
            mode,
            layout: layout.unwrap_or(Layout::Auto),
            images,
            version,
            versions: versions.unwrap_or(FieldVersions::all_at(FIRST_VERSION)),
        })
    }
}

fn compared(row: &Row<'_>) -> Result<ComparedImage> {
    let mut columns = Columns::of(row, "comparison_image")?;
    let image = columns.id("image_id", ImageId::from_bytes)?;
    let label = columns.parse_if_any("label", Text::stored)?.map(Sensitive::new);
    let view = columns.parse_if_any("view", marks::view)?.unwrap_or_default();
    let landmarks = columns
        .parse_if_any("landmarks", marks::landmarks)?
        .unwrap_or_default();
    let ruler = columns.parse_if_any("ruler", marks::ruler)?;
    let annotations = columns
        .parse_if_any("annotations", marks::annotations)?
        .unwrap_or_default();
    let turns = columns.number_if_any("turns", Turns::parse)?.unwrap_or_default();
    let versions = columns.parse_if_any("field_versions", |json| marks::versions(json, PartField::parse))?;
    Ok(ComparedImage {
        image,
        label,
        marks: Marks {
            view,
            landmarks: Sensitive::new(landmarks),
            ruler: Sensitive::new(ruler),
            annotations: Sensitive::new(annotations),
        },
        turns,
        versions: versions.unwrap_or(FieldVersions::all_at(FIRST_VERSION)),
    })
}

fn title(comparison: &Comparison) -> Option<&str> {
    comparison.title.as_ref().map(|title| title.reveal().as_str())
}

fn note(comparison: &Comparison) -> Option<&str> {
    comparison.note.as_ref().map(|note| note.reveal().as_str())
}

fn layout(comparison: &Comparison) -> Option<&'static str> {
    (comparison.layout != Layout::Auto).then(|| comparison.layout.code())
}

/// A group that was never changed has none.
fn version(comparison: &Comparison) -> Result<Option<i64>> {
    let changed = comparison.version > FIRST_VERSION;
    changed
        .then(|| stored(comparison.version, "a version"))
        .transpose()
}

fn group_versions(comparison: &Comparison) -> Option<String> {
    marks::versions_json(&comparison.versions, FIRST_VERSION, GroupField::code)
}
