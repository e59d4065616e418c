//! Ids, digests and times as the bytes that they stand for.
//!
//! Canonical JSON has no control characters, so five of them can say what follows.

use cutis_domain::Timestamp;

/// One id: sixteen bytes follow.
const ID: u8 = 1;
/// One SHA-256 or code: thirty-two bytes follow.
const DIGEST: u8 = 2;
/// Several ids of a list, with a comma between: their number and sixteen bytes of each follow.
const IDS: u8 = 3;
/// One time: its microseconds since 1970 in eight bytes follow, the highest first.
const TIME: u8 = 4;
/// An id that the event has said before: its number follows.
pub(super) const ID_AGAIN: u8 = 5;

/// Characters of a time with its quotes: with whole seconds, and with microseconds.
const TIME_CHARACTERS: std::ops::RangeInclusive<usize> = 22..=29;

/// Characters of an id with its hyphens and quotes, and of a digest with its quotes.
const ID_CHARACTERS: usize = 38;
const DIGEST_CHARACTERS: usize = 66;

/// The ids that an event has said so far, each once; said again, their number is enough.
#[derive(Debug, Default)]
pub(super) struct Ids(Vec<[u8; 16]>);

impl Ids {
    fn number_of(&self, id: &[u8; 16]) -> Option<u8> {
        let said = self.0.iter().position(|said| said == id)?;
        u8::try_from(said).ok()
    }

    fn add(&mut self, id: [u8; 16]) {
        // Those with a number suffice.
        if u8::try_from(self.0.len()).is_ok() {
            self.0.push(id);
        }
    }
}

/// Writes the id, list of ids, digest or time that the text begins with, and gives what follows it; `None` if it begins with
/// something else.
pub(super) fn pack<'t>(text: &'t [u8], ids: &mut Ids, out: &mut Vec<u8>) -> Option<&'t [u8]> {
    if text.first() != Some(&b'"') {
        return None;
    }
    pack_ids(text, ids, out)
        .or_else(|| pack_digest(text, out))
        .or_else(|| pack_time(text, out))
}

/// Writes what [`pack`] wrote as text again, and gives what follows it; `None` if the bytes end before.
pub(super) fn unpack<'b>(kind: u8, bytes: &'b [u8], ids: &mut Ids, out: &mut Vec<u8>) -> Option<&'b [u8]> {
    match kind {
        ID => {
            let (id, rest) = bytes.split_first_chunk::<16>()?;
            ids.add(*id);
            put_id(id, out)?;
            Some(rest)
        }
        ID_AGAIN => {
            let (number, rest) = bytes.split_first()?;
            put_id(ids.0.get(usize::from(*number))?, out)?;
            Some(rest)
        }
        DIGEST => {
            let (digest, rest) = bytes.split_first_chunk::<32>()?;
            put_quoted(&[digest], out);
            Some(rest)
        }
        IDS => {
            let (count, rest) = take_number(bytes)?;
            let (listed, rest) = rest.split_at_checked(count.checked_mul(16)?)?;
            for (number, id) in listed.as_chunks::<16>().0.iter().enumerate() {
                if number > 0 {
                    out.push(b',');
                }
                ids.add(*id);
                put_id(id, out)?;
            }
            Some(rest)
        }
        TIME => {
            let (micros, rest) = bytes.split_first_chunk::<8>()?;
            let time = Timestamp::from_micros(i64::from_be_bytes(*micros));
            out.extend(format!("\"{time}\"").into_bytes());
            Some(rest)
        }
        _ => None,
    }
}

/// Seven bits a byte, the lowest first; all but the last byte have their highest bit set.
fn put_number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push(0x80 | low_bits(number));
        number >>= 7;
    }
    out.push(low_bits(number));
}

/// Reads what [`put_number`] wrote, and gives what follows it. Nothing is as large as to need five bytes.
fn take_number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0;
    for (place, byte) in bytes.iter().take(4).enumerate() {
        number |= usize::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((number, bytes.get(place + 1..)?));
        }
    }
    None
}

fn low_bits(number: usize) -> u8 {
    u8::try_from(number & 0x7F).unwrap_or(0)
}

fn pack_ids<'t>(text: &'t [u8], known: &mut Ids, out: &mut Vec<u8>) -> Option<&'t [u8]> {
    let (first, mut rest) = id(text)?;
    let mut listed = vec![first];
    while let Some((next, behind)) = rest.strip_prefix(b",").and_then(id) {
        listed.push(next);
        rest = behind;
    }
    if listed.len() > 1 {
        out.push(IDS);
        put_number(out, listed.len());
    } else if let Some(number) = known.number_of(&first) {
        out.extend([ID_AGAIN, number]);
        return Some(rest);
    } else {
        out.push(ID);
    }
    out.extend(listed.as_flattened());
    for id in listed {
        known.add(id);
    }
    Some(rest)
}

/// An id in quotes, and what follows it.
fn id(text: &[u8]) -> Option<([u8; 16], &[u8])> {
    let (quoted, rest) = text.split_at_checked(ID_CHARACTERS)?;
    let inner = quoted.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let mut digits = [0; 32];
    let mut places = digits.iter_mut();
    for (at, character) in inner.iter().enumerate() {
        if matches!(at, 8 | 13 | 18 | 23) {
            if *character != b'-' {
                return None;
            }
        } else {
            *places.next()? = *character;
        }
    }
    Some((bytes_of(&digits)?, rest))
}

fn pack_digest<'t>(text: &'t [u8], out: &mut Vec<u8>) -> Option<&'t [u8]> {
    let (quoted, rest) = text.split_at_checked(DIGEST_CHARACTERS)?;
    let inner = quoted.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let digest: [u8; 32] = bytes_of(inner)?;
    out.push(DIGEST);
    out.extend_from_slice(&digest);
    Some(rest)
}

/// A time in quotes, if writing it gives the same text again.
fn pack_time<'t>(text: &'t [u8], out: &mut Vec<u8>) -> Option<&'t [u8]> {
    let begun = text.get(..*TIME_CHARACTERS.end()).unwrap_or(text);
    let end = begun.windows(2).position(|end| end == b"Z\"")? + 2;
    let (quoted, rest) = text.split_at_checked(end)?;
    let inner = std::str::from_utf8(quoted.strip_prefix(b"\"")?.strip_suffix(b"\"")?).ok()?;
    let time = Timestamp::parse(inner)
        .ok()
        .filter(|_| TIME_CHARACTERS.contains(&end))?;
    if time.to_string() != inner {
        return None;
    }
    out.push(TIME);
    out.extend_from_slice(&time.as_micros().to_be_bytes());
    Some(rest)
}

/// Bytes of lower-case digits only: others would not come back as they were.
fn bytes_of<const BYTES: usize>(digits: &[u8]) -> Option<[u8; BYTES]> {
    let mut bytes = [0; BYTES];
    let (pairs, rest) = digits.as_chunks::<2>();
    if pairs.len() != BYTES || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = value(*high)? << 4 | value(*low)?;
    }
    Some(bytes)
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

fn put_id(id: &[u8; 16], out: &mut Vec<u8>) -> Option<()> {
    let (low, tail) = id.split_first_chunk::<4>()?;
    let (middle, tail) = tail.split_first_chunk::<2>()?;
    let (version, tail) = tail.split_first_chunk::<2>()?;
    let (variant, node) = tail.split_first_chunk::<2>()?;
    put_quoted(&[&low[..], middle, version, variant, node], out);
    Some(())
}

/// Parts in digits with hyphens between, in quotes.
fn put_quoted<P: AsRef<[u8]>>(parts: &[P], out: &mut Vec<u8>) {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let digit = |value: u8| DIGITS.get(usize::from(value)).copied().unwrap_or(b'?');
    out.push(b'"');
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            out.push(b'-');
        }
        for byte in part.as_ref() {
            out.extend([digit(byte >> 4), digit(byte & 0xF)]);
        }
    }
    out.push(b'"');
}
