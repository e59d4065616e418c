//! The suite of the storage ports. A backend's tests run it with [`crate::storage_conformance`].

/// Makes the tests of a group's rules, as a macro that [`crate::storage_conformance`] calls. Stands in the group's
/// file, so that a rule and its name in the list lie together. The `$` is for the macro that is made.
macro_rules! group {
    (($dollar:tt) $tests:ident: $group:ident; $($name:ident),+ $(,)?) => {
        #[doc(hidden)]
        #[macro_export]
        macro_rules! $tests {
            ($dollar lab:path) => {$(
                #[tokio::test]
                async fn $name() {
                    let (lab, _kept) = $dollar lab();
                    $crate::conformance::storage::$group::$name(&lab).await;
                }
            )+};
        }
    };
}

pub mod comparisons;
pub mod fields;
pub mod groups;
pub mod images;
pub mod isolation;
pub mod lists;
pub mod ports;
pub mod rules;
pub mod signing;
pub mod tags;
pub mod trail;
pub mod units;

/// Makes one test of each rule, over the database that `$lab` (a function giving a fresh
/// [`crate::Lab`] and whatever must live as long as it) opens.
#[macro_export]
macro_rules! storage_conformance {
    ($lab:path) => {
        mod comparisons {
            $crate::storage_comparisons!($lab);
        }
        mod fields {
            $crate::storage_fields!($lab);
        }
        mod groups {
            $crate::storage_groups!($lab);
        }
        mod images {
            $crate::storage_images!($lab);
        }
        mod isolation {
            $crate::storage_isolation!($lab);
        }
        mod lists {
            $crate::storage_lists!($lab);
        }
        mod ports {
            $crate::storage_ports!($lab);
        }
        mod rules {
            $crate::storage_rules!($lab);
        }
        mod signing {
            $crate::storage_signing!($lab);
        }
        mod tags {
            $crate::storage_tags!($lab);
        }
        mod trail {
            $crate::storage_trail!($lab);
        }
        mod units {
            $crate::storage_units!($lab);
        }
    };
}
