//! What `cutis audit verify` reads (U4), over one snapshot.

use cutis_audit::compact::{self, Surroundings};
use cutis_audit::tree::{Hash, leaf_hash};
use cutis_audit::{Class, Head, Leaf, leaf_bytes};
use cutis_domain::image::Turns;
use cutis_domain::{Digest, ImageId, PatientId, SessionId, Timestamp};
use cutis_storage::Evidence;
use cutis_storage::backend::{IndexRow, KeyedRow, SealedImage, StoredLeaf, Tail, session_seen_content};
use rusqlite::types::Value;
use rusqlite::{Params, Row, params};

use crate::columns::Columns;
use crate::error::{Result, failed};
use crate::ports::{Ports, stored};
use crate::sql::attested::{Attested, TABLES};
use crate::sql::evidence as sql;
use crate::sql::sessions::SEEN_TABLE;
use crate::{attested, history, structure};

/// The kind of a patient as target ([`cutis_audit::Target::kind`]).
pub(crate) const PATIENT: &str = "patient";

/// In which form the trail is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// With surroundings beside the events; in the searchable columns ids as bytes, times as numbers.
    Binary,
    /// Both as text, as they were before: so is a database that is looked at before its upgrade.
    Text,
}

impl Form {
    const fn of(self, binary: &'static str, text: &'static str) -> &'static str {
        match self {
            Self::Binary => binary,
            Self::Text => text,
        }
    }
}

impl Evidence for Ports {
    fn leaves(&self, each: &mut dyn FnMut(StoredLeaf) -> bool) -> Result<()> {
        let form = self.form()?;
        self.leaves_by(form.of(sql::LEAVES, sql::OLDER_LEAVES), [], form, each)
    }

    fn leaves_of(
        &self,
        action: &str,
        after: u64,
        upto: u64,
        each: &mut dyn FnMut(StoredLeaf) -> bool,
    ) -> Result<()> {
        let form = self.form()?;
        let places = params![action, place(after), place(upto)];
        self.leaves_by(form.of(sql::LEAVES_OF, sql::OLDER_LEAVES_OF), places, form, each)
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
        let index = self.count(sql::STRAY_INDEX_ROWS, [])?;
        let surroundings = match self.form()? {
            Form::Binary => self.count(sql::STRAY_SURROUNDINGS, [])?,
            Form::Text => 0,
        };
        Ok(index.saturating_add(surroundings))
    }

    fn stored_tail(&self) -> Result<Option<(Tail, Head)>> {
        self.tail()
    }

    fn leaves_after(&self, after: u64, each: &mut dyn FnMut(StoredLeaf) -> bool) -> Result<()> {
        let form = self.form()?;
        let sql = form.of(sql::LEAVES_AFTER, sql::OLDER_LEAVES_AFTER);
        self.leaves_by(sql, params![place(after)], form, each)
    }

    fn attested_row(&self, table: &str, row: i64) -> Result<Option<Digest>> {
        let attested = TABLES.iter().find(|attested| attested.table == table);
        let Some(attested) = attested else { return Ok(None) };
        Ok(attested::read(&self.0, attested, row)?.map(|found| found.digest))
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

/// An event's number in a statement; none is as large as the largest.
fn place(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Ports {
    fn form(&self) -> Result<Form> {
        let surroundings = self.count(sql::HAS_SURROUNDINGS, [])?;
        Ok(if surroundings == 0 {
            Form::Text
        } else {
            Form::Binary
        })
    }

    fn leaves_by(
        &self,
        sql: &'static str,
        params: impl Params,
        form: Form,
        each: &mut dyn FnMut(StoredLeaf) -> bool,
    ) -> Result<()> {
        let mut statement = self.0.prepare_cached(sql).map_err(failed)?;
        let mut rows = statement.query(params).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            if !each(leaf(row, form)?) {
                break;
            }
        }
        Ok(())
    }
}

fn leaf(row: &Row<'_>, form: Form) -> Result<StoredLeaf> {
    let mut columns = Columns::of(row, "trail_entry")?;
    let sequence = u64::try_from(columns.number()).map_err(|_| columns.corrupt("seq"))?;
    let (class, day) = (columns.count("class")?, columns.count("day")?);
    let (commit, mac, salt) = (
        columns.get("commitment")?,
        columns.get("mac")?,
        columns.get("salt")?,
    );
    let (kept, surroundings): (Option<Vec<u8>>, Option<Vec<u8>>) =
        (columns.get("payload")?, columns.get("surroundings")?);
    let surroundings = surroundings.map(Surroundings::stored);
    let payload = kept.map(|kept| {
        let event = compact::expanded(&kept, surroundings.as_ref())
            .filter(|event| surroundings.is_none() || surroundings == Surroundings::of(event));
        // What gives no event back, or one of other surroundings, is handed on as bytes that fit no commitment.
        event.unwrap_or_default()
    });
    let leaf = Leaf {
        sequence,
        class,
        day,
        commit,
        mac,
        salt,
        payload,
    };
    let index = index(&mut columns, &leaf, form)?;
    Ok(StoredLeaf { leaf, index })
}

/// The leaf's row of the index, if there is one and the columns that are not in the payload are right too.
fn index(columns: &mut Columns<'_, '_>, leaf: &Leaf, form: Form) -> Result<Option<IndexRow>> {
    if columns.get::<Option<i64>>("seq")?.is_none() {
        return Ok(None);
    }
    let at = time(columns.get("at")?, form);
    let actor = id(columns.get("actor")?, form);
    let (action, outcome) = (columns.get("action")?, columns.get("outcome")?);
    let (kind, target): (Option<String>, Value) = (columns.get("target_kind")?, columns.get("target_id")?);
    let (patient, address) = (id(columns.get("patient")?, form), columns.get("address")?);
    let security: bool = columns.get("security")?;
    let (Some(at), Ok(actor), Ok(patient), Ok(target)) = (at, actor, patient, word_or_id(target, form))
    else {
        return Ok(None);
    };
    let said_by_patient = form == Form::Binary && kind.as_deref() == Some(PATIENT) && target.is_none();
    let target = if said_by_patient { patient.clone() } else { target };
    let sound = kind.is_some() == target.is_some()
        && security == Class::from_number(leaf.class).is_some_and(Class::is_security);
    let index = IndexRow {
        sequence: leaf.sequence,
        at,
        actor,
        action,
        outcome,
        target: kind.zip(target),
        patient,
        address,
    };
    Ok(Some(index).filter(|_| sound))
}

fn time(value: Value, form: Form) -> Option<String> {
    match (value, form) {
        (Value::Integer(micros), Form::Binary) => Some(Timestamp::from_micros(micros).to_string()),
        (Value::Text(text), Form::Text) => Some(text),
        _ => None,
    }
}

/// What is not stored as ids are.
struct NoId;

/// An id as text, if there is one.
fn id(value: Value, form: Form) -> std::result::Result<Option<String>, NoId> {
    match (value, form) {
        (Value::Null, _) => Ok(None),
        (Value::Blob(bytes), Form::Binary) => {
            let bytes = <[u8; 16]>::try_from(bytes).map_err(|_| NoId)?;
            // Ids of every kind are written alike.
            Ok(Some(PatientId::from_bytes(bytes).to_string()))
        }
        (Value::Text(text), Form::Text) => Ok(Some(text)),
        _ => Err(NoId),
    }
}

/// The same of a target, which may also be a word. An id that is stored as text would not be found.
fn word_or_id(value: Value, form: Form) -> std::result::Result<Option<String>, NoId> {
    if let Value::Text(text) = &value
        && text.parse::<PatientId>().is_err()
    {
        return Ok(Some(text.clone()));
    }
    id(value, form)
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

    fn leaves_after(&self, after: u64, each: &mut dyn FnMut(StoredLeaf) -> bool) -> Result<()> {
        self.ports.leaves_after(after, each)
    }

    fn attested_row(&self, table: &str, row: i64) -> Result<Option<Digest>> {
        self.ports.attested_row(table, row)
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
