//! What a form sends for the practice's own fields (P2).

use std::collections::BTreeMap;

use cutis_domain::patient_field::{FieldValue, PatientField};
use cutis_domain::{Invalid, PatientFieldId};

use crate::fields::Fields;

/// What the fields hold after what was sent. Blank text empties a field; a value that a field holds
/// already stays good, even when its choice is gone or the field is retired.
pub(super) fn parse(
    fields: &mut Fields,
    defined: &[PatientField],
    sent: &BTreeMap<String, Option<String>>,
    mut held: BTreeMap<PatientFieldId, FieldValue>,
) -> BTreeMap<PatientFieldId, FieldValue> {
    for (id, text) in sent {
        let Some(field) = defined.iter().find(|field| field.id.to_string() == *id) else {
            // The key is the caller's own text, so it is not repeated.
            let unknown = Invalid::new("unknown", "there is no such field; load the fields again");
            fields.take::<()>("practiceFields", Err(unknown));
            continue;
        };
        let name = format!("practiceFields.{}", field.id);
        match text.as_deref().filter(|text| !text.trim().is_empty()) {
            None => {
                held.remove(&field.id);
            }
            Some(text) if held.get(&field.id).is_some_and(|value| value.text() == text) => {}
            Some(_) if field.retired => {
                let retired = Invalid::new("retired", "this field is no longer in use");
                fields.take::<()>(name, Err(retired));
            }
            Some(text) => {
                if let Some(value) = fields.take(name, field.kind.value(text)) {
                    held.insert(field.id, value);
                }
            }
        }
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;
    use cutis_domain::Text;
    use cutis_domain::patient_field::FieldKind;

    fn field(id: u8, kind: FieldKind, retired: bool) -> PatientField {
        PatientField {
            id: PatientFieldId::from_bytes([id; 16]),
            label: Text::parse("A field").expect("valid"),
            kind,
            retired,
        }
    }

    fn choices(choices: &[&str]) -> FieldKind {
        FieldKind::parse("choice", Some(choices.iter().copied())).expect("valid")
    }

    fn send(
        defined: &[PatientField],
        held: &BTreeMap<PatientFieldId, FieldValue>,
        sent: &[(&str, Option<&str>)],
    ) -> Result<BTreeMap<PatientFieldId, FieldValue>, Vec<(String, &'static str)>> {
        let sent = sent
            .iter()
            .map(|(id, text)| ((*id).to_owned(), text.map(ToOwned::to_owned)))
            .collect();
        let mut fields = Fields::default();
        let holds = parse(&mut fields, defined, &sent, held.clone());
        fields.finish(Some(holds)).map_err(|errors| {
            errors
                .iter()
                .map(|error| (error.field.to_string(), error.invalid.code()))
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
        let ids: Vec<String> = defined.iter().map(|field| field.id.to_string()).collect();
        let holds = send(
            &defined,
            &BTreeMap::new(),
            &[(&ids[0], Some("07.50")), (&ids[2], Some(" "))],
        );
        let texts: Vec<String> = holds.expect("valid").values().map(FieldValue::text).collect();
        assert_eq!(texts, ["7.5"]);
        let refused = send(
            &defined,
            &BTreeMap::new(),
            &[
                (&ids[0], Some("many")),
                (&ids[1], Some("text")),
                (&ids[2], Some("perhaps")),
                ("anna", Some("x")),
            ],
        );
        let name = |at: usize| format!("practiceFields.{}", ids[at]);
        assert_eq!(
            refused,
            Err(vec![
                (name(0), "number"),
                (name(1), "retired"),
                (name(2), "choice"),
                ("practiceFields".to_owned(), "unknown"),
            ])
        );
    }

    /// P2: taking a choice away or retiring a field loses nothing that a patient's record holds.
    #[test]
    fn what_is_held_stays_good_and_can_be_emptied() {
        let before = field(1, choices(&["Left", "Right"]), false);
        let id = before.id.to_string();
        let held = send(&[before], &BTreeMap::new(), &[(&id, Some("Left"))]).expect("valid");
        let after = [field(1, choices(&["Right", "Both"]), false)];
        assert_eq!(send(&after, &held, &[]), Ok(held.clone()));
        assert_eq!(send(&after, &held, &[(&id, Some("Left"))]), Ok(held.clone()));
        assert!(send(&after, &BTreeMap::new(), &[(&id, Some("Left"))]).is_err());
        let retired = [field(1, choices(&["Right", "Both"]), true)];
        assert!(send(&retired, &held, &[(&id, Some("Right"))]).is_err());
        assert_eq!(send(&retired, &held, &[(&id, None)]), Ok(BTreeMap::new()));
    }
}
