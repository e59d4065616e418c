-- Two more formats (I1). A column's check cannot be changed, so the table is made anew with the same rows; what points at them
-- is compared at the end of the transaction.

PRAGMA defer_foreign_keys = ON;

CREATE TABLE image_before AS SELECT
    row, id, owner_id, patient_id, file_name, format, width, height, bytes, sha256, captured_at, uploaded_at, uploaded_by,
    device, thumbnail_bytes, screen_bytes, original_name, derived_name, basis, basis_level, consent_id, incomplete, pages,
    medium_bytes
FROM image;

DROP TABLE image;

CREATE TABLE image (
    row             INTEGER PRIMARY KEY,
    id              BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    owner_id        BLOB    NOT NULL,
    patient_id      BLOB    NOT NULL,
    file_name       TEXT    NOT NULL,
    format          TEXT    NOT NULL CHECK (format IN ('avif', 'gif', 'heic', 'jpeg', 'png', 'tiff', 'webp')),
    width           INTEGER NOT NULL CHECK (width > 0),
    height          INTEGER NOT NULL CHECK (height > 0),
    bytes           INTEGER NOT NULL CHECK (bytes > 0),
    sha256          BLOB    NOT NULL CHECK (length(sha256) = 32),
    captured_at     INTEGER CHECK (captured_at >= 0),
    uploaded_at     INTEGER NOT NULL CHECK (uploaded_at >= 0),
    -- When it was taken if known, else when it was stored (E4): the order of the pool.
    shown_at        INTEGER NOT NULL AS (coalesce(captured_at, uploaded_at)) STORED,
    uploaded_by     TEXT    NOT NULL,
    device          TEXT,
    thumbnail_bytes INTEGER NOT NULL CHECK (thumbnail_bytes >= 0),
    screen_bytes    INTEGER NOT NULL CHECK (screen_bytes >= 0),
    -- The keyed names under which the bytes are kept.
    original_name   BLOB    NOT NULL CHECK (length(original_name) = 32),
    derived_name    BLOB    NOT NULL CHECK (length(derived_name) = 32),
    -- Why it may be here (N2): a consent record of this very patient, or the level of that time.
    basis           TEXT    NOT NULL CHECK (basis IN ('consent', 'level')),
    basis_level     TEXT    CHECK (basis_level IN ('disabled', 'advisory')),
    consent_id      BLOB,
    -- What intake found out (I2), and the rendition for sharp screens (I1); without a value: all of the picture was there, the
    -- file has one page, no medium rendition was made.
    incomplete      INTEGER CHECK (incomplete = 1),
    pages           INTEGER CHECK (pages > 1),
    -- Behind thumbnail and screen rendition in the derived blob.
    medium_bytes    INTEGER CHECK (medium_bytes > 0),
    UNIQUE (owner_id, patient_id, id),
    -- The same bytes twice for one patient are a duplicate (I2).
    UNIQUE (owner_id, patient_id, sha256),
    FOREIGN KEY (owner_id, patient_id) REFERENCES patient (owner_id, id),
    FOREIGN KEY (owner_id, patient_id, consent_id) REFERENCES consent (owner_id, patient_id, id),
    CHECK ((basis = 'consent') = (consent_id IS NOT NULL)),
    CHECK ((basis = 'level') = (basis_level IS NOT NULL))
) STRICT;

INSERT INTO image (
    row, id, owner_id, patient_id, file_name, format, width, height, bytes, sha256, captured_at, uploaded_at, uploaded_by,
    device, thumbnail_bytes, screen_bytes, original_name, derived_name, basis, basis_level, consent_id, incomplete, pages,
    medium_bytes
) SELECT
    row, id, owner_id, patient_id, file_name, format, width, height, bytes, sha256, captured_at, uploaded_at, uploaded_by,
    device, thumbnail_bytes, screen_bytes, original_name, derived_name, basis, basis_level, consent_id, incomplete, pages,
    medium_bytes
FROM image_before;

DROP TABLE image_before;

CREATE INDEX image_by_time ON image (owner_id, patient_id, shown_at DESC, id DESC);
-- What the sweep of the blob store asks.
CREATE INDEX image_original ON image (original_name);
CREATE INDEX image_derived ON image (derived_name);

CREATE TRIGGER image_added AFTER INSERT ON image BEGIN
    UPDATE patient SET image_count = image_count + 1, last_modified = max(last_modified, NEW.uploaded_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

CREATE TRIGGER image_removed AFTER DELETE ON image BEGIN
    UPDATE patient SET image_count = image_count - 1 WHERE owner_id = OLD.owner_id AND id = OLD.patient_id;
END;

CREATE TRIGGER image_stays BEFORE UPDATE OF
    id, owner_id, patient_id, sha256, original_name, basis, basis_level, consent_id
ON image BEGIN
    SELECT RAISE(ABORT, 'an image stays with its patient, its bytes and what allowed it');
END;
