//! Settings.

pub(crate) const TABLE: &str = "setting";

super::statements! {
    VALUE = "SELECT row, value, s.* FROM setting s WHERE key = ?1";
    UPDATE = "UPDATE setting SET value = ?2 WHERE key = ?1";
    INSERT = "INSERT INTO setting (key, value) VALUES (?1, ?2)";
}
