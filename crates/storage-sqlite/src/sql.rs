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
pub(crate) mod upkeep;

/// Declares constants and, for the test, the list of them all.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)+) => {
        $($(#[$doc])* pub(crate) const $name: &str = $sql;)+

        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}
use statements;

/// A statement about one owner's rows. Only [`crate::ports::owned::Owned`] runs it, which binds the owner as `?1`; a
/// test reads each for what it does with that.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OwnedSql(&'static str);

impl OwnedSql {
    pub(crate) const fn text(self) -> &'static str {
        self.0
    }
}

/// As `statements`, of one owner.
macro_rules! owned_statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)+) => {
        $($(#[$doc])* pub(crate) const $name: super::OwnedSql = super::OwnedSql($sql);)+

        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &str)] = &[$((stringify!($name), $name.text())),+];
    };
}
use owned_statements;

#[cfg(test)]
mod tests;
