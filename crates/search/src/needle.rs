//! What somebody typed, what it finds and how well, and by which grams an index narrows the choice.

use crate::date::{DatePart, in_words, readings};
use crate::fold::{Folded, SOFT, plain};
use crate::letters::is_sign;
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
}

/// What was typed.
#[derive(Debug, Clone)]
pub struct Needle {
    attempts: Vec<Attempt>,
}

impl Needle {
    /// Folds what was typed. What is separated by dashes and the like is looked for as one, and in its parts when nothing
    /// was found. Where only signs were typed, those are looked for.
    pub fn parse(typed: &str) -> Self {
        let marked = Folded::of(typed);
        let mut chunks: Vec<Chunk> = Vec::new();
        let mut folded: Vec<Folded> = Vec::new();
        for (chunk, fold) in typed.split(super::letters::is_blank).filter_map(Chunk::of) {
            chunks.push(chunk);
            folded.push(fold);
        }
        add_dates_in_words(&mut chunks, &folded);
        if chunks.is_empty() {
            let signs: String = typed.chars().filter(|c| is_sign(*c)).collect();
            let chunk = Chunk {
                text: signs,
                dates: Vec::new(),
            };
            let attempts = if chunk.text.is_empty() {
                Vec::new()
            } else {
                vec![Attempt(vec![chunk])]
            };
            return Self { attempts };
        }
        let parts: Vec<Chunk> = plain(&marked.spaced())
            .split(' ')
            .filter(|part| !part.is_empty())
            .map(|part| Chunk {
                text: part.to_owned(),
                dates: Vec::new(),
            })
            .collect();
        let mut attempts = vec![Attempt(chunks)];
        if marked.as_str().contains(SOFT) {
            attempts.push(Attempt(parts));
        }
        Self { attempts }
    }

    /// Whether nothing is looked for: nothing was typed, or only what is dropped or separates, such as a dash.
    pub fn is_blank(&self) -> bool {
        self.attempts.is_empty()
    }

    /// What to look for: the next only if the one before found nothing.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }
}

/// The most chunks that one date in words is written in: `14 June 1978`.
const LONGEST_DATE: usize = 3;

/// What chunks that follow one another may mean together, because one of them names a month. Each of them may stand for
/// that date besides what it is as text, so whoever is found by the words alone is found as before: June May.
fn add_dates_in_words(chunks: &mut [Chunk], folded: &[Folded]) {
    let mut from = 0;
    while from < chunks.len() {
        let longest = (1..=LONGEST_DATE).rev().find_map(|length| {
            let to = from.saturating_add(length);
            let date = in_words(folded.get(from..to)?)?;
            Some((to, date))
        });
        let Some((to, date)) = longest else {
            from = from.saturating_add(1);
            continue;
        };
        for chunk in chunks.get_mut(from..to).into_iter().flatten() {
            chunk.dates.push(date);
        }
        from = to;
    }
}

impl Chunk {
    fn of(typed: &str) -> Option<(Self, Folded)> {
        let folded = Folded::of(typed);
        let text = plain(&folded.squashed());
        let with_points = typed.contains(['.', '．', '。']);
        (!text.is_empty()).then(|| {
            let dates = readings(&folded, with_points);
            (Self { text, dates }, folded)
        })
    }

    fn is_birth_date(&self, patient: &Searched) -> bool {
        patient
            .born()
            .is_some_and(|born| self.dates.iter().any(|date| date.holds(born)))
    }

    /// Grams that each patient has in whom the chunk is found within this reach, as text or as a date.
    fn cover(&self, reach: Reach) -> Vec<Vec<String>> {
        let mut either = vec![self.text_cover(reach)];
        either.extend(self.dates.iter().map(|date| vec![date.gram()]));
        either
    }

    fn text_cover(&self, reach: Reach) -> Vec<String> {
        let word: Vec<char> = self.text.chars().collect();
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
        let found = self
            .0
            .iter()
            .all(|chunk| patient.contains(&chunk.text) || chunk.is_birth_date(patient));
        found.then(|| self.rank_of_found(patient))
    }

    fn rank_of_found(&self, patient: &Searched) -> Rank {
        if let [only] = self.0.as_slice()
            && patient.unique_id().starts_with(&only.text)
        {
            return Rank::IdPrefix;
        }
        let every = |fits: &dyn Fn(&str, &str) -> bool| {
            self.0.iter().all(|chunk| {
                chunk.is_birth_date(patient) || patient.words().any(|word| fits(word, &chunk.text))
            })
        };
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
