//! What the server says.

use cutis_domain::{EntryId, PatientId};
use cutis_edge::websocket::Text;
use cutis_live::{Mark, Splice};
use cutis_records::entries::{Change, Clash, Edited, EntryFile, Told};
use serde_json::{Value, json};

use super::kinds::Notice;
use super::other::{ConnectionId, Other};
use crate::entries::conflict::shown;
use crate::entries::dto::Person;
use crate::wire_names::entry_field;

/// One message, as it is sent.
#[derive(Debug, Clone)]
pub(super) enum Said {
    /// An object, as it is sent. Clones share it, so that what many are told is there once.
    Text(Text),
    /// Asks whether the client is there; browsers answer by themselves.
    Ask,
}

impl Said {
    fn object(object: &Value) -> Self {
        Self::Text(object.to_string().into())
    }

    /// The bytes that it takes while it waits.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Ask => 1,
        }
    }

    pub(super) const fn ask() -> Self {
        Self::Ask
    }

    pub(super) fn welcome(connection: ConnectionId, now: &str, since: Mark) -> Self {
        Self::object(&json!({
            "kind": "welcome", "version": 1, "connection": connection.to_string(), "now": now,
            "since": since.to_string(),
        }))
    }

    pub(super) fn resync(since: Mark) -> Self {
        Self::object(&json!({ "kind": "resync", "since": since.to_string() }))
    }

    pub(super) fn watching(reference: u64, patient: PatientId) -> Self {
        Self::object(&json!({ "kind": "watching", "ref": reference, "patient": patient.to_string() }))
    }

    pub(super) fn opened(reference: u64, file: &EntryFile) -> Self {
        let entry = &file.entry;
        Self::object(&json!({
            "kind": "opened", "ref": reference, "patient": entry.patient.to_string(),
            "entry": {
                "id": entry.id.to_string(),
                "appointmentAt": entry.appointment_at.to_string(),
                "title": entry.title.as_ref().map(|title| title.reveal().as_str()),
                "notes": file.notes.as_str(),
                "notesHash": file.hash.to_string(),
                "versions": {
                    "appointmentAt": entry.versions.appointment_at,
                    "title": entry.versions.title,
                    "notes": entry.versions.notes,
                },
                "signedAt": entry.signed.as_ref().map(|signed| signed.at.to_string()),
            },
        }))
    }

    pub(super) fn ack(seq: u64, entry: EntryId, edited: &Edited) -> Self {
        Self::object(&json!({
            "kind": "ack", "seq": seq, "entry": entry.to_string(), "field": entry_field(edited.field),
            "version": edited.version, "hash": edited.hash.map(|hash| hash.to_string()),
            "at": edited.at.to_string(), "merged": edited.merged.as_deref().map(splices),
        }))
    }

    pub(super) fn clash(seq: u64, clash: &Clash, by: &Person) -> Self {
        Self::object(&json!({
            "kind": "clash", "seq": seq, "entry": clash.entry.to_string(), "field": entry_field(clash.field()),
            "version": clash.version, "theirs": shown(&clash.theirs),
            "hash": clash.hash().map(|hash| hash.to_string()), "by": by, "at": clash.at.to_string(),
        }))
    }

    /// A refusal of the edit or the request of this number, or of a message that had none.
    pub(super) fn refused(about: &About, code: &str, detail: &str, field: Option<&str>) -> Self {
        let (seq, reference) = match about {
            About::Edit(seq) => (Some(*seq), None),
            About::Request(reference) => (None, Some(*reference)),
            About::Nothing => (None, None),
        };
        Self::object(&json!({
            "kind": "refused", "seq": seq, "ref": reference, "code": code, "detail": detail, "field": field,
        }))
    }

    pub(super) fn text(
        (patient, entry): (PatientId, EntryId),
        edited: &Edited,
        told: &Told,
        by: Option<&Person>,
        since: Mark,
    ) -> Self {
        let change = match &told.change {
            Change::Set(value) => json!({ "set": shown(value) }),
            Change::Splices {
                splices: them,
                base_hash,
                hash,
            } => json!({
                "splices": splices(them), "baseHash": base_hash.to_string(), "hash": hash.to_string(),
            }),
        };
        Self::object(&json!({
            "kind": "text", "patient": patient.to_string(), "entry": entry.to_string(),
            "field": entry_field(edited.field), "base": told.base, "version": edited.version,
            "hash": edited.hash.map(|hash| hash.to_string()), "change": change, "by": by,
            "at": edited.at.to_string(), "since": since.to_string(),
        }))
    }

    pub(super) fn changed(notice: &Notice, since: Mark) -> Self {
        Self::object(&json!({
            "kind": "changed", "patient": notice.patient.map(|patient| patient.to_string()),
            "entry": notice.entry.map(|entry| entry.to_string()), "what": notice.what,
            "since": since.to_string(),
        }))
    }

    pub(super) fn presence(entry: EntryId, others: &[Other]) -> Self {
        let others: Value = others
            .iter()
            .map(|other| {
                json!({
                    "connection": other.connection.to_string(), "device": other.device.as_deref(),
                    "field": other.field.map(entry_field),
                })
            })
            .collect();
        Self::object(&json!({ "kind": "presence", "entry": entry.to_string(), "others": others }))
    }

    pub(super) fn pong(number: u64) -> Self {
        Self::object(&json!({ "kind": "pong", "n": number }))
    }

    pub(super) fn bye(code: &str, detail: &str) -> Self {
        Self::object(&json!({ "kind": "bye", "code": code, "detail": detail }))
    }
}

/// What a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// The edit of this number.
    Edit(u64),
    /// The request with this reference.
    Request(u64),
    /// A message without either.
    Nothing,
}

fn splices(splices: &[Splice]) -> Value {
    splices
        .iter()
        .map(|splice| json!({ "at": splice.at, "remove": splice.remove, "insert": splice.insert }))
        .collect()
}
