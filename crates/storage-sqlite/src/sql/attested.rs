//! Whole rows of the attested tables, for their digests.

/// A table whose rows the trail attests.
pub(crate) struct Attested {
    pub(crate) table: &'static str,
    pub(crate) row: &'static str,
    pub(crate) rows: &'static str,
}

macro_rules! attested {
    ($($table:literal),+ $(,)?) => {
        /// Every table but the trail's own, the migration list, and `session_seen`, which is keyed.
        pub(crate) const TABLES: &[Attested] = &[$(Attested {
            table: $table,
            row: concat!("SELECT * FROM ", $table, " WHERE row = ?1"),
            rows: concat!("SELECT * FROM ", $table, " ORDER BY row"),
        }),+];
    };
}

attested!(
    "account",
    "consent",
    "consent_signature",
    "entry",
    "image",
    "patient",
    "patient_field",
    "patient_tally",
    "session",
    "setting",
    "throttle",
    "upload_receipt",
);
