//! Measuring two things in turns, so that whatever else the machine does falls on both.

use std::time::{Duration, Instant};

/// How long two things are compared for, once each has been done a few times.
const BUDGET: Duration = Duration::from_secs(3);
/// Rounds that are made whatever they take.
const LEAST_ROUNDS: usize = 3;
/// Rounds after which more would say nothing new.
const MOST_ROUNDS: usize = 40;

/// One round of one side.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Batch {
    operations: f64,
    /// Wall time of one operation, in microseconds: the mean or the median of the round.
    micros: f64,
}

impl Batch {
    /// A round of so many operations that began then and ends now; its figure is their mean.
    pub(crate) fn mean(operations: usize, began: Instant) -> Self {
        let operations = number(operations);
        Self {
            operations,
            micros: micros(began.elapsed()) / operations,
        }
    }

    /// A round whose operations were timed one by one; its figure is their median.
    pub(crate) fn middle(mut latencies: Vec<f64>) -> Self {
        Self {
            operations: number(latencies.len()),
            micros: middle(&mut latencies),
        }
    }

    /// The same round, seen as so many operations; for work that is counted in bytes or events.
    pub(crate) fn counted(self, operations: f64) -> Self {
        Self {
            operations,
            micros: self.micros * self.operations / operations,
        }
    }
}

/// All rounds of one side.
#[derive(Debug, Default, Clone)]
pub(crate) struct Figures {
    walls: Vec<f64>,
    operations: f64,
    cpu: Option<f64>,
}

impl Figures {
    /// Wall time of one operation in the best round, in microseconds.
    pub(crate) fn best(&self) -> f64 {
        self.walls.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// Wall time of one operation in the median round, in microseconds.
    pub(crate) fn median(&self) -> f64 {
        middle(&mut self.walls.clone())
    }

    /// Processor time of one operation over all rounds and threads, in microseconds, where the system tells.
    pub(crate) fn cpu(&self) -> Option<f64> {
        self.cpu.map(|cpu| cpu / self.operations)
    }

    /// How many rounds were made.
    pub(crate) const fn rounds(&self) -> usize {
        self.walls.len()
    }

    async fn round(
        &mut self,
        whose: Whose,
        work: &mut impl AsyncFnMut() -> anyhow::Result<Batch>,
    ) -> anyhow::Result<()> {
        let before = process_cpu(whose);
        let batch = work().await?;
        let spent = process_cpu(whose)
            .zip(before)
            .map(|(after, before)| after - before);
        self.cpu = if self.walls.is_empty() {
            spent
        } else {
            self.cpu.zip(spent).map(|(sum, more)| sum + more)
        };
        self.operations += batch.operations;
        self.walls.push(batch.micros);
        Ok(())
    }
}

/// Ours and its floor.
#[derive(Debug, Default, Clone)]
pub(crate) struct Pair {
    pub(crate) ours: Figures,
    pub(crate) floor: Figures,
}

/// Whose processor time a round takes: that of the process with this number, of this one, or nobody's, where other work goes on
/// beside it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whose {
    Ours,
    Process(u32),
    Nobodys,
}

/// Does both once unmeasured, then in turns.
pub(crate) async fn compare(
    ours: impl AsyncFnMut() -> anyhow::Result<Batch>,
    floor: impl AsyncFnMut() -> anyhow::Result<Batch>,
) -> anyhow::Result<Pair> {
    compare_of((Whose::Ours, ours), (Whose::Ours, floor)).await
}

/// The same where the work is done by other processes.
pub(crate) async fn compare_of(
    (our_process, mut ours): (Whose, impl AsyncFnMut() -> anyhow::Result<Batch>),
    (floor_process, mut floor): (Whose, impl AsyncFnMut() -> anyhow::Result<Batch>),
) -> anyhow::Result<Pair> {
    floor().await?;
    ours().await?;
    let (began, mut pair) = (Instant::now(), Pair::default());
    while pair.ours.rounds() < LEAST_ROUNDS || (pair.ours.rounds() < MOST_ROUNDS && began.elapsed() < BUDGET)
    {
        pair.floor.round(floor_process, &mut floor).await?;
        pair.ours.round(our_process, &mut ours).await?;
    }
    Ok(pair)
}

/// A duration in microseconds.
pub(crate) fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

/// A count as a figure.
pub(crate) fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

fn middle(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// User and system time of a process with all its threads, in microseconds, from Linux; it counts in hundredths of a
/// second, which is why rounds are long and summed.
fn process_cpu(whose: Whose) -> Option<f64> {
    let path = match whose {
        Whose::Ours => "/proc/self/stat".to_owned(),
        Whose::Process(id) => format!("/proc/{id}/stat"),
        Whose::Nobodys => return None,
    };
    let stat = std::fs::read_to_string(path).ok()?;
    // The name in parentheses may hold spaces; the times are the 12th and 13th fields behind it.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut times = fields.split(' ').skip(11);
    let mut next = || times.next()?.parse::<f64>().ok();
    Some((next()? + next()?) * 10_000.0)
}
