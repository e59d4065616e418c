//! Who may make the first account (A2, C09): whoever reads the code that the program printed.

use std::sync::Mutex;
use std::sync::PoisonError;

use cutis_domain::entropy::{self, Purpose};
use cutis_domain::{Entropy, Secret, Timestamp};
use cutis_storage::port::ThrottleRow;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::throttle::{Gate, Policy};

/// Crockford's base 32: no I, L, O or U, so that nothing reads as something else.
const ALPHABET: [u8; 32] = *b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code: 60 bits.
const LENGTH: usize = 12;

/// Keeps one set-up code, by its digest and in memory only: a new start of the program makes a new
/// one, and nothing on disk ever opens the set-up.
#[derive(Debug)]
pub struct SetupGate {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    code: Option<[u8; 32]>,
    failures: Option<ThrottleRow>,
}

/// What an entered code is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the code.
    Right,
    /// It is not.
    Wrong,
    /// It was not looked at: too many were wrong.
    Wait {
        /// How long to wait.
        seconds: u32,
    },
}

impl SetupGate {
    /// A gate that nothing opens: the practice is set up already.
    pub const fn closed() -> Self {
        Self {
            state: Mutex::new(State {
                code: None,
                failures: None,
            }),
        }
    }

    /// A gate, and the code that opens it, to be printed where the host's owner reads it:
    /// `XXXX-XXXX-XXXX`.
    pub fn issue(entropy: &dyn Entropy) -> (Self, Secret<String>) {
        let random: Zeroizing<[u8; LENGTH]> = Zeroizing::new(entropy::bytes(entropy, Purpose::Secret));
        // A byte modulo 32 is uniform.
        let symbols: Zeroizing<String> = Zeroizing::new(
            random
                .iter()
                .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)))
                .copied()
                .map(char::from)
                .collect(),
        );
        let mut printed = Zeroizing::new(String::with_capacity(LENGTH + 2));
        for (index, symbol) in symbols.chars().enumerate() {
            if index > 0 && index % 4 == 0 {
                printed.push('-');
            }
            printed.push(symbol);
        }
        let gate = Self {
            state: Mutex::new(State {
                code: Some(digest(&symbols)),
                failures: None,
            }),
        };
        (gate, Secret::new(std::mem::take(&mut *printed)))
    }

    /// Looks at an entered code. After five wrong ones each waits longer, a minute at most: guessing
    /// 60 bits is hopeless, and nobody on the network can spoil the set-up for the host's owner.
    pub fn check(&self, entered: &Secret<String>, now: Timestamp) -> Verdict {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Gate::Wait { seconds } = Policy::SETUP_CODE.gate(state.failures, 0, now) {
            return Verdict::Wait { seconds };
        }
        let right = match (state.code, normalise(entered.expose())) {
            (Some(code), Some(entered)) => bool::from(code.ct_eq(&digest(&entered))),
            _ => false,
        };
        if right {
            Verdict::Right
        } else {
            state.failures = Some(Policy::SETUP_CODE.next(state.failures, now));
            Verdict::Wrong
        }
    }

    /// Burns the code: it has done its work.
    pub fn close(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.code = None;
    }
}

fn digest(symbols: &str) -> [u8; 32] {
    Sha256::digest(symbols.as_bytes()).into()
}

/// The twelve symbols that were meant: case, blanks and hyphens do not matter, and letters that
/// Crockford left out stand for the digits they look like.
fn normalise(entered: &str) -> Option<Zeroizing<String>> {
    if entered.len() > 64 {
        return None;
    }
    let mut symbols = Zeroizing::new(String::with_capacity(64));
    for symbol in entered.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let symbol = match symbol.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        u8::try_from(symbol).ok().filter(|byte| ALPHABET.contains(byte))?;
        symbols.push(symbol);
    }
    (symbols.len() == LENGTH).then_some(symbols)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::SeededEntropy;

    fn issue(seed: u64) -> (SetupGate, String) {
        let (gate, printed) = SetupGate::issue(SeededEntropy::shared(seed).as_ref());
        (gate, printed.expose().clone())
    }

    fn check(gate: &SetupGate, entered: &str, seconds: i64) -> Verdict {
        gate.check(
            &Secret::new(entered.to_owned()),
            Timestamp::EPOCH.plus_seconds(1_000_000 + seconds),
        )
    }

    /// A2: the printed form is `XXXX-XXXX-XXXX`, and how it is entered does not matter.
    #[test]
    fn a2_entered_in_any_way() {
        let (gate, printed) = issue(7);
        assert_eq!(printed.len(), 14);
        assert_eq!(printed.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4]);
        for entered in [
            printed.clone(),
            printed.to_lowercase(),
            printed.replace('-', ""),
            format!("  {} ", printed.replace('-', " ")),
            printed.replace('0', "o").replace('1', "l"),
        ] {
            assert_eq!(check(&gate, &entered, 0), Verdict::Right, "{entered}");
        }
        assert!(!format!("{gate:?}").contains(&printed));
        assert_ne!(issue(8).1, printed);
    }

    /// A2, C09: wrong codes wait longer and longer, a minute at most, and never burn the right one.
    #[test]
    fn c09_guessing_is_slow() {
        let (gate, printed) = issue(7);
        let mut now = 0;
        for _ in 0..4 {
            assert_eq!(check(&gate, "0000-0000-0000", now), Verdict::Wrong);
        }
        let mut waits = Vec::new();
        for _ in 0..10 {
            assert_eq!(check(&gate, "short", now), Verdict::Wrong);
            let Verdict::Wait { seconds } = check(&gate, &printed, now) else {
                panic!("looked at too early")
            };
            waits.push(seconds);
            now += i64::from(seconds);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 64, 64, 64]);
        assert_eq!(check(&gate, &printed, now), Verdict::Right);
    }

    /// A2: single use; a closed gate opens for nothing.
    #[test]
    fn a2_single_use() {
        let (gate, printed) = issue(7);
        gate.close();
        assert_eq!(check(&gate, &printed, 0), Verdict::Wrong);
        assert_eq!(check(&SetupGate::closed(), "", 0), Verdict::Wrong);
    }

    #[test]
    fn only_the_alphabet_counts() {
        assert!(normalise("0000-0000-000U").is_none());
        assert!(normalise("0000-0000-000ü").is_none());
        assert!(normalise("0000-0000-00000").is_none());
        assert!(normalise(&"-".repeat(100)).is_none());
        assert_eq!(
            normalise("oOiI-lLab cdef").as_deref().map(String::as_str),
            Some("001111ABCDEF")
        );
    }
}
