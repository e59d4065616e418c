//! Events in less room: how their bytes may be kept, and how they are had back to the letter.
//!
//! What is hashed and verified are the bytes of [`crate::wire`], whatever form they are kept in. Here, ids, digests and times
//! become the bytes that they stand for, the trail's own phrases become numbers, and what all events of a session share (who,
//! with which program, from where) is stored once, as their [`Surroundings`].
//!
//! The form never changes, as a golden file ensures: phrases are only ever added. Another form would get another first byte.

mod binary;
mod phrases;

use self::binary::{ID_AGAIN, Ids};

/// The first byte of compact bytes. Those of [`crate::wire`] begin with `{`.
const COMPACT: u8 = 1;

/// No event is longer, in bytes: what changes ten thousand rows has a third of it.
const MOST_BYTES: usize = 8 << 20;

/// Ends each part of surroundings, which are text without control characters.
const PART_END: u8 = b'\n';

/// What the events of a session share: who with which program, from where, and the session, each as events say it.
///
/// Only a hint: whatever it says, [`compacted`] gives bytes from which the same surroundings give the event back.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Surroundings {
    text: Vec<u8>,
}

impl Surroundings {
    /// Those of an event of a session; `None` for one without.
    pub fn of(event: &[u8]) -> Option<Self> {
        let session = member(event, b",\"session\":\"")?;
        let who = between(event, b"\"actor\":", b",\"at\":\"")?.strip_prefix(b"\"actor\":")?;
        let address = member(event, b",\"ip\":\"").unwrap_or_default();
        let end = [PART_END];
        Some(Self {
            text: [who, &end, address, &end, session, &end].concat(),
        })
    }

    /// Those that were stored.
    pub const fn stored(text: Vec<u8>) -> Self {
        Self { text }
    }

    /// What to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.text
    }

    fn parts(&self) -> impl Iterator<Item = &[u8]> {
        self.text.split(|byte| *byte == PART_END)
    }
}

/// The bytes in less room, with the surroundings that [`expanded`] must be given too; unchanged if that saves nothing.
pub fn compacted(event: &[u8], surroundings: Option<&Surroundings>) -> Vec<u8> {
    match packed(event, surroundings) {
        Some(compact) if compact.len() < event.len() && event.len() <= MOST_BYTES => compact,
        Some(_) | None => event.to_vec(),
    }
}

fn packed(event: &[u8], surroundings: Option<&Surroundings>) -> Option<Vec<u8>> {
    let parts: Vec<&[u8]> = surroundings.iter().flat_map(|known| known.parts()).collect();
    let (mut out, mut ids) = (vec![COMPACT], Ids::default());
    let mut rest = event;
    while let Some(first) = rest.first() {
        let part = parts
            .iter()
            .zip(phrases::PARTS)
            .find(|(part, _)| !part.is_empty() && rest.starts_with(part));
        rest = if let Some((part, code)) = part {
            out.push(code);
            rest.get(part.len()..)?
        } else if let Some(behind) = binary::pack(rest, &mut ids, &mut out) {
            behind
        } else if let Some((phrase, code)) = phrases::longest(rest) {
            out.extend_from_slice(code);
            rest.get(phrase.len()..)?
        } else if *first < b' ' {
            // No event has control characters, so they are free to say what follows.
            return None;
        } else {
            out.push(*first);
            rest.get(1..)?
        };
    }
    Some(out)
}

/// The event's bytes again; `None` if these are not what [`compacted`] gave with the same surroundings. That the event was not
/// changed is known only by its commitment.
pub fn expanded(stored: &[u8], surroundings: Option<&Surroundings>) -> Option<Vec<u8>> {
    let Some(mut rest) = stored.strip_prefix(&[COMPACT]) else {
        return Some(stored.to_vec());
    };
    let parts: Vec<&[u8]> = surroundings.iter().flat_map(|known| known.parts()).collect();
    let (mut out, mut ids) = (Vec::with_capacity(rest.len().saturating_mul(4)), Ids::default());
    while let Some((first, behind)) = rest.split_first() {
        rest = if let Some(place) = phrases::PARTS.iter().position(|code| code == first) {
            out.extend_from_slice(parts.get(place)?);
            behind
        } else if *first <= ID_AGAIN {
            binary::unpack(*first, behind, &mut ids, &mut out)?
        } else if *first < b' ' {
            let (phrase, behind) = phrases::of_code(rest)?;
            out.extend_from_slice(phrase);
            behind
        } else {
            out.push(*first);
            behind
        };
        if out.len() > MOST_BYTES {
            return None;
        }
    }
    Some(out)
}

/// A member whose value is text, with its name and up to its closing quote. Within texts quotes are escaped, so the name
/// cannot be found in one.
fn member<'e>(event: &'e [u8], name: &[u8]) -> Option<&'e [u8]> {
    let at = position(event, name)?;
    let value = event.get(at + name.len()..)?;
    let end = value.iter().position(|byte| *byte == b'"')?;
    event.get(at..=at + name.len() + end)
}

fn between<'e>(event: &'e [u8], from: &[u8], to: &[u8]) -> Option<&'e [u8]> {
    let at = position(event, from)?;
    let rest = event.get(at..)?;
    rest.get(..position(rest, to)?)
}

fn position(event: &[u8], what: &[u8]) -> Option<usize> {
    event.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests;
