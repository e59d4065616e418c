//! Fields of patients that the practice defines (P2).

use cutis_domain::patient_field::{Choice, FieldKind, PatientField};
use cutis_domain::{Invalid, PatientFieldId, Text};
use cutis_storage::port::{PatientFieldsRead, PatientFieldsWrite};
use rusqlite::{Row, params};

use super::Ports;
use super::json::{parse_text_list, text_list};
use crate::columns::Columns;
use crate::error::Result;
use crate::sql::patient_fields as sql;

impl PatientFieldsRead for Ports {
    fn patient_fields(&self) -> Result<Vec<PatientField>> {
        self.all(sql::LIST, [], field)
    }
}

impl PatientFieldsWrite for Ports {
    fn insert_patient_field(&mut self, field: &PatientField, position: u16) -> Result<()> {
        let values = params![
            field.id.as_bytes(),
            field.label.as_str(),
            field.kind.code(),
            choices(&field.kind),
            position,
            field.retired
        ];
        self.run(sql::INSERT, values).map(|_| ())
    }

    fn update_patient_field(&mut self, field: &PatientField, position: u16) -> Result<bool> {
        let values = params![
            field.id.as_bytes(),
            field.label.as_str(),
            choices(&field.kind),
            position,
            field.retired
        ];
        Ok(self.run(sql::UPDATE, values)? > 0)
    }
}

fn choices(kind: &FieldKind) -> Option<String> {
    match kind {
        FieldKind::Choice(choices) => Some(text_list(choices.as_slice().iter().map(Choice::as_str))),
        FieldKind::Text | FieldKind::Number | FieldKind::Date | FieldKind::YesNo => None,
    }
}

fn field(row: &Row<'_>) -> Result<PatientField> {
    let mut columns = Columns::of(row, "patient_field")?;
    let id = columns.id("id", PatientFieldId::from_bytes)?;
    let label = columns.parse("label", Text::parse)?;
    let code: String = columns.get("kind")?;
    let choices = columns.parse_if_any("choices", |json| {
        parse_text_list(json, |text| Ok(text.to_owned()))
    })?;
    let kind: std::result::Result<_, Invalid> = FieldKind::parse(
        &code,
        choices.as_ref().map(|list| list.iter().map(String::as_str)),
    );
    Ok(PatientField {
        id,
        label,
        kind: kind.map_err(|_| columns.corrupt("kind"))?,
        retired: columns.get("retired")?,
    })
}
