-- Entries: one is one visit of one patient (E1).

CREATE TABLE entry (
    row            INTEGER PRIMARY KEY,
    id             BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    owner_id       BLOB    NOT NULL,
    patient_id     BLOB    NOT NULL,
    appointment_at INTEGER NOT NULL CHECK (appointment_at >= 0),
    title          TEXT,
    notes          TEXT    NOT NULL,
    author         TEXT    NOT NULL,
    created_at     INTEGER NOT NULL CHECK (created_at >= 0),
    UNIQUE (owner_id, patient_id, id),
    FOREIGN KEY (owner_id, patient_id) REFERENCES patient (owner_id, id)
) STRICT;

-- Also finds the last and the next appointment.
CREATE INDEX entry_by_appointment ON entry (owner_id, patient_id, appointment_at DESC, id DESC);

CREATE TRIGGER entry_added AFTER INSERT ON entry BEGIN
    UPDATE patient SET entry_count = entry_count + 1, last_modified = max(last_modified, NEW.created_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

CREATE TRIGGER entry_removed AFTER DELETE ON entry BEGIN
    UPDATE patient SET entry_count = entry_count - 1 WHERE owner_id = OLD.owner_id AND id = OLD.patient_id;
END;

CREATE TRIGGER entry_stays BEFORE UPDATE OF id, owner_id, patient_id, created_at ON entry BEGIN
    SELECT RAISE(ABORT, 'an entry stays with its patient');
END;
