//! How a clinician looks at a visit, remembered for both (E2, E4).

use cutis_audit::{Action, Audited, Event, Target};
use cutis_domain::entry::Layout;
use cutis_domain::{Clinician, EntryId, PatientId};

use super::{EntryError, no_entry};
use crate::Records;

impl Records {
    /// Remembers how the caller looks at a visit.
    ///
    /// # Errors
    /// See [`EntryError`].
    pub async fn lay_out_entry(
        &self,
        by: &Clinician,
        patient: PatientId,
        entry: EntryId,
        layout: Layout,
    ) -> Result<(), EntryError> {
        self.store
            .clinic(by)
            .write(move |unit| {
                let mut inside = unit.inside(patient)?;
                if inside.entry(entry)?.is_none() {
                    return Err(no_entry(entry, patient).into());
                }
                inside.set_entry_layout(entry, &layout)?;
                let event = Event::new(Action::EntryLayoutChanged)
                    .target(Target::Entry(entry))
                    .patient(patient);
                Ok(Audited::new((), event))
            })
            .await
    }
}
