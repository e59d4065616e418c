//! Identifiers in paths.

use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _};

/// An identifier; one that cannot be read cannot be found.
#[derive(Debug, Clone, Copy)]
pub struct Id<T>(pub T);

impl<'de, T: FromStr> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map(Self).map_err(|_| D::Error::custom("not an id"))
    }
}
