//! Reading the trail (U5).

use cutis_audit::{Frontier, Head, wire};
use cutis_domain::AccountId;
use cutis_domain::page::Limit;
use cutis_storage::StorageError;
use cutis_storage::backend::Tail;
use cutis_storage::port::{ActivityItem, ActivityRead, TrailRead};
use rusqlite::{Row, params};

use super::keyed::Inside;
use super::{Ports, one_more};
use crate::columns::Columns;
use crate::error::{Result, failed};
use crate::sql::{activity, trail as sql};

impl ActivityRead for Inside<'_> {
    fn patient_activity(&self, before: Option<u64>, limit: Limit) -> Result<Vec<ActivityItem>> {
        let owned = self.one(activity::OWNED, &[], |_| Ok(()))?;
        match owned {
            Some(()) => self
                .ports
                .activity(sql::OF_PATIENT, &self.patient().to_string(), before, limit),
            None => Ok(Vec::new()),
        }
    }
}

impl TrailRead for Ports {
    fn account_activity(
        &self,
        account: AccountId,
        before: Option<u64>,
        limit: Limit,
    ) -> Result<Vec<ActivityItem>> {
        self.activity(sql::OF_ACCOUNT, &account.to_string(), before, limit)
    }

    fn trail_size(&self) -> Result<u64> {
        self.count(sql::SIZE, [])
    }
}

impl Ports {
    fn activity(
        &self,
        sql: &'static str,
        of: &str,
        before: Option<u64>,
        limit: Limit,
    ) -> Result<Vec<ActivityItem>> {
        let before = before.map_or(i64::MAX, |before| i64::try_from(before).unwrap_or(i64::MAX));
        let items = self.all(sql, params![of, before, one_more(limit)], item)?;
        Ok(items.into_iter().flatten().collect())
    }
}

/// An event whose content is gone is not shown.
fn item(row: &Row<'_>) -> Result<Option<ActivityItem>> {
    let seq: i64 = row.get(0).map_err(failed)?;
    let payload: Option<Vec<u8>> = row.get(1).map_err(failed)?;
    let corrupt = || StorageError::corrupt("trail_entry", "payload", seq);
    let sequence = u64::try_from(seq).map_err(|_| corrupt())?;
    let Some(payload) = payload else { return Ok(None) };
    let record = wire::decode(&payload).map_err(|_| corrupt())?;
    Ok(Some(ActivityItem { sequence, record }))
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
