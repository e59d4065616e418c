//! What was tried, what was stopped, and what came through.

use std::fmt::Write as _;

/// The count of one attack.
#[derive(Debug)]
pub struct Tally {
    name: &'static str,
    tried: u64,
    came_through: Vec<String>,
    figures: Vec<String>,
}

impl Tally {
    /// An attack of this name, not tried yet.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            tried: 0,
            came_through: Vec::new(),
            figures: Vec::new(),
        }
    }

    /// One try: whether it was stopped, and what to say if it was not.
    pub fn tried(&mut self, stopped: bool, what: impl FnOnce() -> String) {
        self.tried += 1;
        if !stopped {
            let what = what();
            eprintln!("  came through ({}): {what}", self.name);
            self.came_through.push(what);
        }
    }

    /// A number worth printing.
    pub fn figure(&mut self, text: impl Into<String>) {
        self.figures.push(text.into());
    }

    /// The attack itself failed; that proves nothing, so it counts as come through.
    pub fn failed(name: &'static str, why: String) -> Self {
        let mut tally = Self::new(name);
        tally.tried(false, || format!("the attack could not be made: {why}"));
        tally
    }

    fn stopped(&self) -> u64 {
        self.tried - u64::try_from(self.came_through.len()).unwrap_or(u64::MAX)
    }

    /// `attack NAME: tried N, stopped N, figures`.
    pub fn line(&self) -> String {
        let mut line = format!(
            "attack {}: tried {}, stopped {}",
            self.name,
            self.tried,
            self.stopped()
        );
        for figure in &self.figures {
            let _written = write!(line, ", {figure}").is_ok();
        }
        line
    }
}

/// The closing table, and whether everything was stopped.
pub fn close(tallies: &[Tally]) -> (String, bool) {
    let mut table = format!(
        "\n{:<34} {:>6} {:>8} {:>8}\n",
        "attack", "tried", "stopped", "through"
    );
    let (mut tried, mut stopped) = (0, 0);
    for tally in tallies {
        tried += tally.tried;
        stopped += tally.stopped();
        let through = tally.came_through.len();
        let _written = writeln!(
            table,
            "{:<34} {:>6} {:>8} {through:>8}",
            tally.name,
            tally.tried,
            tally.stopped()
        )
        .is_ok();
    }
    let _written = writeln!(
        table,
        "{:<34} {tried:>6} {stopped:>8} {:>8}",
        "all",
        tried - stopped
    )
    .is_ok();
    for tally in tallies {
        for what in &tally.came_through {
            let _written = writeln!(table, "CAME THROUGH {}: {what}", tally.name).is_ok();
        }
    }
    (table, tried == stopped)
}
