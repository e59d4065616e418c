//! Unfinished uploads end after a day.

use std::collections::HashSet;

use cutis_audit::{Action, Detail, Event, Target};
use cutis_blob::stages::{About, Found};
use cutis_domain::{Caller, PatientId, Timestamp};
use cutis_vault::VaultError;

use super::super::ImageError;
use crate::Records;

/// For how long a stage is kept.
const DAY: i64 = 24 * 3600;

/// When a stage ends.
pub(super) fn of(about: &About) -> Timestamp {
    about.created.plus_seconds(DAY)
}

/// Whether a stage has ended. One that is made a day from now was made while the clock was wrong, and would otherwise
/// stay until then.
pub(super) fn is_over(created: Timestamp, now: Timestamp) -> bool {
    now >= created.plus_seconds(DAY) || created >= now.plus_seconds(DAY)
}

pub(super) fn discarded(patient: PatientId, reason: &'static str) -> Event {
    Event::new(Action::UploadDiscarded)
        .target(Target::Patient(patient))
        .patient(patient)
        .detail(Detail::code("reason", reason))
}

impl Records {
    /// Discards unfinished uploads that are a day old, those of patients who are no longer there or whose key was
    /// destroyed, and what interrupted steps left. One that is being received is left for the next time. Answers how
    /// many ended and how many stay.
    ///
    /// # Errors
    /// When the folder or the database fails.
    pub async fn expire_uploads(&self, by: &Caller) -> Result<(u64, u64), ImageError> {
        let found = self.stages.list().await?;
        let patients = found
            .iter()
            .map(|stage| stage.place.patient)
            .collect::<HashSet<_>>();
        let known = self.known_patients(patients.into_iter().collect()).await?;
        let now = self.clock.now();
        let (mut ended, mut left) = (0_u64, 0_u64);
        for stage in found {
            match self.ends_by(&stage, &known, now) {
                Some(reason) if self.end(by, &stage, reason).await? => ended = ended.saturating_add(1),
                _ => left = left.saturating_add(1),
            }
        }
        Ok((ended, left))
    }

    fn ends_by(&self, stage: &Found, known: &HashSet<PatientId>, now: Timestamp) -> Option<&'static str> {
        let patient = stage.place.patient;
        let Some((created, _)) = stage.declared else {
            return Some("interrupted");
        };
        if is_over(created, now) {
            return Some("expired");
        }
        if !known.contains(&patient) {
            return Some("no_patient");
        }
        match self.vault.patient_key(patient) {
            Err(VaultError::Destroyed(_)) => Some("erased"),
            _ => None,
        }
    }

    /// Ends one stage unless it is being received.
    pub(super) async fn end(
        &self,
        by: &Caller,
        stage: &Found,
        reason: &'static str,
    ) -> Result<bool, ImageError> {
        let Some(claim) = self.stages.claim_idle(stage.place) else {
            return Ok(false);
        };
        // What was never declared was never an upload.
        if stage.declared.is_some() {
            let event = discarded(stage.place.patient, reason);
            self.store.record(by, vec![event]).await?;
        }
        self.stages.discard(&claim).await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A day, by the clock; and a stage that a wrong clock made long ago or far ahead does not stay.
    #[test]
    fn a_day_whatever_the_clock_did() {
        let made = Timestamp::from_micros(1_800_000_000_000_000);
        for (seconds, over) in [
            (0, false),
            (DAY - 1, false),
            (DAY, true),
            (400 * DAY, true),
            (1 - DAY, false),
            (-DAY, true),
        ] {
            assert_eq!(is_over(made, made.plus_seconds(seconds)), over, "{seconds}");
        }
    }
}
