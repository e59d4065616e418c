//! The head of a part: the names of its field and its file.

use std::borrow::Cow;

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
        let mut found = None;
        for (index, line) in lines(head).enumerate() {
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

    /// `form-data; name="…"; filename="…"; filename*=…`. Forms must not have the last (RFC 7578, section 4.2), but clients
    /// that cannot express a name otherwise send it: it takes precedence over `filename`, which is then only a substitute.
    /// One that cannot be read is ignored. The name of a file never ends a form, because there are other files in it: of
    /// several names the last counts, and one that isn't well formed is read as far as possible. The name of the field
    /// must be given exactly once.
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
            let key = key.trim().to_ascii_lowercase();
            let (text, left) = if key == "filename" {
                unquote_name(behind.trim_start())
            } else {
                unquote(behind.trim_start())?
            };
            rest = left;
            match key.as_str() {
                "name" if name.is_some() => return None,
                "name" => name = Some(text),
                "filename" => file_name = Some(text),
                "filename*" => extended = extended_value(&text).or(extended),
                // Others mean nothing here.
                _ => {}
            }
        }
        rest.trim().is_empty().then_some(())?;
        Some(Self {
            name: name?,
            file_name: extended.or_else(|| file_name.map(|name| unescaped(&name))),
        })
    }
}

/// The lines of a head up to an empty one, each in UTF-8 or else, as older programs write them, in ISO 8859-1.
fn lines(head: &[u8]) -> impl Iterator<Item = Cow<'_, str>> {
    let mut rest = head;
    std::iter::from_fn(move || {
        let end = memchr::memmem::find(rest, b"\r\n").unwrap_or(rest.len());
        let (line, behind) = rest.split_at_checked(end)?;
        rest = behind.get(2..).unwrap_or_default();
        let text = match std::str::from_utf8(line) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(line.iter().copied().map(char::from).collect()),
        };
        Some(text).filter(|text| !text.is_empty())
    })
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

/// The same for the name of a file, whatever is wrong with it: a quote within it that isn't marked as one, or none at
/// its end.
fn unquote_name(text: &str) -> (String, &str) {
    let ends = |rest: &str| {
        let rest = rest.trim_start();
        rest.is_empty() || rest.starts_with(';')
    };
    if let Some((value, rest)) = unquote(text)
        && ends(rest)
    {
        return (value, rest);
    }
    let inner = text.strip_prefix('"').unwrap_or(text);
    let mut parts = inner
        .match_indices('"')
        .filter_map(|(at, _)| inner.split_at_checked(at));
    let found =
        parts.find_map(|(value, rest)| Some((value, rest.strip_prefix('"').filter(|rest| ends(rest))?)));
    let (value, rest) = found.unwrap_or((inner, ""));
    (value.to_owned(), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(head: &str) -> Option<(String, Option<String>)> {
        read_bytes(head.as_bytes())
    }

    fn read_bytes(head: &[u8]) -> Option<(String, Option<String>)> {
        let read = Disposition::read(&[head, b"\r\n\r\n"].concat()).ok()?;
        Some((read.name, read.file_name))
    }

    /// Issue 8: how a file is called never ends a form.
    #[test]
    fn names_of_files_that_are_not_well_formed_are_read_as_far_as_they_go() {
        let head = |rest: &[u8]| [b"Content-Disposition: form-data; name=\"file\"", rest].concat();
        let names: [(&[u8], &str); 12] = [
            (b"; filename=\"L\xE4sion.jpg\"", "L\u{e4}sion.jpg"),
            (b"; filename=L\xE4sion.jpg", "L\u{e4}sion.jpg"),
            (b"; filename=\"\xFF\xFE\x80.jpg\"; x=y", "\u{ff}\u{fe}\u{80}.jpg"),
            (b"; filename=\"a.jpg\"; filename=\"b.jpg\"", "b.jpg"),
            (b"; filename*=UTF-8''a.jpg; filename*=UTF-8''b.jpg", "b.jpg"),
            (b"; filename*=UTF-8''a.jpg; filename*=UTF-8''%FF", "a.jpg"),
            (
                b"; filename=\"b.jpg\"; filename*=UTF-8''a.jpg; filename=\"c.jpg\"",
                "a.jpg",
            ),
            (b"; filename=\"left \"arm\".jpg\"; x=\"y\"", "left \"arm\".jpg"),
            (b"; filename=\"left arm.jpg", "left arm.jpg"),
            (b"; filename=\"left\"arm", "left\"arm"),
            (b"; filename=\"\"", ""),
            (b"; filename=", ""),
        ];
        for (rest, file_name) in names {
            assert_eq!(
                read_bytes(&head(rest)),
                Some(("file".to_owned(), Some(file_name.to_owned()))),
                "{}",
                rest.escape_ascii()
            );
        }
        // Another line in the head may be in any encoding.
        let name = head("; filename=\"L\u{e4}sion.jpg\"".as_bytes());
        assert_eq!(
            read_bytes(&[&b"X-Comment: L\xE4sion\r\n"[..], &name].concat()),
            Some(("file".to_owned(), Some("L\u{e4}sion.jpg".to_owned())))
        );
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
