//! What tags are given to within one patient.

/// What is read of a tag, from its table under the name `t`.
macro_rules! tag {
    () => {
        "SELECT t.row, t.id, t.category_id, t.name, t.archived_at"
    };
}

/// The tag of a link under the name `l`.
macro_rules! of_link {
    () => {
        " JOIN tag t ON t.owner_id = l.owner_id AND t.id = l.tag_id \
         WHERE l.owner_id = ?1 AND l.patient_id = ?2"
    };
}

/// Tags of images in workspaces, with the entry and the image.
macro_rules! workspaces {
    () => {
        concat!(
            tag!(),
            ", l.entry_id, l.image_id FROM entry_image l \
             JOIN image_tag i ON i.owner_id = l.owner_id AND i.patient_id = l.patient_id AND i.image_id = l.image_id \
             JOIN tag t ON t.owner_id = i.owner_id AND t.id = i.tag_id \
             WHERE l.owner_id = ?1 AND l.patient_id = ?2"
        )
    };
}

/// Tags of compared images, with the entry and the image.
macro_rules! comparisons {
    () => {
        concat!(
            tag!(),
            ", l.entry_id, m.image_id FROM comparison l \
             JOIN comparison_image m \
             ON m.owner_id = l.owner_id AND m.patient_id = l.patient_id AND m.comparison_id = l.id \
             JOIN image_tag i ON i.owner_id = m.owner_id AND i.patient_id = m.patient_id AND i.image_id = m.image_id \
             JOIN tag t ON t.owner_id = i.owner_id AND t.id = i.tag_id \
             WHERE l.owner_id = ?1 AND l.patient_id = ?2"
        )
    };
}

macro_rules! replace {
    ($table:literal, $same:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET tag_id = ?4 WHERE owner_id = ?1 AND patient_id = ?2 AND tag_id = ?3 AND NOT EXISTS \
             (SELECT 1 FROM ",
            $table,
            " x WHERE x.owner_id = ?1 AND x.patient_id = ?2",
            $same,
            " AND x.tag_id = ?4)"
        )
    };
}

macro_rules! drop_all {
    ($table:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE owner_id = ?1 AND patient_id = ?2 AND tag_id = ?3"
        )
    };
}

super::keyed_statements! { 2:
    HAS_PATIENT = "SELECT row FROM patient WHERE owner_id = ?1 AND id = ?2";
    HAS_ENTRY = "SELECT row FROM entry WHERE owner_id = ?1 AND patient_id = ?2 AND id = ?3";
    HAS_IMAGE = "SELECT row FROM image WHERE owner_id = ?1 AND patient_id = ?2 AND id = ?3";
    OF_PATIENT = concat!(tag!(), ", l.own, l.entries, l.images FROM patient_tag_use l", of_link!());
    OF_ENTRY = concat!(tag!(), " FROM entry_tag l", of_link!(), " AND l.entry_id = ?3");
    OF_IMAGE = concat!(tag!(), " FROM image_tag l", of_link!(), " AND l.image_id = ?3");
    OF_ENTRIES = concat!(tag!(), ", l.entry_id FROM entry_tag l", of_link!());
    OF_WORKSPACE = concat!(workspaces!(), " AND l.entry_id = ?3");
    OF_WORKSPACES = workspaces!();
    OF_COMPARISON = concat!(comparisons!(), " AND l.entry_id = ?3");
    OF_COMPARISONS = comparisons!();
    COUNT_OF_PATIENT = "SELECT count(*) FROM patient_tag WHERE owner_id = ?1 AND patient_id = ?2";
    COUNT_OF_ENTRY = "SELECT count(*) FROM entry_tag WHERE owner_id = ?1 AND patient_id = ?2 AND entry_id = ?3";
    COUNT_OF_IMAGE = "SELECT count(*) FROM image_tag WHERE owner_id = ?1 AND patient_id = ?2 AND image_id = ?3";
    GIVE_PATIENT = "INSERT INTO patient_tag (owner_id, patient_id, tag_id, linked_at) VALUES (?1, ?2, ?3, ?4) \
                    ON CONFLICT (owner_id, patient_id, tag_id) DO NOTHING";
    GIVE_ENTRY = "INSERT INTO entry_tag (owner_id, patient_id, tag_id, linked_at, entry_id) \
                  VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (owner_id, patient_id, entry_id, tag_id) DO NOTHING";
    GIVE_IMAGE = "INSERT INTO image_tag (owner_id, patient_id, tag_id, linked_at, image_id) \
                  VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (owner_id, patient_id, image_id, tag_id) DO NOTHING";
    TAKE_ENTRY = concat!(drop_all!("entry_tag"), " AND entry_id = ?4");
    TAKE_IMAGE = concat!(drop_all!("image_tag"), " AND image_id = ?4");
    DROP_PATIENT = drop_all!("patient_tag");
    DROP_ENTRIES = drop_all!("entry_tag");
    DROP_IMAGES = drop_all!("image_tag");
    REPLACE_PATIENT = replace!("patient_tag", "");
    REPLACE_ENTRIES = replace!("entry_tag", " AND x.entry_id = entry_tag.entry_id");
    REPLACE_IMAGES = replace!("image_tag", " AND x.image_id = image_tag.image_id");
    CHANGED = "UPDATE patient SET last_modified = ?3 WHERE owner_id = ?1 AND id = ?2 AND last_modified < ?3";
}
