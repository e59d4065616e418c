//! Whole days in longer and shorter forms than [`crate::date`] reads: with a year of two digits, blanks behind the points or
//! instead of them, a weekday before, an age behind.

use crate::date::{Date, DatePart, day_of, month_of, number};
use crate::fold::SOFT;
use crate::piece::Piece;

/// The age in years up to which a year of two digits may mean somebody.
pub(crate) const OLDEST: u16 = 130;

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

/// Whether a chunk is an age as the list shows it behind a date of birth: `(48)`.
fn is_age(piece: &Piece) -> bool {
    piece.is_in_brackets() && number(piece.folded().as_str()).is_some_and(|years| years <= OLDEST)
}

/// The day that these chunks may mean together; two days or more where the order or the century is open. Neither a weekday
/// nor an age is compared with it. `today` is the day on which they are typed.
pub(crate) fn in_full(pieces: &[Piece], today: Date) -> Vec<DatePart> {
    let pieces = match pieces {
        [rest @ .., last] if !rest.is_empty() && is_age(last) => rest,
        _ => pieces,
    };
    let parts: Vec<&str> = pieces
        .iter()
        .flat_map(|piece| piece.folded().as_str().split(SOFT))
        .collect();
    let order = match pieces.split_last() {
        // Numbers with only blanks between them are a date if the last can only be a year.
        Some((_, before)) if before.iter().any(Piece::ends_with_digit) => {
            if pieces.iter().any(Piece::has_parts) {
                Order::Named
            } else {
                Order::BeforeYear
            }
        }
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
    /// The same, unless the year has four digits and stands last; then either may come first.
    BeforeYear,
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
    } else if order == Order::Named || order == Order::BeforeYear && !is_before_year(parts) {
        Vec::new()
    } else if first.len() == 4 {
        vec![(*first, number(second), number(third))]
    } else {
        let day_first = (*third, number(second), number(first));
        let month_first = (*third, number(first), number(second));
        let month_first = (order != Order::DayFirst).then_some(month_first);
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

/// Whether one or two digits stand twice before four.
fn is_before_year(parts: &[&str]) -> bool {
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    matches!(lengths[..], [1..=2, 1..=2, 4])
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
