//! Rows of entries, and of what belongs to them.

use cutis_domain::account::Username;
use cutis_domain::entry::{Addendum, Direction, Entry, Layout, Sections, Signed, ThumbSize, Versions};
use cutis_domain::{AddendumId, EntryId, PatientId, Sensitive, Text};
use cutis_storage::port::{KeptEdit, Revision, RevisionHead, SealedAddendum};
use rusqlite::Row;

use crate::columns::Columns;
use crate::error::Result;
use crate::sql::entries as sql;

/// The table of revisions.
pub(super) const REVISION: &str = "entry_revision";

pub(super) fn entry(patient: PatientId, row: &Row<'_>) -> Result<Entry> {
    let mut columns = Columns::of(row, sql::TABLE)?;
    Ok(Entry {
        patient,
        id: columns.id("id", EntryId::from_bytes)?,
        appointment_at: columns.time("appointment_at")?,
        title: columns.parse_if_any("title", Text::stored)?.map(Sensitive::new),
        author: columns.parse("author", Username::parse)?,
        recorded_at: columns.time("created_at")?,
        versions: Versions {
            appointment_at: changes(&mut columns, "appointment_version")?,
            title: changes(&mut columns, "title_version")?,
            notes: changes(&mut columns, "notes_version")?,
        },
        signed: {
            let by = columns.parse_if_any("signed_by", Username::parse)?;
            let at = columns.time_if_any("signed_at")?;
            by.zip(at).map(|(by, at)| Signed { by, at })
        },
    })
}

pub(super) fn revision(row: &Row<'_>) -> Result<Revision> {
    let mut columns = Columns::of(row, REVISION)?;
    Ok(Revision {
        head: revision_head(&mut columns)?,
        in_full: columns.get("in_full")?,
        content: columns.get("content")?,
    })
}

pub(super) fn revision_head(columns: &mut Columns<'_, '_>) -> Result<RevisionHead> {
    Ok(RevisionHead {
        version: count(columns, "version")?,
        bytes: count(columns, "bytes")?,
        author: columns.parse("author", Username::parse)?,
        agent: columns.parse_if_any("agent", Text::stored)?,
        at: columns.time("at")?,
        restored: columns
            .get::<Option<i64>>("restored")?
            .and_then(|it| u64::try_from(it).ok()),
    })
}

pub(super) fn edit(row: &Row<'_>) -> Result<KeptEdit> {
    let mut columns = Columns::of(row, "entry_edit")?;
    Ok(KeptEdit {
        seq: count(&mut columns, "seq")?,
        body: columns.get("body")?,
        version: count(&mut columns, "version")?,
        at: columns.time("at")?,
    })
}

pub(super) fn addendum(row: &Row<'_>) -> Result<SealedAddendum> {
    let mut columns = Columns::of(row, "entry_addendum")?;
    Ok(SealedAddendum {
        addendum: Addendum {
            id: columns.id("id", AddendumId::from_bytes)?,
            author: columns.parse("author", Username::parse)?,
            at: columns.time("at")?,
        },
        content: columns.get("content")?,
    })
}

pub(super) fn layout(row: &Row<'_>) -> Result<Layout> {
    let mut columns = Columns::of(row, "entry_layout")?;
    Ok(Layout {
        sections: Sections {
            workspace: columns.get("workspace")?,
            comparisons: columns.get("comparisons")?,
            notes: columns.get("notes")?,
        },
        direction: columns.parse("direction", Direction::parse)?,
        size: columns.parse("size", ThumbSize::parse)?,
    })
}

/// How often something was changed; nothing before the first time.
fn changes(columns: &mut Columns<'_, '_>, column: &str) -> Result<u64> {
    let number: Option<i64> = columns.get(column)?;
    u64::try_from(number.unwrap_or_default()).map_err(|_| columns.corrupt(column))
}

/// A number that is never negative.
fn count(columns: &mut Columns<'_, '_>, column: &str) -> Result<u64> {
    let number: i64 = columns.get(column)?;
    u64::try_from(number).map_err(|_| columns.corrupt(column))
}
