//! Whether a password is one that attackers try first (A5, C01).
//!
//! The lists (30,000 passwords that leaked most often, and words and names of several kinds) come
//! with the crate `zxcvbn`, so they need no network and are updated with the dependency. As
//! a password of 12 characters with all four kinds is on no such list literally, its variations
//! count: case, letters written as digits, repetition, rows of the keyboard, and a common word with
//! a few digits or signs around it.

use zeroize::Zeroizing;
use zxcvbn::matching::patterns::MatchPattern;
use zxcvbn::zxcvbn;

/// Fewer guesses than 10^8 is what the authors of the estimate call too weak.
const TOO_FEW: f64 = 8.0;
/// A common word with additions needs more than that, because such additions are easy to guess.
const TOO_FEW_FOR_A_WORD: f64 = 10.0;
/// The number of characters that the estimate reads, from either end.
const WINDOW: usize = 32;
/// Symbols that are read as one letter, for each letter that has several. The estimate tries every
/// combination of those present, so the number of combinations is bounded.
const READINGS: [&str; 7] = ["4@", "({[<", "69", "1!|", "1|7", "$5", "+7"];
/// The most combinations; `P@$$w0rd1!2345678` has sixteen.
const MOST_READINGS: usize = 24;

/// Whether a password, compared as a whole, is common or a trivial variation of a common one.
///
/// Never looks at more than twice 32 characters nor at more than 24 readings of signs as letters:
/// with that the work stays at a few tens of milliseconds whatever is sent.
pub(crate) fn is_common(password: &str) -> bool {
    let head = window(password.chars());
    let mut guesses = guesses_log10(&head);
    if guesses < TOO_FEW_FOR_A_WORD && password.chars().count() > WINDOW {
        // A weak beginning is no fault if what follows is strong.
        let tail = window(password.chars().rev());
        let tail = Zeroizing::new(tail.chars().rev().collect::<String>());
        guesses = guesses.max(guesses_log10(&tail));
    }
    guesses < TOO_FEW || (guesses < TOO_FEW_FOR_A_WORD && is_one_word(&head))
}

fn window(characters: impl Iterator<Item = char>) -> Zeroizing<String> {
    Zeroizing::new(characters.take(WINDOW).collect())
}

fn guesses_log10(text: &str) -> f64 {
    zxcvbn(&tame(text), &[]).guesses_log10()
}

/// Whether what remains without digits and symbols at both ends is one listed word or one pattern.
fn is_one_word(text: &str) -> bool {
    let core = text.trim_matches(|c: char| !c.is_alphabetic());
    let estimate = zxcvbn(&tame(&core.to_lowercase()), &[]);
    matches!(estimate.sequence(), [only] if !matches!(only.pattern, MatchPattern::BruteForce))
}

/// The text, in which symbols other than digits are replaced by a single one if they could be read as letters in too
/// many ways. A password with that many is not common, so nothing is lost.
fn tame(text: &str) -> Zeroizing<String> {
    let present = |signs: &str| signs.chars().filter(|sign| text.contains(*sign)).count().max(1);
    if READINGS.iter().map(|signs| present(signs)).product::<usize>() > MOST_READINGS {
        let plain = |c: char| if c.is_alphanumeric() { c } else { '~' };
        Zeroizing::new(text.chars().map(plain).collect())
    } else {
        Zeroizing::new(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A5, C01: listed passwords, and what people make of them to please a composition rule.
    #[test]
    fn what_is_tried_first_is_common() {
        for password in [
            "password",
            "Password123!",
            "P@ssw0rd2024!",
            "Winter2025!!",
            "Sommer2026!!!",
            "Sunshine#2026",
            "Qwertz123456!",
            "Qwerty12345!",
            "1qaz2wsx3EDC$",
            "Letmein12345!",
            "Welcome2024!",
            "Admin@123456",
            "Changeme123!",
            "Passwort2026!",
            "Abcdefgh123!",
            "Aaaaaaaa111!",
            "iloveyouforever",
            "passwordpassword",
            "qwertyuiopasdfghjkl",
            "123456789012345",
            "111111111111111",
            "drowssapdrowssap",
        ] {
            assert!(is_common(password), "{password}");
        }
        assert!(is_common(&"a".repeat(1024)));
        assert!(is_common(&"1234567890".repeat(100)));
    }

    /// C01: a 15-letter lower-case passphrase is accepted; so is what a manager makes.
    #[test]
    fn what_nobody_tries_first_is_not() {
        for password in [
            "blue kettle over montana",
            "correcthorsebat",
            "kL9#vQ2!mZp4",
            "Weber7!8#2$9%1&",
            "Tr0ub4dor&3xx",
            "Kartoffelsalat!1",
            "Zürich-Kloten-8302",
            "4@8({[<369&#!1/|0$5+7%2",
            "😀🐙🦜🎻🏔🚲🥐🧵🪴🧊🛶🪁",
        ] {
            assert!(!is_common(password), "{password}");
        }
        assert!(!is_common(&format!("{}kL9#vQ2!mZp4xT7&wB5@", "a".repeat(40))));
    }

    /// The public check cannot be made to try letters for symbols endlessly.
    #[test]
    fn hostile_input_is_tamed() {
        assert_eq!(*tame("a4@({[<$5+7b9"), "a4~~~~~~5~7b9");
        assert_eq!(*tame("P@$$w0rd1!2345678"), "P@$$w0rd1!2345678");
    }
}
