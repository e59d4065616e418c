//! Fields of patients that the practice defines (P2).

use cutis_domain::custom_field::{CustomField, FieldKind};

use super::ports::change;
use crate::builders::{custom_field_id, text};
use crate::lab::{Lab, expect_intact};

group! {
    ($) storage_fields: fields;
    custom_fields_round_trip,
}

/// P2: definitions come back in their order, whatever their kind; a change keeps the kind.
pub async fn custom_fields_round_trip(lab: &Lab) {
    let store = lab.practice().await;
    let defined: Vec<CustomField> = [
        FieldKind::Text,
        FieldKind::Number,
        FieldKind::Date,
        FieldKind::YesNo,
        FieldKind::parse("choice", Some(["Left", "\"Right\""])).expect("a kind"),
    ]
    .into_iter()
    .zip(1..)
    .map(|(kind, number)| CustomField {
        id: custom_field_id(number),
        label: text(&format!("Field {number}")),
        kind,
        retired: false,
    })
    .collect();
    let mut moved = defined.clone();
    moved.reverse();
    let added = defined.clone();
    change(&store, move |unit| {
        for (position, field) in (0..).zip(&added) {
            unit.insert_custom_field(field, position)?;
        }
        Ok(())
    })
    .await
    .expect("changed");
    assert_eq!(
        store.look_up(|view| view.custom_fields()).await.expect("read"),
        defined
    );
    if let Some(last) = moved.last_mut() {
        last.label = text("Renamed");
        last.retired = true;
    }
    let changed = moved.clone();
    change(&store, move |unit| {
        for (position, field) in (0..).zip(&changed) {
            assert!(unit.update_custom_field(field, position)?);
        }
        let absent = CustomField {
            id: custom_field_id(99),
            label: text("Absent"),
            kind: FieldKind::Text,
            retired: false,
        };
        assert!(
            !unit.update_custom_field(&absent, 0)?,
            "there is nothing to change"
        );
        Ok(())
    })
    .await
    .expect("changed");
    assert_eq!(
        store.look_up(|view| view.custom_fields()).await.expect("read"),
        moved
    );
    expect_intact(lab, &store).await;
}
