//! The record of a recovery: which statements about the trail a person overrode. It is kept in the quarantine, and the
//! trail that continues quotes its code in an event, so the override applies to that trail alone. For any other
//! database, such as an older one, the same record is one more statement that the database has to agree with.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use cutis_audit::{Action, TrailKey};
use cutis_domain::{Digest, Timestamp};
use cutis_storage::{Backend, Seen, genuine_events};
use cutis_vault::durable;
use serde_json::{Value, json};

use crate::data::DataDir;

/// The longest record that is read: some hundred thousand checkpoints.
const MOST_BYTES: u64 = 32 << 20;
/// Within how many events after the quoted end a record's own event is looked for.
const SOON: u64 = 64;
/// What the code is over, beside the text.
const PURPOSE: &str = "recovery.record";

/// Events that end a recovery.
pub const ENDINGS: [Action; 3] = [
    Action::TrailContinued,
    Action::PracticeStartedOver,
    Action::PracticeReturned,
];

/// A recovery's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its file.
    pub path: PathBuf,
    /// Authenticates it; the recovery's event quotes it.
    pub code: Digest,
    /// Why there was a recovery.
    pub reason: String,
    /// When it was written.
    pub at: Timestamp,
    /// The number of events of the trail that continued, at that moment.
    pub events: u64,
    /// What was overridden.
    pub overridden: Vec<Seen>,
    /// Codes of recoveries that continued without this database and were known when it continued.
    pub answers: Vec<Digest>,
}

impl Record {
    /// Writes it. An existing record is evidence and is never replaced.
    ///
    /// # Errors
    /// When it cannot be written, or something else has its name.
    pub fn write(mut self, key: &TrailKey) -> anyhow::Result<Self> {
        let seen = |it: &Seen| json!([it.size, Digest::from_bytes(it.root).to_string()]);
        let text = json!({
            "reason": self.reason,
            "at": self.at.to_string(),
            "events": self.events,
            "overridden": self.overridden.iter().map(seen).collect::<Vec<_>>(),
            "answers": self.answers.iter().map(Digest::to_string).collect::<Vec<_>>(),
        })
        .to_string();
        self.code = Digest::from_bytes(key.row_mac(PURPOSE, 0, text.as_bytes()));
        let written = format!("{text}\n{}\n", self.code);
        let placed = durable::create_new(&self.path, written.as_bytes(), durable::PRIVATE_FILE)
            .with_context(|| format!("{} cannot be written", self.path.display()))?;
        if !placed {
            bail!(
                "{} already exists and is never replaced; run cutis recover again, which asks once more",
                self.path.display()
            );
        }
        Ok(self)
    }

    /// Reads one; `None` when this installation did not write it.
    fn read(path: PathBuf, key: &TrailKey) -> anyhow::Result<Option<Self>> {
        let mut text = String::new();
        durable::open(&path)
            .and_then(|file| file.take(MOST_BYTES).read_to_string(&mut text))
            .with_context(|| format!("{} cannot be read", path.display()))?;
        let mut lines = text.lines();
        let (body, code) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
        let Some(code) = code
            .parse::<Digest>()
            .ok()
            .filter(|code| key.row_is_ours(PURPOSE, 0, body.as_bytes(), code.as_bytes()))
        else {
            return Ok(None);
        };
        Ok(serde_json::from_str(body)
            .ok()
            .and_then(|said: Value| Self::said(path, code, &said)))
    }

    fn said(path: PathBuf, code: Digest, said: &Value) -> Option<Self> {
        let seen = |it: &Value| {
            let root: Digest = it.get(1)?.as_str()?.parse().ok()?;
            Some(Seen {
                size: it.get(0)?.as_u64()?,
                root: *root.as_bytes(),
            })
        };
        Some(Self {
            path,
            code,
            reason: said.get("reason")?.as_str()?.to_owned(),
            at: Timestamp::parse(said.get("at")?.as_str()?).ok()?,
            events: said.get("events")?.as_u64()?,
            overridden: said
                .get("overridden")?
                .as_array()?
                .iter()
                .map(seen)
                .collect::<Option<_>>()?,
            answers: said
                .get("answers")?
                .as_array()?
                .iter()
                .map(|code| code.as_str()?.parse().ok())
                .collect::<Option<_>>()?,
        })
    }

    /// Whether the trail in this database has the event of this recovery.
    ///
    /// # Errors
    /// When the database fails.
    pub fn is_of(&self, database: &dyn Backend, key: &TrailKey) -> anyhow::Result<bool> {
        let soon = (self.events, self.events.saturating_add(SOON));
        let code = self.code.to_string();
        Ok(genuine_events(database, key, &ENDINGS, soon)?
            .iter()
            .any(|event| {
                event
                    .details
                    .iter()
                    .any(|(name, value)| name == "record" && *value == code)
            }))
    }
}

/// The path of the record of a recovery that was started at this time.
pub fn place(data: &DataDir, at: &str) -> PathBuf {
    data.quarantine().join(format!("recovery-{at}.json"))
}

/// Whether there is something at the path of the record of a recovery that was started at this time.
pub fn is_taken(data: &DataDir, at: &str) -> bool {
    fs::symlink_metadata(place(data, at)).is_ok()
}

/// Every record in the quarantine, and the errors of files that are not records.
pub fn read_all(data: &DataDir, key: &TrailKey) -> (Vec<Record>, Vec<String>) {
    let (mut records, mut troubles) = (Vec::new(), Vec::new());
    for path in named(&data.quarantine(), "recovery-") {
        let shown = path.display().to_string();
        match Record::read(path, key) {
            Ok(Some(record)) => records.push(record),
            Ok(None) => troubles.push(format!(
                "{shown} is not the record of a recovery by this installation"
            )),
            Err(error) => troubles.push(format!("{error:#}")),
        }
    }
    (records, troubles)
}

/// Everything in a folder whose name begins like this, sorted.
pub fn named(folder: &Path, begins: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.starts_with(begins))
        })
        .collect();
    found.sort();
    found
}
