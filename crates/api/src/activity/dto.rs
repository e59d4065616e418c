//! Events on the wire.

use cutis_domain::page::{Limit, Page};
use cutis_records::activity::PatientEvent;
use cutis_records::outcome::{ActivityItem, ActivityKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::page;
use cutis_edge::extract::{Whole, whole};
use cutis_edge::problem::Problem;

/// Which part of the activity.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ActivityQuery {
    /// Events per page, 1 to 100; 50 when absent.
    #[param(value_type = Option<i64>)]
    limit: Option<Whole<i64>>,
    /// The `nextCursor` of an earlier page.
    cursor: Option<String>,
    /// Only events that changed or exported something, without those that record a view; false when absent.
    changes_only: Option<bool>,
}

impl ActivityQuery {
    pub(super) fn kind(&self) -> ActivityKind {
        match self.changes_only {
            Some(true) => ActivityKind::Changes,
            Some(false) | None => ActivityKind::All,
        }
    }

    pub(super) fn limit(&self) -> Result<Limit, Problem> {
        page::limit(self.limit.map(|Whole(events)| events))
    }

    pub(super) fn before(&self) -> Result<Option<u64>, Problem> {
        let refused = || Problem::invalid("cursor", "cursor", "Use a cursor that an earlier page gave.");
        let read = |cursor| whole(cursor).ok_or_else(refused);
        self.cursor.as_deref().map(read).transpose()
    }
}

/// A page of events, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActivityPage {
    events: Vec<ActivityEvent>,
    /// Where the next page starts; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// One event (U2).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActivityEvent {
    sequence: u64,
    at: String,
    actor: ActivityActor,
    /// The kind of event, such as `image.stored`.
    action: String,
    /// `ok`, `refused` or `failed`.
    outcome: String,
    #[schema(required)]
    target: Option<ActivityTarget>,
    #[schema(required)]
    ip: Option<String>,
    #[schema(required)]
    user_agent: Option<String>,
    details: Vec<ActivityDetail>,
    /// Photos that the event is about and that still exist, at most six; their thumbnails may be shown beside it.
    images: Vec<String>,
    /// The time of the visit that it was done to, as the visit has it now; null for anything else.
    #[schema(required)]
    visit_at: Option<String>,
}

/// Who did it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActivityActor {
    /// `account`, `system`, `operator` or `anonymous`.
    kind: String,
    /// The username at that time.
    name: String,
    /// The account's full name today; null if the actor is not an account.
    #[schema(required)]
    full_name: Option<String>,
}

/// What it was done to.
#[derive(Serialize, ToSchema)]
pub struct ActivityTarget {
    kind: String,
    id: String,
}

/// More about it: ids, codes, names of fields.
#[derive(Serialize, ToSchema)]
pub struct ActivityDetail {
    key: String,
    value: String,
}

impl From<ActivityItem> for ActivityEvent {
    fn from(item: ActivityItem) -> Self {
        let record = item.record;
        let name = record.actor.name.unwrap_or_else(|| record.actor.kind.clone());
        Self {
            sequence: item.sequence,
            at: record.at,
            actor: ActivityActor {
                kind: record.actor.kind,
                name,
                full_name: item.full_name.map(|name| name.reveal().clone()),
            },
            action: record.action,
            outcome: record.outcome,
            target: record.target.map(|target| ActivityTarget {
                kind: target.kind,
                id: target.id,
            }),
            ip: record.ip,
            user_agent: record.agent,
            details: record
                .details
                .into_iter()
                .map(|(key, value)| ActivityDetail { key, value })
                .collect(),
            images: Vec::new(),
            visit_at: None,
        }
    }
}

impl From<PatientEvent> for ActivityEvent {
    fn from(event: PatientEvent) -> Self {
        Self {
            images: event.images.iter().map(ToString::to_string).collect(),
            visit_at: event.visit_at.map(|at| at.to_string()),
            ..Self::from(event.item)
        }
    }
}

impl<T: Into<ActivityEvent>> From<Page<T, u64>> for ActivityPage {
    fn from(page: Page<T, u64>) -> Self {
        Self {
            events: page.items.into_iter().map(Into::into).collect(),
            next_cursor: page.next.map(|sequence| sequence.to_string()),
        }
    }
}
