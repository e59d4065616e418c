//! What happened to a patient's record, and who saw it (U5).

use cutis_audit::{Action, Audited, Denial, Event, Target};
use cutis_domain::page::{Limit, Page};
use cutis_domain::{Clinician, PatientId};
use cutis_storage::StorageError;
use cutis_storage::port::ActivityItem;

use crate::{Records, absent};

/// Why activity could not be shown.
#[derive(Debug, thiserror::Error)]
pub enum ActivityError {
    /// There is no such patient, or it is somebody else's (A10).
    #[error("there is no such patient")]
    NotFound(PatientId),
    /// The database failed.
    #[error("the activity could not be reached")]
    Storage(#[from] StorageError),
}

impl Denial for ActivityError {
    fn denial(&self) -> Option<Event> {
        match self {
            Self::NotFound(id) => Some(absent(Target::Patient(*id), *id)),
            Self::Storage(_) => None,
        }
    }
}

impl Records {
    /// Events about a patient, newest first. Looking is recorded too, and shows the next time.
    ///
    /// # Errors
    /// See [`ActivityError`].
    pub async fn patient_activity(
        &self,
        by: &Clinician,
        patient: PatientId,
        before: Option<u64>,
        limit: Limit,
    ) -> Result<Page<ActivityItem, u64>, ActivityError> {
        let now = self.clock.now();
        self.store
            .view(by, |view| {
                view.patient(patient, now)?
                    .ok_or(ActivityError::NotFound(patient))?;
                let items = view.patient_activity(patient, before, limit)?;
                let page = Page::from_one_more(items, limit, |last| last.sequence);
                let event = Event::new(Action::PatientActivityViewed)
                    .target(Target::Patient(patient))
                    .patient(patient);
                Ok(Audited::new(page, event))
            })
            .await
    }
}
