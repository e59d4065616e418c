//! Verifying the trail against hashing what it holds.

use std::time::Instant;

use anyhow::bail;
use cutis_audit::{Action, Event, Target};
use cutis_storage::TrailVerdict;
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use crate::bare;
use crate::figures::{Batch, compare, number};
use crate::practice::Practice;
use crate::report::{Goal, Report, Row, Unit};

/// Events there are at least.
const EVENTS: u64 = 20_000;
/// Events that are recorded together while adding what is missing.
const TOGETHER: usize = 250;

pub(crate) async fn measure(practice: &Practice, report: &mut Report) -> anyhow::Result<()> {
    let store = &practice.opened.store;
    let patients: Vec<_> = practice.patients.iter().take(TOGETHER).collect();
    while store.look_up(|view| view.trail_size()).await? < EVENTS {
        let viewed = |patient| {
            Event::new(Action::PatientViewed)
                .target(Target::Patient(patient))
                .patient(patient)
        };
        store
            .record(
                practice.by.caller(),
                patients.iter().map(|patient| viewed(**patient)).collect(),
            )
            .await?;
    }
    let database = bare::reader(&practice.data.database())?;
    let payloads = cutis_tests::database::events_of(&practice.data.database());
    let events = number(payloads.len());

    report.add(Row {
        id: "verify",
        what: (
            "verify the trail and every row that it attests",
            "SHA-256 of each event's bytes, in memory",
        ),
        unit: Unit::MillisPer100k,
        goal: Goal::None,
        pair: compare(
            async || verified(practice).await,
            async || {
                let began = Instant::now();
                for payload in &payloads {
                    std::hint::black_box(Sha256::digest(payload));
                }
                Ok(Batch::mean(1, began).counted(events))
            },
        )
        .await?,
    });
    report.add(Row {
        id: "verify-from-disk",
        what: (
            "verify the trail and every row that it attests",
            "read what is stored of each event from the database and hash it",
        ),
        unit: Unit::MillisPer100k,
        goal: Goal::Cpu(1.5),
        pair: compare(
            async || verified(practice).await,
            async || {
                let began = Instant::now();
                leaves(&database, |payload| {
                    std::hint::black_box(Sha256::digest(payload));
                })?;
                Ok(Batch::mean(1, began).counted(events))
            },
        )
        .await?,
    });
    Ok(())
}

async fn verified(practice: &Practice) -> anyhow::Result<Batch> {
    let began = Instant::now();
    match practice.opened.store.verify_trail(Vec::new()).await? {
        TrailVerdict::Intact(found) => {
            Ok(Batch::mean(1, began).counted(number(usize::try_from(found.events)?)))
        }
        TrailVerdict::Broken(place) => bail!("the trail does not verify: {place}"),
    }
}

fn leaves(database: &Connection, mut each: impl FnMut(&[u8])) -> anyhow::Result<()> {
    let mut statement = database.prepare_cached("SELECT payload FROM trail_entry ORDER BY seq")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(row.get_ref(0)?.as_blob()?);
    }
    Ok(())
}
