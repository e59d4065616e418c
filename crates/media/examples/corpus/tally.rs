//! What a run found, counted and told.

use std::collections::BTreeMap;
use std::fmt;

use crate::reference::Cells;

/// Mean difference a channel, beyond which two readers do not show the same image.
const ALIKE: f64 = 4.0;

/// What happened to a file here.
pub(crate) enum Outcome {
    Stored {
        cells: Cells,
        incomplete: bool,
        pages: u32,
    },
    /// With its code and sentence.
    Refused(String),
    Panicked,
}

/// Everything that is told at the end.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) reader: String,
    stored: u64,
    incomplete: u64,
    several_pages: u64,
    /// By sentence: how many, and how many of them the other reader refused too.
    refused: BTreeMap<String, (u64, u64)>,
    compared: u64,
    sum: f64,
    notes: Vec<String>,
}

impl Tally {
    pub(crate) fn note(&mut self, name: &str, ours: Outcome, theirs: Result<Cells, String>) {
        match (ours, theirs) {
            (Outcome::Panicked, _) => self.notes.push(format!("PANIC: {name}")),
            (
                Outcome::Stored {
                    cells,
                    incomplete,
                    pages,
                },
                theirs,
            ) => {
                self.stored += 1;
                self.incomplete += u64::from(incomplete);
                self.several_pages += u64::from(pages > 1);
                match theirs.map(|theirs| cells.difference(&theirs)) {
                    Ok(Some(far)) => {
                        self.compared += 1;
                        self.sum += far;
                        if far > ALIKE {
                            self.notes.push(format!("differs by {far:.1}: {name}"));
                        }
                    }
                    Ok(None) => self.notes.push(format!("another size: {name}")),
                    Err(reason) => self.notes.push(format!("stored here only: {name} ({reason})")),
                }
            }
            (Outcome::Refused(sentence), theirs) => {
                let counts = self.refused.entry(sentence.clone()).or_default();
                counts.0 += 1;
                counts.1 += u64::from(theirs.is_err());
                if theirs.is_ok() {
                    self.notes.push(format!("refused here only: {name} ({sentence})"));
                }
            }
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refused: u64 = self.refused.values().map(|(count, _)| count).sum();
        writeln!(
            f,
            "stored {}, of them incomplete {}, of several pages {}; refused {refused}",
            self.stored, self.incomplete, self.several_pages
        )?;
        for (sentence, (count, both)) in &self.refused {
            writeln!(f, "  {count} × {sentence} ({both} refused by the reference too)")?;
        }
        let count = u32::try_from(self.compared.max(1)).unwrap_or(u32::MAX);
        writeln!(
            f,
            "compared {} with {}: mean error {:.2} a channel",
            self.compared,
            self.reader,
            self.sum / f64::from(count)
        )?;
        let mut notes: Vec<&String> = self.notes.iter().collect();
        notes.sort();
        notes.into_iter().try_for_each(|note| writeln!(f, "{note}"))
    }
}
