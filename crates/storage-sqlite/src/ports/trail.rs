//! Reading the trail (U5).

use std::collections::HashMap;

use cutis_audit::compact::{self, Surroundings};
use cutis_audit::{Action, Frontier, Head, wire};
use cutis_domain::page::Limit;
use cutis_domain::{AccountId, Sensitive};
use cutis_storage::backend::Tail;
use cutis_storage::port::{AccountsRead, ActivityItem, ActivityKind, ActivityRead, TrailRead};
use cutis_storage::{ErrorKind, StorageError};
use rusqlite::{Row, params};

use super::keyed::Inside;
use super::{Ports, one_more};
use crate::columns::Columns;
use crate::error::{Result, failed};
use crate::readers::Newness;
use crate::sql::{activity, trail as sql};

impl ActivityRead for Inside<'_> {
    fn patient_activity(
        &self,
        kind: ActivityKind,
        before: Option<u64>,
        limit: Limit,
    ) -> Result<Vec<ActivityItem>> {
        if self.ports.1.newness != Newness::Newest {
            return Err(StorageError::new(
                ErrorKind::Unavailable,
                "activity has to be read from the newest snapshot",
            ));
        }
        let owned = self.one(activity::OWNED, &[], |_| Ok(()))?;
        match owned {
            Some(()) => {
                let patient = self.patient();
                self.ports
                    .activity(sql::OF_PATIENT, patient.as_bytes(), kind, before, limit)
            }
            None => Ok(Vec::new()),
        }
    }
}

impl TrailRead for Ports {
    fn account_activity(
        &self,
        account: AccountId,
        kind: ActivityKind,
        before: Option<u64>,
        limit: Limit,
    ) -> Result<Vec<ActivityItem>> {
        self.activity(sql::OF_ACCOUNT, account.as_bytes(), kind, before, limit)
    }

    fn trail_size(&self) -> Result<u64> {
        self.count(sql::SIZE, [])
    }
}

impl Ports {
    fn activity(
        &self,
        sql: &'static str,
        of: &[u8; 16],
        kind: ActivityKind,
        before: Option<u64>,
        limit: Limit,
    ) -> Result<Vec<ActivityItem>> {
        let before = before.map_or(i64::MAX, |before| i64::try_from(before).unwrap_or(i64::MAX));
        let items = self.all(sql, params![of, before, one_more(limit), left_out(kind)], item)?;
        let mut items: Vec<ActivityItem> = items.into_iter().flatten().collect();
        let mut names: HashMap<String, Option<String>> = HashMap::new();
        for item in &mut items {
            let Some(id) = &item.record.actor.id else { continue };
            let name = if let Some(name) = names.get(id) {
                name.clone()
            } else {
                let name = self.full_name(id)?;
                names.insert(id.clone(), name.clone());
                name
            };
            item.full_name = name.map(Sensitive::new);
        }
        Ok(items)
    }

    fn full_name(&self, account: &str) -> Result<Option<String>> {
        let Ok(id) = account.parse::<AccountId>() else {
            return Ok(None);
        };
        Ok(self.account(id)?.map(|account| account.profile.display_name()))
    }
}

/// The codes that are left out, as a JSON list.
fn left_out(kind: ActivityKind) -> String {
    let codes: Vec<String> = match kind {
        ActivityKind::All => Vec::new(),
        ActivityKind::Changes => Action::ALL
            .iter()
            .filter(|action| action.only_looks())
            .map(|action| format!("\"{}\"", action.code()))
            .collect(),
    };
    format!("[{}]", codes.join(","))
}

/// An event whose content is gone is not shown.
fn item(row: &Row<'_>) -> Result<Option<ActivityItem>> {
    let seq: i64 = row.get(0).map_err(failed)?;
    let payload: Option<Vec<u8>> = row.get(1).map_err(failed)?;
    let corrupt = || StorageError::corrupt("trail_entry", "payload", seq);
    let sequence = u64::try_from(seq).map_err(|_| corrupt())?;
    let Some(payload) = payload else { return Ok(None) };
    let surroundings: Option<Vec<u8>> = row.get(2).map_err(failed)?;
    let surroundings = surroundings.map(Surroundings::stored);
    let payload = compact::expanded(&payload, surroundings.as_ref()).ok_or_else(corrupt)?;
    let record = wire::decode(&payload).map_err(|_| corrupt())?;
    Ok(Some(ActivityItem {
        sequence,
        record,
        full_name: None,
    }))
}

impl Ports {
    /// The stored end of the trail.
    pub(crate) fn tail(&self) -> Result<Option<(Tail, Head)>> {
        self.one(sql::TAIL, [], |row| {
            let mut columns = Columns::of(row, "trail_tail")?;
            let frontier: Vec<u8> = columns.get("frontier")?;
            let frontier = Frontier::from_bytes(&frontier).map_err(|_| columns.corrupt("frontier"))?;
            let tail = Tail {
                frontier,
                last_day: columns.count("last_day")?,
            };
            let head = Head {
                size: columns.count("size")?,
                root: columns.get("root")?,
                mac: columns.get("mac")?,
            };
            Ok(Some((tail, head)))
        })
        .map(Option::flatten)
    }
}
