//! Entries.

super::keyed_statements! { 2:
    LIST = "SELECT row, id, patient_id, appointment_at, title, notes, author, created_at FROM entry \
            WHERE owner_id = ?1 AND patient_id = ?2 ORDER BY appointment_at DESC, id DESC LIMIT ?3";
    INSERT = "INSERT INTO entry (owner_id, patient_id, id, appointment_at, title, notes, author, created_at) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
}
