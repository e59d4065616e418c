//! The words that must not occur in a password: the user's and the practice's names (A5).

use cutis_domain::account::AccountProfile;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The least length at which a person's name is looked for. Shorter ones occur by chance.
const PERSON: usize = 3;
/// The same for the words of a practice's name, which may be "the" or "and".
const PRACTICE: usize = 4;
/// The program's own name, which everybody who signs in can see.
const PRODUCT: &str = "cutis";
/// The maximum number of words; no name has more.
const MOST: usize = 64;

/// Names that must not occur in a password, folded: lower case, without accents.
///
/// Debug output is redacted, because it holds names of people.
#[derive(Clone)]
pub struct Context {
    words: Vec<String>,
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Context[{} words]", self.words.len())
    }
}

impl Default for Context {
    fn default() -> Self {
        Self {
            words: vec![PRODUCT.to_owned()],
        }
    }
}

impl Context {
    /// Only the program's own name.
    pub fn new() -> Self {
        Self::default()
    }

    /// The names of an account.
    pub fn of(profile: &AccountProfile) -> Self {
        let names = Self::new()
            .person(profile.username.as_str())
            .person(profile.first_name.reveal().as_str())
            .person(profile.last_name.reveal().as_str());
        match &profile.email {
            Some(email) => names.email(email.as_str()),
            None => names,
        }
    }

    /// Adds a user's name of any kind; each of its words counts.
    #[must_use]
    pub fn person(self, name: &str) -> Self {
        self.with(name, PERSON)
    }

    /// Adds the part before the `@` of an e-mail address.
    #[must_use]
    pub fn email(self, address: &str) -> Self {
        let local = address.split_once('@').map_or(address, |(local, _)| local);
        self.with(local, PERSON)
    }

    /// Adds a practice's name; its words of four letters and more count.
    #[must_use]
    pub fn practice(self, name: &str) -> Self {
        self.with(name, PRACTICE)
    }

    fn with(mut self, name: &str, least: usize) -> Self {
        // Bounded before folding: this comes from requests nobody has signed in for.
        let folded = fold(name.chars().take(300));
        let squeezed: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
        let words = folded.split(|c: char| !c.is_alphanumeric()).flat_map(|word| {
            // "weber2" is the name Weber, whatever number the username needed.
            [word.to_owned(), word.trim_matches(char::is_numeric).to_owned()]
        });
        for word in words.chain([squeezed]) {
            if word.chars().count() >= least && !self.words.contains(&word) && self.words.len() < MOST {
                self.words.push(word);
            }
        }
        self
    }

    /// Whether one of the names occurs in the password, however it is written.
    pub(crate) fn occurs_in(&self, password: &str) -> bool {
        let folded = zeroize::Zeroizing::new(fold(password.chars()));
        self.words.iter().any(|word| folded.contains(word.as_str()))
    }
}

/// Lower case without accents: "Zoë", "ZOE" and "zoe" are the same name.
fn fold(text: impl Iterator<Item = char>) -> String {
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A5: not the user's or practice's names, however they are written.
    #[test]
    fn names_are_found_in_any_spelling() {
        let names = Context::new()
            .person("anna.weber2")
            .person("Zoë")
            .person("O'Neill-Brun")
            .email("dr.kühne@praxis.example")
            .practice("Hautarztpraxis am See & Partner");
        for password in [
            "my WEBER is here 1",
            "Anna loves skin 9!",
            "hello zoe hello 1",
            "ZOE\u{308} twenty two",
            "x-oneillbrun-x",
            "xxBRUNxx",
            "kuhne-rides-again",
            "HautarztPraxis-2026",
            "partnerschaft77",
            "I like Cutis 2026",
        ] {
            assert!(names.occurs_in(password), "{password}");
        }
    }

    /// Short words occur by chance and are not looked for.
    #[test]
    fn chance_is_no_name() {
        let names = Context::new()
            .person("Li")
            .person("Jo")
            .practice("The Eye and Ear");
        for password in ["the willow and pear", "john likes earrings", "eyebrow lifter"] {
            assert!(!names.occurs_in(password), "{password}");
        }
        assert!(
            Context::new()
                .person("Li")
                .person("Wu-Li")
                .occurs_in("our wuli table")
        );
    }

    #[test]
    fn a_flood_of_words_is_bounded() {
        let flood = (0..500)
            .map(|number| format!("word{number}"))
            .collect::<Vec<_>>()
            .join(" ");
        assert!(Context::new().person(&flood).words.len() <= MOST);
        assert!(!format!("{:?}", Context::new().person("Weber")).contains("eber"));
    }
}
