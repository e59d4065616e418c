//! Access to clinical data: one clinician's own, recorded before it is returned.

use std::sync::Arc;

use cutis_audit::{AuditLevel, Audited, Denial};
use cutis_domain::Clinician;

use super::{Inner, Store, never_ran};
use crate::error::StorageError;
use crate::{Backend, Snapshot, Unit, View};

/// Clinical data of one clinician, from [`Store::clinic`].
#[derive(Debug, Clone, Copy)]
pub struct Clinic<'a> {
    pub(super) store: &'a Store,
    pub(super) by: &'a Clinician,
}

impl Clinic<'_> {
    /// Runs a unit of a clinician and commits it together with its events (G5).
    ///
    /// # Errors
    /// Whatever `work` refuses with; a storage error when nothing of it was made durable, `Full` before
    /// anything is tried when the disk has no room for changes.
    pub async fn write<T, E, F>(self, work: F) -> Result<T, E>
    where
        F: for<'tx> FnOnce(&mut Unit<'tx>) -> Result<Audited<T>, E> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Denial + Send + 'static,
    {
        self.store.takes_changes()?;
        let (scope, caller) = (self.by.scope(), self.by.caller().clone());
        self.store
            .run(move |group| group.attempt(&caller, |transaction| work(&mut Unit::new(&scope, transaction))))
            .await
    }

    /// Reads clinical data and returns it once the event of reading it is durable (U3).
    ///
    /// Runs on the calling thread: for look-ups and pages, which are bounded. Anything longer goes
    /// through [`Clinic::read_long`], and what reads the trail through [`Clinic::read_trail`].
    ///
    /// # Errors
    /// Whatever `work` refuses with; a storage error when reading or recording failed.
    pub async fn read<T, E, F>(self, work: F) -> Result<T, E>
    where
        F: for<'tx> FnOnce(&View<'tx>) -> Result<Audited<T>, E> + Send,
        T: Send,
        E: From<StorageError> + Denial + Send,
    {
        self.read_bounded(Backend::read_records, work).await
    }

    /// As [`Clinic::read`], with the newest events of the trail, which the others may not find.
    ///
    /// # Errors
    /// As [`Clinic::read`].
    pub async fn read_trail<T, E, F>(self, work: F) -> Result<T, E>
    where
        F: for<'tx> FnOnce(&View<'tx>) -> Result<Audited<T>, E> + Send,
        T: Send,
        E: From<StorageError> + Denial + Send,
    {
        self.read_bounded(Backend::read, work).await
    }

    async fn read_bounded<T, E, F>(self, door: Door, work: F) -> Result<T, E>
    where
        F: for<'tx> FnOnce(&View<'tx>) -> Result<Audited<T>, E> + Send,
        T: Send,
        E: From<StorageError> + Denial + Send,
    {
        let ticket = self.store.inner.lane.ticket().await?;
        let read = read_view(&self.store.inner, self.by, door, work);
        drop(ticket);
        self.store.tell().await;
        self.let_out(read?).await
    }

    /// As [`Clinic::read`], on a blocking thread: for reading whose length is not bounded.
    ///
    /// # Errors
    /// As [`Clinic::read`].
    pub async fn read_long<T, E, F>(self, work: F) -> Result<T, E>
    where
        F: for<'tx> FnOnce(&View<'tx>) -> Result<Audited<T>, E> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Denial + Send + 'static,
    {
        let (inner, clinician) = (Arc::clone(&self.store.inner), self.by.clone());
        let read = self
            .store
            .inner
            .lane
            .run(move || read_view(&inner, &clinician, Backend::read_records, work))
            .await?;
        self.store.tell().await;
        self.let_out(read?).await
    }

    /// Asks whether something may continue. Nothing of a record is returned, so nothing can leave unrecorded: the
    /// refusal is `Copy`, which ids and codes are and records are not. A refusal leaves its event (G7).
    ///
    /// ```compile_fail
    /// use cutis_audit::{Denial, Event};
    /// use cutis_domain::Clinician;
    /// use cutis_storage::{CheckError, Store};
    ///
    /// struct Shown(String); // a name, say
    ///
    /// impl Denial for Shown {
    ///     fn denial(&self) -> Option<Event> {
    ///         None
    ///     }
    /// }
    ///
    /// async fn leak(store: &Store, by: &Clinician) -> Result<(), CheckError<Shown>> {
    ///     store.clinic(by).check(|_| Ok(Err(Shown("Erika".to_owned())))).await // a refusal that is not `Copy`
    /// }
    /// ```
    ///
    /// # Errors
    /// Whatever `work` refuses with; a storage error when reading or recording failed.
    pub async fn check<R, F>(self, work: F) -> Result<(), CheckError<R>>
    where
        F: for<'tx> FnOnce(&View<'tx>) -> Result<Result<(), R>, StorageError> + Send,
        R: Copy + Denial + Send,
    {
        let ticket = self.store.inner.lane.ticket().await?;
        let (mut work, mut done) = (Some(work), None);
        self.store.inner.backend.read_records(&mut |snapshot| {
            done = work
                .take()
                .map(|work| work(&View::new(&self.by.scope(), snapshot)));
        })?;
        drop(ticket);
        self.store.tell().await;
        let outcome = done.unwrap_or_else(|| Err(never_ran()))?;
        if let Some(event) = outcome.as_ref().err().and_then(Denial::denial) {
            self.store.record(self.by.caller(), vec![event]).await?;
        }
        outcome.map_err(CheckError::Refused)
    }

    async fn let_out<T, E: From<StorageError> + Denial>(self, read: Read<T, E>) -> Result<T, E> {
        let (outcome, events) = match read.outcome {
            Ok(audited) => {
                let (value, events) = audited.into_parts();
                (Ok(value), events)
            }
            Err(error) => {
                let events = error.denial().into_iter().collect();
                (Err(error), events)
            }
        };
        let events: Vec<_> = events
            .into_iter()
            .filter(|event| event.action().is_kept_at(read.level))
            .collect();
        if !events.is_empty() {
            self.store.record(self.by.caller(), events).await?;
        }
        outcome
    }
}

/// Why something may not continue.
#[derive(Debug, thiserror::Error)]
pub enum CheckError<R> {
    /// It was refused, which is in the trail.
    #[error("it was refused")]
    Refused(R),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

struct Read<T, E> {
    outcome: Result<Audited<T>, E>,
    level: AuditLevel,
}

/// How a snapshot is opened.
type Door = fn(&dyn Backend, &mut dyn FnMut(&dyn Snapshot)) -> Result<(), StorageError>;

fn read_view<T, E, F>(inner: &Inner, by: &Clinician, door: Door, work: F) -> Result<Read<T, E>, StorageError>
where
    F: for<'tx> FnOnce(&View<'tx>) -> Result<Audited<T>, E>,
{
    let (mut work, mut done) = (Some(work), None);
    // Asked before the snapshot begins: what is committed later is read again.
    let now = inner.moment();
    door(inner.backend.as_ref(), &mut |snapshot| {
        done = work.take().map(|work| {
            Ok(Read {
                level: inner.level.of(snapshot.common(), now)?,
                outcome: work(&View::new(&by.scope(), snapshot)),
            })
        });
    })?;
    done.unwrap_or_else(|| Err(never_ran()))
}
