//! How long verifying a trail takes, and how much memory, for trails of any length:
//!
//! ```text
//! cargo build --release -p cutis-storage-sqlite --example verify_length
//! target/release/examples/verify_length make DIR 1000000
//! target/release/examples/verify_length verify DIR
//! ```
//!
//! One event in ten makes a row that the trail attests, as a session does.

#![expect(clippy::disallowed_methods, reason = "measuring is what this program is for")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use cutis_audit::{Action, Audited, Event, Target};
use cutis_domain::Caller;
use cutis_storage::{TrailVerdict, verify_unopened};
use cutis_storage_sqlite::{Neighbours, Options, Sqlite, Untouched};
use cutis_testkit::builders::{patient_id, session, session_id};
use cutis_testkit::{Fault, Lab};

/// Events of one transaction.
const TOGETHER: u32 = 250;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["make", folder, events] => make(&PathBuf::from(folder).join("cutis.db"), events.parse()?),
        ["verify", folder] => verify(&PathBuf::from(folder).join("cutis.db")),
        _ => Err("make DIR EVENTS, or verify DIR".into()),
    }
}

fn make(path: &Path, events: u32) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_time()
        .build()?;
    let at = path.to_owned();
    let lab = Lab::new(move || {
        let opened = Sqlite::open(&at, &Lab::key(), Options::default());
        Arc::new(opened.unwrap_or_else(|error| unopened(&error)))
    });
    runtime.block_on(async {
        let store = lab.practice().await;
        for first in (0..events).step_by(usize::try_from(TOGETHER)?) {
            let numbers = first..first + TOGETHER;
            let at = lab.now();
            store
                .practice(&Caller::system())
                .write::<_, Fault, _>(move |unit| {
                    let mut audited = Audited::new((), Event::new(Action::PatientsListed));
                    for number in numbers.skip(1) {
                        let event = if number % 10 == 0 {
                            unit.insert_session(&session(number, 1, at))?;
                            Event::new(Action::SessionStarted).target(Target::Session(session_id(number)))
                        } else {
                            let patient = patient_id(number % 5000);
                            Event::new(Action::PatientViewed)
                                .target(Target::Patient(patient))
                                .patient(patient)
                        };
                        audited = audited.and(event);
                    }
                    Ok(audited)
                })
                .await?;
        }
        Ok::<_, Box<dyn std::error::Error>>(())
    })
}

#[expect(clippy::panic, reason = "a program for measuring has nobody to answer to")]
fn unopened(error: &dyn std::error::Error) -> Sqlite {
    panic!("the database cannot be opened: {error}")
}

fn verify(path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let before = peak();
    let database = Untouched::open(path, Neighbours::None)?;
    let began = Instant::now();
    let verdict = verify_unopened(&database, &Lab::key(), Vec::new())?;
    let took = began.elapsed();
    let TrailVerdict::Intact(found) = verdict else {
        return Err(format!("{verdict:?}").into());
    };
    writeln!(
        std::io::stdout(),
        "{} events and {} rows in {:.2} s, {:.2} s a million events; {} MiB at most, {} of them before",
        found.events,
        found.rows,
        took.as_secs_f64(),
        took.as_secs_f64() * 1e6 / f64::from(u32::try_from(found.events)?),
        peak() >> 10,
        before >> 10,
    )?;
    Ok(())
}

/// The most memory that this process held, in KiB; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or_default()
}
