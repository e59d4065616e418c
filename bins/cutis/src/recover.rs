//! Continuing after a loss, once a person has typed a sentence (see [`crate::opening`]): nothing is deleted, what does
//! not belong to the practice as it continues is moved to the quarantine, and the trail quotes both ends.
//!
//! A note is written first and removed last, so that an interrupted recovery is neither forgotten nor taken for a
//! finished one. What is overridden is listed in a record ([`record`]), which the trail vouches for.

pub mod aside;
pub mod bound;
pub mod loss;
pub mod record;

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use cutis_audit::{Detail, Event, Head, Target, TrailKey};
use cutis_domain::{Caller, Clock, Digest, Entropy, Timestamp};
use cutis_practice::Board;
use cutis_storage::{Backend as _, Endless, Seen};
use cutis_storage_sqlite::{Neighbours, Untouched};
use cutis_vault::{Vault, durable};
use serde_json::{Value, json};

use crate::checkpoints::compact;
use crate::data::DataDir;
use crate::keys;
use crate::opening::{self, State};
use crate::seen::{Outside, judge};
use crate::wire;
use crate::witness::{self, Kept};

use aside::{free_name, quarantine_stores, return_checkpoints, set_all_aside, set_misfits_aside};
use bound::Bound;
use loss::{Loss, Reason};
use record::Record;

/// For how many seconds a person's consent to an interrupted recovery is valid: a week. After that they are asked
/// again.
const GOOD_FOR: i64 = 7 * 24 * 3600;

/// The longest note that is read.
const MOST_NOTED: u64 = 64 << 10;

/// What a recovery works with.
pub struct Hands {
    /// The folder.
    pub data: DataDir,
    /// The keys, opened for writing.
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

/// Begins: notes what is lost, so that it is recorded whatever happens afterwards. The note carries a code of this
/// installation, because [`run`] does not ask again: a note from elsewhere would be an override that nobody consented
/// to. It also says what the person consented to: the state of the folder before they were asked.
///
/// # Errors
/// When the note cannot be written.
pub fn begin(
    data: &DataDir,
    loss: &Loss,
    bound: &Bound,
    vault: &Vault,
    mut at: Timestamp,
) -> anyhow::Result<()> {
    // The time is part of names, to the second: one recovery must not write over the record of another.
    while record::is_taken(data, &compact(at)) {
        at = at.plus_seconds(1);
    }
    let note = json!({
        "reason": loss.reason().code(),
        "at": at.to_string(),
        "blobs": loss.leftovers.blobs,
        "keys": loss.leftovers.keys,
        "size": loss.lost.map(|lost| lost.size),
        "root": loss.lost.map(|lost| Digest::from_bytes(lost.root).to_string()),
        "second": loss.second.as_ref().map(|second| second.display().to_string()),
        "database": bound.database,
        "evidence": bound.evidence.to_string(),
    });
    let path = data.pending_recovery();
    let note = note.to_string();
    let code = code_of(&note, &keys::trail(vault));
    durable::create_new(
        &path,
        format!("{note}\n{code}\n").as_bytes(),
        durable::PRIVATE_FILE,
    )
    .map(drop)
    .with_context(|| format!("{} cannot be written", path.display()))
}

/// The code of a note, which is its second line.
fn code_of(note: &str, key: &TrailKey) -> Digest {
    Digest::from_bytes(key.row_mac("recovery.pending", 0, note.as_bytes()))
}

/// The recovery that was started, as its note describes it.
#[derive(Debug)]
struct Begun {
    reason: Reason,
    at: Timestamp,
    blobs: u64,
    keys: u64,
    /// The end of the trail that was lost, or of the practice in between.
    size: u64,
    root: Option<String>,
    second: Option<PathBuf>,
    /// What the person consented to; notes of earlier versions do not say.
    bound: Option<Bound>,
}

impl Begun {
    /// The note of a recovery that was started here.
    fn read(path: &Path, key: &TrailKey) -> anyhow::Result<Self> {
        let mut text = String::new();
        durable::open(path)
            .and_then(|file| file.take(MOST_NOTED).read_to_string(&mut text))
            .with_context(|| format!("{} cannot be read", path.display()))?;
        let mut lines = text.lines();
        let (note, code) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
        let ours = code
            .parse::<Digest>()
            .is_ok_and(|code| key.row_is_ours("recovery.pending", 0, note.as_bytes(), code.as_bytes()));
        if !ours {
            bail!(
                "{} was not written by this installation, or was damaged; nothing was changed. Remove it and run cutis \
                 recover again, which asks before it does anything",
                path.display()
            );
        }
        let damaged = || format!("{} was damaged; remove it and start again", path.display());
        let note: Value = serde_json::from_str(note).with_context(damaged)?;
        let text = |name: &str| note.get(name).and_then(Value::as_str);
        let number = |name: &str| note.get(name).and_then(Value::as_u64).unwrap_or(0);
        Ok(Self {
            reason: text("reason").and_then(Reason::parse).with_context(damaged)?,
            at: text("at")
                .and_then(|at| Timestamp::parse(at).ok())
                .with_context(damaged)?,
            blobs: number("blobs"),
            keys: number("keys"),
            size: number("size"),
            root: text("root").map(str::to_owned),
            second: text("second").map(PathBuf::from),
            bound: text("database")
                .map(str::to_owned)
                .zip(text("evidence").and_then(|it| it.parse().ok()))
                .map(|(database, evidence)| Bound { database, evidence }),
        })
    }

    /// The time as part of names in the quarantine, the same for every try.
    fn mark(&self) -> String {
        compact(self.at)
    }
}

/// How a recovery ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Done, and recorded.
    Recovered,
    /// Cancelled, and recorded: the missing database is there again, and continues what was seen of it.
    GivenUp,
    /// Cancelled: the database is there again and does not continue what was seen of it, which is another loss to
    /// decide about. Says why.
    GivenUpFor(String),
    /// Cancelled: the person's consent does not cover what is in the folder now. Says why; the person has to be asked
    /// again.
    NotHeld(&'static str),
}

/// Finishes a recovery that was started; harmless to repeat.
///
/// # Errors
/// When the note is not from this installation, or something cannot be moved, written or opened; run it again then.
pub async fn run(hands: &Hands, by: &Caller) -> anyhow::Result<Ended> {
    let (data, now) = (&hands.data, hands.clock.now());
    let path = data.pending_recovery();
    let key = keys::trail(&hands.vault);
    let mut begun = Begun::read(&path, &key)?;
    if !already_recorded(data, &key, &begun)? {
        let state = opening::look(data, Neighbours::None).ok();
        let found = begun.reason == Reason::NoDatabase && state == Some(State::Used);
        if let Some(why) = why_not_held(hands, &begun, found, now)? {
            put_back(data, &key, &begun)?;
            finish(data, &path)?;
            return Ok(Ended::NotHeld(why));
        }
        if found {
            // Somebody found it: the recovery's own database has no event before the one that records it.
            if let Err(error) = put_back(data, &key, &begun).and_then(|()| judge_again(hands, &begun)) {
                finish(data, &path)?;
                let said = format!("{error:#}");
                return Ok(Ended::GivenUpFor(
                    said.lines().next().unwrap_or_default().to_owned(),
                ));
            }
            begun.reason = Reason::GivenUp;
        }
        let record = prepare(hands, &begun, now).await?;
        let store = open(hands, key)?;
        let now_at = store.trail_head().await?;
        store
            .record(by, vec![event(&begun, &record, now_at.as_ref())])
            .await?;
    }
    finish(data, &path)?;
    Ok(if begun.reason == Reason::GivenUp {
        Ended::GivenUp
    } else {
        Ended::Recovered
    })
}

/// Why the person's consent is no longer valid, if it is not. `found` says that the missing database is there again:
/// then nothing is overridden, so the folder need not be as it was.
fn why_not_held(
    hands: &Hands,
    begun: &Begun,
    found: bool,
    now: Timestamp,
) -> anyhow::Result<Option<&'static str>> {
    // The record is written once, just before the event: a note that has one and no event is a copy that was put back
    // beside another database, or there was a crash between the two; nobody can tell which.
    if record::is_taken(&hands.data, &begun.mark()) {
        return Ok(Some(
            "its record had already been written in the folder quarantine",
        ));
    }
    // A minute ahead is no other time: where a second's name is taken, the note has the next.
    if now.plus_seconds(60) < begun.at || now > begun.at.plus_seconds(GOOD_FOR) {
        return Ok(Some("it was not started within the last seven days"));
    }
    if found {
        return Ok(None);
    }
    let bound = Bound::of(&hands.data, &hands.vault, begun.second.as_deref())?;
    let held = begun.bound.as_ref();
    Ok(if held.is_none_or(|held| held.database != bound.database) {
        Some("another database is in the folder now")
    } else if held.is_none_or(|held| held.evidence != bound.evidence) {
        Some("other checkpoints and records are beside the database now")
    } else {
        None
    })
}

/// Moves the files that have to be moved and writes the record of what is overridden.
async fn prepare(hands: &Hands, begun: &Begun, now: Timestamp) -> anyhow::Result<Record> {
    let (data, vault) = (&hands.data, hands.vault.as_ref());
    let key = keys::trail(vault);
    durable::create_dir(&data.quarantine())
        .with_context(|| format!("{} cannot be created", data.quarantine().display()))?;
    let record = |events, mut overridden: Vec<Seen>, answers| {
        overridden.sort_unstable();
        overridden.dedup();
        Record {
            path: record::place(data, &begun.mark()),
            code: Digest::from_bytes([0; 32]),
            reason: begun.reason.code().to_owned(),
            // Not when it was begun: everybody is told of it from now on, for as long as always.
            at: now,
            events,
            overridden,
            answers,
        }
        .write(&key)
    };
    if begun.reason == Reason::NoDatabase {
        set_all_aside(data, &begun.mark())?;
        quarantine_stores(hands, now).await?;
        witness::begin(&data.trail_head(), &key)?;
        let outside = Outside::with_aside(data, vault, begun.second.as_deref())?;
        let seen = outside.statements.iter().map(|statement| statement.seen);
        // A recovery that came as far as its record and no further is one more statement.
        let of_records = outside.records.iter().flat_map(|record| &record.overridden);
        let seen = seen.chain(of_records.copied());
        return record(0, seen.filter(|seen| seen.size > 0).collect(), Vec::new());
    }
    let (events, overridden, answers) = {
        let outside = Outside::with_aside(data, vault, begun.second.as_deref())?;
        let database = Untouched::open(&data.database(), Neighbours::None)?;
        let judged = judge(&database, &key, outside.statements, outside.records)?;
        let against = judged.against.iter().map(|(it, _)| it.seen);
        let end = set_misfits_aside(data, &key, &database, &judged, &begun.mark())?;
        let overridden: Vec<Seen> = if begun.reason == Reason::GivenUp {
            // Nothing contradicts the database that was found, and nobody was asked about anything else.
            Vec::new()
        } else {
            against.chain(end).collect()
        };
        let answers = judged.others.iter().map(|record| record.code).collect();
        (judged.ends_at, overridden, answers)
    };
    witness::keep(&data.trail_head(), &own_end(data, &key)?)?;
    record(events, overridden, answers)
}

/// The database, whatever is beside it.
fn open(hands: &Hands, key: TrailKey) -> anyhow::Result<cutis_storage::Store> {
    let notices = Board::new(Arc::clone(&hands.clock));
    let failed = |error: &cutis_storage::StorageError| tracing::error!(%error, "the disk failed");
    let present: wire::Around = (
        Arc::clone(&hands.clock),
        Arc::clone(&hands.entropy),
        Arc::new(Endless),
    );
    wire::open_store(&hands.data, key, present, &notices, Box::new(failed))
}

/// Restores what an interrupted recovery set aside, where its places are free. The end that it set aside is restored
/// unless there is one that has seen as much.
fn put_back(data: &DataDir, key: &TrailKey, begun: &Begun) -> anyhow::Result<()> {
    let kept = witness::read(&data.trail_head())?;
    let old = record::named(&data.quarantine(), &format!("trail.head-{}", begun.mark()));
    let size = |kept: &Kept| match kept {
        Kept::Head(head) if head.verify(key) => Some(head.size),
        Kept::Head(_) | Kept::NoHead | Kept::Nothing => None,
    };
    if let Some(old) = old.first()
        && (kept == Kept::Nothing || size(&kept).is_some_and(|now| Some(now) < size_of(old, &size)))
    {
        if kept != Kept::Nothing {
            let to = free_name(&data.quarantine(), &format!("trail.head-begun-{}", begun.mark()));
            durable::relocate(&data.trail_head(), &to).context("the file trail.head cannot be moved")?;
        }
        durable::relocate(old, &data.trail_head()).context("the file trail.head cannot be put back")?;
    }
    return_checkpoints(data, &begun.mark())
}

fn size_of(path: &Path, size: &dyn Fn(&Kept) -> Option<u64>) -> Option<u64> {
    witness::read(path).ok().as_ref().and_then(size)
}

/// Checks the returned database as a start would.
fn judge_again(hands: &Hands, begun: &Begun) -> anyhow::Result<()> {
    opening::compare(
        &hands.data,
        State::Used,
        &hands.vault,
        begun.second.as_deref(),
        Neighbours::None,
    )
    .map(drop)
}

/// Removes the note.
fn finish(data: &DataDir, note: &Path) -> anyhow::Result<()> {
    fs::remove_file(note).with_context(|| format!("{} cannot be removed", note.display()))?;
    durable::sync_dir(data.path()).context("the data folder cannot be synced")
}

/// Whether an earlier attempt already wrote the event: then nothing may be set aside again.
fn already_recorded(data: &DataDir, key: &TrailKey, begun: &Begun) -> anyhow::Result<bool> {
    if !opening::look(data, Neighbours::None).is_ok_and(|state| state == State::Used) {
        return Ok(false);
    }
    let place = record::place(data, &begun.mark());
    let (records, _) = record::read_all(data, key);
    let Some(record) = records.iter().find(|record| record.path == place) else {
        return Ok(false);
    };
    let database = Untouched::open(&data.database(), Neighbours::None)?;
    record.is_of(&database, key)
}

fn event(begun: &Begun, record: &Record, now: Option<&Head>) -> Event {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let count = u64::try_from(record.overridden.len()).unwrap_or(u64::MAX);
    let between = matches!(begun.reason, Reason::Returned);
    let mut event = Event::new(begun.reason.action())
        .target(Target::Trail)
        .detail(Detail::code("reason", begun.reason.code()))
        .detail(Detail::number("events", number(now.map_or(0, |head| head.size))))
        .detail(Detail::number("blobs", number(begun.blobs)))
        .detail(Detail::number("keys", number(begun.keys)))
        .detail(Detail::number("overridden", number(count)))
        .detail(Detail::id("record", record.code));
    // Where nothing is known of the other trail, no number is claimed for it.
    if begun.size > 0 {
        event = event.detail(Detail::number(
            if between { "interim_events" } else { "old_events" },
            number(begun.size),
        ));
    }
    if let Some(head) = now {
        event = event.detail(Detail::id("root", Digest::from_bytes(head.root)));
    }
    if let Some(root) = &begun.root {
        event = event.detail(Detail::id(
            if between { "interim_root" } else { "old_root" },
            root,
        ));
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
