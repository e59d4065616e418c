//! How long lists and searches take in a practice of any size (P4), in processor time of the reading thread:
//!
//! ```text
//! cargo build --release -p cutis-storage-sqlite --example many_patients
//! target/release/examples/many_patients make DIR 1000000
//! target/release/examples/many_patients measure DIR
//! ```
//!
//! Two owners, of whom the first has sixty of a hundred patients; ten images and three tags for each patient, and some state of consent.
//! The rows are put into the file directly, so the trail does not attest them, and `cutis audit verify` would say so.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::many_single_char_names,
    clippy::too_many_lines,
    reason = "measuring is what this program is for"
)]

mod fill;
mod filters;
mod measure;

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use cutis_storage::Backend;

type Done<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Done {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["make", folder, patients] => fill::make(&PathBuf::from(folder).join("cutis.db"), patients.parse()?),
        ["measure", folder] => measure::measure(&PathBuf::from(folder).join("cutis.db"), ""),
        ["measure", folder, part] => measure::measure(&PathBuf::from(folder).join("cutis.db"), part),
        _ => Err("make DIR PATIENTS, or measure DIR, or measure DIR and part of a name".into()),
    }
}

/// Numbers by chance, the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound.max(1)
    }

    fn one_of<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let place = usize::try_from(self.below(u64::try_from(of.len()).unwrap_or(1))).unwrap_or(0);
        of.get(place).copied().unwrap_or_default()
    }

    /// Few names are frequent and many are rare.
    fn name(&mut self) -> String {
        const BEGINNINGS: &[&str] = &[
            "An", "Ma", "Jo", "El", "Sö", "Mü", "Ka", "Li", "Ro", "Te", "Bri", "Schu", "Wil", "Ga", "Na",
            "Ha", "Ce", "Do", "O'", "Fé", "Pe", "Vi", "Gu", "Zo", "St",
        ];
        const MIDDLES: &[&str] = &[
            "na", "ri", "le", "lle", "sa", "ber", "tte", "mo", "ga", "nde", "rt", "ck", "vi", "ne", "lo",
        ];
        const ENDS: &[&str] = &[
            "", "a", "er", "son", "mann", "i", "e", "ez", "ova", "ini", "y", "ski",
        ];
        if self.below(50) == 0 {
            let kanji = ["王", "李", "田中", "高橋", "明", "美", "김", "이"];
            return format!("{}{}", self.one_of(&kanji), self.one_of(&kanji));
        }
        let skewed = self.below(3) == 0;
        let middles = if skewed {
            MIDDLES.get(..3).unwrap_or(MIDDLES)
        } else {
            MIDDLES
        };
        let mut name = self.one_of(BEGINNINGS).to_owned();
        for _ in 0..=self.below(2) {
            name.push_str(self.one_of(middles));
        }
        name.push_str(self.one_of(ENDS));
        name
    }
}

fn id(kind: u8, number: u64) -> [u8; 16] {
    // As time-ordered ids do, these spread over their last bytes.
    let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
    let [a, b, c, d, e, f, g, h] = spread;
    let [.., w, x, y, z] = number.to_be_bytes();
    [kind, w, x, y, z, 0, 0x70, 0, 0x80 | (a >> 2), b, c, d, e, f, g, h]
}
fn unreachable() -> Arc<dyn Backend> {
    std::process::abort()
}

fn say(what: &str) -> Done {
    writeln!(std::io::stdout(), "{what}")?;
    Ok(())
}
