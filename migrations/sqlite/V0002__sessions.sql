-- Sessions (A7). The cookie's value is nowhere, only its digest.

CREATE TABLE session (
    row        INTEGER PRIMARY KEY,
    id         BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    account_id BLOB    NOT NULL REFERENCES account (id),
    token      BLOB    NOT NULL UNIQUE CHECK (length(token) = 32),
    created_at INTEGER NOT NULL CHECK (created_at >= 0),
    expires_at INTEGER NOT NULL CHECK (expires_at >= created_at),
    -- The last use known when the session began; later ones are in session_seen.
    seen_at    INTEGER NOT NULL CHECK (seen_at >= 0),
    address    TEXT,
    agent      TEXT,
    ended_at   INTEGER CHECK (ended_at >= 0)
) STRICT;

CREATE INDEX session_not_ended ON session (account_id, created_at DESC, id DESC) WHERE ended_at IS NULL;

-- The last use of a session changes with every request, so it leaves no event. The row carries a
-- keyed digest instead; without the row a session merely looks unused since it began.
CREATE TABLE session_seen (
    row          INTEGER PRIMARY KEY,
    session_id   BLOB    NOT NULL UNIQUE REFERENCES session (id),
    last_seen_at INTEGER NOT NULL CHECK (last_seen_at >= 0),
    mac          BLOB    NOT NULL CHECK (length(mac) = 32)
) STRICT;
