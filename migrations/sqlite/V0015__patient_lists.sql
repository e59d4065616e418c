-- What lists of patients sort and filter by (P3, P4), and the index that narrows a search. All of it is derived: rows of
-- other tables say the same and decide. Triggers and the program keep it, `cutis audit verify` compares it, and it can be
-- made again from those rows; so the trail does not attest it.

-- One narrow row for each patient, with the number of the patient's row.
CREATE TABLE patient_line (
    row              INTEGER PRIMARY KEY,
    owner_id         BLOB    NOT NULL,
    patient_id       BLOB    NOT NULL,
    -- Last, first and middle name, folded; written by the program with the patient.
    name_key         TEXT    NOT NULL DEFAULT '',
    created_at       INTEGER NOT NULL,
    last_modified    INTEGER NOT NULL,
    -- Two appointments with none between: the last and the next of every instant from the one until the other. -1 when
    -- there is none before, 9223372036854775807 when there is none after.
    last_appointment INTEGER NOT NULL DEFAULT -1,
    next_appointment INTEGER NOT NULL DEFAULT 9223372036854775807,
    entry_count      INTEGER NOT NULL,
    image_count      INTEGER NOT NULL,
    -- The date of birth as a number, such as 19800229; 0 when it is not known.
    born             INTEGER NOT NULL,
    -- A bit for each value, so that a filter asks for several at once: female, male, intersex, unknown, none.
    sex              INTEGER NOT NULL,
    -- I to VI, none.
    fitzpatrick      INTEGER NOT NULL,
    -- Until when some consent counts that was not revoked; 0 when there is none.
    consent_until    INTEGER NOT NULL DEFAULT 0,
    -- The latest record: 0 none, 1 revoked, 2 not revoked.
    consent_latest   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX patient_line_by_change ON patient_line (owner_id, last_modified, patient_id);
CREATE INDEX patient_line_by_appointment ON patient_line (owner_id, last_appointment, patient_id);
CREATE INDEX patient_line_by_name ON patient_line (owner_id, name_key, patient_id);
-- Finds the lines whose next appointment has passed.
CREATE INDEX patient_line_overdue ON patient_line (next_appointment) WHERE next_appointment < 9223372036854775807;

-- A document for each patient, of keyed tokens. It cannot be read back, and holds no text.
CREATE VIRTUAL TABLE patient_find USING fts5(grams, content='', contentless_delete=1, detail=none, tokenize='ascii');

-- Patients who were changed since they were indexed.
CREATE TABLE patient_find_due (
    row INTEGER PRIMARY KEY
) STRICT;

-- By which version of the rules names were folded for the order, and for the index up to which row.
CREATE TABLE patient_find_state (
    row   INTEGER PRIMARY KEY CHECK (row = 1),
    names INTEGER NOT NULL,
    grams INTEGER NOT NULL,
    upto  INTEGER NOT NULL
) STRICT;

INSERT INTO patient_find_state (row, names, grams, upto) VALUES (1, 0, 0, 0);

-- The list has its own index now, and a search its own. The column stays, because rows were attested with it.
DROP INDEX patient_by_change;

CREATE TRIGGER patient_line_added AFTER INSERT ON patient BEGIN
    INSERT INTO patient_line (row, owner_id, patient_id, created_at, last_modified, entry_count, image_count, born,
        sex, fitzpatrick)
    VALUES (NEW.row, NEW.owner_id, NEW.id, NEW.created_at, NEW.last_modified, NEW.entry_count, NEW.image_count,
        coalesce(CAST(replace(NEW.birth_date, '-', '') AS INTEGER), 0),
        CASE NEW.sex_at_birth WHEN 'female' THEN 1 WHEN 'male' THEN 2 WHEN 'intersex' THEN 4 WHEN 'unknown' THEN 8
            ELSE 16 END,
        CASE NEW.fitzpatrick WHEN 'I' THEN 1 WHEN 'II' THEN 2 WHEN 'III' THEN 4 WHEN 'IV' THEN 8 WHEN 'V' THEN 16
            WHEN 'VI' THEN 32 ELSE 64 END);
    INSERT OR IGNORE INTO patient_find_due (row) VALUES (NEW.row);
END;

CREATE TRIGGER patient_line_changed
AFTER UPDATE OF last_modified, entry_count, image_count, birth_date, sex_at_birth, fitzpatrick ON patient BEGIN
    UPDATE patient_line SET
        last_modified = NEW.last_modified,
        entry_count = NEW.entry_count,
        image_count = NEW.image_count,
        born = coalesce(CAST(replace(NEW.birth_date, '-', '') AS INTEGER), 0),
        sex = CASE NEW.sex_at_birth WHEN 'female' THEN 1 WHEN 'male' THEN 2 WHEN 'intersex' THEN 4
            WHEN 'unknown' THEN 8 ELSE 16 END,
        fitzpatrick = CASE NEW.fitzpatrick WHEN 'I' THEN 1 WHEN 'II' THEN 2 WHEN 'III' THEN 4 WHEN 'IV' THEN 8
            WHEN 'V' THEN 16 WHEN 'VI' THEN 32 ELSE 64 END
    WHERE row = NEW.row;
END;

CREATE TRIGGER patient_find_marked
AFTER UPDATE OF unique_id, first_name, middle_name, last_name, preferred_name, mrn, birth_date ON patient
WHEN OLD.unique_id IS NOT NEW.unique_id OR OLD.first_name IS NOT NEW.first_name
    OR OLD.middle_name IS NOT NEW.middle_name OR OLD.last_name IS NOT NEW.last_name
    OR OLD.preferred_name IS NOT NEW.preferred_name OR OLD.mrn IS NOT NEW.mrn
    OR OLD.birth_date IS NOT NEW.birth_date BEGIN
    INSERT OR IGNORE INTO patient_find_due (row) VALUES (NEW.row);
END;

CREATE TRIGGER patient_line_removed AFTER DELETE ON patient BEGIN
    DELETE FROM patient_line WHERE row = OLD.row;
    INSERT OR IGNORE INTO patient_find_due (row) VALUES (OLD.row);
END;

-- A new appointment is one of the two only if it lies between them; which, its time says beside the present.
CREATE TRIGGER patient_line_entry_added AFTER INSERT ON entry BEGIN
    UPDATE patient_line SET
        last_appointment = CASE WHEN NEW.appointment_at <= NEW.created_at THEN NEW.appointment_at
            ELSE last_appointment END,
        next_appointment = CASE WHEN NEW.appointment_at <= NEW.created_at THEN next_appointment
            ELSE NEW.appointment_at END
    WHERE row = (SELECT p.row FROM patient p WHERE p.owner_id = NEW.owner_id AND p.id = NEW.patient_id)
        AND NEW.appointment_at > last_appointment AND NEW.appointment_at < next_appointment;
END;

-- Otherwise both are looked up again, around the last.
CREATE TRIGGER patient_line_entry_moved AFTER UPDATE OF appointment_at ON entry
WHEN OLD.appointment_at <> NEW.appointment_at BEGIN
    UPDATE patient_line SET
        last_appointment = coalesce((SELECT max(e.appointment_at) FROM entry e WHERE e.owner_id = NEW.owner_id
            AND e.patient_id = NEW.patient_id AND e.appointment_at <= patient_line.last_appointment), -1),
        next_appointment = coalesce((SELECT min(e.appointment_at) FROM entry e WHERE e.owner_id = NEW.owner_id
            AND e.patient_id = NEW.patient_id AND e.appointment_at > patient_line.last_appointment),
            9223372036854775807)
    WHERE row = (SELECT p.row FROM patient p WHERE p.owner_id = NEW.owner_id AND p.id = NEW.patient_id);
END;

CREATE TRIGGER patient_line_entry_removed AFTER DELETE ON entry BEGIN
    UPDATE patient_line SET
        last_appointment = coalesce((SELECT max(e.appointment_at) FROM entry e WHERE e.owner_id = OLD.owner_id
            AND e.patient_id = OLD.patient_id AND e.appointment_at <= patient_line.last_appointment), -1),
        next_appointment = coalesce((SELECT min(e.appointment_at) FROM entry e WHERE e.owner_id = OLD.owner_id
            AND e.patient_id = OLD.patient_id AND e.appointment_at > patient_line.last_appointment),
            9223372036854775807)
    WHERE row = (SELECT p.row FROM patient p WHERE p.owner_id = OLD.owner_id AND p.id = OLD.patient_id);
END;

CREATE TRIGGER patient_line_consent_added AFTER INSERT ON consent BEGIN
    UPDATE patient_line SET
        consent_until = coalesce((SELECT max(coalesce(c.expires_at, 9223372036854775807)) FROM consent c
            WHERE c.owner_id = NEW.owner_id AND c.patient_id = NEW.patient_id AND c.revoked_at IS NULL), 0),
        consent_latest = (SELECT CASE WHEN c.revoked_at IS NULL THEN 2 ELSE 1 END FROM consent c
            WHERE c.owner_id = NEW.owner_id AND c.patient_id = NEW.patient_id
            ORDER BY c.recorded_at DESC, c.id DESC LIMIT 1)
    WHERE row = (SELECT p.row FROM patient p WHERE p.owner_id = NEW.owner_id AND p.id = NEW.patient_id);
END;

CREATE TRIGGER patient_line_consent_revoked AFTER UPDATE OF revoked_at ON consent BEGIN
    UPDATE patient_line SET
        consent_until = coalesce((SELECT max(coalesce(c.expires_at, 9223372036854775807)) FROM consent c
            WHERE c.owner_id = NEW.owner_id AND c.patient_id = NEW.patient_id AND c.revoked_at IS NULL), 0),
        consent_latest = (SELECT CASE WHEN c.revoked_at IS NULL THEN 2 ELSE 1 END FROM consent c
            WHERE c.owner_id = NEW.owner_id AND c.patient_id = NEW.patient_id
            ORDER BY c.recorded_at DESC, c.id DESC LIMIT 1)
    WHERE row = (SELECT p.row FROM patient p WHERE p.owner_id = NEW.owner_id AND p.id = NEW.patient_id);
END;

CREATE TRIGGER patient_line_consent_removed AFTER DELETE ON consent BEGIN
    UPDATE patient_line SET
        consent_until = coalesce((SELECT max(coalesce(c.expires_at, 9223372036854775807)) FROM consent c
            WHERE c.owner_id = OLD.owner_id AND c.patient_id = OLD.patient_id AND c.revoked_at IS NULL), 0),
        consent_latest = coalesce((SELECT CASE WHEN c.revoked_at IS NULL THEN 2 ELSE 1 END FROM consent c
            WHERE c.owner_id = OLD.owner_id AND c.patient_id = OLD.patient_id
            ORDER BY c.recorded_at DESC, c.id DESC LIMIT 1), 0)
    WHERE row = (SELECT p.row FROM patient p WHERE p.owner_id = OLD.owner_id AND p.id = OLD.patient_id);
END;

-- The patients who are here. Which of their appointments are past is found out again when a line is read.
INSERT INTO patient_line (row, owner_id, patient_id, created_at, last_modified, last_appointment, next_appointment,
    entry_count, image_count, born, sex, fitzpatrick, consent_until, consent_latest)
SELECT p.row, p.owner_id, p.id, p.created_at, p.last_modified,
    coalesce((SELECT max(e.appointment_at) FROM entry e WHERE e.owner_id = p.owner_id AND e.patient_id = p.id
        AND e.appointment_at <= CAST(strftime('%s', 'now') AS INTEGER) * 1000000), -1),
    coalesce((SELECT min(e.appointment_at) FROM entry e WHERE e.owner_id = p.owner_id AND e.patient_id = p.id
        AND e.appointment_at > CAST(strftime('%s', 'now') AS INTEGER) * 1000000), 9223372036854775807),
    p.entry_count, p.image_count, coalesce(CAST(replace(p.birth_date, '-', '') AS INTEGER), 0),
    CASE p.sex_at_birth WHEN 'female' THEN 1 WHEN 'male' THEN 2 WHEN 'intersex' THEN 4 WHEN 'unknown' THEN 8
        ELSE 16 END,
    CASE p.fitzpatrick WHEN 'I' THEN 1 WHEN 'II' THEN 2 WHEN 'III' THEN 4 WHEN 'IV' THEN 8 WHEN 'V' THEN 16
        WHEN 'VI' THEN 32 ELSE 64 END,
    coalesce((SELECT max(coalesce(c.expires_at, 9223372036854775807)) FROM consent c
        WHERE c.owner_id = p.owner_id AND c.patient_id = p.id AND c.revoked_at IS NULL), 0),
    coalesce((SELECT CASE WHEN c.revoked_at IS NULL THEN 2 ELSE 1 END FROM consent c
        WHERE c.owner_id = p.owner_id AND c.patient_id = p.id ORDER BY c.recorded_at DESC, c.id DESC LIMIT 1), 0)
FROM patient p;
