//! Rows of figures, as a table and as JSON.

use std::time::Duration;

use serde_json::{Value, json};

use crate::figures::{Figures, Pair};

/// How one operation's microseconds are shown.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unit {
    /// Microseconds an operation.
    Micros,
    /// Milliseconds an operation.
    Millis,
    /// Milliseconds a hundred thousand operations.
    MillisPer100k,
    /// Operations a second.
    Rate,
    /// Megabytes a second, where an operation is a megabyte.
    Megabytes,
}

impl Unit {
    fn show(self, micros: f64) -> f64 {
        match self {
            Self::Micros => micros,
            Self::Millis => micros / 1e3,
            Self::MillisPer100k => micros * 100.0,
            Self::Rate | Self::Megabytes => 1e6 / micros,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Micros => "µs",
            Self::Millis => "ms",
            Self::MillisPer100k => "ms/100k",
            Self::Rate => "/s",
            Self::Megabytes => "MB/s",
        }
    }
}

/// Which ratio a goal is about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    /// Processor time, at most this many times the floor's.
    Cpu(f64),
    /// Wall time in the best rounds, at most this many times the floor's.
    Wall(f64),
    /// Microseconds of processor time an operation, on the machine that the goal was set on; the ratio carries over to others.
    CpuMicros(f64),
    /// Milliseconds of wall time in the median round: what people wait for.
    MedianMillis(f64),
    /// Nobody set one; the row is there to be watched.
    None,
}

/// One comparison.
#[derive(Debug)]
pub(crate) struct Row {
    /// Stable name.
    pub(crate) id: &'static str,
    /// What ours does, and what the floor does.
    pub(crate) what: (&'static str, &'static str),
    pub(crate) unit: Unit,
    pub(crate) goal: Goal,
    pub(crate) pair: Pair,
}

impl Row {
    /// Ratios of best rounds, of median rounds and of processor time.
    fn ratios(&self) -> (f64, f64, Option<f64>) {
        let Pair { ours, floor } = &self.pair;
        // A floor that took no measurable processor time gives no ratio.
        let cpu = ours
            .cpu()
            .zip(floor.cpu().filter(|floor| *floor > 0.0))
            .map(|(ours, floor)| ours / floor);
        (ours.best() / floor.best(), ours.median() / floor.median(), cpu)
    }

    fn met(&self) -> Option<bool> {
        let (best, _, cpu) = self.ratios();
        match self.goal {
            Goal::Cpu(most) => cpu.map(|ratio| ratio <= most),
            Goal::Wall(most) => Some(best <= most),
            Goal::CpuMicros(most) => self.pair.ours.cpu().map(|cpu| cpu <= most),
            Goal::MedianMillis(most) => Some(self.pair.ours.median() <= most * 1e3),
            Goal::None => None,
        }
    }

    fn figures(&self, figures: &Figures) -> Value {
        json!({
            "best": self.unit.show(figures.best()),
            "median": self.unit.show(figures.median()),
            "cpuMicrosPerOperation": figures.cpu(),
            "rounds": figures.rounds(),
        })
    }

    fn json(&self) -> Value {
        let (best, median, cpu) = self.ratios();
        let goal = match self.goal {
            Goal::Cpu(most) => json!({ "ratio": "cpu", "atMost": most }),
            Goal::Wall(most) => json!({ "ratio": "best", "atMost": most }),
            Goal::CpuMicros(most) => json!({ "cpuMicrosPerOperation": most }),
            Goal::MedianMillis(most) => json!({ "medianMillis": most }),
            Goal::None => Value::Null,
        };
        json!({
            "id": self.id, "ours": self.what.0, "floor": self.what.1, "unit": self.unit.name(),
            "measured": { "ours": self.figures(&self.pair.ours), "floor": self.figures(&self.pair.floor) },
            "ratio": { "best": best, "median": median, "cpu": cpu },
            "goal": goal, "met": self.met(),
        })
    }
}

/// A whole run.
#[derive(Debug)]
pub(crate) struct Report {
    rows: Vec<Row>,
    load_before: String,
    load_after: String,
    took: Duration,
    /// What is no comparison, a sentence each.
    notes: Vec<String>,
}

impl Report {
    /// Notes how busy the machine is before anything is measured.
    pub(crate) fn begin() -> Self {
        Self {
            rows: Vec::new(),
            load_before: load(),
            load_after: String::new(),
            took: Duration::ZERO,
            notes: Vec::new(),
        }
    }

    /// Adds a row.
    pub(crate) fn add(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// Adds a sentence below the table.
    pub(crate) fn note(&mut self, sentence: String) {
        self.notes.push(sentence);
    }

    /// Notes how busy it is afterwards.
    pub(crate) fn finish(&mut self, took: Duration) {
        self.load_after = load();
        self.took = took;
    }

    /// For people.
    pub(crate) fn table(&self) -> String {
        let mut out = format!(
            "load average {} before, {} after; {} cores; {} build; {:.0} s\nratio = ours / floor of time spent, so \
             less is better; goal: (w) by the best rounds' wall time, (c) by processor time\n\n",
            self.load_before,
            self.load_after,
            cores(),
            build(),
            self.took.as_secs_f64(),
        );
        let mut line = |cells: [&str; 9]| {
            let [id, unit, ours, middling, floor, low, ratio, cpu, goal] = cells;
            out.push_str(&format!(
                "{id:<28} {unit:>8} {ours:>10} {middling:>10} {floor:>10} {low:>10} {ratio:>13} {cpu:>7}  {goal}\n"
            ));
        };
        line([
            "row",
            "unit",
            "ours best",
            "median",
            "floor best",
            "median",
            "ratio b/m",
            "cpu",
            "goal",
        ]);
        for row in &self.rows {
            let (best, median, cpu) = row.ratios();
            let shown = |micros| digits(row.unit.show(micros));
            let verdict = match row.met() {
                Some(true) => "met",
                Some(false) => "MISSED",
                None => "not measured",
            };
            let goal = match row.goal {
                Goal::Cpu(most) => format!("≤ {most} (c) {verdict}"),
                Goal::Wall(most) => format!("≤ {most} (w) {verdict}"),
                Goal::CpuMicros(most) => format!(
                    "≤ {} µs of processor time, {}: {verdict}",
                    digits(most),
                    row.pair.ours.cpu().map_or_else(|| "–".to_owned(), digits),
                ),
                Goal::MedianMillis(most) => format!("≤ {most} ms at the median: {verdict}"),
                Goal::None => "–".to_owned(),
            };
            line([
                row.id,
                row.unit.name(),
                &shown(row.pair.ours.best()),
                &shown(row.pair.ours.median()),
                &shown(row.pair.floor.best()),
                &shown(row.pair.floor.median()),
                &format!("{} / {}", digits(best), digits(median)),
                &cpu.map_or_else(|| "–".to_owned(), digits),
                &goal,
            ]);
        }
        for note in &self.notes {
            out.push_str(&format!("\n{note}"));
        }
        out
    }

    /// For machines.
    pub(crate) fn json(&self) -> Value {
        json!({
            "loadAverage": { "before": self.load_before, "after": self.load_after },
            "cores": cores(), "build": build(), "seconds": self.took.as_secs_f64(),
            "rows": self.rows.iter().map(Row::json).collect::<Vec<_>>(), "notes": self.notes,
        })
    }
}

/// Three digits or more: what the measurement is good for.
fn digits(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}

fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let averages: Vec<_> = text.split(' ').take(3).collect();
    if averages.len() == 3 {
        averages.join(" ")
    } else {
        "unknown".to_owned()
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get)
}

const fn build() -> &'static str {
    if cfg!(debug_assertions) {
        "DEBUG (its figures mean nothing)"
    } else {
        "optimised"
    }
}
