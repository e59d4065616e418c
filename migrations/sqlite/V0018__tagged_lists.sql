-- What lists are sorted by, beside each tag that a patient shows: a list of patients with a tag is read along the index of
-- that tag, in its order, however few have the tag (P4). Derived, as the rest of the table is.

-- The number of the patient's row and line.
ALTER TABLE patient_tag_use ADD COLUMN line             INTEGER NOT NULL DEFAULT 0;
ALTER TABLE patient_tag_use ADD COLUMN last_modified    INTEGER NOT NULL DEFAULT 0;
ALTER TABLE patient_tag_use ADD COLUMN last_appointment INTEGER NOT NULL DEFAULT -1;
ALTER TABLE patient_tag_use ADD COLUMN name_key         TEXT    NOT NULL DEFAULT '';
ALTER TABLE patient_tag_use ADD COLUMN unique_id        TEXT    NOT NULL DEFAULT '';

UPDATE patient_tag_use SET (line, last_modified, last_appointment, name_key, unique_id) = (
    SELECT p.row, l.last_modified, l.last_appointment, l.name_key, p.unique_id
    FROM patient p JOIN patient_line l ON l.row = p.row
    WHERE p.owner_id = patient_tag_use.owner_id AND p.id = patient_tag_use.patient_id);

-- With the line behind the order, nothing else is read of a use.
CREATE INDEX patient_tag_use_by_change ON patient_tag_use (owner_id, tag_id, last_modified, patient_id, line);
CREATE INDEX patient_tag_use_by_appointment ON patient_tag_use (owner_id, tag_id, last_appointment, patient_id, line);
CREATE INDEX patient_tag_use_by_name ON patient_tag_use (owner_id, tag_id, name_key, patient_id, line);
CREATE INDEX patient_tag_use_by_unique_id ON patient_tag_use (owner_id, tag_id, unique_id, patient_id, line);

-- A trigger for each value, because one for all would move each use in all four indexes.
CREATE TRIGGER patient_tag_use_follows_change AFTER UPDATE OF last_modified ON patient_line
WHEN OLD.last_modified <> NEW.last_modified BEGIN
    UPDATE patient_tag_use SET last_modified = NEW.last_modified
        WHERE owner_id = NEW.owner_id AND patient_id = NEW.patient_id;
END;

CREATE TRIGGER patient_tag_use_follows_appointment AFTER UPDATE OF last_appointment ON patient_line
WHEN OLD.last_appointment <> NEW.last_appointment BEGIN
    UPDATE patient_tag_use SET last_appointment = NEW.last_appointment
        WHERE owner_id = NEW.owner_id AND patient_id = NEW.patient_id;
END;

CREATE TRIGGER patient_tag_use_follows_name AFTER UPDATE OF name_key ON patient_line
WHEN OLD.name_key <> NEW.name_key BEGIN
    UPDATE patient_tag_use SET name_key = NEW.name_key
        WHERE owner_id = NEW.owner_id AND patient_id = NEW.patient_id;
END;

CREATE TRIGGER patient_tag_use_follows_unique_id AFTER UPDATE OF unique_id ON patient
WHEN OLD.unique_id <> NEW.unique_id BEGIN
    UPDATE patient_tag_use SET unique_id = NEW.unique_id
        WHERE owner_id = NEW.owner_id AND patient_id = NEW.id;
END;

-- A new use begins with what its patient's line says.
DROP TRIGGER patient_tag_added;
DROP TRIGGER patient_tag_moved;
DROP TRIGGER entry_tag_added;
DROP TRIGGER entry_tag_moved;
DROP TRIGGER image_tag_added;
DROP TRIGGER image_tag_moved;

CREATE TRIGGER patient_tag_added AFTER INSERT ON patient_tag BEGIN
    INSERT INTO patient_tag_use (owner_id, tag_id, patient_id, own, entries, images, line, last_modified,
            last_appointment, name_key, unique_id)
        SELECT p.owner_id, NEW.tag_id, p.id, 1, 0, 0, p.row, l.last_modified, l.last_appointment, l.name_key, p.unique_id
        FROM patient p JOIN patient_line l ON l.row = p.row
        WHERE p.owner_id = NEW.owner_id AND p.id = NEW.patient_id
        ON CONFLICT (owner_id, tag_id, patient_id) DO UPDATE SET own = own + 1;
    UPDATE patient SET last_modified = max(last_modified, NEW.linked_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

CREATE TRIGGER patient_tag_moved AFTER UPDATE OF tag_id ON patient_tag BEGIN
    DELETE FROM patient_tag_use
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id AND uses = 1;
    UPDATE patient_tag_use SET own = own - 1
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id;
    INSERT INTO patient_tag_use (owner_id, tag_id, patient_id, own, entries, images, line, last_modified,
            last_appointment, name_key, unique_id)
        SELECT p.owner_id, NEW.tag_id, p.id, 1, 0, 0, p.row, l.last_modified, l.last_appointment, l.name_key, p.unique_id
        FROM patient p JOIN patient_line l ON l.row = p.row
        WHERE p.owner_id = NEW.owner_id AND p.id = NEW.patient_id
        ON CONFLICT (owner_id, tag_id, patient_id) DO UPDATE SET own = own + 1;
END;

CREATE TRIGGER entry_tag_added AFTER INSERT ON entry_tag BEGIN
    INSERT INTO patient_tag_use (owner_id, tag_id, patient_id, own, entries, images, line, last_modified,
            last_appointment, name_key, unique_id)
        SELECT p.owner_id, NEW.tag_id, p.id, 0, 1, 0, p.row, l.last_modified, l.last_appointment, l.name_key, p.unique_id
        FROM patient p JOIN patient_line l ON l.row = p.row
        WHERE p.owner_id = NEW.owner_id AND p.id = NEW.patient_id
        ON CONFLICT (owner_id, tag_id, patient_id) DO UPDATE SET entries = entries + 1;
    UPDATE patient SET last_modified = max(last_modified, NEW.linked_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

CREATE TRIGGER entry_tag_moved AFTER UPDATE OF tag_id ON entry_tag BEGIN
    DELETE FROM patient_tag_use
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id AND uses = 1;
    UPDATE patient_tag_use SET entries = entries - 1
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id;
    INSERT INTO patient_tag_use (owner_id, tag_id, patient_id, own, entries, images, line, last_modified,
            last_appointment, name_key, unique_id)
        SELECT p.owner_id, NEW.tag_id, p.id, 0, 1, 0, p.row, l.last_modified, l.last_appointment, l.name_key, p.unique_id
        FROM patient p JOIN patient_line l ON l.row = p.row
        WHERE p.owner_id = NEW.owner_id AND p.id = NEW.patient_id
        ON CONFLICT (owner_id, tag_id, patient_id) DO UPDATE SET entries = entries + 1;
END;

CREATE TRIGGER image_tag_added AFTER INSERT ON image_tag BEGIN
    INSERT INTO patient_tag_use (owner_id, tag_id, patient_id, own, entries, images, line, last_modified,
            last_appointment, name_key, unique_id)
        SELECT p.owner_id, NEW.tag_id, p.id, 0, 0, 1, p.row, l.last_modified, l.last_appointment, l.name_key, p.unique_id
        FROM patient p JOIN patient_line l ON l.row = p.row
        WHERE p.owner_id = NEW.owner_id AND p.id = NEW.patient_id
        ON CONFLICT (owner_id, tag_id, patient_id) DO UPDATE SET images = images + 1;
    UPDATE patient SET last_modified = max(last_modified, NEW.linked_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

CREATE TRIGGER image_tag_moved AFTER UPDATE OF tag_id ON image_tag BEGIN
    DELETE FROM patient_tag_use
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id AND uses = 1;
    UPDATE patient_tag_use SET images = images - 1
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id;
    INSERT INTO patient_tag_use (owner_id, tag_id, patient_id, own, entries, images, line, last_modified,
            last_appointment, name_key, unique_id)
        SELECT p.owner_id, NEW.tag_id, p.id, 0, 0, 1, p.row, l.last_modified, l.last_appointment, l.name_key, p.unique_id
        FROM patient p JOIN patient_line l ON l.row = p.row
        WHERE p.owner_id = NEW.owner_id AND p.id = NEW.patient_id
        ON CONFLICT (owner_id, tag_id, patient_id) DO UPDATE SET images = images + 1;
END;
