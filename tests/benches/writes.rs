//! An audited write against a bare durable commit.

use std::time::Instant;

use futures_util::future::try_join_all;

use crate::bare::Commits;
use crate::figures::{Batch, compare, micros};
use crate::practice::Practice;
use crate::report::{Goal, Report, Row, Unit};

/// Writes a round.
const ROUND: usize = 160;
/// Writers at once.
const AT_ONCE: usize = 16;

pub(crate) async fn measure(practice: &Practice, report: &mut Report) -> anyhow::Result<()> {
    let mut commits = Commits::open(practice.data.path(), "floor.db")?;
    report.add(Row {
        id: "write-serial",
        what: (
            "create a patient: row, audit event, attestation; one after the other, p50",
            "a commit of one row, p50",
        ),
        unit: Unit::Micros,
        goal: Goal::Wall(1.25),
        pair: compare(
            async || {
                let mut latencies = Vec::with_capacity(ROUND);
                for _ in 0..ROUND {
                    let began = Instant::now();
                    practice.create().await?;
                    latencies.push(micros(began.elapsed()));
                }
                Ok(Batch::middle(latencies))
            },
            async || {
                let mut latencies = Vec::with_capacity(ROUND);
                for _ in 0..ROUND {
                    let began = Instant::now();
                    commits.commit(1)?;
                    latencies.push(micros(began.elapsed()));
                }
                Ok(Batch::middle(latencies))
            },
        )
        .await?,
    });
    report.add(Row {
        id: "write-16-at-once",
        what: (
            "create a patient, 16 at once, grouped by the writer",
            "a commit of one row, one after the other",
        ),
        unit: Unit::Rate,
        // 7,500 a second where the serial limit was 6,500 to 6,850.
        goal: Goal::Wall(0.9),
        pair: compare(async || grouped(practice).await, async || single(&mut commits, 1)).await?,
    });
    report.add(Row {
        id: "write-16-at-once-grouped",
        what: (
            "create a patient, 16 at once, grouped by the writer",
            "a commit of 16 rows",
        ),
        unit: Unit::Rate,
        // At least 0.4 of the limit's rate.
        goal: Goal::Wall(2.5),
        pair: compare(
            async || grouped(practice).await,
            async || single(&mut commits, AT_ONCE),
        )
        .await?,
    });
    Ok(())
}

async fn grouped(practice: &Practice) -> anyhow::Result<Batch> {
    let began = Instant::now();
    // Each of the sixteen goes on by itself, as sixteen clients would.
    let one = async || -> anyhow::Result<()> {
        for _ in 0..ROUND / AT_ONCE {
            practice.create().await?;
        }
        Ok(())
    };
    try_join_all((0..AT_ONCE).map(|_| one())).await?;
    Ok(Batch::mean(ROUND, began))
}

fn single(commits: &mut Commits, rows: usize) -> anyhow::Result<Batch> {
    let began = Instant::now();
    for _ in 0..ROUND / rows {
        commits.commit(rows)?;
    }
    Ok(Batch::mean(ROUND, began))
}
