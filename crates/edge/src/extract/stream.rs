//! A body of plain bytes, read as it arrives.

use axum::body::BodyDataStream;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::header::CONTENT_TYPE;

use crate::body::problem_of;
use crate::problem::{Code, Problem};

const MEDIA_TYPE: &str = "application/octet-stream";

/// Bytes that arrive.
#[derive(Debug)]
pub struct Octets(BodyDataStream);

impl<S: Send + Sync> FromRequest<S> for Octets {
    type Rejection = Problem;

    /// 415 unless the request says that it is `application/octet-stream`.
    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let said = request.headers().get(CONTENT_TYPE);
        if said.is_none_or(|said| !said.as_bytes().eq_ignore_ascii_case(MEDIA_TYPE.as_bytes())) {
            return Err(Problem::new(Code::UnsupportedMediaType)
                .with_detail("Send the bytes as application/octet-stream."));
        }
        Ok(Self(request.into_body().into_data_stream()))
    }
}

impl Octets {
    /// The next bytes; `None` at the end.
    ///
    /// # Errors
    /// 413 over the route's limit, 408 when they arrive too slowly, 400 when the body ended early.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Problem> {
        match self.0.next().await {
            None => Ok(None),
            Some(Ok(bytes)) => Ok(Some(bytes)),
            Some(Err(error)) => Err(problem_of(&error)),
        }
    }
}
