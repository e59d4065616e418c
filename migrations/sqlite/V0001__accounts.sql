-- Accounts (A1) and what slows guessing down (A8).
--
-- Every table outside the trail has `row`, a number that stays, by which the trail attests the row.
-- Times are microseconds since 1970 in UTC; ids are the sixteen bytes of a UUID.

CREATE TABLE account (
    row           INTEGER PRIMARY KEY,
    id            BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    -- Unique over every state: a username is never reused (A1).
    username      TEXT    NOT NULL UNIQUE CHECK (length(username) BETWEEN 3 AND 32),
    first_name    TEXT    NOT NULL,
    last_name     TEXT    NOT NULL,
    email         TEXT    UNIQUE CHECK (email LIKE '%_@_%'),
    administrator INTEGER NOT NULL CHECK (administrator IN (0, 1)),
    clinician     INTEGER NOT NULL CHECK (clinician IN (0, 1)),
    state         TEXT    NOT NULL CHECK (state IN ('active', 'deleted', 'disabled', 'locked', 'pending')),
    password      TEXT    NOT NULL,
    created_at    INTEGER NOT NULL CHECK (created_at >= 0)
) STRICT;

-- Failures in a row, for an account or an address; the key names no person.
CREATE TABLE throttle (
    row             INTEGER PRIMARY KEY,
    key             TEXT    NOT NULL UNIQUE,
    failures        INTEGER NOT NULL CHECK (failures >= 0),
    last_failure_at INTEGER NOT NULL CHECK (last_failure_at >= 0),
    locked_until    INTEGER CHECK (locked_until >= 0)
) STRICT;
