//! Entries.

super::table::table! {
    "entry";
    by hand: "owner_id" "patient_id";
    columns: id appointment_at title author created_at;
    written: ;
    read: appointment_version title_version notes_version signed_by signed_at;
}

macro_rules! of {
    ($table:literal) => {
        concat!(
            " FROM ",
            $table,
            " WHERE owner_id = ?1 AND patient_id = ?2 AND entry_id = ?3 "
        )
    };
}

/// The images of an entry's workspace.
macro_rules! workspace {
    () => {
        "FROM entry_image w JOIN image i ON i.owner_id = w.owner_id AND i.patient_id = w.patient_id AND i.id = w.image_id \
         WHERE w.owner_id = ?1 AND w.patient_id = ?2 AND w.entry_id = ?3"
    };
}

/// The images of a stretch of time that are in no workspace.
macro_rules! without_entry {
    () => {
        "FROM image i INDEXED BY image_by_time WHERE i.owner_id = ?1 AND i.patient_id = ?2 \
         AND i.shown_at >= ?3 AND i.shown_at < ?4 \
         AND NOT EXISTS (SELECT 1 FROM entry_image w WHERE w.owner_id = ?1 AND w.patient_id = ?2 AND w.image_id = i.id)"
    };
}

super::keyed_statements! { 2:
    LIST = concat!(
        "SELECT ", selected!(), " FROM entry \
         WHERE owner_id = ?1 AND patient_id = ?2 ORDER BY appointment_at DESC, id DESC LIMIT ?3"
    );
    LIST_AFTER = concat!(
        "SELECT ", selected!(), " FROM entry \
         WHERE owner_id = ?1 AND patient_id = ?2 AND (appointment_at, id) < (?4, ?5) \
         ORDER BY appointment_at DESC, id DESC LIMIT ?3"
    );
    BY_ID = concat!("SELECT ", selected!(), " FROM entry WHERE owner_id = ?1 AND patient_id = ?2 AND id = ?3");
    // Notes are '' here in every entry that was added, or whose notes were changed, since they are sealed.
    INSERT = concat!("INSERT INTO entry (owner_id, patient_id, notes", named!(), ") VALUES (?1, ?2, ''", numbered!(), ")");
    NOTES = "SELECT e.row, e.notes, n.content FROM entry e LEFT JOIN entry_notes n \
             ON n.owner_id = e.owner_id AND n.patient_id = e.patient_id AND n.entry_id = e.id \
             WHERE e.owner_id = ?1 AND e.patient_id = ?2 AND e.id = ?3";
    SET_APPOINTMENT = "UPDATE entry SET appointment_at = ?4, appointment_version = ?5, changed_at = ?6 \
                       WHERE owner_id = ?1 AND patient_id = ?2 AND id = ?3";
    SET_TITLE = "UPDATE entry SET title = ?4, title_version = ?5, changed_at = ?6 \
                 WHERE owner_id = ?1 AND patient_id = ?2 AND id = ?3";
    SET_NOTES_VERSION = "UPDATE entry SET notes = '', notes_version = ?4, changed_at = ?5 \
                         WHERE owner_id = ?1 AND patient_id = ?2 AND id = ?3";
    SET_NOTES = "INSERT INTO entry_notes (owner_id, patient_id, entry_id, content) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (owner_id, patient_id, entry_id) DO UPDATE SET content = excluded.content";
    SIGN = "UPDATE entry SET signed_by = ?4, signed_at = ?5, changed_at = ?5 \
            WHERE owner_id = ?1 AND patient_id = ?2 AND id = ?3 AND signed_at IS NULL";
    REVISIONS_TO = concat!(
        "SELECT row, version, bytes, author, agent, at, restored, in_full, content", of!("entry_revision"),
        "AND field = ?4 AND version <= ?5 AND version >= coalesce((SELECT max(f.version) FROM entry_revision f \
         WHERE f.owner_id = ?1 AND f.patient_id = ?2 AND f.entry_id = ?3 AND f.field = ?4 AND f.in_full = 1 \
         AND f.version <= ?5), 0) ORDER BY version"
    );
    REVISIONS = concat!(
        "SELECT row, version, bytes, author, agent, at, restored", of!("entry_revision"),
        "AND field = ?4 AND version < ?5 ORDER BY version DESC LIMIT ?6"
    );
    INSERT_REVISION = "INSERT INTO entry_revision (owner_id, patient_id, entry_id, field, version, in_full, content, bytes, \
                       author, agent, at, restored) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    LAST_EDIT = concat!("SELECT row, seq, body, version, at", of!("entry_edit"), "AND field = ?4 AND client_id = ?5");
    KEEP_EDIT = "INSERT INTO entry_edit (owner_id, patient_id, entry_id, field, client_id, seq, body, version, at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) \
                 ON CONFLICT (owner_id, patient_id, entry_id, field, client_id) DO UPDATE SET \
                 seq = excluded.seq, body = excluded.body, version = excluded.version, at = excluded.at";
    ADDENDA = concat!("SELECT row, id, author, at, content", of!("entry_addendum"), "ORDER BY at, id");
    INSERT_ADDENDUM = "INSERT INTO entry_addendum (owner_id, patient_id, entry_id, id, content, author, at) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    LAYOUT = concat!("SELECT row, workspace, comparisons, notes, direction, size", of!("entry_layout"));
    SET_LAYOUT = "INSERT INTO entry_layout (owner_id, patient_id, entry_id, workspace, comparisons, notes, direction, size) \
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
                  ON CONFLICT (owner_id, patient_id, entry_id) DO UPDATE SET workspace = excluded.workspace, \
                  comparisons = excluded.comparisons, notes = excluded.notes, direction = excluded.direction, \
                  size = excluded.size";
    WORKSPACE_COUNT = concat!("SELECT count(*)", of!("entry_image"));
    WORKSPACE_BEGIN = concat!("SELECT i.row, i.id ", workspace!(), " ORDER BY i.shown_at DESC, i.id DESC LIMIT ?4");
    COMPARISON_COUNT = concat!("SELECT count(*)", of!("comparison"));
    WITHOUT_ENTRY_COUNT = concat!("SELECT count(*) ", without_entry!());
    WITHOUT_ENTRY = concat!("SELECT i.row, i.id ", without_entry!(), " ORDER BY i.shown_at DESC, i.id DESC LIMIT ?5");
}
