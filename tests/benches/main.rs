//! Benchmarks against floors measured in the same run.
//!
//! A floor is the least work that gives the same durable answer, done by a bare driver in the same process, on the
//! same disk, in turns with ours. Figures are ratios to it, so that a slower machine moves both sides alike.
//! `cargo bench -p cutis-tests --bench floors [-- --json] [--dir FOLDER] [--only GROUP]`; docs/BENCHMARKS.md says what each row means.

#![forbid(unsafe_code)]
mod bare;
mod bare_site;
mod darkroom;
mod figures;
mod images;
mod login;
mod practice;
mod reads;
mod report;
mod served;
mod trail;
mod writes;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context as _;

use practice::Practice;
use report::Report;

/// What the command line asks for.
struct Asked {
    json: bool,
    folder: Option<PathBuf>,
    /// One group of rows instead of all.
    only: Option<String>,
}

impl Asked {
    /// Whether to measure this group, told as progress, which goes where no figure goes.
    fn wants(&self, group: &str) -> bool {
        let wanted = self.only.as_deref().is_none_or(|only| only == group);
        if wanted {
            eprintln!("floors: {group}");
        }
        wanted
    }
}

impl Asked {
    /// `None` when this is no benchmark run: test runners also start benchmarks, to list them or to see that they start.
    fn parse() -> anyhow::Result<Option<Self>> {
        let mut asked = Self {
            json: false,
            folder: None,
            only: None,
        };
        let mut benchmarking = false;
        let mut arguments = std::env::args_os().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.to_string_lossy().as_ref() {
                "--bench" => benchmarking = true,
                "--json" => asked.json = true,
                "--dir" => asked.folder = Some(arguments.next().context("--dir needs a folder")?.into()),
                "--only" => {
                    let group = arguments.next().context("--only needs a group of rows")?;
                    asked.only = Some(group.to_string_lossy().into_owned());
                }
                _ => {}
            }
        }
        Ok(benchmarking.then_some(asked))
    }
}

fn main() -> anyhow::Result<()> {
    if let Some(site) = served::site::asked_for() {
        return served::site::run(&site);
    }
    let Some(asked) = Asked::parse()? else {
        eprintln!("not measured: run it with cargo bench -p cutis-tests --bench floors");
        return Ok(());
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(measure(&asked))?;
    if asked.json {
        println!("{}", report.json());
    } else {
        println!("{}", report.table());
    }
    Ok(())
}

async fn measure(asked: &Asked) -> anyhow::Result<Report> {
    let began = Instant::now();
    let mut report = Report::begin();
    let folder = match &asked.folder {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    let mut practice =
        Practice::open(&folder.path().join("practice"), cutis_auth::Cost::for_tests(4)).await?;
    eprintln!("floors: filling a practice");
    // Open pages look at one patient: alone, they need no others but those that the floor lists.
    let only_live = asked.only.as_deref() == Some("live");
    let patients = if only_live { 500 } else { practice::PATIENTS };
    practice.fill(patients).await?;
    if asked.wants("writes") {
        writes::measure(&practice, &mut report).await?;
    }
    if asked.wants("reads") {
        reads::measure(&practice, &mut report).await?;
    }
    if asked.wants("images") {
        images::measure(&practice, &mut report).await?;
    }
    if asked.wants("trail") {
        trail::measure(&practice, &mut report).await?;
    }
    let (requests, live) = (asked.wants("served"), asked.wants("live"));
    if requests || live {
        practice.audit("comprehensive").await?;
        served::measure(practice, (requests, live), &mut report).await?;
    } else {
        drop(practice);
    }
    if asked.wants("login") {
        login::measure(&folder.path().join("login"), &mut report).await?;
    }
    report.finish(began.elapsed());
    Ok(report)
}
