//! The images of entries' workspaces, and entries' comparison groups.

macro_rules! comparison {
    () => {
        "SELECT row, id, entry_id, title, mode, note, layout, version, field_versions FROM comparison \
         WHERE owner_id = ?1 AND patient_id = ?2 "
    };
}

super::keyed_statements! { 2:
    WORKSPACE = "SELECT i.row, i.id, i.shown_at FROM entry_image w \
                 JOIN image i ON i.owner_id = w.owner_id AND i.patient_id = w.patient_id AND i.id = w.image_id \
                 WHERE w.owner_id = ?1 AND w.patient_id = ?2 AND w.entry_id = ?3";
    ADD_TO_WORKSPACE = "INSERT INTO entry_image (owner_id, patient_id, entry_id, image_id, linked_at) \
                        VALUES (?1, ?2, ?3, ?4, ?5) \
                        ON CONFLICT (owner_id, patient_id, entry_id, image_id) DO NOTHING";
    REMOVE_FROM_WORKSPACE = "DELETE FROM entry_image \
                             WHERE owner_id = ?1 AND patient_id = ?2 AND entry_id = ?3 AND image_id = ?4";
    COMPARISONS = concat!(comparison!(), "AND entry_id = ?3 ORDER BY position, id");
    COMPARISON = concat!(comparison!(), "AND id = ?3");
    COMPARISON_OF = "SELECT row FROM comparison WHERE owner_id = ?1 AND patient_id = ?2 AND id = ?3 AND entry_id = ?4";
    COMPARED = "SELECT row, image_id, label, view, landmarks, ruler, annotations, turns, field_versions \
                FROM comparison_image \
                WHERE owner_id = ?1 AND patient_id = ?2 AND comparison_id = ?3 ORDER BY position, image_id";
    INSERT_COMPARISON = "INSERT INTO comparison (owner_id, patient_id, id, entry_id, position, created_at, title, mode, \
                         note, layout, version, field_versions) \
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    UPDATE_COMPARISON = "UPDATE comparison SET position = coalesce(?4, position), title = ?5, mode = ?6, note = ?7, layout = ?8, \
                         version = ?9, field_versions = ?10 \
                         WHERE owner_id = ?1 AND patient_id = ?2 AND id = ?3";
    REMOVE_COMPARISON = "DELETE FROM comparison WHERE owner_id = ?1 AND patient_id = ?2 AND id = ?3";
    ADD_COMPARED = "INSERT INTO comparison_image (owner_id, patient_id, comparison_id, image_id, position, label, view, \
                    landmarks, ruler, annotations, turns, field_versions) \
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    // A row that stays as it is isn't written.
    UPDATE_COMPARED = "UPDATE comparison_image SET position = ?5, label = ?6, view = ?7, landmarks = ?8, ruler = ?9, \
                       annotations = ?10, turns = ?11, field_versions = ?12 \
                       WHERE owner_id = ?1 AND patient_id = ?2 AND comparison_id = ?3 AND image_id = ?4 \
                       AND (position, label, view, landmarks, ruler, annotations, turns, field_versions) \
                       IS NOT (?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    REMOVE_ONE_COMPARED = "DELETE FROM comparison_image \
                           WHERE owner_id = ?1 AND patient_id = ?2 AND comparison_id = ?3 AND image_id = ?4";
    REMOVE_COMPARED = "DELETE FROM comparison_image WHERE owner_id = ?1 AND patient_id = ?2 AND comparison_id = ?3";
}
