//! Who may call: each handler's first argument, so that a handler without a rule does not exist.

use axum::extract::FromRequestParts;
use cutis_audit::{Action, Detail, Event};
use cutis_auth::Use;
use cutis_auth::session::AuthenticateError;
use cutis_domain::principal::Actor;
use cutis_domain::{Caller, RequestId, Secret, Text};
use http::HeaderMap;
use http::header::USER_AGENT;
use http::request::Parts;

use super::{Api, cookie, refusals};
use cutis_edge::listener::PeerAddress;
use cutis_edge::middleware::Acquaintance;
use cutis_edge::problem::Problem;

/// Marks a request that the client makes by itself; it does not keep a session alive (C13).
pub const BACKGROUND: &str = "x-cutis-background";

/// Anyone, signed in or not.
#[derive(Debug)]
pub struct Anyone(pub Caller);

/// What a request says of who sent it: enough to ask again while it goes on.
#[derive(Debug)]
pub struct Sender {
    caller: Caller,
    cookie: Option<Secret<String>>,
    usage: Use,
}

/// Somebody signed in, about their own account.
#[derive(Debug)]
pub struct SignedIn(pub cutis_auth::SignedIn);

/// Somebody entitled to patients' data.
#[derive(Debug)]
pub struct Clinician(pub cutis_domain::Clinician);

/// Somebody who manages the practice.
#[derive(Debug)]
pub struct Administrator(pub cutis_domain::Administrator);

fn caller(parts: &Parts) -> Caller {
    let request = parts.extensions.get::<cutis_edge::middleware::RequestId>();
    Caller {
        actor: Actor::Anonymous,
        session: None,
        address: parts.extensions.get::<PeerAddress>().map(|peer| peer.0),
        agent: agent(&parts.headers),
        request: request.and_then(|id| id.as_str().parse::<RequestId>().ok()),
    }
}

fn agent(headers: &HeaderMap) -> Option<Text<1, 300>> {
    let text = headers.get(USER_AGENT)?.to_str().ok()?;
    let cut: String = text.chars().take(300).collect();
    Text::parse(&cut).ok()
}

impl FromRequestParts<Api> for Anyone {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Problem> {
        Ok(Self(caller(parts)))
    }
}

impl Sender {
    fn of(parts: &Parts) -> Self {
        let background = parts.headers.contains_key(BACKGROUND);
        Self {
            caller: caller(parts),
            cookie: cookie::value(&parts.headers).map(|value| Secret::new(value.to_owned())),
            usage: if background { Use::Background } else { Use::Person },
        }
    }

    async fn signed_in(&self, api: &Api) -> Result<cutis_auth::SignedIn, AuthenticateError> {
        let cookie = self.cookie.as_ref().ok_or(AuthenticateError::Unauthenticated)?;
        let (caller, usage) = (self.caller.clone(), self.usage);
        api.auth.authenticate(caller, cookie.expose(), usage).await
    }

    /// Whether the sender is still signed in as a clinician. Counts as use of the session, as the request
    /// did when it began (C13).
    ///
    /// # Errors
    /// What a new request would be answered.
    pub async fn is_still_clinician(&self, api: &Api) -> Result<(), Problem> {
        let signed_in = self.signed_in(api).await.map_err(refused)?;
        match signed_in.clinician() {
            Some(_) => Ok(()),
            None => Err(wrong_role(api, &signed_in, "clinician").await),
        }
    }
}

fn refused(error: AuthenticateError) -> Problem {
    match error {
        AuthenticateError::Unauthenticated => Problem::unauthenticated(),
        AuthenticateError::Storage(error) => refusals::storage(&error),
    }
}

impl FromRequestParts<Api> for Sender {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Problem> {
        Ok(Self::of(parts))
    }
}

impl FromRequestParts<Api> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let sender = Sender::of(parts);
        if sender.cookie.is_none() {
            return Err(Problem::unauthenticated());
        }
        let signed_in = sender.signed_in(api).await;
        if let Some(acquaintance) = parts.extensions.get::<Acquaintance>() {
            match &signed_in {
                Ok(_) => acquaintance.vouch(),
                Err(AuthenticateError::Unauthenticated) => acquaintance.disown(),
                Err(AuthenticateError::Storage(_)) => {}
            }
        }
        signed_in.map(Self).map_err(refused)
    }
}

impl FromRequestParts<Api> for Clinician {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let SignedIn(signed_in) = SignedIn::from_request_parts(parts, api).await?;
        match signed_in.clinician() {
            Some(clinician) => Ok(Self(clinician)),
            None => Err(wrong_role(api, &signed_in, "clinician").await),
        }
    }
}

impl FromRequestParts<Api> for Administrator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let SignedIn(signed_in) = SignedIn::from_request_parts(parts, api).await?;
        match signed_in.administrator() {
            Some(administrator) => Ok(Self(administrator)),
            None => Err(wrong_role(api, &signed_in, "administrator").await),
        }
    }
}

/// Refuses a role, and records that it was tried (G7).
async fn wrong_role(api: &Api, signed_in: &cutis_auth::SignedIn, wanted: &'static str) -> Problem {
    let event = Event::new(Action::AccessRefused)
        .refused()
        .detail(Detail::code("role", wanted));
    match api.auth.record_refusal(signed_in.caller(), event).await {
        Ok(()) => Problem::forbidden(),
        Err(error) => refusals::storage(&error),
    }
}
