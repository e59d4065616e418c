//! Images and receipts of uploads.

super::table::table! {
    "image";
    by hand: "owner_id" "patient_id";
    columns: id file_name format width height bytes sha256 captured_at uploaded_at uploaded_by device
        thumbnail_bytes screen_bytes incomplete pages medium_bytes;
    written: original_name derived_name basis basis_level consent_id;
    read: patient_id;
}

pub(crate) use selected as image_columns;

macro_rules! image {
    () => {
        concat!("SELECT ", selected!(), " FROM image ")
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
    COVER = "SELECT row, id FROM image WHERE owner_id = ?1 AND patient_id = ?2 \
             ORDER BY shown_at DESC, id DESC LIMIT 1";
    RECEIPT = "SELECT row, image_id, sha256 FROM upload_receipt \
               WHERE owner_id = ?1 AND patient_id = ?2 AND upload_key = ?3 AND file_index = ?4";
    INSERT = concat!("INSERT INTO image (owner_id, patient_id", named!(), ") VALUES (?1, ?2", numbered!(), ")");
    INSERT_RECEIPT = "INSERT INTO upload_receipt (owner_id, patient_id, upload_key, file_index, image_id, \
                      sha256, noted_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
}
