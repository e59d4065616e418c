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

impl Records {
    pub(super) async fn rules(&self) -> Result<Rules, StorageError> {
        let now = self.clock.now();
        self.store
            .look_up(move |view| {
                let zone = view.setting(Key::PracticeTimeZone)?;
                let zone = Zone::parse(zone.value()).unwrap_or_else(|_| Zone::utc());
                Ok(Rules {
                    today: now.day_in(&zone),
                    fields: view.custom_fields()?,
                })
            })
            .await
    }
}
