//! How many requests are handled at once, and whose.
//!
//! A request takes a place only once there is nothing left to wait for but ourselves: a small body is
//! read before, under a budget of bytes and a deadline of its own. Places and bytes are divided by
//! [`Shares`], so that no address and no session can hold what the others need.

use std::net::{IpAddr, Ipv4Addr};

use axum::body::{Body, HttpBody as _};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt as _;

use super::bodies::BodyRule;
use super::cap::Capped;
use super::known::{Acquaintance, Known, Pass};
use super::shares::{Holder, Share, Shares};
use crate::body::{Pace, PacedBody, problem_of};
use crate::limits::Limits;
use crate::listener::{PeerAddress, Standing};
use crate::problem::Problem;
use crate::session_cookie;

/// The minimum cost of a body while it is being read, because its request waits in memory.
const LEAST_BYTES: u64 = 1024;

/// The door between the requests that arrived and those that are handled.
#[derive(Debug, Clone)]
pub(super) struct Load {
    places: Shares,
    bytes: Shares,
    known: Known,
    stranger_pace: Pace,
}

impl Load {
    pub(super) fn new(limits: &Limits) -> Self {
        let count = |places: usize| u64::try_from(places).unwrap_or(u64::MAX);
        Self {
            places: Shares::new(count(limits.requests), count(limits.requests_of_strangers)),
            bytes: Shares::new(limits.waiting_bytes, limits.waiting_bytes_of_strangers),
            known: Known::default(),
            stranger_pace: Pace {
                pause: limits.stranger_body_pause,
                window: limits.stranger_body_time,
                rate: limits.body_rate,
            },
        }
    }

    /// Who makes the request, by what was found out about their session earlier; passes that on to the API.
    fn recognise(&self, request: &mut Request) -> Holder {
        let address = request.extensions().get().map(|PeerAddress(address)| *address);
        let address = address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let shown = session_cookie::value(request.headers()).map(|value| Pass::of(value.as_bytes()));
        let standing = request.extensions().get::<Standing>().cloned();
        let acquaintance = Acquaintance::new(self.known.clone(), shown, standing);
        let holder = match shown.filter(|pass| self.known.contains(*pass)) {
            Some(pass) => {
                acquaintance.stand();
                Holder::SignedIn(pass, address)
            }
            None => Holder::Stranger(address),
        };
        request.extensions_mut().insert(acquaintance);
        holder
    }

    /// Reads a small body to its end, so that a slow sender does not affect others. Larger bodies are left to the
    /// handler, which by then knows who sends them.
    async fn read(&self, holder: Holder, request: Request) -> Result<(Request, Option<Share>), Problem> {
        let Some(Capped { rule, bytes }) = request.extensions().get().copied() else {
            return Ok((request, None));
        };
        let stranger = matches!(holder, Holder::Stranger(_));
        let ours = match rule {
            BodyRule::SignedIn => !stranger,
            BodyRule::Anyone => true,
            BodyRule::Streamed { .. } => false,
        };
        if !ours || request.body().is_end_stream() {
            return Ok((request, None));
        }
        let announced = request.body().size_hint().exact().unwrap_or(bytes);
        let budget = self.bytes.take(holder, announced.clamp(LEAST_BYTES, bytes));
        let budget = budget.ok_or_else(Problem::busy)?;
        let (parts, body) = request.into_parts();
        let collected = if stranger {
            PacedBody::new(body, self.stranger_pace).collect().await
        } else {
            body.collect().await.map_err(Into::into)
        };
        let read = collected.map_err(|error| problem_of(&*error))?.to_bytes();
        Ok((Request::from_parts(parts, Body::from(read)), Some(budget)))
    }
}

/// Answers 503 at once when every place one may have is taken: waiting in line would only hold more memory.
pub(super) async fn load(State(load): State<Load>, mut request: Request, next: Next) -> Response {
    // Whether the program is up must be seen most of all when there is too much to do.
    let route = request.extensions().get::<MatchedPath>();
    if route.is_some_and(|route| route.as_str() == "/health") {
        return next.run(request).await;
    }
    let holder = load.recognise(&mut request);
    let (request, budget) = match load.read(holder, request).await {
        Ok(read) => read,
        Err(problem) => return problem.into_response(),
    };
    let Some(place) = load.places.take(holder, 1) else {
        return Problem::busy().into_response();
    };
    let response = next.run(request).await;
    drop((place, budget));
    response
}
