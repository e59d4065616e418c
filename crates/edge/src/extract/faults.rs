//! Turns what serde says about a field into a problem for people and programs.
//!
//! serde's sentences repeat the value that was sent; ours don't, as it may be a password.

use crate::problem::Problem;

/// The most characters of a field's name that are repeated to its sender.
const SHOWN: usize = 100;

/// A field's name, shortened if it is too long.
pub(super) fn shown(name: &str) -> String {
    match name.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.to_owned(),
    }
}

/// A problem naming the field at `path` that serde complained about with `message`.
pub(super) fn problem(path: &str, message: &str) -> Problem {
    let path = if path == "." { "" } else { path };
    let named = |prefix: &str| {
        let name = message.strip_prefix(prefix)?.split('`').next()?;
        // The path may or may not already end in the name, depending on where serde gave up.
        let ends_in_it = path == name || path.ends_with(&format!(".{name}"));
        Some(match path {
            "" => shown(name),
            _ if ends_in_it => shown(path),
            _ => shown(&format!("{path}.{name}")),
        })
    };
    let at = shown(path);
    if let Some(field) = named("unknown field `") {
        return Problem::invalid(
            field,
            "unknown_field",
            "Leave this field out; it isn't known here.",
        );
    }
    if let Some(field) = named("missing field `") {
        return Problem::invalid(field, "required", "Enter a value; this field is required.");
    }
    if let Some(field) = named("duplicate field `") {
        return Problem::invalid(field, "duplicate_field", "Send this field only once.");
    }
    if message.starts_with("unknown variant `") {
        // What was sent comes first and may hold anything, also these words: the last ones are serde's.
        let choices = message
            .rsplit_once("`, expected ")
            .map_or("", |(_, choices)| choices);
        let choices: Vec<&str> = choices.split('`').skip(1).step_by(2).collect();
        return Problem::invalid(
            at,
            "unknown_choice",
            format!("Choose one of: {}.", choices.join(", ")),
        );
    }
    if [
        "invalid type",
        "invalid value",
        "invalid length",
        "invalid digit",
        "data did not match",
    ]
    .iter()
    .any(|prefix| message.starts_with(prefix))
    {
        return Problem::invalid(at, "wrong_type", wanted(message));
    }
    if message.starts_with("provided string was not `true`") {
        return Problem::invalid(at, "wrong_type", "Send true or false.");
    }
    // Said by our own types' parsers, in words made for people; serde_json adds where it was.
    let own = message.split(" at line ").next().unwrap_or(message);
    Problem::invalid(at, "invalid", own)
}

/// What serde expected, without what it got.
fn wanted(message: &str) -> String {
    match message.rsplit_once(", expected ") {
        Some((_, wanted)) => {
            let wanted = wanted.split(" at line ").next().unwrap_or(wanted);
            // Rust's names mean nothing to a caller.
            let wanted = match wanted {
                "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number that isn't negative",
                "i8" | "i16" | "i32" | "i64" => "a whole number",
                "f32" | "f64" => "a number",
                "a map" => "an object",
                other if other.starts_with("struct ") => "an object",
                other => other,
            };
            format!("Send {wanted}.")
        }
        None => "Send another value; this one can't be used here.".to_owned(),
    }
}
