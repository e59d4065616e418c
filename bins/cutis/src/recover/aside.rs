//! What a recovery moves: files that do not belong to the practice as it continues go to the quarantine, and those that
//! do come back.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use cutis_audit::TrailKey;
use cutis_domain::Timestamp;
use cutis_storage::{Seen, Standing, standing_of};
use cutis_storage_sqlite::{Neighbours, Untouched};
use cutis_vault::durable;

use super::{Hands, record};
use crate::data::DataDir;
use crate::opening;
use crate::seen::{Judged, Place};
use crate::witness::{self, Kept};

/// Moves the old end, the old checkpoints and whatever is in the database's place but is not a database.
pub(super) fn set_all_aside(data: &DataDir, mark: &str) -> anyhow::Result<()> {
    let mut names = vec!["trail.head".to_owned(), "checkpoints".to_owned()];
    if opening::look(data, Neighbours::None).is_err() {
        names.extend(["cutis.db", "cutis.db-wal", "cutis.db-shm"].map(str::to_owned));
    }
    for name in names {
        let from = data.path().join(&name);
        // The end of the practice that this very recovery begins, from an earlier try.
        let begun = name == "trail.head"
            && matches!(witness::read(&from), Ok(Kept::Head(head)) if head.size == 0)
            && !record::named(&data.quarantine(), &format!("trail.head-{mark}")).is_empty();
        if from.exists() && !begun {
            rename(&from, &free_name(&data.quarantine(), &format!("{name}-{mark}")))?;
        }
    }
    sync(data)
}

/// Moves the end and the checkpoints that do not fit the database, and restores those from the quarantine that do.
/// Returns what the end has seen, if it was moved.
pub(super) fn set_misfits_aside(
    data: &DataDir,
    key: &TrailKey,
    database: &Untouched,
    judged: &Judged,
    mark: &str,
) -> anyhow::Result<Option<Seen>> {
    let aside = data.quarantine().join(format!("checkpoints-{mark}"));
    let own = data.checkpoints();
    durable::create_dir(&own).with_context(|| format!("{} cannot be created", own.display()))?;
    let agreed = |path: &Path| {
        judged
            .agreed
            .iter()
            .any(|it| it.place == Place::Own && it.path == path)
    };
    for path in files(&own)? {
        if !agreed(&path) {
            durable::create_dir(&aside).with_context(|| format!("{} cannot be created", aside.display()))?;
            relocate(&path, &aside)?;
        }
    }
    for statement in judged.agreed.iter().filter(|it| it.place == Place::Aside) {
        if statement
            .path
            .extension()
            .is_some_and(|ending| ending == "checkpoint")
        {
            relocate(&statement.path, &own)?;
        }
    }
    let end = data.trail_head();
    let moved = match witness::read(&end)? {
        Kept::Nothing => None,
        Kept::Head(head) => match standing_of(database, key, &head)? {
            Standing::Continues { .. } => None,
            Standing::Forged => Some(None),
            Standing::Behind { .. } | Standing::Forked { .. } => Some(Some(Seen {
                size: head.size,
                root: head.root,
            })),
        },
        Kept::NoHead => Some(None),
    };
    if moved.is_some() {
        rename(
            &end,
            &free_name(&data.quarantine(), &format!("trail.head-{mark}")),
        )?;
    }
    sync(data)?;
    Ok(moved.flatten())
}

/// Restores the checkpoints that a recovery set aside, unless something else is in their places.
pub(super) fn return_checkpoints(data: &DataDir, mark: &str) -> anyhow::Result<()> {
    let own = data.checkpoints();
    for folder in record::named(&data.quarantine(), &format!("checkpoints-{mark}")) {
        durable::create_dir(&own).with_context(|| format!("{} cannot be created", own.display()))?;
        for path in files(&folder)? {
            relocate(&path, &own)?;
        }
    }
    Ok(())
}

fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let unreadable = || format!("{} cannot be read", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        if path.is_file() {
            found.push(path);
        }
    }
    Ok(found)
}

/// Moves a file into a folder, unless the folder already has a file of that name; then both stay where they are.
fn relocate(from: &Path, folder: &Path) -> anyhow::Result<bool> {
    let to = folder.join(from.file_name().unwrap_or_default());
    durable::relocate(from, &to)
        .with_context(|| format!("{} cannot be moved to {}", from.display(), to.display()))
}

fn rename(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::rename(from, to).with_context(|| format!("{} cannot be moved to {}", from.display(), to.display()))
}

fn sync(data: &DataDir) -> anyhow::Result<()> {
    durable::sync_dir(&data.quarantine())
        .and_then(|()| durable::sync_dir(data.path()))
        .context("the data folder cannot be synced")
}

/// A name that nothing has yet.
pub(super) fn free_name(folder: &Path, name: &str) -> PathBuf {
    let mut path = folder.join(name);
    let mut number = 2;
    while path.exists() {
        path = folder.join(format!("{name}-{number}"));
        number += 1;
    }
    path
}

/// Moves every patient's key and every file of images.
pub(super) async fn quarantine_stores(hands: &Hands, now: Timestamp) -> anyhow::Result<()> {
    let data = &hands.data;
    for key in hands.vault.stored_keys()? {
        hands.vault.quarantine_key(key.patient, now)?;
    }
    let blobs = cutis_blob::Blobs::folder(&data.blobs())
        .and_then(|blobs| blobs.with_quarantine(&data.quarantined_blobs()))
        .context("the photo store cannot be opened")?;
    let everything = Timestamp::from_micros(i64::MAX);
    blobs
        .sweep(&std::collections::HashSet::new(), everything)
        .await?
        .run(now)
        .await?;
    Ok(())
}
