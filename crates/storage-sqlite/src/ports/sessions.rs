//! Sessions (A7).

use std::net::IpAddr;

use cutis_domain::{AccountId, Digest, Invalid, PatientId, SessionId, Text, Timestamp};
use cutis_storage::backend::session_seen_content;
use cutis_storage::port::{Session, SessionsRead, SessionsTouch, SessionsWrite};
use cutis_storage::{ErrorKind, Mismatch};
use rusqlite::{Row, params};

use super::{Ports, Sealed, micros, sealed};
use crate::columns::Columns;
use crate::error::{Result, failed};
use crate::sql::sessions::{self as sql, SEEN_TABLE, TABLE};

impl SessionsRead for Ports {
    fn session_by_token(&self, token: &Digest) -> Result<Option<Session>> {
        self.genuine_one(TABLE, sql::BY_TOKEN, [token.as_bytes()], |row| self.session(row))
    }

    fn live_sessions(&self, account: AccountId, now: Timestamp) -> Result<Vec<Session>> {
        let found = self.all(sql::LIVE, params![account.as_bytes(), now.as_micros()], |row| {
            Ok((sealed(TABLE, row)?, self.session(row)))
        })?;
        let mut sessions = Vec::with_capacity(found.len());
        for (sealed, session) in found {
            // A session that is not ours opens nothing and is nobody's: it is not listed.
            if self.is_genuine(&sealed)? {
                sessions.push(session?);
            }
        }
        Ok(sessions)
    }
}

impl SessionsWrite for Ports {
    fn insert_session(&mut self, session: &Session) -> Result<()> {
        let values = sql::Values {
            account_id: session.account.as_bytes(),
            token: session.token.as_bytes(),
            created_at: &session.created_at.as_micros(),
            expires_at: &session.expires_at.as_micros(),
            seen_at: &session.last_seen_at.as_micros(),
            address: &session.address.map(|address| address.to_string()),
            agent: &session.agent.as_ref().map(Text::as_str),
            ended_at: &micros(session.ended_at),
            handed_to: &session.handed_to.as_ref().map(PatientId::as_bytes),
        };
        self.run(sql::INSERT, values.after(&[session.id.as_bytes()]).as_slice())
            .map(|_| ())
    }

    fn end_session(&mut self, account: AccountId, id: SessionId, at: Timestamp) -> Result<bool> {
        Ok(self.run(
            sql::END,
            params![account.as_bytes(), id.as_bytes(), at.as_micros()],
        )? > 0)
    }

    fn set_handed_to(
        &mut self,
        account: AccountId,
        id: SessionId,
        patient: Option<PatientId>,
    ) -> Result<bool> {
        let patient = patient.as_ref().map(PatientId::as_bytes);
        Ok(self.run(
            sql::HAND_OVER,
            params![account.as_bytes(), id.as_bytes(), patient],
        )? > 0)
    }

    fn end_all_sessions(&mut self, account: AccountId, at: Timestamp) -> Result<Vec<SessionId>> {
        let open = self.all(sql::NOT_ENDED, [account.as_bytes()], |row| {
            let id = Columns::of(row, TABLE)?.id("id", SessionId::from_bytes)?;
            Ok((sealed(TABLE, row)?, id))
        })?;
        self.in_transaction()?;
        let mut ended = Vec::with_capacity(open.len());
        for (sealed, id) in open {
            // One that is not ours opens nothing, and must not keep the others open.
            if self.is_genuine(&sealed)? && self.end_session(account, id, at)? {
                ended.push(id);
            }
        }
        Ok(ended)
    }
}

impl SessionsTouch for Ports {
    fn touch_session(
        &mut self,
        id: SessionId,
        at: Timestamp,
        mac: &mut dyn FnMut(&str, i64, &[u8]) -> [u8; 32],
    ) -> Result<()> {
        let at = at.as_micros();
        let content = session_seen_content(id, at);
        let number = |row: &Row<'_>| row.get::<_, i64>(0).map_err(failed);
        if let Some(row) = self.one(sql::SEEN_ROW, [id.as_bytes()], number)? {
            self.run(sql::SEEN_UPDATE, params![row, at, mac(SEEN_TABLE, row, &content)])?;
        } else if self.one(sql::EXISTS, [id.as_bytes()], |_| Ok(()))?.is_some() {
            let row = self.one(sql::SEEN_NEXT_ROW, [], number)?.unwrap_or(1);
            self.run(
                sql::SEEN_INSERT,
                params![row, id.as_bytes(), at, mac(SEEN_TABLE, row, &content)],
            )?;
        }
        Ok(())
    }
}

impl Ports {
    fn session(&self, row: &Row<'_>) -> Result<Session> {
        let mut columns = Columns::of(row, TABLE)?;
        let mut session = Session {
            account: columns.id("account_id", AccountId::from_bytes)?,
            token: columns.digest("token")?,
            created_at: columns.time("created_at")?,
            expires_at: columns.time("expires_at")?,
            last_seen_at: columns.time("seen_at")?,
            address: columns.parse_if_any("address", address)?,
            agent: columns.parse_if_any("agent", Text::stored)?,
            ended_at: columns.time_if_any("ended_at")?,
            handed_to: columns.id_if_any("handed_to", PatientId::from_bytes)?,
            id: columns.id("id", SessionId::from_bytes)?,
        };
        if let Some(used) = self.last_use(session.id, &mut columns)? {
            session.last_seen_at = session.last_seen_at.max(used);
        }
        Ok(session)
    }

    /// The last use, if one was noted and the note is authentic. Without it, the session counts as unused since it
    /// began: it ends sooner, never later.
    fn last_use(&self, session: SessionId, columns: &mut Columns<'_, '_>) -> Result<Option<Timestamp>> {
        let Some(row) = columns.get::<Option<i64>>("seen_row")? else {
            return Ok(None);
        };
        let at = columns.time("last_seen_at")?;
        let code: Vec<u8> = columns.get("seen_mac")?;
        let content = session_seen_content(session, at.as_micros());
        let guard = &self.1.guard;
        let ours = <[u8; 32]>::try_from(code)
            .is_ok_and(|code| guard.key().row_is_ours(SEEN_TABLE, row, &content, &code));
        if ours {
            return Ok(Some(at));
        }
        guard.alarms().raise(Mismatch::Row {
            table: SEEN_TABLE,
            row,
        });
        Ok(None)
    }

    fn is_genuine(&self, sealed: &Sealed) -> Result<bool> {
        match self.genuine(sealed) {
            Err(error) if error.kind() == ErrorKind::Tampered => Ok(false),
            genuine => genuine.map(|()| true),
        }
    }
}

pub(super) fn address(text: &str) -> std::result::Result<IpAddr, Invalid> {
    text.parse()
        .map_err(|_| Invalid::new("address", "an address is IPv4 or IPv6"))
}
