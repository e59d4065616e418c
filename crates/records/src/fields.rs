//! Refused input, field by field, so that a form can show every mistake at once.

use std::borrow::Cow;

pub use cutis_domain::FieldError;
use cutis_domain::{Invalid, Text};

/// Collects refusals while a command is being parsed.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    errors: Vec<FieldError>,
}

impl Fields {
    /// Keeps a refusal and goes on.
    pub(crate) fn take<T>(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        parsed: Result<T, Invalid>,
    ) -> Option<T> {
        parsed
            .map_err(|invalid| self.errors.push(FieldError::new(field, invalid)))
            .ok()
    }

    /// An optional field; blank text counts as absent.
    pub(crate) fn optional<T>(
        &mut self,
        field: &'static str,
        text: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        let text = text.filter(|text| !text.trim().is_empty())?;
        self.take(field, parse(text))
    }

    /// An optional text.
    pub(crate) fn text<const MIN: usize, const MAX: usize>(
        &mut self,
        field: &'static str,
        text: Option<&str>,
    ) -> Option<Text<MIN, MAX>> {
        self.optional(field, text, Text::parse)
    }

    /// The command, if no field was refused.
    pub(crate) fn finish<T>(self, command: Option<T>) -> Result<T, Vec<FieldError>> {
        match command {
            Some(command) if self.errors.is_empty() => Ok(command),
            _ => Err(self.errors),
        }
    }
}
