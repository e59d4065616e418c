//! Dates of birth as people write them.

use crate::fold::{Folded, SOFT, plain};
use crate::piece::Piece;

/// A calendar day; that it exists is whoever makes it to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// The year, such as 1980.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Date {
    /// Reads `YYYY-MM-DD`, as it is stored.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let date = Self {
            year: year.parse().ok()?,
            month: month.parse().ok()?,
            day: day.parse().ok()?,
        };
        parts.next().is_none().then_some(date)
    }
}

/// What somebody typed of a date: a year, a month of it, or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatePart {
    year: u16,
    month: Option<u8>,
    day: Option<u8>,
}

impl DatePart {
    /// A whole day.
    pub(crate) fn day(year: u16, month: u16, day: u16) -> Option<Self> {
        let small = |part: u16| u8::try_from(part).ok();
        Self::new(year, Some(small(month)?), Some(small(day)?))
    }

    fn new(year: u16, month: Option<u8>, day: Option<u8>) -> Option<Self> {
        let sound = (1850..=2199).contains(&year)
            && month.is_none_or(|month| (1..=12).contains(&month))
            && day.is_none_or(|day| (1..=31).contains(&day));
        sound.then_some(Self { year, month, day })
    }

    /// Whether the date is in it.
    pub fn holds(self, date: Date) -> bool {
        self.year == date.year
            && self.month.is_none_or(|month| month == date.month)
            && self.day.is_none_or(|day| day == date.day)
    }

    /// The gram that every patient born then has.
    pub(crate) fn gram(self) -> String {
        match (self.month, self.day) {
            (Some(month), Some(day)) => format!("@{:04}-{month:02}-{day:02}", self.year),
            (Some(month), None) => format!("@{:04}-{month:02}", self.year),
            (None, _) => format!("@{:04}", self.year),
        }
    }

    /// The three parts that a date is in, as grams.
    pub(crate) fn grams_of(date: Date) -> [String; 3] {
        let part = |month, day| {
            Self {
                year: date.year,
                month,
                day,
            }
            .gram()
        };
        [
            part(None, None),
            part(Some(date.month), None),
            part(Some(date.month), Some(date.day)),
        ]
    }
}

/// What a chunk may mean as a date: the year first (ISO) or last; then day before month, and, unless it is written with
/// points, month before day too, because a practice's patients may be used to either. Eight digits without any separation
/// count too, and a year alone.
pub(crate) fn readings(chunk: &Folded, with_points: bool) -> Vec<DatePart> {
    let parts: Option<Vec<(&str, u16)>> = chunk
        .as_str()
        .split(SOFT)
        .map(|part| number(part).map(|number| (part, number)))
        .collect();
    let digits = chunk.as_str();
    let mut found = Vec::new();
    let mut add = |year: u16, month: Option<u16>, day: Option<u16>| {
        let small = |part: Option<u16>| part.map(|part| u8::try_from(part).unwrap_or(u8::MAX));
        let read = DatePart::new(year, small(month), small(day));
        found.extend(read.filter(|read| !found.contains(read)));
    };
    match parts.as_deref() {
        Some([(text, year)]) if text.len() == 4 => add(*year, None, None),
        Some([(text, year), (_, month)]) if text.len() == 4 => add(*year, Some(*month), None),
        Some([(_, month), (text, year)]) if text.len() == 4 => add(*year, Some(*month), None),
        Some([(text, year), (_, month), (_, day)]) if text.len() == 4 => add(*year, Some(*month), Some(*day)),
        Some([(_, first), (_, second), (text, year)]) if text.len() == 4 => {
            add(*year, Some(*second), Some(*first));
            if !with_points {
                add(*year, Some(*first), Some(*second));
            }
        }
        None if digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            let part = |from: usize, to: usize| digits.get(from..to).and_then(number);
            if let (Some(year), month, day) = (part(0, 4), part(4, 6), part(6, 8)) {
                add(year, month, day);
            }
            if let (Some(year), first, second) = (part(4, 8), part(0, 2), part(2, 4)) {
                add(year, second, first);
                add(year, first, second);
            }
        }
        _ => {}
    }
    found
}

/// The months' names, folded, in English, German (in Austria too) and French, with the usual short forms. No name means
/// different months in two of the languages.
const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "januar", "janner", "jaenner", "janvier", "janv"],
    &["february", "feb", "februar", "feber", "fevrier", "fevr", "fev"],
    &["march", "mar", "marz", "maerz", "mrz", "mars"],
    &["april", "apr", "avril", "avr"],
    &["may", "mai"],
    &["june", "jun", "juni", "juno", "juin"],
    &["july", "jul", "juli", "julei", "juillet", "juil"],
    &["august", "aug", "aout"],
    &["september", "sep", "sept", "septembre"],
    &["october", "oct", "oktober", "okt", "octobre"],
    &["november", "nov", "novembre"],
    &["december", "dec", "dezember", "dez", "decembre"],
];

/// What stands behind the number of a day: 1st, 2nd, 3rd, 14th, 1er.
const ORDINALS: [&str; 5] = ["st", "nd", "rd", "th", "er"];

/// What these chunks mean together as a date whose month is named: a year and a month, or a day too. The year has four
/// digits and stands first or last; month and day stand in either order.
pub(crate) fn in_words(chunks: &[Piece]) -> Option<DatePart> {
    let (mut month, mut day, mut year) = (None, None, None);
    let mut count: usize = 0;
    for part in chunks
        .iter()
        .flat_map(|chunk| chunk.folded().as_str().split(SOFT))
    {
        count = count.saturating_add(1);
        if let Some(year_meant) = number(part).filter(|_| part.len() == 4) {
            year = match year {
                None => Some((year_meant, count)),
                Some(_) => return None,
            };
        } else if let Some(day_meant) = day_of(part) {
            day = match day {
                None => Some(day_meant),
                Some(_) => return None,
            };
        } else {
            month = match month {
                None => Some(month_of(part)?),
                Some(_) => return None,
            };
        }
    }
    let (year, place) = year?;
    (place == 1 || place == count).then_some(())?;
    DatePart::new(year, Some(month?), day)
}

/// The month that a folded word names.
pub(crate) fn month_of(word: &str) -> Option<u8> {
    let word = plain(word);
    let month = MONTHS.iter().position(|names| names.contains(&word.as_str()))?;
    u8::try_from(month.saturating_add(1)).ok()
}

/// One or two digits, or those as an ordinal.
pub(crate) fn day_of(part: &str) -> Option<u8> {
    let digits = ORDINALS
        .iter()
        .find_map(|ending| part.strip_suffix(ending))
        .unwrap_or(part);
    number(digits)
        .filter(|_| digits.len() <= 2)
        .and_then(|day| u8::try_from(day).ok())
}

/// One to four digits.
pub(crate) fn number(text: &str) -> Option<u16> {
    let sound = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    sound.then(|| text.parse().ok()).flatten()
}
