//! What a form sends for the practice's custom fields (P2).

use std::collections::BTreeMap;

use cutis_domain::custom_field::{CustomField, FieldValue};
use cutis_domain::faults::filled;
use cutis_domain::patient::{Field, FormField};
use cutis_domain::{CustomFieldId, Faults, Invalid};

/// Changes the values of the fields. Blank text empties a field; a value that a field already has remains valid, even
/// if its choice was removed or the field is retired.
pub(super) fn apply(
    faults: &mut Faults<FormField>,
    defined: &[CustomField],
    sent: BTreeMap<CustomFieldId, Option<String>>,
    held: &mut BTreeMap<CustomFieldId, FieldValue>,
) {
    for (id, text) in sent {
        let Some(field) = defined.iter().find(|field| field.id == id) else {
            faults.refuse(FormField::UnknownCustom, unknown());
            continue;
        };
        let name = FormField::Of(Field::Custom(id));
        match filled(text.as_deref()) {
            None => {
                held.remove(&id);
            }
            Some(text) if held.get(&id).is_some_and(|value| value.text() == text) => {}
            Some(_) if field.retired => {
                faults.refuse(
                    name,
                    Invalid::new("retired", "Leave this field as it is; it is no longer in use."),
                );
            }
            Some(text) => {
                if let Some(value) = faults.take(name, field.kind.value(text)) {
                    held.insert(id, value);
                }
            }
        }
    }
}

/// The practice has no such field. What was sent as its id may be anything, so it is not repeated.
pub fn unknown() -> Invalid {
    Invalid::new("unknown", "Load the fields again; one of these does not exist.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use cutis_domain::Text;
    use cutis_domain::custom_field::FieldKind;

    fn field(id: u8, kind: FieldKind, retired: bool) -> CustomField {
        CustomField {
            id: CustomFieldId::from_bytes([id; 16]),
            label: Text::parse("A field").expect("valid"),
            kind,
            retired,
        }
    }

    fn choices(choices: &[&str]) -> FieldKind {
        FieldKind::parse("choice", Some(choices.iter().copied())).expect("valid")
    }

    fn send(
        defined: &[CustomField],
        held: &BTreeMap<CustomFieldId, FieldValue>,
        sent: &[(CustomFieldId, Option<&str>)],
    ) -> Result<BTreeMap<CustomFieldId, FieldValue>, Vec<(FormField, &'static str)>> {
        let sent = sent
            .iter()
            .map(|(id, text)| (*id, text.map(ToOwned::to_owned)))
            .collect();
        let mut faults = Faults::default();
        let mut holds = held.clone();
        apply(&mut faults, defined, sent, &mut holds);
        faults.finish(Some(holds)).map_err(|errors| {
            errors
                .iter()
                .map(|error| (error.field, error.invalid.code()))
                .collect()
        })
    }

    /// P2: a value is of its field's kind; unknown and retired fields take none.
    #[test]
    fn what_is_sent_goes_through_the_fields_rules() {
        let defined = [
            field(1, FieldKind::Number, false),
            field(2, FieldKind::Text, true),
            field(3, FieldKind::YesNo, false),
        ];
        let ids = [1, 2, 3, 4].map(|id| CustomFieldId::from_bytes([id; 16]));
        let holds = send(
            &defined,
            &BTreeMap::new(),
            &[(ids[0], Some("07.50")), (ids[2], Some(" "))],
        );
        let texts: Vec<String> = holds.expect("valid").values().map(FieldValue::text).collect();
        assert_eq!(texts, ["7.5"]);
        let refused = send(
            &defined,
            &BTreeMap::new(),
            &[
                (ids[0], Some("many")),
                (ids[1], Some("text")),
                (ids[2], Some("perhaps")),
                (ids[3], Some("x")),
            ],
        );
        let name = |at: usize| FormField::Of(Field::Custom(ids[at]));
        assert_eq!(
            refused,
            Err(vec![
                (name(0), "number"),
                (name(1), "retired"),
                (name(2), "choice"),
                (FormField::UnknownCustom, "unknown"),
            ])
        );
    }

    /// P2: taking a choice away or retiring a field loses nothing that a patient's record holds.
    #[test]
    fn what_is_held_stays_good_and_can_be_emptied() {
        let before = field(1, choices(&["Left", "Right"]), false);
        let id = before.id;
        let held = send(&[before], &BTreeMap::new(), &[(id, Some("Left"))]).expect("valid");
        let after = [field(1, choices(&["Right", "Both"]), false)];
        assert_eq!(send(&after, &held, &[]), Ok(held.clone()));
        assert_eq!(send(&after, &held, &[(id, Some("Left"))]), Ok(held.clone()));
        assert!(send(&after, &BTreeMap::new(), &[(id, Some("Left"))]).is_err());
        let retired = [field(1, choices(&["Right", "Both"]), true)];
        assert!(send(&retired, &held, &[(id, Some("Right"))]).is_err());
        assert_eq!(send(&retired, &held, &[(id, None)]), Ok(BTreeMap::new()));
    }
}
