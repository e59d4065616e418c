//! Custom fields on the wire, where they are called patient fields.

use cutis_domain::custom_field::{Choice, Choices, CustomField as Stored, FieldKind, Part};
use cutis_domain::{Faults, Text};
use cutis_edge::problem::Problem;
use cutis_practice::{CustomFieldPatch as Patch, NewCustomField};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire_names;

/// The type of a field's value. Values are text in every case.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PatientFieldKind)]
pub enum CustomFieldKind {
    /// At most 1,000 characters.
    Text,
    /// Such as `12` or `-0.5`: at most 12 digits before the point and 6 after it.
    Number,
    /// `YYYY-MM-DD`.
    Date,
    /// `yes` or `no`.
    YesNo,
    /// One of the field's choices.
    Choice,
}

impl CustomFieldKind {
    const fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Date => "date",
            Self::YesNo => "yes_no",
            Self::Choice => "choice",
        }
    }
}

/// A custom field: a field of patients that the practice defined.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PatientField)]
pub struct CustomField {
    id: String,
    label: String,
    kind: CustomFieldKind,
    /// The choices; null unless the kind is `choice`.
    #[schema(required)]
    choices: Option<Vec<String>>,
    /// Taken out of forms; its values are kept and remain visible.
    retired: bool,
}

impl From<&Stored> for CustomField {
    fn from(stored: &Stored) -> Self {
        let (kind, choices) = match &stored.kind {
            FieldKind::Text => (CustomFieldKind::Text, None),
            FieldKind::Number => (CustomFieldKind::Number, None),
            FieldKind::Date => (CustomFieldKind::Date, None),
            FieldKind::YesNo => (CustomFieldKind::YesNo, None),
            FieldKind::Choice(choices) => (CustomFieldKind::Choice, Some(choices)),
        };
        let owned = |choice: &Choice| choice.as_str().to_owned();
        Self {
            id: stored.id.to_string(),
            label: stored.label.as_str().to_owned(),
            kind,
            choices: choices.map(|choices| choices.as_slice().iter().map(owned).collect()),
            retired: stored.retired,
        }
    }
}

/// The practice's custom fields, in the order of forms.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PatientFieldList)]
pub struct CustomFieldList {
    pub(super) fields: Vec<CustomField>,
}

/// A field to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PatientFieldInput)]
pub struct CustomFieldInput {
    /// 1 to 60 characters on one line, different from the other fields in use.
    label: String,
    /// What the field holds; this never changes.
    kind: CustomFieldKind,
    /// 2 to 50 different texts of at most 60 characters; only with the kind `choice`.
    #[serde(default)]
    choices: Option<Vec<String>>,
}

impl TryFrom<CustomFieldInput> for NewCustomField {
    type Error = Problem;

    fn try_from(sent: CustomFieldInput) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let label = faults.take(Part::Label, Text::parse(&sent.label));
        // Every kind of the wire is one of ours, so only its choices can be refused.
        let kind = faults.take(Part::Choices, FieldKind::parse(sent.kind.code(), sent.choices));
        let field = label.zip(kind).map(|(label, kind)| Self { label, kind });
        faults.finish(field).map_err(wire_names::refused)
    }
}

/// A change of a field: what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PatientFieldPatch)]
pub struct CustomFieldPatch {
    /// 1 to 60 characters on one line, different from the other fields in use.
    #[serde(default)]
    label: Option<String>,
    /// The choices from now on; values chosen before are kept.
    #[serde(default)]
    choices: Option<Vec<String>>,
    /// Its place among the fields, starting at 0; a number beyond the end means last.
    #[serde(default)]
    position: Option<u16>,
    /// True takes it out of forms, false brings it back.
    #[serde(default)]
    retired: Option<bool>,
}

impl From<CustomFieldPatch> for Patch {
    fn from(sent: CustomFieldPatch) -> Self {
        Self {
            label: sent.label.map(|label| Text::parse(&label)),
            choices: sent.choices.map(Choices::parse),
            position: sent.position,
            retired: sent.retired,
        }
    }
}
