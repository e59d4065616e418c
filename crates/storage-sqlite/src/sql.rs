//! Every statement, as constant text (C42). One test prepares each and looks at how SQLite runs it.

pub(crate) mod accounts;
pub(crate) mod attested;
pub(crate) mod consents;
pub(crate) mod entries;
pub(crate) mod evidence;
pub(crate) mod images;
pub(crate) mod patient_fields;
pub(crate) mod patients;
pub(crate) mod pragmas;
pub(crate) mod sessions;
pub(crate) mod settings;
pub(crate) mod trail;
pub(crate) mod transaction;

/// Declares constants and, for the test, the list of them all.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)+) => {
        $($(#[$doc])* pub(crate) const $name: &str = $sql;)+

        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}
use statements;

#[cfg(test)]
mod tests;
