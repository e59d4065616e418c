//! Examines a data folder before anything in it is changed, and decides whether Cutis may start.
//!
//! One rule: no step that loses something is based on the absence of evidence. A missing, empty or older database
//! beside images, keys or the trail's end is not a new practice; it is a loss that somebody has to look into. So Cutis
//! refuses to start, changes nothing, and says what to do.

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use cutis_audit::TrailKey;
use cutis_storage::{Agreement, Backend as _, Standing, mixture_in, standing_of};
use cutis_storage_sqlite::{Found, Neighbours, Untouched};
use cutis_vault::Vault;

use crate::data::DataDir;
use crate::keys;
use crate::recover::record::Record;
use crate::seen::{Outside, Place, Statement, judge};
use crate::witness::{self, Kept};

/// What a practice leaves outside its database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Leftovers {
    /// Files of images; each image has two.
    pub blobs: u64,
    /// Patients' keys.
    pub keys: u64,
    /// Files in the quarantine.
    pub quarantined: u64,
    /// Checkpoints.
    pub checkpoints: u64,
    /// Events that the trail's end outside the database has seen.
    pub events: u64,
    /// Whether a file that should hold the trail's end holds something else.
    pub damaged_head: bool,
}

impl Leftovers {
    /// Counts them.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn of(data: &DataDir) -> anyhow::Result<Self> {
        let head = witness::read(&data.trail_head())?;
        Ok(Self {
            blobs: count(&data.blobs(), &|name| name.len() == 64)?,
            keys: count(&data.keys().join("patients"), &|name| has_ending(name, "key"))?,
            quarantined: count(&data.quarantined_blobs(), &|name| name.len() == 64)?
                .saturating_add(count(&data.quarantined_keys(), &|name| has_ending(name, "key"))?),
            checkpoints: count(&data.checkpoints(), &|name| has_ending(name, "checkpoint"))?,
            events: match &head {
                Kept::Head(head) => head.size,
                Kept::Nothing | Kept::NoHead => 0,
            },
            damaged_head: head == Kept::NoHead,
        })
    }

    /// Whether there are none.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Leftovers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        let mut say = |count: u64, one: &str, many: &str| {
            if count > 0 {
                parts.push(format!("{count} {}", if count == 1 { one } else { many }));
            }
        };
        say(self.blobs, "photo file", "photo files");
        say(self.keys, "patient's key", "patients' keys");
        say(self.quarantined, "file in quarantine", "files in quarantine");
        say(self.checkpoints, "checkpoint", "checkpoints");
        if self.events > 0 {
            parts.push(format!("the end of a trail of {} events", self.events));
        }
        if self.damaged_head {
            parts.push("a damaged trail.head".to_owned());
        }
        f.write_str(&parts.join(", "))
    }
}

fn has_ending(name: &str, ending: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == ending)
}

/// Files at any depth whose name matches. A link to a folder counts as that folder, because an administrator may have
/// moved some of the images to another disk; each folder is visited once, so circular links end. A link to a file
/// counts by its own name, even if its target does not exist.
fn count(folder: &Path, wanted: &dyn Fn(&str) -> bool) -> anyhow::Result<u64> {
    count_within(folder, wanted, &mut HashSet::new())
}

fn count_within(
    folder: &Path,
    wanted: &dyn Fn(&str) -> bool,
    met: &mut HashSet<PathBuf>,
) -> anyhow::Result<u64> {
    if fs::canonicalize(folder).is_ok_and(|place| !met.insert(place)) {
        return Ok(0);
    }
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", folder.display())),
    };
    let mut found = 0_u64;
    for entry in entries {
        let entry = entry.with_context(|| format!("{} cannot be read", folder.display()))?;
        if fs::metadata(entry.path()).is_ok_and(|it| it.is_dir()) {
            found = found.saturating_add(count_within(&entry.path(), wanted, met)?);
        } else if entry.file_name().to_str().is_some_and(wanted) {
            found = found.saturating_add(1);
        }
    }
    Ok(found)
}

/// Why a practice is not opened. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Everything is there except the database.
    #[error(
        "{} holds {leftovers}, but {}. Nothing was changed.\n\
         If the database was moved or lost, restore cutis.db from the newest copy of the folder and start again.\n\
         If it is lost for good, `cutis recover --data {}` starts over and keeps what is there in quarantine",
        .data.display(), no_database(*.database), .data.display()
    )]
    NoDatabase {
        /// The folder.
        data: PathBuf,
        /// What is in the database's place.
        database: NoDatabase,
        /// What else is there.
        leftovers: Leftovers,
    },
    /// Another program's file is in the database's place.
    #[error("{} belongs to another program; nothing was changed. Move it away, then start again", .0.display())]
    OtherProgram(PathBuf),
    /// The trail's end outside the database is missing.
    #[error(
        "the file trail.head is missing from {}, but the database holds a trail of {events} events; without that file \
         it cannot be determined whether newer events were removed. Nothing was changed.\n\
         Restore trail.head from the newest copy of the folder. If there is none, `cutis recover --data {}` continues \
         without it, and records that", .data.display(), .data.display()
    )]
    HeadGone {
        /// The folder.
        data: PathBuf,
        /// Events in the database.
        events: u64,
    },
    /// The trail's end outside the database is not one of ours.
    #[error(
        "the file trail.head in {} was damaged, or written by something other than this installation, and cannot be \
         compared with the database's {events} events. Nothing was changed.\n\
         Restore trail.head from the newest copy of the folder. If there is none, `cutis recover --data {}` continues \
         without it, and records that", .data.display(), .data.display()
    )]
    HeadForeign {
        /// The folder.
        data: PathBuf,
        /// Events in the database.
        events: u64,
    },
    /// The database is older than a statement about it.
    #[error(
        "the database in {} ends at event {ends_at}, but {source_name} has seen event {seen}: an older database was \
         put in its place, or newer events were removed. Nothing was changed.\n\
         Restore the newest cutis.db and start again. If there is only an older copy, leave the checkpoints where they \
         are: `cutis recover --data {}{more}` continues from event {ends_at}, and records which events are missing", .data.display(), .data.display()
    )]
    Behind {
        /// The folder.
        data: PathBuf,
        /// What saw it, such as `trail.head`.
        source_name: String,
        /// Further arguments of the command, after the folder.
        more: String,
        /// Where the database's trail ends.
        ends_at: u64,
        /// What was seen of it.
        seen: u64,
    },
    /// The database is another one.
    #[error(
        "the first {seen} of the {ends_at} events in the database in {} are not those that {source_name} has seen: \
         another database is in its place, or an older copy that was used since. Nothing was changed.\n\
         Restore the right cutis.db and start again. If it is lost for good, or if this is the right one and the other \
         came from a recovery, `cutis recover --data {}{more}` continues with this one, and records both ends",
        .data.display(), .data.display()
    )]
    Forked {
        /// The folder.
        data: PathBuf,
        /// What saw the others, such as `trail.head`.
        source_name: String,
        /// Further arguments of the command, after the folder.
        more: String,
        /// Where the database's trail ends.
        ends_at: u64,
        /// What was seen of it.
        seen: u64,
    },
    /// The database and its log do not fit.
    #[error(
        "cutis.db in {} and the log beside it, cutis.db-wal, are from different times, or one of them is damaged: {what}. Nothing \
         was changed.\n\
         If cutis.db was put back from a copy, move the cutis.db-wal and the cutis.db-shm that did not come with that copy \
         to another folder, keep them, and start again. If nobody put anything back, put cutis.db and trail.head back from \
         the newest copy of the folder, and keep what is there now", .data.display()
    )]
    Mixture {
        /// The folder.
        data: PathBuf,
        /// What does not fit.
        what: String,
    },
    /// A recovery was started and not finished.
    #[error(
        "a recovery of {} was interrupted; run `cutis recover --data {}` again to finish it",
        .0.display(), .0.display()
    )]
    Interrupted(PathBuf),
}

/// What is in the place of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoDatabase {
    /// Nothing.
    Missing,
    /// A file without content.
    Empty,
    /// A database without a trail, or whose trail has no event.
    Unused,
}

const fn no_database(database: NoDatabase) -> &'static str {
    match database {
        NoDatabase::Missing => "its database, cutis.db, is missing",
        NoDatabase::Empty => "its database, cutis.db, is an empty file",
        NoDatabase::Unused => "its database, cutis.db, holds nothing",
    }
}

/// What the folder holds, if it may be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A new practice.
    New,
    /// An existing practice.
    Used,
}

/// The part that needs no key: whether there is a database for the files beside it.
///
/// # Errors
/// [`Refusal`], or when something cannot be read.
pub fn examine(data: &DataDir, neighbours: Neighbours) -> anyhow::Result<State> {
    if data.pending_recovery().exists() {
        return Err(Refusal::Interrupted(data.path().to_owned()).into());
    }
    look(data, neighbours)
}

/// The same, whether or not a recovery was interrupted.
///
/// # Errors
/// As [`examine`].
pub fn look(data: &DataDir, neighbours: Neighbours) -> anyhow::Result<State> {
    folders(data)?;
    let path = data.database();
    let found = Found::at(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let database = match found {
        Found::Foreign => return Err(Refusal::OtherProgram(path).into()),
        Found::Nothing => NoDatabase::Missing,
        Found::Empty => NoDatabase::Empty,
        Found::Ours if events(data, neighbours)? > 0 => return Ok(State::Used),
        Found::Ours => NoDatabase::Unused,
    };
    let leftovers = Leftovers::of(data)?;
    if leftovers.is_none() {
        return Ok(State::New);
    }
    Err(Refusal::NoDatabase {
        data: data.path().to_owned(),
        database,
        leftovers,
    }
    .into())
}

/// Refuses a file in the place of a folder that the program needs, which a start would otherwise notice only half-way.
///
/// # Errors
/// When there is one; the error names it.
pub fn folders(data: &DataDir) -> anyhow::Result<()> {
    for folder in [data.quarantine(), data.blobs(), data.keys()] {
        if fs::metadata(&folder).is_ok_and(|it| !it.is_dir()) {
            anyhow::bail!(
                "{} is not a folder. Nothing was changed. Move it away, and restore the folder from the newest copy if \
                 it held anything; then start again",
                folder.display()
            );
        }
    }
    Ok(())
}

/// What was found beside a database that may be opened.
#[derive(Debug, Default)]
pub struct Beside {
    /// Files among the checkpoints that are not checkpoints of this trail, in sentences.
    pub troubles: Vec<String>,
    /// Recoveries of this trail.
    pub recoveries: Vec<Record>,
}

/// The part that needs the key: whether the database's trail continues what the head and every checkpoint in the data
/// folder and in the second folder have seen.
///
/// # Errors
/// [`Refusal`], or when something cannot be read.
pub fn compare(
    data: &DataDir,
    state: State,
    vault: &Vault,
    second: Option<&Path>,
    neighbours: Neighbours,
) -> anyhow::Result<Beside> {
    let key = keys::trail(vault);
    // Before the database, which a running server writes first.
    let kept = witness::read(&data.trail_head())?;
    let outside = Outside::of(data, vault, second)?;
    if state == State::New {
        return begins(data, second, outside);
    }
    let database = Untouched::open(&data.database(), neighbours)?;
    of_one_moment(data, &database, &key)?;
    go_on(data, &database, &key, kept, neighbours)?;
    let judged = judge(&database, &key, outside.statements, outside.records)?;
    if let Some((statement, how)) = judged.worst() {
        return Err(against(data, second, statement, *how, judged.ends_at).into());
    }
    Ok(Beside {
        troubles: outside.troubles,
        recoveries: judged.recoveries,
    })
}

/// Refuses a database that was restored beside the log of another: SQLite would treat the two as one, and write the
/// mixture into the file when it closes. This is only checked if there is a log, so after an orderly stop it costs
/// nothing.
fn of_one_moment(data: &DataDir, database: &Untouched, key: &TrailKey) -> anyhow::Result<()> {
    if !database.goes_on_in_its_log() {
        return Ok(());
    }
    match mixture_in(database, key)? {
        None => Ok(()),
        Some(what) => Err(Refusal::Mixture {
            data: data.path().to_owned(),
            // SQLite says more, line by line; the last is about the place.
            what: what.lines().last().unwrap_or_default().to_owned(),
        }
        .into()),
    }
}

/// A new practice has no past; a second folder that has checkpoints belongs to a database that was lost.
fn begins(data: &DataDir, second: Option<&Path>, outside: Outside) -> anyhow::Result<Beside> {
    let seen = outside
        .statements
        .iter()
        .max_by_key(|statement| statement.seen.size);
    if let Some(statement) = seen.filter(|statement| statement.seen.size > 0) {
        return Err(against(data, second, statement, Agreement::Ahead, 0).into());
    }
    Ok(Beside {
        troubles: outside.troubles,
        ..Beside::default()
    })
}

/// Why a database is refused that contradicts a statement.
fn against(
    data: &DataDir,
    second: Option<&Path>,
    statement: &Statement,
    how: Agreement,
    ends_at: u64,
) -> Refusal {
    let more = second
        .filter(|_| statement.place == Place::Second)
        .map_or_else(String::new, |second| {
            format!(" --checkpoints {}", second.display())
        });
    let (data, source_name, seen) = (data.path().to_owned(), statement.source(), statement.seen.size);
    if how == Agreement::Ahead {
        Refusal::Behind {
            data,
            source_name,
            more,
            ends_at,
            seen,
        }
    } else {
        Refusal::Forked {
            data,
            source_name,
            more,
            ends_at,
            seen,
        }
    }
}

/// Whether the trail continues from its end outside the database.
fn go_on(
    data: &DataDir,
    database: &Untouched,
    key: &TrailKey,
    kept: Kept,
    neighbours: Neighbours,
) -> anyhow::Result<()> {
    let folder = data.path().to_owned();
    let foreign = |events| Refusal::HeadForeign {
        data: folder.clone(),
        events,
    };
    let head = match kept {
        Kept::Head(head) => head,
        Kept::NoHead => return Err(foreign(events(data, neighbours)?).into()),
        Kept::Nothing => {
            let events = events(data, neighbours)?;
            return Err(Refusal::HeadGone { data: folder, events }.into());
        }
    };
    let (seen, source_name, more) = (head.size, "trail.head".to_owned(), String::new());
    match standing_of(database, key, &head)? {
        Standing::Continues { by } => {
            tracing::debug!(seen, by, "the trail goes on from what was seen of it");
            Ok(())
        }
        Standing::Forged => Err(foreign(events(data, neighbours)?).into()),
        Standing::Behind { ends_at } => Err(Refusal::Behind {
            data: folder,
            source_name,
            more,
            ends_at,
            seen,
        }
        .into()),
        Standing::Forked { ends_at } => Err(Refusal::Forked {
            data: folder,
            source_name,
            more,
            ends_at,
            seen,
        }
        .into()),
    }
}

/// The number of events in the database's trail, by its stored end; zero if it has no tables for a trail.
fn events(data: &DataDir, neighbours: Neighbours) -> anyhow::Result<u64> {
    let database = Untouched::open(&data.database(), neighbours)?;
    if !database.has_trail()? {
        return Ok(0);
    }
    // Counted by the entries too: a stored end that was removed must not make a used database a new one.
    let (mut size, mut failed) = (0_u64, None);
    database.examine(&mut |evidence| {
        match evidence.stored_tail() {
            Ok(stored) => size = stored.map_or(0, |(_, head)| head.size),
            Err(error) => failed = Some(error),
        }
        if size == 0
            && let Err(error) = evidence.leaf_hashes(0, &mut |sequence, _| {
                size = sequence;
                false
            })
        {
            failed = Some(error);
        }
    })?;
    match failed {
        Some(error) => Err(error).context("the end of the trail in the database cannot be read"),
        None => Ok(size),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 6, point 1: images on another disk, behind a link, are there; links in a circle and links that lead
    /// nowhere do no harm.
    #[cfg(unix)]
    #[test]
    fn what_lies_behind_a_link_is_counted_once() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().expect("a folder");
        let (blobs, disk) = (folder.path().join("blobs"), folder.path().join("disk"));
        fs::create_dir_all(&blobs).expect("made");
        fs::create_dir_all(&disk).expect("made");
        let name = |digit: &str| digit.repeat(64);
        cutis_vault::durable::write(&disk.join(name("a")), b"x", 0o600).expect("written");
        symlink(&disk, blobs.join("aa")).expect("linked");
        symlink(&blobs, blobs.join("bb")).expect("linked");
        symlink(&disk, blobs.join("cc")).expect("linked");
        symlink(folder.path().join("gone"), blobs.join(name("d"))).expect("linked");
        let counted = count(&blobs, &|name| name.len() == 64).expect("counted");
        assert_eq!(
            counted, 2,
            "the one behind the links, and the link that leads nowhere"
        );
    }
}
