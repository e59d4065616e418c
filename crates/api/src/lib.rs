//! The JSON API: routes, extraction, rendering.
//!
//! Version 1. One endpoint a file: it extracts, calls one use case, renders.
//!
//! The type of a handler's first argument is its access rule: [`principal::Clinician`] for patients'
//! data, [`principal::Administrator`] for the practice, [`principal::SignedIn`] for one's own
//! account, [`principal::Anyone`] before sign-in.

#![forbid(unsafe_code)]

pub mod account;
pub mod activity;
pub mod comparisons;
mod conflict;
pub mod consents;
mod cookie;
pub mod custom_fields;
pub mod entries;
pub mod ids;
pub mod images;
pub mod live;
mod mark;
mod names;
pub mod notices;
pub mod openapi;
mod page;
pub mod patients;
pub mod principal;
pub mod refusals;
mod sent;
pub mod session;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod status;
pub mod tags;
mod wire_names;
pub mod workspaces;

use std::ops::Deref;
use std::sync::Arc;

use axum::Router;
use cutis_auth::Auth;
use cutis_practice::Practice;
use cutis_records::Records;
use utoipa_axum::router::OpenApiRouter;

use cutis_edge::middleware::{Bodies, BodyRule};

/// The use cases that handlers call. Cheap to clone, which every request does several times.
#[derive(Debug, Clone)]
pub struct Api(Arc<UseCases>);

/// What an [`Api`] shares.
#[derive(Debug)]
pub struct UseCases {
    /// Who is calling.
    pub auth: Auth,
    /// What clinicians do.
    pub records: Records,
    /// What administrators do.
    pub practice: Practice,
    /// Who is connected.
    pub live: live::Live,
}

impl Api {
    /// Shares these use cases.
    pub fn new(use_cases: UseCases) -> Self {
        Self(Arc::new(use_cases))
    }
}

impl Deref for Api {
    type Target = UseCases;

    fn deref(&self) -> &UseCases {
        &self.0
    }
}

/// How large bodies may be, and which routes anybody may send one to.
pub fn bodies() -> Bodies {
    let upload = BodyRule::Streamed {
        bytes: images::UPLOAD_BYTES,
    };
    let part = BodyRule::Streamed {
        bytes: images::PART_BYTES,
    };
    Bodies::new([
        ("/api/v1/setup", BodyRule::Anyone),
        ("/api/v1/setup/code", BodyRule::Anyone),
        ("/api/v1/session", BodyRule::Anyone),
        ("/api/v1/password-check", BodyRule::Anyone),
        ("/api/v1/patients/{patientId}/images", upload),
        (
            "/api/v1/patients/{patientId}/uploads/{uploadKey}/{index}/content",
            part,
        ),
    ])
}

fn documented() -> OpenApiRouter<Api> {
    OpenApiRouter::with_openapi(openapi::document())
        .nest("/api/v1", routes())
        .routes(utoipa_axum::routes!(status::health))
}

fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .merge(setup::routes())
        .merge(session::routes())
        .merge(sessions::routes())
        .merge(patients::routes())
        .merge(custom_fields::routes())
        .merge(entries::routes())
        .merge(consents::routes())
        .merge(images::routes())
        .merge(tags::routes())
        .merge(workspaces::routes())
        .merge(comparisons::routes())
        .merge(activity::routes())
        .merge(settings::routes())
        .merge(notices::routes())
        .merge(status::routes())
}

/// The API's routes, its description included.
pub fn router(api: Api) -> Router {
    let (router, document) = documented().split_for_parts();
    router
        .merge(live::routes())
        .with_state(api)
        .merge(openapi::served(&document))
}

/// The API's description, as committed at `docs/api/openapi.json`.
pub fn description() -> utoipa::openapi::OpenApi {
    documented().into_openapi()
}
