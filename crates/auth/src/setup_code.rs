//! Who may create the first account (A2, C09): whoever can read the code that the program printed.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use cutis_domain::entropy::{self, Purpose};
use cutis_domain::{Entropy, Secret, Timestamp};
use cutis_storage::port::ThrottleRow;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::throttle::{Gate, Policy, key};

/// Crockford's base 32: no I, L, O or U, so that nothing reads as something else.
const ALPHABET: [u8; 32] = *b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code: 60 bits.
const LENGTH: usize = 12;

/// Keeps the digest of one set-up code, in memory only: each start of the program makes a new code, and nothing on disk
/// gives access to the set-up.
#[derive(Debug)]
pub struct SetupGate {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    code: Option<[u8; 32]>,
    /// By the address's key. Requests that did not come over a network have none.
    failures: HashMap<Option<String>, ThrottleRow>,
}

/// How many addresses' failures are remembered; beyond that, the oldest is forgotten.
const ADDRESSES: usize = 1024;

/// The result of checking a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The code is correct.
    Right,
    /// The code is wrong.
    Wrong,
    /// The code is wrong, like too many before from this address.
    Wait {
        /// How long to wait.
        seconds: u32,
    },
}

impl SetupGate {
    /// A gate that no code opens, because the practice is already set up.
    pub fn closed() -> Self {
        Self {
            state: Mutex::new(State {
                code: None,
                failures: HashMap::new(),
            }),
        }
    }

    /// A gate, and the code that opens it, to be printed where the host's owner can read it:
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
                failures: HashMap::new(),
            }),
        };
        (gate, Secret::new(std::mem::take(&mut *printed)))
    }

    /// Checks a code from an address. The right code is always accepted, however many wrong ones came before and from
    /// wherever: nobody on the network can block the set-up for the host's owner. Guessing 60 bits is hopeless even
    /// without delays (10^9 attempts have a chance of about 10^-9), so the delays for wrong codes, growing from the
    /// fifth one and at most a minute, only slow down programs, and only at the same address.
    pub fn check(&self, entered: &Secret<String>, address: Option<IpAddr>, now: Timestamp) -> Verdict {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let right = match (state.code, normalise(entered.expose())) {
            (Some(code), Some(entered)) => bool::from(code.ct_eq(&digest(&entered))),
            _ => false,
        };
        if right {
            return Verdict::Right;
        }
        let client = address.map(key::of_address);
        let row = state.failures.get(&client).copied();
        if let Gate::Wait { seconds } = Policy::SETUP_CODE.gate(row, 0, now) {
            return Verdict::Wait { seconds };
        }
        if row.is_none() && state.failures.len() >= ADDRESSES {
            let oldest = state.failures.iter().min_by_key(|(_, row)| row.last_failure_at);
            if let Some(oldest) = oldest.map(|(client, _)| client.clone()) {
                state.failures.remove(&oldest);
            }
        }
        state.failures.insert(client, Policy::SETUP_CODE.next(row, now));
        Verdict::Wrong
    }

    /// Uses up the code.
    pub fn close(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.code = None;
    }
}

fn digest(symbols: &str) -> [u8; 32] {
    Sha256::digest(symbols.as_bytes()).into()
}

/// The twelve symbols that were meant: case, spaces and hyphens are ignored, and letters that Crockford's alphabet
/// leaves out count as the digits that they resemble.
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
        check_from(gate, entered, [192, 168, 7, 20], seconds)
    }

    fn check_from(gate: &SetupGate, entered: &str, address: [u8; 4], seconds: i64) -> Verdict {
        gate.check(
            &Secret::new(entered.to_owned()),
            Some(address.into()),
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

    /// A2, C09: wrong codes are told to wait longer and longer, a minute at most, at their address only.
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
            let Verdict::Wait { seconds } = check(&gate, "0000-0000-0000", now) else {
                panic!("no wait after {waits:?}")
            };
            assert_eq!(
                check_from(&gate, &printed, [192, 168, 7, 20], now),
                Verdict::Right
            );
            waits.push(seconds);
            now += i64::from(seconds);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 64, 64, 64]);
        assert_eq!(check_from(&gate, "short", [192, 168, 7, 21], now), Verdict::Wrong);
    }

    /// Issue 6, 19: a stranger who guesses without end, from anywhere, holds up nobody who has the code.
    #[test]
    fn a_stranger_cannot_hold_up_the_code() {
        let (gate, printed) = issue(7);
        for guess in 0..10_000_u32 {
            let [_, b, c, d] = guess.to_be_bytes();
            check_from(&gate, "0000-0000-0000", [10, b, c, d % 4], 0);
            check_from(&gate, "0000-0000-0000", [192, 168, 7, 20], 0);
        }
        assert_eq!(
            check(&gate, &printed, 0),
            Verdict::Right,
            "at the stranger's own address"
        );
        assert_eq!(check_from(&gate, &printed, [192, 168, 7, 1], 0), Verdict::Right);
        let state = gate.state.lock().expect("no panic");
        assert!(state.failures.len() <= ADDRESSES);
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
