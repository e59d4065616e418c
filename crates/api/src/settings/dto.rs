//! Settings on the wire.

use std::collections::BTreeMap;

use cutis_domain::Faults;
use cutis_domain::settings::{Key, Kind, Setting as Stored};
use cutis_edge::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire_names;

/// Every setting.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettingList {
    settings: Vec<Setting>,
}

/// One setting and its allowed values.
#[derive(Debug, Serialize, ToSchema)]
pub struct Setting {
    key: &'static str,
    value: String,
    label: &'static str,
    kind: SettingKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    choices: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<i64>,
}

/// The type of a setting's value.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SettingKind {
    /// One of some codes.
    Choice,
    /// A whole number within bounds.
    Integer,
    /// Text.
    Text,
}

impl From<&Stored> for Setting {
    fn from(stored: &Stored) -> Self {
        let key = stored.key();
        let (kind, choices, min, max) = match key.kind() {
            Kind::Choice(codes) => (SettingKind::Choice, Some(codes.to_vec()), None, None),
            Kind::Integer { min, max } => (SettingKind::Integer, None, Some(min), Some(max)),
            Kind::Text | Kind::TimeZone => (SettingKind::Text, None, None, None),
        };
        Self {
            key: key.code(),
            value: stored.value().to_owned(),
            label: key.label(),
            kind,
            choices,
            min,
            max,
        }
    }
}

impl SettingList {
    pub(super) fn new(settings: &[Stored]) -> Self {
        Self {
            settings: settings.iter().map(Setting::from).collect(),
        }
    }
}

/// A change of settings: all of them are applied, or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingsPatch {
    /// New values by key.
    pub(super) values: BTreeMap<String, String>,
}

impl TryFrom<SettingsPatch> for Vec<Stored> {
    type Error = Problem;

    fn try_from(sent: SettingsPatch) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let mut wanted = Self::new();
        for (key, value) in sent.values {
            // A key may be any text; the answer repeats no more of it than helps.
            let field = format!("values.{}", key.chars().take(100).collect::<String>());
            let setting = Key::parse(&key).and_then(|key| Stored::parse(key, &value));
            wanted.extend(faults.take(field, setting));
        }
        faults.finish(Some(wanted)).map_err(wire_names::refused)
    }
}
