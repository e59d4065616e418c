//! One leaf per line of JSON, so that a trail can be checked elsewhere, by other programs too.
//!
//! Hashes are in hexadecimal and the payload is the stored text itself, as a string: hashing its
//! UTF-8 bytes after the salt gives the commitment.

use cutis_domain::Digest;
use serde_json::{Map, Value};

use crate::canonical;
use crate::leaf::Leaf;

/// A line that is not a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this line is not an exported event: {0} is missing or not what it should be")]
pub struct LineError(&'static str);

/// The leaf as one line, without the line feed.
pub fn to_line(leaf: &Leaf) -> String {
    let hash = |bytes: &[u8; 32]| Value::from(Digest::from_bytes(*bytes).to_string());
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| {
        members.insert(name.to_owned(), value);
    };
    put(
        "sequence",
        canonical::integer(i64::try_from(leaf.sequence).unwrap_or(i64::MAX)),
    );
    put("class", Value::from(leaf.class));
    put("day", Value::from(leaf.day));
    put("commit", hash(&leaf.commit));
    put("mac", hash(&leaf.mac));
    if let Some(salt) = &leaf.salt {
        put("salt", hash(salt));
    }
    if let Some(payload) = &leaf.payload {
        // A payload that is no UTF-8 was tampered with; what replaces it does not fit the
        // commitment either.
        put("payload", Value::from(String::from_utf8_lossy(payload)));
    }
    let bytes = canonical::bytes(&Value::Object(members)).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// Reads a line.
///
/// # Errors
/// When it is not what [`to_line`] writes; the error names the member.
pub fn from_line(line: &str) -> Result<Leaf, LineError> {
    let value: Value = serde_json::from_str(line).map_err(|_| LineError("the JSON"))?;
    if canonical::bytes(&value).as_deref() != Some(line.as_bytes()) {
        return Err(LineError("the canonical form"));
    }
    let Value::Object(members) = value else {
        return Err(LineError("the object"));
    };
    let known = ["class", "commit", "day", "mac", "payload", "salt", "sequence"];
    if members.keys().any(|name| !known.contains(&name.as_str())) {
        return Err(LineError("an unknown member"));
    }
    let number = |name| {
        members
            .get(name)
            .and_then(canonical::as_integer)
            .ok_or(LineError(name))
    };
    let hash = |name| match members.get(name) {
        Some(Value::String(text)) => text
            .parse::<Digest>()
            .map(|digest| Some(*digest.as_bytes()))
            .map_err(|_| LineError(name)),
        Some(_) => Err(LineError(name)),
        None => Ok(None),
    };
    let payload = match members.get("payload") {
        Some(Value::String(text)) => Some(text.clone().into_bytes()),
        Some(_) => return Err(LineError("payload")),
        None => None,
    };
    Ok(Leaf {
        sequence: u64::try_from(number("sequence")?).map_err(|_| LineError("sequence"))?,
        class: u8::try_from(number("class")?).map_err(|_| LineError("class"))?,
        day: u32::try_from(number("day")?).map_err(|_| LineError("day"))?,
        commit: hash("commit")?.ok_or(LineError("commit"))?,
        mac: hash("mac")?.ok_or(LineError("mac"))?,
        salt: hash("salt")?,
        payload,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_round_trip_with_and_without_content() {
        let whole = Leaf {
            sequence: 17,
            class: 1,
            day: 20_779,
            commit: [1; 32],
            mac: [2; 32],
            salt: Some([3; 32]),
            payload: Some("{\"name\":\"Zoë\"}".into()),
        };
        let mut emptied = whole.clone();
        (emptied.salt, emptied.payload) = (None, None);
        for leaf in [whole, emptied] {
            let line = to_line(&leaf);
            assert!(!line.contains('\n'));
            assert_eq!(from_line(&line), Ok(leaf));
        }
        for refused in ["", "{}", "[]", "{\"class\": 1}", "{\"more\":1}"] {
            assert!(from_line(refused).is_err(), "{refused}");
        }
    }
}
