//! Watching a patient, and opening a visit.

use cutis_domain::{Clinician, EntryId, PatientId};
use cutis_edge::problem::Problem;

use super::connection::Connection;
use super::heard::Refusal;
use super::hub::Seat;
use super::said::{About, Said};

impl Connection {
    /// Watches a patient, who must be the caller's. What is told then is that something changed, never what.
    pub(super) async fn watch(&self, seat: &Seat, by: &Clinician, reference: u64, patient: PatientId) {
        let about = About::Request(reference);
        if let Err(error) = self.api.records.may_watch(by, patient).await {
            seat.refuse(&refusal(about, &crate::refusals::record(error)));
        } else if seat.watch(patient) {
            seat.say(Said::watching(reference, patient));
        } else {
            seat.refuse(&too_many(about));
        }
    }

    /// Opens a visit: its changes come from now on, then the visit itself, so that none is missed.
    pub(super) async fn open(
        &self,
        seat: &Seat,
        by: &Clinician,
        reference: u64,
        (patient, entry): (PatientId, EntryId),
    ) {
        let about = About::Request(reference);
        let was_open = seat.has_open(entry);
        if !seat.open(entry) {
            seat.refuse(&too_many(about));
            return;
        }
        match self.api.records.entry(by, patient, entry).await {
            Ok(file) => {
                seat.say(Said::opened(reference, &file));
                seat.tell_presence(entry);
            }
            Err(error) => {
                if !was_open {
                    seat.leave(entry);
                }
                seat.refuse(&refusal(about, &crate::entries::refused(error)));
            }
        }
    }
}

fn too_many(about: About) -> Refusal {
    Refusal::new(
        about,
        "too_many_open",
        "This page follows too many patients or visits at once. Leave some, or load the page again.",
    )
}

/// A problem as a refusal.
pub(super) fn refusal(about: About, problem: &Problem) -> Refusal {
    let code = match problem.code().as_str() {
        "not_found" => "absent",
        "busy" | "internal" => "unavailable",
        code => code,
    };
    Refusal::new(about, code, problem.detail())
}
