//! Sessions and when they were last used.

super::table::table! {
    "session";
    by hand: "id";
    columns: account_id token created_at expires_at seen_at address agent ended_at handed_to;
    written: ;
    read: id;
}

/// The table of last uses, whose rows carry a keyed digest.
pub(crate) const SEEN_TABLE: &str = "session_seen";

macro_rules! session {
    () => {
        concat!(
            "SELECT ",
            selected!(),
            ", seen_row, last_seen_at, seen_mac, s.* FROM session s LEFT JOIN \
             (SELECT row AS seen_row, session_id, last_seen_at, mac AS seen_mac FROM session_seen) u \
             ON u.session_id = s.id "
        )
    };
}

super::statements! {
    BY_TOKEN = concat!(session!(), "WHERE s.token = ?1");
    LIVE = concat!(
        session!(),
        "WHERE s.account_id = ?1 AND s.ended_at IS NULL AND s.expires_at > ?2 \
         ORDER BY s.created_at DESC, s.id DESC LIMIT 1000"
    );
    INSERT = concat!("INSERT INTO session (id", named!(), ") VALUES (?1", numbered!(), ")");
    END = "UPDATE session SET ended_at = ?3 WHERE id = ?2 AND account_id = ?1 AND ended_at IS NULL";
    HAND_OVER = "UPDATE session SET handed_to = ?3 WHERE id = ?2 AND account_id = ?1 AND ended_at IS NULL";
    NOT_ENDED = "SELECT row, id, s.* FROM session s WHERE account_id = ?1 AND ended_at IS NULL";
    EXISTS = "SELECT 1 FROM session WHERE id = ?1";
    SEEN_ROW = "SELECT row FROM session_seen WHERE session_id = ?1";
    SEEN_NEXT_ROW = "SELECT coalesce(max(row), 0) + 1 FROM session_seen";
    SEEN_INSERT = "INSERT INTO session_seen (row, session_id, last_seen_at, mac) VALUES (?1, ?2, ?3, ?4)";
    SEEN_UPDATE = "UPDATE session_seen SET last_seen_at = ?2, mac = ?3 WHERE row = ?1";
}
