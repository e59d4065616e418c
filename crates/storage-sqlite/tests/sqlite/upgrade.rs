//! A database of an older version goes on as it was: its rows stay attested (U4).

use cutis_testkit::builders::patient_id;
use cutis_testkit::lab::{add_patient, expect_intact, look};

use crate::support::{lab, path, verdict};
use crate::tampering::hand::Hand;

/// Takes back what version 9 brought, as if it had never run.
const BEFORE_9: &str = "
    DROP TABLE patient_field;
    ALTER TABLE patient DROP COLUMN practice_fields;
    ALTER TABLE patient DROP COLUMN field_versions;
    DELETE FROM refinery_schema_history WHERE version = 9;
";

#[tokio::test]
async fn rows_from_before_an_upgrade_stay_attested() {
    let (lab, folder) = lab();
    let at = lab.now();
    let store = lab.practice().await;
    add_patient(&store, 1, 1, "anna-1", at).await;
    drop(store);
    Hand::on(&path(&folder)).run(BEFORE_9).expect("taken back");
    // Opening it upgrades it.
    let store = lab.store();
    expect_intact(&lab, &store).await;
    let anna = look(&store, 1, |view| view.patient(patient_id(1), at))
        .await
        .expect("there");
    assert!(anna.profile.reveal().practice_fields.is_empty());
    assert!(anna.field_versions.moved_since("note", 0) && !anna.field_versions.moved_since("note", 1));
    // What the upgrade brought is attested from the first value on.
    Hand::on(&path(&folder))
        .run("UPDATE patient SET practice_fields = '{}'")
        .expect("changed");
    let said = verdict(&lab, &store, false).await.expect_err("found");
    assert!(said.contains("patient"), "{said}");
}
