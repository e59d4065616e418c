//! Settings.

super::statements! {
    VALUE = "SELECT row, value FROM setting WHERE key = ?1";
    UPDATE = "UPDATE setting SET value = ?2 WHERE key = ?1";
    INSERT = "INSERT INTO setting (key, value) VALUES (?1, ?2)";
}
