-- The trail (U2, U4): a Merkle tree's leaves, what they are about, and the tree's end.
--
-- The triggers stop the program's own mistakes. Whoever holds the file can drop them; that, and every
-- change made after it, is what `cutis audit verify` finds.

CREATE TABLE trail_entry (
    seq        INTEGER PRIMARY KEY CHECK (seq > 0),
    class      INTEGER NOT NULL CHECK (class BETWEEN 1 AND 255),
    -- Days since 1970; never less than the day before it.
    day        INTEGER NOT NULL CHECK (day BETWEEN 0 AND 4294967295),
    commitment BLOB    NOT NULL CHECK (length(commitment) = 32),
    mac        BLOB    NOT NULL CHECK (length(mac) = 32),
    -- Both go when an event's time of keeping is over; the leaf stays.
    salt       BLOB    CHECK (length(salt) = 32),
    payload    BLOB,
    CHECK ((salt IS NULL) = (payload IS NULL))
) STRICT;

-- Searchable columns, derived from the payload and compared with it by the verifier.
CREATE TABLE trail_index (
    seq         INTEGER PRIMARY KEY,
    at          TEXT    NOT NULL,
    actor       TEXT,
    action      TEXT    NOT NULL,
    outcome     TEXT    NOT NULL,
    target_kind TEXT,
    target_id   TEXT,
    patient     TEXT,
    address     TEXT,
    -- Whether it belongs to an account's own security history (U5): by the entry's class.
    security    INTEGER NOT NULL CHECK (security IN (0, 1))
) STRICT;

CREATE INDEX trail_index_patient ON trail_index (patient, seq) WHERE patient IS NOT NULL;
CREATE INDEX trail_index_actor ON trail_index (actor, seq) WHERE actor IS NOT NULL;
CREATE INDEX trail_index_actor_security ON trail_index (actor, seq) WHERE security = 1;
CREATE INDEX trail_index_account_security ON trail_index (target_id, seq)
    WHERE security = 1 AND target_kind = 'account';

-- Where the trail stands, in one row.
CREATE TABLE trail_tail (
    row      INTEGER PRIMARY KEY CHECK (row = 1),
    frontier BLOB    NOT NULL,
    last_day INTEGER NOT NULL CHECK (last_day BETWEEN 0 AND 4294967295),
    size     INTEGER NOT NULL CHECK (size > 0),
    root     BLOB    NOT NULL CHECK (length(root) = 32),
    mac      BLOB    NOT NULL CHECK (length(mac) = 32)
) STRICT;

CREATE TRIGGER trail_entry_is_not_changed BEFORE UPDATE ON trail_entry BEGIN
    SELECT RAISE(ABORT, 'the trail is never changed');
END;

CREATE TRIGGER trail_entry_is_not_removed BEFORE DELETE ON trail_entry BEGIN
    SELECT RAISE(ABORT, 'nothing is removed from the trail');
END;

CREATE TRIGGER trail_index_is_not_changed BEFORE UPDATE ON trail_index BEGIN
    SELECT RAISE(ABORT, 'the index of the trail is never changed');
END;

CREATE TRIGGER trail_index_is_not_removed BEFORE DELETE ON trail_index BEGIN
    SELECT RAISE(ABORT, 'nothing is removed from the index of the trail');
END;

CREATE TRIGGER trail_tail_only_grows BEFORE UPDATE ON trail_tail WHEN NEW.size <= OLD.size BEGIN
    SELECT RAISE(ABORT, 'the trail only grows');
END;

CREATE TRIGGER trail_tail_is_not_removed BEFORE DELETE ON trail_tail BEGIN
    SELECT RAISE(ABORT, 'the end of the trail is never removed');
END;
