//! Positions in lists of patients. A cursor belongs to the account, the order, the filter and the text that it was given
//! for, and is refused by name elsewhere: a position in another list would skip patients unseen.

use std::hash::{DefaultHasher, Hash, Hasher as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cutis_domain::{Clinician, PatientId, Timestamp};
use cutis_edge::problem::Problem;
use cutis_records::outcome::{FoundPatient, PatientPosition, SortKey};

/// What a cursor belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ground {
    owner: u64,
    order: u64,
    asked: u64,
}

impl Ground {
    pub(super) fn of(by: &Clinician, order: &impl Hash, asked: &impl Hash) -> Self {
        let digest = |what: &dyn Fn(&mut DefaultHasher)| {
            let mut hasher = DefaultHasher::new();
            what(&mut hasher);
            hasher.finish()
        };
        Self {
            owner: digest(&|hasher| by.scope().owner().as_bytes().hash(hasher)),
            order: digest(&|hasher| order.hash(hasher)),
            asked: digest(&|hasher| asked.hash(hasher)),
        }
    }

    fn write(self, kind: u8, rest: &[&[u8]]) -> String {
        let mut bytes = vec![kind];
        for digest in [self.owner, self.order, self.asked] {
            bytes.extend_from_slice(&digest.to_be_bytes());
        }
        for part in rest {
            bytes.extend_from_slice(part);
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn read(self, cursor: &str) -> Result<(u8, Vec<u8>), Problem> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
        let (kind, bytes) = bytes.split_first().ok_or_else(refused)?;
        let (owner, bytes) = number(bytes)?;
        let (order, bytes) = number(bytes)?;
        let (asked, bytes) = number(bytes)?;
        if owner != self.owner {
            Err(Problem::invalid(
                "cursor",
                "cursor_owner",
                "Use a cursor that this account was given.",
            ))
        } else if order != self.order {
            Err(Problem::invalid(
                "cursor",
                "cursor_sort",
                "Use a cursor of the same sort and order.",
            ))
        } else if asked != self.asked {
            Err(Problem::invalid(
                "cursor",
                "cursor_filter",
                "Use a cursor of the same text and filter.",
            ))
        } else {
            Ok((*kind, bytes.to_vec()))
        }
    }

    pub(super) fn of_list(self, position: &PatientPosition) -> String {
        let id = position.id.as_bytes();
        match &position.key {
            SortKey::Number(number) => self.write(NUMBER, &[id, &number.to_be_bytes()]),
            SortKey::Text(text) => self.write(TEXT, &[id, text.as_bytes()]),
        }
    }

    pub(super) fn of_found(self, found: &FoundPatient) -> String {
        let at = found.last_modified.as_micros().to_be_bytes();
        self.write(FOUND, &[found.id.as_bytes(), &[found.rank], &at])
    }

    pub(super) fn in_list(self, cursor: &str) -> Result<PatientPosition, Problem> {
        let (kind, bytes) = self.read(cursor)?;
        let (id, key) = bytes.split_first_chunk::<16>().ok_or_else(refused)?;
        let key = match kind {
            NUMBER => {
                let (key, rest) = key.split_first_chunk::<8>().ok_or_else(refused)?;
                if !rest.is_empty() {
                    return Err(refused());
                }
                SortKey::Number(i64::from_be_bytes(*key))
            }
            TEXT => SortKey::Text(String::from_utf8(key.to_vec()).map_err(|_| refused())?),
            _ => return Err(refused()),
        };
        Ok(PatientPosition {
            key,
            id: PatientId::from_bytes(*id),
        })
    }

    pub(super) fn in_found(self, cursor: &str) -> Result<FoundPatient, Problem> {
        let (kind, bytes) = self.read(cursor)?;
        let (id, rest) = bytes.split_first_chunk::<16>().ok_or_else(refused)?;
        let (rank, at) = rest.split_first().ok_or_else(refused)?;
        let at = <[u8; 8]>::try_from(at).map_err(|_| refused())?;
        if kind != FOUND {
            return Err(refused());
        }
        Ok(FoundPatient {
            rank: *rank,
            last_modified: Timestamp::from_micros(i64::from_be_bytes(at)),
            id: PatientId::from_bytes(*id),
        })
    }
}

/// A list by a time.
const NUMBER: u8 = 1;
/// A list by a text.
const TEXT: u8 = 2;
/// What was found, by rank.
const FOUND: u8 = 3;

fn number(bytes: &[u8]) -> Result<(u64, &[u8]), Problem> {
    let (number, rest) = bytes.split_first_chunk::<8>().ok_or_else(refused)?;
    Ok((u64::from_be_bytes(*number), rest))
}

fn refused() -> Problem {
    Problem::invalid("cursor", "cursor", "Use a cursor that an earlier page gave.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use cutis_domain::account::Username;
    use cutis_domain::{AccountId, Caller, Scope, SessionId};

    fn by(number: u8) -> Clinician {
        let account = AccountId::from_bytes([number; 16]);
        let username = Username::parse("anna").expect("valid");
        let caller = Caller::system().signed_in(account, username, SessionId::from_bytes([9; 16]));
        Clinician::assertion(Scope::assertion(account), caller)
    }

    fn code<T>(read: Result<T, Problem>) -> Option<String> {
        Some(read.err()?.errors().first()?.code().to_owned())
    }

    /// P4: a cursor is read where it was given, and nowhere else.
    #[test]
    fn cursors_keep_to_their_ground() {
        let ground = Ground::of(&by(1), &("name", "ascending"), &"filter");
        let position = PatientPosition {
            key: SortKey::Text("weber\u{1}anna\u{1}".to_owned()),
            id: PatientId::from_bytes([7; 16]),
        };
        let cursor = ground.of_list(&position);
        assert!(ground.in_list(&cursor).is_ok_and(|read| read == position));
        for (other, said) in [
            (
                Ground::of(&by(2), &("name", "ascending"), &"filter"),
                "cursor_owner",
            ),
            (
                Ground::of(&by(1), &("name", "descending"), &"filter"),
                "cursor_sort",
            ),
            (
                Ground::of(&by(1), &("name", "ascending"), &"another"),
                "cursor_filter",
            ),
        ] {
            assert_eq!(code(other.in_list(&cursor)).as_deref(), Some(said));
        }
        assert_eq!(code(ground.in_found(&cursor)).as_deref(), Some("cursor"));
        let found = FoundPatient {
            rank: 3,
            last_modified: Timestamp::from_micros(17),
            id: PatientId::from_bytes([7; 16]),
        };
        let cursor = ground.of_found(&found);
        assert!(ground.in_found(&cursor).is_ok_and(|read| read == found));
        for refused in ["", "x", "AAAA", &format!("{cursor}AA")] {
            assert!(ground.in_found(refused).is_err(), "{refused}");
        }
    }
}
