//! Why a value could not be built.

/// A refused input: which rule it broke, in words a person can act on.
///
/// The field's name is added by the code that knows it (the use case or the edge), because the same kind
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

    /// What is wrong and how to correct it; never repeats the refused value.
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// A parsed value, or why it was refused.
pub type Read<T> = Result<T, Invalid>;

/// What is wrong with one field of a form. `F` names the field: a closed enum in rules and use cases, the wire's own
/// name in the handler that reads the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError<F> {
    /// The field.
    pub field: F,
    /// What is wrong.
    pub invalid: Invalid,
}

impl<F> FieldError<F> {
    /// A refusal of this field.
    pub const fn new(field: F, invalid: Invalid) -> Self {
        Self { field, invalid }
    }

    /// The same refusal of a field under another name.
    pub fn named<G>(self, name: impl FnOnce(F) -> G) -> FieldError<G> {
        FieldError::new(name(self.field), self.invalid)
    }
}
