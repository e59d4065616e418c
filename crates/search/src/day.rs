//! Whole days in longer and shorter forms than [`crate::date`] reads: with a year of two digits, blanks behind the points, a
//! weekday before, an age behind.

use crate::date::{Date, DatePart, day_of, month_of, number};
use crate::fold::{Folded, SOFT};

/// The age in years up to which a year of two digits may mean somebody.
const OLDEST: u16 = 130;

/// What people write behind the day and the month.
const POINTS: [char; 3] = ['.', '．', '。'];

/// The weekdays, folded, in English, German (in Austria too) and French, with the usual short forms.
const WEEKDAYS: [&[&str]; 7] = [
    &["monday", "mon", "montag", "mo", "lundi", "lun"],
    &["tuesday", "tue", "tues", "dienstag", "di", "mardi", "mar"],
    &["wednesday", "wed", "mittwoch", "mi", "mercredi", "mer"],
    &[
        "thursday",
        "thu",
        "thur",
        "thurs",
        "donnerstag",
        "do",
        "jeudi",
        "jeu",
    ],
    &["friday", "fri", "freitag", "fr", "vendredi", "ven"],
    &["saturday", "sat", "samstag", "sonnabend", "sa", "samedi", "sam"],
    &["sunday", "sun", "sonntag", "so", "dimanche", "dim"],
];

/// A chunk, folded, and what folding leaves out of it.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    folded: Folded,
    has_points: bool,
    ends_with_point: bool,
    in_brackets: bool,
}

impl Piece {
    pub(crate) fn new(typed: &str, folded: Folded) -> Self {
        Self {
            folded,
            has_points: typed.contains(POINTS),
            ends_with_point: typed.ends_with(POINTS),
            in_brackets: typed.starts_with(['(', '（']) && typed.ends_with([')', '）']),
        }
    }

    pub(crate) const fn folded(&self) -> &Folded {
        &self.folded
    }

    /// Whether the day comes before the month.
    pub(crate) const fn has_points(&self) -> bool {
        self.has_points
    }

    /// Whether it is an age as the list shows it behind a date of birth: `(48)`.
    fn is_age(&self) -> bool {
        self.in_brackets && number(self.folded.as_str()).is_some_and(|years| years <= OLDEST)
    }

    /// Whether it is a number, or ends with one, without a point behind it.
    fn ends_with_digit(&self) -> bool {
        !self.ends_with_point && self.folded.as_str().ends_with(|c: char| c.is_ascii_digit())
    }
}

/// The day that these chunks may mean together; two days or more where the order or the century is open. Neither a weekday
/// nor an age is compared with it. `today` is the day on which they are typed.
pub(crate) fn in_full(pieces: &[Piece], today: Date) -> Vec<DatePart> {
    let pieces = match pieces {
        [rest @ .., last] if !rest.is_empty() && last.is_age() => rest,
        _ => pieces,
    };
    let parts: Vec<&str> = pieces
        .iter()
        .flat_map(|piece| piece.folded.as_str().split(SOFT))
        .collect();
    let order = match pieces.split_last() {
        // Numbers with only blanks between them are no date.
        Some((_, before)) if before.iter().any(Piece::ends_with_digit) => Order::Named,
        _ if pieces.iter().any(Piece::has_points) => Order::DayFirst,
        _ => Order::Either,
    };
    let found = whole_day(&parts, order, today);
    match parts.split_first() {
        // "Mar" is March, and the French Tuesday where it cannot be March.
        Some((first, rest)) if found.is_empty() && is_weekday(first) => whole_day(rest, order, today),
        _ => found,
    }
}

/// In which order day and month stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// The month has to be named.
    Named,
    /// The day comes first.
    DayFirst,
    /// Either may come first.
    Either,
}

fn whole_day(parts: &[&str], order: Order, today: Date) -> Vec<DatePart> {
    let [first, second, third] = parts else {
        return Vec::new();
    };
    let month = |part: &str| month_of(part).map(u16::from);
    let day = |part: &str| day_of(part).map(u16::from);
    // Year, month, day. A year that stands first has four digits.
    let readings = if let Some(month) = month(first) {
        vec![(*third, Some(month), day(second))]
    } else if let Some(month) = month(second) {
        let year_first = (first.len() == 4).then_some((*first, Some(month), day(third)));
        [(*third, Some(month), day(first))]
            .into_iter()
            .chain(year_first)
            .collect()
    } else if order == Order::Named {
        Vec::new()
    } else if first.len() == 4 {
        vec![(*first, number(second), number(third))]
    } else {
        let day_first = (*third, number(second), number(first));
        let month_first = (*third, number(first), number(second));
        let month_first = (order == Order::Either).then_some(month_first);
        [day_first].into_iter().chain(month_first).collect()
    };
    let mut found = Vec::new();
    for (year, month, day) in readings {
        if let (Some(month), Some(day)) = (month, day) {
            let days = years(year, (month, day), today).into_iter();
            found.extend(days.filter_map(|year| DatePart::day(year, month, day)));
        }
    }
    found
}

/// The years that digits mean: four digits one, two digits one of every century in which somebody born on that day is not
/// born after `today`, nor older than [`OLDEST`].
fn years(digits: &str, (month, day): (u16, u16), today: Date) -> Vec<u16> {
    let Some(number) = number(digits) else {
        return Vec::new();
    };
    let now = (today.year, u16::from(today.month), u16::from(today.day));
    let is_of_age = |year: &u16| {
        let too_old_from = year.saturating_add(OLDEST).saturating_add(1);
        (*year, month, day) <= now && (too_old_from, month, day) > now
    };
    match digits.len() {
        2 => [1800_u16, 1900, 2000, 2100]
            .map(|century| century.saturating_add(number))
            .into_iter()
            .filter(is_of_age)
            .collect(),
        4 => vec![number],
        _ => Vec::new(),
    }
}

fn is_weekday(word: &str) -> bool {
    WEEKDAYS.iter().any(|names| names.contains(&word))
}
