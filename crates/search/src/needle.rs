//! What somebody typed, what it finds and how well, and by which grams an index narrows the choice.

use crate::beside;
use crate::date::{Date, DatePart, in_words, readings};
use crate::day::in_full;
use crate::fold::{Folded, plain};
use crate::letters::is_sign;
use crate::piece::Piece;
use crate::searched::{Searched, has_digit};

/// Of how many characters at the end of a chunk with digits the grams are asked for.
const LAST_DIGITS: usize = 6;

/// How well a patient fits; the best comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// The unique id begins with it.
    IdPrefix,
    /// Every chunk is a whole word, or the date of birth.
    Words,
    /// Every chunk begins a word.
    Prefixes,
    /// Every chunk is somewhere.
    Rest,
}

/// A part between blanks, and what it may mean as a date.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Chunk {
    text: String,
    dates: Vec<DatePart>,
    /// The parts of the text that may stand apart instead; none if they may not.
    apart: Vec<String>,
}

/// What was typed.
#[derive(Debug, Clone)]
pub struct Needle {
    attempts: Vec<Attempt>,
}

impl Needle {
    /// Folds what was typed on a day, the latest that it is anywhere. What is separated by dashes and the like is looked
    /// for as one, and in its parts when nothing was found; then without what stands beside a name. Where only signs were
    /// typed, those are looked for.
    pub fn parse(typed: &str, today: Date) -> Self {
        let words = || typed.split(super::letters::is_blank);
        let chunks: Vec<(&str, (Chunk, Piece))> = words()
            .filter_map(|word| Some((word, Chunk::of(word)?)))
            .collect();
        if chunks.is_empty() {
            let signs: String = typed.chars().filter(|c| is_sign(*c)).collect();
            let attempts = if signs.is_empty() {
                Vec::new()
            } else {
                vec![Attempt(vec![Chunk::text(signs)])]
            };
            return Self { attempts };
        }
        let named: Vec<_> = chunks
            .iter()
            .map(|(word, (chunk, piece))| (*word, chunk.text.as_str(), piece))
            .collect();
        let left = beside::without(&named);
        let mut attempts = attempts(chunks.into_iter().map(|(_, chunk)| chunk).unzip(), today);
        if let Some(left) = left {
            let left = left.into_iter().filter_map(Chunk::of).unzip();
            attempts.extend(self::attempts(left, today));
        }
        Self { attempts }
    }

    /// Whether nothing is looked for: nothing was typed, or only what is dropped or separates, such as a dash.
    pub fn is_blank(typed: &str) -> bool {
        let mut chunks = typed.split(super::letters::is_blank);
        chunks.all(|chunk| Chunk::of(chunk).is_none()) && !typed.chars().any(is_sign)
    }

    /// What to look for: the next only if the one before found nothing.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }
}

/// How these chunks are looked for: as they are, then in their parts.
fn attempts((mut chunks, pieces): (Vec<Chunk>, Vec<Piece>), today: Date) -> Vec<Attempt> {
    add_dates_in_words(&mut chunks, &pieces);
    let apart = |piece: &Piece| -> Vec<String> {
        let parts = plain(&piece.folded().spaced());
        let parts = parts.split(' ').filter(|part| !part.is_empty());
        parts.map(ToOwned::to_owned).collect()
    };
    if add_dates_in_full(&mut chunks, &pieces, today) {
        // Parts are no second try here: somebody found by the date would keep those from being found who have the parts.
        for (chunk, piece) in chunks.iter_mut().zip(&pieces) {
            chunk.apart = Some(apart(piece))
                .filter(|parts| parts.len() > 1)
                .unwrap_or_default();
        }
        return vec![Attempt(chunks)];
    }
    let mut attempts = vec![Attempt(chunks)];
    if pieces.iter().any(Piece::has_parts) {
        let parts = pieces.iter().flat_map(apart).map(Chunk::text);
        attempts.push(Attempt(parts.collect()));
    }
    attempts
}

/// The most chunks that one date in words is written in: `14 June 1978`.
const LONGEST_IN_WORDS: usize = 3;

/// The most chunks that one date is written in at all: `Wed 14 June 1978 (48)`.
const LONGEST: usize = 5;

/// What chunks that follow one another may mean together, because one of them names a month. Each of them may stand for
/// that date besides what it is as text, so whoever is found by the words alone is found as before: June May.
fn add_dates_in_words(chunks: &mut [Chunk], pieces: &[Piece]) {
    add_dates(chunks, pieces, LONGEST_IN_WORDS, &|pieces| {
        in_words(pieces).into_iter().collect()
    });
}

/// The same for the longer and the shorter forms of a whole day. Tells whether any chunk may mean more by it.
fn add_dates_in_full(chunks: &mut [Chunk], pieces: &[Piece], today: Date) -> bool {
    add_dates(chunks, pieces, LONGEST, &|pieces| in_full(pieces, today))
}

fn add_dates(
    chunks: &mut [Chunk],
    pieces: &[Piece],
    most: usize,
    read: &dyn Fn(&[Piece]) -> Vec<DatePart>,
) -> bool {
    let (mut from, mut any_new) = (0, false);
    while from < chunks.len() {
        let longest = (1..=most).rev().find_map(|length| {
            let to = from.saturating_add(length);
            let dates = read(pieces.get(from..to)?);
            (!dates.is_empty()).then_some((to, dates))
        });
        let Some((to, dates)) = longest else {
            from = from.saturating_add(1);
            continue;
        };
        for chunk in chunks.get_mut(from..to).into_iter().flatten() {
            for date in &dates {
                if !chunk.dates.contains(date) {
                    chunk.dates.push(*date);
                    any_new = true;
                }
            }
        }
        from = to;
    }
    any_new
}

impl Chunk {
    fn of(typed: &str) -> Option<(Self, Piece)> {
        let folded = Folded::of(typed);
        let text = plain(&folded.squashed());
        (!text.is_empty()).then(|| {
            let piece = Piece::new(typed, folded);
            let dates = readings(piece.folded(), piece.has_points());
            let chunk = Self {
                dates,
                ..Self::text(text)
            };
            (chunk, piece)
        })
    }

    const fn text(text: String) -> Self {
        Self {
            text,
            dates: Vec::new(),
            apart: Vec::new(),
        }
    }

    /// Whether it is anywhere in the patient's text, or is the date of birth.
    fn is_of(&self, patient: &Searched) -> bool {
        patient.contains(&self.text)
            || self.is_birth_date(patient)
            || self.is_apart(&|part| patient.contains(part))
    }

    /// Whether words fit it as `fits` says, or it is the date of birth.
    fn is_in_words(&self, patient: &Searched, fits: &dyn Fn(&str, &str) -> bool) -> bool {
        let fits = |text: &str| patient.words().any(|word| fits(word, text));
        self.is_birth_date(patient) || fits(&self.text) || self.is_apart(&fits)
    }

    fn is_apart(&self, fits: &dyn Fn(&str) -> bool) -> bool {
        !self.apart.is_empty() && self.apart.iter().all(|part| fits(part))
    }

    fn is_birth_date(&self, patient: &Searched) -> bool {
        patient
            .born()
            .is_some_and(|born| self.dates.iter().any(|date| date.holds(born)))
    }

    /// Grams that each patient has in whom the chunk is found within this reach, as text or as a date.
    fn cover(&self, reach: Reach) -> Vec<Vec<String>> {
        let mut either = vec![text_cover(&self.text, reach)];
        either.extend(self.dates.iter().map(|date| vec![date.gram()]));
        if !self.apart.is_empty() {
            either.push(
                self.apart
                    .iter()
                    .flat_map(|part| text_cover(part, reach))
                    .collect(),
            );
        }
        either
    }
}

/// Grams that each patient has in whom the text is found within this reach.
fn text_cover(text: &str, reach: Reach) -> Vec<String> {
    let word: Vec<char> = text.chars().collect();
    let of = |kind: char, characters: &[char]| [kind].iter().chain(characters).collect::<String>();
    if reach == Reach::Words && !has_digit(&word) {
        return vec![of('=', &word)];
    }
    let mut grams = Vec::new();
    if reach != Reach::Anywhere {
        grams.push(of('^', word.get(..3).unwrap_or(&word)));
    }
    let (kind, length) = match word.len() {
        1 => ('1', 1),
        2 => ('2', 2),
        3 => ('3', 3),
        _ if has_digit(&word) => ('3', 3),
        _ => ('4', 4),
    };
    if reach == Reach::Anywhere || word.len() > 3 {
        // Digits tell less than letters, so of those every gram is asked for. Numbers that are given one after the other
        // begin alike, so of a long one the end tells enough, and the many who share its beginning are not read.
        if has_digit(&word) {
            let end = word
                .get(word.len().saturating_sub(LAST_DIGITS)..)
                .unwrap_or(&word);
            grams.extend(end.windows(length).map(|gram| of(kind, gram)));
            return grams;
        }
        grams.extend(word.chunks_exact(length).map(|gram| of(kind, gram)));
        if !word.len().is_multiple_of(length)
            && let Some(end) = word.get(word.len().saturating_sub(length)..)
        {
            grams.push(of(kind, end));
        }
    }
    grams
}

/// One way to understand what was typed: every chunk has to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt(Vec<Chunk>);

/// Which of the patients that an attempt finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those that rank as [`Rank::Words`] or better by words.
    Words,
    /// Those that rank as [`Rank::Prefixes`] or better by words.
    Prefixes,
    /// All.
    Anywhere,
}

/// Grams that every patient within a reach has: all of the first list, of each at least one alternative, all of whose
/// grams they have.
pub type Cover = Vec<Vec<Vec<String>>>;

impl Attempt {
    /// How well the patient fits, if at all.
    pub fn rank(&self, patient: &Searched) -> Option<Rank> {
        let found = self.0.iter().all(|chunk| chunk.is_of(patient));
        found.then(|| self.rank_of_found(patient))
    }

    fn rank_of_found(&self, patient: &Searched) -> Rank {
        if let [only] = self.0.as_slice()
            && patient.unique_id().starts_with(&only.text)
        {
            return Rank::IdPrefix;
        }
        let every =
            |fits: &dyn Fn(&str, &str) -> bool| self.0.iter().all(|chunk| chunk.is_in_words(patient, fits));
        if every(&|word, text| word == text) {
            Rank::Words
        } else if every(&|word, text| word.starts_with(text)) {
            Rank::Prefixes
        } else {
            Rank::Rest
        }
    }

    /// By which grams an index narrows the choice.
    pub fn cover(&self, reach: Reach) -> Cover {
        self.0.iter().map(|chunk| chunk.cover(reach)).collect()
    }
}
