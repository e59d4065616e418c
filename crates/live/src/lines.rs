//! Which lines of a text were changed, as hunks.

use std::collections::HashMap;

use crate::part::{common, part};

/// The most cells that are looked at to find which lines stayed; beyond, everything between what both texts begin and
/// end with counts as one change. Part of the rule, because the browser must come to the same result.
const MOST_CELLS: usize = 1 << 20;

/// Lines `from` to `to` (not included) of the base became these; equal numbers mean that something was inserted there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hunk<'t> {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) lines: Vec<&'t str>,
}

/// The lines of a text; an empty text has none.
pub(crate) fn of(text: &str) -> Vec<&str> {
    if text.is_empty() {
        Vec::new()
    } else {
        text.split('\n').collect()
    }
}

/// What was changed, from the beginning to the end.
pub(crate) fn hunks<'t>(base: &[&'t str], new: &[&'t str]) -> Vec<Hunk<'t>> {
    let (start, end) = common(base, new);
    let old = part(base, start..base.len() - end);
    let new = part(new, start..new.len() - end);
    if old.is_empty() && new.is_empty() {
        return Vec::new();
    }
    if old.len().saturating_mul(new.len()) > MOST_CELLS {
        return line_by_line(start, old.len(), new);
    }
    let mut found = Vec::new();
    let (mut from, mut lines_from) = (0, 0);
    for (row, column) in kept(old, new).into_iter().chain([(old.len(), new.len())]) {
        if row > from || column > lines_from {
            found.extend(line_by_line(
                start + from,
                row - from,
                part(new, lines_from..column),
            ));
        }
        (from, lines_from) = (row + 1, column + 1);
    }
    found
}

/// As many lines for as many are that many changes of one line each: neighbours do not disturb each other.
fn line_by_line<'t>(from: usize, count: usize, lines: &[&'t str]) -> Vec<Hunk<'t>> {
    if count != lines.len() {
        return vec![Hunk {
            from,
            to: from + count,
            lines: lines.to_vec(),
        }];
    }
    let hunks = lines.iter().enumerate().map(|(index, line)| Hunk {
        from: from + index,
        to: from + index + 1,
        lines: vec![*line],
    });
    hunks.collect()
}

/// A longest common subsequence; of several the one that keeps what stands earlier in the new text.
fn kept(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    // Each text once, so that a million cells compare numbers and not lines.
    let mut numbers = HashMap::with_capacity(old.len() + new.len());
    let old = numbered(old, &mut numbers);
    let new = numbered(new, &mut numbers);
    let mut table = Table::new(old.len(), new.len());
    for (row, line) in old.iter().enumerate().rev() {
        table.fill(row, *line, &new);
    }
    let mut pairs = Vec::new();
    let (mut row, mut column) = (0, 0);
    while let Some((line, other)) = old.get(row).zip(new.get(column)) {
        if line == other {
            pairs.push((row, column));
            row += 1;
            column += 1;
        } else if table.at(row + 1, column) >= table.at(row, column + 1) {
            row += 1;
        } else {
            column += 1;
        }
    }
    pairs
}

/// The same number for the same line.
fn numbered<'t>(lines: &[&'t str], numbers: &mut HashMap<&'t str, usize>) -> Vec<usize> {
    let number = |line: &&'t str| {
        let next = numbers.len();
        *numbers.entry(*line).or_insert(next)
    };
    lines.iter().map(number).collect()
}

/// The lengths of the longest common subsequences of what comes from a row and a column on. A length is that of the
/// shorter text at most, whose square the cells bound: it fits 16 bits.
struct Table {
    width: usize,
    cells: Vec<u16>,
}

impl Table {
    fn new(rows: usize, columns: usize) -> Self {
        let width = columns + 1;
        Self {
            width,
            cells: vec![0; (rows + 1) * width],
        }
    }

    fn at(&self, row: usize, column: usize) -> u16 {
        self.cells
            .get(row * self.width + column)
            .copied()
            .unwrap_or_default()
    }

    /// Fills a row, whose next one is filled already.
    fn fill(&mut self, row: usize, line: usize, new: &[usize]) {
        let (above, below) = self.cells.split_at_mut((row + 1) * self.width);
        let this = above.get_mut(row * self.width..).unwrap_or_default();
        let below = below.get(..self.width).unwrap_or_default();
        // From right to left: what stands right of a cell, and what stands below right of it.
        let (mut right, mut diagonal) = (0, 0);
        for ((cell, below), other) in this.iter_mut().zip(below.iter()).zip(new).rev() {
            let longest = if line == *other {
                diagonal + 1
            } else {
                right.max(*below)
            };
            *cell = longest;
            (right, diagonal) = (longest, *below);
        }
    }
}
