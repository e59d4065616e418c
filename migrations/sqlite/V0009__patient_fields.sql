-- Fields of patients that the practice defines (P2), and the edit that last changed each field (P6).

CREATE TABLE patient_field (
    row      INTEGER PRIMARY KEY,
    id       BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    label    TEXT    NOT NULL,
    kind     TEXT    NOT NULL CHECK (kind IN ('text', 'number', 'date', 'yes_no', 'choice')),
    -- A JSON list of text.
    choices  TEXT    CHECK (json_type(choices) = 'array'),
    -- Where it stands in forms, the first at 0.
    position INTEGER NOT NULL CHECK (position >= 0),
    retired  INTEGER NOT NULL CHECK (retired IN (0, 1)),
    CHECK ((kind = 'choice') = (choices IS NOT NULL))
) STRICT;

-- Values point at a definition and mean what it says.
CREATE TRIGGER patient_field_stays BEFORE UPDATE OF id, kind ON patient_field BEGIN
    SELECT RAISE(ABORT, 'a field of patients keeps id and kind');
END;

CREATE TRIGGER patient_field_remains BEFORE DELETE ON patient_field BEGIN
    SELECT RAISE(ABORT, 'a field of patients is retired, not removed');
END;

-- Both start out empty, which leaves the digests of the rows as they were attested.
-- {"<id of the field>": {"kind": "...", "value": "..."}}
ALTER TABLE patient ADD COLUMN practice_fields TEXT CHECK (json_type(practice_fields) = 'object');
-- {"<field>": <version>, "*": <version of all others>}; nothing means all at the row's own version.
ALTER TABLE patient ADD COLUMN field_versions  TEXT CHECK (json_type(field_versions) = 'object');
