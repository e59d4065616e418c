//! Sessions (A7).

use std::net::IpAddr;

use cutis_domain::{AccountId, Digest, PatientId, SessionId, Text, Timestamp};

use crate::error::Result;

/// One sign-in. The cookie's value is not in it, only its digest.
#[derive(Debug, Clone)]
pub struct Session {
    /// The identifier, which grants no access.
    pub id: SessionId,
    /// Whose it is.
    pub account: AccountId,
    /// SHA-256 of the cookie's value.
    pub token: Digest,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// The last use that counted.
    pub last_seen_at: Timestamp,
    /// From which address it began.
    pub address: Option<IpAddr>,
    /// With which program, by its own account.
    pub agent: Option<Text<1, 300>>,
    /// When it was ended by somebody.
    pub ended_at: Option<Timestamp>,
    /// Whose consent is signed on its device, which is in that person's hands (N6).
    pub handed_to: Option<PatientId>,
}

/// Makes the keyed digest of a row, of its table, number and content.
pub type RowMac<'a> = &'a mut dyn FnMut(&str, i64, &[u8]) -> [u8; 32];

/// Reading sessions.
pub trait SessionsRead {
    /// The session with this token digest, ended or not.
    ///
    /// # Errors
    /// When the database fails or the row is corrupt.
    fn session_by_token(&self, token: &Digest) -> Result<Option<Session>>;

    /// An account's sessions that nobody ended and that have not expired at `now`, newest first,
    /// a thousand at most. No account has that many: a sign-in ends what was unused for too long.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn live_sessions(&self, account: AccountId, now: Timestamp) -> Result<Vec<Session>>;
}

/// Changing sessions.
pub trait SessionsWrite {
    /// Adds a session.
    ///
    /// # Errors
    /// When the database fails.
    fn insert_session(&mut self, session: &Session) -> Result<()>;

    /// Ends one session of an account; returns whether there was one to end.
    ///
    /// # Errors
    /// When the database fails.
    fn end_session(&mut self, account: AccountId, id: SessionId, at: Timestamp) -> Result<bool>;

    /// Hands a session that nobody ended over for the consent of a patient, or takes it back; says whether there was
    /// one.
    ///
    /// # Errors
    /// When the database fails.
    fn set_handed_to(
        &mut self,
        account: AccountId,
        id: SessionId,
        patient: Option<PatientId>,
    ) -> Result<bool>;

    /// Ends every session of an account and names them.
    ///
    /// # Errors
    /// When the database fails.
    fn end_all_sessions(&mut self, account: AccountId, at: Timestamp) -> Result<Vec<SessionId>>;
}

/// The unaudited writes of [`crate::Touch`]; no unit has them.
pub trait SessionsTouch {
    /// Notes the last use of a session; `mac` authenticates the row.
    ///
    /// # Errors
    /// When the database fails.
    fn touch_session(&mut self, id: SessionId, at: Timestamp, mac: RowMac<'_>) -> Result<()>;
}
