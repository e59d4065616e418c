//! Reading a row column by column; an invalid value is reported with its table, column and row.

use cutis_domain::{Digest, Invalid, Timestamp};
use cutis_storage::StorageError;
use rusqlite::Row;
use rusqlite::types::FromSql;

use crate::error::Result;

/// A row being read from left to right, by name: in tests each name is compared with the statement's own. The first
/// column is always the row's number.
pub(crate) struct Columns<'r, 's> {
    row: &'r Row<'s>,
    table: &'static str,
    number: i64,
    next: usize,
}

impl<'r, 's> Columns<'r, 's> {
    pub(crate) fn of(row: &'r Row<'s>, table: &'static str) -> Result<Self> {
        let number = row.get(0).map_err(|_| StorageError::corrupt(table, "row", "?"))?;
        Ok(Self {
            row,
            table,
            number,
            next: 1,
        })
    }

    pub(crate) fn number(&self) -> i64 {
        self.number
    }

    /// The error for an invalid column.
    pub(crate) fn corrupt(&self, column: &str) -> StorageError {
        StorageError::corrupt(self.table, column, self.number)
    }

    /// The next column, as SQLite has it.
    pub(crate) fn get<T: FromSql>(&mut self, column: &str) -> Result<T> {
        let place = self.next(column);
        self.row.get(place).map_err(|_| self.corrupt(column))
    }

    /// The place of the next column, which is this one.
    fn next(&mut self, column: &str) -> usize {
        let place = self.next;
        debug_assert_eq!(self.row.as_ref().column_name(place), Ok(column), "{}", self.table);
        self.next = place.saturating_add(1);
        place
    }

    /// The next column through a parser of the domain.
    pub(crate) fn parse<T>(
        &mut self,
        column: &str,
        parser: impl FnOnce(&str) -> std::result::Result<T, Invalid>,
    ) -> Result<T> {
        let row = self.row;
        let text = row
            .get_ref(self.next(column))
            .ok()
            .and_then(|value| value.as_str().ok());
        text.and_then(|text| parser(text).ok())
            .ok_or_else(|| self.corrupt(column))
    }

    /// The same, if there may be no value.
    pub(crate) fn parse_if_any<T>(
        &mut self,
        column: &str,
        parser: impl FnOnce(&str) -> std::result::Result<T, Invalid>,
    ) -> Result<Option<T>> {
        let row = self.row;
        let text = row
            .get_ref(self.next(column))
            .ok()
            .and_then(|value| value.as_str_or_null().ok());
        text.and_then(|text| text.map(parser).transpose().ok())
            .ok_or_else(|| self.corrupt(column))
    }

    /// Sixteen bytes.
    pub(crate) fn id<T>(&mut self, column: &str, make: impl FnOnce([u8; 16]) -> T) -> Result<T> {
        self.get::<[u8; 16]>(column).map(make)
    }

    /// Sixteen bytes, or nothing.
    pub(crate) fn id_if_any<T>(
        &mut self,
        column: &str,
        make: impl FnOnce([u8; 16]) -> T,
    ) -> Result<Option<T>> {
        Ok(self.get::<Option<[u8; 16]>>(column)?.map(make))
    }

    /// Thirty-two bytes.
    pub(crate) fn digest(&mut self, column: &str) -> Result<Digest> {
        self.get::<[u8; 32]>(column).map(Digest::from_bytes)
    }

    /// Microseconds.
    pub(crate) fn time(&mut self, column: &str) -> Result<Timestamp> {
        let micros = self.get(column)?;
        self.instant(column, micros)
    }

    /// Microseconds, or nothing.
    pub(crate) fn time_if_any(&mut self, column: &str) -> Result<Option<Timestamp>> {
        let micros: Option<i64> = self.get(column)?;
        micros.map(|micros| self.instant(column, micros)).transpose()
    }

    fn instant(&self, column: &str, micros: i64) -> Result<Timestamp> {
        let instant = Timestamp::from_micros(micros);
        if instant.as_micros() == micros {
            Ok(instant)
        } else {
            Err(self.corrupt(column))
        }
    }

    /// A number that is never negative and may be bounded further by its type.
    pub(crate) fn count<T: TryFrom<i64>>(&mut self, column: &str) -> Result<T> {
        let number: i64 = self.get(column)?;
        T::try_from(number).map_err(|_| self.corrupt(column))
    }

    /// A number through a parser of the domain, if there is one.
    pub(crate) fn number_if_any<T>(
        &mut self,
        column: &str,
        parser: impl FnOnce(i64) -> std::result::Result<T, Invalid>,
    ) -> Result<Option<T>> {
        let number: Option<i64> = self.get(column)?;
        number.map(parser).transpose().map_err(|_| self.corrupt(column))
    }

    /// The same, if there may be no value.
    pub(crate) fn count_if_any<T: TryFrom<i64>>(&mut self, column: &str) -> Result<Option<T>> {
        let number: Option<i64> = self.get(column)?;
        number
            .map(T::try_from)
            .transpose()
            .map_err(|_| self.corrupt(column))
    }
}
