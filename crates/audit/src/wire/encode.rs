//! Writing an event.

use cutis_domain::Digest;
use cutis_domain::principal::Actor;
use serde_json::{Map, Value};

use crate::canonical;
use crate::event::{Detail, DetailValue, Identifier};
use crate::key::TrailKey;
use crate::record::{Record, RowState};
use crate::wire::VERSION;

/// The canonical bytes of an event. The key turns digests of rows into codes that cannot be tried
/// against guesses.
pub fn encode(key: &TrailKey, record: &Record) -> Vec<u8> {
    let Record {
        sequence,
        at,
        caller,
        event,
        state,
    } = record;
    let mut members = Map::new();
    let mut text = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            members.insert(name.to_owned(), Value::from(value));
        }
    };
    text("action", Some(event.action().code().to_owned()));
    text(
        "agent",
        caller.agent.as_ref().map(|agent| agent.as_str().to_owned()),
    );
    text("at", Some(at.to_string()));
    text("ip", caller.address.map(|address| address.to_string()));
    text("outcome", Some(event.outcome().code().to_owned()));
    text("patient", event.patient_of().map(|patient| patient.to_string()));
    text("request", caller.request.map(|request| request.to_string()));
    text("session", caller.session.map(|session| session.to_string()));
    members.insert("actor".to_owned(), actor(&caller.actor));
    members.insert(
        "seq".to_owned(),
        canonical::integer(i64::try_from(*sequence).unwrap_or(i64::MAX)),
    );
    members.insert("v".to_owned(), Value::from(VERSION));
    if let Some(target) = event.target_of() {
        members.insert(
            "target".to_owned(),
            object([("id", target.id_text()), ("kind", target.kind().to_owned())]),
        );
    }
    if !event.details().is_empty() {
        let details: Map<_, _> = event
            .details()
            .iter()
            .map(|detail| (detail.key().to_owned(), detail_value(detail)))
            .collect();
        members.insert("details".to_owned(), Value::Object(details));
    }
    if !state.is_empty() {
        members.insert(
            "state".to_owned(),
            state.iter().map(|state| row(key, state)).collect(),
        );
    }
    // Nothing above makes a null, a truth value or a fraction, so there always are bytes.
    canonical::bytes(&Value::Object(members)).unwrap_or_default()
}

fn actor(actor: &Actor) -> Value {
    let kind = |kind: &str| ("kind", kind.to_owned());
    match actor {
        Actor::Account { id, username } => object([
            ("id", id.to_string()),
            kind("account"),
            ("name", username.as_str().to_owned()),
        ]),
        Actor::Anonymous => object([kind("anonymous")]),
        Actor::Operator => object([kind("operator")]),
        Actor::System => object([kind("system")]),
    }
}

fn object<const N: usize>(members: [(&str, String); N]) -> Value {
    members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .collect()
}

fn detail_value(detail: &Detail) -> Value {
    match detail.value() {
        DetailValue::Code(code) => Value::from(*code),
        DetailValue::Number(number) => canonical::integer(*number),
        DetailValue::Id(id) => Value::from(id.as_str()),
        DetailValue::Ids(ids) => ids.iter().map(Identifier::as_str).collect(),
        DetailValue::Fields(fields) => fields.iter().copied().collect(),
        DetailValue::Setting(value) => Value::from(value.as_str()),
    }
}

fn row(key: &TrailKey, state: &RowState) -> Value {
    let RowState {
        table,
        row,
        before,
        after,
    } = state;
    let mut members = Map::new();
    for (name, digest) in [("before", before), ("after", after)] {
        if let Some(digest) = digest {
            let mac = Digest::from_bytes(key.attest(table, *row, digest));
            members.insert(name.to_owned(), Value::from(mac.to_string()));
        }
    }
    members.insert("row".to_owned(), canonical::integer(*row));
    members.insert("table".to_owned(), Value::from(table.as_str()));
    Value::Object(members)
}
