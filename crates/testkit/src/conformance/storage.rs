//! The suite of the storage ports. A backend's tests run it with [`crate::storage_conformance`].

pub mod fields;
pub mod groups;
pub mod isolation;
pub mod lists;
pub mod ports;
pub mod rules;
pub mod trail;
pub mod units;

/// Makes one test of each rule, over the database that `$lab` (a function giving a fresh
/// [`crate::Lab`] and whatever must live as long as it) opens.
#[macro_export]
macro_rules! storage_conformance {
    ($lab:path) => {
        $crate::storage_conformance! { @tests $lab;
            fields {
                custom_fields_round_trip
            }
            groups {
                concurrent_writers_all_commit, a_panic_hurts_no_neighbour, what_was_not_committed_is_gone
            }
            isolation {
                anothers_patient_is_absent, anothers_belongings_are_absent, nobody_gets_inside_anothers_patient, nothing_points_at_anothers_patient,
                anothers_patient_cannot_be_changed, sessions_belong_to_accounts
            }
            lists {
                patients_page_stably, images_page_stably, search_finds_what_people_type, entries_and_consents_order
            }
            ports {
                accounts_round_trip, throttles_round_trip, sessions_round_trip, settings_round_trip,
                patients_round_trip, consents_round_trip, images_round_trip, receipts_round_trip
            }
            rules {
                what_is_computed_is_right, versions_guard_edits, duplicates_conflict
            }
            trail {
                it_survives_reopening, essential_leaves_out_but_attests, activity_is_told, it_is_verified_in_pieces
            }
            units {
                a_refusal_leaves_one_event, a_conflict_leaves_nothing, required_consent_is_required,
                a_view_is_recorded_before_it_is_let_out, a_consent_is_revoked_once
            }
        }
    };
    (@tests $lab:path; $($group:ident { $($name:ident),+ $(,)? })+) => {$(
        mod $group {
            $(
                #[tokio::test]
                async fn $name() {
                    let (lab, _kept) = $lab();
                    $crate::conformance::storage::$group::$name(&lab).await;
                }
            )+
        }
    )+};
}
