//! Fields of patients that the practice defines.

super::statements! {
    LIST = "SELECT row, id, label, kind, choices, retired FROM patient_field ORDER BY position, row";
    INSERT = "INSERT INTO patient_field (id, label, kind, choices, position, retired) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    UPDATE = "UPDATE patient_field SET label = ?2, choices = ?3, position = ?4, retired = ?5 WHERE id = ?1";
}
