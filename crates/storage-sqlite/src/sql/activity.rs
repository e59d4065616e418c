//! Activity of a patient. The trail is the practice's; whose patient it is is asked of the patient.

super::keyed_statements! { 2:
    OWNED = "SELECT row FROM patient WHERE owner_id = ?1 AND id = ?2";
}
