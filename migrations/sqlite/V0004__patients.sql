-- Patients (P1, P2) with what is computed about them (P3).

CREATE TABLE patient (
    row                  INTEGER PRIMARY KEY,
    id                   BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    owner_id             BLOB    NOT NULL REFERENCES account (id),
    unique_id            TEXT    NOT NULL
        CHECK (length(unique_id) BETWEEN 2 AND 32 AND unique_id NOT GLOB '*[^a-z0-9_-]*'),
    first_name           TEXT,
    middle_name          TEXT,
    last_name            TEXT,
    preferred_name       TEXT,
    birth_date           TEXT    CHECK (birth_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    sex_at_birth         TEXT    CHECK (sex_at_birth IN ('female', 'male', 'intersex', 'unknown')),
    gender               TEXT,
    pronouns             TEXT,
    mrn                  TEXT,
    health_card_number   TEXT,
    email                TEXT,
    -- A JSON list of text.
    phones               TEXT    NOT NULL CHECK (json_type(phones) = 'array'),
    address              TEXT,
    country              TEXT    CHECK (length(country) = 2),
    preferred_language   TEXT,
    fitzpatrick          TEXT    CHECK (fitzpatrick IN ('I', 'II', 'III', 'IV', 'V', 'VI')),
    referring_clinician  TEXT,
    primary_clinician    TEXT,
    allergies            TEXT,
    note                 TEXT,
    guardian_name        TEXT,
    guardian_relation    TEXT,
    guardian_phone       TEXT,
    guardian_may_consent INTEGER CHECK (guardian_may_consent IN (0, 1)),
    -- Unique id, names and MRN, lower-case and without accents (P4).
    search               TEXT    NOT NULL,
    created_at           INTEGER NOT NULL CHECK (created_at >= 0),
    -- Kept by the triggers of what belongs to a patient.
    last_modified        INTEGER NOT NULL CHECK (last_modified >= created_at),
    image_count          INTEGER NOT NULL DEFAULT 0 CHECK (image_count >= 0),
    entry_count          INTEGER NOT NULL DEFAULT 0 CHECK (entry_count >= 0),
    -- Counts edits of the patient's own fields (P6).
    version              INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1),
    -- What a foreign key of everything below points at: patient and owner, never the patient alone.
    UNIQUE (owner_id, id),
    UNIQUE (owner_id, unique_id),
    CHECK ((guardian_name IS NULL) = (guardian_may_consent IS NULL)),
    CHECK (guardian_name IS NOT NULL OR (guardian_relation IS NULL AND guardian_phone IS NULL))
) STRICT;

-- The list in its order; with `search` at the end a search reads nothing else.
CREATE INDEX patient_by_change ON patient (owner_id, last_modified DESC, id DESC, search);

-- How many patients an owner has, so that no list counts.
CREATE TABLE patient_tally (
    row      INTEGER PRIMARY KEY,
    owner_id BLOB    NOT NULL UNIQUE REFERENCES account (id),
    patients INTEGER NOT NULL CHECK (patients >= 0)
) STRICT;

CREATE TRIGGER patient_added AFTER INSERT ON patient BEGIN
    INSERT OR IGNORE INTO patient_tally (owner_id, patients) VALUES (NEW.owner_id, 0);
    UPDATE patient_tally SET patients = patients + 1 WHERE owner_id = NEW.owner_id;
END;

CREATE TRIGGER patient_removed AFTER DELETE ON patient BEGIN
    UPDATE patient_tally SET patients = patients - 1 WHERE owner_id = OLD.owner_id;
END;

CREATE TRIGGER patient_stays BEFORE UPDATE OF id, owner_id, created_at ON patient BEGIN
    SELECT RAISE(ABORT, 'a patient keeps id, owner and time of creation');
END;
