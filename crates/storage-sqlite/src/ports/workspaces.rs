//! The images of entries' workspaces (E4), and entries' comparison groups (C1).

use cutis_domain::comparison::{Compared, Comparison, Mode};
use cutis_domain::{ComparisonId, EntryId, ImageId, Sensitive, Text, Timestamp};
use cutis_storage::port::{WorkspacesRead, WorkspacesWrite};
use rusqlite::{Row, params};

use super::keyed::Inside;
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

impl WorkspacesWrite for Inside<'_> {
    fn add_to_workspace(&mut self, entry: EntryId, image: ImageId, at: Timestamp) -> Result<bool> {
        let values = params![entry.as_bytes(), image.as_bytes(), at.as_micros()];
        Ok(self.run(sql::ADD_TO_WORKSPACE, values)? > 0)
    }

    fn remove_from_workspace(&mut self, entry: EntryId, image: ImageId, at: Timestamp) -> Result<bool> {
        let values = params![entry.as_bytes(), image.as_bytes()];
        let removed = self.run(sql::REMOVE_FROM_WORKSPACE, values)?;
        self.changed_if(removed > 0, at)
    }

    fn insert_comparison(&mut self, comparison: &Comparison, position: u16, at: Timestamp) -> Result<()> {
        let values = params![
            comparison.id.as_bytes(),
            comparison.entry.as_bytes(),
            title(comparison),
            comparison.mode.code(),
            position,
            at.as_micros()
        ];
        self.run(sql::INSERT_COMPARISON, values)?;
        self.add_compared(comparison)
    }

    fn update_comparison(&mut self, comparison: &Comparison, position: u16, at: Timestamp) -> Result<bool> {
        let id = comparison.id.as_bytes();
        let values = params![id, title(comparison), comparison.mode.code(), position];
        if self.run(sql::UPDATE_COMPARISON, values)? == 0 {
            return Ok(false);
        }
        self.run(sql::REMOVE_COMPARED, params![id])?;
        self.add_compared(comparison)?;
        self.changed_if(true, at)
    }

    fn remove_comparison(&mut self, id: ComparisonId, at: Timestamp) -> Result<bool> {
        self.run(sql::REMOVE_COMPARED, params![id.as_bytes()])?;
        let removed = self.run(sql::REMOVE_COMPARISON, params![id.as_bytes()])?;
        self.changed_if(removed > 0, at)
    }
}

impl Inside<'_> {
    fn add_compared(&self, comparison: &Comparison) -> Result<()> {
        for (position, image) in (0_i64..).zip(comparison.images.as_slice()) {
            let values = params![comparison.id.as_bytes(), image.as_bytes(), position];
            self.run(sql::ADD_COMPARED, values)?;
        }
        Ok(())
    }

    fn group(&self, row: &Row<'_>) -> Result<Comparison> {
        let mut columns = Columns::of(row, "comparison")?;
        let id = columns.id("id", ComparisonId::from_bytes)?;
        let entry = columns.id("entry_id", EntryId::from_bytes)?;
        let title = columns.parse_if_any("title", Text::stored)?.map(Sensitive::new);
        let mode = columns.parse("mode", Mode::parse)?;
        let images = self.all(sql::COMPARED, params![id.as_bytes()], |row| {
            Columns::of(row, "comparison_image")?.id("image_id", ImageId::from_bytes)
        })?;
        Ok(Comparison {
            id,
            entry,
            title,
            mode,
            images: Compared::parse(images).map_err(|_| columns.corrupt("images"))?,
        })
    }
}

fn title(comparison: &Comparison) -> Option<&str> {
    comparison.title.as_ref().map(|title| title.reveal().as_str())
}
