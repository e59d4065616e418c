//! A table's columns, named once. From the one list come the list that is selected, the columns and parameters of a
//! new row, the assignments of a change, and the values for both as a struct: a column that is missing, or given
//! twice, does not compile.

/// Declares a table.
///
/// - `number` gives the parameters that statements write by hand; the columns' own begin after them.
/// - `columns` are written and read, `written` and `read` only one of them. They are read in the order of this text,
///   `columns` before `read`, which [`crate::columns::Columns`] checks by name in tests.
///
/// It makes the constant `TABLE`, the struct `Values`, and the macros `selected!`, `named!`, `numbered!` and
/// `assigned!` for [`concat!`].
macro_rules! table {
    (
        $table:literal;
        by hand: $($by_hand:literal)*;
        columns: $($column:ident)+;
        written: $($written:ident)*;
        read: $($read:ident)*;
    ) => {
        pub(crate) const TABLE: &str = $table;

        /// What a row is written with.
        pub(crate) struct Values<'a> {
            $(pub(crate) $column: &'a dyn rusqlite::ToSql,)+
            $(pub(crate) $written: &'a dyn rusqlite::ToSql,)*
        }

        impl<'a> Values<'a> {
            /// These behind what statements write by hand.
            pub(crate) fn after(&self, by_hand: &[&'a dyn rusqlite::ToSql]) -> Vec<&'a dyn rusqlite::ToSql> {
                let own = [$(self.$column,)+ $(self.$written,)*];
                by_hand.iter().copied().chain(own).collect()
            }
        }

        macro_rules! selected {
            () => { concat!("row", $(", ", stringify!($column),)+ $(", ", stringify!($read),)*) };
        }

        $crate::sql::table::numbering! { [$($by_hand)*] [$($column)+ $($written)*] }
    };
}
pub(crate) use table;

/// Gives each column its number, from those that are left after the ones written by hand.
macro_rules! numbering {
    ([$($by_hand:literal)*] [$($column:ident)*]) => {
        $crate::sql::table::numbering! { @skip [$($by_hand)*] [
            "1" "2" "3" "4" "5" "6" "7" "8" "9" "10" "11" "12" "13" "14" "15" "16" "17" "18" "19" "20"
            "21" "22" "23" "24" "25" "26" "27" "28" "29" "30" "31" "32" "33" "34" "35" "36" "37" "38" "39" "40"
        ] [$($column)*] }
    };
    (@skip [$by_hand:literal $($others:literal)*] [$number:literal $($numbers:literal)*] $columns:tt) => {
        $crate::sql::table::numbering! { @skip [$($others)*] [$($numbers)*] $columns }
    };
    (@skip [] $numbers:tt $columns:tt) => {
        $crate::sql::table::numbering! { @pair $numbers $columns [] }
    };
    (@pair [$number:literal $($numbers:literal)*] [$column:ident $($columns:ident)*] [$($paired:tt)*]) => {
        $crate::sql::table::numbering! { @pair [$($numbers)*] [$($columns)*] [$($paired)* ($column $number)] }
    };
    (@pair $numbers:tt [] [$(($column:ident $number:literal))*]) => {
        macro_rules! named {
            () => { concat!($(", ", stringify!($column)),*) };
        }
        macro_rules! numbered {
            () => { concat!($(", ?", $number),*) };
        }
        macro_rules! assigned {
            () => { concat!($(stringify!($column), " = ?", $number, ", "),*) };
        }
        // Not every table is changed.
        const _: &str = assigned!();
    };
}
pub(crate) use numbering;
