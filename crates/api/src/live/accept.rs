//! `GET /api/v1/live`: a connection begins.

use axum::extract::{FromRequestParts as _, Request, State};
use axum::response::{IntoResponse as _, Response};
use cutis_auth::Use;
use cutis_edge::listener::{Standing, Stopping};
use cutis_edge::problem::{Code, Problem};
use cutis_edge::websocket::{NoUpgrade, Opening};

use super::PROTOCOL;
use super::connection::{Connection, MOST_BYTES};
use crate::Api;
use crate::principal::Sender;

/// Takes over the socket of a clinician's page.
pub(super) async fn connect(State(api): State<Api>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let sender = match Sender::from_request_parts(&mut parts, &api).await {
        Ok(sender) => sender,
        Err(problem) => return problem.into_response(),
    };
    let by = match sender.clinician(&api, Use::Background).await {
        Ok(by) => by,
        Err(problem) => return problem.into_response(),
    };
    let held = parts.extensions.get::<Standing>().map(Standing::hold);
    let stopping = parts.extensions.get::<Stopping>().cloned();
    let opening = match Opening::read(&mut parts, PROTOCOL).await {
        Ok(opening) => opening,
        Err(no_upgrade) => {
            let detail = match no_upgrade {
                NoUpgrade::NotAsked => {
                    "This address opens a WebSocket with the subprotocol cutis.live.1 and answers nothing else."
                }
                NoUpgrade::OtherProtocol => "Ask for the subprotocol cutis.live.1.",
            };
            return Problem::new(Code::BadRequest).with_detail(detail).into_response();
        }
    };
    opening.open(MOST_BYTES, move |reader, writer| async move {
        Connection::new(api, sender, by, stopping)
            .run(reader, writer)
            .await;
        drop(held);
    })
}
