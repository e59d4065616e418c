//! Page sizes and cursors of lists (P4). A cursor is opaque: what a client sends back unchanged.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cutis_domain::Timestamp;
use cutis_domain::page::Limit;

use cutis_edge::problem::Problem;

/// A page size; 50 when none is given.
pub(super) fn limit(asked: Option<i64>) -> Result<Limit, Problem> {
    asked.map_or(Ok(Limit::default()), |items| {
        Limit::parse(items).map_err(|invalid| Problem::invalid("limit", invalid.code(), invalid.message()))
    })
}

/// Writes a position of a list sorted by time.
pub(super) fn time_cursor(at: Timestamp, id: &[u8; 16]) -> String {
    let mut bytes = at.as_micros().to_be_bytes().to_vec();
    bytes.extend_from_slice(id);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads it back.
pub(super) fn parse_time_cursor(cursor: Option<&str>) -> Result<Option<(Timestamp, [u8; 16])>, Problem> {
    cursor.map(read).transpose()
}

/// Before a position of a list in manual order, so that no list takes another's cursor.
const BY_HAND: u8 = b'h';

/// Writes a position of a list in manual order.
pub(super) fn place_cursor(place: i64, id: &[u8; 16]) -> String {
    let mut bytes = vec![BY_HAND];
    bytes.extend_from_slice(&place.to_be_bytes());
    bytes.extend_from_slice(id);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads it back.
pub(super) fn parse_place_cursor(cursor: Option<&str>) -> Result<Option<(i64, [u8; 16])>, Problem> {
    let Some(cursor) = cursor else {
        return Ok(None);
    };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
    let (place, id) = bytes
        .strip_prefix(&[BY_HAND])
        .and_then(|rest| rest.split_first_chunk::<8>())
        .ok_or_else(refused)?;
    let id = <[u8; 16]>::try_from(id).map_err(|_| refused())?;
    Ok(Some((i64::from_be_bytes(*place), id)))
}

fn refused() -> Problem {
    Problem::invalid("cursor", "cursor", "Use a cursor that an earlier page gave.")
}

fn read(cursor: &str) -> Result<(Timestamp, [u8; 16]), Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
    let (micros, id) = bytes.split_first_chunk::<8>().ok_or_else(refused)?;
    let id = <[u8; 16]>::try_from(id).map_err(|_| refused())?;
    Ok((Timestamp::from_micros(i64::from_be_bytes(*micros)), id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_round_trip_and_others_are_refused() {
        let at = Timestamp::from_micros(1_790_000_000_123_456);
        let cursor = time_cursor(at, &[7; 16]);
        assert!(parse_time_cursor(Some(&cursor)).is_ok_and(|read| read == Some((at, [7; 16]))));
        for refused in ["", "x", "AAAA", "%2e%2e", &format!("{cursor}AA")] {
            assert!(parse_time_cursor(Some(refused)).is_err(), "{refused}");
            assert!(parse_place_cursor(Some(refused)).is_err(), "{refused}");
        }
        let placed = place_cursor(-5, &[7; 16]);
        assert!(parse_place_cursor(Some(&placed)).is_ok_and(|read| read == Some((-5, [7; 16]))));
        assert!(parse_time_cursor(Some(&placed)).is_err() && parse_place_cursor(Some(&cursor)).is_err());
    }

    /// P4: a page size up to 100, more is refused.
    #[test]
    fn page_sizes() {
        assert!(limit(None).is_ok_and(|limit| limit.get() == 50));
        assert!(limit(Some(100)).is_ok());
        assert!(limit(Some(101)).is_err());
        assert!(limit(Some(0)).is_err());
    }
}
