-- comparison_by_position
CREATE INDEX comparison_by_position ON comparison (owner_id, patient_id, entry_id, position, id);

-- comparison_image_by_image
CREATE INDEX comparison_image_by_image ON comparison_image (owner_id, patient_id, image_id, comparison_id);

-- comparison_image_by_position
CREATE INDEX comparison_image_by_position
    ON comparison_image (owner_id, patient_id, comparison_id, position, image_id);

-- consent_by_time
CREATE INDEX consent_by_time ON consent (owner_id, patient_id, recorded_at DESC, id DESC);

-- entry_addendum_by_time
CREATE INDEX entry_addendum_by_time ON entry_addendum (owner_id, patient_id, entry_id, at, id);

-- entry_by_appointment
CREATE INDEX entry_by_appointment ON entry (owner_id, patient_id, appointment_at DESC, id DESC);

-- entry_image_by_image
CREATE INDEX entry_image_by_image ON entry_image (owner_id, patient_id, image_id, entry_id);

-- entry_revision_in_full
CREATE INDEX entry_revision_in_full ON entry_revision (owner_id, patient_id, entry_id, field, version)
    WHERE in_full = 1;

-- entry_tag_by_tag
CREATE INDEX entry_tag_by_tag ON entry_tag (owner_id, tag_id, patient_id, entry_id);

-- image_by_day
CREATE INDEX image_by_day ON image (owner_id, shown_at, patient_id);

-- image_by_place
CREATE INDEX image_by_place ON image (owner_id, patient_id, coalesce(position, shown_at) DESC, id DESC);

-- image_by_time
CREATE INDEX image_by_time ON image (owner_id, patient_id, shown_at DESC, id DESC);

-- image_derived
CREATE INDEX image_derived ON image (derived_name);

-- image_original
CREATE INDEX image_original ON image (original_name);

-- image_tag_by_tag
CREATE INDEX image_tag_by_tag ON image_tag (owner_id, tag_id, patient_id, image_id);

-- patient_line_by_appointment
CREATE INDEX patient_line_by_appointment ON patient_line (owner_id, last_appointment, patient_id, created_at,
    next_appointment, entry_count, image_count, born, sex, fitzpatrick, consent_until, consent_latest);

-- patient_line_by_birth
CREATE INDEX patient_line_by_birth ON patient_line (owner_id, born);

-- patient_line_by_change
CREATE INDEX patient_line_by_change ON patient_line (owner_id, last_modified, patient_id, created_at, last_appointment,
    next_appointment, entry_count, image_count, born, sex, fitzpatrick, consent_until, consent_latest);

-- patient_line_by_creation
CREATE INDEX patient_line_by_creation ON patient_line (owner_id, created_at);

-- patient_line_by_entries
CREATE INDEX patient_line_by_entries ON patient_line (owner_id, entry_count) WHERE entry_count >= 1;

-- patient_line_by_images
CREATE INDEX patient_line_by_images ON patient_line (owner_id, image_count) WHERE image_count >= 20;

-- patient_line_by_name
CREATE INDEX patient_line_by_name ON patient_line (owner_id, name_key, patient_id, created_at, entry_count, image_count,
    born, sex, fitzpatrick, consent_until, consent_latest);

-- patient_line_overdue
CREATE INDEX patient_line_overdue ON patient_line (next_appointment) WHERE next_appointment < 9223372036854775807;

-- patient_tag_by_tag
CREATE INDEX patient_tag_by_tag ON patient_tag (owner_id, tag_id, patient_id);

-- patient_tag_use_by_appointment
CREATE INDEX patient_tag_use_by_appointment ON patient_tag_use (owner_id, tag_id, last_appointment, patient_id, line);

-- patient_tag_use_by_change
CREATE INDEX patient_tag_use_by_change ON patient_tag_use (owner_id, tag_id, last_modified, patient_id, line);

-- patient_tag_use_by_name
CREATE INDEX patient_tag_use_by_name ON patient_tag_use (owner_id, tag_id, name_key, patient_id, line);

-- patient_tag_use_by_patient
CREATE INDEX patient_tag_use_by_patient ON patient_tag_use (owner_id, patient_id, tag_id);

-- patient_tag_use_by_unique_id
CREATE INDEX patient_tag_use_by_unique_id ON patient_tag_use (owner_id, tag_id, unique_id, patient_id, line);

-- session_not_ended
CREATE INDEX session_not_ended ON session (account_id, created_at DESC, id DESC) WHERE ended_at IS NULL;

-- tag_by_name
CREATE INDEX tag_by_name ON tag (owner_id, name_key, id);

-- tag_category_by_position
CREATE INDEX tag_category_by_position ON tag_category (owner_id, position, id);

-- trail_index_account_security
CREATE INDEX trail_index_account_security ON trail_index (target_id, seq)
    WHERE security = 1 AND target_kind = 'account';

-- trail_index_actor
CREATE INDEX trail_index_actor ON trail_index (actor, seq) WHERE actor IS NOT NULL;

-- trail_index_actor_security
CREATE INDEX trail_index_actor_security ON trail_index (actor, seq) WHERE security = 1;

-- trail_index_patient
CREATE INDEX trail_index_patient ON trail_index (patient, seq) WHERE patient IS NOT NULL;

-- account
CREATE TABLE account (
    row           INTEGER PRIMARY KEY,
    id            BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    -- Unique over every state: a username is never reused (A1).
    username      TEXT    NOT NULL UNIQUE CHECK (length(username) BETWEEN 3 AND 32),
    first_name    TEXT    NOT NULL,
    last_name     TEXT    NOT NULL,
    email         TEXT    UNIQUE CHECK (email LIKE '%_@_%'),
    administrator INTEGER NOT NULL CHECK (administrator IN (0, 1)),
    clinician     INTEGER NOT NULL CHECK (clinician IN (0, 1)),
    state         TEXT    NOT NULL CHECK (state IN ('active', 'deleted', 'disabled', 'locked', 'pending')),
    password      TEXT    NOT NULL,
    created_at    INTEGER NOT NULL CHECK (created_at >= 0)
, mac BLOB CHECK (length(mac) = 32)) STRICT;

-- comparison
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
    created_at INTEGER NOT NULL CHECK (created_at >= 0), note           TEXT, layout         TEXT    CHECK (length(layout) BETWEEN 1 AND 20), version        INTEGER CHECK (version > 1), field_versions TEXT    CHECK (json_type(field_versions) = 'object'),
    UNIQUE (owner_id, patient_id, id),
    FOREIGN KEY (owner_id, patient_id, entry_id) REFERENCES entry (owner_id, patient_id, id)
) STRICT;

-- comparison_image
CREATE TABLE comparison_image (
    row           INTEGER PRIMARY KEY,
    owner_id      BLOB    NOT NULL,
    patient_id    BLOB    NOT NULL,
    comparison_id BLOB    NOT NULL,
    image_id      BLOB    NOT NULL,
    position      INTEGER NOT NULL CHECK (position BETWEEN 0 AND 15), label          TEXT, view           TEXT    CHECK (json_type(view) = 'object'), landmarks      TEXT    CHECK (json_type(landmarks) = 'array'), ruler          TEXT    CHECK (json_type(ruler) = 'object'), annotations    TEXT    CHECK (json_type(annotations) = 'array'), turns          INTEGER CHECK (turns BETWEEN 1 AND 3), field_versions TEXT    CHECK (json_type(field_versions) = 'object'),
    UNIQUE (owner_id, patient_id, comparison_id, image_id),
    FOREIGN KEY (owner_id, patient_id, comparison_id) REFERENCES comparison (owner_id, patient_id, id),
    FOREIGN KEY (owner_id, patient_id, image_id) REFERENCES image (owner_id, patient_id, id)
) STRICT;

-- consent
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
    revoked_reason   TEXT    CHECK (revoked_reason <> ''), mac BLOB CHECK (length(mac) = 32),
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

-- consent_signature
CREATE TABLE consent_signature (
    row        INTEGER PRIMARY KEY,
    owner_id   BLOB    NOT NULL,
    patient_id BLOB    NOT NULL,
    consent_id BLOB    NOT NULL UNIQUE,
    strokes    BLOB    NOT NULL,
    picture    BLOB    NOT NULL,
    FOREIGN KEY (owner_id, patient_id, consent_id) REFERENCES consent (owner_id, patient_id, id)
) STRICT;

-- entry
CREATE TABLE entry (
    row            INTEGER PRIMARY KEY,
    id             BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    owner_id       BLOB    NOT NULL,
    patient_id     BLOB    NOT NULL,
    appointment_at INTEGER NOT NULL CHECK (appointment_at >= 0),
    title          TEXT,
    notes          TEXT    NOT NULL,
    author         TEXT    NOT NULL,
    created_at     INTEGER NOT NULL CHECK (created_at >= 0), appointment_version INTEGER CHECK (appointment_version >= 1), title_version INTEGER CHECK (title_version >= 1), notes_version INTEGER CHECK (notes_version >= 1), changed_at INTEGER CHECK (changed_at >= 0), signed_by TEXT, signed_at INTEGER CHECK ((signed_at IS NULL) = (signed_by IS NULL)),
    UNIQUE (owner_id, patient_id, id),
    FOREIGN KEY (owner_id, patient_id) REFERENCES patient (owner_id, id)
) STRICT;

-- entry_addendum
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

-- entry_edit
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

-- entry_image
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

-- entry_layout
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

-- entry_notes
CREATE TABLE entry_notes (
    row        INTEGER PRIMARY KEY,
    owner_id   BLOB    NOT NULL,
    patient_id BLOB    NOT NULL,
    entry_id   BLOB    NOT NULL,
    content    BLOB    NOT NULL,
    UNIQUE (owner_id, patient_id, entry_id),
    FOREIGN KEY (owner_id, patient_id, entry_id) REFERENCES entry (owner_id, patient_id, id)
) STRICT;

-- entry_revision
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

-- entry_tag
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

-- image
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
    medium_bytes    INTEGER CHECK (medium_bytes > 0), caption        TEXT, site           TEXT, laterality     TEXT    CHECK (laterality IN ('left', 'right', 'bilateral')), view           TEXT, modality       TEXT, rating         INTEGER CHECK (rating BETWEEN 1 AND 5), corrected      INTEGER CHECK (corrected = 1), camera_at      INTEGER CHECK (camera_at >= 0), turns          INTEGER CHECK (turns BETWEEN 1 AND 3), edition        INTEGER CHECK (edition > 0), position       INTEGER, version        INTEGER CHECK (version > 1), field_versions TEXT, changed_at     INTEGER CHECK (changed_at >= 0),
    UNIQUE (owner_id, patient_id, id),
    -- The same bytes twice for one patient are a duplicate (I2).
    UNIQUE (owner_id, patient_id, sha256),
    FOREIGN KEY (owner_id, patient_id) REFERENCES patient (owner_id, id),
    FOREIGN KEY (owner_id, patient_id, consent_id) REFERENCES consent (owner_id, patient_id, id),
    CHECK ((basis = 'consent') = (consent_id IS NOT NULL)),
    CHECK ((basis = 'level') = (basis_level IS NOT NULL))
) STRICT;

-- image_tag
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

-- migration_code
CREATE TABLE migration_code (
    row INTEGER PRIMARY KEY,
    mac BLOB    NOT NULL CHECK (length(mac) = 32)
) STRICT;

-- patient
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
    version              INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1), practice_fields TEXT CHECK (json_type(practice_fields) = 'object'), field_versions  TEXT CHECK (json_type(field_versions) = 'object'),
    -- What a foreign key of everything below points at: patient and owner, never the patient alone.
    UNIQUE (owner_id, id),
    UNIQUE (owner_id, unique_id),
    CHECK ((guardian_name IS NULL) = (guardian_may_consent IS NULL)),
    CHECK (guardian_name IS NOT NULL OR (guardian_relation IS NULL AND guardian_phone IS NULL))
) STRICT;

-- patient_field
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

-- patient_find
CREATE VIRTUAL TABLE patient_find USING fts5(grams, content='', contentless_delete=1, detail=none, tokenize='ascii');

-- patient_find_config
CREATE TABLE 'patient_find_config'(k PRIMARY KEY, v) WITHOUT ROWID;

-- patient_find_data
CREATE TABLE 'patient_find_data'(id INTEGER PRIMARY KEY, block BLOB);

-- patient_find_docsize
CREATE TABLE 'patient_find_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);

-- patient_find_due
CREATE TABLE patient_find_due (
    row INTEGER PRIMARY KEY
) STRICT;

-- patient_find_idx
CREATE TABLE 'patient_find_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

-- patient_find_state
CREATE TABLE patient_find_state (
    row   INTEGER PRIMARY KEY CHECK (row = 1),
    names INTEGER NOT NULL,
    grams INTEGER NOT NULL,
    upto  INTEGER NOT NULL
) STRICT;

-- patient_line
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

-- patient_tag
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

-- patient_tag_use
CREATE TABLE patient_tag_use (
    row        INTEGER PRIMARY KEY,
    owner_id   BLOB    NOT NULL,
    tag_id     BLOB    NOT NULL,
    patient_id BLOB    NOT NULL,
    own        INTEGER NOT NULL CHECK (own BETWEEN 0 AND 1),
    entries    INTEGER NOT NULL CHECK (entries >= 0),
    images     INTEGER NOT NULL CHECK (images >= 0),
    uses       INTEGER NOT NULL AS (own + entries + images) STORED CHECK (uses >= 1), line             INTEGER NOT NULL DEFAULT 0, last_modified    INTEGER NOT NULL DEFAULT 0, last_appointment INTEGER NOT NULL DEFAULT -1, name_key         TEXT    NOT NULL DEFAULT '', unique_id        TEXT    NOT NULL DEFAULT '',
    UNIQUE (owner_id, tag_id, patient_id),
    FOREIGN KEY (owner_id, patient_id) REFERENCES patient (owner_id, id),
    FOREIGN KEY (owner_id, tag_id) REFERENCES tag (owner_id, id)
) STRICT;

-- patient_tally
CREATE TABLE patient_tally (
    row      INTEGER PRIMARY KEY,
    owner_id BLOB    NOT NULL UNIQUE REFERENCES account (id),
    patients INTEGER NOT NULL CHECK (patients >= 0)
) STRICT;

-- session
CREATE TABLE session (
    row        INTEGER PRIMARY KEY,
    id         BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    account_id BLOB    NOT NULL REFERENCES account (id),
    token      BLOB    NOT NULL UNIQUE CHECK (length(token) = 32),
    created_at INTEGER NOT NULL CHECK (created_at >= 0),
    expires_at INTEGER NOT NULL CHECK (expires_at >= created_at),
    -- The last use known when the session began; later ones are in session_seen.
    seen_at    INTEGER NOT NULL CHECK (seen_at >= 0),
    address    TEXT,
    agent      TEXT,
    ended_at   INTEGER CHECK (ended_at >= 0)
, mac BLOB CHECK (length(mac) = 32), handed_to BLOB CHECK (length(handed_to) = 16)) STRICT;

-- session_seen
CREATE TABLE session_seen (
    row          INTEGER PRIMARY KEY,
    session_id   BLOB    NOT NULL UNIQUE REFERENCES session (id),
    last_seen_at INTEGER NOT NULL CHECK (last_seen_at >= 0),
    mac          BLOB    NOT NULL CHECK (length(mac) = 32)
) STRICT;

-- setting
CREATE TABLE setting (
    row   INTEGER PRIMARY KEY,
    key   TEXT    NOT NULL UNIQUE,
    value TEXT    NOT NULL
, mac BLOB CHECK (length(mac) = 32)) STRICT;

-- tag
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

-- tag_catalogue
CREATE TABLE tag_catalogue (
    row      INTEGER PRIMARY KEY,
    owner_id BLOB    NOT NULL UNIQUE REFERENCES account (id),
    begun_at INTEGER NOT NULL CHECK (begun_at >= 0)
) STRICT;

-- tag_category
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

-- tag_tally
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

-- throttle
CREATE TABLE throttle (
    row             INTEGER PRIMARY KEY,
    key             TEXT    NOT NULL UNIQUE,
    failures        INTEGER NOT NULL CHECK (failures >= 0),
    last_failure_at INTEGER NOT NULL CHECK (last_failure_at >= 0),
    locked_until    INTEGER CHECK (locked_until >= 0)
) STRICT;

-- trail_entry
CREATE TABLE trail_entry (
    seq        INTEGER PRIMARY KEY CHECK (seq > 0),
    class      INTEGER NOT NULL CHECK (class BETWEEN 1 AND 255),
    -- Days since 1970; never less than the day before it.
    day        INTEGER NOT NULL CHECK (day BETWEEN 0 AND 4294967295),
    commitment BLOB    NOT NULL CHECK (length(commitment) = 32),
    mac        BLOB    NOT NULL CHECK (length(mac) = 32),
    -- Both go when an event's time of keeping is over; the leaf stays.
    salt       BLOB    CHECK (length(salt) = 32),
    payload    BLOB, surroundings INTEGER REFERENCES trail_surroundings (row),
    CHECK ((salt IS NULL) = (payload IS NULL))
) STRICT;

-- trail_index
CREATE TABLE trail_index (
    seq         INTEGER PRIMARY KEY,
    at          INTEGER NOT NULL,
    actor       BLOB    CHECK (length(actor) = 16),
    action      TEXT    NOT NULL,
    outcome     TEXT    NOT NULL,
    target_kind TEXT,
    -- The bytes of an id, or a word; nothing for the patient of the next column.
    target_id   ANY,
    patient     BLOB    CHECK (length(patient) = 16),
    address     TEXT,
    -- Whether it belongs to an account's own security history (U5): by the entry's class.
    security    INTEGER NOT NULL CHECK (security IN (0, 1))
) STRICT;

-- trail_surroundings
CREATE TABLE trail_surroundings (
    row  INTEGER PRIMARY KEY,
    text BLOB    NOT NULL
) STRICT;

-- trail_tail
CREATE TABLE trail_tail (
    row      INTEGER PRIMARY KEY CHECK (row = 1),
    frontier BLOB    NOT NULL,
    last_day INTEGER NOT NULL CHECK (last_day BETWEEN 0 AND 4294967295),
    size     INTEGER NOT NULL CHECK (size > 0),
    root     BLOB    NOT NULL CHECK (length(root) = 32),
    mac      BLOB    NOT NULL CHECK (length(mac) = 32)
) STRICT;

-- upload_receipt
CREATE TABLE upload_receipt (
    row        INTEGER PRIMARY KEY,
    owner_id   BLOB    NOT NULL,
    patient_id BLOB    NOT NULL,
    upload_key BLOB    NOT NULL CHECK (length(upload_key) = 16),
    file_index INTEGER NOT NULL CHECK (file_index BETWEEN 0 AND 65535),
    image_id   BLOB    NOT NULL,
    sha256     BLOB    NOT NULL CHECK (length(sha256) = 32),
    noted_at   INTEGER NOT NULL CHECK (noted_at >= 0),
    UNIQUE (owner_id, patient_id, upload_key, file_index),
    FOREIGN KEY (owner_id, patient_id, image_id) REFERENCES image (owner_id, patient_id, id)
) STRICT;

-- comparison_added
CREATE TRIGGER comparison_added AFTER INSERT ON comparison BEGIN
    UPDATE patient SET last_modified = max(last_modified, NEW.created_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

-- comparison_image_stays
CREATE TRIGGER comparison_image_stays BEFORE UPDATE OF owner_id, patient_id, comparison_id, image_id ON comparison_image BEGIN
    SELECT RAISE(ABORT, 'the images of a comparison are added and removed');
END;

-- comparison_stays
CREATE TRIGGER comparison_stays BEFORE UPDATE OF id, owner_id, patient_id, entry_id, created_at ON comparison BEGIN
    SELECT RAISE(ABORT, 'a comparison stays with its visit');
END;

-- consent_added
CREATE TRIGGER consent_added AFTER INSERT ON consent BEGIN
    UPDATE patient SET last_modified = max(last_modified, NEW.recorded_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

-- consent_is_revoked_once
CREATE TRIGGER consent_is_revoked_once
BEFORE UPDATE OF revoked_at, revoked_by_id, revoked_by_name, revoked_reason ON consent
WHEN OLD.revoked_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'a consent is revoked once');
END;

-- consent_revoked
CREATE TRIGGER consent_revoked AFTER UPDATE OF revoked_at ON consent BEGIN
    UPDATE patient SET last_modified = max(last_modified, NEW.revoked_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

-- consent_signature_stays
CREATE TRIGGER consent_signature_stays BEFORE UPDATE ON consent_signature BEGIN
    SELECT RAISE(ABORT, 'a signature is never changed');
END;

-- consent_stays
CREATE TRIGGER consent_stays BEFORE UPDATE OF
    id, owner_id, patient_id, template, version, language, text, purposes, method, strokes_sha256,
    picture_sha256, strokes, points, how, notes, signer_name, signer_role, witness, recorded_by_id,
    recorded_by_name, recorded_at, address, expires_on, expires_at
ON consent BEGIN
    SELECT RAISE(ABORT, 'a consent record is never changed');
END;

-- entry_added
CREATE TRIGGER entry_added AFTER INSERT ON entry BEGIN
    UPDATE patient SET entry_count = entry_count + 1, last_modified = max(last_modified, NEW.created_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

-- entry_addendum_added
CREATE TRIGGER entry_addendum_added AFTER INSERT ON entry_addendum BEGIN
    UPDATE patient SET last_modified = max(last_modified, NEW.at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

-- entry_addendum_stays
CREATE TRIGGER entry_addendum_stays BEFORE UPDATE ON entry_addendum BEGIN
    SELECT RAISE(ABORT, 'an addendum is never changed');
END;

-- entry_changed
CREATE TRIGGER entry_changed AFTER UPDATE OF changed_at ON entry BEGIN
    UPDATE patient SET last_modified = max(last_modified, NEW.changed_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

-- entry_image_added
CREATE TRIGGER entry_image_added AFTER INSERT ON entry_image BEGIN
    UPDATE patient SET last_modified = max(last_modified, NEW.linked_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

-- entry_image_stays
CREATE TRIGGER entry_image_stays BEFORE UPDATE ON entry_image BEGIN
    SELECT RAISE(ABORT, 'an image is added to a workspace and removed from it');
END;

-- entry_is_signed_once
CREATE TRIGGER entry_is_signed_once BEFORE UPDATE ON entry WHEN OLD.signed_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'a signed entry is never changed');
END;

-- entry_removed
CREATE TRIGGER entry_removed AFTER DELETE ON entry BEGIN
    UPDATE patient SET entry_count = entry_count - 1 WHERE owner_id = OLD.owner_id AND id = OLD.patient_id;
END;

-- entry_revision_stays
CREATE TRIGGER entry_revision_stays BEFORE UPDATE ON entry_revision BEGIN
    SELECT RAISE(ABORT, 'a revision is never changed');
END;

-- entry_stays
CREATE TRIGGER entry_stays BEFORE UPDATE OF id, owner_id, patient_id, created_at ON entry BEGIN
    SELECT RAISE(ABORT, 'an entry stays with its patient');
END;

-- entry_tag_added
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

-- entry_tag_moved
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

-- entry_tag_removed
CREATE TRIGGER entry_tag_removed AFTER DELETE ON entry_tag BEGIN
    DELETE FROM patient_tag_use
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id AND uses = 1;
    UPDATE patient_tag_use SET entries = entries - 1
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id;
END;

-- entry_tag_stays
CREATE TRIGGER entry_tag_stays BEFORE UPDATE OF owner_id, patient_id, entry_id, linked_at ON entry_tag BEGIN
    SELECT RAISE(ABORT, 'a tag stays where it was given');
END;

-- image_added
CREATE TRIGGER image_added AFTER INSERT ON image BEGIN
    UPDATE patient SET image_count = image_count + 1, last_modified = max(last_modified, NEW.uploaded_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

-- image_changed
CREATE TRIGGER image_changed AFTER UPDATE OF changed_at ON image BEGIN
    UPDATE patient SET last_modified = max(last_modified, NEW.changed_at)
        WHERE owner_id = NEW.owner_id AND id = NEW.patient_id;
END;

-- image_removed
CREATE TRIGGER image_removed AFTER DELETE ON image BEGIN
    UPDATE patient SET image_count = image_count - 1 WHERE owner_id = OLD.owner_id AND id = OLD.patient_id;
END;

-- image_stays
CREATE TRIGGER image_stays BEFORE UPDATE OF
    id, owner_id, patient_id, sha256, original_name, basis, basis_level, consent_id
ON image BEGIN
    SELECT RAISE(ABORT, 'an image stays with its patient, its bytes and what allowed it');
END;

-- image_tag_added
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

-- image_tag_moved
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

-- image_tag_removed
CREATE TRIGGER image_tag_removed AFTER DELETE ON image_tag BEGIN
    DELETE FROM patient_tag_use
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id AND uses = 1;
    UPDATE patient_tag_use SET images = images - 1
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id;
END;

-- image_tag_stays
CREATE TRIGGER image_tag_stays BEFORE UPDATE OF owner_id, patient_id, image_id, linked_at ON image_tag BEGIN
    SELECT RAISE(ABORT, 'a tag stays where it was given');
END;

-- patient_added
CREATE TRIGGER patient_added AFTER INSERT ON patient BEGIN
    INSERT OR IGNORE INTO patient_tally (owner_id, patients) VALUES (NEW.owner_id, 0);
    UPDATE patient_tally SET patients = patients + 1 WHERE owner_id = NEW.owner_id;
END;

-- patient_field_remains
CREATE TRIGGER patient_field_remains BEFORE DELETE ON patient_field BEGIN
    SELECT RAISE(ABORT, 'a field of patients is retired, not removed');
END;

-- patient_field_stays
CREATE TRIGGER patient_field_stays BEFORE UPDATE OF id, kind ON patient_field BEGIN
    SELECT RAISE(ABORT, 'a field of patients keeps id and kind');
END;

-- patient_find_marked
CREATE TRIGGER patient_find_marked
AFTER UPDATE OF unique_id, first_name, middle_name, last_name, preferred_name, mrn, birth_date ON patient
WHEN OLD.unique_id IS NOT NEW.unique_id OR OLD.first_name IS NOT NEW.first_name
    OR OLD.middle_name IS NOT NEW.middle_name OR OLD.last_name IS NOT NEW.last_name
    OR OLD.preferred_name IS NOT NEW.preferred_name OR OLD.mrn IS NOT NEW.mrn
    OR OLD.birth_date IS NOT NEW.birth_date BEGIN
    INSERT OR IGNORE INTO patient_find_due (row) VALUES (NEW.row);
END;

-- patient_line_added
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

-- patient_line_changed
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

-- patient_line_consent_added
CREATE TRIGGER patient_line_consent_added AFTER INSERT ON consent BEGIN
    UPDATE patient_line SET
        consent_until = coalesce((SELECT max(coalesce(c.expires_at, 9223372036854775807)) FROM consent c
            WHERE c.owner_id = NEW.owner_id AND c.patient_id = NEW.patient_id AND c.revoked_at IS NULL), 0),
        consent_latest = (SELECT CASE WHEN c.revoked_at IS NULL THEN 2 ELSE 1 END FROM consent c
            WHERE c.owner_id = NEW.owner_id AND c.patient_id = NEW.patient_id
            ORDER BY c.recorded_at DESC, c.id DESC LIMIT 1)
    WHERE row = (SELECT p.row FROM patient p WHERE p.owner_id = NEW.owner_id AND p.id = NEW.patient_id);
END;

-- patient_line_consent_removed
CREATE TRIGGER patient_line_consent_removed AFTER DELETE ON consent BEGIN
    UPDATE patient_line SET
        consent_until = coalesce((SELECT max(coalesce(c.expires_at, 9223372036854775807)) FROM consent c
            WHERE c.owner_id = OLD.owner_id AND c.patient_id = OLD.patient_id AND c.revoked_at IS NULL), 0),
        consent_latest = coalesce((SELECT CASE WHEN c.revoked_at IS NULL THEN 2 ELSE 1 END FROM consent c
            WHERE c.owner_id = OLD.owner_id AND c.patient_id = OLD.patient_id
            ORDER BY c.recorded_at DESC, c.id DESC LIMIT 1), 0)
    WHERE row = (SELECT p.row FROM patient p WHERE p.owner_id = OLD.owner_id AND p.id = OLD.patient_id);
END;

-- patient_line_consent_revoked
CREATE TRIGGER patient_line_consent_revoked AFTER UPDATE OF revoked_at ON consent BEGIN
    UPDATE patient_line SET
        consent_until = coalesce((SELECT max(coalesce(c.expires_at, 9223372036854775807)) FROM consent c
            WHERE c.owner_id = NEW.owner_id AND c.patient_id = NEW.patient_id AND c.revoked_at IS NULL), 0),
        consent_latest = (SELECT CASE WHEN c.revoked_at IS NULL THEN 2 ELSE 1 END FROM consent c
            WHERE c.owner_id = NEW.owner_id AND c.patient_id = NEW.patient_id
            ORDER BY c.recorded_at DESC, c.id DESC LIMIT 1)
    WHERE row = (SELECT p.row FROM patient p WHERE p.owner_id = NEW.owner_id AND p.id = NEW.patient_id);
END;

-- patient_line_entry_added
CREATE TRIGGER patient_line_entry_added AFTER INSERT ON entry BEGIN
    UPDATE patient_line SET
        last_appointment = CASE WHEN NEW.appointment_at <= NEW.created_at THEN NEW.appointment_at
            ELSE last_appointment END,
        next_appointment = CASE WHEN NEW.appointment_at <= NEW.created_at THEN next_appointment
            ELSE NEW.appointment_at END
    WHERE row = (SELECT p.row FROM patient p WHERE p.owner_id = NEW.owner_id AND p.id = NEW.patient_id)
        AND NEW.appointment_at > last_appointment AND NEW.appointment_at < next_appointment;
END;

-- patient_line_entry_moved
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

-- patient_line_entry_removed
CREATE TRIGGER patient_line_entry_removed AFTER DELETE ON entry BEGIN
    UPDATE patient_line SET
        last_appointment = coalesce((SELECT max(e.appointment_at) FROM entry e WHERE e.owner_id = OLD.owner_id
            AND e.patient_id = OLD.patient_id AND e.appointment_at <= patient_line.last_appointment), -1),
        next_appointment = coalesce((SELECT min(e.appointment_at) FROM entry e WHERE e.owner_id = OLD.owner_id
            AND e.patient_id = OLD.patient_id AND e.appointment_at > patient_line.last_appointment),
            9223372036854775807)
    WHERE row = (SELECT p.row FROM patient p WHERE p.owner_id = OLD.owner_id AND p.id = OLD.patient_id);
END;

-- patient_line_removed
CREATE TRIGGER patient_line_removed AFTER DELETE ON patient BEGIN
    DELETE FROM patient_line WHERE row = OLD.row;
    INSERT OR IGNORE INTO patient_find_due (row) VALUES (OLD.row);
END;

-- patient_removed
CREATE TRIGGER patient_removed AFTER DELETE ON patient BEGIN
    UPDATE patient_tally SET patients = patients - 1 WHERE owner_id = OLD.owner_id;
END;

-- patient_stays
CREATE TRIGGER patient_stays BEFORE UPDATE OF id, owner_id, created_at ON patient BEGIN
    SELECT RAISE(ABORT, 'a patient keeps id, owner and time of creation');
END;

-- patient_tag_added
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

-- patient_tag_moved
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

-- patient_tag_removed
CREATE TRIGGER patient_tag_removed AFTER DELETE ON patient_tag BEGIN
    DELETE FROM patient_tag_use
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id AND uses = 1;
    UPDATE patient_tag_use SET own = own - 1
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id AND patient_id = OLD.patient_id;
END;

-- patient_tag_stays
CREATE TRIGGER patient_tag_stays BEFORE UPDATE OF owner_id, patient_id, linked_at ON patient_tag BEGIN
    SELECT RAISE(ABORT, 'a tag stays where it was given');
END;

-- patient_tag_use_added
CREATE TRIGGER patient_tag_use_added AFTER INSERT ON patient_tag_use BEGIN
    UPDATE tag_tally SET patients = patients + 1, own = own + NEW.own, entries = entries + NEW.entries,
        images = images + NEW.images
        WHERE owner_id = NEW.owner_id AND tag_id = NEW.tag_id;
END;

-- patient_tag_use_changed
CREATE TRIGGER patient_tag_use_changed AFTER UPDATE OF own, entries, images ON patient_tag_use BEGIN
    UPDATE tag_tally SET own = own + NEW.own - OLD.own, entries = entries + NEW.entries - OLD.entries,
        images = images + NEW.images - OLD.images
        WHERE owner_id = NEW.owner_id AND tag_id = NEW.tag_id;
END;

-- patient_tag_use_follows_appointment
CREATE TRIGGER patient_tag_use_follows_appointment AFTER UPDATE OF last_appointment ON patient_line
WHEN OLD.last_appointment <> NEW.last_appointment BEGIN
    UPDATE patient_tag_use SET last_appointment = NEW.last_appointment
        WHERE owner_id = NEW.owner_id AND patient_id = NEW.patient_id;
END;

-- patient_tag_use_follows_change
CREATE TRIGGER patient_tag_use_follows_change AFTER UPDATE OF last_modified ON patient_line
WHEN OLD.last_modified <> NEW.last_modified BEGIN
    UPDATE patient_tag_use SET last_modified = NEW.last_modified
        WHERE owner_id = NEW.owner_id AND patient_id = NEW.patient_id;
END;

-- patient_tag_use_follows_name
CREATE TRIGGER patient_tag_use_follows_name AFTER UPDATE OF name_key ON patient_line
WHEN OLD.name_key <> NEW.name_key BEGIN
    UPDATE patient_tag_use SET name_key = NEW.name_key
        WHERE owner_id = NEW.owner_id AND patient_id = NEW.patient_id;
END;

-- patient_tag_use_follows_unique_id
CREATE TRIGGER patient_tag_use_follows_unique_id AFTER UPDATE OF unique_id ON patient
WHEN OLD.unique_id <> NEW.unique_id BEGIN
    UPDATE patient_tag_use SET unique_id = NEW.unique_id
        WHERE owner_id = NEW.owner_id AND patient_id = NEW.id;
END;

-- patient_tag_use_removed
CREATE TRIGGER patient_tag_use_removed AFTER DELETE ON patient_tag_use BEGIN
    UPDATE tag_tally SET patients = patients - 1, own = own - OLD.own, entries = entries - OLD.entries,
        images = images - OLD.images
        WHERE owner_id = OLD.owner_id AND tag_id = OLD.tag_id;
END;

-- tag_added
CREATE TRIGGER tag_added AFTER INSERT ON tag BEGIN
    INSERT INTO tag_tally (owner_id, tag_id, patients, own, entries, images) VALUES (NEW.owner_id, NEW.id, 0, 0, 0, 0);
END;

-- tag_category_stays
CREATE TRIGGER tag_category_stays BEFORE UPDATE OF id, owner_id, created_at ON tag_category BEGIN
    SELECT RAISE(ABORT, 'a tag category keeps id, owner and time of creation');
END;

-- tag_removed
CREATE TRIGGER tag_removed BEFORE DELETE ON tag BEGIN
    DELETE FROM tag_tally WHERE owner_id = OLD.owner_id AND tag_id = OLD.id;
END;

-- tag_stays
CREATE TRIGGER tag_stays BEFORE UPDATE OF id, owner_id, created_at ON tag BEGIN
    SELECT RAISE(ABORT, 'a tag keeps id, owner and time of creation');
END;

-- trail_entry_is_not_changed
CREATE TRIGGER trail_entry_is_not_changed BEFORE UPDATE ON trail_entry BEGIN
    SELECT RAISE(ABORT, 'the trail is never changed');
END;

-- trail_entry_is_not_removed
CREATE TRIGGER trail_entry_is_not_removed BEFORE DELETE ON trail_entry BEGIN
    SELECT RAISE(ABORT, 'nothing is removed from the trail');
END;

-- trail_index_is_not_changed
CREATE TRIGGER trail_index_is_not_changed BEFORE UPDATE ON trail_index BEGIN
    SELECT RAISE(ABORT, 'the index of the trail is never changed');
END;

-- trail_index_is_not_removed
CREATE TRIGGER trail_index_is_not_removed BEFORE DELETE ON trail_index BEGIN
    SELECT RAISE(ABORT, 'nothing is removed from the index of the trail');
END;

-- trail_surroundings_are_not_changed
CREATE TRIGGER trail_surroundings_are_not_changed BEFORE UPDATE ON trail_surroundings BEGIN
    SELECT RAISE(ABORT, 'the trail is never changed');
END;

-- trail_surroundings_are_not_removed
CREATE TRIGGER trail_surroundings_are_not_removed BEFORE DELETE ON trail_surroundings BEGIN
    SELECT RAISE(ABORT, 'nothing is removed from the trail');
END;

-- trail_tail_is_not_removed
CREATE TRIGGER trail_tail_is_not_removed BEFORE DELETE ON trail_tail BEGIN
    SELECT RAISE(ABORT, 'the end of the trail is never removed');
END;

-- trail_tail_only_grows
CREATE TRIGGER trail_tail_only_grows BEFORE UPDATE ON trail_tail WHEN NEW.size <= OLD.size BEGIN
    SELECT RAISE(ABORT, 'the trail only grows');
END;

