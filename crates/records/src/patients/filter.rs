//! Who is in a list (P4), as people say it: by days in the practice's time zone, and by age.

use std::ops::RangeInclusive;

use cutis_consent::Status;
use cutis_domain::Timestamp;
use cutis_domain::patient::{Fitzpatrick, SexAtBirth};
use cutis_domain::time::{Day, Zone};
use cutis_storage::port::{PatientFilter, TagFilter};

/// Days, both included; without an end it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub from: Option<Day>,
    /// The last.
    pub to: Option<Day>,
}

impl Days {
    fn instants(self, zone: &Zone) -> RangeInclusive<Timestamp> {
        // A day that lies too far ahead begins when all time has ended.
        let never = || Timestamp::from_micros(i64::MAX);
        let from = self.from.map_or(Timestamp::EPOCH, |from| {
            from.start_in(zone).unwrap_or_else(|_| never())
        });
        from..=self.to.map_or_else(never, |to| to.end_in(zone))
    }
}

/// What every patient of a list has in common; without a value anything goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListFilter {
    /// When the last appointment was.
    pub last_appointment: Option<Days>,
    /// When the patient was last changed.
    pub last_modified: Option<Days>,
    /// When the patient was added.
    pub created: Option<Days>,
    /// When at least one of the images was taken or, where that is not known, stored.
    pub image: Option<Days>,
    /// The number of entries.
    pub entries: Option<RangeInclusive<u64>>,
    /// The number of images.
    pub images: Option<RangeInclusive<u64>>,
    /// The age in years today; patients whose date of birth is not known have none.
    pub age: Option<RangeInclusive<u16>>,
    /// The sex at birth: one of these.
    pub sex: Option<Vec<SexAtBirth>>,
    /// The skin type: one of these.
    pub fitzpatrick: Option<Vec<Fitzpatrick>>,
    /// The state of consent now: one of these.
    pub consent: Option<Vec<Status>>,
    /// Effective tags.
    pub tags: TagFilter,
}

impl ListFilter {
    /// Whether it lets every patient through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What it means at this time, in the practice's time zone.
    pub(super) fn at(&self, now: Timestamp, zone: &Zone) -> PatientFilter {
        let instants = |days: Option<Days>| days.map(|days| days.instants(zone));
        let today = now.day_in(zone);
        PatientFilter {
            last_appointment: instants(self.last_appointment),
            last_modified: instants(self.last_modified),
            created: instants(self.created),
            image: instants(self.image),
            entries: self.entries.clone(),
            images: self.images.clone(),
            born: self.age.as_ref().map(|age| {
                // Whoever was born then has just become older than that.
                let older = today.years_before(age.end().saturating_add(1));
                older.next()..=today.years_before(*age.start())
            }),
            sex: self.sex.clone(),
            fitzpatrick: self.fitzpatrick.clone(),
            consent: self.consent.clone(),
            tags: self.tags.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).expect("a day")
    }

    /// P4: both ends of a range of days count, in the practice's time zone.
    #[test]
    fn days_are_the_practices() {
        let zone = Zone::parse("America/Toronto").expect("bundled");
        let days = Days {
            from: Some(day("2026-03-01")),
            to: Some(day("2026-03-31")),
        };
        let range = days.instants(&zone);
        assert_eq!(range.start().to_string(), "2026-03-01T05:00:00Z");
        assert_eq!(range.end().to_string(), "2026-04-01T03:59:59.999999Z");
        let open = Days { from: None, to: None }.instants(&zone);
        assert!(open.contains(&Timestamp::EPOCH) && open.contains(&Timestamp::from_micros(i64::MAX)));
    }

    /// P4: an age lasts from one birthday to the day before the next, on leap days too.
    #[test]
    fn ages() {
        let born = |today: &str, age: RangeInclusive<u16>| {
            let filter = ListFilter {
                age: Some(age),
                ..ListFilter::default()
            };
            let now = Timestamp::parse(&format!("{today}T12:00:00Z")).expect("a time");
            filter.at(now, &Zone::utc()).born.expect("a range")
        };
        assert_eq!(born("2026-11-22", 18..=18), day("2007-11-23")..=day("2008-11-22"));
        assert_eq!(born("2026-11-22", 0..=0), day("2025-11-23")..=day("2026-11-22"));
        assert_eq!(born("2024-02-29", 18..=64), day("1959-03-01")..=day("2006-02-28"));
        assert_eq!(born("2026-02-28", 1..=1), day("2024-02-29")..=day("2025-02-28"));
    }
}
