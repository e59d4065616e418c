//! Tags and their categories.

macro_rules! tag {
    () => {
        "SELECT t.row, t.id, t.category_id, t.name, t.archived_at, y.patients, y.own, y.entries, y.images \
         FROM tag t JOIN tag_tally y ON y.owner_id = t.owner_id AND y.tag_id = t.id "
    };
}

super::keyed_statements! { 1:
    BEGUN = "SELECT row FROM tag_catalogue WHERE owner_id = ?1";
    BEGIN = "INSERT INTO tag_catalogue (owner_id, begun_at) VALUES (?1, ?2)";
    CATEGORIES = "SELECT row, id, name, colour FROM tag_category WHERE owner_id = ?1 ORDER BY position, id";
    INSERT_CATEGORY = "INSERT INTO tag_category (owner_id, id, name, name_key, colour, position, created_at) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    UPDATE_CATEGORY = "UPDATE tag_category SET name = ?3, name_key = ?4, colour = ?5, position = ?6 \
                       WHERE owner_id = ?1 AND id = ?2";
    REMOVE_CATEGORY = "DELETE FROM tag_category WHERE owner_id = ?1 AND id = ?2";
    TAGS = concat!(tag!(), "WHERE t.owner_id = ?1 ORDER BY t.name_key, t.id");
    COUNT = "SELECT count(*) FROM tag WHERE owner_id = ?1";
    TAG = concat!(tag!(), "WHERE t.owner_id = ?1 AND t.id = ?2");
    INSERT_TAG = "INSERT INTO tag (owner_id, id, category_id, name, name_key, archived_at, created_at) \
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    UPDATE_TAG = "UPDATE tag SET category_id = ?3, name = ?4, name_key = ?5, archived_at = ?6 \
                  WHERE owner_id = ?1 AND id = ?2";
    REMOVE_TAG = "DELETE FROM tag WHERE owner_id = ?1 AND id = ?2";
    PATIENTS = "SELECT row, patient_id, uses FROM patient_tag_use WHERE owner_id = ?1 AND tag_id = ?2 LIMIT ?3";
    PATIENT_OF_ENTRY = "SELECT row, patient_id FROM entry WHERE owner_id = ?1 AND id = ?2";
    PATIENT_OF_IMAGE = "SELECT row, patient_id FROM image WHERE owner_id = ?1 AND id = ?2";
}
