//! What the writer last wrote to rows, so that it immediately refuses to overwrite a change by something else.
//!
//! This covers only what this writer has written itself since its start, and only while no other process of this
//! program writes, which may change any row. What is not known here is still found by the trail (U4).

use std::collections::HashMap;

use cutis_domain::Digest;

use crate::place::Place;

/// The maximum number of known rows, a few megabytes; then it starts again with none.
const MOST: usize = 32_768;

/// The state in which a row was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Left {
    /// Its digest; `None` if it was deleted.
    pub(crate) digest: Option<Digest>,
    /// Whether it will not change again.
    pub(crate) last: bool,
}

/// Rows as they were left, by how sure that is.
#[derive(Debug, Default)]
pub(crate) struct Known {
    durable: HashMap<Place, Left>,
    group: HashMap<Place, Left>,
    unit: Vec<(Place, Left)>,
}

impl Known {
    /// What a row must be now, if that is known.
    pub(crate) fn expected(&self, place: Place) -> Option<Left> {
        self.group
            .get(&place)
            .or_else(|| self.durable.get(&place))
            .copied()
    }

    /// The present unit leaves a row like this.
    pub(crate) fn left(&mut self, place: Place, left: Left) {
        self.unit.push((place, left));
    }

    /// The unit is kept.
    pub(crate) fn keep(&mut self) {
        self.group.extend(self.unit.drain(..));
    }

    /// The unit is undone.
    pub(crate) fn undo(&mut self) {
        self.unit.clear();
    }

    /// The group is durable; returns its rows that will not change again.
    pub(crate) fn commit(&mut self) -> Vec<(Place, Digest)> {
        self.unit.clear();
        let last = self.group.iter().filter(|(_, left)| left.last);
        let last = last
            .filter_map(|(place, left)| left.digest.map(|digest| (*place, digest)))
            .collect();
        if self.durable.len().saturating_add(self.group.len()) > MOST {
            self.durable.clear();
        }
        self.durable.extend(self.group.drain());
        last
    }

    /// The group is given up.
    pub(crate) fn rollback(&mut self) {
        self.unit.clear();
        self.group.clear();
    }

    /// Another process wrote.
    pub(crate) fn forget(&mut self) {
        self.durable.clear();
    }
}
