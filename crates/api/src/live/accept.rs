//! `GET /api/v1/live`: a connection begins.

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::response::{IntoResponse as _, Response};
use cutis_auth::Use;
use cutis_edge::listener::{Standing, Stopping};
use cutis_edge::problem::{Code, Problem};

use super::PROTOCOL;
use super::connection::{Connection, MOST_BYTES};
use crate::Api;
use crate::principal::Sender;

/// Bytes that are read and written at a time: pages say little at once, and there may be a thousand.
const BUFFER: usize = 4 * 1024;
/// Bytes that may wait in the socket's own buffer beyond the queue.
const MOST_WAITING: usize = 1024 * 1024;

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
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &api).await {
        Ok(upgrade) => upgrade.protocols([PROTOCOL]),
        Err(_) => {
            return Problem::new(Code::BadRequest)
                .with_detail("This address opens a WebSocket with the subprotocol cutis.live.1 and answers nothing else.")
                .into_response();
        }
    };
    if upgrade.selected_protocol().is_none() {
        return Problem::new(Code::BadRequest)
            .with_detail("Ask for the subprotocol cutis.live.1.")
            .into_response();
    }
    upgrade
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_write_buffer_size(MOST_WAITING)
        .max_message_size(MOST_BYTES)
        .max_frame_size(MOST_BYTES)
        .on_upgrade(move |socket| async move {
            Connection::new(api, sender, by, stopping).run(socket).await;
            drop(held);
        })
}
