//! Live: open pages follow what changes, and send what is typed (S1, E3). The protocol is in `docs/LIVE.md`.

mod accept;
mod account;
mod connection;
mod edit;
mod end;
mod heard;
mod hub;
mod kinds;
mod open;
mod other;
mod outbox;
mod said;
mod seat;
mod turns;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::any;
use cutis_domain::{Clinician, EntryId, PatientId};
use cutis_records::Records;
use cutis_records::entries::Edited;

use crate::{Api, names};

use hub::Hub;
pub use hub::Limits;
use other::ConnectionId;
use said::Said;
use turns::{Turn, Turns};

/// The subprotocol of version 1.
pub const PROTOCOL: &str = "cutis.live.1";

/// Everything that open pages share. Cheap to clone.
#[derive(Clone)]
pub struct Live {
    hub: Arc<Hub>,
    turns: Turns,
    monotonic: Arc<dyn Fn() -> Duration + Send + Sync>,
}

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Live").finish_non_exhaustive()
    }
}

impl Live {
    /// Nobody is connected yet. `run` differs each time the program runs, so that no client takes up where another run ended;
    /// `monotonic` only ever goes forward.
    pub fn new(run: u64, limits: Limits, monotonic: Arc<dyn Fn() -> Duration + Send + Sync>) -> Self {
        Self {
            hub: Arc::new(Hub::new(run, limits)),
            turns: Turns::default(),
            monotonic,
        }
    }

    /// Tells those who are connected what changes, until the store is gone.
    pub fn follow(&self, records: &Records) -> impl Future<Output = ()> + Send + use<> {
        let (hub, changes) = (Arc::clone(&self.hub), records.changes());
        async move { hub.follow(changes).await }
    }

    /// One change of a visit after the other, so that they are told in the order of their versions.
    pub(crate) async fn turn(&self, entry: EntryId) -> Turn {
        self.turns.take(entry).await
    }

    /// Tells the other pages that have the visit open what happened to a field.
    pub(crate) async fn tell_text(
        &self,
        api: &Api,
        by: &Clinician,
        from: Option<ConnectionId>,
        (patient, entry): (PatientId, EntryId),
        edited: &Edited,
    ) {
        let Some(told) = &edited.told else { return };
        let author = cutis_records::entries::author_of(by);
        let people = names::beside(api, author.iter()).await;
        let person = author.map(|author| crate::entries::dto::Person::new(&author, &people));
        self.hub.tell_text(by.scope().owner(), from, entry, |since| {
            Said::text((patient, entry), edited, told, person.as_ref(), since)
        });
    }
}

/// The one address of live sync. It is no part of the description of the API, which is about requests and answers.
pub(super) fn routes() -> Router<Api> {
    Router::new().route("/api/v1/live", any(accept::connect))
}
