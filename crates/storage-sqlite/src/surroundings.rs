//! What the events of a session share, which is stored once for all of them.

use std::collections::HashMap;

use cutis_audit::compact::Surroundings;
use rusqlite::params;

use crate::error::Result;
use crate::ports::Ports;
use crate::sql::trail as sql;

/// How many are remembered; a practice has far fewer sessions at a time. One that was forgotten is stored again.
const MOST: usize = 1024;

/// The numbers under which surroundings are stored, as far as they are known.
#[derive(Debug, Default)]
pub(crate) struct Known(HashMap<Surroundings, i64>);

impl Known {
    /// The number of these, which are stored if they are not known.
    pub(crate) fn number_of(&mut self, surroundings: &Surroundings, ports: &Ports) -> Result<i64> {
        if let Some(number) = self.0.get(surroundings) {
            return Ok(*number);
        }
        ports.run(sql::ADD_SURROUNDINGS, params![surroundings.as_bytes()])?;
        let number = ports.0.last_insert_rowid();
        if self.0.len() >= MOST {
            self.0.clear();
        }
        self.0.insert(surroundings.clone(), number);
        Ok(number)
    }

    /// For when what was stored may be gone again: a transaction was given up, or somebody else has written.
    pub(crate) fn forget(&mut self) {
        self.0.clear();
    }
}
