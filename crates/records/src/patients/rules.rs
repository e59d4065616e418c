//! What a patient's fields are checked against.

use cutis_domain::custom_field::CustomField;
use cutis_domain::settings::Key;
use cutis_domain::time::{Day, Zone};
use cutis_storage::StorageError;

use crate::Records;

/// Today in the practice's time zone, and the custom fields.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) today: Day,
    pub(crate) fields: Vec<CustomField>,
}

/// What of the rules is stored.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    zone: Zone,
    fields: Vec<CustomField>,
}

impl Records {
    async fn stored_rules(&self) -> Result<Stored, StorageError> {
        self.store
            .recent(&self.rules, |view| {
                let zone = view.setting(Key::PracticeTimeZone)?;
                Ok(Stored {
                    zone: Zone::parse(zone.value()).unwrap_or_else(|_| Zone::utc()),
                    fields: view.custom_fields()?,
                })
            })
            .await
    }

    /// The time zone of the practice.
    pub(crate) async fn practice_zone(&self) -> Result<Zone, StorageError> {
        Ok(self.stored_rules().await?.zone)
    }

    pub(super) async fn rules(&self) -> Result<Rules, StorageError> {
        let Stored { zone, fields } = self.stored_rules().await?;
        Ok(Rules {
            today: self.clock.now().day_in(&zone),
            fields,
        })
    }
}
