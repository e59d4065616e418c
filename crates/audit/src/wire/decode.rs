//! Reading an event back, strictly.

use cutis_domain::{Digest, Timestamp};
use serde_json::{Map, Value};

use crate::canonical;
use crate::event::Outcome;
use crate::wire::{
    StoredActor, StoredBefore, StoredRecord, StoredRow, StoredTarget, VERSION, VERSION_1, WireError,
};

/// Reads an event.
///
/// # Errors
/// When the bytes are not canonical JSON of a known version with exactly the known members.
pub fn decode(bytes: &[u8]) -> Result<StoredRecord, WireError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| WireError::NotJson)?;
    if canonical::bytes(&value).as_deref() != Some(bytes) {
        return Err(WireError::NotCanonical);
    }
    let mut members = Members::of(value, "event")?;
    let row = match members.integer("v")? {
        VERSION_1 => row_of_version_1,
        VERSION => row,
        _ => return Err(WireError::Version),
    };
    let record = StoredRecord {
        sequence: u64::try_from(members.integer("seq")?).map_err(|_| WireError::Member("seq"))?,
        at: members.text("at")?,
        actor: actor(members.required("actor")?)?,
        session: members.optional_text("session")?,
        ip: members.optional_text("ip")?,
        agent: members.optional_text("agent")?,
        request: members.optional_text("request")?,
        action: members.text("action")?,
        outcome: members.text("outcome")?,
        target: members.optional("target").map(target).transpose()?,
        patient: members.optional_text("patient")?,
        details: members
            .optional("details")
            .map(details)
            .transpose()?
            .unwrap_or_default(),
        state: members
            .optional("state")
            .map(|rows| state(rows, row))
            .transpose()?
            .unwrap_or_default(),
    };
    members.done()?;
    if !Timestamp::parse(&record.at).is_ok_and(|at| at.to_string() == record.at) {
        return Err(WireError::Member("at"));
    }
    Outcome::parse(&record.outcome).map_err(|_| WireError::Member("outcome"))?;
    Ok(record)
}

/// Whether these bytes are canonical JSON: parsing them and writing them canonically gives the same bytes.
pub fn is_canonical(bytes: &[u8]) -> bool {
    serde_json::from_slice(bytes).is_ok_and(|value| canonical::bytes(&value).as_deref() == Some(bytes))
}

/// The members of an object, taken one by one so that none is left over.
struct Members {
    members: Map<String, Value>,
    name: &'static str,
}

impl Members {
    fn of(value: Value, name: &'static str) -> Result<Self, WireError> {
        if let Value::Object(members) = value {
            Ok(Self { members, name })
        } else {
            Err(WireError::Member(name))
        }
    }

    fn optional(&mut self, name: &'static str) -> Option<Value> {
        self.members.remove(name)
    }

    fn required(&mut self, name: &'static str) -> Result<Value, WireError> {
        self.optional(name).ok_or(WireError::Member(name))
    }

    fn optional_text(&mut self, name: &'static str) -> Result<Option<String>, WireError> {
        self.optional(name).map(|value| string(value, name)).transpose()
    }

    fn text(&mut self, name: &'static str) -> Result<String, WireError> {
        string(self.required(name)?, name)
    }

    fn integer(&mut self, name: &'static str) -> Result<i64, WireError> {
        canonical::as_integer(&self.required(name)?).ok_or(WireError::Member(name))
    }

    fn optional_code(&mut self, name: &'static str) -> Result<Option<[u8; 32]>, WireError> {
        let Some(text) = self.optional_text(name)? else {
            return Ok(None);
        };
        let code: Digest = text.parse().map_err(|_| WireError::Member(name))?;
        Ok(Some(*code.as_bytes()))
    }

    fn done(self) -> Result<(), WireError> {
        if self.members.is_empty() {
            Ok(())
        } else {
            Err(WireError::Member(self.name))
        }
    }
}

fn string(value: Value, name: &'static str) -> Result<String, WireError> {
    if let Value::String(text) = value {
        Ok(text)
    } else {
        Err(WireError::Member(name))
    }
}

fn actor(value: Value) -> Result<StoredActor, WireError> {
    let mut members = Members::of(value, "actor")?;
    let actor = StoredActor {
        kind: members.text("kind")?,
        id: members.optional_text("id")?,
        name: members.optional_text("name")?,
    };
    members.done()?;
    let known = match actor.kind.as_str() {
        "account" => actor.id.is_some() && actor.name.is_some(),
        "anonymous" | "operator" | "system" => actor.id.is_none() && actor.name.is_none(),
        _ => false,
    };
    if known {
        Ok(actor)
    } else {
        Err(WireError::Member("actor"))
    }
}

fn target(value: Value) -> Result<StoredTarget, WireError> {
    let mut members = Members::of(value, "target")?;
    let target = StoredTarget {
        kind: members.text("kind")?,
        id: members.text("id")?,
    };
    members.done()?;
    Ok(target)
}

fn details(value: Value) -> Result<Vec<(String, String)>, WireError> {
    let members = Members::of(value, "details")?.members;
    let mut details: Vec<_> = members
        .into_iter()
        .map(|(name, value)| Ok((name, detail_text(value)?)))
        .collect::<Result<_, WireError>>()?;
    // The map's own order depends on a feature that any other crate in the build may switch on.
    details.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
    Ok(details)
}

fn detail_text(value: Value) -> Result<String, WireError> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Array(items) => {
            let texts: Vec<String> = items
                .into_iter()
                .map(|item| string(item, "details"))
                .collect::<Result<_, _>>()?;
            Ok(texts.join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Object(_) => Err(WireError::Member("details")),
    }
}

type ReadRow = fn(Members) -> Result<StoredRow, WireError>;

fn state(value: Value, row: ReadRow) -> Result<Vec<StoredRow>, WireError> {
    let Value::Array(rows) = value else {
        return Err(WireError::Member("state"));
    };
    rows.into_iter()
        .map(|value| row(Members::of(value, "state")?))
        .collect()
}

fn row(mut members: Members) -> Result<StoredRow, WireError> {
    let before = members.optional_code("before")?;
    let after = members.optional_code("after")?;
    let row = StoredRow {
        table: members.text("table")?,
        row: members.integer("row")?,
        before: before.map_or(StoredBefore::Nothing, StoredBefore::Was),
        after,
    };
    members.done()?;
    Ok(row)
}

fn row_of_version_1(mut members: Members) -> Result<StoredRow, WireError> {
    let after = members.optional_code("mac")?;
    let row = StoredRow {
        table: members.text("table")?,
        row: members.integer("row")?,
        before: StoredBefore::Unsaid,
        after,
    };
    members.done()?;
    Ok(row)
}
