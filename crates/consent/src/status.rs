//! The state of a patient's consent, derived from their grants and never stored (N4).

use cutis_domain::Timestamp;

use crate::Grant;

coded!(
    /// The state of a patient's consent.
    Status, "Choose one of: none, given, revoked, expired.", {
        /// Nothing was ever recorded.
        None = "none",
        /// At least one record counts now.
        Given = "given",
        /// No record counts now; the latest was revoked.
        Revoked = "revoked",
        /// No record counts now; the latest expired.
        Expired = "expired",
    }
);

impl Grant {
    /// Given, revoked or expired; revocation outweighs expiry.
    pub fn status(&self, now: Timestamp) -> Status {
        if self.revoked_at.is_some() {
            Status::Revoked
        } else if self.expires_at.is_some_and(|end| now >= end) {
            Status::Expired
        } else {
            Status::Given
        }
    }

    /// Whether it counts now.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.status(now) == Status::Given
    }
}

impl Status {
    /// The state that follows from these grants of one patient now. Their order does not matter.
    pub fn of(grants: &[Grant], now: Timestamp) -> Self {
        decisive(grants, now).map_or(Self::None, |grant| grant.status(now))
    }
}

/// The grant that decides the state: the latest live one, or else the latest.
pub fn decisive(grants: &[Grant], now: Timestamp) -> Option<&Grant> {
    grants
        .iter()
        .max_by_key(|grant| (grant.is_live(now), grant.given_at, grant.consent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Purposes;
    use cutis_domain::ConsentId;

    fn at(second: i64) -> Timestamp {
        Timestamp::EPOCH.plus_seconds(second)
    }

    fn grant(id: u8, given: i64, expires: Option<i64>, revoked: Option<i64>) -> Grant {
        Grant {
            consent: ConsentId::from_bytes([id; 16]),
            purposes: Purposes::NONE.with(crate::Purpose::ClinicalRecord),
            given_at: at(given),
            expires_at: expires.map(at),
            revoked_at: revoked.map(at),
        }
    }

    /// N4: none, given, revoked and expired are derived from the records.
    #[test]
    fn the_table() {
        let live = grant(1, 10, None, None);
        let ends_at_100 = grant(2, 20, Some(100), None);
        let revoked = grant(3, 30, None, Some(40));
        let both = grant(4, 50, Some(60), Some(70));
        let cases: &[(&[Grant], i64, Status)] = &[
            (&[], 50, Status::None),
            (&[live], 50, Status::Given),
            (&[revoked], 50, Status::Revoked),
            (&[ends_at_100], 99, Status::Given),
            (&[ends_at_100], 100, Status::Expired),
            (&[ends_at_100], 101, Status::Expired),
            (&[ends_at_100, revoked], 99, Status::Given),
            (&[ends_at_100, revoked], 100, Status::Revoked),
            (&[revoked, grant(5, 31, Some(32), None)], 50, Status::Expired),
            (&[live, revoked, ends_at_100, both], 200, Status::Given),
            (&[both], 65, Status::Revoked),
        ];
        for (grants, now, status) in cases {
            assert_eq!(Status::of(grants, at(*now)), *status, "{grants:?} at {now}");
        }
    }

    /// N4: the record shown as current is the latest live one, else the latest.
    #[test]
    fn the_decisive_grant() {
        let (old, new) = (grant(1, 10, None, None), grant(2, 20, None, None));
        let revoked = grant(3, 30, None, Some(40));
        assert_eq!(decisive(&[new, revoked, old], at(50)), Some(&new));
        assert_eq!(decisive(&[revoked], at(50)), Some(&revoked));
        assert_eq!(decisive(&[], at(50)), None);
    }
}
