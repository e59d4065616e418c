//! Going on after a loss, on a person's typed word (see [`crate::opening`]): nothing is deleted, what does not
//! belong to the practice as it goes on is moved to the quarantine, and the trail quotes both ends.
//!
//! A note is written first and removed last, so that a recovery which is interrupted is neither forgotten nor
//! taken for a finished one.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use cutis_audit::{Action, Detail, Event, Head, Target, TrailKey};
use cutis_domain::{Caller, Clock, Digest, Entropy, Timestamp};
use cutis_practice::Board;
use cutis_storage::{Backend as _, Endless};
use cutis_storage_sqlite::{Neighbours, Untouched};
use cutis_vault::{Vault, durable};
use serde_json::{Value, json};

use crate::checkpoints::compact;
use crate::data::DataDir;
use crate::opening::{self, Leftovers, Refusal, State};
use crate::wire;
use crate::witness::{self, Kept};

/// What a person has to decide about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    kind: Kind,
    /// What lies beside the database, or would.
    pub leftovers: Leftovers,
    /// What was found.
    pub found: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// There is no database.
    NoDatabase,
    /// The database ends before what was seen of it.
    Behind { ends_at: u64, seen: u64 },
    /// It is another one.
    Forked,
    /// Nothing is known of where it ended.
    Unknown,
}

impl Loss {
    /// The sentence to type.
    pub fn sentence(&self) -> String {
        match self.kind {
            Kind::NoDatabase if self.leftovers.blobs > 0 => format!(
                "I accept that {} files of photographs become unreachable",
                self.leftovers.blobs
            ),
            Kind::NoDatabase => "I accept that the old practice becomes unreachable".to_owned(),
            Kind::Behind { ends_at, seen } => {
                format!(
                    "I accept that events {} to {seen} are lost",
                    ends_at.saturating_add(1)
                )
            }
            Kind::Forked => "I accept that this is not the database that was seen before".to_owned(),
            Kind::Unknown => "I accept that nobody can tell whether events are missing".to_owned(),
        }
    }

    /// What will be done.
    pub const fn deed(&self) -> &'static str {
        match self.kind {
            Kind::NoDatabase => {
                "An empty practice will be made. Photographs, patients' keys, checkpoints and the old trail's end will be \
                 moved to the folder quarantine; nothing is deleted, and if the database is found later, they come back."
            }
            Kind::Behind { .. } | Kind::Forked | Kind::Unknown => {
                "The database stays as it is. The old trail.head and the checkpoints will be moved to the folder \
                 quarantine, and the trail will record both ends."
            }
        }
    }

    const fn reason(&self) -> &'static str {
        match self.kind {
            Kind::NoDatabase => "no_database",
            Kind::Behind { .. } => "behind",
            Kind::Forked => "forked",
            Kind::Unknown => "no_head",
        }
    }
}

/// What stands in the way of a start; `None` when nothing does. An interrupted recovery is found again by what
/// it has not moved yet, and finished by [`run`] in any case.
///
/// # Errors
/// When the folder cannot be read, or holds what no recovery helps with.
pub fn loss(data: &DataDir, vault: Option<&Vault>) -> anyhow::Result<Option<Loss>> {
    let looked = opening::look(data, Neighbours::None).and_then(|state| match (state, vault) {
        (State::Used, Some(vault)) => opening::compare(data, &wire::trail_key(vault), Neighbours::None),
        _ => Ok(()),
    });
    let Err(error) = looked else { return Ok(None) };
    let refusal = error.downcast::<Refusal>()?;
    let leftovers = Leftovers::of(data)?;
    let kind = match &refusal {
        Refusal::NoDatabase { .. } => Kind::NoDatabase,
        Refusal::HeadGone { .. } | Refusal::HeadForeign { .. } => Kind::Unknown,
        Refusal::Behind { ends_at, seen, .. } => Kind::Behind {
            ends_at: *ends_at,
            seen: *seen,
        },
        Refusal::Forked { .. } => Kind::Forked,
        Refusal::OtherProgram(_) | Refusal::Interrupted(_) => return Err(refusal.into()),
    };
    let said = refusal.to_string();
    Ok(Some(Loss {
        kind,
        leftovers,
        found: said.lines().next().unwrap_or_default().to_owned(),
    }))
}

/// What a recovery works with.
pub struct Hands {
    /// The folder.
    pub data: DataDir,
    /// The keys, opened for changing.
    pub vault: Arc<Vault>,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

impl std::fmt::Debug for Hands {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hands")
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

/// Begins: notes what is lost, so that it is recorded whatever happens on the way. The note carries a code of this
/// installation, because [`run`] asks nobody again: a note from elsewhere would be an override that no person gave.
///
/// # Errors
/// When the note cannot be written.
pub fn begin(data: &DataDir, loss: &Loss, vault: &Vault) -> anyhow::Result<()> {
    let head = match witness::read(&data.trail_head())? {
        Kept::Head(head) => Some(head),
        Kept::Nothing | Kept::NoHead => None,
    };
    let note = json!({
        "reason": loss.reason(),
        "blobs": loss.leftovers.blobs,
        "keys": loss.leftovers.keys,
        "size": head.as_ref().map(|head| head.size),
        "root": head.as_ref().map(|head| Digest::from_bytes(head.root).to_string()),
    });
    let path = data.pending_recovery();
    let note = note.to_string();
    let code = code_of(&note, &wire::trail_key(vault));
    durable::create_new(
        &path,
        format!("{note}\n{code}\n").as_bytes(),
        durable::PRIVATE_FILE,
    )
    .map(drop)
    .with_context(|| format!("{} cannot be written", path.display()))
}

/// The code of a note, as it stands in its second line.
fn code_of(note: &str, key: &TrailKey) -> Digest {
    Digest::from_bytes(key.row_mac("recovery.pending", 0, note.as_bytes()))
}

/// The note of a recovery that was begun here.
fn begun(path: &Path, key: &TrailKey) -> anyhow::Result<Value> {
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut lines = text.lines();
    let (note, code) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let ours = code
        .parse::<Digest>()
        .is_ok_and(|code| key.row_is_ours("recovery.pending", 0, note.as_bytes(), code.as_bytes()));
    if !ours {
        bail!(
            "{} was not written by this installation, or was damaged; nothing was changed. Remove it and run cutis recover \
             again, which asks before it does anything",
            path.display()
        );
    }
    serde_json::from_str(note)
        .with_context(|| format!("{} was damaged; remove it and begin again", path.display()))
}

/// How a recovery ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Done, and recorded.
    Recovered,
    /// Given up: the database that was missing is there again, and goes on from what was seen of it.
    GivenUp,
}

/// Does what was begun, to its end; harmless to repeat.
///
/// # Errors
/// When the note is not of this installation, or something cannot be moved, written or opened; run again then.
pub async fn run(hands: &Hands, by: &Caller) -> anyhow::Result<Ended> {
    let (data, now) = (&hands.data, hands.clock.now());
    let path = data.pending_recovery();
    let note = begun(&path, &wire::trail_key(&hands.vault))?;
    let reason = match note.get("reason").and_then(Value::as_str) {
        Some("no_database") => "no_database",
        Some("behind") => "behind",
        Some("forked") => "forked",
        Some("no_head") => "no_head",
        _ => bail!("{} was damaged; remove it and begin again", path.display()),
    };
    let key = wire::trail_key(&hands.vault);
    let over = reason == "no_database";
    let recorded = already_recorded(data, &key)?;
    if over && !recorded && is_back(data, &key) {
        finish(data, &path)?;
        return Ok(Ended::GivenUp);
    }
    if !recorded {
        set_aside(data, now)?;
        if over {
            quarantine_stores(hands, now).await?;
            witness::begin(&data.trail_head(), &key)?;
        } else {
            witness::keep(&data.trail_head(), &own_end(data, &key)?)?;
        }
    }
    let notices = Board::new(Arc::clone(&hands.clock));
    let failed = |error: &cutis_storage::StorageError| tracing::error!(%error, "the disk failed");
    let present: wire::Around = (
        Arc::clone(&hands.clock),
        Arc::clone(&hands.entropy),
        Arc::new(Endless),
    );
    let store = wire::open_store(data, key, present, &notices, Box::new(failed))?;
    if !recorded {
        let now_at = store.trail_head().await?;
        store
            .record(by, vec![event(reason, &note, now_at.as_ref())])
            .await?;
    }
    drop(store);
    finish(data, &path)?;
    Ok(Ended::Recovered)
}

/// Removes the note.
fn finish(data: &DataDir, note: &Path) -> anyhow::Result<()> {
    fs::remove_file(note).with_context(|| format!("{} cannot be removed", note.display()))?;
    durable::sync_dir(data.path()).context("the data folder cannot be synced")
}

/// Whether a database with events that goes on from the end outside is there although it was missing when the recovery
/// was begun: somebody found it. The recovery's own database has no event before the one that records it.
fn is_back(data: &DataDir, key: &TrailKey) -> bool {
    let here = |data: &DataDir| data.database().exists() && data.trail_head().exists();
    here(data)
        && opening::look(data, Neighbours::None).is_ok_and(|state| state == State::Used)
        && opening::compare(data, key, Neighbours::None).is_ok()
}

/// Whether an earlier run came as far as the event: then the head outside has moved on with the database, and
/// nothing may be set aside once more.
fn already_recorded(data: &DataDir, key: &TrailKey) -> anyhow::Result<bool> {
    let aside = aside_marker(data).exists();
    Ok(aside
        && opening::look(data, Neighbours::None).is_ok_and(|state| state == State::Used)
        && opening::compare(data, key, Neighbours::None).is_ok()
        && recorded_in(data)?)
}

/// Whether the newest event of the database is a recovery's.
fn recorded_in(data: &DataDir) -> anyhow::Result<bool> {
    let database = Untouched::open(&data.database(), Neighbours::None)?;
    let (mut last, mut failed) = (None, Ok(()));
    database.examine(&mut |evidence| {
        failed = evidence.entries(&mut |stored| {
            last = stored.index.map(|index| index.action);
            true
        });
    })?;
    failed?;
    Ok(last.is_some_and(|action| {
        action == Action::TrailContinued.code() || action == Action::PracticeStartedOver.code()
    }))
}

fn event(reason: &'static str, note: &Value, now: Option<&Head>) -> Event {
    let number =
        |value: Option<&Value>| i64::try_from(value.and_then(Value::as_u64).unwrap_or(0)).unwrap_or(i64::MAX);
    let size = now.map_or(0, |head| head.size);
    let action = if reason == "no_database" {
        Action::PracticeStartedOver
    } else {
        Action::TrailContinued
    };
    let mut event = Event::new(action)
        .target(Target::Trail)
        .detail(Detail::code("reason", reason))
        .detail(Detail::number("events", i64::try_from(size).unwrap_or(i64::MAX)))
        .detail(Detail::number("blobs", number(note.get("blobs"))))
        .detail(Detail::number("keys", number(note.get("keys"))))
        .detail(Detail::number("old_events", number(note.get("size"))));
    if let Some(head) = now {
        event = event.detail(Detail::id("root", Digest::from_bytes(head.root)));
    }
    if let Some(root) = note.get("root").and_then(Value::as_str) {
        event = event.detail(Detail::id("old_root", root));
    }
    event
}

/// The end of the trail in the database, if this installation wrote it.
fn own_end(data: &DataDir, key: &TrailKey) -> anyhow::Result<Head> {
    let database = Untouched::open(&data.database(), Neighbours::None)?;
    let mut stored = None;
    database.examine(&mut |evidence| stored = Some(evidence.stored_tail()))?;
    let head = stored.transpose()?.flatten().map(|(_, head)| head);
    match head.filter(|head| head.verify(key)) {
        Some(head) => Ok(head),
        None => bail!(
            "the end of the trail that the database holds was not written by this installation; put the database back \
             from the newest copy of the folder"
        ),
    }
}

/// Moves the old end, the old checkpoints and whatever lies in the database's place without being one.
fn set_aside(data: &DataDir, now: Timestamp) -> anyhow::Result<()> {
    let quarantine = data.quarantine();
    durable::create_dir(&quarantine).with_context(|| format!("{} cannot be made", quarantine.display()))?;
    let marker = aside_marker(data);
    durable::write(&marker, compact(now).as_bytes(), durable::PRIVATE_FILE)
        .with_context(|| format!("{} cannot be written", marker.display()))?;
    let mut names = vec!["trail.head".to_owned(), "checkpoints".to_owned()];
    if opening::look(data, Neighbours::None).is_err() {
        names.extend(["cutis.db", "cutis.db-wal", "cutis.db-shm"].map(str::to_owned));
    }
    for name in names {
        let from = data.path().join(&name);
        if from.exists() {
            let to = free_name(&quarantine, &format!("{name}-{}", compact(now)));
            fs::rename(&from, &to)
                .with_context(|| format!("{} cannot be moved to {}", from.display(), to.display()))?;
        }
    }
    durable::sync_dir(&quarantine)
        .and_then(|()| durable::sync_dir(data.path()))
        .context("the data folder cannot be synced")
}

fn aside_marker(data: &DataDir) -> PathBuf {
    data.quarantine().join("recovered.txt")
}

fn free_name(folder: &Path, name: &str) -> PathBuf {
    let mut path = folder.join(name);
    let mut number = 2;
    while path.exists() {
        path = folder.join(format!("{name}-{number}"));
        number += 1;
    }
    path
}

async fn quarantine_stores(hands: &Hands, now: Timestamp) -> anyhow::Result<()> {
    let data = &hands.data;
    for key in hands.vault.stored_keys()? {
        hands.vault.quarantine_key(key.patient, now)?;
    }
    let blobs = cutis_blob::Blobs::folder(&data.blobs())
        .and_then(|blobs| blobs.with_quarantine(&data.quarantined_blobs()))
        .context("the image store cannot be opened")?;
    let everything = Timestamp::from_micros(i64::MAX);
    blobs
        .sweep(&std::collections::HashSet::new(), everything)
        .await?
        .run(now)
        .await?;
    Ok(())
}
