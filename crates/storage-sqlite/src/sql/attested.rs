//! Whole rows of the attested tables, for their digests.

/// A table whose rows the trail attests.
pub(crate) struct Attested {
    pub(crate) table: &'static str,
    pub(crate) row: &'static str,
    pub(crate) rows: &'static str,
    /// Writes a row's keyed code, if rows carry one because decisions depend on them.
    pub(crate) seal: Option<&'static str>,
    /// A column that has a value once the row will never change again.
    pub(crate) last: Option<&'static str>,
}

macro_rules! table {
    ($table:literal) => {
        Attested {
            table: $table,
            row: concat!("SELECT * FROM ", $table, " WHERE row = ?1"),
            rows: concat!("SELECT * FROM ", $table, " ORDER BY row"),
            seal: None,
            last: None,
        }
    };
    ($table:literal, sealed) => {
        Attested {
            seal: Some(concat!("UPDATE ", $table, " SET mac = ?2 WHERE row = ?1")),
            ..table!($table)
        }
    };
    ($table:literal, sealed, until $last:literal) => {
        Attested {
            last: Some($last),
            ..table!($table, sealed)
        }
    };
}

/// Every table but the trail's own, the migration list, those whose rows only carry a code, and those that are
/// derived from attested ones, which are compared with them (`evidence::TAG_USES`).
///
/// Decisions depend on `throttle` too, but removing a row there matters as much as changing one, and a code cannot show
/// that; the trail does.
pub(crate) const TABLES: &[Attested] = &[
    table!("account", sealed),
    table!("comparison"),
    table!("comparison_image"),
    table!("consent", sealed, until "revoked_at"),
    table!("consent_signature"),
    table!("entry"),
    table!("entry_addendum"),
    table!("entry_edit"),
    table!("entry_image"),
    table!("entry_layout"),
    table!("entry_notes"),
    table!("entry_revision"),
    table!("entry_tag"),
    table!("image"),
    table!("image_tag"),
    table!("patient"),
    table!("patient_field"),
    table!("patient_tag"),
    table!("patient_tally"),
    table!("session", sealed, until "ended_at"),
    table!("setting", sealed),
    table!("tag"),
    table!("tag_catalogue"),
    table!("tag_category"),
    table!("throttle"),
    table!("upload_receipt"),
];

/// The column of a row's number, the first of every table.
pub(crate) const NUMBER: &str = "row";

/// The column of a row's code, which is not part of the row's digest.
pub(crate) const CODE: &str = "mac";

/// A table's place in the list.
pub(crate) fn place_of(table: &str) -> Option<usize> {
    TABLES.iter().position(|attested| attested.table == table)
}
