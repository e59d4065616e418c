//! Accounts and throttling.

super::table::table! {
    "account";
    by hand: "id";
    columns: username first_name last_name email administrator clinician state created_at password;
    written: ;
    read: id;
}

macro_rules! account {
    () => {
        concat!("SELECT ", selected!(), ", a.* FROM account a ")
    };
}

super::statements! {
    COUNT = "SELECT count(*) FROM account";
    BY_USERNAME = concat!(account!(), "WHERE username = ?1");
    BY_EMAIL = concat!(account!(), "WHERE email = ?1");
    BY_ID = concat!(account!(), "WHERE id = ?1");
    USERNAME_TAKEN = "SELECT 1 FROM account WHERE username = ?1";
    INSERT = concat!("INSERT INTO account (id", named!(), ") VALUES (?1", numbered!(), ")");
    SET_PASSWORD = "UPDATE account SET password = ?2 WHERE id = ?1";
    THROTTLE = "SELECT row, failures, last_failure_at, locked_until FROM throttle WHERE key = ?1";
    THROTTLE_UPDATE = "UPDATE throttle SET failures = ?2, last_failure_at = ?3, locked_until = ?4 \
                       WHERE key = ?1";
    THROTTLE_INSERT = "INSERT INTO throttle (key, failures, last_failure_at, locked_until) \
                       VALUES (?1, ?2, ?3, ?4)";
    THROTTLE_FORGET = "DELETE FROM throttle WHERE row IN (SELECT row FROM throttle WHERE last_failure_at < \
                       CASE WHEN key GLOB 'address:*' THEN ?1 ELSE ?2 END ORDER BY last_failure_at LIMIT ?3)";
    THROTTLE_CAP = "DELETE FROM throttle WHERE row IN (SELECT row FROM throttle WHERE key NOT GLOB 'account:*' \
                    ORDER BY last_failure_at LIMIT min(?2, max(0, (SELECT count(*) FROM throttle) - ?1)))";
    THROTTLE_DELETE = "DELETE FROM throttle WHERE key = ?1";
}
