//! Fields of patients that the practice defines (P2).

use cutis_domain::custom_field::{Choice, CustomField, FieldKind};
use cutis_domain::{CustomFieldId, Invalid, Text};
use cutis_storage::port::{CustomFieldsRead, CustomFieldsWrite};
use rusqlite::{Row, params};

use super::Ports;
use super::json::{parse_text_list, text_list};
use crate::columns::Columns;
use crate::error::Result;
use crate::sql::custom_fields as sql;

impl CustomFieldsRead for Ports {
    fn custom_fields(&self) -> Result<Vec<CustomField>> {
        self.all(sql::LIST, [], field)
    }
}

impl CustomFieldsWrite for Ports {
    fn insert_custom_field(&mut self, field: &CustomField, position: u16) -> Result<()> {
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

    fn update_custom_field(&mut self, field: &CustomField, position: u16) -> Result<bool> {
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

fn field(row: &Row<'_>) -> Result<CustomField> {
    let mut columns = Columns::of(row, "patient_field")?;
    let id = columns.id("id", CustomFieldId::from_bytes)?;
    let label = columns.parse("label", Text::stored)?;
    let code: String = columns.get("kind")?;
    let choices = columns.parse_if_any("choices", |json| {
        parse_text_list(json, |text| Ok(text.to_owned()))
    })?;
    let kind: std::result::Result<_, Invalid> = FieldKind::stored(
        &code,
        choices.as_ref().map(|list| list.iter().map(String::as_str)),
    );
    Ok(CustomField {
        id,
        label,
        kind: kind.map_err(|_| columns.corrupt("kind"))?,
        retired: columns.get("retired")?,
    })
}
