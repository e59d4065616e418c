//! Which rows a search compares, and what it finds among them.

use std::collections::HashSet;

use cutis_domain::patient::UniqueId;
use cutis_domain::{PatientId, Timestamp};
use cutis_search::{Attempt, Date, Needle, Rank, Reach};
use cutis_storage::port::{FoundPatient, FoundPatients, PatientFilter};
use rusqlite::types::Null;
use rusqlite::{Row, ToSql, params};

use super::tokens::Tokens;
use super::{State, Stored};
use crate::columns::Columns;
use crate::error::{Result, failed};
use crate::ports::keyed::Owned;
use crate::ports::patients::bound::{bound, numbers};
use crate::sql::{find as sql, listing};

/// How many rows are read at once: one more than are shown, which tells that there are more.
const BATCH: i64 = 201;

/// A search of one owner's patients.
pub(crate) struct Search<'s, 'c> {
    owned: &'s Owned<'c>,
    tokens: Tokens,
    filter: listing::Bound,
    /// Whether the filter asks for nothing.
    everybody: bool,
    now: i64,
    exact: Option<UniqueId>,
    /// Rows that were changed since they were indexed.
    due: Vec<i64>,
    /// The index has every row up to this one.
    indexed: i64,
}

/// What was found so far.
#[derive(Default)]
struct Finds {
    compared: HashSet<i64>,
    patients: Vec<FoundPatient>,
}

impl Finds {
    fn enough(&self) -> bool {
        self.patients.len() > FoundPatients::MOST
    }
}

impl<'s, 'c> Search<'s, 'c> {
    pub(crate) fn new(
        owned: &'s Owned<'c>,
        typed: &str,
        filter: &PatientFilter,
        now: Timestamp,
    ) -> Result<Self> {
        let ports = owned.ports;
        let guard = &ports.1.guard;
        let indexed = if guard.doubts_index() {
            0
        } else {
            State::read(ports)?.indexed()
        };
        Ok(Self {
            owned,
            tokens: Tokens::of(guard.key(), owned.owner()),
            filter: bound(filter),
            everybody: filter.is_empty(),
            now: now.as_micros(),
            exact: UniqueId::parse(typed).ok(),
            due: ports.all(sql::DUE, [], |row| row.get(0).map_err(failed))?,
            indexed,
        })
    }

    /// Finds the patients of the first attempt that finds any. The exact unique id is always found.
    pub(crate) fn run(&self, typed: &str) -> Result<FoundPatients> {
        let exact = self.exact_row()?;
        let needle = Needle::parse(typed, latest_day(Timestamp::from_micros(self.now)));
        let mut found = FoundPatients::default();
        for attempt in needle.attempts() {
            found = self.attempt(attempt, exact)?;
            if !found.patients.is_empty() {
                return Ok(found);
            }
        }
        if let Some(row) = exact.filter(|_| found.patients.is_empty()) {
            let mut finds = Finds::default();
            self.compare(&[row], &mut finds, &|_| None)?;
            found = ranked(finds);
        }
        Ok(found)
    }

    fn exact_row(&self) -> Result<Option<i64>> {
        let Some(id) = &self.exact else { return Ok(None) };
        self.owned.one(
            crate::sql::patients::ID_OF_UNIQUE_ID,
            params![id.as_str()],
            |row| row.get(0).map_err(failed),
        )
    }

    fn attempt(&self, attempt: &Attempt, exact: Option<i64>) -> Result<FoundPatients> {
        let rank = |stored: &Stored| attempt.rank(&stored.searched());
        let mut finds = Finds::default();
        let first: Vec<i64> = exact.iter().chain(&self.due).copied().collect();
        for rows in first.chunks(usize::try_from(BATCH).unwrap_or(1)) {
            self.compare(rows, &mut finds, &rank)?;
        }
        if self.indexed < super::COMPLETE {
            self.compare_the_rest(self.indexed, &mut finds, &rank)?;
        }
        match self.narrowed(attempt, &mut finds, &rank) {
            Ok(()) => {}
            Err(_) if self.indexed > 0 => {
                // Whatever is wrong with the index: it is built again, and this search compares every row.
                self.owned.ports.1.guard.doubt_index();
                self.compare_the_rest(0, &mut finds, &rank)?;
            }
            Err(error) => return Err(error),
        }
        Ok(ranked(finds))
    }

    /// Compares the rows that the index gives, until there are more than are shown. Where the index gives that many, those
    /// that rank best come first, so that no more are read than can be shown.
    fn narrowed(
        &self,
        attempt: &Attempt,
        finds: &mut Finds,
        rank: &dyn Fn(&Stored) -> Option<Rank>,
    ) -> Result<()> {
        if self.indexed == 0 {
            return Ok(());
        }
        let anywhere = self.tokens.expression(&attempt.cover(Reach::Anywhere));
        let mut rows = self.candidates(&anywhere, i64::MAX)?;
        if is_full(&rows) {
            for reach in [Reach::Words, Reach::Prefixes] {
                let best = self.tokens.expression(&attempt.cover(reach));
                let best = self.candidates(&best, i64::MAX)?;
                self.compare(&best, finds, rank)?;
                if finds.enough() {
                    return Ok(());
                }
            }
        }
        loop {
            self.compare(&rows, finds, rank)?;
            match rows.last() {
                Some(last) if is_full(&rows) && !finds.enough() => {
                    rows = self.candidates(&anywhere, *last)?;
                }
                _ => return Ok(()),
            }
        }
    }

    fn candidates(&self, expression: &str, before: i64) -> Result<Vec<i64>> {
        self.owned
            .ports
            .all(sql::CANDIDATES, params![expression, before, BATCH], |row| {
                row.get(0).map_err(failed)
            })
    }

    /// Reads these rows and keeps those that fit and that the filter lets through.
    fn compare(&self, rows: &[i64], finds: &mut Finds, rank: &dyn Fn(&Stored) -> Option<Rank>) -> Result<()> {
        let new: Vec<i64> = rows
            .iter()
            .copied()
            .filter(|row| !finds.compared.contains(row))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        finds.compared.extend(&new);
        let rows = numbers(&new);
        let by_hand: [&dyn ToSql; 5] = [&self.now, &Null, &rows, &Null, &Null];
        let (statement, values) = if self.everybody {
            (listing::COMPARED_ALL, params![rows].to_vec())
        } else {
            (listing::COMPARED, self.filter.after(&by_hand))
        };
        let found = self.owned.all(statement, &values, |row| {
            self.fits(row, rank).map(|(_, found)| found)
        })?;
        finds.patients.extend(found.into_iter().flatten());
        Ok(())
    }

    /// Compares every row with a number above this one.
    fn compare_the_rest(
        &self,
        after: i64,
        finds: &mut Finds,
        rank: &dyn Fn(&Stored) -> Option<Rank>,
    ) -> Result<()> {
        let by_hand: [&dyn ToSql; 5] = [&self.now, &Null, &after, &Null, &Null];
        let compared = &mut finds.compared;
        let found = self
            .owned
            .all(listing::NOT_INDEXED, &self.filter.after(&by_hand), |row| {
                let (row, found) = self.fits(row, rank)?;
                Ok(found.filter(|_| compared.insert(row)))
            })?;
        finds.patients.extend(found.into_iter().flatten());
        Ok(())
    }

    fn fits(
        &self,
        row: &Row<'_>,
        rank: &dyn Fn(&Stored) -> Option<Rank>,
    ) -> Result<(i64, Option<FoundPatient>)> {
        let mut columns = Columns::of(row, "patient")?;
        let id = columns.id("id", PatientId::from_bytes)?;
        let stored = Stored::read(&mut columns)?;
        let last_modified = columns.time("last_modified")?;
        let exact = self
            .exact
            .as_ref()
            .is_some_and(|exact| exact.as_str() == stored.unique_id());
        let rank = if exact {
            Some(0)
        } else {
            rank(&stored).map(|rank| match rank {
                Rank::IdPrefix => 1,
                Rank::Words => 2,
                Rank::Prefixes => 3,
                Rank::Rest => 4,
            })
        };
        let found = rank.map(|rank| FoundPatient {
            rank,
            last_modified,
            id,
        });
        Ok((columns.number(), found))
    }
}

/// The day that it is where days begin first, fourteen hours before UTC: somebody may have been born on it.
fn latest_day(now: Timestamp) -> Date {
    let there = now.plus_seconds(14 * 3600).to_string();
    // Of a time that cannot be read, nobody is found by a year of two digits.
    there.get(..10).and_then(Date::parse).unwrap_or(Date {
        year: 9999,
        month: 12,
        day: 31,
    })
}

/// Whether the index may give more than these.
fn is_full(rows: &[i64]) -> bool {
    i64::try_from(rows.len()).unwrap_or(0) >= BATCH
}

/// The best first.
fn ranked(finds: Finds) -> FoundPatients {
    let mut patients = finds.patients;
    patients.sort_by_key(|found| (found.rank, std::cmp::Reverse((found.last_modified, found.id))));
    let more = patients.len() > FoundPatients::MOST;
    patients.truncate(FoundPatients::MOST);
    FoundPatients { patients, more }
}
