//! Puts the parts of the index together while no change waits. Every folding in adds a part, and a search looks for each of
//! its grams in every one of them: of ten thousand patients, twelve parts cost a search a quarter of its time.
//!
//! FTS5 joins parts of one size by itself, so that there are about three of each. Here all become one, once a thirty-second of
//! the patients was folded in since: a patient costs the writing of 5 to 8 kB by that, however many there are.

use rusqlite::params;

use crate::error::{Result, failed};
use crate::ports::Ports;
use crate::sql::find as sql;

/// So few parts are left alone.
const FEW: usize = 4;
/// So few rows that were folded in are too.
const LEAST: u64 = 256;
/// Which share of the patients has to be folded in before the index is written again.
const SHARE: u64 = 32;
/// How many pages are written at once, about a hundredth of a second.
const PAGES: i64 = 250;

/// What is known of the parts.
#[derive(Debug)]
pub(crate) struct Merging {
    /// How many rows were folded in since all were one part.
    folded: u64,
    /// Whether it was begun.
    begun: bool,
}

impl Merging {
    /// After a start nobody knows how many rows were folded in.
    pub(crate) const fn unknown() -> Self {
        Self {
            folded: u64::MAX,
            begun: false,
        }
    }

    /// Notes that so many rows were folded in.
    pub(crate) const fn folded_in(&mut self, rows: u64) {
        self.folded = self.folded.saturating_add(rows);
    }

    /// Whether a step should be made.
    pub(crate) fn is_due(&self, ports: &Ports) -> Result<bool> {
        if self.begun {
            return Ok(true);
        }
        if self.folded < LEAST || self.folded < ports.count(sql::LAST_ROW, [])?.div_ceil(SHARE) {
            return Ok(false);
        }
        has_more_parts(ports, FEW)
    }

    /// Makes a step, in the present transaction. Whoever calls has to commit it or to [`Merging::give_up`].
    pub(crate) fn step(&mut self, ports: &Ports) -> Result<()> {
        // A negative number makes all parts inputs of one merge; a positive one goes on with it, and leaves alone what came since.
        let pages = if self.begun { PAGES } else { -PAGES };
        let before = ports.0.total_changes();
        ports.run(sql::MERGE, params![pages])?;
        // So FTS5 says that there was nothing to do.
        self.begun = ports.0.total_changes().saturating_sub(before) >= 2 && has_more_parts(ports, 1)?;
        if !self.begun {
            self.folded = 0;
        }
        Ok(())
    }

    /// A step failed. Nothing depends on it, so it is not tried again before more was folded in.
    pub(crate) const fn give_up(&mut self) {
        self.folded = 0;
        self.begun = false;
    }
}

/// Whether the index has more parts than this.
fn has_more_parts(ports: &Ports, than: usize) -> Result<bool> {
    let mut last = 0;
    for _ in 0..=than {
        let next = ports.one(sql::NEXT_PART, [last], |row| row.get::<_, i64>(0).map_err(failed))?;
        match next {
            Some(next) if next > 0 => last = next,
            _ => return Ok(false),
        }
    }
    Ok(true)
}
