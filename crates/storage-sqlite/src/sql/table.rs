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

/// Declares the parameters of a family of statements, behind those that they write by hand: the macro `parameter!`
/// gives each its number by name, and the struct `Bound` binds all of them.
macro_rules! parameters {
    (by hand: $($by_hand:literal)*; $($name:ident)+) => {
        /// What the parameters are bound to.
        #[derive(Debug)]
        pub(crate) struct Bound {
            $(pub(crate) $name: rusqlite::types::Value,)+
        }

        impl Bound {
            /// These behind what statements write by hand.
            pub(crate) fn after<'a>(&'a self, by_hand: &[&'a dyn rusqlite::ToSql]) -> Vec<&'a dyn rusqlite::ToSql> {
                let own: &[&dyn rusqlite::ToSql] = &[$(&self.$name),+];
                by_hand.iter().chain(own).copied().collect()
            }
        }

        $crate::sql::table::named_numbers! { [$($by_hand)*] [$($name)+] }
    };
}
pub(crate) use parameters;

/// As `numbering`, but each number has its name.
macro_rules! named_numbers {
    ([$($by_hand:literal)*] [$($name:ident)*]) => {
        $crate::sql::table::named_numbers! { @skip [$($by_hand)*] [
            "1" "2" "3" "4" "5" "6" "7" "8" "9" "10" "11" "12" "13" "14" "15" "16" "17" "18" "19" "20"
            "21" "22" "23" "24" "25" "26" "27" "28" "29" "30" "31" "32" "33" "34" "35" "36" "37" "38" "39" "40"
        ] [$($name)*] }
    };
    (@skip [$by_hand:literal $($others:literal)*] [$number:literal $($numbers:literal)*] $names:tt) => {
        $crate::sql::table::named_numbers! { @skip [$($others)*] [$($numbers)*] $names }
    };
    (@skip [] $numbers:tt $names:tt) => {
        $crate::sql::table::named_numbers! { @pair $numbers $names [] }
    };
    (@pair [$number:literal $($numbers:literal)*] [$name:ident $($names:ident)*] [$($paired:tt)*]) => {
        $crate::sql::table::named_numbers! { @pair [$($numbers)*] [$($names)*] [$($paired)* ($name $number)] }
    };
    (@pair $numbers:tt [] [$(($name:ident $number:literal))*]) => {
        macro_rules! parameter {
            $(($name) => { concat!("?", $number) };)*
        }
    };
}
pub(crate) use named_numbers;
