-- What people say about an image, and how they turn and arrange it (I3, I5). Empty columns leave the digests of the rows
-- as they were attested: nothing is said, nothing is turned, its time puts it in its place.

ALTER TABLE image ADD COLUMN caption        TEXT;
-- The body site is a SNOMED CT code of the program's own table, and the side a qualifier of its own.
ALTER TABLE image ADD COLUMN site           TEXT;
ALTER TABLE image ADD COLUMN laterality     TEXT    CHECK (laterality IN ('left', 'right', 'bilateral'));
ALTER TABLE image ADD COLUMN view           TEXT;
ALTER TABLE image ADD COLUMN modality       TEXT;
ALTER TABLE image ADD COLUMN rating         INTEGER CHECK (rating BETWEEN 1 AND 5);
-- Once a person corrects when it was captured, captured_at is theirs, and the camera's is kept here if it gave one.
ALTER TABLE image ADD COLUMN corrected      INTEGER CHECK (corrected = 1);
ALTER TABLE image ADD COLUMN camera_at      INTEGER CHECK (camera_at >= 0);
-- Quarter turns, clockwise. Its renditions are made again for them, as another edition in a file of another name.
ALTER TABLE image ADD COLUMN turns          INTEGER CHECK (turns BETWEEN 1 AND 3);
ALTER TABLE image ADD COLUMN edition        INTEGER CHECK (edition > 0);
-- Where it was put by hand in the order of the pool: the order goes down, and shown_at counts where there is nothing.
ALTER TABLE image ADD COLUMN position       INTEGER;
-- Changes are counted from 1, and of each field the last one is known.
ALTER TABLE image ADD COLUMN version        INTEGER CHECK (version > 1);
ALTER TABLE image ADD COLUMN field_versions TEXT;
ALTER TABLE image ADD COLUMN changed_at     INTEGER CHECK (changed_at >= 0);

CREATE INDEX image_by_place ON image (owner_id, patient_id, coalesce(position, shown_at) DESC, id DESC);

CREATE TRIGGER image_changed AFTER UPDATE OF changed_at ON image BEGIN
    UPDATE patient SET last_modified = max(last_modified, NEW.changed_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;
