//! Every statement, as constant text (C42). A test prepares each and checks how SQLite runs it.

pub(crate) mod accounts;
pub(crate) mod activity;
pub(crate) mod attested;
pub(crate) mod consents;
pub(crate) mod custom_fields;
pub(crate) mod entries;
pub(crate) mod evidence;
pub(crate) mod find;
pub(crate) mod images;
pub(crate) mod listing;
pub(crate) mod patients;
pub(crate) mod pragmas;
pub(crate) mod sessions;
pub(crate) mod settings;
mod table;
pub(crate) mod tag_links;
pub(crate) mod tags;
pub(crate) mod trail;
pub(crate) mod transaction;
pub(crate) mod upkeep;
pub(crate) mod workspaces;

/// Declares constants and, for the test, the list of them all.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)+) => {
        $($(#[$doc])* pub(crate) const $name: &str = $sql;)+

        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),+];

        #[cfg(test)]
        pub(crate) const KEYS: usize = 0;
    };
}
use statements;

/// A statement whose first `KEYS` parameters are bound by [`crate::ports::keyed::Keyed`] alone: the owner as `?1`, and
/// for what belongs to a patient the patient as `?2`. A test checks how each uses them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeyedSql<const KEYS: usize>(&'static str);

impl<const KEYS: usize> KeyedSql<KEYS> {
    pub(crate) const fn text(self) -> &'static str {
        self.0
    }
}

/// As `statements`, with so many keys.
macro_rules! keyed_statements {
    ($keys:literal: $($(#[$doc:meta])* $name:ident = $sql:expr;)+) => {
        $($(#[$doc])* pub(crate) const $name: super::KeyedSql<$keys> = super::KeyedSql($sql);)+

        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &str)] = &[$((stringify!($name), $name.text())),+];

        #[cfg(test)]
        pub(crate) const KEYS: usize = $keys;
    };
}
use keyed_statements;

#[cfg(test)]
mod tests;
