//! What a client missed while it was away.

use std::collections::VecDeque;

/// A place in the feed of one account. A feed lives as long as the program runs, so a mark names the run too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    run: u64,
    number: u64,
}

impl Mark {
    /// Reads what [`Mark`] writes; anything else is a mark that no feed knows.
    pub fn parse(text: &str) -> Option<Self> {
        let (run, number) = text.split_once('.')?;
        let run = u64::from_str_radix(run, 16).ok()?;
        let number = number.parse().ok()?;
        Some(Self { run, number })
    }
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:x}.{}", self.run, self.number)
    }
}

/// What came after a mark.
#[derive(Debug, PartialEq, Eq)]
pub enum Missed<'f, T> {
    /// These, in their order.
    These(Vec<&'f T>),
    /// It is not known any more.
    Unknown,
}

/// The newest changes of one account.
#[derive(Debug)]
pub struct Feed<T> {
    run: u64,
    /// The number of the newest one.
    newest: u64,
    most: usize,
    kept: VecDeque<T>,
}

impl<T> Feed<T> {
    /// An empty one that keeps so many; `run` is different each time the program runs.
    pub const fn new(run: u64, most: usize) -> Self {
        Self {
            run,
            newest: 0,
            most,
            kept: VecDeque::new(),
        }
    }

    /// Adds a change; returns the place after it.
    pub fn push(&mut self, change: T) -> Mark {
        self.newest = self.newest.saturating_add(1);
        if self.kept.len() == self.most {
            self.kept.pop_front();
        }
        self.kept.push_back(change);
        self.mark()
    }

    /// Changes went by that nobody knows: whatever mark was given out before is not known any more.
    pub fn forget(&mut self) -> Mark {
        self.kept.clear();
        self.newest = self.newest.saturating_add(1);
        self.mark()
    }

    /// The place after the newest change.
    pub const fn mark(&self) -> Mark {
        Mark {
            run: self.run,
            number: self.newest,
        }
    }

    /// The place after the change that comes next.
    pub const fn next(&self) -> Mark {
        Mark {
            run: self.run,
            number: self.newest.saturating_add(1),
        }
    }

    /// What came after a mark.
    pub fn since(&self, mark: Mark) -> Missed<'_, T> {
        let missed = self
            .newest
            .checked_sub(mark.number)
            .and_then(|missed| usize::try_from(missed).ok())
            .filter(|missed| mark.run == self.run && *missed <= self.kept.len());
        match missed {
            Some(missed) => Missed::These(self.kept.iter().skip(self.kept.len() - missed).collect()),
            None => Missed::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S1: resume from the last version seen, full resync after a gap.
    #[test]
    fn what_was_missed_is_told_or_said_to_be_unknown() {
        let mut feed = Feed::new(0xA7, 3);
        let start = feed.mark();
        assert_eq!(feed.since(start), Missed::These(vec![]));
        let first = feed.push(1);
        feed.push(2);
        feed.push(3);
        assert_eq!(feed.since(start), Missed::These(vec![&1, &2, &3]));
        assert_eq!(feed.since(first), Missed::These(vec![&2, &3]));
        let next = feed.next();
        let last = feed.push(4);
        assert_eq!(last, next);
        assert_eq!(feed.since(start), Missed::Unknown);
        assert_eq!(feed.since(first), Missed::These(vec![&2, &3, &4]));
        assert_eq!(Mark::parse(&last.to_string()), Some(last));
        let after = feed.forget();
        assert_eq!(feed.since(last), Missed::Unknown);
        assert_eq!(feed.since(after), Missed::These(vec![]));
        feed.push(5);
        assert_eq!(feed.since(after), Missed::These(vec![&5]));
        assert_eq!(feed.since(last), Missed::Unknown);
        for unknown in ["a7.9", "a8.4"] {
            assert_eq!(feed.since(Mark::parse(unknown).expect("a mark")), Missed::Unknown);
        }
        for wrong in ["", "4", "x.1", "a7.", "a7.-1"] {
            assert_eq!(Mark::parse(wrong), None, "{wrong}");
        }
    }
}
