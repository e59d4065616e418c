//! The write side: one transaction at a time, each unit a savepoint in it.

use cutis_audit::{Class, Entry, Frontier, Head, RowState};
use cutis_storage::backend::{IndexRow, Tail};
use cutis_storage::{ErrorKind, StorageError, WriteTx, Writer};
use rusqlite::{Connection, params};

use crate::attested::Touched;
use crate::error::Result;
use crate::evidence::tail;
use crate::ports::{Held, Ports, stored};
use crate::sql::{pragmas, trail, transaction};

/// The one connection that writes.
pub(crate) struct SqliteWriter {
    ports: Ports,
    touched: Touched,
}

impl SqliteWriter {
    pub(crate) fn new(connection: Connection) -> Result<Self> {
        let touched = Touched::default();
        touched.watch(&connection)?;
        Ok(Self {
            ports: Ports(Held::Own(connection)),
            touched,
        })
    }
}

impl Drop for SqliteWriter {
    fn drop(&mut self) {
        // Best effort: readers may still hold the log, and then the next start empties it.
        drop(self.ports.0.query_row(pragmas::EMPTY_LOG, [], |_| Ok(())));
    }
}

impl Writer for SqliteWriter {
    fn begin(&mut self) -> Result<()> {
        self.touched.clear();
        self.ports.control(transaction::BEGIN_WRITING, []).map(|_| ())
    }

    fn commit(&mut self) -> Result<()> {
        self.ports.run(transaction::COMMIT, []).map(|_| ())
    }

    fn rollback(&mut self) {
        self.touched.clear();
        // Only fails when there is nothing to give up.
        drop(self.ports.control(transaction::ROLLBACK, []));
    }

    fn mark(&mut self) -> Result<()> {
        self.touched.clear();
        self.ports.run(transaction::MARK, []).map(|_| ())
    }

    fn keep(&mut self) -> Result<()> {
        self.touched.clear();
        self.ports.run(transaction::KEEP, []).map(|_| ())
    }

    fn undo(&mut self) -> Result<()> {
        self.touched.clear();
        self.ports.run(transaction::UNDO, [])?;
        self.touched.clear();
        self.ports.run(transaction::KEEP, []).map(|_| ())
    }

    fn ports(&mut self) -> &mut dyn WriteTx {
        &mut self.ports
    }

    fn touched(&mut self) -> Result<Vec<RowState>> {
        self.touched.states(&self.ports.0)
    }

    fn tail(&mut self) -> Result<Tail> {
        let newest = self.ports.count(trail::NEWEST, [])?;
        match tail(&self.ports)? {
            Some((tail, _)) if tail.frontier.size() == newest => Ok(tail),
            None if newest == 0 => Ok(Tail {
                frontier: Frontier::new(),
                last_day: 0,
            }),
            _ => Err(StorageError::new(
                ErrorKind::Corrupt,
                "the end of the trail does not fit its events; run `cutis audit verify` and restore a backup",
            )),
        }
    }

    fn append(&mut self, entry: &Entry, index: &IndexRow) -> Result<()> {
        let seq = stored(entry.sequence, "a sequence number")?;
        self.ports.run(
            trail::APPEND,
            params![
                seq,
                entry.class,
                entry.day,
                entry.commit,
                entry.mac,
                entry.salt,
                entry.payload
            ],
        )?;
        let (target_kind, target_id) = index.target.clone().unzip();
        self.ports.run(
            trail::APPEND_INDEX,
            params![
                stored(index.sequence, "a sequence number")?,
                index.at,
                index.actor,
                index.action,
                index.outcome,
                target_kind,
                target_id,
                index.patient,
                index.address,
                is_security(entry.class),
            ],
        )?;
        Ok(())
    }

    fn set_tail(&mut self, tail: &Tail, head: &Head) -> Result<()> {
        let values = params![
            tail.frontier.to_bytes(),
            tail.last_day,
            stored(head.size, "the trail's size")?,
            head.root,
            head.mac
        ];
        if self.ports.run(trail::MOVE_TAIL, values)? == 0 {
            self.ports.run(trail::FIRST_TAIL, values)?;
        }
        Ok(())
    }
}

/// Whether an entry of this class belongs to an account's own security history (U5).
pub(crate) fn is_security(class: u8) -> bool {
    matches!(
        Class::from_number(class),
        Some(Class::Authentication | Class::Administration)
    )
}

#[cfg(test)]
mod tests;
