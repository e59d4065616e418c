//! Images and receipts of uploads.

super::table::table! {
    "image";
    by hand: "owner_id" "patient_id";
    columns: id file_name format width height bytes sha256 captured_at uploaded_at uploaded_by device
        thumbnail_bytes screen_bytes incomplete pages medium_bytes site laterality view corrected camera_at;
    written: original_name derived_name basis basis_level consent_id;
    read: patient_id caption modality rating turns edition position version field_versions;
}

pub(crate) use selected as image_columns;

macro_rules! image {
    () => {
        concat!("SELECT ", selected!(), " FROM image ")
    };
}

macro_rules! place {
    () => {
        "SELECT row, coalesce(position, shown_at) AS place, id FROM image "
    };
}

super::keyed_statements! { 2:
    BY_ID = concat!(image!(), "WHERE owner_id = ?1 AND patient_id = ?2 AND id = ?3");
    BY_DIGEST = concat!(image!(), "WHERE owner_id = ?1 AND patient_id = ?2 AND sha256 = ?3");
    FIRST_PAGE = concat!(
        image!(),
        "WHERE owner_id = ?1 AND patient_id = ?2 ORDER BY shown_at DESC, id DESC LIMIT ?3"
    );
    NEXT_PAGE = concat!(
        image!(),
        "WHERE owner_id = ?1 AND patient_id = ?2 AND (shown_at, id) < (?4, ?5) \
         ORDER BY shown_at DESC, id DESC LIMIT ?3"
    );
    FIRST_BY_PLACE = concat!(
        image!(),
        "WHERE owner_id = ?1 AND patient_id = ?2 ORDER BY coalesce(position, shown_at) DESC, id DESC LIMIT ?3"
    );
    NEXT_BY_PLACE = concat!(
        image!(),
        "WHERE owner_id = ?1 AND patient_id = ?2 AND (coalesce(position, shown_at), id) < (?4, ?5) \
         ORDER BY coalesce(position, shown_at) DESC, id DESC LIMIT ?3"
    );
    FIRST_PLACES = concat!(
        place!(),
        "WHERE owner_id = ?1 AND patient_id = ?2 ORDER BY coalesce(position, shown_at) DESC, id DESC LIMIT ?3"
    );
    PLACES_AFTER = concat!(
        place!(),
        "WHERE owner_id = ?1 AND patient_id = ?2 AND (coalesce(position, shown_at), id) < (?4, ?5) \
         ORDER BY coalesce(position, shown_at) DESC, id DESC LIMIT ?3"
    );
    PLACES_BEFORE = concat!(
        place!(),
        "WHERE owner_id = ?1 AND patient_id = ?2 AND (coalesce(position, shown_at), id) > (?4, ?5) \
         ORDER BY coalesce(position, shown_at), id LIMIT ?3"
    );
    COUNT_BETWEEN = "SELECT count(*) FROM image \
                     WHERE owner_id = ?1 AND patient_id = ?2 AND shown_at >= ?3 AND shown_at < ?4";
    NEWEST_BEFORE = "SELECT row, shown_at FROM image WHERE owner_id = ?1 AND patient_id = ?2 AND shown_at < ?3 \
                     ORDER BY shown_at DESC LIMIT 1";
    CHANGE = "UPDATE image SET caption = ?6, captured_at = ?7, corrected = ?8, camera_at = ?9, field_versions = ?10, \
              changed_at = ?5, version = ?4 + 1 \
              WHERE owner_id = ?1 AND patient_id = ?2 AND id = ?3 AND coalesce(version, 1) = ?4";
    DESCRIBE = "UPDATE image SET site = ?4, laterality = ?5, view = ?6, modality = ?7, rating = ?8 \
                WHERE owner_id = ?1 AND patient_id = ?2 AND id = ?3";
    TURN = "UPDATE image SET turns = ?4, edition = ?5, width = ?6, height = ?7, thumbnail_bytes = ?8, \
            screen_bytes = ?9, medium_bytes = ?10, derived_name = ?11 \
            WHERE owner_id = ?1 AND patient_id = ?2 AND id = ?3";
    PLACE = "UPDATE image SET position = ?4, changed_at = ?5 \
             WHERE owner_id = ?1 AND patient_id = ?2 AND id = ?3";
    COVER = "SELECT row, id FROM image WHERE owner_id = ?1 AND patient_id = ?2 \
             ORDER BY shown_at DESC, id DESC LIMIT 1";
    RECEIPT = "SELECT row, image_id, sha256 FROM upload_receipt \
               WHERE owner_id = ?1 AND patient_id = ?2 AND upload_key = ?3 AND file_index = ?4";
    INSERT = concat!("INSERT INTO image (owner_id, patient_id", named!(), ") VALUES (?1, ?2", numbered!(), ")");
    INSERT_RECEIPT = "INSERT INTO upload_receipt (owner_id, patient_id, upload_key, file_index, image_id, \
                      sha256, noted_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
}
