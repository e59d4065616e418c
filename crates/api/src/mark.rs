//! What the addresses of a session's thumbnails carry, so that they are no other session's: a browser keeps thumbnails for
//! a while, and must not show one session's to the next.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cutis_domain::{Clinician, SessionId};
use sha2::{Digest as _, Sha256};

/// Follows from the session's id, which is no secret, and grants nothing without the session's cookie.
pub(crate) fn of_session(session: SessionId) -> String {
    let mut hash = Sha256::new();
    hash.update(b"cutis: addresses of thumbnails");
    hash.update(session.as_bytes());
    let digest = hash.finalize();
    let (mark, _) = digest.split_at(12);
    URL_SAFE_NO_PAD.encode(mark)
}

/// Whether this is the mark of the caller's session.
pub(crate) fn is_of(mark: &str, by: &Clinician) -> bool {
    by.caller()
        .session
        .is_some_and(|session| of_session(session) == mark)
}
