//! What is wrong with a form, field by field, so that every mistake can be shown at once.

use crate::{FieldError, Invalid, Text};

/// Collects refusals while a form is read. `F` names a field, as in [`FieldError`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults<F>(Vec<FieldError<F>>);

impl<F> Default for Faults<F> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<F> Faults<F> {
    /// Keeps a refusal and continues.
    pub fn refuse(&mut self, field: F, invalid: Invalid) {
        self.0.push(FieldError::new(field, invalid));
    }

    /// The value; a refusal is kept. Returns `None` exactly when it kept one.
    pub fn take<T>(&mut self, field: F, parsed: Result<T, Invalid>) -> Option<T> {
        parsed.map_err(|invalid| self.refuse(field, invalid)).ok()
    }

    /// An optional field; blank text counts as absent.
    pub fn optional<T>(
        &mut self,
        field: F,
        text: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        self.take(field, parse(filled(text)?))
    }

    /// An optional text.
    pub fn text<const MIN: usize, const MAX: usize, const LINE: bool>(
        &mut self,
        field: F,
        text: Option<&str>,
    ) -> Option<Text<MIN, MAX, LINE>> {
        self.optional(field, text, Text::parse)
    }

    /// Whether nothing was refused so far.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The refusals in the order in which they were kept.
    pub fn into_vec(self) -> Vec<FieldError<F>> {
        self.0
    }

    /// The command, if no field was refused.
    ///
    /// # Errors
    /// Every refusal, in the order in which it was kept.
    pub fn finish<T>(self, command: Option<T>) -> Result<T, Vec<FieldError<F>>> {
        match command {
            Some(command) if self.0.is_empty() => Ok(command),
            _ => Err(self.0),
        }
    }
}

/// The text, unless the field was left blank.
pub fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P2: every refused field is named, and there is a command only if there is none.
    #[test]
    fn every_refusal_is_kept() {
        let mut faults = Faults::default();
        let long: Option<Text<1, 3>> = faults.text("first", Some("long"));
        let blank: Option<Text<1, 3>> = faults.text("second", Some("  "));
        let short: Option<Text<2, 3>> = faults.text("third", Some("x"));
        assert_eq!((long, blank, short), (None, None, None));
        let fields = faults.finish(Some(())).map_err(|errors| {
            errors
                .iter()
                .map(|error| (error.field, error.invalid.code()))
                .collect::<Vec<_>>()
        });
        assert_eq!(fields, Err(vec![("first", "too_long"), ("third", "too_short")]));
        assert_eq!(Faults::<()>::default().finish(Some(1)), Ok(1));
    }
}
