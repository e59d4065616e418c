//! Fields of patients that the practice defines (P2): add, rename, reorder, retire, bring back.
//!
//! A definition is never removed, because patients' values refer to it; it is retired instead.

use cutis_audit::{Action, Audited, Denial, Detail, Event, Target};
use cutis_domain::custom_field::{Choices, CustomField, FieldKind, MAX_DEFINED, MAX_IN_USE, Part};
use cutis_domain::{Administrator, CustomFieldId, Faults, FieldError, Invalid, Line, Read};
use cutis_storage::{StorageError, SystemUnit, SystemView};

use crate::Practice;

/// A field to be added.
#[derive(Debug, Clone)]
pub struct NewCustomField {
    /// Its label.
    pub label: Line<1, 60>,
    /// What it holds.
    pub kind: FieldKind,
}

/// A change of a field: what is absent stays. Refused values are part of it, because a field that does not exist is
/// reported before anything that is wrong with its change.
#[derive(Debug, Clone, Default)]
pub struct CustomFieldPatch {
    /// Its label.
    pub label: Option<Read<Line<1, 60>>>,
    /// Its choices; only for a field of the kind choice.
    pub choices: Option<Read<Choices>>,
    /// Its place among the fields, starting at 0; a number beyond the end means last.
    pub position: Option<u16>,
    /// Whether it is taken out of forms.
    pub retired: Option<bool>,
}

/// Why a field could not be shown or changed.
#[derive(Debug, thiserror::Error)]
pub enum CustomFieldError {
    /// Values were refused; nothing changed.
    #[error("the field needs another value")]
    Invalid(Vec<FieldError<Part>>),
    /// There is no such field.
    #[error("there is no such field")]
    NotFound(CustomFieldId),
    /// The database failed.
    #[error("the fields could not be accessed")]
    Storage(#[from] StorageError),
}

impl Denial for CustomFieldError {
    fn denial(&self) -> Option<Event> {
        match self {
            Self::Invalid(_) | Self::Storage(_) => None,
            Self::NotFound(id) => Some(
                Event::new(Action::AccessRefused)
                    .refused()
                    .target(Target::CustomField(*id)),
            ),
        }
    }
}

impl CustomFieldError {
    fn invalid(field: Part, invalid: Invalid) -> Self {
        Self::Invalid(vec![FieldError::new(field, invalid)])
    }
}

impl Practice {
    /// Every field in the order of forms, retired ones included. No clinical content and so no event.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn custom_fields(&self) -> Result<Vec<CustomField>, CustomFieldError> {
        Ok(self.store.look_up(fields_in).await?)
    }

    /// Adds a field after the others (P2).
    ///
    /// # Errors
    /// See [`CustomFieldError`].
    pub async fn add_custom_field(
        &self,
        by: &Administrator,
        new: NewCustomField,
    ) -> Result<CustomField, CustomFieldError> {
        let new = CustomField {
            id: self.ids.make(),
            label: new.label,
            kind: new.kind,
            retired: false,
        };
        self.store
            .practice(by.caller())
            .write(move |unit| {
                let fields = unit.custom_fields()?;
                fits(&fields, &new)?;
                let position = u16::try_from(fields.len()).unwrap_or(u16::MAX);
                unit.insert_custom_field(&new, position)?;
                let event = Event::new(Action::CustomFieldCreated)
                    .target(Target::CustomField(new.id))
                    .detail(Detail::custom_field("new", &new));
                Ok(Audited::new(new, event))
            })
            .await
    }

    /// Changes a field: its label, its choices, its place, whether it is in use (P2).
    ///
    /// # Errors
    /// See [`CustomFieldError`].
    pub async fn change_custom_field(
        &self,
        by: &Administrator,
        id: CustomFieldId,
        patch: CustomFieldPatch,
    ) -> Result<CustomField, CustomFieldError> {
        self.store
            .practice(by.caller())
            .write(move |unit| change_in(unit, id, &patch))
            .await
    }
}

fn fields_in(view: &SystemView<'_>) -> Result<Vec<CustomField>, StorageError> {
    view.custom_fields()
}

fn change_in(
    unit: &mut SystemUnit<'_>,
    id: CustomFieldId,
    patch: &CustomFieldPatch,
) -> Result<Audited<CustomField>, CustomFieldError> {
    let mut fields = unit.custom_fields()?;
    let from = fields
        .iter()
        .position(|field| field.id == id)
        .ok_or(CustomFieldError::NotFound(id))?;
    let before = fields.remove(from);
    let after = changed(&before, patch)?;
    fits(&fields, &after)?;
    let to = patch
        .position
        .map_or(from, |position| usize::from(position).min(fields.len()));
    fields.insert(to, after.clone());
    for (position, field) in fields.iter().enumerate() {
        // Only what moved is written, and the field itself.
        if field.id == id || (from.min(to)..=from.max(to)).contains(&position) {
            unit.update_custom_field(field, u16::try_from(position).unwrap_or(u16::MAX))?;
        }
    }
    let place = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
    let event = Event::new(Action::CustomFieldChanged)
        .target(Target::CustomField(id))
        .detail(Detail::custom_field("old", &before))
        .detail(Detail::custom_field("new", &after))
        .detail(Detail::number("oldPosition", place(from)))
        .detail(Detail::number("newPosition", place(to)));
    Ok(Audited::new(after, event))
}

fn changed(before: &CustomField, patch: &CustomFieldPatch) -> Result<CustomField, CustomFieldError> {
    let mut faults = Faults::default();
    let label = match &patch.label {
        None => Some(before.label.clone()),
        Some(label) => faults.take(Part::Label, label.clone()),
    };
    let kind = match &patch.choices {
        None => Some(before.kind.clone()),
        Some(choices) => faults.take(Part::Choices, before.kind.with_choices(choices.clone())),
    };
    let after = label.zip(kind).map(|(label, kind)| CustomField {
        id: before.id,
        label,
        kind,
        retired: patch.retired.unwrap_or(before.retired),
    });
    faults.finish(after).map_err(CustomFieldError::Invalid)
}

/// Whether a field may be in use beside these others.
fn fits(others: &[CustomField], field: &CustomField) -> Result<(), CustomFieldError> {
    if others.len() >= MAX_DEFINED {
        let message =
            format!("Use a retired field again; {MAX_DEFINED} fields have been defined, which is the limit.");
        return Err(CustomFieldError::invalid(
            Part::Label,
            Invalid::new("too_many", message),
        ));
    }
    if field.retired {
        return Ok(());
    }
    let in_use = || others.iter().filter(|other| !other.retired);
    if in_use().count() >= MAX_IN_USE {
        let message = format!("Retire a field first; {MAX_IN_USE} fields are in use, which is the limit.");
        return Err(CustomFieldError::invalid(
            Part::Label,
            Invalid::new("too_many", message),
        ));
    }
    let folded = field.label.as_str().to_lowercase();
    if in_use().any(|other| other.label.as_str().to_lowercase() == folded) {
        let taken = Invalid::new(
            "taken",
            "Enter a different name; another field in use has this one.",
        );
        return Err(CustomFieldError::invalid(Part::Label, taken));
    }
    Ok(())
}
