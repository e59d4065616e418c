//! JSON in the canonical form of RFC 8785, limited to text, whole numbers, lists and objects.

use std::fmt::Write as _;

use serde_json::{Number, Value};

/// The largest magnitude a number may have, 2^53 - 1: beyond it readers lose digits (RFC 7493).
const LARGEST_SAFE: i64 = 9_007_199_254_740_991;

/// A whole number as JSON: a number if every reader can represent it, otherwise its decimal text.
pub(crate) fn integer(number: i64) -> Value {
    if (-LARGEST_SAFE..=LARGEST_SAFE).contains(&number) {
        Value::from(number)
    } else {
        Value::from(number.to_string())
    }
}

/// Reads what [`integer`] wrote, and nothing else.
pub(crate) fn as_integer(value: &Value) -> Option<i64> {
    let number = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    number.filter(|number| integer(*number) == *value)
}

/// The canonical bytes; `None` for a value that contains a fraction, an unsafe number, a boolean or a null, none of
/// which the trail's format has.
pub(crate) fn bytes(value: &Value) -> Option<Vec<u8>> {
    let mut text = String::new();
    write(&mut text, value)?;
    Some(text.into_bytes())
}

fn write(text: &mut String, value: &Value) -> Option<()> {
    match value {
        Value::Null | Value::Bool(_) => return None,
        Value::Number(number) => write!(text, "{}", safe(number)?).ok()?,
        Value::String(string) => write_string(text, string)?,
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(text, item)?;
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            text.push('{');
            for (index, (name, member)) in members.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_string(text, name)?;
                text.push(':');
                write(text, member)?;
            }
            text.push('}');
        }
    }
    Some(())
}

fn safe(number: &Number) -> Option<i64> {
    number
        .as_i64()
        .filter(|number| (-LARGEST_SAFE..=LARGEST_SAFE).contains(number))
}

fn write_string(text: &mut String, string: &str) -> Option<()> {
    let is_special = |c: char| matches!(c, '"' | '\\' | '\0'..='\u{1f}');
    text.push('"');
    let mut rest = string;
    while let Some((plain, tail)) = rest.find(is_special).and_then(|at| rest.split_at_checked(at)) {
        text.push_str(plain);
        let mut tail = tail.chars();
        match tail.next()? {
            '\u{8}' => text.push_str("\\b"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\u{c}' => text.push_str("\\f"),
            '\r' => text.push_str("\\r"),
            control @ '\0'..='\u{1f}' => write!(text, "\\u{:04x}", u32::from(control)).ok()?,
            quoted => text.extend(['\\', quoted]),
        }
        rest = tail.as_str();
    }
    text.push_str(rest);
    text.push('"');
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(json: &str) -> Option<String> {
        let value: Value = serde_json::from_str(json).expect("JSON");
        bytes(&value).map(|bytes| String::from_utf8(bytes).expect("UTF-8"))
    }

    /// The example of RFC 8785, section 3.2.3: names in the order of their UTF-16 code units.
    #[test]
    fn names_are_sorted_as_the_standard_says() {
        let sorted = canonical(
            r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",
                "1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control",
                "\u00f6":"Latin Small Letter O With Diaeresis"}"#,
        )
        .expect("strings only");
        let order = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"];
        let places: Vec<_> = order
            .iter()
            .map(|word| sorted.find(word).expect("present"))
            .collect();
        assert!(places.is_sorted(), "{sorted}");
    }

    #[test]
    fn strings_are_escaped_as_the_standard_says() {
        assert_eq!(
            canonical(r#"["\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/\u007f"]"#).as_deref(),
            Some("[\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\u{7f}\"]")
        );
    }

    /// The library's escapes follow the same rules; every character below 0x300 is compared.
    #[test]
    fn agrees_with_the_library_on_strings() {
        let text: String = ('\0'..'\u{300}').chain("aé€😀".chars()).collect();
        let value = Value::from(text);
        assert_eq!(bytes(&value), serde_json::to_vec(&value).ok());
    }

    #[test]
    fn only_safe_whole_numbers() {
        assert_eq!(
            canonical("[0,-1,9007199254740991]").as_deref(),
            Some("[0,-1,9007199254740991]")
        );
        for refused in [
            "[1.5]",
            "[1.0]",
            "[1e2]",
            "[-0]",
            "[9007199254740992]",
            "[null]",
            "[true]",
        ] {
            assert_eq!(canonical(refused), None, "{refused}");
        }
        for number in [0, 1, -1, LARGEST_SAFE, LARGEST_SAFE + 1, i64::MAX, i64::MIN] {
            assert_eq!(as_integer(&integer(number)), Some(number));
        }
        assert_eq!(as_integer(&Value::from("5")), None);
        assert_eq!(as_integer(&Value::from(i64::MAX)), None);
    }
}
