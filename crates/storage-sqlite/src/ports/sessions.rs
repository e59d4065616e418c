//! Sessions (A7).

use std::net::IpAddr;

use cutis_domain::{AccountId, Digest, Invalid, SessionId, Text, Timestamp};
use cutis_storage::backend::session_seen_content;
use cutis_storage::port::{Session, SessionsRead, SessionsWrite};
use rusqlite::{Row, params};

use super::{Ports, micros};
use crate::columns::Columns;
use crate::error::{Result, failed};
use crate::evidence::SESSION_SEEN;
use crate::sql::sessions as sql;

impl SessionsRead for Ports {
    fn session_by_token(&self, token: &Digest) -> Result<Option<Session>> {
        self.one(sql::BY_TOKEN, [token.as_bytes()], session)
    }

    fn live_sessions(&self, account: AccountId, now: Timestamp) -> Result<Vec<Session>> {
        self.all(sql::LIVE, params![account.as_bytes(), now.as_micros()], session)
    }
}

impl SessionsWrite for Ports {
    fn insert_session(&mut self, session: &Session) -> Result<()> {
        self.run(
            sql::INSERT,
            params![
                session.id.as_bytes(),
                session.account.as_bytes(),
                session.token.as_bytes(),
                session.created_at.as_micros(),
                session.expires_at.as_micros(),
                session.last_seen_at.as_micros(),
                session.address.map(|address| address.to_string()),
                session.agent.as_ref().map(Text::as_str),
                micros(session.ended_at),
            ],
        )
        .map(|_| ())
    }

    fn end_session(&mut self, account: AccountId, id: SessionId, at: Timestamp) -> Result<bool> {
        Ok(self.run(
            sql::END,
            params![account.as_bytes(), id.as_bytes(), at.as_micros()],
        )? > 0)
    }

    fn end_all_sessions(&mut self, account: AccountId, at: Timestamp) -> Result<Vec<SessionId>> {
        self.in_transaction()?;
        self.all(sql::END_ALL, params![account.as_bytes(), at.as_micros()], |row| {
            Columns::of(row, "session")?.id("id", SessionId::from_bytes)
        })
    }

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
            self.run(
                sql::SEEN_UPDATE,
                params![row, at, mac(SESSION_SEEN, row, &content)],
            )?;
        } else if self.one(sql::EXISTS, [id.as_bytes()], |_| Ok(()))?.is_some() {
            let row = self.one(sql::SEEN_NEXT_ROW, [], number)?.unwrap_or(1);
            self.run(
                sql::SEEN_INSERT,
                params![row, id.as_bytes(), at, mac(SESSION_SEEN, row, &content)],
            )?;
        }
        Ok(())
    }
}

fn session(row: &Row<'_>) -> Result<Session> {
    let mut columns = Columns::of(row, "session")?;
    Ok(Session {
        id: columns.id("id", SessionId::from_bytes)?,
        account: columns.id("account_id", AccountId::from_bytes)?,
        token: columns.digest("token")?,
        created_at: columns.time("created_at")?,
        expires_at: columns.time("expires_at")?,
        last_seen_at: columns.time("last_seen_at")?,
        address: columns.parse_if_any("address", address)?,
        agent: columns.parse_if_any("agent", Text::parse)?,
        ended_at: columns.time_if_any("ended_at")?,
    })
}

pub(super) fn address(text: &str) -> std::result::Result<IpAddr, Invalid> {
    text.parse()
        .map_err(|_| Invalid::new("address", "an address is IPv4 or IPv6"))
}
