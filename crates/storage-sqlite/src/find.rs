//! The index that narrows a search to a few patients (P4), and what else is derived from rows and kept up to date.
//!
//! | module | what it holds |
//! |---|---|
//! | `tokens` | grams as the index has them: keyed, the owner inside |
//! | `merge` | puts the index's parts together |
//! | `keep` | what the writer does: fold in what is due, build the index again, move appointments on |
//! | `candidates` | which rows may be found |
//!
//! A patient's transaction marks the row as due (a trigger does). The writer folds due rows in once there are
//! [`keep::DUE`] of them, in a transaction that is written anyway. A search compares the due rows besides those that the
//! index gives, so it never misses what is not folded in yet. If the index was made by other rules, is damaged, or is being
//! built, the rows that it does not have yet are compared too: a search then takes longer, and is right.

pub(crate) mod candidates;
pub(crate) mod keep;
pub(crate) mod merge;
mod tokens;

use cutis_search::{Date, Fields, Searched};
use rusqlite::Row;

use crate::columns::Columns;
use crate::error::Result;
use crate::ports::Ports;
use crate::sql::find as sql;

/// The rules by which names are folded for the order, and patients for the index.
const VERSION: i64 = cutis_search::VERSION;

/// No row has a higher number: up to here, the index is complete.
const COMPLETE: i64 = i64::MAX;

/// By which rules what is derived was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    names: i64,
    grams: i64,
    upto: i64,
}

impl State {
    fn read(ports: &Ports) -> Result<Self> {
        let state = ports.one(sql::STATE, [], |row| {
            let mut columns = Columns::of(row, "patient_find_state")?;
            Ok(Self {
                names: columns.get("names")?,
                grams: columns.get("grams")?,
                upto: columns.get("upto")?,
            })
        })?;
        // Without the row nothing is known of the index, so nothing is expected of it.
        Ok(state.unwrap_or(Self {
            names: 0,
            grams: 0,
            upto: 0,
        }))
    }

    /// The row up to which the index has every patient who is not due.
    const fn indexed(self) -> i64 {
        if self.grams == VERSION { self.upto } else { 0 }
    }
}

/// What is searched of a patient, as it is stored.
pub(crate) struct Stored {
    unique_id: String,
    names: [Option<String>; 4],
    mrn: Option<String>,
    birth_date: Option<String>,
}

impl Stored {
    /// Reads the next columns of a row.
    pub(crate) fn read(columns: &mut Columns<'_, '_>) -> Result<Self> {
        Ok(Self {
            unique_id: columns.get("unique_id")?,
            names: [
                columns.get("first_name")?,
                columns.get("middle_name")?,
                columns.get("last_name")?,
                columns.get("preferred_name")?,
            ],
            mrn: columns.get("mrn")?,
            birth_date: columns.get("birth_date")?,
        })
    }

    fn fields(&self) -> Fields<'_> {
        let [first, middle, last, preferred] = &self.names;
        Fields {
            unique_id: &self.unique_id,
            first_name: first.as_deref().unwrap_or_default(),
            middle_name: middle.as_deref().unwrap_or_default(),
            last_name: last.as_deref().unwrap_or_default(),
            preferred_name: preferred.as_deref().unwrap_or_default(),
            mrn: self.mrn.as_deref().unwrap_or_default(),
            born: self.birth_date.as_deref().and_then(Date::parse),
        }
    }

    pub(crate) fn unique_id(&self) -> &str {
        &self.unique_id
    }

    /// As it is compared.
    pub(crate) fn searched(&self) -> Searched {
        Searched::of(&self.fields())
    }

    /// What the list is sorted by for names.
    pub(crate) fn name_key(&self) -> String {
        cutis_search::name_key(&self.fields())
    }
}

/// A patient who is indexed.
struct Indexed {
    row: i64,
    owner: [u8; 16],
    stored: Stored,
}

impl Indexed {
    fn read(row: &Row<'_>) -> Result<Self> {
        let mut columns = Columns::of(row, "patient")?;
        Ok(Self {
            row: columns.number(),
            owner: columns.get("owner_id")?,
            stored: Stored::read(&mut columns)?,
        })
    }
}
