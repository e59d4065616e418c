//! Reads a trail from its first event and names the first bad place (U4).
//!
//! It streams: the verifier keeps the tree's edge and the newest code of each attested row that exists, up to a limit
//! of rows, but never the events. If there are more rows, each of several parts is checked by a walk of its own
//! ([`RowWalk`]). It shares the hashing with the writer but never encodes an event again: what is stored is what is
//! hashed.
//!
//! A fault of the trail ends the verification. A row that was changed by something else between two events leaves the
//! trail readable, so all such changes are found, each with the event before which it happened.

mod fault;
mod report;

use std::collections::VecDeque;

use cutis_domain::Timestamp;

use crate::action::Action;
use crate::checkpoint::Checkpoint;
use crate::head::Head;
use crate::key::TrailKey;
use crate::leaf::{Leaf, commitment};
use crate::tree::{Frontier, Hash};
use crate::wire::{self, StoredRecord};

pub use fault::{Fault, Faults, RowFault};
pub use report::{Part, Report, RowCheck, RowWalk};

use report::Rows;

/// A statement about the trail from outside the database: a head file, a checkpoint on paper.
#[derive(Debug, Clone)]
pub struct Witness {
    size: u64,
    root: Hash,
    mac: Option<[u8; 32]>,
    source: String,
    at: Option<Timestamp>,
}

impl Witness {
    /// A head kept outside the database; `source` names it to a person, such as “the head file”.
    pub fn head(head: &Head, source: impl Into<String>) -> Self {
        let Head { size, root, mac } = *head;
        Self {
            size,
            root,
            mac: Some(mac),
            source: source.into(),
            at: None,
        }
    }

    /// A checkpoint, already opened and so known to be genuine.
    pub fn checkpoint(checkpoint: &Checkpoint, source: impl Into<String>) -> Self {
        let Checkpoint { size, root, .. } = *checkpoint;
        Self {
            size,
            root,
            mac: None,
            source: source.into(),
            at: None,
        }
    }

    /// So many events with this root, known to be genuine by the caller.
    pub fn seen_by(size: u64, root: Hash, source: impl Into<String>) -> Self {
        Self {
            size,
            root,
            mac: None,
            source: source.into(),
            at: None,
        }
    }

    /// The same, seen at this time.
    #[must_use]
    pub const fn seen(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }

    fn is_forged(&self, key: Option<&TrailKey>) -> bool {
        key.zip(self.mac.as_ref())
            .is_some_and(|(key, mac)| !key.head_is_ours(self.size, &self.root, mac))
    }
}

/// Takes leaves in order and stops at the first fault of the trail.
#[derive(Debug)]
pub struct Verifier {
    key: Option<TrailKey>,
    frontier: Frontier,
    day: u32,
    newest: Option<Timestamp>,
    rows: Rows,
    /// Genuine witnesses not yet reached, smallest first.
    ahead: VecDeque<Witness>,
    confirmed: usize,
    forged: Option<Fault>,
    fault: Option<Fault>,
}

impl Verifier {
    /// A verifier that has the trail's key, so that it also detects a trail that was forged as a whole.
    pub fn new(key: &TrailKey) -> Self {
        Self::with(Some(key.clone()))
    }

    /// A verifier for somebody without the key. It finds every event that does not fit its own
    /// commitment; that the rest is genuine rests on checkpoints given to [`Self::expecting`].
    pub fn without_key() -> Self {
        Self::with(None)
    }

    fn with(key: Option<TrailKey>) -> Self {
        Self {
            key,
            frontier: Frontier::new(),
            day: 0,
            newest: None,
            rows: Rows::of(Part::ALL, usize::MAX),
            ahead: VecDeque::new(),
            confirmed: 0,
            forged: None,
            fault: None,
        }
    }

    /// The same, keeping what events say about at most this many rows; if there are more, the report says so.
    #[must_use]
    pub fn keeping(mut self, most: usize) -> Self {
        self.rows = Rows::of(Part::ALL, most);
        self
    }

    /// The same, comparing with statements from outside. To be called before the first event, so that no event has to
    /// be kept.
    #[must_use]
    pub fn expecting(mut self, witnesses: Vec<Witness>) -> Self {
        for witness in witnesses {
            if witness.is_forged(self.key.as_ref()) {
                // Kept for the end: a damaged head file must not hide the place in the trail.
                self.forged.get_or_insert(Fault::WitnessForged {
                    source_name: witness.source,
                });
            } else {
                self.ahead.push_back(witness);
            }
        }
        self.ahead.make_contiguous().sort_by_key(|witness| witness.size);
        self
    }

    /// Takes the next leaf and returns what it says, for comparing with columns derived from it.
    ///
    /// # Errors
    /// The first fault; the same again for every leaf after it.
    pub fn push(&mut self, leaf: &Leaf) -> Result<StoredRecord, Fault> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        self.examine(leaf)
            .inspect_err(|fault| self.fault = Some(fault.clone()))
    }

    fn examine(&mut self, leaf: &Leaf) -> Result<StoredRecord, Fault> {
        self.meet_witnesses()?;
        let last = self.frontier.size();
        let sequence = last.saturating_add(1);
        if leaf.sequence > sequence {
            return Err(Fault::Missing {
                sequence,
                next: leaf.sequence,
            });
        }
        if leaf.sequence < sequence {
            return Err(Fault::OutOfOrder {
                sequence: leaf.sequence,
                after: last,
            });
        }
        let (Some(salt), Some(payload)) = (&leaf.salt, &leaf.payload) else {
            return Err(Fault::Emptied { sequence });
        };
        if commitment(salt, payload) != leaf.commit {
            return Err(Fault::Content { sequence });
        }
        let leaf_hash = leaf.leaf_hash();
        let genuine = self
            .key
            .as_ref()
            .is_none_or(|key| key.leaf_is_ours(sequence, &leaf_hash, &leaf.mac));
        let record = wire::decode(payload);
        // A genuine event in another's place says so itself, which tells a person more.
        if let Some(recorded_as) = record
            .as_ref()
            .ok()
            .map(|r| r.sequence)
            .filter(|at| *at != sequence)
        {
            return Err(Fault::Moved {
                sequence,
                recorded_as,
            });
        }
        if !genuine {
            return Err(Fault::Foreign { sequence });
        }
        let record = record.map_err(|why| Fault::Unreadable { sequence, why })?;
        self.check_leaf(leaf, &record)?;
        self.frontier.push(leaf_hash);
        for row in &record.state {
            self.rows.note(sequence, row);
        }
        self.meet_witnesses()?;
        Ok(record)
    }

    /// The leaf's class and day must be those of the content, or purging would use wrong ones.
    fn check_leaf(&mut self, leaf: &Leaf, record: &StoredRecord) -> Result<(), Fault> {
        let fault = Fault::Leaf {
            sequence: leaf.sequence,
        };
        let at = Timestamp::parse(&record.at).map_err(|_| fault.clone())?;
        // An action that a newer program knows has a class this one cannot check.
        let class = Action::parse(&record.action).map_or(leaf.class, |action| action.class().number());
        if leaf.class != class || leaf.day != at.as_days().max(self.day) {
            return Err(fault);
        }
        self.day = leaf.day;
        self.newest = self.newest.max(Some(at));
        Ok(())
    }

    fn meet_witnesses(&mut self) -> Result<(), Fault> {
        let size = self.frontier.size();
        while let Some(witness) = self.ahead.pop_front_if(|witness| witness.size == size) {
            if witness.root != self.frontier.root() {
                return Err(Fault::Forked {
                    size,
                    source_name: witness.source,
                    at: witness.at,
                });
            }
            self.confirmed += 1;
        }
        Ok(())
    }

    /// Ends the trail here and compares with the end that the database holds and with the
    /// witnesses that reach further. With a key, a trail of any length must have both its head and its frontier;
    /// without a key, pass what there is.
    ///
    /// # Errors
    /// The first fault.
    pub fn finish(
        mut self,
        stored_head: Option<&Head>,
        stored_frontier: Option<&Frontier>,
    ) -> Result<Report, Fault> {
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        self.meet_witnesses()?;
        let size = self.frontier.size();
        if let Some(Witness {
            size: witnessed,
            source,
            at,
            ..
        }) = self.ahead.pop_front()
        {
            return Err(Fault::Truncated {
                ends_at: size,
                witnessed,
                source_name: source,
                at,
            });
        }
        self.check_head(stored_head)?;
        match stored_frontier {
            Some(frontier) if *frontier == self.frontier => {}
            None if self.key.is_none() || size == 0 => {}
            _ => return Err(Fault::FrontierDiffers),
        }
        if let Some(fault) = self.forged {
            return Err(fault);
        }
        let root = self.frontier.root();
        Ok(Report {
            events: size,
            root,
            newest: self.newest,
            witnesses: self.confirmed,
            rows: self.rows,
        })
    }

    fn check_head(&self, stored: Option<&Head>) -> Result<(), Fault> {
        let size = self.frontier.size();
        let Some(head) = stored else {
            return if self.key.is_none() || size == 0 {
                Ok(())
            } else {
                Err(Fault::HeadMissing)
            };
        };
        if self.key.as_ref().is_some_and(|key| !head.verify(key)) {
            return Err(Fault::HeadForged);
        }
        if head.size > size {
            let source_name = "the head in the database".to_owned();
            return Err(Fault::Truncated {
                ends_at: size,
                witnessed: head.size,
                source_name,
                at: None,
            });
        }
        if head.size < size {
            return Err(Fault::HeadBehind {
                head: head.size,
                trail: size,
            });
        }
        if head.root == self.frontier.root() {
            Ok(())
        } else {
            Err(Fault::HeadDiffers { size })
        }
    }
}

#[cfg(test)]
mod tests;
