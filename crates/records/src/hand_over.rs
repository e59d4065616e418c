//! A device handed to a patient for signing (N6).

use cutis_audit::{Action, Audited, Event, Target};
use cutis_domain::{Clinician, PatientId};

use crate::{RecordError, Records};

impl Records {
    /// Hands the caller's session over for the consent of this patient: from then on it opens nothing but recording that
    /// consent, until the password is given (`confirm_password` of the sign-ins), or it ends.
    ///
    /// # Errors
    /// `Absent` when there is no such patient, or it is somebody else's, and when the session is over.
    pub async fn hand_over(&self, by: &Clinician, patient: PatientId) -> Result<(), RecordError> {
        self.must_have(by, patient).await?;
        let absent = move || RecordError::no_patient(patient);
        let (owner, session) = (by.scope().owner(), by.caller().session.ok_or_else(absent)?);
        self.store
            .practice(by.caller())
            .write(move |unit| {
                if !unit.set_handed_to(owner, session, Some(patient))? {
                    return Err(absent());
                }
                let event = Event::new(Action::SessionHandedOver)
                    .target(Target::Session(session))
                    .patient(patient);
                Ok(Audited::new((), event))
            })
            .await
    }
}
