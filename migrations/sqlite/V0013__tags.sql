-- Tags (T1–T3), the photos of a visit's workspace (E4), and its comparison groups (C1).

-- That an account has its starter categories, so that whoever deletes them all does not get them again.
CREATE TABLE tag_catalogue (
    row      INTEGER PRIMARY KEY,
    owner_id BLOB    NOT NULL UNIQUE REFERENCES account (id),
    begun_at INTEGER NOT NULL CHECK (begun_at >= 0)
) STRICT;

CREATE TABLE tag_category (
    row        INTEGER PRIMARY KEY,
    id         BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    owner_id   BLOB    NOT NULL REFERENCES account (id),
    name       TEXT    NOT NULL CHECK (name <> ''),
    -- The name as it is compared, whatever the case.
    name_key   TEXT    NOT NULL CHECK (name_key <> ''),
    -- A colour's code; the program has the list.
    colour     TEXT    NOT NULL CHECK (length(colour) BETWEEN 1 AND 20),
    -- Where it stands, the first at 0.
    position   INTEGER NOT NULL CHECK (position >= 0),
    created_at INTEGER NOT NULL CHECK (created_at >= 0),
    UNIQUE (owner_id, id),
    UNIQUE (owner_id, name_key)
) STRICT;

CREATE INDEX tag_category_by_position ON tag_category (owner_id, position, id);

CREATE TABLE tag (
    row         INTEGER PRIMARY KEY,
    id          BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    owner_id    BLOB    NOT NULL,
    category_id BLOB    NOT NULL,
    name        TEXT    NOT NULL CHECK (name <> ''),
    name_key    TEXT    NOT NULL CHECK (name_key <> ''),
    created_at  INTEGER NOT NULL CHECK (created_at >= 0),
    -- An archived tag stays where it is and is not given to anything new.
    archived_at INTEGER CHECK (archived_at >= 0),
    UNIQUE (owner_id, id),
    UNIQUE (owner_id, category_id, name_key),
    FOREIGN KEY (owner_id, category_id) REFERENCES tag_category (owner_id, id)
) STRICT;

CREATE INDEX tag_by_name ON tag (owner_id, name_key, id);

CREATE TRIGGER tag_category_stays BEFORE UPDATE OF id, owner_id, created_at ON tag_category BEGIN
    SELECT RAISE(ABORT, 'a tag category keeps id, owner and time of creation');
END;

CREATE TRIGGER tag_stays BEFORE UPDATE OF id, owner_id, created_at ON tag BEGIN
    SELECT RAISE(ABORT, 'a tag keeps id, owner and time of creation');
END;

-- What a tag was given to directly. Patient, entry and image of one owner and one patient, as the keys say.

CREATE TABLE patient_tag (
    row        INTEGER PRIMARY KEY,
    owner_id   BLOB    NOT NULL,
    patient_id BLOB    NOT NULL,
    tag_id     BLOB    NOT NULL,
    linked_at  INTEGER NOT NULL CHECK (linked_at >= 0),
    UNIQUE (owner_id, patient_id, tag_id),
    FOREIGN KEY (owner_id, patient_id) REFERENCES patient (owner_id, id),
    FOREIGN KEY (owner_id, tag_id) REFERENCES tag (owner_id, id)
) STRICT;

CREATE INDEX patient_tag_by_tag ON patient_tag (owner_id, tag_id, patient_id);

CREATE TABLE entry_tag (
    row        INTEGER PRIMARY KEY,
    owner_id   BLOB    NOT NULL,
    patient_id BLOB    NOT NULL,
    entry_id   BLOB    NOT NULL,
    tag_id     BLOB    NOT NULL,
    linked_at  INTEGER NOT NULL CHECK (linked_at >= 0),
    UNIQUE (owner_id, patient_id, entry_id, tag_id),
    FOREIGN KEY (owner_id, patient_id, entry_id) REFERENCES entry (owner_id, patient_id, id),
    FOREIGN KEY (owner_id, tag_id) REFERENCES tag (owner_id, id)
) STRICT;

CREATE INDEX entry_tag_by_tag ON entry_tag (owner_id, tag_id, patient_id, entry_id);

CREATE TABLE image_tag (
    row        INTEGER PRIMARY KEY,
    owner_id   BLOB    NOT NULL,
    patient_id BLOB    NOT NULL,
    image_id   BLOB    NOT NULL,
    tag_id     BLOB    NOT NULL,
    linked_at  INTEGER NOT NULL CHECK (linked_at >= 0),
    UNIQUE (owner_id, patient_id, image_id, tag_id),
    FOREIGN KEY (owner_id, patient_id, image_id) REFERENCES image (owner_id, patient_id, id),
    FOREIGN KEY (owner_id, tag_id) REFERENCES tag (owner_id, id)
) STRICT;

CREATE INDEX image_tag_by_tag ON image_tag (owner_id, tag_id, patient_id, image_id);

-- Images chosen for a visit; one may be in many workspaces (E4).
CREATE TABLE entry_image (
    row        INTEGER PRIMARY KEY,
    owner_id   BLOB    NOT NULL,
    patient_id BLOB    NOT NULL,
    entry_id   BLOB    NOT NULL,
    image_id   BLOB    NOT NULL,
    linked_at  INTEGER NOT NULL CHECK (linked_at >= 0),
    UNIQUE (owner_id, patient_id, entry_id, image_id),
    FOREIGN KEY (owner_id, patient_id, entry_id) REFERENCES entry (owner_id, patient_id, id),
    FOREIGN KEY (owner_id, patient_id, image_id) REFERENCES image (owner_id, patient_id, id)
) STRICT;

CREATE INDEX entry_image_by_image ON entry_image (owner_id, patient_id, image_id, entry_id);

-- A visit's groups of images that are compared (C1).
CREATE TABLE comparison (
    row        INTEGER PRIMARY KEY,
    id         BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    owner_id   BLOB    NOT NULL,
    patient_id BLOB    NOT NULL,
    entry_id   BLOB    NOT NULL,
    title      TEXT,
    -- How it is shown (C2); the program has the list.
    mode       TEXT    NOT NULL CHECK (length(mode) BETWEEN 1 AND 20),
    -- Where it stands among those of its visit, the first at 0.
    position   INTEGER NOT NULL CHECK (position >= 0),
    created_at INTEGER NOT NULL CHECK (created_at >= 0),
    UNIQUE (owner_id, patient_id, id),
    FOREIGN KEY (owner_id, patient_id, entry_id) REFERENCES entry (owner_id, patient_id, id)
) STRICT;

CREATE INDEX comparison_by_position ON comparison (owner_id, patient_id, entry_id, position, id);

CREATE TABLE comparison_image (
    row           INTEGER PRIMARY KEY,
    owner_id      BLOB    NOT NULL,
    patient_id    BLOB    NOT NULL,
    comparison_id BLOB    NOT NULL,
    image_id      BLOB    NOT NULL,
    position      INTEGER NOT NULL CHECK (position BETWEEN 0 AND 15),
    UNIQUE (owner_id, patient_id, comparison_id, image_id),
    FOREIGN KEY (owner_id, patient_id, comparison_id) REFERENCES comparison (owner_id, patient_id, id),
    FOREIGN KEY (owner_id, patient_id, image_id) REFERENCES image (owner_id, patient_id, id)
) STRICT;

CREATE INDEX comparison_image_by_position
    ON comparison_image (owner_id, patient_id, comparison_id, position, image_id);
CREATE INDEX comparison_image_by_image ON comparison_image (owner_id, patient_id, image_id, comparison_id);

CREATE TRIGGER comparison_stays BEFORE UPDATE OF id, owner_id, patient_id, entry_id, created_at ON comparison BEGIN
    SELECT RAISE(ABORT, 'a comparison stays with its visit');
END;

CREATE TRIGGER comparison_image_stays BEFORE UPDATE ON comparison_image BEGIN
    SELECT RAISE(ABORT, 'the images of a comparison are added and removed');
END;

CREATE TRIGGER entry_image_stays BEFORE UPDATE ON entry_image BEGIN
    SELECT RAISE(ABORT, 'an image is added to a workspace and removed from it');
END;

-- A merge gives a link another tag; nothing else of a link changes.
CREATE TRIGGER patient_tag_stays BEFORE UPDATE OF owner_id, patient_id, linked_at ON patient_tag BEGIN
    SELECT RAISE(ABORT, 'a tag stays where it was given');
END;

CREATE TRIGGER entry_tag_stays BEFORE UPDATE OF owner_id, patient_id, entry_id, linked_at ON entry_tag BEGIN
    SELECT RAISE(ABORT, 'a tag stays where it was given');
END;

CREATE TRIGGER image_tag_stays BEFORE UPDATE OF owner_id, patient_id, image_id, linked_at ON image_tag BEGIN
    SELECT RAISE(ABORT, 'a tag stays where it was given');
END;

-- What follows from the links and is kept, not counted (T2). Both tables are derived: the trail does not attest
-- them, and `audit verify` compares them with the links, which it does attest.

-- A row for each patient on whom a tag is effective: their own, or one of their visits or photos has it.
-- An image in a workspace or a comparison is one of the patient's images, and counts once.
CREATE TABLE patient_tag_use (
    row        INTEGER PRIMARY KEY,
    owner_id   BLOB    NOT NULL,
    tag_id     BLOB    NOT NULL,
    patient_id BLOB    NOT NULL,
    own        INTEGER NOT NULL CHECK (own BETWEEN 0 AND 1),
    entries    INTEGER NOT NULL CHECK (entries >= 0),
    images     INTEGER NOT NULL CHECK (images >= 0),
    uses       INTEGER NOT NULL AS (own + entries + images) STORED CHECK (uses >= 1),
    UNIQUE (owner_id, tag_id, patient_id),
    FOREIGN KEY (owner_id, patient_id) REFERENCES patient (owner_id, id),
    FOREIGN KEY (owner_id, tag_id) REFERENCES tag (owner_id, id)
) STRICT;

CREATE INDEX patient_tag_use_by_patient ON patient_tag_use (owner_id, patient_id, tag_id);

-- How often each tag is used: patients on whom it is effective, and what it was given to directly.
CREATE TABLE tag_tally (
    row      INTEGER PRIMARY KEY,
    owner_id BLOB    NOT NULL,
    tag_id   BLOB    NOT NULL,
    patients INTEGER NOT NULL CHECK (patients >= 0),
    own      INTEGER NOT NULL CHECK (own >= 0),
    entries  INTEGER NOT NULL CHECK (entries >= 0),
    images   INTEGER NOT NULL CHECK (images >= 0),
    UNIQUE (owner_id, tag_id),
    FOREIGN KEY (owner_id, tag_id) REFERENCES tag (owner_id, id)
) STRICT;

CREATE TRIGGER tag_added AFTER INSERT ON tag BEGIN
    INSERT INTO tag_tally (owner_id, tag_id, patients, own, entries, images) VALUES (NEW.owner_id, NEW.id, 0, 0, 0, 0);
END;

CREATE TRIGGER tag_removed BEFORE DELETE ON tag BEGIN
    DELETE FROM tag_tally WHERE owner_id = OLD.owner_id AND tag_id = OLD.id;
END;

CREATE TRIGGER patient_tag_use_added AFTER INSERT ON patient_tag_use BEGIN
    UPDATE tag_tally SET patients = patients + 1, own = own + NEW.own, entries = entries + NEW.entries,
        images = images + NEW.images
        WHERE owner_id = NEW.owner_id AND tag_id = NEW.tag_id;
END;

CREATE TRIGGER patient_tag_use_changed AFTER UPDATE OF own, entries, images ON patient_tag_use BEGIN
    UPDATE tag_tally SET own = own + NEW.own - OLD.own, entries = entries + NEW.entries - OLD.entries,
        images = images + NEW.images - OLD.images
        WHERE owner_id = NEW.owner_id AND tag_id = NEW.tag_id;
END;

CREATE TRIGGER patient_tag_use_removed AFTER DELETE ON patient_tag_use BEGIN
    UPDATE tag_tally SET patients = patients - 1, own = own - OLD.own, entries = entries - OLD.entries,
        images = images - OLD.images
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id;
END;

CREATE TRIGGER patient_tag_added AFTER INSERT ON patient_tag BEGIN
    INSERT INTO patient_tag_use (owner_id, tag_id, patient_id, own, entries, images)
        VALUES (NEW.owner_id, NEW.tag_id, NEW.patient_id, 1, 0, 0)
        ON CONFLICT (owner_id, tag_id, patient_id) DO UPDATE SET own = own + 1;
    UPDATE patient SET last_modified = max(last_modified, NEW.linked_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

CREATE TRIGGER patient_tag_moved AFTER UPDATE OF tag_id ON patient_tag BEGIN
    DELETE FROM patient_tag_use
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id AND uses = 1;
    UPDATE patient_tag_use SET own = own - 1
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id;
    INSERT INTO patient_tag_use (owner_id, tag_id, patient_id, own, entries, images)
        VALUES (NEW.owner_id, NEW.tag_id, NEW.patient_id, 1, 0, 0)
        ON CONFLICT (owner_id, tag_id, patient_id) DO UPDATE SET own = own + 1;
END;

CREATE TRIGGER patient_tag_removed AFTER DELETE ON patient_tag BEGIN
    DELETE FROM patient_tag_use
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id AND uses = 1;
    UPDATE patient_tag_use SET own = own - 1
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id;
END;

CREATE TRIGGER entry_tag_added AFTER INSERT ON entry_tag BEGIN
    INSERT INTO patient_tag_use (owner_id, tag_id, patient_id, own, entries, images)
        VALUES (NEW.owner_id, NEW.tag_id, NEW.patient_id, 0, 1, 0)
        ON CONFLICT (owner_id, tag_id, patient_id) DO UPDATE SET entries = entries + 1;
    UPDATE patient SET last_modified = max(last_modified, NEW.linked_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

CREATE TRIGGER entry_tag_moved AFTER UPDATE OF tag_id ON entry_tag BEGIN
    DELETE FROM patient_tag_use
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id AND uses = 1;
    UPDATE patient_tag_use SET entries = entries - 1
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id;
    INSERT INTO patient_tag_use (owner_id, tag_id, patient_id, own, entries, images)
        VALUES (NEW.owner_id, NEW.tag_id, NEW.patient_id, 0, 1, 0)
        ON CONFLICT (owner_id, tag_id, patient_id) DO UPDATE SET entries = entries + 1;
END;

CREATE TRIGGER entry_tag_removed AFTER DELETE ON entry_tag BEGIN
    DELETE FROM patient_tag_use
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id AND uses = 1;
    UPDATE patient_tag_use SET entries = entries - 1
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id;
END;

CREATE TRIGGER image_tag_added AFTER INSERT ON image_tag BEGIN
    INSERT INTO patient_tag_use (owner_id, tag_id, patient_id, own, entries, images)
        VALUES (NEW.owner_id, NEW.tag_id, NEW.patient_id, 0, 0, 1)
        ON CONFLICT (owner_id, tag_id, patient_id) DO UPDATE SET images = images + 1;
    UPDATE patient SET last_modified = max(last_modified, NEW.linked_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

CREATE TRIGGER image_tag_moved AFTER UPDATE OF tag_id ON image_tag BEGIN
    DELETE FROM patient_tag_use
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id AND uses = 1;
    UPDATE patient_tag_use SET images = images - 1
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id;
    INSERT INTO patient_tag_use (owner_id, tag_id, patient_id, own, entries, images)
        VALUES (NEW.owner_id, NEW.tag_id, NEW.patient_id, 0, 0, 1)
        ON CONFLICT (owner_id, tag_id, patient_id) DO UPDATE SET images = images + 1;
END;

CREATE TRIGGER image_tag_removed AFTER DELETE ON image_tag BEGIN
    DELETE FROM patient_tag_use
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id AND uses = 1;
    UPDATE patient_tag_use SET images = images - 1
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id;
END;

-- P3: what is done to a patient's tags, workspaces and comparisons changes the patient. Removing has no time of its
-- own; who removes sets the patient's last change.
CREATE TRIGGER entry_image_added AFTER INSERT ON entry_image BEGIN
    UPDATE patient SET last_modified = max(last_modified, NEW.linked_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

CREATE TRIGGER comparison_added AFTER INSERT ON comparison BEGIN
    UPDATE patient SET last_modified = max(last_modified, NEW.created_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;
