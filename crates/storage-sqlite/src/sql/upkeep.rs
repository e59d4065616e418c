//! What the upkeep of blobs and keys asks, whosever they are.

super::statements! {
    BLOB_NAME_KNOWN = "SELECT 1 WHERE EXISTS (SELECT 1 FROM image WHERE original_name = ?1) \
                       OR EXISTS (SELECT 1 FROM image WHERE derived_name = ?1)";
    BLOB_OWNER = "SELECT row, patient_id FROM image WHERE original_name = ?1 \
                  UNION ALL SELECT row, patient_id FROM image WHERE derived_name = ?1 LIMIT 1";
    PATIENT_KNOWN = "SELECT 1 FROM patient WHERE id = ?1";
    ANYTHING_SEALED = "SELECT 1 FROM patient p WHERE p.id = ?1 \
                       AND (EXISTS (SELECT 1 FROM image i \
                                    WHERE i.owner_id = p.owner_id AND i.patient_id = p.id) \
                            OR EXISTS (SELECT 1 FROM consent c JOIN consent_signature s ON s.consent_id = c.id \
                                       WHERE c.owner_id = p.owner_id AND c.patient_id = p.id) \
                            OR EXISTS (SELECT 1 FROM entry_revision r \
                                       WHERE r.owner_id = p.owner_id AND r.patient_id = p.id) \
                            OR EXISTS (SELECT 1 FROM entry_addendum a \
                                       WHERE a.owner_id = p.owner_id AND a.patient_id = p.id))";
    PATIENTS_WITH_IMAGES = "SELECT row, id FROM patient WHERE id > ?1 AND image_count > 0 ORDER BY id LIMIT ?2";
}
