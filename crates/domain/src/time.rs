//! Instants and days. The present is always a parameter.

use std::fmt;

use crate::Invalid;

/// An instant in UTC, to the microsecond, between the years 1970 and 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);
    const LAST: i64 = 253_370_764_800_000_000; // 9999-01-01, safely inside every formatter's range

    /// The instant this many microseconds after the epoch; values out of range are clamped.
    pub fn from_micros(micros: i64) -> Self {
        Self(micros.clamp(0, Self::LAST))
    }

    /// Microseconds since the epoch.
    pub fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch.
    pub fn as_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Whole days since the epoch, UTC.
    pub fn as_days(self) -> u32 {
        u32::try_from(self.0.div_euclid(86_400_000_000)).unwrap_or(u32::MAX)
    }

    /// This instant moved by `seconds`, which may be negative.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_micros(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Seconds from `earlier` to this instant; negative when the clock went back.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).div_euclid(1_000_000)
    }

    /// Parses RFC 3339 with an offset, such as `2026-11-22T09:30:00Z`.
    ///
    /// # Errors
    /// When the text is not an RFC 3339 instant, is a leap second, or lies outside the supported years.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let instant: jiff::Timestamp = text
            .parse()
            .map_err(|_| Invalid::new("time", "Enter a time as RFC 3339, such as 2026-11-22T09:30:00Z."))?;
        if is_leap_second(text) {
            return Err(Invalid::new(
                "leap_second",
                "Enter a time with seconds from 00 to 59; leap seconds cannot be kept.",
            ));
        }
        let micros = instant.as_microsecond();
        if (0..=Self::LAST).contains(&micros) {
            Ok(Self(micros))
        } else {
            Err(Invalid::new(
                "time",
                "Enter a time between the years 1970 and 9998.",
            ))
        }
    }

    /// The instant that a clock on the wall showed: with the offset it noted (in seconds east of UTC),
    /// or else in `zone`. `None` when there is no such date or time.
    ///
    /// A time that the zone skipped (clocks went forward, a day was left out) becomes the later valid one: as long
    /// after the change as it was meant to be. Of a time that occurred twice, the earlier is used.
    pub fn from_wall_clock(
        (year, month, day): (u16, u8, u8),
        (hour, minute, second): (u8, u8, u8),
        offset_seconds: Option<i32>,
        zone: &Zone,
    ) -> Option<Self> {
        let small = |number: u8| i8::try_from(number).ok();
        let civil = jiff::civil::DateTime::new(
            i16::try_from(year).ok()?,
            small(month)?,
            small(day)?,
            small(hour)?,
            small(minute)?,
            small(second)?,
            0,
        )
        .ok()?;
        let zone = match offset_seconds {
            Some(seconds) => jiff::tz::Offset::from_seconds(seconds).ok()?.to_time_zone(),
            None => zone.0.clone(),
        };
        let micros = civil.to_zoned(zone).ok()?.timestamp().as_microsecond();
        (0..=Self::LAST).contains(&micros).then_some(Self(micros))
    }

    fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// What a clock on the wall shows at this instant: (year, month, day), (hour, minute, second).
    pub fn on_the_wall(self, zone: &Zone) -> ((i16, u8, u8), (u8, u8, u8)) {
        let wall = self.to_jiff().to_zoned(zone.0.clone()).datetime();
        let small = i8::unsigned_abs;
        (
            (wall.year(), small(wall.month()), small(wall.day())),
            (small(wall.hour()), small(wall.minute()), small(wall.second())),
        )
    }

    /// The calendar day of this instant in a time zone.
    pub fn day_in(self, zone: &Zone) -> Day {
        Day(self.to_jiff().to_zoned(zone.0.clone()).date())
    }
}

/// Whether the seconds of a text that is an instant are 60, which its parser takes for 59.
fn is_leap_second(text: &str) -> bool {
    let time = text.split_once(['T', 't', ' ']).map_or("", |(_, time)| time);
    let clock = time.split(|c: char| !c.is_ascii_digit() && c != ':').next();
    let digits: String = clock.unwrap_or_default().split(':').collect();
    digits.get(4..6) == Some("60")
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_jiff(), f)
    }
}

/// A calendar day without a time zone, such as a date of birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(jiff::civil::Date);

impl Day {
    /// Parses `YYYY-MM-DD`.
    ///
    /// # Errors
    /// When the text is not that form or the day does not exist.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let refused = || Invalid::new("date", "Enter a date as YYYY-MM-DD, such as 1984-06-30.");
        if text.len() != 10 {
            return Err(refused());
        }
        text.parse().map(Self).map_err(|_| refused())
    }

    /// The year, 1 to 9999 for every day this program makes.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The instant at which this day begins in a time zone.
    ///
    /// # Errors
    /// When the day lies outside the supported years.
    pub fn start_in(self, zone: &Zone) -> Result<Timestamp, Invalid> {
        self.0
            .to_zoned(zone.0.clone())
            .map(|zoned| Timestamp::from_micros(zoned.timestamp().as_microsecond()))
            .map_err(|_| Invalid::new("date", "Enter an earlier date; this one is out of range."))
    }

    /// The last instant of this day in a time zone. Days that lie too far ahead end where all time does.
    pub fn end_in(self, zone: &Zone) -> Timestamp {
        let next = self.0.tomorrow().map(Self).ok();
        match next.and_then(|next| next.start_in(zone).ok()) {
            Some(next) => Timestamp::from_micros(next.0.saturating_sub(1)),
            None => Timestamp::from_micros(Timestamp::LAST),
        }
    }

    /// The same day so many years before; the last of February for one that only leap years have.
    #[must_use]
    pub fn years_before(self, years: u16) -> Self {
        let span = jiff::Span::new().years(i32::from(years));
        Self(self.0.saturating_sub(span))
    }

    /// The day after.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().days(1)))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A time zone of the IANA database, bundled so that the host need not have one.
#[derive(Debug, Clone)]
pub struct Zone(jiff::tz::TimeZone);

impl Zone {
    /// The zone of this IANA name, such as `America/Toronto`.
    ///
    /// # Errors
    /// When no such zone is known.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        let refused = || Invalid::new("time_zone", "Use an IANA time zone such as Europe/Zurich.");
        let zone = jiff::tz::TimeZone::get(name).map_err(|_| refused())?;
        // Names that stand for "nobody chose one"; the library takes them for UTC.
        let is_placeholder = zone.is_unknown() || zone.iana_name() == Some("Factory");
        if is_placeholder {
            Err(refused())
        } else {
            Ok(Self(zone))
        }
    }

    /// UTC.
    pub fn utc() -> Self {
        Self(jiff::tz::TimeZone::UTC)
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }
}

/// The source of the current time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_and_prints_rfc_3339() {
        let at = Timestamp::parse("2026-11-22T09:30:00.25+01:00").expect("valid");
        assert_eq!(at.to_string(), "2026-11-22T08:30:00.25Z");
        assert!(Timestamp::parse("2026-11-22").is_err());
        assert!(Timestamp::parse("1969-12-31T23:59:59Z").is_err());
        for leap in [
            "2016-12-31T23:59:60Z",
            "2016-12-31t23:59:60.5z",
            "2016-12-31 23:59:60+00:00",
            "20161231T235960Z",
            "2017-01-01T00:59:60+01:00",
        ] {
            assert_eq!(
                Timestamp::parse(leap).map_err(|error| error.code()),
                Err("leap_second"),
                "{leap}"
            );
        }
        assert!(Timestamp::parse("2016-12-31T23:59:59.60Z").is_ok());
        assert!(Timestamp::parse("2016-12-31T23:59:59+00:60").is_err());
    }

    #[test]
    fn a_day_must_exist() {
        assert!(Day::parse("2024-02-29").is_ok());
        assert!(Day::parse("2023-02-29").is_err());
        assert!(Day::parse("2023-2-9").is_err());
    }

    /// P4: a day ends where the next begins, also where clocks change; and birthdays of the 29th of February.
    #[test]
    fn days_end_and_come_again() {
        let zone = Zone::parse("Europe/Zurich").expect("bundled");
        let day = |text: &str| Day::parse(text).expect("a day");
        for (text, end) in [
            ("2026-11-22", "2026-11-22T22:59:59.999999Z"),
            ("2026-03-29", "2026-03-29T21:59:59.999999Z"),
            ("2026-10-25", "2026-10-25T22:59:59.999999Z"),
            ("9999-12-31", "9999-01-01T00:00:00Z"),
        ] {
            assert_eq!(day(text).end_in(&zone).to_string(), end, "{text}");
        }
        assert_eq!(day("2024-02-29").years_before(1), day("2023-02-28"));
        assert_eq!(day("2024-02-29").years_before(4), day("2020-02-29"));
        assert_eq!(day("2023-02-28").next(), day("2023-03-01"));
    }

    /// I3: a camera's time with its offset, or in the practice's zone.
    #[test]
    fn wall_clocks() {
        let zone = Zone::parse("Europe/Zurich").expect("bundled");
        let at = |offset| {
            Timestamp::from_wall_clock((2026, 7, 1), (12, 0, 0), offset, &zone).map(|t| t.to_string())
        };
        assert_eq!(at(None).as_deref(), Some("2026-07-01T10:00:00Z"));
        assert_eq!(at(Some(-4 * 3600)).as_deref(), Some("2026-07-01T16:00:00Z"));
        assert_eq!(
            Timestamp::from_wall_clock((2026, 2, 30), (12, 0, 0), None, &zone),
            None
        );
        assert_eq!(
            Timestamp::from_wall_clock((0, 0, 0), (0, 0, 0), None, &zone),
            None
        );
    }

    /// E1, I3: a time in a skipped hour is the later valid one, in every zone, and one that came twice the
    /// earlier: east and west of Greenwich, with a change of half an hour, and with a day left out.
    #[test]
    fn skipped_and_repeated_times() {
        for (zone, date, time, instant) in [
            ("Europe/Zurich", (2026, 3, 29), (2, 30), "2026-03-29T01:30:00Z"), // 03:30 there
            ("Europe/Zurich", (2026, 10, 25), (2, 30), "2026-10-25T00:30:00Z"),
            ("America/New_York", (2026, 3, 8), (2, 30), "2026-03-08T07:30:00Z"), // 03:30 there
            ("America/New_York", (2026, 11, 1), (1, 30), "2026-11-01T05:30:00Z"),
            (
                "America/Sao_Paulo",
                (2018, 11, 4),
                (0, 15),
                "2018-11-04T03:15:00Z",
            ), // 01:15 there
            (
                "Australia/Lord_Howe",
                (2026, 10, 4),
                (2, 15),
                "2026-10-03T15:45:00Z",
            ), // 02:45 there
            (
                "Australia/Lord_Howe",
                (2026, 4, 5),
                (1, 45),
                "2026-04-04T14:45:00Z",
            ),
            ("Pacific/Apia", (2011, 12, 30), (12, 0), "2011-12-30T22:00:00Z"), // noon of the 31st
        ] {
            let zone_of = Zone::parse(zone).expect("bundled");
            let at = Timestamp::from_wall_clock(date, (time.0, time.1, 0), None, &zone_of);
            assert_eq!(
                at.map(|at| at.to_string()).as_deref(),
                Some(instant),
                "{zone} {date:?}"
            );
        }
    }

    #[test]
    fn days_follow_the_zone() {
        let zone = Zone::parse("America/Toronto").expect("bundled");
        let at = Timestamp::parse("2026-11-22T03:00:00Z").expect("valid");
        assert_eq!(at.day_in(&zone).to_string(), "2026-11-21");
        assert!(Zone::parse("Mars/Olympus").is_err());
    }
}
