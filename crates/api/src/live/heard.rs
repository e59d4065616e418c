//! What clients say.

use cutis_domain::entry::{Field, Notes};
use cutis_domain::{ClientId, EntryId, Faults, Invalid, Line, PatientId, Sensitive, Timestamp};
use cutis_live::{Mark, Splice, TextHash};
use cutis_records::entries::{Change, EntryField, FieldEdit, Shown};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::said::About;
use crate::entries::conflict::field_named;
use crate::wire_names::WireName as _;

/// The largest whole number that JavaScript keeps exactly.
const LARGEST: u64 = (1 << 53) - 1;
/// How many splices one edit may have.
const MOST_SPLICES: usize = 1_000;

/// One message.
#[derive(Debug)]
pub(super) enum Heard {
    Hello {
        version: u64,
        client: ClientId,
        since: Option<Mark>,
    },
    Watch {
        reference: u64,
        patient: PatientId,
    },
    Unwatch {
        patient: PatientId,
    },
    Open {
        reference: u64,
        patient: PatientId,
        entry: EntryId,
        by_itself: bool,
    },
    Leave {
        entry: EntryId,
    },
    Edit(Box<Edit>),
    Presence {
        entry: EntryId,
        field: Option<Field>,
    },
    Ping {
        number: u64,
    },
}

/// An edit of a visit.
#[derive(Debug)]
pub(super) struct Edit {
    pub(super) seq: u64,
    pub(super) patient: PatientId,
    pub(super) entry: EntryId,
    pub(super) change: FieldEdit,
    /// What it says, the same bytes each time the same is sent.
    pub(super) body: Vec<u8>,
    /// Whether the client sends it by itself, not because somebody types.
    pub(super) by_itself: bool,
}

/// Why a message is refused.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) about: About,
    pub(super) code: &'static str,
    pub(super) detail: String,
    pub(super) field: Option<String>,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
enum Message {
    Hello {
        version: u64,
        client: String,
        since: Option<String>,
    },
    Watch {
        r#ref: u64,
        patient: String,
    },
    Unwatch {
        patient: String,
    },
    Open {
        r#ref: u64,
        patient: String,
        entry: String,
        #[serde(default)]
        again: bool,
    },
    Leave {
        entry: String,
    },
    Edit(EditMessage),
    Presence {
        entry: String,
        field: Option<String>,
    },
    Ping {
        n: u64,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EditMessage {
    seq: u64,
    patient: String,
    entry: String,
    field: String,
    base: u64,
    change: ChangeMessage,
    // No part of what the edit says: sent again it is the same.
    #[serde(default, skip_serializing)]
    again: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum ChangeMessage {
    #[serde(rename_all = "camelCase")]
    Splices {
        splices: Vec<SpliceMessage>,
        base_hash: String,
        hash: String,
    },
    Set {
        // Null takes a title away; a change without a value would do that by mistake.
        #[serde(deserialize_with = "present")]
        set: Option<String>,
    },
}

/// A value that has to be there, if only as null.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SpliceMessage {
    at: u32,
    remove: u32,
    insert: String,
}

impl Heard {
    /// Reads a message.
    ///
    /// # Errors
    /// What is wrong with it, by name.
    pub(super) fn read(text: &str) -> Result<Self, Refusal> {
        let value: Value = serde_json::from_str(text)
            .map_err(|_| Refusal::new(About::Nothing, "invalid_json", "A message is one JSON object."))?;
        let about = about(&value);
        let refused = |code, detail: &str| Refusal::new(about, code, detail);
        let kind = value.get("kind").and_then(Value::as_str);
        if !kind.is_some_and(|kind| KINDS.contains(&kind)) {
            return Err(refused(
                "unknown_kind",
                "This server does not know this kind of message. Load the page again.",
            ));
        }
        let message = serde_json::from_value(value).map_err(|error| {
            // What serde says names fields and types, and may repeat a value: only its first words are kept.
            let detail = if error.to_string().starts_with("unknown field") {
                "This kind of message has no such field."
            } else {
                "A field of this message is missing or has another form."
            };
            refused("invalid", detail)
        })?;
        Self::of(message).map_err(|fault| fault.of(about))
    }

    fn of(message: Message) -> Result<Self, Fault> {
        Ok(match message {
            Message::Hello {
                version,
                client,
                since,
            } => Self::Hello {
                version,
                client: id("client", &client)?,
                since: since.as_deref().and_then(Mark::parse),
            },
            Message::Watch { r#ref, patient } => Self::Watch {
                reference: bounded("ref", r#ref)?,
                patient: id("patient", &patient)?,
            },
            Message::Unwatch { patient } => Self::Unwatch {
                patient: id("patient", &patient)?,
            },
            Message::Open {
                r#ref,
                patient,
                entry,
                again,
            } => Self::Open {
                reference: bounded("ref", r#ref)?,
                patient: id("patient", &patient)?,
                entry: id("entry", &entry)?,
                by_itself: again,
            },
            Message::Leave { entry } => Self::Leave {
                entry: id("entry", &entry)?,
            },
            Message::Edit(edit) => Self::Edit(Box::new(read_edit(edit)?)),
            Message::Presence { entry, field } => Self::Presence {
                entry: id("entry", &entry)?,
                field: field.map(|name| field_of(&name)).transpose()?,
            },
            Message::Ping { n } => Self::Ping {
                number: bounded("n", n)?,
            },
        })
    }
}

/// The kinds of messages that clients send.
const KINDS: [&str; 8] = [
    "hello", "watch", "unwatch", "open", "leave", "edit", "presence", "ping",
];

/// A field of a message that cannot be accepted.
struct Fault {
    field: String,
    invalid: Invalid,
}

impl Fault {
    fn of(self, about: About) -> Refusal {
        Refusal {
            about,
            code: self.invalid.code(),
            detail: self.invalid.message().to_owned(),
            field: Some(self.field),
        }
    }
}

impl Refusal {
    pub(super) fn new(about: About, code: &'static str, detail: &str) -> Self {
        Self {
            about,
            code,
            detail: detail.to_owned(),
            field: None,
        }
    }
}

/// What an answer to this message refers to, also if the rest of it cannot be read.
fn about(value: &Value) -> About {
    let number = |name| value.get(name).and_then(Value::as_u64);
    match (number("seq"), number("ref")) {
        (Some(seq), _) => About::Edit(seq),
        (None, Some(reference)) => About::Request(reference),
        (None, None) => About::Nothing,
    }
}

fn id<T: std::str::FromStr<Err = Invalid>>(field: &str, text: &str) -> Result<T, Fault> {
    text.parse().map_err(|invalid| Fault {
        field: field.to_owned(),
        invalid,
    })
}

fn bounded(field: &str, number: u64) -> Result<u64, Fault> {
    if number <= LARGEST {
        return Ok(number);
    }
    Err(Fault {
        field: field.to_owned(),
        invalid: Invalid::new("too_large", "Use a number of at most 9007199254740991."),
    })
}

fn field_of(name: &str) -> Result<Field, Fault> {
    field_named(name).ok_or_else(|| Fault {
        field: "field".to_owned(),
        invalid: Invalid::new("field", "Use one of appointmentAt, title and notes."),
    })
}

fn read_edit(sent: EditMessage) -> Result<Edit, Fault> {
    // What serialises was read a moment ago.
    let body = serde_json::to_vec(&sent).unwrap_or_default();
    let field = field_of(&sent.field)?;
    Ok(Edit {
        seq: bounded("seq", sent.seq)?,
        patient: id("patient", &sent.patient)?,
        entry: id("entry", &sent.entry)?,
        change: FieldEdit {
            base: bounded("base", sent.base)?,
            change: change(field, sent.change)?,
            restored: None,
        },
        body,
        by_itself: sent.again,
    })
}

fn change(field: Field, sent: ChangeMessage) -> Result<Change, Fault> {
    let refused = |code, message: &str| Fault {
        field: "change".to_owned(),
        invalid: Invalid::new(code, message.to_owned()),
    };
    match (field, sent) {
        (
            Field::Notes,
            ChangeMessage::Splices {
                splices,
                base_hash,
                hash,
            },
        ) => {
            if splices.len() > MOST_SPLICES {
                return Err(refused("count", "Send at most 1,000 splices at once."));
            }
            let hash_of = |text: &str| {
                TextHash::parse(text)
                    .ok_or_else(|| refused("hash", "A hash has 32 hexadecimal digits in lower case."))
            };
            let splices = splices.into_iter().map(|splice| Splice {
                at: splice.at,
                remove: splice.remove,
                insert: splice.insert,
            });
            Ok(Change::Splices {
                splices: splices.collect(),
                base_hash: hash_of(&base_hash)?,
                hash: hash_of(&hash)?,
            })
        }
        (Field::AppointmentAt | Field::Title, ChangeMessage::Splices { .. }) => {
            Err(refused("change", "Only notes are changed by splices."))
        }
        (Field::Notes, ChangeMessage::Set { set: None }) => {
            Err(refused("change", "Send a text; notes are never null."))
        }
        (field, ChangeMessage::Set { set }) => value(field, set.as_deref()).map(Change::Set),
    }
}

fn value(field: Field, set: Option<&str>) -> Result<Shown, Fault> {
    let mut faults: Faults<EntryField> = Faults::default();
    let name = EntryField::Of(field);
    let value = match field {
        Field::AppointmentAt => faults
            .take(name, moment(set.unwrap_or_default()))
            .map(Shown::AppointmentAt),
        Field::Title => {
            let title: Option<Line<1, 200>> = faults.text(name, set);
            Some(Shown::Title(title.map(Sensitive::new)))
        }
        Field::Notes => faults
            .take(name, Notes::parse(set.unwrap_or_default()))
            .map(Shown::Notes),
    };
    faults.finish(value).map_err(|mut errors| {
        let first = errors.remove(0);
        Fault {
            field: first.field.wire_name().into_owned(),
            invalid: first.invalid,
        }
    })
}

/// A time as it is stored, to the microsecond: the client goes on with what it sent, so nothing may be cut off.
fn moment(text: &str) -> Result<Timestamp, Invalid> {
    let time = Timestamp::parse(text)?;
    let digits = text.split_once(['.', ',']).map_or(0, |(_, fraction)| {
        fraction.bytes().take_while(u8::is_ascii_digit).count()
    });
    if digits > 6 {
        return Err(Invalid::new(
            "time",
            "Enter a time with at most six digits after the seconds.",
        ));
    }
    Ok(time)
}
