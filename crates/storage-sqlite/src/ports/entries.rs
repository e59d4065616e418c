//! Entries (E1).

use cutis_domain::account::Username;
use cutis_domain::entry::Entry;
use cutis_domain::page::Limit;
use cutis_domain::{EntryId, PatientId, Sensitive, Text};
use cutis_storage::port::{EntriesRead, EntriesWrite};
use rusqlite::{Row, params};

use super::keyed::Inside;
use crate::columns::Columns;
use crate::error::Result;
use crate::sql::entries as sql;

impl EntriesRead for Inside<'_> {
    fn entries(&self, limit: Limit) -> Result<Vec<Entry>> {
        let limit = i64::try_from(limit.get()).unwrap_or(i64::MAX);
        self.all(sql::LIST, params![limit], entry)
    }
}

impl EntriesWrite for Inside<'_> {
    fn insert_entry(&mut self, entry: &Entry) -> Result<()> {
        self.must_be_of(entry.patient)?;
        let values = sql::Values {
            id: entry.id.as_bytes(),
            appointment_at: &entry.appointment_at.as_micros(),
            title: &entry.title.as_ref().map(|title| title.reveal().as_str()),
            notes: &entry.notes.reveal().as_str(),
            author: &entry.author.as_str(),
            created_at: &entry.recorded_at.as_micros(),
        };
        self.run(sql::INSERT, &values.after(&[])).map(|_| ())
    }
}

fn entry(row: &Row<'_>) -> Result<Entry> {
    let mut columns = Columns::of(row, sql::TABLE)?;
    Ok(Entry {
        id: columns.id("id", EntryId::from_bytes)?,
        appointment_at: columns.time("appointment_at")?,
        title: columns.parse_if_any("title", Text::stored)?.map(Sensitive::new),
        notes: Sensitive::new(columns.parse("notes", Text::stored)?),
        author: columns.parse("author", Username::parse)?,
        recorded_at: columns.time("created_at")?,
        patient: columns.id("patient_id", PatientId::from_bytes)?,
    })
}
