//! Activity of a patient. The trail belongs to the practice; the owner is found through the patient.

super::keyed_statements! { 2:
    OWNED = "SELECT row FROM patient WHERE owner_id = ?1 AND id = ?2";
}
