//! Fields of changes: absent, `null` and a value are three things (P6).

use cutis_domain::{Faults, Invalid};
use cutis_records::patients::Change;
use serde::{Deserialize, Deserializer};

/// Nothing where the field is absent, and nothing inside where it is `null`.
pub(crate) type Sent<T> = Option<Option<T>>;

/// Keeps "absent" and "null" apart: the one leaves a field, the other clears it.
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Sent<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

/// The change that a text says; blank text clears.
pub(crate) fn text<T>(
    faults: &mut Faults<String>,
    field: impl Into<String>,
    sent: Sent<String>,
    parse: impl FnOnce(&str) -> Result<T, Invalid>,
) -> Change<T> {
    match sent {
        None => Change::Keep,
        Some(text) if text.as_deref().is_none_or(|text| text.trim().is_empty()) => Change::Clear,
        Some(Some(text)) => Change::of(faults.take(field.into(), parse(&text))),
        Some(None) => Change::Clear,
    }
}
