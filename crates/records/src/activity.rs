//! What happened to a patient's record, and who saw it (U5).

use cutis_audit::{Action, Audited, Event, Target};
use cutis_domain::page::{Limit, Page};
use cutis_domain::{Clinician, PatientId};
use cutis_storage::port::ActivityItem;

use crate::{RecordError, Records};

impl Records {
    /// Events about a patient, newest first. Looking is recorded too, and shows the next time.
    ///
    /// # Errors
    /// See [`RecordError`].
    pub async fn patient_activity(
        &self,
        by: &Clinician,
        patient: PatientId,
        before: Option<u64>,
        limit: Limit,
    ) -> Result<Page<ActivityItem, u64>, RecordError> {
        self.store
            .clinic(by)
            .read(|view| {
                let items = view.inside(patient)?.patient_activity(before, limit)?;
                let page = Page::from_one_more(items, limit, |last| last.sequence);
                let event = Event::new(Action::PatientActivityViewed)
                    .target(Target::Patient(patient))
                    .patient(patient);
                Ok(Audited::new(page, event))
            })
            .await
    }
}
