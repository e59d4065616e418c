//! How the failures of use cases become problems: one table for each error, in one place.

use std::collections::BTreeMap;
use std::error::Error as StdError;

use cutis_records::RecordError;
use cutis_records::outcome::{ErrorKind, StorageError};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response};
use utoipa::{IntoResponses, PartialSchema as _, ToSchema as _};

use cutis_edge::problem::{Code, FieldError as FieldProblem, Problem};

use crate::wire_names;

/// Documents that everything but the listed successes is a problem.
#[derive(Debug)]
pub struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name(Problem::name())))
            .build();
        let response = ResponseBuilder::new()
            .description("A problem (RFC 9457)")
            .content(cutis_edge::problem::MEDIA_TYPE, content);
        BTreeMap::from([("default".to_owned(), response.build().into())])
    }
}

/// Makes the problem's own schemas known to the document.
pub(super) fn problem_schemas() -> Vec<(String, RefOr<utoipa::openapi::Schema>)> {
    let mut schemas = vec![
        (Problem::name().into_owned(), Problem::schema()),
        (FieldProblem::name().into_owned(), FieldProblem::schema()),
    ];
    Problem::schemas(&mut schemas);
    schemas
}

/// What any use case of a record may end in.
pub(super) fn record(error: RecordError) -> Problem {
    match error {
        RecordError::Invalid(errors) => wire_names::refused(errors),
        RecordError::Absent { .. } => Problem::not_found(),
        RecordError::Signed { entry, .. } => {
            Problem::new(Code::VisitSigned).with_extra("entryId", entry.to_string().into())
        }
        RecordError::Storage(error) => storage(&error),
    }
}

/// A key that cannot be obtained. If the fault lies in one patient's key, the log names patient and remedy, and the
/// client is told whom to ask.
pub(super) fn vault(error: &dyn StdError, is_a_patients_key: bool) -> Problem {
    if is_a_patients_key {
        tracing::error!(%error, "a patient's key cannot be used");
        Problem::new(Code::PatientKeyUnusable)
    } else {
        fault(error)
    }
}

/// A failure of the database, told to a client by kind and to the log whole.
pub(super) fn storage(error: &StorageError) -> Problem {
    match error.kind() {
        ErrorKind::Busy => Problem::busy(),
        ErrorKind::Conflict => Problem::new(Code::Conflict),
        ErrorKind::Full => Problem::new(Code::StorageFull),
        ErrorKind::Tampered => {
            tracing::error!(%error, "a request found something that was changed outside Cutis");
            Problem::new(Code::Tampered)
        }
        ErrorKind::Corrupt | ErrorKind::Unavailable => fault(error),
    }
}

/// A fault of ours: the chain goes to the log, never to the client.
pub(super) fn fault(error: &dyn StdError) -> Problem {
    let mut chain = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        chain.push_str(": ");
        chain.push_str(&cause.to_string());
        source = cause.source();
    }
    tracing::error!(error = chain, "a request failed");
    Problem::internal()
}
