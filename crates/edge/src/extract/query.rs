//! Typed query parameters.

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::extract::faults;
use crate::problem::Problem;

/// The query's parameters, typed.
///
/// A parameter that is unknown (when `T` denies unknown fields), missing, repeated or doesn't parse is answered 422 and
/// named.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T, S> FromRequestParts<S> for Query<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let pairs = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs))
            .map(Self)
            .map_err(|error| faults::problem(&error.path().to_string(), &error.into_inner().to_string()))
    }
}
