//! All kinds of problem, each with its status and its text.

use http::StatusCode;

/// A kind of problem. Its code is part of the contract and never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// `bad_request`, 400: bad request.
    BadRequest,
    /// `invalid_json`, 400: not json.
    InvalidJson,
    /// `unauthenticated`, 401: sign in first.
    Unauthenticated,
    /// `sign_in_failed`, 401: sign-in failed.
    SignInFailed,
    /// `forbidden`, 403: not allowed.
    Forbidden,
    /// `handed_over`, 403: the device is in a patient's hands, for signing.
    HandedOver,
    /// `password_needed`, 403: the password has to be entered again first.
    PasswordNeeded,
    /// `setup_code_wrong`, 403: wrong set-up code.
    SetupCodeWrong,
    /// `not_found`, 404: not found.
    NotFound,
    /// `method_not_allowed`, 405: method not allowed.
    MethodNotAllowed,
    /// `request_timeout`, 408: too slow.
    RequestTimeout,
    /// `conflict`, 409: conflict.
    Conflict,
    /// `unique_id_taken`, 409: unique id taken.
    UniqueIdTaken,
    /// `stale_version`, 409: changed meanwhile.
    StaleVersion,
    /// `setup_done`, 409: already set up.
    SetupDone,
    /// `too_many_sessions`, 409: some of an account's sessions must end before another begins.
    TooManySessions,
    /// `visit_signed`, 409: the visit is signed, so nothing of it can be changed.
    VisitSigned,
    /// `condition_failed`, 412: a condition of the request does not hold.
    ConditionFailed,
    /// `too_large`, 413: too large.
    TooLarge,
    /// `uri_too_long`, 414: address too long.
    UriTooLong,
    /// `unsupported_media_type`, 415: unsupported media type.
    UnsupportedMediaType,
    /// `range_not_satisfiable`, 416: a part was asked for that is not within the file.
    RangeNotSatisfiable,
    /// `misdirected`, 421: wrong host name.
    Misdirected,
    /// `invalid`, 422: not valid.
    Invalid,
    /// `consent_required`, 422: consent required.
    ConsentRequired,
    /// `unrenderable`, 422: an image can't be shown in full size.
    Unrenderable,
    /// `throttled`, 429: too many attempts.
    Throttled,
    /// `internal`, 500: server fault.
    Internal,
    /// `integrity_mismatch`, 500: changed outside the program.
    Tampered,
    /// `patient_key_unusable`, 500: the patient's key is missing, damaged or destroyed.
    PatientKeyUnusable,
    /// `busy`, 503: busy.
    Busy,
    /// `disk_full`, 503: changes are refused for lack of space. Of the server's readiness only; what is refused for it
    /// is `storage_full`.
    DiskFull,
    /// `structure_changed`, 503: the database's structure was changed outside the program.
    StructureChanged,
    /// `storage_full`, 507: storage full.
    StorageFull,
}

/// What is said about one kind.
struct Words {
    code: &'static str,
    status: StatusCode,
    title: &'static str,
    detail: &'static str,
}

const fn words(code: &'static str, status: StatusCode, title: &'static str, detail: &'static str) -> Words {
    Words {
        code,
        status,
        title,
        detail,
    }
}

impl Code {
    /// Every kind there is.
    pub const ALL: [Self; 34] = [
        Self::BadRequest,
        Self::InvalidJson,
        Self::Unauthenticated,
        Self::SignInFailed,
        Self::Forbidden,
        Self::HandedOver,
        Self::PasswordNeeded,
        Self::SetupCodeWrong,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::RequestTimeout,
        Self::Conflict,
        Self::UniqueIdTaken,
        Self::StaleVersion,
        Self::SetupDone,
        Self::TooManySessions,
        Self::VisitSigned,
        Self::ConditionFailed,
        Self::TooLarge,
        Self::UriTooLong,
        Self::UnsupportedMediaType,
        Self::RangeNotSatisfiable,
        Self::Misdirected,
        Self::Invalid,
        Self::ConsentRequired,
        Self::Unrenderable,
        Self::Throttled,
        Self::Internal,
        Self::Tampered,
        Self::PatientKeyUnusable,
        Self::Busy,
        Self::DiskFull,
        Self::StructureChanged,
        Self::StorageFull,
    ];

    #[expect(clippy::too_many_lines, reason = "a table with one entry for each kind")]
    const fn words(self) -> Words {
        match self {
            Self::BadRequest => words(
                "bad_request",
                StatusCode::BAD_REQUEST,
                "Bad request",
                "The request isn't well formed.",
            ),
            Self::InvalidJson => words(
                "invalid_json",
                StatusCode::BAD_REQUEST,
                "Not JSON",
                "The body isn't valid JSON in UTF-8.",
            ),
            Self::Unauthenticated => words(
                "unauthenticated",
                StatusCode::UNAUTHORIZED,
                "Sign in first",
                "Nobody is signed in, or the session has ended. Sign in and try again.",
            ),
            Self::SignInFailed => words(
                "sign_in_failed",
                StatusCode::UNAUTHORIZED,
                "Sign-in failed",
                "Incorrect username or password.",
            ),
            Self::Forbidden => words(
                "forbidden",
                StatusCode::FORBIDDEN,
                "Not allowed",
                "This account is not allowed to do this.",
            ),
            Self::HandedOver => words(
                "handed_over",
                StatusCode::FORBIDDEN,
                "Handed over for signing",
                "This device was handed to a patient for signing. Enter your password on it to continue, or sign out.",
            ),
            Self::PasswordNeeded => words(
                "password_needed",
                StatusCode::FORBIDDEN,
                "Enter your password again",
                "For this the password has to have been entered within the last ten minutes. Enter it, then try again.",
            ),
            Self::SetupCodeWrong => words(
                "setup_code_wrong",
                StatusCode::FORBIDDEN,
                "Wrong set-up code",
                "The set-up code is wrong. It is shown where the server was started.",
            ),
            Self::NotFound => words(
                "not_found",
                StatusCode::NOT_FOUND,
                "Not found",
                "There is nothing here, or this account may not see it.",
            ),
            Self::MethodNotAllowed => words(
                "method_not_allowed",
                StatusCode::METHOD_NOT_ALLOWED,
                "Method not allowed",
                "This address doesn't support that method.",
            ),
            Self::RequestTimeout => words(
                "request_timeout",
                StatusCode::REQUEST_TIMEOUT,
                "Too slow",
                "The request took too long to arrive. Check the connection and try again.",
            ),
            Self::Conflict => words(
                "conflict",
                StatusCode::CONFLICT,
                "Conflict",
                "This conflicts with what is stored.",
            ),
            Self::UniqueIdTaken => words(
                "unique_id_taken",
                StatusCode::CONFLICT,
                "Unique ID taken",
                "Another patient has this unique ID.",
            ),
            Self::StaleVersion => words(
                "stale_version",
                StatusCode::CONFLICT,
                "Changed in the meantime",
                "Somebody changed this since it was loaded. Compare and save again.",
            ),
            Self::SetupDone => words(
                "setup_done",
                StatusCode::CONFLICT,
                "Already set up",
                "This server is set up. Sign in instead.",
            ),
            Self::TooManySessions => words(
                "too_many_sessions",
                StatusCode::CONFLICT,
                "Too many open sessions",
                "This account already has a hundred open sessions. Choose which of them to end, and sign in again.",
            ),
            Self::VisitSigned => words(
                "visit_signed",
                StatusCode::CONFLICT,
                "Visit signed",
                "This visit is signed, so nothing of it can be changed any more: neither its text nor its photos, comparisons and \
                 tags. Nothing was changed. Add an addendum to the visit instead.",
            ),
            Self::ConditionFailed => words(
                "condition_failed",
                StatusCode::PRECONDITION_FAILED,
                "A condition does not hold",
                "What is stored is not what the request's condition (`If-Match`) names. The header `ETag` names what is \
                 stored: ask again with that, or without a condition.",
            ),
            Self::TooLarge => words(
                "too_large",
                StatusCode::PAYLOAD_TOO_LARGE,
                "Too large",
                "The request's body is larger than this address accepts.",
            ),
            Self::UriTooLong => words(
                "uri_too_long",
                StatusCode::URI_TOO_LONG,
                "Address too long",
                "The address asked for is too long.",
            ),
            Self::UnsupportedMediaType => words(
                "unsupported_media_type",
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Unsupported media type",
                "The body's media type or encoding isn't accepted here.",
            ),
            Self::RangeNotSatisfiable => words(
                "range_not_satisfiable",
                StatusCode::RANGE_NOT_SATISFIABLE,
                "Not within the file",
                "The part asked for (`Range`) begins behind the end of the file. The header `Content-Range` says how many \
                 bytes the file has: ask for a part within them, or for all of it.",
            ),
            Self::Misdirected => words(
                "misdirected",
                StatusCode::MISDIRECTED_REQUEST,
                "Wrong host name",
                "This server doesn't answer to the host name that was used. Use its own name or address.",
            ),
            Self::Invalid => words(
                "invalid",
                StatusCode::UNPROCESSABLE_ENTITY,
                "Not valid",
                "Some fields can't be accepted as they are.",
            ),
            Self::ConsentRequired => words(
                "consent_required",
                StatusCode::UNPROCESSABLE_ENTITY,
                "Consent required",
                "The practice requires a current consent of this patient first.",
            ),
            Self::Unrenderable => words(
                "unrenderable",
                StatusCode::UNPROCESSABLE_ENTITY,
                "Can't be shown in full size",
                "Rendering this photo in full size takes more memory or time than is allowed. View it fitted to the \
                 screen, or download the original.",
            ),
            Self::Throttled => words(
                "throttled",
                StatusCode::TOO_MANY_REQUESTS,
                "Too many attempts",
                "Too many attempts. Wait, then try again.",
            ),
            Self::Internal => words(
                "internal",
                StatusCode::INTERNAL_SERVER_ERROR,
                "Server error",
                "Something went wrong on the server. Quote the request id when asking for help.",
            ),
            Self::Tampered => words(
                "integrity_mismatch",
                StatusCode::INTERNAL_SERVER_ERROR,
                "Record changed outside Cutis",
                "A stored record was changed outside Cutis, so it was not used. Ask your administrator to run “cutis \
                 audit verify” on the server and to restore a backup.",
            ),
            Self::PatientKeyUnusable => words(
                "patient_key_unusable",
                StatusCode::INTERNAL_SERVER_ERROR,
                "The patient's key cannot be used",
                "The key that opens this patient's photos is missing or cannot be used, so nothing of theirs can \
                 be shown or added. Nothing was lost by this request. Tell the person who looks after the server at once.",
            ),
            Self::Busy => words(
                "busy",
                StatusCode::SERVICE_UNAVAILABLE,
                "Busy",
                "The server is busy at the moment. Try again shortly.",
            ),
            Self::DiskFull => words(
                "disk_full",
                StatusCode::SERVICE_UNAVAILABLE,
                "Disk full",
                "The disk is full: photos and changes are refused; viewing, signing in and signing out still work. Make \
                 room on the disk that holds the data folder. Nothing has to be restarted.",
            ),
            Self::StructureChanged => words(
                "structure_changed",
                StatusCode::SERVICE_UNAVAILABLE,
                "Database changed outside Cutis",
                "Something other than Cutis changed the database's structure. Until that is undone nothing can be changed \
                 and nobody can sign in. The server's log says what it was and what to do.",
            ),
            Self::StorageFull => words(
                "storage_full",
                StatusCode::INSUFFICIENT_STORAGE,
                "Storage full",
                "The server's disk is full. Nothing was stored. Ask an administrator to make room, then try again.",
            ),
        }
    }

    /// The code as programs see it.
    pub const fn as_str(self) -> &'static str {
        self.words().code
    }

    /// The HTTP status that goes with it.
    pub const fn status(self) -> StatusCode {
        self.words().status
    }

    /// The kind in a few words, for people.
    pub const fn title(self) -> &'static str {
        self.words().title
    }

    /// The text that is used if there is nothing more specific to say.
    pub const fn default_detail(self) -> &'static str {
        self.words().detail
    }

    /// The kind that is closest to a bare status.
    pub fn for_status(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::Unauthenticated,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            405 => Self::MethodNotAllowed,
            408 => Self::RequestTimeout,
            409 => Self::Conflict,
            412 => Self::ConditionFailed,
            413 => Self::TooLarge,
            414 => Self::UriTooLong,
            415 => Self::UnsupportedMediaType,
            416 => Self::RangeNotSatisfiable,
            421 => Self::Misdirected,
            422 => Self::Invalid,
            429 => Self::Throttled,
            503 => Self::Busy,
            507 => Self::StorageFull,
            500..=599 => Self::Internal,
            _ => Self::BadRequest,
        }
    }
}
