//! What requests call the fields that rules and use cases refuse: one table for each form. Nothing below this crate
//! knows these names, but for patients, whose stored codes are the wire's names, both for good.

use std::borrow::Cow;

use cutis_consent::Field as ConsentField;
use cutis_domain::FieldError;
use cutis_domain::comparison::{GroupField, PartField};
use cutis_domain::custom_field::Part;
use cutis_domain::entry::Field as OfEntry;
use cutis_domain::image::Field as ImageField;
use cutis_domain::patient::{Field, FormField};
use cutis_edge::problem::{Code, Problem};
use cutis_records::entries::EntryField;
use cutis_records::{ComparisonField, EditField, RecordField, TagField, WorkspaceField};

/// What holds a patient's values for custom fields.
pub(crate) const PRACTICE_FIELDS: &str = "practiceFields";

/// A field with a name on the wire.
pub(crate) trait WireName {
    /// The name, as a request has it.
    fn wire_name(self) -> Cow<'static, str>;
}

impl WireName for &'static str {
    fn wire_name(self) -> Cow<'static, str> {
        self.into()
    }
}

impl WireName for String {
    fn wire_name(self) -> Cow<'static, str> {
        self.into()
    }
}

impl WireName for FormField {
    fn wire_name(self) -> Cow<'static, str> {
        match self {
            Self::Version => "version".into(),
            Self::Of(field) => field.code().into(),
            Self::Phone(index) => format!("{}[{index}]", Field::Phones.code()).into(),
            Self::GuardianName => "guardian.name".into(),
            Self::GuardianRelation => "guardian.relation".into(),
            Self::GuardianPhone => "guardian.phone".into(),
            Self::UnknownCustom => PRACTICE_FIELDS.into(),
        }
    }
}

impl WireName for ConsentField {
    fn wire_name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Template => "template",
            Self::Version => "version",
            Self::Language => "language",
            Self::Purposes => "purposes",
            Self::Strokes => "method.strokes",
            Self::How => "method.how",
            Self::Notes => "method.notes",
            Self::SignerName => "signerName",
            Self::SignerRole => "signerRole",
            Self::Witness => "witness",
            Self::ExpiresOn => "expiresOn",
        })
    }
}

impl WireName for RecordField {
    fn wire_name(self) -> Cow<'static, str> {
        match self {
            Self::Patient(field) => field.wire_name(),
            Self::Consent(field) => field.wire_name(),
            Self::Image(EditField::Version { group, image }) => {
                format!("changes[{group}].images[{image}].version").into()
            }
            Self::Image(EditField::Of { group, field }) => {
                format!("changes[{group}].set.{}", image_field(field)).into()
            }
        }
    }
}

impl WireName for TagField {
    fn wire_name(self) -> Cow<'static, str> {
        match self {
            Self::Name => "name".into(),
            Self::Colour => "colour".into(),
            Self::Category => "categoryId".into(),
            Self::AllFrom => "from".into(),
            Self::From(index) => format!("from[{index}]").into(),
            Self::AllAdded => "add".into(),
            Self::Add(index) => format!("add[{index}]").into(),
            Self::Remove(index) => format!("remove[{index}]").into(),
            Self::Targets => "images".into(),
            Self::Patient(index) => format!("patients[{index}]").into(),
            Self::Entry(index) => format!("entries[{index}]").into(),
            Self::Image(index) => format!("images[{index}]").into(),
        }
    }
}

impl WireName for WorkspaceField {
    fn wire_name(self) -> Cow<'static, str> {
        match self {
            Self::AllAdded => "add".into(),
            Self::Add(index) => format!("add[{index}]").into(),
            Self::Remove(index) => format!("remove[{index}]").into(),
        }
    }
}

impl WireName for ComparisonField {
    fn wire_name(self) -> Cow<'static, str> {
        match self {
            Self::Version => "version".into(),
            Self::Image(index) => format!("images[{index}]").into(),
            Self::Mode => GroupField::Mode.code().into(),
            Self::Landmarks => PartField::Landmarks.code().into(),
            Self::Ruler => PartField::Ruler.code().into(),
            Self::Radius(index) => format!("annotations[{index}].radius").into(),
        }
    }
}

impl WireName for EntryField {
    fn wire_name(self) -> Cow<'static, str> {
        match self {
            Self::Of(field) => entry_field(field).into(),
            Self::Version(field) => version_of(field).into(),
            Self::Addendum => "text".into(),
            Self::Revision => "version".into(),
        }
    }
}

/// A field of a visit.
pub(crate) const fn entry_field(field: OfEntry) -> &'static str {
    match field {
        OfEntry::AppointmentAt => "appointmentAt",
        OfEntry::Title => "title",
        OfEntry::Notes => "notes",
    }
}

/// The version that a change of a visit's field is based on.
pub(crate) const fn version_of(field: OfEntry) -> &'static str {
    match field {
        OfEntry::AppointmentAt => "versions.appointmentAt",
        OfEntry::Title => "versions.title",
        OfEntry::Notes => "versions.notes",
    }
}

/// A field of an image.
pub(crate) const fn image_field(field: ImageField) -> &'static str {
    match field {
        ImageField::Caption => "caption",
        ImageField::CapturedAt => "capturedAt",
        ImageField::Site => "site",
        ImageField::View => "view",
        ImageField::Modality => "modality",
        ImageField::Rating => "rating",
        ImageField::Turns => "turns",
    }
}

impl WireName for Part {
    fn wire_name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Label => "label",
            Self::Choices => "choices",
        })
    }
}

/// Refused fields, all of them.
pub(crate) fn refused<F: WireName>(errors: Vec<FieldError<F>>) -> Problem {
    errors
        .into_iter()
        .fold(Problem::new(Code::Invalid), |problem, error| {
            problem.with_field(
                error.field.wire_name(),
                error.invalid.code(),
                error.invalid.message(),
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use cutis_domain::CustomFieldId;
    use utoipa::PartialSchema as _;

    /// House 6: a patient's stored codes are what requests call the fields, and each is one of the request's.
    #[test]
    fn a_patients_codes_are_members_of_a_change() {
        let schema = serde_json::to_value(crate::patients::dto::PatientPatch::schema()).expect("a schema");
        let members = schema["properties"].as_object().expect("properties");
        for field in Field::NAMED {
            let name = FormField::Of(field).wire_name();
            assert!(members.contains_key(&*name), "{name}");
        }
        assert!(members.contains_key(PRACTICE_FIELDS));
        let custom = FormField::Of(Field::Custom(CustomFieldId::from_bytes([7; 16]))).wire_name();
        assert!(custom.starts_with(&format!("{PRACTICE_FIELDS}.")), "{custom}");
    }
}
