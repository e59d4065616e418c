//! Whether the trail in the database still begins with what a statement from outside says (U4): a head that is kept
//! beside the database, or a checkpoint that left the host.
//!
//! Cheap where it matters: a head of the same size is compared with the stored edge of the tree; an older
//! one costs one pass over the leaves, about 38 bytes hashed for each event, no payload.

use std::collections::BTreeMap;

use cutis_audit::tree::Hash;
use cutis_audit::wire::StoredBefore;
use cutis_audit::{Frontier, Head, TrailKey};

use crate::backend::{Backend, Evidence};
use crate::error::{Result, StorageError};

/// How the trail compares with a head from outside the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The head is the trail's beginning, and the trail continues for this many events.
    Continues {
        /// Events after the head.
        by: u64,
    },
    /// The head has seen more events than there are.
    Behind {
        /// Where the trail ends.
        ends_at: u64,
    },
    /// The trail has as many events, but different ones.
    Forked {
        /// Where the trail ends.
        ends_at: u64,
    },
    /// This installation never wrote such a head.
    Forged,
}

/// Compares a trail with a head.
///
/// # Errors
/// When the database fails or its stored end cannot be read.
pub(crate) fn standing(evidence: &dyn Evidence, key: &TrailKey, head: &Head) -> Result<Standing> {
    if !head.verify(key) {
        return Ok(Standing::Forged);
    }
    let stored = evidence.stored_tail()?;
    let ends_at = stored.as_ref().map_or(0, |(tail, _)| tail.frontier.size());
    if head.size > ends_at {
        return Ok(Standing::Behind { ends_at });
    }
    let by = ends_at.saturating_sub(head.size);
    let root = match stored {
        // The stored end is believed only where it carries this installation's code.
        Some((tail, own)) if by == 0 && own.verify(key) && own.root == tail.frontier.root() => Some(own.root),
        _ => root_at(evidence, Frontier::new(), head.size)?,
    };
    Ok(if root == Some(head.root) {
        Standing::Continues { by }
    } else {
        Standing::Forked { ends_at }
    })
}

/// What shows that the parts of the database are from different times, for example because the log of another copy was
/// beside it: pages that do not fit together, or a trail whose events are not those of its stored end. `None` if
/// everything fits. Reads everything once except the content of events before the last [`RECENT`]: half a second for
/// 100,000 events.
///
/// # Errors
/// When the database fails.
pub fn mixture_in(backend: &dyn Backend, key: &TrailKey) -> Result<Option<String>> {
    let mut found = Ok(None);
    backend.examine(&mut |evidence| {
        found = evidence
            .page_fault()
            .and_then(|fault| fault.map_or_else(|| trail_fault(evidence), |fault| Ok(Some(fault))))
            .and_then(|fault| fault.map_or_else(|| row_fault(evidence, key), |fault| Ok(Some(fault))));
    })?;
    found
}

/// Events whose rows are compared: many more than a log can hold that has all of a trail's newest pages.
const RECENT: u64 = 20_000;

/// A row that is as an earlier event left it: its page is from before that of the events. A row that no recent event left so
/// was changed by hand, which is not what is looked for here.
fn row_fault(evidence: &dyn Evidence, key: &TrailKey) -> Result<Option<String>> {
    let size = evidence.stored_tail()?.map_or(0, |(_, head)| head.size);
    let mut states: BTreeMap<(String, i64), Vec<Option<[u8; 32]>>> = BTreeMap::new();
    evidence.leaves_after(size.saturating_sub(RECENT), &mut |stored| {
        for row in stored.leaf.read(key).into_iter().flat_map(|record| record.state) {
            let states = states.entry((row.table, row.row)).or_default();
            match row.before {
                StoredBefore::Was(code) if states.is_empty() => states.push(Some(code)),
                StoredBefore::Nothing if states.is_empty() => states.push(None),
                StoredBefore::Was(_) | StoredBefore::Nothing | StoredBefore::Unsaid => {}
            }
            states.push(row.after);
        }
        true
    })?;
    for ((table, row), states) in states {
        let found = evidence.attested_row(&table, row)?;
        let is = |state: &Option<[u8; 32]>| match (&found, state) {
            (Some(digest), Some(code)) => key.is_attested(&table, row, digest, code),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        let Some((newest, earlier)) = states.split_last() else {
            continue;
        };
        if !is(newest) && earlier.iter().any(is) {
            return Ok(Some(format!(
                "row {row} of table {table} is older than the newest event about it"
            )));
        }
    }
    Ok(None)
}

fn trail_fault(evidence: &dyn Evidence) -> Result<Option<String>> {
    let (mut frontier, mut missing) = (Frontier::new(), None);
    evidence.leaf_hashes(0, &mut |sequence, leaf| {
        let next = frontier.size().saturating_add(1);
        if sequence != next {
            missing = Some(format!("event {next} of the trail is missing"));
            return false;
        }
        frontier.push(leaf);
        true
    })?;
    if missing.is_some() {
        return Ok(missing);
    }
    let fits = match evidence.stored_tail()? {
        Some((tail, head)) => tail.frontier.root() == frontier.root() && head.root == frontier.root(),
        None => frontier.size() == 0,
    };
    Ok((!fits).then(|| "the end of the trail does not fit its events".to_owned()))
}

/// The tree's root over the first `size` events, going on from an edge that is known; `None` when there
/// are fewer, or one is missing.
fn root_at(evidence: &dyn Evidence, mut from: Frontier, size: u64) -> Result<Option<Hash>> {
    if from.size() > size {
        from = Frontier::new();
    }
    if from.size() < size {
        let after = from.size();
        evidence.leaf_hashes(after, &mut |sequence, leaf| {
            if sequence != from.size().saturating_add(1) {
                return false;
            }
            from.push(leaf);
            from.size() < size
        })?;
    }
    Ok((from.size() == size).then(|| from.root()))
}

/// The trail as the database holds it now, for a keeper of heads to compare what it finds with.
pub trait Beginnings {
    /// Whether the trail begins with what this head has seen; never for a head of somebody else.
    ///
    /// # Errors
    /// When the database fails.
    fn begins_with(&self, head: &Head) -> Result<bool>;
}

/// The trail that a writer has just committed to.
pub(crate) struct Trail<'b> {
    backend: &'b dyn Backend,
    key: &'b TrailKey,
    /// An edge that was committed, so that not everything is read again.
    known: Option<&'b Frontier>,
}

impl<'b> Trail<'b> {
    pub(crate) fn new(backend: &'b dyn Backend, key: &'b TrailKey, known: Option<&'b Frontier>) -> Self {
        Self { backend, key, known }
    }
}

impl Beginnings for Trail<'_> {
    fn begins_with(&self, head: &Head) -> Result<bool> {
        if !head.verify(self.key) {
            return Ok(false);
        }
        let mut root = Ok(None);
        self.backend.examine(&mut |evidence| {
            let known = self.known.cloned().unwrap_or_default();
            root = root_at(evidence, known, head.size);
        })?;
        Ok(root? == Some(head.root))
    }
}

/// Compares the trail of a backend that nobody writes through yet with a head.
///
/// # Errors
/// As [`standing`].
pub fn standing_of(backend: &dyn Backend, key: &TrailKey, head: &Head) -> Result<Standing> {
    let mut found: Option<Result<Standing>> = None;
    backend.examine(&mut |evidence| found = Some(standing(evidence, key, head)))?;
    found.unwrap_or_else(|| {
        Err(StorageError::new(
            crate::ErrorKind::Unavailable,
            "the database provided no snapshot",
        ))
    })
}
