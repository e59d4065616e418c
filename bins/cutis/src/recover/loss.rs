//! What was lost, and what a person has to type to continue.

use std::path::{Path, PathBuf};

use cutis_audit::Action;
use cutis_storage::{Seen, agreements_of};
use cutis_storage_sqlite::{Neighbours, Untouched};
use cutis_vault::Vault;

use crate::data::DataDir;
use crate::keys;
use crate::opening::{self, Leftovers, Refusal, State};
use crate::seen::{Judged, Outside, Place, Statement, judge};
use crate::witness::{self, Kept};

/// Why there is a recovery. The codes are used in events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// There is no database.
    NoDatabase,
    /// The database ends before what was seen of it.
    Behind,
    /// It is another one.
    Forked,
    /// Nothing is known of where it ended.
    NoHead,
    /// The database that an earlier recovery continued without is there again.
    Returned,
    /// It is there again before that recovery was finished.
    GivenUp,
}

impl Reason {
    const ALL: [Self; 6] = [
        Self::NoDatabase,
        Self::Behind,
        Self::Forked,
        Self::NoHead,
        Self::Returned,
        Self::GivenUp,
    ];

    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoDatabase => "no_database",
            Self::Behind => "behind",
            Self::Forked => "forked",
            Self::NoHead => "no_head",
            Self::Returned => "returned",
            Self::GivenUp => "given_up",
        }
    }

    /// The reason with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// What is recorded.
    pub const fn action(self) -> Action {
        match self {
            Self::NoDatabase => Action::PracticeStartedOver,
            Self::Behind | Self::Forked | Self::NoHead => Action::TrailContinued,
            Self::Returned | Self::GivenUp => Action::PracticeReturned,
        }
    }
}

/// What a person has to decide about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    reason: Reason,
    /// Where the database's trail ends.
    ends_at: u64,
    /// What has seen most of what will be overridden.
    pub lost: Option<Seen>,
    /// What is beside the database, or would be.
    pub leftovers: Leftovers,
    /// What was found.
    pub found: String,
    /// The second folder of checkpoints, if one was given.
    pub second: Option<PathBuf>,
}

impl Loss {
    /// Why.
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// The sentence to type.
    pub fn sentence(&self) -> String {
        let seen = self.lost.map_or(0, |lost| lost.size);
        match self.reason {
            Reason::NoDatabase if self.leftovers.blobs == 1 => {
                "I accept that 1 photo file becomes unreachable".to_owned()
            }
            Reason::NoDatabase if self.leftovers.blobs > 0 => format!(
                "I accept that {} photo files become unreachable",
                self.leftovers.blobs
            ),
            Reason::NoDatabase => "I accept that the old practice becomes unreachable".to_owned(),
            Reason::Behind if seen == self.ends_at.saturating_add(1) => {
                format!("I accept that event {seen} is lost")
            }
            Reason::Behind => format!(
                "I accept that events {} to {seen} are lost",
                self.ends_at.saturating_add(1)
            ),
            Reason::Forked => "I accept that this is not the database that was seen before".to_owned(),
            Reason::NoHead => "I accept that nobody can tell whether events are missing".to_owned(),
            Reason::Returned | Reason::GivenUp => match seen {
                0 => "I put the lost database back and give up what was done in between".to_owned(),
                1 => "I put the lost database back and give up the 1 event in between".to_owned(),
                seen => format!("I put the lost database back and give up the {seen} events in between"),
            },
        }
    }

    /// What will be done.
    pub const fn deed(&self) -> &'static str {
        match self.reason {
            Reason::NoDatabase => {
                "An empty practice will be created. Photos, patients' keys, checkpoints and the old trail's end will \
                 be moved to the folder quarantine; nothing is deleted, and if the database is found later, they are \
                 restored."
            }
            Reason::Behind | Reason::Forked | Reason::NoHead => {
                "The database stays as it is. The old trail.head and the checkpoints that do not match it will be \
                 moved to the folder quarantine, and the trail will record both ends."
            }
            Reason::Returned | Reason::GivenUp => {
                "This is the database that an earlier recovery continued without. It stays as it is, its own \
                 checkpoints are restored from the folder quarantine, and those of the practice in between are moved \
                 there. What was done in between is not in this database: keep that one's cutis.db. The trail will \
                 record both ends."
            }
        }
    }
}

/// What prevents a start; `None` if nothing does. An interrupted recovery is recognised by what it has not moved yet,
/// and finished by [`super::run`] in any case.
///
/// # Errors
/// When the folder cannot be read, or its state cannot be recovered from.
pub fn loss(data: &DataDir, vault: Option<&Vault>, second: Option<&Path>) -> anyhow::Result<Option<Loss>> {
    let looked = opening::look(data, Neighbours::None).and_then(|state| match vault {
        Some(vault) => opening::compare(data, state, vault, second, Neighbours::None).map(drop),
        None => Ok(()),
    });
    let Err(error) = looked else {
        return vault.map_or(Ok(None), |vault| unrecorded(data, vault, second));
    };
    let refusal = error.downcast::<Refusal>()?;
    let (reason, ends_at) = match &refusal {
        // Or something in the second place knows a practice whose database is missing here.
        Refusal::NoDatabase { .. } | Refusal::Behind { ends_at: 0, .. } => (Reason::NoDatabase, 0),
        Refusal::HeadGone { .. } | Refusal::HeadForeign { .. } => (Reason::NoHead, 0),
        Refusal::Behind { ends_at, .. } => (Reason::Behind, *ends_at),
        Refusal::Forked { ends_at, .. } => (Reason::Forked, *ends_at),
        Refusal::OtherProgram(_) | Refusal::Mixture { .. } | Refusal::Interrupted(_) => {
            return Err(refusal.into());
        }
    };
    let said = refusal.to_string();
    let mut loss = Loss {
        reason,
        ends_at,
        lost: None,
        leftovers: Leftovers::of(data)?,
        found: said.lines().next().unwrap_or_default().to_owned(),
        second: second.map(Path::to_owned),
    };
    if let Some(vault) = vault {
        weigh(data, vault, &mut loss)?;
    }
    Ok(Some(loss))
}

/// A lost database that was restored before the practice in between left anything that contradicts it: nothing prevents
/// a start, but its return is not recorded yet.
fn unrecorded(data: &DataDir, vault: &Vault, second: Option<&Path>) -> anyhow::Result<Option<Loss>> {
    if opening::look(data, Neighbours::None)? == State::New {
        return Ok(None);
    }
    let outside = Outside::with_aside(data, vault, second)?;
    let database = Untouched::open(&data.database(), Neighbours::None)?;
    let judged = judge(
        &database,
        &keys::trail(vault),
        outside.statements,
        outside.records,
    )?;
    Ok(is_returned(&judged).then(|| Loss {
        reason: Reason::Returned,
        ends_at: judged.ends_at,
        lost: live(&judged),
        leftovers: Leftovers::default(),
        found: format!(
            "the database in {} is one that an earlier recovery continued without",
            data.path().display()
        ),
        second: second.map(Path::to_owned),
    }))
}

/// Finds what has seen most, and whether the database is one that was lost and restored.
fn weigh(data: &DataDir, vault: &Vault, loss: &mut Loss) -> anyhow::Result<()> {
    let key = keys::trail(vault);
    let head = match witness::read(&data.trail_head())? {
        Kept::Head(head) if head.verify(&key) => Some(Seen {
            size: head.size,
            root: head.root,
        }),
        Kept::Head(_) | Kept::NoHead | Kept::Nothing => None,
    };
    let second = loss.second.as_deref();
    if loss.reason == Reason::NoDatabase {
        let outside = Outside::of(data, vault, second)?;
        let seen = outside.statements.iter().map(|statement| statement.seen);
        loss.lost = seen.chain(head).max();
        return Ok(());
    }
    let outside = Outside::with_aside(data, vault, second)?;
    let database = Untouched::open(&data.database(), Neighbours::None)?;
    let judged = judge(&database, &key, outside.statements, outside.records)?;
    // The end outside may be the database's own, restored with it: that one says nothing about what is abandoned.
    let end = match head {
        Some(head) if loss.reason != Reason::NoHead => {
            let agreements = agreements_of(&database, &key, &[head])?;
            let agreed = agreements.each.first().is_some_and(|how| how.is_agreed());
            (!agreed).then_some(head)
        }
        _ => None,
    };
    loss.lost = live(&judged).into_iter().chain(end).max();
    if is_returned(&judged) {
        loss.reason = Reason::Returned;
    }
    Ok(())
}

/// What has seen most of the practice that is abandoned now, and was not abandoned before: the files in their own
/// places, and the end that a person moved to the quarantine under its own name when they put another database in
/// place.
fn live(judged: &Judged) -> Option<Seen> {
    let moved = |statement: &Statement| {
        statement
            .path
            .file_name()
            .is_some_and(|name| name == "trail.head")
    };
    judged
        .against
        .iter()
        .map(|(statement, _)| statement)
        .filter(|statement| statement.place != Place::Aside || moved(statement))
        .map(|statement| statement.seen)
        .max()
}

/// Whether this is a database that an earlier recovery continued without, and that has not been restored since:
/// everything which that recovery overrode is the beginning of its trail.
fn is_returned(judged: &Judged) -> bool {
    let answered: Vec<_> = judged
        .recoveries
        .iter()
        .flat_map(|record| &record.answers)
        .collect();
    let against = judged.against.iter().any(|(it, _)| it.place == Place::Record);
    !against
        && judged
            .others
            .iter()
            .any(|it| !answered.contains(&&it.code) && it.overridden.iter().any(|seen| seen.size > 0))
}
