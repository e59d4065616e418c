//! Values about people, which may be shown to those allowed but never printed by accident (G11).

use std::fmt;

/// A value whose debug form is redacted and which has no display form.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Sensitive<T>(T);

impl<T> Sensitive<T> {
    /// Marks a value as being about a person.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for storing or for an answer to somebody entitled to it.
    pub const fn reveal(&self) -> &T {
        &self.0
    }

    /// The value itself.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// G11: a name does not leak by printing.
    #[test]
    fn prints_nothing_of_the_value() {
        assert_eq!(
            format!("{:?}", Some(Sensitive::new("Müller"))),
            "Some([redacted])"
        );
    }
}
