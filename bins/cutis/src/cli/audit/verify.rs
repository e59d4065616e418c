//! `cutis audit verify`: database, images, keys and certificates, as they are on the disk.

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use cutis_audit::checkpoint::{Checkpoint, PublicKey};
use cutis_audit::verify::Witness;
use cutis_audit::{Action, Head, Outcome, TrailKey};
use cutis_blob::Blobs;
use cutis_domain::{Clock as _, Digest};
use cutis_storage::{Backend as _, Manner, Seen, TrailVerdict, genuine_events, verify_in};
use cutis_storage_sqlite::{Found, Untouched};
use cutis_vault::Vault;
use serde_json::json;

use super::super::{At, say};
use super::progress::{self, Telling};
use super::vault_of;
use crate::data::DataDir;
use crate::host::{self, SystemClock};
use crate::inspect::{self, Deep, Expected};
use crate::recover::record::{self, Record};
use crate::witness::{self, Kept};
use crate::{checkpoints, keys, opening, tls};

/// What to verify, and how thoroughly.
#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    at: At,
    /// A checkpoint that was kept elsewhere, or a folder of them. May be given more than once.
    #[arg(long, value_name = "PATH")]
    against: Vec<PathBuf>,
    /// Also read every byte of every photo.
    #[arg(long)]
    deep: bool,
    /// With --deep: read at most this many MiB per second, so that a running server is not slowed down.
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    rate: u64,
}

/// The statements about the trail outside the database.
#[derive(Default)]
struct Outside {
    /// The trail's end.
    head: Option<Head>,
    /// Checkpoints, and what the records of other trails' recoveries have seen.
    seen: Vec<(Seen, String, Kind)>,
    records: Vec<Record>,
    /// Files given with `--against` that are not checkpoints of this trail, and why.
    refused: Vec<String>,
    /// The same among the data folder's own checkpoints. As at a start, such a file is not proof of a change: somebody
    /// who can damage a file could also remove it.
    stray: Vec<String>,
    /// Given folders without a checkpoint.
    empty: Vec<String>,
    faults: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// In the data folder.
    Own,
    /// Given.
    Given,
    /// In the record of a recovery that continued with another database.
    Record,
}

/// Everything that is reported at the end.
#[derive(Default)]
struct Report {
    events: u64,
    rows: u64,
    images: usize,
    places: Vec<String>,
    not_checked: Vec<String>,
    /// What was asked for, or belongs to every verification, and could not be done.
    unable: Vec<String>,
    /// Recoveries that the trail records.
    recoveries: Vec<String>,
    /// Checkpoints of the data folder that were compared.
    own: usize,
    /// Given ones.
    given: usize,
    /// Those of a trail that a recovery abandoned.
    overridden: usize,
    stores: inspect::Found,
    certificates: Option<String>,
}

impl Verify {
    pub(super) async fn run(self, json: bool) -> anyhow::Result<ExitCode> {
        let data = DataDir::existing(&self.at.data)?;
        let (_held, neighbours) = data.look()?;
        opening::folders(&data)?;
        if Found::at(&data.database())? != Found::Ours {
            opening::look(&data, neighbours)?;
        }
        let vault = vault_of(&data)?;
        let public = checkpoints::signing_key(&vault)?.public_key().clone();
        let key = keys::trail(&vault);
        let outside = self.outside(&data, &public, &key)?;
        let database = Untouched::open(&data.database(), neighbours)?;
        database.refuse_other_versions()?;
        let mut report = trail(&database, &key, &outside, json)?;
        report.recoveries = recoveries(&database, &key)?;
        self.beside(&data, &database, &vault, &mut report, json).await?;
        if !database.is_unchanged() {
            anyhow::bail!("the database changed during verification; run this again");
        }
        self.leave_out(&outside, &mut report);
        missing_checkpoints(&data, &database, &key, &mut report, &outside)?;
        Ok(say_all(&report, &outside, self.deep, json))
    }

    /// The head and the checkpoints.
    fn outside(&self, data: &DataDir, public: &PublicKey, key: &TrailKey) -> anyhow::Result<Outside> {
        let mut outside = Outside::default();
        match witness::read(&data.trail_head())? {
            Kept::Head(head) => outside.head = Some(head),
            Kept::NoHead => outside
                .faults
                .push("the file trail.head was overwritten with something else".to_owned()),
            Kept::Nothing => {}
        }
        let own = data.checkpoints();
        if own.is_dir() {
            for (name, said) in named(checkpoints::read(&own, public)?) {
                match said {
                    Ok(seen) => outside.seen.push((seen, name, Kind::Own)),
                    Err(why) => outside.stray.push(format!("{name}: {why}")),
                }
            }
        }
        for path in &self.against {
            let read = named(checkpoints::read(path, public)?);
            if read.is_empty() {
                outside.empty.push(path.display().to_string());
            }
            for (name, said) in read {
                match said {
                    Ok(seen) => outside.seen.push((seen, name, Kind::Given)),
                    Err(why) => outside.refused.push(format!("{name}: {why}")),
                }
            }
        }
        let (records, troubles) = record::read_all(data, key);
        outside.records = records;
        // As at a start: what is no record of ours says nothing, and is told.
        outside
            .refused
            .extend(troubles.into_iter().map(|it| format!("a record: {it}")));
        Ok(outside)
    }

    /// Images, keys and certificates.
    async fn beside(
        &self,
        data: &DataDir,
        database: &Untouched,
        vault: &Vault,
        report: &mut Report,
        json: bool,
    ) -> anyhow::Result<()> {
        match expected(database) {
            Ok(expected) => {
                report.images = expected.images.len();
                let stopwatch = host::stopwatch();
                let progress = |done, all, bytes| progress::images(json, done, all, bytes);
                let deep = self.deep.then_some(Deep {
                    rate: self.rate << 20,
                    stopwatch: &stopwatch,
                    progress: &progress,
                });
                let blobs = Blobs::folder_unchanged(&data.blobs(), &data.quarantined_blobs());
                match blobs {
                    Ok(blobs) => {
                        report.stores = inspect::stores(&blobs, vault, &expected, deep.as_ref()).await?;
                        report.places.append(&mut report.stores.faults);
                    }
                    Err(_) if expected.images.is_empty() => {}
                    Err(error) => report
                        .places
                        .push(format!("the photo folder cannot be read: {error}")),
                }
            }
            Err(error) => report.unable.push(format!(
                "photos and keys, because the database cannot be read: {error}"
            )),
        }
        match tls::inspect(data, vault, SystemClock.now()) {
            Ok(said) => report.certificates = Some(said),
            Err(error) => report.places.push(format!("certificates: {error:#}")),
        }
        Ok(())
    }

    /// What this verification did not check.
    fn leave_out(&self, outside: &Outside, report: &mut Report) {
        if outside.head.is_none() && outside.faults.is_empty() && report.events > 0 {
            report.unable.push(
                "whether the database was replaced by an older one: the file trail.head is missing. Restore it from \
                 the newest copy of the folder; `cutis recover` continues without it"
                    .to_owned(),
            );
        }
        for folder in &outside.empty {
            report
                .unable
                .push(format!("the trail against {folder}, which holds no checkpoints"));
        }
        for refused in &outside.refused {
            report.unable.push(format!("the trail against {refused}"));
        }
        for stray in &outside.stray {
            report.unable.push(format!(
                "the trail against {stray}. The file could not be read as a checkpoint of this installation: find out \
                 where it came from, and move it away"
            ));
        }
        if self.against.is_empty() {
            report.not_checked.push(
                "whether the whole folder was replaced by an older copy, or rewritten by someone with its key: no \
                 checkpoint from elsewhere was given (--against)"
                    .to_owned(),
            );
        } else if report.given == 0 && outside.empty.is_empty() && outside.refused.is_empty() {
            report.unable.push(
                "the trail against checkpoints from elsewhere: all those given belong to a trail that a \
                 recovery abandoned"
                    .to_owned(),
            );
        }
        if !self.deep {
            report.not_checked.push(
                "the contents of the photos, only that the files are present and have the right size (--deep checks \
                 contents)"
                    .to_owned(),
            );
        }
    }
}

/// The statements in files, by the files' names.
fn named(read: Vec<checkpoints::Presented>) -> Vec<(String, Result<Seen, String>)> {
    let seen = |said: Checkpoint| Seen {
        size: said.size,
        root: said.root,
    };
    read.into_iter()
        .map(|it| (it.path.display().to_string(), it.said.map(seen)))
        .collect()
}

fn trail(database: &Untouched, key: &TrailKey, outside: &Outside, json: bool) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let head = outside.head.as_ref();
    let mut witnesses: Vec<Witness> = head
        .map(|head| Witness::head(head, "the file trail.head"))
        .into_iter()
        .collect();
    let (mut given_up, mut seen) = (HashSet::new(), outside.seen.clone());
    for record in &outside.records {
        if record.is_of(database, key)? {
            given_up.extend(record.overridden.iter().copied());
        } else {
            let name = record.path.display().to_string();
            seen.extend(
                record
                    .overridden
                    .iter()
                    .map(|seen| (*seen, name.clone(), Kind::Record)),
            );
        }
    }
    for (seen, name, kind) in seen {
        if given_up.contains(&seen) {
            report.overridden += 1;
            continue;
        }
        let what = match kind {
            Kind::Own => {
                report.own += 1;
                "the checkpoint"
            }
            Kind::Given => {
                report.given += 1;
                "the checkpoint"
            }
            Kind::Record => "the record of a recovery,",
        };
        witnesses.push(Witness::seen_by(seen.size, seen.root, format!("{what} {name}")));
    }
    let stopwatch = host::stopwatch();
    let mut telling = Telling::new(json, &stopwatch);
    let mut tell = |progress| telling.tell(progress);
    match verify_in(database, key, witnesses, Manner::telling(&mut tell))? {
        TrailVerdict::Intact(found) => {
            report.events = found.events;
            report.rows = found.rows;
        }
        TrailVerdict::Broken(place) => report.places.push(place),
    }
    report.places.extend(outside.faults.iter().cloned());
    Ok(report)
}

/// The recoveries that the trail records, one per line.
fn recoveries(database: &Untouched, key: &TrailKey) -> anyhow::Result<Vec<String>> {
    let events = genuine_events(database, key, &record::ENDINGS, (0, u64::MAX))?;
    let told = events.iter().map(|event| {
        let detail = |name: &str| {
            let found = event.details.iter().find(|(it, _)| it == name);
            found.map(|(_, value)| value.as_str())
        };
        let what = match detail("reason") {
            Some("no_database") => "the practice was started over without its database",
            Some("behind") => "the practice continued with an older database",
            Some("forked") => "the practice continued with a database other than the one seen before",
            Some("no_head") => "the practice continued without its trail.head",
            Some("returned") => "a lost database was restored, and the practice in between was abandoned",
            Some("given_up") => "a recovery was cancelled, because the database was back",
            _ => "a recovery ended",
        };
        let seen = detail("old_events").or_else(|| detail("interim_events"));
        let other = match seen {
            // An earlier version wrote zero where nothing was known.
            None | Some("0") => "it is not known how many events the other trail had".to_owned(),
            Some("1") => "1 event of the other trail was seen".to_owned(),
            Some(seen) => format!("{seen} events of the other trail were seen"),
        };
        format!("event {}, {}: {what}; {other}", event.sequence, event.at)
    });
    Ok(told.collect())
}

/// Reports it if the data folder has none of the checkpoints that the trail records.
fn missing_checkpoints(
    data: &DataDir,
    database: &Untouched,
    key: &TrailKey,
    report: &mut Report,
    outside: &Outside,
) -> anyhow::Result<()> {
    let written = genuine_events(database, key, &[Action::TrailCheckpoint], (0, u64::MAX))?;
    let written: HashSet<String> = written
        .iter()
        .filter(|event| event.outcome == Outcome::Ok.code())
        .filter_map(|event| Some(event.details.iter().find(|(name, _)| name == "root")?.1.clone()))
        .collect();
    let there: HashSet<String> = outside
        .seen
        .iter()
        .filter(|(_, _, kind)| *kind == Kind::Own)
        .map(|(seen, ..)| Digest::from_bytes(seen.root).to_string())
        .collect();
    let missing = written.iter().filter(|root| !there.contains(*root)).count();
    let folder = data.checkpoints();
    if missing == 0 {
    } else if missing == written.len() {
        report.unable.push(format!(
            "the trail against {}, which holds none of the {missing} checkpoints that the trail records",
            folder.display()
        ));
    } else {
        report.not_checked.push(format!(
            "{missing} of the {} checkpoints that the trail records: they are not in {}",
            written.len(),
            folder.display()
        ));
    }
    Ok(())
}

fn expected(database: &Untouched) -> Result<Expected, cutis_storage::StorageError> {
    let (mut expected, mut failed) = (Expected::default(), Ok(()));
    database.examine(&mut |evidence| {
        failed = evidence
            .sealed_images(&mut |image| expected.images.push(image))
            .and_then(|()| evidence.sealed_patients(&mut |patient| expected.patients.push(patient)));
    })?;
    failed.map(|()| expected)
}

fn say_all(report: &Report, outside: &Outside, deep: bool, json: bool) -> ExitCode {
    let intact = report.places.is_empty();
    let whole = report.unable.is_empty();
    if json {
        let refused: Vec<&String> = outside.refused.iter().chain(&outside.stray).collect();
        let mut answer = json!({
            "verdict": match (intact, whole) {
                (false, _) => "broken",
                (true, false) => "incomplete",
                (true, true) => "intact",
            },
            "events": report.events, "rows": report.rows, "witnessed": outside.head.is_some(),
            "photographs": report.images, "files": report.stores.files, "keys": report.stores.keys,
            "quarantined": report.stores.quarantined, "unnamed": report.stores.unnamed, "deep": deep,
            "certificates": report.certificates,
            "checkpoints": {
                "own": report.own, "given": report.given, "overridden": report.overridden, "refused": refused,
            },
            "recoveries": report.recoveries, "unable": report.unable,
            "notChecked": report.not_checked,
        });
        if let (Some(place), Some(answer)) = (report.places.first(), answer.as_object_mut()) {
            answer.insert("place".to_owned(), place.as_str().into());
            answer.insert("places".to_owned(), report.places.clone().into());
            answer.insert("more".to_owned(), report.stores.more.into());
        }
        say(&answer.to_string());
    } else {
        in_words(report, deep);
    }
    match (intact, whole) {
        (false, _) => ExitCode::from(2),
        // Not everything that was asked for could be done.
        (true, false) => ExitCode::FAILURE,
        (true, true) => ExitCode::SUCCESS,
    }
}

fn in_words(report: &Report, deep: bool) {
    if report.places.is_empty() {
        let so_far = if report.unable.is_empty() {
            "intact"
        } else {
            "intact as far as could be checked, which was not everything"
        };
        say(&format!(
            "{so_far}: {} events and {} rows are as this program wrote them",
            report.events, report.rows
        ));
    }
    for what in &report.unable {
        say(&format!("COULD NOT check: {what}"));
    }
    for place in &report.places {
        say(&format!("NOT intact: {place}"));
    }
    if report.stores.more > 0 {
        say(&format!("NOT intact: and {} more", report.stores.more));
    }
    let read = if deep {
        "intact to the last byte"
    } else {
        "present, with the right size"
    };
    let which = if report.places.is_empty() {
        "all are"
    } else {
        "all that are not named above are"
    };
    say(&format!(
        "photos: {}, with {} files; {which} {read}",
        report.images, report.stores.files
    ));
    if report.stores.quarantined > 0 {
        say(&format!(
            "  {} of them are in quarantine, and return automatically when Cutis runs",
            report.stores.quarantined
        ));
    }
    if report.stores.unnamed > 0 {
        say(&format!(
            "  {} more files belong to no photo",
            report.stores.unnamed
        ));
    }
    say(&match report.stores.keys {
        1 => "keys: 1 patient's key can be opened".to_owned(),
        keys => format!("keys: {keys} patients' keys can be opened"),
    });
    if let Some(certificates) = &report.certificates {
        say(&format!("certificates: {certificates}"));
    }
    say(&format!(
        "checkpoints: {} in the data folder and {} from elsewhere were compared",
        report.own, report.given
    ));
    if report.overridden > 0 {
        say(&format!(
            "  {} more belong to a trail that a recovery abandoned, and were not compared",
            report.overridden
        ));
    }
    for recovery in &report.recoveries {
        say(&format!("recovered: {recovery}"));
    }
    for what in &report.not_checked {
        say(&format!("not checked: {what}"));
    }
}
