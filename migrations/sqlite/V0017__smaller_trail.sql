-- The trail in less room, without losing a fact. What is hashed and verified are the bytes of an event as they always were; they
-- are kept in a form that gives them back to the letter, and what all events of a session share is kept once. Events from before
-- stay as they are stored.

CREATE TABLE trail_surroundings (
    row  INTEGER PRIMARY KEY,
    text BLOB    NOT NULL
) STRICT;

ALTER TABLE trail_entry ADD COLUMN surroundings INTEGER REFERENCES trail_surroundings (row);

CREATE TRIGGER trail_surroundings_are_not_changed BEFORE UPDATE ON trail_surroundings BEGIN
    SELECT RAISE(ABORT, 'the trail is never changed');
END;

CREATE TRIGGER trail_surroundings_are_not_removed BEFORE DELETE ON trail_surroundings BEGIN
    SELECT RAISE(ABORT, 'nothing is removed from the trail');
END;

-- The searchable columns with ids as bytes and times as numbers. Triggers do not run while a table goes.
CREATE TABLE trail_index_before AS SELECT * FROM trail_index;

DROP TABLE trail_index;

CREATE TABLE trail_index (
    seq         INTEGER PRIMARY KEY,
    at          INTEGER NOT NULL,
    actor       BLOB    CHECK (length(actor) = 16),
    action      TEXT    NOT NULL,
    outcome     TEXT    NOT NULL,
    target_kind TEXT,
    -- The bytes of an id, or a word; nothing for the patient of the next column.
    target_id   ANY,
    patient     BLOB    CHECK (length(patient) = 16),
    address     TEXT,
    -- Whether it belongs to an account's own security history (U5): by the entry's class.
    security    INTEGER NOT NULL CHECK (security IN (0, 1))
) STRICT;

INSERT INTO trail_index (seq, at, actor, action, outcome, target_kind, target_id, patient, address, security)
SELECT
    seq,
    unixepoch(substr(at, 1, 19)) * 1000000 + CAST(substr(rtrim(substr(at, 21), 'Z') || '000000', 1, 6) AS INTEGER),
    unhex(actor, '-'),
    action,
    outcome,
    target_kind,
    CASE
        WHEN target_kind = 'patient' AND target_id = patient THEN NULL
        WHEN length(target_id) = 36 THEN coalesce(unhex(target_id, '-'), target_id)
        ELSE target_id
    END,
    unhex(patient, '-'),
    address,
    security
FROM trail_index_before;

DROP TABLE trail_index_before;

CREATE INDEX trail_index_patient ON trail_index (patient, seq) WHERE patient IS NOT NULL;
CREATE INDEX trail_index_actor ON trail_index (actor, seq) WHERE actor IS NOT NULL;
CREATE INDEX trail_index_actor_security ON trail_index (actor, seq) WHERE security = 1;
CREATE INDEX trail_index_account_security ON trail_index (target_id, seq)
    WHERE security = 1 AND target_kind = 'account';

CREATE TRIGGER trail_index_is_not_changed BEFORE UPDATE ON trail_index BEGIN
    SELECT RAISE(ABORT, 'the index of the trail is never changed');
END;

CREATE TRIGGER trail_index_is_not_removed BEFORE DELETE ON trail_index BEGIN
    SELECT RAISE(ABORT, 'nothing is removed from the index of the trail');
END;
