//! What `cutis audit verify` reads (U4), over one snapshot.

use cutis_audit::tree::{Hash, leaf_hash};
use cutis_audit::{Class, Head, Leaf, leaf_bytes};
use cutis_domain::image::Turns;
use cutis_domain::{Digest, ImageId, PatientId, SessionId};
use cutis_storage::Evidence;
use cutis_storage::backend::{IndexRow, KeyedRow, SealedImage, StoredLeaf, Tail, session_seen_content};
use rusqlite::Row;

use crate::columns::Columns;
use crate::error::{Result, failed};
use crate::ports::{Ports, stored};
use crate::sql::attested::{Attested, TABLES};
use crate::sql::evidence as sql;
use crate::sql::sessions::SEEN_TABLE;
use crate::{attested, history, structure};

impl Evidence for Ports {
    fn leaves(&self, each: &mut dyn FnMut(StoredLeaf) -> bool) -> Result<()> {
        let mut statement = self.0.prepare(sql::LEAVES).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            if !each(leaf(row)?) {
                break;
            }
        }
        Ok(())
    }

    fn leaves_of(
        &self,
        action: &str,
        after: u64,
        upto: u64,
        each: &mut dyn FnMut(StoredLeaf) -> bool,
    ) -> Result<()> {
        let number = |number| i64::try_from(number).unwrap_or(i64::MAX);
        let mut statement = self.0.prepare_cached(sql::LEAVES_OF).map_err(failed)?;
        let mut rows = statement
            .query((action, number(after), number(upto)))
            .map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            if !each(leaf(row)?) {
                break;
            }
        }
        Ok(())
    }

    fn leaf_hashes(&self, after: u64, each: &mut dyn FnMut(u64, Hash) -> bool) -> Result<()> {
        let after = stored(after, "an event's number")?;
        let mut statement = self.0.prepare(sql::LEAF_HASHES).map_err(failed)?;
        let mut rows = statement.query([after]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let mut columns = Columns::of(row, "trail_entry")?;
            let sequence = u64::try_from(columns.number()).map_err(|_| columns.corrupt("seq"))?;
            let leaf = leaf_bytes(
                columns.count("class")?,
                columns.count("day")?,
                &columns.get("commitment")?,
            );
            if !each(sequence, leaf_hash(&leaf)) {
                break;
            }
        }
        Ok(())
    }

    fn sealed_images(&self, each: &mut dyn FnMut(SealedImage)) -> Result<()> {
        let mut statement = self.0.prepare(sql::SEALED_IMAGES).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let mut columns = Columns::of(row, "image")?;
            each(SealedImage {
                image: columns.id("id", ImageId::from_bytes)?,
                patient: columns.id("patient_id", PatientId::from_bytes)?,
                sha256: columns.digest("sha256")?,
                bytes: columns.count("bytes")?,
                derived_bytes: columns.count("derived_bytes")?,
                original_name: columns.get("original_name")?,
                derived_name: columns.get("derived_name")?,
                edition: columns.count_if_any("edition")?.unwrap_or(0),
                turns: columns.number_if_any("turns", Turns::parse)?.unwrap_or_default(),
            });
        }
        Ok(())
    }

    fn sealed_patients(&self, each: &mut dyn FnMut(PatientId)) -> Result<()> {
        let mut statement = self.0.prepare(sql::SEALED_PATIENTS).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            each(PatientId::from_bytes(row.get(0).map_err(failed)?));
        }
        Ok(())
    }

    fn stray_index_rows(&self) -> Result<u64> {
        self.count(sql::STRAY_INDEX_ROWS, [])
    }

    fn stored_tail(&self) -> Result<Option<(Tail, Head)>> {
        self.tail()
    }

    fn attested_rows(&self, each: &mut dyn FnMut(&str, i64, Digest)) -> Result<()> {
        for attested in TABLES {
            attested::all(&self.0, attested, &mut |row, found| {
                each(attested.table, row, found.digest);
            })?;
        }
        Ok(())
    }

    fn keyed_rows(&self, each: &mut dyn FnMut(KeyedRow)) -> Result<()> {
        for attested in TABLES.iter().filter(|attested| attested.seal.is_some()) {
            attested::all(&self.0, attested, &mut |row, found| {
                each(KeyedRow {
                    table: attested.table,
                    row,
                    content: found.digest.as_bytes().to_vec(),
                    mac: found.code.and_then(|code| code.try_into().ok()),
                });
            })?;
        }
        history::codes(&self.0, each)?;
        seen(self, each)
    }

    fn structure_fault(&self) -> Result<Option<String>> {
        structure::fault(self, history::known().len())
    }

    fn page_fault(&self) -> Result<Option<String>> {
        structure::page_fault(self)
    }
}

/// The rows of `session_seen`.
fn seen(ports: &Ports, each: &mut dyn FnMut(KeyedRow)) -> Result<()> {
    let mut statement = ports.0.prepare(sql::SEEN).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let mut columns = Columns::of(row, SEEN_TABLE)?;
        let session = columns.id("session_id", SessionId::from_bytes)?;
        let content = session_seen_content(session, columns.get("last_seen_at")?);
        each(KeyedRow {
            table: SEEN_TABLE,
            row: columns.number(),
            content,
            mac: columns.get::<Vec<u8>>("mac")?.try_into().ok(),
        });
    }
    Ok(())
}

fn leaf(row: &Row<'_>) -> Result<StoredLeaf> {
    let mut columns = Columns::of(row, "trail_entry")?;
    let sequence = u64::try_from(columns.number()).map_err(|_| columns.corrupt("seq"))?;
    let leaf = Leaf {
        sequence,
        class: columns.count("class")?,
        day: columns.count("day")?,
        commit: columns.get("commitment")?,
        mac: columns.get("mac")?,
        salt: columns.get("salt")?,
        payload: columns.get("payload")?,
    };
    let index = index(&mut columns, &leaf)?;
    Ok(StoredLeaf { leaf, index })
}

/// The leaf's row of the index, if there is one and the columns that are not in the payload are right too.
fn index(columns: &mut Columns<'_, '_>, leaf: &Leaf) -> Result<Option<IndexRow>> {
    if columns.get::<Option<i64>>("seq")?.is_none() {
        return Ok(None);
    }
    let (sequence, at) = (leaf.sequence, columns.get("at")?);
    let (actor, action, outcome) = (
        columns.get("actor")?,
        columns.get("action")?,
        columns.get("outcome")?,
    );
    let (kind, id): (Option<String>, Option<String>) =
        (columns.get("target_kind")?, columns.get("target_id")?);
    let (patient, address) = (columns.get("patient")?, columns.get("address")?);
    let security: bool = columns.get("security")?;
    let sound = kind.is_some() == id.is_some()
        && security == Class::from_number(leaf.class).is_some_and(Class::is_security);
    let target = kind.zip(id);
    let index = IndexRow {
        sequence,
        at,
        actor,
        action,
        outcome,
        target,
        patient,
        address,
    };
    Ok(Some(index).filter(|_| sound))
}

/// The evidence of a database from before there were codes: rows without codes, and perhaps fewer tables.
pub(crate) struct Older<'p> {
    pub(crate) ports: &'p Ports,
    pub(crate) version: usize,
}

impl Evidence for Older<'_> {
    fn leaves(&self, each: &mut dyn FnMut(StoredLeaf) -> bool) -> Result<()> {
        self.ports.leaves(each)
    }

    fn leaves_of(
        &self,
        action: &str,
        after: u64,
        upto: u64,
        each: &mut dyn FnMut(StoredLeaf) -> bool,
    ) -> Result<()> {
        self.ports.leaves_of(action, after, upto, each)
    }

    fn leaf_hashes(&self, after: u64, each: &mut dyn FnMut(u64, Hash) -> bool) -> Result<()> {
        self.ports.leaf_hashes(after, each)
    }

    fn sealed_images(&self, each: &mut dyn FnMut(SealedImage)) -> Result<()> {
        self.ports.sealed_images(each)
    }

    fn sealed_patients(&self, each: &mut dyn FnMut(PatientId)) -> Result<()> {
        self.ports.sealed_patients(each)
    }

    fn stray_index_rows(&self) -> Result<u64> {
        self.ports.stray_index_rows()
    }

    fn stored_tail(&self) -> Result<Option<(Tail, Head)>> {
        self.ports.stored_tail()
    }

    fn attested_rows(&self, each: &mut dyn FnMut(&str, i64, Digest)) -> Result<()> {
        let tables = self
            .ports
            .all(sql::TABLES, [], |row| row.get::<_, String>(0).map_err(failed))?;
        let there = |attested: &&Attested| tables.iter().any(|table| table == attested.table);
        for attested in TABLES.iter().filter(there) {
            attested::all(&self.ports.0, attested, &mut |row, found| {
                each(attested.table, row, found.digest);
            })?;
        }
        Ok(())
    }

    fn keyed_rows(&self, each: &mut dyn FnMut(KeyedRow)) -> Result<()> {
        seen(self.ports, each)
    }

    fn structure_fault(&self) -> Result<Option<String>> {
        structure::fault(self.ports, self.version)
    }

    fn page_fault(&self) -> Result<Option<String>> {
        structure::page_fault(self.ports)
    }
}
