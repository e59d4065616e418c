//! The trail: appending and reading it, newest first.

/// The tables that hold it.
pub(crate) const TABLES: [&str; 4] = ["trail_entry", "trail_index", "trail_tail", "trail_surroundings"];

super::statements! {
    TAIL = "SELECT row, frontier, last_day, size, root, mac FROM trail_tail WHERE row = 1";
    NEWEST = "SELECT coalesce(max(seq), 0) FROM trail_entry";
    APPEND = "INSERT INTO trail_entry (seq, class, day, commitment, mac, salt, payload, surroundings) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    ADD_SURROUNDINGS = "INSERT INTO trail_surroundings (text) VALUES (?1)";
    APPEND_INDEX = "INSERT INTO trail_index (seq, at, actor, action, outcome, target_kind, target_id, \
                    patient, address, security) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    MOVE_TAIL = "UPDATE trail_tail SET frontier = ?1, last_day = ?2, size = ?3, root = ?4, mac = ?5 \
                 WHERE row = 1";
    FIRST_TAIL = "INSERT INTO trail_tail (row, frontier, last_day, size, root, mac) \
                  VALUES (1, ?1, ?2, ?3, ?4, ?5)";
    SIZE = "SELECT size FROM trail_tail WHERE row = 1";
    END = "SELECT row, mac FROM trail_tail WHERE row = 1";
    OF_PATIENT = "SELECT e.seq, e.payload, s.text FROM trail_index i CROSS JOIN trail_entry e ON e.seq = i.seq \
                  LEFT JOIN trail_surroundings s ON s.row = e.surroundings \
                  WHERE i.patient = ?1 AND i.seq < ?2 AND i.action NOT IN (SELECT value FROM json_each(?4)) \
                  ORDER BY i.seq DESC LIMIT ?3";
    // Both halves walk an index of security events only: what an account did, what was done to it.
    OF_ACCOUNT = "SELECT e.seq, e.payload, s.text FROM \
                  (SELECT seq FROM (SELECT seq FROM trail_index WHERE actor = ?1 AND security = 1 \
                   AND seq < ?2 AND action NOT IN (SELECT value FROM json_each(?4)) ORDER BY seq DESC LIMIT ?3) \
                   UNION \
                   SELECT seq FROM (SELECT seq FROM trail_index WHERE target_kind = 'account' \
                   AND target_id = ?1 AND security = 1 AND seq < ?2 \
                   AND action NOT IN (SELECT value FROM json_each(?4)) ORDER BY seq DESC LIMIT ?3) \
                   ORDER BY 1 DESC LIMIT ?3) i \
                  CROSS JOIN trail_entry e ON e.seq = i.seq \
                  LEFT JOIN trail_surroundings s ON s.row = e.surroundings ORDER BY e.seq DESC";
}
