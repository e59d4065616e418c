//! The head of a part: the names of its field and its file.

use super::broken;
use super::limits::FIELDS;
use crate::problem::Problem;

/// The description of a part (RFC 7578, section 4.2).
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Disposition {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
}

impl Disposition {
    /// Reads a head: fields, each ended by a line break, then an empty line.
    pub(super) fn read(head: &[u8]) -> Result<Self, Problem> {
        let head = std::str::from_utf8(head).map_err(|_| broken("The head of a part isn't UTF-8."))?;
        let mut found = None;
        for (index, line) in head.split("\r\n").take_while(|line| !line.is_empty()).enumerate() {
            if index >= FIELDS {
                return Err(broken("The head of a part has more than 16 fields."));
            }
            let (name, value) = line
                .split_once(':')
                .ok_or_else(|| broken("A line in the head of a part isn't a field."))?;
            if !name.eq_ignore_ascii_case("content-disposition") {
                continue;
            }
            let disposition = Self::parse(value).ok_or_else(|| broken("A part doesn't name its field."))?;
            if found.replace(disposition).is_some() {
                return Err(broken("A part names its field twice."));
            }
        }
        found.ok_or_else(|| broken("A part doesn't name its field."))
    }

    /// `form-data; name="…"; filename="…"; filename*=…`, each parameter at most once. Forms must not have the last (RFC
    /// 7578, section 4.2), but clients that cannot express a name otherwise send it: it takes precedence over
    /// `filename`, which is then only a substitute. One that cannot be read is ignored.
    fn parse(value: &str) -> Option<Self> {
        let mut rest = value.trim();
        let kind = rest.split(';').next()?;
        if !kind.trim().eq_ignore_ascii_case("form-data") {
            return None;
        }
        rest = rest.get(kind.len()..)?;
        let (mut name, mut file_name, mut extended) = (None, None, None);
        while let Some(parameter) = rest.trim_start().strip_prefix(';') {
            let parameter = parameter.trim_start();
            if parameter.is_empty() {
                rest = parameter;
                break;
            }
            let (key, behind) = parameter.split_once('=')?;
            let (text, left) = unquote(behind.trim_start())?;
            rest = left;
            let slot = match key.trim().to_ascii_lowercase().as_str() {
                "name" => &mut name,
                "filename" => &mut file_name,
                "filename*" => &mut extended,
                // Others mean nothing here.
                _ => continue,
            };
            if slot.replace(text).is_some() {
                return None;
            }
        }
        rest.trim().is_empty().then_some(())?;
        Some(Self {
            name: name?,
            file_name: extended
                .as_deref()
                .and_then(extended_value)
                .or_else(|| file_name.map(|name| unescaped(&name))),
        })
    }
}

/// What browsers, and curl from 7.81 on, write for a quote and line breaks in a name (HTML, multipart/form-data
/// encoding algorithm). They leave `%` as it is, so a name that holds these three characters itself reads wrongly;
/// quotes are far more common.
fn unescaped(name: &str) -> String {
    name.replace("%22", "\"")
        .replace("%0D", "\r")
        .replace("%0A", "\n")
}

/// A value in the form of RFC 8187, `UTF-8'en'a%20b`, of the two character sets that it knows.
fn extended_value(text: &str) -> Option<String> {
    let mut parts = text.splitn(3, '\'');
    let (set, _language, encoded) = (parts.next()?, parts.next()?, parts.next()?);
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        if *first == b'%' {
            let (digits, behind) = behind.split_at_checked(2)?;
            let digits = std::str::from_utf8(digits).ok()?;
            // `from_str_radix` would take a sign.
            let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            bytes.push(u8::from_str_radix(digits, 16).ok().filter(|_| is_hex)?);
            rest = behind;
        } else {
            bytes.push(*first);
            rest = behind;
        }
    }
    match set.trim().to_ascii_lowercase().as_str() {
        "utf-8" => String::from_utf8(bytes).ok(),
        "iso-8859-1" => Some(bytes.into_iter().map(char::from).collect()),
        _ => None,
    }
}

/// A value up to the next parameter, and what follows it. Backslashes before quotes and backslashes are escapes,
/// as older versions of curl write them; all others are taken literally, as in paths on Windows.
fn unquote(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        let (value, rest) = text.split_at_checked(end)?;
        return Some((value.trim_end().to_owned(), rest));
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, quoted.get(at.saturating_add(1)..)?)),
            '\\' if quoted.get(at.saturating_add(1)..)?.starts_with(['"', '\\']) => {
                value.extend(characters.next().map(|(_, escaped)| escaped));
            }
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(head: &str) -> Option<(String, Option<String>)> {
        let head = format!("{head}\r\n\r\n");
        let read = Disposition::read(head.as_bytes()).ok()?;
        Some((read.name, read.file_name))
    }

    #[test]
    fn what_clients_send_is_read() {
        for (head, name, file_name) in [
            ("Content-Disposition: form-data; name=\"file\"", "file", None),
            (
                "content-disposition:form-data;name=file;filename=a.jpg",
                "file",
                Some("a.jpg"),
            ),
            (
                "Content-Type: image/jpeg\r\nContent-Disposition: form-data; filename=\"a; b.jpg\"; name=\"file\"",
                "file",
                Some("a; b.jpg"),
            ),
            (
                "Content-Disposition: form-data; name=\"file\"; filename=\"left \\\"arm\\\".jpg\"",
                "file",
                Some("left \"arm\".jpg"),
            ),
            (
                "Content-Disposition: form-data; name=\"file\"; filename=\"C:\\photos\\Läsion.jpg\"; x=\"y\";",
                "file",
                Some("C:\\photos\\Läsion.jpg"),
            ),
            (
                "Content-Disposition: form-data; name=\"file\"; filename=\"left %22arm%22.jpg\"",
                "file",
                Some("left \"arm\".jpg"),
            ),
            // What stands for a name in another encoding goes before its stand-in, in any order.
            (
                "Content-Disposition: form-data; name=\"file\"; filename=\"L?sion.jpg\"; filename*=UTF-8''L%C3%A4sion%20%E5%B7%A6.jpg",
                "file",
                Some("Läsion 左.jpg"),
            ),
            (
                "Content-Disposition: form-data; name=\"file\"; filename*=utf-8'de'%22x%22%22%3B.jpg; filename=\"b.jpg\"",
                "file",
                Some("\"x\"\";.jpg"),
            ),
            (
                "Content-Disposition: form-data; name=\"file\"; filename*=\"ISO-8859-1''L%E4sion.jpg\"",
                "file",
                Some("Läsion.jpg"),
            ),
            // One that cannot be read: cut off, no digits, no such encoding, not UTF-8, no quotes.
            (
                "Content-Disposition: form-data; name=\"file\"; filename=\"b.jpg\"; filename*=UTF-8''%C3%A",
                "file",
                Some("b.jpg"),
            ),
            (
                "Content-Disposition: form-data; name=\"file\"; filename=\"b.jpg\"; filename*=UTF-8''%+1",
                "file",
                Some("b.jpg"),
            ),
            (
                "Content-Disposition: form-data; name=\"file\"; filename=\"b.jpg\"; filename*=KOI8-R''%C1",
                "file",
                Some("b.jpg"),
            ),
            (
                "Content-Disposition: form-data; name=\"file\"; filename=\"b.jpg\"; filename*=UTF-8''%FF",
                "file",
                Some("b.jpg"),
            ),
            (
                "Content-Disposition: form-data; name=\"file\"; filename*=a.jpg",
                "file",
                None,
            ),
        ] {
            assert_eq!(
                read(head),
                Some((name.to_owned(), file_name.map(str::to_owned))),
                "{head}"
            );
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        for head in [
            "",
            "Content-Type: image/jpeg",
            "Content-Disposition: attachment; name=\"file\"",
            "Content-Disposition: form-data",
            "Content-Disposition: form-data; filename=\"a.jpg\"",
            "Content-Disposition: form-data; name=\"file\"; name=\"other\"",
            "Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''a; filename*=UTF-8''b",
            "Content-Disposition: form-data; name=\"file",
            "Content-Disposition: form-data; name=\"file\"x",
            "Content-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"",
            "no field",
        ] {
            assert_eq!(read(head), None, "{head}");
        }
        let fields = |count| {
            format!(
                "Content-Disposition: form-data; name=\"a\"{}",
                "\r\nx: y".repeat(count)
            )
        };
        assert!(read(&fields(15)).is_some() && read(&fields(16)).is_none());
    }
}
