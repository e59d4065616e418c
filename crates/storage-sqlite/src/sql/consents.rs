//! Consent records and their signatures.

super::table::table! {
    "consent";
    by hand: "owner_id" "patient_id";
    columns: id template version language text purposes method strokes_sha256 picture_sha256 strokes points how notes
        signer_name signer_role witness recorded_by_id recorded_by_name recorded_at address expires_on expires_at
        revoked_at revoked_by_id revoked_by_name revoked_reason;
    written: ;
    read: patient_id;
}

macro_rules! consent {
    () => {
        concat!("SELECT ", selected!(), ", c.* FROM consent c ")
    };
}

super::keyed_statements! { 2:
    LIST = concat!(
        consent!(),
        "WHERE owner_id = ?1 AND patient_id = ?2 ORDER BY recorded_at DESC, id DESC LIMIT ?3"
    );
    BY_ID = concat!(consent!(), "WHERE owner_id = ?1 AND patient_id = ?2 AND id = ?3");
    GRANTS = "SELECT row, id, purposes, recorded_at, expires_at, revoked_at, c.* FROM consent c \
              WHERE owner_id = ?1 AND patient_id = ?2 ORDER BY recorded_at DESC, id DESC";
    SIGNATURE = "SELECT row, strokes, picture FROM consent_signature \
                 WHERE consent_id = ?3 AND owner_id = ?1 AND patient_id = ?2";
    INSERT = concat!("INSERT INTO consent (owner_id, patient_id", named!(), ") VALUES (?1, ?2", numbered!(), ")");
    INSERT_SIGNATURE = "INSERT INTO consent_signature (owner_id, patient_id, consent_id, strokes, picture) \
                        VALUES (?1, ?2, ?3, ?4, ?5)";
    REVOKE = "UPDATE consent SET revoked_at = ?4, revoked_by_id = ?5, revoked_by_name = ?6, \
              revoked_reason = ?7 \
              WHERE owner_id = ?1 AND patient_id = ?2 AND id = ?3 AND revoked_at IS NULL";
}
