//! Entries (E1 to E5).

mod row;

use cutis_domain::entry::{Entry, Field, Layout, Notes, Signed};
use cutis_domain::page::Limit;
use cutis_domain::{ClientId, EntryId, ImageId, Sensitive, Timestamp};
use cutis_storage::OpenEntry;
use cutis_storage::port::{
    EntriesRead, EntriesWrite, EntryPosition, FieldValue, KeptEdit, KeptNotes, NewValue, Revision,
    RevisionHead, SealedAddendum, SomeImages,
};
use rusqlite::{Row, params};

use super::keyed::Inside;
use crate::columns::Columns;
use crate::error::{Result, failed};
use crate::sql::entries as sql;

impl EntriesRead for Inside<'_> {
    fn entries(&self, after: Option<EntryPosition>, limit: Limit) -> Result<Vec<Entry>> {
        let one_more = one_more(limit);
        match after {
            None => self.all(sql::LIST, params![one_more], |row| {
                row::entry(self.patient(), row)
            }),
            Some(position) => {
                let (at, id) = (position.appointment_at.as_micros(), position.id);
                self.all(sql::LIST_AFTER, params![one_more, at, id.as_bytes()], |row| {
                    row::entry(self.patient(), row)
                })
            }
        }
    }

    fn entry(&self, id: EntryId) -> Result<Option<Entry>> {
        self.one(sql::BY_ID, params![id.as_bytes()], |row| {
            row::entry(self.patient(), row)
        })
    }

    fn notes(&self, id: EntryId) -> Result<Option<KeptNotes>> {
        self.one(sql::NOTES, params![id.as_bytes()], |row| {
            let mut columns = Columns::of(row, sql::TABLE)?;
            let plain = columns.parse("notes", Notes::parse)?;
            let sealed: Option<Vec<u8>> = columns.get("content")?;
            Ok(sealed.map_or_else(|| KeptNotes::Plain(Sensitive::new(plain)), KeptNotes::Sealed))
        })
    }

    fn revisions_to(&self, id: EntryId, field: Field, version: u64) -> Result<Vec<Revision>> {
        let values = params![id.as_bytes(), field.code(), signed(version)];
        self.all(sql::REVISIONS_TO, values, row::revision)
    }

    fn revisions(
        &self,
        id: EntryId,
        field: Field,
        before: Option<u64>,
        limit: Limit,
    ) -> Result<Vec<RevisionHead>> {
        let before = before.map_or(i64::MAX, signed);
        let values = params![id.as_bytes(), field.code(), before, one_more(limit)];
        self.all(sql::REVISIONS, values, |row| {
            row::revision_head(&mut Columns::of(row, row::REVISION)?)
        })
    }

    fn last_edit(&self, id: EntryId, field: Field, client: ClientId) -> Result<Option<KeptEdit>> {
        let values = params![id.as_bytes(), field.code(), client.as_bytes()];
        self.one(sql::LAST_EDIT, values, row::edit)
    }

    fn addenda(&self, id: EntryId) -> Result<Vec<SealedAddendum>> {
        let number = |row: &Row<'_>| Ok((row.get::<_, i64>(0).map_err(failed)?, row::addendum(row)?));
        let mut remarks = self.all(sql::ADDENDA, params![id.as_bytes()], number)?;
        // As they were made: two of one millisecond have ids in any order, and a clock may go back.
        remarks.sort_by_key(|(row, _)| *row);
        Ok(remarks.into_iter().map(|(_, remark)| remark).collect())
    }

    fn entry_layout(&self, id: EntryId) -> Result<Option<Layout>> {
        self.one(sql::LAYOUT, params![id.as_bytes()], row::layout)
    }

    fn workspace_begin(&self, id: EntryId, most: u16) -> Result<SomeImages> {
        Ok(SomeImages {
            count: self.count(sql::WORKSPACE_COUNT, params![id.as_bytes()])?,
            first: self.all(sql::WORKSPACE_BEGIN, params![id.as_bytes(), most], |row| {
                Columns::of(row, "image")?.id("id", ImageId::from_bytes)
            })?,
        })
    }

    fn comparison_count(&self, id: EntryId) -> Result<u64> {
        self.count(sql::COMPARISON_COUNT, params![id.as_bytes()])
    }

    fn images_without_entry(&self, from: Timestamp, before: Timestamp, most: u16) -> Result<SomeImages> {
        let (from, before) = (from.as_micros(), before.as_micros());
        Ok(SomeImages {
            count: self.count(sql::WITHOUT_ENTRY_COUNT, params![from, before])?,
            first: self.all(sql::WITHOUT_ENTRY, params![from, before, most], |row| {
                Columns::of(row, "image")?.id("id", ImageId::from_bytes)
            })?,
        })
    }
}

impl<'tx> EntriesWrite<'tx> for Inside<'_> {
    fn insert_entry(&mut self, entry: &Entry) -> Result<()> {
        self.must_be_of(entry.patient)?;
        let values = sql::Values {
            id: entry.id.as_bytes(),
            appointment_at: &entry.appointment_at.as_micros(),
            title: &entry.title.as_ref().map(|title| title.reveal().as_str()),
            author: &entry.author.as_str(),
            created_at: &entry.recorded_at.as_micros(),
        };
        self.run(sql::INSERT, &values.after(&[])).map(|_| ())
    }

    fn insert_revision(&mut self, entry: &OpenEntry<'tx>, field: Field, revision: &Revision) -> Result<()> {
        self.keep_revision(entry.id(), field, revision)
    }

    fn set_value(&mut self, open: &OpenEntry<'tx>, new: &NewValue) -> Result<bool> {
        let id = open.id();
        // What an entry was added with is no change.
        let version = Some(signed(new.revision.head.version)).filter(|version| *version > 0);
        let at = new.revision.head.at.as_micros();
        let entry = id.as_bytes();
        let changed = match &new.value {
            FieldValue::AppointmentAt(value) => self.run(
                sql::SET_APPOINTMENT,
                params![entry, value.as_micros(), version, at],
            )?,
            FieldValue::Title(value) => {
                let title = value.as_ref().map(|title| title.reveal().as_str());
                self.run(sql::SET_TITLE, params![entry, title, version, at])?
            }
            FieldValue::Notes(content) => {
                let changed = self.run(sql::SET_NOTES_VERSION, params![entry, version, at])?;
                if changed > 0 {
                    self.run(sql::SET_NOTES, params![entry, content])?;
                }
                changed
            }
        };
        if changed > 0 {
            self.keep_revision(id, new.value.field(), &new.revision)?;
        }
        Ok(changed > 0)
    }

    fn keep_edit(
        &mut self,
        entry: &OpenEntry<'tx>,
        field: Field,
        client: ClientId,
        edit: &KeptEdit,
    ) -> Result<()> {
        let visit = entry.id();
        let values = params![
            visit.as_bytes(),
            field.code(),
            client.as_bytes(),
            signed(edit.seq),
            edit.body,
            signed(edit.version),
            edit.at.as_micros(),
        ];
        self.run(sql::KEEP_EDIT, values).map(|_| ())
    }

    fn sign_entry(&mut self, entry: OpenEntry<'tx>, signed: &Signed) -> Result<bool> {
        let visit = entry.id();
        let values = params![visit.as_bytes(), signed.by.as_str(), signed.at.as_micros()];
        Ok(self.run(sql::SIGN, values)? > 0)
    }

    fn insert_addendum(&mut self, id: EntryId, sealed: &SealedAddendum) -> Result<()> {
        let SealedAddendum { addendum, content } = sealed;
        let values = params![
            id.as_bytes(),
            addendum.id.as_bytes(),
            content,
            addendum.author.as_str(),
            addendum.at.as_micros(),
        ];
        self.run(sql::INSERT_ADDENDUM, values).map(|_| ())
    }

    fn set_entry_layout(&mut self, id: EntryId, layout: &Layout) -> Result<()> {
        let Layout {
            sections,
            direction,
            size,
        } = layout;
        let values = params![
            id.as_bytes(),
            sections.workspace,
            sections.comparisons,
            sections.notes,
            direction.code(),
            size.code(),
        ];
        self.run(sql::SET_LAYOUT, values).map(|_| ())
    }
}

impl Inside<'_> {
    fn keep_revision(&self, id: EntryId, field: Field, revision: &Revision) -> Result<()> {
        let Revision {
            head,
            in_full,
            content,
        } = revision;
        let values = params![
            id.as_bytes(),
            field.code(),
            signed(head.version),
            in_full,
            content,
            signed(head.bytes),
            head.author.as_str(),
            head.agent.as_ref().map(cutis_domain::Text::as_str),
            head.at.as_micros(),
            head.restored.map(signed),
        ];
        self.run(sql::INSERT_REVISION, values).map(|_| ())
    }
}

fn one_more(limit: Limit) -> i64 {
    i64::try_from(limit.get().saturating_add(1)).unwrap_or(i64::MAX)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
