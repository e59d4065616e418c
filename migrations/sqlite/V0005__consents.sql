-- Consent records (N3). Records are added and revoked once, never changed (N4).

CREATE TABLE consent (
    row              INTEGER PRIMARY KEY,
    id               BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    owner_id         BLOB    NOT NULL,
    patient_id       BLOB    NOT NULL,
    template         TEXT    NOT NULL,
    version          INTEGER NOT NULL CHECK (version >= 0),
    language         TEXT    NOT NULL,
    -- The exact text shown.
    text             TEXT    NOT NULL CHECK (text <> ''),
    -- A bit for each purpose agreed to; the numbers are the consent crate's.
    purposes         INTEGER NOT NULL CHECK (purposes BETWEEN 0 AND 255),
    method           TEXT    NOT NULL CHECK (method IN ('digital', 'external')),
    strokes_sha256   BLOB    CHECK (length(strokes_sha256) = 32),
    picture_sha256   BLOB    CHECK (length(picture_sha256) = 32),
    strokes          INTEGER CHECK (strokes >= 1),
    points           INTEGER CHECK (points >= strokes),
    how              TEXT    CHECK (how IN ('verbal', 'written', 'other')),
    notes            TEXT,
    signer_name      TEXT    NOT NULL CHECK (signer_name <> ''),
    signer_role      TEXT    NOT NULL CHECK (signer_role IN ('patient', 'guardian', 'representative')),
    witness          TEXT,
    recorded_by_id   BLOB    NOT NULL REFERENCES account (id),
    recorded_by_name TEXT    NOT NULL,
    recorded_at      INTEGER NOT NULL CHECK (recorded_at >= 0),
    address          TEXT,
    expires_on       TEXT,
    expires_at       INTEGER CHECK (expires_at >= 0),
    revoked_at       INTEGER CHECK (revoked_at >= 0),
    revoked_by_id    BLOB    REFERENCES account (id),
    revoked_by_name  TEXT,
    revoked_reason   TEXT    CHECK (revoked_reason <> ''),
    UNIQUE (owner_id, patient_id, id),
    FOREIGN KEY (owner_id, patient_id) REFERENCES patient (owner_id, id),
    -- A digital consent has a signature that is not blank (N3), an external one says how.
    CHECK (CASE method
        WHEN 'digital' THEN strokes_sha256 IS NOT NULL AND picture_sha256 IS NOT NULL
            AND strokes IS NOT NULL AND points IS NOT NULL AND how IS NULL AND notes IS NULL
        ELSE strokes_sha256 IS NULL AND picture_sha256 IS NULL
            AND strokes IS NULL AND points IS NULL AND how IS NOT NULL
    END),
    CHECK ((expires_on IS NULL) = (expires_at IS NULL)),
    CHECK ((revoked_at IS NULL) = (revoked_by_id IS NULL)
        AND (revoked_at IS NULL) = (revoked_by_name IS NULL)
        AND (revoked_at IS NULL) = (revoked_reason IS NULL))
) STRICT;

CREATE INDEX consent_by_time ON consent (owner_id, patient_id, recorded_at DESC, id DESC);

-- Strokes and picture of a signature, sealed under the patient's key.
CREATE TABLE consent_signature (
    row        INTEGER PRIMARY KEY,
    owner_id   BLOB    NOT NULL,
    patient_id BLOB    NOT NULL,
    consent_id BLOB    NOT NULL UNIQUE,
    strokes    BLOB    NOT NULL,
    picture    BLOB    NOT NULL,
    FOREIGN KEY (owner_id, patient_id, consent_id) REFERENCES consent (owner_id, patient_id, id)
) STRICT;

CREATE TRIGGER consent_added AFTER INSERT ON consent BEGIN
    UPDATE patient SET last_modified = max(last_modified, NEW.recorded_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

CREATE TRIGGER consent_revoked AFTER UPDATE OF revoked_at ON consent BEGIN
    UPDATE patient SET last_modified = max(last_modified, NEW.revoked_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

CREATE TRIGGER consent_stays BEFORE UPDATE OF
    id, owner_id, patient_id, template, version, language, text, purposes, method, strokes_sha256,
    picture_sha256, strokes, points, how, notes, signer_name, signer_role, witness, recorded_by_id,
    recorded_by_name, recorded_at, address, expires_on, expires_at
ON consent BEGIN
    SELECT RAISE(ABORT, 'a consent record is never changed');
END;

CREATE TRIGGER consent_is_revoked_once BEFORE UPDATE ON consent WHEN OLD.revoked_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'a consent is revoked once');
END;

CREATE TRIGGER consent_signature_stays BEFORE UPDATE ON consent_signature BEGIN
    SELECT RAISE(ABORT, 'a signature is never changed');
END;
