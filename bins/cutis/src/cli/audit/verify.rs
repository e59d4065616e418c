//! `cutis audit verify`: database, photographs, keys and certificates, as they lie there.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use cutis_audit::TrailKey;
use cutis_audit::checkpoint::PublicKey;
use cutis_audit::verify::Witness;
use cutis_blob::Blobs;
use cutis_domain::Clock as _;
use cutis_storage::{Backend as _, TrailVerdict, verify_unopened};
use cutis_storage_sqlite::{Found, Untouched};
use cutis_vault::Vault;
use serde_json::json;

use super::super::{At, say, say_aside};
use super::vault_of;
use crate::data::DataDir;
use crate::host::{self, SystemClock};
use crate::inspect::{self, Deep, Expected};
use crate::witness::{self, Kept};
use crate::{checkpoints, opening, tls, wire};

/// Where verification looks, and how deep.
#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    at: At,
    /// A checkpoint, or a folder of them, that was kept elsewhere; may be given more than once.
    #[arg(long, value_name = "PATH")]
    against: Vec<PathBuf>,
    /// Read every byte of every photograph too.
    #[arg(long)]
    deep: bool,
    /// With --deep: mebibytes a second at most, so that a server beside it goes on.
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    rate: u64,
}

/// What was compared with what was kept outside the database.
#[derive(Default)]
struct Outside {
    witnesses: Vec<Witness>,
    head: bool,
    /// Checkpoints of the data folder.
    own: usize,
    /// Checkpoints that were given.
    given: usize,
    /// Given ones that say nothing about this trail, and why.
    refused: Vec<String>,
    faults: Vec<String>,
}

/// Everything that is said at the end.
#[derive(Default)]
struct Report {
    events: u64,
    rows: u64,
    photographs: usize,
    places: Vec<String>,
    not_checked: Vec<String>,
    stores: inspect::Found,
    certificates: Option<String>,
}

impl Verify {
    pub(super) async fn run(self, json: bool) -> anyhow::Result<ExitCode> {
        let data = DataDir::existing(&self.at.data)?;
        let (_held, neighbours) = data.look()?;
        if Found::at(&data.database())? != Found::Ours {
            opening::look(&data, neighbours)?;
        }
        let vault = vault_of(&data)?;
        let public = checkpoints::signing_key(&vault)?.public_key().clone();
        let outside = self.outside(&data, &public)?;
        let database = Untouched::open(&data.database(), neighbours)?;
        database.refuse_other_versions()?;
        let key = wire::trail_key(&vault);
        let mut report = trail(&database, &key, &outside)?;
        self.beside(&data, &database, &vault, &mut report, json).await?;
        if !database.is_unchanged() {
            anyhow::bail!("the database was changed while it was looked at; run this once more");
        }
        self.leave_out(&outside, &mut report);
        Ok(say_all(&report, &outside, self.deep, json))
    }

    /// The head and the checkpoints.
    fn outside(&self, data: &DataDir, public: &PublicKey) -> anyhow::Result<Outside> {
        let mut outside = Outside::default();
        match witness::read(&data.trail_head())? {
            Kept::Head(head) => {
                outside
                    .witnesses
                    .push(Witness::head(&head, "the file trail.head"));
                outside.head = true;
            }
            Kept::NoHead => outside
                .faults
                .push("the file trail.head was overwritten with something else".to_owned()),
            Kept::Nothing => {}
        }
        let own = data.checkpoints();
        if own.is_dir() {
            for presented in checkpoints::read(&own, public)? {
                let name = presented.path.display().to_string();
                match presented.said {
                    Ok(said) => {
                        outside.own += 1;
                        outside
                            .witnesses
                            .push(Witness::checkpoint(&said, format!("the checkpoint {name}")));
                    }
                    Err(why) => outside.faults.push(format!("{name}: {why}")),
                }
            }
        }
        for path in &self.against {
            for presented in checkpoints::read(path, public)? {
                let name = presented.path.display().to_string();
                match presented.said {
                    Ok(said) => {
                        outside.given += 1;
                        outside
                            .witnesses
                            .push(Witness::checkpoint(&said, format!("the checkpoint {name}")));
                    }
                    Err(why) => outside.refused.push(format!("{name}: {why}")),
                }
            }
        }
        Ok(outside)
    }

    /// Photographs, keys and certificates.
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
                report.photographs = expected.images.len();
                let stopwatch = host::stopwatch();
                let progress = |done: usize, all: usize, bytes: u64| {
                    if !json {
                        say_aside(&format!("  {done} of {all} photographs, {} MiB", bytes >> 20));
                    }
                };
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
                        .push(format!("the folder of the photographs cannot be read: {error}")),
                }
            }
            Err(error) => report.not_checked.push(format!(
                "photographs and keys, because the database cannot be read: {error}"
            )),
        }
        match tls::inspect(data, vault, SystemClock.now()) {
            Ok(said) => report.certificates = Some(said),
            Err(error) => report.places.push(format!("certificates: {error:#}")),
        }
        Ok(())
    }

    /// What this verification did not look at.
    fn leave_out(&self, outside: &Outside, report: &mut Report) {
        if !outside.head {
            report.not_checked.push(
                "whether the database was put back to an older state: the file trail.head is missing"
                    .to_owned(),
            );
        }
        if outside.given == 0 {
            report.not_checked.push(
                "whether the whole folder was put back to an older state, or rewritten by somebody with its key: no \
                 checkpoint from elsewhere was given (--against)"
                    .to_owned(),
            );
        }
        if !self.deep {
            report.not_checked.push(
                "the contents of the photographs: only that they are there, and how long they are (--deep)"
                    .to_owned(),
            );
        }
    }
}

fn trail(database: &Untouched, key: &TrailKey, outside: &Outside) -> anyhow::Result<Report> {
    let mut report = Report::default();
    match verify_unopened(database, key, outside.witnesses.clone())? {
        TrailVerdict::Intact(found) => {
            report.events = found.events;
            report.rows = found.rows;
        }
        TrailVerdict::Broken(place) => report.places.push(place),
    }
    report.places.extend(outside.faults.iter().cloned());
    Ok(report)
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
    if json {
        let mut answer = json!({
            "verdict": if intact { "intact" } else { "broken" },
            "events": report.events, "rows": report.rows, "witnessed": outside.head,
            "photographs": report.photographs, "files": report.stores.files, "keys": report.stores.keys,
            "quarantined": report.stores.quarantined, "unnamed": report.stores.unnamed, "deep": deep,
            "certificates": report.certificates,
            "checkpoints": { "own": outside.own, "given": outside.given, "refused": outside.refused },
            "notChecked": report.not_checked,
        });
        if let (Some(place), Some(answer)) = (report.places.first(), answer.as_object_mut()) {
            answer.insert("place".to_owned(), place.as_str().into());
            answer.insert("places".to_owned(), report.places.clone().into());
            answer.insert("more".to_owned(), report.stores.more.into());
        }
        say(&answer.to_string());
    } else {
        in_words(report, outside, deep);
    }
    match (intact, outside.refused.is_empty()) {
        (false, _) => ExitCode::from(2),
        // Not everything that was asked for could be done.
        (true, false) => ExitCode::FAILURE,
        (true, true) => ExitCode::SUCCESS,
    }
}

fn in_words(report: &Report, outside: &Outside, deep: bool) {
    if report.places.is_empty() {
        say(&format!(
            "intact: {} events and {} rows are as this program wrote them",
            report.events, report.rows
        ));
    }
    for place in &report.places {
        say(&format!("NOT intact: {place}"));
    }
    if report.stores.more > 0 {
        say(&format!("NOT intact: and {} more", report.stores.more));
    }
    let read = if deep {
        "read whole"
    } else {
        "there, and of the right length"
    };
    say(&format!(
        "photographs: {}, with {} files; those without a fault are {read}",
        report.photographs, report.stores.files
    ));
    if report.stores.quarantined > 0 {
        say(&format!(
            "  {} of them lie in quarantine, and come back by themselves when Cutis runs",
            report.stores.quarantined
        ));
    }
    if report.stores.unnamed > 0 {
        say(&format!(
            "  {} more files that no photograph names",
            report.stores.unnamed
        ));
    }
    say(&format!("keys: {} patients' keys open", report.stores.keys));
    if let Some(certificates) = &report.certificates {
        say(&format!("certificates: {certificates}"));
    }
    say(&format!(
        "checkpoints: {} in the data folder and {} from elsewhere were compared",
        outside.own, outside.given
    ));
    for refused in &outside.refused {
        say(&format!("  NOT compared: {refused}"));
    }
    for what in &report.not_checked {
        say(&format!("not checked: {what}"));
    }
}
