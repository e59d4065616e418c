//! Why a value could not be built.

use std::borrow::Cow;

/// A refused input: which rule it broke, in words a person can act on.
///
/// The field's name is added by whoever knows it (the use case or the edge), because the same kind
/// of value appears under several names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Invalid {
    code: &'static str,
    message: String,
}

impl Invalid {
    /// A refusal with a stable `code` for programs and a `message` for people.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// Stable, lower-case code of the broken rule, such as `too_long`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What is wrong and what would be right; never repeats the refused value.
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// What is wrong with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {invalid}")]
pub struct FieldError {
    /// The field as requests name it, such as `method.strokes`.
    pub field: Cow<'static, str>,
    /// What is wrong.
    pub invalid: Invalid,
}

impl FieldError {
    /// A refusal of this field.
    pub fn new(field: impl Into<Cow<'static, str>>, invalid: Invalid) -> Self {
        Self {
            field: field.into(),
            invalid,
        }
    }
}
