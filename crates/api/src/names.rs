//! The names of people in answers. Where a record is shown, names that cannot be read are an error like any other. Where
//! something was changed already, the answer must not say that it was not: it has usernames then, and the log says why.

use cutis_domain::account::Username;
use cutis_edge::problem::Problem;
use cutis_records::People;

use crate::{Api, refusals};

/// The names of people of whom something is shown.
pub(crate) async fn read(
    api: &Api,
    usernames: impl Iterator<Item = &Username> + Send,
) -> Result<People, Problem> {
    let people = api.records.people(usernames).await;
    people.map_err(|error| refusals::storage(&error))
}

/// The names of people beside what was just changed.
pub(crate) async fn beside(api: &Api, usernames: impl Iterator<Item = &Username> + Send) -> People {
    let people = api.records.people(usernames).await;
    people.unwrap_or_else(|error| {
        tracing::error!(%error, "names could not be read, so the answer to a change has usernames");
        People::default()
    })
}
