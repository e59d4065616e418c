//! Who may call: each handler's first argument, so that a handler without a rule does not exist.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use cutis_audit::{Action, Detail, Event};
use cutis_auth::Use;
use cutis_auth::session::AuthenticateError;
use cutis_domain::principal::Actor;
use cutis_domain::{Caller, PatientId, RequestId, Secret, Text};
use cutis_records::images::MayGoOn;
use http::HeaderMap;
use http::header::USER_AGENT;
use http::request::Parts;

use super::{Api, cookie, refusals};
use cutis_edge::listener::PeerAddress;
use cutis_edge::middleware::Acquaintance;
use cutis_edge::problem::{Code, Problem};

/// Marks a request that the client makes by itself; it does not keep a session alive (C13).
pub const BACKGROUND: &str = "x-cutis-background";

/// Says what a browser fetches something for; it sets this itself.
const FETCHED_FOR: &str = "sec-fetch-dest";

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

/// Somebody signed in whose device may be in a patient's hands (N6): for what takes it back, and says so.
#[derive(Debug)]
pub struct AlsoHandedOver(pub cutis_auth::SignedIn);

/// Somebody entitled to patients' data, or the patient to whom they handed the device, to record a consent (N6).
#[derive(Debug)]
pub struct Signing(cutis_auth::SignedIn);

/// Somebody signed in, about their own account.
#[derive(Debug)]
pub struct SignedIn(pub cutis_auth::SignedIn);

/// Somebody entitled to patients' data.
#[derive(Debug)]
pub struct Clinician(pub cutis_domain::Clinician);

/// Somebody entitled to patients' data who entered their password within the last ten minutes.
#[derive(Debug)]
pub struct Confirmed(pub cutis_domain::Confirmed);

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
        // A browser loads images for what a page shows, be it by itself: they cannot carry a header of ours.
        let is_image = parts.headers.get(FETCHED_FOR).is_some_and(|what| what == "image");
        let background = is_image || parts.headers.contains_key(BACKGROUND);
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
        Signing(signed_in).clinician(api).await.map(drop)
    }

    /// The sender, if still signed in as a clinician who has the device in their own hands.
    ///
    /// # Errors
    /// What a new request would be answered.
    pub async fn clinician(&self, api: &Api, usage: Use) -> Result<cutis_domain::Clinician, Problem> {
        let cookie = self.cookie.as_ref().ok_or_else(Problem::unauthenticated)?;
        let signed_in = api
            .auth
            .authenticate(self.caller.clone(), cookie.expose(), usage)
            .await
            .map_err(refused)?;
        Signing(signed_in).clinician(api).await
    }

    /// The program that the sender uses, by its own account.
    pub fn agent(&self) -> Option<String> {
        self.caller.agent.as_ref().map(|agent| agent.as_str().to_owned())
    }

    /// For something that is sent for long: as long as the sender is signed in as a clinician, and the device is in their
    /// hands.
    pub fn while_clinician(self, api: Api) -> MayGoOn {
        let asked = Arc::new((self, api));
        Box::new(move || {
            let asked = Arc::clone(&asked);
            Box::pin(async move {
                let (sender, api) = asked.as_ref();
                sender.is_still_clinician(api).await.is_ok()
            })
        })
    }
}

impl Signing {
    /// The right to record a consent of this patient, and to hand the device to them for it.
    ///
    /// # Errors
    /// `forbidden` without the role; `handed_over` when the device is in the hands of another patient.
    pub async fn consent_of(self, api: &Api, patient: PatientId) -> Result<cutis_domain::Clinician, Problem> {
        let Self(signed_in) = self;
        if let Some(by) = signed_in.clinician_for_consent_of(patient) {
            return Ok(by);
        }
        in_own_hands(api, &signed_in).await?;
        Err(wrong_role(api, &signed_in, "clinician").await)
    }

    /// The right to everything else of a clinician's, a consent that was given elsewhere included.
    ///
    /// # Errors
    /// `forbidden` without the role; `handed_over` while the device is in a patient's hands.
    pub async fn clinician(self, api: &Api) -> Result<cutis_domain::Clinician, Problem> {
        let Self(signed_in) = self;
        in_own_hands(api, &signed_in).await?;
        match signed_in.clinician() {
            Some(by) => Ok(by),
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

impl FromRequestParts<Api> for AlsoHandedOver {
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

impl FromRequestParts<Api> for Signing {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let AlsoHandedOver(signed_in) = AlsoHandedOver::from_request_parts(parts, api).await?;
        Ok(Self(signed_in))
    }
}

impl FromRequestParts<Api> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let AlsoHandedOver(signed_in) = AlsoHandedOver::from_request_parts(parts, api).await?;
        in_own_hands(api, &signed_in).await?;
        Ok(Self(signed_in))
    }
}

impl FromRequestParts<Api> for Clinician {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let signing = Signing::from_request_parts(parts, api).await?;
        signing.clinician(api).await.map(Self)
    }
}

impl FromRequestParts<Api> for Confirmed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let Signing(signed_in) = Signing::from_request_parts(parts, api).await?;
        let confirmed = api.auth.confirmed(&signed_in);
        let caller = signed_in.caller().clone();
        Signing(signed_in).clinician(api).await?;
        if let Some(confirmed) = confirmed {
            return Ok(Self(confirmed));
        }
        let event = Event::new(Action::AccessRefused)
            .refused()
            .detail(Detail::code("reason", "password_needed"));
        match api.auth.record_refusal(&caller, event).await {
            Ok(()) => Err(Problem::new(Code::PasswordNeeded)),
            Err(error) => Err(refusals::storage(&error)),
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

/// Refuses whatever is asked for while the device is in a patient's hands, and records that it was tried (N6, G7).
async fn in_own_hands(api: &Api, signed_in: &cutis_auth::SignedIn) -> Result<(), Problem> {
    let Some(patient) = signed_in.handed_to() else {
        return Ok(());
    };
    let event = Event::new(Action::AccessRefused)
        .refused()
        .patient(patient)
        .detail(Detail::code("reason", "handed_over"));
    match api.auth.record_refusal(signed_in.caller(), event).await {
        Ok(()) => Err(Problem::new(Code::HandedOver)),
        Err(error) => Err(refusals::storage(&error)),
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
