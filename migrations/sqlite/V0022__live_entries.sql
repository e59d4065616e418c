-- Entries that are saved as they are typed (E1 to E5, S1).

-- How often each field was changed, nothing before the first time, so that rows of before stay as they are attested;
-- and when an entry was signed, and by whom: from then on it is frozen (E5).
ALTER TABLE entry ADD COLUMN appointment_version INTEGER CHECK (appointment_version >= 1);
ALTER TABLE entry ADD COLUMN title_version INTEGER CHECK (title_version >= 1);
ALTER TABLE entry ADD COLUMN notes_version INTEGER CHECK (notes_version >= 1);
ALTER TABLE entry ADD COLUMN changed_at INTEGER CHECK (changed_at >= 0);
ALTER TABLE entry ADD COLUMN signed_by TEXT;
ALTER TABLE entry ADD COLUMN signed_at INTEGER CHECK ((signed_at IS NULL) = (signed_by IS NULL));

-- The notes as they are now, sealed under the patient's key. An entry without a row has the text of its column, which
-- is empty but for entries that were added before this table was, and not changed since.
CREATE TABLE entry_notes (
    row        INTEGER PRIMARY KEY,
    owner_id   BLOB    NOT NULL,
    patient_id BLOB    NOT NULL,
    entry_id   BLOB    NOT NULL,
    content    BLOB    NOT NULL,
    UNIQUE (owner_id, patient_id, entry_id),
    FOREIGN KEY (owner_id, patient_id, entry_id) REFERENCES entry (owner_id, patient_id, id)
) STRICT;

-- What each change made of a field, who made it and when. Sealed under the patient's key: a value in full, or the
-- splices that make it of the version before.
CREATE TABLE entry_revision (
    row        INTEGER PRIMARY KEY,
    owner_id   BLOB    NOT NULL,
    patient_id BLOB    NOT NULL,
    entry_id   BLOB    NOT NULL,
    field      TEXT    NOT NULL CHECK (field IN ('appointment_at', 'title', 'notes')),
    version    INTEGER NOT NULL CHECK (version >= 0),
    in_full    INTEGER NOT NULL CHECK (in_full IN (0, 1)),
    content    BLOB    NOT NULL,
    -- Of the value, in UTF-8.
    bytes      INTEGER NOT NULL CHECK (bytes >= 0),
    author     TEXT    NOT NULL,
    -- With which program, by its own account.
    agent      TEXT,
    at         INTEGER NOT NULL CHECK (at >= 0),
    -- The version whose value was restored.
    restored   INTEGER CHECK (restored >= 0),
    UNIQUE (owner_id, patient_id, entry_id, field, version),
    FOREIGN KEY (owner_id, patient_id, entry_id) REFERENCES entry (owner_id, patient_id, id)
) STRICT;

CREATE INDEX entry_revision_in_full ON entry_revision (owner_id, patient_id, entry_id, field, version)
    WHERE in_full = 1;

-- The last edit of each client that was stored, so that the same edit is never stored twice. Its body is a keyed digest.
CREATE TABLE entry_edit (
    row        INTEGER PRIMARY KEY,
    owner_id   BLOB    NOT NULL,
    patient_id BLOB    NOT NULL,
    entry_id   BLOB    NOT NULL,
    field      TEXT    NOT NULL CHECK (field IN ('appointment_at', 'title', 'notes')),
    client_id  BLOB    NOT NULL CHECK (length(client_id) = 16),
    seq        INTEGER NOT NULL CHECK (seq >= 0),
    body       BLOB    NOT NULL CHECK (length(body) = 32),
    version    INTEGER NOT NULL CHECK (version >= 0),
    at         INTEGER NOT NULL CHECK (at >= 0),
    UNIQUE (owner_id, patient_id, entry_id, field, client_id),
    FOREIGN KEY (owner_id, patient_id, entry_id) REFERENCES entry (owner_id, patient_id, id)
) STRICT;

-- Later remarks on a signed entry (E5), sealed under the patient's key.
CREATE TABLE entry_addendum (
    row        INTEGER PRIMARY KEY,
    id         BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    owner_id   BLOB    NOT NULL,
    patient_id BLOB    NOT NULL,
    entry_id   BLOB    NOT NULL,
    content    BLOB    NOT NULL,
    author     TEXT    NOT NULL,
    at         INTEGER NOT NULL CHECK (at >= 0),
    FOREIGN KEY (owner_id, patient_id, entry_id) REFERENCES entry (owner_id, patient_id, id)
) STRICT;

CREATE INDEX entry_addendum_by_time ON entry_addendum (owner_id, patient_id, entry_id, at, id);

-- How the owner looks at an entry (E2, E4).
CREATE TABLE entry_layout (
    row         INTEGER PRIMARY KEY,
    owner_id    BLOB    NOT NULL,
    patient_id  BLOB    NOT NULL,
    entry_id    BLOB    NOT NULL,
    workspace   INTEGER NOT NULL CHECK (workspace IN (0, 1)),
    comparisons INTEGER NOT NULL CHECK (comparisons IN (0, 1)),
    notes       INTEGER NOT NULL CHECK (notes IN (0, 1)),
    direction   TEXT    NOT NULL CHECK (direction IN ('ascending', 'descending')),
    size        TEXT    NOT NULL CHECK (size IN ('small', 'medium', 'large')),
    UNIQUE (owner_id, patient_id, entry_id),
    FOREIGN KEY (owner_id, patient_id, entry_id) REFERENCES entry (owner_id, patient_id, id)
) STRICT;

CREATE TRIGGER entry_changed AFTER UPDATE OF changed_at ON entry BEGIN
    UPDATE patient SET last_modified = max(last_modified, NEW.changed_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

CREATE TRIGGER entry_addendum_added AFTER INSERT ON entry_addendum BEGIN
    UPDATE patient SET last_modified = max(last_modified, NEW.at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

-- E5: what is signed is frozen, whatever a program tries.
CREATE TRIGGER entry_is_signed_once BEFORE UPDATE ON entry WHEN OLD.signed_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'a signed entry is never changed');
END;

CREATE TRIGGER entry_revision_stays BEFORE UPDATE ON entry_revision BEGIN
    SELECT RAISE(ABORT, 'a revision is never changed');
END;

CREATE TRIGGER entry_addendum_stays BEFORE UPDATE ON entry_addendum BEGIN
    SELECT RAISE(ABORT, 'an addendum is never changed');
END;
