//! `cutis quarantine`: files that belong to nothing, kept until a person deletes them.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};
use cutis_audit::{Action, Detail, Event, Target};
use cutis_blob::Blobs;
use cutis_domain::{PatientId, System};
use cutis_records::images::Amount;
use cutis_storage_sqlite::Neighbours;
use futures_util::TryStreamExt as _;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::serve::surroundings;
use super::{At, say, sentence};
use crate::data::DataDir;
use crate::wire::{self, Opened};

/// List or empty the quarantine, or move to it what the server did not want to move on its own.
#[derive(Debug, Subcommand)]
pub enum Quarantine {
    /// Show how many files are in quarantine, and how large they are.
    List(At),
    /// Permanently delete the files in quarantine. The server must be stopped.
    Empty(Typed),
    /// Move all files that belong to no record in the database to the quarantine, even if there are many. The server
    /// must be stopped.
    Sweep(Typed),
}

/// A command that asks for a sentence.
#[derive(Debug, Args)]
pub struct Typed {
    #[command(flatten)]
    at: At,
    /// The confirmation sentence, instead of typing it when asked.
    #[arg(long, value_name = "SENTENCE")]
    accept: Option<String>,
}

impl Quarantine {
    pub(super) async fn run(self, json: bool) -> anyhow::Result<ExitCode> {
        match self {
            Self::List(at) => list(&DataDir::existing(&at.data)?, json).await,
            Self::Empty(typed) => empty(&typed, json).await,
            Self::Sweep(typed) => sweep(&typed, json).await,
        }
    }
}

/// What is in the quarantine: blobs with their sizes in bytes, and keys.
async fn contents(blobs: &Blobs) -> anyhow::Result<(Vec<cutis_blob::BlobName>, u64)> {
    let (mut names, mut bytes) = (Vec::new(), 0_u64);
    let mut stored = std::pin::pin!(blobs.list_quarantined());
    while let Some(blob) = stored.try_next().await? {
        names.push(blob.name);
        bytes = bytes.saturating_add(blob.sealed_len);
    }
    Ok((names, bytes))
}

async fn list(data: &DataDir, json: bool) -> anyhow::Result<ExitCode> {
    let folder = data.quarantine();
    let (names, bytes) = if data.blobs().is_dir() {
        contents(&Blobs::folder_unchanged(
            &data.blobs(),
            &data.quarantined_blobs(),
        )?)
        .await?
    } else {
        (Vec::new(), 0)
    };
    let keys = super::audit::vault_of(data)?.quarantined_keys()?.len();
    if json {
        say(&json!({ "blobs": names.len(), "bytes": bytes, "keys": keys }).to_string());
        return Ok(ExitCode::SUCCESS);
    }
    say(&format!(
        "{} are in {}",
        contents_in_words(names.len(), bytes, keys),
        folder.display()
    ));
    if !names.is_empty() || keys > 0 {
        say("What was moved there, and when, is listed in record.txt in its folders blobs and keys.");
        say("Files that turn out to be needed return automatically when Cutis runs.");
    }
    Ok(ExitCode::SUCCESS)
}

async fn open(data: &DataDir) -> anyhow::Result<Opened> {
    wire::open(
        data,
        Neighbours::None,
        surroundings(data, 0, CancellationToken::new())?,
    )
    .await
}

async fn empty(typed: &Typed, json: bool) -> anyhow::Result<ExitCode> {
    let data = DataDir::existing(&typed.at.data)?;
    let _lock = data.lock()?;
    let opened = open(&data).await?;
    let by = System::operator_assertion();
    // First what is needed comes back, so that nothing is deleted that a row names.
    opened.api.records.keep_up(by.caller(), Amount::Small).await?;
    refuse_what_is_needed(&opened, &data).await?;
    let blobs = Blobs::folder(&data.blobs())?.with_quarantine(&data.quarantined_blobs())?;
    let (names, bytes) = contents(&blobs).await?;
    let keys = opened.vault.quarantined_keys()?;
    if names.is_empty() && keys.is_empty() {
        say(&if json {
            json!({ "emptied": false, "reason": "nothing_there" }).to_string()
        } else {
            "The quarantine is empty.".to_owned()
        });
        return Ok(ExitCode::SUCCESS);
    }
    let said = format!(
        "{} are in quarantine. Deleting them cannot be undone: photos sealed with a deleted key can never be opened \
         again, and neither can any copy of them.",
        contents_in_words(names.len(), bytes, keys.len())
    );
    let sentence = format!(
        "Delete {} and {} for good",
        files_in_words(number_of(names.len())),
        keys_in_words(number_of(keys.len()))
    );
    if !agreed(typed, &said, &sentence, json)? {
        return Ok(ExitCode::FAILURE);
    }
    // Recorded first: what was deleted without a trace would be worse than nothing deleted.
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let event = Event::new(Action::QuarantineEmptied)
        .target(Target::Practice)
        .detail(Detail::number("blobs", number(names.len())))
        .detail(Detail::number("keys", number(keys.len())));
    opened.store.record(by.caller(), vec![event]).await?;
    for name in &names {
        blobs.discard_quarantined(*name).await?;
    }
    for key in &keys {
        opened.vault.discard_quarantined_key(key.patient)?;
    }
    say(&if json {
        json!({ "emptied": true, "blobs": names.len(), "keys": keys.len() }).to_string()
    } else {
        format!(
            "Deleted: {} and {}.",
            files_in_words(number_of(names.len())),
            keys_in_words(number_of(keys.len()))
        )
    });
    Ok(ExitCode::SUCCESS)
}

/// Files that the database needs stay in the quarantine, even if another file is in their place: one of the two is
/// right, and a command must not guess which.
async fn refuse_what_is_needed(opened: &Opened, data: &DataDir) -> anyhow::Result<()> {
    let (blobs, keys) = opened.api.records.needed_in_quarantine().await?;
    let first = keys
        .first()
        .map(|patient| format!("the key of patient {patient}"))
        .or_else(|| blobs.first().map(|name| format!("the photo's file {name}")));
    let Some(first) = first else { return Ok(()) };
    bail!(
        "{} and {} in {} are needed by the database, and it cannot be determined whether they or the files in their \
         places are the right ones ({first} among them). Nothing was deleted. Restore the right files from the newest \
         copy of the folder; `cutis audit verify --data {} --deep` reports when all are right",
        files_in_words(number_of(blobs.len())),
        keys_in_words(number_of(keys.len())),
        data.quarantine().display(),
        data.path().display()
    )
}

async fn sweep(typed: &Typed, json: bool) -> anyhow::Result<ExitCode> {
    let data = DataDir::existing(&typed.at.data)?;
    let _lock = data.lock()?;
    let opened = open(&data).await?;
    let by = System::operator_assertion();
    let found = opened.api.records.keep_up(by.caller(), Amount::Small).await?;
    if found.stopped {
        let (blobs, keys) = (found.blobs.orphans, found.keys.orphans);
        let said = format!(
            "{blobs} of {} photo files and {keys} of {} patients' keys belong to no record in the database. If an \
             older database was put in its place, they belong to newer photos: stop here.",
            found.blobs.stored, found.keys.stored
        );
        let sentence = format!(
            "Move {} and {} to the quarantine",
            files_in_words(blobs),
            keys_in_words(keys)
        );
        if !agreed(typed, &said, &sentence, json)? {
            return Ok(ExitCode::FAILURE);
        }
        let moved = opened
            .api
            .records
            .keep_up(by.caller(), Amount::Agreed { blobs, keys })
            .await?;
        if moved.stopped {
            bail!("the numbers have changed; nothing was moved. Run this again");
        }
        tell(&moved, json);
    } else {
        tell(&found, json);
    }
    Ok(ExitCode::SUCCESS)
}

fn number_of(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn files_in_words(files: u64) -> String {
    format!("{files} {}", if files == 1 { "file" } else { "files" })
}

fn keys_in_words(keys: u64) -> String {
    format!("{keys} {}", if keys == 1 { "key" } else { "keys" })
}

fn contents_in_words(files: usize, bytes: u64, keys: usize) -> String {
    format!(
        "{files} photo {} ({} MiB) and {keys} {}",
        if files == 1 { "file" } else { "files" },
        bytes >> 20,
        if keys == 1 {
            "patient's key"
        } else {
            "patients' keys"
        }
    )
}

fn tell(done: &cutis_records::images::Upkeep, json: bool) {
    let missing: Vec<String> = done.missing_keys.iter().map(PatientId::to_string).collect();
    say(&if json {
        json!({
            "movedBlobs": done.blobs.moved, "movedKeys": done.keys.moved, "returnedBlobs": done.blobs.returned,
            "returnedKeys": done.keys.returned, "missingKeys": missing,
            "exchangedBlobs": done.blobs.exchanged, "exchangedKeys": done.keys.exchanged,
            "undecidedBlobs": done.blobs.undecided, "undecidedKeys": done.keys.undecided,
        })
        .to_string()
    } else {
        let counted = |files, keys| format!("{} and {}", files_in_words(files), keys_in_words(keys));
        let mut lines = vec![format!(
            "Moved to the quarantine: {}. Moved back: {}.",
            counted(done.blobs.moved, done.keys.moved),
            counted(done.blobs.returned, done.keys.returned)
        )];
        if done.blobs.exchanged > 0 || done.keys.exchanged > 0 {
            lines.push(format!(
                "Of these, {} replaced files that cannot be opened; those are in the quarantine now.",
                counted(done.blobs.exchanged, done.keys.exchanged)
            ));
        }
        if done.blobs.undecided > 0 || done.keys.undecided > 0 {
            lines.push(format!(
                "Left in the quarantine, because it cannot be determined which of two is right: {}.",
                counted(done.blobs.undecided, done.keys.undecided)
            ));
        }
        lines.join("\n")
    });
}

fn agreed(typed: &Typed, said: &str, sentence: &str, json: bool) -> anyhow::Result<bool> {
    let nothing = "Nothing was deleted or moved.";
    let refused = |reason| json!({ "done": false, "reason": reason, "found": said, "sentence": sentence });
    sentence::agreed(typed.accept.as_deref(), said, sentence, nothing, json, refused)
}
