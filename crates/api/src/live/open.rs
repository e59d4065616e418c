//! Watching a patient, and opening a visit.

use cutis_domain::{Clinician, EntryId, PatientId};
use cutis_edge::problem::Problem;

use super::Live;
use super::connection::Connection;
use super::heard::Refusal;
use super::said::{About, Said};
use super::seat::Seat;

impl Connection {
    /// Watches a patient, who must be the caller's. What is told then is that something changed, never what.
    pub(super) async fn watch(&self, seat: &Seat, by: &Clinician, reference: u64, patient: PatientId) {
        let about = About::Request(reference);
        if let Err(error) = self.api.records.may_watch(by, patient).await {
            seat.refuse(&refusal(about, &crate::refusals::record(error)));
        } else if !seat.watch(patient, Said::watching(reference, patient)) {
            seat.refuse(&too_many(about));
        }
    }

    /// Opens a visit.
    pub(super) async fn open(
        &self,
        seat: &Seat,
        by: &Clinician,
        reference: u64,
        (patient, entry): (PatientId, EntryId),
    ) {
        let about = About::Request(reference);
        let read = async {
            let file = self.api.records.entry(by, patient, entry).await?;
            Ok(Said::opened(reference, &file))
        };
        match self.api.live.open(seat, entry, read).await {
            Ok(()) => {}
            Err(NotOpen::TooMany) => seat.refuse(&too_many(about)),
            Err(NotOpen::Unread(error)) => seat.refuse(&refusal(about, &crate::entries::refused(error))),
        }
    }
}

/// Why a visit was not opened.
pub(super) enum NotOpen<E> {
    TooMany,
    Unread(E),
}

impl Live {
    /// Opens a visit in its turn: its changes come from now on, then what was read of it, so that none is missed; and none comes
    /// before what it is a change of, because no change is made meanwhile.
    pub(super) async fn open<E>(
        &self,
        seat: &Seat,
        entry: EntryId,
        read: impl Future<Output = Result<Said, E>>,
    ) -> Result<(), NotOpen<E>> {
        let turn = self.turn(entry).await;
        // That somebody sees it is written, too. After the turn, as for edits, so that nobody waits in a circle.
        let place = seat.may_write().await;
        let was_open = seat.has_open(entry);
        if !seat.open(entry) {
            return Err(NotOpen::TooMany);
        }
        match read.await {
            Ok(opened) => {
                seat.say(opened);
                seat.show(entry);
            }
            Err(error) => {
                if !was_open {
                    seat.leave(entry);
                }
                return Err(NotOpen::Unread(error));
            }
        }
        drop((place, turn));
        Ok(())
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
