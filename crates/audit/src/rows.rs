//! Digests of database rows: unambiguous, and unchanged when a column is added.

use cutis_domain::Digest;
use sha2::{Digest as _, Sha256};

/// What one column of one row holds: SQLite's five storage classes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ColumnValue<'a> {
    /// No value. Does not affect the digest.
    Null,
    /// A whole number.
    Integer(i64),
    /// A floating-point number, by its bits.
    Real(f64),
    /// Text as stored, which need not be valid UTF-8.
    Text(&'a [u8]),
    /// Bytes.
    Blob(&'a [u8]),
}

impl<'a> From<&'a str> for ColumnValue<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.as_bytes())
    }
}

/// The digest of a row's content.
///
/// Columns are taken in the order of their names, and those without a value are left out: a later
/// migration that adds an empty column, or another order in a query, changes no digest. Renaming a
/// column or giving a new one a value does, and needs an attestation of its own. Lengths and type
/// tags keep any two different rows apart.
pub fn digest_row<'a>(table: &str, columns: impl Iterator<Item = (&'a str, ColumnValue<'a>)>) -> Digest {
    let mut valued = Vec::with_capacity(columns.size_hint().1.unwrap_or(0));
    valued.extend(columns.filter(|(_, value)| !matches!(value, ColumnValue::Null)));
    valued.sort_unstable_by_key(|(name, _)| *name);
    let mut hasher = Sha256::new_with_prefix(b"cutis/row-digest/v1");
    bounded(&mut hasher, table.as_bytes());
    for (name, value) in valued {
        bounded(&mut hasher, name.as_bytes());
        match value {
            ColumnValue::Null => {}
            ColumnValue::Integer(number) => {
                hasher.update([1]);
                hasher.update(number.to_be_bytes());
            }
            ColumnValue::Real(number) => {
                hasher.update([2]);
                hasher.update(number.to_bits().to_be_bytes());
            }
            ColumnValue::Text(text) => {
                hasher.update([3]);
                bounded(&mut hasher, text);
            }
            ColumnValue::Blob(bytes) => {
                hasher.update([4]);
                bounded(&mut hasher, bytes);
            }
        }
    }
    let bytes: [u8; 32] = hasher.finalize().into();
    Digest::from_bytes(bytes)
}

fn bounded(hasher: &mut Sha256, bytes: &[u8]) {
    hasher.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
    hasher.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use ColumnValue::{Blob, Integer, Null, Real, Text};

    fn digest(columns: &[(&'static str, ColumnValue<'static>)]) -> Digest {
        digest_row("patients", columns.iter().copied())
    }

    /// U4: a migration that adds an empty column leaves old digests valid.
    #[test]
    fn empty_columns_and_order_do_not_count() {
        let old = digest(&[("id", Integer(1)), ("name", "Anna".into())]);
        assert_eq!(
            old,
            digest(&[("name", "Anna".into()), ("added", Null), ("id", Integer(1))])
        );
        assert_ne!(
            old,
            digest_row(
                "entries",
                [("id", Integer(1)), ("name", "Anna".into())].into_iter()
            )
        );
    }

    #[test]
    fn different_rows_differ() {
        let rows: &[&[(&str, ColumnValue<'static>)]] = &[
            &[],
            &[("a", Integer(1))],
            &[("a", Real(1.0))],
            &[("a", Text(b"1"))],
            &[("a", Blob(b"1"))],
            &[("b", Text(b"1"))],
            &[("a", Text(b"")), ("b", Text(b"1"))],
            &[("a", Text(b"1")), ("b", Text(b""))],
            &[("ab", Text(b"1"))],
            &[("a", Text(b"b1"))],
            &[("a", Integer(0))],
            &[("a", Real(0.0))],
            &[("a", Real(-0.0))],
            &[("a", Text(b"x\0\0\0\0\0\0\0\x01b"))],
        ];
        for (index, one) in rows.iter().enumerate() {
            for other in &rows[index + 1..] {
                assert_ne!(digest(one), digest(other), "{one:?} {other:?}");
            }
        }
    }

    /// This must never change: stored attestations are over these bytes.
    #[test]
    fn the_encoding_stays() {
        let columns = [
            ("id", Integer(-5)),
            ("ratio", Real(0.5)),
            ("name", "Zoë".into()),
            ("key", Blob(&[0, 255])),
            ("gone", Null),
        ];
        let mut bytes = b"cutis/row-digest/v1\0\0\0\0\0\0\0\x08patients".to_vec();
        bytes.extend_from_slice(b"\0\0\0\0\0\0\0\x02id\x01\xff\xff\xff\xff\xff\xff\xff\xfb");
        bytes.extend_from_slice(b"\0\0\0\0\0\0\0\x03key\x04\0\0\0\0\0\0\0\x02\0\xff");
        bytes.extend_from_slice("\0\0\0\0\0\0\0\x04name\x03\0\0\0\0\0\0\0\x04Zoë".as_bytes());
        bytes.extend_from_slice(b"\0\0\0\0\0\0\0\x05ratio\x02\x3f\xe0\0\0\0\0\0\0");
        let expected: [u8; 32] = Sha256::digest(&bytes).into();
        assert_eq!(digest(&columns), Digest::from_bytes(expected));
    }
}
