//! Whether the trail in the database agrees with many statements about it from outside (U4): every checkpoint beside
//! it, at each start.
//!
//! Cheap, because the trail remembers its own checkpoints: each is an event soon after the size it is about,
//! with the root in it and this installation's code, so that one look-up by number is enough. Only statements without
//! such an event need a pass over the leaves, and one pass serves all of them.

use cutis_audit::tree::Hash;
use cutis_audit::wire::StoredRecord;
use cutis_audit::{Action, Digest, Frontier, TrailKey};

use crate::backend::{Backend, Evidence};
use crate::error::{Result, StorageError};

/// Within how many events after its size a checkpoint's own event is looked for: others may come between.
const SOON: u64 = 64;

/// A statement about a trail: how many events it had, and the tree's root over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Seen {
    /// How many events there were.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// How the trail compares with one statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// The statement is the trail's beginning, and the trail has an event about it.
    Recorded,
    /// The statement is the trail's beginning, which was found by reading the leaves.
    Agrees,
    /// The trail has fewer events.
    Ahead,
    /// The trail has as many events, but different ones.
    Differs,
}

impl Agreement {
    /// Whether it is the trail's beginning.
    pub const fn is_agreed(self) -> bool {
        matches!(self, Self::Recorded | Self::Agrees)
    }
}

/// How a trail compares with all statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreements {
    /// Where the trail ends.
    pub ends_at: u64,
    /// One result for each statement, in the same order.
    pub each: Vec<Agreement>,
}

/// Compares a trail with statements about it, which must be genuine.
///
/// # Errors
/// When the database fails or its stored end cannot be read.
pub fn agreements_of(backend: &dyn Backend, key: &TrailKey, seen: &[Seen]) -> Result<Agreements> {
    within(backend, |evidence| {
        let stored = evidence.stored_tail()?;
        let ends_at = stored.as_ref().map_or(0, |(tail, _)| tail.frontier.size());
        let own = stored.and_then(|(tail, own)| {
            let root = tail.frontier.root();
            (own.verify(key) && own.root == root && own.size == ends_at).then_some(root)
        });
        let mut each = Vec::with_capacity(seen.len());
        for it in seen {
            each.push(if it.size > ends_at {
                Some(Agreement::Ahead)
            } else if it.size == ends_at && own == Some(it.root) {
                Some(Agreement::Recorded)
            } else {
                is_recorded(evidence, key, it)?.then_some(Agreement::Recorded)
            });
        }
        read_through(evidence, seen, &mut each)?;
        Ok(Agreements {
            ends_at,
            each: each
                .into_iter()
                .map(|it| it.unwrap_or(Agreement::Differs))
                .collect(),
        })
    })
}

/// The events of these actions with numbers above `after` and up to `upto`, as far as this installation wrote
/// them, in order.
///
/// # Errors
/// When the database fails.
pub fn genuine_events(
    backend: &dyn Backend,
    key: &TrailKey,
    actions: &[Action],
    (after, upto): (u64, u64),
) -> Result<Vec<StoredRecord>> {
    within(backend, |evidence| {
        let mut found = Vec::new();
        for action in actions {
            evidence.leaves_of(action.code(), after, upto, &mut |stored| {
                found.extend(stored.leaf.read(key).filter(|it| it.action == action.code()));
                true
            })?;
        }
        found.sort_by_key(|record| record.sequence);
        Ok(found)
    })
}

fn within<T>(backend: &dyn Backend, mut work: impl FnMut(&dyn Evidence) -> Result<T>) -> Result<T> {
    let mut found = None;
    backend.examine(&mut |evidence| found = Some(work(evidence)))?;
    found.unwrap_or_else(|| {
        Err(StorageError::new(
            crate::ErrorKind::Unavailable,
            "the database provided no snapshot",
        ))
    })
}

/// Whether an event says that this checkpoint was written.
fn is_recorded(evidence: &dyn Evidence, key: &TrailKey, seen: &Seen) -> Result<bool> {
    let action = Action::TrailCheckpoint.code();
    let mut found = false;
    evidence.leaves_of(action, seen.size, seen.size.saturating_add(SOON), &mut |stored| {
        let says = |record: &StoredRecord| {
            let detail = |name: &str| {
                let found = record.details.iter().find(|(it, _)| it == name);
                found.map(|(_, value)| value.as_str())
            };
            record.action == action
                && detail("events") == Some(seen.size.to_string().as_str())
                && detail("root") == Some(Digest::from_bytes(seen.root).to_string().as_str())
        };
        found |= stored.leaf.read(key).as_ref().is_some_and(says);
        !found
    })?;
    Ok(found)
}

/// Checks the remaining statements by one pass over the leaves, which ends at the largest of them.
fn read_through(evidence: &dyn Evidence, seen: &[Seen], each: &mut [Option<Agreement>]) -> Result<()> {
    let mut left: Vec<(&Seen, &mut Option<Agreement>)> = seen
        .iter()
        .zip(each.iter_mut())
        .filter(|(_, settled)| settled.is_none())
        .collect();
    left.sort_by_key(|(seen, _)| seen.size);
    let mut left = left.into_iter().peekable();
    let mut frontier = Frontier::new();
    let mut meet = |frontier: &Frontier| {
        while let Some((seen, settled)) = left.next_if(|(seen, _)| seen.size <= frontier.size()) {
            *settled = Some(if seen.root == frontier.root() {
                Agreement::Agrees
            } else {
                Agreement::Differs
            });
        }
        left.peek().is_some()
    };
    if !meet(&frontier) {
        return Ok(());
    }
    evidence.leaf_hashes(0, &mut |sequence, leaf| {
        if sequence != frontier.size().saturating_add(1) {
            return false;
        }
        frontier.push(leaf);
        meet(&frontier)
    })
}
