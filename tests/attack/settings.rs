//! How much is tried, from the command line and the environment.

use std::time::Duration;

/// What was asked for.
#[derive(Debug)]
pub struct Settings {
    /// Seeds every choice.
    pub seed: u64,
    /// The short version, for continuous integration.
    pub short: bool,
    /// How often the program is killed.
    pub kills: u64,
    /// Values to tamper with; `None` for every one there is.
    pub cells: Option<usize>,
    /// How long a flood lasts.
    pub flood: Duration,
    /// Whether disk faults are made too, which needs strace.
    pub disk_faults: bool,
    /// The command that generates requests, when that is what is asked for.
    pub generator: Option<String>,
    /// Requests that it generates for each operation.
    pub examples: u64,
    only: Option<String>,
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} must be a number, not {text:?}")),
    )
}

impl Settings {
    /// `None` when nothing is to be attacked.
    pub fn parse() -> Option<Self> {
        let words: Vec<String> = std::env::args().skip(1).collect();
        if !words.iter().any(|word| word == "--run") {
            return None;
        }
        let short = words.iter().any(|word| word == "--short");
        let after = |name: &str| {
            let at = words.iter().position(|word| word == name)?;
            Some(
                words
                    .get(at + 1)
                    .cloned()
                    .unwrap_or_else(|| panic!("{name} needs a value")),
            )
        };
        let all_cells = std::env::var("CUTIS_ATTACK_CELLS").is_ok_and(|text| text == "all");
        let cells = if all_cells {
            None
        } else {
            let usual = if short { 12 } else { 70 };
            number("CUTIS_ATTACK_CELLS").map_or(Some(usual), |cells| usize::try_from(cells).ok())
        };
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let drawn = now.map_or(1, |since| u64::from(since.subsec_nanos()));
        Some(Self {
            seed: number("CUTIS_ATTACK_SEED").unwrap_or(drawn),
            short,
            kills: number("CUTIS_ATTACK_KILLS").unwrap_or(if short { 3 } else { 20 }),
            cells,
            flood: Duration::from_secs(number("CUTIS_ATTACK_SECONDS").unwrap_or(if short { 4 } else { 8 })),
            disk_faults: number("CUTIS_ATTACK_IO").is_some_and(|asked| asked > 0),
            generator: after("--requests"),
            examples: number("CUTIS_ATTACK_EXAMPLES").unwrap_or(60),
            only: after("--only"),
        })
    }

    /// Whether an attack runs.
    pub fn wants(&self, name: &str, in_short: bool) -> bool {
        match &self.only {
            Some(only) => name.starts_with(only.as_str()),
            None => in_short || !self.short,
        }
    }
}

/// A generator of choices: SplitMix64.
#[derive(Debug)]
pub struct Choices(u64);

impl Choices {
    /// From a seed and the name of who chooses.
    pub fn new(seed: u64, who: &str) -> Self {
        let mixed = who.bytes().fold(seed, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(u64::from(byte))
        });
        Self(mixed)
    }

    /// Any number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).expect("small");
        usize::try_from(self.next() % bound).expect("small")
    }

    /// Keeps so many of the items, chosen evenly, in their order.
    pub fn keep<T>(&mut self, mut items: Vec<T>, many: usize) -> Vec<T> {
        while items.len() > many {
            let out = self.below(items.len());
            drop(items.remove(out));
        }
        items
    }
}
