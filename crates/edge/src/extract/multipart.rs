//! Forms of files (RFC 7578), read part by part as they arrive.
//!
//! This is our own reader, because the usual one keeps a part's head, and everything before the first part, in memory
//! until they end, and scans all of it again with each packet. Here everything except a part's contents has a small
//! limit, and every byte is scanned once.

mod disposition;
mod limits;
mod scan;

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::extract::{FromRequest, Request};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use http::HeaderMap;
use http::header::CONTENT_TYPE;

use self::disposition::Disposition;
use self::limits::{BOUNDARY, HEAD, PARTS, PREAMBLE};
use self::scan::{Found, Scan};
use crate::body::problem_of;
use crate::problem::{Code, Problem};

/// A form that is being read.
#[derive(Debug)]
pub struct Multipart {
    stream: BodyDataStream,
    /// What arrived and has not been handed out; usually one packet, at most that plus one limit.
    buffer: BytesMut,
    ended: bool,
    scan: Scan,
    place: Place,
    parts: usize,
}

/// The state of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first boundary.
    Preamble,
    /// Behind a boundary.
    Boundary,
    /// In the contents of a part.
    Contents,
    /// Behind the last part.
    Over,
}

/// What was in a form after the place at which reading it was given up.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rest {
    /// The files' names, in order; empty text for one without a name.
    pub names: Vec<String>,
    /// Whether the form was read to its end, so that there are no others.
    pub complete: bool,
}

/// One part, past its head. It must be read to its end before the next.
#[derive(Debug)]
pub struct Part<'f> {
    form: &'f mut Multipart,
    disposition: Disposition,
}

impl<S: Send + Sync> FromRequest<S> for Multipart {
    type Rejection = Problem;

    /// 415 unless the request says that it is `multipart/form-data` with a boundary of 1 to 70 characters.
    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let boundary = boundary_of(request.headers()).ok_or_else(|| {
            Problem::new(Code::UnsupportedMediaType)
                .with_detail("Send the files as multipart/form-data with a boundary.")
        })?;
        Ok(Self::new(request.into_body(), &boundary))
    }
}

impl Multipart {
    fn new(body: Body, boundary: &str) -> Self {
        Self {
            stream: body.into_data_stream(),
            // The first boundary has no line before it; with this one it looks like all the others.
            buffer: BytesMut::from("\r\n"),
            ended: false,
            scan: Scan::new(boundary),
            place: Place::Preamble,
            parts: 0,
        }
    }

    /// The next part, past what is left of this one. `None` after the last.
    ///
    /// # Errors
    ///
    /// 400 when the form isn't well formed, or something in it is over its limit: 1 KiB before the first
    /// part, 8 KiB and 16 fields in a part's head, 256 parts. Else what reading the body failed with.
    pub async fn next_part(&mut self) -> Result<Option<Part<'_>>, Problem> {
        while self.place == Place::Contents {
            self.contents().await?;
        }
        if self.place == Place::Preamble {
            self.preamble().await?;
        }
        if self.place == Place::Over || self.is_last().await? {
            self.place = Place::Over;
            return Ok(None);
        }
        self.parts = self.parts.saturating_add(1);
        if self.parts > PARTS {
            return Err(broken("It has more than 256 parts."));
        }
        let head = self.head().await?;
        let disposition = Disposition::read(&head)?;
        self.place = Place::Contents;
        Ok(Some(Part {
            form: self,
            disposition,
        }))
    }

    /// Continues reading without keeping anything except the names of the files in parts of this name, until the form's end, its first fault, or
    /// for at most `at_most`. A handler that ends a form early can then say which files it did not examine, and a
    /// client that sends everything before it reads gets the answer.
    pub async fn names_of_the_rest(&mut self, called: &str, at_most: Duration) -> Rest {
        let mut rest = Rest::default();
        let reading = async {
            while let Some(part) = self.next_part().await? {
                if part.name() == called {
                    rest.names.push(part.file_name().unwrap_or_default().to_owned());
                }
            }
            Ok::<(), Problem>(())
        };
        let read = tokio::time::timeout(at_most, reading).await;
        rest.complete = matches!(read, Ok(Ok(())));
        rest
    }

    /// Finds the first boundary.
    async fn preamble(&mut self) -> Result<(), Problem> {
        let mut skipped = 0_usize;
        loop {
            match self.scan.look(&self.buffer, self.ended) {
                Found::Boundary { before, behind } => {
                    skipped = skipped.saturating_add(before);
                    drop(self.buffer.split_to(before.saturating_add(behind)));
                    self.place = Place::Boundary;
                }
                Found::Nothing { before } => {
                    skipped = skipped.saturating_add(before);
                    drop(self.buffer.split_to(before));
                }
            }
            // The line break that was put there is none of the sender's bytes.
            if skipped > PREAMBLE.saturating_add(2) {
                return Err(broken("There is more than 1 KiB before its first part."));
            }
            if self.place == Place::Boundary {
                return Ok(());
            }
            self.more().await?;
        }
    }

    /// Whether the boundary just passed is the last; what follows that one is not looked at.
    async fn is_last(&mut self) -> Result<bool, Problem> {
        while self.buffer.len() < 2 {
            self.more().await?;
        }
        if self.buffer.starts_with(b"--") {
            return Ok(true);
        }
        Ok(false)
    }

    /// The rest of the boundary's line, and the part's head.
    async fn head(&mut self) -> Result<Bytes, Problem> {
        let mut looked_at = 0_usize;
        let end = loop {
            // A head without fields ends with the boundary's line.
            let from = looked_at.saturating_sub(3);
            let rest = self.buffer.get(from..).unwrap_or_default();
            if let Some(found) = memchr::memmem::find(rest, b"\r\n\r\n") {
                break from.saturating_add(found);
            }
            looked_at = self.buffer.len();
            // Its end may have begun already: what a head may be doesn't depend on how its bytes arrive.
            if looked_at >= HEAD.saturating_add(4) {
                return Err(broken("The head of a part is longer than 8 KiB."));
            }
            self.more().await?;
        };
        if end > HEAD {
            return Err(broken("The head of a part is longer than 8 KiB."));
        }
        let mut head = self.buffer.split_to(end.saturating_add(4)).freeze();
        let padding = head
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        drop(head.split_to(padding));
        if !head.starts_with(b"\r\n") {
            return Err(broken("A boundary isn't followed by a line break."));
        }
        drop(head.split_to(2));
        Ok(head)
    }

    /// Some of a part's contents; `None` at its end.
    async fn contents(&mut self) -> Result<Option<Bytes>, Problem> {
        loop {
            if self.place != Place::Contents {
                return Ok(None);
            }
            match self.scan.look(&self.buffer, self.ended) {
                Found::Boundary { before, behind } => {
                    let contents = self.buffer.split_to(before).freeze();
                    drop(self.buffer.split_to(behind));
                    self.place = Place::Boundary;
                    if !contents.is_empty() {
                        return Ok(Some(contents));
                    }
                }
                Found::Nothing { before: 0 } => self.more().await?,
                Found::Nothing { before } => return Ok(Some(self.buffer.split_to(before).freeze())),
            }
        }
    }

    /// Waits for more of the body.
    async fn more(&mut self) -> Result<(), Problem> {
        if self.ended {
            return Err(broken("It ends before its last boundary."));
        }
        match self.stream.next().await {
            Some(Ok(bytes)) if self.buffer.is_empty() => self.buffer = BytesMut::from(bytes),
            Some(Ok(bytes)) => self.buffer.extend_from_slice(&bytes),
            Some(Err(error)) => return Err(problem_of(&error)),
            None => self.ended = true,
        }
        Ok(())
    }
}

impl Part<'_> {
    /// The name of the form's field.
    pub fn name(&self) -> &str {
        &self.disposition.name
    }

    /// The file's name as sent.
    pub fn file_name(&self) -> Option<&str> {
        self.disposition.file_name.as_deref()
    }

    /// Some of its contents; `None` at their end.
    ///
    /// # Errors
    ///
    /// 400 when the form ends within the part; else what reading the body failed with.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Problem> {
        self.form.contents().await
    }

    /// All of its contents, which are at most so many bytes.
    ///
    /// # Errors
    ///
    /// 422 naming the part when there are more; else as for [`Part::chunk`].
    pub async fn whole(&mut self, at_most: usize) -> Result<Bytes, Problem> {
        let mut contents = BytesMut::new();
        while let Some(piece) = self.chunk().await? {
            if contents.len().saturating_add(piece.len()) > at_most {
                let message = format!("Send at most {at_most} bytes in this part.");
                return Err(Problem::invalid(self.name().to_owned(), "too_long", message));
            }
            contents.extend_from_slice(&piece);
        }
        Ok(contents.freeze())
    }
}

/// What is wrong with a form, said without repeating anything of it.
fn broken(what: &str) -> Problem {
    Problem::new(Code::BadRequest).with_detail(format!("The form isn't well formed. {what}"))
}

/// The boundary, if there is one content type and it is a form's (RFC 2046, section 5.1.1).
fn boundary_of(headers: &HeaderMap) -> Option<String> {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (types.next(), types.next()) else {
        return None;
    };
    let (essence, parameters) = value.to_str().ok()?.split_once(';')?;
    if !essence.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let mut named = parameters
        .split(';')
        .filter_map(|parameter| parameter.split_once('='));
    let (_, value) = named.find(|(name, _)| name.trim().eq_ignore_ascii_case("boundary"))?;
    let value = value.trim();
    let value = value
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'))
        .unwrap_or(value);
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&byte);
    let fits = (1..=BOUNDARY).contains(&value.len()) && value.bytes().all(allowed) && !value.ends_with(' ');
    fits.then(|| value.to_owned())
}

#[cfg(test)]
mod tests;
